"""Invented half-months of a patrol station, in the form that planning gives its templates."""

from __future__ import annotations

from math import ceil

import numpy as np

from optimizer import Fleet, Mode, Pattern, PeriodicProblem, Task

#: A patrol costs more than any detour it could save, as in planning.
PATROL_COST = 100_000.0
_SHIFT_SECONDS = 360 * 60
_METRES_PER_SECOND = 45 / 3.6
_ROAD_FACTOR = 1.35
_STOP_SECONDS = (12 * 60, 20 * 60)
_SIDE_M = 16_000.0


def half_month(tasks: int, seed: int) -> PeriodicProblem:
    """Return a half-month of a station with so many zones: least patrols, then least driving.

    A third of the zones are owed two visits, one on each of two virtual days, the others one on
    either. A quarter are roads, driven along in either direction. Whole seconds throughout.
    """
    rng = np.random.default_rng([tasks, seed])
    starts = rng.uniform(0.0, _SIDE_M, (tasks, 2))
    is_road = np.arange(tasks) % 4 == 3
    ends = starts + is_road[:, None] * rng.uniform(-3_000.0, 3_000.0, (tasks, 2))
    places = np.concatenate([rng.uniform(0.4, 0.6, (1, 2)) * _SIDE_M, starts, ends])
    apart = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    travel = np.ceil(apart * _ROAD_FACTOR / _METRES_PER_SECOND)
    stops = rng.integers(*_STOP_SECONDS, tasks).astype(float)
    inside = stops + is_road * travel.diagonal(tasks)[1 : tasks + 1]
    visits = np.where(np.arange(tasks) % 3 == 0, 2, 1)
    made = tuple(
        Task(
            _modes(1 + zone, 1 + tasks + zone, float(inside[zone]), both=bool(is_road[zone])),
            (Pattern(0b11),) if visits[zone] == 2 else (Pattern(0b01), Pattern(0b10)),
        )
        for zone in range(tasks)
    )
    nearest = np.where(travel > 0, travel, np.inf).min(axis=1)[1 : tasks + 1]
    work = float((visits * (inside + nearest)).sum())
    a_day = ceil(work / _SHIFT_SECONDS / 2) + 2
    fleets = tuple(
        Fleet(0, 0, a_day, _SHIFT_SECONDS, fixed_cost=PATROL_COST, days=1 << day)
        for day in range(2)
    )
    return PeriodicProblem(travel[None], travel[None], (0, 0), made, fleets)


def _modes(entry: int, leave: int, seconds: float, *, both: bool) -> tuple[Mode, ...]:
    if not both:
        return (Mode(entry, entry, (seconds,)),)
    return (Mode(entry, leave, (seconds,)), Mode(leave, entry, (seconds,)))
