"""A first drawing of a county's units and zones (art. 7) from map features, for a human to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from network.features import OsmFeatures
from network.problems import Text
from scheduling.county.build import PRIORITY_OF_LEVEL
from scheduling.county.model import Unit, Zone, ZoneKind
from scheduling.zones.areas import REACH_M, area_pieces, settlement_pieces
from scheduling.zones.cutting import whole
from scheduling.zones.offices import allot, squad_of
from scheduling.zones.pieces import Land, Piece, raise_levels
from scheduling.zones.rest import rest_pieces
from scheduling.zones.roadsides import road_pieces
from scheduling.zones.sizes import Drives, sensible_sizes
from scheduling.zones.townships import (
    Township,
    draft_units,
    drawn_townships,
    extent_of,
    find_townships,
)

_LETTERS = {
    ZoneKind.TOWN: "C",
    ZoneKind.VILLAGE: "V",
    ZoneKind.ROAD: "R",
    ZoneKind.MINE: "M",
    ZoneKind.DEVELOPMENT: "D",
    ZoneKind.HERITAGE: "H",
    ZoneKind.FARMLAND: "F",
    ZoneKind.PLANNING_AREA: "P",
    ZoneKind.NO_MINING: "N",
    ZoneKind.HOT_SPOT: "S",
    ZoneKind.OTHER: "X",
}


@dataclass(frozen=True)
class Draft:
    """Units and zones drawn from a map, and what the draft could not draw.

    Of ``area_km2`` all but ``undrawn_km2`` is in a zone.
    """

    units: tuple[Unit, ...]
    zones: tuple[Zone, ...]
    notes: tuple[Text, ...]
    area_km2: float
    undrawn_km2: float


def draft_county(
    features: OsmFeatures,
    roads: BaseGeometry,
    streets: BaseGeometry,
    *,
    name: str,
    boundary: BaseGeometry | None = None,
    drives: Drives | None = None,
    units: Sequence[Unit] = (),
) -> Draft:
    """Draw units and zones of the county ``name``.

    ``roads`` are all lines a car may use, ``streets`` those of them that are no tracks or service
    roads, and ``boundary`` is the county's area, all WGS-84. With ``drives`` zones that take too
    long to inspect are cut. With ``units`` (which need drives) the land is shared out among their
    stations; else a station per township is drawn and one squad at the county town. Every zone has
    a station and a squad, as far as there are any.
    """
    extent = boundary if boundary is not None else roads
    land = Land.around(roads, streets, extent.envelope.centroid)
    county_area = None if boundary is None else land.metric.flat(boundary)
    stations = [unit for unit in units if unit.authority == "township"]
    if stations and drives is not None:
        outlines = drawn_townships(features, land, county_area)
        parts = allot(stations, outlines, extent_of(land, county_area), land, drives)
        squads = [unit for unit in units if unit.authority == "county"]
    else:
        found = find_townships(features, land, county_area)
        units = draft_units(found, name, land)
        parts, squads = list(zip(found, units[1:], strict=True)), [units[0]]
    # Where no road leads at all, boundary and roads are of different places.
    parts = [part for part in parts if land.roads.reach(part[0].area, REACH_M)]
    zones: list[Zone] = []
    left: list[BaseGeometry] = []
    drawn = [township_pieces(features, township, land) for township, _ in parts]
    if drives is not None:
        drawn = sensible_sizes(drawn, land, drives)
    for (township, station), pieces in zip(parts, drawn, strict=True):
        zones += _zones(pieces, station, squad_of(township, squads, land), land)
        left.append(township.area.difference(shapely.union_all([p.land for p in pieces])))
    townships = [township for township, _ in parts]
    area_km2 = sum(township.area.area for township in townships) / 1e6
    undrawn_km2 = sum(area.area for area in left) / 1e6
    notes = (*_notes(area_km2, undrawn_km2, zones), *_unreached(features, townships, land))
    ordered = tuple(sorted(zones, key=lambda zone: zone.id))
    return Draft(tuple(units), ordered, notes, area_km2, undrawn_km2)


def township_pieces(features: OsmFeatures, township: Township, land: Land) -> list[Piece]:
    """Return the pieces of one township, each with the highest level that holds for it."""
    drawn = [
        *settlement_pieces(features.places, township, land),
        *road_pieces(features.roads, township.area, land),
        *area_pieces(features.features, township, land),
    ]
    raised = [
        replace(piece, shape=whole(piece.shape)) if piece.shape.area else piece
        for piece in raise_levels(drawn)
    ]
    return [*raised, *rest_pieces(raised, township, land)]


def _zones(pieces: Sequence[Piece], station: Unit, squad: Unit | None, land: Land) -> list[Zone]:
    units = {"township": station.id} | ({} if squad is None else {"county": squad.id})
    numbers: dict[str, int] = {}
    zones = []
    for piece in pieces:
        letter = _LETTERS[piece.kind]
        numbers[letter] = numbers.get(letter, 0) + 1
        settled = piece.kind in {ZoneKind.TOWN, ZoneKind.VILLAGE}
        shape = land.back(piece.shape)
        zones.append(
            Zone(
                id=f"{station.id}-{letter}{numbers[letter]:02}",
                name=piece.name if settled else f"{station.township}·{piece.name}".strip("·"),
                level=piece.level,
                kind=piece.kind,
                geometry=shape if shape.is_valid else shapely.make_valid(shape).buffer(0),
                units=units,
                responsible={},
                priority=PRIORITY_OF_LEVEL[piece.level],
                walk=piece.level == 3 and not land.roads.reach(piece.shape, REACH_M),
                reasons="；".join(piece.reasons),
            )
        )
    return zones


def _notes(area_km2: float, undrawn_km2: float, zones: Sequence[Zone]) -> tuple[Text, ...]:
    """Return what the reader of a draft must know: that it is one, and what is not in it."""
    whole, undrawn = f"{area_km2:.0f}", f"{undrawn_km2:.1f}"
    off_road = sum(zone.walk for zone in zones)
    return (
        Text(
            "巡查区由地图和图层推得，仅为草案；请以本局资料核对、修改，并填写责任人。",
            "The zones are a draft made from maps and layers: check them against what the bureau "
            "knows and name the responsible people.",
        ),
        Text(
            f"全部 {whole} 平方公里中 {undrawn} 平方公里为巡查区之间的零星地块，并入相邻巡查区；"
            "其余土地均已划入（第七条：未划入一、二级的均为三级）。",
            f"Of {whole} square kilometres {undrawn} are slivers between zones and go with those; "
            "all other land is in a zone (art. 7: what is in neither 1 nor 2 is 3).",
        ),
        *(
            [
                Text(
                    f"{off_road} 个三级巡查区距道路约 2 公里以上，已标为步行（walk）。",
                    f"{off_road} zones of level 3 lie about 2 km or more from any road and are "
                    "marked for walking (walk).",
                )
            ]
            if off_road
            else []
        ),
    )


def _unreached(features: OsmFeatures, townships: Sequence[Township], land: Land) -> list[Text]:
    """Return a note naming the settlements that lie too far from any road to be drawn."""
    names = []
    for place in features.places:
        point = land.metric.flat(shapely.Point(place.lon, place.lat))
        inside = any(shapely.contains(township.area, point) for township in townships)
        if inside and place.name and not land.roads.reach(point, REACH_M):
            names.append(place.name)
    if not names:
        return []
    listed = "、".join(sorted(set(names)))
    return [
        Text(
            f"距道路约 2 公里以上、未划入的村屯：{listed}。",
            f"Settlements about 2 km or more from any road, not drawn: {listed}.",
        )
    ]
