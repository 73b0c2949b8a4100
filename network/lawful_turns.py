"""Drives mended where two of their edges must not follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse.csgraph import dijkstra

from network.road_network import RoadNetwork
from network.weighted_graph import weighted


def lawful(network: RoadNetwork, edges: Sequence[int]) -> list[int]:
    """Return the drive with the shortest way round put in wherever it turns against a rule.

    Where there is no way round, the drive is left as it is there.
    """
    if len(network.forbidden_turns) == 0:
        return list(edges)
    forbidden = set(map(tuple, network.forbidden_turns.tolist()))
    driven = list(edges[:1])
    for before, after in pairwise(edges):
        if (before, after) in forbidden:
            driven += _way_round(network, before, after)
        driven.append(after)
    return driven


def _way_round(network: RoadNetwork, before: int, after: int) -> list[int]:
    """Return the edges to drive after one edge so that another may be entered; [] if none."""
    graph = weighted(network, network.edge_length_m)
    start = int(graph.turns.step_to[before])  # of an edge before a forbidden turn its own state
    metres, previous = dijkstra(graph.matrix, indices=start, return_predecessors=True)
    entering = graph.turns.step_from[graph.turns.step_edge == after]
    state = int(entering[np.argmin(metres[entering])])
    way: list[int] = []
    if not np.isfinite(metres[state]):
        return way
    while state != start:
        key = int(previous[state]) * graph.matrix.shape[0] + state
        way.append(int(graph.edges[np.searchsorted(graph.keys, key)]))
        state = int(previous[state])
    return way[::-1]
