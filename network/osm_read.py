"""Read the drivable ways of an OSM file (.osm.pbf, .osm, .osm.gz) into arrays, through pyosmium."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium

from network.load_report import LoadReport
from network.osm_classes import FERRY_CLASS, HIGHWAY_CLASS
from network.osm_tags import is_road, way_closure, way_direction, way_level, way_maxspeeds
from network.osm_ways import OsmWays
from network.problems import InputError, Problem, Text
from network.restrictions import TurnRestriction, read_restriction
from network.road_network import MARK_FERRY, MARK_FORD, LoadSettings
from network.seasons import Closure

#: What osmium raises for files that are damaged, cut short or no OSM data at all.
READ_ERRORS: Final = (
    RuntimeError,
    ValueError,
    OSError,
    MemoryError,
    OverflowError,
    osmium.InvalidLocationError,
)
_WKB_HEADER_HEX: Final = 18  # byte order, type and point count stand before the coordinates


_REF: Final = attrgetter("ref")


@dataclass
class _Collector:
    """Grows while the file streams by; plain arrays keep a county below 100 MB."""

    settings: LoadSettings
    with_levels: bool
    refs: array[int] = field(default_factory=lambda: array("q"))
    lonlat: list[str] = field(default_factory=list)  # doubles as WKB has them, in hexadecimals
    counts: array[int] = field(default_factory=lambda: array("q"))
    way_id: array[int] = field(default_factory=lambda: array("q"))
    way_class: array[int] = field(default_factory=lambda: array("b"))
    direction: array[int] = field(default_factory=lambda: array("b"))
    maxspeed: array[float] = field(default_factory=lambda: array("f"))
    maxspeed_back: array[float] = field(default_factory=lambda: array("f"))
    closure: array[int] = field(default_factory=lambda: array("h"))
    marks: array[int] = field(default_factory=lambda: array("B"))
    level: array[int] = field(default_factory=lambda: array("b"))
    name: array[int] = field(default_factory=lambda: array("i"))
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    closures: dict[Closure, int] = field(default_factory=lambda: {(): 0})
    fords: array[int] = field(default_factory=lambda: array("q"))
    restrictions: list[TurnRestriction] = field(default_factory=list)
    ferries: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    ways_read: int = 0
    restrictions_read: int = 0
    restrictions_malformed: int = 0
    timed_access: int = 0

    def take_way(self, way: Any, factory: Any) -> None:
        """Keep a way that is a road, or a ferry, open to the bureau."""
        tags = way.tags
        highway = tags.get("highway")
        is_ferry = highway not in HIGHWAY_CLASS  # let through by the filter as a ferry
        self.ways_read += not is_ferry
        if not is_road(tags, self.settings):
            return
        closure, unread = way_closure(tags, self.settings)
        self.timed_access += unread
        if closure is None:
            return
        name = tags.get("name") or tags.get("ref") or ""
        if is_ferry:
            self.ferries[self.settings.ferries].append(name or str(way.id))
            if not self.settings.ferries:
                return
        self.counts.append(_append_points(self, way, factory))
        forward, backward = way_maxspeeds(tags)
        if is_ferry:
            forward = backward = self.settings.ferry_kmh
        self.way_id.append(way.id)
        self.way_class.append(FERRY_CLASS if is_ferry else HIGHWAY_CLASS[highway])
        self.direction.append(way_direction(tags))
        self.maxspeed.append(forward)
        self.maxspeed_back.append(backward)
        self.closure.append(self.closures.setdefault(closure, len(self.closures)))
        is_ford = tags.get("ford") not in {None, "no"}
        self.marks.append(MARK_FERRY * is_ferry | MARK_FORD * is_ford)
        self.level.append(way_level(tags) if self.with_levels else 0)
        self.name.append(self.names.setdefault(name, len(self.names)))

    def take_relation(self, relation: Any) -> None:
        """Keep a turn restriction that is meant for cars."""
        found = read_restriction(relation)
        if found == "others":
            return
        self.restrictions_read += 1
        if found == "malformed":
            self.restrictions_malformed += 1
        else:
            self.restrictions.append(found)

    def finish(self, source: str) -> OsmWays:
        """Return everything collected as arrays."""
        way_start = np.concatenate([[0], np.cumsum(np.asarray(self.counts, np.int64))])
        closure = np.asarray(self.closure, np.int16)
        return OsmWays(
            refs=np.asarray(self.refs, np.int64),
            lonlat=np.frombuffer(bytes.fromhex("".join(self.lonlat)), np.float64).reshape(-1, 2),
            way_start=way_start.astype(np.int64),
            way_id=np.asarray(self.way_id, np.int64),
            way_class=np.asarray(self.way_class, np.int8),
            direction=np.asarray(self.direction, np.int8),
            maxspeed_kmh=np.asarray(self.maxspeed, np.float32),
            maxspeed_back_kmh=np.asarray(self.maxspeed_back, np.float32),
            way_closure=closure,
            way_marks=np.asarray(self.marks, np.uint8),
            way_level=np.asarray(self.level, np.int8),
            way_name=np.asarray(self.name, np.int32),
            names=tuple(self.names),
            closures=tuple(self.closures),
            restrictions=tuple(sorted(self.restrictions, key=attrgetter("relation"))),
            ford_refs=np.unique(np.asarray(self.fords, np.int64)),
            report=LoadReport(
                source=source,
                ways_read=self.ways_read,
                ways_used=len(self.way_id),
                restrictions_read=self.restrictions_read,
                restrictions_malformed=self.restrictions_malformed,
                ferries_driven=tuple(self.ferries[True]),
                ferries_left_out=tuple(self.ferries[False]),
                seasonal_ways=int(np.count_nonzero(closure)),
                timed_access=self.timed_access,
            ),
        )


def _append_points(found: _Collector, way: Any, factory: Any) -> int:
    """Append the refs and coordinates of a way; return how many points it has."""
    nodes = way.nodes
    count = len(nodes)
    found.refs.extend(map(_REF, map(nodes.__getitem__, range(count))))
    found.lonlat.append(_coordinates(factory, way))
    return count


def open_file(path: Path) -> osmium.io.File:
    """Return ``path`` for osmium, always as a local file (a bare name could read as a URL)."""
    name = path.name.lower()
    suffix = next((end for end in ("osm.gz", "osm.bz2", "osm") if name.endswith(end)), "pbf")
    return osmium.io.File(str(path.resolve()), suffix)


def unreadable(path: Path, error: Exception) -> InputError:
    """Return the error for an OSM file that osmium could not read to its end."""
    return InputError(
        [
            Problem(
                code="network.unreadable-osm",
                file=str(path),
                cause=Text(
                    f"无法完整读取该 OSM 文件（{error}）", f"not a readable OSM file ({error})"
                ),
                action=Text(
                    "请重新下载或导出 .osm.pbf、.osm 或 .osm.gz 文件",
                    "download or export the .osm.pbf, .osm or .osm.gz file again",
                ),
            )
        ]
    )


def read_ways(path: Path, settings: LoadSettings, *, with_levels: bool = False) -> OsmWays:
    """Read all drivable ways of ``path``, with turn restrictions, fords and ferries.

    Levels are all zero unless asked for: it takes time, and OSM's ways know their crossings.
    Raises InputError (``network.unreadable-osm``) when the file cannot be read to its end.
    """
    try:
        return _with_late_nodes(path, _collect(path, _Collector(settings, with_levels)))
    except READ_ERRORS as error:
        raise unreadable(path, error) from error


def _wanted_things(path: Path) -> Iterator[Any]:
    """Return an iterator over drivable ways, ferries, nodes that are fords, and restrictions."""
    roads = (("highway", value) for value in HIGHWAY_CLASS)
    ways = osmium.filter.TagFilter(*roads, ("route", "ferry"))
    ways.enable_for(osmium.osm.WAY)
    fords = osmium.filter.KeyFilter("ford")
    fords.enable_for(osmium.osm.NODE)
    restrictions = osmium.filter.TagFilter(("type", "restriction"))
    restrictions.enable_for(osmium.osm.RELATION)
    processor = (
        osmium.FileProcessor(open_file(path))
        # A sorted array of (id, location): memory grows with the nodes, never with their ids.
        .with_locations("sparse_mem_array")
        .with_filter(ways)
        .with_filter(fords)
        .with_filter(restrictions)
    )
    return iter(processor)


def _collect(path: Path, found: _Collector) -> OsmWays:
    factory = osmium.geom.WKBFactory()
    for thing in _wanted_things(path):
        if thing.is_way():
            found.take_way(thing, factory)
        elif thing.is_node():
            if thing.tags.get("ford") != "no":
                found.fords.append(thing.id)
        elif thing.is_relation() and found.settings.turn_restrictions:
            found.take_relation(thing)
    return found.finish(path.name)


def _coordinates(factory: Any, way: Any) -> str:
    """Return lon/lat of all points; one WKB string is several times faster than node by node."""
    try:
        wkb: str = factory.create_linestring(way.nodes, osmium.geom.ALL)
    except (osmium.InvalidLocationError, RuntimeError):
        return np.array([_location(node) for node in way.nodes], np.float64).tobytes().hex()
    return wkb[_WKB_HEADER_HEX:]


def _location(node: Any) -> tuple[float, float]:
    if not node.location.valid():
        return (math.nan, math.nan)
    return (node.location.lon, node.location.lat)


def _with_late_nodes(path: Path, ways: OsmWays) -> OsmWays:
    """Fill in nodes that osmium's location index leaves out, in files where they may stand.

    Editors give new nodes negative ids, and query servers write ways before nodes; both are XML.
    """
    missing = np.isnan(ways.lonlat[:, 0])
    wanted = set(ways.refs[missing].tolist())
    if not wanted or (path.name.endswith(".pbf") and min(wanted) >= 0):
        return ways
    places = {
        node.id: _location(node)
        for node in osmium.FileProcessor(open_file(path), osmium.osm.NODE)
        if node.id in wanted
    }
    nowhere = (math.nan, math.nan)
    late = [places.get(ref, nowhere) for ref in ways.refs[missing].tolist()]
    lonlat = ways.lonlat.copy()
    lonlat[missing] = np.array(late, np.float64).reshape(-1, 2)
    return replace(ways, lonlat=lonlat)
