"""Compiled inner loops of the search for short covering tours.

A tour is the first ``size`` entries of ``tour``. Closed, its legs lead from each stop to the next
and from the last to the first (a single stop has the leg to itself); open, it has one leg less, and
its ends stay. What a leg shows is a row of 64-bit words, one bit a sample: ``seen[a, b]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.compiled import kernel

_M1 = np.uint64(0x5555555555555555)
_M2 = np.uint64(0x3333333333333333)
_M4 = np.uint64(0x0F0F0F0F0F0F0F0F)
_M8 = np.uint64(0x00FF00FF00FF00FF)
_M16 = np.uint64(0x0000FFFF0000FFFF)
_M32 = np.uint64(0x00000000FFFFFFFF)
_S1, _S2, _S4 = np.uint64(1), np.uint64(2), np.uint64(4)
_S8, _S16, _S32 = np.uint64(8), np.uint64(16), np.uint64(32)

#: Changes that save less are noise.
_LEAST_M = 1e-6
#: Metres added to what a detour costs when it is weighed against what it shows.
_WORTH_M = 30.0

Stops = NDArray[np.int64]
Words = NDArray[np.uint64]
Metres = NDArray[np.float64]


@kernel
def bits(word: np.uint64) -> int:
    """Return how many bits are set (sums of ever wider fields; nothing overflows)."""
    word = (word & _M1) + ((word >> _S1) & _M1)
    word = (word & _M2) + ((word >> _S2) & _M2)
    word = (word & _M4) + ((word >> _S4) & _M4)
    word = (word & _M8) + ((word >> _S8) & _M8)
    word = (word & _M16) + ((word >> _S16) & _M16)
    return int((word & _M32) + (word >> _S32))


@kernel
def count(words: Words) -> int:
    """Return how many samples are seen."""
    total = 0
    for word in words:
        total += bits(word)
    return total


@kernel
def shown(tour: Stops, size: int, closed: bool, seen: Words, first: int, skip: int) -> Words:
    """Return what all legs show but ``skip`` ones from leg ``first`` on, cyclically."""
    legs = size if closed else size - 1
    total = np.zeros(seen.shape[2], np.uint64)
    for step in range(skip, legs):
        leg = (first + step) % legs
        after = leg + 1 if leg + 1 < size else 0
        total |= seen[tour[leg], tour[after]]
    return total


@kernel
def length(tour: Stops, size: int, closed: bool, metres: Metres) -> float:
    """Return the metres of a tour."""
    total = 0.0
    for leg in range(size if closed else size - 1):
        total += metres[tour[leg], tour[leg + 1 if leg + 1 < size else 0]]
    return total


@kernel
def grow(
    tour: Stops,
    size: int,
    closed: bool,
    metres: Metres,
    seen: Words,
    needed: int,
    noise: NDArray[np.float64],
) -> int:
    """Insert stops until enough is seen, each time what shows most for its way; return the size.

    What is shown beyond the need counts nothing; ``noise`` (one factor a stop) varies the worth.
    """
    while True:
        legs = size if closed else size - 1
        rest = np.zeros((legs, seen.shape[2]), np.uint64)
        for leg in range(legs):
            rest[leg] = shown(tour, size, closed, seen, leg, 1)
        now = shown(tour, size, closed, seen, 0, 0)
        missing = needed - count(now)
        if missing <= 0 or size == len(tour):
            return size
        best, best_leg, best_worth = -1, 0, 0.0
        for stop in range(len(metres)):
            if count(seen[stop, stop] & ~now) == 0:
                continue
            leg, least = 0, np.inf
            for at in range(legs):
                a, b = tour[at], tour[at + 1 if at + 1 < size else 0]
                more = metres[a, stop] + metres[stop, b] - metres[a, b]
                if more < least:
                    leg, least = at, more
            a, b = tour[leg], tour[leg + 1 if leg + 1 < size else 0]
            gain = count(rest[leg] | seen[a, stop] | seen[stop, b]) - needed + missing
            worth = min(gain, missing) * noise[stop] / (max(least, 0.0) + _WORTH_M)
            if worth > best_worth:
                best, best_leg, best_worth = stop, leg, worth
        if best < 0:
            return size
        for at in range(size, best_leg + 1, -1):
            tour[at] = tour[at - 1]
        tour[best_leg + 1] = best
        size += 1


@kernel
def remove(tour: Stops, size: int, at: int) -> int:
    """Take out the stop at a position; return the new size."""
    for later in range(at, size - 1):
        tour[later] = tour[later + 1]
    return size - 1


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
    for at in range(size):
        stop = tour[at]
        if must[stop] or (not closed and at in (0, size - 1)) or size == 1:
            continue
        a, b = tour[at - 1 if at else size - 1], tour[at + 1 if at + 1 < size else 0]
        rest = shown(tour, size, closed, seen, at - 1 if at else size - 1, 2)
        now_m = metres[a, stop] + metres[stop, b]
        if now_m - metres[a, b] > best_m and count(rest | seen[a, b]) >= needed:
            best_at, best_stop, best_m = at, -1, now_m - metres[a, b]
        for other in near[stop]:
            if other < 0:
                break
            saved_m = now_m - metres[a, other] - metres[other, b]
            if saved_m > best_m and count(rest | seen[a, other] | seen[other, b]) >= needed:
                best_at, best_stop, best_m = at, other, saved_m
    if best_at < 0:
        return -1
    if best_stop < 0:
        return remove(tour, size, best_at)
    tour[best_at] = best_stop
    return size


@kernel
def reorder(
    tour: Stops, size: int, closed: bool, metres: Metres, seen: Words, needed: int
) -> bool:
    """Turn a stretch round, or move one stop, where that saves; return whether it did."""
    now_m = length(tour, size, closed, metres)
    other = np.empty_like(tour)
    low = 0 if closed else 1
    high = size if closed else size - 1
    for i in range(low, high):
        for j in range(low, high):
            if i == j:
                continue
            if i < j:
                other[:size] = tour[:size]
                other[i : j + 1] = tour[i : j + 1][::-1]
                better = length(other, size, closed, metres) < now_m - _LEAST_M
                if better and count(shown(other, size, closed, seen, 0, 0)) >= needed:
                    tour[:size] = other[:size]
                    return True
            other[:size] = tour[:size]
            stop = tour[i]
            remove(other, size, i)
            for at in range(size - 1, j, -1):
                other[at] = other[at - 1]
            other[j] = stop
            better = length(other, size, closed, metres) < now_m - _LEAST_M
            if better and count(shown(other, size, closed, seen, 0, 0)) >= needed:
                tour[:size] = other[:size]
                return True
    return False


@kernel
def ruin(
    tour: Stops, size: int, closed: bool, must: NDArray[np.bool_], draws: NDArray[np.float64]
) -> int:
    """Take out a run of stops, or some here and there, one at least stays; return the size."""
    low = 0 if closed else 1
    inner = size if closed else size - 2
    most = max(1, inner // 2)
    wanted = 1 + int(draws[0] * most)
    at = low + int(draws[1] * max(1, inner))
    scattered = draws[2] < 0.5
    for number in range(wanted):
        inner = size if closed else size - 2
        if inner <= (1 if closed else 0):
            break
        if scattered:
            at = low + int(draws[3 + number % 8] * inner)
        at = low + (at - low) % inner
        if must[tour[at]]:
            at += 1
        else:
            size = remove(tour, size, at)
    return size


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
    points = len(metres)
    room = 2 * points + 4
    now, best = np.empty(room, np.int64), np.empty(room, np.int64)
    size = len(start)
    now[:size] = start
    size = grow(now, size, closed, metres, seen, needed, np.ones(points))
    size = improve(now, size, closed, metres, seen, needed, must, near)
    now_m = length(now, size, closed, metres)
    best[:size], best_size, best_m = now[:size], size, now_m
    trial = np.empty(room, np.int64)
    for number in range(rounds):
        at = (number * 97) % (len(draws) - points - 11)
        trial[:size] = now[:size]
        trial_size = ruin(trial, size, closed, must, draws[at : at + 11])
        noise = 0.6 + 0.8 * draws[at + 11 : at + 11 + points]
        trial_size = grow(trial, trial_size, closed, metres, seen, needed, noise)
        if count(shown(trial, trial_size, closed, seen, 0, 0)) < needed:
            continue
        trial_size = improve(trial, trial_size, closed, metres, seen, needed, must, near)
        trial_m = length(trial, trial_size, closed, metres)
        if trial_m <= best_m * (1.0 + 0.08 * (1.0 - number / rounds)):
            now[:trial_size], size = trial[:trial_size], trial_size
        if trial_m < best_m - _LEAST_M:
            best[:trial_size], best_size, best_m = trial[:trial_size], trial_size, trial_m
    return best[:best_size].copy()


@kernel
def masks_along(
    sources: Stops,
    order: Stops,
    before: Stops,
    arc: Stops,
    arc_shows: Words,
    point_shows: Words,
    points: Stops,
    found: Words,
) -> None:
    """Write into ``found`` (p, p, w) what is seen on the shortest way between points.

    For row r, ``order[r]`` are nodes by rising distance from ``sources[r]``, ``before[r]`` and
    ``arc[r]`` the node and the arc by which each is reached (-1 where there is none).
    """
    shows = np.zeros((before.shape[1], arc_shows.shape[1]), np.uint64)
    for row in range(len(sources)):
        for node in order[row]:
            if before[row, node] >= 0:
                shows[node] = shows[before[row, node]] | arc_shows[arc[row, node]]
            elif node == sources[row]:
                shows[node] = point_shows[row]
            else:
                shows[node] = np.uint64(0)
        for column in range(len(points)):
            found[row, column] = shows[points[column]] | point_shows[column]
