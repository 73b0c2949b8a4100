"""Fixed patterns for a solver that knows none: a greedy construction that is not our engine's.

Tasks come one after another; each takes the pattern whose visits can be inserted most cheaply, each
at the best place of the routes built so far on its day, within the limits of load and duration.
Where no pattern fits, the one with most visits that fit, on the days of least load. Then, in the
same order, each task is taken out and inserted again by the same rule, until a round changes no
pattern. If some task fits nowhere in the end, all begins again with it in front. The cheapest of
what several orders give is kept: chains of nearest neighbours from the farthest task and from the
nearest one, and the farthest first; each also with the tasks of fewest patterns first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from benchmarks.peer_model import only_class
from optimizer import Mode, PeriodicProblem

RULE = (
    "tasks one after another, along chains of nearest neighbours or the farthest first, each takes "
    "the pattern whose visits are inserted most cheaply into the routes so far, limits kept; then "
    "each is taken out and inserted again, until a round changes no pattern; the cheapest of six "
    "orders is kept"
)
#: Rounds of taking out and inserting again: what goes on longer goes in circles.
ROUNDS = 20
#: How often all begins again for tasks that fit nowhere.
RESTARTS = 10


@dataclass
class _Route:
    """A route under construction: its stops, where each leg leaves and arrives, time and load."""

    fleet: int
    leaves: list[int]
    arrives: list[int]
    duration: float
    load: float = 0.0
    stops: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Insertion:
    """The best place found for a visit; ``cost`` is inf where it fits nowhere."""

    cost: float = inf
    duration: float = 0.0
    mode: int = 0
    leg: int = 0
    route: _Route | None = None


@dataclass
class _Day:
    """A day's routes, an empty one of each fleet with vehicles left among them."""

    routes: list[_Route] = field(default_factory=list)
    load: float = 0.0


def greedy_patterns(problem: PeriodicProblem) -> tuple[int, ...]:
    """Return the index of the pattern that the rule gives each task.

    Raises NotApplicableError for days of several classes.
    """
    cost, duration = only_class(problem)
    if all(len(task.patterns) == 1 for task in problem.tasks):
        return (0,) * len(problem.tasks)
    built = (_built(problem, cost, duration, order) for order in _orders(problem, cost))
    best = min(built, key=lambda builder: (len(builder.homeless), builder.total))
    return tuple(best.chosen[task] for task in range(len(problem.tasks)))


def _built(
    problem: PeriodicProblem,
    cost: NDArray[np.float64],
    duration: NDArray[np.float64],
    order: list[int],
) -> _Builder:
    """Return the routes that an order gives, with what fits nowhere in front if need be."""
    for _ in range(RESTARTS):
        builder = _Builder(problem, cost, duration)
        for task in order:
            builder.place(task)
        builder.settle(order)
        homeless = builder.homeless
        if not homeless:
            break
        order = sorted(order, key=lambda task: task not in homeless)
    return builder


def _orders(problem: PeriodicProblem, cost: NDArray[np.float64]) -> Iterator[list[int]]:
    """Yield the orders in which tasks are tried."""
    starts = sorted({fleet.start for fleet in problem.fleets})
    places = [task.modes[0].entry for task in problem.tasks]
    away = cost[np.ix_(starts, places)].min(axis=0, initial=inf)
    farthest_first = sorted(range(len(places)), key=lambda task: (-away[task], task))
    between = cost[np.ix_(places, places)]
    for order in (
        _chain(between, farthest_first[:1]),
        _chain(between, farthest_first[-1:]),
        farthest_first,
    ):
        yield order
        yield sorted(order, key=lambda task: len(problem.tasks[task].patterns))


def _chain(between: NDArray[np.float64], start: list[int]) -> list[int]:
    """Return all tasks, each the nearest to the one before that is left."""
    chain, left = list(start), set(range(len(between))) - set(start)
    while left:
        here = between[chain[-1]]
        chain.append(min(left, key=lambda task: (here[task], task)))
        left.discard(chain[-1])
    return chain


class _Builder:
    """The routes so far, and how a task is added to them."""

    def __init__(
        self,
        problem: PeriodicProblem,
        cost: NDArray[np.float64],
        duration: NDArray[np.float64],
    ) -> None:
        self.problem, self.cost, self.duration = problem, cost, duration
        self.chosen: dict[int, int] = {}
        self.used: dict[tuple[int, int], int] = {}
        self.days = [_Day() for _ in range(problem.days)]
        for day in range(problem.days):
            for fleet in range(len(problem.fleets)):
                self._open(day, fleet)

    def _open(self, day: int, number: int) -> None:
        """Add an empty route of a fleet to a day if it has a vehicle left."""
        fleet = self.problem.fleets[number]
        count = self.used.get((day, number), 0)
        if fleet.days >> day & 1 and count < fleet.count:
            self.used[day, number] = count + 1
            idle = float(self.duration[fleet.start, fleet.end])
            self.days[day].routes.append(_Route(number, [fleet.start], [fleet.end], idle))

    @property
    def homeless(self) -> set[int]:
        """Return the tasks that miss a visit, as it fits nowhere."""
        visits = Counter(
            task for day in self.days for route in day.routes for task, _ in route.stops
        )
        patterns = ((task, self.problem.tasks[task].patterns[p]) for task, p in self.chosen.items())
        return {task for task, pattern in patterns if visits[task] < pattern.mask.bit_count()}

    @property
    def total(self) -> float:
        """Return the cost of driving all routes."""
        routes = [route for day in self.days for route in day.routes if route.stops]
        return sum(float(self.cost[route.leaves, route.arrives].sum()) for route in routes)

    def settle(self, order: list[int]) -> None:
        """Take each task out and insert it again, until a round changes no pattern."""
        for _ in range(ROUNDS):
            before = dict(self.chosen)
            for task in order:
                self.take_out(task)
                self.place(task)
            if self.chosen == before:
                break

    def place(self, task: int) -> None:
        """Insert a task's visits by the rule."""
        own = self.problem.tasks[task]
        union = 0
        for pattern in own.patterns:
            union |= pattern.mask
        best = {
            day: self._best(task, self.days[day])
            for day in range(self.problem.days)
            if union >> day & 1
        }

        def price(number: int) -> tuple[int, float, float, int]:
            days = [day for day in best if own.patterns[number].mask >> day & 1]
            missing = sum(best[day].cost == inf for day in days)
            cost = 0.0 if missing else sum(best[day].cost for day in days)
            return missing, cost, sum(self.days[day].load for day in days), number

        chosen = self.chosen[task] = min(range(len(own.patterns)), key=price)
        for day, insertion in best.items():
            if own.patterns[chosen].mask >> day & 1:
                self.days[day].load += own.demand
                self._insert(task, day, insertion)

    def _best(self, task: int, day: _Day) -> _Insertion:
        """Return the cheapest insertion of a task on a day."""
        own = self.problem.tasks[task]
        best = _Insertion()
        for route in day.routes:
            fleet = self.problem.fleets[route.fleet]
            if route.load + own.demand > fleet.capacity:
                continue
            leaves, arrives = np.array(route.leaves), np.array(route.arrives)
            for number, mode in enumerate(own.modes):
                detours = [
                    matrix[leaves, mode.entry]
                    + matrix[mode.exit, arrives]
                    - matrix[leaves, arrives]
                    for matrix in (self.cost, self.duration)
                ]
                price = detours[0] + mode.cost
                if not route.stops:
                    price = price + fleet.fixed_cost + self.cost[fleet.start, fleet.end]
                time = detours[1] + mode.durations[0]
                price[route.duration + time > fleet.max_duration] = inf
                leg = int(price.argmin())
                if price[leg] < best.cost:
                    best = _Insertion(float(price[leg]), float(time[leg]), number, leg, route)
        return best

    def _insert(self, task: int, day: int, found: _Insertion) -> None:
        """Carry out an insertion; a visit that fits nowhere is left to the solver."""
        route = found.route
        if route is None:
            return
        own = self.problem.tasks[task]
        mode = own.modes[found.mode]
        if not route.stops:
            self._open(day, route.fleet)
        route.stops.insert(found.leg, (task, found.mode))
        route.leaves.insert(found.leg + 1, mode.exit)
        route.arrives.insert(found.leg, mode.entry)
        route.duration += found.duration
        route.load += own.demand

    def take_out(self, task: int) -> None:
        """Remove all visits of a task."""
        own = self.problem.tasks[task]
        mask = own.patterns[self.chosen.pop(task)].mask
        for number, day in enumerate(self.days):
            day.load -= own.demand if mask >> number & 1 else 0.0
            for route in day.routes:
                for at, (visited, chosen) in enumerate(route.stops):
                    if visited == task:
                        self._remove(route, at, own.modes[chosen], own.demand)
                        break

    def _remove(self, route: _Route, at: int, mode: Mode, demand: float) -> None:
        """Remove a stop; a route that it leaves empty stays, for another to begin."""
        before, after = route.leaves[at], route.arrives[at + 1]
        there, on = self.duration[before, mode.entry], self.duration[mode.exit, after]
        route.duration += float(self.duration[before, after] - there - on) - mode.durations[0]
        route.load -= demand
        del route.stops[at], route.leaves[at + 1], route.arrives[at]
