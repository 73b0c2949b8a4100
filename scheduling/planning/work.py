"""A unit's work as numbers: locations, seconds between them, ways of doing each zone, shift caps.

Everything a unit's planning needs is copied out of the network here, so that units can be planned
in processes of their own. Location 0 is the unit's home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from network import NO_PATH, mode_seconds, travel_seconds
from scheduling.county.model import County, Zone
from scheduling.county.seasons import day_class_on
from scheduling.county.settings import CountySettings, DayClass, ShiftSettings
from scheduling.requirements import Requirement
from scheduling.roads import CountyRoads, manner_of

#: Travel where no road is open in a day class: longer than any shift, so never chosen.
CLOSED_SECONDS = 1_000_000


@dataclass(frozen=True)
class TaskMode:
    """One way of doing a zone: locations of entry and exit, and seconds inside per day class."""

    entry: int
    exit: int
    inside_seconds: tuple[int, ...]


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


def seconds_of(clock: time) -> int:
    """Seconds since midnight."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def latest_return_seconds(shift: ShiftSettings, day_class: DayClass) -> int:
    """Return the earlier of the shift's end and the season's daylight deadline, on the clock."""
    daylight = day_class.latest_return or shift.latest_return
    return min(seconds_of(shift.latest_return), seconds_of(daylight))


def work_cap_seconds(shift: ShiftSettings, day_class: DayClass) -> int:
    """Most seconds of driving and stops of a patrol in a day class.

    Lunch is owed once a patrol's work lasts beyond ``lunch_from``; it takes clock, not cap.
    """
    start = seconds_of(shift.earliest_departure)
    clock = latest_return_seconds(shift, day_class) - start
    before_lunch = max(0, min(clock, seconds_of(shift.lunch_from) - start))
    return min(shift.max_work_minutes * 60, max(before_lunch, clock - shift.lunch_minutes * 60))


def class_index(settings: CountySettings, day: date) -> int:
    """Index of the day's class among the settings' day classes."""
    return settings.day_classes.index(day_class_on(settings, day))


def stop_seconds(zone: Zone, settings: CountySettings, min_minutes: float) -> tuple[int, int]:
    """Return (fixed seconds at the zone, least seconds inside): stops take their minutes."""
    visit = settings.visit
    minutes = zone.stop_minutes
    if minutes is None and manner_of(zone) == "stop":
        minutes = visit.stop_minutes_by_kind.get(zone.kind.value, visit.stop_minutes)
    return round((minutes or 0) * 60), round(min_minutes * 60)


def unit_work(
    county: County, roads: CountyRoads, requirements: Sequence[Requirement], unit: str
) -> UnitWork:
    """Return the work of ``unit``: all zones it owes visits, travel in every day class."""
    own = [r for r in requirements if r.unit == unit]
    least_minutes: dict[str, float] = {}
    for r in own:
        least_minutes[r.zone] = max(least_minutes.get(r.zone, 0.0), r.min_minutes)
    zones = [zone for zone in county.zones if zone.id in least_minutes]
    nodes = [roads.homes[unit]]
    for zone in zones:
        for mode in roads.tasks[zone.id].modes:
            nodes += [mode.entry_node, mode.exit_node]
    distinct, place = np.unique(np.asarray(nodes[1:], dtype=np.int64), return_inverse=True)
    locations = np.concatenate(([nodes[0]], distinct))
    travel = np.stack(
        [
            travel_seconds(roads.network, roads.seconds[c.name], locations, locations)
            for c in county.settings.day_classes
        ]
    )
    travel[travel == NO_PATH] = CLOSED_SECONDS
    modes, used = [], 0
    for zone in zones:
        count = len(roads.tasks[zone.id].modes)
        own_places = place[2 * used : 2 * (used + count)] + 1
        modes.append(_zone_modes(county, roads, zone, own_places, least_minutes[zone.id]))
        used += count
    shift = county.settings.shift
    return UnitWork(
        unit,
        tuple(zone.id for zone in zones),
        tuple(modes),
        travel.astype(np.int64),
        tuple(work_cap_seconds(shift, c) for c in county.settings.day_classes),
        tuple(int(node) for node in locations),
    )


def _zone_modes(
    county: County,
    roads: CountyRoads,
    zone: Zone,
    places: NDArray[np.int64],
    min_minutes: float,
) -> tuple[TaskMode, ...]:
    settings = county.settings
    fixed, least = stop_seconds(zone, settings, min_minutes)
    modes = []
    for index, mode in enumerate(roads.tasks[zone.id].modes):
        inside = []
        for day_class in settings.day_classes:
            driving = mode_seconds(
                roads.network,
                mode,
                roads.seconds[day_class.name],
                settings.visit.roadside_kmh,
                settings.visit.walk_kmh,
            )
            closed = driving == NO_PATH
            inside.append(CLOSED_SECONDS if closed else max(least, fixed + driving))
        modes.append(TaskMode(int(places[2 * index]), int(places[2 * index + 1]), tuple(inside)))
    return tuple(modes)
