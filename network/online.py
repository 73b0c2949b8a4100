"""Fetch roads and features of a place from OpenStreetMap: the only code that goes online."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from network.osm_classes import HIGHWAY_CLASS
from network.problems import InputError, Problem, Text

if TYPE_CHECKING:
    from network.features import OsmFeatures


def download_place(place: str, target: Path) -> None:
    """Save the drivable roads of ``place`` (as OSM's search knows it) as GraphML in ``target``.

    Raises InputError (``network.online``) when the place is unknown or OSM cannot be reached.
    """
    import osmnx

    roads = "|".join(sorted(HIGHWAY_CLASS))
    closed = '["area"!~"yes"]["access"!~"private|no"]["motor_vehicle"!~"private|no"]'
    use_cache = osmnx.settings.use_cache
    osmnx.settings.use_cache = False  # no cache folder where the user happens to stand
    try:
        graph = osmnx.graph_from_place(
            place, custom_filter=f'["highway"~"^({roads})$"]{closed}', retain_all=True
        )
    except (ValueError, TypeError, OSError) as error:
        raise InputError([_failed(place, error)]) from error
    finally:
        osmnx.settings.use_cache = use_cache
    osmnx.save_graphml(graph, target)


def download_features(place: str) -> OsmFeatures:
    """Return what OpenStreetMap says of the land of ``place``: settlements, land use, main roads.

    Raises InputError (``network.online``) when the place is unknown or OSM cannot be reached.
    """
    import osmnx
    import shapely

    from network.features import FEATURE_TAGS, PLACE_KINDS, features_of_tags

    tags: dict[str, bool | str | list[str]] = {
        "place": list(PLACE_KINDS),
        "highway": sorted(HIGHWAY_CLASS),
        "admin_level": True,
    }
    tags |= {key: list(values) or True for key, values in FEATURE_TAGS.items()}
    use_cache = osmnx.settings.use_cache
    osmnx.settings.use_cache = False
    try:
        frame = osmnx.features_from_place(place, tags)
    except (ValueError, TypeError, OSError) as error:
        raise InputError([_failed(place, error)]) from error
    finally:
        osmnx.settings.use_cache = use_cache
    columns = [str(column) for column in frame.columns if column != "geometry"]
    rows = (
        (
            {key: value for key in columns if isinstance(value := row[key], str)},
            shapely.force_2d(row["geometry"]),
        )
        for _, row in frame.sort_index().iterrows()
    )
    return features_of_tags(rows)


def _failed(place: str, error: Exception) -> Problem:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return Problem(
        code="network.online",
        file=place,
        cause=Text(
            f"无法从 OpenStreetMap 获取该地的数据（{reason}）",
            f"could not fetch this place from OpenStreetMap ({reason})",
        ),
        action=Text(
            "请检查地名和网络，或改用下载好的 .osm.pbf 文件（--osm）",
            "check the name and the connection, or use a downloaded .osm.pbf file (--osm)",
        ),
    )
