"""What all peers share: clocks, whole numbers, and what they take of a problem."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from optimizer import PeriodicProblem

Clock = Callable[[], float]
#: Seconds that a run is given and measured by: of its own process's processor, or on the wall.
CLOCKS: dict[str, Clock] = {"cpu": process_time, "wall": perf_counter}
#: Peers count in whole numbers: thousandths, unless all numbers of a problem are whole already.
FINE = 1000


class NotApplicableError(Exception):
    """A peer has no way of expressing a problem; the message says what of it."""


def only_class(problem: PeriodicProblem) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cost and duration, (locations, locations), of a problem whose days are alike.

    Raises NotApplicableError where they are not.
    """
    if problem.classes > 1:
        raise NotApplicableError("days of several classes")
    return problem.cost[0], problem.duration[0]


def scale_of(problem: PeriodicProblem) -> int:
    """Return by how much all costs and durations are multiplied before they become whole."""
    values = [problem.cost, problem.duration]
    values += [np.array([*mode.durations, mode.cost]) for t in problem.tasks for mode in t.modes]
    finite = [value[np.isfinite(value)] for value in values]
    return 1 if all((value == np.rint(value)).all() for value in finite) else FINE


def whole_costs(costs: NDArray[np.float64], scale: int) -> NDArray[np.int64]:
    """Return scaled costs, rounded to the nearest; no way becomes dearer than any solution."""
    return _whole(np.rint(np.where(np.isfinite(costs), costs, 0.0) * scale), costs)


def whole_durations(durations: NDArray[np.float64], scale: int) -> NDArray[np.int64]:
    """Return scaled durations, rounded up, so that a route within its limit truly is."""
    scaled = np.where(np.isfinite(durations), durations, 0.0) * scale
    return _whole(np.ceil(scaled - 1e-6), durations)


def whole_limit(limit: float, scale: int) -> int | None:
    """Return a scaled limit rounded down, None for no limit."""
    return int(limit * scale + 1e-6) if isfinite(limit) else None


def _whole(scaled: NDArray[np.float64], given: NDArray[np.float64]) -> NDArray[np.int64]:
    most = max(1.0, float(scaled.max(initial=0.0))) * (len(given) + 1)
    return np.where(np.isfinite(given), scaled, most).astype(np.int64)
