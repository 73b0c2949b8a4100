"""What ``[roads]`` of ``county.toml`` asks of the network: how to load it, what is closed when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from network.road_network import LoadSettings, RoadClosure
from scheduling.county.settings import CountySettings

if TYPE_CHECKING:
    from network.build import DirectedEdges
    from network.road_layer import RoadLayer
    from network.road_network import RoadNetwork
    from network.turn_graph import TurnCosts


def load_roads(settings: CountySettings, roads_file: Path, *, cached: bool = True) -> RoadNetwork:
    """Load a county's roads as its settings want them; the road layer lies beside the road file.

    ``cached`` false loads them anew whatever the settings say. Raises InputError as
    ``load_network`` does.
    """
    from network import load_network
    from network.cache import cache_folder

    cache = cache_folder() if cached and settings.roads.cache else None
    return load_network(
        roads_file, load_settings(settings), layer=_layer(settings, roads_file), cache=cache
    )


def load_edges_of(settings: CountySettings, roads_file: Path) -> DirectedEdges:
    """Return all edges of a county's roads, before those that lead nowhere are cut off."""
    from network.load import load_edges

    return load_edges(roads_file, load_settings(settings), layer=_layer(settings, roads_file))


def turn_costs(settings: CountySettings) -> TurnCosts:
    """Return what turns cost."""
    from network import TurnCosts

    roads = settings.roads
    return TurnCosts(left_seconds=roads.left_turn_seconds, back_seconds=roads.turn_back_seconds)


def load_settings(settings: CountySettings) -> LoadSettings:
    """Return which roads count as open to the bureau."""
    roads = settings.roads
    return LoadSettings(
        closed_access=roads.closed_access,
        turn_restrictions=roads.turn_restrictions,
        ferries=roads.ferries,
        ferry_kmh=roads.ferry_kmh,
        winter_roads=(roads.winter_roads_from, roads.winter_roads_until),
    )


def road_closures(settings: CountySettings) -> tuple[RoadClosure, ...]:
    """Return the closures that the county names itself."""
    return tuple(
        RoadClosure(row.first, row.last, row.ways, row.names, row.fords)
        for row in settings.roads.closures
    )


def _layer(settings: CountySettings, roads_file: Path) -> RoadLayer | None:
    """Return the bureau's layer over the road file, or the road file as one; None if neither."""
    from network.road_layer import RoadLayer
    from network.vector_layer import LAYER_SUFFIXES, LayerFrame

    roads = settings.roads
    if not roads.layer and roads_file.suffix.lower() not in LAYER_SUFFIXES:
        return None
    stated = "crs" in settings.model_fields_set
    datum = settings.layer_datum.get("roads", settings.datum)
    return RoadLayer(
        path=roads_file.parent / roads.layer if roads.layer else roads_file,
        class_column=roads.class_column,
        classes=tuple(sorted(roads.classes.items())),
        other_class=roads.other_class,
        name_column=roads.name_column,
        oneway_column=roads.oneway_column,
        maxspeed_column=roads.maxspeed_column,
        level_column=roads.level_column,
        gap_tolerance_m=roads.gap_tolerance_m,
        merge_distance_m=roads.merge_distance_m,
        frame=LayerFrame(settings.crs if stated else "", datum),
        datum_known=is_datum_stated(settings, "roads"),
    )


def is_datum_stated(settings: CountySettings, layer: str) -> bool:
    """Whether county.toml says the datum of a layer, so that it is not to be doubted.

    ``datum = "wgs84"`` for the whole county does not: it stands in every new folder.
    """
    return layer in settings.layer_datum or settings.datum != "wgs84"
