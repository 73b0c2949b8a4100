"""Is a CARP solution with all of a tight fleet the cheapest there is? Proven over all routes.

Usage: python -m benchmarks.fleet_proof FILE [--seconds 10]. A search gives a solution; that none
costs less is then proven, for instances of few tasks whose vehicles must all be nearly full. Each
set of tasks that can be the load of a vehicle is enumerated with its least cost; a linear programme
over these sets, with cuts over three tasks (Jepsen, Petersen, Spoorendonk & Pisinger 2008:
Subset-row inequalities, *Operations Research* 56), leaves few that can be in a cheaper solution; an
integer programme over those decides (both HiGHS, by scipy).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, isfinite
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer import MaxRuntime, PeriodicProblem, solve
from optimizer.published import read_instance

#: Beyond so many sets of tasks, or tasks in a set, the instance is none for this proof.
MOST_SETS, MOST_TASKS = 3_000_000, 14
#: Cuts added at a time, and by how much one must be violated.
CUTS, VIOLATED = 40, 1e-3
#: HiGHS's own tolerance: whatever is this close to a limit counts as within it.
TOLERANCE = 1e-6

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Loads:
    """Sets of tasks that fill a vehicle: membership (sets, tasks) of 0 and 1, and least cost."""

    members: NDArray[np.int8]
    cost: Matrix

    def only(self, which: NDArray[np.bool_]) -> Loads:
        """Return some of the sets."""
        return Loads(self.members[which], self.cost[which])


def loads_of(problem: PeriodicProblem) -> Loads:
    """Return every set of tasks that a vehicle may have, if all of them are used, with its cost.

    No vehicle may have less than what the others, all full, would leave. Raises ValueError for a
    problem that is not of this kind, or has too many sets.
    """
    if reason := _unsuited(problem):
        raise ValueError(reason)
    cost, fleet = problem.cost[0], problem.fleets[0]
    demand = np.array([task.demand for task in problem.tasks])
    order = np.argsort(-demand, kind="stable")
    ends = np.array([[(m.entry, m.exit) for m in problem.tasks[t].modes] for t in order])
    inside = np.array([problem.tasks[t].modes[0].cost for t in order])
    least = demand.sum() - (fleet.count - 1) * fleet.capacity
    limits = demand[order], least, fleet.capacity
    nothing = np.zeros(0, np.int64), np.zeros(0)
    found, largest = _walk(*limits, ends, inside, cost, fleet.start, *nothing)
    if found > MOST_SETS or largest > MOST_TASKS:
        raise ValueError(f"{found} sets of up to {largest} tasks are too many for this proof")
    kept = np.zeros(found, np.int64), np.zeros(found)
    _walk(*limits, ends, inside, cost, fleet.start, *kept)
    members = np.zeros((found, len(order)), np.int8)
    members[:, order] = (kept[0][:, None] >> np.arange(len(order))) & 1
    return Loads(members, kept[1])


def bounded(loads: Loads, vehicles: int, most: float) -> tuple[float, Loads]:
    """Return a lower bound with cuts and the sets that can be in a solution of cost ``most``.

    The bound is ``inf`` where the linear programme proves that there is no such solution. Raises
    ValueError where HiGHS ends without an answer.
    """
    from scipy.optimize import linprog

    triples = np.array(list(combinations(range(loads.members.shape[1]), 3)))
    cuts = triples[:0]
    while True:
        within = (loads.members[:, cuts].sum(axis=2) >= 2).T
        found = linprog(
            loads.cost,
            A_ub=within.astype(float),
            b_ub=np.ones(len(cuts)),
            A_eq=_rows(loads),
            b_eq=[*np.ones(loads.members.shape[1]), vehicles],
            method="highs-ds",
        )
        if found.status == 2:
            return np.inf, loads.only(np.zeros(len(loads.cost), bool))
        if found.status != 0:
            raise ValueError(f"the linear programme ended without an answer: {found.message}")
        used = found.x > TOLERANCE
        twice = loads.members[used][:, triples].sum(axis=2) >= 2
        excess = found.x[used] @ twice - 1.0
        worst = np.argsort(-excess)[:CUTS]
        worst = worst[excess[worst] > VIOLATED]
        loads = loads.only(found.lower.marginals <= most - found.fun + TOLERANCE)
        if not len(worst):
            return float(found.fun), loads
        cuts = np.vstack([cuts[found.ineqlin.residual < TOLERANCE], triples[worst]])


def cheapest(loads: Loads, vehicles: int, most: float) -> float | None:
    """Return the least cost of a solution of these sets up to ``most``, None: there is none.

    Raises ValueError where HiGHS ends without an answer.
    """
    from scipy.optimize import LinearConstraint, milp

    if not len(loads.cost):
        return None
    sides = [*np.ones(loads.members.shape[1]), vehicles]
    found = milp(
        loads.cost,
        integrality=np.ones(len(loads.cost)),
        bounds=(0, 1),
        constraints=[
            LinearConstraint(_rows(loads), sides, sides),
            LinearConstraint(loads.cost[None], -np.inf, most),
        ],
    )
    if found.status not in (0, 2):
        raise ValueError(f"the integer programme ended without an answer: {found.message}")
    return float(found.fun) if found.status == 0 else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Search, prove and print; return 1 where something cheaper is possible, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet_proof")
    parser.add_argument("file", type=Path, help="a CARP instance")
    parser.add_argument("--seconds", type=float, default=10.0, help="of the search [10]")
    chosen = parser.parse_args(arguments)
    try:
        return _prove(chosen.file, chosen.seconds)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _prove(file: Path, seconds: float) -> int:
    """Search, prove and print. Raises ValueError where that cannot be done."""
    instance = read_instance(file)
    problem, vehicles = instance.problem, instance.problem.fleets[0].count
    loads = loads_of(problem)
    print(f"{instance.name}, {instance.vehicles}: {len(loads.cost)} sets of tasks fill a vehicle")
    cost = solve(problem, MaxRuntime(seconds), seed=1).objective
    if not isfinite(cost):
        raise ValueError("the search found nothing: give it more seconds")
    known = instance.best_known
    print(f"found: {cost:g} (listed: {'nothing' if known is None else f'{known:g}'})")
    whole = np.all(loads.cost == np.floor(loads.cost))
    most = ceil(cost) - 1.0 if whole else cost * (1.0 - TOLERANCE)
    bound, left = bounded(loads, vehicles, most)
    print(f"with cuts at least {bound:.2f}; {len(left.cost)} sets can be in {most:g} or less")
    cheaper = cheapest(left, vehicles, most)
    if cheaper is not None:
        print(f"not the cheapest: {cheaper:g} is possible")
        return 1
    print(f"proven: with {vehicles} vehicles no solution costs less than {cost:g}")
    return 0


def _unsuited(problem: PeriodicProblem) -> str:
    """Return why a problem is not of the kind that is enumerated here, "" if it is."""
    if len(problem.fleets) != 1 or problem.days != 1 or len(problem.tasks) > 62:
        return "this proof is for one day, one fleet and 62 tasks at most"
    fleet, cost = problem.fleets[0], problem.cost[0]
    if fleet.start != fleet.end or fleet.max_duration < np.inf or fleet.capacity == np.inf:
        return "this proof is for rounds limited by what a vehicle holds alone"
    if sum(task.demand for task in problem.tasks) <= (fleet.count - 1) * fleet.capacity:
        return "this proof is for fleets of which no vehicle can stay at home"
    both_ways = np.array_equal(cost, cost.T)
    for task in problem.tasks:
        ends = {(mode.entry, mode.exit) for mode in task.modes}
        both_ways &= ends == {(exit_, entry) for entry, exit_ in ends}
        both_ways &= len({mode.cost for mode in task.modes}) == 1
        if [(p.mask, p.cost) for p in task.patterns] != [(1, 0.0)]:
            return "this proof is for tasks that must all be done"
    return "" if both_ways else "this proof is for streets that are the same both ways"


def _rows(loads: Loads) -> Matrix:
    """Return a row for each task and one that counts the vehicles."""
    return np.vstack([loads.members.T, np.ones((1, len(loads.cost)))]).astype(np.float64)


@njit
def _walk(demand, least, most, ends, inside, cost, depot, masks, costs):  # type: ignore[no-untyped-def]
    """Walk through all sets of load ``least`` to ``most``, tasks in order; note them if asked to.

    Returns how many there are and the tasks of the largest. ``reach[set, task, direction]`` is the
    least cost from the depot through a set of the tasks taken so far, ending behind that task.
    """
    tasks = len(demand)
    left = np.zeros(tasks + 1)
    for t in range(tasks - 1, -1, -1):
        left[t] = left[t + 1] + demand[t]
    taken = np.zeros(tasks, np.int64)
    reach = np.zeros((1 << MOST_TASKS if len(masks) else 1, MOST_TASKS, 2))
    count, found, largest, load, following = 0, 0, 0, 0.0, 0
    while True:
        task = following
        while task < tasks and load + left[task] >= least and load + demand[task] > most:
            task += 1
        if task == tasks or load + left[task] < least:
            if count == 0:
                return found, largest
            count -= 1
            load -= demand[taken[count]]
            following = taken[count] + 1
            continue
        taken[count] = task
        if load + demand[task] >= least:
            largest = max(largest, count + 1)
            if len(masks):
                mask, total = 0, 0.0
                for i in range(count + 1):
                    mask |= 1 << taken[i]
                    total += inside[taken[i]]
                masks[found] = mask
                costs[found] = total + _through(count, taken, ends, cost, depot, reach)
            found += 1
        if len(masks) and load + demand[task] + demand[tasks - 1] <= most:
            _extend(count, taken, ends, cost, depot, reach)
        count += 1
        load += demand[task]
        following = task + 1


@njit
def _arrival(before, count, taken, node, cost, depot, reach, ends):  # type: ignore[no-untyped-def]
    """Return the least cost from the depot through a set of tasks to a node."""
    if before == 0:
        return cost[depot, node]
    best = np.inf
    for i in range(count):
        if before >> i & 1:
            for d in range(ends.shape[1]):
                best = min(best, reach[before, i, d] + cost[ends[taken[i], d, 1], node])
    return best


@njit
def _extend(count, taken, ends, cost, depot, reach):  # type: ignore[no-untyped-def]
    """Fill ``reach`` for the sets that contain the task taken last, the one numbered ``count``."""
    for mask in range(1 << count, 2 << count):
        for i in range(count + 1):
            if mask >> i & 1:
                for d in range(ends.shape[1]):
                    reach[mask, i, d] = _arrival(
                        mask ^ (1 << i), count + 1, taken, ends[taken[i], d, 0], cost, depot,
                        reach, ends,
                    )  # fmt: skip


@njit
def _through(count, taken, ends, cost, depot, reach):  # type: ignore[no-untyped-def]
    """Return the least cost of a round through all tasks taken: to the last one, and back again.

    Streets are the same both ways, so the way back is one from the depot, driven the other way.
    """
    last, everything, best = taken[count], (1 << count) - 1, np.inf
    for d in range(ends.shape[1]):
        for before in range(1 << count):
            there = _arrival(before, count, taken, ends[last, d, 0], cost, depot, reach, ends)
            back = _arrival(
                everything ^ before, count, taken, ends[last, d, 1], cost, depot, reach, ends
            )
            best = min(best, there + back)
    return best


if __name__ == "__main__":
    sys.exit(main())
