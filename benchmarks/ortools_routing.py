"""A half-month as a user of OR-Tools' routing library would model it: a vehicle for each patrol.

Visits are nodes, one a mode of which one is chosen; working time is a dimension; a zone owed two
visits has a copy for each day's vehicles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from optimizer import PeriodicProblem, Route, Solution


@dataclass(frozen=True)
class _Node:
    """A visit in one of its modes; ``day`` is None where either day will do."""

    task: int
    mode: int
    day: int | None
    entry: int
    exit: int
    inside: int


def solve_by_routing(problem: PeriodicProblem, seconds: float) -> Solution | None:
    """Return what guided local search found in so many seconds, None for nothing.

    The problem must be one of ``instances.half_month``: one depot, days alike, each task on every
    day or on any one day.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    visits = list(_visits(problem))
    nodes = [node for modes in visits for node in modes]
    vehicle_days = [fleet for fleet in range(problem.days) for _ in range(_a_day(problem, fleet))]
    manager = pywrapcp.RoutingIndexManager(len(nodes) + 1, len(vehicle_days), 0)
    routing = pywrapcp.RoutingModel(manager)
    _add_costs(routing, manager, problem, nodes)
    number = 0
    for modes in visits:
        indices = [manager.NodeToIndex(number + 1 + m) for m in range(len(modes))]
        number += len(modes)
        if len(indices) > 1:
            routing.AddDisjunction(indices)  # exactly one of them
        if modes[0].day is not None:
            own = [v for v, day in enumerate(vehicle_days) if day == modes[0].day]
            for index in indices:
                # -1: not driven; SetAllowedVehiclesForIndex takes no list in 9.15.
                routing.VehicleVar(index).SetValues([-1, *own])
    chosen = pywrapcp.DefaultRoutingSearchParameters()
    strategies, searches = routing_enums_pb2.FirstSolutionStrategy, routing_enums_pb2
    chosen.first_solution_strategy = strategies.PATH_CHEAPEST_ARC
    chosen.local_search_metaheuristic = searches.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    chosen.time_limit.FromMilliseconds(round(1000 * seconds))
    found = routing.SolveWithParameters(chosen)
    return _solution(problem, nodes, vehicle_days, routing, manager, found) if found else None


def _visits(problem: PeriodicProblem) -> Iterator[list[_Node]]:
    """Yield each visit as its alternative nodes."""
    every_day = (1 << problem.days) - 1
    for number, task in enumerate(problem.tasks):
        whole = task.patterns[0].mask == every_day
        for day in range(problem.days) if whole else (None,):
            yield [
                _Node(number, m, day, mode.entry, mode.exit, int(mode.durations[0]))
                for m, mode in enumerate(task.modes)
            ]


def _a_day(problem: PeriodicProblem, day: int) -> int:
    return sum(fleet.count for fleet in problem.fleets if fleet.days >> day & 1)


def _add_costs(routing: Any, manager: Any, problem: PeriodicProblem, nodes: list[_Node]) -> None:
    """Add driving as cost, driving and inspecting as time, and the price of a patrol."""
    travel = problem.duration[0].astype(int).tolist()
    fleet = problem.fleets[0]
    exits = [fleet.start, *(node.exit for node in nodes)]
    entries = [fleet.end, *(node.entry for node in nodes)]
    inside = [0, *(node.inside for node in nodes)]

    def drive(start: int, end: int) -> int:
        a, b = manager.IndexToNode(start), manager.IndexToNode(end)
        return int(travel[exits[a]][entries[b]])

    def work(start: int, end: int) -> int:
        return int(inside[manager.IndexToNode(start)]) + drive(start, end)

    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(drive))
    routing.SetFixedCostOfAllVehicles(int(fleet.fixed_cost))
    shift = int(fleet.max_duration)
    routing.AddDimension(routing.RegisterTransitCallback(work), 0, shift, True, "time")


def _solution(
    problem: PeriodicProblem,
    nodes: list[_Node],
    vehicle_days: list[int],
    routing: Any,
    manager: Any,
    found: Any,
) -> Solution:
    routes = []
    for vehicle, day in enumerate(vehicle_days):
        stops = []
        index = found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            node = nodes[manager.IndexToNode(index) - 1]
            stops.append((node.task, node.mode))
            index = found.Value(routing.NextVar(index))
        if stops:
            fleet = next(f for f, own in enumerate(problem.fleets) if own.days >> day & 1)
            routes.append(Route(day, fleet, tuple(stops)))
    masks = [0] * len(problem.tasks)
    for route in routes:
        for task, _ in route.stops:
            masks[task] |= 1 << route.day
    patterns = tuple(
        [pattern.mask for pattern in task.patterns].index(mask)
        for task, mask in zip(problem.tasks, masks, strict=True)
    )
    return Solution(tuple(routes), patterns)
