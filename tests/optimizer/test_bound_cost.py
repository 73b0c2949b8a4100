"""The cost bound is never above the truth, meets it where it should, and keeps its time."""

from dataclasses import replace
from math import inf
from time import process_time

import numba
import numpy as np
import pytest
from hypothesis import given

from optimizer import (
    Fleet,
    MaxIterations,
    Mode,
    Pattern,
    PeriodicProblem,
    Task,
    bound_cost,
    bound_memory,
    cost_lower_bound,
    solve,
)
from optimizer.bound_days import alike, fewest_routes
from tests.optimizer.test_engine_random import COMMON, brute_force, problems

BUDGET = 30.0


@COMMON
@given(problems())
def test_the_bound_is_never_above_brute_force(problem):
    """Problems of every kind: modes, day classes, fleets, capacities, tasks that may be dropped."""
    truth = brute_force(problem)
    bound = cost_lower_bound(problem, budget_seconds=BUDGET)
    if truth < inf:
        assert bound.lower <= truth + 1e-6 * max(1.0, abs(truth))


def lone_trips() -> PeriodicProblem:
    """Return three tasks so heavy that each needs a patrol of its own, on either of two days."""
    legs = np.array([[0, 3, 4, 5], [3, 0, 1, 2], [4, 1, 0, 1], [5, 2, 1, 0]], float)[None]
    patterns = (Pattern(1), Pattern(2, 0.5))
    tasks = tuple(Task((Mode(i, i, (1.0,), 0.25),), patterns, 2.0) for i in (1, 2, 3))
    return PeriodicProblem(legs, legs, (0, 0), tasks, (Fleet(0, 0, 2, inf, 3.0, fixed_cost=10.0),))


def test_where_the_programme_is_whole_the_bound_is_the_optimum():
    """Lone trips: 3 patrols, there and back, one task on its dearer day."""
    bound = cost_lower_bound(lone_trips(), budget_seconds=BUDGET)
    assert bound.lower == pytest.approx(30.0 + 2 * (3 + 4 + 5) + 3 * 0.25 + 0.5, abs=1e-4)
    assert bound.method == "columns"
    assert bound.converged


def test_it_stops_at_a_cost_already_known():
    """With the optimum known the simple bound or the first proof that meets it is enough."""
    exact = cost_lower_bound(lone_trips(), budget_seconds=BUDGET).lower
    met = cost_lower_bound(lone_trips(), budget_seconds=BUDGET, upper=exact)
    assert met.lower >= exact - 1e-4
    assert cost_lower_bound(lone_trips(), budget_seconds=BUDGET, upper=1.0).method == "legs"


def test_no_time_leaves_the_simple_bound():
    """A budget of nothing, and a clock that jumps, end at once."""
    assert cost_lower_bound(lone_trips(), budget_seconds=0.0).method == "legs"
    jumps = iter(range(0, 10**6, 100))
    hasty = cost_lower_bound(lone_trips(), budget_seconds=1.0, clock=lambda: float(next(jumps)))
    assert hasty.method == "legs"
    assert hasty.rounds == 0


def scattered(tasks: int, seed: int) -> PeriodicProblem:
    """Return tasks of demand 1-9 around a depot, on one of two days, four patrols of 30 a day."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 100, (tasks + 1, 2))
    legs = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))[None]
    patterns = (Pattern(1), Pattern(2))
    work = tuple(
        Task((Mode(i, i),), patterns, float(rng.integers(1, 10))) for i in range(1, tasks + 1)
    )
    return PeriodicProblem(legs, legs, (0, 0), work, (Fleet(0, 0, 4, capacity=30.0),))


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_the_bound_is_near_what_the_search_finds():
    """Thirty tasks: the gap between search and proof is a few percent, never negative."""
    problem = scattered(30, 1)
    bound = cost_lower_bound(problem, budget_seconds=BUDGET)
    found = solve(problem, MaxIterations(20_000)).objective
    assert bound.converged
    assert 0.95 * found < bound.lower <= found + 1e-6


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_nodes_remember_no_more_than_there_is_room_for(monkeypatch):
    """Without room to learn the bound is weaker or the same, and still ends."""
    whole = cost_lower_bound(scattered(30, 1), budget_seconds=BUDGET)
    monkeypatch.setattr(bound_memory, "NOTES", 1)
    monkeypatch.setattr(bound_cost, "MEMORY", 2)
    less = cost_lower_bound(scattered(30, 1), budget_seconds=BUDGET)
    assert less.converged
    assert 0.9 * whole.lower < less.lower < whole.lower


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_the_budget_is_kept_and_proves_something():
    """Half a second of the processor for eighty tasks: better than the simple bound, or as good."""
    problem = scattered(80, 2)
    bound = cost_lower_bound(problem, budget_seconds=0.5, clock=process_time)
    assert bound.seconds < 5.0
    assert bound.lower >= cost_lower_bound(problem, budget_seconds=0.0).lower


def test_days_alike_are_found_by_exchange_rotation_and_reversal():
    """Any day or pairs two apart: all alike. A day without patrols stands alone."""
    problem = scattered(3, 0)
    assert alike(problem) == [0, 0]
    four = replace(problem, day_class=(0,) * 4)

    def with_patterns(*masks, fleets=problem.fleets):
        tasks = tuple(replace(t, patterns=tuple(map(Pattern, masks))) for t in four.tasks)
        return replace(four, tasks=tasks, fleets=fleets)

    assert alike(with_patterns(0b0101, 0b1010)) == [0, 0, 0, 0]
    assert alike(with_patterns(0b0011, 0b1100)) == [0, 0, 0, 0]
    assert alike(with_patterns(0b0001)) == [0, 1, 1, 1]
    assert alike(with_patterns(0b0001, 0b1000)) == [0, 1, 1, 0]
    assert alike(with_patterns(0b1111, fleets=(Fleet(0, 0, 1, days=0b0111),))) == [0, 0, 0, 3]


def test_loads_that_are_sure_need_routes():
    """A day on which 31 are surely to be carried needs two patrols of 30; all 45 need two too."""
    problem = scattered(3, 0)
    tasks = tuple(
        replace(task, demand=demand, patterns=patterns)
        for task, demand, patterns in zip(
            problem.tasks, (20.0, 11.0, 14.0), ((Pattern(1),),) * 2 + ((Pattern(1), Pattern(2)),),
            strict=True,
        )
    )  # fmt: skip
    assert fewest_routes(replace(problem, tasks=tasks), [0, 1]) == [2.0, 0.0, 2.0]
