"""Curves out of jagged grid paths: relaxed nodes, then corners cut."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from examples.terrain import Floats


def relaxed(position: Floats, neighbours: Mapping[int, tuple[int, int]], rounds: int) -> Floats:
    """Return the positions with each node of ``neighbours`` drawn between its two neighbours.

    Junctions move with the better road through them, which so bends without a kink.
    """
    nodes = np.array(sorted(neighbours), dtype=np.int64)
    if len(nodes) == 0:
        return position
    ends = np.array([neighbours[node] for node in nodes.tolist()])
    moved = position.copy()
    for _ in range(rounds):
        moved[nodes] = 0.5 * moved[nodes] + 0.25 * (moved[ends[:, 0]] + moved[ends[:, 1]])
    return moved


def smooth(points: Floats, tolerance_km: float = 0.06, rounds: int = 3) -> Floats:
    """Turn a jagged path into a curve through the same two ends (Chaikin's corner cutting)."""
    line = shapely.LineString(points).simplify(tolerance_km)
    curve = np.asarray(shapely.get_coordinates(line))
    for _ in range(rounds):
        if len(curve) < 3:
            break
        near = 0.75 * curve[:-1] + 0.25 * curve[1:]
        far = 0.25 * curve[:-1] + 0.75 * curve[1:]
        corners = np.stack([near, far], axis=1).reshape(-1, 2)
        curve = np.concatenate([curve[:1], corners[1:-1], curve[-1:]])
    smoothed: Floats = shapely.get_coordinates(shapely.LineString(curve).simplify(0.004))
    return smoothed
