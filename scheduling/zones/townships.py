"""Who is responsible where: the townships of a county, their stations, and the county's squad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from network.features import OsmFeatures, OsmPlace
from scheduling.county.model import Unit
from scheduling.zones.pieces import Land

_TOWNSHIP_LEVEL = 8
_RANK = {"city": 0, "town": 1, "village": 2, "suburb": 3, "hamlet": 4}
#: Where a map has neither boundaries nor towns, at most this many villages become stations.
MOST_VILLAGE_STATIONS = 25


@dataclass(frozen=True)
class Township:
    """A township with its area and its seat, in metres."""

    name: str
    area: BaseGeometry
    seat: BaseGeometry


def find_townships(
    features: OsmFeatures, land: Land, boundary: BaseGeometry | None
) -> tuple[Township, ...]:
    """Return the townships, sorted by name: the map's, else one for each town.

    Without boundaries in the map, land belongs to the nearest town (or village).
    """
    return drawn_townships(features, land, boundary) or _around_places(features, land, boundary)


def drawn_townships(
    features: OsmFeatures, land: Land, boundary: BaseGeometry | None
) -> tuple[Township, ...]:
    """Return the townships whose outlines are known (admin_level 8), sorted by name.

    ``boundary`` is the county's, in metres; townships lying mostly outside are left out, others
    are cut to it.
    """
    drawn: dict[str, list[BaseGeometry]] = {}
    for area in features.admin_areas:
        if area.level == _TOWNSHIP_LEVEL and area.name:
            drawn.setdefault(area.name, []).append(land.metric.flat(area.polygon))
    areas = {name: shapely.union_all(parts) for name, parts in drawn.items()}
    kept = {
        name: area if boundary is None else area.intersection(boundary)
        for name, area in areas.items()
        if boundary is None or area.intersection(boundary).area > area.area / 2
    }
    return tuple(
        Township(name, kept[name], _seat(name, kept[name], features.places, land))
        for name in sorted(kept)
    )


def _seat(name: str, area: BaseGeometry, places: Sequence[OsmPlace], land: Land) -> BaseGeometry:
    """Return the place of the township's name, else its largest place, else a spot on a road."""
    inside = []
    for place in places:
        point = land.metric.flat(shapely.Point(place.lon, place.lat))
        if shapely.contains(area, point):
            same = not (place.name and (name.startswith(place.name) or place.name == name))
            inside.append(((same, _RANK[place.kind], place.name, point.x, point.y), point))
    if inside:
        return min(inside, key=lambda item: item[0])[1]
    middle = shapely.point_on_surface(area)
    return land.roads.nearest_point(middle) if land.roads.reach(area, 0) else middle


def extent_of(land: Land, boundary: BaseGeometry | None) -> BaseGeometry:
    """Return the county's area in metres: its boundary, else a hull around all roads."""
    if boundary is not None:
        return boundary
    return shapely.union_all(land.roads.lines).convex_hull.buffer(1000)


def _around_places(
    features: OsmFeatures, land: Land, boundary: BaseGeometry | None
) -> tuple[Township, ...]:
    """Return a township around each town, or each village where there is no town."""
    extent = extent_of(land, boundary)
    named: dict[str, tuple[int, BaseGeometry]] = {}
    for place in sorted(features.places, key=lambda p: (_RANK[p.kind], p.name, p.lon, p.lat)):
        point = land.metric.flat(shapely.Point(place.lon, place.lat))
        if place.name and shapely.contains(extent, point):
            named.setdefault(place.name, (_RANK[place.kind], point))
    towns = {name: point for name, (rank, point) in named.items() if rank <= _RANK["town"]}
    villages = [(name, point) for name, (rank, point) in named.items() if rank == _RANK["village"]]
    chosen = towns or dict(villages[:MOST_VILLAGE_STATIONS])
    if not chosen:
        return (Township("", extent, land.roads.nearest_point(extent.centroid)),)
    if len(chosen) == 1:
        ((name, point),) = chosen.items()
        return (Township(name, extent, point),)
    seats = shapely.MultiPoint([chosen[name] for name in sorted(chosen)])
    cells = shapely.voronoi_polygons(seats, extend_to=extent).geoms
    return tuple(
        Township(name, next(c for c in cells if c.covers(chosen[name])) & extent, chosen[name])
        for name in sorted(chosen)
    )


def draft_units(townships: Sequence[Township], county: str, land: Land) -> tuple[Unit, ...]:
    """Return one squad at the county town (id "C01") and a station (T01, ...) per township.

    Heads are left empty: no person is ever invented.
    """
    town = _county_town(townships, county)
    squad_lonlat = land.back(town.seat)
    squad = Unit("C01", f"{county}执法中队", "county", squad_lonlat.x, squad_lonlat.y)
    stations = []
    for number, township in enumerate(townships, 1):
        point = land.back(township.seat)
        name = f"{township.name or county}自然资源所"
        stations.append(
            Unit(f"T{number:02}", name, "township", point.x, point.y, township=township.name)
        )
    return (squad, *stations)


def _county_town(townships: Sequence[Township], county: str) -> Township:
    """Return the township that bears the county's name, else the one nearest to the middle."""
    stem = county.rstrip("县市区")
    middle = shapely.union_all([township.area for township in townships]).centroid

    def order(township: Township) -> tuple[bool, float, str]:
        same = bool(stem) and township.name.startswith(stem)
        return (not same, float(shapely.distance(township.seat, middle)), township.name)

    return min(townships, key=order)
