"""Where a chain of the search begins: routes that stay for now, and tasks to be brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.engine.arrays import Arrays, Small
from optimizer.problem import Solution


@dataclass(frozen=True)
class Start:
    """``chosen`` (n) pattern or -1; ``routes`` modes by slot; ``pending`` (task, day, pattern).

    A pending task with a day has its pattern already and lacks the visit of that day; with day -1
    it is not visited at all.
    """

    chosen: Small
    routes: Mapping[int, Small]
    pending: list[tuple[int, int, int]]


def empty_start(arrays: Arrays) -> Start:
    """Return the start with every task pending."""
    return Start(
        np.full(arrays.tasks, -1, np.int32), {}, [(t, -1, -1) for t in range(arrays.tasks)]
    )


def start_from(arrays: Arrays, solution: Solution) -> Start:
    """Return ``solution`` as a start; tasks it leaves out, or visits amiss, are pending.

    A pattern that the problem does not have, or that no patrol can serve, counts as left out.
    Raises ValueError when a route names a task, mode, day or fleet that the problem does not have.
    """
    _refuse_unknown(arrays, solution)
    left = {
        (int(day), int(fleet)): list(
            np.flatnonzero((arrays.slots[:, 0] == day) & (arrays.slot_fleet == fleet))
        )[::-1]
        for day, fleet in {(r.day, r.fleet) for r in solution.routes}
    }
    kept = _kept(arrays, solution)
    routes: dict[int, list[int]] = {}
    seen: set[tuple[int, int]] = set()
    for route in solution.routes:
        if not left[route.day, route.fleet]:
            raise ValueError(
                f"day {route.day} has no room for so many patrols of fleet {route.fleet}"
            )
        modes = routes.setdefault(int(left[route.day, route.fleet].pop()), [])
        for t, mode in route.stops:
            if t in kept and (t, route.day) not in seen:
                seen.add((t, route.day))
                modes.append(int(arrays.mode_first[t]) + mode)
    chosen = np.full(arrays.tasks, -1, np.int32)
    for t, pattern in kept.items():
        chosen[t] = pattern
    return Start(
        chosen,
        {slot: np.array(modes, np.int32) for slot, modes in routes.items()},
        [(t, -1, -1) for t in range(arrays.tasks) if t not in kept],
    )


def _refuse_unknown(arrays: Arrays, solution: Solution) -> None:
    """Raise ValueError for the first index that is not one of the problem's."""
    if len(solution.patterns) != arrays.tasks:
        raise ValueError(f"{len(solution.patterns)} patterns for {arrays.tasks} tasks")
    for route in solution.routes:
        if not 0 <= route.day < arrays.days:
            raise ValueError(f"there is no day {route.day}")
        for t, mode in route.stops:
            if not 0 <= t < arrays.tasks:
                raise ValueError(f"there is no task {t}")
            if not 0 <= mode < arrays.mode_first[t + 1] - arrays.mode_first[t]:
                raise ValueError(f"task {t} has no mode {mode}")


def _kept(arrays: Arrays, solution: Solution) -> dict[int, int]:
    """Return the pattern of each task that the solution visits as that pattern says."""
    pattern = {
        (t, int(arrays.pattern_index[p])): p
        for t in range(arrays.tasks)
        for p in range(arrays.pattern_first[t], arrays.pattern_first[t + 1])
    }
    masks = np.zeros(arrays.tasks, np.int64)
    for route in solution.routes:
        for t, _ in route.stops:
            masks[t] |= 1 << route.day
    return {
        t: pattern[t, chosen]
        for t, chosen in enumerate(solution.patterns)
        if (t, chosen) in pattern and arrays.pattern_mask[pattern[t, chosen]] == masks[t]
    }
