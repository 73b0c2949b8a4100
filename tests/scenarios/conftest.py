"""A county of two stations and a squad, under the norm, without roads: enough to override."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from scheduling.calendar.workdays import build_calendar
from scheduling.county.model import County, Inspector, Leave, Unit, Vehicle, Zone, ZoneKind
from scheduling.county.settings import CountySettings
from scheduling.inputs import PlanInputs
from scheduling.regulation import load_preset


def _zone(number: int, station: str, person: str) -> Zone:
    return Zone(
        f"Z{number}",
        f"村{number}",
        number,
        ZoneKind.VILLAGE,
        shapely.Point(126 + number / 10, 43),
        {"township": station, "county": "C1"},
        {"township": (person,), "county": ("C1-1",)},
    )


@pytest.fixture
def inputs(tmp_path: Path) -> PlanInputs:
    settings = CountySettings(name="小县", osm_file="data/roads.osm.pbf")
    county = County(
        settings=settings,
        zones=(_zone(1, "T1", "T1-1"), _zone(2, "T1", "T1-2"), _zone(3, "T2", "T2-1")),
        units=(
            Unit("C1", "一中队", "county", 126, 43),
            Unit("T1", "东所", "township", 126, 43, "王", "东镇"),
            Unit("T2", "西所", "township", 126.2, 43, "李", "西镇"),
        ),
        inspectors=tuple(
            Inspector(f"{unit}-{n}", f"人{n}", (unit,), f"JL{unit}{n}")
            for unit in ("C1", "T1", "T2")
            for n in (1, 2)
        ),
        vehicles=(
            Vehicle("C1-V", "吉A1", ("C1",)),
            Vehicle("T-V", "吉A2", ("T1", "T2")),
        ),
        leave=(
            Leave("T1-1", date(2026, 3, 2), date(2026, 3, 6)),
            Leave("T-V", date(2026, 5, 1), date(2026, 5, 9)),
        ),
    )
    norm = load_preset("jilin")
    calendar = build_calendar([2026], settings.calendar, tmp_path)
    return PlanInputs(
        *(county, norm, norm, calendar, tmp_path / "data" / "roads.osm.pbf"),
        *(date(2026, 4, 1), date(2026, 6, 30), ("C1", "T1", "T2")),
    )
