"""Lines for maps: each road once, no more points than asked for."""

from __future__ import annotations

import pytest
from shapely.geometry import LineString

from network import RoadNetwork, road_lines


def test_every_road_is_drawn_once(grid: RoadNetwork) -> None:
    """The lines are as long as the roads in one direction."""
    lines = road_lines(grid)
    assert {name for name, _ in lines} == {"residential"}
    drawn = sum(LineString(line).length for _, line in lines)
    whole = sum(LineString(grid.edge_shape(edge)).length for edge in range(grid.edge_count)) / 2
    assert drawn == pytest.approx(whole)


def test_a_small_budget_keeps_the_longest(grid: RoadNetwork) -> None:
    """Too many points: lines are left out, never cut, and none is fine too."""
    few = road_lines(grid, max_points=12)
    assert 0 < sum(len(line) for _, line in few) <= 12
    assert road_lines(grid, max_points=1) == ()


@pytest.mark.shared
def test_important_roads_come_first_and_stay(liechtenstein: RoadNetwork) -> None:
    """With a tight budget the primary roads are still there and lead."""
    lines = road_lines(liechtenstein, max_points=5000)
    assert sum(len(line) for _, line in lines) <= 5000
    assert lines[0][0] == "primary"
