"""Ways of an OSM file as arrays, before they become edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class OsmWays:
    """Drivable ways: refs and coordinates of all ways end to end, ``way_start`` (w + 1) delimits.

    ``direction`` is 1 for ways open forwards only, -1 backwards only, 0 both. Coordinates are NaN
    where the node is not in the file.
    """

    refs: NDArray[np.int64]  # (p,)
    lonlat: NDArray[np.float64]  # (p, 2)
    way_start: NDArray[np.int64]  # (w + 1,)
    way_class: NDArray[np.int8]  # (w,)
    direction: NDArray[np.int8]  # (w,)
    maxspeed_kmh: NDArray[np.float32]  # (w,)
    way_name: NDArray[np.int32]  # (w,)
    names: tuple[str, ...]
    ways_read: int
