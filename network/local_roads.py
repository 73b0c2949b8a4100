"""The roads around one area, cut into short pieces: where one may turn, and what each piece shows.

Pieces are directed. Places are the ends of pieces: crossings, and cuts along roads in sight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from network.covering_tours import masks_along
from network.road_network import RoadNetwork
from network.snapping import MERGE_M, RoadIndex, RoadPlace

#: Roads in sight are cut at this part of the sight, coarser where there would be too many places.
_CUT_SHARE = 1 / 3
_MOST_PLACES = 400
#: How far around the area roads are looked for; farther where those do not join up.
_MARGINS_M = (1000.0, 4000.0, math.inf)
_BITS = 64


@dataclass(frozen=True)
class Pieces:
    """Directed pieces (k,): local nodes at both ends, metres, the road edge and where along it.

    ``begin`` and ``end`` are metres of the plane along ``edge``; 0 and its length at its ends.
    """

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    metres: NDArray[np.float64]
    edge: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    shows: NDArray[np.uint64]  # (k, w) samples, one bit each


@dataclass(frozen=True)
class LocalRoads:
    """Pieces, places to stop at (local nodes), and the shortest ways between the places."""

    pieces: Pieces
    node_network: NDArray[np.int64]  # network node of each local node, -1 for cuts
    node_xy: NDArray[np.float64]
    places: NDArray[np.int64]  # (p,) local nodes
    metres: NDArray[np.float64]  # (p, p)
    seen: NDArray[np.uint64]  # (p, p, w) on the way from place to place, both included
    before: NDArray[np.int64]  # (p, nodes) the piece by which each node is reached, or -1
    checkpoint_count: int  # so many of the places, the first, are checkpoints

    def pieces_between(self, start: int, end: int) -> list[int]:
        """Return the pieces of the shortest way from one place (by number) to another."""
        node, way = int(self.places[end]), []
        while node != self.places[start]:
            piece = int(self.before[start, node])
            way.append(piece)
            node = int(self.pieces.tail[piece])
        return way[::-1]


def packed(
    who: NDArray[np.int64], what: NDArray[np.int64], rows: int, samples: int
) -> NDArray[np.uint64]:
    """Return (rows, w) words with bit ``what[i]`` of row ``who[i]`` set."""
    words = max(1, -(-samples // _BITS))
    table = np.zeros((rows, words * _BITS), np.uint8)
    table[who, what] = 1
    return np.packbits(table, axis=1, bitorder="little").view(np.uint64)


def local_roads(
    index: RoadIndex,
    back: NDArray[np.int64],
    flat: BaseGeometry,
    samples: NDArray[np.object_],
    sight_m: float,
    checkpoints: Sequence[RoadPlace] = (),
) -> LocalRoads | None:
    """Return the roads around an area; None when no road to stop on comes in sight.

    ``back`` are ``ways_back`` of the network. Checkpoints are places too: the first ones, in
    their order. Raises ValueError when the network is not strongly connected.
    """
    within = index.stoppable_tree.query(flat, predicate="dwithin", distance=sight_m)
    marked = np.array([place.edge for place in checkpoints], np.int64)
    near = np.union1d(index.stoppable[within], marked)
    if len(near) == 0:
        return None
    roads = _roads(index, near, back, checkpoints, sight_m * _CUT_SHARE)
    cut = np.array([[road.edge, road.back] for road in roads], np.int64)
    for margin_m in _MARGINS_M:
        around = index.edges_around(flat, margin_m)
        around[near] = True
        around[cut[cut >= 0]] = False
        others = np.flatnonzero(around)
        try:
            found = _joined_up(index, (others, near), roads, samples, sight_m, checkpoints)
        except _NothingInSightError:
            return None
        if found is not None:
            return found
    raise ValueError("the network is not strongly connected")


def ways_back(network: RoadNetwork) -> NDArray[np.int64]:
    """Return (m,) the edge that is each edge driven the other way, -1 where there is none.

    Told by the ends and by the number and the mean of the points between.
    """
    counts = np.diff(network.shape_start)
    sums = np.add.reduceat(network.shape_lonlat, network.shape_start[:-1], axis=0)
    shape = np.column_stack([counts, np.round(sums / counts[:, None], 9)])
    ends = np.column_stack([network.edge_from, network.edge_to])
    forth = np.column_stack([ends, shape])
    both = np.concatenate([forth, np.column_stack([ends[:, ::-1], shape])])
    _, group = np.unique(both, axis=0, return_inverse=True)
    of_edge, of_reverse = np.split(group.reshape(-1), 2)
    first = np.full(len(both), -1)
    edges = np.arange(network.edge_count)[::-1]
    first[of_edge[::-1]] = edges  # of twins the first edge counts
    back = first[of_reverse]
    return np.where(back == np.arange(network.edge_count), -1, back)


@dataclass(frozen=True)
class _Road:
    """A road in sight: its edge, the edge back or -1, its length in the plane and its cuts."""

    edge: int
    back: int
    length_m: float
    cuts: NDArray[np.float64]


def _roads(
    index: RoadIndex,
    near: NDArray[np.int64],
    back: NDArray[np.int64],
    checkpoints: Sequence[RoadPlace],
    step_m: float,
) -> list[_Road]:
    """Return the roads that are cut: those longer than a step or with a checkpoint on them."""
    marked: dict[int, list[float]] = {}
    for place in checkpoints:
        marked.setdefault(place.edge, []).append(place.along_m)
    roads: list[_Road] = []
    done: set[int] = set()
    lengths = shapely.length(index.lines[near]).tolist()
    for edge, length_m in zip(near.tolist(), lengths, strict=True):
        other = int(back[edge])
        own = [*marked.get(edge, ()), *(length_m - at for at in marked.get(other, ()))]
        if edge in done or (length_m <= step_m and not own):
            continue
        even = np.linspace(0.0, length_m, math.ceil(length_m / step_m) + 1)[1:-1]
        wanted = np.array(sorted({at for at in own if MERGE_M < at < length_m - MERGE_M}))
        if len(wanted):
            even = even[np.abs(even[:, None] - wanted).min(axis=1) > MERGE_M]
        roads.append(_Road(edge, other, length_m, np.sort(np.concatenate([wanted, even]))))
        done |= {edge, other}
    return roads


class _NothingInSightError(Exception):
    """Roads come near an area, but no place on them shows any of its samples."""


def _joined_up(
    index: RoadIndex,
    edges: tuple[NDArray[np.int64], NDArray[np.int64]],
    roads: Sequence[_Road],
    samples: NDArray[np.object_],
    sight_m: float,
    checkpoints: Sequence[RoadPlace],
) -> LocalRoads | None:
    """Return these roads, cut, and other edges, whole; None when they do not join all places.

    ``edges`` are the others, and those in sight on which one may stop.
    """
    others, near = edges
    pieces, node_network, node_xy = _cut_up(index, others, roads, samples, sight_m)
    point_shows = _shown_from(shapely.points(node_xy), samples, sight_m)
    in_sight = np.isin(pieces.edge, near)
    ends = np.unique(np.concatenate([pieces.tail[in_sight], pieces.head[in_sight]]))
    marked = [_node_at(pieces, place) for place in checkpoints]
    marked = list(dict.fromkeys(marked))
    ends = np.setdiff1d(ends[point_shows[ends].any(axis=1)], marked)
    places = np.concatenate([marked, _thinned(ends, node_xy, point_shows)]).astype(np.int64)
    if len(places) == 0:
        raise _NothingInSightError
    metres, seen, before = _ways(pieces, len(node_network), places, point_shows)
    if not np.isfinite(metres).all():
        return None
    return LocalRoads(pieces, node_network, node_xy, places, metres, seen, before, len(marked))


def _cut_up(
    index: RoadIndex,
    others: NDArray[np.int64],
    roads: Sequence[_Road],
    samples: NDArray[np.object_],
    sight_m: float,
) -> tuple[Pieces, NDArray[np.int64], NDArray[np.float64]]:
    """Return all pieces, the other edges first; each local node's network node (or -1), place."""
    network = index.network
    used = np.concatenate([others, [road.edge for road in roads]]).astype(np.int64)
    ends = np.unique(np.concatenate([network.edge_from[used], network.edge_to[used]]))
    node_xy = [index.node_xy[ends]]
    lines = [index.lines[others]]
    parts = [
        (
            np.searchsorted(ends, network.edge_from[others]),
            np.searchsorted(ends, network.edge_to[others]),
            network.edge_length_m[others],
            others,
            np.zeros(len(others)),
            shapely.length(index.lines[others]),
        )
    ]
    count = len(ends)
    for road in roads:
        first, last = np.searchsorted(
            ends, [network.edge_from[road.edge], network.edge_to[road.edge]]
        )
        nodes = np.concatenate([[first], count + np.arange(len(road.cuts)), [last]])
        count += len(road.cuts)
        along = index.along(road.edge)
        bounds = np.concatenate([[0.0], road.cuts, [road.length_m]])
        start, after = network.shape_start[road.edge], network.shape_start[road.edge + 1]
        shape = index.shape_xy[start:after]
        corners = np.column_stack([np.interp(bounds, along, shape[:, axis]) for axis in (0, 1)])
        node_xy.append(corners[1:-1])
        cut_lines = _lines_between(bounds, corners, along, shape)
        metres = np.diff(bounds) * (float(network.edge_length_m[road.edge]) / road.length_m)
        owner = np.full(len(metres), road.edge)
        parts.append((nodes[:-1], nodes[1:], metres, owner, bounds[:-1], bounds[1:]))
        lines.append(cut_lines)
        if road.back >= 0:
            there = (road.length_m - bounds)[::-1]
            back = np.full(len(metres), road.back)
            parts.append(
                (nodes[::-1][:-1], nodes[::-1][1:], metres[::-1], back, there[:-1], there[1:])
            )
            lines.append(cut_lines[::-1])
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    tail, head, edge = (column.astype(np.int64) for column in (*columns[:2], columns[3]))
    shows = _shown_from(np.concatenate(lines), samples, sight_m)
    pieces = Pieces(tail, head, columns[2], edge, columns[4], columns[5], shows)
    node_network = np.concatenate([ends, np.full(count - len(ends), -1)]).astype(np.int64)
    return pieces, node_network, np.concatenate(node_xy)


def _lines_between(
    bounds: NDArray[np.float64],
    corners: NDArray[np.float64],
    along: NDArray[np.float64],
    shape: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Return the parts of a line between bounds along it, whose places are ``corners``."""
    inside = (along > 0) & (along < along[-1]) & ~np.isin(along, bounds)
    owner = np.searchsorted(bounds, along[inside]) - 1
    number = np.arange(len(bounds) - 1)
    where = np.concatenate([number, owner, number])
    at = np.concatenate([bounds[:-1], along[inside], bounds[1:]])
    xy = np.concatenate([corners[:-1], shape[inside], corners[1:]])
    order = np.lexsort((at, where))
    lines: NDArray[np.object_] = shapely.linestrings(xy[order], indices=where[order])
    return lines


def _shown_from(
    shapes: NDArray[np.object_], samples: NDArray[np.object_], sight_m: float
) -> NDArray[np.uint64]:
    what, who = shapely.STRtree(shapes).query(samples, predicate="dwithin", distance=sight_m)
    return packed(who, what, len(shapes), len(samples))


def _node_at(pieces: Pieces, place: RoadPlace) -> int:
    """Return the local node nearest to a place along its edge."""
    own = np.flatnonzero(pieces.edge == place.edge)
    off_m = np.abs(np.concatenate([pieces.begin[own], pieces.end[own]]) - place.along_m)
    nodes = np.concatenate([pieces.tail[own], pieces.head[own]])
    return int(nodes[np.argmin(off_m)])


def _thinned(
    nodes: NDArray[np.int64], node_xy: NDArray[np.float64], shows: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Return the nodes; when they are too many, of each cell of a grid the one that shows most."""
    order = nodes[np.argsort(-np.bitwise_count(shows[nodes]).sum(axis=1), kind="stable")]
    kept, cell_m = order, 20.0
    while len(kept) > _MOST_PLACES:
        cells = np.floor(node_xy[order] / cell_m)
        kept = order[np.unique(cells, axis=0, return_index=True)[1]]
        cell_m *= 1.2
    return np.sort(kept)


def _ways(
    pieces: Pieces, node_count: int, places: NDArray[np.int64], point_shows: NDArray[np.uint64]
) -> tuple[NDArray[np.float64], NDArray[np.uint64], NDArray[np.int64]]:
    """Return metres and what is seen between places, and by which piece each node is reached."""
    keys = pieces.tail * node_count + pieces.head
    order = np.lexsort((pieces.metres, keys))
    keys, first = np.unique(keys[order], return_index=True)
    lightest = order[first]
    ends = (pieces.tail[lightest], pieces.head[lightest])
    graph = csr_array((pieces.metres[lightest], ends), shape=(node_count, node_count))
    found, previous = dijkstra(graph, indices=places, return_predecessors=True)
    previous = previous.astype(np.int64)
    at = np.searchsorted(keys, previous * node_count + np.arange(node_count))
    by = np.where(previous >= 0, lightest[at.clip(max=len(keys) - 1)], -1)
    words = pieces.shows.shape[1]
    seen = np.zeros((len(places), len(places), words), np.uint64)
    masks_along(places, previous, by, pieces.shows, point_shows[places], seen)
    return found[:, places], seen, by
