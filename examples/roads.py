"""Roads from the top down: national, provincial, county, township, village roads and tracks.

Each road takes the cheapest way over the terrain, where existing roads are cheaper than open land:
so lesser roads run into greater ones, as they do. The grid paths are then smoothed into curves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial import cKDTree

from examples.curves import relaxed, smooth
from examples.settlements import Place, Settlements
from examples.terrain import CheapestPaths, Floats, Ints, Terrain, climbing_cost

#: How much cheaper an edge with a road on it is than open land.
_ROAD_DISCOUNT = 0.45
_LOOP_DISCOUNT = 0.8
_RANK = {
    name: rank
    for rank, name in enumerate(
        ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "track")
    )
}


@dataclass(frozen=True)
class Road:
    """A road as people name it; its pieces carry its index."""

    road_class: str
    name: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of road between two junctions: (k, 2) km points."""

    road: int
    points: Floats
    oneway: bool = False


@dataclass(frozen=True)
class Roads:
    """Roads and their pieces; ``river_lines`` are (name, (k, 2) km)."""

    roads: tuple[Road, ...]
    pieces: tuple[Piece, ...]
    river_lines: tuple[tuple[str, Floats], ...] = ()
    mine_nodes: tuple[tuple[int, ...], ...] = ()  # by township


@dataclass
class _Builder:
    """Roads built so far: which road owns which edge of the grid."""

    terrain: Terrain
    finder: CheapestPaths
    direct: CheapestPaths  # cares less about roads that are there: for roads that close loops
    roads: list[Road] = field(default_factory=list)
    owner: dict[int, int] = field(default_factory=dict)

    def nodes(self, worst: str = "track") -> list[int]:
        """Return the nodes on roads of class ``worst`` or better, sorted."""
        edges = [
            edge
            for edge, road in self.owner.items()
            if _RANK[self.roads[road].road_class] <= _RANK[worst]
        ]
        return sorted({int(node) for node in self.terrain.edges[edges].ravel()})

    def build(self, road: Road, path: list[int]) -> None:
        """Lay a road along a path; edges that carry a road keep it."""
        new = [edge for edge in self.finder.edges_on(path) if edge not in self.owner]
        if not new:
            return
        self.roads.append(road)
        for edge in new:
            self.owner[edge] = len(self.roads) - 1
            self.finder.cost[edge] *= _ROAD_DISCOUNT
            self.direct.cost[edge] *= _LOOP_DISCOUNT


def build_roads(
    terrain: Terrain,
    settlements: Settlements,
    mines: tuple[int, ...],
    rng: np.random.Generator,
) -> Roads:
    """Build rivers, then roads of every class; ``mines`` are how many each township has."""
    finder = CheapestPaths(terrain, climbing_cost(terrain))
    river_paths = _rivers(terrain, finder, rng)
    for path in river_paths:
        finder.cost[finder.edges_on(path)] *= 4.0  # beside the river, not in it
    builder = _Builder(terrain, finder, CheapestPaths(terrain, finder.cost))
    _main_roads(builder, settlements, rng)
    _county_roads(builder, settlements)
    _township_roads(builder, settlements)
    _village_roads(builder, settlements)
    _connect(builder, settlements.hamlets, "track", "")
    _link_villages(builder, settlements, rng)
    mine_nodes = _mine_roads(builder, settlements, mines, rng)
    keep = {place.node for place in settlements.places} | {n for row in mine_nodes for n in row}
    pieces = _pieces(builder, keep)
    rivers = tuple(
        (settlements.county[:-1] + "河" if number == 0 else "", smooth(terrain.position[path]))
        for number, path in enumerate(river_paths)
    )
    return Roads(tuple(builder.roads), pieces, rivers, mine_nodes)


def _rivers(terrain: Terrain, finder: CheapestPaths, rng: np.random.Generator) -> list[list[int]]:
    """Let a main river cross the county along the lowest ground, and brooks run into it."""
    border = _border_nodes(terrain)
    low = border[np.argmin(terrain.height[border])]
    facing = terrain.position[border] @ terrain.position[low]
    opposite = border[facing < 0]
    mouth = int(opposite[np.argmin(terrain.height[opposite])])
    main = finder.paths([int(low)], [mouth])[0]
    inside = np.flatnonzero(terrain.inside)
    springs = rng.choice(inside, size=max(2, round(terrain.radius_km / 4)))
    springs = springs[terrain.height[springs] > np.quantile(terrain.height, 0.4)]
    brooks = finder.paths(main, [int(spring) for spring in springs])
    return [main, *(path for path in brooks if len(path) > 6)]


def _border_nodes(terrain: Terrain) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    distance = np.hypot(*terrain.position.T)
    limit = np.hypot(*terrain.outline.T).max()
    grown = ~terrain.inside & (distance < limit * 1.02)
    grid = terrain.inside.reshape(-1, terrain.columns)
    near = np.zeros_like(grid)
    for axis in (0, 1):
        for step in (-1, 1):
            near |= np.roll(grid, step, axis=axis)
    return np.flatnonzero(grown & near.ravel())


def _main_roads(builder: _Builder, settlements: Settlements, rng: np.random.Generator) -> None:
    """Lead a national and a provincial road through the county town, border to border."""
    centre = settlements.seats[0].node
    border = _border_nodes(builder.terrain)
    bearing = np.arctan2(*builder.terrain.position[border].T[::-1])
    start = rng.uniform(0, 2 * np.pi)
    for road, turn in (
        (Road("trunk", "国道998线", "G998"), 0.0),
        (Road("primary", f"{settlements.county[0]}松线", "S907"), np.pi / 2),
    ):
        for half in (0.0, np.pi):
            aim = start + turn + half + rng.uniform(-0.35, 0.35)
            miss = np.abs(np.angle(np.exp(1j * (bearing - aim))))
            builder.build(road, builder.finder.paths([centre], [int(border[np.argmin(miss)])])[0])


def _county_roads(builder: _Builder, settlements: Settlements) -> None:
    """Connect each seat to the roads that lead to the county town, near ones first."""
    terrain = builder.terrain
    centre = terrain.position[settlements.seats[0].node]
    order = sorted(
        settlements.seats[1:],
        key=lambda seat: float(np.hypot(*(terrain.position[seat.node] - centre))),
    )
    for number, seat in enumerate(order, start=1):
        path = builder.finder.paths(builder.nodes("secondary"), [seat.node])[0]
        road = Road("secondary", f"{settlements.county[0]}{seat.name[0]}线", f"X{number:03d}")
        builder.build(road, path)


def _township_roads(builder: _Builder, settlements: Settlements) -> None:
    """Close the ring: each seat to its two nearest neighbours."""
    seats = settlements.seats
    spots = builder.terrain.position[[seat.node for seat in seats]]
    number = 0
    for index, seat in enumerate(seats[1:], start=1):
        near = np.argsort(((spots - spots[index]) ** 2).sum(axis=1), kind="stable")
        for other in (int(near_index) for near_index in near[1:4] if near_index > 0):
            number += 1
            name = f"{seat.name[0]}{seats[other].name[0]}线"
            reach = 4 * float(np.hypot(*(spots[index] - spots[other])))
            [path] = builder.direct.paths([seat.node], [seats[other].node], limit=reach)
            builder.build(Road("tertiary", name, f"X{100 + number}"), path)


def _village_roads(builder: _Builder, settlements: Settlements) -> None:
    """Run a tree of roads to the villages; stretches that several share are township roads."""
    villages = list(settlements.villages)
    paths = builder.finder.paths(builder.nodes(), [village.node for village in villages])
    uses: dict[int, int] = {}
    for path in paths:
        for edge in builder.finder.edges_on(path):
            uses[edge] = uses.get(edge, 0) + 1
    for number, (village, path) in enumerate(zip(villages, paths, strict=True), start=1):
        edges = builder.finder.edges_on(path)
        shared = sum(1 for edge in edges if uses[edge] > 1) + 1
        name = village.name.removesuffix("村")
        if shared > 3:
            builder.build(Road("tertiary", f"{name}线", f"Y{number:03d}"), path[:shared])
        builder.build(Road("unclassified", f"{name}路"), path)


def _connect(builder: _Builder, places: tuple[Place, ...], road_class: str, name: str) -> None:
    paths = builder.finder.paths(builder.nodes(), [place.node for place in places])
    for path in paths:
        builder.build(Road(road_class, name), path)


def _link_villages(builder: _Builder, settlements: Settlements, rng: np.random.Generator) -> None:
    """Join some neighbouring villages across the fields, so that the tree has loops."""
    villages = settlements.villages
    if len(villages) < 2:
        return
    spots = builder.terrain.position[[village.node for village in villages]]
    for index in rng.permutation(len(villages))[: len(villages) // 2]:
        near = np.argsort(((spots - spots[index]) ** 2).sum(axis=1), kind="stable")
        other = int(near[min(len(villages) - 1, int(rng.integers(1, 4)))])
        straight = float(np.hypot(*(spots[index] - spots[other])))
        if straight > 4.0:
            continue
        [path] = builder.direct.paths(
            [villages[index].node], [villages[other].node], limit=straight * 3
        )
        builder.build(Road("unclassified" if rng.random() < 0.4 else "track"), path)


def _mine_roads(
    builder: _Builder, settlements: Settlements, mines: tuple[int, ...], rng: np.random.Generator
) -> tuple[tuple[int, ...], ...]:
    """Open quarries a little way off the roads, each at the end of its own track."""
    terrain = builder.terrain
    rows = []
    for township, count in enumerate(mines):
        on_road = builder.nodes("unclassified")
        land = np.flatnonzero(terrain.inside & (settlements.township_of_node == township))
        spots = terrain.position[land]
        gap, _ = cKDTree(terrain.position[on_road]).query(spots)
        away = np.hypot(*(spots - terrain.position[settlements.seats[township].node]).T)
        near = land[(gap > 0.4) & (gap < 1.3) & (away < 1.3 * np.median(away))]
        nodes = [int(node) for node in rng.choice(near if len(near) else land, size=count)]
        for path in builder.finder.paths(on_road, nodes):
            builder.build(Road("track"), path)
        rows.append(tuple(nodes))
    return tuple(rows)


def _pieces(builder: _Builder, keep: set[int]) -> tuple[Piece, ...]:
    """Cut the built edges at junctions and places, and smooth each stretch."""
    ends = builder.terrain.edges
    around: dict[int, list[int]] = {}
    for edge in sorted(builder.owner):
        for node in ends[edge].tolist():
            around.setdefault(node, []).append(edge)
    position = builder.terrain.position
    for great, rounds in ((True, 8), (False, 1)):  # the lesser the road, the more it winds
        position = relaxed(position, _through(builder, around, keep, great=great), rounds)
    stops = {
        node
        for node, edges in around.items()
        if len(edges) != 2 or node in keep or builder.owner[edges[0]] != builder.owner[edges[1]]
    }
    pieces: list[Piece] = []
    seen: set[int] = set()
    for start in sorted(stops):
        for first in around[start]:
            if first in seen:
                continue
            path, edge = [start], first
            while True:
                seen.add(edge)
                path.append(_other_end(ends, edge, path[-1]))
                if path[-1] in stops:
                    break
                edge = next(e for e in around[path[-1]] if e != edge)
            pieces.append(Piece(builder.owner[first], smooth(position[path], 0.03)))
    return tuple(pieces)


def _through(
    builder: _Builder, around: dict[int, list[int]], keep: set[int], *, great: bool
) -> dict[int, tuple[int, int]]:
    """Return for each node, places apart, its neighbours along the best road that passes it.

    Only nodes whose best road is one of the ``great`` classes, or only the others.
    """
    neighbours = {}
    for node, edges in around.items():
        by_rank: dict[int, list[int]] = {}
        for edge in edges:
            rank = _RANK[builder.roads[builder.owner[edge]].road_class]
            by_rank.setdefault(rank, []).append(_other_end(builder.terrain.edges, edge, node))
        passing = [(rank, ends) for rank, ends in sorted(by_rank.items()) if len(ends) == 2]
        if passing and node not in keep and (passing[0][0] <= _RANK["secondary"]) == great:
            neighbours[node] = (passing[0][1][0], passing[0][1][1])
    return neighbours


def _other_end(ends: Ints, edge: int, node: int) -> int:
    a, b = ends[edge].tolist()
    return int(b if a == node else a)
