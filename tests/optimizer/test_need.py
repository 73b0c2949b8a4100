"""Patrol need: each argument proves what it should on problems small enough to do by hand."""

from dataclasses import replace
from itertools import combinations, permutations, product

import numba
import numpy as np
import pytest

from optimizer import (
    Fleet,
    Mode,
    NeedBound,
    Pattern,
    PeriodicProblem,
    Task,
    bound_pricing,
    patrol_need,
)
from optimizer.bound_pricing import Pricing
from optimizer.need import need_graph
from optimizer.need_columns import Effort, _Generation


def star(tasks: int, way: float, inside: float, shift: float, **fleet) -> PeriodicProblem:
    """Return tasks each ``way`` from the depot and twice that from each other."""
    legs = np.full((1, tasks + 1, tasks + 1), 2.0 * way)
    legs[0, 0, :] = legs[0, :, 0] = way
    np.fill_diagonal(legs[0], 0.0)
    work = tuple(Task((Mode(i, i, (inside,)),), (Pattern(1),), 1.0) for i in range(1, tasks + 1))
    return PeriodicProblem(legs, legs, (0,), work, (Fleet(0, 0, tasks, shift, **fleet),))


def test_a_task_owing_visits_needs_as_many_patrols():
    """Three visits of one task are three patrols however short they are."""
    assert patrol_need(star(2, 1, 1, 1000), (3, 1)) == NeedBound(3, "visits")


def test_time_counts_service_and_connections():
    """Six tasks of 10 with ways of 5: two patrols of 60 do them exactly, of 59 do not."""
    assert patrol_need(star(6, 5, 10, 60), (1,) * 6) == NeedBound(2, "time")
    assert patrol_need(star(6, 5, 10, 59), (1,) * 6).lower == 3


def test_load_counts():
    """Five tasks of load 1 need three patrols of capacity 2."""
    assert patrol_need(star(5, 1, 1, 1000, capacity=2.0), (1,) * 5) == NeedBound(3, "load")


def test_nothing_owed_needs_nobody():
    """No visits, no patrols."""
    assert patrol_need(star(2, 1, 1, 10), (0, 0)).lower == 0


@pytest.mark.parametrize("fleet", [{"shift": 3.0}, {"shift": 100.0, "capacity": 0.0}])
def test_what_no_number_of_patrols_can_do_is_impossible(fleet):
    """A task longer than the shift, or heavier than any load, is said to be impossible."""
    assert patrol_need(star(2, 5, 10, **fleet), (1, 1)) == NeedBound(3, "impossible")


def test_the_best_day_class_and_mode_count():
    """The bound takes the quickest class and mode, so that it holds on every day."""
    slow = star(4, 5, 10, 40)
    legs = np.concatenate([slow.duration, slow.duration / 5])
    tasks = tuple(
        Task((*t.modes, Mode(i + 1, i + 1, (2.0,))), t.patterns) for i, t in enumerate(slow.tasks)
    )
    quick = PeriodicProblem(legs, legs, (0, 1), tasks, slow.fleets)
    assert patrol_need(slow, (1,) * 4).lower == 2
    assert patrol_need(quick, (1,) * 4).lower == 1


def scattered(tasks: int, seed: int) -> PeriodicProblem:
    """Return tasks of 20 minutes strewn over a township of 22 km, shifts of six hours."""
    xy = np.random.default_rng(seed).uniform(0, 22_000, (tasks + 1, 2))
    xy[0] = 11_000
    legs = np.ceil(np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)) * 1.3 / 9.0)[None]
    work = tuple(Task((Mode(i, i, (1200.0,)),), (Pattern(1),)) for i in range(1, tasks + 1))
    return PeriodicProblem(legs, legs, (0,), work, (Fleet(0, 0, 9, 21_600.0),))


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_columns_prove_what_the_simple_bounds_cannot():
    """Forty tasks in six-hour shifts: three patrols look enough, four are proven necessary."""
    problem = scattered(40, 0)
    assert patrol_need(problem, (1,) * 40, known=3).lower == 3
    assert patrol_need(problem, (1,) * 40, known=4) == NeedBound(4, "columns")


def test_columns_prove_a_small_case():
    """Two pairs of far tasks: any two share a shift only with their neighbour, so two needed."""
    places = np.array([0.0, 30.0, 31.0, -30.0, -31.0])
    legs = np.abs(places[:, None] - places[None, :])[None]
    work = tuple(Task((Mode(i, i, (1.0,)),), (Pattern(1),)) for i in range(1, 5))
    problem = PeriodicProblem(legs, legs, (0,), work, (Fleet(0, 0, 4, 100.0),))
    assert patrol_need(problem, (2, 1, 1, 2)).lower == 4
    assert patrol_need(problem, (2, 1, 1, 2)).method in {"time", "columns"}


def test_running_out_of_labels_proves_nothing(monkeypatch):
    """When the pricing is cut off, the bound stays at what was proven before."""
    monkeypatch.setattr(bound_pricing, "LABELS", 2)
    problem = scattered(12, 3)
    assert patrol_need(problem, (1,) * 12).method != "columns"


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
@pytest.mark.parametrize(("times", "proven"), [(1, 4), (2, 3)])
def test_a_proof_whose_labels_ran_out_is_tried_once_more(times, proven, monkeypatch):
    """Nodes may have learned by then; after the second time a patrol fewer has to do."""
    counts = np.ones(40, np.int64)
    graph = need_graph(scattered(40, 0), counts)
    assert graph is not None
    run = _Generation(graph, counts, 1, 4)
    run.caps = run.caps[-1:]  # all that a visit may be worth, from the start
    prove, tried = run.pricing.prove, []

    def cut_short(values, enough):
        tried.append(enough)
        return (False, []) if len(tried) <= times else prove(values, enough)

    monkeypatch.setattr(run.pricing, "prove", cut_short)
    assert run.run(Effort(200)).lower == proven


def least_patrols(problem: PeriodicProblem, visits: tuple[int, ...]) -> int:
    """Return the fewest patrols that give the visits, by trying all sets of tasks."""
    legs, shift, tasks = problem.duration[0], problem.fleets[0].max_duration, problem.tasks
    fit = []
    for size in range(1, len(tasks) + 1):
        for chosen in combinations(range(len(tasks)), size):
            inside = sum(tasks[t].modes[0].durations[0] for t in chosen)
            for order in permutations(chosen):
                ways = zip((-1, *order), (*order, -1), strict=True)
                if inside + sum(legs[i + 1, j + 1] for i, j in ways) <= shift:
                    fit.append(chosen)
                    break
    least = {(0,) * len(visits): 0}
    for left in product(*(range(n + 1) for n in visits)):
        after = (tuple(max(0, n - (t in chosen)) for t, n in enumerate(left)) for chosen in fit)
        if any(left):
            least[left] = 1 + min(least[a] for a in after if a != left)
    return least[visits]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
@pytest.mark.parametrize("seed", range(8))
def test_no_more_patrols_are_proven_than_suffice(seed, monkeypatch):
    """Whether a count is known or not, and even one too many: the bound is never above the least.

    What it proves, its certificate verifies.
    """
    monkeypatch.setattr(bound_pricing, "LABELS", 1 << 18)
    problem = replace(scattered(5, seed), fleets=(Fleet(0, 0, 9, 6_000.0 + 500.0 * seed),))
    visits = tuple(np.random.default_rng(seed).integers(1, 3, 5).tolist())
    least = least_patrols(problem, visits)
    for known in (None, least, least + 1):
        bound = patrol_need(problem, visits, known=known)
        assert bound.lower <= least
        assert bound.certificate is None or bound.certificate.verify(problem, visits)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_more_tasks_than_bits_in_a_word_are_priced_too():
    """Seventy tasks in short shifts: the columns prove 13 patrols, the simple bounds 10."""
    problem = replace(scattered(70, 0), fleets=(Fleet(0, 0, 70, 11_000.0),))
    assert patrol_need(problem, (1,) * 70, rounds=0) == NeedBound(10, "time")
    assert patrol_need(problem, (1,) * 70) == NeedBound(13, "columns")


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_a_certificate_holds_for_its_problem_only(monkeypatch):
    """It verifies where it was made; not for one patrol more, nor for longer shifts."""
    monkeypatch.setattr(bound_pricing, "LABELS", 1 << 18)
    problem = scattered(40, 0)
    bound = patrol_need(problem, (1,) * 40, known=4)
    assert bound.certificate is not None
    assert bound.certificate.verify(problem, (1,) * 40)
    assert not replace(bound.certificate, lower=5).verify(problem, (1,) * 40)
    assert not replace(bound.certificate, worth=(-1,) * 40).verify(problem, (1,) * 40)
    assert not bound.certificate.verify(problem, (1,) * 39 + (0,))
    longer = replace(problem, fleets=(replace(problem.fleets[0], max_duration=30_000.0),))
    assert not bound.certificate.verify(longer, (1,) * 40)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled pricing")
def test_a_certificate_holds_where_all_memory_at_once_is_too_much(monkeypatch):
    """Nodes then learn again what they have to remember; a patrol more is not confirmed so."""
    monkeypatch.setattr(bound_pricing, "LABELS", 1 << 18)
    problem = scattered(40, 0)
    bound = patrol_need(problem, (1,) * 40, known=4)
    assert bound.certificate is not None
    prove, first = Pricing.prove, []

    def cut_short(self, values, enough):
        first.append(self.graph.memory)
        return (False, []) if len(first) % 2 else prove(self, values, enough)

    monkeypatch.setattr(Pricing, "prove", cut_short)
    assert bound.certificate.verify(problem, (1,) * 40)
    assert first[0] > first[1] == 0
    assert not replace(bound.certificate, lower=5).verify(problem, (1,) * 40)


def test_columns_know_where_a_mode_enters_and_leaves():
    """Roads driven end to end, each fit with the way there only: merged ends would allow two."""
    places = np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    legs = np.abs(places[:, None] - places[None, :])[None]
    out = tuple(Task((Mode(1, 4, (30.0,)), Mode(4, 1, (30.0,))), (Pattern(1),)) for _ in range(3))
    problem = PeriodicProblem(legs, legs, (0,), out, (Fleet(0, 0, 3, 139.0),))
    assert patrol_need(problem, (1, 1, 1)) == NeedBound(2, "columns")
    longer = replace(problem, fleets=(Fleet(0, 0, 3, 140.0),))
    assert patrol_need(longer, (1, 1, 1)).lower == 1


def test_loads_alone_and_beside_time_are_priced():
    """Three tasks of load 2 need three patrols of capacity 3, though two would fit by the sum."""
    heavy = replace(star(3, 1, 1, np.inf, capacity=3.0))
    tasks = tuple(replace(task, demand=2.0) for task in heavy.tasks)
    for shift in (np.inf, 100.0):
        problem = replace(heavy, tasks=tasks, fleets=(Fleet(0, 0, 3, shift, capacity=3.0),))
        assert patrol_need(problem, (1,) * 3) == NeedBound(3, "columns")


def test_a_budget_of_no_time_leaves_the_simple_bound():
    """Without seconds, as without rounds, nothing is proven by columns."""
    problem = scattered(12, 3)
    assert patrol_need(problem, (1,) * 12, budget_seconds=0.0).method == "time"
    assert patrol_need(problem, (1,) * 12, rounds=0).method == "time"


def test_without_any_limit_one_patrol_is_all_that_is_proven():
    """No shift and no capacity: a patrol may do everything."""
    assert patrol_need(star(3, 1, 1, np.inf), (1,) * 3).lower == 1


def test_wrong_counts_are_refused():
    """Counts that do not fit the tasks, negative counts and no fleet raise ValueError."""
    problem = star(2, 1, 1, 10)
    with pytest.raises(ValueError, match="1 visit counts for 2 tasks"):
        patrol_need(problem, (1,))
    with pytest.raises(ValueError, match="negative"):
        patrol_need(problem, (1, -1))
    bare = PeriodicProblem(problem.duration, problem.cost, (0,), problem.tasks, ())
    with pytest.raises(ValueError, match="fleet"):
        patrol_need(bare, (1, 1))
