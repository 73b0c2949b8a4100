"""Checkpoints, what no road shows and the walks that would, in the documents that show zones."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from network import WalkingLeg
from reports.atlas import atlas_page
from reports.figures import Figures
from reports.route_sheets import SheetMaker
from reports.sheet_map import MapMaker
from reports.workbook import write_workbook
from scheduling.county.model import Checkpoint
from scheduling.inspections import ZoneInspection

NASTY = "=1+1</script>"


@pytest.fixture(scope="module")
def marked(figures: Figures) -> Figures:
    """Give the plan's first field a named and a nameless mark, a hidden corner and a walk."""
    county = figures.plan.county
    field = next(zone for zone in county.zones if zone.geometry.area > 0)
    x, y = field.geometry.centroid.coords[0]
    corner = shapely.box(x, y, x + 0.002, y + 0.002)
    walk = WalkingLeg(x - 0.001, y, x, y, 81.0, 3.5)
    inspections = tuple(
        ZoneInspection(zone.id, 0.62, 3.2, None, 3.6, corner, ((walk, 3.24),))
        if zone is field
        else ZoneInspection(zone.id, 1.0, 0.0, 20.0, 0.0)
        for zone in county.zones
    )
    marks = (Checkpoint(field.id, x, y, NASTY), Checkpoint(field.id, x + 0.001, y))
    plan = replace(figures.plan, county=replace(county, checkpoints=marks), inspections=inspections)
    return Figures(plan, figures.audit)


def test_the_atlas_draws_marks_hidden_parts_and_walks(marked: Figures) -> None:
    """They stand in the data of their zone, the sentence in both languages; of others nothing."""
    page = atlas_page(marked, "zh")
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    zones = json.loads(text)["zones"]
    (field,) = [zone for zone in zones if "hidden" in zone]
    assert field["id"] == marked.plan.county.checkpoints[0].zone
    assert [mark[2] for mark in field["marks"]] == [NASTY, ""]
    assert len(field["hidden"]) == len(field["walks"]) == 1
    assert "沿路可见 62%" in field["seen"][0]
    assert "1 walks of 3 minutes" in field["seen"][1]
    assert not [zone for zone in zones if zone is not field and {"seen", "marks"} & set(zone)]


def test_the_route_sheet_names_the_checkpoints(marked: Figures, figures: Figures) -> None:
    """Where the patrol passes them they are named with the manner of the stop, and drawn."""
    zone = marked.plan.county.checkpoints[0].zone
    patrol = next(p for p in marked.plan.patrols if any(v.zone == zone for v in p.visits))
    visit = next(v for v in patrol.visits if v.zone == zone)
    assert f"经检查点 {NASTY}、◆" in SheetMaker(marked, "zh").manner(visit)
    assert "past" not in SheetMaker(figures, "en").manner(visit)
    drawn, plain = (MapMaker(one).svg(patrol, 80) for one in (marked, figures))
    diamond = "l1.3 1.3l-1.3 1.3"
    assert (drawn.count(diamond), plain.count(diamond)) == (2, 0)
    assert NASTY not in drawn


def test_the_workbook_lists_every_zone(marked: Figures, tmp_path: Path) -> None:
    """A row for each zone; what is nothing stays empty, names that look like formulas are text."""
    write_workbook(marked, tmp_path, "zh", lambda *_: None)
    (path,) = tmp_path.glob("*.xlsx")
    sheet: Any = openpyxl.load_workbook(path)["巡查区检查"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [zone.id for zone in marked.plan.county.zones]
    (field,) = [row for row in rows if row[7]]
    assert field[4:10] == (62, 3.2, None, 3.6, 1, 3)
    assert field[10] == f"'{NASTY}、◆"
    assert {row[8] for row in rows} == {1, None}
