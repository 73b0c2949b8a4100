"""The roads around an area in pieces, and drives on them found again on the split network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely

from network import RoadNetwork
from network.lawful_turns import lawful
from network.local_roads import local_roads, ways_back
from network.snapping import RoadIndex, RoadPlace, split_at
from network.split_edges import SplitEdges


def test_ways_back_are_the_same_road_the_other_way(
    random_network: Callable[[int], RoadNetwork], grid: RoadNetwork
) -> None:
    """Every street of the grid has its way back; of random one-way edges few do."""
    back = ways_back(grid)
    assert (back[back] == np.arange(grid.edge_count)).all()
    for edge, other in enumerate(back.tolist()):
        np.testing.assert_array_equal(grid.edge_shape(edge)[::-1], grid.edge_shape(other))
    network = random_network(1)
    for edge in np.flatnonzero(ways_back(network) >= 0).tolist():
        other = int(ways_back(network)[edge])
        assert network.edge_from[edge] == network.edge_to[other]
    assert (ways_back(network) >= 0).mean() < 0.5


def test_pieces_are_short_and_show_what_lies_near_them(grid: RoadNetwork) -> None:
    """Streets are cut at a third of the sight; each piece shows the samples within sight of it."""
    index = RoadIndex(grid)
    middle = index.node_xy.mean(axis=0)
    area = shapely.Point(middle).buffer(120)
    samples = shapely.points(middle + np.array([[0, 0], [60, 60], [-100, 0]]))
    local = local_roads(index, ways_back(grid), area, samples, 90.0)
    assert local is not None
    pieces = local.pieces
    cut = np.isin(pieces.edge, pieces.edge[(pieces.begin > 0)])
    assert pieces.metres[cut].max() <= 35
    lengths = np.bincount(pieces.edge, pieces.metres, grid.edge_count)
    used = np.unique(pieces.edge)
    np.testing.assert_allclose(lengths[used], grid.edge_length_m[used])
    for piece in range(0, len(pieces.edge), 7):
        line = shapely.LineString(local.node_xy[[pieces.tail[piece], pieces.head[piece]]])
        near = [number for number in range(3) if shapely.dwithin(samples[number], line, 90)]
        assert int(pieces.shows[piece, 0]) == sum(1 << number for number in near)


def test_ways_between_places_show_what_their_pieces_show(grid: RoadNetwork) -> None:
    """Metres and masks of a way are those of its pieces, and its ends' own."""
    index = RoadIndex(grid)
    area = shapely.Point(index.node_xy.mean(axis=0)).buffer(150)
    samples = shapely.points(index.node_xy[::3] + 20)
    local = local_roads(index, ways_back(grid), area, samples, 100.0)
    assert local is not None
    rng = np.random.default_rng(1)
    for start, end in rng.integers(0, len(local.places), (40, 2)).tolist():
        way = local.pieces_between(start, end)
        assert local.pieces.metres[way].sum() == pytest.approx(local.metres[start, end])
        shown = local.seen[start, start] | local.seen[end, end]
        for piece in way:
            shown = shown | local.pieces.shows[piece]
        np.testing.assert_array_equal(local.seen[start, end], shown)


def test_checkpoints_come_first_and_lie_where_they_are_marked(grid: RoadNetwork) -> None:
    """A checkpoint in the middle of a street is a place, though nothing is seen from there."""
    index = RoadIndex(grid)
    far = shapely.points(index.node_xy[[0]] - 5000)
    marks = [RoadPlace(3, 41.0, 0.0), RoadPlace(3, 41.0, 0.0)]
    local = local_roads(index, ways_back(grid), far[0], far, 100.0, marks)
    assert local is not None
    assert local.checkpoint_count == 1
    expected = shapely.line_interpolate_point(index.lines[3], 41.0)
    assert shapely.distance(shapely.Point(local.node_xy[local.places[0]]), expected) < 0.01


def test_no_road_in_sight_is_told(grid: RoadNetwork) -> None:
    """Far from all roads there is nothing to cut."""
    index = RoadIndex(grid)
    far = shapely.Point(index.node_xy[0] - 5000)
    assert local_roads(index, ways_back(grid), far, np.array([far]), 100.0) is None


def test_an_area_of_which_no_road_shows_a_sample_is_told(grid: RoadNetwork) -> None:
    """Roads touch the edge of a large area, but the points it is judged by lie beyond sight."""
    index = RoadIndex(grid)
    low, high = index.node_xy.min(axis=0), index.node_xy.max(axis=0)
    area = shapely.box(low[0] - 5000, low[1] - 5000, high[0], high[1])
    samples = np.array([shapely.Point(low - 4000)])
    assert local_roads(index, ways_back(grid), area, samples, 100.0) is None


def test_too_many_places_are_thinned(grid: RoadNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for ten places the ten or fewer that are kept still see everything there is."""
    monkeypatch.setattr("network.local_roads._MOST_PLACES", 10)
    index = RoadIndex(grid)
    area = shapely.box(*index.node_xy.min(axis=0), *index.node_xy.max(axis=0))
    samples = shapely.points(index.node_xy)
    local = local_roads(index, ways_back(grid), area, samples, 150.0)
    assert local is not None
    assert len(local.places) <= 10
    assert np.bitwise_count(np.bitwise_or.reduce(local.seen.reshape(-1))) == 25


def test_roads_that_never_meet_are_a_mistake(grid: RoadNetwork) -> None:
    """One-way streets without a way back leave places that cannot be reached."""
    steps = grid.node_lonlat[grid.edge_to] - grid.node_lonlat[grid.edge_from]
    closed = np.flatnonzero(steps.sum(axis=1) > 0)
    one_way = replace(
        grid,
        edge_from=grid.edge_from[closed],
        edge_to=grid.edge_to[closed],
        edge_length_m=grid.edge_length_m[closed],
        edge_class=grid.edge_class[closed],
        shape_start=np.arange(len(closed) + 1) * 2,
        shape_lonlat=np.concatenate([grid.edge_shape(edge)[[0, -1]] for edge in closed]),
    )
    index = RoadIndex(one_way)
    area = shapely.Point(index.node_xy.mean(axis=0)).buffer(150)
    with pytest.raises(ValueError, match="not strongly connected"):
        local_roads(index, ways_back(one_way), area, shapely.points(index.node_xy), 150.0)


def test_split_edges_are_found_again(grid: RoadNetwork) -> None:
    """Whole, cut once and cut twice, each old edge is the chain of its parts, both ways."""
    index = RoadIndex(grid)
    places = [RoadPlace(0, 30.0, 0.0), RoadPlace(5, 20.0, 0.0), RoadPlace(5, 60.0, 0.0)]
    split, nodes = split_at(index, places)
    edges = SplitEdges(grid, split)
    for edge in range(grid.edge_count):
        (chain,) = edges.chains(edge)
        assert split.edge_length_m[chain].sum() == pytest.approx(grid.edge_length_m[edge])
        assert split.edge_from[chain[0]] == grid.edge_from[edge]
        assert split.edge_to[chain[-1]] == grid.edge_to[edge]
    assert len(edges.chains(5)[0]) == 3
    (between,) = edges.between(5, nodes[1], nodes[2])
    assert split.edge_length_m[between] == pytest.approx(40, abs=0.1)
    assert edges.between(5, nodes[1], nodes[1]) == []
    with pytest.raises(ValueError, match="not in the split network"):
        SplitEdges(replace(grid, edge_length_m=grid.edge_length_m + 5), split).chains(1)


def test_a_road_drawn_twice_is_found_by_its_nodes(load: Callable[..., RoadNetwork]) -> None:
    """Of two roads in one place the one cut is meant; a loop's two ways keep their directions."""
    places = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.02, 43.0), 4: (125.02, 43.01)}
    road, twice = {"highway": "track"}, {"highway": "residential"}
    network = load(places, [([1, 2], road), ([1, 2], twice), ([2, 3, 4, 2], road)])
    index = RoadIndex(network)
    for edge in range(network.edge_count):
        length_m = float(network.edge_length_m[edge])
        cuts = [RoadPlace(edge, share * length_m, 0.0) for share in (0.3, 0.6)]
        split, (one, other) = split_at(index, cuts)
        edges = SplitEdges(network, split)
        (between,) = edges.between(edge, one, other)
        assert split.edge_length_m[between] == pytest.approx(0.3 * length_m, rel=0.01)
        assert (split.edge_from[between], split.edge_to[between]) == (one, other)
    with pytest.raises(ValueError, match="does not lead"):
        edges.between(0, one, other)


def test_drives_go_round_forbidden_turns(grid: RoadNetwork) -> None:
    """A forbidden turn in a drive is replaced by the shortest way round, the rest stays."""
    before = int(np.flatnonzero(grid.edge_to == 12)[0])
    after = next(
        edge
        for edge in np.flatnonzero(grid.edge_from == 12).tolist()
        if grid.edge_to[edge] != grid.edge_from[before]
    )
    network = replace(grid, forbidden_turns=np.array([[before, after]], np.int32))
    assert lawful(grid, [before, after]) == [before, after]
    driven = lawful(network, [before, after])
    assert (driven[0], driven[-1]) == (before, after)
    assert len(driven) > 2
    assert (network.edge_to[driven[:-1]] == network.edge_from[driven[1:]]).all()
    assert (before, after) not in set(pairwise(driven))


def test_a_turn_without_a_way_round_stays(load: Callable[..., RoadNetwork]) -> None:
    """On a street that only leads on, the drive is left as it was."""
    places = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.02, 43.0)}
    one_way = {"highway": "track", "oneway": "yes"}
    network = load(
        places, [([1, 2, 3, 1], {"highway": "track", "oneway": "yes"}), ([2, 3], one_way)]
    )
    turn = next(
        (a, b)
        for a in range(network.edge_count)
        for b in np.flatnonzero(network.edge_from == network.edge_to[a]).tolist()
    )
    all_turns = [
        (turn[0], b) for b in np.flatnonzero(network.edge_from == network.edge_to[turn[0]]).tolist()
    ]
    network = replace(network, forbidden_turns=np.array(all_turns, np.int32))
    assert lawful(network, list(turn)) == list(turn)
