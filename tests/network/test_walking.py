"""What no road shows, and the walks that show it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from network import InspectionSettings, RoadNetwork, Site, inspection_tasks
from network.metric import metric_of
from network.snapping import RoadIndex
from network.walking import WalkingLeg, hidden_part, walking_legs


def test_what_lies_out_of_sight_of_all_lines_is_hidden() -> None:
    """Of a square along a road, the part beyond 300 m is hidden; a narrow field is not."""
    road = np.array([shapely.LineString([(-1000, 0), (2000, 0)])])
    hidden = hidden_part(shapely.box(0, 0, 1000, 1000), road, 300.0)
    assert hidden is not None
    assert hidden.area == pytest.approx(700_000)
    assert hidden_part(shapely.box(0, 0, 1000, 200), road, 300.0) is None


def test_walks_lead_from_the_nearest_road_until_the_part_is_in_sight(grid: RoadNetwork) -> None:
    """A hectare or two 500 m north of the last street: one walk, short of its middle."""
    index = RoadIndex(grid)
    top = float(index.node_xy[:, 1].max())
    field = shapely.box(0, top + 500, 150, top + 600)
    (leg,) = walking_legs(index, field, 300.0)
    assert leg.shows_ha == pytest.approx(1.5, abs=0.01)
    assert 250 < leg.walk_m < 550
    assert leg.road_lat == pytest.approx(43.0036, abs=1e-5)
    assert leg.minutes(3.0) == pytest.approx(2 * leg.walk_m / 50)


def test_wide_parts_take_several_walks_and_slivers_none(grid: RoadNetwork) -> None:
    """Two kilometres of hidden fields are shown bit by bit; a strip of 50 m² is let be."""
    index = RoadIndex(grid)
    top = float(index.node_xy[:, 1].max())
    legs = walking_legs(index, shapely.box(-1000, top + 310, 1000, top + 700), 300.0)
    assert 3 <= len(legs) <= 6
    assert walking_legs(index, shapely.box(0, top + 500, 10, top + 505), 300.0) == ()


def test_tasks_tell_what_no_road_shows(grid: RoadNetwork) -> None:
    """An area reaching a kilometre beyond the roads: the hidden part in degrees, and its walks."""
    area = shapely.box(125.0, 43.0, 125.005, 43.014)
    split, (task,) = inspection_tasks(grid, [Site("z", area, "see")], InspectionSettings())
    metric = metric_of(split)
    whole = metric.flat(area)
    assert task.hidden is not None
    assert task.hidden.bounds[1] > 43.0036 + 0.0025
    share = metric.flat(task.hidden).area / whole.area
    assert task.seen_share == pytest.approx(1 - share, abs=0.03)
    assert all(isinstance(leg, WalkingLeg) for leg in task.walks)
    assert sum(leg.shows_ha for leg in task.walks) <= metric.flat(task.hidden).area / 10_000 + 0.1


def test_checkpoints_are_passed(grid: RoadNetwork) -> None:
    """A drive passes both marked places, though one place alone would show the whole field."""
    marks = ((125.0006, 43.0), (125.0044, 43.0036))
    area = shapely.box(125.0024, 43.0017, 125.0026, 43.0019)
    site = Site("z", area, "see", checkpoints=marks)
    split, (task,) = inspection_tasks(grid, [site], InspectionSettings())
    for mode in task.modes:
        passed = split.node_lonlat[split.edge_to[list(mode.edges)]]
        for mark in marks:
            assert np.abs(passed - mark).max(axis=1).min() < 2e-5


def test_checkpoints_turn_a_stop_into_a_drive_and_bend_a_line(grid: RoadNetwork) -> None:
    """A village with two checkpoints is driven by them; a road side takes the detour to one."""
    marks = ((125.0006, 43.0), (125.0044, 43.0036))
    village = Site("v", shapely.box(125.0, 43.0, 125.005, 43.0036), "stop", checkpoints=marks)
    line = shapely.LineString([(125.0, 43.0009), (125.005, 43.0009)])
    road = Site("r", line, "drive", checkpoints=((125.0025, 43.0022),))
    split, (seen, driven) = inspection_tasks(grid, [village, road], InspectionSettings())
    for task in (seen, driven):
        for mode in task.modes:
            passed = split.node_lonlat[split.edge_to[list(mode.edges)]]
            for mark in task.site.checkpoints:
                assert np.abs(passed - mark).max(axis=1).min() < 2e-5
