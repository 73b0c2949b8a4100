"""Settlements, mines, development zones, heritage, farmland and the rest, as pieces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from network.features import OsmFeature, OsmPlace
from scheduling.county.model import ZoneKind
from scheduling.zones.pieces import VILLAGE_M, Land, Piece, clusters, polygons_of
from scheduling.zones.townships import Township

#: Most settlements, and most areas of one kind, of a township that get a zone of their own.
MOST_SETTLEMENTS: Final = 20
MOST_AREAS: Final = 3
_SAME_PLACE_M = 500.0
_PLACE_ORDER = ("city", "town", "suburb", "village", "hamlet")
_PLACES: Final = {
    "city": (ZoneKind.TOWN, "乡镇所在地"),
    "town": (ZoneKind.TOWN, "乡镇所在地"),
    "suburb": (ZoneKind.TOWN, "城乡结合部"),
    "village": (ZoneKind.VILLAGE, "村庄周围"),
    "hamlet": (ZoneKind.VILLAGE, "村庄周围"),
}
_HERITAGE: Final = frozenset(
    {"archaeological_site", "castle", "city_gate", "citywalls", "fort", "monastery", "monument",
     "pagoda", "ruins", "temple", "tomb"}
)  # fmt: skip
#: Smallest areas worth a zone, square metres.
_LEAST_INDUSTRY_M2 = 50_000.0
_LEAST_FARMLAND_M2 = 500_000.0
_LEAST_REST_M2 = 400_000.0
#: What lies farther from every road than this is not drawn: 2 km are walked at most (RULINGS).
REACH_M: Final = 1_900.0
#: The rest is drawn where a road lets it be seen, in parts of about this area at most.
_SIGHT_M = 300.0
_REST_PART_M2 = 8_000_000.0


def settlement_pieces(places: Sequence[OsmPlace], township: Township, land: Land) -> list[Piece]:
    """Return the township's seat, villages and hamlets; one near a larger one is part of it."""
    seat = Piece(township.name, 1, ZoneKind.TOWN, township.seat, ("乡镇所在地",), VILLAGE_M)
    chosen = [seat] if township.name else []
    ordered = sorted(places, key=lambda p: (_PLACE_ORDER.index(p.kind), p.name, p.lon, p.lat))
    for place in ordered:
        point = land.metric.flat(shapely.Point(place.lon, place.lat))
        if not place.name or not shapely.contains(township.area, point):
            continue
        if any(shapely.distance(point, other.shape) < _SAME_PLACE_M for other in chosen):
            continue
        if len(chosen) < MOST_SETTLEMENTS and land.roads.reach(point, REACH_M):
            kind, reason = _PLACES[place.kind]
            chosen.append(Piece(place.name, 1, kind, point, (reason,), VILLAGE_M))
    return chosen


def area_pieces(features: Sequence[OsmFeature], township: Township, land: Land) -> list[Piece]:
    """Return mines, development zones, protected and heritage areas, and farmland."""
    shapes: dict[str, list[tuple[str, BaseGeometry]]] = {}
    for feature in features:
        group = _group(feature)
        if group:
            cut = land.metric.flat(feature.geometry).intersection(township.area)
            if not cut.is_empty:
                shapes.setdefault(group, []).append((feature.name, cut))
    return [
        *_mines(shapes.get("mine", []), land),
        *_areas(shapes.get("industry", []), land, ZoneKind.DEVELOPMENT, "各类开发区（园区）",
                "工业用地", _LEAST_INDUSTRY_M2),
        *_areas(shapes.get("protected", []), land, ZoneKind.HERITAGE, "景观、遗迹保护",
                "保护区", _LEAST_INDUSTRY_M2),
        *_areas(shapes.get("farmland", []), land, ZoneKind.FARMLAND,
                "基本农田保护区（以耕地代替）", "耕地", _LEAST_FARMLAND_M2),
        *_monuments(shapes.get("heritage", []), land),
    ]  # fmt: skip


def _group(feature: OsmFeature) -> str:
    key, value = feature.key, feature.value
    if (key, value) == ("landuse", "quarry") or key == "man_made":
        return "mine"
    if key == "landuse":
        return {"industrial": "industry", "farmland": "farmland"}.get(value, "")
    if key == "boundary":
        return "protected"
    return "heritage" if feature.name and value in _HERITAGE else ""


def _mines(shapes: Sequence[tuple[str, BaseGeometry]], land: Land) -> list[Piece]:
    """Return a point per pit; three pits or more within 2 km are 矿业开发活动集中区 (level 1)."""
    pits = clusters([shape.buffer(25) for _, shape in shapes], 200.0)
    pits = [pit for pit in pits if land.roads.reach(pit, REACH_M)]
    pieces = []
    for number, pit in enumerate(pits[: 2 * MOST_AREAS], 1):
        near = sum(shapely.distance(pit, other) < 2_000 for other in pits)
        names = [name for name, shape in shapes if name and shapely.intersects(pit, shape)]
        level, reason = (1, "矿业开发活动集中区") if near >= 3 else (2, "一般矿区")
        label = names[0] if names else f"矿点{number}"
        pieces.append(Piece(label, level, ZoneKind.MINE, pit, (reason,)))
    return pieces


def _areas(
    shapes: Sequence[tuple[str, BaseGeometry]],
    land: Land,
    kind: ZoneKind,
    reason: str,
    noun: str,
    least_m2: float,
) -> list[Piece]:
    """Return the largest clusters of an area layer that a road reaches."""
    areas = clusters([shape for _, shape in shapes if shape.area], 200.0)
    kept = [area for area in areas if area.area >= least_m2 and land.roads.reach(area, REACH_M)]
    return [
        Piece(f"{noun}{number}", 1, kind, area, (reason,))
        for number, area in enumerate(kept[:MOST_AREAS], 1)
    ]


def _monuments(shapes: Sequence[tuple[str, BaseGeometry]], land: Land) -> list[Piece]:
    pieces: dict[str, Piece] = {}
    for name, shape in sorted(shapes, key=lambda item: (item[0], item[1].bounds)):
        point = shape.centroid
        if name not in pieces and land.roads.reach(point, REACH_M):
            pieces[name] = Piece(name, 1, ZoneKind.HERITAGE, point, ("景观、遗迹保护",), 50.0)
    return list(pieces.values())[:MOST_AREAS]


def rest_pieces(pieces: Sequence[Piece], township: Township, land: Land) -> list[Piece]:
    """Return level 3: land in neither level 1 nor 2 that a road, not a track, lets one see.

    Slivers are left out; a large rest is cut into bands of at most about 8 square kilometres.
    """
    strip = land.streets.beside(township.area, _SIGHT_M)
    rest = strip.difference(shapely.union_all([piece.land for piece in pieces]))
    opened = rest.buffer(-60, quad_segs=2).buffer(60, quad_segs=2).intersection(township.area)
    parts = [part for part in polygons_of(opened.simplify(15)) if part.area >= _LEAST_REST_M2 / 4]
    if sum(part.area for part in parts) < _LEAST_REST_M2:
        return []
    bands = _bands(parts)
    return [
        Piece(f"其余区域{number}" if len(bands) > 1 else "其余区域", 3, ZoneKind.OTHER, band,
              ("未划入一、二级巡查区的区域",))
        for number, band in enumerate(bands, 1)
    ]  # fmt: skip


def _bands(parts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Gather parts into as few compact groups as the greatest area of a group allows."""
    total = sum(part.area for part in parts)
    count = min(MOST_AREAS, math.ceil(total / _REST_PART_M2))
    low_x, low_y, high_x, high_y = shapely.union_all(parts).bounds
    across = 0 if high_x - low_x >= high_y - low_y else 1
    ordered = sorted(parts, key=lambda part: (part.centroid.coords[0][across], part.bounds))
    groups: list[list[BaseGeometry]] = [[] for _ in range(count)]
    reached = 0.0
    for part in ordered:
        middle = reached + part.area / 2
        groups[min(count - 1, int(middle / total * count))].append(part)
        reached += part.area
    return [shapely.MultiPolygon(group) for group in groups if group]
