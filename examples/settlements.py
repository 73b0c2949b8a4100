"""Where people live: the county town, the townships' seats, villages and hamlets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from examples.names import NameBook
from examples.terrain import Floats, Ints, Terrain, swerve, within


@dataclass(frozen=True)
class Place:
    """A settlement at a grid node; ``kind`` is the OSM value of ``place``."""

    name: str
    kind: str
    node: int
    township: int  # index into Settlements.seats


@dataclass(frozen=True)
class Settlements:
    """Seats (the first is the county town's), villages and hamlets by township, in order."""

    county: str
    seats: tuple[Place, ...]
    villages: tuple[Place, ...]
    hamlets: tuple[Place, ...]
    township_of_node: Ints  # (nodes,) index of the nearest seat

    @property
    def places(self) -> tuple[Place, ...]:
        """All settlements."""
        return (*self.seats, *self.villages, *self.hamlets)

    def villages_of(self, township: int) -> tuple[Place, ...]:
        """Villages of one township, in order of founding."""
        return tuple(place for place in self.villages if place.township == township)


def settle(
    terrain: Terrain,
    county: str,
    villages: tuple[int, ...],
    hamlets_per_village: float,
    rng: np.random.Generator,
) -> Settlements:
    """Place a seat for each entry of ``villages``, and that many villages around it."""
    names = NameBook(rng)
    nodes = _seat_nodes(terrain, len(villages), rng)
    swerved = terrain.position + swerve(terrain.position)
    _, nearest = cKDTree(terrain.position[nodes]).query(swerved)
    township_of_node = np.asarray(nearest, dtype=np.int64)
    seats = tuple(
        Place(_seat_name(index, names, rng), "town", node, index)
        for index, node in enumerate(nodes)
    )
    taken = list(nodes)
    found: dict[str, list[Place]] = {"village": [], "hamlet": []}
    for kind, share in (("village", 1.0), ("hamlet", hamlets_per_village)):
        for township, count in enumerate(villages):
            land = np.flatnonzero(terrain.inside & (township_of_node == township))
            for _ in range(round(count * share)):
                node = _open_land(terrain, land, taken, nodes[township], rng)
                taken.append(node)
                ending = "村" if kind == "village" else "屯"
                name = names.village()
                if name[-1] not in "屯村":
                    name += ending
                found[kind].append(Place(name, kind, node, township))
    return Settlements(
        county, seats, tuple(found["village"]), tuple(found["hamlet"]), township_of_node
    )


def _seat_name(index: int, names: NameBook, rng: np.random.Generator) -> str:
    if index == 0:
        return "城关镇"
    return names.township() + ("镇" if rng.random() < 0.6 else "乡")


def _seat_nodes(terrain: Terrain, count: int, rng: np.random.Generator) -> list[int]:
    """Put the first seat low near the middle, each further one far from the others and low."""
    middle = np.flatnonzero(np.hypot(*terrain.position.T) < min(2.0, terrain.radius_km / 2))
    nodes = [int(middle[np.argmin(terrain.height[middle])])]
    land = np.flatnonzero(within(terrain.outline, terrain.position * 1.22))
    for _ in range(count - 1):
        candidates = rng.choice(land, size=min(len(land), 400))
        gap = _distance_to(terrain, candidates, nodes)
        nodes.append(int(candidates[np.argmax(gap - terrain.highness[candidates] * 3.0)]))
    return nodes


def _open_land(
    terrain: Terrain, land: Ints, taken: list[int], seat: int, rng: np.random.Generator
) -> int:
    """Pick a low place with elbow-room, not too far from the township's seat."""
    candidates = rng.choice(land, size=min(len(land), 40))
    room = np.minimum(_distance_to(terrain, candidates, taken), 2.6)
    away = _distance_to(terrain, candidates, [seat])
    score = room - terrain.highness[candidates] * 1.2 - away * 0.15
    score[room < 0.3] = -np.inf
    return int(candidates[np.argmax(score)])


def _distance_to(terrain: Terrain, nodes: Ints, others: list[int]) -> Floats:
    distance, _ = cKDTree(terrain.position[others]).query(terrain.position[nodes])
    return np.asarray(distance, dtype=np.float64)
