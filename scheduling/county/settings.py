"""Settings of a county (``county.toml``), every default of which the law does not fix marked [D].

Precedence, in this one place: command line > scenario > county file > regulation > default.
"""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Datum = Literal["wgs84", "cgcs2000", "gcj02"]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShiftSettings(_Settings):
    """A patrol's day [D]: minutes out of the station are capped, lunch is on the clock only."""

    earliest_departure: time = time(8, 30)
    latest_return: time = time(16, 30)
    max_work_minutes: int = Field(default=360, gt=0, le=1440)
    lunch_minutes: int = Field(default=60, ge=0, le=240)
    lunch_from: time = time(11, 30)


class VisitSettings(_Settings):
    """How zones are visited [D]."""

    stop_minutes: float = Field(default=20, gt=0, le=480)
    stop_minutes_by_kind: dict[str, float] = {}
    roadside_kmh: float = Field(default=20, gt=0)
    walk_kmh: float = Field(default=3, gt=0)
    max_walk_km: float = Field(default=2, gt=0)
    seen_share: float = Field(default=0.8, gt=0, le=1)
    sight_m: float = Field(default=300, gt=0)


class CapSettings(_Settings):
    """Most patrol days of one person [D], hard."""

    patrol_days_per_week: int = Field(default=4, ge=1, le=7)
    patrol_days_per_28_days: int = Field(default=14, ge=1, le=28)


class GapSettings(_Settings):
    """Soft gaps between visits of one zone by one authority [D], for a half-month; scaled."""

    half_month_min_days: int = Field(default=7, ge=0)
    half_month_max_days: int = Field(default=21, ge=1)


class ReserveSettings(_Settings):
    """Team days kept free in each month, as a share of those possible [D]; soft."""

    bad_weather_share: float = Field(default=0.1, ge=0, lt=1)


class DayClass(_Settings):
    """A season of roads and daylight [D]; ``first`` and ``last`` are "MM-DD", may wrap a year."""

    name: str
    first: str = Field(pattern=r"^\d\d-\d\d$")
    last: str = Field(pattern=r"^\d\d-\d\d$")
    speed_factor: float = Field(default=1.0, gt=0, le=2)
    latest_return: time | None = None
    closed_road_classes: tuple[str, ...] = ()
    road_class_factors: dict[str, float] = {}


class SpeedSettings(_Settings):
    """Planning speeds, km/h by road class [D] (DOMAIN, season and travel)."""

    motorway: float = Field(default=80, gt=0)
    trunk: float = Field(default=55, gt=0)
    primary: float = Field(default=55, gt=0)
    secondary: float = Field(default=45, gt=0)
    tertiary: float = Field(default=35, gt=0)
    unclassified: float = Field(default=25, gt=0)
    residential: float = Field(default=25, gt=0)
    living_street: float = Field(default=15, gt=0)
    service: float = Field(default=15, gt=0)
    track: float = Field(default=12, gt=0)


class RoadClosureSettings(_Settings):
    """Roads closed every year from ``first`` to ``last`` ("MM-DD"): OSM ways, names, all fords."""

    first: str = Field(default="01-01", pattern=r"^\d\d-\d\d$")
    last: str = Field(default="12-31", pattern=r"^\d\d-\d\d$")
    ways: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    fords: bool = False


class RoadSettings(_Settings):
    """Which roads the bureau may drive, and its own road layer [D] (``network.road_layer``)."""

    closed_access: tuple[str, ...] = ("no", "private", "military")
    turn_restrictions: bool = True
    left_turn_seconds: float = Field(default=0, ge=0, le=300)
    turn_back_seconds: float = Field(default=0, ge=0, le=300)
    ferries: bool = False
    ferry_kmh: float = Field(default=8, gt=0)
    winter_roads_from: str = Field(default="12-15", pattern=r"^\d\d-\d\d$")
    winter_roads_until: str = Field(default="03-10", pattern=r"^\d\d-\d\d$")
    closed_share: float = Field(default=0.5, ge=0, le=1)
    layer: str = ""
    class_column: str = "highway"
    classes: dict[str, str] = {}
    other_class: str = ""
    name_column: str = ""
    oneway_column: str = ""
    maxspeed_column: str = ""
    level_column: str = ""
    gap_tolerance_m: float = Field(default=5, ge=0, le=100)
    merge_distance_m: float = Field(default=20, gt=0, le=200)
    cache: bool = True
    closures: tuple[RoadClosureSettings, ...] = ()


class OfficeSettings(_Settings):
    """What the bureau calls itself (国土资源局/所, since 2018 自然资源局/所)."""

    bureau: str = ""
    parent_bureau: str = ""
    document_prefix: str = ""  # 发文字号, e.g. "示自然资"


class PeakSettings(_Settings):
    """A peak of the county's own (art. 13), or a campaign 专项行动; dates "MM-DD" or ISO.

    ``extra`` more visits in each window that holds at least ``min_workdays`` of its workdays.
    Without ``levels``, ``zone_kinds``, ``zones`` or ``authorities`` it is for all of them.
    """

    id: str
    kind: Literal["land", "mining", "campaign"]
    first: str
    last: str
    levels: tuple[int, ...] = ()
    zone_kinds: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    authorities: tuple[Literal["township", "county", "city"], ...] = ()
    extra: int = Field(default=1, ge=1, le=31)
    min_workdays: int = Field(default=5, ge=1)


class RuleOverride(_Settings):
    """Changes single fields of one rule of the regulation preset, by the rule's id."""

    rule: str
    set: dict[str, object]


class RegulationChoice(_Settings):
    """Which regulation applies: a preset's name or a TOML file, and the county's overrides."""

    preset: str = "jilin"
    file: str = ""
    overrides: tuple[RuleOverride, ...] = ()
    peaks: tuple[PeakSettings, ...] = ()


class CalendarSettings(_Settings):
    """Patrol days. ``files`` are user's calendars per year (``day,kind`` CSV)."""

    files: tuple[str, ...] = ()
    duty_patrols: bool = False  # 值班巡查 on weekends and holidays


DEFAULT_DAY_CLASSES: tuple[DayClass, ...] = (
    DayClass(name="summer", first="04-01", last="11-14"),
    DayClass(
        name="winter", first="11-15", last="03-31", speed_factor=0.75, latest_return=time(15, 30)
    ),
)


class CountySettings(_Settings):
    """The whole of ``county.toml``."""

    name: str = Field(min_length=1)
    osm_file: str = Field(min_length=1)
    crs: str = "EPSG:4326"  # assumed where a layer names none
    datum: Datum = "wgs84"
    layer_datum: dict[Literal["zones", "stations", "roads", "layers"], Datum] = {}
    unpredictability: float = Field(default=0, ge=0, le=1)  # share of patrols on drawn days [D]
    office: OfficeSettings = OfficeSettings()
    regulation: RegulationChoice = RegulationChoice()
    calendar: CalendarSettings = CalendarSettings()
    shift: ShiftSettings = ShiftSettings()
    visit: VisitSettings = VisitSettings()
    caps: CapSettings = CapSettings()
    gaps: GapSettings = GapSettings()
    reserve: ReserveSettings = ReserveSettings()
    speeds: SpeedSettings = SpeedSettings()
    roads: RoadSettings = RoadSettings()
    day_classes: tuple[DayClass, ...] = DEFAULT_DAY_CLASSES
