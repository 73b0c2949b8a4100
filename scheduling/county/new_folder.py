"""A county folder from a real extract: roads, draft units and zones, empty tables of people."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from network.problems import InputError, Problem, Text
from network.vector_layer import LayerFrame, load_layer, to_wgs84
from scheduling.county.model import County
from scheduling.county.settings import CountySettings
from scheduling.county.settings_read import SETTINGS_FILE
from scheduling.county.templates import write_templates
from scheduling.county.writer import write_settings_and_layers

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from network.features import OsmFeatures
    from network.road_network import RoadNetwork


@dataclass(frozen=True)
class NewCountyReport:
    """What ``xuncha new`` made: the folder, how many units and zones, what is not in them."""

    folder: Path
    stations: int
    squads: int
    zones_by_level: Mapping[int, int]
    notes: tuple[Text, ...]

    def __str__(self) -> str:
        zones = "，".join(f"{level}级 {count}" for level, count in self.zones_by_level.items())
        counts = "; ".join(f"level {level}: {n}" for level, n in self.zones_by_level.items())
        lines = [
            f"{self.stations} 个所，{self.squads} 个中队；巡查区草案：{zones}",
            f"{self.stations} stations, {self.squads} squad(s); draft zones: {counts}",
        ]
        return "\n".join([*lines, *(line for note in self.notes for line in note)])


def make_new_county(
    folder: Path, *, osm_file: Path, boundary: Path | None, name: str
) -> NewCountyReport:
    """Make a county folder; see :func:`scheduling.county.writer.new_county`."""
    from network import load_network
    from scheduling.zones.draft import draft_county
    from scheduling.zones.sizes import Drives

    if (folder / SETTINGS_FILE).exists():
        raise InputError([_is_there(folder)])
    area = None if boundary is None else read_boundary(boundary, name)
    network = load_network(osm_file)
    features = features_of(osm_file, network)
    settings = CountySettings(name=name, osm_file=osm_file.name, crs="EPSG:4326", datum="wgs84")
    draft = draft_county(
        features,
        road_lines_of(network),
        road_lines_of(network, NO_STREETS),
        name=name,
        boundary=area,
        drives=Drives(network, settings),
    )
    if not draft.zones:
        raise InputError([nothing_drawn(osm_file.name if boundary is None else boundary.name)])
    county = County(settings, draft.zones, draft.units, (), ())
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(osm_file, folder / osm_file.name)
    write_settings_and_layers(county, folder)
    write_templates(folder, draft.units)
    levels = sorted({zone.level for zone in draft.zones})
    return NewCountyReport(
        folder=folder,
        stations=sum(unit.authority == "township" for unit in draft.units),
        squads=sum(unit.authority == "county" for unit in draft.units),
        zones_by_level={n: sum(zone.level == n for zone in draft.zones) for n in levels},
        notes=draft.notes,
    )


def read_boundary(path: Path, name: str) -> BaseGeometry:
    """Return the county's area, WGS-84: the features that bear its name, else all of them.

    Raises InputError when the file cannot be read or holds no area.
    """
    import numpy as np
    import shapely

    raw = load_layer(path, path.stem)
    named = np.zeros(len(raw.geometry), dtype=bool)
    for column in raw.columns:
        named |= np.array([str(value) == name for value in column], dtype=bool)
    chosen = raw.geometry[named] if named.any() else raw.geometry
    problems: list[Problem] = []
    moved = to_wgs84(chosen, raw.crs, path.name, LayerFrame(), problems)
    if moved is None:
        raise InputError(problems)
    area = shapely.union_all([shape for shape in moved if shape is not None and shape.area])
    if not area.area:
        raise InputError([_no_area(path.name)])
    return area


#: Roads from which the rest of the land is not looked at.
NO_STREETS = ("track", "service")


def road_lines_of(network: RoadNetwork, without: Collection[str] = ()) -> BaseGeometry:
    """Return the roads a car can use and come back from, as one multi-line in WGS-84."""
    import shapely

    from network.road_network import ROAD_CLASSES

    return shapely.MultiLineString(
        [
            network.edge_shape(edge)
            for edge in range(network.edge_count)
            if ROAD_CLASSES[network.edge_class[edge]] not in without
        ]
    )


def features_of(osm_file: Path, network: RoadNetwork) -> OsmFeatures:
    """Return the map's features; a GraphML file and a layer of lines know roads only."""
    import shapely

    from network.features import OsmFeatures, OsmRoad, read_features
    from network.load import OSM_ENDINGS
    from network.road_network import ROAD_CLASSES

    if osm_file.name.lower().endswith(OSM_ENDINGS):
        return read_features(osm_file)
    roads = tuple(
        OsmRoad(
            network.names[network.edge_name[e]],
            "",
            ROAD_CLASSES[network.edge_class[e]],
            shapely.LineString(network.edge_shape(e)),
        )
        for e in range(network.edge_count)
    )
    return OsmFeatures((), (), (), roads, 0)


def _is_there(folder: Path) -> Problem:
    return Problem(
        code="county.folder-exists",
        file=str(folder),
        cause=Text("县目录已存在", "there is a county folder already"),
        action=Text(
            "换一个目录名；不会覆盖已有数据", "name another folder: nothing is overwritten"
        ),
    )


def nothing_drawn(file: str) -> Problem:
    """Return the problem of a map without anything to draw zones from."""
    return Problem(
        code="county.nothing-drawn",
        file=file,
        cause=Text("县界内没有可划定的巡查区", "there is nothing to draw zones from"),
        action=Text(
            "核对县界与路网是否为同一地区", "check that boundary and roads are of the same place"
        ),
    )


def _no_area(file: str) -> Problem:
    return Problem(
        code="layer.no-area",
        file=file,
        field="geometry",
        cause=Text("县界文件中没有面", "the boundary file holds no area"),
        action=Text("提供县界多边形", "give the county's boundary as a polygon"),
    )
