"""Random tiny problems of every kind: what the engine returns is right, brute force being judge."""

from functools import cache
from itertools import permutations, product
from math import inf

import numba
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

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
    patrol_need,
    solve,
)
from tests.optimizer.engine_problems import short_chains

EXAMPLES = 12 if numba.config.DISABLE_JIT else 150
ITERATIONS = 60 if numba.config.DISABLE_JIT else 3000
COMMON = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a found case is small enough
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def problems(draw, most_tasks=4, most_fleets=2, most_days=3):
    """Draw a problem: 1-2 fleets, patterns, modes, tight shifts, optional tasks, links."""
    locations = draw(st.integers(2, 5))
    classes = draw(st.integers(1, 2))
    days = draw(st.integers(1, most_days))
    place = st.integers(0, locations - 1)
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    duration = rng.integers(0, 30, (classes, locations, locations)).astype(float)
    cost = rng.integers(0, 30, (classes, locations, locations)).astype(float)
    if draw(st.booleans()):
        (duration if draw(st.booleans()) else cost)[rng.random(duration.shape) < 0.1] = inf
    times = st.tuples(*[st.integers(0, 20).map(float)] * classes)
    mode = st.builds(Mode, place, place, times, st.integers(0, 5).map(float))
    mask = st.integers(0 if draw(st.booleans()) else 1, (1 << days) - 1)
    pattern = st.builds(Pattern, mask, st.integers(0, 40).map(float))
    tasks = st.builds(
        Task,
        st.lists(mode, min_size=1, max_size=2).map(tuple),
        st.lists(pattern, min_size=1, max_size=3).map(tuple),
        st.integers(0, 3).map(float),
    )
    fleet = st.builds(
        Fleet,
        start=place,
        end=place,
        count=st.integers(0, 2),
        max_duration=st.sampled_from([inf, 120.0, 80.0, 50.0]),
        capacity=st.sampled_from([inf, 6.0, 3.0]),
        fixed_cost=st.sampled_from([0.0, 25.0]),
        days=st.sampled_from([(1 << days) - 1, (1 << days) - 1, 1]),
    )
    work = tuple(draw(st.lists(tasks, min_size=1, max_size=most_tasks)))
    return PeriodicProblem(
        duration,
        cost,
        tuple(draw(st.lists(st.integers(0, classes - 1), min_size=days, max_size=days))),
        work,
        tuple(draw(st.lists(fleet, min_size=1, max_size=most_fleets))),
        draw(links(len(work), days)),
    )


def links(tasks, days):
    """Draw up to two links between different tasks, some of their gaps forbidden."""
    if tasks < 2:
        return st.just(())
    gaps = st.lists(st.sampled_from([0.0, 0.0, 7.0, 30.0, inf]), min_size=days, max_size=days)
    pairs = st.permutations(range(tasks)).map(lambda order: order[:2])
    return st.lists(
        st.builds(lambda pair, costs: Link(*pair, tuple(costs)), pairs, gaps), max_size=2
    ).map(tuple)


def cheapest_route(problem, day_class, fleet, tasks):
    """Return the least cost of one patrol of ``fleet`` doing ``tasks``, inf when impossible."""
    if sum(problem.tasks[t].demand for t in tasks) > fleet.capacity:
        return inf
    best = inf
    for order in permutations(tasks):
        for modes in product(*[problem.tasks[t].modes for t in order]):
            places = [fleet.start, *[x for m in modes for x in (m.entry, m.exit)], fleet.end]
            legs = list(zip(places[::2], places[1::2], strict=True))
            inside = [m.durations[day_class if len(m.durations) > 1 else 0] for m in modes]
            time = sum(problem.duration[day_class, a, b] for a, b in legs) + sum(inside)
            cost = sum(problem.cost[day_class, a, b] for a, b in legs) + sum(m.cost for m in modes)
            if time <= fleet.max_duration and time < inf:
                best = min(best, cost + fleet.fixed_cost)
    return float(best)


def cost_of_gaps(problem, masks):
    """Return what the links cost when task t is visited on the days of ``masks[t]``."""
    total = 0.0
    for link in problem.links:
        days = [[d for d in range(problem.days) if masks[t] >> d & 1]
                for t in (link.earlier, link.later)]  # fmt: skip
        if all(days):
            gap = min(days[1]) - max(days[0])
            total += link.gap_costs[gap] if gap >= 0 else inf
    return total


def brute_force(problem):
    """Return the least cost of any solution, inf when there is none."""
    route = cache(
        lambda number, f, tasks: cheapest_route(problem, number, problem.fleets[f], tasks)
    )

    @cache
    def day_cost(day, tasks, left):
        if not tasks:
            return 0.0
        rest = tasks[1:]
        best = inf
        for bits in range(1 << len(rest)):
            group = (tasks[0], *[t for i, t in enumerate(rest) if bits >> i & 1])
            others = tuple(t for i, t in enumerate(rest) if not bits >> i & 1)
            for f, count in enumerate(left):
                if count:
                    fewer = (*left[:f], count - 1, *left[f + 1 :])
                    first = route(problem.day_class[day], f, group)
                    if first < best:
                        best = min(best, first + day_cost(day, others, fewer))
        return best

    best = inf
    for chosen in product(*[task.patterns for task in problem.tasks]):
        total = sum(pattern.cost for pattern in chosen)
        total += cost_of_gaps(problem, [pattern.mask for pattern in chosen])
        if total == inf:
            continue
        for day in range(problem.days):
            tasks = tuple(t for t, p in enumerate(chosen) if p.mask >> day & 1)
            left = tuple(f.count if f.days >> day & 1 else 0 for f in problem.fleets)
            total += day_cost(day, tasks, left)
        best = min(best, total)
    return best


@COMMON
@given(problems())
def test_every_solution_passes_check_and_is_as_good_as_brute_force(problem):
    """On tiny problems the engine finds the optimum, its bound holds and no proof is false."""
    truth = brute_force(problem)
    result = solve(problem, MaxIterations(ITERATIONS))
    assert result.lower_bound <= truth + 1e-6
    if result.best is None:
        assert result.objective == inf
        assert result.status in {SolveStatus.INFEASIBLE, SolveStatus.NOT_FOUND}
        if result.status is SolveStatus.INFEASIBLE or not numba.config.DISABLE_JIT:
            assert truth == inf
        return
    assert check(problem, result.best) == []
    assert abs(cost_of(problem, result.best) - result.objective) < 1e-6
    assert result.objective >= truth - 1e-6
    if not numba.config.DISABLE_JIT:
        assert result.objective <= truth + 1e-6


@COMMON
@given(problems(most_tasks=8), st.integers(0, 5))
def test_same_seed_same_solution_for_any_number_of_workers(problem, seed):
    """Stopped by iterations, after a dozen chains, the result depends on the seed only."""
    stop = MaxIterations(min(ITERATIONS, 300))
    with short_chains(5 if numba.config.DISABLE_JIT else 25):
        first = solve(problem, stop, seed=seed)
        second = solve(problem, stop, seed=seed, workers=2)
    assert (first.best, first.objective, first.iterations) == (
        second.best,
        second.objective,
        second.iterations,
    )


@COMMON
@given(problems(most_tasks=6), st.integers(0, 5))
def test_a_start_is_never_made_worse(problem, seed):
    """From a feasible solution of another seed one iteration returns nothing dearer."""
    given_one = solve(problem, MaxIterations(min(ITERATIONS, 100)), seed=seed + 1)
    if given_one.best is None:
        return
    again = solve(problem, MaxIterations(1), seed=seed, initial=given_one.best)
    assert check(problem, again.best) == []
    assert again.objective <= given_one.objective + 1e-6


@COMMON
@given(problems(most_tasks=3, most_fleets=1, most_days=1), st.lists(st.integers(0, 3), min_size=3))
def test_patrol_need_is_never_above_brute_force(problem, counts):
    """The proven need is at most the fewest patrols that enumeration finds."""
    counts = counts[: len(problem.tasks)]
    bound = patrol_need(problem, counts)
    truth = fewest_patrols(problem, counts)
    if truth is None:
        return
    assert bound.lower <= truth


def fewest_patrols(problem, counts):
    """Return the fewest patrols of the only fleet covering all counts, None when impossible."""
    fleet = problem.fleets[0]
    groups = [
        bits
        for bits in range(1, 1 << len(counts))
        if any(
            cheapest_route(problem, c, fleet, tuple(i for i in range(len(counts)) if bits >> i & 1))
            < inf
            for c in range(problem.classes)
        )
    ]

    @cache
    def fewest(left):
        if not any(left):
            return 0
        best = inf
        for bits in groups:
            if all(left[i] for i in range(len(left)) if bits >> i & 1):
                rest = tuple(x - (bits >> i & 1) for i, x in enumerate(left))
                best = min(best, 1 + fewest(rest))
        return best

    result = fewest(tuple(counts))
    return None if result == inf else result
