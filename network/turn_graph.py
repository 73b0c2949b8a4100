"""Roads as a graph in which some turns are forbidden or cost time.

Only where it matters is the network expanded: an edge after which some turn is special ends in a
state of its own, from which just the allowed turns lead on (edge-based graphs, Caldwell 1961, kept
to the edges concerned). All other edges end in their node, as drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from network.build import ranges
from network.road_network import RoadNetwork

#: The edge of a step that is no driving but arriving, after which nothing follows.
NO_EDGE: Final = -1
#: A turn by less is straight on, by more a turn back.
_STRAIGHT_DEGREES = 45.0
_BACK_DEGREES = 150.0


@dataclass(frozen=True)
class TurnCosts:
    """Seconds that turning adds; all zero, the default, leaves turns free [D].

    Left and right count at junctions of three ways or more, turning back everywhere but at dead
    ends, where there is no other way.
    """

    left_seconds: float = 0.0
    right_seconds: float = 0.0
    back_seconds: float = 0.0


@dataclass(frozen=True)
class TurnGraph:
    """States and the steps between them. State v < n is node v, however it was reached.

    Driving from node v starts in state v; driving to node w ends in state ``arrival[w]``.
    """

    state_node: NDArray[np.int32]  # (s,) where each state is
    arrival: NDArray[np.int32]  # (n,) states
    step_from: NDArray[np.int32]  # (k,) states
    step_to: NDArray[np.int32]  # (k,) states
    step_edge: NDArray[np.int32]  # (k,) the road edge driven, or NO_EDGE
    turn_seconds: NDArray[np.float64]  # (k,) what the turn into the edge adds

    def step_weights(self, edge_weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (k,) weights of steps from (m,) weights of edges, turns not counted."""
        weights = edge_weights[self.step_edge]
        weights[self.step_edge == NO_EDGE] = 0.0
        return weights


def turn_graph(network: RoadNetwork, costs: TurnCosts | None = None) -> TurnGraph:
    """Return the network's graph without its forbidden turns, others at their cost."""
    n, m = network.node_count, network.edge_count
    turn_keys, turn_seconds = _special_turns(network, costs)
    special = np.unique(turn_keys // m)  # edges with a special turn at their end
    own_state = n + np.arange(len(special))
    edge_end = network.edge_to.astype(np.int64)
    edge_end[special] = own_state
    ends = np.unique(network.edge_to[special])  # nodes where such edges end
    arrival = np.arange(n)
    arrival[ends] = n + len(special) + np.arange(len(ends))

    before, after = _turns_after(network, special)
    at = np.searchsorted(turn_keys, before * m + after)
    found = np.append(turn_keys, -1)[at] == before * m + after
    added = np.where(found, np.append(turn_seconds, 0.0)[at], 0.0)
    allowed = np.isfinite(added)
    before, after, added = before[allowed], after[allowed], added[allowed]

    drives = np.arange(m)
    arrives = np.full(len(special) + len(ends), NO_EDGE)
    return TurnGraph(
        _joined(np.arange(n), network.edge_to[special], ends),
        arrival.astype(np.int32),
        _joined(network.edge_from, edge_end[before], own_state, ends),
        _joined(edge_end, edge_end[after], arrival[network.edge_to[special]], arrival[ends]),
        _joined(drives, after, arrives),
        np.concatenate([np.zeros(m), added, np.zeros(len(arrives))]),
    )


def _joined(*parts: NDArray[np.integer]) -> NDArray[np.int32]:
    return np.concatenate(parts).astype(np.int32)


def _special_turns(
    network: RoadNetwork, costs: TurnCosts | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rising keys ``before * m + after`` and seconds, infinite where forbidden."""
    m = max(1, network.edge_count)
    forbidden = network.forbidden_turns.astype(np.int64)
    keys = forbidden[:, 0] * m + forbidden[:, 1]
    seconds = np.full(len(keys), np.inf)
    if costs is not None and costs != TurnCosts():
        before, after = _turns_after(network, np.arange(network.edge_count))
        added = _turn_seconds(network, before, after, costs)
        keys = np.concatenate([keys, (before * m + after)[added > 0]])
        seconds = np.concatenate([seconds, added[added > 0]])
    order = np.lexsort((-seconds, keys))  # of a turn named twice, what is worse counts
    unique, first = np.unique(keys[order], return_index=True)
    return unique, seconds[order][first]


def _turns_after(
    network: RoadNetwork, edges: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every pair of one of the edges and an edge that starts where it ends."""
    leaving = np.argsort(network.edge_from, kind="stable")
    first = np.searchsorted(network.edge_from[leaving], np.arange(network.node_count + 1))
    nodes = network.edge_to[edges]
    counts = first[nodes + 1] - first[nodes]
    return np.repeat(edges, counts).astype(np.int64), leaving[ranges(first[nodes], counts)]


def _turn_seconds(
    network: RoadNetwork,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    costs: TurnCosts,
) -> NDArray[np.float64]:
    first_heading, last_heading = _headings(network)
    turned = first_heading[after] - last_heading[before]
    degrees = np.rad2deg(np.arctan2(np.sin(turned), np.cos(turned)))  # left is positive
    node, back_to = network.edge_to[before], network.edge_from[before]
    ways = _neighbour_counts(network)[node]
    back = (network.edge_to[after] == back_to) & (np.abs(degrees) > _BACK_DEGREES)
    sideways = (np.abs(degrees) > _STRAIGHT_DEGREES) & ~back & (ways > 2)
    seconds = np.where(sideways & (degrees > 0), costs.left_seconds, 0.0)
    seconds[sideways & (degrees < 0)] = costs.right_seconds
    seconds[back & (ways > 1)] = costs.back_seconds
    return seconds


def _headings(network: RoadNetwork) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (m,) radians of the first and of the last stretch of each edge."""
    shape, first, after = network.shape_lonlat, network.shape_start[:-1], network.shape_start[1:]
    scale = np.array([np.cos(np.deg2rad(network.node_lonlat[:, 1].mean())), 1.0])

    def heading(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        x, y = ((shape[end] - shape[start]) * scale).T
        return np.asarray(np.arctan2(y, x))

    return heading(first, first + 1), heading(after - 2, after - 1)


def _neighbour_counts(network: RoadNetwork) -> NDArray[np.int64]:
    """Return (n,) how many other nodes an edge joins each node to, either way."""
    n = network.node_count
    one = np.concatenate([network.edge_from, network.edge_to]).astype(np.int64)
    other = np.concatenate([network.edge_to, network.edge_from])
    pairs = np.unique((one * n + other)[one != other])
    return np.bincount(pairs // n, minlength=n)
