"""Read the drivable ways of an OSM file (.osm.pbf, .osm, .osm.gz) into arrays, through pyosmium."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
from numpy.typing import NDArray

from network.osm_classes import HIGHWAY_CLASS
from network.osm_ways import OsmWays
from network.problems import InputError, Problem, Text
from network.road_network import LoadSettings

#: Access keys from the most to the least specific: the first one present decides.
_ACCESS_KEYS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
_FORWARD: Final = frozenset({"yes", "true", "1"})
_BACKWARD: Final = frozenset({"-1", "reverse"})
_ROUNDABOUTS: Final = frozenset({"roundabout", "circular"})
_MAXSPEED: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*$")
_KM_PER_MILE: Final = 1.609344
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


@dataclass
class _Collector:
    """Grows while the file streams by; plain arrays keep a county below 100 MB."""

    refs: array[int] = field(default_factory=lambda: array("q"))
    lonlat: list[NDArray[np.float64]] = field(default_factory=list)
    counts: array[int] = field(default_factory=lambda: array("q"))
    way_class: array[int] = field(default_factory=lambda: array("b"))
    direction: array[int] = field(default_factory=lambda: array("b"))
    maxspeed: array[float] = field(default_factory=lambda: array("f"))
    name: array[int] = field(default_factory=lambda: array("i"))
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    ways_read: int = 0

    def finish(self) -> OsmWays:
        way_start = np.concatenate([[0], np.cumsum(np.asarray(self.counts, np.int64))])
        lonlat = np.concatenate(self.lonlat) if self.lonlat else np.empty((0, 2))
        return OsmWays(
            refs=np.asarray(self.refs, np.int64),
            lonlat=lonlat,
            way_start=way_start.astype(np.int64),
            way_class=np.asarray(self.way_class, np.int8),
            direction=np.asarray(self.direction, np.int8),
            maxspeed_kmh=np.asarray(self.maxspeed, np.float32),
            way_name=np.asarray(self.name, np.int32),
            names=tuple(self.names),
            ways_read=self.ways_read,
        )


def parse_maxspeed(value: str | None) -> float:
    """Return km/h of a ``maxspeed`` tag; NaN for none, "CN:urban", "walk", "signals" and the like.

    Of several values ("80;60") the lowest counts.
    """
    speeds = []
    for part in (value or "").split(";"):
        match = _MAXSPEED.match(part)
        if match:
            speeds.append(float(match[1]) * (_KM_PER_MILE if match[2] == "mph" else 1.0))
    usable = [speed for speed in speeds if speed > 0]
    return min(usable) if usable else math.nan


def is_open(tags: Any, settings: LoadSettings) -> bool:
    """Whether a car of the bureau may use a way with these tags (``tags`` has ``get``)."""
    if tags.get("area") == "yes" or tags.get("smoothness") == "impassable":
        return False
    if tags.get("service") in settings.skipped_service or tags.get("oneway") == "reversible":
        return False
    for key in _ACCESS_KEYS:
        value = tags.get(key)
        if value is not None:
            return any(part.strip() not in settings.closed_access for part in value.split(";"))
    return True


def way_direction(tags: Any) -> int:
    """Return 1 (forwards only), -1 (backwards only) or 0 (both): oneway, roundabout, motorway."""
    oneway = tags.get("oneway")
    if oneway in _FORWARD:
        return 1
    if oneway in _BACKWARD:
        return -1
    if oneway is None and (
        tags.get("junction") in _ROUNDABOUTS or tags.get("highway") == "motorway"
    ):
        return 1
    return 0


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


def read_ways(path: Path, settings: LoadSettings) -> OsmWays:
    """Read all drivable ways of ``path``.

    Raises InputError (``network.unreadable-osm``) when the file cannot be read to its end.
    """
    try:
        return _with_late_nodes(path, _collect(path, settings))
    except READ_ERRORS as error:
        raise unreadable(path, error) from error


def _drivable_ways(path: Path) -> Iterator[Any]:
    kinds = osmium.osm.NODE | osmium.osm.WAY
    processor = (
        osmium.FileProcessor(open_file(path), kinds)
        # A sorted array of (id, location): memory grows with the nodes, never with their ids.
        .with_locations("sparse_mem_array")
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.TagFilter(*(("highway", value) for value in HIGHWAY_CLASS)))
    )
    return iter(processor)


def _collect(path: Path, settings: LoadSettings) -> OsmWays:
    found = _Collector()
    factory = osmium.geom.WKBFactory()
    for way in _drivable_ways(path):
        found.ways_read += 1
        tags = way.tags
        if not is_open(tags, settings):
            continue
        refs = [node.ref for node in way.nodes]
        found.refs.extend(refs)
        found.counts.append(len(refs))
        found.lonlat.append(_coordinates(factory, way, len(refs)))
        found.way_class.append(HIGHWAY_CLASS[tags.get("highway")])
        found.direction.append(way_direction(tags))
        found.maxspeed.append(parse_maxspeed(tags.get("maxspeed")))
        name = tags.get("name") or tags.get("ref") or ""
        found.name.append(found.names.setdefault(name, len(found.names)))
    return found.finish()


def _coordinates(factory: Any, way: Any, count: int) -> NDArray[np.float64]:
    """Return (count, 2) lon/lat; one WKB string is several times faster than node by node."""
    try:
        wkb = factory.create_linestring(way.nodes, osmium.geom.ALL)
    except (osmium.InvalidLocationError, RuntimeError):
        points = [_location(node) for node in way.nodes]
        return np.array(points, np.float64).reshape(count, 2)
    return np.frombuffer(bytes.fromhex(wkb[_WKB_HEADER_HEX:]), np.float64).reshape(count, 2)


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
