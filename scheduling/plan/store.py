"""Writing and reading a plan: one GeoPackage, and NAME.sealed.gpkg beside it for spot checks.

Reading checks everything the rest of the house relies on (columns, types, ids that point to
nothing) and reports all problems at once; whether the plan is lawful is the audit's business.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from network.problems import InputError, Problem, Text
from scheduling.plan import store_objects as objects
from scheduling.plan import store_read
from scheduling.plan import store_tables as tables
from scheduling.plan.model import Patrol, Plan
from scheduling.plan.seal import SealedPart, hash_secret, seal
from scheduling.plan.seal import unseal as unseal_plan
from scheduling.plan.store_files import (
    flush,
    replace_plan,
    sealed_candidates,
    sealed_path,
    temporary_beside,
)
from scheduling.plan.store_geopackage import (
    Encoded,
    GeoPackageReader,
    digest_of,
    encode,
    file_problem,
    open_geopackage,
    write_geopackage,
)
from scheduling.plan.store_inspections import inspections_of
from scheduling.plan.store_rows import Rows, duty_rows, patrol_rows, plan_rows, to_json
from scheduling.plan.store_shown import check_shown, check_shown_meta
from scheduling.plan.store_styles import styles_of

#: What every unreadable plan file raises.
PlanFileError = InputError


def write_plan(plan: Plan, path: Path, *, secret: bytes) -> None:
    """Write a complete plan to ``path``, and its spot checks to NAME.sealed.gpkg beside it.

    Either file is replaced whole or not at all. Raises ValueError when ``secret`` is not the plan's
    or the plan is an open one, InputError when a file is in use elsewhere or cannot be written.
    """
    if plan.sealed_days:
        raise ValueError("only a complete plan can be written; this one lacks its spot checks")
    if plan.secret_hash and plan.secret_hash != hash_secret(secret):
        raise ValueError("the secret is not the one the plan's spot checks were drawn with")
    plan = replace(plan, secret_hash=hash_secret(secret))
    open_plan, sealed = seal(plan)
    encoded = _encoded(open_plan)
    plan_id = digest_of(encoded)
    encoded["meta"] = encode(tables.META, _as_rows({**_meta(open_plan), "plan_id": plan_id}))
    new_open = temporary_beside(path)
    new_sealed = None if sealed.empty else temporary_beside(sealed_path(path))
    try:
        write_geopackage(new_open, tables.PLAN_TABLES, encoded, styles_of(open_plan))
        flush(new_open)
        if new_sealed:
            rows = _sealed_rows(plan, sealed, secret, plan_id)
            hidden = {table.name: encode(table, rows[table.name]) for table in tables.SEALED_TABLES}
            write_geopackage(new_sealed, tables.SEALED_TABLES, hidden, {})
            flush(new_sealed)
        _settle(path)
        replace_plan(path, new_open, new_sealed)
    except (OSError, sqlite3.OperationalError) as error:
        raise InputError([_cannot_write(path, error)]) from error
    finally:
        for leftover in (new_open, new_sealed):
            if leftover:
                leftover.unlink(missing_ok=True)


def _cannot_write(path: Path, error: Exception) -> Problem:
    cause = Text(f"无法写入文件（{error}）", f"the file cannot be written ({error})")
    action = Text(
        "请检查文件夹是否存在、可写且有足够空间",
        "check that the folder exists, may be written to and has space left",
    )
    return file_problem(path, "plan.cannot-write", cause, action=action)


def read_plan(path: Path, *, unseal: bool = True) -> Plan:
    """Read a plan; with ``unseal`` its spot checks too, when the sealed file stands beside it.

    Raises InputError with every problem: ``plan.missing-file``, ``plan.unreadable``,
    ``plan.not-a-plan``, ``plan.format-version``, ``plan.sealed-mismatch``, missing tables or
    columns, values of the wrong type, ids that point to nothing.
    """
    return _read_plan(path, unseal=unseal)


def read_plan_and_shown(path: Path) -> tuple[Plan, tuple[Problem, ...]]:
    """Read a plan as ``read_plan`` does, and what the file only shows to people but says wrongly.

    Such contradictions (``plan.edited-display``) do not hinder reading: the audit tells them.
    """
    contradictions: list[Problem] = []
    return _read_plan(path, unseal=True, contradictions=contradictions), tuple(contradictions)


def _read_plan(path: Path, *, unseal: bool, contradictions: list[Problem] | None = None) -> Plan:
    with closing(open_geopackage(path)) as connection:
        reader = GeoPackageReader(path, connection)
        meta = _read_meta(reader, connection, tables.FORMAT)
        rows = store_read.read_rows(reader, tables.PLAN_TABLES)
        store_read.check_references(reader, tables.PLAN_TABLES, rows)
        _raise_problems(reader)
        plan = _plan_of(reader, rows, meta)
        _raise_problems(reader)
        if contradictions is not None:
            written = patrol_rows(plan.patrols, plan.sealed_days, plan.county)
            check_shown(reader, tables.PLAN_TABLES, rows, written)
            check_shown_meta(reader, meta, _meta(plan))
            contradictions += reader.problems
    sealed = _find_sealed(path, meta) if unseal else None
    return _with_sealed(plan, rows, sealed, contradictions) if sealed else plan


def read_secret(path: Path) -> bytes | None:
    """Return the secret of the spot checks of the plan at ``path``, None without a sealed file.

    Raises InputError as ``read_plan`` does.
    """
    with closing(open_geopackage(path)) as connection:
        meta = _read_meta(GeoPackageReader(path, connection), connection, tables.FORMAT)
    sealed = _find_sealed(path, meta)
    if sealed is None:
        return None
    with closing(open_geopackage(sealed)) as connection:
        reader = GeoPackageReader(sealed, connection)
        return bytes.fromhex(_read_meta(reader, connection, tables.SEALED_FORMAT)["secret"])


def content_digest(plan: Plan) -> str:
    """Return the SHA-256 over every table of a plan: equal digests mean equal plans."""
    return digest_of(_encoded(plan))


def _encoded(plan: Plan) -> dict[str, Encoded]:
    rows = {**plan_rows(plan), "meta": _as_rows(_meta(plan))}
    return {table.name: encode(table, rows[table.name]) for table in tables.PLAN_TABLES}


def _meta(plan: Plan) -> dict[str, str]:
    return {
        "format": tables.FORMAT,
        "format_version": tables.FORMAT_VERSION,
        "county": plan.county.settings.name,
        "first_day": plan.first_day.isoformat(),
        "last_day": plan.last_day.isoformat(),
        "units": to_json(plan.units),
        "seed": str(plan.seed),
        "status": str(plan.status),
        "versions": to_json(dict(plan.versions)),
        "input_hashes": to_json(dict(plan.county.input_hashes)),
        "secret_hash": plan.secret_hash,
    }


def _as_rows(meta: Mapping[str, str]) -> Rows:
    return list(meta.items())


def _sealed_rows(plan: Plan, sealed: SealedPart, secret: bytes, plan_id: str) -> dict[str, Rows]:
    meta = {
        "format": tables.SEALED_FORMAT,
        "format_version": tables.FORMAT_VERSION,
        "plan_id": plan_id,
        "secret_hash": plan.secret_hash,
        "secret": secret.hex(),
    }
    return {
        "meta": _as_rows(meta),
        **patrol_rows(sealed.patrols, (), plan.county),
        **duty_rows(sealed.requirements, sealed.met, sealed.unmet),
    }


_META_KEYS = {
    tables.FORMAT: ("first_day", "last_day", "units", "seed", "versions", "input_hashes"),
    tables.SEALED_FORMAT: ("secret",),
}


def _read_meta(
    reader: GeoPackageReader, connection: sqlite3.Connection, wanted_format: str
) -> dict[str, str]:
    """Return the table ``meta`` of a file that is of the wanted format and version."""
    named = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    meta = store_read.key_values(store_read.read_rows(reader, [tables.META])) if named else {}
    if meta.get("format") != wanted_format:
        cause = Text("这不是巡查计划文件", "this is not a plan file of xuncha")
        raise InputError([file_problem(reader.path, "plan.not-a-plan", cause)])
    if (version := meta.get("format_version")) != tables.FORMAT_VERSION:
        cause = Text(
            f"文件格式版本为 {version}，本程序只读版本 {tables.FORMAT_VERSION}",
            f"the file's format version is {version}; this program reads {tables.FORMAT_VERSION}",
        )
        raise InputError([file_problem(reader.path, "plan.format-version", cause)])
    for key in ("plan_id", "secret_hash", *_META_KEYS[wanted_format]):
        if key not in meta:
            cause = Text(f"缺少说明项 {key}", f"the entry {key} is missing")
            reader.problem("plan.missing-entry", cause, where="meta", field=key)
    _raise_problems(reader)
    return meta


def _plan_of(reader: GeoPackageReader, rows: store_read.Rows, meta: Mapping[str, str]) -> Plan:
    decoder = store_read.Decoder(reader)
    settings, regulation, norm, calendar = objects.snapshot_of(rows, decoder)
    hashes = store_read.meta_texts(meta, "input_hashes", decoder)
    return Plan(
        county=objects.county_of(rows, settings, hashes, decoder),
        regulation=regulation,
        norm=norm,
        calendar=calendar,
        first_day=store_read.meta_day(meta, "first_day", decoder),
        last_day=store_read.meta_day(meta, "last_day", decoder),
        units=store_read.meta_units(rows, meta, decoder),
        requirements=objects.requirements_of(rows, reader),
        patrols=objects.patrols_of(rows, reader),
        met=objects.met_of(rows),
        unmet=objects.unmet_of(rows),
        needs=objects.needs_of(rows),
        outcomes=objects.outcomes_of(rows, decoder),
        settings_used=objects.settings_of(rows),
        seed=decoder.made("meta", "seed", lambda: int(meta["seed"]), 0),
        versions=store_read.meta_texts(meta, "versions", decoder),
        inspections=inspections_of(rows, reader),
        road_lines=objects.road_lines_of(rows, reader),
        sealed_days=tuple(row["id"] for row in rows["patrols"] if row["sealed"]),
        secret_hash=meta["secret_hash"],
    )


def _find_sealed(path: Path, meta: Mapping[str, str]) -> Path | None:
    """Return the sealed file of this very plan; raise when only another plan's is there."""
    present = [candidate for candidate in sealed_candidates(path) if candidate.exists()]
    for candidate in present:
        if _belongs(candidate, meta):
            return candidate
    if present:
        cause = Text(
            "封存的抽查文件不属于这份计划", "the sealed spot checks belong to another plan"
        )
        action = Text(
            f"请放回与计划一同生成的 {present[0].name}，或将其移走",
            f"put back the {present[0].name} made together with the plan, or move it away",
        )
        raise InputError([file_problem(present[0], "plan.sealed-mismatch", cause, action=action)])
    return None


def _belongs(sealed: Path, meta: Mapping[str, str]) -> bool:
    with closing(open_geopackage(sealed)) as connection:
        reader = GeoPackageReader(sealed, connection)
        sealed_meta = _read_meta(reader, connection, tables.SEALED_FORMAT)
    try:
        secret_hash = hash_secret(bytes.fromhex(sealed_meta["secret"]))
    except ValueError:
        return False
    same_secret = secret_hash == sealed_meta["secret_hash"] == meta["secret_hash"]
    return same_secret and sealed_meta["plan_id"] == meta["plan_id"]


def _with_sealed(
    open_plan: Plan,
    open_rows: store_read.Rows,
    path: Path,
    contradictions: list[Problem] | None,
) -> Plan:
    with closing(open_geopackage(path)) as connection:
        reader = GeoPackageReader(path, connection)
        rows = store_read.read_rows(reader, tables.SEALED_TABLES)
        together = {name: found + rows.get(name, []) for name, found in open_rows.items()}
        store_read.check_references(reader, tables.SEALED_TABLES, together)
        _raise_problems(reader)
        sealed = SealedPart(
            patrols=objects.patrols_of(rows, reader),
            requirements=objects.requirements_of(rows, reader),
            met=objects.met_of(rows),
            unmet=objects.unmet_of(rows),
        )
        _check_same_patrols(open_plan, sealed, reader)
        _raise_problems(reader)
        if contradictions is not None:
            written = patrol_rows(sealed.patrols, (), open_plan.county)
            check_shown(reader, tables.SEALED_TABLES, rows, written)
            contradictions += reader.problems
    return unseal_plan(open_plan, sealed)


def _check_same_patrols(open_plan: Plan, sealed: SealedPart, reader: GeoPackageReader) -> None:
    """Note where the two files contradict each other on a patrol's unit, day, vehicle or crew."""
    shown = {p.id: _shown(p) for p in open_plan.patrols if p.id in open_plan.sealed_days}
    hidden = {p.id: _shown(p) for p in sealed.patrols}
    for patrol in sorted({*shown, *hidden}):
        if shown.get(patrol) != hidden.get(patrol):
            cause = Text(
                "抽查的单位、日期、车辆或人员与计划文件不一致",
                "unit, day, vehicle or crew of the spot check are not those of the plan file",
            )
            reader.problem("plan.sealed-mismatch", cause, where=f"patrol {patrol}")


def _shown(patrol: Patrol) -> tuple[object, ...]:
    return patrol.unit, patrol.day, patrol.kind, patrol.vehicle, patrol.crew, patrol.day_class


def _settle(path: Path) -> None:
    """After a writer that died between its two renames, put the standing plan's sealed file back.

    So the next writer may again set the present sealed file aside.
    """
    usual, previous = sealed_candidates(path)
    if not (previous.exists() and path.exists()):
        return
    try:
        with closing(open_geopackage(path)) as connection:
            meta = _read_meta(GeoPackageReader(path, connection), connection, tables.FORMAT)
        if _belongs(previous, meta):
            previous.replace(usual)
    except InputError:
        return  # what is about to be replaced is no plan: there is nothing to put back


def _raise_problems(reader: GeoPackageReader) -> None:
    if reader.problems:
        raise InputError(reader.problems)
