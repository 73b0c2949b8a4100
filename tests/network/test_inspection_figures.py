"""Reports say what a task's modes, hidden part and walks come to."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from network import (
    InspectionSettings,
    RoadNetwork,
    Site,
    SpeedTable,
    edge_seconds,
    inspection_tasks,
    mode_length_m,
)
from network.inspection_figures import inspection_report


def test_the_quickest_mode_and_what_is_hidden_are_told(
    grid: RoadNetwork, speeds: SpeedTable
) -> None:
    """Kilometres and minutes are of the quickest mode; hectares and walks of what no road shows."""
    area = shapely.box(125.0, 42.999, 125.005, 43.02)
    split, (task,) = inspection_tasks(grid, [Site("z", area, "see")], InspectionSettings())
    seconds = edge_seconds(split, speeds)
    report = inspection_report(split, task, seconds, 18.0, 3.0)
    assert report.length_km == pytest.approx(
        min(mode_length_m(split, mode) for mode in task.modes) / 1000
    )
    assert report.minutes == pytest.approx(report.length_km / 18 * 60, abs=0.02)
    assert report.hidden_ha > 30
    assert report.walk_minutes == tuple(walk.minutes(3.0) for walk in task.walks)
    said = report.sentence()
    assert "公顷从任何道路都看不到" in said.zh
    assert "in sight of no road" in said.en


def test_closed_roads_leave_the_minutes_open(grid: RoadNetwork) -> None:
    """Where every mode is closed there are no minutes; what is all seen has nothing hidden."""
    road = shapely.LineString([(125.0, 43.0), (125.005, 43.0)])
    split, (task,) = inspection_tasks(grid, [Site("r", road, "drive")], InspectionSettings())
    report = inspection_report(split, task, np.full(split.edge_count, np.inf), 18.0, 3.0)
    assert report.minutes is None
    assert (report.hidden_ha, report.walk_minutes) == (0.0, ())
    assert "hidden" not in report.sentence().en
    assert "– 分钟" in report.sentence().zh
