"""Edges of a network found again after it was split: as chains of its parts."""

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
        self._chains: dict[int, list[list[int]]] = {}

    @cached_property
    def _leaving(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        order = np.argsort(self._new.edge_from, kind="stable")
        first = np.searchsorted(self._new.edge_from[order], np.arange(self._new.node_count + 1))
        return order, first

    def _edges_from(self, node: int) -> list[int]:
        order, first = self._leaving
        edges: list[int] = order[first[node] : first[node + 1]].tolist()
        return edges

    def chains(self, edge: int) -> list[list[int]]:
        """Return the new edges, in order, that an old one has become.

        More than one where roads of one length join its ends: one drawn twice, a loop both ways.
        Raises ValueError when it is not among them.
        """
        if edge not in self._chains:
            self._chains[edge] = self._found(edge)
        return self._chains[edge]

    def between(self, edge: int, start: int, end: int) -> list[int]:
        """Return the part of an old edge from one node on it to another (new numbers).

        Raises ValueError when it does not lead from one to the other.
        """
        for chain in self.chains(edge):
            nodes = [int(self._new.edge_from[chain[0]]), *self._new.edge_to[chain].tolist()]
            if start in nodes and end in nodes:
                first = nodes.index(start)
                after = len(nodes) - 1 - nodes[::-1].index(end)
                if first <= after:
                    return chain[first:after]
        raise ValueError(f"edge {edge} does not lead from node {start} to node {end}")

    def _found(self, edge: int) -> list[list[int]]:
        old, new = self._old, self._new
        end, length_m = int(old.edge_to[edge]), float(old.edge_length_m[edge])
        found = []
        for first in self._edges_from(int(old.edge_from[edge])):
            chain = self._followed(first)
            same = abs(float(new.edge_length_m[chain].sum()) - length_m) < _SAME_M
            if same and int(new.edge_to[chain[-1]]) == end:
                found.append(chain)
        if not found:
            raise ValueError(f"edge {edge} is not in the split network")
        return found

    def _followed(self, first: int) -> list[int]:
        """Return an edge and, past new nodes, those straight on, up to an old node."""
        new, chain = self._new, [first]
        while int(new.edge_to[chain[-1]]) >= self._old.node_count:
            back = new.edge_shape(chain[-1])[::-1]
            onward = self._edges_from(int(new.edge_to[chain[-1]]))
            chain.append(next(e for e in onward if not np.array_equal(new.edge_shape(e), back)))
        return chain
