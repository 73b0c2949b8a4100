"""Is a solution what it claims to be? Everything is recomputed from the problem alone.

Shares no code with the search: loops over routes and stops in plain Python, nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

from optimizer.problem import Mode, PeriodicProblem, Route, Solution

#: A limit is kept when it is exceeded by no more than this share of it (or this much, below 1).
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a solution: a stable code, the sentence, and by how much."""

    code: str
    message: str
    amount: float = 0.0


def check(problem: PeriodicProblem, solution: Solution) -> list[Violation]:
    """Return everything wrong with ``solution``; empty when it is feasible.

    Indices that do not exist are reported first and alone, because nothing can be measured on them.

    >>> from optimizer.problem import Fleet, Mode, Pattern, PeriodicProblem, Task
    >>> way = [[[0.0, 20.0], [20.0, 0.0]]]
    >>> task = Task((Mode(1, 1, durations=(15.0,)),), (Pattern(1),))
    >>> problem = PeriodicProblem(way, way, (0,), (task,), (Fleet(0, 0, 1, max_duration=50.0),))
    >>> [found.code for found in check(problem, Solution((Route(0, 0, ((0, 0),)),), (0,)))]
    ['duration']
    """
    broken = list(_broken_indices(problem, solution))
    if broken:
        return broken
    found = list(_visits(problem, solution))
    found += _gaps(problem, solution)
    found += _fleet_counts(problem, solution)
    for number, route in enumerate(solution.routes):
        found += _limits(problem, number, route)
    return found


def cost_of(problem: PeriodicProblem, solution: Solution) -> float:
    """Return travel, modes and fixed cost of every route + patterns + gaps of linked tasks.

    Raises IndexError when the solution names something that the problem does not have.
    """
    total = sum(
        task.patterns[chosen].cost
        for task, chosen in zip(problem.tasks, solution.patterns, strict=True)
    )
    for route in solution.routes:
        total += problem.fleets[route.fleet].fixed_cost + _route_sum(problem, route)[0]
    return total + sum(cost for _, cost in _gap_costs(problem, solution))


def _mode(problem: PeriodicProblem, stop: tuple[int, int]) -> Mode:
    """Return the mode that a stop names."""
    return problem.tasks[stop[0]].modes[stop[1]]


def _route_sum(problem: PeriodicProblem, route: Route) -> tuple[float, float]:
    """Return cost (travel and modes) and duration of a route."""
    day_class = problem.day_class[route.day]
    fleet = problem.fleets[route.fleet]
    here = fleet.start
    cost = duration = 0.0
    for stop in route.stops:
        mode = _mode(problem, stop)
        cost += float(problem.cost[day_class, here, mode.entry]) + mode.cost
        duration += float(problem.duration[day_class, here, mode.entry])
        duration += mode.durations[day_class if len(mode.durations) > 1 else 0]
        here = mode.exit
    cost += float(problem.cost[day_class, here, fleet.end])
    duration += float(problem.duration[day_class, here, fleet.end])
    return cost, duration


def _broken_indices(problem: PeriodicProblem, solution: Solution) -> Iterator[Violation]:
    """Yield indices that do not exist."""
    if len(solution.patterns) != len(problem.tasks):
        yield Violation(
            "patterns", f"{len(solution.patterns)} patterns for {len(problem.tasks)} tasks"
        )
        return
    for index, (task, chosen) in enumerate(zip(problem.tasks, solution.patterns, strict=True)):
        if not 0 <= chosen < len(task.patterns):
            yield Violation("pattern-index", f"task {index} has no pattern {chosen}")
    for number, route in enumerate(solution.routes):
        if not 0 <= route.day < problem.days:
            yield Violation("day-index", f"route {number}: there is no day {route.day}")
        if not 0 <= route.fleet < len(problem.fleets):
            yield Violation("fleet-index", f"route {number}: there is no fleet {route.fleet}")
        if not route.stops:
            yield Violation("empty-route", f"route {number} has no stops")
        for index, mode in route.stops:
            if not 0 <= index < len(problem.tasks):
                yield Violation("task-index", f"route {number}: there is no task {index}")
            elif not 0 <= mode < len(problem.tasks[index].modes):
                yield Violation("mode-index", f"route {number}: task {index} has no mode {mode}")


def _visits(problem: PeriodicProblem, solution: Solution) -> Iterator[Violation]:
    """Yield tasks not visited exactly on the days of their pattern."""
    seen = Counter((task, route.day) for route in solution.routes for task, _ in route.stops)
    for index, chosen in enumerate(solution.patterns):
        mask = problem.tasks[index].patterns[chosen].mask
        for day in range(problem.days):
            owed, done = mask >> day & 1, seen[index, day]
            if done < owed:
                yield Violation("missed-visit", f"task {index} is not visited on day {day}", 1)
            if done > owed:
                yield Violation(
                    "extra-visit",
                    f"task {index} is visited {done} times on day {day}, {owed} owed",
                    done - owed,
                )


def _days(problem: PeriodicProblem, solution: Solution, task: int) -> list[int]:
    """Return the days of a task's chosen pattern."""
    mask = problem.tasks[task].patterns[solution.patterns[task]].mask
    return [day for day in range(problem.days) if mask >> day & 1]


def _gap_costs(problem: PeriodicProblem, solution: Solution) -> Iterator[tuple[int, float]]:
    """Yield number and price of every link both of whose tasks are visited."""
    for number, link in enumerate(problem.links):
        earlier = _days(problem, solution, link.earlier)
        later = _days(problem, solution, link.later)
        if earlier and later:
            gap = later[0] - earlier[-1]
            yield number, link.gap_costs[gap] if gap >= 0 else inf


def _gaps(problem: PeriodicProblem, solution: Solution) -> Iterator[Violation]:
    """Yield linked tasks whose visits lie too near, too far or in the wrong order."""
    for number, cost in _gap_costs(problem, solution):
        if cost == inf:
            link = problem.links[number]
            yield Violation(
                "gap", f"tasks {link.earlier} and {link.later} are visited at a forbidden gap"
            )


def _fleet_counts(problem: PeriodicProblem, solution: Solution) -> Iterator[Violation]:
    """Yield fleets used on days they do not have, or more often than they may."""
    used = Counter((route.day, route.fleet) for route in solution.routes)
    for (day, index), count in sorted(used.items()):
        fleet = problem.fleets[index]
        if not fleet.days >> day & 1:
            yield Violation("fleet-day", f"fleet {index} does not work on day {day}", count)
        if count > fleet.count:
            yield Violation(
                "fleet-count",
                f"fleet {index} runs {count} patrols on day {day}, {fleet.count} allowed",
                count - fleet.count,
            )


def _limits(problem: PeriodicProblem, number: int, route: Route) -> Iterator[Violation]:
    """Yield what one route does beyond its fleet's limits."""
    fleet = problem.fleets[route.fleet]
    cost, duration = _route_sum(problem, route)
    if not (isfinite(cost) and isfinite(duration)):
        yield Violation("no-way", f"route {number} uses a leg that does not exist")
        return
    over = duration - fleet.max_duration
    if over > TOLERANCE * max(1.0, fleet.max_duration):
        yield Violation(
            "duration", f"route {number} takes {duration}, {fleet.max_duration} allowed", over
        )
    load = sum(problem.tasks[index].demand for index, _ in route.stops)
    over = load - fleet.capacity
    if over > TOLERANCE * max(1.0, fleet.capacity):
        yield Violation(
            "capacity", f"route {number} carries {load}, {fleet.capacity} allowed", over
        )
