"""Edges of a network found again after it was split: each as the chain of its parts."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from network.road_network import RoadNetwork

_SAME_M = 1e-3


class SplitEdges:
    """A network and the same with more nodes, as ``split_at`` makes it; old nodes keep numbers."""

    def __init__(self, old: RoadNetwork, new: RoadNetwork) -> None:
        self._old, self._new = old, new
        self._chains: dict[int, list[int]] = {}

    @cached_property
    def _leaving(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        order = np.argsort(self._new.edge_from, kind="stable")
        first = np.searchsorted(self._new.edge_from[order], np.arange(self._new.node_count + 1))
        return order, first

    def _edges_from(self, node: int) -> list[int]:
        order, first = self._leaving
        edges: list[int] = order[first[node] : first[node + 1]].tolist()
        return edges

    def chain(self, edge: int) -> list[int]:
        """Return the new edges that an old one has become, in order.

        Raises ValueError when it is not among them.
        """
        if edge not in self._chains:
            self._chains[edge] = self._found(edge)
        return self._chains[edge]

    def between(self, edge: int, start: int, end: int) -> list[int]:
        """Return the part of an old edge between two nodes on it (new numbers)."""
        chain = self.chain(edge)
        nodes = [int(self._new.edge_from[chain[0]]), *self._new.edge_to[chain].tolist()]
        first = nodes.index(start)
        after = len(nodes) - 1 - nodes[::-1].index(end)
        return chain[first:after]

    def _found(self, edge: int) -> list[int]:
        old, new = self._old, self._new
        end, length_m = int(old.edge_to[edge]), float(old.edge_length_m[edge])
        for first in self._edges_from(int(old.edge_from[edge])):
            chain = self._followed(first)
            same = abs(float(new.edge_length_m[chain].sum()) - length_m) < _SAME_M
            if same and int(new.edge_to[chain[-1]]) == end:
                return chain
        raise ValueError(f"edge {edge} is not in the split network")

    def _followed(self, first: int) -> list[int]:
        """Return an edge and, past new nodes, those straight on, up to an old node."""
        new, chain = self._new, [first]
        while int(new.edge_to[chain[-1]]) >= self._old.node_count:
            back = new.edge_shape(chain[-1])[::-1]
            onward = self._edges_from(int(new.edge_to[chain[-1]]))
            chain.append(next(e for e in onward if not np.array_equal(new.edge_shape(e), back)))
        return chain
