"""A periodic problem as a user of OR-Tools' routing library would model it.

A vehicle for each patrol of each day and fleet. A task owed f visits has f copies; a copy has a
node for each mode, of which one is driven, or none at a high price. The days of a task's copies
together must be one of its patterns: a table of allowed assignments over the days of their
vehicles. Load and time are dimensions. Cheapest insertion, then guided local search.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.peer_model import (
    Clock,
    NotApplicableError,
    only_class,
    scale_of,
    whole_costs,
    whole_durations,
    whole_limit,
)
from optimizer import PeriodicProblem, Route, Solution

#: How a first solution is made.
STRATEGY = "PARALLEL_CHEAPEST_INSERTION"
#: A dropped visit costs so many times the dearest leg and patrol.
DROPPING = 10
#: Its own limit goes by the wall: so many times the seconds asked, where another clock ends it.
SLACK = 50.0


@dataclass(frozen=True)
class _Node:
    """A visit in one of its modes; ``copy`` counts the task's visits from 0."""

    task: int
    copy: int
    mode: int
    entry: int
    exit: int
    inside_cost: float
    inside_time: float


@dataclass(frozen=True)
class _Vehicle:
    """A patrol that may be driven: its day and the index of its fleet."""

    day: int
    fleet: int


class _Model:
    """The routing model of a problem; nodes of the library: our nodes, then starts and ends."""

    def __init__(self, problem: PeriodicProblem) -> None:
        from ortools.constraint_solver import pywrapcp

        self.problem = problem
        self.scale = scale_of(problem)
        self.nodes = [node for task in range(len(problem.tasks)) for node in _nodes(problem, task)]
        self.vehicles = [
            _Vehicle(day, number)
            for day in range(problem.days)
            for number, fleet in enumerate(problem.fleets)
            if fleet.days >> day & 1
            for _ in range(fleet.count)
        ]
        ends = [(problem.fleets[v.fleet].start, problem.fleets[v.fleet].end) for v in self.vehicles]
        self.depots = sorted({place for pair in ends for place in pair})
        first = len(self.nodes)
        at = {place: first + number for number, place in enumerate(self.depots)}
        self.manager = pywrapcp.RoutingIndexManager(
            first + len(self.depots),
            len(self.vehicles),
            [at[start] for start, _ in ends],
            [at[end] for _, end in ends],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._add_travel()
        self._add_loads()
        self._add_visits()

    def _add_travel(self) -> None:
        """Add driving as cost, driving and what is inside as time, and the price of a patrol."""
        costs, durations = only_class(self.problem)
        entries = [node.entry for node in self.nodes] + self.depots
        exits = [node.exit for node in self.nodes] + self.depots
        nothing = [0.0] * len(self.depots)
        inside_cost = np.array([node.inside_cost for node in self.nodes] + nothing)
        inside_time = np.array([node.inside_time for node in self.nodes] + nothing)
        between = np.ix_(exits, entries)
        cost = whole_costs(costs[between] + inside_cost, self.scale)
        fixed = [round(fleet.fixed_cost * self.scale) for fleet in self.problem.fleets]
        finite = cost[np.isfinite(costs[between])]
        self.dearest = int(finite.max(initial=1)) + max(fixed, default=0)
        routing, fleets = self.routing, [self.problem.fleets[v.fleet] for v in self.vehicles]
        routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(cost.tolist()))
        for number, vehicle in enumerate(self.vehicles):
            routing.SetFixedCostOfVehicle(fixed[vehicle.fleet], number)
        if any(isfinite(fleet.max_duration) for fleet in fleets):
            time = whole_durations(durations[between] + inside_time, self.scale)
            longest = [whole_limit(fleet.max_duration, self.scale) for fleet in fleets]
            limits = [int(time.sum()) if limit is None else limit for limit in longest]
            evaluator = routing.RegisterTransitMatrix(time.tolist())
            routing.AddDimensionWithVehicleCapacity(evaluator, 0, limits, True, "time")

    def _add_loads(self) -> None:
        """Add the load where some vehicle has a capacity."""
        capacities = [self.problem.fleets[v.fleet].capacity for v in self.vehicles]
        if not any(map(isfinite, capacities)):
            return
        demands = [self.problem.tasks[node.task].demand for node in self.nodes]
        scale = 1 if all(demand == int(demand) for demand in demands) else 1000
        loads = [round(demand * scale) for demand in demands] + [0] * len(self.depots)
        limits = [int(limit * scale) if isfinite(limit) else sum(loads) + 1 for limit in capacities]
        evaluator = self.routing.RegisterUnaryTransitVector(loads)
        self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, limits, True, "load")

    def _add_visits(self) -> None:
        """Let a mode of every copy be driven, and the copies' days be one of the patterns."""
        penalty = DROPPING * self.dearest
        alternatives: dict[int, dict[int, list[int]]] = {}
        for number, node in enumerate(self.nodes):
            index = self.manager.NodeToIndex(number)
            alternatives.setdefault(node.task, {}).setdefault(node.copy, []).append(index)
        for task, copies in alternatives.items():
            for indices in copies.values():
                self.routing.AddDisjunction(indices, penalty)
            self._add_patterns(task, list(copies.values()))

    def _add_patterns(self, task: int, copies: list[list[int]]) -> None:
        """Restrict the days of a task's copies: the k-th is the k-th day of a pattern."""
        patterns = [_days(pattern.mask) for pattern in self.problem.tasks[task].patterns]
        for copy, indices in enumerate(copies):
            allowed = {days[copy] for days in patterns}
            vehicles = [v for v, vehicle in enumerate(self.vehicles) if vehicle.day in allowed]
            if len(vehicles) < len(self.vehicles):
                for index in indices:
                    # -1: not driven; SetAllowedVehiclesForIndex takes no list in 9.15.
                    self.routing.VehicleVar(index).SetValues([-1, *vehicles])
        if len(copies) > 1 and len(patterns) > 1:
            solver = self.routing.solver()
            variables = [self._day_of(indices) for indices in copies]
            # Any part of a pattern, so that visits can be dropped one by one.
            tuples = {part for days in patterns for part in product(*((-1, day) for day in days))}
            solver.Add(solver.AllowedAssignments(variables, sorted(tuples)))

    def _day_of(self, indices: list[int]) -> Any:
        """Return the variable of the day on which one of the nodes is driven, -1 for none."""
        solver = self.routing.solver()
        days = [-1, *(vehicle.day for vehicle in self.vehicles)]
        on = [solver.Element(days, (self.routing.VehicleVar(at) + 1).Var()) for at in indices]
        return on[0].Var() if len(on) == 1 else solver.Max([own.Var() for own in on]).Var()

    def solve(self, seconds: float, clock: Clock) -> Solution | None:
        """Return the best solution found in so many seconds, None for nothing or visits dropped."""
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2

        end = clock() + seconds
        own_limit = seconds if clock is perf_counter else SLACK * seconds
        chosen = pywrapcp.DefaultRoutingSearchParameters()
        chosen.time_limit.FromMilliseconds(round(1000 * own_limit))
        chosen.first_solution_strategy = getattr(routing_enums_pb2.FirstSolutionStrategy, STRATEGY)
        search = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        chosen.local_search_metaheuristic = search
        self.routing.AddSearchMonitor(self.routing.solver().CustomLimit(lambda: clock() >= end))
        found = self.routing.SolveWithParameters(chosen)
        return self._solution(found) if found else None

    def _solution(self, found: Any) -> Solution | None:
        """Return an assignment as a solution, None where it dropped visits."""
        routes = []
        for number, vehicle in enumerate(self.vehicles):
            stops = []
            index = found.Value(self.routing.NextVar(self.routing.Start(number)))
            while not self.routing.IsEnd(index):
                node = self.nodes[self.manager.IndexToNode(index)]
                stops.append((node.task, node.mode))
                index = found.Value(self.routing.NextVar(index))
            if stops:
                routes.append(Route(vehicle.day, vehicle.fleet, tuple(stops)))
        patterns = chosen_patterns(self.problem, routes)
        return None if patterns is None else Solution(tuple(routes), patterns)


def solve_by_routing(
    problem: PeriodicProblem, seconds: float, clock: Clock = perf_counter
) -> Solution | None:
    """Return what OR-Tools found in so many seconds, its model already made, None for nothing.

    Raises NotApplicableError for tasks whose patterns differ in their number of visits, and for
    days of several classes.
    """
    return _Model(problem).solve(seconds, clock)


def chosen_patterns(problem: PeriodicProblem, routes: list[Route]) -> tuple[int, ...] | None:
    """Return the index of the pattern that each task's visits make, None where one makes none."""
    masks = [0] * len(problem.tasks)
    for route in routes:
        for task, _ in route.stops:
            masks[task] |= 1 << route.day
    own = [[pattern.mask for pattern in task.patterns] for task in problem.tasks]
    if any(mask not in allowed for mask, allowed in zip(masks, own, strict=True)):
        return None
    return tuple(allowed.index(mask) for mask, allowed in zip(masks, own, strict=True))


def _days(mask: int) -> list[int]:
    """Return the days of a mask in order."""
    return [day for day in range(mask.bit_length()) if mask >> day & 1]


def _nodes(problem: PeriodicProblem, task: int) -> list[_Node]:
    """Return the nodes of a task: each visit it is owed, in each mode."""
    own = problem.tasks[task]
    counts = {pattern.mask.bit_count() for pattern in own.patterns}
    if len(counts) > 1 or any(pattern.cost for pattern in own.patterns):
        raise NotApplicableError(f"task {task}: patterns of different lengths or with costs")
    return [
        _Node(task, copy, number, mode.entry, mode.exit, mode.cost, mode.durations[0])
        for copy in range(counts.pop())
        for number, mode in enumerate(own.modes)
    ]
