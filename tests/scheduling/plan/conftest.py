"""A small plan that has one of everything: two units, a spot check, an unmet requirement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from network import WalkingLeg
from network.problems import Text
from scheduling.calendar.windows import Window, WindowKind
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import (
    Checkpoint,
    County,
    Inspector,
    Leave,
    PastVisit,
    Unit,
    Vehicle,
    Zone,
    ZoneKind,
)
from scheduling.county.settings import CountySettings, RegulationChoice, RuleOverride
from scheduling.inspections import ZoneInspection
from scheduling.plan.model import (
    CrewMember,
    Leg,
    Patrol,
    PatrolKind,
    Plan,
    PlanStatus,
    SettingUsed,
    UnitOutcome,
    Unmet,
    Visit,
    WindowNeed,
)
from scheduling.plan.seal import hash_secret
from scheduling.regulation.model import FrequencyRule, PeakRule, Regulation, TeamRule
from scheduling.requirements import Requirement

SECRET = bytes.fromhex("5eed" * 8)
HALF = Window(date(2026, 4, 1), date(2026, 4, 15), WindowKind.HALF_MONTH)
QUARTER = Window(date(2026, 4, 1), date(2026, 6, 30), WindowKind.QUARTER)


def _shape(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def _county() -> County:
    settings = CountySettings(
        name="示例县",
        osm_file="roads.osm.pbf",
        regulation=RegulationChoice(
            overrides=(RuleOverride(rule="13-township-12", set={"count": 2}),)
        ),
    )
    area = shapely.box(126.0, 43.0, 126.1, 43.1)
    return County(
        settings=settings,
        zones=(
            Zone(
                "Z1",
                "东村=1",
                1,
                ZoneKind.VILLAGE,
                shapely.Point(126.05, 43.05),
                {"township": "S1", "county": "C1"},
                {"township": ("P1",), "county": ()},
                5,
                15.0,
            ),
            Zone("Z2", "农田", 2, ZoneKind.FARMLAND, area, {"township": "S1"}, {}, walk=True),
            Zone(
                "Z3",
                "县道",
                3,
                ZoneKind.ROAD,
                shapely.LineString([(126, 43), (126.2, 43.3)]),
                {"county": "C1"},
                {"county": ("P3", "P1")},
                reasons="县乡道路两侧；一般矿区",
            ),
        ),
        units=(
            Unit("C1", "县局一中队", "county", 126.3, 43.3, "王局"),
            Unit("S1", "东镇国土资源所", "township", 126.1, 43.1, "李所", "东镇"),
        ),
        inspectors=(
            Inspector("P1", "张镕", ("S1",), "JL001", date(2024, 1, 1), date(2027, 12, 31)),
            Inspector("P2", "=cmd|' /C calc'!A0", ("S1", "C1"), "JL002"),
            Inspector("P3", "陈堃", ("C1",), licensed=False),
        ),
        vehicles=(Vehicle("V1", "吉A12345", ("S1", "C1"), 5, None, date(2026, 12, 1)),),
        leave=(Leave("P1", date(2026, 5, 1), date(2026, 5, 3), "年假"),),
        history=(PastVisit("Z1", "township", date(2025, 12, 30)),),
        checkpoints=(Checkpoint("Z2", 126.03, 43.0471, "界桩"), Checkpoint("Z2", 126.05, 43.05)),
        input_hashes={"zones.gpkg": "ab" * 32, "county.toml": "cd" * 32},
    )


def _patrols() -> tuple[Patrol, ...]:
    crew = (CrewMember("P1", "inspector", "JL001"), CrewMember("P2", "inspector", "JL002"))
    visits = (
        Visit("T1-1", "Z1", 31000, 900, 0, 0, 0.0, 126.05, 43.05, _shape((126.05, 43.05))),
        Visit(
            "T1-2",
            "Z2",
            33000,
            1234,
            60,
            1,
            812.125,
            126.07,
            43.07,
            _shape((126.06, 43.06), (126.07, 43.07), (126.08, 43.07)),
            0.8125,
        ),
    )
    legs = (
        Leg("", "Z1", 400, 5000.5, _shape((126.1, 43.1), (126.05, 43.05))),
        Leg("Z1", "Z2", 0, 0.0, _shape((126.05, 43.05))),
        Leg("Z2", "", 333, 1 / 3, _shape()),
    )
    regular = Patrol(
        "T1",
        "S1",
        date(2026, 4, 2),
        PatrolKind.REGULAR,
        "V1",
        crew,
        "summer",
        30600,
        38000,
        41400,
        3600,
        visits,
        legs,
        "S1-a",
    )
    secret_visit = Visit(
        "X1-1", "Z3", 40000, 600, 0, 2, 100.0, 126.2, 43.2, _shape((126.1, 43.1), (126.2, 43.3))
    )
    back = _shape((126.3, 43.3), (126.1, 43.1))
    spot = Patrol(
        "X1",
        "C1",
        date(2026, 5, 7),
        PatrolKind.SPOT_CHECK,
        "",
        crew[:1],
        "summer",
        36000,
        45000,
        -1,
        0,
        (secret_visit,),
        (Leg("", "Z3", 3600, 30000.0, back), Leg("Z3", "", 3600, 30000.0, back[::-1].copy())),
        "r",
    )
    return regular, spot


def make_plan() -> Plan:
    regulation = Regulation(
        id="jilin",
        name="规范",
        valid_until=date(2030, 1, 1),
        frequency=(
            FrequencyRule(id="f", authority="township", window=WindowKind.HALF_MONTH, count=2),
        ),
        peak=(PeakRule(id="p", kind="land", first="04-01", last="10-31", levels=(1,)),),
        team=TeamRule(id="t", article="16", min_certified=2),
    )
    return Plan(
        county=_county(),
        regulation=regulation,
        norm=regulation.model_copy(update={"frequency": ()}),
        calendar=WorkCalendar(
            (date(2026, 4, 1), date(2026, 4, 2)),
            (date(2026, 4, 4),),
            ((date(2026, 4, 5), "清明节"),),
            ((2026, "chinesecalendar"),),
            (2027,),
        ),
        first_day=date(2026, 4, 1),
        last_day=date(2026, 6, 30),
        units=("C1", "S1"),
        requirements=(
            Requirement(
                "R1",
                "township",
                "S1",
                "Z1",
                "f",
                "13",
                HALF,
                2,
                7,
                21,
                "p",
                Window(date(2026, 4, 3), date(2026, 4, 15), WindowKind.HALF_MONTH),
            ),
            Requirement(
                "R2",
                "township",
                "S1",
                "Z2",
                "f",
                "13",
                HALF,
                1,
                7,
                21,
                min_gap_hours=96.5,
                workdays_only=False,
            ),
            Requirement("R3", "county", "C1", "Z3", "s", "13", QUARTER, 1, 0, 180, spot_check=True),
            Requirement("R4", "county", "C1", "Z1", "s", "13", QUARTER, 1, 0, 180, spot_check=True),
        ),
        patrols=_patrols(),
        met={"R1": ("T1-1",), "R2": ("T1-2", "X1-1"), "R3": ("X1-1",), "R4": ()},
        unmet=(
            Unmet("R1", 1, True, Text("缺1人", "one person short")),
            Unmet("R4", 1, False, Text("未找到", "not found")),
        ),
        needs=(
            WindowNeed(
                "S1",
                HALF.first_day,
                HALF.last_day,
                PatrolKind.REGULAR,
                7,
                5,
                5,
                Text("5个工作日×1车×1趟=5趟，需7趟，缺2趟", "5 x 1 x 1 = 5, 2 short"),
                1000,
            ),
        ),
        outcomes=(
            UnitOutcome("C1", PlanStatus.FEASIBLE),
            UnitOutcome("S1", PlanStatus.INFEASIBLE, (Text("甲", "a"), Text("乙", "b"))),
        ),
        settings_used=(
            SettingUsed("shift.lunch_minutes", "60", "default", "", Text("午休", "lunch")),
        ),
        seed=7,
        versions={"xuncha": "0.1.0", "ortools": "9.15"},
        inspections=(
            ZoneInspection("Z1", 1.0, 0.0, 15.0, 0.0),
            ZoneInspection(
                *("Z2", 0.8125, 7.5, None, 31.25),
                shapely.box(126.01, 43.01, 126.02, 43.02),
                (
                    (WalkingLeg(126.0, 43.0, 126.01, 43.0, 815.5, 20.5), 32.62),
                    (WalkingLeg(126.03, 43.0, 126.02, 43.01, 1.0, 1.5), 0.04),
                ),
            ),
        ),
        road_lines=(("primary", _shape((126, 43), (126.5, 43.5))),),
        secret_hash=hash_secret(SECRET),
    )


def same(left: object, right: object) -> bool:
    """Equality that looks into arrays, exactly, and into geometries."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return (
            left.shape == right.shape and left.dtype == right.dtype and bool((left == right).all())
        )
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if is_dataclass(left) and type(left) is type(right):
        return all(same(getattr(left, f.name), getattr(right, f.name)) for f in fields(left))
    return type(left) is type(right) and left == right


@pytest.fixture
def plan() -> Plan:
    return make_plan()


@pytest.fixture(scope="session")
def whole_plan() -> Plan:
    """Return the small plan for tests that draw many examples from one fixture."""
    return make_plan()


@pytest.fixture(scope="session")
def secret() -> bytes:
    return SECRET


@pytest.fixture(scope="session")
def equal() -> Callable[[object, object], bool]:
    return same


@pytest.fixture
def plan_file(tmp_path: Path, plan: Plan) -> Path:
    """Write the small plan to disk, with its sealed file beside it."""
    from scheduling.plan.store import write_plan

    path = tmp_path / "plan-2026.gpkg"
    write_plan(replace(plan), path, secret=SECRET)
    return path
