"""Patrol need: a proven least number of patrols that give every task its visits.

People-free and day-free: how many routes of at most ``max_duration`` (and ``capacity``) cover
every task n times, no route twice. Travel and time inside are the least over the day classes, so
the bound holds whatever days are chosen. All bounds are on whole-second numbers as given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import PeriodicProblem
from optimizer.solution_check import TOLERANCE

if TYPE_CHECKING:
    from optimizer.bound_graph import RouteGraph

Floats = NDArray[np.float64]

#: Rounds of the linear programme: a budget by count, so that the bound is the same everywhere.
ROUNDS = 200


@dataclass(frozen=True)
class NeedCertificate:
    """Why fewer than ``lower`` patrols cannot be: what each visit is worth, in whole numbers.

    ``worth`` has one number for each task owed visits. Fewer patrols would have to be worth more
    than any patrol is; ``verify`` finds the most valuable patrol anew.
    """

    lower: int
    worth: tuple[int, ...]
    learned: tuple[tuple[int, int], ...] = ()

    def verify(self, problem: PeriodicProblem, visits: Sequence[int]) -> bool:
        """Whether one exact pricing confirms that ``lower`` patrols are needed."""
        from optimizer.need_columns import ColumnProof, proves

        counts = np.array(visits, np.int64)
        graph = need_graph(problem, counts)
        proof = ColumnProof(self.lower, self.worth, self.learned)
        return graph is not None and proves(graph, counts[counts > 0], proof)


@dataclass(frozen=True)
class NeedBound:
    """At least ``lower`` patrols are needed; ``method`` names the argument that proves it.

    "visits": a task owing n visits needs n patrols. "load": demands over capacity. "time": service
    and cheapest connections over the longest shift. "columns": a linear programme over all routes.
    "impossible": no number of patrols suffices; ``lower`` is then one more than all visits.
    """

    lower: int
    method: str
    certificate: NeedCertificate | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Legs:
    """Tasks as nodes 1..n and the depot as node 0; the time at a task stands apart.

    ``between`` (n + 1, n + 1): least duration from leaving one to entering the other over modes
    and day classes, inf from a node to itself. ``inside`` (n + 1): least time at a task.
    """

    between: Floats
    inside: Floats
    longest: float
    capacity: float
    demand: Floats


def patrol_need(
    problem: PeriodicProblem,
    visits: Sequence[int],
    *,
    known: int | None = None,
    budget_seconds: float | None = None,
    rounds: int = ROUNDS,
) -> NeedBound:
    """Return a proven lower bound on the patrols that visit task i ``visits[i]`` times.

    Visits of one task are on different patrols. With several fleets the bound takes the best of
    each (longest shift, largest capacity, nearest depot). ``known`` is a count already achieved:
    proving stops as soon as the bound meets it, which is quicker by far.
    Raises ValueError when ``visits`` does not fit the tasks or there is no fleet.
    """
    if len(visits) != len(problem.tasks):
        raise ValueError(f"{len(visits)} visit counts for {len(problem.tasks)} tasks")
    if any(count < 0 for count in visits):
        raise ValueError("visit counts must not be negative")
    if not problem.fleets:
        raise ValueError("patrol need is measured with a fleet")
    counts = np.array(visits, np.int64)
    if not counts.any():
        return NeedBound(0, "visits")
    legs = merged_legs(problem)
    bounds = [
        NeedBound(int(counts.max()), "visits"),
        NeedBound(_load_need(legs, counts), "load"),
        NeedBound(_time_need(legs, counts), "time"),
    ]
    best = max(bounds, key=lambda bound: bound.lower)
    if best.lower <= counts.sum() and (known is None or best.lower < known):
        best = _by_columns(problem, counts, best, known, (rounds, budget_seconds))
    if best.lower > counts.sum():
        return NeedBound(int(counts.sum()) + 1, "impossible")
    return best


def _by_columns(
    problem: PeriodicProblem,
    counts: NDArray[np.int64],
    best: NeedBound,
    known: int | None,
    effort: tuple[int, float | None],
) -> NeedBound:
    """Return a better bound by column generation, or the one given."""
    from optimizer.need_columns import Effort, column_proof

    graph = need_graph(problem, counts)
    if graph is None:
        return best
    proof = column_proof(
        graph, counts[counts > 0], known=known, lower=best.lower, effort=Effort(*effort)
    )
    if proof.lower == best.lower:
        return best
    return NeedBound(
        proof.lower, "columns", NeedCertificate(proof.lower, proof.worth, proof.learned)
    )


def need_graph(problem: PeriodicProblem, counts: NDArray[np.int64]) -> RouteGraph | None:
    """Return the routes of a patrol through the tasks owed visits, None where nothing limits them.

    Each leg takes its least over day classes and fleets, the limits are the most of any fleet.
    A task may be passed over: going through it is never quicker than the legs say.
    """
    from optimizer.bound_graph import route_graph

    owed = np.flatnonzero(counts)
    modes = [(k, mode) for k, t in enumerate(owed) for mode in problem.tasks[t].modes]
    task = np.array([-1] + [k for k, _ in modes])
    entry, leave = [m.entry for _, m in modes], [m.exit for _, m in modes]
    legs = np.full((len(task), len(task)), inf)
    for number in range(problem.classes):
        within = [m.durations[number if len(m.durations) > 1 else 0] for _, m in modes]
        for fleet in problem.fleets:
            ends = np.ix_([fleet.start, *leave], [fleet.end, *entry])
            np.minimum(legs, problem.duration[number][ends] + [0.0, *within], out=legs)
    inside = np.array([0.0] + [min(m.durations) for _, m in modes])
    load = np.array([0.0] + [problem.tasks[owed[k]].demand for k, _ in modes])
    longest, capacity = (_most(problem, name) for name in ("max_duration", "capacity"))
    if longest < inf:
        return route_graph(_shortest(legs, task), inside, task, longest, (load, capacity), memory=0)
    if capacity < inf:
        apart = _shortest(legs, task)
        loads = np.where(np.isfinite(apart), load[None, :], inf)
        return route_graph(loads, load, task, capacity, (np.zeros(len(task)), inf), apart, 0)
    return None


def _shortest(legs: Floats, task: NDArray[np.int64]) -> Floats:
    """Return the least time between nodes over any nodes between; none within a task."""
    legs = legs.copy()
    legs[0, 0] = inf
    for k in range(1, len(legs)):
        np.minimum(legs, legs[:, k, None] + legs[None, k, :], out=legs)
    legs[task[:, None] == task[None, :]] = inf
    return legs


def _most(problem: PeriodicProblem, name: str) -> float:
    """Return the largest limit of any fleet, with the checker's tolerance."""
    limit: float = max(getattr(fleet, name) for fleet in problem.fleets)
    return limit + TOLERANCE * max(1.0, limit)


def merged_legs(problem: PeriodicProblem) -> Legs:
    """Return least durations over modes, day classes and fleets."""
    size = len(problem.tasks) + 1
    entry = [(0, fleet.end) for fleet in problem.fleets]
    leave = [(0, fleet.start) for fleet in problem.fleets]
    inside = np.full(size, inf)
    inside[0] = 0.0
    for t, task in enumerate(problem.tasks, 1):
        for mode in task.modes:
            entry.append((t, mode.entry))
            leave.append((t, mode.exit))
            inside[t] = min(inside[t], *mode.durations)
    duration = problem.duration.min(axis=0)[
        np.ix_([place for _, place in leave], [place for _, place in entry])
    ]
    between = np.full((size, size), inf)
    np.minimum.at(
        between,
        (np.array([t for t, _ in leave])[:, None], np.array([t for t, _ in entry])[None, :]),
        duration,
    )
    np.fill_diagonal(between, inf)
    longest = max(fleet.max_duration for fleet in problem.fleets)
    capacity = max(fleet.capacity for fleet in problem.fleets)
    demand = np.array([0.0] + [task.demand for task in problem.tasks])
    return Legs(
        between,
        inside,
        longest + TOLERANCE * max(1.0, longest),
        capacity + TOLERANCE * max(1.0, capacity),
        demand,
    )


def _load_need(legs: Legs, counts: NDArray[np.int64]) -> int:
    """Return how many patrols the demands fill."""
    load = float((legs.demand[1:] * counts).sum())
    if load == 0.0 or legs.capacity == inf:
        return 0
    if legs.capacity == 0.0:
        return int(counts.sum()) + 1
    return ceil(load / legs.capacity - 1e-9)


def _time_need(legs: Legs, counts: NDArray[np.int64]) -> int:
    """Return the least number of patrols whose shifts hold all service and connections.

    With R patrols the connections are at least a spanning tree over the visits and the depot plus
    R ways home, and at least the cheapest assignment of a successor to every visit and depot.
    """
    total = int(counts.sum())
    if legs.longest == inf:
        return 1
    service = float((legs.inside[1:] * counts).sum())
    owed = np.concatenate([[0], np.repeat(np.arange(1, len(counts) + 1), counts)])
    among = legs.between[np.ix_(owed, owed)]
    tree = _tree(np.minimum(among, among.T))
    home = float(among[1:, 0].min())
    for patrols in range(1, total + 1):
        room = patrols * legs.longest - service
        if tree + patrols * home <= room and _assignment(among, patrols) <= room:
            return patrols
    return total + 1


def _assignment(among: Floats, patrols: int) -> float:
    """Return the least sum of legs that leaves and enters every visit once, the depot R times."""
    from scipy.optimize import linear_sum_assignment

    order = np.concatenate([np.zeros(patrols, int), np.arange(1, len(among))])
    cost = among[np.ix_(order, order)]
    finite = np.where(np.isinf(cost), 1e12, cost)
    rows, columns = linear_sum_assignment(finite)
    return float(finite[rows, columns].sum())


def _tree(length: Floats) -> float:
    """Return the length of a least spanning tree (Prim); inf where there is none."""
    near = length[0].copy()
    near[0] = -inf
    total = 0.0
    for _ in range(len(length) - 1):
        node = int(np.argmin(np.where(near == -inf, inf, near)))
        if near[node] == -inf or near[node] == inf:
            return inf
        total += near[node]
        near[node] = -inf
        near = np.where(near == -inf, -inf, np.minimum(near, length[node]))
    return total
