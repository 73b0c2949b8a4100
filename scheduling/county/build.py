"""Records to the county's objects. A record with an unusable cell gives problems and no object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from shapely.geometry import Point

from network.problems import Problem, Text
from scheduling.county.gathered import Directory, Placed
from scheduling.county.model import (
    AUTHORITIES,
    Checkpoint,
    Inspector,
    Leave,
    PastVisit,
    Unit,
    Vehicle,
    Zone,
    ZoneKind,
)
from scheduling.county.records import AUTHORITY_CHOICE, Cells, Record
from scheduling.county.schema import KIND_WORDS, LEVEL_WORDS

T = TypeVar("T")
Known = Mapping[str, Directory]
#: A zone's priority where none is given: level 1 is dropped last.
PRIORITY_OF_LEVEL = {1: 30, 2: 20, 3: 10}


def build_all(
    records: Iterable[Record] | None,
    build: Callable[[Cells, Known], T],
    known: Known,
    problems: list[Problem],
) -> tuple[Placed[T], ...] | None:
    """Return the objects of all sound records; None when the table was not read."""
    if records is None:
        return None
    placed = []
    for record in records:
        cells = Cells(record, problems)
        value = build(cells, known)
        if not cells.failed:
            placed.append(Placed(value, record.file, record.where))
    return tuple(placed)


def zone_of(cells: Cells, known: Known) -> Zone:
    """Build a zone; units and people may be named instead of numbered where that is unique."""
    level = cells.word("level", LEVEL_WORDS, "zone.unknown-level", "1, 2, 3", 3)
    kinds = ", ".join(kind.value for kind in ZoneKind)
    minutes = cells.number("stop_minutes")
    if cells.record.geometry is None or cells.record.geometry.is_empty:
        cells.wrong(
            "zone.empty-geometry",
            "geometry",
            Text("没有几何图形", "it has no shape"),
            Text("在图层中画出该巡查区", "draw the zone in the layer"),
        )
    units: dict[str, str] = {}
    responsible: dict[str, tuple[str, ...]] = {}
    for authority in AUTHORITIES:
        named = _resolved(cells.several(f"unit_{authority}"), known.get("unit"))
        if len(named) > 1:
            cells.wrong(
                "zone.several-units",
                f"unit_{authority}",
                Text("一个层级只能有一个单位", "one zone has one unit per authority"),
                Text("只写一个单位", "name one unit only"),
            )
        if named:
            units[authority] = named[0]
        people = _resolved(cells.several(f"responsible_{authority}"), known.get("inspector"))
        if people:
            responsible[authority] = people
    return Zone(
        id=cells.text("id", needed=True),
        name=cells.text("name", needed=True),
        level=level,
        kind=cells.word("kind", KIND_WORDS, "zone.unknown-kind", kinds, ZoneKind.OTHER),
        geometry=cells.record.geometry,
        units=units,
        responsible=responsible,
        priority=cells.integer("priority", PRIORITY_OF_LEVEL[level]),
        stop_minutes=minutes,
        walk=cells.boolean("walk", default=False),
        reasons=cells.text("reasons"),
    )


def unit_of(cells: Cells, _: Known) -> Unit:
    """Build a unit from a feature of the stations layer; its geometry must be one point."""
    point = _point(cells, "station.no-geometry", "station.not-a-point")
    return Unit(
        id=cells.text("id", needed=True),
        name=cells.text("name", needed=True),
        authority=cells.word("authority", *AUTHORITY_CHOICE, "township"),
        lon=point.x,
        lat=point.y,
        head=cells.text("head"),
        township=cells.text("township"),
    )


def inspector_of(cells: Cells, known: Known) -> Inspector:
    """Build a person; one without a certificate number is a driver."""
    return Inspector(
        id=cells.text("id", needed=True),
        name=cells.text("name", needed=True),
        units=_resolved(cells.several("unit", needed=True), known.get("unit")),
        certificate_number=cells.text("certificate_number"),
        certificate_from=cells.day("certificate_from"),
        certificate_until=cells.day("certificate_until"),
        licensed=cells.boolean("licensed", default=True),
    )


def vehicle_of(cells: Cells, known: Known) -> Vehicle:
    """Build a vehicle."""
    return Vehicle(
        id=cells.text("id", needed=True),
        plate=cells.text("plate"),
        units=_resolved(cells.several("unit", needed=True), known.get("unit")),
        seats=cells.integer("seats", 5),
        available_from=cells.day("available_from"),
        available_until=cells.day("available_until"),
    )


def leave_of(cells: Cells, known: Known) -> Leave:
    """Build a leave row of a person or vehicle."""
    who = cells.text("who", needed=True)
    for table in ("inspector", "vehicle"):
        who = known[table].resolve(who) if table in known else who
    return Leave(
        who=who,
        first_day=cells.day("first_day", needed=True) or date.min,
        last_day=cells.day("last_day", needed=True) or date.max,
        reason=cells.text("reason"),
    )


def past_visit_of(cells: Cells, known: Known) -> PastVisit:
    """Build a row of the history table."""
    zone = cells.text("zone", needed=True)
    return PastVisit(
        zone=known["zone"].resolve(zone) if "zone" in known else zone,
        authority=cells.word("authority", *AUTHORITY_CHOICE, "township"),
        day=cells.day("day", needed=True) or date.min,
    )


def checkpoint_of(cells: Cells, known: Known) -> Checkpoint:
    """Build a checkpoint from a feature of its layer; its geometry must be one point."""
    point = _point(cells, "checkpoint.no-geometry", "checkpoint.not-a-point")
    zone = cells.text("zone", needed=True)
    zone = known["zone"].resolve(zone) if "zone" in known else zone
    return Checkpoint(zone, point.x, point.y, cells.text("name"))


def _point(cells: Cells, none_code: str, other_code: str) -> Point:
    """Return the one point of a feature; anything else is a problem of either code."""
    geometry = cells.record.geometry
    if geometry is None or geometry.is_empty:
        cells.wrong(
            none_code,
            "geometry",
            Text("没有位置", "it has no position"),
            Text("在图层中为它画一个点", "draw a point for it in the layer"),
        )
    elif geometry.geom_type == "Point" or (
        geometry.geom_type == "MultiPoint" and len(geometry.geoms) == 1
    ):
        return geometry.centroid
    else:
        cells.wrong(
            other_code,
            "geometry",
            Text(f"几何为 {geometry.geom_type}，不是点", f"it is a {geometry.geom_type}, no point"),
            Text("改画为一个点", "draw it as one point"),
        )
    return Point(0, 0)


def _resolved(words: Iterable[str], directory: Directory | None) -> tuple[str, ...]:
    if directory is None:
        return tuple(words)
    return tuple(dict.fromkeys(directory.resolve(word) for word in words))
