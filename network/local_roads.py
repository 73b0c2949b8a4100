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

from network.covering_kernels import masks_along
from network.snapping import MERGE_M, RoadIndex, RoadPlace, way_back

#: Roads in sight are cut at this part of the sight, coarser where there would be too many places.
_CUT_SHARE = 1 / 3
_MOST_PLACES = 260
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

    def pieces_between(self, start: int, end: int) -> list[int]:
        """Return the pieces of the shortest way from one place (by number) to another."""
        node, way = int(self.places[end]), []
        while node != self.places[start]:
            piece = int(self.before[start, node])
            way.append(piece)
            node = int(self.pieces.tail[piece])
        return way[::-1]


def packed(who: NDArray[np.int64], what: NDArray[np.int64], rows: int, samples: int) -> NDArray[np.uint64]:
    """Return (rows, w) words with bit ``what[i]`` of row ``who[i]`` set."""
    words = max(1, -(-samples // _BITS))
    table = np.zeros((rows, words * _BITS), np.uint8)
    table[who, what] = 1
    return np.packbits(table, axis=1, bitorder="little").view(np.uint64)


def local_roads(
    index: RoadIndex,
    flat: BaseGeometry,
    samples: NDArray[np.object_],
    sight_m: float,
    checkpoints: Sequence[RoadPlace],
) -> LocalRoads | None:
    """Return the roads around an area; None when no road on which one may stop comes in sight.

    Checkpoints are places too, the first ones, in their order.
    """
    near = np.sort(
        index.stoppable[index.stoppable_tree.query(flat, predicate="dwithin", distance=sight_m)]
    )
    near = np.union1d(near, [place.edge for place in checkpoints]).astype(np.int64)
    if len(near) == 0:
        return None
    roads = _roads(index, near)
    cuts = _cuts(index, roads, checkpoints, sight_m)
    for margin_m in _MARGINS_M:
        found = _within(index, flat, margin_m, roads, cuts, samples, sight_m, checkpoints)
        if found is not None:
            return found
    raise ValueError("the network is not strongly connected")
