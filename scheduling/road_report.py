"""How good a county's road data is for its units, zones and villages (``network.road_quality``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from network.build import DirectedEdges
from network.load import load_network
from network.problems import InputError, Problem
from network.road_network import RoadNetwork
from network.road_quality import QualitySite, RoadQuality, densities, road_quality
from network.vector_layer import LayerFrame, load_layer, to_wgs84
from scheduling.county.layers import layer_files
from scheduling.county.model import County, ZoneKind
from scheduling.county.new_folder import features_of
from scheduling.county.reader import read_map
from scheduling.county.road_data import load_edges_of, load_roads
from scheduling.zones.own_layers import read_own_layers

_SETTLED = frozenset({ZoneKind.VILLAGE, ZoneKind.TOWN})
_SAME_PLACE_DEGREES = 0.005


@dataclass(frozen=True)
class RoadReport:
    """A county's road quality, with what a map of it needs: also the roads that were cut off."""

    county: County
    network: RoadNetwork
    everything: DirectedEdges
    quality: RoadQuality


def report_roads(folder: Path, province: Sequence[float] = ()) -> RoadReport:
    """Judge the roads of a county folder, which may still lack people, units and zones.

    ``province`` are road densities of counties to compare with. Raises InputError for what is
    wrong with settings, layers or roads.
    """
    layers = [stem for stem in ("zones", "stations") if layer_files(folder, stem)]
    county = read_map(folder, layers)
    roads_file = folder / county.settings.osm_file
    network = load_roads(county.settings, roads_file)
    own = read_own_layers(folder, county.settings)
    sites = _sites(county)
    features = own.over(features_of(roads_file, network))
    area = own.boundary
    for place in features.places:
        point = shapely.Point(place.lon, place.lat)
        known = any(
            site.settled and shapely.distance(site.geometry, point) < _SAME_PLACE_DEGREES
            for site in sites
        )
        if place.name and not known and (area is None or shapely.contains(area, point)):
            sites.append(QualitySite(place.name, place.name, point, settled=True, visited=False))
    everything = load_edges_of(county.settings, roads_file)
    quality = road_quality(
        network,
        everything,
        sites,
        area=area,
        province_densities=province,
        too_far_m=county.settings.visit.max_walk_km * 1000,
    )
    return RoadReport(county, network, everything, quality)


def _sites(county: County) -> list[QualitySite]:
    units = [QualitySite(u.id, u.name, shapely.Point(u.lon, u.lat)) for u in county.units]
    zones = [QualitySite(z.id, z.name, z.geometry, z.kind in _SETTLED) for z in county.zones]
    return [*units, *zones]


def province_densities(roads: Path, outlines: Path) -> tuple[float, ...]:
    """Return the road density of every county of a province; InputError for unusable files."""
    raw = load_layer(outlines, outlines.stem)
    problems: list[Problem] = []
    moved = to_wgs84(raw.geometry, raw.crs, outlines.name, LayerFrame(), problems)
    if moved is None:
        raise InputError(problems)
    counties: list[BaseGeometry] = [shape for shape in moved if shape is not None and shape.area]
    return densities(load_network(roads), counties)
