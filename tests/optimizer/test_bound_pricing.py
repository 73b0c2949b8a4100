"""Pricing against brute force: routes that are worth enough are found, whatever is cut off."""

from itertools import permutations

import numpy as np
import pytest

from optimizer import bound_pricing
from optimizer.bound_graph import NOTHING, RouteGraph, route_graph
from optimizer.bound_pricing import Pricing, open_arcs
from optimizer.need_columns import values_of
from optimizer.need_pricing import best_ends

TASKS = 6


def strewn(seed: int, tasks: int = TASKS, longest: float = 300.0) -> tuple[RouteGraph, np.ndarray]:
    """Return tasks strewn over a square, and what each is worth."""
    draw = np.random.default_rng(seed)
    xy = draw.uniform(0, 100, (tasks + 1, 2))
    inside = np.concatenate([[0.0], draw.integers(5, 40, tasks)])
    legs = np.ceil(np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))) + inside[None, :]
    np.fill_diagonal(legs, np.inf)
    task = np.arange(-1, tasks)
    graph = route_graph(legs, inside, task, longest, (np.zeros(tasks + 1), np.inf), memory=0)
    return graph, draw.integers(1, 1000, tasks)


def most_valuable(graph: RouteGraph, worth: np.ndarray) -> int:
    """Return the worth of the best route, by trying all."""
    best = 0
    for length in range(1, TASKS + 1):
        for order in permutations(range(1, TASKS + 1), length):
            ways = zip((0, *order), (*order, 0), strict=True)
            if sum(int(graph.spend[i, j]) for i, j in ways) <= graph.limit:
                best = max(best, int(sum(worth[k - 1] for k in order)))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_best_route_survives_all_that_is_cut_off(seed):
    """Just below the best worth a route is found, at it none: no arc of the best was closed."""
    graph, worth = strewn(seed)
    best = most_valuable(graph, worth)
    values = values_of(graph, worth)
    complete, found = Pricing(graph, labels=100_000).prove(values, best - 1)
    assert complete
    assert max(gain for gain, _ in found) == best
    assert Pricing(graph, labels=100_000).prove(values, best) == (True, [])


def test_thorough_guesses_are_routes_and_worth_more_in_all():
    """Of fifty tasks: within the limit, no task twice, worth what they say; better on average."""
    gained = {False: 0, True: 0}
    for seed in range(20):
        graph, worth = strewn(seed, 50, 600.0)
        values = values_of(graph, worth)
        for thoroughly in gained:
            found = Pricing(graph, labels=4).guess(values, 5.0, thoroughly=thoroughly)
            for gain, route in found:
                ways = zip((0, *route), (*route, 0), strict=True)
                assert sum(int(graph.spend[i, j]) for i, j in ways) <= graph.limit
                assert len(set(route)) == len(route)
                assert gain == sum(int(worth[k - 1]) for k in route)
            gained[thoroughly] += max(gain for gain, _ in found)
    assert gained[True] > gained[False]


@pytest.mark.parametrize("seed", range(4))
def test_labels_one_way_tell_what_is_ahead_the_other_way(seed):
    """With what a pass backwards told, one forwards finds the best route with far fewer labels."""
    graph, worth = strewn(seed, 9)
    values = values_of(graph, worth)
    pricing = Pricing(graph, labels=200_000)
    ways, back = open_arcs(values.gain == NOTHING)
    _, told = pricing._label(graph.reversed(), values.reversed(), pricing._open, 0, back)
    blind, _ = pricing._label(pricing.graph, values, pricing._open, 0, ways)
    best = max(gain for gain, _ in pricing._label_routes(values, blind, 0))
    seeing, _ = pricing._label(pricing.graph, values, told, best - 1, ways)
    assert 0 < seeing < blind / 4
    assert max(gain for gain, _ in pricing._label_routes(values, seeing, 0)) == best


@pytest.mark.parametrize("seed", [1, 2])
def test_a_proof_whose_labels_run_out_is_tried_again_with_what_was_learned(seed, monkeypatch):
    """Once is not enough for so few labels; what passes over cells teach makes them fewer."""
    graph, worth = strewn(seed, 20)
    values = values_of(graph, worth)
    _, found = Pricing(graph, labels=1 << 20).prove(values, 0)
    best = max(gain for gain, _ in found)
    assert Pricing(graph, labels=16).prove(values, best) == (True, [])
    monkeypatch.setattr(bound_pricing, "TRIES", 1)
    assert Pricing(graph, labels=16).prove(values, best)[0] is False


def test_labels_are_given_up_where_routes_stay_worth_far_too_much(monkeypatch):
    """Then routes worth more are given back, though they return; nothing counts as proven."""
    graph, worth = strewn(0, 9, 500.0)
    values, enough = values_of(graph, worth), int(worth.sum())
    monkeypatch.setattr(bound_pricing, "HASTE", 2)
    monkeypatch.setattr(bound_pricing, "FAR", 1.0)
    complete, found = Pricing(graph, labels=100_000).prove(values, enough)
    assert complete
    assert found
    assert all(gain > enough and len(set(route)) < len(route) for gain, route in found)
    monkeypatch.setattr(bound_pricing, "FAR", 10.0)
    assert Pricing(graph, labels=100_000).prove(values, enough) == (True, [])


def test_the_best_labels_of_each_node_in_order():
    """As sorting would give them: most valuable first, the first of equals, none without worth."""
    draw = np.random.default_rng(0)
    nodes = draw.integers(0, 4, 200).astype(np.int32)
    values, home = draw.integers(0, 30, 200), np.array([NOTHING, 0, 3, NOTHING])
    best = np.zeros((4, 5), np.int32)
    best_ends(nodes, values, home, 200, 12, best)
    for node in range(4):
        worth = {k: values[k] + home[node] for k in range(1, 200) if nodes[k] == node}
        wanted = sorted((k for k in worth if worth[k] > 12), key=lambda k: (-worth[k], k))[:5]
        assert [k for k in best[node] if k >= 0] == wanted
