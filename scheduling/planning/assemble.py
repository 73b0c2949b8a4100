"""From decided patrols to patrols one can drive: clock times, legs with geometry, certificates."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from network import RoadPath, mode_length_m, mode_shape
from scheduling.county.model import County
from scheduling.county.seasons import clock_seconds
from scheduling.plan.model import CrewMember, Leg, Patrol, PatrolKind, Visit
from scheduling.planning.decided import DecidedPatrol
from scheduling.planning.work import UnitWork, class_index
from scheduling.requirements import Requirement
from scheduling.roads import CountyRoads

#: (day class, from location's node, to location's node)
_Pair = tuple[int, int, int]
#: Metres driven inside a zone and the line of it, (points, 2) lon/lat.
_Inside = tuple[float, NDArray[np.float64]]


@dataclass(frozen=True)
class _Clock:
    """Clock times of a patrol: arrival at each stop, return, and lunch (-1 when none is owed)."""

    arrivals: tuple[int, ...]
    return_seconds: int
    lunch_at_seconds: int


@dataclass(frozen=True)
class _Course:
    """What all patrols of one route in one day class share."""

    clock: _Clock
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class _Drawn:
    """What patrols share: paths between stops, ways inside by (zone id, mode), certificates.

    ``courses`` are those drawn so far, by unit, stops and day class.
    """

    paths: Mapping[_Pair, RoadPath]
    inside: Mapping[tuple[str, int], _Inside]
    certificates: Mapping[str, str]
    courses: dict[tuple[str, object, int], _Course] = field(default_factory=dict)


def assemble_patrols(
    county: County,
    roads: CountyRoads,
    works: Mapping[str, UnitWork],
    decided: Iterable[DecidedPatrol],
) -> tuple[Patrol, ...]:
    """Return the patrols sorted by id, each leg with its path on the network."""
    ordered = sorted(decided, key=lambda p: (p.unit, p.day, p.kind, p.vehicle))
    drawn = _Drawn(
        _all_paths(county, roads, works, ordered),
        _all_inside(roads, works, ordered),
        {person.id: person.certificate_number for person in county.inspectors},
    )
    templates: dict[tuple[str, object], str] = {}
    per_day: dict[tuple[str, object], int] = defaultdict(int)
    patrols = []
    for one in ordered:
        per_day[one.unit, one.day] += 1
        identity = f"{one.unit}-{one.day:%Y%m%d}-{per_day[one.unit, one.day]}"
        template = _template_name(templates, one)
        patrols.append(_patrol(county, roads, works[one.unit], one, identity, template, drawn))
    return tuple(sorted(patrols, key=lambda p: p.id))


def visits_meeting(
    requirements: Sequence[Requirement], patrols: Sequence[Patrol]
) -> dict[str, tuple[str, ...]]:
    """Return for each requirement the ids of the visits that count for it, by date."""
    made: dict[tuple[str, str, bool], tuple[list[date], list[str]]] = defaultdict(lambda: ([], []))
    for patrol in sorted(patrols, key=lambda p: (p.day, p.id)):
        for visit in patrol.visits:
            days, ids = made[patrol.unit, visit.zone, patrol.kind is PatrolKind.SPOT_CHECK]
            days.append(patrol.day)
            ids.append(visit.id)
    met = {}
    for r in requirements:
        days, ids = made[r.unit, r.zone, r.spot_check]
        low = bisect_left(days, r.window.first_day)
        met[r.id] = tuple(ids[low : bisect_right(days, r.window.last_day)])
    return met


def _template_name(templates: dict[tuple[str, object], str], one: DecidedPatrol) -> str:
    """Name recurring routes of a unit R01, R02, … in order of first use; spot checks have none."""
    if one.kind is PatrolKind.SPOT_CHECK:
        return ""
    key = (one.unit, one.stops)
    if key not in templates:
        count = sum(unit == one.unit for unit, _ in templates)
        templates[key] = f"{one.unit}-R{count + 1:02d}"
    return templates[key]


def _leg_locations(work: UnitWork, one: DecidedPatrol) -> list[tuple[int, int]]:
    here, legs = 0, []
    for zone, mode in one.stops:
        chosen = work.modes[zone][mode]
        legs.append((here, chosen.entry))
        here = chosen.exit
    return [*legs, (here, 0)]


def _all_paths(
    county: County,
    roads: CountyRoads,
    works: Mapping[str, UnitWork],
    decided: Sequence[DecidedPatrol],
) -> dict[_Pair, RoadPath]:
    wanted: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for one in decided:
        work = works[one.unit]
        day_class = class_index(county.settings, one.day)
        for a, b in _leg_locations(work, one):
            wanted[day_class].add((work.location_nodes[a], work.location_nodes[b]))
    paths: dict[_Pair, RoadPath] = {}
    for day_class, pairs in sorted(wanted.items()):
        seconds = roads.seconds[county.settings.day_classes[day_class].name]
        ordered = sorted(pairs)
        found = roads.travel.paths(seconds, ordered)
        for (a, b), path in zip(ordered, found, strict=True):
            paths[day_class, a, b] = path
    return paths


def _all_inside(
    roads: CountyRoads, works: Mapping[str, UnitWork], decided: Sequence[DecidedPatrol]
) -> dict[tuple[str, int], _Inside]:
    """Return the way inside each zone in each mode in which it is visited."""
    stops = {(works[one.unit].zones[zone], mode) for one in decided for zone, mode in one.stops}
    ways = {(zone, mode): roads.tasks[zone].modes[mode] for zone, mode in sorted(stops)}
    return {
        stop: (mode_length_m(roads.network, way), mode_shape(roads.network, way))
        for stop, way in ways.items()
    }


def _clock(county: County, work: UnitWork, one: DecidedPatrol, day_class: int) -> _Clock:
    shift = county.settings.shift
    now = clock_seconds(shift.earliest_departure)
    lunch_from, lunch_at = clock_seconds(shift.lunch_from), -1
    arrivals = []
    legs = _leg_locations(work, one)
    for (a, b), (zone, mode) in zip(legs, one.stops, strict=False):
        now += int(work.travel[day_class, a, b])
        arrivals.append(now)
        now += work.modes[zone][mode].inside_seconds[day_class]
        if lunch_at < 0 and now >= lunch_from and shift.lunch_minutes:
            lunch_at = now
            now += shift.lunch_minutes * 60
    a, b = legs[-1]
    return _Clock(tuple(arrivals), now + int(work.travel[day_class, a, b]), lunch_at)


def _patrol(
    county: County,
    roads: CountyRoads,
    work: UnitWork,
    one: DecidedPatrol,
    identity: str,
    template: str,
    drawn: _Drawn,
) -> Patrol:
    day_class = class_index(county.settings, one.day)
    key = one.unit, one.stops, day_class
    if key not in drawn.courses:
        drawn.courses[key] = _course(county, work, one, day_class, drawn)
    clock, legs = drawn.courses[key].clock, drawn.courses[key].legs
    visits = tuple(
        _visit(roads, drawn, work, stop, day_class, f"{identity}-{nth:02d}", arrival)
        for nth, (stop, arrival) in enumerate(zip(one.stops, clock.arrivals, strict=True), 1)
    )
    lunch_seconds = county.settings.shift.lunch_minutes * 60 if clock.lunch_at_seconds >= 0 else 0
    return Patrol(
        id=identity,
        unit=one.unit,
        day=one.day,
        kind=one.kind,
        vehicle=one.vehicle,
        crew=_crew(drawn.certificates, one),
        day_class=county.settings.day_classes[day_class].name,
        depart_seconds=clock_seconds(county.settings.shift.earliest_departure),
        return_seconds=clock.return_seconds,
        lunch_at_seconds=clock.lunch_at_seconds,
        lunch_seconds=lunch_seconds,
        visits=visits,
        legs=legs,
        template=template,
    )


def _course(
    county: County, work: UnitWork, one: DecidedPatrol, day_class: int, drawn: _Drawn
) -> _Course:
    names = ["", *(work.zones[zone] for zone, _ in one.stops), ""]
    legs = []
    for nth, (a, b) in enumerate(_leg_locations(work, one)):
        path = drawn.paths[day_class, work.location_nodes[a], work.location_nodes[b]]
        seconds = int(work.travel[day_class, a, b])
        legs.append(Leg(names[nth], names[nth + 1], seconds, path.length_m, path.shape_lonlat))
    return _Course(_clock(county, work, one, day_class), tuple(legs))


def _visit(
    roads: CountyRoads,
    drawn: _Drawn,
    work: UnitWork,
    stop: tuple[int, int],
    day_class: int,
    identity: str,
    arrive_seconds: int,
) -> Visit:
    zone, mode = stop
    task = roads.tasks[work.zones[zone]]
    way = task.modes[mode]
    length_m, shape = drawn.inside[work.zones[zone], mode]
    return Visit(
        id=identity,
        zone=work.zones[zone],
        arrive_seconds=arrive_seconds,
        inspect_seconds=work.modes[zone][mode].inside_seconds[day_class],
        walk_seconds=work.modes[zone][mode].walk_seconds,
        mode=mode,
        inside_length_m=length_m,
        lon=way.lon,
        lat=way.lat,
        inside_shape_lonlat=shape,
        seen_share=task.seen_share,
    )


def _crew(number: Mapping[str, str], one: DecidedPatrol) -> tuple[CrewMember, ...]:
    crew = [CrewMember(person, "inspector", number[person]) for person in one.people]
    if one.driver:
        crew.append(CrewMember(one.driver, "driver", number[one.driver]))
    return tuple(crew)
