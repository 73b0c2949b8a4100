"""Problems of each kind that the engine's tests share, small enough for milliseconds."""

from __future__ import annotations

from contextlib import contextmanager
from math import inf

import numpy as np
import pytest

from optimizer import Fleet, Link, Mode, Pattern, PeriodicProblem, Task
from optimizer.engine import evolution, population


def ways(seed: int, places: int, classes: int = 1) -> np.ndarray:
    """Return whole-number distances between random places, each class a third longer."""
    xy = np.random.default_rng(seed).uniform(0.0, 90.0, (places, 2))
    way = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    return np.stack([np.ceil(way * (1.0 + number / 3.0)) for number in range(classes)])


def one_day(tasks: int = 14) -> PeriodicProblem:
    """Return a day with two depots and loads."""
    way = ways(1, tasks + 2)
    work = tuple(
        Task((Mode(i, i, (3.0,)),), (Pattern(1),), 1.0 + i % 3) for i in range(2, tasks + 2)
    )
    fleets = (Fleet(0, 0, 3, inf, 9.0, 10.0), Fleet(1, 1, 3, 300.0, 9.0, 5.0))
    return PeriodicProblem(way, way, (0,), work, fleets)


def periodic(tasks: int = 12, days: int = 4) -> PeriodicProblem:
    """Return four days: some tasks twice, some once, some may be dropped; tight shifts."""
    way = ways(2, tasks + 1)
    twice, once = (Pattern(0b0101), Pattern(0b1010, 2.0)), tuple(Pattern(1 << d) for d in range(4))
    kinds = (twice, once, (*once, Pattern(0, 60.0)))
    work = tuple(
        Task((Mode(i, i, (5.0,)),), kinds[i % 3], float(i % 2)) for i in range(1, tasks + 1)
    )
    return PeriodicProblem(way, way, (0,) * days, work, (Fleet(0, 0, 2, 330.0, 6.0, 20.0),))


def several_fleets(tasks: int = 12) -> PeriodicProblem:
    """Return three days of two classes, two depots, one of which works on two days only."""
    way = ways(3, tasks + 2, 2)
    patterns = ((Pattern(1), Pattern(2), Pattern(4)), (Pattern(3), Pattern(6), Pattern(5)))
    work = tuple(Task((Mode(i, i, (5.0, 8.0)),), patterns[i % 2], 1.0) for i in range(2, tasks + 2))
    fleets = (Fleet(0, 1, 2, 500.0, 7.0, 5.0, days=0b101), Fleet(1, 1, 3, 500.0, 7.0, 5.0))
    return PeriodicProblem(way, way, (0, 1, 0), work, fleets)


def with_modes(tasks: int = 10) -> PeriodicProblem:
    """Return two days of roads, each driven in either direction, for two fleets."""
    way = ways(4, 2 * tasks + 1)
    work = tuple(
        Task(
            (Mode(2 * i, 2 * i + 1, (9.0,), 4.0), Mode(2 * i + 1, 2 * i, (9.0,), 5.0)),
            (Pattern(1), Pattern(2)) if i % 3 else (Pattern(3),),
            1.0,
        )
        for i in range(tasks - 1)
    )
    fleets = (Fleet(2 * tasks, 2 * tasks, 2, inf, 6.0), Fleet(0, 0, 1, inf, 6.0, 3.0))
    return PeriodicProblem(way, way, (0, 0), work, fleets)


def linked(tasks: int = 10, days: int = 6) -> PeriodicProblem:
    """Return six days on which tasks 2k and 2k + 1 are one place's visits, 2-4 days apart."""
    way = ways(5, tasks // 2 + 1)
    gaps = (inf, 25.0, 0.0, 0.0, 0.0, 25.0)
    once = tuple(Pattern(1 << day) for day in range(days))
    work = tuple(Task((Mode(i // 2 + 1, i // 2 + 1, (5.0,)),), once, 1.0) for i in range(tasks))
    links = tuple(Link(i, i + 1, gaps) for i in range(0, tasks, 2))
    return PeriodicProblem(way, way, (0,) * days, work, (Fleet(0, 0, 1, 300.0, 4.0, 10.0),), links)


KINDS = {make.__name__: make for make in (one_day, periodic, several_fleets, with_modes, linked)}


@contextmanager
def short_chains(shortest: int = 40):
    """Let a few hundred iterations hold many chains, children and renewals of the population."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evolution, "SHORTEST", shortest)
        patch.setattr(evolution, "FRESH_PER_VISIT", 1)
        patch.setattr(evolution, "CHILDREN", ((1, 0.1),) * 3)
        patch.setattr(evolution, "POLISHED_PER_VISIT", 1)
        patch.setattr(evolution, "SHORTEST_ROUND", shortest // 2)
        patch.setattr(evolution, "ROUNDS", 2)
        patch.setattr(evolution, "REHEATED_PER_VISIT", 1)
        patch.setattr(evolution, "STUCK", 12)
        patch.setattr(population, "YOUNG", 3)
        yield
