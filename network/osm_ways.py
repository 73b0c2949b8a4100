"""Ways as arrays, before they become edges: those of an OSM file or of a bureau's road layer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from network.load_report import LoadReport
from network.restrictions import TurnRestriction
from network.seasons import Closure


def no_ids() -> NDArray[np.int64]:
    """Return an empty table of ids."""
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class OsmWays:
    """Drivable ways: refs and coordinates of all ways end to end, ``way_start`` (w + 1) delimits.

    ``direction`` is 1 for ways open forwards only, -1 backwards only, 0 both. Coordinates are NaN
    where the node is not in the file. ``way_closure`` indexes ``closures``, whose first is "never";
    ``way_marks`` are bits (MARK_FERRY and so on); ways cross where their levels are equal.
    """

    refs: NDArray[np.int64]  # (p,)
    lonlat: NDArray[np.float64]  # (p, 2)
    way_start: NDArray[np.int64]  # (w + 1,)
    way_id: NDArray[np.int64]  # (w,)
    way_class: NDArray[np.int8]  # (w,)
    direction: NDArray[np.int8]  # (w,)
    maxspeed_kmh: NDArray[np.float32]  # (w,) forwards
    maxspeed_back_kmh: NDArray[np.float32]  # (w,) backwards
    way_closure: NDArray[np.int16]  # (w,)
    way_marks: NDArray[np.uint8]  # (w,)
    way_level: NDArray[np.int8]  # (w,)
    way_name: NDArray[np.int32]  # (w,)
    names: tuple[str, ...]
    closures: tuple[Closure, ...]
    report: LoadReport
    restrictions: tuple[TurnRestriction, ...] = ()
    ford_refs: NDArray[np.int64] = field(default_factory=no_ids)  # nodes that are fords
