"""Which edges are closed on how many days of a season: closures from OSM and the county's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from network.road_network import MARK_FORD, RoadClosure, RoadNetwork
from network.seasons import Period, days_of


def closed_shares(
    network: RoadNetwork, season: Period, closures: Sequence[RoadClosure] = ()
) -> NDArray[np.float64]:
    """Return (m,) the share of a season's days on which each edge is closed.

    The network's own closures and those given add up, each day counted once.
    """
    share = np.zeros(network.edge_count)
    concerned = np.column_stack(
        [network.edge_closure, *(closed_edges(network, closure) for closure in closures)]
    )
    edges = np.flatnonzero(concerned.any(axis=1))
    if not len(edges):
        return share
    days = days_of([season])
    kinds, kind = np.unique(concerned[edges], axis=0, return_inverse=True)
    shares = []
    for own, *others in kinds.tolist():
        rows = [row for row, is_meant in zip(closures, others, strict=True) if is_meant]
        closed = days_of([*network.closures[own], *((row.first, row.last) for row in rows)])
        shares.append(np.count_nonzero(closed & days) / np.count_nonzero(days))
    share[edges] = np.array(shares)[kind.ravel()]
    return share


def closed_edges(network: RoadNetwork, closure: RoadClosure) -> NDArray[np.bool_]:
    """Return (m,) which edges a closure means."""
    meant: NDArray[np.bool_] = np.isin(network.edge_way, closure.ways) & (network.edge_way != 0)
    names = [number for number, name in enumerate(network.names) if name in closure.names]
    meant |= np.isin(network.edge_name, names) & (network.edge_name != 0)
    if closure.fords:
        meant |= network.edge_marks & MARK_FORD > 0
    return meant
