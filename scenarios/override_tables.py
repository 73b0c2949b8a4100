"""Overrides of rows: columns of the county's tables and layers, read as from the county folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from network.problems import Problem, Text
from scenarios.county_checks import directories
from scenarios.model import (
    AddRows,
    ChangeRows,
    OverrideError,
    RemoveRows,
    RemoveStaff,
    RemoveVehicle,
)
from scenarios.override_resources import check_known, remove_staff, remove_vehicle, with_county
from scheduling.county import build, schema
from scheduling.county.model import AUTHORITIES, Zone
from scheduling.county.records import Record
from scheduling.inputs import PlanInputs

_Cells = dict[str, str]


@dataclass(frozen=True)
class _Table:
    """A table or layer: the county's field, its columns, how rows are built and called."""

    field: str
    noun: str
    columns: Sequence[schema.Column]
    build: Callable[..., Any]
    key: str = "id"
    shaped: bool = False


_TABLES: Final[Mapping[str, _Table]] = {
    "zones": _Table("zones", "zone", schema.ZONE_COLUMNS, build.zone_of, shaped=True),
    "stations": _Table("units", "station", schema.STATION_COLUMNS, build.unit_of, shaped=True),
    "inspectors": _Table("inspectors", "inspector", schema.INSPECTOR_COLUMNS, build.inspector_of),
    "vehicles": _Table("vehicles", "vehicle", schema.VEHICLE_COLUMNS, build.vehicle_of),
    "leave": _Table("leave", "leave", schema.LEAVE_COLUMNS, build.leave_of, "who"),
    "history": _Table("history", "history", schema.HISTORY_COLUMNS, build.past_visit_of, "zone"),
    "checkpoints": _Table(
        *("checkpoints", "checkpoint", schema.CHECKPOINT_COLUMNS, build.checkpoint_of, "zone"),
        shaped=True,
    ),
}

#: The columns of each table, as in the county folder.
COLUMNS: Final = {name: table.columns for name, table in _TABLES.items()}


def change_rows(inputs: PlanInputs, override: ChangeRows) -> PlanInputs:
    """Change columns of some rows; what is not named stays as it is."""
    table = _TABLES[override.table]
    rows = {row.id: row for row in getattr(inputs.county, table.field)}
    check_known("id", override.id, rows)
    cells, shape, problems = _cells(table, override.set, "set.")
    if "id" in cells:
        problems.append(_wrong_field("set.id", _ID_STAYS, _ID_ACTION))
    _raise(problems)
    records = [_changed(table, rows[identity], cells, shape) for identity in override.id]
    changed = {row.id: row for row in _built(inputs, table, records, "set.")}
    return with_county(inputs, **{table.field: tuple((rows | changed).values())})


def add_rows(inputs: PlanInputs, override: AddRows) -> PlanInputs:
    """Add rows; a station added is planned, too."""
    table = _TABLES[override.table]
    records, problems = [], list[Problem]()
    for number, row in enumerate(override.rows):
        cells, shape, wrong = _cells(table, row, f"rows[{number}].")
        problems += wrong
        where = f"{table.noun} {cells.get(table.key, number + 1)}"
        records.append(Record("", where, cells, shape))
    _raise(problems)
    added = _built(inputs, table, records, "")
    changed = with_county(inputs, **{table.field: (*getattr(inputs.county, table.field), *added)})
    if override.table == "stations":
        units = {*inputs.units, *(unit.id for unit in added)}
        changed = replace(changed, units=tuple(sorted(units)))
    return changed


def remove_rows(inputs: PlanInputs, override: RemoveRows) -> PlanInputs:
    """Remove rows, with the leave of people and vehicles and what lies in a zone."""
    county, gone = inputs.county, set(override.id)
    if override.table == "inspectors":
        return remove_staff(inputs, RemoveStaff(do="remove-staff", who=override.id))
    if override.table == "vehicles":
        return remove_vehicle(inputs, RemoveVehicle(do="remove-vehicle", who=override.id))
    table = _TABLES[override.table]
    rows = getattr(county, table.field)
    check_known("id", gone, {getattr(row, table.key) for row in rows})
    parts = {table.field: tuple(row for row in rows if getattr(row, table.key) not in gone)}
    if override.table == "zones":
        parts["history"] = tuple(row for row in county.history if row.zone not in gone)
        parts["checkpoints"] = tuple(row for row in county.checkpoints if row.zone not in gone)
    changed = with_county(inputs, **parts)
    if override.table == "stations":
        units = tuple(unit for unit in inputs.units if unit not in gone)
        if not units:
            raise OverrideError([_wrong_field("id", _NONE_LEFT, _NONE_LEFT_ACTION)])
        changed = replace(changed, units=units)
    return changed


_ID_STAYS = Text("编号不能更改", "an id cannot be changed")
_ID_ACTION = Text("用 add 和 remove 代替", "use add and remove instead")
_NONE_LEFT = Text("没有剩下要编制的单位", "no unit to be planned is left")
_NONE_LEFT_ACTION = Text("至少保留一个单位", "keep at least one unit")
_BAD_SHAPE = Text("不是可读的几何", "it is no shape that can be read")
_BAD_SHAPE_ACTION = Text(
    '写 WKT，例如 "POINT (126.1 43.5)"，或写 lon、lat',
    'write WKT, for example "POINT (126.1 43.5)", or lon and lat',
)
_BAD_CELL = Text("该类型的值不能填入表格", "a value of this type cannot be in a table")
_BAD_CELL_ACTION = Text("写文字、数字、日期或列表", "write text, a number, a date or a list")


def _wrong_field(field: str, cause: Text, action: Text) -> Problem:
    return Problem("scenario.override", "", cause, action, field=field)


def _raise(problems: Sequence[Problem]) -> None:
    if problems:
        raise OverrideError(problems)


def _cells(
    table: _Table, row: Mapping[str, object], prefix: str
) -> tuple[_Cells, BaseGeometry | None, list[Problem]]:
    """Return a row's cells as texts, its shape if it gives one, and what is wrong with it."""
    known = schema.headings(table.columns)
    cells: _Cells = {}
    problems: list[Problem] = []
    place = {name: value for name, value in row.items() if name in _PLACE} if table.shaped else {}
    for name, value in row.items():
        column = known.get(schema.heading_key(name))
        if name in place:
            continue
        text = _text(value)
        if column is None:
            names = ", ".join([*(c.name for c in table.columns), *(_PLACE if table.shaped else ())])
            cause = Text(f"没有列“{name}”", f"there is no column {name!r}")
            action = Text(f"可选：{names}", f"choose from: {names}")
            problems.append(_wrong_field(prefix + name, cause, action))
        elif text is None:
            problems.append(_wrong_field(prefix + name, _BAD_CELL, _BAD_CELL_ACTION))
        else:
            cells[column] = text
    shape = _shape(place)
    if place and shape is None:
        problems.append(_wrong_field(prefix + next(iter(place)), _BAD_SHAPE, _BAD_SHAPE_ACTION))
    return cells, shape, problems


_PLACE: Final = ("geometry", "lon", "lat")


def _shape(place: Mapping[str, object]) -> BaseGeometry | None:
    """Return the shape of WKT, or of longitude and latitude (WGS-84); None if it is neither."""
    match place:
        case {"geometry": str(text), **others} if not others:
            try:
                return shapely.from_wkt(text)
            except shapely.errors.ShapelyError:
                return None
        case {"lon": int() | float() as lon, "lat": int() | float() as lat, **others}:
            valid = not others and abs(lon) <= 180 and abs(lat) <= 90
            return shapely.Point(lon, lat) if valid else None
    return None


def _text(value: object) -> str | None:
    """Return a value as it would stand in a cell, None where it could not."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Enum():
            return str(value.value)
        case datetime():
            return None
        case str() | int() | float() | date():
            return str(value)
        case list() | tuple():
            parts = [_text(part) for part in value]
            return None if None in parts else ";".join(str(part) for part in parts)
    return None


def _changed(table: _Table, row: Any, cells: _Cells, shape: BaseGeometry | None) -> Record:
    values = {
        column.name: _text(getattr(row, {"unit": "units"}.get(column.name, column.name), None))
        for column in table.columns
    }
    if isinstance(row, Zone):
        for authority in AUTHORITIES:
            values[f"unit_{authority}"] = row.units.get(authority, "")
            values[f"responsible_{authority}"] = ";".join(row.responsible.get(authority, ()))
        if row.priority == build.PRIORITY_OF_LEVEL[row.level]:
            values["priority"] = ""  # not given: it follows the level
    kept = {name: text or "" for name, text in values.items()}
    return Record("", f"{table.noun} {row.id}", kept | cells, shape or _own_shape(row))


def _own_shape(row: Any) -> BaseGeometry | None:
    if isinstance(row, Zone):
        return row.geometry
    return shapely.Point(row.lon, row.lat) if hasattr(row, "lon") else None


def _built(
    inputs: PlanInputs, table: _Table, records: Iterable[Record], prefix: str
) -> tuple[Any, ...]:
    """Return the rows of records; raises OverrideError with every unusable cell."""
    problems: list[Problem] = []
    known = directories(inputs.county)
    placed = build.build_all(records, table.build, known, problems) or ()
    _raise([replace(problem, field=prefix + problem.field) for problem in problems])
    return tuple(one.value for one in placed)
