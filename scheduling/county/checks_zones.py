"""Rules on zones: their shapes, units, responsible people and history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import shapely

from network.problems import Problem, Text
from scheduling.county.checks_people import at, repeated_ids, unknown_unit
from scheduling.county.gathered import Gathered, Placed
from scheduling.county.model import Checkpoint, PastVisit, Zone, ZoneKind

_SHAPES: Final = (
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
)  # fmt: skip


def ids_are_unique(county: Gathered) -> list[Problem]:
    """Find ids that two zones share."""
    return repeated_ids(county.zones)


def shapes_are_valid(county: Gathered) -> list[Problem]:
    """Find shapes that are not points, lines or polygons, or that cross themselves."""
    problems = []
    for zone in county.zones or ():
        shape = zone.value.geometry
        if shape.geom_type not in _SHAPES:
            cause = Text(
                f"几何类型 {shape.geom_type} 不可用", f"a {shape.geom_type} cannot be a zone"
            )
        elif not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            cause = Text(f"几何无效（{reason}）", f"the shape is not valid ({reason})")
        else:
            continue
        action = Text(
            "在 QGIS 中修复几何（“修正几何图形”）后重新保存",
            "repair it in QGIS (Fix geometries) and save it again",
        )
        problems.append(at(zone, "zone.bad-geometry", "geometry", cause, action))
    return problems


def shapes_are_not_repeated(county: Gathered) -> list[Problem]:
    """Find zones of one kind with one shape: one of them was copied."""
    first: dict[tuple[ZoneKind, bytes], Placed[Zone]] = {}
    problems = []
    for zone in county.zones or ():
        key = (zone.value.kind, shapely.to_wkb(shapely.normalize(zone.value.geometry)))
        earlier = first.setdefault(key, zone)
        if earlier.value.id != zone.value.id:  # one id twice is reported as such
            problems.append(
                at(
                    zone,
                    "zone.duplicate-geometry",
                    "geometry",
                    Text(
                        f"与 {earlier.where} 类型、几何完全相同",
                        f"kind and shape are exactly those of {earlier.where}",
                    ),
                    Text("删除其一", "delete one of the two"),
                )
            )
    return problems


def a_unit_is_named(county: Gathered) -> list[Problem]:
    """Find zones whose visits nobody owes (art. 12)."""
    return [
        at(
            zone,
            "zone.no-unit",
            "unit_township",
            Text("没有任何实施单位", "no unit is named"),
            Text(
                "填写 unit_township、unit_county 至少一项",
                "fill in unit_township, unit_county or both",
            ),
        )
        for zone in county.zones or ()
        if not zone.value.units
    ]


def _named_units(county: Gathered) -> Iterator[tuple[Placed[Zone], str, str]]:
    for zone in county.zones or ():
        for authority, unit in zone.value.units.items():
            yield zone, authority, unit


def units_exist(county: Gathered) -> list[Problem]:
    """Find units of zones that are not in the stations layer."""
    directory = county.known.get("unit")
    if directory is None:
        return []
    return [
        at(
            zone,
            "county.unknown-unit",
            f"unit_{authority}",
            unknown_unit(unit),
            directory.advice(unit),
        )
        for zone, authority, unit in _named_units(county)
        if unit not in directory.ids
    ]


def units_are_of_the_authority(county: Gathered) -> list[Problem]:
    """Find zones that name a squad where a station is due, or the other way round."""
    authorities = {row.value.id: row.value.authority for row in county.units or ()}
    return [
        at(
            zone,
            "zone.unit-authority",
            f"unit_{authority}",
            Text(
                f"“{unit}”的层级是 {authorities[unit]}，不是 {authority}",
                f"'{unit}' is a unit of the {authorities[unit]}, not of the {authority}",
            ),
            Text(f"改填层级为 {authority} 的单位", f"name a unit of the {authority}"),
        )
        for zone, authority, unit in _named_units(county)
        if authorities.get(unit, authority) != authority
    ]


def _named_people(county: Gathered) -> Iterator[tuple[Placed[Zone], str, str]]:
    for zone in county.zones or ():
        for authority, people in zone.value.responsible.items():
            for person in people:
                yield zone, authority, person


def responsible_people_exist(county: Gathered) -> list[Problem]:
    """Find responsible people who are not in the table of inspectors (art. 12)."""
    directory = county.known.get("inspector")
    if directory is None:
        return []
    return [
        at(
            zone,
            "zone.unknown-person",
            f"responsible_{authority}",
            Text(f"没有人员“{person}”", f"there is no person '{person}'"),
            directory.advice(person),
        )
        for zone, authority, person in _named_people(county)
        if person not in directory.ids
    ]


def responsible_people_are_of_the_unit(county: Gathered) -> list[Problem]:
    """Find responsible people who do not belong to the unit that owes the visits."""
    units_of = {row.value.id: row.value.units for row in county.inspectors or ()}
    known = county.known.get("unit")
    problems = []
    for zone, authority, person in _named_people(county):
        unit = zone.value.units.get(authority, "")
        if unit and (known is None or unit not in known.ids):
            continue  # an unknown unit is reported as such
        if person in units_of and unit not in units_of[person]:
            home = "、".join(units_of[person])
            problems.append(
                at(
                    zone,
                    "zone.responsible-elsewhere",
                    f"responsible_{authority}",
                    Text(
                        f"“{person}”属于 {home}，不属于 {unit or '(未填单位)'}",
                        f"'{person}' is of {home}, not of {unit or '(no unit named)'}",
                    ),
                    Text(
                        f"改填该单位的人员，或改正 unit_{authority}",
                        f"name somebody of that unit, or mend unit_{authority}",
                    ),
                )
            )
    return problems


def stop_minutes_are_sensible(county: Gathered) -> list[Problem]:
    """Find visits of no time, or of more than a shift."""
    return [
        at(
            zone,
            "zone.stop-minutes",
            "stop_minutes",
            Text(
                f"{zone.value.stop_minutes:g} 分钟不合理",
                f"{zone.value.stop_minutes:g} minutes cannot be",
            ),
            Text("填写 0 到 480 之间的分钟数", "write minutes above 0, at most 480"),
        )
        for zone in county.zones or ()
        if zone.value.stop_minutes is not None and not 0 < zone.value.stop_minutes <= 480
    ]


def history_names_zones(county: Gathered) -> list[Problem]:
    """Find rows of the history table whose zone is not in the layer."""
    return unknown_zones(county, county.history, "history.unknown-zone")


def unknown_zones(
    county: Gathered, rows: Sequence[Placed[PastVisit] | Placed[Checkpoint]] | None, code: str
) -> list[Problem]:
    """Find rows naming a zone that is not in the layer; none where the layer could not be read."""
    directory = county.known.get("zone")
    if directory is None:
        return []
    return [
        at(
            row,
            code,
            "zone",
            Text(f"没有巡查区“{row.value.zone}”", f"there is no zone '{row.value.zone}'"),
            directory.advice(row.value.zone),
        )
        for row in rows or ()
        if row.value.zone not in directory.ids
    ]
