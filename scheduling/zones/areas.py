"""Settlements, mines, development zones, heritage, farmland and the like, as pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from network.features import OsmFeature, OsmPlace
from scheduling.county.model import ZoneKind
from scheduling.zones.cutting import cut_by_minutes
from scheduling.zones.own_layers import OWN
from scheduling.zones.pieces import VILLAGE_M, Land, Piece, clusters
from scheduling.zones.townships import Township

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
#: What lies farther from every road than this is not drawn: 2 km are walked at most (RULINGS).
REACH_M: Final = 1_900.0


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
        if land.roads.reach(point, REACH_M):
            kind, reason = _PLACES[place.kind]
            chosen.append(Piece(place.name, 1, kind, point, (reason,), VILLAGE_M))
    return chosen


@dataclass(frozen=True)
class _Layer:
    """How areas of one kind become zones; ``cut``: seen from roads, so cut to a drive's length."""

    kind: ZoneKind
    level: int
    reason: str
    noun: str
    least_m2: float = 0.0
    cut: bool = True


#: The bureau's own layers, then what stands in for them in OpenStreetMap.
_OWN: Final = {
    "planning": _Layer(ZoneKind.PLANNING_AREA, 1, "城乡建设规划区", "规划区"),
    "fringe": _Layer(ZoneKind.PLANNING_AREA, 1, "城乡结合部", "城乡结合部"),
    "farmland": _Layer(ZoneKind.FARMLAND, 1, "基本农田保护区", "基本农田"),
    "no-mining": _Layer(ZoneKind.NO_MINING, 1, "矿产资源规划禁采区", "禁采区"),
    "heritage": _Layer(ZoneKind.HERITAGE, 1, "景观、遗迹保护", "景观遗迹", cut=False),
    "development": _Layer(ZoneKind.DEVELOPMENT, 1, "各类开发区（园区）", "开发区"),
    "hot-spots": _Layer(ZoneKind.HOT_SPOT, 1, "违法行为易发区", "易发区", cut=False),
    "small-towns": _Layer(ZoneKind.OTHER, 2, "小城镇周围", "小城镇周围"),
}
_OSM: Final = {
    "development": _Layer(
        ZoneKind.DEVELOPMENT, 1, "各类开发区（园区）", "工业用地", _LEAST_INDUSTRY_M2
    ),
    "heritage": _Layer(ZoneKind.HERITAGE, 1, "景观、遗迹保护", "保护区", _LEAST_INDUSTRY_M2),
    "farmland": _Layer(
        ZoneKind.FARMLAND, 1, "基本农田保护区（以耕地代替）", "耕地", _LEAST_FARMLAND_M2
    ),
}


def area_pieces(features: Sequence[OsmFeature], township: Township, land: Land) -> list[Piece]:
    """Return mines, development zones, protected and heritage areas, farmland and the like.

    Of a kind that the bureau brought (``own_layers``) nothing is taken from the map.
    """
    shapes: dict[tuple[bool, str], list[tuple[str, BaseGeometry]]] = {}
    brought = {feature.value for feature in features if feature.key == OWN}
    for feature in features:
        own = feature.key == OWN
        group = feature.value if own else _group(feature)
        if group and (own or group.removesuffix("-site") not in brought):
            cut = land.metric.flat(feature.geometry).intersection(township.area)
            if not cut.is_empty:
                shapes.setdefault((own, group), []).append((feature.name, cut))
    pieces = _mines([*shapes.get((True, "mines"), []), *shapes.get((False, "mines"), [])], land)
    for own, layers in ((True, _OWN), (False, _OSM)):
        for group, layer in layers.items():
            pieces += _areas(shapes.get((own, group), []), land, layer)
    return [*pieces, *_monuments(shapes.get((False, "heritage-site"), []), land)]


def _group(feature: OsmFeature) -> str:
    key, value = feature.key, feature.value
    if (key, value) == ("landuse", "quarry") or key == "man_made":
        return "mines"
    if key == "landuse":
        return {"industrial": "development", "farmland": "farmland"}.get(value, "")
    if key == "boundary":
        return "heritage"
    return "heritage-site" if feature.name and value in _HERITAGE else ""


def _mines(shapes: Sequence[tuple[str, BaseGeometry]], land: Land) -> list[Piece]:
    """Return a stop per pit; three pits or more within 2 km are 矿业开发活动集中区 (level 1)."""
    pits = clusters([shape.buffer(25) for _, shape in shapes], 200.0)
    pits = [pit for pit in pits if land.roads.reach(pit, REACH_M)]
    pieces = []
    for number, pit in enumerate(pits, 1):
        near = sum(shapely.distance(pit, other) < 2_000 for other in pits)
        names = [name for name, shape in shapes if name and shapely.intersects(pit, shape)]
        level, reason = (1, "矿业开发活动集中区") if near >= 3 else (2, "一般矿区")
        label = names[0] if names else f"矿点{number}"
        pieces.append(Piece(label, level, ZoneKind.MINE, pit, (reason,)))
    return pieces


def _areas(shapes: Sequence[tuple[str, BaseGeometry]], land: Land, layer: _Layer) -> list[Piece]:
    """Return an area layer as zones: parts worth one by themselves, and the small ones together."""
    areas = clusters([shape for _, shape in shapes if shape.area], 200.0)
    areas = [area for area in areas if land.roads.reach(area, REACH_M)]
    if sum(area.area for area in areas) < layer.least_m2:
        return []
    if layer.cut:
        parts = cut_by_minutes(shapely.MultiPolygon(areas), land) if areas else []
    else:
        parts = [area for area in areas if area.area >= layer.least_m2]
    pieces = []
    for number, part in enumerate(parts, 1):
        names = sorted({name for name, shape in shapes if name and shapely.intersects(part, shape)})
        label = names[0] if len(names) == 1 else f"{layer.noun}{number}"
        pieces.append(Piece(label, layer.level, layer.kind, part, (layer.reason,)))
    return pieces


def _monuments(shapes: Sequence[tuple[str, BaseGeometry]], land: Land) -> list[Piece]:
    pieces: dict[str, Piece] = {}
    for name, shape in sorted(shapes, key=lambda item: (item[0], item[1].bounds)):
        point = shape.centroid
        if name not in pieces and land.roads.reach(point, REACH_M):
            pieces[name] = Piece(name, 1, ZoneKind.HERITAGE, point, ("景观、遗迹保护",), 50.0)
    return list(pieces.values())
