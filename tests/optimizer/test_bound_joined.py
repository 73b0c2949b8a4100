"""Halves of routes, joined, gain what whole routes gain."""

from itertools import permutations, product

import numpy as np
import pytest

from optimizer.bound_cost import _reached
from optimizer.bound_graph import NOTHING, RouteGraph, route_graph
from optimizer.bound_joined import LESSONS, JoinedPricing
from optimizer.bound_memory import learned
from optimizer.bound_pricing import Pricing, Values

LABELS = 1 << 14


def drawn(seed: int, tasks: int, memory: int) -> tuple[RouteGraph, Values]:
    """Return a graph of one or two modes a task, one-way, of loads, and values with costs."""
    rng = np.random.default_rng(seed)
    task = np.array([-1, *sorted([*range(tasks), *rng.integers(0, tasks, 2).tolist()])])
    size = len(task)
    inside = np.concatenate([[0], rng.integers(0, 8, size - 1)]).astype(float)
    spend = rng.integers(0, 12, (size, size)) + inside[None, :]
    spend[0, 0] = np.inf
    spend[rng.random((size, size)) < 0.1] = np.inf
    spend = _reached(spend)
    load = np.concatenate([[0], rng.integers(1, 4, tasks)[task[1:]]]).astype(float)
    graph = route_graph(spend, inside, task, 40.0, (load, 7.0), memory=memory)
    worth = np.concatenate([[0], rng.integers(0, 60, tasks)[task[1:]]])
    gain = worth[None, :] - rng.integers(0, 25, (size, size))
    closed = np.isinf(spend) | (task[:, None] == task[None, :])
    return graph, Values(np.where(closed, NOTHING, gain), worth)


def most_by_force(graph: RouteGraph, values: Values, stops: int) -> int:
    """Return what the best route of at most so many stops gains that visits no task twice."""
    best = NOTHING
    nodes = [np.flatnonzero(graph.task == t).tolist() for t in range(graph.tasks)]
    for length in range(1, stops + 1):
        for tasks in permutations(range(graph.tasks), length):
            for way in product(*(nodes[t] for t in tasks)):
                legs = list(zip((0, *way), (*way, 0), strict=True))
                gained = [int(values.gain[leg]) for leg in legs]
                spent = sum(int(graph.spend[leg]) for leg in legs)
                used = sum(int(graph.use[node]) for node in way)
                if NOTHING not in gained and spent <= graph.limit and used <= graph.room:
                    best = max(best, sum(gained))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_the_most_is_what_trying_all_routes_finds(seed):
    """Five tasks, up to seven modes: once nodes have learned, no route gains more than is so."""
    graph, values = drawn(seed, 5, 0)
    truth = most_by_force(graph, values, 5)
    pricing = JoinedPricing(graph, labels=LABELS)
    complete, found = pricing.prove(values, truth - 1)
    assert complete
    assert max(worth for worth, _ in found) == truth
    assert pricing.prove(values, truth) == (True, [])


@pytest.mark.parametrize("kind", [Pricing, JoinedPricing])
def test_the_most_is_never_below_the_truth(kind):
    """Routes that return may hide the best that does not: what is proven allows for it."""
    for seed in range(60):
        graph, values = drawn(seed, 5, 0)
        most, _ = kind(graph, labels=LABELS).most(values, 0)
        assert most >= most_by_force(graph, values, 5), seed


@pytest.mark.parametrize("seed", range(8, 16))
def test_halves_and_whole_labels_agree(seed):
    """Nine tasks: the same best gain from either pricing, and routes that gain what they say."""
    graph, values = drawn(seed, 9, 8)
    whole = Pricing(graph, labels=LABELS).most(values, 0)[0]
    most, found = JoinedPricing(graph, labels=LABELS).most(values, 0)
    assert most == whole
    for worth, way in found:
        legs = list(zip([0, *way], [*way, 0], strict=True))
        assert worth == sum(int(values.gain[leg]) for leg in legs)
        assert sum(int(graph.spend[leg]) for leg in legs) <= graph.limit
        assert graph.use[way].sum() <= graph.room


def test_labels_that_run_out_prove_no_less_than_cells_show():
    """Room for three labels: not complete, and the most is not below the truth."""
    graph, values = drawn(9, 9, 8)
    truth = JoinedPricing(graph, labels=LABELS).most(values, 0)[0]
    few = JoinedPricing(graph, labels=3)
    assert few.prove(values, 0)[0] is False
    assert few.most(values, 0)[0] >= truth


@pytest.mark.parametrize("seed", range(30, 34))
def test_lessons_that_take_too_many_labels_are_forgotten(seed, monkeypatch):
    """Labels suffice without what was learned: the most is then proven as before any lesson."""
    graph, values = drawn(seed, 9, 0)
    truth, _ = JoinedPricing(graph, labels=LABELS).most(values, 0)
    pricing = JoinedPricing(graph, labels=LABELS)
    pricing.most(values, 0)
    assert pricing.learned
    halves = pricing._halves
    monkeypatch.setattr(
        pricing, "_halves", lambda *given: -1 if pricing.learned else halves(*given)
    )
    most, _ = pricing.most(values, 0)
    assert not pricing.learned
    unlearned = JoinedPricing(graph, labels=LABELS)
    monkeypatch.setattr(unlearned, "_learn", lambda _: False)
    assert most == unlearned.most(values, 0)[0] >= truth


def test_nodes_learn_from_the_most_valuable_routes_alone():
    """Of more routes that return, only so many are learned from; the others keep their cycles."""
    graph, _ = drawn(9, 9, 0)
    back = [[i, j, i] for i, j in permutations(range(1, graph.tasks + 1), 2)]
    back = [route for route in back if graph.task[route[0]] != graph.task[route[1]]]
    found = [(worth, route) for worth, route in enumerate(back)]
    pricing = JoinedPricing(graph, labels=LABELS)
    assert len(found) > LESSONS
    assert pricing._learn(found)
    assert pricing.learned == learned(graph, back[::-1][:LESSONS])
    assert pricing.learned < learned(graph, back[::-1])
