"""Starting from a solution: it is kept, mended or refused, never quietly changed."""

from dataclasses import replace

import numba
import pytest

from optimizer import MaxIterations, Route, Solution, TargetObjective, check, cost_of, solve
from optimizer.engine.arrays import to_arrays
from optimizer.engine.start import start_from
from tests.optimizer.engine_problems import KINDS, one_day, periodic, with_modes

GOOD = 80 if numba.config.DISABLE_JIT else 3000


@pytest.mark.parametrize("kind", KINDS)
def test_a_given_solution_is_never_lost(kind):
    """Whatever the seed, and however few iterations, nothing worse than the start comes back."""
    problem = KINDS[kind]()
    good = solve(problem, MaxIterations(GOOD), seed=3)
    for seed in range(4 if numba.config.DISABLE_JIT else 40):
        again = solve(problem, MaxIterations(1 + seed % 3), seed=seed, initial=good.best)
        assert again.objective <= good.objective + 1e-9
        assert check(problem, again.best) == []


def test_a_given_solution_is_known_before_the_first_iteration():
    """A start as cheap as the target ends the run at once, and is what comes back."""
    problem = periodic()
    good = solve(problem, MaxIterations(GOOD))
    again = solve(
        problem, MaxIterations(500) | TargetObjective(good.objective), initial=good.best, seed=1
    )
    assert again.iterations == 0
    assert again.objective == pytest.approx(good.objective)
    assert {(r.day, frozenset(r.stops)) for r in again.best.routes} == {
        (r.day, frozenset(r.stops)) for r in good.best.routes
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_start_of_anything_is_mended(kind):
    """Routes missing, visits twice, patterns that the visits belie: the result is feasible."""
    problem = KINDS[kind]()
    good = solve(problem, MaxIterations(GOOD)).best
    first, second, *rest = good.routes
    for start in (
        Solution((), good.patterns),
        replace(good, routes=good.routes[1:]),
        replace(good, routes=(replace(first, stops=first.stops * 2), second, *rest)),
        replace(good, patterns=(0,) * len(good.patterns)),
    ):
        result = solve(problem, MaxIterations(GOOD), initial=start)
        assert check(problem, result.best) == []
        assert cost_of(problem, result.best) == pytest.approx(result.objective)


@pytest.mark.parametrize(
    ("route", "part"),
    [
        (Route(0, 0, ((99, 0),)), "there is no task 99"),
        (Route(0, 0, ((-1, 0),)), "there is no task -1"),
        (Route(0, 0, ((0, 2),)), "task 0 has no mode 2"),
        (Route(0, 0, ((0, -1),)), "task 0 has no mode -1"),
        (Route(77, 0, ((0, 0),)), "there is no day 77"),
        (Route(0, 9, ((0, 0),)), "no room for so many patrols of fleet 9"),
    ],
)
def test_a_start_that_names_what_there_is_not_is_refused(route, part):
    """No index of another task, day or fleet slips through: ValueError says which."""
    problem = with_modes()
    with pytest.raises(ValueError, match=part):
        start_from(to_arrays(problem), Solution((route,), (0,) * len(problem.tasks)))


def test_a_start_keeps_visits_that_agree_with_their_pattern():
    """What is right stays where it is, in its mode; only the task amiss is pending."""
    problem = one_day()
    good = solve(problem, MaxIterations(GOOD)).best
    left_out = good.routes[0].stops[0][0]
    cut = replace(good.routes[0], stops=good.routes[0].stops[1:])
    routes = (*((cut,) if cut.stops else ()), *good.routes[1:])
    arrays = to_arrays(problem)
    start = start_from(arrays, Solution(routes, good.patterns))
    assert start.pending == [(left_out, -1, -1)]
    assert start.chosen[left_out] == -1
    kept = sorted(int(arrays.mode_task[m]) for modes in start.routes.values() for m in modes)
    assert kept == [t for t in range(len(problem.tasks)) if t != left_out]
