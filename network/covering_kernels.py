"""Compiled inner loops of the search for short covering tours: grow, improve, ruin, begin anew.

Tours are as in ``covering_tours``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.compiled import kernel
from network.covering_tours import (
    Metres,
    Stops,
    Words,
    copy,
    count,
    count_by_way_of,
    insert,
    length,
    remove,
    seen_count,
    show,
)

#: Changes that save less are noise.
_LEAST_M = 1e-6
#: Metres added to what a detour costs when it is weighed against what it shows.
_WORTH_M = 30.0
#: Every so many rounds a tour is begun anew.
_ANEW = 4


@kernel
def shows_more(around: Words, stop: int, now: Words) -> bool:
    """Return whether a place, or the way to it, may show anything that is not seen yet."""
    fresh = np.uint64(0)
    for number in range(len(now)):
        fresh |= around[stop, number] & ~now[number]
    return bool(fresh != 0)


@kernel
def insert_way(
    tour: Stops,
    size: int,
    closed: bool,
    metres: Metres,
    seen: Words,
    around: Words,
    near: Stops,
    rest: Words,
    now: Words,
) -> int:
    """Insert the way between two neighbours that shows most for its length; return the size.

    For what is seen from no place alone but on the way between two. ``rest`` is what the tour
    shows without each of its legs, ``now`` what it shows whole.
    """
    if size + 2 > len(tour):
        return size
    best_worth, best_leg, best_a, best_b = 0.0, -1, -1, -1
    so_far, all_but = count(now), np.zeros(len(now), np.uint64)
    for start in range(len(metres)):
        if not shows_more(around, start, now):
            continue
        for turned in range(2 * near.shape[1]):
            first, second = start, near[start, turned // 2]
            if second < 0:
                break
            if turned % 2:
                first, second = second, first
            for leg in range(size if closed else size - 1):
                a, b = tour[leg], tour[leg + 1 if leg + 1 < size else 0]
                more = metres[a, first] + metres[first, second] + metres[second, b] - metres[a, b]
                for word in range(len(now)):
                    all_but[word] = rest[leg, word] | seen[a, first, word]
                gain = count_by_way_of(all_but, seen, first, second, b) - so_far
                if gain / (max(more, 0.0) + _WORTH_M) > best_worth:
                    best_worth = gain / (max(more, 0.0) + _WORTH_M)
                    best_leg, best_a, best_b = leg, first, second
    if best_leg >= 0:
        size = insert(tour, size, best_leg + 1, best_a)
        size = insert(tour, size, best_leg + 2, best_b)
    return size


@kernel
def grow(
    tour: Stops,
    size: int,
    closed: bool,
    metres: Metres,
    seen: Words,
    around: Words,
    near: Stops,
    needed: int,
    noise: NDArray[np.float64],
) -> int:
    """Insert stops until enough is seen, each time what shows most for its way; return the size.

    ``around`` is what each place may show, ways from and to the next places included. What is
    shown beyond the need counts nothing; ``noise`` (one factor a stop) varies the worth.
    """
    now = np.zeros(seen.shape[2], np.uint64)
    rest = np.zeros((len(tour), seen.shape[2]), np.uint64)
    while size < len(tour):
        show(tour, size, closed, seen, 0, 0, now)
        missing = needed - count(now)
        if missing <= 0:
            break
        legs = size if closed else size - 1
        for leg in range(legs):
            show(tour, size, closed, seen, leg, 1, rest[leg])
        best, best_leg, best_worth = -1, 0, 0.0
        for stop in range(len(metres)):
            if not shows_more(around, stop, now):
                continue
            leg, least = 0, np.inf
            for at in range(legs):
                a, b = tour[at], tour[at + 1 if at + 1 < size else 0]
                more = metres[a, stop] + metres[stop, b] - metres[a, b]
                if more < least:
                    leg, least = at, more
            a, b = tour[leg], tour[leg + 1 if leg + 1 < size else 0]
            gain = count_by_way_of(rest[leg], seen, a, stop, b) - needed + missing
            worth = min(gain, missing) * noise[stop] / (max(least, 0.0) + _WORTH_M)
            if worth > best_worth:
                best, best_leg, best_worth = stop, leg, worth
        if best < 0:
            grown = insert_way(tour, size, closed, metres, seen, around, near, rest, now)
            if grown == size:
                break
            size = grown
        else:
            size = insert(tour, size, best_leg + 1, best)
    return size


@kernel
def drop_or_shift(
    tour: Stops,
    size: int,
    closed: bool,
    metres: Metres,
    seen: Words,
    needed: int,
    must: NDArray[np.bool_],
    near: Stops,
) -> int:
    """Drop the stop, or move it to a place nearby, that saves most; return the size or -1."""
    best_at, best_stop, best_m = -1, -1, _LEAST_M
    rest = np.zeros(seen.shape[2], np.uint64)
    for at in range(size if size > 1 else 0):
        stop = tour[at]
        if must[stop] or (not closed and (at == 0 or at == size - 1)):
            continue
        a, b = tour[at - 1 if at else size - 1], tour[at + 1 if at + 1 < size else 0]
        show(tour, size, closed, seen, at - 1 if at else size - 1, 2, rest)
        now_m = metres[a, stop] + metres[stop, b]
        if now_m - metres[a, b] > best_m and count_by_way_of(rest, seen, a, a, b) >= needed:
            best_at, best_stop, best_m = at, -1, now_m - metres[a, b]
        for number in range(near.shape[1]):
            other = near[stop, number]
            if other < 0:
                break
            saved_m = now_m - metres[a, other] - metres[other, b]
            if saved_m > best_m and count_by_way_of(rest, seen, a, other, b) >= needed:
                best_at, best_stop, best_m = at, other, saved_m
    if best_at < 0:
        return -1
    if best_stop < 0:
        return remove(tour, size, best_at)
    tour[best_at] = best_stop
    return size


@kernel
def reorder(tour: Stops, size: int, closed: bool, metres: Metres, seen: Words, needed: int) -> bool:
    """Turn a stretch round, or move one stop, where that saves; return whether it did."""
    now_m = length(tour, size, closed, metres)
    other = np.empty_like(tour)
    low = 0 if closed else 1
    high = size if closed else size - 1
    for i in range(low, high):
        for j in range(low, high):
            for turned in range(2):
                if i == j or (turned == 1 and i > j):
                    continue
                copy(tour, size, other)
                if turned == 1:
                    for at in range(i, j + 1):
                        other[at] = tour[i + j - at]
                else:
                    remove(other, size, i)
                    insert(other, size - 1, j, tour[i])
                if length(other, size, closed, metres) >= now_m - _LEAST_M:
                    continue
                if seen_count(other, size, closed, seen) >= needed:
                    copy(other, size, tour)
                    return True
    return False


@kernel
def ruin(
    tour: Stops, size: int, closed: bool, must: NDArray[np.bool_], draws: NDArray[np.float64]
) -> int:
    """Take out a run of stops, or some here and there, one at least stays; return the size."""
    low = 0 if closed else 1
    inner = size if closed else size - 2
    wanted = 1 + int(draws[0] * max(1, inner // 2))
    at = low + int(draws[1] * max(1, inner))
    for number in range(wanted):
        inner = size if closed else size - 2
        if inner <= (1 if closed else 0):
            break
        if draws[2] < 0.5:
            at = low + int(draws[3 + number % 8] * inner)
        at = low + (at - low) % inner
        if must[tour[at]]:
            at += 1
        else:
            size = remove(tour, size, at)
    return size


@kernel
def begin_anew(tour: Stops, size: int, closed: bool, must: NDArray[np.bool_], anywhere: int) -> int:
    """Keep the ends of a way and the stops it must have, or start a circuit anywhere; the size."""
    low = 0 if closed else 1
    for at in range((size if closed else size - 1) - 1, low - 1, -1):
        if not must[tour[at]]:
            size = remove(tour, size, at)
    return size if size else insert(tour, 0, 0, anywhere)


@kernel
def improve(
    tour: Stops,
    size: int,
    closed: bool,
    metres: Metres,
    seen: Words,
    needed: int,
    must: NDArray[np.bool_],
    near: Stops,
) -> int:
    """Drop, shift and reorder stops until nothing saves; return the size."""
    while True:
        changed = drop_or_shift(tour, size, closed, metres, seen, needed, must, near)
        if changed >= 0:
            size = changed
        elif not reorder(tour, size, closed, metres, seen, needed):
            return size


@kernel
def search(
    start: Stops,
    closed: bool,
    metres: Metres,
    seen: Words,
    around: Words,
    needed: int,
    must: NDArray[np.bool_],
    near: Stops,
    rounds: int,
    draws: NDArray[np.float64],
) -> Stops:
    """Return a short tour that shows enough: ruin and recreate (Schrimpf et al. 2000).

    Worse tours are accepted within a band that narrows to nothing. ``draws`` are random numbers,
    used over and over from ever other places.
    """
    points, size = len(metres), len(start)
    room = 2 * points + 4
    now, best = np.empty(room, np.int64), np.empty(room, np.int64)
    trial, noise = np.empty(room, np.int64), np.ones(points)
    copy(start, size, now)
    size = grow(now, size, closed, metres, seen, around, near, needed, noise)
    size = improve(now, size, closed, metres, seen, needed, must, near)
    best_size, best_m = size, length(now, size, closed, metres)
    copy(now, size, best)
    for number in range(rounds):
        at = (number * 97) % (len(draws) - points - 11)
        copy(now, size, trial)
        if number % _ANEW == 0:
            anywhere = int(draws[at] * points)
            trial_size = begin_anew(trial, size, closed, must, anywhere)
        else:
            trial_size = ruin(trial, size, closed, must, draws[at : at + 11])
        for stop in range(points):
            noise[stop] = 0.6 + 0.8 * draws[at + 11 + stop]
        trial_size = grow(trial, trial_size, closed, metres, seen, around, near, needed, noise)
        if seen_count(trial, trial_size, closed, seen) < needed:
            continue
        trial_size = improve(trial, trial_size, closed, metres, seen, needed, must, near)
        trial_m = length(trial, trial_size, closed, metres)
        if trial_m <= best_m * (1.0 + 0.08 * (1.0 - number / rounds)):
            copy(trial, trial_size, now)
            size = trial_size
        if trial_m < best_m - _LEAST_M:
            copy(trial, trial_size, best)
            best_size, best_m = trial_size, trial_m
    return best[:best_size].copy()
