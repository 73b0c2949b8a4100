"""Inspection figures: 400 zones made into tasks, and circuits held to the shortest there are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

import numpy as np
import shapely

from benchmarks.table import Row
from network import (
    InspectionSettings,
    RoadNetwork,
    Site,
    inspection_tasks,
    mode_length_m,
)
from network.covering import CoveringProblem, covering_circuit
from network.covering_exact import exact_circuit_m
from network.local_roads import local_roads, ways_back
from network.metric import metric_of
from network.snapping import RoadIndex

SETTINGS = InspectionSettings()
#: With more sample points exact solutions take long: the states double with each.
MOST_POINTS = 12


@dataclass(frozen=True)
class TasksRow(Row):
    """Zones made into tasks, compiling left out; kilometres are of the areas' circuits."""

    zones: int
    areas: int
    cpu_seconds: float
    wanted: str
    seen_share_mean: float
    circuits_km: float
    ways_through: int


@dataclass(frozen=True)
class GapRow(Row):
    """Circuits of areas small enough to be solved exactly; gaps in per cent of the shortest."""

    areas: int
    optimal: int
    worst_gap_percent: float
    mean_gap_percent: float
    wanted: str
    shortest_km: float


def run(network: RoadNetwork, *, areas: int = 150, others: int = 250) -> Iterator[TasksRow]:
    """Measure the making of tasks: areas seen, a fifth of the rest roads driven, others stops."""
    sites = draw_sites(network, areas, others)
    inspection_tasks(network, sites[:1], SETTINGS)  # compiles
    clock = process_time()
    split, tasks = inspection_tasks(network, sites, SETTINGS)
    took = process_time() - clock
    seen = [task for task in tasks if task.site.manner == "see"]
    modes = [mode for task in seen for mode in task.modes]
    yield TasksRow(
        case="tasks",
        note="one core; polygons of 0.2 to 9 km² strewn over the roads; compiling not counted",
        zones=len(sites),
        areas=areas,
        cpu_seconds=took,
        wanted="≤ 60 s on 2 cores",
        seen_share_mean=float(np.mean([task.seen_share for task in seen])),
        circuits_km=sum(mode_length_m(split, task.modes[0]) for task in seen) / 1000,
        ways_through=sum(mode.entry_node != mode.exit_node for mode in modes),
    )


def run_exact(network: RoadNetwork, *, areas: int = 150) -> Iterator[GapRow]:
    """Solve areas exactly that have few enough sample points (here spread thinly enough)."""
    index, back = RoadIndex(network), ways_back(network)
    gaps, shortest_m = [], 0.0
    for site in draw_sites(network, areas, 0):
        flat = index.metric.flat(site.geometry)
        samples = _thin_samples(flat)
        local = local_roads(index, back, flat, samples, SETTINGS.sight_m)
        if local is None or len(samples) > MOST_POINTS:
            continue
        seen = np.bitwise_or.reduce(local.seen.reshape(-1, local.seen.shape[2]), axis=0)
        visible = int(np.bitwise_count(seen).sum())
        needed = min(math.ceil(SETTINGS.seen_share * len(samples)), visible)
        must = np.zeros(len(local.places), bool)
        problem = CoveringProblem(local.metres, local.seen, needed, must)
        found = covering_circuit(problem).metres
        exact = exact_circuit_m(problem, found)
        shortest_m += exact
        gaps.append(100 * (found - exact) / exact if exact > 0 else 0.0 if found == 0 else 100.0)
    yield GapRow(
        case="circuits",
        note=f"at most {MOST_POINTS} sample points each; shortest by dynamic programming",
        areas=len(gaps),
        optimal=int(np.sum(np.array(gaps) < 0.001)),
        worst_gap_percent=max(gaps),
        mean_gap_percent=float(np.mean(gaps)),
        wanted="≤ 3 %",
        shortest_km=shortest_m / 1000,
    )


def draw_sites(network: RoadNetwork, areas: int, others: int) -> list[Site]:
    """Return crooked areas around nodes of the network, then roads and points."""
    rng = np.random.default_rng(5)
    metric = metric_of(network)
    sites = []
    for number in range(areas):
        middle = metric.xy(network.node_lonlat[[rng.integers(network.node_count)]])[0]
        radius = rng.uniform(250, 1800) * rng.uniform(0.6, 1.2, 9)
        angle = np.sort(rng.uniform(0, 2 * np.pi, 9))
        corners = middle + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
        sites.append(Site(f"area {number}", shapely.Polygon(metric.lonlat(corners)), "see"))
    for number in range(others):
        edge = int(rng.integers(network.edge_count))
        shape = network.edge_shape(edge)
        if number % 5 == 0:
            sites.append(Site(f"road {number}", shapely.LineString(shape), "drive"))
        else:
            place = shapely.Point(shape[0] + rng.normal(0, 0.001, 2))
            sites.append(Site(f"point {number}", place, "stop"))
    return sites


def _thin_samples(flat: shapely.Geometry) -> np.ndarray:
    """Return a grid of about ten points over an area."""
    step = math.sqrt(flat.area / 10)
    low_x, low_y, high_x, high_y = flat.bounds
    x, y = np.meshgrid(
        np.arange(low_x + step / 2, high_x, step), np.arange(low_y + step / 2, high_y, step)
    )
    points = shapely.points(x.ravel(), y.ravel())
    inside = points[shapely.contains(flat, points)]
    return inside if len(inside) else np.array([shapely.point_on_surface(flat)])
