"""Mutation tests of the check on solved problems: each kind of corruption is reported, always."""

from dataclasses import replace
from functools import cache
from math import inf

import numba
import numpy as np
import pytest

from optimizer import (
    Fleet,
    Link,
    MaxIterations,
    Mode,
    Pattern,
    PeriodicProblem,
    Route,
    Solution,
    Task,
    check,
    cost_of,
    solve,
)
from tests.optimizer.engine_problems import KINDS

STEPS = 150 if numba.config.DISABLE_JIT else 1500


@cache
def solved(kind):
    """Return a problem of that kind and a feasible solution."""
    problem = KINDS[kind]()
    best = solve(problem, MaxIterations(STEPS)).best
    assert check(problem, best) == []
    return problem, best


def with_route(solution, number, route):
    """Return the solution with one route replaced."""
    return replace(
        solution, routes=(*solution.routes[:number], route, *solution.routes[number + 1 :])
    )


def lose_a_visit(problem, solution, rng):
    """Take one stop out."""
    number = int(rng.integers(len(solution.routes)))
    stops = list(solution.routes[number].stops)
    del stops[int(rng.integers(len(stops)))]
    if not stops:
        return replace(solution, routes=solution.routes[:number] + solution.routes[number + 1 :])
    return with_route(solution, number, replace(solution.routes[number], stops=tuple(stops)))


def double_a_visit(problem, solution, rng):
    """Put a stop in twice."""
    number = int(rng.integers(len(solution.routes)))
    route = solution.routes[number]
    stop = route.stops[int(rng.integers(len(route.stops)))]
    return with_route(solution, number, replace(route, stops=(*route.stops, stop)))


def another_day(problem, solution, rng):
    """Claim a pattern of other days."""
    task, chosen = int(rng.integers(len(problem.tasks))), list(solution.patterns)
    masks = [p.mask for p in problem.tasks[task].patterns]
    others = [i for i, mask in enumerate(masks) if mask != masks[chosen[task]]]
    if not others:
        return None
    chosen[task] = int(rng.choice(others))
    return replace(solution, patterns=tuple(chosen))


def too_many_patrols(problem, solution, rng):
    """Split a route's stops over one patrol each until the fleet has not so many."""
    number = int(rng.integers(len(solution.routes)))
    route = solution.routes[number]
    count = problem.fleets[route.fleet].count
    same = sum((r.day, r.fleet) == (route.day, route.fleet) for r in solution.routes)
    if same - 1 + len(route.stops) <= count:
        return None
    rest = solution.routes[:number] + solution.routes[number + 1 :]
    alone = tuple(replace(route, stops=(stop,)) for stop in route.stops)
    return replace(solution, routes=(*rest, *alone))


CORRUPTIONS = {
    lose_a_visit: {"missed-visit"},
    double_a_visit: {"extra-visit"},
    another_day: {"missed-visit", "extra-visit"},
    too_many_patrols: {"fleet-count"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda function: function.__name__)
def test_every_corruption_of_a_good_solution_is_reported(kind, corrupt):
    """Whichever route, stop or task it befalls."""
    problem, solution = solved(kind)
    rng = np.random.default_rng(1)
    tried = 0
    for _ in range(20):
        mutant = corrupt(problem, solution, rng)
        if mutant is not None:
            tried += 1
            assert {v.code for v in check(problem, mutant)} & CORRUPTIONS[corrupt]
    assert tried or (kind, corrupt) == ("one_day", another_day)  # there is no other day


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_below_what_is_used_is_reported(kind):
    """A shift or capacity a hair below the longest or heaviest patrol no longer fits."""
    problem, solution = solved(kind)
    for code, name in (("duration", "max_duration"), ("capacity", "capacity")):
        narrow = tuple(replace(fleet, **{name: 1e-3}) for fleet in problem.fleets)
        found = [v for v in check(replace(problem, fleets=narrow), solution) if v.code == code]
        used = max(v.amount for v in found) + 1e-3
        for limit, wanted in ((used, 0), (used * (1 - 1e-4), 1)):
            fleets = tuple(replace(fleet, **{name: limit}) for fleet in problem.fleets)
            codes = [v.code for v in check(replace(problem, fleets=fleets), solution)]
            assert min(1, codes.count(code)) == wanted


# Two visits of one place, links between them, everything else free.

WAY = np.zeros((1, 2, 2))
GAPS = (inf, 3.0, 0.0, 8.0, inf)
EARLIER = (*(Pattern(1 << d) for d in range(5)), Pattern(0, 50.0), Pattern(0b00011))
PLACE = PeriodicProblem(
    WAY, WAY, (0,) * 5, (Task((Mode(1, 1),), EARLIER), Task((Mode(1, 1),), EARLIER)),
    (Fleet(0, 0, 2),), (Link(0, 1, GAPS),),
)  # fmt: skip


def visits(first: int, second: int) -> Solution:
    """Return the solution in which the tasks have these patterns."""
    days = [[d for d in range(5) if EARLIER[p].mask >> d & 1] for p in (first, second)]
    routes = tuple(Route(d, 0, ((t, 0),)) for t, mine in enumerate(days) for d in mine)
    return Solution(routes, (first, second))


@pytest.mark.parametrize("first", range(7))
@pytest.mark.parametrize("second", range(7))
def test_each_gap_is_priced_or_forbidden(first, second):
    """All 49 pairs of patterns: the price of the gap, or one violation that names both tasks."""
    solution = visits(first, second)
    prices = sum(EARLIER[p].cost for p in (first, second))
    found = check(PLACE, solution)
    if 5 in (first, second):  # one is dropped: nothing to pay
        assert (found, cost_of(PLACE, solution)) == ([], prices)
        return
    gap = (0 if second == 6 else second) - (1 if first == 6 else first)
    price = GAPS[gap] if gap >= 0 else inf
    if price == inf:
        assert [v.code for v in found] == ["gap"]
        assert "tasks 0 and 1" in found[0].message
    else:
        assert found == []
    assert cost_of(PLACE, solution) == prices + price


def test_each_broken_link_is_reported_for_itself():
    """Two links between the same tasks, both broken: two violations; one broken: one."""
    free, never = Link(0, 1, (0.0,) * 5), Link(0, 1, (inf,) * 5)
    both = replace(PLACE, links=(never, free, never))
    assert [v.code for v in check(both, visits(0, 2))] == ["gap", "gap"]
    assert [v.code for v in check(replace(PLACE, links=(free, never)), visits(0, 2))] == ["gap"]
    backwards = replace(PLACE, links=(Link(1, 0, (0.0,) * 5),))
    assert [v.code for v in check(backwards, visits(0, 2))] == ["gap"]


def test_moving_one_linked_visit_of_a_good_solution_is_reported_or_priced():
    """A visit moved with its pattern and its patrol: the cost changes by the gap's price."""
    problem, solution = solved("linked")
    broken = 0
    for task in range(len(problem.tasks)):
        for day in range(problem.days):
            chosen = (*solution.patterns[:task], day, *solution.patterns[task + 1 :])
            routes = [
                replace(r, stops=tuple(s for s in r.stops if s[0] != task)) for r in solution.routes
            ]
            routes = [*(r for r in routes if r.stops), Route(day, 0, ((task, 0),))]
            moved = Solution(tuple(routes), chosen)
            link = problem.links[task // 2]
            gap = chosen[link.later] - chosen[link.earlier]
            price = link.gap_costs[gap] if gap >= 0 else inf
            gaps = [v for v in check(problem, moved) if v.code == "gap"]
            assert len(gaps) == (price == inf)
            broken += len(gaps)
            if price < inf:
                rest = replace(problem, links=())
                others = sum(
                    x.gap_costs[chosen[x.later] - chosen[x.earlier]]
                    for x in problem.links
                    if x is not link
                )
                assert cost_of(problem, moved) == pytest.approx(
                    cost_of(rest, moved) + others + price
                )
    assert broken >= len(problem.tasks)
