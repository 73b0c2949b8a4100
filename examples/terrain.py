"""The lie of the land: a height field with a river valley, on a warped grid in kilometres.

Roads and villages follow the valleys because climbing costs; that is what makes the sample county
look like a county and not like a chequerboard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra

#: Where the invented county lies, lon/lat: somewhere in Jilin, so that day lengths are right.
ORIGIN_LON_LAT: Final = (126.0, 43.5)
KM_PER_DEGREE: Final = 111.195
#: Least grid spacing in kilometres: fine enough for bends. Very large counties get a wider one.
SPACING_KM: Final = 0.3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def to_lonlat(xy_km: Floats) -> Floats:
    """Turn (k, 2) kilometres east and north of the origin into lon/lat degrees."""
    lon, lat = ORIGIN_LON_LAT
    scale = np.array([KM_PER_DEGREE * np.cos(np.radians(lat)), KM_PER_DEGREE])
    degrees: Floats = np.asarray(xy_km, dtype=np.float64) / scale + np.array([lon, lat])
    return np.round(degrees, 7)  # OSM's own precision: equal points stay equal on disk


@dataclass(frozen=True)
class Terrain:
    """Grid of nodes in row-major order: position (n, 2) km, height (n,) m, inside the county (n,).

    ``outline`` is the county's boundary, (k, 2) km, closed, once round the origin.
    """

    columns: int
    position: Floats
    height: Floats
    inside: NDArray[np.bool_]
    outline: Floats
    radius_km: float

    @cached_property
    def edges(self) -> Ints:
        """Return the (m, 2) pairs of neighbouring nodes, eight neighbours, each pair once."""
        index = np.arange(len(self.position)).reshape(-1, self.columns)
        pairs = (
            (index[:, :-1], index[:, 1:]),
            (index[:-1], index[1:]),
            (index[:-1, :-1], index[1:, 1:]),
            (index[:-1, 1:], index[1:, :-1]),
        )
        return np.concatenate([np.stack([a.ravel(), b.ravel()], axis=1) for a, b in pairs])

    @cached_property
    def lengths(self) -> Floats:
        """Return the length of each of ``edges`` in kilometres."""
        ends = self.position[self.edges]
        lengths: Floats = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
        return lengths

    @cached_property
    def highness(self) -> Floats:
        """Return (n,) how high each node lies: 0 in the valleys, 1 and more on the hills."""
        low, high = np.quantile(self.height, (0.1, 0.9))
        share: Floats = np.clip((self.height - low) / (high - low), 0, 1.5)
        return share

    @cached_property
    def _edge_order(self) -> tuple[Ints, Ints]:
        """Return the edges' keys in order, and the edge of each."""
        keys = self.edges[:, 0] * len(self.position) + self.edges[:, 1]
        order = np.argsort(keys)
        return keys[order], order

    def edges_between(self, a: Ints, b: Ints) -> list[int]:
        """Return the numbers of the edges between neighbours ``a[i]`` and ``b[i]``."""
        keys, order = self._edge_order
        wanted = np.minimum(a, b) * len(self.position) + np.maximum(a, b)
        return [int(edge) for edge in order[np.searchsorted(keys, wanted)]]


def make_terrain(townships: int, township_km2: float, rng: np.random.Generator) -> Terrain:
    """Make hills, one main valley through the middle, and an irregular county boundary."""
    radius = float(np.sqrt(townships * township_km2 / np.pi))
    reach = radius * 1.3 + 1.0
    spacing = max(SPACING_KM, radius / 80)
    half = int(np.ceil(reach / spacing))
    axis = np.arange(-half, half + 1) * spacing
    x, y = np.meshgrid(axis, axis)
    position = np.stack([x.ravel(), y.ravel()], axis=1)
    position += rng.uniform(-0.3, 0.3, position.shape) * spacing
    outline = _outline(radius, rng)
    return Terrain(
        columns=len(axis),
        position=position,
        height=_height(position, radius, rng),
        inside=within(outline, position),
        outline=outline,
        radius_km=radius,
    )


def _height(position: Floats, radius: float, rng: np.random.Generator) -> Floats:
    """Sum random waves of falling length, and cut a meandering valley through the middle."""
    height: Floats = np.zeros(len(position))
    for wavelength, amplitude in ((16.0, 70.0), (8.0, 55.0), (4.0, 36.0), (2.0, 16.0)):
        for _ in range(5):
            angle, phase = rng.uniform(0, 2 * np.pi, 2)
            direction = np.array([np.cos(angle), np.sin(angle)]) * 2 * np.pi / wavelength
            height += amplitude / 2 * np.sin(position @ direction + phase)
    along, across = _valley_frame(position, rng)
    bend = 0.12 * radius * np.sin(along / radius * 2.2) + 0.8 * np.sin(along * 0.9)
    valley = np.exp(-(((across - bend) / 2.5) ** 2))
    rim = (np.hypot(*position.T) / radius) ** 2
    land: Floats = 320 + height * (1 - 0.6 * valley) - 140 * valley + 60 * rim
    return land


def _valley_frame(position: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    angle = rng.uniform(0, np.pi)
    return (
        position @ np.array([np.cos(angle), np.sin(angle)]),
        position @ np.array([-np.sin(angle), np.cos(angle)]),
    )


def _outline(radius: float, rng: np.random.Generator) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 121)
    wave = sum(
        share * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
        for order, share in ((2, 0.12), (3, 0.07), (5, 0.04), (9, 0.02))
    )
    ring = radius * (1 + np.asarray(wave))
    outline: Floats = np.stack([ring * np.cos(angle), ring * np.sin(angle)], axis=1)
    outline[-1] = outline[0]
    return outline


def within(outline: Floats, points: Floats) -> NDArray[np.bool_]:
    """Tell which points lie inside a ring that goes once round the origin from the east."""
    ring = np.unwrap(np.arctan2(outline[:, 1], outline[:, 0]))
    bearing = np.arctan2(points[:, 1], points[:, 0])
    limit = np.interp(bearing, ring, np.hypot(*outline.T), period=2 * np.pi)
    inside: NDArray[np.bool_] = np.hypot(*points.T) < limit
    return inside


def swerve(points: Floats) -> Floats:
    """Return how far a township boundary strays from the straight line at each point, in km."""
    # Gentle enough that no two points change places: a boundary never crosses itself.
    x, y = points.T
    east = 0.5 * np.sin(0.7 * y + 0.4) + 0.12 * np.sin(2.1 * y + 0.5 * x)
    north = 0.5 * np.sin(0.8 * x) + 0.12 * np.sin(2.3 * x - 0.5 * y)
    return np.stack([east, north], axis=1)


class CheapestPaths:
    """Least-cost paths over the grid, with costs that change as roads are built."""

    def __init__(self, terrain: Terrain, cost: Floats) -> None:
        count = len(terrain.position)
        both_ways = np.concatenate([terrain.edges, terrain.edges[:, ::-1]])
        numbers = np.tile(np.arange(1, len(terrain.edges) + 1), 2)
        numbered = coo_matrix(
            (numbers, (both_ways[:, 0], both_ways[:, 1])), shape=(count, count)
        ).tocsr()
        self._terrain = terrain
        self._slot = numbered.data - 1
        self._graph: csr_matrix = numbered.astype(np.float64)
        self.cost = cost.copy()

    def edges_on(self, path: list[int]) -> list[int]:
        """Return the edge numbers along a path of nodes."""
        nodes = np.array(path, dtype=np.int64)
        return self._terrain.edges_between(nodes[:-1], nodes[1:])

    def paths(
        self, sources: list[int], targets: list[int], limit: float = np.inf
    ) -> list[list[int]]:
        """Return for each target the cheapest path from the nearest source, or an empty one."""
        self._graph.data = self.cost[self._slot]
        distance, before, _ = dijkstra(
            self._graph,
            directed=True,
            indices=sources,
            min_only=True,
            return_predecessors=True,
            limit=limit,
        )
        return [self._trace(before, t) if np.isfinite(distance[t]) else [] for t in targets]

    @staticmethod
    def _trace(before: NDArray[np.int32], node: int) -> list[int]:
        path = [node]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        return path[::-1]


def climbing_cost(terrain: Terrain) -> Floats:
    """Return the cost of each edge: its length, dearer where it climbs and on high ground."""
    ends = terrain.height[terrain.edges]
    climb = np.abs(ends[:, 0] - ends[:, 1]) / (terrain.lengths * 1000)
    high = np.clip((ends.mean(axis=1) - np.quantile(terrain.height, 0.2)) / 200, 0, 2)
    cost: Floats = terrain.lengths * (1 + 18 * climb + 0.5 * high)
    return cost
