"""The tables of a plan file: one visible list of what is written and what a reader may rely on.

What is marked ``shown`` only helps people who open the file in QGIS: a plan is not read from it,
but reading refuses a file where it contradicts the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from scheduling.calendar.windows import WindowKind
from scheduling.county.model import AUTHORITIES, ZoneKind
from scheduling.plan.model import PatrolKind, PlanStatus

FORMAT: Final = "xuncha-plan"
SEALED_FORMAT: Final = "xuncha-sealed-plan"
FORMAT_VERSION: Final = "2"

ColumnKind = Literal["text", "int", "real", "day", "flag", "json"]


@dataclass(frozen=True)
class Column:
    """One column; ``choices`` limits texts, ``refers`` names the "table.column" of an id.

    A referring text may be empty where ``optional`` (a leg from home, a patrol on foot).
    """

    name: str
    kind: ColumnKind = "text"
    nullable: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""
    optional: bool = False
    shown: bool = False


@dataclass(frozen=True)
class Table:
    """One layer or attribute table; ``geometry`` is the GeoPackage type name or empty.

    ``unique`` names the columns that together occur once; every table that shows something has
    some. ``shown_geometry`` says that the geometry is only drawn for people.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    geometry: str = ""
    unique: tuple[str, ...] = ()
    shown_geometry: bool = False


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _ints(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "int") for name in names)


def _reals(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "real") for name in names)


def _days(*names: str, nullable: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, "day", nullable=nullable) for name in names)


_AUTHORITY = Column("authority", choices=AUTHORITIES)
_WINDOW_KIND = Column("window", choices=tuple(WindowKind))
_PATROL_KIND = Column("kind", choices=tuple(PatrolKind))
_PATROL = Column("patrol", refers="patrols.id")
_UNIT = Column("unit", refers="units.id")
_ZONE = Column("zone", refers="zones.id")
_REQUIREMENT = Column("requirement", refers="requirements.id")

META = Table("meta", "计划说明", _texts("key", "value"), unique=("key",))
SNAPSHOT = Table("snapshot", "依据快照", _texts("name", "document"), unique=("name",))
UNITS = Table(
    "units",
    "实施单位",
    (*_texts("id", "name"), _AUTHORITY, *_texts("head", "township")),
    "POINT",
    ("id",),
)
ZONES = Table(
    "zones",
    "巡查区",
    (
        *_texts("id", "name"),
        Column("level", "int"),
        Column("kind", choices=tuple(ZoneKind)),
        Column("priority", "int"),
        *(Column(f"unit_{a}", nullable=True, refers="units.id") for a in AUTHORITIES),
        *(Column(f"responsible_{a}", "json", nullable=True) for a in AUTHORITIES),
        Column("stop_minutes", "real", nullable=True),
        Column("walk", "flag"),
        Column("reasons"),
    ),
    "GEOMETRY",
    ("id",),
)
INSPECTORS = Table(
    "inspectors",
    "巡查人员",
    (
        *_texts("id", "name"),
        Column("units", "json"),
        Column("certificate_number"),
        *_days("certificate_from", "certificate_until", nullable=True),
        Column("licensed", "flag"),
    ),
    unique=("id",),
)
VEHICLES = Table(
    "vehicles",
    "车辆",
    (
        *_texts("id", "plate"),
        Column("units", "json"),
        Column("seats", "int"),
        *_days("available_from", "available_until", nullable=True),
    ),
    unique=("id",),
)
LEAVE = Table(
    "leave", "请假与停用", (Column("who"), *_days("first_day", "last_day"), Column("reason"))
)
HISTORY = Table("history", "上次巡查", (_ZONE, _AUTHORITY, Column("day", "day")))
CHECKPOINTS = Table("checkpoints", "检查点", (_ZONE, Column("name")), "POINT")
PATROLS = Table(
    "patrols",
    "巡查",
    (
        Column("id"),
        _UNIT,
        Column("unit_name", shown=True),
        Column("day", "day"),
        _PATROL_KIND,
        Column("vehicle", refers="vehicles.id", optional=True),
        Column("crew_names", shown=True),
        Column("day_class"),
        *_ints("depart_seconds", "return_seconds", "lunch_at_seconds", "lunch_seconds"),
        Column("template"),
        Column("sealed", "flag"),
    ),
    "MULTILINESTRING",
    ("id",),
    shown_geometry=True,
)
CREWS = Table(
    "crews",
    "巡查组",
    (
        _PATROL,
        Column("position", "int"),
        Column("inspector", refers="inspectors.id"),
        *_texts("role", "certificate_number"),
    ),
    unique=("patrol", "position"),
)
VISITS = Table(
    "visits",
    "到访",
    (
        Column("id"),
        _PATROL,
        Column("position", "int"),
        _ZONE,
        Column("zone_name", shown=True),
        *_ints("arrive_seconds", "inspect_seconds", "walk_seconds", "mode"),
        *_reals("inside_length_m", "seen_share"),
    ),
    "POINT",
    ("id",),
)
INSIDES = Table(
    "insides",
    "区内行驶",
    (Column("visit", refers="visits.id"), Column("shape_points", "int")),
    "LINESTRING",
    ("visit",),
)
LEGS = Table(
    "legs",
    "路段",
    (
        _PATROL,
        Column("position", "int"),
        Column("from_zone", refers="zones.id", optional=True),
        Column("to_zone", refers="zones.id", optional=True),
        Column("drive_seconds", "int"),
        Column("length_m", "real"),
        Column("shape_points", "int"),
    ),
    "LINESTRING",
    ("patrol", "position"),
)
REQUIREMENTS = Table(
    "requirements",
    "巡查任务",
    (
        Column("id"),
        _AUTHORITY,
        _UNIT,
        _ZONE,
        *_texts("rule", "article"),
        *_days("first_day", "last_day"),
        _WINDOW_KIND,
        *_ints("count", "min_gap_days", "max_gap_days"),
        Column("peak"),
        *_days("peak_first_day", "peak_last_day", nullable=True),
        Column("peak_window", nullable=True, choices=tuple(WindowKind)),
        Column("spot_check", "flag"),
        Column("workdays_only", "flag"),
        *_reals("min_gap_hours", "min_minutes", "min_length_km"),
    ),
    unique=("id",),
)
REQUIREMENT_VISITS = Table(
    "requirement_visits",
    "任务由哪些到访完成",
    # A row without a visit says that the plan lists the requirement as met by nothing.
    (_REQUIREMENT, Column("visit", refers="visits.id", optional=True)),
    unique=("requirement", "visit"),
)
UNMET = Table(
    "unmet",
    "未完成任务",
    (
        _REQUIREMENT,
        Column("missing", "int"),
        Column("proven", "flag"),
        *_texts("reason_zh", "reason_en"),
    ),
)
NEEDS = Table(
    "needs",
    "巡查次数需求",
    (
        _UNIT,
        *_days("first_day", "last_day"),
        _PATROL_KIND,
        *_ints("needed_lower_bound", "planned", "possible"),
        *_texts("arithmetic_zh", "arithmetic_en"),
        Column("drive_seconds", "int"),
    ),
)
OUTCOMES = Table(
    "outcomes",
    "各单位结果",
    (_UNIT, Column("status", choices=tuple(PlanStatus)), Column("explanation", "json")),
    unique=("unit",),
)
SETTINGS = Table(
    "settings",
    "所依据的设置",
    _texts("key", "value", "basis", "article", "label_zh", "label_en"),
)
INSPECTIONS = Table(
    "inspections",
    "各区检查情况",
    (
        _ZONE,
        *_reals("seen_share", "length_km"),
        Column("minutes", "real", nullable=True),
        Column("hidden_ha", "real"),
    ),
    unique=("zone",),
)
HIDDEN = Table("hidden", "沿路看不到的部分", (_ZONE,), "GEOMETRY", ("zone",))
WALKS = Table(
    "walks",
    "可另步行",
    (_ZONE, *_reals("walk_m", "shows_ha", "minutes")),
    "LINESTRING",
)
ROAD_LINES = Table(
    "road_lines", "道路", (Column("class"), Column("shape_points", "int")), "LINESTRING"
)

#: In the order in which QGIS should list and a reader can check them: what is referred to first.
PLAN_TABLES: Final = (
    META,
    SNAPSHOT,
    UNITS,
    ZONES,
    INSPECTORS,
    VEHICLES,
    LEAVE,
    HISTORY,
    CHECKPOINTS,
    PATROLS,
    CREWS,
    VISITS,
    INSIDES,
    LEGS,
    REQUIREMENTS,
    REQUIREMENT_VISITS,
    UNMET,
    NEEDS,
    OUTCOMES,
    SETTINGS,
    INSPECTIONS,
    HIDDEN,
    WALKS,
    ROAD_LINES,
)
#: What the sealed file holds: the spot checks' patrols whole, and what they meet.
SEALED_TABLES: Final = (
    META,
    PATROLS,
    CREWS,
    VISITS,
    INSIDES,
    LEGS,
    REQUIREMENTS,
    REQUIREMENT_VISITS,
    UNMET,
)
