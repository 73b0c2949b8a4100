"""Patrol zones of a township, with levels as article 7 gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from examples.landscape import township_areas
from examples.roads import Road, Roads
from examples.settlements import Settlements
from examples.terrain import Floats, Terrain
from scheduling.county.model import ZoneKind

#: Level and article 7's own words for each kind.
LEVELS: Final[dict[ZoneKind, tuple[int, str]]] = {
    ZoneKind.TOWN: (1, "乡镇所在地"),
    ZoneKind.VILLAGE: (1, "村庄周围"),
    ZoneKind.FARMLAND: (1, "基本农田保护区"),
    ZoneKind.NO_MINING: (1, "矿产资源规划禁采区"),
    ZoneKind.DEVELOPMENT: (1, "各类开发区（园区）"),
    ZoneKind.PLANNING_AREA: (1, "城乡建设规划区"),
    ZoneKind.HERITAGE: (1, "景观、遗迹保护"),
    ZoneKind.HOT_SPOT: (1, "违法行为易发区"),
    ZoneKind.MINE: (2, "一般矿区"),
    ZoneKind.OTHER: (3, "未划入一、二级巡查区的区域"),
}
_MAIN_ROAD: Final = (1, "主要公路两侧")
_COUNTY_ROAD: Final = (2, "县乡道路两侧")

#: Minutes of a stop where less than the usual twenty will do.
STOP_MINUTES: Final[dict[ZoneKind, float]] = {
    ZoneKind.HOT_SPOT: 10.0,
    ZoneKind.OTHER: 10.0,
}
_MAIN: Final = frozenset({"trunk", "primary"})
_LONGEST_ROAD_KM: Final = 5.0


@dataclass(frozen=True)
class DraftZone:
    """A zone in kilometres, before it has an id, a unit and people."""

    name: str
    level: int
    kind: ZoneKind
    shape: BaseGeometry
    reason: str
    township: int


@dataclass(frozen=True)
class ZoneMix:
    """How many zones of each sort a township has."""

    villages: int
    main_roads: int = 0
    county_roads: int = 0
    farmland: int = 0
    mines: int = 0
    special: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All zones, the seat's included."""
        parts = (self.villages, self.main_roads, self.county_roads, self.farmland)
        return 1 + sum(parts) + self.mines + self.special + self.other


def zone_mix(count: int) -> ZoneMix:
    """Share ``count`` zones out: the seat, then mostly villages, then roads, fields and mines."""
    rest = count - 1
    shares = {
        "main_roads": 0.07,
        "county_roads": 0.09,
        "farmland": 0.08,
        "mines": 0.07,
        "special": 0.09,
        "other": 0.10,
    }
    parts = {name: int(share * rest + 0.5) for name, share in shares.items()}
    return ZoneMix(villages=rest - sum(parts.values()), **parts)


def draft_zones(
    terrain: Terrain,
    settlements: Settlements,
    roads: Roads,
    mixes: tuple[ZoneMix, ...],
    rng: np.random.Generator,
) -> tuple[DraftZone, ...]:
    """Draw every township's zones; a road zone no road allows becomes a level-3 one."""
    areas = township_areas(terrain, settlements)
    pieces = [shapely.LineString(piece.points) for piece in roads.pieces]
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    drafts: list[DraftZone] = []
    for township, mix in enumerate(mixes):
        own = np.flatnonzero(shapely.contains(areas[township], middles)).tolist()
        lines = _RoadChoice(
            [(roads.roads[roads.pieces[index].road], pieces[index]) for index in own]
        )
        found = [
            *_settled(terrain, settlements, township, rng),
            *_road_zones(settlements, lines, mix, township),
            *_farmland(settlements, lines, mix.farmland, township, rng),
            *_mines(terrain, settlements, roads, township, rng),
            *_special(terrain, settlements, lines, mix.special, township, rng),
        ]
        missing = mix.total - len(found)
        found += _others(settlements, lines, missing, township, rng)
        drafts += found
    return tuple(drafts)


class _RoadChoice:
    """The roads of one township to choose from, given as (road, line of one piece)."""

    def __init__(self, pieces: list[tuple[Road, BaseGeometry]]) -> None:
        by_name: dict[tuple[str, str], list[BaseGeometry]] = {}
        for road, line in pieces:
            by_name.setdefault((road.road_class, road.name), []).append(line)
        self._longest: dict[tuple[str, str], BaseGeometry] = {}
        for key, lines in sorted(by_name.items()):
            merged = shapely.line_merge(shapely.union_all(lines))
            self._longest[key] = max(shapely.get_parts(merged), key=lambda part: part.length)
        self._main_lines = [
            line
            for (road_class, _), lines in by_name.items()
            if road_class in _MAIN
            for line in lines
        ]
        self.all_lines = [line for lines in by_name.values() for line in lines]

    def main_road_point(self, centre: Floats, away_km: float) -> Floats:
        """Return the point of the main roads whose distance from ``centre`` is nearest to that."""
        spots = np.concatenate([shapely.get_coordinates(line) for line in self._main_lines])
        miss = np.abs(np.hypot(*(spots - centre).T) - away_km)
        spot: Floats = spots[int(np.argmin(miss))]
        return spot

    def lines(
        self, classes: frozenset[str] | set[str], at_least_km: float
    ) -> list[tuple[str, BaseGeometry]]:
        """Return (name, line) of the named roads of these classes, longest first."""
        rows = [
            (name, line)
            for (road_class, name), line in self._longest.items()
            if road_class in classes and name and line.length >= at_least_km
        ]
        return sorted(rows, key=lambda row: -row[1].length)


def _settled(
    terrain: Terrain, settlements: Settlements, township: int, rng: np.random.Generator
) -> list[DraftZone]:
    seat = settlements.seats[township]
    rows = [(seat.name + "镇区", ZoneKind.TOWN, seat.node, 0.55)]
    rows += [
        (place.name, ZoneKind.VILLAGE, place.node, 0.3)
        for place in settlements.villages_of(township)
    ]
    return [
        _draft(name, kind, _blob(terrain.position[node], radius, rng), township)
        for name, kind, node, radius in rows
    ]


def _draft(name: str, kind: ZoneKind, shape: BaseGeometry, township: int) -> DraftZone:
    level, reason = LEVELS[kind]
    return DraftZone(name, level, kind, shape, reason, township)


def _blob(centre: Floats, radius: float, rng: np.random.Generator) -> BaseGeometry:
    """Return a rounded irregular area about a point."""
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    reach = radius * rng.uniform(0.8, 1.2, len(angle))
    ring = centre + np.stack([np.cos(angle) * reach, np.sin(angle) * reach], axis=1)
    return shapely.Polygon(ring)


def _road_zones(
    settlements: Settlements, lines: _RoadChoice, mix: ZoneMix, township: int
) -> list[DraftZone]:
    """Take stretches of the township's main roads, then of its county and township roads."""
    seat = settlements.seats[township].name[:-1]
    drafts = []
    for classes, count, (level, reason) in (
        (_MAIN, mix.main_roads, _MAIN_ROAD),
        (frozenset({"secondary", "tertiary"}), mix.county_roads, _COUNTY_ROAD),
    ):
        for name, line in lines.lines(classes, 1.0)[:count]:
            start = max(0.0, (line.length - _LONGEST_ROAD_KM) / 2)
            stretch = substring(line, start, start + _LONGEST_ROAD_KM)
            drafts.append(
                DraftZone(f"{name}{seat}段两侧", level, ZoneKind.ROAD, stretch, reason, township)
            )
    return drafts


def _farmland(
    settlements: Settlements,
    lines: _RoadChoice,
    count: int,
    township: int,
    rng: np.random.Generator,
) -> list[DraftZone]:
    """Lay fields along roads, narrow enough to be seen from them."""
    rows = lines.lines({"tertiary", "unclassified", "secondary", "primary"}, 0.8)
    picked = [rows[int(index)] for index in rng.permutation(len(rows))[:count]]
    seat = settlements.seats[township].name[:-1]
    drafts = []
    for name, line in picked:
        stretch = substring(line, 0.0, min(2.2, line.length))
        field = shapely.buffer(stretch, 0.26, cap_style="flat").simplify(0.03)
        largest = max(shapely.get_parts(field), key=lambda part: part.area)
        shape = shapely.Polygon(largest.exterior)
        drafts.append(_draft(f"{seat}{name}沿线基本农田", ZoneKind.FARMLAND, shape, township))
    return drafts


def _mines(
    terrain: Terrain,
    settlements: Settlements,
    roads: Roads,
    township: int,
    rng: np.random.Generator,
) -> list[DraftZone]:
    sorts = ("采石场", "采砂场", "黏土矿", "石灰石矿")
    seat = settlements.seats[township].name[:-1]
    drafts = []
    for number, node in enumerate(roads.mine_nodes[township], start=1):
        name = f"{seat}{number}号{sorts[int(rng.integers(len(sorts)))]}"
        shape = _blob(terrain.position[node], 0.18, rng)
        drafts.append(_draft(name, ZoneKind.MINE, shape, township))
    return drafts


def _special(
    terrain: Terrain,
    settlements: Settlements,
    lines: _RoadChoice,
    count: int,
    township: int,
    rng: np.random.Generator,
) -> list[DraftZone]:
    """Add what only some townships have; the county town's has a plan and a development zone."""
    seat = settlements.seats[township]
    centre = terrain.position[seat.node]
    name = seat.name[:-1]
    if township == 0:
        drafts = [
            _draft(
                f"{settlements.county[:-1]}经济开发区",
                ZoneKind.DEVELOPMENT,
                _blob(lines.main_road_point(centre, 1.8), 0.5, rng),
                township,
            ),
            _draft("县城规划区", ZoneKind.PLANNING_AREA, _blob(centre, 0.9, rng), township),
        ]
        return drafts[:count]
    sorts = (
        (ZoneKind.HOT_SPOT, "违建易发点"),
        (ZoneKind.HERITAGE, "古城遗址"),
        (ZoneKind.NO_MINING, "水源地禁采区"),
        (ZoneKind.HOT_SPOT, "取土易发点"),
    )
    drafts = []
    for number in range(count):
        kind, title = sorts[(township + number) % len(sorts)]
        spot = _beside_a_road(lines, rng)
        shape = shapely.Point(spot) if kind is ZoneKind.HOT_SPOT else _blob(spot, 0.25, rng)
        drafts.append(_draft(name + title, kind, shape, township))
    return drafts


def _others(
    settlements: Settlements,
    lines: _RoadChoice,
    count: int,
    township: int,
    rng: np.random.Generator,
) -> list[DraftZone]:
    sorts = ("林缘", "荒沟", "河滩", "苗圃")
    seat = settlements.seats[township].name[:-1]
    drafts = []
    for number in range(count):
        name = f"{seat}{sorts[number % len(sorts)]}{number // len(sorts) + 1}号地块"
        spot = shapely.Point(_beside_a_road(lines, rng))
        drafts.append(_draft(name, ZoneKind.OTHER, spot, township))
    return drafts


def _beside_a_road(lines: _RoadChoice, rng: np.random.Generator) -> Floats:
    """Return a point some 60 m off a road of the township."""
    line = lines.all_lines[int(rng.integers(len(lines.all_lines)))]
    spot = shapely.get_coordinates(line.interpolate(rng.uniform(0.2, 0.8), normalized=True))[0]
    angle = rng.uniform(0, 2 * np.pi)
    beside: Floats = spot + 0.06 * np.array([np.cos(angle), np.sin(angle)])
    return beside
