"""A network under weights for scipy's Dijkstra, and the edges of the ways that it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.road_network import RoadNetwork
from network.turn_graph import NO_EDGE, TurnGraph, turn_graph


@dataclass(frozen=True)
class WeightedGraph:
    """A turn graph for csgraph: of parallel steps only the lightest, closed ones left out."""

    turns: TurnGraph
    matrix: csr_array  # (s, s)
    keys: NDArray[np.int64]  # from * s + to, rising
    edges: NDArray[np.int32]  # the road edge behind each key

    def search(
        self, sources: Sequence[int] | NDArray[np.integer]
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return (i, n) least weights from nodes to all nodes, and predecessors of states."""
        found, before = dijkstra(self.matrix, indices=sources, return_predecessors=True)
        return found[:, self.turns.arrival], before

    def weights_between(
        self, sources: Sequence[int] | NDArray[np.integer], targets: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return (i, t) least weights between nodes."""
        found: NDArray[np.float64] = dijkstra(self.matrix, indices=sources)
        return found[:, self.turns.arrival[targets]]

    def trace_back(
        self, before: NDArray[np.int32], rows: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> list[NDArray[np.int32]]:
        """Return the edges of each way to node ``ends[i]``, by row ``rows[i]`` of ``before``.

        All ways take a step back together, so that the cost is that of the longest one.
        """
        state = self.turns.arrival[ends].astype(np.int64)
        way = np.arange(len(ends))
        steps: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []
        while len(way):
            previous = before[rows[way], state].astype(np.int64)
            going = previous >= 0
            way, previous, state = way[going], previous[going], state[going]
            keys = previous * self.matrix.shape[0] + state
            steps.append((way, self.edges[np.searchsorted(self.keys, keys)]))
            state = previous
        if not steps:
            return []
        owner = np.concatenate([which for which, _ in steps])[::-1]
        edges = np.concatenate([edge for _, edge in steps])[::-1]
        driven = edges != NO_EDGE
        owner, edges = owner[driven], edges[driven]
        order = np.argsort(owner, kind="stable")
        bounds = np.searchsorted(owner[order], np.arange(1, len(ends)))
        return np.split(edges[order], bounds)


def weighted_graph(turns: TurnGraph, step_weights: NDArray[np.float64]) -> WeightedGraph:
    """Return the graph of all steps of finite weight (zero is a weight like any other)."""
    size = len(turns.state_node)
    usable = np.flatnonzero(np.isfinite(step_weights))
    keys = turns.step_from[usable].astype(np.int64) * size + turns.step_to[usable]
    order = np.lexsort((step_weights[usable], keys))  # stable: of equals the first step
    keys = keys[order]
    first = np.ones(len(order), bool)
    first[1:] = keys[1:] != keys[:-1]
    chosen = usable[order[first]]
    row_start = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(turns.step_from[chosen], minlength=size), out=row_start[1:])
    matrix = csr_array((step_weights[chosen], turns.step_to[chosen], row_start), shape=(size, size))
    return WeightedGraph(turns, matrix, keys[first], turns.step_edge[chosen])


def weighted(network: RoadNetwork, weights: NDArray[np.float64]) -> WeightedGraph:
    """Return the whole network under these weights, one per edge, without its forbidden turns."""
    turns = turn_graph(network)
    return weighted_graph(turns, turns.step_weights(weights))
