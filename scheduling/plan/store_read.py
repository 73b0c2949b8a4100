"""The rows of a plan file: read, checked, and their JSON texts decoded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias, TypeVar

from network.problems import Text
from scheduling.plan import store_tables as tables
from scheduling.plan.store_geopackage import GeoPackageReader
from scheduling.plan.store_tables import Table

# Values were checked column by column on reading, so rows are as good as typed from here on.
Rows: TypeAlias = dict[str, list[dict[str, Any]]]
Made = TypeVar("Made")


def read_rows(reader: GeoPackageReader, wanted: Sequence[Table]) -> Rows:
    """Read and check the tables: columns, types, ids that occur twice."""
    rows: Rows = {}
    for table in wanted:
        rows[table.name] = reader.rows(table)
        seen: set[tuple[object, ...]] = set()
        for row in rows[table.name]:
            key = tuple(row[name] for name in table.unique)
            if key and key in seen:
                reader.problem(
                    "plan.duplicate-id",
                    Text(f"重复：{key}", f"occurs twice: {key}"),
                    where=f"{table.name} fid {row['fid']}",
                    field=", ".join(table.unique),
                )
            seen.add(key)
    return rows


def check_references(reader: GeoPackageReader, wanted: Sequence[Table], rows: Rows) -> None:
    """Note every id that points to nothing."""
    for table in wanted:
        for column in table.columns:
            if not column.refers:
                continue
            target, target_column = column.refers.split(".")
            known = {row[target_column] for row in rows[target]}
            for row in rows[table.name]:
                value = row[column.name]
                if value is None or value in known or (column.optional and not value):
                    continue
                reader.problem(
                    "plan.dangling-id",
                    Text(f"{target} 中没有 {value}", f"{target} has no {value!r}"),
                    where=f"{table.name} fid {row['fid']}",
                    field=column.name,
                )


def key_values(rows: Rows) -> dict[str, str]:
    """Return the table ``meta`` as a mapping."""
    return {row["key"]: row["value"] for row in rows[tables.META.name]}


def meta_texts(meta: Mapping[str, str], key: str, decoder: Decoder) -> dict[str, str]:
    """Return an entry of ``meta`` that maps texts to texts."""

    def mapping() -> dict[str, str]:
        found = json.loads(meta[key])
        return dict(zip(strings(list(found)), strings(list(found.values())), strict=True))

    return decoder.made("meta", key, mapping, {})


def meta_day(meta: Mapping[str, str], key: str, decoder: Decoder) -> date:
    """Return an entry of ``meta`` that is a day."""
    return decoder.made("meta", key, lambda: date.fromisoformat(meta[key]), date.min)


def meta_units(rows: Rows, meta: Mapping[str, str], decoder: Decoder) -> tuple[str, ...]:
    """Return the ids of the units planned, each of which must be a unit of the county."""
    known = {row["id"] for row in rows[tables.UNITS.name]}

    def units() -> tuple[str, ...]:
        found = strings(json.loads(meta["units"]))
        if unknown := sorted(set(found) - known):
            raise ValueError(f"unknown units {unknown}")
        return found

    return decoder.made("meta", "units", units, ())


class Decoder:
    """Turns JSON texts and documents into values, noting what cannot be."""

    def __init__(self, reader: GeoPackageReader) -> None:
        self._reader = reader

    def made(self, where: str, field: str, make: Callable[[], Made], instead: Made) -> Made:
        """Return ``make()``, or ``instead`` with a problem noted when the content is not valid."""
        try:
            return make()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self._reader.problem(
                "plan.bad-document",
                Text(f"内容无法解读（{reason}）", f"the content cannot be understood ({reason})"),
                where=where,
                field=field,
            )
            return instead

    def texts(self, row: Mapping[str, Any], table: Table, column: str) -> tuple[str, ...]:
        """Return a JSON list of texts."""
        where = f"{table.name} fid {row['fid']}"
        return self.made(where, column, lambda: strings(json.loads(row[column])), ())


def strings(value: object) -> tuple[str, ...]:
    """Return a decoded JSON list of texts; ValueError when it is anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("not a list of texts")
    return tuple(value)
