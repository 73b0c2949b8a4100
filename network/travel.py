"""Travel between nodes: whole seconds many-to-many, and paths with their geometry (scipy csgraph).

Seconds are rounded up once, here; everything that plans or audits uses these numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.road_network import RoadNetwork

#: Seconds between nodes that no open road joins.
NO_PATH: Final = -1

#: Cells of one distance block: 4 million float64 and predecessors are some 50 MB.
_BLOCK_CELLS: Final = 4_000_000
#: Sums of floats that differ by less than this are the same whole second.
_ROUNDING_SECONDS: Final = 1e-6


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


@dataclass(frozen=True)
class EdgeGraph:
    """A network weighted for csgraph: of parallel edges only the cheapest, closed ones left out."""

    matrix: csr_array
    keys: NDArray[np.int64]  # from * n + to, rising
    edges: NDArray[np.int32]  # the edge behind each key

    def edges_between(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the edge from each start node to each end node (neighbours on a path)."""
        n = self.matrix.shape[0]
        found: NDArray[np.int32] = self.edges[np.searchsorted(self.keys, start * n + end)]
        return found


def edge_graph(
    node_count: int,
    edge_from: NDArray[np.int32],
    edge_to: NDArray[np.int32],
    weights: NDArray[np.float64],
) -> EdgeGraph:
    """Return the graph of all edges of finite weight (zero is a weight like any other)."""
    open_edges = np.flatnonzero(np.isfinite(weights))
    keys = edge_from[open_edges].astype(np.int64) * node_count + edge_to[open_edges]
    order = np.lexsort((weights[open_edges], keys))  # stable: of equals the first edge
    keys = keys[order]
    first = np.ones(len(order), bool)
    first[1:] = keys[1:] != keys[:-1]
    chosen = open_edges[order[first]]
    row_start = np.zeros(node_count + 1, np.int32)
    np.cumsum(np.bincount(edge_from[chosen], minlength=node_count), out=row_start[1:])
    matrix = csr_array(
        (weights[chosen], edge_to[chosen].astype(np.int32), row_start),
        shape=(node_count, node_count),
    )
    return EdgeGraph(matrix, keys[first], chosen.astype(np.int32))


def weighted(network: RoadNetwork, weights: NDArray[np.float64]) -> EdgeGraph:
    """Return the whole network as a graph with these weights, one per edge."""
    return edge_graph(network.node_count, network.edge_from, network.edge_to, weights)


def whole_seconds(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round up to whole seconds; infinite becomes NO_PATH."""
    reachable = np.isfinite(seconds)
    rounded = np.ceil(np.where(reachable, seconds, 0.0) - _ROUNDING_SECONDS)
    return np.where(reachable, np.maximum(rounded, 0.0), NO_PATH).astype(np.int64)


def travel_seconds(
    network: RoadNetwork,
    seconds: NDArray[np.float64],
    sources: Sequence[int] | NDArray[np.integer],
    targets: Sequence[int] | NDArray[np.integer],
) -> NDArray[np.int64]:
    """Return (s, t) least whole seconds from each source to each target node, NO_PATH if none."""
    graph = weighted(network, seconds).matrix
    wanted = np.asarray(targets, np.int64)
    unique, row_of = np.unique(np.asarray(sources, np.int64), return_inverse=True)
    found = np.empty((len(unique), len(wanted)), np.int64)
    block = max(1, _BLOCK_CELLS // network.node_count)
    for start in range(0, len(unique), block):
        rows = slice(start, start + block)
        found[rows] = whole_seconds(dijkstra(graph, indices=unique[rows])[:, wanted])
    return found[row_of]


def shortest_paths(
    network: RoadNetwork, seconds: NDArray[np.float64], pairs: Sequence[tuple[int, int]]
) -> tuple[RoadPath, ...]:
    """Return the fastest path of each (from, to) pair of nodes, in order; equal pairs share one."""
    graph = weighted(network, seconds)
    unique = sorted(set(pairs))
    sources = sorted({start for start, _ in unique})
    block = max(1, _BLOCK_CELLS // network.node_count)
    paths: dict[tuple[int, int], RoadPath] = {}
    for first in range(0, len(sources), block):
        chunk = sources[first : first + block]
        low, high = chunk[0], chunk[-1]
        mine = [pair for pair in unique if low <= pair[0] <= high]
        costs, before = dijkstra(graph.matrix, indices=chunk, return_predecessors=True)
        rows = np.searchsorted(chunk, [start for start, _ in mine])
        ends = np.array([end for _, end in mine], np.int64)
        whole = whole_seconds(costs[rows, ends])
        for pair, total, edges in zip(
            mine, whole.tolist(), trace_back(graph, before, rows, ends), strict=True
        ):
            paths[pair] = _road_path(network, pair, total, edges)
    return tuple(paths[pair] for pair in pairs)


def trace_back(
    graph: EdgeGraph,
    before: NDArray[np.int32],
    rows: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> list[NDArray[np.int32]]:
    """Return the edges of each path to ``ends[i]`` in the predecessor table's row ``rows[i]``.

    All paths take a step back together, so that the cost is that of the longest one.
    """
    node = ends.copy()
    path = np.arange(len(ends))
    steps: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []
    while len(path):
        previous = before[rows[path], node].astype(np.int64)
        going = previous >= 0
        path, previous, node = path[going], previous[going], node[going]
        steps.append((path, graph.edges_between(previous, node)))
        node = previous
    if not steps:
        return []
    owner = np.concatenate([which for which, _ in steps])[::-1]
    edges = np.concatenate([edge for _, edge in steps])[::-1]
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(1, len(ends)))
    return np.split(edges[order], bounds)


def _road_path(
    network: RoadNetwork, pair: tuple[int, int], seconds: int, edges: NDArray[np.int32]
) -> RoadPath:
    if seconds == NO_PATH:
        return RoadPath(edges, NO_PATH, float("inf"), np.empty((0, 2)))
    if len(edges) == 0:
        return RoadPath(edges, 0, 0.0, network.node_lonlat[[pair[0], pair[0]]])
    length_m = float(network.edge_length_m[edges].sum())
    return RoadPath(edges, seconds, length_m, join_shapes(network, edges))


def join_shapes(
    network: RoadNetwork, edges: NDArray[np.int32] | Sequence[int]
) -> NDArray[np.float64]:
    """Return the (p, 2) lon/lat shape of edges driven one after the other, joints once."""
    shapes = [network.edge_shape(edge) for edge in np.asarray(edges, np.int64).tolist()]
    if not shapes:
        return np.empty((0, 2))
    return np.concatenate([shapes[0], *(shape[1:] for shape in shapes[1:])])
