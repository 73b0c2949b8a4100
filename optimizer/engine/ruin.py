"""Compiled ruin: strings of near tasks leave, over all days or those of one day.

Slack induction by string removals, Christiaens & Vanden Berghe (2020), over days.
"""

# Long argument lists stay wrapped by hand, and numba, not mypy, checks the types here.
# fmt: off
# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc"

from __future__ import annotations

from optimizer.engine.compiled import inline_kernel
from optimizer.engine.layout import (
    ITERATION,
    KEEP_SPLIT,
    LONGEST_STRING,
    MEAN_REMOVED,
    PENDING,
    RUIN_DAY,
    RUIN_WHOLE,
    SEEDS,
    SPLIT,
    WIDE_SHARE,
    WIDE_TIMES,
)
from optimizer.engine.routes import draw, pick, take_out, touch


@inline_kernel
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


@inline_kernel
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


@inline_kernel
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


@inline_kernel
def ruin(
    counts, tuning, rng, string, ruined, seeds, pending, chosen, slot_of, near, touched, mark, seq,
    length, sums, stamp, old_seq, old_length, old_sums, old_stamp, mode_task,
):
    """Remove strings of tasks near to one of ``seeds``: over all days, or of one day."""
    tasks = near.shape[0]
    seed = seeds[pick(rng, counts[SEEDS])]
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
    removed = tuning[MEAN_REMOVED]
    if draw(rng) < tuning[WIDE_SHARE]:
        removed *= tuning[WIDE_TIMES]
    strings = 1 + int(draw(rng) * max(1.0, 4.0 * removed / (1.0 + most) - 1.0))
    done = dropped = 0
    for k in range(-1, near.shape[1]):
        t = seed if k < 0 else near[seed, k]
        if chosen[t] < 0 or t >= tasks or (k >= 0 and t == seed):
            continue
        d = day if day >= 0 else any_day(t, slot_of, rng)
        if d < 0:  # a dropped optional task gets its chance to come back
            dropped += 1
            if dropped > removed:
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
