"""What nodes learn to remember from routes that return to a task."""

import numpy as np

from optimizer import bound_memory
from optimizer.bound_graph import RouteGraph, route_graph
from optimizer.bound_memory import learned


def line(memory: int) -> RouteGraph:
    """Return five tasks on a line, a unit apart, each node remembering its nearest."""
    places = np.arange(6.0)
    spend = np.abs(places[:, None] - places[None, :]) + 1.0
    task = np.array([-1, 0, 1, 2, 3, 4])
    return route_graph(spend, np.ones(6), task, 40.0, (np.zeros(6), np.inf), memory=memory)


def test_all_on_the_way_back_learn_the_task_returned_to():
    """1-2-3-1: nodes 2 and 3 remember task 0; a route without a return teaches nothing."""
    graph = line(0)
    assert learned(graph, [[1, 2, 3, 1]]) == {(2, 0), (3, 0)}
    assert learned(graph, [[1, 2, 3, 4]]) == set()
    wiser = graph.remembering({(2, 0), (3, 0)})
    assert wiser.bit[2, 0] == wiser.bit[3, 0] == 1
    assert wiser.bit.sum(axis=1).tolist() == [0, 0, 1, 1, 0, 0]
    assert learned(wiser, [[1, 2, 3, 1]]) == set()


def test_of_two_returns_the_shorter_way_learns():
    """1-2-1-3-4-5-3: one addition for task 0, two for task 2; what is known is not learned."""
    assert learned(line(0), [[1, 2, 1, 3, 4, 5, 3]]) == {(2, 0)}
    graph = line(1)
    known = {(n, int(t)) for n, t in np.argwhere(graph.bit > 0)}
    assert not learned(graph, [[1, 3, 4, 1]]) & known


def test_nodes_without_room_learn_nothing(monkeypatch):
    """Where no bit is left on the way, the route goes on returning."""
    monkeypatch.setattr(bound_memory, "MOST_MEMORY", 1)
    assert learned(line(1), [[1, 3, 1]]) <= {(3, 0)}
    full = line(0).remembering({(2, 4)})
    assert learned(full, [[1, 2, 1]]) == set()


def test_bits_follow_those_known():
    """What is learned later has the later bits."""
    graph = line(0).remembering({(2, 0)}).remembering({(2, 4), (2, 3)})
    assert [graph.bit[2, task] for task in (0, 3, 4)] == [1, 2, 4]
    assert graph.near[2].tolist() == [0, 3, 4]
