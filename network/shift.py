"""Is a layer in GCJ-02? Told by how it lies on the roads: off by just that shift, or not.

Chinese files labelled WGS-84 often hold GCJ-02, some 500 m off. Points that belong beside roads
(villages, stations, points along drawn roads) then lie closer to the roads once the shift is taken
off, and closer than after a shift as long in any other direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.datum import gcj02_to_wgs84
from network.metric import LocalMetric

#: With fewer points nothing systematic can be told.
LEAST_POINTS: Final = 12
_MOST_POINTS: Final = 1000
#: Points nearer than this to the roads are where they belong.
_NEAR_M: Final = 60.0
#: Farther off than this says nothing more.
_FAR_M: Final = 1000.0
#: Of all shifts tried this must be closer than the next best by so much.
_CLEARLY: Final = 0.6
_CLOSER_SHARE: Final = 0.75
_CHINA: Final = ((72.0, 0.8), (138.0, 56.0))
_SAMPLE_STEP_M: Final = 300.0


@dataclass(frozen=True)
class Shift:
    """How far the points are from the roads, in the median, as they are and once converted."""

    points: int
    given_m: float
    converted_m: float


def find_shift(
    lonlat: NDArray[np.float64], tree: shapely.STRtree, metric: LocalMetric
) -> Shift | None:
    """Return the shift if (k, 2) points fit the lines of ``tree`` as GCJ-02 and not as they are."""
    inside = ((lonlat > _CHINA[0]) & (lonlat < _CHINA[1])).all(axis=1)
    lonlat = lonlat[inside][:: max(1, int(inside.sum()) // _MOST_POINTS)]
    if len(lonlat) < LEAST_POINTS:
        return None
    given = metric.xy(lonlat)
    given_m = _distances(given, tree)
    if np.median(given_m) < _NEAR_M:
        return None
    move = metric.xy(gcj02_to_wgs84(lonlat)) - given
    converted_m = _distances(given + move, tree)
    others = []
    for eighth in range(1, 8):
        cosine, sine = np.cos(eighth * np.pi / 4), np.sin(eighth * np.pi / 4)
        turned = move @ np.array([[cosine, sine], [-sine, cosine]])
        others.append(float(_distances(given + turned, tree).mean()))
    best_other = min(*others, float(given_m.mean()))
    is_closer = float((converted_m < given_m).mean()) >= _CLOSER_SHARE
    if not is_closer or converted_m.mean() > _CLEARLY * best_other:
        return None
    return Shift(
        len(lonlat), round(float(np.median(given_m))), round(float(np.median(converted_m)))
    )


def _distances(xy: NDArray[np.float64], tree: shapely.STRtree) -> NDArray[np.float64]:
    """Return (k,) metres to the nearest line, at most ``_FAR_M``."""
    distances = np.full(len(xy), _FAR_M)
    here = np.flatnonzero(np.isfinite(xy).all(axis=1))  # the plane ends far from its middle
    found, metres = tree.query_nearest(
        shapely.points(xy[here]), max_distance=_FAR_M, return_distance=True, all_matches=False
    )
    distances[here[found[0]]] = metres
    return distances


def roadside_points(shapes: Sequence[BaseGeometry], metric: LocalMetric) -> NDArray[np.float64]:
    """Return (k, 2) lon/lat of points, and of points along lines; areas say nothing of roads."""
    found = [np.empty((0, 2))]
    for shape in shapes:
        if shape.geom_type in {"Point", "MultiPoint"}:
            found.append(shapely.get_coordinates(shape))
        elif shape.geom_type in {"LineString", "MultiLineString"}:
            for line in shapely.get_parts(metric.flat(shape)).tolist():
                steps = np.arange(0.0, line.length, _SAMPLE_STEP_M)
                xy = shapely.get_coordinates(shapely.line_interpolate_point(line, steps))
                found.append(metric.lonlat(xy))
    return np.concatenate(found)
