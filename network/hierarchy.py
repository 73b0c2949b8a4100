"""Customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2016) by routingkit-cch.

An optional extra: without the package, or where it cannot be loaded, Dijkstra's algorithm does the
same work. The order is found once for a network; each season's weights are put on it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

#: The package's infinity: weights and sums are below it, about 596 hours of milliseconds.
_INFINITE: Final = 2**31 - 1
#: Rounds of taking out dead ends and nodes on the way; few are left to take after these.
_ROUNDS = 4


@cache
def _library() -> ModuleType | None:
    try:
        return import_module("routingkit_cch")
    except (ImportError, OSError):  # not installed, or made for a newer system than this one
        return None


def can_build() -> bool:
    """Return whether the optional package is there and loads."""
    return _library() is not None


class Hierarchy:
    """A hierarchy over states and steps (two (k,) arrays), near which the states lie (s, 2)."""

    def __init__(
        self, step_from: NDArray[np.int32], step_to: NDArray[np.int32], lonlat: NDArray[np.float64]
    ) -> None:
        library = _library()
        if library is None:
            raise RuntimeError("routingkit-cch is not installed")
        self._library = library
        order = _order(library, step_from, step_to, lonlat)
        self._cch = library.CCH(order.tolist(), step_from.tolist(), step_to.tolist(), False)
        self._metric: object = None
        self._weights: NDArray[np.int64] | None = None

    def put_on(self, milliseconds: NDArray[np.float64]) -> None:
        """Customize to (k,) whole milliseconds, infinite where closed."""
        weights = np.where(milliseconds < _INFINITE, milliseconds, _INFINITE).astype(np.int64)
        if self._weights is None or not np.array_equal(weights, self._weights):
            self._metric = self._library.CCHMetric(self._cch, weights.tolist())
            self._weights = weights

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> NDArray[np.float64]:
        """Return (s, t) least milliseconds between states, infinite where there is no way."""
        found = np.full((len(sources), len(targets)), np.inf)
        if not len(targets):
            return found
        query = self._library.CCHOneToMany(self._metric, list(targets))
        for row, source in enumerate(sources):
            found[row] = query.distances_from(source)  # None becomes NaN
        found[np.isnan(found)] = np.inf
        return found

    def steps(self, source: int, target: int) -> tuple[float, list[int]]:
        """Return least milliseconds and the steps of one such way; infinite and none if none."""
        way = self._library.CCHQuery(self._metric).run(source, target)
        if way.distance is None:
            return float("inf"), []
        return float(way.distance), list(way.arc_path)


def _order(
    library: ModuleType,
    step_from: NDArray[np.int32],
    step_to: NDArray[np.int32],
    lonlat: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return all states, first contracted first: dead ends and nodes on the way, then the rest.

    The rest is ordered by nested dissection along straight lines (inertial flow), which is what
    takes long; without nodes of up to two neighbours it has a third of the work left.
    """
    n = len(lonlat)
    ends = np.sort(np.column_stack([step_from, step_to]).astype(np.int64), axis=1)
    roads = _distinct(ends, n)
    left = np.ones(n, bool)
    taken: list[NDArray[np.int64]] = []
    for _ in range(_ROUNDS):
        roads, dead_ends = _without_dead_ends(roads, left)
        roads, between = _without_nodes_between(roads, left)
        taken += [*dead_ends, between]
    core = np.flatnonzero(left)
    if len(core) > 1:
        tail, head = np.searchsorted(core, roads).T.tolist()
        lon, lat = lonlat[core].T.tolist()
        order = library.compute_order_inertial(len(core), tail, head, lat, lon)
        core = core[np.array(order, np.int64)]
    return np.concatenate([*taken, core])


def _distinct(roads: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return pairs of different states, lower first, each once."""
    keys = np.unique((roads[:, 0] * n + roads[:, 1])[roads[:, 0] != roads[:, 1]])
    return np.column_stack([keys // n, keys % n])


def _without_dead_ends(
    roads: NDArray[np.int64], left: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Take out states with at most one neighbour until there are none; ``left`` is written."""
    taken: list[NDArray[np.int64]] = []
    while True:
        degree = np.bincount(roads.ravel(), minlength=len(left))
        ends = np.flatnonzero(left & (degree <= 1))
        if len(ends) == 0:
            return roads, taken
        left[ends] = False
        taken.append(ends)
        roads = roads[left[roads].all(axis=1)]


def _without_nodes_between(
    roads: NDArray[np.int64], left: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Replace each chain of states with two neighbours by one road; ``left`` is written."""
    n = len(left)
    between = left & (np.bincount(roads.ravel(), minlength=n) == 2)
    inside = between[roads]
    within = roads[inside.all(axis=1)]
    links = coo_array((np.ones(len(within), bool), (within[:, 0], within[:, 1])), shape=(n, n))
    chain = connected_components(links, directed=False)[1]
    mouths = roads[inside.sum(axis=1) == 1]
    swap = between[mouths[:, 1]]
    mouths[swap] = mouths[swap][:, ::-1]  # the chain's end first
    order = np.argsort(chain[mouths[:, 0]], kind="stable")
    across = np.sort(mouths[order, 1].reshape(-1, 2), axis=1)  # a chain has two mouths, a ring none
    left[between] = False
    rest = roads[left[roads].all(axis=1)]
    return _distinct(np.concatenate([rest, across]), n), np.flatnonzero(between)
