"""A unit's work as numbers: locations, seconds between them, ways of doing each zone, shift caps.

Everything a unit's planning needs is copied out of the network here, so that units can be planned
in processes of their own. Location 0 is the unit's home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from network import NO_PATH, mode_length_m, mode_seconds
from scheduling.county.model import County, Zone
from scheduling.county.seasons import clock_seconds, day_class_on, latest_return_seconds
from scheduling.county.settings import CountySettings, DayClass, VisitSettings
from scheduling.requirements import Requirement
from scheduling.roads import CountyRoads, stop_seconds

#: Travel where no road is open in a day class: longer than any shift, so never chosen.
CLOSED_SECONDS = 1_000_000


@dataclass(frozen=True)
class TaskMode:
    """One way of doing a zone: locations of entry and exit, and seconds inside per day class.

    ``walk_seconds`` of them are walked.
    """

    entry: int
    exit: int
    inside_seconds: tuple[int, ...]
    walk_seconds: int = 0


@dataclass(frozen=True)
class UnitWork:
    """One unit's zones and travel. ``travel[c, i, j]`` whole seconds in day class c, (C, L, L)."""

    unit: str
    zones: tuple[str, ...]
    modes: tuple[tuple[TaskMode, ...], ...]
    travel: NDArray[np.int64]
    cap_seconds: tuple[int, ...]  # most seconds of driving and stops, per day class
    location_nodes: tuple[int, ...]

    def shortest_trip_seconds(self, zone: int, day_class: int) -> int:
        """Seconds of a patrol that does this zone alone."""
        travel = self.travel[day_class]
        return min(
            int(travel[0, m.entry]) + m.inside_seconds[day_class] + int(travel[m.exit, 0])
            for m in self.modes[zone]
        )

    def route_seconds(self, stops: Sequence[tuple[int, int]], day_class: int) -> int:
        """Driving and inspecting seconds of a route of (zone index, mode) from home to home."""
        travel = self.travel[day_class]
        here, total = 0, 0
        for zone, mode in stops:
            chosen = self.modes[zone][mode]
            total += int(travel[here, chosen.entry]) + chosen.inside_seconds[day_class]
            here = chosen.exit
        return total + int(travel[here, 0])


def work_cap_seconds(settings: CountySettings, day_class: DayClass) -> int:
    """Return the most seconds of driving and stops of a patrol in a day class.

    Lunch is owed once a patrol's work lasts beyond ``lunch_from``; it takes clock, not cap.
    """
    shift = settings.shift
    start = clock_seconds(shift.earliest_departure)
    clock = latest_return_seconds(settings, day_class) - start
    before_lunch = max(0, min(clock, clock_seconds(shift.lunch_from) - start))
    return min(shift.max_work_minutes * 60, max(before_lunch, clock - shift.lunch_minutes * 60))


def caps_seconds(settings: CountySettings) -> tuple[int, ...]:
    """Return ``work_cap_seconds`` of every day class."""
    return tuple(work_cap_seconds(settings, day_class) for day_class in settings.day_classes)


def class_index(settings: CountySettings, day: date) -> int:
    """Index of the day's class among the settings' day classes."""
    return settings.day_classes.index(day_class_on(settings, day))


@dataclass(frozen=True)
class LeastVisit:
    """What the rules in force ask of every visit to a zone."""

    minutes: float = 0.0
    length_km: float = 0.0

    def raised_by(self, requirement: Requirement) -> LeastVisit:
        """Return the stricter of this and the requirement."""
        return LeastVisit(
            max(self.minutes, requirement.min_minutes),
            max(self.length_km, requirement.min_length_km),
        )


def unit_work(
    county: County, roads: CountyRoads, requirements: Sequence[Requirement], unit: str
) -> UnitWork:
    """Return the work of ``unit``: all zones it owes visits, travel in every day class."""
    least: dict[str, LeastVisit] = {}
    for requirement in requirements:
        if requirement.unit == unit:
            zone_id = requirement.zone
            least[zone_id] = least.get(zone_id, LeastVisit()).raised_by(requirement)
    zones = [zone for zone in county.zones if zone.id in least]
    nodes = [roads.homes[unit]]
    for zone in zones:
        for mode in roads.tasks[zone.id].modes:
            nodes += [mode.entry_node, mode.exit_node]
    distinct, place = np.unique(np.asarray(nodes[1:], dtype=np.int64), return_inverse=True)
    locations = np.concatenate(([nodes[0]], distinct))
    travel = np.stack(
        [
            roads.travel.seconds(roads.seconds[c.name], locations, locations)
            for c in county.settings.day_classes
        ]
    )
    travel[travel == NO_PATH] = CLOSED_SECONDS
    modes, used = [], 0
    for zone in zones:
        count = len(roads.tasks[zone.id].modes)
        own_places = place[2 * used : 2 * (used + count)] + 1
        modes.append(_zone_modes(county, roads, zone, own_places, least[zone.id]))
        used += count
    return UnitWork(
        unit,
        tuple(zone.id for zone in zones),
        tuple(modes),
        travel.astype(np.int64),
        caps_seconds(county.settings),
        tuple(int(node) for node in locations),
    )


def _zone_modes(
    county: County,
    roads: CountyRoads,
    zone: Zone,
    places: NDArray[np.int64],
    least: LeastVisit,
) -> tuple[TaskMode, ...]:
    settings, visit = county.settings, county.settings.visit
    modes = []
    for index, mode in enumerate(roads.tasks[zone.id].modes):
        fixed = stop_seconds(zone, settings, driven=bool(mode.edges))
        walk_m = 2 * mode.walk_m
        more_m = max(0.0, least.length_km * 1000 - mode_length_m(roads.network, mode) - walk_m)
        fixed += _walk_seconds(more_m, visit)
        inside = []
        for day_class in settings.day_classes:
            seconds = roads.seconds[day_class.name]
            driving = mode_seconds(roads.network, mode, seconds, visit.roadside_kmh, visit.walk_kmh)
            longest = max(round(least.minutes * 60), fixed + driving)
            inside.append(CLOSED_SECONDS if driving == NO_PATH else longest)
        walk = _walk_seconds(walk_m + more_m, visit)
        entry, leave = int(places[2 * index]), int(places[2 * index + 1])
        modes.append(TaskMode(entry, leave, tuple(inside), walk))
    return tuple(modes)


def _walk_seconds(metres: float, visit: VisitSettings) -> int:
    """Return whole seconds in which one has surely walked so far."""
    return int(metres / (visit.walk_kmh / 3.6)) + 1 if metres else 0
