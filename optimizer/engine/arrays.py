"""A problem as plain arrays for the compiled kernels, and solutions to and from them.

*Nodes* are modes: node m < M is a task's mode, node M + 2f the start of fleet f, M + 2f + 1 its
end. The cost and time inside a mode are folded into every arc that leads to it, so that a route's
cost is a plain sum over arcs. *Slots* are patrols that may run: one per day, fleet and count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimizer.engine.layout import DURATION, HAS_LINKS, SEVERAL_FLEETS, SINGLE_MODES, TIMED
from optimizer.problem import PeriodicProblem, Route, Solution
from optimizer.solution_check import TOLERANCE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.int32]

#: The duration of a leg that does not exist; no patrol may last half as long.
NO_WAY = 1e9

#: At most this many nearest tasks are remembered for each task.
NEAR = 400


@dataclass(frozen=True)
class Arrays:
    """What the kernels read and never write.

    ``ways`` (C, M, K, 4): cost from each node into a mode and out of it to the node, then the same
    for time, so that one row holds all that inserting a mode asks. ``mode_first`` (n + 1): the
    modes of task t are mode_first[t]:mode_first[t + 1]; ``mode_task`` (M) leads back.
    ``pattern_first``, ``pattern_mask``, ``pattern_cost``: likewise; unusable patterns are left out
    and ``pattern_index`` keeps their number in the problem; ``pattern_ends`` (P, 2) first and last
    day, -1 where there is none. ``task_days`` (n): union of the masks. ``links`` (E, 2): earlier
    and later task, ``link_gap`` (E, 2 D - 1) price by days between plus D - 1; ``link_first``
    (n + 1) and ``link_row`` list the links of a task. ``traits`` (4): what must be looked at.
    ``slots`` (S, 5): day, class, start node, end node, first slot of the same day and fleet.
    ``slot_fleet`` (S). ``limits`` (S, 3): longest duration, capacity, fixed cost. ``day_first``
    (D + 1): slots of a day. ``near`` (n, k): nearest tasks. ``keys`` (n, 3): what insertion orders
    sort by. ``unit`` (3): the size of a typical leg's cost, duration and load.
    """

    ways: Floats
    mode_first: Small
    mode_task: Small
    demand: Floats
    pattern_first: Small
    pattern_mask: Ints
    pattern_cost: Floats
    pattern_index: Small
    pattern_ends: Small
    task_days: Ints
    links: Small
    link_first: Small
    link_row: Small
    link_gap: Floats
    traits: Ints
    slots: Small
    slot_fleet: Small
    limits: Floats
    day_first: Small
    near: Small
    keys: Floats
    unit: Floats

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return len(self.task_days)

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.day_first) - 1

    @property
    def arcs(self) -> Floats:
        """Cost and duration from node to node, (C, K, K, 2); between fleet ends nothing."""
        classes, modes, size, _ = self.ways.shape
        arcs = np.zeros((classes, size, size, 2))
        arcs[:, :, :modes] = self.ways[..., ::2].transpose(0, 2, 1, 3)
        arcs[:, :modes, modes:] = self.ways[:, :, modes:, 1::2]
        return arcs


def to_arrays(problem: PeriodicProblem) -> Arrays:
    """Turn a problem into arrays; a task all of whose patterns are unusable keeps none."""
    modes = [(t, mode) for t, task in enumerate(problem.tasks) for mode in task.modes]
    entry = np.array(
        [m.entry for _, m in modes] + [x for f in problem.fleets for x in (f.start, f.end)], int
    )
    leave = np.array(
        [m.exit for _, m in modes] + [x for f in problem.fleets for x in (f.start, f.end)], int
    )
    arcs = _arcs(problem, entry, leave)
    mode_task = np.array([t for t, _ in modes], np.int32)
    slots, slot_fleet, limits, day_first = _slots(problem, len(modes))
    open_days = sum(1 << d for d in range(problem.days) if day_first[d] < day_first[d + 1])
    patterns = [
        (t, i, pattern.mask, pattern.cost)
        for t, task in enumerate(problem.tasks)
        for i, pattern in enumerate(task.patterns)
        if not pattern.mask & ~open_days
    ]
    task_days = np.zeros(len(problem.tasks), np.int64)
    for t, _, mask, _ in patterns:
        task_days[t] |= mask
    demand = np.array([task.demand for task in problem.tasks], np.float64)
    distance = _task_distance(arcs[..., 0].min(axis=0), mode_task, len(problem.tasks))
    masks = np.array([p[2] for p in patterns], np.int64)
    link_first, link_row = _links_of_tasks(problem)
    return Arrays(
        ways=_ways(arcs, len(modes)),
        mode_first=_firsts(mode_task, len(problem.tasks)),
        mode_task=mode_task,
        demand=demand,
        pattern_first=_firsts(np.array([p[0] for p in patterns], np.int32), len(problem.tasks)),
        pattern_mask=masks,
        pattern_cost=np.array([p[3] for p in patterns], np.float64),
        pattern_index=np.array([p[1] for p in patterns], np.int32),
        pattern_ends=np.array(
            [((m & -m).bit_length() - 1, m.bit_length() - 1) for m in masks.tolist()], np.int32
        ).reshape(-1, 2),
        task_days=task_days,
        links=np.array([(x.earlier, x.later) for x in problem.links], np.int32).reshape(-1, 2),
        link_first=link_first,
        link_row=link_row,
        link_gap=_link_gaps(problem),
        traits=_traits(problem, limits, len(modes)),
        slots=slots,
        slot_fleet=slot_fleet,
        limits=limits,
        day_first=day_first,
        near=_nearest(distance),
        keys=_keys(problem, arcs, mode_task, demand, task_days),
        unit=_units(arcs, len(modes), demand),
    )


def _arcs(problem: PeriodicProblem, entry: Ints, leave: Ints) -> Floats:
    """Return cost and duration between nodes, what happens inside the head node included."""
    size = len(entry)
    arcs = np.empty((problem.classes, size, size, 2))
    modes = [mode for task in problem.tasks for mode in task.modes]
    for number in range(problem.classes):
        inside = np.zeros((2, size))
        for m, mode in enumerate(modes):
            inside[0, m] = mode.cost
            inside[1, m] = mode.durations[number if len(mode.durations) > 1 else 0]
        cost, duration = (m[number][np.ix_(leave, entry)] for m in (problem.cost, problem.duration))
        no_way = np.isinf(cost) | np.isinf(duration)
        dearest = float(cost[~no_way].max(initial=0.0))
        arcs[number, :, :, 0] = np.where(no_way, dearest, cost) + inside[0]
        arcs[number, :, :, 1] = np.where(no_way, NO_WAY, duration) + inside[1]
    for start in range(len(modes), size, 2):  # an idle patrol does not drive
        arcs[:, start, start + 1] = 0.0
    return arcs


def _ways(arcs: Floats, modes: int) -> Floats:
    """Return cost and time into and out of each mode, (C, M, K, 4)."""
    ways = np.empty((len(arcs), modes, arcs.shape[1], 4))
    ways[..., ::2] = arcs[:, :, :modes].transpose(0, 2, 1, 3)
    ways[..., 1::2] = arcs[:, :modes]
    return ways


def _links_of_tasks(problem: PeriodicProblem) -> tuple[Small, Small]:
    """Return where each task's links begin in a list of link numbers, and the list."""
    ends = sorted((t, e) for e, x in enumerate(problem.links) for t in (x.earlier, x.later))
    owner = np.array([t for t, _ in ends], np.int32)
    return _firsts(owner, len(problem.tasks)), np.array([e for _, e in ends], np.int32)


def _link_gaps(problem: PeriodicProblem) -> Floats:
    """Return the price of each link by days between, the wrong order being forbidden."""
    gaps = np.full((len(problem.links), 2 * problem.days - 1), inf)
    for e, link in enumerate(problem.links):
        gaps[e, problem.days - 1 :] = link.gap_costs
    return gaps


def _traits(problem: PeriodicProblem, limits: Floats, modes: int) -> Ints:
    """Return what the kernels must look at: see ``layout``."""
    traits = np.zeros(4, np.int64)
    traits[TIMED] = (limits[:, DURATION] < NO_WAY / 4).any() or np.isinf(problem.duration).any()
    traits[SINGLE_MODES] = modes == len(problem.tasks)
    traits[SEVERAL_FLEETS] = len(problem.fleets) > 1
    traits[HAS_LINKS] = len(problem.links) > 0
    return traits


def _slots(problem: PeriodicProblem, modes: int) -> tuple[Small, Small, Floats, Small]:
    """Return the patrols that may run: ``slots``, ``slot_fleet``, ``limits``, ``day_first``."""
    rows: list[tuple[int, int, int, int, int]] = []
    fleets: list[int] = []
    limits: list[tuple[float, float, float]] = []
    first = [0]
    for day, number in enumerate(problem.day_class):
        could = sum(any(p.mask >> day & 1 for p in task.patterns) for task in problem.tasks)
        for f, fleet in enumerate(problem.fleets):
            group = len(rows)
            for _ in range(min(fleet.count, could) if fleet.days >> day & 1 else 0):
                rows.append((day, number, modes + 2 * f, modes + 2 * f + 1, group))
                fleets.append(f)
                longest = min(fleet.max_duration, NO_WAY / 2)
                limits.append((_loosely(longest), _loosely(fleet.capacity), fleet.fixed_cost))
        first.append(len(rows))
    return (
        np.array(rows, np.int32).reshape(-1, 5),
        np.array(fleets, np.int32),
        np.array(limits, np.float64).reshape(-1, 3),
        np.array(first, np.int32),
    )


def _loosely(limit: float) -> float:
    """Return a limit with half the checker's tolerance, against rounding."""
    return limit + 0.5 * TOLERANCE * max(1.0, limit)


def _firsts(owner: Small, owners: int) -> Small:
    """Return where each owner's items begin in a list sorted by owner, and its end."""
    return np.searchsorted(owner, np.arange(owners + 1)).astype(np.int32)


def _task_distance(cost: Floats, mode_task: Small, tasks: int) -> Floats:
    """Return the least cost between tasks over their modes and both directions, (n, n)."""
    least = np.full((tasks, tasks), inf)
    np.minimum.at(
        least, (mode_task[:, None], mode_task[None, :]), cost[: len(mode_task)][:, : len(mode_task)]
    )
    both: Floats = np.minimum(least, least.T)
    np.fill_diagonal(both, inf)
    return both


def _nearest(distance: Floats) -> Small:
    """Return the nearest tasks of each task, nearest first, ties by number."""
    keep = max(1, min(NEAR, len(distance) - 1))
    return np.argsort(distance, axis=1, kind="stable")[:, :keep].astype(np.int32)


def _keys(
    problem: PeriodicProblem, arcs: Floats, mode_task: Small, demand: Floats, task_days: Ints
) -> Floats:
    """Return size, distance from the depots and freedom of each task, (n, 3)."""
    keys = np.zeros((len(task_days), 3))
    cost = arcs[..., 0].min(axis=0)
    inside = arcs[..., 1].min(axis=(0, 1))
    load = demand.sum() or 1.0
    time = inside[: len(mode_task)].sum() or 1.0
    depots = cost[len(mode_task) :: 2]
    far = depots.min(axis=0) if len(depots) else np.zeros(len(cost))
    for t, task in enumerate(problem.tasks):
        mine = np.flatnonzero(mode_task == t)
        keys[t] = (
            demand[t] / load + inside[mine].min() / time,
            far[mine].min(),
            int(task_days[t]).bit_count() - max(p.mask.bit_count() for p in task.patterns),
        )
    return keys


def _units(arcs: Floats, modes: int, demand: Floats) -> Floats:
    """Return the typical cost and duration of a leg between near tasks, and a typical load."""
    sizes = np.ones(3)
    if not modes:
        return sizes
    for part in (0, 1):
        legs = arcs[0, :modes, :modes, part] + np.where(np.eye(modes, dtype=bool), inf, 0.0)
        near = np.sort(legs, axis=1)[:, : max(1, min(8, modes - 1))]
        for typical in (np.median(near), np.median(legs), np.median(arcs[0, :, :, part])):
            if 0 < typical < NO_WAY:
                sizes[part] = typical
                break
    if demand.any():
        sizes[2] = float(demand[demand > 0].mean())
    return sizes


def routes_of(arrays: Arrays, routes: Mapping[int, Small], chosen: Small) -> Solution:
    """Turn modes in order by slot, and chosen patterns (n,), into a solution."""
    found = tuple(
        Route(
            int(arrays.slots[s, 0]),
            int(arrays.slot_fleet[s]),
            tuple(
                (int(arrays.mode_task[m]), int(m - arrays.mode_first[arrays.mode_task[m]]))
                for m in routes[s]
            ),
        )
        for s in sorted(routes)
    )
    return Solution(found, tuple(int(arrays.pattern_index[p]) for p in chosen))
