"""OSMnx graphs in and out: a network as the directed multigraph that OSMnx works on, and back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from network.build import strongest_part
from network.graphml_read import RawGraph, graph_edges
from network.load_report import LoadReport
from network.problems import InputError, Problem, Text
from network.road_network import ROAD_CLASSES, RoadNetwork

if TYPE_CHECKING:
    import networkx


def to_osmnx(
    network: RoadNetwork, seconds: NDArray[np.float64] | None = None
) -> networkx.MultiDiGraph[int]:
    """Return the network as OSMnx holds a simplified graph.

    Nodes have x, y and street_count; edges osmid, highway, name, maxspeed, oneway, length (m) and
    geometry, with ``seconds`` (m,) also travel_time (s) and speed_kph; edges closed in them are
    left out. Turn restrictions and closures have no place in such a graph.
    """
    import networkx
    import osmnx

    graph: networkx.MultiDiGraph[int] = networkx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for node, (lon, lat) in enumerate(network.node_lonlat.tolist()):
        graph.add_node(node, x=lon, y=lat)
    owner = np.repeat(np.arange(network.edge_count), np.diff(network.shape_start))
    lines = shapely.linestrings(network.shape_lonlat, indices=owner)
    pairs = list(zip(network.edge_from.tolist(), network.edge_to.tolist(), strict=True))
    there = set(pairs)
    keys: Counter[tuple[int, int]] = Counter()
    for edge, pair in enumerate(pairs):
        if seconds is not None and not np.isfinite(seconds[edge]):
            continue
        attributes = _attributes(network, edge) | {
            "oneway": pair[::-1] not in there,
            "geometry": lines[edge],
        }
        if seconds is not None:
            taken, length_m = float(seconds[edge]), float(network.edge_length_m[edge])
            attributes["travel_time"] = taken
            attributes["speed_kph"] = length_m / taken * 3.6 if taken else 0.0
        graph.add_edge(*pair, key=keys[pair], **attributes)
        keys[pair] += 1
    streets = osmnx.stats.count_streets_per_node(graph)
    networkx.set_node_attributes(graph, streets, name="street_count")
    return graph


def _attributes(network: RoadNetwork, edge: int) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "osmid": int(network.edge_way[edge]),
        "highway": ROAD_CLASSES[network.edge_class[edge]],
        "length": float(network.edge_length_m[edge]),
    }
    if network.edge_name[edge]:
        attributes["name"] = network.names[network.edge_name[edge]]
    if np.isfinite(network.edge_maxspeed_kmh[edge]):
        attributes["maxspeed"] = f"{network.edge_maxspeed_kmh[edge]:g}"
    return attributes


def from_osmnx(graph: networkx.MultiDiGraph[Any], source: str = "OSMnx") -> RoadNetwork:
    """Return the largest strongly connected part of an OSMnx graph, in whatever CRS it is.

    Raises InputError (``network.bad-graph``, ``network.empty-graph``), naming ``source``.
    """
    raw = RawGraph(
        graph={"crs": str(graph.graph.get("crs", "epsg:4326"))},
        nodes={str(node): _texts(data) for node, data in graph.nodes(data=True)},
        edges=[(str(start), str(end), _texts(data)) for start, end, data in graph.edges(data=True)],
    )
    try:
        edges = graph_edges(raw)
    except (KeyError, ValueError, RuntimeError, shapely.GEOSException) as error:
        reason = f"missing {error}" if isinstance(error, KeyError) else str(error)
        cause = Text(f"不是 OSMnx 路网（{reason}）", f"not a graph of OSMnx ({reason})")
        raise InputError([_problem("network.bad-graph", source, cause)]) from error
    network = strongest_part(edges, LoadReport(source)) if len(edges.edge_from) else None
    if network is None or network.edge_count == 0:
        cause = Text("没有可通行的道路", "the graph holds no drivable roads")
        raise InputError([_problem("network.empty-graph", source, cause)])
    return network


def _texts(data: dict[str, Any]) -> dict[str, str]:
    """Return attributes as OSMnx saves them: geometries as WKT, all else as Python prints it."""
    return {
        str(name): value.wkt if name == "geometry" else str(value)
        for name, value in data.items()
        if value is not None
    }


def _problem(code: str, source: str, cause: Text) -> Problem:
    action = Text(
        "请用 osmnx.graph_from_place 等函数重新生成",
        "make the graph anew with osmnx.graph_from_place or the like",
    )
    return Problem(code=code, file=source, cause=cause, action=action)
