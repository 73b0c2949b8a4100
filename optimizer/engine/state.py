"""The search's own memory: the present solution, the best one, undo space and remembered prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimizer.engine import layout
from optimizer.engine.arrays import Arrays, Floats, Ints, Small
from optimizer.engine.start import Start

#: Mean tasks removed, longest string, split a string, end the split, overlook a position, overlook
#: a pattern; shares of ruins of one day's visits, of one day's strings as whole tasks, of wide ones
#: and how many times more these remove.
TUNING = (8.0, 10.0, 0.5, 0.5, 0.01, 0.02, 0.25, 0.30, 0.1, 3.0)
#: Where modes or fleets are chosen again after the recreate, it may cost so many typical legs more
#: than is acceptable before it is given up.
LENIENCE = 0.5


@dataclass(frozen=True)
class State:
    """What the kernels write. S slots, W most stops in a slot, n tasks, D days.

    ``seq`` (S, W + 1) modes in order and the end node, ``length`` (S), ``legs`` (S, W + 1, 2) cost
    and time into each position, ``sums`` (S, 3) cost, duration, load; ``stamp``
    (S) changes whenever a slot does. ``chosen`` (n) pattern or -1, ``slot_of`` (n, D) slot or -1.
    ``place_*`` (n, S, ...) the cheapest insertion of a task into a slot as of a stamp.
    ``seeds`` (n): the tasks round which ruins are made, as many as ``counts`` says.
    ``first_prices`` (2): what an overrun of duration and of load costs at the beginning.
    """

    counts: Ints
    values: Floats
    traits: Ints
    tuning: Floats
    rng: NDArray[np.uint64]
    pending: Small
    chosen: Small
    slot_of: Small
    seq: Small
    length: Small
    legs: Floats
    sums: Floats
    stamp: Ints
    touched: Small
    mark: Ints
    ruined: Ints
    seeds: Small
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
    first_prices: Floats

    @property
    def best_objective(self) -> float:
        """Cost of the best feasible solution, inf when there is none yet."""
        return float(self.values[layout.BEST])


def new_state(arrays: Arrays) -> State:
    """Return a state with nothing visited and nothing pending; ``clear`` makes it ready."""
    n, days, slots = arrays.tasks, arrays.days, len(arrays.slots)
    modes = int(np.diff(arrays.mode_first).max())
    width = max(1, max((int((arrays.task_days >> d & 1).sum()) for d in range(days)), default=1))
    counts = np.zeros(12, np.int64)
    unit_cost, unit_time, unit_load = arrays.unit
    values = np.zeros(10)
    values[layout.PRICE_TIME_MIN] = 0.01 * unit_cost / unit_time
    values[layout.PRICE_LOAD_MIN] = 0.01 * unit_cost / unit_load
    # An overrun of a typical leg first costs as much as the leg and a patrol: feasible early.
    dear = unit_cost + max(0.0, float(arrays.limits[:, 2].max()))
    values[layout.PRICE_TIME] = dear / unit_time
    values[layout.PRICE_LOAD] = dear / unit_load
    if not arrays.traits[layout.SINGLE_MODES] or arrays.traits[layout.SEVERAL_FLEETS]:
        values[layout.LENIENCE] = LENIENCE * unit_cost
    values[layout.PRICE_BROKEN] = 1e4 * dear + _dearest_choice(arrays)
    return State(
        counts=counts,
        values=values,
        traits=arrays.traits,
        tuning=_tuning(n),
        rng=np.ones(1, np.uint64),
        pending=np.full((n * (days + 1), 3), -1, np.int32),
        chosen=np.full(n, -1, np.int32),
        slot_of=np.full((n, days), -1, np.int32),
        seq=np.zeros((slots, width + 1), np.int32),
        length=np.zeros(slots, np.int32),
        legs=np.zeros((slots, width + 1, 2)),
        sums=np.zeros((slots, 3)),
        stamp=np.zeros(slots, np.int64),
        touched=np.zeros(slots, np.int32),
        mark=np.full(slots, -1, np.int64),
        ruined=np.full(slots, -1, np.int64),
        seeds=np.arange(n, dtype=np.int32),
        old_seq=np.zeros((slots, width), np.int32),
        old_length=np.zeros(slots, np.int32),
        old_sums=np.zeros((slots, 3)),
        old_stamp=np.zeros(slots, np.int64),
        best_chosen=np.full(n, -1, np.int32),
        best_seq=np.zeros((slots, width), np.int32),
        best_length=np.zeros(slots, np.int32),
        place_cost=np.zeros((n, slots)),
        place=np.zeros((n, slots, 2), np.int32),
        place_stamp=np.full((n, slots), -1, np.int64),
        string=np.zeros(width, np.int32),
        found=np.zeros((days, 3), np.int32),
        day_cost=np.zeros(days),
        order=np.zeros(n * (days + 1)),
        reach=np.zeros((2, modes)),
        via=np.zeros((width, modes), np.int32),
        trial=np.zeros(width, np.int32),
        first_prices=values[[layout.PRICE_TIME, layout.PRICE_LOAD]],
    )


def _dearest_choice(arrays: Arrays) -> float:
    """Return what another pattern and gap may cost a task: a forbidden gap must cost more."""
    gaps = arrays.link_gap[np.isfinite(arrays.link_gap)]
    return 2.0 * float(np.abs(arrays.pattern_cost).max()) + float(gaps.max(initial=0.0))


def _tuning(tasks: int) -> Floats:
    """Return the settings; few tasks need more chance to leave a combination of fleets and days."""
    tuning = np.array(TUNING)
    chance = min(0.2, 0.8 / tasks)
    for which in (layout.BLINK, layout.PATTERN_BLINK):
        tuning[which] = max(tuning[which], chance)
    return tuning


def clear(state: State, seed: Sequence[int], prices: tuple[float, float] | None) -> None:
    """Empty a state for a new chain: nothing visited, nothing pending, no best solution yet.

    ``prices`` are those of overruns of duration and load; None leaves them as in a new state.
    """
    state.rng[:] = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    for field in (state.chosen, state.slot_of, state.mark, state.ruined):
        field[:] = -1
    state.length[:] = 0
    stamps = state.counts[layout.STAMP] + 1 + np.arange(len(state.stamp))
    state.stamp[:] = stamps
    state.counts[:] = 0
    state.counts[layout.STAMP] = stamps[-1]
    state.counts[layout.SEEDS] = len(state.seeds)
    state.seeds[:] = np.arange(len(state.seeds))
    state.values[layout.NOW] = 0.0
    state.values[layout.BEST] = inf
    state.values[layout.FEASIBLE_KNOWN] = prices is not None
    which = [layout.PRICE_TIME, layout.PRICE_LOAD]
    state.values[which] = state.first_prices if prices is None else prices


def load(arrays: Arrays, state: State, start: Start) -> None:
    """Put a start into a cleared state."""
    state.chosen[:] = start.chosen
    for slot, modes in start.routes.items():
        state.seq[slot, : len(modes)] = modes
        state.length[slot] = len(modes)
        state.slot_of[arrays.mode_task[modes], arrays.slots[slot, layout.DAY]] = slot
    count = len(start.pending)
    state.pending[:count] = np.array(start.pending, np.int32).reshape(-1, 3)
    state.counts[layout.PENDING] = count


def to_best(arrays: Arrays, state: State) -> None:
    """Make the best solution the present one, if there is one."""
    if state.best_objective == inf:
        return
    state.chosen[:] = state.best_chosen
    state.slot_of[:] = -1
    state.length[:] = state.best_length
    for slot in np.flatnonzero(state.length):
        size = state.length[slot]
        state.seq[slot, :size] = state.best_seq[slot, :size]
        modes = state.seq[slot, :size]
        state.slot_of[arrays.mode_task[modes], arrays.slots[slot, layout.DAY]] = slot
    last = state.counts[layout.STAMP]
    state.stamp[:] = last + 1 + np.arange(len(state.stamp))
    state.counts[layout.STAMP] = last + len(state.stamp)
    state.counts[layout.PENDING] = 0


def arguments(arrays: Arrays, state: State) -> tuple[NDArray[np.generic], ...]:
    """Return the arrays in the order in which the kernel ``anneal`` takes them."""
    mine = tuple(getattr(state, field.name) for field in fields(state))[:-1]
    return (
        *mine, arrays.ways, arrays.mode_first, arrays.mode_task, arrays.demand,
        arrays.pattern_first, arrays.pattern_mask, arrays.pattern_cost, arrays.pattern_ends,
        arrays.task_days, arrays.links, arrays.link_first, arrays.link_row, arrays.link_gap,
        arrays.slots, arrays.limits, arrays.day_first, arrays.near, arrays.keys,
    )  # fmt: skip
