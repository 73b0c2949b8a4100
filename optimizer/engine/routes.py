"""Compiled parts that change and measure single routes (*slots*).

``seq[s]`` holds the modes of slot s in order and its end node after them; ``legs[s, k]`` cost and
time of the leg into position k. Arrays are passed one by one: tuples of arrays cost reference
counting on every call. Their layout is told in ``arrays.py``, ``state.py`` and ``layout.py``.
"""

# Long argument lists stay wrapped by hand, and numba, not mypy, checks the types here.
# fmt: off
# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc"

from __future__ import annotations

from math import inf

import numpy as np

from optimizer.engine.compiled import inline_kernel, kernel
from optimizer.engine.layout import (
    CARRIED,
    CLASS,
    COST,
    COST_IN,
    COST_OUT,
    DAY,
    DURATION,
    END,
    FIXED,
    GROUP,
    ITERATION,
    LOAD,
    PRICE_LOAD,
    PRICE_TIME,
    STAMP,
    START,
    TIME,
    TIME_IN,
    TIME_OUT,
    TOUCHED,
)


@inline_kernel
def draw(rng):
    """Return a uniform number in [0, 1) (xorshift64, state in ``rng``)."""
    x = rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = x
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inline_kernel
def pick(rng, size):
    """Return a uniform whole number in 0..size - 1."""
    return int(draw(rng) * size)


@inline_kernel
def overrun(s, sums, limits, values):
    """Return the penalty of what slot ``s`` does beyond its limits."""
    late = max(0.0, sums[s, TIME] - limits[s, DURATION])
    heavy = max(0.0, sums[s, CARRIED] - limits[s, LOAD])
    return values[PRICE_TIME] * late + values[PRICE_LOAD] * heavy


@inline_kernel
def value_of(s, length, sums, limits, values):
    """Return the penalised value of slot ``s``; an empty one costs nothing."""
    if length[s] == 0:
        return 0.0
    return sums[s, COST] + limits[s, FIXED] + overrun(s, sums, limits, values)


@inline_kernel
def measure(s, seq, length, legs, sums, slots, ways, mode_task, demand):
    """Recompute legs, cost, duration and load of slot ``s``, and put its end node in place."""
    c = slots[s, CLASS]
    here = slots[s, START]
    end = slots[s, END]
    size = length[s]
    seq[s, size] = end
    if size == 0:
        legs[s, 0, 0] = legs[s, 0, 1] = 0.0
        sums[s, COST] = sums[s, TIME] = sums[s, CARRIED] = 0.0
        return
    cost = time = load = 0.0
    for k in range(size):
        m = seq[s, k]
        leg, late = ways[c, m, here, COST_IN], ways[c, m, here, TIME_IN]
        legs[s, k, 0], legs[s, k, 1] = leg, late
        cost += leg
        time += late
        load += demand[mode_task[m]]
        here = m
    leg, late = ways[c, here, end, COST_OUT], ways[c, here, end, TIME_OUT]
    legs[s, size, 0], legs[s, size, 1] = leg, late
    sums[s, COST] = cost + leg
    sums[s, TIME] = time + late
    sums[s, CARRIED] = load


@inline_kernel
def touch(
    s, counts, touched, mark, seq, length, sums, stamp, old_seq, old_length, old_sums, old_stamp
):
    """Save slot ``s`` before its first change in this iteration, and give it a new stamp."""
    if mark[s] != counts[ITERATION]:
        mark[s] = counts[ITERATION]
        touched[counts[TOUCHED]] = s
        counts[TOUCHED] += 1
        for k in range(length[s]):
            old_seq[s, k] = seq[s, k]
        old_length[s] = length[s]
        for k in range(3):
            old_sums[s, k] = sums[s, k]
        old_stamp[s] = stamp[s]
    counts[STAMP] += 1
    stamp[s] = counts[STAMP]


@inline_kernel
def insert(t, d, found, slot_of, seq, length, legs, sums, slots, ways, demand):
    """Put task ``t`` where ``found[d]`` says; the slot must have been touched."""
    s, k, m = found[d, 0], found[d, 1], found[d, 2]
    c = slots[s, CLASS]
    size = length[s]
    here = seq[s, k - 1] if k > 0 else slots[s, START]
    there = seq[s, k]
    for j in range(size + 1, k, -1):
        seq[s, j] = seq[s, j - 1]
        legs[s, j, 0], legs[s, j, 1] = legs[s, j - 1, 0], legs[s, j - 1, 1]
    seq[s, k] = m
    for part in range(2):
        into = ways[c, m, here, COST_IN + 2 * part]
        out = ways[c, m, there, COST_OUT + 2 * part]
        sums[s, part] += into + out - legs[s, k, part]
        legs[s, k, part], legs[s, k + 1, part] = into, out
    sums[s, CARRIED] += demand[t]
    length[s] = size + 1
    slot_of[t, d] = s


@inline_kernel
def take_out(t, d, slot_of, seq, length, mode_task):
    """Take task ``t`` off day ``d``; the slot must have been touched, and be measured after."""
    s = slot_of[t, d]
    k = 0
    while mode_task[seq[s, k]] != t:
        k += 1
    for j in range(k, length[s] - 1):
        seq[s, j] = seq[s, j + 1]
    length[s] -= 1
    slot_of[t, d] = -1


@kernel
def modes_by_price(s, price, seq, length, slots, ways, mode_first, mode_task, reach, via, trial):
    """Choose the modes along slot ``s`` that minimise cost + price x duration, into ``trial``.

    ``reach`` (2, most modes) holds the layer's labels, ``via`` (W, most modes) the way back.
    """
    c = slots[s, CLASS]
    size = length[s]
    for k in range(size):
        t = mode_task[seq[s, k]]
        for b in range(mode_first[t + 1] - mode_first[t]):
            m = mode_first[t] + b
            if k == 0:
                here = slots[s, START]
                reach[0, b] = ways[c, m, here, COST_IN] + price * ways[c, m, here, TIME_IN]
                continue
            u = mode_task[seq[s, k - 1]]
            least = inf
            for a in range(mode_first[u + 1] - mode_first[u]):
                here = mode_first[u] + a
                value = reach[(k - 1) % 2, a] + ways[c, m, here, COST_IN]
                value += price * ways[c, m, here, TIME_IN]
                if value < least:
                    least = value
                    via[k, b] = a
            reach[k % 2, b] = least
    t = mode_task[seq[s, size - 1]]
    end = slots[s, END]
    least = inf
    at = 0
    for a in range(mode_first[t + 1] - mode_first[t]):
        here = mode_first[t] + a
        value = reach[(size - 1) % 2, a] + ways[c, here, end, COST_OUT]
        value += price * ways[c, here, end, TIME_OUT]
        if value < least:
            least = value
            at = a
    for k in range(size - 1, -1, -1):
        trial[k] = mode_first[mode_task[seq[s, k]]] + at
        at = via[k, at]


@kernel
def better_modes(
    s, values, seq, length, legs, sums, slots, limits, ways, mode_first, mode_task, demand, reach,
    via, trial,
):
    """Re-optimise the modes of slot ``s`` in its order, by cost, then with duration too.

    Returns whether any mode changed.
    """
    changed = False
    for attempt in range(2):
        price = values[PRICE_TIME] * attempt
        if attempt == 1 and sums[s, TIME] <= limits[s, DURATION]:
            break
        modes_by_price(s, price, seq, length, slots, ways, mode_first, mode_task, reach, via, trial)
        same = True
        for k in range(length[s]):
            if seq[s, k] != trial[k]:
                same = False
                break
        if same:
            continue
        was = sums[s, COST] + overrun(s, sums, limits, values)
        for k in range(length[s]):
            seq[s, k], trial[k] = trial[k], seq[s, k]
        measure(s, seq, length, legs, sums, slots, ways, mode_task, demand)
        if sums[s, COST] + overrun(s, sums, limits, values) >= was - 1e-12 * abs(was):
            for k in range(length[s]):
                seq[s, k] = trial[k]
            measure(s, seq, length, legs, sums, slots, ways, mode_task, demand)
        else:
            changed = True
    return changed


@kernel
def rehouse(
    s, counts, values, slot_of, touched, mark, seq, length, legs, sums, stamp, old_seq, old_length,
    old_sums, old_stamp, mode_first, mode_task, demand, slots, limits, day_first, ways, reach, via,
    trial,
):
    """Give the patrol of slot ``s`` to the idle slot of another fleet where it is cheapest."""
    d = slots[s, DAY]
    least = value_of(s, length, sums, limits, values) - 1e-9
    home = -1
    group = slots[s, GROUP]
    tried = -1
    for e in range(day_first[d], day_first[d + 1]):
        if slots[e, GROUP] == group or slots[e, GROUP] == tried or length[e] > 0:
            continue
        tried = slots[e, GROUP]
        touch(e, counts, touched, mark, seq, length, sums, stamp, old_seq, old_length, old_sums,
              old_stamp)
        length[e] = length[s]
        for k in range(length[s]):
            seq[e, k] = seq[s, k]
        measure(e, seq, length, legs, sums, slots, ways, mode_task, demand)
        better_modes(e, values, seq, length, legs, sums, slots, limits, ways, mode_first, mode_task,
                     demand, reach, via, trial)
        value = value_of(e, length, sums, limits, values)
        if value < least:
            least = value
            if home >= 0:
                length[home] = 0
                measure(home, seq, length, legs, sums, slots, ways, mode_task, demand)
            home = e
        else:
            length[e] = 0
        if length[e] == 0:
            measure(e, seq, length, legs, sums, slots, ways, mode_task, demand)
    if home >= 0:
        length[s] = 0
        measure(s, seq, length, legs, sums, slots, ways, mode_task, demand)
        for k in range(length[home]):
            slot_of[mode_task[seq[home, k]], d] = home
