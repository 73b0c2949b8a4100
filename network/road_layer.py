"""A bureau's own road layer: drawn lines with a class column, read into ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from network.load_report import LoadReport
from network.osm_classes import HIGHWAY_CLASS
from network.osm_tags import parse_maxspeed
from network.osm_ways import OsmWays
from network.problems import InputError, Problem, Text
from network.road_network import MARK_OWN_LAYER, ROAD_CLASSES
from network.vector_layer import LayerFrame, RawLayer, load_layer, to_wgs84, value_text

#: What the classes of Chinese road layers mean here [D]; OSM's own words are known too.
CHINESE_CLASSES: Final[dict[str, str]] = {
    "高速公路": "motorway", "高速": "motorway", "国道": "trunk", "省道": "primary",
    "县道": "secondary", "乡道": "tertiary", "村道": "unclassified", "专用公路": "unclassified",
    "城市道路": "residential", "街道": "residential", "内部道路": "service", "机耕路": "track",
    "机耕道": "track", "田间道": "track", "生产路": "track", "林道": "track",
}  # fmt: skip
_FORWARD: Final = frozenset({"1", "yes", "true", "ft", "f", "是", "正向", "单行", "单向"})
_BACKWARD: Final = frozenset({"-1", "reverse", "tf", "t", "逆向", "反向"})
_BRIDGE: Final = frozenset({"yes", "true", "是", "桥", "桥梁", "高架", "bridge", "viaduct"})
_TUNNEL: Final = frozenset({"隧道", "tunnel"})


@dataclass(frozen=True)
class RoadLayer:
    """Where a road layer is and how to read it.

    ``classes`` gives the road class of each value of ``class_column``; values not named mean what
    they mean in Chinese or OSM, or else ``other_class``, where empty leaves the road out. A number
    or "bridge" in ``level_column`` keeps lines apart that cross without meeting. Ends closer than
    ``gap_tolerance_m`` to another road are joined to it; beside OSM, roads within
    ``merge_distance_m`` of an OSM road all along are taken for the same. ``datum_known`` says that
    the datum of ``frame`` was stated and is not to be doubted.
    """

    path: Path
    class_column: str = "highway"
    classes: tuple[tuple[str, str], ...] = ()
    other_class: str = ""
    name_column: str = ""
    oneway_column: str = ""
    maxspeed_column: str = ""
    level_column: str = ""
    gap_tolerance_m: float = 5.0
    merge_distance_m: float = 20.0
    frame: LayerFrame = field(default_factory=lambda: LayerFrame("EPSG:4326"))
    datum_known: bool = False


def read_road_layer(layer: RoadLayer) -> OsmWays:
    """Read the lines of a road layer; no two ways meet yet (see ``noding``).

    Raises InputError: what ``load_layer`` and ``to_wgs84`` find, ``network.layer-column`` for
    columns that are not there, ``network.layer-lines`` when it has no lines.
    """
    raw = load_layer(layer.path, "roads")
    columns = _columns(raw, layer)
    problems: list[Problem] = []
    geometry = to_wgs84(raw.geometry, raw.crs, layer.path.name, layer.frame, problems)
    if problems or geometry is None:
        raise InputError(problems)
    meanings = _meanings(layer)
    lines, feature = _lines(geometry)
    if not len(lines):
        raise InputError([_no_lines(layer.path)])
    classes = [meanings(columns["class"][row]) for row in range(len(geometry))]
    unknown = Counter(
        columns["class"][row] for row in np.unique(feature).tolist() if classes[row] < 0
    )
    used = np.array([classes[row] >= 0 for row in feature.tolist()], bool)
    report = LoadReport(
        source=layer.path.name,
        layer_roads=int(used.sum()),
        layer_without_line=len(geometry) - len(np.unique(feature)),
        layer_classes_left_out=tuple(sorted(unknown.items())),
    )
    return _ways(lines[used], feature[used].tolist(), classes, columns, report)


def _columns(raw: RawLayer, layer: RoadLayer) -> dict[str, list[str]]:
    """Return the texts of the columns named, empty ones for those that are not."""
    wanted = {
        "class": layer.class_column,
        "name": layer.name_column,
        "oneway": layer.oneway_column,
        "maxspeed": layer.maxspeed_column,
        "level": layer.level_column,
    }
    position = {name.casefold(): number for number, name in enumerate(raw.fields)}
    missing = [name for name in wanted.values() if name and name.casefold() not in position]
    if missing:
        raise InputError([_no_column(layer.path, name, raw.fields) for name in missing])
    return {
        key: [value_text(value) for value in raw.columns[position[name.casefold()]]]
        if name
        else [""] * len(raw.geometry)
        for key, name in wanted.items()
    }


class _meanings:  # noqa: N801 - used as a function
    """Call with a value of the class column: index into ROAD_CLASSES, or -1."""

    def __init__(self, layer: RoadLayer) -> None:
        self._named = {name.strip().casefold(): value for name, value in layer.classes}
        self._other = layer.other_class

    def __call__(self, value: str) -> int:
        key = value.strip().casefold()
        name = self._named.get(key) or CHINESE_CLASSES.get(key)
        if name is None and key in HIGHWAY_CLASS:
            return HIGHWAY_CLASS[key]
        name = name or self._other
        return ROAD_CLASSES.index(name) if name in ROAD_CLASSES else -1


def _lines(geometry: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return every line of two points or more and the feature that each is of."""
    parts, feature = shapely.get_parts(geometry, return_index=True)
    is_line = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (
        shapely.get_num_points(parts) > 1
    )
    return parts[is_line], feature[is_line].astype(np.int64)


def _ways(
    lines: NDArray[np.object_],
    feature: list[int],
    classes: list[int],
    columns: Mapping[str, list[str]],
    report: LoadReport,
) -> OsmWays:
    lonlat = shapely.get_coordinates(lines)
    counts = shapely.get_num_points(lines).astype(np.int64)
    names: dict[str, int] = {"": 0}
    speeds = np.array([parse_maxspeed(columns["maxspeed"][row]) for row in feature], np.float32)
    count = len(lines)
    return OsmWays(
        refs=-np.arange(1, len(lonlat) + 1),
        lonlat=lonlat,
        way_start=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        way_id=np.zeros(count, np.int64),
        way_class=np.array([classes[row] for row in feature], np.int8),
        direction=np.array([_direction(columns["oneway"][row]) for row in feature], np.int8),
        maxspeed_kmh=speeds,
        maxspeed_back_kmh=speeds,
        way_closure=np.zeros(count, np.int16),
        way_marks=np.full(count, MARK_OWN_LAYER, np.uint8),
        way_level=np.array([_level(columns["level"][row]) for row in feature], np.int8),
        way_name=np.array(
            [names.setdefault(columns["name"][row], len(names)) for row in feature], np.int32
        ),
        names=tuple(names),
        closures=((),),
        report=report,
    )


def _direction(value: str) -> int:
    key = value.strip().casefold()
    return 1 if key in _FORWARD else -1 if key in _BACKWARD else 0


def _level(value: str) -> int:
    key = value.strip().casefold()
    if key in _BRIDGE | _TUNNEL:
        return 1 if key in _BRIDGE else -1
    try:
        return int(np.clip(int(key), -5, 5))
    except ValueError:
        return 0


def _no_column(path: Path, name: str, fields: Any) -> Problem:
    listed = "、".join(fields)
    return Problem(
        code="network.layer-column",
        file=path.name,
        field=name,
        cause=Text(f"道路图层没有字段“{name}”", f"the road layer has no column '{name}'"),
        action=Text(
            f"在 county.toml [roads] 中改为以下之一：{listed}",
            f"name one of these in county.toml [roads]: {listed}",
        ),
    )


def _no_lines(path: Path) -> Problem:
    return Problem(
        code="network.layer-lines",
        file=path.name,
        cause=Text("道路图层没有线要素", "the road layer has no lines"),
        action=Text("请提供道路中心线（线图层）", "give a layer of centre lines"),
    )
