"""Cheap proofs: a lower bound on the cost, and tasks that no patrol can do at all."""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from optimizer.engine.arrays import NO_WAY, Arrays, Floats
from optimizer.problem import PeriodicProblem
from optimizer.solution_check import TOLERANCE


def impossible_tasks(problem: PeriodicProblem, arrays: Arrays) -> list[int]:
    """Return the tasks that no pattern can serve: no patrol on a day could fit them in.

    The way to and from a task is the shortest over all locations and modes, so this is a proof
    even where the triangle inequality does not hold.
    """
    suspects = _unserved(problem, arrays, arrays.arcs[..., 1])
    if suspects:
        suspects = _unserved(
            problem, arrays, np.stack([_least_durations(part) for part in arrays.arcs[..., 1]])
        )
    return suspects


def _unserved(problem: PeriodicProblem, arrays: Arrays, durations: Floats) -> list[int]:
    """Return the tasks without a pattern whose every day has a patrol they fit into alone."""
    could = np.zeros((arrays.tasks, problem.days), bool)
    modes = len(arrays.mode_task)
    for day, number in enumerate(problem.day_class):
        for index, fleet in enumerate(problem.fleets):
            if not fleet.count or not fleet.days >> day & 1:
                continue
            start, end = modes + 2 * index, modes + 2 * index + 1
            least = durations[number, start, :modes] + durations[number, :modes, end]
            fits = least <= _with_tolerance(min(fleet.max_duration, NO_WAY / 2))
            fits &= arrays.demand[arrays.mode_task] <= _with_tolerance(fleet.capacity)
            could[arrays.mode_task[fits], day] = True
    days = [sum(1 << int(d) for d in np.flatnonzero(row)) for row in could]
    return [t for t in range(arrays.tasks) if (_masks(arrays, t) & ~np.int64(days[t])).all()]


def _masks(arrays: Arrays, task: int) -> NDArray[np.int64]:
    """Return the masks of a task's usable patterns."""
    return arrays.pattern_mask[arrays.pattern_first[task] : arrays.pattern_first[task + 1]]


def _with_tolerance(limit: float) -> float:
    """Return a limit with the checker's tolerance."""
    return limit + TOLERANCE * max(1.0, limit)


def _least_durations(arcs: Floats) -> Floats:
    """Return least durations from node to node, over any nodes between (Floyd & Warshall)."""
    least = arcs.copy()
    for k in range(len(least)):
        np.minimum(least, least[:, k, None] + least[None, k, :], out=least)
    return least


def cost_bound(problem: PeriodicProblem, arrays: Arrays) -> float:
    """Return a proven lower bound on the cost of any solution.

    Every visit pays its mode and half its cheapest leg in and out, every patrol half its cheapest
    first and last leg and its fixed cost; a task that cannot be dropped proves one patrol.
    """
    patrol, visits = _patrol_bound(problem, arrays), _visit_bounds(problem, arrays)
    must = any(all(p.mask for p in task.patterns) for task in problem.tasks)
    if patrol < 0.0:  # at worst every visit has a patrol of its own
        visits, must = visits + patrol, False
    total = patrol if must else 0.0
    for task in range(arrays.tasks):
        first, last = arrays.pattern_first[task : task + 2]
        total += min(
            float(cost) + int(mask).bit_count() * float(visits[task]) if mask else float(cost)
            for mask, cost in zip(
                arrays.pattern_mask[first:last], arrays.pattern_cost[first:last], strict=True
            )
        )
    return total


def _legs(problem: PeriodicProblem, arrays: Arrays) -> Floats:
    """Return least travel costs between nodes over the day classes, nothing inside included."""
    inside = [mode.cost for task in problem.tasks for mode in task.modes]
    legs: Floats = arrays.arcs[..., 0].min(axis=0)
    legs -= np.array(inside + [0.0] * (2 * len(problem.fleets)))
    return legs


def _patrol_bound(problem: PeriodicProblem, arrays: Arrays) -> float:
    """Return the least that having one more patrol adds beside its visits."""
    modes = len(arrays.mode_task)
    legs = _legs(problem, arrays)
    return min(
        (
            fleet.fixed_cost
            + 0.5 * float(legs[modes + 2 * f, :modes].min(initial=inf))
            + 0.5 * float(legs[:modes, modes + 2 * f + 1].min(initial=inf))
            for f, fleet in enumerate(problem.fleets)
            if fleet.count
        ),
        default=0.0,
    )


def _visit_bounds(problem: PeriodicProblem, arrays: Arrays) -> Floats:
    """Return the least that one visit of each task costs, (n,)."""
    modes = len(arrays.mode_task)
    legs = _legs(problem, arrays)
    other = arrays.mode_task[:, None] != arrays.mode_task[None, :]
    among = np.where(other, legs[:modes, :modes], inf)
    into = np.minimum(
        among.min(axis=0, initial=inf), legs[modes::2, :modes].min(axis=0, initial=inf)
    )
    out = np.minimum(
        among.min(axis=1, initial=inf), legs[:modes, modes + 1 :: 2].min(axis=1, initial=inf)
    )
    inside = np.array([mode.cost for task in problem.tasks for mode in task.modes])
    least = np.full(arrays.tasks, inf)
    np.minimum.at(least, arrays.mode_task, inside + 0.5 * (into + out))
    return least
