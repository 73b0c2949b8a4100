"""Streets of the towns and lanes of the villages, and the crossings where lines meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from examples.roads import Piece, Road, Roads
from examples.settlements import Settlements
from examples.terrain import Floats, Terrain

#: Two points closer than this are one crossing.
_SAME_KM = 0.004


def with_streets(
    roads: Roads,
    terrain: Terrain,
    settlements: Settlements,
    *,
    parks: tuple[Floats, ...],
    lanes: bool,
    rng: np.random.Generator,
) -> Roads:
    """Return the roads with town streets, village lanes, and crossings.

    Some of the county town's streets are one-way. ``parks`` are the middles, in km, of
    development zones, which get streets of their own.
    """
    names = list(roads.roads)
    pieces = list(roads.pieces)
    for index, seat in enumerate(settlements.seats):
        size = 7 if index == 0 and len(settlements.seats) > 2 else 3
        turn = _main_bearing(roads, terrain.position[seat.node])
        for number, (line, oneway) in enumerate(_lattice(size, rng)):
            name = "" if size == 3 else f"{'城东西南北中和平'[number % 8]}{number + 1}街"
            names.append(Road("residential", name))
            points = terrain.position[seat.node] + line @ _rotation(turn).T
            pieces.append(Piece(len(names) - 1, points, oneway))
    for centre in parks:
        names.append(Road("residential"))
        for line, _ in _lattice(5, rng):
            pieces.append(Piece(len(names) - 1, centre + 1.3 * line))
    if lanes:
        lane = len(names)
        names.append(Road("residential"))
        for village in settlements.villages:
            pieces += [Piece(lane, line) for line in _lanes(terrain.position[village.node], rng)]
    return replace(roads, roads=tuple(names), pieces=cross(tuple(pieces)))


def _lattice(size: int, rng: np.random.Generator) -> list[tuple[Floats, bool]]:
    """Return a lattice's lines in km about the town's middle, and whether each is one-way."""
    block = 0.17
    steps = (np.arange(size) - size // 2) * block
    x, y = np.meshgrid(steps, steps * 0.85, indexing="ij")
    grid = np.stack([x, y], axis=2) + rng.uniform(-0.02, 0.02, (size, size, 2))
    grid[size // 2, size // 2] = 0.0
    lines: list[tuple[Floats, bool]] = []
    for index in range(size):
        oneway = size > 3 and index in {2, 4}
        across, along = grid[index], grid[:, index]
        turn = -1 if index == 4 else 1
        lines += [(across[::turn], oneway), (along[::turn], oneway)]
    return lines


def _lanes(centre: Floats, rng: np.random.Generator) -> list[Floats]:
    """Return a village's crossing lanes, each through the middle."""
    turn = rng.uniform(0, np.pi)
    lines = []
    for angle in (turn, turn + rng.uniform(1.2, 1.9)):
        direction = np.array([np.cos(angle), np.sin(angle)])
        ends = rng.uniform(0.12, 0.28, 2)
        lines.append(np.stack([centre - direction * ends[0], centre, centre + direction * ends[1]]))
    return lines


def _main_bearing(roads: Roads, centre: Floats) -> float:
    """Return the direction of the first piece that begins or ends in the town."""
    for piece in roads.pieces:
        for points in (piece.points, piece.points[::-1]):
            if np.hypot(*(points[0] - centre)) < 1e-9:
                east, north = points[1] - points[0]
                return float(np.arctan2(north, east))
    return 0.0


def _rotation(angle: float) -> Floats:
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation: Floats = np.array([[cosine, -sine], [sine, cosine]])
    return rotation


def cross(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Give every two pieces that cross a point in common, so that one can turn there."""
    lines = [shapely.LineString(piece.points) for piece in pieces]
    left, right = shapely.STRtree(lines).query(lines, predicate="intersects")
    once = left < right
    array = np.array(lines, dtype=object)
    met = shapely.intersection(array[left[once]], array[right[once]])
    points = [piece.points for piece in pieces]
    for a, b, shape in zip(left[once].tolist(), right[once].tolist(), met, strict=True):
        for where in shapely.get_coordinates(shape):
            shared = _shared_point(points[a], points[b], where)
            points[a] = _with_point(points[a], shared)
            points[b] = _with_point(points[b], shared)
    return tuple(replace(piece, points=line) for piece, line in zip(pieces, points, strict=True))


def _shared_point(a: Floats, b: Floats, where: Floats) -> Floats:
    """Return the point to share: an end of either line if one is there, else the crossing."""
    end: Floats
    for end in (a[0], a[-1], b[0], b[-1]):
        if np.hypot(*(end - where)) < _SAME_KM:
            return end
    for line in (a, b):
        gap = np.hypot(*(line - where).T)
        if gap.min() < _SAME_KM:
            nearest: Floats = line[int(np.argmin(gap))]
            return nearest
    return where


def _with_point(line: Floats, point: Floats) -> Floats:
    """Return the line through the point, moving a vertex that is as good as there."""
    gap = np.hypot(*(line - point).T)
    nearest = int(np.argmin(gap))
    if gap[nearest] == 0:
        return line
    if gap[nearest] < _SAME_KM and 0 < nearest < len(line) - 1:
        moved = line.copy()
        moved[nearest] = point
        return moved
    start, step = line[:-1], np.diff(line, axis=0)
    share = np.clip(((point - start) * step).sum(axis=1) / (step**2).sum(axis=1), 0, 1)
    off = np.hypot(*(start + step * share[:, None] - point).T)
    longer: Floats = np.insert(line, int(np.argmin(off)) + 1, point, axis=0)
    return longer
