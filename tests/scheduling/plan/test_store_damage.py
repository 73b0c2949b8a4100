"""A file that is not a whole plan of this format is refused with problems, never a traceback."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from contextlib import closing

import pytest

from network.problems import InputError
from scheduling.plan.store import read_plan, read_plan_and_shown, write_plan
from scheduling.plan.store_files import sealed_path


def _change(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _codes(path):
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert all(p.cause.zh and p.cause.en and p.action.zh for p in caught.value.problems)
    return {problem.code for problem in caught.value.problems}


CHANGES = {
    "a missing table": ("DROP TABLE legs", "plan.missing-table"),
    "a missing column": ("ALTER TABLE patrols DROP COLUMN depart_seconds", "plan.missing-column"),
    "a text for a number": ("UPDATE visits SET arrive_seconds = 'nine'", "plan.bad-value"),
    "a fraction for whole seconds": ("UPDATE legs SET drive_seconds = 1.5", "plan.bad-value"),
    "an impossible day": ("UPDATE patrols SET day = '2026-02-30'", "plan.bad-value"),
    "an unknown kind": ("UPDATE patrols SET kind = 'joyride'", "plan.bad-value"),
    "an infinite length": ("UPDATE legs SET length_m = 9e999", "plan.bad-value"),
    "a flag that is neither": ("UPDATE zones SET walk = 2", "plan.bad-value"),
    "a visit of no patrol": ("UPDATE visits SET patrol = 'T9'", "plan.dangling-id"),
    "an unknown person": ("UPDATE crews SET inspector = 'P9'", "plan.dangling-id"),
    "an unknown zone": ("UPDATE visits SET zone = ''", "plan.dangling-id"),
    "met by a visit that is not": (
        "UPDATE requirement_visits SET visit = 'T9-1'",
        "plan.dangling-id",
    ),
    "a patrol twice": ("UPDATE patrols SET id = 'T1'", "plan.duplicate-id"),
    "a visit without its leg": ("DELETE FROM legs WHERE position = 2", "plan.broken-route"),
    "half a peak": ("UPDATE requirements SET peak_last_day = NULL", "plan.bad-value"),
    "a geometry of noise": ("UPDATE legs SET geom = x'00112233'", "plan.bad-geometry"),
    "a geometry of another type": (
        "UPDATE units SET geom = (SELECT geom FROM legs)",
        "plan.bad-geometry",
    ),
    "a line without a point": ("UPDATE legs SET shape_points = 7", "plan.bad-geometry"),
    "settings that are not": (
        "UPDATE snapshot SET document = '{' WHERE name = 'settings'",
        "plan.bad-document",
    ),
    "no calendar": ("DELETE FROM snapshot WHERE name = 'calendar'", "plan.bad-document"),
    "units that are no list": (
        "UPDATE inspectors SET units = '{\"a\": 1}'",
        "plan.bad-document",
    ),
    "an explanation of three": (
        'UPDATE outcomes SET explanation = \'[["a", "b", "c"]]\'',
        "plan.bad-document",
    ),
    "planning unknown units": (
        "UPDATE meta SET value = '[\"S9\"]' WHERE key = 'units'",
        "plan.bad-document",
    ),
    "no seed": ("DELETE FROM meta WHERE key = 'seed'", "plan.missing-entry"),
    "another version": (
        "UPDATE meta SET value = '99' WHERE key = 'format_version'",
        "plan.format-version",
    ),
    "another secret": (
        "UPDATE meta SET value = 'ab' WHERE key = 'secret_hash'",
        "plan.sealed-mismatch",
    ),
    "a spot check on another day than sealed": (
        "UPDATE patrols SET day = '2026-05-08' WHERE id = 'X1'",
        "plan.sealed-mismatch",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_to_the_structure_is_told_by_its_code(plan_file, name):
    """Each way of breaking the tables gives its own problem code."""
    statement, code = CHANGES[name]
    _change(plan_file, statement)
    assert code in _codes(plan_file)


@pytest.mark.parametrize(
    ("table", "change", "where", "field"),
    [
        ("patrols", "crew_names = '王五、赵六' WHERE id = 'T1'", "patrols fid 1", "crew_names"),
        ("patrols", "unit_name = '西镇国土资源所' WHERE id = 'X1'", "patrols fid 2", "unit_name"),
        ("patrols", "geom = NULL WHERE id = 'T1'", "patrols fid 1", "geom"),
        ("visits", "zone_name = '西村' WHERE id = 'T1-2'", "visits fid 2", "zone_name"),
        (
            "crews",
            "inspector = 'P3' WHERE patrol = 'T1' AND position = 1",
            "patrols fid 1",
            "crew_names",
        ),
        ("meta", "value = 'optimal' WHERE key = 'status'", "meta", "status"),
        ("meta", "value = '别县' WHERE key = 'county'", "meta", "county"),
    ],
)
def test_a_name_edited_by_hand_is_told_by_row_and_column(plan_file, table, change, where, field):
    """What is only shown must say what the plan says, or people would follow another plan."""
    _change(plan_file, f"UPDATE {table} SET {change}")
    _, told = read_plan_and_shown(plan_file)
    found = [(p.code, p.file, p.where, p.field) for p in told]
    assert found == [("plan.edited-display", str(plan_file), where, field)]
    (problem,) = told
    assert "撤销" in problem.action.zh
    assert "undo" in problem.action.en


def test_a_walk_of_one_point_is_told(plan_file):
    """A walk leads from the road to one place: fewer or more points are a damaged line."""
    with closing(sqlite3.connect(plan_file)) as connection, connection:
        connection.execute(
            "UPDATE walks SET geom = (SELECT geom FROM legs WHERE shape_points = 0) WHERE fid = 1"
        )
    assert "plan.bad-geometry" in _codes(plan_file)


def test_a_route_drawn_by_hand_is_told(plan_file):
    """A patrol's line on the map must be the one of its legs."""
    with closing(sqlite3.connect(plan_file)) as connection:
        ((blob,),) = connection.execute("SELECT geom FROM patrols WHERE id = 'T1'").fetchall()
    *_, lat = struct.unpack("<d", blob[-8:])
    moved = blob[:-8] + struct.pack("<d", lat + 0.01)
    with closing(sqlite3.connect(plan_file)) as connection, connection:
        connection.execute("UPDATE patrols SET geom = ? WHERE id = 'T1'", (moved,))
    _, told = read_plan_and_shown(plan_file)
    assert {problem.code for problem in told} == {"plan.edited-display"}


def test_a_name_edited_in_the_sealed_file_is_told(plan_file):
    """The sealed file's names must be those of its plan too."""
    sealed = sealed_path(plan_file)
    _change(sealed, "UPDATE visits SET zone_name = '西村'")
    _, told = read_plan_and_shown(plan_file)
    assert {(p.code, p.file) for p in told} == {("plan.edited-display", str(sealed))}
    read_plan(plan_file)


def test_all_problems_are_told_at_once(plan_file):
    """Two unrelated faults are both in the one error."""
    _change(
        plan_file,
        "UPDATE visits SET arrive_seconds = 'nine'",
        "UPDATE inspectors SET licensed = 'perhaps'",
    )
    with pytest.raises(InputError) as caught:
        read_plan(plan_file)
    assert {p.where.split()[0] for p in caught.value.problems} >= {"visits", "inspectors"}


def test_what_is_no_plan_is_refused(tmp_path, plan_file):
    """No file, a text, an empty file and another GeoPackage are told apart from a plan."""
    assert _codes(tmp_path / "none.gpkg") == {"plan.missing-file"}
    with pytest.raises(InputError, match="this is a folder"):
        read_plan(tmp_path)
    text = tmp_path / "text.gpkg"
    text.write_text("this is no database at all, but long enough to be one" * 50)
    assert _codes(text) == {"plan.unreadable"}
    empty = tmp_path / "empty.gpkg"
    empty.write_bytes(b"")
    assert _codes(empty) == {"plan.not-a-plan"}
    assert _codes(sealed_path(plan_file)) == {"plan.not-a-plan"}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(plan_file, share):
    """A plan cut off anywhere is told to be damaged."""
    content = plan_file.read_bytes()
    plan_file.write_bytes(content[: int(len(content) * share)])
    assert _codes(plan_file) == {"plan.unreadable"}


def test_the_sealed_file_of_another_plan_is_refused(plan, plan_file, tmp_path, secret):
    """A sealed file is only taken with the very plan it was written with."""
    from dataclasses import replace

    other = tmp_path / "other.gpkg"
    write_plan(replace(plan, seed=8), other, secret=secret)
    shutil.copyfile(sealed_path(other), sealed_path(plan_file))
    assert _codes(plan_file) == {"plan.sealed-mismatch"}


def test_a_sealed_file_with_another_secret_is_refused(plan_file):
    """The secret in the sealed file must have the hash that the plan bears."""
    _change(sealed_path(plan_file), "UPDATE meta SET value = '00' WHERE key = 'secret'")
    assert _codes(plan_file) == {"plan.sealed-mismatch"}
    _change(sealed_path(plan_file), "UPDATE meta SET value = 'no hex' WHERE key = 'secret'")
    assert _codes(plan_file) == {"plan.sealed-mismatch"}


def test_a_damaged_sealed_file_is_refused_with_its_name(plan_file):
    """Faults inside the sealed file name the sealed file."""
    _change(sealed_path(plan_file), "UPDATE visits SET zone = 'Z9'")
    with pytest.raises(InputError) as caught:
        read_plan(plan_file)
    assert [p.code for p in caught.value.problems] == ["plan.dangling-id"]
    assert caught.value.problems[0].file == str(sealed_path(plan_file))


def test_a_hand_changed_visit_is_still_readable(plan_file):
    """What breaks a rule but no table is for the audit to judge, not for the reader."""
    _change(
        plan_file,
        "UPDATE visits SET arrive_seconds = arrive_seconds + 60 WHERE id = 'T1-1'",
        "UPDATE patrols SET day = '2026-04-05' WHERE id = 'T1'",
    )
    plan = read_plan(plan_file)
    assert plan.patrols[0].day.isoformat() == "2026-04-05"
    assert plan.patrols[0].visits[0].arrive_seconds == 31060
