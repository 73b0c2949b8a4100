"""Compiled handling of covering tours: what they show, how long they are, stops put in and out.

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
    for number in range(len(words)):
        total += bits(words[number])
    return total


@kernel
def count_by_way_of(rest: Words, seen: Words, a: int, stop: int, b: int) -> int:
    """Return how many samples are seen in the rest, from a to the stop, and from there to b."""
    total = 0
    for number in range(len(rest)):
        total += bits(rest[number] | seen[a, stop, number] | seen[stop, b, number])
    return total


@kernel
def show(
    tour: Stops, size: int, closed: bool, seen: Words, first: int, skip: int, total: Words
) -> None:
    """Write what all legs show but ``skip`` ones from leg ``first`` on, cyclically."""
    legs = size if closed else size - 1
    for number in range(len(total)):
        total[number] = np.uint64(0)
    for step in range(skip, legs):
        leg = (first + step) % legs
        a, b = tour[leg], tour[leg + 1 if leg + 1 < size else 0]
        for number in range(len(total)):
            total[number] |= seen[a, b, number]


@kernel
def seen_count(tour: Stops, size: int, closed: bool, seen: Words) -> int:
    """Return how many samples a tour shows."""
    total = np.zeros(seen.shape[2], np.uint64)
    show(tour, size, closed, seen, 0, 0, total)
    return count(total)


@kernel
def length(tour: Stops, size: int, closed: bool, metres: Metres) -> float:
    """Return the metres of a tour."""
    total = 0.0
    for leg in range(size if closed else size - 1):
        total += metres[tour[leg], tour[leg + 1 if leg + 1 < size else 0]]
    return total


@kernel
def insert(tour: Stops, size: int, at: int, stop: int) -> int:
    """Put a stop at a position; return the new size."""
    for later in range(size, at, -1):
        tour[later] = tour[later - 1]
    tour[at] = stop
    return size + 1


@kernel
def remove(tour: Stops, size: int, at: int) -> int:
    """Take out the stop at a position; return the new size."""
    for later in range(at, size - 1):
        tour[later] = tour[later + 1]
    return size - 1


@kernel
def copy(source: Stops, size: int, target: Stops) -> None:
    """Copy the first ``size`` stops."""
    for at in range(size):
        target[at] = source[at]


@kernel
def masks_along(
    sources: Stops,
    before: Stops,
    arc: Stops,
    arc_shows: Words,
    point_shows: Words,
    found: Words,
) -> None:
    """Write into ``found`` (p, p, w) what is seen on the shortest way from each source to each.

    For row r, ``before[r]`` and ``arc[r]`` are the node and the arc by which each node is reached
    from ``sources[r]`` (-1 where there is none).
    """
    nodes, words = before.shape[1], arc_shows.shape[1]
    shows = np.zeros((nodes, words), np.uint64)
    done_for = np.full(nodes, -1)
    climbed = np.empty(nodes, np.int64)
    for row in range(len(sources)):
        for word in range(words):
            shows[sources[row], word] = point_shows[row, word]
        done_for[sources[row]] = row
        for column in range(len(sources)):
            node, count_up = sources[column], 0
            while done_for[node] != row and before[row, node] >= 0:
                climbed[count_up] = node
                count_up += 1
                node = before[row, node]
            for at in range(count_up - 1, -1, -1):
                node = climbed[at]
                for word in range(words):
                    shows[node, word] = (
                        shows[before[row, node], word] | arc_shows[arc[row, node], word]
                    )
                done_for[node] = row
            for word in range(words):
                found[row, column, word] = point_shows[column, word]
                if done_for[sources[column]] == row:
                    found[row, column, word] |= shows[sources[column], word]
