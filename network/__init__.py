"""Roads and geometry: road files become networks, travel times, paths and inspection tasks.

Names load on first use, so that importing the room costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from network.covering import warm_up
    from network.datum import gcj02_to_wgs84
    from network.features import (
        OsmAdminArea,
        OsmFeature,
        OsmFeatures,
        OsmPlace,
        OsmRoad,
        read_features,
    )
    from network.inspection import (
        InspectionMode,
        InspectionSettings,
        InspectionTask,
        Site,
        inspection_tasks,
        mode_length_m,
        mode_seconds,
        mode_shape,
    )
    from network.inspection_figures import InspectionReport, inspection_report
    from network.load import load_network
    from network.load_report import LoadReport
    from network.map_lines import road_lines
    from network.online import download_place
    from network.osmnx_graph import from_osmnx, to_osmnx
    from network.problems import InputError, Language, Problem, Text
    from network.road_network import (
        ROAD_CLASSES,
        LoadSettings,
        RoadNetwork,
        SpeedTable,
    )
    from network.speeds import edge_seconds
    from network.travel import NO_PATH, RoadPath, Travel, shortest_paths, travel_seconds
    from network.turn_graph import TurnCosts
    from network.walking import WalkingLeg

_MODULES = {
    "covering": ("warm_up",),
    "datum": ("gcj02_to_wgs84",),
    "features": (
        "OsmAdminArea",
        "OsmFeature",
        "OsmFeatures",
        "OsmPlace",
        "OsmRoad",
        "read_features",
    ),
    "inspection": (
        "InspectionMode",
        "InspectionSettings",
        "InspectionTask",
        "Site",
        "inspection_tasks",
        "mode_length_m",
        "mode_seconds",
        "mode_shape",
    ),
    "inspection_figures": ("InspectionReport", "inspection_report"),
    "load": ("load_network",),
    "load_report": ("LoadReport",),
    "map_lines": ("road_lines",),
    "online": ("download_place",),
    "osmnx_graph": ("from_osmnx", "to_osmnx"),
    "problems": (
        "InputError",
        "Language",
        "Problem",
        "Text",
    ),
    "road_network": (
        "LoadSettings",
        "ROAD_CLASSES",
        "RoadNetwork",
        "SpeedTable",
    ),
    "speeds": ("edge_seconds",),
    "travel": (
        "NO_PATH",
        "RoadPath",
        "Travel",
        "shortest_paths",
        "travel_seconds",
    ),
    "turn_graph": ("TurnCosts",),
    "walking": ("WalkingLeg",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "NO_PATH",
    "ROAD_CLASSES",
    "InputError",
    "InspectionMode",
    "InspectionReport",
    "InspectionSettings",
    "InspectionTask",
    "Language",
    "LoadReport",
    "LoadSettings",
    "OsmAdminArea",
    "OsmFeature",
    "OsmFeatures",
    "OsmPlace",
    "OsmRoad",
    "Problem",
    "RoadNetwork",
    "RoadPath",
    "Site",
    "SpeedTable",
    "Text",
    "Travel",
    "TurnCosts",
    "WalkingLeg",
    "download_place",
    "edge_seconds",
    "from_osmnx",
    "gcj02_to_wgs84",
    "inspection_report",
    "inspection_tasks",
    "load_network",
    "mode_length_m",
    "mode_seconds",
    "mode_shape",
    "read_features",
    "road_lines",
    "shortest_paths",
    "to_osmnx",
    "travel_seconds",
    "warm_up",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'network' has no attribute {name!r}")
    return getattr(import_module(f"network.{_HOME[name]}"), name)
