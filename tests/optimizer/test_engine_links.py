"""Linked tasks: the engine pays for gaps, keeps forbidden ones out, and drops what cannot be."""

from dataclasses import replace
from itertools import product
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
    SolveStatus,
    Task,
    check,
    cost_of,
    solve,
)
from optimizer.engine.arrays import to_arrays
from tests.optimizer.engine_problems import linked

STOP = MaxIterations(150 if numba.config.DISABLE_JIT else 3000)
ONCE = tuple(Pattern(1 << day) for day in range(4))


def pair(gap_costs, first=ONCE, second=ONCE, **more) -> PeriodicProblem:
    """Return two visits of one place, four days, nothing to pay but patterns and the gap."""
    way = np.zeros((1, 2, 2))
    tasks = tuple(Task((Mode(1, 1),), patterns) for patterns in (first, second))
    links = (Link(0, 1, gap_costs),)
    return PeriodicProblem(way, way, (0,) * 4, tasks, (Fleet(0, 0, 1),), links, **more)


def days_of(problem, solution):
    """Return the days of each task's pattern."""
    return [
        [d for d in range(problem.days) if task.patterns[chosen].mask >> d & 1]
        for task, chosen in zip(problem.tasks, solution.patterns, strict=True)
    ]


@pytest.mark.parametrize("gap", range(4))
def test_the_only_free_gap_is_found(gap):
    """Three gaps forbidden, one free: that one comes out, at no cost."""
    costs = tuple(0.0 if g == gap else inf for g in range(4))
    problem = pair(costs)
    result = solve(problem, STOP)
    (first,), (second,) = days_of(problem, result.best)
    assert second - first == gap
    assert (result.objective, check(problem, result.best)) == (0.0, [])


def test_the_cheapest_sum_of_patterns_and_gap_is_taken():
    """Every price of gap and pattern counts: as cheap as enumeration."""
    rng = np.random.default_rng(4)
    for _ in range(3 if numba.config.DISABLE_JIT else 12):
        gaps = tuple(rng.choice([0.0, 3.0, 9.0, inf], 4).tolist())
        first, second = (
            tuple(Pattern(1 << d, float(rng.integers(0, 12))) for d in range(4)) for _ in range(2)
        )
        problem = pair(gaps, first, second)
        truth = min(
            p.cost + q.cost + (gaps[e - d] if e >= d else inf)
            for (d, p), (e, q) in product(enumerate(first), enumerate(second))
        )
        assert solve(problem, STOP).objective == pytest.approx(truth)


def test_the_gap_is_counted_from_the_last_visit_to_the_first():
    """A task visited twice: the gap runs from its last day to the next task's first day."""
    problem = pair((5.0, 1.0, 7.0, 9.0), first=(Pattern(0b0011),), second=(Pattern(0b1100),))
    result = solve(problem, STOP)
    assert result.objective == pytest.approx(1.0)


def test_nothing_is_paid_for_a_dropped_task():
    """Dropping at 2 is cheaper than any gap at 5, and dearer than a gap at 1."""
    droppable = (*ONCE, Pattern(0, 2.0))
    assert solve(pair((5.0,) * 4, second=droppable), STOP).objective == pytest.approx(2.0)
    assert solve(pair((1.0,) * 4, second=droppable), STOP).objective == pytest.approx(1.0)


@pytest.mark.parametrize("price", [1.0, 1e5, 1e9])
def test_what_no_gap_allows_is_dropped_at_any_price(price):
    """A forbidden gap is never the cheaper way out, however dear dropping is."""
    problem = pair(
        (inf,) * 4, first=(Pattern(1), Pattern(2)), second=(Pattern(2), Pattern(0, price))
    )
    result = solve(problem, STOP)
    assert result.objective == pytest.approx(price)
    assert check(problem, result.best) == []


def test_the_wrong_order_is_not_found():
    """When the second can only be first there is no solution, and none is returned."""
    problem = pair((0.0,) * 4, first=(Pattern(4),), second=(Pattern(1),))
    result = solve(problem, STOP)
    assert (result.status, result.best) == (SolveStatus.NOT_FOUND, None)


def test_a_chain_of_links_spreads_visits():
    """Five places visited twice, three to four days apart at best: all gaps free in the result."""
    problem = linked()
    result = solve(problem, STOP)
    assert check(problem, result.best) == []
    gaps = [b[0] - a[0] for a, b in zip(*[iter(days_of(problem, result.best))] * 2, strict=True)]
    assert all(gap > 0 for gap in gaps)
    free = cost_of(replace(problem, links=()), result.best)
    paid = sum(problem.links[k].gap_costs[gap] for k, gap in enumerate(gaps))
    assert result.objective == pytest.approx(free + paid)


def test_links_as_arrays():
    """The price by days between, the wrong order infinite; each task lists its links."""
    problem = replace(
        pair((4.0, 3.0, 2.0, inf)), links=(Link(0, 1, (4.0, 3.0, 2.0, inf)), Link(1, 0, (0.0,) * 4))
    )
    arrays = to_arrays(problem)
    assert arrays.links.tolist() == [[0, 1], [1, 0]]
    assert arrays.link_gap[0].tolist() == [inf, inf, inf, 4.0, 3.0, 2.0, inf]
    assert [
        arrays.link_row[arrays.link_first[t] : arrays.link_first[t + 1]].tolist() for t in (0, 1)
    ] == [[0, 1], [0, 1]]
    assert arrays.pattern_ends.tolist() == [[d, d] for d in range(4)] * 2


def test_faults_of_links_are_named():
    """Unknown tasks, a task with itself, too few gap costs and negative ones: one error, all."""
    problem = pair((0.0,) * 4)
    bad = (Link(0, 7, (0.0,) * 4), Link(1, 1, (0.0, -1.0)), Link(0, 1, (float("nan"),) * 4))
    with pytest.raises(ValueError, match="link 0: there is no task 7") as caught:
        replace(problem, links=bad)
    for part in (
        "link 1: it joins task 1 to itself",
        "link 1: 2 gap costs for 4 days",
        "link 1: gap costs (0.0, -1.0) are not all numbers >= 0",
        "link 2: gap costs (nan, nan, nan, nan) are not all",
    ):
        assert part in str(caught.value)
