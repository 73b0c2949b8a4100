"""Snap places onto roads exactly: find the nearest point of an edge, split edge and way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from network.build import ranges, starts_of
from network.metric import LocalMetric, metric_of
from network.road_network import ROAD_CLASSES, RoadNetwork

#: Places closer than this along one road share a node.
MERGE_M = 0.5
_HEADING_M = 5.0
_T = TypeVar("_T", bound=np.generic)
_MOTORWAY = ROAD_CLASSES.index("motorway")


@dataclass(frozen=True)
class RoadPlace:
    """A place on an edge, ``along_m`` metres of the plane from its start, off by ``distance_m``."""

    edge: int
    along_m: float
    distance_m: float


@dataclass(frozen=True)
class RoadIndex:
    """The edges of a network as lines in the plane, indexed for nearness."""

    network: RoadNetwork

    @cached_property
    def metric(self) -> LocalMetric:
        """The plane all distances are measured in."""
        return metric_of(self.network)

    @cached_property
    def shape_xy(self) -> NDArray[np.float64]:
        """All shape points in the plane."""
        return self.metric.xy(self.network.shape_lonlat)

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """One line per edge."""
        owner = np.repeat(np.arange(self.network.edge_count), np.diff(self.network.shape_start))
        lines: NDArray[np.object_] = shapely.linestrings(self.shape_xy, indices=owner)
        return lines

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of all lines."""
        return shapely.STRtree(self.lines)

    @cached_property
    def stoppable(self) -> NDArray[np.int64]:
        """Edges one may stop on: all but motorways, or all where there is nothing else."""
        edges = np.flatnonzero(self.network.edge_class != _MOTORWAY)
        return edges if len(edges) else np.arange(self.network.edge_count)

    @cached_property
    def stoppable_tree(self) -> shapely.STRtree:
        """Index of the lines of ``stoppable``, by position in it."""
        return shapely.STRtree(self.lines[self.stoppable])

    @cached_property
    def node_xy(self) -> NDArray[np.float64]:
        """All nodes in the plane."""
        return self.metric.xy(self.network.node_lonlat)

    def edges_around(self, flat: BaseGeometry, margin_m: float) -> NDArray[np.bool_]:
        """Return (m,) whether both ends of an edge lie within a margin of a geometry's extent."""
        low_x, low_y, high_x, high_y = flat.bounds
        x, y = self.node_xy.T
        inside = (x >= low_x - margin_m) & (x <= high_x + margin_m)
        inside &= (y >= low_y - margin_m) & (y <= high_y + margin_m)
        around: NDArray[np.bool_] = inside[self.network.edge_from] & inside[self.network.edge_to]
        return around

    def along(self, edge: int) -> NDArray[np.float64]:
        """Return metres along ``edge`` of each of its shape points."""
        xy = self.shape_xy[self.network.shape_start[edge] : self.network.shape_start[edge + 1]]
        return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])

    @cached_property
    def is_one_way(self) -> NDArray[np.bool_]:
        """Whether no edge leads back from an edge's end to its start (m,)."""
        n = self.network.node_count
        start, end = self.network.edge_from.astype(np.int64), self.network.edge_to
        one_way: NDArray[np.bool_] = ~np.isin(start * n + end, end.astype(np.int64) * n + start)
        return one_way

    def place_on(self, edge: int, flat: BaseGeometry) -> RoadPlace:
        """Return the place on an edge nearest to a geometry of the plane."""
        line = self.lines[edge]
        _, on_road = shapely.shortest_line(flat, line).coords
        along = float(shapely.line_locate_point(line, Point(on_road)))
        return RoadPlace(edge, along, float(shapely.distance(flat, line)))

    def nearest(self, flat: BaseGeometry) -> RoadPlace:
        """Return the place nearest to a geometry of the plane to stop at; of equals the first."""
        edge = int(self.stoppable[self.stoppable_tree.query_nearest(flat).min()])
        return self.place_on(edge, flat)

    def heading(self, place: RoadPlace) -> NDArray[np.float64]:
        """Return which way a place's edge runs there, as x and y."""
        around = [place.along_m - _HEADING_M, place.along_m + _HEADING_M]
        line = self.lines[place.edge]
        ends = shapely.line_interpolate_point(line, np.clip(around, 0.0, line.length))
        difference: NDArray[np.float64] = np.diff(shapely.get_coordinates(ends), axis=0)[0]
        return difference


def way_back(network: RoadNetwork, edge: int, candidates: Iterable[int]) -> int | None:
    """Return the edge among ``candidates`` that is ``edge`` driven the other way, if there is."""
    shape = network.edge_shape(edge)[::-1]
    for other in candidates:
        if other != edge and np.array_equal(network.edge_shape(other), shape):
            return other
    return None


@dataclass(frozen=True)
class _Cut:
    """One road (an edge and its way back, if any) and where it is cut; ``node`` per place."""

    edge: int
    back: int | None
    along: NDArray[np.float64]
    cuts: list[float]
    nodes: list[int]


def split_at(index: RoadIndex, places: Sequence[RoadPlace]) -> tuple[RoadNetwork, tuple[int, ...]]:
    """Return the network with a node at each place, and those nodes in the order of ``places``.

    Places within ``MERGE_M`` of a node or of each other share it. Lengths and speeds of the parts
    add up to those of the whole; edges left whole come first, in their order. A forbidden turn
    holds between the last part of its first edge and the first part of its second.
    """
    network = index.network
    starting: dict[tuple[int, int], list[int]] = {}
    ends = zip(network.edge_from.tolist(), network.edge_to.tolist(), strict=True)
    for edge, pair in enumerate(ends):
        starting.setdefault(pair, []).append(edge)
    roads: dict[int, list[tuple[float, int]]] = {}
    backs: dict[int, int | None] = {}
    for number, place in enumerate(places):
        edge, along_m = place.edge, place.along_m
        pair = (int(network.edge_to[edge]), int(network.edge_from[edge]))
        back = way_back(network, edge, starting.get(pair, ()))
        if back is not None and back < edge:
            length = float(index.along(edge)[-1])
            edge, back, along_m = back, edge, length - along_m
        roads.setdefault(edge, []).append((along_m, number))
        backs[edge] = back
    nodes = [0] * len(places)
    cuts: list[_Cut] = []
    next_node = network.node_count
    for edge in sorted(roads):
        cut = _cut_road(index, edge, backs[edge], sorted(roads[edge]), next_node, nodes)
        next_node += len(cut.cuts)
        if cut.cuts:
            cuts.append(cut)
    return _with_cuts(network, cuts), tuple(nodes)


def _cut_road(
    index: RoadIndex,
    edge: int,
    back: int | None,
    wishes: list[tuple[float, int]],
    next_node: int,
    nodes: list[int],
) -> _Cut:
    """Decide the cuts of one road and write each place's node into ``nodes``."""
    network = index.network
    along = index.along(edge)
    cuts: list[float] = []
    for at, number in wishes:
        if at < MERGE_M:
            nodes[number] = int(network.edge_from[edge])
        elif at > along[-1] - MERGE_M:
            nodes[number] = int(network.edge_to[edge])
        else:
            if not cuts or at - cuts[-1] > MERGE_M:
                cuts.append(at)
            nodes[number] = next_node + len(cuts) - 1
    return _Cut(edge, back, along, cuts, [next_node + i for i in range(len(cuts))])


def _with_cuts(network: RoadNetwork, cuts: list[_Cut]) -> RoadNetwork:
    if not cuts:
        return network
    parts: list[tuple[int, int, int, float, NDArray[np.float64]]] = []
    new_lonlat: list[NDArray[np.float64]] = []
    for cut in cuts:
        pieces = _pieces(network, cut)
        new_lonlat.extend(shape[-1] for *_, shape in pieces[:-1])
        parts.extend((cut.edge, *piece) for piece in pieces)
        if cut.back is not None:
            parts.extend(
                (cut.back, end, start, length_m, shape[::-1])
                for start, end, length_m, shape in reversed(pieces)
            )
    whole = np.ones(network.edge_count, bool)
    origin = np.array([part[0] for part in parts])
    whole[origin] = False
    counts = np.diff(network.shape_start)[whole]
    part_counts = np.array([len(part[4]) for part in parts])
    kept_shape = network.shape_lonlat[ranges(network.shape_start[:-1][whole], counts)]
    parents = np.concatenate([np.flatnonzero(whole), origin])
    return replace(
        network,
        node_lonlat=np.concatenate([network.node_lonlat, np.array(new_lonlat)]),
        edge_from=_joined(network.edge_from[whole], [part[1] for part in parts]),
        edge_to=_joined(network.edge_to[whole], [part[2] for part in parts]),
        edge_length_m=_joined(network.edge_length_m[whole], [part[3] for part in parts]),
        edge_class=network.edge_class[parents],
        edge_maxspeed_kmh=network.edge_maxspeed_kmh[parents],
        edge_name=network.edge_name[parents],
        shape_start=starts_of(np.concatenate([counts, part_counts])),
        shape_lonlat=np.concatenate([kept_shape, *(part[4] for part in parts)]),
        forbidden_turns=_turns_between_parts(network, parents),
        edge_way=network.edge_way[parents],
        edge_marks=network.edge_marks[parents],
        edge_closure=network.edge_closure[parents],
    )


def _turns_between_parts(network: RoadNetwork, parents: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the forbidden turns of a split network; ``parents`` (m,) are its edges' origins.

    The parts of an edge stand in the order in which they are driven.
    """
    numbers = np.arange(len(parents), dtype=np.int32)
    first = np.empty(network.edge_count, np.int32)
    last = np.empty(network.edge_count, np.int32)
    last[parents] = numbers  # of equal indices numpy keeps the value assigned last
    first[parents[::-1]] = numbers[::-1]
    turns = np.column_stack(
        [last[network.forbidden_turns[:, 0]], first[network.forbidden_turns[:, 1]]]
    )
    return turns[np.lexsort(turns.T[::-1])]


def _joined(kept: NDArray[_T], added: Sequence[float]) -> NDArray[_T]:
    return np.concatenate([kept, np.array(added, kept.dtype)])


def _pieces(network: RoadNetwork, cut: _Cut) -> list[tuple[int, int, float, NDArray[np.float64]]]:
    """Return from-node, to-node, length and shape of the parts of the cut edge, in order."""
    shape = network.edge_shape(cut.edge)
    bounds = [0.0, *cut.cuts, float(cut.along[-1])]
    nodes = [int(network.edge_from[cut.edge]), *cut.nodes, int(network.edge_to[cut.edge])]
    scale = float(network.edge_length_m[cut.edge]) / float(cut.along[-1])
    corners = np.column_stack([np.interp(bounds, cut.along, shape[:, axis]) for axis in (0, 1)])
    corners[0], corners[-1] = shape[0], shape[-1]
    pieces = []
    for number, (start, stop) in enumerate(pairwise(bounds)):
        inside = shape[(cut.along > start) & (cut.along < stop)]
        line = np.concatenate(
            [corners[number : number + 1], inside, corners[number + 1 : number + 2]]
        )
        pieces.append((nodes[number], nodes[number + 1], (stop - start) * scale, line))
    return pieces
