"""Seconds to drive each edge under a speed table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.closures import closed_shares
from network.road_network import ROAD_CLASSES, RoadNetwork, SpeedTable

_METRES_PER_SECOND_PER_KMH = 1 / 3.6


def edge_seconds(network: RoadNetwork, speeds: SpeedTable) -> NDArray[np.float64]:
    """Return (m,) seconds per edge in whole milliseconds, infinite where class or edge is closed.

    A ``maxspeed`` tag caps the class speed; the factors of the table then apply to what is left.
    Raises ValueError when the table names an unknown class or misses one that the network has.
    """
    per_class = dict(speeds.kmh)
    unknown = (per_class.keys() | dict(speeds.class_factors) | set(speeds.closed)) - set(
        ROAD_CLASSES
    )
    if unknown:
        raise ValueError(f"unknown road classes: {sorted(unknown)}")
    kmh = np.array([per_class.get(name, np.nan) for name in ROAD_CLASSES])
    factor = np.full(len(ROAD_CLASSES), speeds.factor)
    for name, class_factor in speeds.class_factors:
        factor[ROAD_CLASSES.index(name)] *= class_factor
    used = np.bincount(network.edge_class, minlength=len(ROAD_CLASSES)) > 0
    without = [
        name for name in ROAD_CLASSES if used[ROAD_CLASSES.index(name)] and name not in per_class
    ]
    if without:
        raise ValueError(f"no speed for road classes: {without}")
    edge_kmh = np.fmin(kmh[network.edge_class], network.edge_maxspeed_kmh.astype(np.float64))
    edge_kmh *= factor[network.edge_class]
    seconds: NDArray[np.float64] = network.edge_length_m / (edge_kmh * _METRES_PER_SECOND_PER_KMH)
    for name in speeds.closed:
        seconds[network.edge_class == ROAD_CLASSES.index(name)] = np.inf
    if speeds.season is not None:
        share = closed_shares(network, speeds.season, speeds.closures)
        seconds[(share > 0) & (share >= speeds.closed_share)] = np.inf
    return np.round(seconds, 3)
