"""Periodic multi-depot routing with modes as numbers: tasks, patterns of days, fleets, travel.

Knows no zones, dates or people. One model covers PVRP, MDVRP, MDPVRP, CARP, periodic CARP and mixed
general routing (Vidal et al. 2012 for the periodic part; modes after Bode & Irnich 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

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
    """A set of days as a bit mask (bit d = day d) with its cost; mask 0 drops the task."""

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
    """Up to ``count`` patrols a day from ``start`` to ``end`` (locations) on the days of ``days``."""

    start: int
    end: int
    count: int
    max_duration: float = inf
    capacity: float = inf
    fixed_cost: float = 0.0
    days: int = (1 << MAX_DAYS) - 1


@dataclass(frozen=True)
class PeriodicProblem:
    """``duration[c, i, j]`` and ``cost[c, i, j]`` from location i to j in day class c, (C, L, L).

    ``day_class[d]`` is the class of day d; its length is the number of days.
    Raises ValueError, naming every fault, when sizes or indices do not fit together.
    """

    duration: NDArray[np.float64]
    cost: NDArray[np.float64]
    day_class: tuple[int, ...]
    tasks: tuple[Task, ...]
    fleets: tuple[Fleet, ...]


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
