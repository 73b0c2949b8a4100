"""Travel between nodes: whole seconds many-to-many, and paths with their geometry.

By contraction hierarchies where the optional package is installed, else by scipy's Dijkstra: both
add whole milliseconds, so that they agree to the last. Seconds are rounded up once, here;
everything that plans or audits uses these numbers. Forbidden turns are never taken on the way; what
is turned at the place itself, between one way and the next, is the driver's affair.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from network.build import ranges
from network.hierarchy import Hierarchy, can_build
from network.road_network import RoadNetwork
from network.turn_graph import NO_EDGE, TurnCosts, TurnGraph, turn_graph
from network.weighted_graph import WeightedGraph, weighted_graph

#: Seconds between nodes that no open road joins.
NO_PATH: Final = -1

#: Cells of one distance block: 4 million float64 and predecessors are some 50 MB.
_BLOCK_CELLS: Final = 4_000_000
#: Sums of floats that differ by less than this are the same whole second.
_ROUNDING_SECONDS: Final = 1e-6
#: With fewer sources the hierarchy takes longer to build than it saves.
_MANY_SOURCES: Final = 100


@dataclass(frozen=True)
class RoadPath:
    """A fastest path: directed edges in order, whole seconds, metres, (p, 2) lon/lat shape.

    From a node to itself: no edges, zero seconds, its place twice. Unreachable: ``NO_PATH``
    seconds, no edges, infinite length, empty shape.
    """

    edges: NDArray[np.int32]
    seconds: int
    length_m: float
    shape_lonlat: NDArray[np.float64]


class Travel:
    """Travel on one network: what does not depend on speeds is worked out once for all seasons.

    ``hierarchy`` says whether to use the optional package: by default where it is installed, for
    paths from many sources, and for tables once many have been asked for.
    """

    def __init__(
        self,
        network: RoadNetwork,
        costs: TurnCosts | None = None,
        *,
        hierarchy: bool | None = None,
    ) -> None:
        self.network = network
        self._costs = costs
        self._use_hierarchy = hierarchy
        self._sources_asked = 0

    @cached_property
    def turns(self) -> TurnGraph:
        """The network's graph without forbidden turns."""
        return turn_graph(self.network, self._costs)

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        turns = self.turns
        lonlat = self.network.node_lonlat[turns.state_node]
        return Hierarchy(turns.step_from, turns.step_to, lonlat)

    def seconds(
        self,
        edge_seconds: NDArray[np.float64],
        sources: Sequence[int] | NDArray[np.integer],
        targets: Sequence[int] | NDArray[np.integer],
    ) -> NDArray[np.int64]:
        """Return (s, t) least whole seconds from each source to each target, NO_PATH if none."""
        wanted = np.asarray(targets, np.int64)
        unique, row_of = np.unique(np.asarray(sources, np.int64), return_inverse=True)
        weights = self._milliseconds(edge_seconds)
        self._sources_asked += len(unique)
        if self._by_hierarchy(self._sources_asked):  # either way the seconds are the same
            self._hierarchy.put_on(weights)
            arrivals = self.turns.arrival[wanted].tolist()
            found = whole_seconds(self._hierarchy.table(unique.tolist(), arrivals) / 1000)
            return found[row_of]
        graph = weighted_graph(self.turns, weights)
        found = np.empty((len(unique), len(wanted)), np.int64)
        for rows in self._blocks(len(unique)):
            found[rows] = whole_seconds(graph.weights_between(unique[rows], wanted) / 1000)
        return found[row_of]

    def paths(
        self, edge_seconds: NDArray[np.float64], pairs: Sequence[tuple[int, int]]
    ) -> tuple[RoadPath, ...]:
        """Return the fastest path of each (from, to) pair of nodes; equal pairs share one."""
        unique = sorted(set(pairs))
        weights = self._milliseconds(edge_seconds)
        if self._by_hierarchy(len({start for start, _ in unique})):
            ways = self._ways_by_hierarchy(weights, unique)
        else:
            ways = self._ways_by_search(weighted_graph(self.turns, weights), unique)
        paths = {pair: _road_path(self.network, pair, total, edges) for pair, total, edges in ways}
        return tuple(paths[pair] for pair in pairs)

    def _milliseconds(self, edge_seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        turns = self.turns
        return np.rint((turns.step_weights(edge_seconds) + turns.turn_seconds) * 1000)

    def _by_hierarchy(self, source_count: int) -> bool:
        if self._use_hierarchy is None:
            return source_count >= _MANY_SOURCES and can_build()
        return self._use_hierarchy

    def _blocks(self, row_count: int) -> Iterator[slice]:
        block = max(1, _BLOCK_CELLS // len(self.turns.state_node))
        return (slice(start, start + block) for start in range(0, row_count, block))

    def _ways_by_hierarchy(
        self, weights: NDArray[np.float64], pairs: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[tuple[int, int], float, NDArray[np.int32]]]:
        self._hierarchy.put_on(weights)
        arrival, step_edge = self.turns.arrival.tolist(), self.turns.step_edge
        for start, end in pairs:
            total, steps = self._hierarchy.steps(start, arrival[end])
            edges = step_edge[np.array(steps, np.int64)]
            yield (start, end), total, edges[edges != NO_EDGE]

    def _ways_by_search(
        self, graph: WeightedGraph, pairs: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[tuple[int, int], float, NDArray[np.int32]]]:
        sources = sorted({start for start, _ in pairs})
        for rows in self._blocks(len(sources)):
            chunk = sources[rows]
            mine = [pair for pair in pairs if chunk[0] <= pair[0] <= chunk[-1]]
            found, before = graph.search(chunk)
            at = np.searchsorted(chunk, [start for start, _ in mine])
            ends = np.array([end for _, end in mine], np.int64)
            yield from zip(
                mine, found[at, ends].tolist(), graph.trace_back(before, at, ends), strict=True
            )


#: Travel on the network asked about last: the seasons of a county share its order.
_recent: list[Travel] = []


def _travel_on(network: RoadNetwork) -> Travel:
    if not _recent or _recent[0].network is not network:
        _recent[:] = [Travel(network)]
    return _recent[0]


def travel_seconds(
    network: RoadNetwork,
    seconds: NDArray[np.float64],
    sources: Sequence[int] | NDArray[np.integer],
    targets: Sequence[int] | NDArray[np.integer],
) -> NDArray[np.int64]:
    """Return (s, t) least whole seconds from each source to each target node, NO_PATH if none."""
    return _travel_on(network).seconds(seconds, sources, targets)


def shortest_paths(
    network: RoadNetwork, seconds: NDArray[np.float64], pairs: Sequence[tuple[int, int]]
) -> tuple[RoadPath, ...]:
    """Return the fastest path of each (from, to) pair of nodes, in order; equal pairs share one."""
    return _travel_on(network).paths(seconds, pairs)


def whole_seconds(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round up to whole seconds; infinite becomes NO_PATH."""
    reachable = np.isfinite(seconds)
    rounded = np.ceil(np.where(reachable, seconds, 0.0) - _ROUNDING_SECONDS)
    return np.where(reachable, np.maximum(rounded, 0.0), NO_PATH).astype(np.int64)


def _road_path(
    network: RoadNetwork, pair: tuple[int, int], milliseconds: float, edges: NDArray[np.int32]
) -> RoadPath:
    if not math.isfinite(milliseconds):
        return RoadPath(edges, NO_PATH, float("inf"), np.empty((0, 2)))
    if len(edges) == 0:
        return RoadPath(edges, 0, 0.0, network.node_lonlat[[pair[0], pair[0]]])
    seconds = int(whole_seconds(np.array([milliseconds / 1000]))[0])
    length_m = float(network.edge_length_m[edges].sum())
    return RoadPath(edges, seconds, length_m, join_shapes(network, edges))


def join_shapes(
    network: RoadNetwork, edges: NDArray[np.int32] | Sequence[int]
) -> NDArray[np.float64]:
    """Return the (p, 2) lon/lat shape of edges driven one after the other, joints once."""
    chosen = np.asarray(edges, np.int64)
    if len(chosen) == 0:
        return np.empty((0, 2))
    first, after = network.shape_start[chosen], network.shape_start[chosen + 1]
    first[1:] += 1  # the joint is the end of the edge before
    return network.shape_lonlat[ranges(first, after - first)]
