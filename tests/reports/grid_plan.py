"""A realistic, hand-made plan on a grid of roads: no planner needed, nasty texts included."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Point

from network.problems import Text
from scheduling.calendar.windows import Window, WindowKind
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import Authority, County, Inspector, Unit, Vehicle, Zone, ZoneKind
from scheduling.county.settings import CountySettings, OfficeSettings
from scheduling.plan.model import (
    CrewMember,
    Leg,
    Patrol,
    PatrolKind,
    Plan,
    PlanStatus,
    SettingUsed,
    UnitOutcome,
    Visit,
    WindowNeed,
)
from scheduling.requirements import Requirement
from tests.reports.norm_cut import regulation

GRID = 0.012  # degrees between grid roads
ORIGIN = (126.2, 43.7)
NASTY_NAMES = (
    "<script>alert(1)</script>村",
    "=1+1",
    "#set page(width: 1pt)",
    "]]></w:t>镕堃屯",
    "\"引号'</script>",
    "$x$ *粗* _斜_ `码` @ref \\ 反斜杠",
)
KINDS = (
    ZoneKind.VILLAGE,
    ZoneKind.MINE,
    ZoneKind.VILLAGE,
    ZoneKind.ROAD,
    ZoneKind.FARMLAND,
    ZoneKind.TOWN,
    ZoneKind.DEVELOPMENT,
)
TOWNSHIPS = (
    *("双河", "榆林", "靠山", "石桥", "柳树", "兴隆"),
    *("太平", "永安", "红旗", "向阳", "东岗", "西甸"),
)
PEOPLE = ("张镕", "李堃", "王建国", "赵敏", "孙立军", "周涛", "吴迪", "郑爽", "钱伟", "冯远")
SETTINGS = (
    SettingUsed(
        "shift.max_work_minutes",
        "360",
        "default",
        "",
        Text("每班外业上限（分钟）", "most minutes out of the station"),
    ),
    SettingUsed(
        "visit.stop_minutes", "20", "default", "", Text("单点停留（分钟）", "minutes a stop")
    ),
    SettingUsed(
        "=cmd|' /C calc'!A0", "@SUM(1)", "user", "", Text("<b>用户设置</b>", "<b>user's own</b>")
    ),
)


def node(column: int, row: int) -> tuple[float, float]:
    """Grid crossing to lon/lat, gently bent so that the map looks like land."""
    lon = ORIGIN[0] + GRID * 1.35 * column + 0.003 * math.sin(row * 0.9)
    return lon, ORIGIN[1] + GRID * row + 0.003 * math.cos(column * 0.7)


def walk(start: tuple[int, int], end: tuple[int, int]) -> NDArray[np.float64]:
    """Manhattan path along the grid."""
    points = [node(*start)]
    column, row = start
    while column != end[0]:
        column += 1 if end[0] > column else -1
        points.append(node(column, row))
    while row != end[1]:
        row += 1 if end[1] > row else -1
        points.append(node(column, row))
    return np.array(points if len(points) > 1 else points * 2)


def length_m(shape: NDArray[np.float64]) -> float:
    """Metres along a shape, flat-earth at this latitude."""
    steps = np.diff(shape, axis=0) * (80_400, 111_100)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def half_months(first: date, last: date) -> list[Window]:
    """Half-months wholly inside the days."""
    starts = [
        date(year, month, day)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        for day in (1, 16)
    ]
    windows = [
        Window(a, b - timedelta(days=1), WindowKind.HALF_MONTH)
        for a, b in zip(starts, [*starts[1:], date(last.year + 1, 1, 1)], strict=True)
    ]
    return [w for w in windows if w.first_day >= first and w.last_day <= last]


def calendar(first: date, last: date, provisional: tuple[int, ...]) -> WorkCalendar:
    """Weekdays but the first three days of January, May and October."""
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    off = {day for day in days if day.month in (1, 5, 10) and day.day <= 3}
    return WorkCalendar(
        workdays=tuple(day for day in days if day.weekday() < 5 and day not in off),
        holidays=tuple((day, "节假日") for day in sorted(off)),
        sources=((first.year, "chinesecalendar"),),
        provisional_years=provisional,
    )


class Builder:
    """Makes the county and its patrols; ids are sorted as in a real plan."""

    def __init__(self, first: date, last: date, townships: int, zones_each: int) -> None:
        self.first, self.last = first, last
        self.townships, self.zones_each = townships, zones_each
        self.spots: dict[str, tuple[int, int]] = {}
        self.patrols: list[Patrol] = []
        self.requirements: list[Requirement] = []
        self.met: dict[str, tuple[str, ...]] = {}

    def home(self, index: int) -> tuple[int, int]:
        """Grid crossing of a unit's home."""
        return (4 + 9 * (index % 4), 4 + 9 * (index // 4))

    def units(self) -> tuple[Unit, ...]:
        """One county squad and the township stations."""
        rows = [Unit("U00", "示例县执法大队一中队", "county", *node(*self.home(1)), head="刘局长")]
        rows += [
            Unit(
                f"U{i + 1:02}",
                f"{TOWNSHIPS[i]}镇国土资源管理所",
                "township",
                *node(*self.home(i)),
                head=f"陈{TOWNSHIPS[i]}",
                township=f"{TOWNSHIPS[i]}镇",
            )
            for i in range(self.townships)
        ]
        return tuple(rows)

    def zones(self) -> tuple[Zone, ...]:
        """Zones round each home; the first ones bear nasty names."""
        rows = []
        for unit in range(self.townships):
            column, row = self.home(unit)
            for k in range(self.zones_each):
                number = unit * self.zones_each + k
                spot = (column + (k * 5) % 9 - 4, row + (k * 3 + k // 9) % 9 - 4)
                kind = KINDS[k % len(KINDS)]
                at = Point(*node(*spot))
                if kind == ZoneKind.ROAD:
                    at = LineString([node(*spot), node(spot[0] + 1, spot[1])])
                elif kind in (ZoneKind.FARMLAND, ZoneKind.DEVELOPMENT):
                    at = at.buffer(GRID * 0.7)
                zone_id = f"Z{number:03}"
                self.spots[zone_id] = spot
                name = (
                    NASTY_NAMES[number] if number < len(NASTY_NAMES) else f"{TOWNSHIPS[unit]}{k}屯"
                )
                people = (f"P{unit + 1:02}0",)
                rows.append(
                    Zone(
                        zone_id,
                        name,
                        1 + k % 3,
                        kind,
                        at,
                        {"township": f"U{unit + 1:02}", "county": "U00"},
                        {"township": people, "county": ("P000",)},
                        reasons="村庄周围",
                    )
                )
        return tuple(rows)

    def county(self) -> County:
        """Everything but the patrols."""
        units = self.units()
        return County(
            settings=CountySettings(
                name="示例县",
                osm_file="roads.osm.pbf",
                office=OfficeSettings(
                    bureau="示例县国土资源局",
                    parent_bureau="示例市国土资源局",
                    document_prefix="示国土资",
                ),
            ),
            zones=self.zones(),
            units=units,
            inspectors=tuple(
                Inspector(
                    f"P{u:02}{k}",
                    PEOPLE[(u * 3 + k) % len(PEOPLE)],
                    (unit.id,),
                    "" if k == 3 else f"吉执{u:02}{k:03}",
                    date(2024, 1, 1),
                    date(2028, 1, 1),
                )
                for u, unit in enumerate(units)
                for k in range(4)
            ),
            vehicles=tuple(
                Vehicle(f"V{u:02}", f"吉B·{u:02}A7{u:02}", (unit.id,))
                for u, unit in enumerate(units)
            ),
        )

    def route(
        self, home: tuple[int, int], zones: Sequence[Zone], depart: int
    ) -> tuple[tuple[Visit, ...], tuple[Leg, ...], int, int]:
        """Visits and legs through ``zones`` in order; lunch is taken after 11:30."""
        at, clock, place, lunch = "", depart, home, -1
        visits, legs = [], []
        for zone in [*zones, None]:
            goal = home if zone is None else self.spots[zone.id]
            shape = walk(place, goal)
            seconds = math.ceil(length_m(shape) / 9)
            legs.append(Leg(at, zone.id if zone else "", seconds, length_m(shape), shape))
            clock += seconds
            if zone is None:
                break
            if lunch < 0 and clock > 11.5 * 3600:
                lunch, clock = clock, clock + 3600
            lon, lat = node(*goal)
            inside = np.array([node(*goal)])
            if zone.kind == ZoneKind.ROAD:
                inside = np.array([node(*goal), node(goal[0] + 1, goal[1])])
            visits.append(
                Visit(
                    "",
                    zone.id,
                    clock,
                    1200,
                    0,
                    0,
                    length_m(inside),
                    lon,
                    lat,
                    inside,
                    0.8 if zone.kind == ZoneKind.FARMLAND else 1.0,
                )
            )
            clock += 1200
            at, place = zone.id, goal
        return tuple(visits), tuple(legs), clock, lunch

    def patrol(self, unit: int, day: date, zones: Sequence[Zone], *, spot: bool = False) -> Patrol:
        """One patrol of a unit; its visits are numbered after its id."""
        home = self.home(1 if unit == 0 else unit - 1)
        visits, legs, back, lunch = self.route(home, zones, 8 * 3600 + 1800)
        patrol_id = f"{'S' if spot else 'R'}-U{unit:02}-{day:%Y%m%d}"
        crew = [0, 1 + day.day % 2]
        members = [CrewMember(f"P{unit:02}{k}", "inspector", f"吉执{unit:02}{k:03}") for k in crew]
        if day.day % 5 == 0:
            members.append(CrewMember(f"P{unit:02}3", "driver", ""))
        return Patrol(
            patrol_id,
            f"U{unit:02}",
            day,
            PatrolKind.SPOT_CHECK if spot else PatrolKind.REGULAR,
            f"V{unit:02}",
            tuple(members),
            "summer" if 4 <= day.month < 11 else "winter",
            8 * 3600 + 1800,
            back,
            lunch,
            3600 if lunch >= 0 else 0,
            tuple(replace(v, id=f"{patrol_id}-{i}") for i, v in enumerate(visits)),
            legs,
            template=f"T-U{unit:02}-{zones[0].id}",
        )

    def run(self, unit: int, window: Window, zones: Sequence[Zone], days: Sequence[date]) -> None:
        """Patrol ``zones`` in the window in bunches, and book what each visit meets."""
        bunches = [zones[i : i + 6] for i in range(0, len(zones), 6)]
        step = max(1, len(days) // max(1, len(bunches)))
        for bunch, day in zip(bunches, days[::step], strict=False):
            patrol = self.patrol(unit, day, bunch)
            self.patrols.append(patrol)
            for visit in patrol.visits:
                authority: Authority = "county" if unit == 0 else "township"
                zone = next(z for z in bunch if z.id == visit.zone)
                rule = "county-12" if unit == 0 else f"township-{'3' if zone.level == 3 else '12'}"
                req_id = f"{rule}/{visit.zone}/{window.first_day}"
                self.requirements.append(
                    Requirement(
                        req_id, authority, f"U{unit:02}", visit.zone, rule, "13", window, 1, 7, 21
                    )
                )
                self.met[req_id] = (visit.id,)

    def spot_check(self, county: County, work: WorkCalendar) -> Patrol:
        """Return the squad's one spot check, of three zones, and book what it meets."""
        spot_day = work.workdays[len(work.workdays) // 2]
        while any(p.unit == "U00" and p.day == spot_day for p in self.patrols):
            spot_day = work.workdays[work.workdays.index(spot_day) + 1]
        sealed = [z for z in county.zones if z.level == 3][:3]
        spot = self.patrol(0, spot_day, sealed, spot=True)
        quarter = Window(self.first, self.last, WindowKind.QUARTER)
        for visit in spot.visits:
            req_id = f"county-spot/{visit.zone}"
            self.requirements.append(
                Requirement(
                    req_id,
                    "county",
                    "U00",
                    visit.zone,
                    "county-spot",
                    "13",
                    quarter,
                    1,
                    0,
                    120,
                    spot_check=True,
                )
            )
            self.met[req_id] = (visit.id,)
        return spot

    def roads(self) -> tuple[tuple[str, NDArray[np.float64]], ...]:
        """Return the grid's roads, of many classes."""
        columns, rows = range(38), range(9 * max(1, math.ceil(self.townships / 4)) + 2)
        across = [
            (
                "primary" if r % 9 == 4 else "tertiary" if r % 3 == 1 else "residential",
                np.array([node(c, r) for c in columns]),
            )
            for r in rows
        ]
        along = [
            (
                "secondary" if c % 9 == 4 else "unclassified" if c % 2 else "track",
                np.array([node(c, r) for r in rows]),
            )
            for c in columns
        ]
        return (*across, *along)

    def build(self, provisional: tuple[int, ...]) -> Plan:
        """Return the plan."""
        county, work = self.county(), calendar(self.first, self.last, provisional)
        for window in half_months(self.first, self.last):
            days = [day for day in work.workdays if window.holds(day)]
            for unit in range(1, self.townships + 1):
                mine = [z for z in county.zones if z.units["township"] == f"U{unit:02}"]
                self.run(unit, window, mine, days)
            if window.first_day.day == 16:
                month = replace(
                    window, first_day=window.first_day.replace(day=1), kind=WindowKind.MONTH
                )
                days = [day for day in work.workdays if month.holds(day)]
                self.run(0, month, [z for z in county.zones if z.level < 3][:90], days)
        spot = self.spot_check(county, work)
        return Plan(
            county=county,
            regulation=regulation(),
            norm=regulation(),
            calendar=work,
            first_day=self.first,
            last_day=self.last,
            units=tuple(unit.id for unit in county.units),
            requirements=tuple(sorted(self.requirements, key=lambda r: r.id)),
            patrols=tuple(sorted([*self.patrols, spot], key=lambda p: p.id)),
            met=self.met,
            unmet=(),
            needs=tuple(
                WindowNeed(
                    unit.id,
                    self.first,
                    self.last,
                    PatrolKind.REGULAR,
                    5,
                    6,
                    12,
                    Text("5个工作日×1车×1趟=5趟，需5趟", "5 workdays x 1 vehicle = 5, needs 5"),
                )
                for unit in county.units
            ),
            outcomes=tuple(UnitOutcome(unit.id, PlanStatus.OPTIMAL) for unit in county.units),
            settings_used=SETTINGS,
            seed=7,
            versions={"xuncha": "0.1.0"},
            road_lines=self.roads(),
            secret_hash="ab" * 32,
        )


def build_plan(
    first: date = date(2026, 4, 1),
    last: date = date(2026, 6, 30),
    *,
    townships: int = 2,
    zones_each: int = 9,
    provisional: tuple[int, ...] = (),
) -> Plan:
    """Return a plan; by default a quarter of two stations and a squad."""
    return Builder(first, last, townships, zones_each).build(provisional)
