"""A county on its roads: units and zones snapped to the network, each zone an inspection task."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point

from network import (
    InspectionSettings,
    InspectionTask,
    Site,
    Travel,
    edge_seconds,
    inspection_tasks,
)
from network.inspection import Manner
from network.problems import InputError, Problem, Text
from network.road_network import RoadNetwork
from scheduling.county.model import County, Unit, Zone, ZoneKind
from scheduling.county.road_data import load_roads, turn_costs
from scheduling.county.seasons import speed_table
from scheduling.county.settings import CountySettings
from scheduling.progress import Progress, ProgressCallback, silent
from scheduling.road_checks import hidden_checkpoints, partial_closures, shifted_layers

_READING = Text("读取路网", "reading roads")
#: How a zone drawn as an area is visited when nothing else is said (RULINGS, kinds of zone).
STOP_KINDS = frozenset(
    {ZoneKind.VILLAGE, ZoneKind.TOWN, ZoneKind.MINE, ZoneKind.HERITAGE, ZoneKind.HOT_SPOT}
)


@dataclass(frozen=True)
class CountyRoads:
    """The network with every unit's home and every zone's task on it, and travel on it.

    ``seconds[name]`` are the edges' travel seconds, (m,), in the day class of that name.
    """

    network: RoadNetwork
    travel: Travel
    seconds: dict[str, NDArray[np.float64]]
    homes: dict[str, int]  # unit id -> node
    tasks: dict[str, InspectionTask]  # zone id -> task


def manner_of(zone: Zone) -> Manner:
    """Return how the zone is visited: points are stopped at, lines driven along, areas seen."""
    shape = zone.geometry.geom_type
    if shape in {"Point", "MultiPoint"}:
        return "stop"
    if shape in {"LineString", "MultiLineString"}:
        return "drive"
    return "stop" if zone.kind in STOP_KINDS else "see"


def stop_seconds(zone: Zone, settings: CountySettings, *, driven: bool) -> int:
    """Return the fixed time at a zone: its own minutes, else those of a stop where one stops."""
    visit = settings.visit
    minutes = zone.stop_minutes
    if minutes is None and (manner_of(zone) == "stop" or not driven):
        minutes = visit.stop_minutes_by_kind.get(zone.kind.value, visit.stop_minutes)
    return round((minutes or 0) * 60)


def prepare_roads(
    county: County, roads_file: Path, progress: ProgressCallback = silent
) -> CountyRoads:
    """Load the network and put the county on it.

    Raises InputError naming every unit and zone too far from any usable road (RULINGS, roads far
    away), every checkpoint that no road shows, layers that seem to be in GCJ-02, or what is wrong
    with the road file.
    """
    progress(Progress("roads", _READING, 0, 1))
    network = load_roads(county.settings, roads_file)
    problems = [*shifted_layers(county, network), *hidden_checkpoints(county, network)]
    if problems:
        raise InputError(problems)
    sites = [_home_site(unit) for unit in county.units]
    marked: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in county.checkpoints:
        marked[row.zone].append((row.lon, row.lat))
    sites += [
        Site(zone.id, zone.geometry, manner_of(zone), tuple(marked[zone.id]))
        for zone in county.zones
    ]
    if any(zone.geometry.area > 0 for zone in county.zones):
        compile_road_kernels(progress)
    visit = county.settings.visit
    settings = InspectionSettings(seen_share=visit.seen_share, sight_m=visit.sight_m)
    network, tasks = inspection_tasks(network, sites, settings)
    homes, zone_tasks = tasks[: len(county.units)], tasks[len(county.units) :]
    problems = _far_from_roads(county, homes, zone_tasks)
    if problems:
        raise InputError(problems)
    classes = county.settings.day_classes
    notices = partial_closures(county.settings, network)
    progress(Progress("roads", _READING, 1, 1))
    network = replace(network, report=replace(network.report, notices=notices))
    return CountyRoads(
        network,
        Travel(network, turn_costs(county.settings)),
        {c.name: edge_seconds(network, speed_table(county.settings, c)) for c in classes},
        {u.id: t.modes[0].entry_node for u, t in zip(county.units, homes, strict=True)},
        {z.id: t for z, t in zip(county.zones, zone_tasks, strict=True)},
    )


def compile_road_kernels(progress: ProgressCallback) -> None:
    """Compile what the seeing of areas needs, which takes a while once per machine."""
    from network import warm_up

    label = Text(
        "准备道路计算内核（本机首次约十余秒）",
        "preparing road kernels (a quarter of a minute the first time)",
    )
    progress(Progress("road-kernels", label, 0, 1))
    warm_up()
    progress(Progress("road-kernels", label, 1, 1))


def _home_site(unit: Unit) -> Site:
    return Site(unit.id, Point(unit.lon, unit.lat), "stop")


def _far_from_roads(
    county: County, homes: tuple[InspectionTask, ...], tasks: tuple[InspectionTask, ...]
) -> list[Problem]:
    limit_km = county.settings.visit.max_walk_km
    problems = []
    for unit, task in zip(county.units, homes, strict=True):
        if task.snap_distance_m > limit_km * 1000:
            problems.append(_far("stations", f"unit {unit.id}", task.snap_distance_m, limit_km))
    for zone, task in zip(county.zones, tasks, strict=True):
        if task.snap_distance_m > limit_km * 1000 and not zone.walk:
            problems.append(_far("zones", f"zone {zone.id}", task.snap_distance_m, limit_km))
    return problems


def _far(file: str, where: str, distance_m: float, limit_km: float) -> Problem:
    km = f"{distance_m / 1000:.1f}"
    return Problem(
        code="roads.too-far",
        file=file,
        where=where,
        field="geometry",
        cause=Text(
            f"距最近可通行道路 {km} 公里，超过 {limit_km:g} 公里",
            f"{km} km from the nearest usable road, more than {limit_km:g} km",
        ),
        action=Text(
            "更正坐标，补充道路数据，或对该巡查区设置 walk = true（步行）",
            "correct the coordinates, add the road, or set walk = true for the zone",
        ),
    )
