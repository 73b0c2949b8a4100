"""The search's own memory: the present solution, the best one, undo space and remembered prices."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimizer.engine import kernels
from optimizer.engine.arrays import Arrays, Floats, Ints, Small
from optimizer.problem import Solution

#: Mean tasks removed, longest string, split a string, end the split, overlook a position, overlook
#: a pattern; shares of ruins of one day's visits, of one day's strings as whole tasks.
TUNING = (10.0, 10.0, 0.5, 0.5, 0.01, 0.02, 0.25, 0.45)


@dataclass(frozen=True)
class State:
    """What the kernels write. S slots, W most stops in a slot, n tasks, D days.

    ``seq`` (S, W) modes in order, ``length`` (S), ``sums`` (S, 3) cost, duration, load; ``stamp``
    (S) changes whenever a slot does. ``chosen`` (n) pattern or -1, ``slot_of`` (n, D) slot or -1.
    ``place_*`` (n, S, ...) the two cheapest insertions of a task into a slot as of a stamp.
    """

    counts: Ints
    values: Floats
    tuning: Floats
    rng: NDArray[np.uint64]
    pending: Small
    chosen: Small
    slot_of: Small
    seq: Small
    length: Small
    sums: Floats
    stamp: Ints
    touched: Small
    mark: Ints
    ruined: Ints
    old_seq: Small
    old_length: Small
    old_sums: Floats
    old_stamp: Ints
    best_chosen: Small
    best_seq: Small
    best_length: Small
    place_cost: Floats
    place: Small
    place_stamp: Ints
    string: Small
    found: Small
    day_cost: Floats
    order: Floats
    reach: Floats
    via: Small
    trial: Small

    @property
    def best_objective(self) -> float:
        """Cost of the best feasible solution, inf when there is none yet."""
        return float(self.values[kernels.BEST])


def new_state(arrays: Arrays, seed: int) -> State:
    """Return an empty solution with every task pending."""
    n, days, slots = arrays.tasks, arrays.days, len(arrays.slots)
    modes = int(np.diff(arrays.mode_first).max())
    width = max(1, max((int((arrays.task_days >> d & 1).sum()) for d in range(days)), default=1))
    counts = np.zeros(10, np.int64)
    counts[kernels.PENDING] = n
    unit_cost, unit_time, unit_load = arrays.unit
    values = np.array(
        [0.0, inf, 0.0, 0.0, 0.01 * unit_cost / unit_time, 0.01 * unit_cost / unit_load]
    )
    # An overrun of a typical leg first costs as much as the leg and a patrol: feasible early.
    dear = unit_cost + max(0.0, float(arrays.limits[:, 2].max()))
    values[kernels.PRICE_TIME] = dear / unit_time
    values[kernels.PRICE_LOAD] = dear / unit_load
    pending = np.full((n, 3), -1, np.int32)
    pending[:, 0] = np.arange(n)
    return State(
        counts=counts,
        values=values,
        tuning=_tuning(n),
        rng=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
        pending=np.concatenate([pending, np.full((n * days, 3), -1, np.int32)]),
        chosen=np.full(n, -1, np.int32),
        slot_of=np.full((n, days), -1, np.int32),
        seq=np.zeros((slots, width), np.int32),
        length=np.zeros(slots, np.int32),
        sums=np.zeros((slots, 3)),
        stamp=np.zeros(slots, np.int64),
        touched=np.zeros(slots, np.int32),
        mark=np.full(slots, -1, np.int64),
        ruined=np.full(slots, -1, np.int64),
        old_seq=np.zeros((slots, width), np.int32),
        old_length=np.zeros(slots, np.int32),
        old_sums=np.zeros((slots, 3)),
        old_stamp=np.zeros(slots, np.int64),
        best_chosen=np.full(n, -1, np.int32),
        best_seq=np.zeros((slots, width), np.int32),
        best_length=np.zeros(slots, np.int32),
        place_cost=np.zeros((n, slots, 2)),
        place=np.zeros((n, slots, 4), np.int32),
        place_stamp=np.full((n, slots), -1, np.int64),
        string=np.zeros(width, np.int32),
        found=np.zeros((days, 3), np.int32),
        day_cost=np.zeros(days),
        order=np.zeros(n * (days + 1)),
        reach=np.zeros((2, modes)),
        via=np.zeros((width, modes), np.int32),
        trial=np.zeros(width, np.int32),
    )


def _tuning(tasks: int) -> Floats:
    """Return the settings; few tasks need more chance to leave a combination of fleets and days."""
    tuning = np.array(TUNING)
    chance = min(0.2, 0.8 / tasks)
    for which in (kernels.BLINK, kernels.PATTERN_BLINK):
        tuning[which] = max(tuning[which], chance)
    return tuning


def load(arrays: Arrays, state: State, solution: Solution) -> None:
    """Put ``solution`` into a new state; tasks it leaves out, or visits amiss, stay pending.

    Raises ValueError when the solution names what the problem does not have.
    """
    left = {
        (int(day), int(fleet)): list(
            np.flatnonzero((arrays.slots[:, 0] == day) & (arrays.slot_fleet == fleet))
        )[::-1]
        for day, fleet in {(r.day, r.fleet) for r in solution.routes}
    }
    if len(solution.patterns) != arrays.tasks:
        raise ValueError(f"{len(solution.patterns)} patterns for {arrays.tasks} tasks")
    pattern = {
        (t, int(arrays.pattern_index[p])): p
        for t in range(arrays.tasks)
        for p in range(arrays.pattern_first[t], arrays.pattern_first[t + 1])
    }
    masks = np.zeros(arrays.tasks, np.int64)
    for route in solution.routes:
        for t, _ in route.stops:
            masks[t] |= 1 << route.day
    kept = {
        t
        for t, chosen in enumerate(solution.patterns)
        if (t, chosen) in pattern and arrays.pattern_mask[pattern[t, chosen]] == masks[t]
    }
    for route in solution.routes:
        if not left[route.day, route.fleet]:
            raise ValueError(
                f"day {route.day} has no room for so many patrols of fleet {route.fleet}"
            )
        slot = left[route.day, route.fleet].pop()
        for t, mode in route.stops:
            if t in kept and state.slot_of[t, route.day] < 0:
                state.seq[slot, state.length[slot]] = arrays.mode_first[t] + mode
                state.length[slot] += 1
                state.slot_of[t, route.day] = slot
    pending = [t for t in range(arrays.tasks) if t not in kept]
    for t in kept:
        state.chosen[t] = pattern[t, solution.patterns[t]]
    state.pending[: len(pending), 0] = pending
    state.counts[kernels.PENDING] = len(pending)


def arguments(arrays: Arrays, state: State) -> tuple[NDArray[np.generic], ...]:
    """Return the arrays in the order in which the kernel ``anneal`` takes them."""
    mine = tuple(getattr(state, field.name) for field in fields(state))
    return (
        *mine, arrays.arcs, arrays.mode_first, arrays.mode_task, arrays.demand,
        arrays.pattern_first, arrays.pattern_mask, arrays.pattern_cost, arrays.task_days,
        arrays.slots, arrays.limits, arrays.day_first, arrays.near, arrays.keys,
    )  # fmt: skip
