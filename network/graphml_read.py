"""Read the GraphML that OSMnx writes: a directed multigraph with WGS-84 or projected places."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from network.build import DirectedEdges, shape_lengths_m, starts_of
from network.osm_classes import HIGHWAY_CLASS
from network.osm_tags import parse_maxspeed
from network.problems import InputError, Problem, Text

_WGS84: Final = "EPSG:4326"


class _NotAGraph(ValueError):
    """What is wrong with the GraphML, in words for the person who made it."""


@dataclass
class RawGraph:
    """The graph as text: attributes of the graph, of nodes by id, of edges with both ends."""

    graph: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


class _Handler:
    """Collects ``<data>`` of graph, nodes and edges under the names the ``<key>``s give them."""

    def __init__(self) -> None:
        self.raw = RawGraph()
        self._names: dict[str, str] = {}
        self._target = self.raw.graph
        self._key = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "key":
            self._names[attributes["id"]] = attributes["attr.name"]
        elif tag == "node":
            self._target = self.raw.nodes.setdefault(attributes["id"], {})
        elif tag == "edge":
            self._target = {}
            self.raw.edges.append((attributes["source"], attributes["target"], self._target))
        elif tag == "data":
            self._key = self._names[attributes["key"]]
            self._text = []

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "data":
            self._target[self._key] = "".join(self._text)
            self._text = []
        elif tag in {"node", "edge"}:
            self._target = self.raw.graph

    def text(self, part: str) -> None:
        self._text.append(part)


def _refuse_entity(*_: object) -> None:
    raise _NotAGraph("the file declares XML entities")


def _parse(path: Path) -> RawGraph:
    handler = _Handler()
    parser = expat.ParserCreate()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = _refuse_entity  # no legitimate writer declares any
    with path.open("rb") as file:
        parser.ParseFile(file)
    return handler.raw


def read_graphml(path: Path) -> DirectedEdges:
    """Read all drivable edges of an OSMnx graph.

    Raises InputError (``network.unreadable-graphml``) for anything that is not one.
    """
    try:
        return graph_edges(_parse(path))
    except (expat.ExpatError, KeyError, ValueError, ProjError, shapely.GEOSException) as error:
        reason = f"missing {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(
            [
                Problem(
                    code="network.unreadable-graphml",
                    file=str(path),
                    cause=Text(
                        f"不是 OSMnx 的 GraphML 路网（{reason}）",
                        f"not an OSMnx GraphML graph ({reason})",
                    ),
                    action=Text(
                        "请用 osmnx.save_graphml 重新导出", "save it again with osmnx.save_graphml"
                    ),
                )
            ]
        ) from error


def graph_edges(raw: RawGraph) -> DirectedEdges:
    """Return all drivable edges of a graph.

    Raises KeyError, ValueError, ProjError or GEOSException for what is not a graph of OSMnx.
    """
    to_lonlat = _projection(raw.graph.get("crs", _WGS84))
    number = {name: index for index, name in enumerate(raw.nodes)}
    places = [(float(node["x"]), float(node["y"])) for node in raw.nodes.values()]
    node_lonlat = to_lonlat(np.array(places, np.float64).reshape(-1, 2))
    if not np.isfinite(node_lonlat).all() or (np.abs(node_lonlat) > (180, 90)).any():
        raise _NotAGraph("node coordinates are not on the Earth")
    names: dict[str, int] = {"": 0}
    columns: list[tuple[int, int, int, float, int]] = []
    shapes: list[NDArray[np.float64]] = []
    way_ids: list[int] = []
    for source, target, tags in raw.edges:
        road_class = HIGHWAY_CLASS.get(_first(tags.get("highway", "")))
        if road_class is None:
            continue
        start, end = number[source], number[target]
        name = _name(tags.get("name", "") or tags.get("ref", ""))
        speeds = [parse_maxspeed(part) for part in _values(tags.get("maxspeed", ""))]
        speed = min((kmh for kmh in speeds if not math.isnan(kmh)), default=math.nan)
        columns.append((start, end, road_class, speed, names.setdefault(name, len(names))))
        way_ids.append(_way_id(tags.get("osmid", "")))
        shapes.append(_shape(tags, node_lonlat[start], node_lonlat[end], to_lonlat))
    table = np.array(columns, np.float64).reshape(-1, 5)
    shape_start = starts_of(np.array([len(shape) for shape in shapes], np.int64))
    shape_lonlat = np.concatenate([np.empty((0, 2)), *shapes])
    return DirectedEdges(
        node_lonlat=node_lonlat,
        edge_from=table[:, 0].astype(np.int32),
        edge_to=table[:, 1].astype(np.int32),
        edge_length_m=shape_lengths_m(shape_start, shape_lonlat),
        edge_class=table[:, 2].astype(np.int8),
        edge_maxspeed_kmh=table[:, 3].astype(np.float32),
        edge_name=table[:, 4].astype(np.int32),
        edge_way=np.array(way_ids, np.int64),
        edge_marks=np.zeros(len(columns), np.uint8),
        edge_closure=np.zeros(len(columns), np.int16),
        shape_start=shape_start,
        shape_lonlat=shape_lonlat,
        names=tuple(names),
    )


def _projection(crs: str) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    transformer = Transformer.from_crs(CRS.from_user_input(crs), _WGS84, always_xy=True)

    def to_lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return to_lonlat


def _shape(
    tags: dict[str, str],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    to_lonlat: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Return the edge's shape, its ends exactly on its nodes."""
    if "geometry" not in tags:
        return np.array([start, end])
    shape = to_lonlat(shapely.get_coordinates(shapely.from_wkt(tags["geometry"])))
    return np.concatenate([[start], shape[1:-1], [end]])


def _values(text: str) -> list[str]:
    """Return the values of an attribute; simplified edges carry Python lists of them."""
    if not text.startswith("["):
        return [text]
    try:
        return [str(value) for value in ast.literal_eval(text)]
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise _NotAGraph(f"cannot read the attribute {text[:40]!r}") from error


def _first(text: str) -> str:
    return next(iter(_values(text)), "")


def _name(text: str) -> str:
    """Return the first of several names; one that only looks like a list is a name like any."""
    try:
        return _first(text)
    except _NotAGraph:
        return text


def _way_id(text: str) -> int:
    """Return the first OSM way id of an edge, 0 where there is none that fits 64 bits."""
    try:
        number = int(_first(text))
    except ValueError:
        return 0
    return number if abs(number) < 2**63 else 0
