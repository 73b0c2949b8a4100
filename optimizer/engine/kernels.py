"""The compiled heart: ruin and recreate with pattern choice, under simulated annealing.

Slack induction by string removals after Christiaens & Vanden Berghe (2020), for periodic problems
with modes: a removed task comes back on the days of whichever pattern is cheapest, in the best
mode of each day. Arrays are passed one by one (tuples of arrays cost reference counting on every
call); their layout is told in ``arrays.py`` and ``state.py``. All kernels stand in one file because
numba's cache watches only the file of the function that is called.
"""

# Long argument lists stay wrapped by hand, and numba, not mypy, checks the types here.
# fmt: off
# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc"

from __future__ import annotations

from math import inf, log

import numpy as np

from optimizer.engine.compiled import kernel

# Columns of ``slots``, ``limits`` and ``sums``.
DAY, CLASS, START, END, GROUP = range(5)
DURATION, LOAD, FIXED = range(3)
COST, TIME, CARRIED = range(3)
# Entries of ``counts`` and ``values``.
STAMP, TOUCHED, PENDING, ITERATION, LAST_BEST, LATE, HEAVY, SEEN, IN_TIME, IN_LOAD = range(10)
NOW, BEST, PRICE_TIME, PRICE_LOAD, PRICE_TIME_MIN, PRICE_LOAD_MIN = range(6)
# Entries of ``tuning``.
MEAN_REMOVED, LONGEST_STRING, SPLIT, KEEP_SPLIT, BLINK, PATTERN_BLINK, RUIN_DAY, RUIN_WHOLE = range(
    8
)
# The longest run of iterations between two looks at the penalties.
PENALTY_PERIOD = 100
LOWEST_SHARE, HIGHEST_SHARE = 0.15, 0.40


@kernel
def draw(rng):
    """Return a uniform number in [0, 1) (xorshift64, state in ``rng``)."""
    x = rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = x
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def pick(rng, size):
    """Return a uniform whole number in 0..size - 1."""
    return int(draw(rng) * size)


@kernel
def overrun(s, sums, limits, values):
    """Return the penalty of what slot ``s`` does beyond its limits."""
    late = max(0.0, sums[s, TIME] - limits[s, DURATION])
    heavy = max(0.0, sums[s, CARRIED] - limits[s, LOAD])
    return values[PRICE_TIME] * late + values[PRICE_LOAD] * heavy


@kernel
def measure(s, seq, length, sums, slots, arcs, mode_task, demand):
    """Recompute cost, duration and load of slot ``s``."""
    c = slots[s, CLASS]
    here = slots[s, START]
    cost = time = load = 0.0
    for k in range(length[s]):
        m = seq[s, k]
        cost += arcs[c, here, m, 0]
        time += arcs[c, here, m, 1]
        load += demand[mode_task[m]]
        here = m
    cost += arcs[c, here, slots[s, END], 0]
    time += arcs[c, here, slots[s, END], 1]
    sums[s, COST] = cost
    sums[s, TIME] = time
    sums[s, CARRIED] = load


@kernel
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


@kernel
def scan(
    t, s, seq, length, sums, slots, limits, arcs, mode_first, demand, values, place_cost, place
):
    """Find the two cheapest ways to put task ``t`` into slot ``s``; remember them."""
    c = slots[s, CLASS]
    end = slots[s, END]
    size = length[s]
    before = overrun(s, sums, limits, values)
    heavy = max(0.0, sums[s, CARRIED] + demand[t] - limits[s, LOAD]) * values[PRICE_LOAD] - before
    if size == 0:
        heavy += limits[s, FIXED]
    room = sums[s, TIME] - limits[s, DURATION]
    price = values[PRICE_TIME]
    first = second = inf
    first_place = second_place = 0
    first_mode = second_mode = -1
    for m in range(mode_first[t], mode_first[t + 1]):
        here = slots[s, START]
        for k in range(size + 1):
            there = seq[s, k] if k < size else end
            more = arcs[c, here, m, 0] + arcs[c, m, there, 0] - arcs[c, here, there, 0]
            late = room + arcs[c, here, m, 1] + arcs[c, m, there, 1] - arcs[c, here, there, 1]
            if late > 0.0:
                more += price * late
            if more < second:
                if more < first:
                    second, second_place, second_mode = first, first_place, first_mode
                    first, first_place, first_mode = more, k, m
                else:
                    second, second_place, second_mode = more, k, m
            here = there
    place_cost[t, s, 0] = first + heavy
    place_cost[t, s, 1] = second + heavy
    place[t, s, 0] = first_place
    place[t, s, 1] = first_mode
    place[t, s, 2] = second_place
    place[t, s, 3] = second_mode


@kernel
def best_on_day(
    t, d, blink, rng, found, seq, length, sums, stamp, slots, limits, day_first, arcs, mode_first,
    demand, values, place_cost, place, place_stamp,
):
    """Write into ``found[d]`` slot, position and mode for task ``t`` on day ``d``; return the cost.

    Each position is overlooked with probability ``blink``; when all were, the cheapest one counts.
    """
    best = fallback = inf
    empty_group = -1
    fallback_slot = -1
    for s in range(day_first[d], day_first[d + 1]):
        if length[s] == 0:
            if slots[s, GROUP] == empty_group:
                continue
            empty_group = slots[s, GROUP]
        if place_stamp[t, s] != stamp[s]:
            scan(
                t, s, seq, length, sums, slots, limits, arcs, mode_first, demand, values,
                place_cost, place,
            )
            place_stamp[t, s] = stamp[s]
        if place_cost[t, s, 0] < fallback:
            fallback = place_cost[t, s, 0]
            fallback_slot = s
        if place_cost[t, s, 0] < best:
            if draw(rng) >= blink:
                best = place_cost[t, s, 0]
                found[d, 0], found[d, 1], found[d, 2] = s, place[t, s, 0], place[t, s, 1]
            elif place_cost[t, s, 1] < best and draw(rng) >= blink:
                best = place_cost[t, s, 1]
                found[d, 0], found[d, 1], found[d, 2] = s, place[t, s, 2], place[t, s, 3]
    if best == inf:
        s = fallback_slot
        best = fallback
        found[d, 0], found[d, 1], found[d, 2] = s, place[t, s, 0], place[t, s, 1]
    return best


@kernel
def insert(t, d, found, slot_of, seq, length, sums, slots, arcs, demand):
    """Put task ``t`` where ``found[d]`` says; the slot must have been touched."""
    s, k, m = found[d, 0], found[d, 1], found[d, 2]
    c = slots[s, CLASS]
    size = length[s]
    here = seq[s, k - 1] if k > 0 else slots[s, START]
    there = seq[s, k] if k < size else slots[s, END]
    sums[s, COST] += arcs[c, here, m, 0] + arcs[c, m, there, 0] - arcs[c, here, there, 0]
    sums[s, TIME] += arcs[c, here, m, 1] + arcs[c, m, there, 1] - arcs[c, here, there, 1]
    sums[s, CARRIED] += demand[t]
    for j in range(size, k, -1):
        seq[s, j] = seq[s, j - 1]
    seq[s, k] = m
    length[s] = size + 1
    slot_of[t, d] = s


@kernel
def take_out(t, d, slot_of, seq, length, mode_task):
    """Take task ``t`` off day ``d``; the slot must have been touched."""
    s = slot_of[t, d]
    k = 0
    while mode_task[seq[s, k]] != t:
        k += 1
    for j in range(k, length[s] - 1):
        seq[s, j] = seq[s, j + 1]
    length[s] -= 1
    slot_of[t, d] = -1


@kernel
def remove(
    t, only_day, counts, pending, chosen, slot_of, touched, mark, seq, length, sums, stamp, old_seq,
    old_length, old_sums, old_stamp, mode_task,
):
    """Remove task ``t`` from ``only_day``, or wholly when that is -1, and note it as pending."""
    if chosen[t] < 0:
        return
    n = counts[PENDING]
    pending[n, 0], pending[n, 1], pending[n, 2] = t, only_day, chosen[t]
    counts[PENDING] = n + 1
    for d in range(slot_of.shape[1]):
        if slot_of[t, d] >= 0 and (only_day < 0 or only_day == d):
            touch(
                slot_of[t, d], counts, touched, mark, seq, length, sums, stamp, old_seq, old_length,
                old_sums, old_stamp,
            )
            take_out(t, d, slot_of, seq, length, mode_task)
    if only_day < 0:
        chosen[t] = -1


@kernel
def cut_string(t, s, most, tuning, rng, string, seq, length, mode_task):
    """Choose a string of tasks of slot ``s`` round task ``t`` into ``string``; return its length.

    With probability SPLIT a stretch inside the string is left where it is.
    """
    size = length[s]
    wish = min(float(size), most)
    count = 1 + int(draw(rng) * wish)
    count = min(count, size)
    at = 0
    while mode_task[seq[s, at]] != t:
        at += 1
    spare = 0
    if 1 < count < size and draw(rng) < tuning[SPLIT]:
        spare = 1
        while count + spare < size and draw(rng) > tuning[KEEP_SPLIT]:
            spare += 1
    whole = count + spare
    lowest = max(0, at - whole + 1)
    highest = min(at, size - whole)
    begin = lowest + pick(rng, highest - lowest + 1)
    gap = begin + 1 + pick(rng, count - 1) if spare else begin + whole
    n = 0
    for k in range(begin, begin + whole):
        if k < gap or k >= gap + spare:
            string[n] = mode_task[seq[s, k]]
            n += 1
    return n


@kernel
def any_day(t, slot_of, rng):
    """Return a random day on which task ``t`` is visited, or -1."""
    visits = 0
    for d in range(slot_of.shape[1]):
        if slot_of[t, d] >= 0:
            visits += 1
    if visits == 0:
        return -1
    left = pick(rng, visits)
    for d in range(slot_of.shape[1]):
        if slot_of[t, d] >= 0:
            if left == 0:
                return d
            left -= 1
    return -1


@kernel
def ruin(
    counts, tuning, rng, string, ruined, pending, chosen, slot_of, near, touched, mark, seq, length,
    sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_task,
):
    """Remove strings of near tasks: over all days, or of one day (visits or whole tasks)."""
    tasks = near.shape[0]
    seed = pick(rng, tasks)
    day = -1
    whole = True
    kind = draw(rng)
    if kind < tuning[RUIN_DAY] + tuning[RUIN_WHOLE]:
        day = any_day(seed, slot_of, rng)
        whole = day < 0 or kind >= tuning[RUIN_DAY]
    used = visits = 0
    for s in range(length.shape[0]):
        if length[s]:
            used += 1
            visits += length[s]
    mean = visits / max(1, used)
    most = min(tuning[LONGEST_STRING], mean)
    strings = 1 + int(draw(rng) * max(1.0, 4.0 * tuning[MEAN_REMOVED] / (1.0 + most) - 1.0))
    done = dropped = 0
    for k in range(-1, near.shape[1]):
        t = seed if k < 0 else near[seed, k]
        if chosen[t] < 0 or t >= tasks or (k >= 0 and t == seed):
            continue
        d = day if day >= 0 else any_day(t, slot_of, rng)
        if d < 0:  # a dropped optional task gets its chance to come back
            dropped += 1
            if dropped > tuning[MEAN_REMOVED]:
                continue
            remove(
                t, -1, counts, pending, chosen, slot_of, touched, mark, seq, length, sums, stamp,
                old_seq, old_length, old_sums, old_stamp, mode_task,
            )
            continue
        s = slot_of[t, d]
        if s < 0 or ruined[s] == counts[ITERATION]:
            continue
        ruined[s] = counts[ITERATION]
        cut = cut_string(t, s, most, tuning, rng, string, seq, length, mode_task)
        for j in range(cut):
            remove(
                string[j], -1 if whole else d, counts, pending, chosen, slot_of, touched, mark, seq,
                length, sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_task,
            )
        done += 1
        if done >= strings:
            break


@kernel
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


@kernel
def recreate(  # noqa: PLR0912
    counts, values, tuning, rng, found, day_cost, order, pending, chosen, slot_of, touched, mark,
    seq, length, sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_first, demand,
    pattern_first, pattern_mask, pattern_cost, task_days, slots, limits, day_first, arcs, keys,
    place_cost, place, place_stamp,
):
    """Bring all pending tasks back, each on the days of the cheapest pattern it sees."""
    shuffle_pending(counts, pending, order, keys, rng)
    for i in range(counts[PENDING]):
        t = pending[i, 0]
        mask = task_days[t]
        if pending[i, 1] >= 0:
            mask = np.int64(1) << pending[i, 1]
        for d in range(slot_of.shape[1]):
            if mask >> d & 1:
                day_cost[d] = best_on_day(
                    t, d, tuning[BLINK], rng, found, seq, length, sums, stamp, slots, limits,
                    day_first, arcs, mode_first, demand, values, place_cost, place, place_stamp,
                )
        if pending[i, 1] < 0:
            best = fallback = inf
            fallback_pattern = -1
            for p in range(pattern_first[t], pattern_first[t + 1]):
                price = pattern_cost[p]
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
            mask = pattern_mask[chosen[t]]
        for d in range(slot_of.shape[1]):
            if mask >> d & 1:
                touch(
                    found[d, 0], counts, touched, mark, seq, length, sums, stamp, old_seq,
                    old_length, old_sums, old_stamp,
                )
                insert(t, d, found, slot_of, seq, length, sums, slots, arcs, demand)


@kernel
def modes_by_price(s, price, seq, length, slots, arcs, mode_first, mode_task, reach, via, trial):
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
                reach[0, b] = arcs[c, here, m, 0] + price * arcs[c, here, m, 1]
                continue
            u = mode_task[seq[s, k - 1]]
            least = inf
            for a in range(mode_first[u + 1] - mode_first[u]):
                here = mode_first[u] + a
                value = reach[(k - 1) % 2, a] + arcs[c, here, m, 0] + price * arcs[c, here, m, 1]
                if value < least:
                    least = value
                    via[k, b] = a
            reach[k % 2, b] = least
    t = mode_task[seq[s, size - 1]]
    least = inf
    at = 0
    for a in range(mode_first[t + 1] - mode_first[t]):
        here = mode_first[t] + a
        end = slots[s, END]
        value = reach[(size - 1) % 2, a] + arcs[c, here, end, 0] + price * arcs[c, here, end, 1]
        if value < least:
            least = value
            at = a
    for k in range(size - 1, -1, -1):
        trial[k] = mode_first[mode_task[seq[s, k]]] + at
        at = via[k, at]


@kernel
def better_modes(
    s, values, seq, length, sums, slots, limits, arcs, mode_first, mode_task, demand, reach, via,
    trial,
):
    """Re-optimise the modes of slot ``s`` in its order, by cost, then with duration too."""
    for attempt in range(2):
        price = values[PRICE_TIME] * attempt
        if attempt == 1 and sums[s, TIME] <= limits[s, DURATION]:
            break
        modes_by_price(s, price, seq, length, slots, arcs, mode_first, mode_task, reach, via, trial)
        was = sums[s, COST] + overrun(s, sums, limits, values)
        for k in range(length[s]):
            seq[s, k], trial[k] = trial[k], seq[s, k]
        measure(s, seq, length, sums, slots, arcs, mode_task, demand)
        if sums[s, COST] + overrun(s, sums, limits, values) >= was - 1e-12 * abs(was):
            for k in range(length[s]):
                seq[s, k] = trial[k]
            measure(s, seq, length, sums, slots, arcs, mode_task, demand)


@kernel
def undo(
    counts, pending, chosen, slot_of, touched, mode_task, slots, seq, length, sums, stamp, old_seq,
    old_length, old_sums, old_stamp,
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
        for k in range(3):
            sums[s, k] = old_sums[s, k]
        stamp[s] = old_stamp[s]
    for i in range(counts[PENDING]):
        chosen[pending[i, 0]] = pending[i, 2]


@kernel
def total(
    counts, values, seq, length, sums, slots, limits, arcs, mode_task, demand, chosen, pattern_cost
):
    """Recompute all slots; return the penalised objective and count slots beyond their limits."""
    value = 0.0
    counts[LATE] = counts[HEAVY] = 0
    for s in range(length.shape[0]):
        if length[s]:
            measure(s, seq, length, sums, slots, arcs, mode_task, demand)
            value += sums[s, COST] + limits[s, FIXED] + overrun(s, sums, limits, values)
        else:
            sums[s, :] = 0.0
        counts[LATE] += sums[s, TIME] > limits[s, DURATION]
        counts[HEAVY] += sums[s, CARRIED] > limits[s, LOAD]
    for t in range(chosen.shape[0]):
        if chosen[t] >= 0:
            value += pattern_cost[chosen[t]]
    return value


@kernel
def adapt(counts, values, length, stamp):
    """Move the prices of overruns towards 15-40 % feasible iterates."""
    for which in range(2):
        share = counts[IN_TIME + which] / counts[SEEN]
        price = values[PRICE_TIME + which]
        lowest = values[PRICE_TIME_MIN + which]
        if share < LOWEST_SHARE:  # faster while nothing feasible is known at all
            price = min(price * (1.2 if values[BEST] < inf else 1.5), lowest * 1e9)
        elif share > HIGHEST_SHARE:
            price = max(price * 0.85, lowest)
        values[PRICE_TIME + which] = price
        counts[IN_TIME + which] = 0
    counts[SEEN] = 0
    for s in range(length.shape[0]):  # remembered insertions were priced with the old penalties
        counts[STAMP] += 1
        stamp[s] = counts[STAMP]


@kernel
def value_of(s, length, sums, limits, values):
    """Return the penalised value of slot ``s``; an empty one costs nothing."""
    if length[s] == 0:
        return 0.0
    return sums[s, COST] + limits[s, FIXED] + overrun(s, sums, limits, values)


@kernel
def rehouse(
    s, counts, values, slot_of, touched, mark, seq, length, sums, stamp, old_seq, old_length,
    old_sums, old_stamp, mode_first, mode_task, demand, slots, limits, day_first, arcs, reach, via,
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
        measure(e, seq, length, sums, slots, arcs, mode_task, demand)
        better_modes(e, values, seq, length, sums, slots, limits, arcs, mode_first, mode_task,
                     demand, reach, via, trial)
        value = value_of(e, length, sums, limits, values)
        if value < least:
            least = value
            if home >= 0:
                length[home] = 0
            home = e
        else:
            length[e] = 0
    if home >= 0:
        length[s] = 0
        for k in range(length[home]):
            slot_of[mode_task[seq[home, k]], d] = home


@kernel
def settle(
    counts, values, pending, chosen, slot_of, touched, mark, seq, length, sums, stamp, old_seq,
    old_length, old_sums, old_stamp, mode_first, mode_task, demand, pattern_cost, slots, limits,
    day_first, arcs, reach, via, trial,
):
    """Re-optimise modes and fleets of touched slots; return what the iteration adds to the cost."""
    more = 0.0
    refined = False
    for i in range(counts[TOUCHED]):
        s = touched[i]
        measure(s, seq, length, sums, slots, arcs, mode_task, demand)
        if length[s] == 0:
            continue
        if mode_first[mode_first.shape[0] - 1] > chosen.shape[0]:
            refined = True
            better_modes(s, values, seq, length, sums, slots, limits, arcs, mode_first, mode_task,
                         demand, reach, via, trial)
        d = slots[s, DAY]
        if slots[day_first[d], GROUP] != slots[day_first[d + 1] - 1, GROUP]:
            refined = True
            rehouse(s, counts, values, slot_of, touched, mark, seq, length, sums, stamp, old_seq,
                    old_length, old_sums, old_stamp, mode_first, mode_task, demand, slots, limits,
                    day_first, arcs, reach, via, trial)
    for i in range(counts[TOUCHED]):
        s = touched[i]
        if length[s] == 0:
            measure(s, seq, length, sums, slots, arcs, mode_task, demand)
        if refined:  # insertions remembered during the recreate no longer hold
            counts[STAMP] += 1
            stamp[s] = counts[STAMP]
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
    return more


@kernel
def keep_best(counts, values, chosen, seq, length, best_chosen, best_seq, best_length):
    """Copy the present solution if it is feasible and the best so far."""
    if counts[LATE] or counts[HEAVY]:
        return
    if not values[NOW] < values[BEST] - 1e-9 * max(1.0, abs(values[NOW])):
        return
    values[BEST] = values[NOW]
    counts[LAST_BEST] = counts[ITERATION]
    for t in range(chosen.shape[0]):
        best_chosen[t] = chosen[t]
    for s in range(length.shape[0]):
        best_length[s] = length[s]
        for k in range(length[s]):
            best_seq[s, k] = seq[s, k]


@kernel
def anneal(
    iterations, patience, target, heat, cooling, counts, values, tuning, rng, pending, chosen,
    slot_of, seq, length, sums, stamp, touched, mark, ruined, old_seq, old_length, old_sums,
    old_stamp, best_chosen, best_seq, best_length, place_cost, place, place_stamp, string, found,
    day_cost, order, reach, via, trial, arcs, mode_first, mode_task, demand, pattern_first,
    pattern_mask, pattern_cost, task_days, slots, limits, day_first, near, keys,
):
    """Run up to ``iterations`` of ruin and recreate, ``heat`` falling by ``cooling`` each time.

    Tasks pending at the call (all of them on the first one) are brought in before anything else.
    Returns early when the best is no dearer than ``target``, or ``patience`` iterations old.
    """
    for turn in range(-1, iterations):
        counts[TOUCHED] = 0
        late, heavy = counts[LATE], counts[HEAVY]
        if turn >= 0:
            counts[ITERATION] += 1
            counts[PENDING] = 0
            ruin(
                counts, tuning, rng, string, ruined, pending, chosen, slot_of, near, touched, mark,
                seq, length, sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_task,
            )
            for i in range(counts[TOUCHED]):
                measure(touched[i], seq, length, sums, slots, arcs, mode_task, demand)
        elif counts[PENDING] == 0:
            values[NOW] = total(
                counts, values, seq, length, sums, slots, limits, arcs, mode_task, demand, chosen,
                pattern_cost,
            )
            continue
        recreate(
            counts, values, tuning, rng, found, day_cost, order, pending, chosen, slot_of, touched,
            mark, seq, length, sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_first,
            demand, pattern_first, pattern_mask, pattern_cost, task_days, slots, limits, day_first,
            arcs, keys, place_cost, place, place_stamp,
        )
        more = settle(counts, values, pending, chosen, slot_of, touched, mark, seq, length, sums,
                      stamp, old_seq, old_length, old_sums, old_stamp, mode_first, mode_task,
                      demand, pattern_cost, slots, limits, day_first, arcs, reach, via, trial)
        if turn < 0:
            values[NOW] = total(
                counts, values, seq, length, sums, slots, limits, arcs, mode_task, demand, chosen,
                pattern_cost,
            )
        elif more < -heat * log(1.0 - draw(rng)):
            values[NOW] += more
        else:
            undo(
                counts, pending, chosen, slot_of, touched, mode_task, slots, seq, length, sums,
                stamp, old_seq, old_length, old_sums, old_stamp,
            )
            counts[LATE], counts[HEAVY] = late, heavy
        counts[PENDING] = 0
        heat *= cooling
        keep_best(counts, values, chosen, seq, length, best_chosen, best_seq, best_length)
        counts[SEEN] += 1
        counts[IN_TIME] += counts[LATE] == 0
        counts[IN_LOAD] += counts[HEAVY] == 0
        if counts[SEEN] >= PENALTY_PERIOD or (
            values[BEST] == inf and counts[SEEN] >= 10 + chosen.shape[0] // 4
        ):
            adapt(counts, values, length, stamp)
            values[NOW] = total(
                counts, values, seq, length, sums, slots, limits, arcs, mode_task, demand, chosen,
                pattern_cost,
            )
        if values[BEST] <= target or counts[ITERATION] - counts[LAST_BEST] >= patience:
            return
