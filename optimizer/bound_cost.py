"""A lower bound on the cost of any solution, by column generation over routes.

Rows: each task takes one pattern; each task and day is visited as often as the pattern says; each
day has its patrols. Whatever values v >= 0 the visits are given, the cost is at least

    sum over tasks of the cheapest (pattern cost + values of its days)
    - sum over days and kinds of patrols of how many there are * the most that one can gain

with gain = values collected - cost (Lagrange). Values and costs are whole numbers, costs rounded
down, and the most that a route can gain is bounded exactly, so the bound holds whatever the linear
programme's rounding. Days that are alike share their rows (``bound_days``).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import inf, log2
from typing import Literal, get_args

import numpy as np

from optimizer.bound_days import Patrols, alike, fewest_routes, patrols_by_day
from optimizer.bound_graph import NOTHING, Floats, Ints, RouteGraph, route_graph
from optimizer.bound_joined import JoinedPricing
from optimizer.bound_master import Master
from optimizer.bound_pricing import Values
from optimizer.problem import PeriodicProblem
from optimizer.solution_check import TOLERANCE

#: Costs are whole numbers of at most so many bits.
BITS = 40
#: What a visit without a patrol costs in the master programme, in times of the dearest lone trip.
DEAR = 10.0
#: How much of the last values stays in the next ones (Wentges 1997).
INERTIA = 0.6
#: Nearest tasks that a node remembers from the start.
MEMORY = 8
#: Rounds of the linear programme at most.
ROUNDS = 1000
#: Shares of the budget after which a proof is made, though better columns may come.
PROOF_TIMES = (0.2, 0.4, 0.6, 0.75, 0.9)
#: The bound is not improved further once it is so near to the linear programme, or to ``upper``.
CLOSE = 1e-6

#: How routes that pay are looked for, the next way only where the one before finds none.
_How = Literal["quickly", "thoroughly", "surely"]


@dataclass(frozen=True)
class CostBound:
    """No solution costs less than ``lower``.

    ``method``: "impossible", "legs" (each visit's cheapest ones) or "columns", after so many
    ``rounds`` of the linear programme and ``seconds``. ``converged``: more time would not help.
    """

    lower: float
    method: str
    rounds: int = 0
    seconds: float = 0.0
    converged: bool = False


def cost_lower_bound(
    problem: PeriodicProblem,
    *,
    budget_seconds: float,
    upper: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> CostBound:
    """Return a proven lower bound on the cost of any solution of ``problem``.

    Stops when ``budget_seconds`` of ``clock`` are spent, when the linear programme is
    solved, or when the bound meets ``upper``, the cost of a solution already known. Compiling is
    not counted. A problem that has no solution may have any bound; inf ("impossible") where some
    task fits into no patrol.
    """
    from optimizer.engine.arrays import to_arrays
    from optimizer.engine.bounds import cost_bound, impossible_tasks
    from optimizer.engine.search import warm_up

    warm_up()
    started = clock()
    arrays = to_arrays(problem)
    if impossible_tasks(problem, arrays):
        return CostBound(inf, "impossible", converged=True)
    simple = CostBound(cost_bound(problem, arrays), "legs")
    if not problem.tasks or budget_seconds <= 0 or _meets(simple.lower, upper):
        return simple
    run = _Generation(problem, clock)
    run.improve(started, budget_seconds, upper)
    seconds = clock() - started
    if run.lower <= simple.lower:
        return CostBound(simple.lower, "legs", run.rounds, seconds, run.converged)
    return CostBound(run.lower, "columns", run.rounds, seconds, run.converged)


def _meets(lower: float, upper: float | None) -> bool:
    return upper is not None and lower >= upper - CLOSE * max(1.0, abs(upper))


class _Kind:
    """Patrols of one kind: what each leg costs in whole numbers, and their pricing."""

    def __init__(
        self,
        problem: PeriodicProblem,
        kind: Patrols,
        scale: float,
        like: JoinedPricing | None,
    ) -> None:
        self.costs, graph = _kind_graph(problem, kind)
        fits = np.isfinite(self.costs)
        self.whole = np.floor(np.where(fits, self.costs, 0.0) * scale).astype(np.int64)
        self.open = fits & ~(graph.task[:, None] == graph.task[None, :])
        self.pricing = JoinedPricing(graph, like=like)
        self.graph = graph

    def values(self, worth: Ints) -> Values:
        """Return what arcs gain; tasks worth less than nothing are not to be visited."""
        at_node = np.concatenate([[0], worth[self.graph.task[1:]]])
        gain = np.where(self.open & (at_node >= 0), at_node - self.whole, NOTHING)
        return Values(gain, np.maximum(at_node, 0))

    def cost(self, route: list[int]) -> float:
        """Return the cost of a route of nodes."""
        stops = [0, *route, 0]
        return float(sum(self.costs[a, b] for a, b in pairwise(stops)))


def _kind_graph(problem: PeriodicProblem, kind: Patrols) -> tuple[Floats, RouteGraph]:
    """Return the cost of each arc, fixed cost on the way home, and what may be driven."""
    modes = [(t, mode) for t, task in enumerate(problem.tasks) for mode in task.modes]
    task = np.array([-1] + [t for t, _ in modes])
    number = kind.day_class
    ends = np.ix_(
        [kind.start, *(m.exit for _, m in modes)], [kind.end, *(m.entry for _, m in modes)]
    )
    inside = np.array(
        [0.0] + [m.durations[number if len(m.durations) > 1 else 0] for _, m in modes]
    )
    costs = problem.cost[number][ends] + np.array([0.0] + [m.cost for _, m in modes])
    costs[:, 0] += kind.fixed_cost
    times = problem.duration[number][ends] + inside
    load = np.array([0.0] + [problem.tasks[t].demand for t, _ in modes])
    closed = np.isinf(times) | np.isinf(costs)
    costs[closed] = inf
    times[closed] = inf
    capacity, longest = (x + TOLERANCE * max(1.0, x) for x in (kind.capacity, kind.max_duration))
    if longest < inf:
        return costs, route_graph(
            _reached(times), inside, task, longest, (load, capacity), costs, MEMORY
        )
    stops = len(problem.tasks)
    if capacity == inf:
        units, most = np.ones(len(task)), float(stops)
    elif (load[1:] > 0.0).all():
        units, most = load, capacity
    else:  # a stop always spends something, so that routes end
        units, most = load * (stops + 1) + 1.0, capacity * (stops + 1) + stops
    units[0] = 0.0
    spend = np.where(closed, inf, units[None, :])
    return costs, route_graph(
        _reached(spend), units, task, most, (np.zeros(len(task)), inf), costs, MEMORY
    )


def _reached(spend: Floats) -> Floats:
    """Return the arcs with the first and the last as short as over any nodes between.

    The pricing turns back where there is no direct way home in time.
    """
    least = spend.copy()
    least[0, 0] = inf
    for k in range(1, len(least)):
        np.minimum(least, least[:, k, None] + least[None, k, :], out=least)
    changed = spend.copy()
    changed[0, :], changed[:, 0] = least[0, :], least[:, 0]
    changed[0, 0] = inf
    return changed


class _Generation:
    """One run: the linear programme over groups of days alike, and the best bound so far."""

    def __init__(self, problem: PeriodicProblem, clock: Callable[[], float]) -> None:
        self.problem, self.clock = problem, clock
        first = alike(problem)
        self.groups = sorted(set(first))
        self.group_of = [self.groups.index(f) for f in first]
        self.lower, self.rounds, self.converged = -inf, 0, False
        by_day = patrols_by_day(problem)
        self.patrols = [
            Counter({kind: count * first.count(g) for kind, count in by_day[g].items()})
            for g in self.groups
        ]
        self._make_kinds()
        self._make_master()

    def _make_kinds(self) -> None:
        """Build each kind's graph; choose the scale of whole numbers."""
        known = sorted(
            {kind for kinds in self.patrols for kind in kinds},
            key=lambda k: (k.day_class, k.start, k.end, k.max_duration, k.capacity, k.fixed_cost),
        )
        cost = self.problem.cost[np.isfinite(self.problem.cost)]
        largest = max(
            1.0,
            float(np.abs(cost).max(initial=0.0)),
            *(abs(kind.fixed_cost) for kind in known),
            *(abs(m.cost) for task in self.problem.tasks for m in task.modes),
            *(abs(p.cost) for task in self.problem.tasks for p in task.patterns),
        )
        self.scale = 2.0 ** (BITS - int(log2(largest * (len(self.problem.tasks) + 1))) - 1)
        self.kinds: dict[Patrols, _Kind] = {}
        like: JoinedPricing | None = None
        for kind in known:
            self.kinds[kind] = _Kind(self.problem, kind, self.scale, like)
            like = self.kinds[kind].pricing

    def _make_master(self) -> None:
        """Set up rows and the columns of patterns and of visits without a patrol."""
        tasks, groups = len(self.problem.tasks), len(self.groups)
        self.days_of = [
            [
                Counter(self.group_of[d] for d in range(self.problem.days) if p.mask >> d & 1)
                for p in task.patterns
            ]
            for task in self.problem.tasks
        ]
        self.usable = np.full((tasks, groups), False)
        for t, patterns in enumerate(self.days_of):
            for days in patterns:
                self.usable[t, list(days)] = True
        limits = [(g, kind) for g in range(groups) for kind in self.patrols[g]]
        self.limit_row = {key: tasks + tasks * groups + i for i, key in enumerate(limits)}
        counts = [float(self.patrols[g][kind]) for g, kind in limits]
        self.least = fewest_routes(self.problem, self.group_of)
        self.least_row = [tasks + tasks * groups + len(limits) + i for i in range(groups + 1)]
        self.master = Master(
            [1.0] * tasks + [0.0] * (tasks * groups) + [-inf] * len(limits) + self.least,
            [1.0] * tasks + [inf] * (tasks * groups) + counts + [inf] * (groups + 1),
        )
        for t, task in enumerate(self.problem.tasks):
            for pattern, days in zip(task.patterns, self.days_of[t], strict=True):
                entries = [(t, 1.0)] + [(self._link(t, g), -float(n)) for g, n in days.items()]
                self.master.add(entries, pattern.cost, stays=True)
        dear = DEAR * max(
            [
                1.0,
                *(
                    float(k.costs[np.isfinite(k.costs)].max(initial=0.0))
                    for k in self.kinds.values()
                ),
            ]
        )
        for t in range(tasks):
            for g in range(groups):
                self.master.add([(self._link(t, g), 1.0)], dear, stays=True)
        for row in self.least_row:
            self.master.add([(row, 1.0)], dear, stays=True)
        self.duals = np.zeros((tasks, groups))

    def _link(self, task: int, group: int) -> int:
        """Return the row of a task's visits in a group of days."""
        return len(self.problem.tasks) + task * len(self.groups) + group

    def improve(self, started: float, budget: float, upper: float | None) -> None:
        """Generate columns until the programme is solved, or time or ``upper`` is reached."""
        proofs = [started + share * budget for share in PROOF_TIMES]
        tasks, groups = len(self.problem.tasks), len(self.groups)
        while self.rounds < ROUNDS and self.clock() < started + budget:
            self.rounds += 1
            value, row_duals = self.master.solve()
            exact = np.maximum(row_duals[tasks : tasks + tasks * groups], 0.0)
            exact = exact.reshape(tasks, groups)
            prizes = np.floor(np.maximum(row_duals[self.least_row], 0.0) * self.scale).astype(
                np.int64
            )
            rents = {key: max(0.0, -row_duals[row]) for key, row in self.limit_row.items()}
            start = self.rounds > 1
            self.duals = INERTIA * self.duals + (1 - INERTIA) * exact if start else exact
            fresh = self._price(self.duals, rents, prizes, "quickly")
            if proofs and self.clock() > proofs[0]:
                proofs = [t for t in proofs if t > self.clock()]
                fresh |= self._price(self.duals, rents, prizes, "surely")
            if not fresh:
                self.duals = exact
                fresh = any(self._price(exact, rents, prizes, how) for how in get_args(_How))
            if _meets(self.lower, upper):
                break
            if not fresh or self.lower >= value - CLOSE * max(1.0, abs(value)):
                self.converged = True
                break

    def _price(
        self, duals: Floats, rents: dict[tuple[int, Patrols], float], prizes: Ints, how: _How
    ) -> bool:
        """Add routes that pay; "surely" also finds the bound.

        Return whether anything is new: a route, or what nodes have to remember.
        """
        worth = np.where(self.usable, np.floor(duals * self.scale), -1).astype(np.int64)
        most: dict[tuple[int, Patrols], int] = {}
        fresh = False
        for (g, kind), row in self.limit_row.items():
            patrol = self.kinds[kind]
            values = patrol.values(worth[:, g])
            prize = int(prizes[g] + prizes[-1])
            rent = int(rents[g, kind] * self.scale) - prize
            found = patrol.pricing.guess(
                values, rent / patrol.graph.limit, thoroughly=how == "thoroughly"
            )
            if how == "surely":
                top = max([-prize, rent, *(gain for gain, _ in found)])
                before = len(patrol.pricing.learned)
                ceiling, better = patrol.pricing.most(values, top)
                fresh |= len(patrol.pricing.learned) > before  # the next bound may be better
                most[g, kind] = ceiling + prize
                found += better
            for gain, route in found:
                if gain > rent:
                    entries = Counter(patrol.graph.task[route].tolist())
                    column = [(self._link(t, g), float(n)) for t, n in entries.items()]
                    column += [(row, 1.0), (self.least_row[g], 1.0), (self.least_row[-1], 1.0)]
                    fresh |= self.master.add(column, patrol.cost(route))
        if how == "surely":
            self.lower = max(self.lower, self._lagrange(worth, prizes, most))
        return fresh

    def _lagrange(self, worth: Ints, prizes: Ints, most: dict[tuple[int, Patrols], int]) -> float:
        """Return the bound that the values prove, rounded down."""
        total = sum(int(p) * int(n) for p, n in zip(prizes, self.least, strict=True))
        for t, task in enumerate(self.problem.tasks):
            total += min(
                int(np.floor(pattern.cost * self.scale))
                + sum(n * int(worth[t, g]) for g, n in days.items())
                for pattern, days in zip(task.patterns, self.days_of[t], strict=True)
            )
        for (g, kind), gain in most.items():
            total -= self.patrols[g][kind] * max(0, gain)
        return total / self.scale
