"""Travel figures: tables and paths held against networkx on the same roads, in CPU seconds.

networkx is asked for some of the sources only, and its time scaled up to all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import process_time

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from benchmarks.table import Row
from network import RoadNetwork
from network.hierarchy import can_build
from network.travel import Travel, whole_seconds

#: So many of the sources are given to networkx.
PEER_SOURCES = 60
_MINUTE = 60.0


@dataclass(frozen=True)
class TravelRow(Row):
    """One question to one network: our CPU seconds, building included, and what is asked of us."""

    nodes: int
    edges: int
    forbidden_turns: int
    cpu_seconds: float
    networkx_cpu_seconds: float | None
    ratio: float | None
    wanted: str
    pairs_differing: int | None


def run(
    network: RoadNetwork, seconds: NDArray[np.float64], *, places: int = 2000
) -> Iterator[TravelRow]:
    """Measure tables with and without turns and the extra, a tiled network, and paths."""
    rng = np.random.default_rng(1)
    chosen = rng.choice(network.node_count, min(places, network.node_count), replace=False)
    free = replace(network, forbidden_turns=np.empty((0, 2), np.int32))
    turning = network if len(network.forbidden_turns) else with_turns(network)
    for roads, case in ((free, "no turns"), (turning, "forbidden turns")):
        peer = _networkx(roads, seconds, chosen)
        for hierarchy in (True, False) if can_build() else (False,):
            ratio = (
                (25 if roads is turning else 60)
                if hierarchy
                else (None if roads is turning else 12)
            )
            yield _table(roads, seconds, chosen, case, hierarchy, peer, ratio)
    if can_build():
        tiles, tile_seconds = tiled(free, seconds, 4)
        far = rng.choice(tiles.node_count, min(500, tiles.node_count), replace=False)
        yield _timed_table(tiles, tile_seconds, far)
    for hierarchy in (True, False) if can_build() else (False,):
        yield _paths(turning, seconds, chosen[:1600], hierarchy)


def with_turns(network: RoadNetwork) -> RoadNetwork:
    """Forbid a turn after one edge in five, drawn at random, but no turning back."""
    rng = np.random.default_rng(2)
    leaving = np.argsort(network.edge_from, kind="stable")
    first = np.searchsorted(network.edge_from[leaving], np.arange(network.node_count + 1))
    turns = []
    for edge in np.flatnonzero(rng.random(network.edge_count) < 0.2).tolist():
        node = network.edge_to[edge]
        after = leaving[first[node] : first[node + 1]]
        after = after[network.edge_to[after] != network.edge_from[edge]]
        if len(after) > 1:
            turns.append((edge, int(rng.choice(after))))
    return replace(network, forbidden_turns=np.array(sorted(turns), np.int32).reshape(-1, 2))


def tiled(
    network: RoadNetwork, seconds: NDArray[np.float64], side: int
) -> tuple[RoadNetwork, NDArray[np.float64]]:
    """Return ``side`` × ``side`` copies side by side, joined by a minute's drive at 8 places."""
    n, m = network.node_count, network.edge_count
    extent = np.ptp(network.node_lonlat, axis=0) * 1.02
    edge_of, minute = np.arange(m), []
    lonlat, start, end = [], [], []
    rising = np.argsort(network.node_lonlat, axis=0)
    for row in range(side):
        for column in range(side):
            shift = (row * side + column) * n
            lonlat.append(network.node_lonlat + extent * [column, row])
            start.append(network.edge_from + shift)
            end.append(network.edge_to + shift)
            if column + 1 < side:
                minute.append((rising[-8:, 0] + shift, rising[:8, 0] + shift + n))
            if row + 1 < side:
                minute.append((rising[-8:, 1] + shift, rising[:8, 1] + shift + side * n))
    ones = np.concatenate([one for one, _ in minute] + [other for _, other in minute])
    others = np.concatenate([other for _, other in minute] + [one for one, _ in minute])
    origin = np.concatenate([np.tile(edge_of, side * side), np.zeros(len(ones), int)])
    places = np.concatenate(lonlat)
    edge_from = np.concatenate([*start, ones]).astype(np.int32)
    edge_to = np.concatenate([*end, others]).astype(np.int32)
    network = replace(
        network,
        node_lonlat=places,
        edge_from=edge_from,
        edge_to=edge_to,
        edge_length_m=network.edge_length_m[origin],
        edge_class=network.edge_class[origin],
        shape_start=np.arange(len(edge_from) + 1) * 2,
        shape_lonlat=np.stack([places[edge_from], places[edge_to]], axis=1).reshape(-1, 2),
    )
    return network, np.where(np.arange(len(origin)) < side * side * m, seconds[origin], _MINUTE)


def _table(
    network: RoadNetwork,
    seconds: NDArray[np.float64],
    chosen: NDArray[np.int64],
    case: str,
    hierarchy: bool,
    peer: tuple[NDArray[np.int64], float],
    wanted: int | None,
) -> TravelRow:
    clock = process_time()
    ours = Travel(network, hierarchy=hierarchy).seconds(seconds, chosen, chosen)
    took = process_time() - clock
    truth, networkx_took = peer
    way = "the extra" if hierarchy else "scipy"
    size = f"{len(chosen):,} × {len(chosen):,}"
    note = f"networkx: {len(truth)} sources, time scaled up"
    differing = int((ours[: len(truth)] != truth).sum())
    goal = f"≥ {wanted}×" if wanted else ""
    return _row(network, f"{size}, {case}, {way}", note, took, networkx_took, goal, differing)


def _timed_table(
    network: RoadNetwork, seconds: NDArray[np.float64], chosen: NDArray[np.int64]
) -> TravelRow:
    clock = process_time()
    Travel(network, hierarchy=True).seconds(seconds, chosen, chosen)
    case = f"{len(chosen)} × {len(chosen)}, 16 tiles, the extra"
    return _row(network, case, "", process_time() - clock, None, "≤ 8 s", None)


def _paths(
    network: RoadNetwork, seconds: NDArray[np.float64], chosen: NDArray[np.int64], hierarchy: bool
) -> TravelRow:
    drawn = np.random.default_rng(3).choice(chosen, (20_000, 2))
    pairs = list(map(tuple, drawn.tolist()))
    clock = process_time()
    Travel(network, hierarchy=hierarchy).paths(seconds, pairs)
    case = f"{len(pairs):,} paths, {'the extra' if hierarchy else 'scipy'}"
    note = f"between {len(chosen):,} places, with geometry"
    return _row(network, case, note, process_time() - clock, None, "≤ 10 s", None)


def _row(
    network: RoadNetwork,
    case: str,
    note: str,
    took: float,
    peer: float | None,
    wanted: str,
    differing: int | None,
) -> TravelRow:
    return TravelRow(
        case=case,
        note=note,
        nodes=network.node_count,
        edges=network.edge_count,
        forbidden_turns=len(network.forbidden_turns),
        cpu_seconds=took,
        networkx_cpu_seconds=peer,
        ratio=peer and peer / took,
        wanted=wanted,
        pairs_differing=differing,
    )


def _networkx(
    network: RoadNetwork, seconds: NDArray[np.float64], chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], float]:
    """Return whole seconds from the first sources, and CPU seconds for all, building left out.

    With forbidden turns over a graph of edges; the edge is counted on its way in.
    """
    turning = len(network.forbidden_turns) > 0
    graph = _edge_graph(network, seconds) if turning else _node_graph(network, seconds)
    sources = chosen[:PEER_SOURCES].tolist()
    found = np.full((len(sources), len(chosen)), np.inf)
    clock = process_time()
    for row, source in enumerate(sources):
        start, end = (("from", source), "to") if turning else (source, None)
        length = nx.single_source_dijkstra_path_length(graph, start)
        keys = [(end, place) if turning else place for place in chosen.tolist()]
        found[row] = [length.get(key, np.inf) for key in keys]
        found[row, chosen == source] = 0.0
    return whole_seconds(found), (process_time() - clock) * len(chosen) / len(sources)


def _node_graph(network: RoadNetwork, seconds: NDArray[np.float64]) -> nx.DiGraph[object]:
    graph: nx.DiGraph[object] = nx.DiGraph()
    order = np.argsort(-seconds, kind="stable")  # of parallel edges the quickest stays
    graph.add_nodes_from(range(network.node_count))
    columns = (network.edge_from[order], network.edge_to[order], seconds[order])
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in columns), strict=True))
    return graph


def _edge_graph(network: RoadNetwork, seconds: NDArray[np.float64]) -> nx.DiGraph[object]:
    graph: nx.DiGraph[object] = nx.DiGraph()
    forbidden = set(map(tuple, network.forbidden_turns.tolist()))
    cost = seconds.tolist()
    leaving: dict[int, list[int]] = {}
    for edge, node in enumerate(network.edge_from.tolist()):
        leaving.setdefault(node, []).append(edge)
        graph.add_edge(("from", node), edge, weight=cost[edge])
    for edge, node in enumerate(network.edge_to.tolist()):
        graph.add_edge(edge, ("to", node), weight=0.0)
        for after in leaving.get(node, ()):
            if (edge, after) not in forbidden:
                graph.add_edge(edge, after, weight=cost[after])
    return graph
