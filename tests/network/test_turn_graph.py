"""Turns that are forbidden or cost time, against a graph of all pairs of edges."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import networkx
import numpy as np
import pytest
from numpy.typing import NDArray

from network import NO_PATH, RoadNetwork
from network.travel import Travel
from network.turn_graph import NO_EDGE, TurnCosts, turn_graph
from tests.network.test_travel import both_ways

Restrict = Callable[[int], tuple[RoadNetwork, NDArray[np.float64]]]


@pytest.fixture
def restricted(random_network: Callable[[int], RoadNetwork]) -> Restrict:
    """Return a function of a seed: a network with a third of its turns forbidden, and seconds."""

    def make(seed: int) -> tuple[RoadNetwork, NDArray[np.float64]]:
        network = random_network(seed)
        rng = np.random.default_rng(seed)
        turns = [pair for pair in all_turns(network) if rng.random() < 1 / 3]
        forbidden = np.array(sorted(turns), np.int32).reshape(-1, 2)
        seconds = np.round(rng.uniform(0, 90, network.edge_count), 3)
        seconds[rng.random(network.edge_count) < 0.05] = np.inf
        return replace(network, forbidden_turns=forbidden), seconds

    return make


def all_turns(network: RoadNetwork) -> list[tuple[int, int]]:
    """Return each pair of edges of which the second starts where the first ends."""
    edges = range(network.edge_count)
    return [
        (before, after)
        for before, after in itertools.product(edges, edges)
        if network.edge_to[before] == network.edge_from[after]
    ]


def truth(
    network: RoadNetwork,
    seconds: NDArray[np.float64],
    costs: dict[tuple[int, int], float],
) -> list[list[int]]:
    """Return whole seconds between all nodes by networkx, over pairs of edges."""
    graph = networkx.DiGraph()
    forbidden = set(map(tuple, network.forbidden_turns.tolist()))
    for before, after in all_turns(network):
        if (before, after) not in forbidden and math.isfinite(seconds[after]):
            cost = float(seconds[after]) + costs.get((before, after), 0.0)
            graph.add_edge(("edge", before), ("edge", after), weight=cost)
    for edge in np.flatnonzero(np.isfinite(seconds)).tolist():
        start, end = int(network.edge_from[edge]), int(network.edge_to[edge])
        graph.add_edge(("from", start), ("edge", edge), weight=float(seconds[edge]))
        graph.add_edge(("edge", edge), ("to", end), weight=0.0)
    table = []
    for source in range(network.node_count):
        graph.add_edge(("from", source), ("to", source), weight=0.0)
        found = networkx.single_source_dijkstra_path_length(graph, ("from", source))
        graph.remove_edge(("from", source), ("to", source))
        ends = [found.get(("to", end), math.inf) for end in range(network.node_count)]
        ends[source] = 0.0
        table.append([NO_PATH if math.isinf(s) else math.ceil(s - 1e-6) for s in ends])
    return table


@both_ways
@pytest.mark.parametrize("seed", range(6))
def test_forbidden_turns_are_gone_round(seed: int, hierarchy: bool, restricted: Restrict) -> None:
    """All pairs agree with the graph of all pairs of edges, and differ from a drive without law."""
    network, seconds = restricted(seed)
    table = Travel(network, hierarchy=hierarchy).seconds(seconds, range(40), range(40))
    assert table.tolist() == truth(network, seconds, {})
    free = Travel(replace(network, forbidden_turns=np.empty((0, 2), np.int32)))
    assert (free.seconds(seconds, range(40), range(40)) != table).any()


@both_ways
@pytest.mark.parametrize("seed", range(3))
def test_paths_take_no_forbidden_turn(seed: int, hierarchy: bool, restricted: Restrict) -> None:
    """Every path hangs together, turns lawfully and takes the table's seconds."""
    network, seconds = restricted(seed)
    forbidden = set(map(tuple, network.forbidden_turns.tolist()))
    travel = Travel(network, hierarchy=hierarchy)
    table = travel.seconds(seconds, range(40), range(40))
    pairs = list(itertools.product(range(0, 40, 2), range(40)))
    for (start, end), path in zip(pairs, travel.paths(seconds, pairs), strict=True):
        assert path.seconds == table[start, end]
        if path.seconds != NO_PATH:
            nodes = [start, *network.edge_to[path.edges].tolist()]
            assert network.edge_from[path.edges].tolist() == nodes[:-1]
            assert nodes[-1] == end
            assert not forbidden & set(itertools.pairwise(path.edges.tolist()))
            assert math.ceil(seconds[path.edges].sum() - 1e-6) == path.seconds


def test_only_edges_before_a_special_turn_get_a_state_of_their_own(grid: RoadNetwork) -> None:
    """One forbidden turn costs one state for its edge and one for arriving at its node."""
    plain = turn_graph(grid)
    assert len(plain.state_node) == grid.node_count
    assert (plain.step_edge == np.arange(grid.edge_count)).all()
    before = int(np.flatnonzero(grid.edge_to == 12)[0])
    after = np.flatnonzero(grid.edge_from == 12)
    turns = turn_graph(
        replace(grid, forbidden_turns=np.array([[before, after[0]]], np.int32)), TurnCosts()
    )
    assert len(turns.state_node) == grid.node_count + 2
    assert (turns.step_edge == NO_EDGE).sum() == 2
    assert len(turns.step_edge) == grid.edge_count + len(after) - 1 + 2


def charged(network: RoadNetwork, costs: TurnCosts) -> dict[tuple[int, int], float]:
    """Return what each turn costs after the edges that end in a state of their own."""
    turns = turn_graph(network, costs)
    own = turns.step_to >= network.node_count
    came_by = dict(zip(turns.step_to[own].tolist(), turns.step_edge[own].tolist(), strict=True))
    steps = zip(
        turns.step_from.tolist(), turns.step_edge.tolist(), turns.turn_seconds.tolist(), strict=True
    )
    return {(came_by[start], edge): cost for start, edge, cost in steps if start in came_by}


def test_turning_left_is_told_from_turning_right(grid: RoadNetwork) -> None:
    """Coming from the west, north is left, south right, east straight on and west back."""
    costs = charged(grid, TurnCosts(left_seconds=20, right_seconds=5, back_seconds=60))
    (middle,) = np.flatnonzero(np.abs(grid.node_lonlat - (125.0025, 43.0018)).sum(axis=1) < 1e-9)
    steps = grid.node_lonlat[grid.edge_to] - grid.node_lonlat[grid.edge_from]
    (east,) = np.flatnonzero((grid.edge_to == middle) & (steps[:, 0] > 0.001))
    seen = {
        tuple(np.sign(np.round(steps[after], 6)).astype(int).tolist()): cost
        for (before, after), cost in costs.items()
        if before == east and after >= 0
    }
    assert seen == {(1, 0): 0, (0, 1): 20, (0, -1): 5, (-1, 0): 60}


@both_ways
def test_turning_costs_are_exact(hierarchy: bool, grid: RoadNetwork) -> None:
    """With costs on every turn of the grid all pairs agree with the graph of pairs of edges."""
    costs = TurnCosts(left_seconds=20, right_seconds=5, back_seconds=60)
    seconds = np.round(grid.edge_length_m, 3)
    added = {turn: cost for turn, cost in charged(grid, costs).items() if turn[1] != NO_EDGE}
    assert sorted(set(added.values())) == [0, 5, 20, 60]
    table = Travel(grid, costs, hierarchy=hierarchy).seconds(seconds, range(25), range(25))
    assert table.tolist() == truth(grid, seconds, added)


def test_turning_back_is_free_only_at_a_dead_end(load: Callable[..., RoadNetwork]) -> None:
    """Where no other way leads on, turning back costs nothing; elsewhere it does."""
    places = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.02, 43.0), 4: (125.01, 43.01)}
    roads = [(refs, {"highway": "track"}) for refs in ([1, 2], [2, 3], [2, 4])]
    network = load(places, roads)
    costs = charged(network, TurnCosts(back_seconds=60))
    (middle,) = np.flatnonzero(np.bincount(network.edge_from) == 3)
    back = [before for (before, _), cost in costs.items() if cost > 0]
    assert sorted(back) == np.flatnonzero(network.edge_to == middle).tolist()
