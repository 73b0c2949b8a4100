"""What two solutions make together is consistent, and the population keeps what differs."""

from functools import cache

import numba
import numpy as np
import pytest

from optimizer import MaxIterations, solve
from optimizer.engine.anneal import anneal
from optimizer.engine.arrays import to_arrays
from optimizer.engine.chain import individual
from optimizer.engine.evolution import Evolution
from optimizer.engine.layout import DAY, GROUP
from optimizer.engine.population import (
    GAIN,
    SIZE,
    YOUNG,
    Individual,
    Population,
    Standstill,
    child,
)
from optimizer.engine.start import empty_start, start_from
from optimizer.engine.state import arguments, clear, load, new_state
from tests.optimizer.engine_problems import KINDS

SLOW = numba.config.DISABLE_JIT
PAIRS = 40 if SLOW else 150


@cache
def parents(kind):
    """Return a problem's arrays and five mediocre solutions, as the population holds them."""
    problem = KINDS[kind]()
    arrays = to_arrays(problem)
    found = {}
    for seed in range(60):
        result = solve(problem, MaxIterations(20), seed=seed)
        if result.best is not None:
            start = start_from(arrays, result.best)
            found[result.objective] = Individual(
                result.objective, start.chosen, dict(start.routes), (1.0, 1.0)
            )
        if len(found) == 5:
            break
    return arrays, list(found.values())


def faults(arrays, start):
    """Yield what is inconsistent in a start."""
    visited = {}
    for slot, modes in start.routes.items():
        if not 0 <= slot < len(arrays.slots):
            yield f"no slot {slot}"
        if not len(modes):
            yield f"slot {slot} is kept empty"
        for t in arrays.mode_task[modes].tolist():
            day = int(arrays.slots[slot, DAY])
            if (t, day) in visited:
                yield f"task {t} twice on day {day}"
            visited[t, day] = slot
    pending = {}
    for t, day, pattern in start.pending:
        if (t, day) in pending or (t, -1) in pending:
            yield f"task {t} day {day} is pending twice"
        pending[t, day] = pattern
    for t in range(arrays.tasks):
        days = {d for task, d in visited if task == t}
        lacking = {d for task, d in pending if task == t}
        pattern = int(start.chosen[t])
        if pattern < 0:
            if days or lacking != {-1}:
                yield f"task {t} has no pattern, but visits {days} and pending {lacking}"
            continue
        if not arrays.pattern_first[t] <= pattern < arrays.pattern_first[t + 1]:
            yield f"task {t} has another task's pattern {pattern}"
        owed = {d for d in range(arrays.days) if arrays.pattern_mask[pattern] >> d & 1}
        if days & lacking or days | lacking != owed:
            yield f"task {t} owes {owed}, has {days}, pending {lacking}"
        if any(pending[t, d] != pattern for d in lacking):
            yield f"task {t} is pending with another pattern"


def same_routes(one, other):
    """Whether two have the same routes, in whichever slots."""
    return sorted(m.tolist() for m in one.routes.values()) == sorted(
        m.tolist() for m in other.routes.values()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_child_is_consistent(kind):
    """Wholly pending, or with a pattern whose days are each visited once or pending once."""
    arrays, found = parents(kind)
    rng = np.random.default_rng(7)
    pending, new = 0, 0
    for _ in range(PAIRS):
        first, second = (found[i] for i in rng.permutation(len(found))[:2])
        start = child(arrays, first, second, rng)
        assert list(faults(arrays, start)) == []
        pending += len(start.pending)
        new += not any(same_routes(start, parent) for parent in found)
    assert new > PAIRS / 3
    assert pending > 0 or kind == "one_day"  # there only patrols could be lacking


@pytest.mark.parametrize("kind", KINDS)
def test_a_child_keeps_routes_in_slots_of_their_day_and_fleet(kind):
    """Every stretch kept is a stretch of a parent's route of the same day and fleet."""
    arrays, found = parents(kind)
    rng = np.random.default_rng(8)

    def stretches(routes):
        """Return (day and fleet, mode before, mode after) of all pairs in their order."""
        return {
            (int(arrays.slots[slot, GROUP]), a, b)
            for slot, modes in routes.items()
            for i, a in enumerate(modes.tolist())
            for b in modes.tolist()[i + 1 :]
        }

    for _ in range(PAIRS):
        first, second = (found[i] for i in rng.permutation(len(found))[:2])
        start = child(arrays, first, second, rng)
        known = stretches(first.routes) | stretches(second.routes)
        assert stretches(start.routes) <= known


@pytest.mark.parametrize("kind", KINDS)
def test_a_child_is_brought_in_whole(kind):
    """Loaded and recreated, a child lacks nothing: each task has a pattern and all its visits."""
    arrays, found = parents(kind)
    rng = np.random.default_rng(9)
    state = new_state(arrays)
    for number in range(10):
        clear(state, (0, number), None)
        load(arrays, state, child(arrays, found[0], found[1], rng))
        anneal(0, -np.inf, 0.0, 1.0, *arguments(arrays, state))
        assert (state.chosen >= 0).all()
        for t in range(arrays.tasks):
            mask = int(arrays.pattern_mask[state.chosen[t]])
            days = [d for d in range(arrays.days) if mask >> d & 1]
            assert np.flatnonzero(state.slot_of[t] >= 0).tolist() == days
            for d in days:
                s = state.slot_of[t, d]
                assert arrays.slots[s, DAY] == d
                assert t in arrays.mode_task[state.seq[s, : state.length[s]]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_child_of_twins_is_their_like(kind):
    """Two equal parents make that solution again, whole routes and nothing pending."""
    arrays, found = parents(kind)
    rng = np.random.default_rng(3)
    for parent in found:
        start = child(arrays, parent, parent, rng)
        assert start.pending == []
        assert same_routes(start, parent)


def test_an_empty_start_has_everything_pending():
    """No route, no pattern, each task pending as a whole."""
    arrays, _ = parents("periodic")
    start = empty_start(arrays)
    assert list(faults(arrays, start)) == []
    assert len(start.pending) == arrays.tasks


def one(cost):
    """Return a member of that cost."""
    return Individual(cost, np.zeros(1, np.int32), {}, (1.0, 1.0))


def test_a_population_keeps_the_cheapest_that_differ():
    """Sorted by cost, never two of one cost, at most SIZE, the dearest leaves first."""
    rng = np.random.default_rng(0)
    population = Population()
    assert population.best is None
    added = []
    for cost in rng.integers(100, 140, 300).tolist():
        population.add(one(float(cost)))
        added.append(float(cost))
        costs = [member.cost for member in population.members]
        assert costs == sorted(set(added))[:SIZE]
    assert population.best.cost == min(added)


def test_refusals_in_a_row_are_counted():
    """Twins, nothing at all and those dearer than a full house are refused; a gain starts anew."""
    population = Population()
    for cost in range(SIZE):
        population.add(one(10.0 + cost))
    assert population.refused == 0
    for refused, poor in enumerate((None, one(10.0), one(10.0 + 1e-8), one(99.0)), start=1):
        population.add(poor)
        assert population.refused == refused
    population.add(one(9.0))
    assert population.refused == 0
    assert len(population.members) == SIZE


def batches_until_standstill(costs):
    """Return after which batch a population whose best costs so much stands still, else None."""
    watch = Standstill()
    for batch, cost in enumerate(costs, start=1):
        if watch.after_batch(Population([one(cost)])):
            return batch
    return None


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_population_stands_still_after_as_long_as_it_took_to_get_there(sign):
    """Young ones never, others at twice the batches of their last gain; costs may be negative."""
    base = 1000.0 * sign
    assert batches_until_standstill([base] * 99) == YOUNG
    late = [base + 100.0] * 10 + [base] * 99
    assert batches_until_standstill(late) == 2 * 11
    gain = 2 * GAIN * abs(base)
    assert batches_until_standstill(base - gain * batch for batch in range(99)) is None
    assert batches_until_standstill(base - gain / 99 * batch for batch in range(49)) == YOUNG


def test_a_population_without_members_does_not_stand_still():
    """As long as nothing lawful is found there is nothing to be set aside."""
    watch = Standstill()
    assert not any(watch.after_batch(Population()) for _ in range(99))


def test_what_stood_still_is_set_aside_then_joined_with_what_grew_instead():
    """First nothing is left; then the better half of either, though all of one are dearer."""
    problem = KINDS["periodic"]()
    run = Evolution(problem, to_arrays(problem), MaxIterations(1), 0, 0.0)
    for first in (10, 100):
        assert run.population.members == []
        run.population = Population([one(float(first + n)) for n in range(SIZE)])
        run._set_aside_or_join()
    costs = [member.cost for member in run.population.members]
    assert costs == [first + n for first in (10, 100) for n in range(SIZE // 2)]
    assert run.aside == []


@pytest.mark.parametrize("size", [2, 3, SIZE])
def test_parents_are_two_members_and_the_better_more_often(size):
    """Never one with itself; every pair's turn comes; the cheapest is drawn more than the last."""
    population = Population([one(float(cost)) for cost in range(size)])
    rng = np.random.default_rng(1)
    drawn = [tuple(int(m.cost) for m in population.parents(rng)) for _ in range(2000)]
    assert all(a != b for a, b in drawn)
    assert {x for pair in drawn for x in pair} == set(range(size))
    if size > 2:
        firsts = [a for a, _ in drawn]
        assert firsts.count(0) > firsts.count(size - 1)


def test_a_state_without_a_feasible_solution_is_no_individual():
    """Nothing feasible yet: the population is told None."""
    arrays, _ = parents("one_day")
    state = new_state(arrays)
    clear(state, (0, 0), None)
    assert individual(state) is None
