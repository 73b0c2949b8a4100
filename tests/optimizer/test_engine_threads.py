"""How a run ends, whatever the number of threads: same result, exact counts, best so far."""

import numba
import pytest

from optimizer import (
    MaxIterations,
    MaxRuntime,
    NoImprovement,
    SolveStatus,
    TargetObjective,
    check,
    solve,
)
from optimizer.engine import evolution
from optimizer.engine.start import empty_start
from tests.optimizer.engine_problems import KINDS, one_day, periodic, short_chains

SLOW = numba.config.DISABLE_JIT
LIMIT = 240 if SLOW else 3001
SHORTEST = 25 if SLOW else 300


def outcome(result):
    """Return what must not depend on the number of workers."""
    return (
        result.best, result.objective, result.iterations, result.status, result.lower_bound,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_workers_change_nothing_when_iterations_end_the_run(kind):
    """One, two and four threads return the same through chains from nothing and many children."""
    problem = KINDS[kind]()
    with short_chains(SHORTEST):
        alone, *others = (
            outcome(solve(problem, MaxIterations(LIMIT), seed=2, workers=workers))
            for workers in (1, 2, 4)
        )
    assert others == [alone, alone]
    assert alone[2] == LIMIT
    assert check(problem, alone[0]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_workers_change_nothing_when_a_target_ends_the_run(kind):
    """A target reached in the second batch or later ends all of them after the same chain."""
    problem = KINDS[kind]()
    with short_chains(SHORTEST):
        wanted = solve(problem, MaxIterations(LIMIT), seed=5).objective
        stop = MaxIterations(10 * LIMIT) | TargetObjective(wanted)
        alone, *others = (
            outcome(solve(problem, stop, seed=5, workers=workers)) for workers in (1, 2, 4)
        )
    assert others == [alone, alone]
    assert alone[1] <= wanted + 1e-9
    assert alone[2] <= LIMIT


def test_workers_change_nothing_when_patience_ends_the_run():
    """Patience counts the same iterations with four threads as with one."""
    problem = periodic()
    with short_chains(SHORTEST):
        results = [solve(problem, NoImprovement(70), seed=1, workers=w) for w in (1, 4)]
    assert outcome(results[0]) == outcome(results[1])
    for result in results:
        assert result.iterations - result.trace[-1].iteration == 70


def test_workers_change_nothing_when_the_population_runs_dry(monkeypatch):
    """Tiny problem, all chains end alike: new ones from nothing, longer, on any threads."""
    begun = []

    def noted(arrays):
        begun.append(arrays.tasks)
        return empty_start(arrays)

    monkeypatch.setattr(evolution, "empty_start", noted)
    problem = one_day(3)
    results = []
    for workers in (1, 2):
        with short_chains(10):
            results.append(outcome(solve(problem, MaxIterations(400), workers=workers)))
        assert len(begun) > evolution.BATCH
        begun.clear()
    assert results[0] == results[1]


def test_different_seeds_differ():
    """Without this the tests above would prove nothing: another seed takes another way."""
    problem = periodic()
    with short_chains(SHORTEST):
        found = {solve(problem, MaxIterations(120), seed=seed).best for seed in range(4)}
    assert len(found) > 1


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("limit", [1, 39, 40, 41, 159, 160, 161, 167, 300])
def test_an_iteration_limit_is_met_exactly(limit, workers):
    """Below, at and beyond the ends of chains and batches, not one iteration more or less."""
    with short_chains(40):
        result = solve(one_day(8), MaxIterations(limit), workers=workers)
    assert result.iterations == limit


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_that_returns_true_ends_the_run(workers):
    """The run ends as INTERRUPTED with the best so far; progress is not called again."""
    told = []

    def enough(progress):
        told.append(progress)
        return progress.objective < float("inf")

    problem = periodic()
    result = solve(problem, MaxIterations(10_000_000), workers=workers, progress=enough)
    assert result.status is SolveStatus.INTERRUPTED
    assert check(problem, result.best) == []
    assert result.objective <= told[-1].objective + 1e-9
    assert [p.objective < float("inf") for p in told] == [False] * (len(told) - 1) + [True]
    assert result.iterations < 10_000_000


@pytest.mark.parametrize("answer", [None, False, 1, "yes"])
def test_only_true_itself_ends_a_run(answer):
    """A progress bar that returns anything but True does not end a run by accident."""
    result = solve(one_day(6), MaxIterations(60), progress=lambda _: answer)
    assert result.iterations == 60


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_returns_the_best_so_far(workers):
    """KeyboardInterrupt while chains run, on one thread or several, ends the run with its best."""

    def interrupt(progress):
        if progress.objective < float("inf"):
            raise KeyboardInterrupt

    problem = one_day()
    result = solve(problem, MaxIterations(10_000_000), workers=workers, progress=interrupt)
    assert result.status is SolveStatus.INTERRUPTED
    assert check(problem, result.best) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_between_chains_returns_the_best_so_far(workers, monkeypatch):
    """KeyboardInterrupt while children are made, outside of any chain, is no traceback either."""

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(evolution, "child", interrupt)
    problem = periodic()
    try:
        with short_chains(SHORTEST):
            result = solve(problem, MaxIterations(10_000_000), workers=workers)
    except KeyboardInterrupt:  # it would end pytest itself
        pytest.fail("Ctrl-C came out of solve")
    assert result.status is SolveStatus.INTERRUPTED
    assert check(problem, result.best) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_the_clock_ends_a_run(workers):
    """Chains on threads look at the clock too."""
    problem = periodic()
    result = solve(problem, MaxRuntime(0.3), workers=workers)
    assert result.status is SolveStatus.TIME_LIMIT
    assert 0.3 <= result.runtime_seconds < 5.0
    assert check(problem, result.best) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_progress_is_the_callers(workers):
    """What a callback raises comes out of solve; no thread is left behind."""

    def broken(_):
        raise LookupError("the caller's own")

    with pytest.raises(LookupError, match="the caller's own"), short_chains(SHORTEST):
        solve(one_day(6), MaxIterations(500), workers=workers, progress=broken)
