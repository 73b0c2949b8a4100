"""Drive along a line: the road edges of its corridor, end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from network.inspection import InspectionMode, InspectionTask, Site
from network.snapping import RoadIndex, RoadPlace
from network.travel import trace_back, weighted

#: Roads within this of the line are the road that is meant.
CORRIDOR_M = 50.0
#: Metres off the corridor count this many times, so that it is only left where it must be.
_OUTSIDE_FACTOR = 10.0
#: The other way round is no mode when one-way streets make it this much longer.
_MAX_DETOUR = 1.5
_MAX_DETOUR_M = 200.0
#: A line this many times longer than its ends are apart is a ring or a hairpin.
_WINDING = 2.0
#: How far around the line a way is looked for before the whole network is.
_MARGIN_M = 3000.0


@dataclass(frozen=True)
class DriveDraft:
    """A line and the road places of its ends, and of points between them where it winds."""

    site: Site
    line: BaseGeometry
    places: tuple[RoadPlace, ...]

    def finish(self, index: RoadIndex, nodes: tuple[int, ...]) -> InspectionTask:
        """Return a mode for each direction that can be driven without a long detour."""
        weights = corridor_weights(index, self.line)
        ways = [_drive(index, self.line, weights, stops) for stops in (nodes, nodes[::-1])]
        lengths = [float(index.network.edge_length_m[way].sum()) for way in ways]
        shortest = min(lengths)
        limit = shortest * _MAX_DETOUR + _MAX_DETOUR_M
        modes = [
            _mode(index, stops, way)
            for stops, way, length_m in zip((nodes, nodes[::-1]), ways, lengths, strict=True)
            if length_m <= limit
        ]
        best = ways[lengths.index(shortest)]
        distance_m = max(self.places[0].distance_m, self.places[-1].distance_m)
        share = _share_along(self.line, index.lines[best])
        return InspectionTask(self.site, tuple(dict.fromkeys(modes)), distance_m, share)


def draft_drive(index: RoadIndex, site: Site, flat: BaseGeometry) -> DriveDraft | None:
    """Return the road places of a line's ends; None when no road lies in its corridor."""
    line = max(shapely.get_parts(flat).tolist(), key=shapely.length)
    if len(index.tree.query(line, predicate="dwithin", distance=CORRIDOR_M)) == 0:
        return None
    apart_m = shapely.distance(shapely.get_point(line, 0), shapely.get_point(line, -1))
    shares = (0.0, 1 / 3, 2 / 3, 1.0) if line.length > _WINDING * apart_m else (0.0, 1.0)
    points = [shapely.line_interpolate_point(line, share, normalized=True) for share in shares]
    return DriveDraft(site, line, tuple(index.nearest(point) for point in points))


def corridor_weights(index: RoadIndex, line: BaseGeometry) -> NDArray[np.float64]:
    """Return (m,) metres of each edge, those outside the line's corridor counted tenfold."""
    corridor = shapely.buffer(line, CORRIDOR_M)
    near = np.sort(index.tree.query(corridor, predicate="intersects"))
    lines = index.lines[near]
    inside_m = shapely.length(shapely.intersection(lines, corridor))
    outside = 1.0 - inside_m / np.maximum(shapely.length(lines), 1e-9)
    factor = np.full(index.network.edge_count, _OUTSIDE_FACTOR)
    factor[near] = 1.0 + (_OUTSIDE_FACTOR - 1.0) * np.clip(outside, 0.0, 1.0)
    weights: NDArray[np.float64] = index.network.edge_length_m * factor
    return weights


def _drive(
    index: RoadIndex,
    line: BaseGeometry,
    weights: NDArray[np.float64],
    stops: Sequence[int],
) -> NDArray[np.int32]:
    """Return the edges of the lightest way through all stops, near the line if there is one."""
    nearby = np.where(index.edges_around(line, _MARGIN_M), weights, np.inf)
    way = _lightest(index, nearby, stops)
    if way is None:
        way = _lightest(index, weights, stops)
    if way is None:
        raise ValueError("the network is not strongly connected")
    return way


def _lightest(
    index: RoadIndex, weights: NDArray[np.float64], stops: Sequence[int]
) -> NDArray[np.int32] | None:
    graph = weighted(index.network, weights)
    starts, ends = np.array(stops[:-1]), np.array(stops[1:])
    costs, before = dijkstra(graph.matrix, indices=starts, return_predecessors=True)
    rows = np.arange(len(starts))
    if not np.isfinite(costs[rows, ends]).all():
        return None
    return np.concatenate(trace_back(graph, before, rows, ends))


def _mode(index: RoadIndex, stops: Sequence[int], way: NDArray[np.int32]) -> InspectionMode:
    lon, lat = index.network.node_lonlat[stops[0]].tolist()
    return InspectionMode(stops[0], stops[-1], tuple(way.tolist()), 0.0, lon, lat)


def _share_along(line: BaseGeometry, driven: NDArray[np.object_]) -> float:
    """Return the share of the line that has the driven road within its corridor."""
    reach = shapely.buffer(shapely.union_all(driven), CORRIDOR_M)
    return float(shapely.length(shapely.intersection(line, reach)) / shapely.length(line))
