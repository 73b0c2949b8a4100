"""The engine's manners: statuses, stops, progress, Ctrl-C, warm start, compiling once."""

from dataclasses import replace
from math import inf

import numba
import numpy as np
import pytest

from optimizer import (
    Fleet,
    MaxIterations,
    MaxRuntime,
    Mode,
    NoImprovement,
    Pattern,
    PeriodicProblem,
    Route,
    Solution,
    SolveStatus,
    Stop,
    TargetObjective,
    Task,
    check,
    solve,
    warm_up,
)
from optimizer.engine import compiled


def station(tasks: int = 12, patrols: int = 3, shift: float = 9000.0) -> PeriodicProblem:
    """Return a little half-month of two virtual days: 20 minutes a stop, seconds for all costs."""
    rng = np.random.default_rng(tasks)
    xy = rng.uniform(0.0, 9000.0, (tasks + 1, 2))
    seconds = np.ceil(np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)) / 9.0)[None]
    work = tuple(
        Task((Mode(i, i, (1200.0,)),), (Pattern(3),) if i % 4 == 0 else (Pattern(1), Pattern(2)))
        for i in range(1, tasks + 1)
    )
    return PeriodicProblem(
        seconds, seconds, (0, 0), work, (Fleet(0, 0, patrols, shift, fixed_cost=20_000.0),)
    )


def test_optimal_is_said_when_the_bound_is_met():
    """One task, one patrol: the bound is exact and the run ends at once."""
    problem = station(1, 1)
    result = solve(problem, MaxIterations(10_000))
    assert result.status is SolveStatus.OPTIMAL
    assert result.objective == pytest.approx(result.lower_bound)
    assert result.iterations < 10_000


def test_infeasible_is_only_said_when_proven():
    """A stop longer than the shift is proven impossible; too few patrols are just not found."""
    assert solve(station(3, 3, 1000.0), MaxIterations(50)).status is SolveStatus.INFEASIBLE
    tight = solve(station(12, 1, 9000.0), MaxIterations(50))
    assert (tight.status, tight.best, tight.objective) == (SolveStatus.NOT_FOUND, None, inf)


def test_a_way_over_other_places_keeps_a_task_possible():
    """The direct way is too long but the way over another task fits: not proven infeasible."""
    way = np.full((1, 3, 3), 50.0)
    way[0, 0, 1] = way[0, 1, 2] = way[0, 2, 1] = way[0, 1, 0] = 5.0
    tasks = (Task((Mode(1, 1),), (Pattern(1),)), Task((Mode(2, 2),), (Pattern(1),)))
    problem = PeriodicProblem(way, way, (0,), tasks, (Fleet(0, 0, 2, 60.0),))
    result = solve(problem, MaxIterations(300))
    assert result.status in {SolveStatus.FEASIBLE, SolveStatus.OPTIMAL}


def test_iterations_end_a_run_as_feasible_and_the_clock_as_time_limit():
    """The status says which limit ended the run."""
    problem = station()
    by_count = solve(problem, MaxIterations(40) | MaxRuntime(600.0))
    assert (by_count.status, by_count.iterations) == (SolveStatus.FEASIBLE, 40)
    assert check(problem, by_count.best) == []
    by_clock = solve(problem, MaxRuntime(0.05))
    assert by_clock.status is SolveStatus.TIME_LIMIT
    assert by_clock.runtime_seconds >= 0.05


def test_patience_ends_a_run():
    """Without a better solution for so many iterations the run ends, and not before."""
    result = solve(station(), NoImprovement(60))
    assert result.iterations - result.trace[-1].iteration == 60


def test_target_ends_a_run_early():
    """The first solution at or below the target ends the run."""
    problem = station()
    first = solve(problem, MaxIterations(100))
    result = solve(problem, MaxIterations(5000) | TargetObjective(first.objective))
    assert result.objective <= first.objective
    assert result.iterations < 5000
    assert result.status is SolveStatus.FEASIBLE


def test_progress_tells_each_chunk_and_the_trace_only_falls():
    """Progress counts up to the last iteration; the trace's objectives fall to the result's."""
    told = []
    result = solve(station(), MaxIterations(300), progress=told.append)
    assert [p.iterations for p in told] == [256, 300]
    assert told[-1].objective == pytest.approx(result.objective)
    objectives = [point.objective for point in result.trace]
    assert objectives == sorted(objectives, reverse=True)
    assert objectives[-1] == pytest.approx(result.objective)


def test_ctrl_c_returns_the_best_so_far():
    """KeyboardInterrupt in the middle of a run ends it with what it has."""

    def interrupt(_):
        raise KeyboardInterrupt

    problem = station()
    result = solve(problem, MaxIterations(100_000), progress=interrupt)
    assert result.status is SolveStatus.INTERRUPTED
    assert check(problem, result.best) == []


def test_a_given_solution_is_never_made_worse():
    """Starting from a solution the result costs no more, whatever the seed."""
    problem = station()
    good = solve(problem, MaxIterations(400), seed=3)
    again = solve(problem, MaxIterations(1), seed=9, initial=good.best)
    assert again.objective <= good.objective + 1e-9


def test_what_a_start_leaves_out_is_brought_in():
    """A start with a route missing and a pattern that its visits belie is mended."""
    problem = station()
    good = solve(problem, MaxIterations(200)).best
    result = solve(problem, MaxIterations(200), initial=replace(good, routes=good.routes[1:]))
    assert check(problem, result.best) == []


def test_a_start_that_does_not_fit_is_refused():
    """Too many patrols on a day, or patterns of another problem, raise ValueError."""
    problem = station(4, 1)
    crowd = Solution((Route(0, 0, ((0, 0),)), Route(0, 0, ((1, 0),))), (0, 0, 0, 0))
    with pytest.raises(ValueError, match="no room"):
        solve(problem, MaxIterations(1), initial=crowd)
    with pytest.raises(ValueError, match="1 patterns for 4 tasks"):
        solve(problem, MaxIterations(1), initial=Solution((), (0,)))


def test_an_optional_task_is_dropped_at_its_price_and_comes_back():
    """A task far away is dropped when dropping is cheaper than going, and only then."""
    way = np.abs(np.array([0.0, 1.0, 500.0])[:, None] - np.array([0.0, 1.0, 500.0]))[None]
    for price, wanted in ((100.0, 2.0 + 100.0), (5000.0, 1000.0)):
        tasks = (
            Task((Mode(1, 1),), (Pattern(1),)),
            Task((Mode(2, 2),), (Pattern(1), Pattern(0, price))),
        )
        problem = PeriodicProblem(way, way, (0,), tasks, (Fleet(0, 0, 1),))
        assert solve(problem, MaxIterations(200)).objective == pytest.approx(wanted)


def test_nothing_to_drive_is_optimal():
    """No tasks, or only tasks that are cheapest dropped where no patrol exists."""
    way = np.zeros((1, 1, 1))
    empty = PeriodicProblem(way, way, (0,), (), (Fleet(0, 0, 1),))
    assert solve(empty, MaxIterations(1)).best == Solution((), ())
    task = Task((Mode(0, 0),), (Pattern(0, 7.0), Pattern(0, 4.0), Pattern(1)))
    dropped = solve(PeriodicProblem(way, way, (0,), (task,), ()), MaxIterations(1))
    assert (dropped.status, dropped.objective) == (SolveStatus.OPTIMAL, 4.0)
    assert dropped.best == Solution((), (1,))


def test_stops_join_to_the_stricter_of_each():
    """Joined limits keep the smaller counts and the easier target."""
    joined = MaxIterations(5) | MaxIterations(3) | TargetObjective(7.0) | TargetObjective(9.0)
    assert joined == Stop(iterations=3, target=9.0)
    assert (NoImprovement(4) | MaxRuntime(2.0)) == Stop(patience=4, seconds=2.0)


@pytest.mark.parametrize("make", [MaxIterations, NoImprovement, MaxRuntime])
@pytest.mark.parametrize("value", [0, -1, inf])
def test_a_limit_must_be_a_positive_number(make, value):
    """Zero, negative and infinite limits are refused."""
    with pytest.raises(ValueError, match="finite number above 0"):
        make(value)


def test_solve_refuses_what_never_ends_and_no_workers():
    """A lone target and zero workers are errors."""
    with pytest.raises(ValueError, match="may never be reached"):
        solve(station(2, 2), TargetObjective(1.0))
    with pytest.raises(ValueError, match="workers"):
        solve(station(2, 2), MaxIterations(1), workers=0)


def test_warm_up_works_once_per_process():
    """The second call has nothing to do."""
    warm_up()
    assert warm_up() is False


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch):
    """When numba finds no place for its cache the kernel is compiled without one."""
    asked = []

    def refuse(**options):
        asked.append(options.get("cache", False))
        if options.get("cache"):
            raise RuntimeError("no locator available")
        return lambda function: function

    monkeypatch.setattr(compiled, "njit", refuse)
    assert compiled.kernel(abs)(-3) == 3
    assert asked == [True, False]


@pytest.mark.parametrize("seed", range(8))
def test_moving_patrols_between_fleets_and_modes_loses_no_visit(seed):
    """With two depots and two modes a task what the search remembers of a slot never goes stale."""
    rng = np.random.default_rng(seed)
    way = rng.integers(0, 30, (2, 10, 10)).astype(float)
    tasks = tuple(
        Task(
            (Mode(i, i, (5.0, 9.0)), Mode(i, i - 1, (4.0, 5.0))),
            (Pattern(1), Pattern(2), Pattern(4)),
            float(rng.integers(0, 4)),
        )
        for i in range(2, 10)
    )
    fleets = (
        Fleet(0, 0, 3, inf, 6.0, fixed_cost=5.0, days=1),
        Fleet(1, 1, 3, 80.0, 6.0, fixed_cost=5.0),
    )
    problem = PeriodicProblem(way, way, (0, 1, 0), tasks, fleets)
    result = solve(problem, MaxIterations(100 if numba.config.DISABLE_JIT else 3000), seed=seed)
    assert result.best is not None
    assert check(problem, result.best) == []
