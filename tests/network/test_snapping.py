"""Snapping: the nearest point of a road, and roads split there in both directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry import Point

from network import RoadNetwork, SpeedTable, edge_seconds, travel_seconds
from network.snapping import RoadIndex, RoadPlace, split_at

PLACES = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.01, 43.01), 4: (125.0, 43.01)}
ROAD = {"highway": "tertiary"}


def flat(index: RoadIndex, lon: float, lat: float) -> Point:
    return Point(index.metric.xy(np.array([[lon, lat]]))[0])


def test_the_nearest_point_is_found_exactly(load: Callable[..., RoadNetwork]) -> None:
    """Nearness agrees with a search of every edge, in metres, for points all around."""
    network = load(PLACES, [([1, 2, 3], ROAD), ([3, 4, 1], ROAD)])
    index = RoadIndex(network)
    rng = np.random.default_rng(0)
    for lon, lat in rng.uniform((124.99, 42.99), (125.02, 43.02), (50, 2)):
        point = flat(index, lon, lat)
        place = index.nearest(point)
        distances = shapely.distance(index.lines, point)
        assert place.distance_m == pytest.approx(distances.min())
        assert place.edge == int(np.flatnonzero(distances == distances.min())[0])
        on_road = shapely.line_interpolate_point(index.lines[place.edge], place.along_m)
        assert on_road.distance(point) == pytest.approx(place.distance_m)


def test_motorways_are_not_stopped_on(load: Callable[..., RoadNetwork]) -> None:
    """A point on the motorway snaps to the next road; where there are only motorways, to them."""
    both = {"highway": "motorway", "oneway": "no"}
    network = load(PLACES, [([1, 2], both), ([2, 3], ROAD)])
    index = RoadIndex(network)
    place = index.nearest(flat(index, 125.005, 43.0))
    assert place.distance_m == pytest.approx(407.8, abs=1)
    only = RoadIndex(load(PLACES, [([1, 2], both)]))
    assert only.nearest(flat(only, 125.005, 43.0)).distance_m == pytest.approx(0, abs=0.1)


def test_splitting_keeps_lengths_shapes_and_travel(grid: RoadNetwork, speeds: SpeedTable) -> None:
    """Parts add up to the whole, both ways, and no travel time between old nodes changes."""
    index = RoadIndex(grid)
    rng = np.random.default_rng(2)
    places = [
        index.nearest(flat(index, lon, lat))
        for lon, lat in rng.uniform((125, 43), (125.005, 43.0036), (60, 2))
    ]
    split, nodes = split_at(index, places)
    assert split.node_count > grid.node_count
    assert split.edge_length_m.sum() == pytest.approx(grid.edge_length_m.sum())
    for edge in range(split.edge_count):
        shape = split.edge_shape(edge)
        np.testing.assert_array_equal(shape[0], split.node_lonlat[split.edge_from[edge]])
        np.testing.assert_array_equal(shape[-1], split.node_lonlat[split.edge_to[edge]])
    old = range(grid.node_count)
    np.testing.assert_array_equal(
        travel_seconds(split, edge_seconds(split, speeds), old, old),
        travel_seconds(grid, edge_seconds(grid, speeds), old, old),
    )
    for place, node in zip(places, nodes, strict=True):
        expected = shapely.line_interpolate_point(index.lines[place.edge], place.along_m)
        found = flat(index, *split.node_lonlat[node])
        assert found.distance(expected) < 0.6


def test_time_to_a_snapped_place_is_in_proportion(
    load: Callable[..., RoadNetwork], speeds: SpeedTable
) -> None:
    """A quarter of the way along the road is a quarter of the time, from either end."""
    network = load(PLACES, [([1, 2], ROAD)])
    index = RoadIndex(network)
    split, (node,) = split_at(index, [index.nearest(flat(index, 125.0025, 43.001))])
    seconds = edge_seconds(split, speeds)
    whole_m = network.edge_length_m[0]
    table = travel_seconds(split, seconds, [0, 1, node], [0, 1, node])
    assert table[0, 2] == table[2, 0] == int(np.ceil(whole_m / 4 / 10))
    assert table[1, 2] == table[2, 1] == int(np.ceil(whole_m * 3 / 4 / 10))


def test_a_one_way_stays_one_way_when_split(load: Callable[..., RoadNetwork]) -> None:
    """Only the edge that is there is split: two parts, no way back."""
    ways = [([1, 2], {**ROAD, "oneway": "yes"}), ([2, 3, 4, 1], {**ROAD, "oneway": "yes"})]
    index = RoadIndex(load(PLACES, ways))
    split, (node,) = split_at(index, [index.nearest(flat(index, 125.005, 42.999))])
    assert split.edge_count == 3
    assert np.count_nonzero(split.edge_from == node) == 1


def test_close_places_and_ends_share_a_node(load: Callable[..., RoadNetwork]) -> None:
    """Places a hand's breadth apart are one node; at the end of an edge its own node is used."""
    index = RoadIndex(load(PLACES, [([1, 2], ROAD)]))
    length_m = float(index.along(0)[-1])
    wishes = [0.1, 100.0, 100.3, 300.0, length_m - 0.2]
    places = [RoadPlace(0, along_m, 0.0) for along_m in wishes]
    places.append(RoadPlace(1, length_m - 100.2, 0.0))  # the same spot, seen from the way back
    split, nodes = split_at(index, places)
    assert nodes == (0, 2, 2, 3, 1, 2)
    assert split.edge_count == 6


def test_nothing_to_split_leaves_the_network(grid: RoadNetwork) -> None:
    """Without places, or with places on nodes only, the network is the same."""
    index = RoadIndex(grid)
    assert split_at(index, [])[0] is grid
    assert split_at(index, [RoadPlace(0, 0.0, 0.0)])[0] is grid


def test_a_loop_is_split_like_any_edge(load: Callable[..., RoadNetwork]) -> None:
    """A ring that hangs on one node is split into three by two places."""
    network = load(PLACES | {5: (124.99, 43.0)}, [([1, 2, 3, 4, 1], ROAD), ([1, 5], ROAD)])
    index = RoadIndex(network)
    wishes = [flat(index, 125.005, 43.0), flat(index, 125.005, 43.01)]
    split, nodes = split_at(index, [index.nearest(wish) for wish in wishes])
    assert len(set(nodes)) == 2
    assert split.edge_count == 2 + 6
    assert split.edge_length_m.sum() == pytest.approx(network.edge_length_m.sum())


def test_forbidden_turns_stay_where_they_are(grid: RoadNetwork) -> None:
    """After splitting, a turn is forbidden between the parts that meet in the old node."""
    rng = np.random.default_rng(5)
    meeting = [
        (first, second)
        for first in range(grid.edge_count)
        for second in range(grid.edge_count)
        if grid.edge_to[first] == grid.edge_from[second]
    ]
    turns = np.array(sorted(rng.choice(meeting, 40, replace=False).tolist()), np.int32)
    index = RoadIndex(replace(grid, forbidden_turns=turns))
    places = [
        index.nearest(flat(index, lon, lat))
        for lon, lat in rng.uniform((125, 43), (125.005, 43.0036), (60, 2))
    ]
    split, _ = split_at(index, places)
    assert split.edge_count > grid.edge_count

    def shown(network: RoadNetwork) -> list[tuple[float, ...]]:
        """Each turn as its node's place and the headings of its two edges."""
        table = []
        for first, second in network.forbidden_turns.tolist():
            node = network.edge_to[first]
            assert node == network.edge_from[second]
            place = network.node_lonlat[node]
            came, goes = network.edge_shape(first)[-2], network.edge_shape(second)[1]
            headings = [vector / np.abs(vector).max() for vector in (place - came, goes - place)]
            table.append(tuple(np.round(np.concatenate([place, *headings]), 4).tolist()))
        return sorted(table)

    assert len(split.forbidden_turns) == 40
    assert shown(split) == shown(index.network)
    assert split.forbidden_turns.tolist() == sorted(split.forbidden_turns.tolist())
    assert split.forbidden_turns.dtype == np.int32


def test_without_forbidden_turns_none_appear(grid: RoadNetwork) -> None:
    """A network without restrictions has none after splitting."""
    index = RoadIndex(grid)
    split, _ = split_at(index, [RoadPlace(0, 40.0, 0.0)])
    assert split.forbidden_turns.shape == (0, 2)
