"""The sample county as OSM sees it: roads with tags, places, land use, water, boundaries."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from examples.osm_write import OsmBoundary, OsmLine, OsmPoint
from examples.roads import Roads
from examples.settlements import Settlements
from examples.terrain import Floats, Terrain, swerve

_MAXSPEED = {"trunk": "80", "primary": "70", "secondary": "60", "tertiary": "40"}
#: OSM's words for the land under zones of some kinds.
_LAND = {
    "mine": {"landuse": "quarry"},
    "farmland": {"landuse": "farmland"},
    "development": {"landuse": "industrial"},
    "heritage": {"historic": "archaeological_site"},
}


def road_lines(roads: Roads, rng: np.random.Generator) -> tuple[OsmLine, ...]:
    """Return every piece of road as a way; a part of the better roads bears a ``maxspeed``."""
    lines = []
    for piece in roads.pieces:
        road = roads.roads[piece.road]
        tags = {"highway": road.road_class}
        tags |= {key: text for key, text in (("name", road.name), ("ref", road.ref)) if text}
        if piece.oneway:
            tags["oneway"] = "yes"
        if road.road_class in _MAXSPEED and rng.random() < 0.4:
            tags["maxspeed"] = _MAXSPEED[road.road_class]
        if road.road_class == "track":
            tags |= {"surface": "unpaved", "tracktype": "grade3"}
        lines.append(OsmLine(piece.points, tags))
    return tuple(lines)


def place_points(terrain: Terrain, settlements: Settlements) -> tuple[OsmPoint, ...]:
    """Return settlements as tagged nodes, a few steps off the road so that they stay their own."""
    step = np.array([0.012, 0.009])
    return tuple(
        OsmPoint(
            terrain.position[place.node] + step,
            {"place": place.kind, "name": settlements.county[:-1] + "城"}
            if number == 0
            else {"place": place.kind, "name": place.name},
        )
        for number, place in enumerate(settlements.places)
    )


def land_lines(zones: list[tuple[str, str, BaseGeometry]]) -> tuple[OsmLine, ...]:
    """Return the outlines of areas, (kind, name, polygon in km), that OSM would show."""
    return tuple(
        OsmLine(shapely.get_coordinates(shape.exterior), {**_LAND[kind], "name": name})
        for kind, name, shape in zones
        if kind in _LAND and isinstance(shape, shapely.Polygon)
    )


def scenery_lines(terrain: Terrain, roads: Roads) -> tuple[OsmLine, ...]:
    """Return rivers and the forests of the high ground."""
    rivers = tuple(
        OsmLine(points, {"waterway": "river", "name": name} if name else {"waterway": "stream"})
        for name, points in roads.river_lines
    )
    high = terrain.inside & (terrain.height > np.quantile(terrain.height[terrain.inside], 0.72))
    county = shapely.Polygon(terrain.outline)
    blobs = shapely.union_all(
        shapely.buffer(shapely.points(terrain.position[high]), 0.3, quad_segs=2)
    )
    woods = [
        wood
        for wood in shapely.get_parts(shapely.intersection(blobs.simplify(0.15), county))
        if wood.area > 1.5
    ]
    forests = tuple(
        OsmLine(shapely.get_coordinates(wood.exterior), {"natural": "wood"}) for wood in woods
    )
    return rivers + forests


def county_boundaries(terrain: Terrain, settlements: Settlements) -> tuple[OsmBoundary, ...]:
    """Return the county's boundary and those of its townships (nearest seat)."""
    county = shapely.Polygon(terrain.outline)
    rings = [(county, settlements.county, "6")]
    rings += [
        (area, seat.name, "8")
        for seat, area in zip(settlements.seats, township_areas(terrain, settlements), strict=True)
    ]
    return tuple(
        OsmBoundary(
            _ring(area),
            {
                "type": "boundary",
                "boundary": "administrative",
                "admin_level": level,
                "name": name,
            },
        )
        for area, name, level in rings
    )


def township_areas(terrain: Terrain, settlements: Settlements) -> tuple[BaseGeometry, ...]:
    """Return each township's area in km, by seat."""
    county = shapely.Polygon(terrain.outline)
    spots = terrain.position[[seat.node for seat in settlements.seats]]
    if len(spots) == 1:
        return (county,)
    room = county.buffer(3.0)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=room))
    return tuple(
        _strayed(next(cell for cell in cells if cell.contains(point))).intersection(county)
        for point in shapely.points(spots)
    )


def _strayed(cell: BaseGeometry) -> BaseGeometry:
    """Return a cell with its straight sides made to wander, the same on both sides of each."""
    # Each side is cut up from its lesser end, so that neighbours get the very same points.
    ring = shapely.get_coordinates(cell.exterior)
    points = [ring[:1]]
    for a, b in pairwise(ring):
        low, high = sorted([tuple(a), tuple(b)])
        steps = max(1, int(np.hypot(*np.subtract(low, high)) / 0.4))
        side = np.linspace(low, high, steps + 1)
        points.append((side if tuple(a) == low else side[::-1])[1:])
    sides = np.concatenate(points)
    return shapely.Polygon(sides - swerve(sides))


def _ring(area: BaseGeometry) -> Floats:
    """Return the outline of an area's largest part."""
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    ring: Floats = shapely.get_coordinates(largest.exterior)
    return ring
