"""The compiled heart: ruin and recreate with pattern choice, under simulated annealing.

Slack induction by string removals after Christiaens & Vanden Berghe (2020), for periodic problems
with modes: a removed task comes back on the days of whichever pattern is cheapest, in the best
mode of each day. Penalties for overruns move so that a part of the iterates is feasible.
"""

# Long argument lists stay wrapped by hand, and numba, not mypy, checks the types here.
# fmt: off
# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc"

from __future__ import annotations

from math import inf, log

from optimizer.engine.compiled import inline_kernel, kernel
from optimizer.engine.layout import (
    BEST,
    BROKEN,
    CARRIED,
    COST,
    DAY,
    DURATION,
    FEASIBLE_KNOWN,
    FIXED,
    GROUP,
    HAS_LINKS,
    HEAVY,
    IN_LOAD,
    IN_TIME,
    ITERATION,
    LAST_BEST,
    LATE,
    LENIENCE,
    LINKED,
    LOAD,
    NOW,
    PENDING,
    PRICE_TIME,
    PRICE_TIME_MIN,
    SEEN,
    SEVERAL_FLEETS,
    SINGLE_MODES,
    STAMP,
    TIME,
    TIMED,
    TOUCHED,
)
from optimizer.engine.lending import lent
from optimizer.engine.recreate import gap_price, recreate
from optimizer.engine.routes import better_modes, draw, measure, overrun, rehouse, value_of
from optimizer.engine.ruin import ruin

# The longest run of iterations between two looks at the penalties.
PENALTY_PERIOD = 100
LOWEST_SHARE, HIGHEST_SHARE = 0.15, 0.40


@inline_kernel
def undo(
    counts, pending, chosen, slot_of, touched, mode_task, slots, seq, length, legs, sums, stamp,
    old_seq, old_length, old_sums, old_stamp, ways, demand,
):
    """Put the touched slots and the pending tasks back as they were before this iteration."""
    for i in range(counts[TOUCHED]):
        s = touched[i]
        for k in range(length[s]):
            slot_of[mode_task[seq[s, k]], slots[s, DAY]] = -1
    for i in range(counts[TOUCHED]):
        s = touched[i]
        length[s] = old_length[s]
        for k in range(length[s]):
            seq[s, k] = old_seq[s, k]
            slot_of[mode_task[seq[s, k]], slots[s, DAY]] = s
        measure(s, seq, length, legs, sums, slots, ways, mode_task, demand)
        for k in range(3):
            sums[s, k] = old_sums[s, k]
        stamp[s] = old_stamp[s]
    for i in range(counts[PENDING]):
        chosen[pending[i, 0]] = pending[i, 2]


@kernel
def linked(counts, values, chosen, links, link_gap, pattern_ends):
    """Return what all links cost, and count those whose gap is forbidden."""
    value = 0.0
    counts[BROKEN] = 0
    for e in range(links.shape[0]):
        price = gap_price(e, chosen[links[e, 0]], chosen[links[e, 1]], link_gap,
                          pattern_ends, values)
        value += price
        p, q = chosen[links[e, 0]], chosen[links[e, 1]]
        if p >= 0 and q >= 0 and pattern_ends[p, 0] >= 0 and pattern_ends[q, 0] >= 0:
            days = (link_gap.shape[1] + 1) // 2
            if link_gap[e, pattern_ends[q, 0] - pattern_ends[p, 1] + days - 1] == inf:
                counts[BROKEN] += 1
    return value


@kernel
def total(
    counts, values, seq, length, legs, sums, slots, limits, ways, mode_task, demand, chosen,
    pattern_cost, pattern_ends, links, link_gap,
):
    """Recompute all slots; return the penalised objective and count slots beyond their limits."""
    value = 0.0
    counts[LATE] = counts[HEAVY] = 0
    for s in range(length.shape[0]):
        measure(s, seq, length, legs, sums, slots, ways, mode_task, demand)
        if length[s]:
            value += sums[s, COST] + limits[s, FIXED] + overrun(s, sums, limits, values)
        counts[LATE] += sums[s, TIME] > limits[s, DURATION]
        counts[HEAVY] += sums[s, CARRIED] > limits[s, LOAD]
    for t in range(chosen.shape[0]):
        if chosen[t] >= 0:
            value += pattern_cost[chosen[t]]
    values[LINKED] = linked(counts, values, chosen, links, link_gap, pattern_ends)
    return value + values[LINKED]


@kernel
def adapt(counts, values, traits, length, stamp):
    """Move the prices of overruns towards 15-40 % feasible iterates."""
    for which in range(2):
        share = counts[IN_TIME + which] / counts[SEEN]
        price = values[PRICE_TIME + which]
        lowest = values[PRICE_TIME_MIN + which]
        if share < LOWEST_SHARE:  # faster while nothing feasible is known at all
            price = min(price * (1.2 if values[FEASIBLE_KNOWN] else 1.5), lowest * 1e9)
        elif share > HIGHEST_SHARE:
            price = max(price * 0.85, lowest)
        values[PRICE_TIME + which] = price
        counts[IN_TIME + which] = 0
    counts[SEEN] = 0
    if traits[TIMED]:
        for s in range(length.shape[0]):  # remembered insertions were priced as they were before
            counts[STAMP] += 1
            stamp[s] = counts[STAMP]


@inline_kernel
def removed_value(
    counts, values, touched, pending, length, sums, old_length, old_sums, limits, pattern_cost
):
    """Return by how much the ruin has changed the penalised value (mostly: lowered it)."""
    more = 0.0
    for i in range(counts[TOUCHED]):
        s = touched[i]
        more += value_of(s, length, sums, limits, values)
        more -= value_of(s, old_length, old_sums, limits, values)
    for i in range(counts[PENDING]):
        if pending[i, 1] < 0 and pending[i, 2] >= 0:
            more -= pattern_cost[pending[i, 2]]
    return more


@inline_kernel
def settle(
    counts, values, traits, pending, chosen, slot_of, touched, mark, seq, length, legs, sums, stamp,
    old_seq, old_length, old_sums, old_stamp, mode_first, mode_task, demand, pattern_cost,
    pattern_ends, links, link_gap, slots, limits, day_first, ways, reach, via, trial,
):
    """Re-optimise modes and fleets of touched slots; return what the iteration adds to the cost."""
    more = 0.0
    i = 0
    while i < counts[TOUCHED]:  # rehousing touches more of them
        s = touched[i]
        i += 1
        if length[s] == 0:
            continue
        changed = False
        if not traits[SINGLE_MODES]:
            changed = better_modes(s, values, seq, length, legs, sums, slots, limits, ways,
                                   mode_first, mode_task, demand, reach, via, trial)
        d = slots[s, DAY]
        if traits[SEVERAL_FLEETS] and slots[day_first[d], GROUP] != slots[
            day_first[d + 1] - 1, GROUP
        ]:
            changed = True
            rehouse(s, counts, values, slot_of, touched, mark, seq, length, legs, sums, stamp,
                    old_seq, old_length, old_sums, old_stamp, mode_first, mode_task, demand, slots,
                    limits, day_first, ways, reach, via, trial)
        if changed:  # insertions remembered during the recreate no longer hold
            counts[STAMP] += 1
            stamp[s] = counts[STAMP]
    for i in range(counts[TOUCHED]):
        s = touched[i]
        more += value_of(s, length, sums, limits, values)
        more -= value_of(s, old_length, old_sums, limits, values)
        counts[LATE] += sums[s, TIME] > limits[s, DURATION]
        counts[LATE] -= old_sums[s, TIME] > limits[s, DURATION]
        counts[HEAVY] += sums[s, CARRIED] > limits[s, LOAD]
        counts[HEAVY] -= old_sums[s, CARRIED] > limits[s, LOAD]
    for i in range(counts[PENDING]):
        if pending[i, 1] < 0:
            more += pattern_cost[chosen[pending[i, 0]]]
            if pending[i, 2] >= 0:
                more -= pattern_cost[pending[i, 2]]
    if traits[HAS_LINKS]:
        more -= values[LINKED]
        values[LINKED] = linked(counts, values, chosen, links, link_gap, pattern_ends)
        more += values[LINKED]
    return more


@kernel
def keep_best(counts, values, chosen, seq, length, best_chosen, best_seq, best_length):
    """Copy the present solution if it is feasible and the best so far."""
    if counts[LATE] or counts[HEAVY] or counts[BROKEN]:
        return
    if not values[NOW] < values[BEST] - 1e-9 * max(1.0, abs(values[NOW])):
        return
    values[BEST] = values[NOW]
    values[FEASIBLE_KNOWN] = 1.0
    counts[LAST_BEST] = counts[ITERATION]
    for t in range(chosen.shape[0]):
        best_chosen[t] = chosen[t]
    for s in range(length.shape[0]):
        best_length[s] = length[s]
        for k in range(length[s]):
            best_seq[s, k] = seq[s, k]


@kernel
def anneal(iterations, target, heat, cooling, *given):
    """Run up to ``iterations`` of ruin and recreate on the arrays of ``state.arguments``."""
    _anneal(iterations, target, heat, cooling, *lent(given))


@inline_kernel
def _anneal(  # noqa: PLR0912
    iterations, target, heat, cooling, counts, values, traits, tuning, rng, pending, chosen,
    slot_of, seq, length, legs, sums, stamp, touched, mark, ruined, seeds, old_seq, old_length,
    old_sums, old_stamp, best_chosen, best_seq, best_length, place_cost, place, place_stamp, string,
    found, day_cost, order, reach, via, trial, ways, mode_first, mode_task, demand, pattern_first,
    pattern_mask, pattern_cost, pattern_ends, task_days, links, link_first, link_row, link_gap,
    slots, limits, day_first, near, keys,
):
    """Run up to ``iterations`` of ruin and recreate, ``heat`` falling by ``cooling`` each time.

    Tasks pending at the call (all of them on the first one) are brought in before anything else.
    Returns early when the best is no dearer than ``target``.
    """
    hasty = not traits[HAS_LINKS]
    for turn in range(-1, iterations):
        counts[TOUCHED] = 0
        late, heavy, broken, links_before = (
            counts[LATE], counts[HEAVY], counts[BROKEN], values[LINKED],
        )
        room = inf
        most = 0.0
        if turn >= 0:
            counts[ITERATION] += 1
            counts[PENDING] = 0
            ruin(
                counts, tuning, rng, string, ruined, seeds, pending, chosen, slot_of, near, touched,
                mark, seq, length, sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_task,
            )
            for i in range(counts[TOUCHED]):
                measure(touched[i], seq, length, legs, sums, slots, ways, mode_task, demand)
            most = -heat * log(1.0 - draw(rng))
            if hasty:
                room = most + 1e-9 + values[LENIENCE] - removed_value(
                    counts, values, touched, pending, length, sums, old_length, old_sums, limits,
                    pattern_cost,
                )
        elif counts[PENDING] == 0:
            values[NOW] = total(
                counts, values, seq, length, legs, sums, slots, limits, ways, mode_task, demand,
                chosen, pattern_cost, pattern_ends, links, link_gap,
            )
            keep_best(counts, values, chosen, seq, length, best_chosen, best_seq, best_length)
            continue
        else:
            for s in range(length.shape[0]):
                measure(s, seq, length, legs, sums, slots, ways, mode_task, demand)
        done = recreate(
            room, counts, values, traits, tuning, rng, found, day_cost, order, pending, chosen,
            slot_of, touched, mark, seq, length, legs, sums, stamp, old_seq, old_length, old_sums,
            old_stamp, mode_first, demand, pattern_first, pattern_mask, pattern_cost, pattern_ends,
            task_days, links, link_first, link_row, link_gap, slots, limits, day_first, ways, keys,
            place_cost, place, place_stamp,
        )
        more = inf
        if done:
            more = settle(
                counts, values, traits, pending, chosen, slot_of, touched, mark, seq, length, legs,
                sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_first, mode_task,
                demand, pattern_cost, pattern_ends, links, link_gap, slots, limits, day_first, ways,
                reach, via, trial,
            )
        if turn < 0:
            values[NOW] = total(
                counts, values, seq, length, legs, sums, slots, limits, ways, mode_task, demand,
                chosen, pattern_cost, pattern_ends, links, link_gap,
            )
        elif more < most:
            values[NOW] += more
        else:
            undo(
                counts, pending, chosen, slot_of, touched, mode_task, slots, seq, length, legs,
                sums, stamp, old_seq, old_length, old_sums, old_stamp, ways, demand,
            )
            counts[LATE], counts[HEAVY], counts[BROKEN] = late, heavy, broken
            values[LINKED] = links_before
        counts[PENDING] = 0
        heat *= cooling
        keep_best(counts, values, chosen, seq, length, best_chosen, best_seq, best_length)
        counts[SEEN] += 1
        counts[IN_TIME] += counts[LATE] == 0
        counts[IN_LOAD] += counts[HEAVY] == 0
        if counts[SEEN] >= PENALTY_PERIOD or (
            values[FEASIBLE_KNOWN] == 0.0 and counts[SEEN] >= 10 + chosen.shape[0] // 4
        ):
            adapt(counts, values, traits, length, stamp)
            values[NOW] = total(
                counts, values, seq, length, legs, sums, slots, limits, ways, mode_task, demand,
                chosen, pattern_cost, pattern_ends, links, link_gap,
            )
        if values[BEST] <= target:
            return
