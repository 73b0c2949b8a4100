"""What the kernels remember is true: sums, legs, places, counts and cheapest insertions."""

from itertools import pairwise
from math import inf

import numba
import numpy as np
import pytest

from optimizer import Fleet, Mode, Pattern, PeriodicProblem, Task, check, cost_of
from optimizer.engine import layout
from optimizer.engine.anneal import anneal
from optimizer.engine.arrays import routes_of, to_arrays
from optimizer.engine.chain import individual
from optimizer.engine.routes import rehouse
from optimizer.engine.start import Start, empty_start
from optimizer.engine.state import arguments, clear, load, new_state
from tests.optimizer.engine_problems import KINDS, ways

CALLS = 12 if numba.config.DISABLE_JIT else 150


def many_depots(tasks: int = 12) -> PeriodicProblem:
    """Return two days and four depots, each cheaper than the last, all with a mode to choose."""
    prices = (30.0, 20.0, 10.0, 0.0)
    way = ways(6, tasks + 4)
    work = tuple(
        Task((Mode(i, i, (5.0,)), Mode(i, i - 1, (2.0,), 3.0)), (Pattern(1), Pattern(2)), 1.0)
        for i in range(4, tasks + 4)
    )
    fleets = tuple(
        Fleet(f, (f + f // 2) % 4, 2, 260.0, 6.0, price) for f, price in enumerate(prices)
    )
    return PeriodicProblem(way, way, (0, 0), work, fleets)


def optional(tasks: int = 10) -> PeriodicProblem:
    """Return one tight patrol a day, so that many of the tasks are dropped and come back."""
    way = ways(7, tasks + 1)
    work = tuple(
        Task((Mode(i, i, (9.0,)),), (Pattern(1), Pattern(2), Pattern(0, 40.0 + i)), 1.0)
        for i in range(1, tasks + 1)
    )
    return PeriodicProblem(way, way, (0, 0), work, (Fleet(0, 0, 1, 200.0, 4.0),))


ALL = {**KINDS, "many_depots": many_depots, "optional": optional}


def steps(arrays, seed=0):
    """Yield the state after calls of one to thirty iterations each."""
    state = new_state(arrays)
    clear(state, (seed, 1), None)
    load(arrays, state, empty_start(arrays))
    rng = np.random.default_rng(seed)
    heat = float(arrays.unit[0])
    for _ in range(CALLS):
        anneal(int(rng.integers(0, 30)), -inf, heat, 0.999, *arguments(arrays, state))
        heat *= 0.98
        yield state


def legs_of(arrays, state, slot):
    """Return cost and time of each leg of a slot, counted anew."""
    _, day_class, start, end, _ = arrays.slots[slot]
    nodes = [start, *state.seq[slot, : state.length[slot]].tolist(), end]
    return np.array([arrays.arcs[day_class, a, b] for a, b in pairwise(nodes)])


@pytest.mark.parametrize("kind", ALL)
def test_sums_legs_and_places_are_those_of_the_routes(kind):
    """Whatever was accepted or undone: every slot's numbers are what its stops add up to."""
    arrays = to_arrays(ALL[kind]())
    for state in steps(arrays):
        where = np.full_like(state.slot_of, -1)
        for slot, size in enumerate(state.length.tolist()):
            modes = state.seq[slot, :size]
            tasks = arrays.mode_task[modes]
            where[tasks, arrays.slots[slot, layout.DAY]] = slot
            if not size:
                assert state.sums[slot].tolist() == [0.0, 0.0, 0.0]
                assert state.legs[slot, 0].tolist() == [0.0, 0.0]
                continue
            legs = legs_of(arrays, state, slot)
            assert state.legs[slot, : size + 1] == pytest.approx(legs)
            assert state.sums[slot, :2] == pytest.approx(legs.sum(axis=0))
            assert state.sums[slot, layout.CARRIED] == pytest.approx(arrays.demand[tasks].sum())
        assert (where == state.slot_of).all()


@pytest.mark.parametrize("kind", ALL)
def test_counts_of_overruns_and_the_present_value_are_true(kind):
    """Slots too long or too full are counted right, and the value is the penalised sum."""
    arrays = to_arrays(ALL[kind]())
    for state in steps(arrays, 1):
        over = state.sums[:, 1:] > arrays.limits[:, :2]
        assert state.counts[layout.LATE] == over[:, 0].sum()
        assert state.counts[layout.HEAVY] == over[:, 1].sum()
        prices = state.values[[layout.PRICE_TIME, layout.PRICE_LOAD]]
        late = np.maximum(0.0, state.sums[:, 1:] - arrays.limits[:, :2]) @ prices
        driven = state.sums[:, 0] + arrays.limits[:, layout.FIXED] * (state.length > 0)
        value = (driven + late).sum() + arrays.pattern_cost[state.chosen].sum()
        assert state.values[layout.NOW] == pytest.approx(value + state.values[layout.LINKED])


@pytest.mark.parametrize("kind", ALL)
def test_a_remembered_insertion_is_the_cheapest(kind):
    """As long as its stamp is the slot's: least over all positions and modes, load aside."""
    arrays = to_arrays(ALL[kind]())
    seen = 0
    for state in steps(arrays, 2):
        price = state.values[layout.PRICE_TIME]
        timed = bool(arrays.traits[layout.TIMED])
        for t, slot in np.argwhere(state.place_stamp == state.stamp)[::7].tolist():
            if (state.slot_of[t] == slot).any():
                continue
            seen += 1
            _, day_class, start, end, _ = arrays.slots[slot]
            size = int(state.length[slot])
            nodes = [start, *state.seq[slot, :size].tolist(), end]
            arcs = arrays.arcs[day_class]
            longest = arrays.limits[slot, layout.DURATION]
            before = state.sums[slot, layout.TIME]
            least = inf
            for m in range(arrays.mode_first[t], arrays.mode_first[t + 1]):
                for a, b in pairwise(nodes):
                    old = arcs[a, b] if size else np.zeros(2)
                    more = arcs[a, m] + arcs[m, b] - old
                    cost = more[0]
                    if timed:
                        cost += price * max(0.0, before + more[1] - longest)
                        cost -= price * max(0.0, before - longest)
                    least = min(least, cost)
            assert state.place_cost[t, slot] == pytest.approx(least)
    assert seen > 5


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("seed", range(3))
def test_the_best_is_feasible_and_costs_what_it_says(kind, seed):
    """The best kept by the kernels passes the check, its cost is the problem's own."""
    problem = ALL[kind]()
    arrays = to_arrays(problem)
    best = individual(list(steps(arrays, 10 + seed))[-1])
    solution = routes_of(arrays, best.routes, best.chosen)
    assert check(problem, solution) == []
    assert best.cost == pytest.approx(cost_of(problem, solution))


def test_a_patrol_moves_to_the_cheapest_idle_fleet_and_leaves_nothing_behind():
    """Three depots, each nearer than the one before: the slots passed through are empty, at 0."""
    places = np.array([0.0, 40.0, 80.0, 90.0, 95.0])
    way = np.abs(places[:, None] - places[None, :])[None]
    tasks = tuple(Task((Mode(i, i),), (Pattern(1),), 1.0) for i in (3, 4))
    fleets = tuple(Fleet(f, f, 1, 150.0, 2.0, 1.0) for f in range(3))
    arrays = to_arrays(PeriodicProblem(way, way, (0,), tasks, fleets))
    state = new_state(arrays)
    clear(state, (0, 0), None)
    load(arrays, state, Start(np.zeros(2, np.int32), {0: np.array([0, 1], np.int32)}, []))
    anneal(0, -inf, 0.0, 1.0, *arguments(arrays, state))
    state.chosen[:] = (0, 1)
    assert state.sums[0, layout.TIME] == 2 * 95.0
    rehouse(
        0, state.counts, state.values, state.slot_of, state.touched, state.mark, state.seq,
        state.length, state.legs, state.sums, state.stamp, state.old_seq, state.old_length,
        state.old_sums, state.old_stamp, arrays.mode_first, arrays.mode_task, arrays.demand,
        arrays.slots, arrays.limits, arrays.day_first, arrays.ways, state.reach, state.via,
        state.trial,
    )  # fmt: skip
    assert state.length.tolist() == [0, 0, 2]
    assert state.sums[2, :2].tolist() == [30.0, 30.0]
    assert (state.slot_of[:, 0] == 2).all()
    assert not state.sums[:2].any()
    assert not state.legs[:2, 0].any()
    assert state.seq[:2, 0].tolist() == arrays.slots[:2, layout.END].tolist()
