"""What no road shows, and the walks from which it can be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.snapping import RoadIndex

#: Parts smaller than this are not worth a walk of their own [D].
_LEAST_M2 = 10_000.0
_MOST_WALKS = 6
_STEP_M = 25.0
_SQUARE_METRES_PER_HECTARE = 10_000.0


@dataclass(frozen=True)
class WalkingLeg:
    """A straight walk from the road to (lon, lat) and back, and the hectares it brings in sight.

    ``walk_m`` is one way. Obstacles, like fences and ditches, are not known.
    """

    road_lon: float
    road_lat: float
    lon: float
    lat: float
    walk_m: float
    shows_ha: float

    def minutes(self, walk_kmh: float) -> float:
        """Return the minutes of going there and back."""
        return 2 * self.walk_m * 0.06 / walk_kmh


def hidden_part(
    flat: BaseGeometry, lines: NDArray[np.object_], sight_m: float
) -> BaseGeometry | None:
    """Return what of an area (or line) lies out of sight of all lines, None when nothing does."""
    in_sight = shapely.union_all(shapely.buffer(lines, sight_m, quad_segs=8))
    hidden = shapely.difference(flat, in_sight)
    return None if shapely.is_empty(hidden) else hidden


def walking_legs(index: RoadIndex, hidden: BaseGeometry, sight_m: float) -> tuple[WalkingLeg, ...]:
    """Return walks towards the largest hidden parts, each as short as shows its part whole.

    Where one walk does not show a part whole, the rest is walked to in turn, up to six walks.
    """
    legs: list[WalkingLeg] = []
    rest = hidden
    while len(legs) < _MOST_WALKS:
        parts = shapely.get_parts(rest)
        parts = parts[shapely.get_dimensions(parts) == 2]
        if len(parts) == 0 or (areas := shapely.area(parts)).max() < _LEAST_M2:
            break
        walk = _walk(index, parts[int(np.argmax(areas))], sight_m)
        in_sight = shapely.buffer(walk, sight_m)
        shows_ha = shapely.area(shapely.intersection(rest, in_sight)) / _SQUARE_METRES_PER_HECTARE
        rest = shapely.difference(rest, in_sight)
        road, end = index.metric.lonlat(shapely.get_coordinates(walk)).tolist()
        walk_m = float(walk.length)
        legs.append(WalkingLeg(road[0], road[1], end[0], end[1], walk_m, float(shows_ha)))
    return tuple(legs)


def _walk(index: RoadIndex, part: BaseGeometry, sight_m: float) -> BaseGeometry:
    """Return the line to walk from the nearest road towards the middle of a part."""
    middle = shapely.point_on_surface(part)
    place = index.nearest(middle)
    road = shapely.line_interpolate_point(index.lines[place.edge], place.along_m)
    line = shapely.linestrings([*road.coords, *middle.coords])
    steps = np.arange(_STEP_M, line.length, _STEP_M)
    corners = shapely.points(shapely.get_coordinates(part))
    for at in [*steps.tolist(), line.length]:
        stands = shapely.line_interpolate_point(line, at)
        if shapely.distance(corners, stands).max() <= sight_m:
            break
    return shapely.linestrings([*road.coords, *stands.coords])
