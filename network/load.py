"""Load a road network from a file, whichever format it is in; all problems as InputError."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from network.load_report import LoadReport
from network.problems import InputError, Problem, Text
from network.road_layer import RoadLayer, read_road_layer
from network.road_network import LoadSettings, RoadNetwork
from network.vector_layer import LAYER_SUFFIXES, files_of_layer

if TYPE_CHECKING:
    from network.build import DirectedEdges
    from network.osm_ways import OsmWays

_DEFAULTS = LoadSettings()
OSM_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
GRAPHML_ENDING = ".graphml"


def load_network(
    path: Path,
    settings: LoadSettings = _DEFAULTS,
    *,
    layer: RoadLayer | None = None,
    cache: Path | None = None,
) -> RoadNetwork:
    """Load the largest strongly connected drivable network of a file.

    Reads .osm.pbf, .pbf, .osm, .osm.gz, OSMnx's .graphml and any vector layer of lines. ``layer``
    is a bureau's own road layer: merged over ``path``, or how to read ``path`` where they are the
    same file. Of the folder ``cache``, if given, see ``network.cache``. Raises InputError with the
    codes ``network.missing-file``, ``network.empty-file``, ``network.unknown-format``,
    ``network.unreadable-osm``, ``network.unreadable-graphml``, ``network.no-roads``, and those of
    ``read_road_layer``.
    """
    layer = layer or (RoadLayer(path) if _is_layer(path) else None)
    for file in {path, path if layer is None else layer.path}:
        require_file(file)
    if cache is None:
        return _load(path, settings, layer)
    from network.cache import network_key, read_cached, write_cached

    files = [path, *(files_of_layer(layer.path) if layer is not None else ())]
    told = (settings, layer and replace(layer, path=Path(layer.path.name)))
    key = network_key(files, told)
    network = None if key is None else read_cached(cache, key)
    if network is not None:
        return network
    network = _load(path, settings, layer)
    if key is not None and network_key(files, told) == key:  # else the file has been replaced
        write_cached(cache, key, network)
    return network


def load_edges(
    path: Path, settings: LoadSettings = _DEFAULTS, *, layer: RoadLayer | None = None
) -> DirectedEdges:
    """Return all edges of a file, cut-off ones too. Raises InputError as ``load_network``."""
    layer = layer or (RoadLayer(path) if _is_layer(path) else None)
    for file in {path, path if layer is None else layer.path}:
        require_file(file)
    return _directed_edges(path, settings, layer)[0]


def _load(path: Path, settings: LoadSettings, layer: RoadLayer | None) -> RoadNetwork:
    from network.build import strongest_part

    edges, report = _directed_edges(path, settings, layer)
    if len(edges.edge_from) == 0:
        raise _no_roads(path, report.missing_nodes)
    network = strongest_part(edges, report)
    if network.edge_count == 0:
        raise _no_roads(path, report.missing_nodes)
    return network


def _is_layer(path: Path) -> bool:
    return path.suffix.lower() in LAYER_SUFFIXES


def _directed_edges(
    path: Path, settings: LoadSettings, layer: RoadLayer | None
) -> tuple[DirectedEdges, LoadReport]:
    name = path.name.lower()
    if name.endswith(GRAPHML_ENDING):
        if layer is not None:
            raise _not_to_be_merged(path)
        from network.graphml_read import read_graphml

        return read_graphml(path), LoadReport(source=path.name)
    from network.build import split_ways

    ways = _ways(path, settings, layer)
    edges, report = split_ways(ways)
    missing = np.unique(ways.refs[np.isnan(ways.lonlat[:, 0])])
    return edges, replace(report, missing_nodes=len(missing))


def _ways(path: Path, settings: LoadSettings, layer: RoadLayer | None) -> OsmWays:
    if _is_layer(path) and layer is not None:
        if layer.path != path:
            raise _not_to_be_merged(path)
        from network.merging import noded_layer

        return noded_layer(read_road_layer(layer), layer)
    if not path.name.lower().endswith(OSM_ENDINGS):
        raise _unknown_format(path)
    from network.osm_read import read_ways

    ways = read_ways(path, settings, with_levels=layer is not None)
    if layer is None:
        return ways
    from network.merging import merged

    return merged(ways, read_road_layer(layer), layer)


def require_file(path: Path) -> None:
    """Raise InputError unless ``path`` is a file with something in it that can be opened."""
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        raise InputError([_cannot_open(path, error)]) from error
    if not first:
        raise InputError(
            [
                Problem(
                    code="network.empty-file",
                    file=str(path),
                    cause=Text("文件是空的", "the file is empty"),
                    action=Text("请重新下载或复制该文件", "download or copy the file again"),
                )
            ]
        )


def _cannot_open(path: Path, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(
            code="network.missing-file",
            file=str(path),
            cause=Text("找不到该文件", "the file does not exist"),
            action=Text("请检查路径和文件名", "check the path and the name"),
        )
    reason = error.strerror or type(error).__name__
    return Problem(
        code="network.unreadable-file",
        file=str(path),
        cause=Text(f"无法打开该文件（{reason}）", f"the file cannot be opened ({reason})"),
        action=Text("请检查是否为文件以及访问权限", "check that it is a file you may read"),
    )


def _unknown_format(path: Path) -> InputError:
    return InputError(
        [
            Problem(
                code="network.unknown-format",
                file=str(path),
                cause=Text("不认识的路网文件类型", "not a known kind of road file"),
                action=Text(
                    "请使用 .osm.pbf、.osm、.osm.gz、OSMnx 的 .graphml 文件，或道路线图层",
                    "use an .osm.pbf, .osm, .osm.gz file, an OSMnx .graphml file or a layer of "
                    "road lines",
                ),
            )
        ]
    )


def _not_to_be_merged(path: Path) -> InputError:
    return InputError(
        [
            Problem(
                code="network.layer-needs-osm",
                file=str(path),
                cause=Text(
                    "自有道路图层只能并入 OSM 数据",
                    "a road layer can only be merged over OSM data",
                ),
                action=Text(
                    "改用 .osm.pbf 路网，或仅使用道路图层（osm_file 写图层文件名）",
                    "use an .osm.pbf file, or the layer alone (name it as osm_file)",
                ),
            )
        ]
    )


def _no_roads(path: Path, missing_nodes: int) -> InputError:
    lost = Text("", "")
    if missing_nodes:
        lost = Text(
            f"，道路引用的 {missing_nodes} 个节点缺失",
            f"; {missing_nodes} nodes of ways are missing",
        )
    return InputError(
        [
            Problem(
                code="network.no-roads",
                file=str(path),
                cause=Text(
                    f"文件中没有相互连通、可通行的道路（highway）{lost.zh}",
                    f"the file holds no connected drivable roads (highway){lost.en}",
                ),
                action=Text(
                    "请导出包含道路及其节点的数据", "export data with roads and their nodes in it"
                ),
            )
        ]
    )
