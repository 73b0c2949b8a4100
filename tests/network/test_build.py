"""Splitting ways into edges, measuring them, and keeping the largest connected part."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pyproj import Geod

from network import RoadNetwork

TRACK = {"highway": "track"}
PLACES = {ref: (125 + ref / 1000, 43.0) for ref in range(1, 7)} | {9: (125.003, 43.01)}


def assert_sound(network: RoadNetwork) -> None:
    """Shapes run from node to node and lengths are geodesic."""
    starts = network.shape_lonlat[network.shape_start[:-1]]
    ends = network.shape_lonlat[network.shape_start[1:] - 1]
    np.testing.assert_array_equal(starts, network.node_lonlat[network.edge_from])
    np.testing.assert_array_equal(ends, network.node_lonlat[network.edge_to])
    geod = Geod(ellps="WGS84")
    step = max(1, network.edge_count // 200)
    for edge in range(0, network.edge_count, step):
        expected = geod.line_length(*network.edge_shape(edge).T)
        assert network.edge_length_m[edge] == pytest.approx(expected, abs=1e-6)


def test_ways_are_split_where_they_meet(load: Callable[..., RoadNetwork]) -> None:
    """A crossing in the middle of a way makes four pieces, each with its way back."""
    network = load(PLACES, [([1, 2, 3, 4, 5], TRACK), ([3, 9], TRACK)])
    assert (network.node_count, network.edge_count) == (4, 6)
    assert [len(network.edge_shape(edge)) for edge in range(6)] == [3, 3, 3, 3, 2, 2]
    assert_sound(network)


def test_an_edge_and_its_way_back_stand_side_by_side(load: Callable[..., RoadNetwork]) -> None:
    """The way back has the shape reversed and the same length."""
    network = load(PLACES, [([1, 2, 3], TRACK)])
    np.testing.assert_array_equal(network.edge_shape(0), network.edge_shape(1)[::-1])
    assert network.edge_length_m[0] == pytest.approx(network.edge_length_m[1])


def test_one_way_ring_is_kept_one_way(load: Callable[..., RoadNetwork]) -> None:
    """A roundabout with two exits has one edge between them each way round."""
    ring = ([2, 9, 4, 3, 2], {"highway": "tertiary", "junction": "roundabout"})
    network = load(PLACES, [ring, ([1, 2], TRACK), ([4, 5], TRACK)])
    assert network.edge_count == 6
    assert_sound(network)


def test_backwards_one_way_runs_against_its_nodes(load: Callable[..., RoadNetwork]) -> None:
    """oneway=-1 leaves only the edge from the last node to the first."""
    back = {"highway": "tertiary", "oneway": "-1"}
    network = load(PLACES, [([1, 2], back), ([1, 9, 2], {"highway": "tertiary", "oneway": "yes"})])
    lon = network.node_lonlat[:, 0]
    assert (lon[network.edge_from[0]], lon[network.edge_to[0]]) == (125.002, 125.001)
    assert network.edge_count == 2


def test_only_the_largest_part_is_kept_and_the_rest_is_told(
    load: Callable[..., RoadNetwork],
) -> None:
    """Islands and streets of no return are cut, with their nodes and kilometres in the report."""
    no_return = {"highway": "tertiary", "oneway": "yes"}
    ways = [([1, 2, 3], TRACK), ([2, 9], TRACK), ([3, 4], no_return), ([5, 6], TRACK)]
    network = load(PLACES, ways)
    report = network.report
    assert network.node_count == 4
    assert (report.parts_found, report.nodes_cut) == (3, 3)
    assert report.length_cut_km == pytest.approx(3 * 0.08156, abs=0.001)
    assert "3 parts" in report.sentences()[0].en


def test_an_unbroken_network_has_nothing_to_report(grid: RoadNetwork) -> None:
    """No sentence is said when nothing was cut."""
    assert grid.report.sentences() == ()
    assert (grid.report.ways_read, grid.report.ways_used) == (10, 10)


def test_zero_length_and_repeated_nodes_are_roads(load: Callable[..., RoadNetwork]) -> None:
    """Two nodes on one spot make an edge of no length; a node named twice running counts once."""
    places = {1: (125.0, 43.0), 2: (125.0, 43.0), 3: (125.01, 43.0)}
    network = load(places, [([1, 2], TRACK), ([2, 3, 3], TRACK)])
    assert network.edge_length_m.min() == 0
    assert (network.node_count, network.edge_count) == (3, 4)


def test_the_same_file_gives_the_same_network(load: Callable[..., RoadNetwork]) -> None:
    """Loading twice gives equal arrays."""
    ways = [([1, 2, 3, 4, 5], TRACK), ([3, 9], TRACK)]
    first, second = load(PLACES, ways), load(PLACES, ways)
    for name in ("node_lonlat", "edge_from", "edge_to", "edge_length_m", "shape_lonlat"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.shared
@pytest.mark.parametrize("extract", ["liechtenstein", "heidelberg"])
def test_real_extracts_are_sound(extract: str, request: pytest.FixtureRequest) -> None:
    """Every shape of a real network joins its nodes, and most edges have a tagged speed or name."""
    network: RoadNetwork = request.getfixturevalue(extract)
    assert_sound(network)
    assert network.node_count > 5000
    assert network.report.edges_with_maxspeed > 1000
