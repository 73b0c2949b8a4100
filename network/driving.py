"""Drive along a line: the road edges of its corridor, end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.inspection import InspectionMode, InspectionTask, Site
from network.lawful_turns import lawful
from network.snapping import RoadIndex, RoadPlace
from network.weighted_graph import weighted

#: Roads within this of the line are the road that is meant.
CORRIDOR_M = 50.0
#: Metres off the corridor count this many times, so that it is only left where it must be.
_OUTSIDE_FACTOR = 10.0
#: The other way round is no mode when one-way streets make it this much longer.
_MAX_DETOUR = 1.5
_MAX_DETOUR_M = 200.0
#: A line this many times longer than its ends are apart is a ring or a hairpin.
_WINDING = 2.0
#: Checkpoints are passed after the start of a line and before its end.
_INSIDE = 1e-9
#: How far around the line a way is looked for before the whole network is.
_MARGIN_M = 3000.0


@dataclass(frozen=True)
class DriveDraft:
    """A line and the road places of its ends, and of points between them where it winds.

    Where carriageways are apart a stop has a place on each, and the way takes the one that suits.
    """

    site: Site
    line: BaseGeometry
    stops: tuple[tuple[RoadPlace, ...], ...]

    @property
    def places(self) -> tuple[RoadPlace, ...]:
        """All road places, stop by stop."""
        return tuple(place for stop in self.stops for place in stop)

    def finish(self, index: RoadIndex, nodes: tuple[int, ...]) -> InspectionTask:
        """Return a mode for each direction that can be driven without a long detour."""
        left = iter(nodes)
        stops = [[next(left) for _ in stop] for stop in self.stops]
        weights = corridor_weights(index, self.line)
        drives = [_drive(index, self.line, weights, order) for order in (stops, stops[::-1])]
        lengths = [float(index.network.edge_length_m[drive.edges].sum()) for drive in drives]
        limit = min(lengths) * _MAX_DETOUR + _MAX_DETOUR_M
        modes = [
            _mode(index, drive)
            for drive, length_m in zip(drives, lengths, strict=True)
            if length_m <= limit
        ]
        best = drives[lengths.index(min(lengths))]
        distance_m = max(self.stops[0][0].distance_m, self.stops[-1][0].distance_m)
        share = _share_along(index, self.line, best)
        return InspectionTask(self.site, tuple(dict.fromkeys(modes)), distance_m, share)


@dataclass(frozen=True)
class _Drive:
    start: int
    end: int
    edges: NDArray[np.int32]


def draft_drive(index: RoadIndex, site: Site, flat: BaseGeometry) -> DriveDraft | None:
    """Return the road places of a line's ends; None when no road lies in its corridor."""
    line = max(shapely.get_parts(flat).tolist(), key=shapely.length)
    if len(index.tree.query(line, predicate="dwithin", distance=CORRIDOR_M)) == 0:
        return None
    apart_m = shapely.distance(shapely.get_point(line, 0), shapely.get_point(line, -1))
    shares = (0.0, 1 / 3, 2 / 3, 1.0) if line.length > _WINDING * apart_m else (0.0, 1.0)
    stops = [
        (share, _carriageways(index, shapely.line_interpolate_point(line, share, normalized=True)))
        for share in shares
    ]
    for mark in site.checkpoints:
        point = shapely.Point(index.metric.xy(np.array([mark]))[0])
        share = float(shapely.line_locate_point(line, point, normalized=True))
        stops.append((min(max(share, _INSIDE), 1 - _INSIDE), (index.nearest(point),)))
    stops.sort(key=lambda stop: stop[0])
    return DriveDraft(site, line, tuple(places for _, places in stops))


def _carriageways(index: RoadIndex, point: BaseGeometry) -> tuple[RoadPlace, ...]:
    """Return the nearest road place and, if that is one-way, one on the opposite carriageway."""
    near = index.tree.query(point, predicate="dwithin", distance=CORRIDOR_M)
    if len(near) == 0:
        return (index.nearest(point),)
    order = np.lexsort((near, shapely.distance(index.lines[near], point)))
    first, *others = (index.place_on(edge, point) for edge in near[order].tolist())
    if index.is_one_way[first.edge]:
        for other in others:
            opposite = float(index.heading(first) @ index.heading(other)) < 0
            if opposite and index.is_one_way[other.edge]:
                return (first, other)
    return (first,)


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
    stops: Sequence[Sequence[int]],
) -> _Drive:
    """Return the lightest way through all stops, near the line if there is one."""
    nearby = np.where(index.edges_around(line, _MARGIN_M), weights, np.inf)
    drive = _lightest(index, nearby, stops) or _lightest(index, weights, stops)
    if drive is None:
        raise ValueError("the network is not strongly connected")
    return drive


def _lightest(
    index: RoadIndex, weights: NDArray[np.float64], stops: Sequence[Sequence[int]]
) -> _Drive | None:
    graph = weighted(index.network, weights)
    nodes = sorted({node for stop in stops for node in stop})
    row = {node: number for number, node in enumerate(nodes)}
    costs, before = graph.search(nodes)

    def weight(way: Sequence[int]) -> float:
        return sum(float(costs[row[start], end]) for start, end in pairwise(way))

    way = min(product(*stops), key=weight)
    if not np.isfinite(weight(way)):
        return None
    rows = np.array([row[node] for node in way[:-1]])
    found = np.concatenate(graph.trace_back(before, rows, np.array(way[1:])))
    edges = lawful(index.network, found.tolist())
    return _Drive(way[0], way[-1], np.array(edges, np.int32))


def _mode(index: RoadIndex, drive: _Drive) -> InspectionMode:
    lon, lat = index.network.node_lonlat[drive.start].tolist()
    return InspectionMode(drive.start, drive.end, tuple(drive.edges.tolist()), 0.0, lon, lat)


def _share_along(index: RoadIndex, line: BaseGeometry, drive: _Drive) -> float:
    """Return the share of the line that has the driven road within its corridor."""
    start = shapely.points(index.node_xy[[drive.start]])
    driven = shapely.union_all([*index.lines[drive.edges], *start])
    inside = shapely.intersection(line, shapely.buffer(driven, CORRIDOR_M))
    return min(1.0, float(shapely.length(inside) / shapely.length(line)))
