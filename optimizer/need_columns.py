"""Patrol need by column generation: covering all visits by patrols, as a linear programme.

``min sum x_r, sum over routes r through i of x_r >= n_i``. Whatever the values w_i >= 0 of the
tasks, no patrol collecting more than W = the most valuable patrol's worth means that at least
``sum n_i w_i / W`` patrols are needed (Farley 1990). The values are the duals rounded down to
whole numbers and W is found exactly over a relaxation, so the bound is a proof in integers.
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Memories are bits of a 64-bit word.
MOST_TASKS = 63
#: Near tasks that a task's ng-set holds, itself included.
NG_SIZE = 8
#: Budgets by count, never by clock, so that the bound is the same everywhere.
ROUNDS, LABELS = 250, 300_000
#: Duals are floored to this fraction.
SCALE = 10**7
#: What covering a task without a patrol costs in the master programme.
DEAR = 50.0


def column_bound(
    between: Floats, inside: Floats, counts: Ints, longest: float, *, known: int | None, lower: int
) -> int:
    """Return a proven least number of patrols, at least ``lower``.

    ``between`` (n + 1, n + 1), node 0 the depot; ``inside`` (n + 1); ``counts`` (n). Stops early
    at ``known``, or when rounds or labels run out.
    """
    owed = np.flatnonzero(counts)
    if len(owed) > MOST_TASKS or longest == inf:
        return lower
    keep = np.concatenate([[0], owed + 1])
    quickest = _shortest(between, inside)[np.ix_(keep, keep)]
    pricing = _Pricing(quickest, inside[keep], longest)
    need = counts[owed]
    columns = [np.eye(1, len(owed), i, dtype=np.int64)[0] for i in range(len(owed))]
    costs = [DEAR] * len(owed)
    for _ in range(ROUNDS):
        worth = np.floor(_duals(columns, costs, need) * SCALE).astype(np.int64)
        total = int((need * worth).sum())
        if total <= lower * SCALE:  # more columns only make the linear programme cheaper
            break
        enough = -(-total // lower) - 1  # worth no more than this, more than ``lower`` are needed
        _, found = pricing.best(worth)
        if max((value for value, _ in found), default=0) <= enough:
            complete, found = pricing.best(worth, enough)
            if not complete:
                break
            if max((value for value, _ in found), default=0) <= enough:
                lower += 1
                if known is not None and lower >= known:
                    break
                continue
        fresh = [column for value, column in found if value > SCALE]
        columns += fresh
        costs += [1.0] * len(fresh)
    return lower


def _duals(columns: list[Ints], costs: list[float], need: Ints) -> Floats:
    """Solve the master programme over the columns known; return the tasks' duals, >= 0."""
    from scipy.optimize import linprog

    result = linprog(costs, A_ub=-np.array(columns).T, b_ub=-need, method="highs-ds")
    duals: Floats = np.maximum(-np.asarray(result.ineqlin.marginals), 0.0)
    return duals


class _Pricing:
    """The dynamic programme's data and its label store, kept between rounds."""

    def __init__(self, between: Floats, inside: Floats, longest: float) -> None:
        from optimizer.need_pricing import BUCKETS

        size = len(inside)
        self.between, self.inside, self.longest = between, inside, longest
        self.near = _ng_sets(between, inside)
        self.labels = tuple(
            np.zeros(LABELS, kind)
            for kind in (np.int32, float, np.int64, np.int64, np.int32, np.int32, np.int32, np.int8)
        )
        self.heads = (
            np.zeros(size, np.int32),
            np.zeros(BUCKETS, np.int32),
            np.zeros(BUCKETS, np.int32),
        )
        self.last = np.zeros(size, np.int32)
        self.to_come = np.zeros((size, BUCKETS), np.int64)

    def best(self, worth: Ints, enough: int | None = None) -> tuple[bool, list[tuple[int, Ints]]]:
        """Return whether the labels sufficed, and value and column of good patrols.

        With ``enough`` no patrol worth more than that is overlooked; without, some may be.
        """
        from optimizer.need_pricing import price_patrols

        whole = np.concatenate([[0], worth])
        count = price_patrols(  # type: ignore[call-arg]
            self.between, self.inside, self.near, whole, self.longest,
            enough is not None, enough or 0, self.to_come,
            *self.labels, *self.heads, self.last,
        )  # fmt: skip
        nodes, _, values, _, parents = self.labels[:5]
        found = []
        for label in self.last[self.last >= 0]:
            column = np.zeros(len(worth), np.int64)
            step = int(label)
            while step > 0:
                column[nodes[step] - 1] += 1
                step = int(parents[step])
            found.append((int(values[label]), column))
        return count >= 0, found


def _shortest(between: Floats, inside: Floats) -> Floats:
    """Return the least time from leaving a node to entering another, over any tasks between.

    So a task worth nothing may be passed over: going through it is never quicker.
    """
    least = between.copy()
    for k in range(1, len(least)):
        np.minimum(least, least[:, k, None] + inside[k] + least[None, k, :], out=least)
    np.fill_diagonal(least, inf)
    return least


def _ng_sets(between: Floats, inside: Floats) -> Ints:
    """Return for each node the bits of its nearest tasks, itself included, (n + 1)."""
    close = np.minimum(between, between.T) + inside[None, :]
    sets = np.zeros(len(inside), np.int64)
    for node in range(1, len(inside)):
        order = np.argsort(close[node, 1:], kind="stable")[: NG_SIZE - 1]
        for task in order:
            sets[node] |= 1 << int(task)
        sets[node] |= 1 << (node - 1)
    return sets
