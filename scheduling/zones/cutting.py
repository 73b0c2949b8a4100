"""Sensible sizes: land cut so that looking at a part takes about so many minutes of driving."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scheduling.zones.pieces import Land, polygons_of

#: Minutes of driving along the roads of an area above which it is cut [D].
MOST_MINUTES: Final = 60.0
#: Roads this near to an area are those it is looked at from.
_BESIDE_M: Final = 200.0
_STEP_M: Final = 150.0
#: So far off one sees on either side: of a square of that size two steps are driven.
_CELL_M: Final = 300.0
_PLACES_OF_CELL: Final = 2
#: Driven while looking, km/h: streets, and tracks and service roads.
STREET_KMH: Final = 20.0
TRACK_KMH: Final = 12.0


def cut_by_minutes(
    area: BaseGeometry, land: Land, most_minutes: float = MOST_MINUTES
) -> list[BaseGeometry]:
    """Cut an area straight across into parts of about equal driving, each below the most minutes.

    Returns polygons or multipolygons that make up the area; one where the roads beside it are few.
    """
    minutes = float(_driving(area.buffer(_BESIDE_M, quad_segs=2), land)[1].sum())
    return cut_into(area, land, max(1, math.ceil(minutes / most_minutes)))


def cut_into(area: BaseGeometry, land: Land, count: int) -> list[BaseGeometry]:
    """Cut an area straight across into so many parts of about equal driving, or fewer."""
    xy, minutes = _driving(area.buffer(_BESIDE_M, quad_segs=2), land)
    return [part for part in _cut(area, xy, minutes, count) if part.area > 0]


def _driving(around: BaseGeometry, land: Land) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (p, 2) places on the roads of an area and the minutes of driving each stands for.

    Streets come first; where roads lie so close that one shows what the next would, one counts.
    """
    shapely.prepare(around)
    found, minutes = [], []
    for roads, kmh in ((land.streets, STREET_KMH), (land.tracks, TRACK_KMH)):
        xy, metres = roads.places(_STEP_M)
        inside = shapely.contains_xy(around, xy) if len(xy) else np.zeros(0, bool)
        found.append(xy[inside])
        minutes.append(metres[inside] * 0.06 / kmh)
    places, times = np.concatenate(found), np.concatenate(minutes)
    if not len(places):
        return places.reshape(0, 2), times
    _, cell = np.unique(np.floor(places / _CELL_M), axis=0, return_inverse=True)
    order = np.argsort(cell, kind="stable")
    number = np.arange(len(order)) - np.searchsorted(cell[order], cell[order])
    kept = np.sort(order[number < _PLACES_OF_CELL])
    return places[kept], times[kept]


def _cut(
    area: BaseGeometry, xy: NDArray[np.float64], minutes: NDArray[np.float64], count: int
) -> list[BaseGeometry]:
    """Cut across the longer side, so often that each part has its share of the minutes."""
    if count <= 1 or len(xy) < 2:
        return [whole(area)]
    low_x, low_y, high_x, high_y = area.bounds
    across = 0 if high_x - low_x >= high_y - low_y else 1
    order = np.lexsort((xy[:, 1 - across], xy[:, across]))
    passed = np.cumsum(minutes[order])
    first = count // 2
    middle = int(np.searchsorted(passed, passed[-1] * first / count))
    edges = [low_x - 1, low_y - 1, high_x + 1, high_y + 1]
    # A road beside the area may lie outside of it: the cut does not.
    at = float(np.clip(xy[order[middle], across], edges[across], edges[2 + across]))
    below, above = list(edges), list(edges)
    below[2 + across] = above[across] = at
    is_below = xy[:, across] <= at
    parts: list[BaseGeometry] = []
    for box, chosen, share in ((below, is_below, first), (above, ~is_below, count - first)):
        side = whole(area.intersection(shapely.box(*box)))
        if side.area:
            parts += _cut(side, xy[chosen], minutes[chosen], share)
    return parts


def whole(area: BaseGeometry) -> BaseGeometry:
    """Return an area made of polygons only."""
    parts = polygons_of(area)
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
