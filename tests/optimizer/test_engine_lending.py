"""Arrays lent to a kernel are the caller's own, and stay the caller's."""

from __future__ import annotations

import sys

import numpy as np
from numba import config, njit

from optimizer.engine.lending import lent


@njit
def fill(times, *given):
    """Write into lent arrays of several kinds, through a call in a loop."""
    return _fill(times, *lent(given))


@njit(forceinline=True)
def _fill(times, numbers, table, scale):
    total = 0.0
    for turn in range(times):
        total += _one(turn, numbers, table, scale)
    return total


@njit(forceinline=True)
def _one(turn, numbers, table, scale):
    numbers[turn % len(numbers)] += 1
    table[turn % table.shape[0], 1] = turn * scale
    return table[turn % table.shape[0], 1]


def test_a_kernel_writes_into_what_it_was_lent():
    """Whole numbers, a table that is a part of another, and a number that is no array."""
    numbers, whole = np.zeros(3, np.int32), np.zeros((6, 4))
    assert fill(5, numbers, whole[::2, 1:3], 0.5) == 0.5 * (0 + 1 + 2 + 3 + 4)
    assert numbers.tolist() == [2, 2, 1]
    assert whole[::2, 2].tolist() == [1.5, 2.0, 1.0]
    assert whole.sum() == 4.5


def test_what_is_lent_is_neither_kept_nor_freed():
    """As many refer to an array after a thousand calls as before, and it can be used and freed."""
    numbers, table = np.zeros(3, np.int32), np.zeros((3, 2))
    fill(1, numbers, table, 1.0)
    before = sys.getrefcount(numbers), sys.getrefcount(table)
    for _ in range(1000):
        fill(3, numbers, table, 1.0)
    assert (sys.getrefcount(numbers), sys.getrefcount(table)) == before
    assert numbers.sum() == 3001


def test_nothing_counts_references_to_what_is_lent():
    """Machine code that takes the arrays themselves counts at each call; on lent ones none does."""
    if config.DISABLE_JIT:
        assert lent((1, 2)) == (1, 2)
        return
    arrays = np.zeros(3, np.int32), np.zeros((3, 2))
    fill(1, *arrays, 1.0)
    _fill(1, *arrays, 1.0)
    assert _counts(fill) == 0
    assert _counts(_fill) > 0


def _counts(function) -> int:
    """Return how often the machine code of a function takes a reference."""
    return sum(code.count("call void @NRT_incref") for code in function.inspect_llvm().values())
