"""Periodic multi-depot routing with modes as numbers: tasks, patterns of days, fleets, travel.

Knows no zones, dates or people. One model covers PVRP, MDVRP, MDPVRP, CARP, periodic CARP and mixed
general routing (Vidal et al. 2012 for the periodic part; modes after Bode & Irnich 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf, isfinite, isnan

import numpy as np
from numpy.typing import NDArray

#: Days fit one machine word.
MAX_DAYS = 31


@dataclass(frozen=True)
class Mode:
    """One way of doing a task: enter at a location, leave at another, time and cost inside.

    ``durations`` has one entry per day class, or a single one valid for all.
    """

    entry: int
    exit: int
    durations: tuple[float, ...] = (0.0,)
    cost: float = 0.0


@dataclass(frozen=True)
class Pattern:
    """A set of days as a bit mask (bit d = day d) with its cost; mask 0 drops the task.

    >>> monday_and_thursday, not_at_all = Pattern(0b01001), Pattern(0, cost=500.0)
    """

    mask: int
    cost: float = 0.0


@dataclass(frozen=True)
class Task:
    """Something to be visited on every day of exactly one of its patterns, in one of its modes."""

    modes: tuple[Mode, ...]
    patterns: tuple[Pattern, ...]
    demand: float = 0.0


@dataclass(frozen=True)
class Fleet:
    """Up to ``count`` patrols a day from location ``start`` to ``end`` on the days of ``days``."""

    start: int
    end: int
    count: int
    max_duration: float = inf
    capacity: float = inf
    fixed_cost: float = 0.0
    days: int = (1 << MAX_DAYS) - 1


@dataclass(frozen=True)
class Link:
    """The price of the days between two tasks' visits: for gaps where patterns would be too many.

    ``gap_costs[g]`` is paid when the first visit of ``later`` is g days after the last visit of
    ``earlier`` (0: the same day); ``inf`` forbids it, and the wrong order always is. One entry per
    day of the problem. Nothing is paid when one of them is dropped (mask 0).

    Two visits of one place as tasks 0 and 1, two days apart at best, never on one day, in a week
    of five days:

    >>> Link(0, 1, (inf, 30.0, 0.0, 0.0, 30.0)).gap_costs[2]
    0.0
    """

    earlier: int
    later: int
    gap_costs: tuple[float, ...]


@dataclass(frozen=True)
class PeriodicProblem:
    """``duration[c, i, j]`` and ``cost[c, i, j]`` from location i to j in day class c, (C, L, L).

    ``day_class[d]`` is the class of day d; its length is the number of days. ``inf`` in either
    matrix means that there is no way from i to j. The matrices are copied and set read-only.
    Raises ValueError, naming every fault, when sizes or indices do not fit together.
    """

    duration: NDArray[np.float64]
    cost: NDArray[np.float64]
    day_class: tuple[int, ...]
    tasks: tuple[Task, ...]
    fleets: tuple[Fleet, ...]
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        for name in ("duration", "cost"):
            matrix = np.array(getattr(self, name), dtype=np.float64, order="C")
            matrix.setflags(write=False)
            object.__setattr__(self, name, matrix)
        faults = list(_faults(self))
        if faults:
            raise ValueError("\n".join(faults))

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.day_class)

    @property
    def locations(self) -> int:
        """How many locations the matrices join."""
        return int(self.duration.shape[1])

    @property
    def classes(self) -> int:
        """How many day classes there are."""
        return int(self.duration.shape[0])


@dataclass(frozen=True)
class Route:
    """One patrol: day, fleet index, and (task, mode) in order."""

    day: int
    fleet: int
    stops: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Solution:
    """Non-empty routes, and the index of the pattern chosen for each task."""

    routes: tuple[Route, ...]
    patterns: tuple[int, ...]


def _faults(problem: PeriodicProblem) -> Iterator[str]:
    """Yield every fault of a problem in plain words."""
    shape = problem.duration.shape
    if len(shape) != 3 or shape[1] != shape[2] or shape[0] == 0:
        yield f"duration must have shape (classes, locations, locations), not {shape}"
        return
    if problem.cost.shape != shape:
        yield f"cost has shape {problem.cost.shape}, duration {shape}: they must be equal"
        return
    for name, matrix in (("duration", problem.duration), ("cost", problem.cost)):
        if np.isnan(matrix).any() or (matrix == -inf).any():
            yield f"{name} holds NaN or -inf"
    if (problem.duration < 0).any():
        yield "duration holds negative numbers"
    if not 1 <= problem.days <= MAX_DAYS:
        yield f"there must be 1 to {MAX_DAYS} days, not {problem.days}"
    for day, number in enumerate(problem.day_class):
        if not 0 <= number < shape[0]:
            yield f"day {day}: there is no day class {number}"
    yield from _part_faults(problem)


def _part_faults(problem: PeriodicProblem) -> Iterator[str]:
    """Yield the faults of tasks, links and fleets."""
    parts: tuple[tuple[str, Callable[..., Iterator[str]], tuple[object, ...]], ...] = (
        ("task", _task_faults, problem.tasks),
        ("link", _link_faults, problem.links),
        ("fleet", _fleet_faults, problem.fleets),
    )
    for name, faults, items in parts:
        for index, item in enumerate(items):
            for fault in faults(item, problem):
                yield f"{name} {index}: {fault}"


def _task_faults(task: Task, problem: PeriodicProblem) -> Iterator[str]:
    """Yield the faults of one task."""
    if not task.modes:
        yield "it has no mode"
    if not task.patterns:
        yield "it has no pattern"
    if not isfinite(task.demand) or task.demand < 0:
        yield f"demand {task.demand} is not a finite number >= 0"
    for number, mode in enumerate(task.modes):
        for place in (mode.entry, mode.exit):
            if not 0 <= place < problem.locations:
                yield f"mode {number}: there is no location {place}"
        if len(mode.durations) not in {1, problem.classes}:
            yield (
                f"mode {number}: {len(mode.durations)} durations for {problem.classes} day classes"
            )
        if not all(isfinite(value) and value >= 0 for value in mode.durations):
            yield f"mode {number}: durations {mode.durations} are not finite numbers >= 0"
        if not isfinite(mode.cost):
            yield f"mode {number}: cost {mode.cost} is not finite"
    for number, pattern in enumerate(task.patterns):
        if not 0 <= pattern.mask < 1 << problem.days:
            yield f"pattern {number}: mask {pattern.mask} names days outside 0..{problem.days - 1}"
        if not isfinite(pattern.cost):
            yield f"pattern {number}: cost {pattern.cost} is not finite"


def _link_faults(link: Link, problem: PeriodicProblem) -> Iterator[str]:
    """Yield the faults of one link."""
    for task in (link.earlier, link.later):
        if not 0 <= task < len(problem.tasks):
            yield f"there is no task {task}"
    if link.earlier == link.later:
        yield f"it joins task {link.earlier} to itself"
    if len(link.gap_costs) != problem.days:
        yield f"{len(link.gap_costs)} gap costs for {problem.days} days"
    if not all(cost >= 0 for cost in link.gap_costs):
        yield f"gap costs {link.gap_costs} are not all numbers >= 0"


def _fleet_faults(fleet: Fleet, problem: PeriodicProblem) -> Iterator[str]:
    """Yield the faults of one fleet."""
    for place in (fleet.start, fleet.end):
        if not 0 <= place < problem.locations:
            yield f"there is no location {place}"
    if fleet.count < 0:
        yield f"count {fleet.count} is negative"
    if fleet.days < 0:
        yield f"days {fleet.days} is not a bit mask"
    if not isfinite(fleet.fixed_cost):
        yield f"fixed cost {fleet.fixed_cost} is not finite"
    for name, value in (("max_duration", fleet.max_duration), ("capacity", fleet.capacity)):
        if isnan(value) or value < 0:
            yield f"{name} {value} is not a number >= 0"
