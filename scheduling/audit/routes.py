"""Rules on routes: legs that chain, geometry that meets, speeds a car can drive, zones reached."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.problems import Text
from scheduling.audit.findings import Finding, breach
from scheduling.audit.owed import Case
from scheduling.county.model import Checkpoint
from scheduling.plan.model import Leg, Patrol, Visit

#: No car on these roads is faster than this on average, km/h.
FASTEST_KMH = 130.0
#: Ends of legs and the points they lead to lie at most this far apart.
MEETING_M = 50.0
#: Metres of a degree of latitude.
_DEGREE_M = 111_195.0

_Place = tuple[float, float]
#: A place, and how many metres a line may end from it.
_Reach = tuple[_Place, float]


def check_chain(case: Case) -> Iterator[Finding]:
    """Find legs that do not lead from home through every visit, in order, back home."""
    for patrol in case.shown_patrols:
        stops = ["", *(visit.zone for visit in patrol.visits), ""]
        wanted = list(pairwise(stops)) if patrol.visits else []
        found = [(leg.from_zone, leg.to_zone) for leg in patrol.legs]
        if not patrol.visits:
            yield breach(patrol.id, _text(patrol, Text("没有巡查点", "visits nothing")), "physical")
        elif found != wanted:
            why = Text(
                f"路段（{len(found)}段）与{len(patrol.visits)}处巡查的顺序不衔接",
                f"its {len(found)} legs do not lead through its {len(patrol.visits)} visits",
            )
            yield breach(patrol.id, _text(patrol, why), "physical")


def check_speed(case: Case) -> Iterator[Finding]:
    """Find legs and inspected roads driven faster than a car can."""
    for patrol in case.shown_patrols:
        driven = [(_leg_name(leg), leg.length_m, leg.drive_seconds) for leg in patrol.legs]
        driven += [
            (Text(v.zone, v.zone), v.inside_length_m, v.inspect_seconds - v.walk_seconds)
            for v in patrol.visits
        ]
        for name, length_m, seconds in driven:
            if not math.isfinite(length_m) or length_m < 0:
                why = Text(f"{name.zh}长度{length_m}米", f"{name.en}: a length of {length_m} m")
            elif length_m * 3.6 > FASTEST_KMH * (max(seconds, 0) + 1):
                kmh = length_m * 3.6 / max(seconds, 1)
                why = Text(
                    f"{name.zh}{length_m / 1000:.1f}公里用{seconds}秒，合{kmh:.0f}公里/小时",
                    f"{name.en}: {length_m / 1000:.1f} km in {seconds} s is {kmh:.0f} km/h",
                )
            else:
                continue
            yield breach(patrol.id, _text(patrol, why), "physical")


def check_geometry(case: Case) -> Iterator[Finding]:
    """Find legs whose line misses the visits or the home that it should join.

    A home may lie off the road as far as people may walk. No leg is shorter than the straight
    line between its ends.
    """
    away_from_road = case.county.settings.visit.max_walk_km * 1000 + MEETING_M
    known: dict[tuple[int, float, _Reach, _Reach], Text | None] = {}  # routes recur all year
    for patrol in case.shown_patrols:
        unit = case.units.get(patrol.unit)
        if unit is None or len(patrol.legs) != len(patrol.visits) + 1:
            continue
        home = ((unit.lon, unit.lat), away_from_road)
        starts = [home, *((_end(visit, -1), MEETING_M) for visit in patrol.visits)]
        ends = [*((_end(visit, 0), MEETING_M) for visit in patrol.visits), home]
        for leg, start, end in zip(patrol.legs, starts, ends, strict=True):
            key = id(leg.shape_lonlat), leg.length_m, start, end
            if key not in known:
                known[key] = _off_line(leg, start, end)
            fault = known[key]
            if fault is not None:
                name = _leg_name(leg)
                why = Text(f"{name.zh}{fault.zh}", f"{name.en}: {fault.en}")
                yield breach(patrol.id, _text(patrol, why), "physical")


def _off_line(leg: Leg, start: _Reach, end: _Reach) -> Text | None:
    """Return what is wrong with a leg's line between two places, if anything is."""
    line = leg.shape_lonlat
    if len(line) == 0 or not np.isfinite(line).all():
        return Text("没有线路", "no line")
    first, last = _place(line, 0), _place(line, -1)
    off = max(metres(first, start[0]) - start[1], metres(last, end[0]) - end[1])
    if off > 0:
        return Text(
            f"的线路与巡查点相距过远（超出{off:.0f}米）",
            f"the line misses its ends, {off:.0f} m too far",
        )
    straight = metres(first, last)
    if leg.length_m < straight * 0.99 - MEETING_M:
        return Text(
            f"长{leg.length_m:.0f}米，短于直线距离{straight:.0f}米",
            f"{leg.length_m:.0f} m, less than the straight {straight:.0f} m",
        )
    return None


def check_zone_reached(case: Case) -> Iterator[Finding]:
    """Find visits out of sight of their zone."""
    sight = case.county.settings.visit.sight_m + MEETING_M
    flat: dict[str, BaseGeometry] = {
        zone.id: _flat(zone.geometry, zone.geometry.centroid.y) for zone in case.county.zones
    }
    known: dict[tuple[str, float, float, bytes], float] = {}
    for patrol in case.shown_patrols:
        for visit in patrol.visits:
            if visit.zone not in flat:
                continue
            key = (visit.zone, visit.lon, visit.lat, visit.inside_shape_lonlat.tobytes())
            if key not in known:
                known[key] = _distance(case, flat, visit)
            if not known[key] <= sight:
                why = Text(
                    f"{case.zone_name(visit.zone)}的巡查地点距该区{known[key]:.0f}米",
                    f"the visit of {case.zone_name(visit.zone)} is {known[key]:.0f} m away from it",
                )
                yield breach(patrol.id, _text(patrol, why), "physical")


def check_checkpoints(case: Case) -> Iterator[Finding]:
    """Find visits that come no nearer to a place the bureau marked than one sees.

    A checkpoint is passed on the road nearest to it, which lies within sight of it.
    """
    marked: dict[str, list[Checkpoint]] = defaultdict(list)
    for row in case.county.checkpoints:
        marked[row.zone].append(row)
    sight_m = case.county.settings.visit.sight_m + MEETING_M
    known: dict[tuple[str, float, float, bytes], list[str]] = {}
    for patrol in case.shown_patrols:
        for visit in patrol.visits:
            if visit.zone not in marked:
                continue
            key = (visit.zone, visit.lon, visit.lat, visit.inside_shape_lonlat.tobytes())
            if key not in known:
                places = marked[visit.zone]
                known[key] = [row.name for row in places if not _away_m(visit, row) <= sight_m]
            for name in known[key]:
                zone = case.zone_name(visit.zone)
                why = Text(
                    f"到{zone}的巡查没有经过检查点“{name}”",
                    f"the visit of {zone} does not pass the checkpoint '{name}'",
                )
                yield breach(patrol.id, _text(patrol, why), "user")


def _away_m(visit: Visit, row: Checkpoint) -> float:
    """Return metres from a checkpoint to the nearest of the road driven inside and the stop."""
    place = shapely.Point(row.lon, row.lat)
    return float(shapely.distance(_flat(_driven(visit), row.lat), _flat(place, row.lat)))


def _driven(visit: Visit) -> BaseGeometry:
    """Return the road driven inside with the stop, which alone is a point."""
    points = [[visit.lon, visit.lat], *visit.inside_shape_lonlat.tolist()]
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(points)


def metres(one: _Place, other: _Place) -> float:
    """Return the metres between two places (lon, lat), true to 1 % within a county."""
    middle = math.radians((one[1] + other[1]) / 2)
    return _DEGREE_M * math.hypot((one[0] - other[0]) * math.cos(middle), one[1] - other[1])


def _distance(case: Case, flat: Mapping[str, BaseGeometry], visit: Visit) -> float:
    """Return metres from the zone to the nearest of the road driven inside and the stop."""
    zone = case.zones[visit.zone]
    latitude = zone.geometry.centroid.y
    there = _flat(_driven(visit), latitude)
    return float(shapely.distance(flat[visit.zone], there))


def _flat(geometry: BaseGeometry, latitude: float) -> BaseGeometry:
    scale = np.array([_DEGREE_M * math.cos(math.radians(latitude)), _DEGREE_M])
    return shapely.transform(shapely.force_2d(geometry), lambda lonlat: lonlat * scale)


def _end(visit: Visit, which: int) -> _Place:
    """Return where the road reaches (0) or leaves (-1) the visit."""
    line = visit.inside_shape_lonlat
    return _place(line, which) if len(line) else (visit.lon, visit.lat)


def _place(line: NDArray[np.float64], which: int) -> _Place:
    return float(line[which][0]), float(line[which][1])


def _leg_name(leg: Leg) -> Text:
    return Text(
        f"{leg.from_zone or '驻地'}至{leg.to_zone or '驻地'}",
        f"{leg.from_zone or 'home'} to {leg.to_zone or 'home'}",
    )


def _text(patrol: Patrol, why: Text) -> Text:
    place = f"{patrol.day} {patrol.id}"
    return Text(f"{place}：{why.zh}", f"{place}: {why.en}")
