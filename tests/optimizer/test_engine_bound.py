"""Bounds meet the search: proven optima end a run, and proofs have a budget of their own."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer import (
    Fleet,
    MaxIterations,
    Mode,
    Pattern,
    PeriodicProblem,
    SolveStatus,
    Task,
    check,
    solve,
)


def lone_trips() -> PeriodicProblem:
    """Return three tasks, each a patrol of its own, whose cheapest legs prove too little."""
    legs = np.array([[0, 3, 4, 5], [3, 0, 1, 2], [4, 1, 0, 1], [5, 2, 1, 0]], float)[None]
    tasks = tuple(Task((Mode(i, i),), (Pattern(1), Pattern(2, 0.5)), 2.0) for i in (1, 2, 3))
    return PeriodicProblem(legs, legs, (0, 0), tasks, (Fleet(0, 0, 2, 60.0, 3.0, 10.0),))


LEAST = 3 * 10.0 + 2 * (3 + 4 + 5) + 0.5


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bound_that_is_met_means_optimal(workers):
    """With a budget for proofs the run ends early, OPTIMAL; without, it goes on to its limit."""
    problem = lone_trips()
    without = solve(problem, MaxIterations(300), workers=workers)
    assert (without.status, without.iterations) == (SolveStatus.FEASIBLE, 300)
    assert without.lower_bound < LEAST - 1.0
    proven = solve(problem, MaxIterations(300), workers=workers, bound_budget_seconds=30.0)
    assert proven.status is SolveStatus.OPTIMAL
    assert proven.iterations < 300
    assert proven.objective == pytest.approx(LEAST)
    assert proven.lower_bound == pytest.approx(LEAST)
    assert check(problem, proven.best) == []


def test_the_result_without_proof_is_no_worse_than_the_bound():
    """A bound that is not met stands in the result, below the cost, and the run goes its length."""
    problem = lone_trips()
    # A dearer second patrol of another fleet: the programme may use what no solution can.
    problem = replace(problem, fleets=(*problem.fleets, Fleet(0, 0, 1, 60.0, 9.0, 95.0)))
    result = solve(problem, MaxIterations(100), bound_budget_seconds=30.0)
    assert result.lower_bound <= result.objective + 1e-6
    assert result.status in {SolveStatus.OPTIMAL, SolveStatus.FEASIBLE}
    assert (result.status is SolveStatus.OPTIMAL) == (
        result.objective <= result.lower_bound * (1 + 1e-9)
    )


def test_progress_is_told_the_bound():
    """The callback hears the proven bound from the first call."""
    told = []
    solve(lone_trips(), MaxIterations(300), progress=told.append)
    assert {p.lower_bound for p in told} == {told[0].lower_bound}
    assert 0.0 < told[0].lower_bound <= LEAST
