"""Travel against networkx on random graphs, and paths that are driven as they are timed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import networkx
import numpy as np
import pytest
from numpy.typing import NDArray

from network import (
    NO_PATH,
    RoadNetwork,
    SpeedTable,
    edge_seconds,
    shortest_paths,
    travel_seconds,
)
from network.hierarchy import can_build
from network.travel import Travel, whole_seconds

#: Dijkstra by scipy, and the optional hierarchy where it is installed.
both_ways = pytest.mark.parametrize(
    "hierarchy",
    [
        False,
        pytest.param(
            True,
            marks=pytest.mark.skipif(not can_build(), reason="routingkit-cch is not installed"),
        ),
    ],
)


def truth(network: RoadNetwork, seconds: NDArray[np.float64], source: int) -> dict[int, float]:
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from(range(network.node_count))
    for start, end, cost in zip(network.edge_from, network.edge_to, seconds, strict=True):
        if math.isfinite(cost):
            graph.add_edge(int(start), int(end), weight=float(cost))
    return dict(networkx.single_source_dijkstra_path_length(graph, source))


@both_ways
@pytest.mark.parametrize("seed", range(8))
def test_travel_is_exact(
    seed: int, hierarchy: bool, random_network: Callable[[int], RoadNetwork], speeds: SpeedTable
) -> None:
    """All pairs agree with networkx: parallel edges, loops, zero lengths and closures included."""
    network = random_network(seed)
    seconds = edge_seconds(network, replace(speeds, closed=("track", "service")))
    table = Travel(network, hierarchy=hierarchy).seconds(seconds, range(40), range(40))
    for source in range(40):
        expected = truth(network, seconds, source)
        for target in range(40):
            if target in expected:
                assert table[source, target] == math.ceil(expected[target] - 1e-6)
            else:
                assert table[source, target] == NO_PATH


@both_ways
@pytest.mark.parametrize("seed", range(4))
def test_paths_take_as_long_as_the_table_says(
    seed: int, hierarchy: bool, random_network: Callable[[int], RoadNetwork], speeds: SpeedTable
) -> None:
    """Each path starts and ends where it should, hangs together, and costs the table's seconds."""
    network = random_network(seed)
    seconds = edge_seconds(network, replace(speeds, closed=("track", "service")))
    pairs = [(start, end) for start in range(0, 40, 3) for end in range(40)]
    travel = Travel(network, hierarchy=hierarchy)
    table = travel_seconds(network, seconds, range(40), range(40))
    for (start, end), path in zip(pairs, travel.paths(seconds, pairs), strict=True):
        assert path.seconds == table[start, end]
        if path.seconds == NO_PATH:
            assert (len(path.edges), path.length_m, len(path.shape_lonlat)) == (0, math.inf, 0)
            continue
        nodes = [start, *network.edge_to[path.edges].tolist()]
        assert nodes[-1] == end
        assert network.edge_from[path.edges].tolist() == nodes[:-1]
        assert path.seconds == whole_seconds(np.array([seconds[path.edges].sum()]))[0]
        assert path.length_m == pytest.approx(network.edge_length_m[path.edges].sum())
        np.testing.assert_array_equal(path.shape_lonlat[[0, -1]], network.node_lonlat[[start, end]])


def test_many_sources_are_taken_in_blocks(
    grid: RoadNetwork, speeds: SpeedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and paths do not depend on how many sources are searched at a time."""
    seconds = edge_seconds(grid, speeds)
    order = [7, 3, 3, 24, 0]
    pairs = [(7, 3), (0, 24), (3, 3), (24, 7), (0, 24)]
    table, paths = travel_seconds(grid, seconds, order, order), shortest_paths(grid, seconds, pairs)
    monkeypatch.setattr("network.travel._BLOCK_CELLS", 1)
    np.testing.assert_array_equal(travel_seconds(grid, seconds, order, order), table)
    again = shortest_paths(grid, seconds, pairs)
    assert [path.edges.tolist() for path in again] == [path.edges.tolist() for path in paths]
    assert paths[1] is paths[4]


def test_nothing_asked_is_nothing_answered(grid: RoadNetwork, speeds: SpeedTable) -> None:
    """No pairs give no paths, no sources an empty table."""
    seconds = edge_seconds(grid, speeds)
    assert shortest_paths(grid, seconds, []) == ()
    assert travel_seconds(grid, seconds, [], [1, 2]).shape == (0, 2)


@both_ways
def test_seasons_are_told_apart(
    hierarchy: bool, random_network: Callable[[int], RoadNetwork], speeds: SpeedTable
) -> None:
    """One Travel answers for each season as a fresh one would, whatever was asked before."""
    network = random_network(1)
    summer = edge_seconds(network, speeds)
    winter = edge_seconds(network, replace(speeds, factor=0.5, closed=("track",)))
    travel = Travel(network, hierarchy=hierarchy)
    tables = [travel.seconds(season, range(40), range(40)) for season in (summer, winter, summer)]
    np.testing.assert_array_equal(tables[0], tables[2])
    np.testing.assert_array_equal(tables[1], travel_seconds(network, winter, range(40), range(40)))
    assert (tables[0] != tables[1]).any()


def test_the_hierarchy_is_taken_for_many_sources_where_it_is_installed(
    grid: RoadNetwork, speeds: SpeedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few sources, or no package, and scipy does the work; the answers are the same."""
    built = []
    monkeypatch.setattr("network.travel._MANY_SOURCES", 20)
    monkeypatch.setattr("network.travel.Hierarchy", lambda *given: built.append(given))
    seconds = edge_seconds(grid, speeds)
    monkeypatch.setattr("network.travel.can_build", lambda: False)
    Travel(grid).seconds(seconds, range(25), range(25))
    monkeypatch.setattr("network.travel.can_build", lambda: True)
    travel = Travel(grid)
    travel.seconds(seconds, range(19), range(25))
    travel.paths(seconds, [(start, 3) for start in range(19)])
    assert built == []
    with pytest.raises(AttributeError):
        travel.seconds(seconds, [0], range(25))
    assert len(built) == 1


def test_staying_takes_no_time_and_has_a_place(grid: RoadNetwork, speeds: SpeedTable) -> None:
    """A path from a node to itself is its place twice, fit to be drawn as a line."""
    (path,) = shortest_paths(grid, edge_seconds(grid, speeds), [(4, 4)])
    assert (path.seconds, path.length_m) == (0, 0)
    assert path.shape_lonlat.tolist() == [grid.node_lonlat[4].tolist()] * 2


def test_seconds_are_rounded_up_once() -> None:
    """Fractions count whole, the noise of adding floats does not."""
    seconds = np.array([0.0, 0.1 + 0.2, 3.0000000001, 3.01, np.inf])
    assert whole_seconds(seconds).tolist() == [0, 1, 3, 4, NO_PATH]


@both_ways
@pytest.mark.shared
@pytest.mark.parametrize("extract", ["liechtenstein", "heidelberg"])
def test_travel_is_exact_on_real_roads(
    extract: str, hierarchy: bool, speeds: SpeedTable, request: pytest.FixtureRequest
) -> None:
    """Two hundred targets from two sources agree with networkx."""
    network: RoadNetwork = request.getfixturevalue(extract)
    network = replace(network, forbidden_turns=np.empty((0, 2), np.int32))  # networkx knows none
    seconds = edge_seconds(network, speeds)
    targets = np.random.default_rng(1).integers(0, network.node_count, 200)
    table = Travel(network, hierarchy=hierarchy).seconds(seconds, targets[:2], targets)
    for row, source in zip(table, targets[:2].tolist(), strict=True):
        expected = truth(network, seconds, source)
        assert row.tolist() == [math.ceil(expected[t] - 1e-6) for t in targets.tolist()]
