"""What an OSM file says about the land: places, boundaries, land use, roads; to draft zones from.

Only features, never levels: which of them make a zone is for ``scheduling`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from network.load import require_file
from network.osm_classes import HIGHWAY_CLASS
from network.osm_read import READ_ERRORS, open_file, unreadable
from network.road_network import ROAD_CLASSES

PLACE_KINDS: Final = ("city", "town", "village", "hamlet", "suburb")
#: Tags that make a feature of a thing; an empty tuple takes any value of the key.
FEATURE_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "landuse": ("quarry", "industrial", "farmland", "residential", "construction"),
    "man_made": ("mineshaft", "adit"),
    "boundary": ("protected_area", "national_park"),
    "historic": (),
}
_ROAD_CLASSES: Final = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
_KEYS: Final = ("place", "highway", "boundary", "landuse", "man_made", "historic")


@dataclass(frozen=True)
class OsmPlace:
    """A settlement; ``kind`` is the place tag (city, town, village, hamlet, suburb)."""

    name: str
    kind: str
    lon: float
    lat: float


@dataclass(frozen=True)
class OsmAdminArea:
    """An administrative area with its admin_level (8 are townships in much of the world)."""

    name: str
    level: int
    polygon: BaseGeometry


@dataclass(frozen=True)
class OsmFeature:
    """A thing with one of FEATURE_TAGS; WGS-84 point or (multi)polygon."""

    key: str
    value: str
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True)
class OsmRoad:
    """A main, secondary or tertiary road way, or any other with a ref; WGS-84 line."""

    name: str
    ref: str
    road_class: str
    line: BaseGeometry


@dataclass(frozen=True)
class OsmFeatures:
    """All features of a file, each kind sorted as in the file; ``skipped`` had no geometry."""

    places: tuple[OsmPlace, ...]
    admin_areas: tuple[OsmAdminArea, ...]
    features: tuple[OsmFeature, ...]
    roads: tuple[OsmRoad, ...]
    skipped: int


@dataclass
class _Found:
    places: list[OsmPlace] = field(default_factory=list)
    admin_areas: list[OsmAdminArea] = field(default_factory=list)
    features: list[OsmFeature] = field(default_factory=list)
    roads: list[OsmRoad] = field(default_factory=list)
    skipped: int = 0

    def features_found(self) -> OsmFeatures:
        return OsmFeatures(
            tuple(self.places),
            tuple(self.admin_areas),
            tuple(self.features),
            tuple(self.roads),
            self.skipped,
        )


def read_features(path: Path) -> OsmFeatures:
    """Read places, administrative areas, land use, heritage, mines and main roads of an OSM file.

    Places drawn as areas count by a point inside; where a place has both, both are kept.
    Raises InputError as ``load_network`` does.
    """
    require_file(path)
    found = _Found()
    try:
        _collect(path, found)
    except READ_ERRORS as error:
        raise unreadable(path, error) from error
    return found.features_found()


def features_of_tags(
    things: Iterable[tuple[Mapping[str, str], BaseGeometry]],
) -> OsmFeatures:
    """Return the features among tagged WGS-84 geometries, as ``read_features`` would."""
    found = _Found()
    for tags, geometry in things:
        if geometry.geom_type == "LineString":
            _take_line(tags, geometry, found)
        else:
            _take(tags, geometry, found)
    return found.features_found()


def _collect(path: Path, found: _Found) -> None:
    keys = osmium.filter.KeyFilter(*_KEYS)
    processor = (
        osmium.FileProcessor(open_file(path))
        .with_locations("sparse_mem_array")
        .with_areas(osmium.filter.KeyFilter(*_KEYS))
        .with_filter(keys)
    )
    factory = osmium.geom.WKBFactory()
    thing: Any
    for thing in processor:
        if thing.is_way():
            _take_road(thing, factory, found)
        elif thing.is_node():
            if thing.location.valid():
                _take(thing.tags, shapely.Point(thing.lon, thing.lat), found)
        elif thing.is_area() and _is_wanted(thing.tags):
            try:
                area = shapely.from_wkb(factory.create_multipolygon(thing))
            except (RuntimeError, shapely.GEOSException):
                found.skipped += 1
                continue
            _take(thing.tags, _single(area), found)


def _is_wanted(tags: Any) -> bool:
    return (
        tags.get("place") in PLACE_KINDS
        or tags.get("boundary") == "administrative"
        or _feature_tag(tags) is not None
    )


def _feature_tag(tags: Any) -> tuple[str, str] | None:
    for key, values in FEATURE_TAGS.items():
        value = tags.get(key)
        if value is not None and value != "no" and (not values or value in values):
            return key, value
    return None


def _take(tags: Any, geometry: BaseGeometry, found: _Found) -> None:
    name = tags.get("name") or ""
    place = tags.get("place")
    if place in PLACE_KINDS:
        point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
        found.places.append(OsmPlace(name, place, point.x, point.y))
    level = tags.get("admin_level") or ""
    is_area = geometry.geom_type != "Point"
    if is_area and tags.get("boundary") == "administrative" and level.isdecimal():
        found.admin_areas.append(OsmAdminArea(name, int(level), geometry))
    tag = _feature_tag(tags)
    if tag is not None:
        found.features.append(OsmFeature(*tag, name, geometry))


def _take_road(way: Any, factory: Any, found: _Found) -> None:
    if _road_class(way.tags) is None:
        return
    try:
        line = shapely.from_wkb(factory.create_linestring(way))
    except (osmium.InvalidLocationError, RuntimeError, shapely.GEOSException):
        found.skipped += 1
        return
    _take_line(way.tags, line, found)


def _take_line(tags: Any, line: BaseGeometry, found: _Found) -> None:
    road_class = _road_class(tags)
    if road_class is not None:
        ref, name = tags.get("ref") or "", tags.get("name") or ""
        found.roads.append(OsmRoad(name, ref, road_class, line))


def _road_class(tags: Any) -> str | None:
    """Return the class of a road that counts as a feature, else None."""
    number = HIGHWAY_CLASS.get(tags.get("highway"))
    if number is None:
        return None
    road_class = ROAD_CLASSES[number]
    return road_class if road_class in _ROAD_CLASSES or tags.get("ref") else None


def _single(area: BaseGeometry) -> BaseGeometry:
    """Return a multipolygon of one part as that polygon."""
    return area.geoms[0] if len(area.geoms) == 1 else area
