"""The occasions of a plan: what an observer of its units could try to foresee."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

from scheduling.calendar.windows import Window, days_of
from scheduling.foresight.measure import Foresight, foresee, pooled
from scheduling.foresight.occasions import Occasion, OpenWindow, occasions
from scheduling.plan.model import PatrolKind, Plan

#: The group of spot checks of a level is "L3-spot", that of its scheduled visits "L3".
SPOT: str = "-spot"


def plan_foresight(plan: Plan) -> dict[str, Foresight]:
    """Return, by level ("L1", or "L3-spot" for spot checks), how well predictors do on a plan.

    Units are observed apart. Of an open plan the spot checks are not known.
    """
    by_unit: dict[str, list[Occasion]] = defaultdict(list)
    for occasion in plan_occasions(plan):
        by_unit[occasion.series[0]].append(occasion)
    return pooled(foresee(by_unit[unit]) for unit in sorted(by_unit))


def plan_occasions(plan: Plan) -> tuple[Occasion, ...]:
    """Return the occasions of every zone and unit; spot checks are series of their own."""
    levels = {zone.id: zone.level for zone in plan.county.zones}
    visits: dict[tuple[str, str, bool], list[date]] = defaultdict(list)
    for patrol in plan.patrols:
        for visit in patrol.visits:
            spot = patrol.kind is PatrolKind.SPOT_CHECK
            visits[patrol.unit, visit.zone, spot].append(patrol.day)
    windows: dict[tuple[str, str, bool], list[OpenWindow]] = defaultdict(list)
    patrol_days = plan.calendar.patrol_days

    @cache
    def days_in(window: Window, *, workdays_only: bool) -> tuple[date, ...]:
        every = patrol_days if workdays_only else days_of(window)
        return tuple(day for day in every if window.holds(day))

    for one in plan.requirements:
        days = days_in(one.window, workdays_only=one.workdays_only)
        windows[one.unit, one.zone, one.spot_check].append(OpenWindow(days, one.count))
    found: list[Occasion] = []
    for unit, zone, spot in sorted(windows):
        key = (unit, zone, spot)
        group = f"L{levels[zone]}{SPOT if spot else ''}"
        series = (unit, f"{zone}{SPOT if spot else ''}")
        found += occasions(series, group, visits.get(key, ()), windows[key])
    return tuple(found)
