"""A short closed tour through a few stops: nearest neighbour, then 2-opt and moves of one stop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST_GAIN_M = 1e-6


def short_circuit(metres: NDArray[np.float64]) -> list[int]:
    """Return an order of all stops, from stop 0, whose closed tour is short.

    ``metres`` (k, k) may differ by direction (one-way streets). Neither reversing a stretch nor
    moving one stop makes the tour shorter.
    """
    tour = _nearest_neighbours(metres)
    while len(tour) > 3:
        better = _reversed_stretch(metres, tour) or _moved_stop(metres, tour)
        if better is None:
            break
        tour = better
    return tour


def _nearest_neighbours(metres: NDArray[np.float64]) -> list[int]:
    left = np.ones(len(metres), bool)
    tour = [0]
    left[0] = False
    while left.any():
        tour.append(int(np.argmin(np.where(left, metres[tour[-1]], np.inf))))
        left[tour[-1]] = False
    return tour


def _reversed_stretch(metres: NDArray[np.float64], tour: list[int]) -> list[int] | None:
    """Return the tour with the stretch reversed that saves most, None when none saves."""
    stops = np.array(tour)
    after = np.roll(stops, -1)
    forth = np.concatenate([[0.0], np.cumsum(metres[stops[:-1], stops[1:]])])
    back = np.concatenate([[0.0], np.cumsum(metres[stops[1:], stops[:-1]])])
    i, j = np.triu_indices(len(tour) - 1, 1)
    i, j = i + 1, j + 1  # stop 0 stays first
    before = stops[i - 1]
    old = metres[before, stops[i]] + forth[j] - forth[i] + metres[stops[j], after[j]]
    new = metres[before, stops[j]] + back[j] - back[i] + metres[stops[i], after[j]]
    best = int(np.argmin(new - old))
    if new[best] >= old[best] - _LEAST_GAIN_M:
        return None
    first, last = int(i[best]), int(j[best])
    return tour[:first] + tour[first : last + 1][::-1] + tour[last + 1 :]


def _moved_stop(metres: NDArray[np.float64], tour: list[int]) -> list[int] | None:
    """Return the tour with one stop moved to its best place, None when no move saves."""
    for at in range(1, len(tour)):
        rest = tour[:at] + tour[at + 1 :]
        stops, after = np.array(rest), np.array(rest[1:] + rest[:1])
        stop = tour[at]
        cost = metres[stops, stop] + metres[stop, after] - metres[stops, after]
        best = int(np.argmin(cost))
        if cost[best] < cost[at - 1] - _LEAST_GAIN_M:
            return [*rest[: best + 1], stop, *rest[best + 1 :]]
    return None
