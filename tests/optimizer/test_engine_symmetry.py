"""Solutions turned to be like one another cost the same and are lawful; neighbourhoods in turn."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from optimizer import Fleet, MaxIterations, Mode, Pattern, PeriodicProblem, Task, check, solve
from optimizer.engine import evolution, layout
from optimizer.engine.arrays import routes_of, to_arrays
from optimizer.engine.chain import Plan, run_chain
from optimizer.engine.population import Individual
from optimizer.engine.start import Start, empty_start, start_from
from optimizer.engine.state import clear, load, new_state, to_best
from optimizer.engine.symmetry import symmetry_of
from optimizer.solution_check import cost_of
from tests.optimizer.engine_problems import KINDS, linked, periodic, short_chains


def week(days=4, tasks=12, fleets=None):
    """Return days that are all alike: some tasks on one of them, some on two opposite ones."""
    xy = np.random.default_rng(3).uniform(0, 50, (tasks + 1, 2))
    way = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))[None]
    once = tuple(Pattern(1 << day) for day in range(days))
    twice = tuple(Pattern(0b101 << day) for day in range(days - 2))
    work = tuple(
        Task((Mode(i, i, (5.0,)),), twice if i % 3 == 0 else once, 1.0) for i in range(1, tasks + 1)
    )
    return PeriodicProblem(way, way, (0,) * days, work, fleets or (Fleet(0, 0, 2, inf, 4.0),))


def found(problem, seed):
    """Return a short run's solution as the population holds it."""
    result = solve(problem, MaxIterations(60), seed=seed)
    start = start_from(to_arrays(problem), result.best)
    return Individual(result.objective, start.chosen, dict(start.routes), (1.0, 1.0))


def shared(arrays, one, other):
    """Return how many visits two solutions have on the same days."""
    masks = [arrays.pattern_mask[each.chosen] for each in (one, other)]
    return sum(int(both).bit_count() for both in (masks[0] & masks[1]).tolist())


def own_days():
    """Return a week whose days have each a patrol of its own, and two patrols of one more kind."""
    each = tuple(Fleet(0, 0, 1, inf, 4.0, days=1 << day) for day in (2, 0, 3, 1))
    return week(fleets=(*each, Fleet(0, 0, 2, inf, 3.0, 5.0)))


@pytest.mark.parametrize("make", [week, own_days, *KINDS.values()])
def test_a_turned_solution_is_as_good(make):
    """Its visits, patrols and cost are those it had, and it shares no fewer with the first."""
    problem = make()
    arrays = to_arrays(problem)
    symmetry = symmetry_of(problem, arrays)
    first = found(problem, 0)
    for seed in range(1, 6):
        second = found(problem, seed)
        turned = symmetry.like(first, second)
        solution = routes_of(arrays, turned.routes, turned.chosen)
        assert check(problem, solution) == []
        assert cost_of(problem, solution) == pytest.approx(second.cost)
        assert shared(arrays, first, turned) >= shared(arrays, first, second)


@pytest.mark.parametrize("make", [week, own_days])
def test_a_solution_whose_days_were_exchanged_is_turned_back(make):
    """The reversal of a week is found to be the week itself."""
    problem = make()
    arrays = to_arrays(problem)
    symmetry = symmetry_of(problem, arrays)
    one = found(problem, 1)
    reversal = next(m for m in symmetry.moves if m.tolist() == [3, 2, 1, 0])
    other = symmetry._turned(one, reversal)
    assert shared(arrays, one, other) < shared(arrays, one, one)
    back = symmetry.like(one, other)
    assert (back.chosen == one.chosen).all()
    assert cost_of(problem, routes_of(arrays, back.routes, back.chosen)) == pytest.approx(one.cost)
    assert sorted(m.tolist() for m in back.routes.values()) == sorted(
        m.tolist() for m in one.routes.values()
    )


def test_days_that_differ_are_not_exchanged():
    """Neither with linked tasks, nor with a fleet that has its own days, nor with day classes."""
    assert symmetry_of(linked(), to_arrays(linked())).moves == ()
    own = week(fleets=(Fleet(0, 0, 2, inf, 4.0), Fleet(0, 0, 1, inf, 4.0, days=0b0001)))
    assert all(move[0] == 0 for move in symmetry_of(own, to_arrays(own)).moves)
    two = week()
    two = replace(
        two,
        cost=np.concatenate([two.cost, 2 * two.cost]),
        duration=np.concatenate([two.duration, two.duration]),
        day_class=(1, 0, 0, 0),
    )
    assert all(move[0] == 0 for move in symmetry_of(two, to_arrays(two)).moves)


def test_the_best_solution_becomes_the_present_one():
    """Whatever the search went on to, routes, visits and patterns are those of the best."""
    arrays = to_arrays(periodic())
    state = new_state(arrays)
    run_chain(arrays, state, Plan(1, empty_start(arrays), None, 400, 0.5), 1, -inf, lambda *_: 99)
    to_best(arrays, state)
    assert (state.chosen == state.best_chosen).all()
    for s, size in enumerate(state.length):
        assert state.seq[s, :size].tolist() == state.best_seq[s, :size].tolist()
        for mode in state.seq[s, :size]:
            assert state.slot_of[arrays.mode_task[mode], arrays.slots[s, layout.DAY]] == s
    assert (state.slot_of >= 0).sum() == state.length.sum()


def test_rounds_never_lose_the_best_and_stay_in_their_neighbourhood():
    """A chain of rounds ends no dearer than it began, with seeds near one another."""
    problem = week(tasks=20)
    arrays = to_arrays(problem)
    state = new_state(arrays)
    one = found(problem, 2)
    plan = Plan(5, Start(one.chosen, one.routes, []), None, 600, 0.5, rounds=6, focus=5)
    centres = set()

    def watch(*_told):
        seeds = state.seeds[: state.counts[layout.SEEDS]].tolist()
        if len(seeds) == 5:
            centres.add(seeds[0])
            assert seeds[1:] == arrays.near[seeds[0], :4].tolist()
        return 50

    better, done = run_chain(arrays, state, plan, 1, -inf, watch)
    assert done == 600
    assert better.cost <= one.cost + 1e-9
    assert len(centres) > 1
    clear(state, (0, 0), None)
    load(arrays, state, empty_start(arrays))
    assert state.counts[layout.SEEDS] == arrays.tasks


@pytest.mark.parametrize("kind", KINDS)
def test_large_problems_are_solved_place_by_place_and_alike_on_any_threads(kind, monkeypatch):
    """Batches with neighbourhoods give lawful solutions, the same for one thread and for two."""
    monkeypatch.setattr(evolution, "LARGE", 1)
    problem = KINDS[kind]()
    with short_chains():
        one, two = (solve(problem, MaxIterations(900), seed=3, workers=w) for w in (1, 2))
    assert check(problem, one.best) == []
    assert one.best == two.best
