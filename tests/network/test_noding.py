"""Noding held against brute force: every crossing is a node, nothing else is, lengths stay."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely

from network.build import split_ways
from network.load_report import LoadReport
from network.merging import plane_of
from network.noding import node_ways
from network.osm_ways import OsmWays
from network.road_network import ROAD_CLASSES


def ways_of(lines: list[np.ndarray]) -> OsmWays:
    """Return (k, 2) lon/lat lines as two-way tracks that do not know each other."""
    count = len(lines)
    lonlat = np.concatenate(lines)
    zeros = np.zeros(count, np.int8)
    speed = np.full(count, np.nan, np.float32)
    return OsmWays(
        refs=-np.arange(1, len(lonlat) + 1),
        lonlat=lonlat,
        way_start=np.concatenate([[0], np.cumsum([len(line) for line in lines])]),
        way_id=np.zeros(count, np.int64),
        way_class=np.full(count, ROAD_CLASSES.index("track"), np.int8),
        direction=zeros,
        maxspeed_kmh=speed,
        maxspeed_back_kmh=speed,
        way_closure=zeros.astype(np.int16),
        way_marks=zeros.astype(np.uint8),
        way_level=zeros,
        way_name=zeros.astype(np.int32),
        names=("",),
        closures=((),),
        report=LoadReport(""),
    )


def noded(ways: OsmWays, tolerance_m: float = 0.0) -> OsmWays:
    count = len(ways.way_class)
    tolerance = np.full((count, 2), tolerance_m)
    return node_ways(ways, np.ones(count, bool), tolerance, plane_of(ways.lonlat))[0]


@pytest.mark.parametrize("seed", range(12))
def test_every_crossing_is_a_node_and_nothing_else(seed: int) -> None:
    """Random broken lines, self-crossings included: nodes are their ends and their crossings."""
    rng = np.random.default_rng(seed)
    lines = [
        rng.uniform((125, 43), (125.01, 43.01), (int(rng.integers(2, 6)), 2)) for _ in range(15)
    ]
    ways = ways_of(lines)
    metric = plane_of(ways.lonlat)
    edges, _ = split_ways(noded(ways))
    found = metric.xy(edges.node_lonlat)
    segments = [
        (number, step, shapely.LineString(metric.xy(line[step : step + 2])))
        for number, line in enumerate(lines)
        for step in range(len(line) - 1)
    ]
    crossings = [
        shapely.get_coordinates(one[2].intersection(other[2]))
        for one, other in combinations(segments, 2)
        if (one[0] != other[0] or abs(one[1] - other[1]) > 1) and one[2].intersects(other[2])
    ]
    ends = [metric.xy(line[[0, -1]]) for line in lines]
    expected = np.concatenate([*crossings, *ends])
    off = np.hypot(*(expected[:, None] - found[None]).transpose(2, 0, 1))
    assert off.min(axis=1).max() < 0.05
    assert off.min(axis=0).max() < 0.05
    drawn_m = sum(line.length for _, _, line in segments)
    assert edges.edge_length_m.sum() / 2 == pytest.approx(drawn_m, rel=2e-3)


@pytest.mark.parametrize("seed", range(6))
def test_closing_gaps_joins_and_never_separates(seed: int) -> None:
    """With a tolerance ends reach what lies near; what was joined without one stays joined."""
    rng = np.random.default_rng(seed)
    lines = [rng.uniform((125, 43), (125.004, 43.003), (2, 2)) for _ in range(12)]
    ways = ways_of(lines)
    without, _ = split_ways(noded(ways))
    with_gaps, _ = split_ways(noded(ways, tolerance_m=40.0))
    joined = [len(np.unique(np.append(e.edge_from, e.edge_to))) for e in (without, with_gaps)]
    assert len(with_gaps.edge_from) - joined[1] >= len(without.edge_from) - joined[0]
    starts = with_gaps.shape_lonlat[with_gaps.shape_start[:-1]]
    np.testing.assert_array_equal(starts, with_gaps.node_lonlat[with_gaps.edge_from])


def test_lines_that_touch_nothing_stay_as_they_are() -> None:
    """Missing coordinates, points drawn twice and lines of no length do no harm."""
    spot = np.array([[125.0, 43.0], [125.0, 43.0]])
    gappy = np.array([[125.1, 43.0], [np.nan, np.nan], [125.1, 43.1], [125.1, 43.2]])
    ways = ways_of([spot, gappy])
    after = noded(ways, tolerance_m=5.0)
    np.testing.assert_array_equal(after.lonlat, ways.lonlat)
    np.testing.assert_array_equal(after.refs, ways.refs)
