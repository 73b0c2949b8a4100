"""The routing engine: half-months of a station, ours in half a second against OR-Tools routing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.instances import PATROL_COST, half_month
from benchmarks.ortools_routing import solve_by_routing
from benchmarks.table import Row
from optimizer import (
    MaxRuntime,
    PeriodicProblem,
    Solution,
    check,
    cost_of,
    patrol_need,
    solve,
    warm_up,
)

TASK_COUNTS = (15, 20, 25, 30, 40)


@dataclass(frozen=True)
class EngineRow(Row):
    """Sums over the problems of one size that both solved; each solution passed the check.

    ``objective_gap_percent`` is how far OR-Tools' objective (the price of patrols and the driving)
    lies above ours, ``driving_ratio`` its driving over ours.
    """

    problems: int
    visits: int
    patrols_proven_necessary: int
    our_seconds_each: float
    our_patrols: int
    our_driving_minutes: float
    routing_seconds_each: float
    routing_solved: int
    routing_patrols: int
    routing_driving_minutes: float
    objective_gap_percent: float | None
    driving_ratio: float | None


def run(
    task_counts: Sequence[int] = TASK_COUNTS,
    *,
    problems: int = 2,
    seconds: float = 0.5,
    routing_seconds: float = 5.0,
) -> Iterator[EngineRow]:
    """Measure so many problems of each size, one thread each way; compiling is not counted."""
    warm_up()
    for tasks in task_counts:
        drawn = [half_month(tasks, seed) for seed in range(problems)]
        yield measure(drawn, seconds, routing_seconds)


def measure(
    problems: Sequence[PeriodicProblem], seconds: float, routing_seconds: float
) -> EngineRow:
    """Solve problems of one size both ways. Raises AssertionError for a solution that is none."""
    ours = [solve(problem, MaxRuntime(seconds), seed=1).best for problem in problems]
    theirs = [solve_by_routing(problem, routing_seconds) for problem in problems]
    both = [
        (problem, mine, other)
        for problem, mine, other in zip(problems, ours, theirs, strict=True)
        if mine and other
    ]
    our_cost = sum(checked_cost(problem, mine) for problem, mine, _ in both)
    routing_cost = sum(checked_cost(problem, other) for problem, _, other in both)
    our_patrols = sum(len(mine.routes) for _, mine, _ in both)
    routing_patrols = sum(len(other.routes) for _, _, other in both)
    our_driving = our_cost - PATROL_COST * our_patrols
    routing_driving = routing_cost - PATROL_COST * routing_patrols
    return EngineRow(
        case=f"{len(problems[0].tasks)} zones",
        note="" if all(ours) else f"ours found nothing for {ours.count(None)}",
        problems=len(problems),
        visits=sum(sum(visits_owed(problem)) for problem, _, _ in both),
        patrols_proven_necessary=sum(
            patrol_need(problem, visits_owed(problem)).lower for problem, _, _ in both
        ),
        our_seconds_each=seconds,
        our_patrols=our_patrols,
        our_driving_minutes=our_driving / 60,
        routing_seconds_each=routing_seconds,
        routing_solved=len(problems) - theirs.count(None),
        routing_patrols=routing_patrols,
        routing_driving_minutes=routing_driving / 60,
        objective_gap_percent=100 * (routing_cost / our_cost - 1) if both else None,
        driving_ratio=routing_driving / our_driving if both else None,
    )


def checked_cost(problem: PeriodicProblem, solution: Solution) -> float:
    """Return the cost of a solution that the independent check finds nothing wrong with."""
    violations = check(problem, solution)
    assert not violations, violations
    return cost_of(problem, solution)


def visits_owed(problem: PeriodicProblem) -> list[int]:
    """Return how many visits each task is owed, the same in all its patterns."""
    return [task.patterns[0].mask.bit_count() for task in problem.tasks]
