"""Roads as plain lines by class, for maps: every road once, no more points than asked for."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from network.build import DirectedEdges
from network.road_network import ROAD_CLASSES, RoadNetwork

_FIRST_TOLERANCE_DEGREES = 1e-5  # about a metre
_LAST_TOLERANCE_DEGREES = 1e-3


def road_lines(
    network: RoadNetwork, max_points: int = 60_000
) -> tuple[tuple[str, NDArray[np.float64]], ...]:
    """Return (class, (p, 2) lon/lat line) of all roads, the most important class first.

    Lines are joined where roads of one class meet, simplified until they fit ``max_points``, and
    if that is not enough the least important roads and shortest lines are left out.
    """
    lines, classes = _merged_by_class(network)
    tolerance = _FIRST_TOLERANCE_DEGREES
    fitting = lines
    while (
        shapely.get_num_coordinates(fitting).sum() > max_points
        and tolerance <= _LAST_TOLERANCE_DEGREES
    ):
        fitting = shapely.simplify(lines, tolerance)
        tolerance *= 2
    order = np.lexsort((np.arange(len(lines)), -shapely.length(lines), classes))
    points = np.cumsum(shapely.get_num_coordinates(fitting)[order])
    kept = order[points <= max_points]
    return tuple(
        (ROAD_CLASSES[classes[line]], np.asarray(shapely.get_coordinates(fitting[line])))
        for line in kept.tolist()
    )


def one_per_road(roads: RoadNetwork | DirectedEdges) -> NDArray[np.bool_]:
    """Return (m,) whether an edge is the first of those between its ends of its length."""
    ends = np.sort(np.column_stack([roads.edge_from, roads.edge_to]), axis=1)
    keys = np.column_stack([ends, np.round(roads.edge_length_m * 10).astype(np.int64)])
    is_first = np.zeros(len(keys), bool)
    is_first[np.unique(keys, axis=0, return_index=True)[1]] = True
    return is_first


def _merged_by_class(network: RoadNetwork) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    once = np.flatnonzero(one_per_road(network))
    owner = np.repeat(np.arange(network.edge_count), np.diff(network.shape_start))
    every = shapely.linestrings(network.shape_lonlat, indices=owner)
    lines: list[NDArray[np.object_]] = []
    classes: list[NDArray[np.int64]] = []
    for road_class in range(len(ROAD_CLASSES)):
        mine = once[network.edge_class[once] == road_class]
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(every[mine])))
        lines.append(merged)
        classes.append(np.full(len(merged), road_class, np.int64))
    return np.concatenate(lines), np.concatenate(classes)
