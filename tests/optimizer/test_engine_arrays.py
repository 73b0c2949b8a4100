"""Problems as arrays: slots, arcs, neighbours and limits, and chains that run on them."""

from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np
import pytest

from optimizer import Fleet, Pattern, PeriodicProblem, Route, Solution, check, cost_of
from optimizer.engine.arrays import NO_WAY, routes_of, to_arrays
from optimizer.engine.chain import CHUNK, Plan, run_chain
from optimizer.engine.layout import DAY, GROUP, HAS_LINKS, SEVERAL_FLEETS, SINGLE_MODES, TIMED
from optimizer.engine.start import empty_start, start_from
from optimizer.engine.state import new_state
from tests.optimizer.engine_problems import KINDS, one_day, periodic, several_fleets, with_modes


def test_slots_are_the_patrols_that_may_run():
    """One for each day, fleet and count; none on a fleet's free days; grouped by day and fleet."""
    problem = several_fleets()
    arrays = to_arrays(problem)
    patrols = [
        (day, f) for day in range(3) for f, fleet in enumerate(problem.fleets)
        for _ in range(fleet.count) if fleet.days >> day & 1
    ]  # fmt: skip
    days = arrays.slots[:, DAY].tolist()
    assert list(zip(days, arrays.slot_fleet.tolist(), strict=True)) == patrols
    assert [days.index(day) for day in range(3)] == arrays.day_first[:3].tolist()
    assert arrays.day_first[3] == len(patrols)
    for slot, group in enumerate(arrays.slots[:, GROUP].tolist()):
        assert group == patrols.index(patrols[slot])


def test_no_more_slots_than_tasks_of_the_day():
    """A thousand patrols for two tasks are two: memory does not grow with generous fleets."""
    problem = replace(one_day(2), fleets=(Fleet(0, 0, 1000),))
    assert len(to_arrays(problem).slots) == 2


def test_patterns_on_days_without_patrols_are_left_out():
    """What no fleet can serve is no choice; the pattern's number in the problem is kept."""
    problem = periodic()
    shut = replace(problem, fleets=(replace(problem.fleets[0], days=0b1010),))
    arrays = to_arrays(shut)
    assert all(int(mask) & ~0b1010 == 0 for mask in arrays.pattern_mask)
    for t, task in enumerate(problem.tasks):
        mine = slice(arrays.pattern_first[t], arrays.pattern_first[t + 1])
        masks = [task.patterns[i].mask for i in arrays.pattern_index[mine]]
        assert masks == arrays.pattern_mask[mine].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_routes_cost_the_sum_of_their_arcs(kind):
    """Arcs hold travel and what is inside: along a route they sum to cost_of and keep limits."""
    problem = KINDS[kind]()
    arrays = to_arrays(problem)
    one, _ = run_chain(
        arrays, new_state(arrays), Plan(1, empty_start(arrays), None, 60, 0.5), 0, -inf,
        lambda *_: CHUNK,
    )  # fmt: skip
    solution = routes_of(arrays, one.routes, one.chosen)
    assert check(problem, solution) == []
    assert cost_of(problem, solution) == pytest.approx(one.cost)
    total = 0.0
    for slot, modes in one.routes.items():
        _, number, start, end, _ = arrays.slots[slot]
        nodes = [start, *modes.tolist(), end]
        total += arrays.limits[slot, 2]
        total += sum(arrays.arcs[number, a, b, 0] for a, b in pairwise(nodes))
    links = cost_of(problem, solution) - cost_of(replace(problem, links=()), solution)
    assert total + arrays.pattern_cost[one.chosen].sum() + links == pytest.approx(one.cost)


def test_solutions_come_back_as_they_went():
    """Routes and patterns survive the way into arrays and back, modes included."""
    problem = with_modes()
    arrays = to_arrays(problem)
    stops = [(t, (t + 1) % 2) for t in range(len(problem.tasks))]
    daily = [[s for s in stops if s[0] % 3 == 0 or s[0] % 2 == day] for day in (0, 1)]
    routes = tuple(Route(day, 0, tuple(daily[day])) for day in (0, 1))
    solution = Solution(routes, tuple(0 if t % 3 == 0 else t % 2 for t, _ in stops))
    start = start_from(arrays, solution)
    assert start.pending == []
    assert routes_of(arrays, start.routes, start.chosen) == solution


def test_near_tasks_are_the_nearest_first():
    """Nearest over modes and both directions, never the task itself."""
    problem = one_day()
    arrays = to_arrays(problem)
    for t in range(arrays.tasks):
        near = arrays.near[t].tolist()
        assert t not in near
        ways = [min(problem.cost[0, t + 2, u + 2], problem.cost[0, u + 2, t + 2]) for u in near]
        assert ways == sorted(ways)


def test_a_leg_that_does_not_exist_breaks_every_limit():
    """No way in either matrix: so long that no patrol may use it, yet finite for the kernels."""
    problem = one_day(3)
    for name in ("duration", "cost"):
        matrix = getattr(problem, name).copy()
        matrix[0, 2, 3] = inf
        arrays = to_arrays(replace(problem, **{name: matrix}))
        assert np.isfinite(arrays.ways).all()
        assert arrays.arcs[0, 0, 1, 1] >= NO_WAY
        assert (arrays.limits[:, 0] < NO_WAY).all()


def test_traits_say_what_need_not_be_looked_at():
    """Durations, modes, fleets and links, each only where the problem has them."""
    wanted = {
        "one_day": {TIMED, SINGLE_MODES, SEVERAL_FLEETS},
        "periodic": {TIMED, SINGLE_MODES},
        "several_fleets": {TIMED, SINGLE_MODES, SEVERAL_FLEETS},
        "with_modes": {SEVERAL_FLEETS},
        "linked": {TIMED, SINGLE_MODES, HAS_LINKS},
    }
    for kind, make in KINDS.items():
        assert set(np.flatnonzero(to_arrays(make()).traits).tolist()) == wanted[kind]


@pytest.mark.parametrize("closed", ["duration", "cost"])
def test_a_way_closed_in_either_matrix_is_gone_round(closed):
    """Without shift limits too the search sees that a leg is missing, whichever matrix says so."""
    problem = replace(one_day(4), fleets=(Fleet(0, 0, 1),))
    matrix = getattr(problem, closed).copy()
    matrix[0, :, 2] = inf
    matrix[0, 4, 2] = 9.0  # task 0 can only be come to from task 2
    problem: PeriodicProblem = replace(problem, **{closed: matrix})
    arrays = to_arrays(problem)
    one, done = run_chain(
        arrays, new_state(arrays), Plan(1, empty_start(arrays), None, 100, 0.5), 0, -inf,
        lambda *_: CHUNK,
    )  # fmt: skip
    assert done == 100
    assert check(problem, routes_of(arrays, one.routes, one.chosen)) == []


def test_a_chain_heeds_what_it_is_allowed():
    """It asks after each chunk, never makes more than it was told, and ends at 0."""
    arrays = to_arrays(periodic())
    answers, asked = iter([7, 3, 50, 0]), []

    def watch(done, _cost, _at):
        asked.append(done)
        return next(answers)

    plan = Plan(1, empty_start(arrays), None, 1000, 0.5)
    _, done = run_chain(arrays, new_state(arrays), plan, 0, -inf, watch)
    assert (asked, done) == ([0, 7, 10, 60], 60)


def test_a_chain_depends_on_seed_and_number_alone():
    """Not on what its state was used for before."""
    arrays = to_arrays(periodic())
    used, fresh = new_state(arrays), new_state(arrays)
    plans = [Plan(number, empty_start(arrays), None, 120, 0.5) for number in (1, 2)]

    def result(state, plan):
        one, _ = run_chain(arrays, state, plan, 4, -inf, lambda *_: CHUNK)
        return one.cost, {s: m.tolist() for s, m in one.routes.items()}, one.prices

    first = result(used, plans[0])
    assert result(used, plans[1]) == result(fresh, plans[1])
    assert result(fresh, plans[0]) == first


def test_a_pattern_no_patrol_serves_is_left_out_of_a_start():
    """A start that claims it has the task pending, not a wrong pattern."""
    problem = periodic()
    task = replace(problem.tasks[0], patterns=(Pattern(1), Pattern(2)))
    shut = replace(problem, tasks=(task,), fleets=(replace(problem.fleets[0], days=0b10),))
    start = start_from(to_arrays(shut), Solution((), (0,)))
    assert start.pending == [(0, -1, -1)]
