"""Compiled recreate: pending tasks come back on the days of whichever pattern is cheapest.

Best insertions of a task into a slot are remembered until the slot changes.
"""

# Long argument lists stay wrapped by hand, and numba, not mypy, checks the types here.
# fmt: off
# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc"

from __future__ import annotations

from math import inf

import numpy as np

from optimizer.engine.compiled import inline_kernel
from optimizer.engine.layout import (
    BLINK,
    CARRIED,
    CLASS,
    COST_IN,
    COST_OUT,
    DURATION,
    FIXED,
    GROUP,
    HAS_LINKS,
    LOAD,
    PATTERN_BLINK,
    PENDING,
    PRICE_BROKEN,
    PRICE_LOAD,
    PRICE_TIME,
    START,
    TIME,
    TIME_IN,
    TIME_OUT,
    TIMED,
)
from optimizer.engine.routes import draw, insert, pick, touch


@inline_kernel
def scan(
    t, s, timed, seq, length, legs, sums, slots, limits, ways, mode_first, values, place_cost, place
):
    """Find the cheapest way to put task ``t`` into slot ``s``, load aside, and remember it."""
    c = slots[s, CLASS]
    start = slots[s, START]
    size = length[s]
    least = inf
    at = mode = 0
    room = sums[s, TIME] - limits[s, DURATION]
    price = values[PRICE_TIME]
    for m in range(mode_first[t], mode_first[t + 1]):
        into = ways[c, m, start, COST_IN]
        late_in = ways[c, m, start, TIME_IN]
        for k in range(size + 1):
            there = seq[s, k]
            more = into + ways[c, m, there, COST_OUT] - legs[s, k, 0]
            if timed:
                late = room + late_in + ways[c, m, there, TIME_OUT] - legs[s, k, 1]
                more += price * max(0.0, late)
                late_in = ways[c, m, there, TIME_IN]
            into = ways[c, m, there, COST_IN]
            better = more < least
            least = more if better else least
            at = k if better else at
            mode = m if better else mode
    place_cost[t, s] = least - price * max(0.0, room)
    place[t, s, 0] = at
    place[t, s, 1] = mode


@inline_kernel
def best_on_day(
    t, d, blink, timed, rng, found, seq, length, legs, sums, stamp, slots, limits, day_first, ways,
    mode_first, demand, values, place_cost, place, place_stamp,
):
    """Write into ``found[d]`` slot, position and mode for task ``t`` on day ``d``; return the cost.

    Each slot is overlooked with probability ``blink``, but not all of them.
    """
    best = inf
    at = -1
    while at < 0:
        empty_group = -1
        for s in range(day_first[d], day_first[d + 1]):
            extra = 0.0
            if length[s] == 0:
                if slots[s, GROUP] == empty_group:
                    continue
                empty_group = slots[s, GROUP]
                extra = limits[s, FIXED]
            if place_stamp[t, s] != stamp[s]:
                scan(
                    t, s, timed, seq, length, legs, sums, slots, limits, ways, mode_first, values,
                    place_cost, place,
                )
                place_stamp[t, s] = stamp[s]
            heavy = sums[s, CARRIED] + demand[t] - limits[s, LOAD]
            extra += values[PRICE_LOAD] * min(max(0.0, heavy), demand[t])
            cost = place_cost[t, s] + extra
            if cost < best and draw(rng) >= blink:
                best = cost
                at = s
        blink = 0.0
    found[d, 0], found[d, 1], found[d, 2] = at, place[t, at, 0], place[t, at, 1]
    return best


@inline_kernel
def gap_price(e, p, q, link_gap, pattern_ends, values):
    """Return the price of link ``e`` between pattern ``p`` of its first and ``q`` of its second.

    Nothing while one of them is open or not visited at all.
    """
    if p < 0 or q < 0 or pattern_ends[p, 0] < 0 or pattern_ends[q, 0] < 0:
        return 0.0
    days = (link_gap.shape[1] + 1) // 2
    price = link_gap[e, pattern_ends[q, 0] - pattern_ends[p, 1] + days - 1]
    return values[PRICE_BROKEN] if price == inf else price


@inline_kernel
def links_price(t, p, chosen, links, link_first, link_row, link_gap, pattern_ends, values):
    """Return what the links of task ``t`` cost when it takes pattern ``p``."""
    price = 0.0
    for i in range(link_first[t], link_first[t + 1]):
        e = link_row[i]
        if links[e, 0] == t:
            price += gap_price(
                e, p, chosen[links[e, 1]], link_gap, pattern_ends, values
            )
        else:
            price += gap_price(
                e, chosen[links[e, 0]], p, link_gap, pattern_ends, values
            )
    return price


@inline_kernel
def shuffle_pending(counts, pending, order, keys, rng):
    """Put the pending tasks into one of five orders: random, large, far, near, least free first."""
    n = counts[PENDING]
    kind = pick(rng, 12)
    for i in range(n):
        t = pending[i, 0]
        if kind < 4:
            key = draw(rng)
        elif kind < 7:
            key = -keys[t, 0]
        elif kind < 9:
            key = -keys[t, 1]
        elif kind < 10:
            key = keys[t, 1]
        else:
            key = keys[t, 2] + draw(rng)
        j = i
        while j > 0 and order[j - 1] > key:
            order[j] = order[j - 1]
            for c in range(3):
                pending[j, c], pending[j - 1, c] = pending[j - 1, c], pending[j, c]
            j -= 1
        order[j] = key


@inline_kernel
def recreate(  # noqa: PLR0912
    room, counts, values, traits, tuning, rng, found, day_cost, order, pending, chosen, slot_of,
    touched, mark, seq, length, legs, sums, stamp, old_seq, old_length, old_sums, old_stamp,
    mode_first, demand, pattern_first, pattern_mask, pattern_cost, pattern_ends, task_days, links,
    link_first, link_row, link_gap, slots, limits, day_first, ways, keys, place_cost, place,
    place_stamp,
):
    """Bring all pending tasks back, each on the days of the cheapest pattern it sees.

    Gives up, returning False, as soon as that has cost more than ``room``.
    """
    shuffle_pending(counts, pending, order, keys, rng)
    timed = traits[TIMED] != 0
    spent = 0.0
    for i in range(counts[PENDING]):
        t = pending[i, 0]
        mask = task_days[t]
        if pending[i, 1] >= 0:
            mask = np.int64(1) << pending[i, 1]
        for d in range(slot_of.shape[1]):
            if mask >> d & 1:
                day_cost[d] = best_on_day(
                    t, d, tuning[BLINK], timed, rng, found, seq, length, legs, sums, stamp, slots,
                    limits, day_first, ways, mode_first, demand, values, place_cost, place,
                    place_stamp,
                )
        if pending[i, 1] < 0:
            best = fallback = inf
            fallback_pattern = -1
            for p in range(pattern_first[t], pattern_first[t + 1]):
                price = pattern_cost[p]
                if traits[HAS_LINKS]:
                    price += links_price(t, p, chosen, links, link_first, link_row, link_gap,
                                         pattern_ends, values)
                for d in range(slot_of.shape[1]):
                    if pattern_mask[p] >> d & 1:
                        price += day_cost[d]
                if price < fallback:
                    fallback = price
                    fallback_pattern = p
                if price < best and draw(rng) >= tuning[PATTERN_BLINK]:
                    best = price
                    chosen[t] = p
            if chosen[t] < 0:
                chosen[t] = fallback_pattern
                best = fallback
            mask = pattern_mask[chosen[t]]
            spent += best
        else:
            spent += day_cost[pending[i, 1]]
        if spent > room:
            return False
        for d in range(slot_of.shape[1]):
            if mask >> d & 1:
                touch(
                    found[d, 0], counts, touched, mark, seq, length, sums, stamp, old_seq,
                    old_length, old_sums, old_stamp,
                )
                insert(t, d, found, slot_of, seq, length, legs, sums, slots, ways, demand)
    return True
