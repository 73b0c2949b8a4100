"""A first drawing of a county's units and zones (art. 7) from map features, for a human to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from network.features import OsmFeatures
from network.problems import Text
from scheduling.county.build import PRIORITY_OF_LEVEL
from scheduling.county.model import Unit, Zone, ZoneKind
from scheduling.zones.areas import REACH_M, area_pieces, rest_pieces, settlement_pieces
from scheduling.zones.pieces import Land, Piece, polygons_of, raise_levels
from scheduling.zones.roadsides import road_pieces
from scheduling.zones.townships import Township, draft_units, find_townships

_LETTERS = {
    ZoneKind.TOWN: "C",
    ZoneKind.VILLAGE: "V",
    ZoneKind.ROAD: "R",
    ZoneKind.MINE: "M",
    ZoneKind.DEVELOPMENT: "D",
    ZoneKind.HERITAGE: "H",
    ZoneKind.FARMLAND: "F",
    ZoneKind.OTHER: "X",
}


@dataclass(frozen=True)
class Draft:
    """Units and zones drawn from a map, and what the draft could not draw."""

    units: tuple[Unit, ...]
    zones: tuple[Zone, ...]
    notes: tuple[Text, ...]


def draft_county(
    features: OsmFeatures,
    roads: BaseGeometry,
    streets: BaseGeometry,
    *,
    name: str,
    boundary: BaseGeometry | None = None,
) -> Draft:
    """Draw units and zones of the county ``name``.

    ``roads`` are all lines a car may use, ``streets`` those of them that are no tracks or service
    roads, and ``boundary`` is the county's area, all WGS-84. Units
    are one squad at the county town and a station per township; every zone has one of each.
    """
    extent = boundary if boundary is not None else roads
    land = Land.around(roads, streets, extent.envelope.centroid)
    county_area = None if boundary is None else land.metric.flat(boundary)
    townships = find_townships(features, land, county_area)
    units = draft_units(townships, name, land)
    stations = units[1:]
    zones: list[Zone] = []
    undrawn_m2 = 0.0
    for township, station in zip(townships, stations, strict=True):
        pieces = township_pieces(features, township, land)
        zones += _zones(pieces, station, units[0], land)
        drawn = shapely.union_all([piece.land for piece in pieces])
        undrawn_m2 += township.area.difference(drawn).area
    notes = [*_notes(sum(township.area.area for township in townships), undrawn_m2)]
    notes += _unreached(features, townships, land)
    return Draft(units, tuple(sorted(zones, key=lambda zone: zone.id)), tuple(notes))


def township_pieces(features: OsmFeatures, township: Township, land: Land) -> list[Piece]:
    """Return the pieces of one township, each with the highest level that holds for it."""
    drawn = [
        *settlement_pieces(features.places, township, land),
        *road_pieces(features.roads, township.area, land),
        *area_pieces(features.features, township, land),
    ]
    raised = [_whole(piece) for piece in raise_levels(drawn)]
    return [*raised, *rest_pieces(raised, township, land)]


def _whole(piece: Piece) -> Piece:
    """Return the piece with an area made of polygons only."""
    if not piece.shape.area:
        return piece
    parts = polygons_of(piece.shape)
    shape = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return Piece(piece.name, piece.level, piece.kind, shape, piece.reasons, piece.around_m)


def _zones(pieces: Sequence[Piece], station: Unit, squad: Unit, land: Land) -> list[Zone]:
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
                units={"township": station.id, "county": squad.id},
                responsible={},
                priority=PRIORITY_OF_LEVEL[piece.level],
                reasons="；".join(piece.reasons),
            )
        )
    return zones


def _notes(whole_m2: float, undrawn_m2: float) -> tuple[Text, ...]:
    """Return what the reader of a draft must know: that it is one, and what is not in it."""
    whole, undrawn = f"{whole_m2 / 1e6:.0f}", f"{undrawn_m2 / 1e6:.0f}"
    return (
        Text(
            "巡查区由 OpenStreetMap 推得，仅为草案；请以本局图层核对、修改，并填写责任人。",
            "The zones are a draft made from OpenStreetMap: check them against the bureau's own "
            "layers and name the responsible people.",
        ),
        Text(
            f"{whole} 平方公里中约 {undrawn} 平方公里从道路（机耕路除外）看不到，未划入任何巡查区，"
            "请自行补划（第七条：未划入一、二级的均为三级）。",
            f"About {undrawn} of {whole} square kilometres cannot be seen from a road (tracks not "
            "counted) and are in no zone: draw them (art. 7: what is in neither 1 nor 2 is 3).",
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
