"""PyVRP on a periodic problem: patterns fixed by ``peer_patterns``, then each day by itself.

The seconds are split over the days by their visits. Several depots are vehicle types; a task with
several modes is a group of clients, of which one is visited. Patterns are all it is not asked for.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from benchmarks.peer_model import (
    Clock,
    only_class,
    scale_of,
    whole_costs,
    whole_durations,
    whole_limit,
)
from benchmarks.peer_patterns import greedy_patterns
from optimizer import PeriodicProblem, Route, Solution

#: Loads that are not whole are counted in thousandths.
FINE_LOAD = 1000


@dataclass(frozen=True)
class _Node:
    """A client: a task in one of its modes."""

    task: int
    mode: int


def solve_by_pyvrp(
    problem: PeriodicProblem, seconds: float, clock: Clock, seed: int
) -> Solution | None:
    """Return what PyVRP found in so many seconds, its data already made, None for nothing.

    Raises NotApplicableError for days of several classes.
    """
    patterns = greedy_patterns(problem)
    masks = [task.patterns[p].mask for task, p in zip(problem.tasks, patterns, strict=True)]
    visits = [sum(mask >> day & 1 for mask in masks) for day in range(problem.days)]
    routes: list[Route] = []
    for day, count in enumerate(visits):
        if count:
            tasks = [task for task, mask in enumerate(masks) if mask >> day & 1]
            share = seconds * count / sum(visits)
            found = _solve_day(problem, day, tasks, share, clock, seed)
            if found is None:
                return None
            routes += found
    return Solution(tuple(routes), patterns)


def _solve_day(
    problem: PeriodicProblem, day: int, tasks: list[int], seconds: float, clock: Clock, seed: int
) -> list[Route] | None:
    """Return a day's routes, None where no feasible ones were found."""
    import pyvrp

    fleets = [
        number
        for number, fleet in enumerate(problem.fleets)
        if fleet.days >> day & 1 and fleet.count
    ]
    nodes = [_Node(task, mode) for task in tasks for mode in range(len(problem.tasks[task].modes))]
    data = _data(problem, fleets, nodes)
    end = clock() + seconds
    with warnings.catch_warnings():
        # That nothing feasible was found is told by the result.
        warnings.simplefilter("ignore", pyvrp.exceptions.PenaltyBoundWarning)
        found = pyvrp.solve(data, lambda _: clock() >= end, seed=seed, collect_stats=False)
    if not found.best.is_feasible():
        return None
    return [
        Route(
            day,
            fleets[route.vehicle_type()],
            tuple((nodes[at.idx].task, nodes[at.idx].mode) for at in route if at.is_client()),
        )
        for route in found.best.routes()
    ]


def _data(problem: PeriodicProblem, fleets: list[int], nodes: list[_Node]) -> Any:
    """Return PyVRP's data: a location for each depot, then one for each client."""
    import pyvrp

    costs, durations = only_class(problem)
    scale = scale_of(problem)
    modes = [problem.tasks[node.task].modes[node.mode] for node in nodes]
    ends = [(problem.fleets[f].start, problem.fleets[f].end) for f in fleets]
    depots = sorted({place for pair in ends for place in pair})
    between = np.ix_(
        depots + [mode.exit for mode in modes], depots + [mode.entry for mode in modes]
    )
    nothing = [0.0] * len(depots)
    inside_cost = np.array(nothing + [mode.cost for mode in modes])
    inside_time = np.array(nothing + [mode.durations[0] for mode in modes])
    groups, clients = _clients(problem, nodes, len(depots))
    distance: Any = whole_costs(costs[between] + inside_cost, scale)
    duration: Any = whole_durations(durations[between] + inside_time, scale)
    for matrix in (distance, duration):
        np.fill_diagonal(matrix, 0)  # it insists; nothing drives from a place to itself
    return pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(len(depots) + len(nodes))],
        clients,
        [pyvrp.Depot(at) for at in range(len(depots))],
        [
            pyvrp.VehicleType(
                num_available=min(problem.fleets[number].count, len(nodes)),
                start_depot=depots.index(start),
                end_depot=depots.index(end),
                fixed_cost=round(problem.fleets[number].fixed_cost * scale),
                **_limits(problem, number, scale),
            )
            for number, (start, end) in zip(fleets, ends, strict=True)
        ],
        [distance],
        [duration],
        groups,
    )


def _limits(problem: PeriodicProblem, number: int, scale: int) -> dict[str, Any]:
    """Return a fleet's limits as far as it has any; all loads are given or none."""
    fleet = problem.fleets[number]
    loads = _load_scale(problem)
    given: dict[str, Any] = {}
    if any(isfinite(own.capacity) for own in problem.fleets):
        every = sum(task.demand for task in problem.tasks)
        given["capacity"] = [int(min(fleet.capacity, every) * loads + 1e-6)]
    longest = whole_limit(fleet.max_duration, scale)
    if longest is not None:
        given["shift_duration"] = longest
    return given


def _load_scale(problem: PeriodicProblem) -> int:
    demands = [task.demand for task in problem.tasks]
    return 1 if all(demand == int(demand) for demand in demands) else FINE_LOAD


def _clients(
    problem: PeriodicProblem, nodes: list[_Node], first: int
) -> tuple[list[Any], list[Any]]:
    """Return groups and clients, the clients' locations counted from ``first``."""
    import pyvrp

    loads = _load_scale(problem)
    limited = any(isfinite(fleet.capacity) for fleet in problem.fleets)
    members: dict[int, list[int]] = {}
    for number, node in enumerate(nodes):
        members.setdefault(node.task, []).append(number)
    several = [task for task, own in members.items() if len(own) > 1]
    group_of = {task: number for number, task in enumerate(several)}
    clients = [
        pyvrp.Client(
            first + number,
            delivery=[round(problem.tasks[node.task].demand * loads)] if limited else [],
            required=node.task not in group_of,
            group=group_of.get(node.task),
        )
        for number, node in enumerate(nodes)
    ]
    return [pyvrp.ClientGroup(members[task]) for task in several], clients
