"""The test's own model of what a conflict set says, from the county's tables: shares no code.

Members are taken from the words a set is told by: kind and index. Brute force over the days would
do for tiny units; CP-SAT here is built day by day and person by person, from tables alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from ortools.sat.python import cp_model

from scheduling.inputs import PlanInputs
from scheduling.planning.work import UnitWork


@dataclass(frozen=True)
class Owed:
    """A window that needs patrols; some zone is to be visited on ``on_days`` different days."""

    first: date
    last: date
    patrols: int
    on_days: int


def can_hold(
    inputs: PlanInputs, windows: Sequence[Owed], held: Collection[tuple[str, object]]
) -> bool:
    """Whether the only unit can send what the windows need while these things hold.

    ``held``: ("fleet" or "staff" or "licence" or "week-cap" or "span-cap", None), ("calendar",
    (first day, last day)) of a window, and ("leave" or "certificate" or "vehicle", (who, first day,
    last day)).
    """
    county, (unit,) = inputs.county, inputs.units
    kinds = {kind for kind, _ in held}
    workdays = set(inputs.calendar.workdays)
    model = cp_model.CpModel()
    teams: dict[date, cp_model.IntVar] = {}
    for owed in windows:
        days = list(_days(owed.first, owed.last))
        if ("calendar", (owed.first, owed.last)) in held:
            days = [day for day in days if day in workdays]
        own = {day: model.new_int_var(0, 60, "") for day in days}
        out = {day: model.new_bool_var("") for day in days}
        for day in days:
            model.add(own[day] >= out[day])
        model.add(sum(own.values()) >= owed.patrols)
        model.add(sum(out.values()) >= owed.on_days)
        teams |= own
    away = {
        (kind, who, day)
        for kind, what in held
        if kind in {"leave", "certificate", "vehicle"}
        for who, first, last in [what]  # type: ignore[misc]
        for day in _days(first, last)
    }
    people = [person for person in county.inspectors if unit in person.units]
    roles: dict[tuple[str, date], list[cp_model.IntVar]] = defaultdict(list)
    for day, of_day in teams.items():
        if "fleet" in kinds:
            cars = [car for car in county.vehicles if unit in car.units]
            model.add(of_day <= sum(("vehicle", c.id, day) not in away for c in cars))
        _crew(model, people, day, of_day, kinds, away, roles)
    for person in people:
        _caps(model, inputs, person.id, sorted(teams), kinds, roles)
    return cp_model.CpSolver().solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE}


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _crew(model, people, day, teams, kinds, away, roles) -> None:  # type: ignore[no-untyped-def]
    aboard, drivers, able = [], [], []
    for person in people:
        if ("leave", person.id, day) in away:
            continue
        may = bool(person.certificate_number) and ("certificate", person.id, day) not in away
        inspects, drives = model.new_bool_var(""), model.new_bool_var("")
        if not may:
            model.add(inspects == 0)
        if not person.licensed:
            model.add(drives == 0)
        model.add(inspects + drives <= 1)
        roles[person.id, day] += [inspects, drives]
        aboard.append(inspects)
        drivers.append(drives)
        able += [inspects] * person.licensed
    if "staff" in kinds:
        model.add(sum(aboard) == 2 * teams)
    if {"staff", "licence"} <= kinds:
        model.add(sum(able) + sum(drivers) >= teams)


def _caps(model, inputs, who, days, kinds, roles) -> None:  # type: ignore[no-untyped-def]
    caps = inputs.county.settings.caps
    weeks: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for day in days:
        weeks[day.isocalendar()[:2]] += roles[who, day]
    if "week-cap" in kinds:
        for of_week in weeks.values():
            model.add(sum(of_week) <= caps.patrol_days_per_week)
    if "span-cap" in kinds:
        for first in days:
            span = [v for day in days if 0 <= (day - first).days < 28 for v in roles[who, day]]
            model.add(sum(span) <= caps.patrol_days_per_28_days)


def least_patrols(work: UnitWork, owed: Mapping[str, int], classes: Collection[int]) -> int:
    """Return the fewest patrols that do the visits owed, by trying every set of zones.

    Times are the least over the day classes; a zone owing two visits is on two patrols.
    """
    zones = [work.zones.index(zone) for zone in sorted(owed)]
    travel = work.travel[sorted(classes)].min(axis=0)
    cap = max(work.cap_seconds[c] for c in classes)
    inside = {
        zone: [min(mode.inside_seconds[c] for c in classes) for mode in work.modes[zone]]
        for zone in zones
    }

    @cache
    def quickest(chosen: frozenset[int], at: int) -> int:
        """Least seconds from home through all ``chosen``, ending at location ``at``."""
        best = int(travel[0, at]) if not chosen else 10**9
        for zone in chosen:
            for mode, seconds in zip(work.modes[zone], inside[zone], strict=True):
                before = quickest(chosen - {zone}, mode.entry)
                best = min(best, before + seconds + int(travel[mode.exit, at]))
        return best

    ways = [frozenset[int]()]
    for zone in zones:
        ways += [way | {zone} for way in ways]
    routes = [way for way in ways if way and quickest(way, 0) <= cap]
    alone = {zone for route in routes for zone in route}
    counts = tuple(owed[work.zones[zone]] if zone in alone else 0 for zone in zones)

    @cache
    def fewest(left: tuple[int, ...]) -> int:
        if not any(left):
            return 0
        first = next(place for place, count in enumerate(left) if count)
        best = 10**6
        for route in routes:
            if zones[first] in route:
                rest = tuple(
                    max(0, count - (zone in route)) for zone, count in zip(zones, left, strict=True)
                )
                best = min(best, 1 + fewest(rest))
        return best

    return max(fewest(counts), max(counts, default=0))
