"""Proofs of what routes gain from labels of both ends, joined.

They are a fraction of the labels of whole routes, so that long routes can be priced for sure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.bound_graph import NOTHING, Ints, RouteGraph
from optimizer.bound_pricing import (
    EACH_END,
    FIRST_CELLS,
    LABEL_FIELDS,
    LABELINGS,
    LATER_CELLS,
    Arcs,
    Found,
    Pricing,
    Values,
    open_arcs,
)

#: Passes over cells before the labels, backwards and forwards in turn.
PASSES = 3
#: At most so many labels of either half: a budget is to be kept.
HALF_LABELS = 1 << 20
#: Nodes learn from so many routes at a time, the most valuable ones: what is remembered for the
#: sake of others fills the memory, and then nothing more can be learned.
LESSONS = 12


class JoinedPricing(Pricing):
    """Prices routes as ``Pricing`` does; its proofs join halves of routes."""

    thorough_cells = LATER_CELLS

    def __init__(
        self, graph: RouteGraph, *, labels: int | None = None, like: JoinedPricing | None = None
    ) -> None:
        """Make room for so many ``labels`` of either half, or use that of another pricing."""
        super().__init__(graph, labels=labels or HALF_LABELS, like=like)
        size = len(self._labels[0])
        if like is None:
            self._rests = tuple(np.zeros(size, kind) for kind in LABEL_FIELDS)
            self._best, self._rest = np.zeros(size, np.int64), np.zeros(size, np.int32)
        else:
            self._rests, self._best, self._rest = like._rests, like._best, like._rest
        self._nothing = np.zeros(len(graph.task), np.int32)
        self._first, self._lessons = graph, list[set[tuple[int, int]]]()
        self._enough_learned = False

    def _learn(self, found: Found) -> bool:
        """Learn as ``Pricing`` does, until that has once made the labels too many."""
        known = set(self.learned)
        best = sorted(found, key=lambda one: (-one[0], one[1]))[:LESSONS]
        if self._enough_learned or not super()._learn(best):
            return False
        self._lessons.append(self.learned - known)
        return True

    def _forget(self) -> bool:
        """Forget the last lesson; False where there is none."""
        self._enough_learned = True
        if not self._lessons:
            return False
        self.learned -= self._lessons.pop()
        self._use(self._first.remembering(self.learned))
        return True

    def prove(self, values: Values, enough: int) -> tuple[bool, Found]:
        """Return whether all is known about routes worth more than ``enough``, and such routes.

        As ``Pricing.prove``, but nodes learn from joined routes alone; where they remember too much
        for the labels to suffice, they forget their last lessons, and learn no more.
        """
        known, found = self._prove_once(values, enough)
        while not known and self._forget():
            known, found = self._prove_once(values, enough)
        return known, found

    def _prove_once(self, values: Values, enough: int) -> tuple[bool, Found]:
        """Prove with what nodes remember and still learn."""
        turned = values.reversed()
        ways, back = open_arcs(values.gain == NOTHING)
        ahead, behind = self._cell_bounds(values, turned, ways, back, enough)
        if self._ceiling <= enough:
            return True, []

        def labellings() -> Iterator[Found]:
            for _ in range(LABELINGS):
                count = self._halves(values, turned, ways, back, ahead, behind, enough)
                if count < 0:
                    return
                yield self._joined(count, enough)

        return self._until_straight(labellings(), enough)

    def _cell_bounds(
        self, values: Values, turned: Values, ways: Arcs, back: Arcs, enough: int
    ) -> tuple[Ints, Ints]:
        """Return what may follow each node forwards and backwards, from passes over cells."""
        ahead = behind = self._open
        for number in range(PASSES):
            if number % 2 == 0:
                ahead = self._sweep(self._back, turned, FIRST_CELLS, behind, enough, back)
            else:
                behind = self._sweep(self.graph, values, FIRST_CELLS, ahead, enough, ways)
                self._ceiling = self._most_reached(values, behind)
                if self._ceiling <= enough:
                    break
        return ahead, behind

    def _halves(
        self, values: Values, turned: Values, ways: Arcs, back: Arcs, ahead: Ints, behind: Ints,
        enough: int,
    ) -> int:  # fmt: skip
        """Make the labels of both halves and join them; how many beginnings, -1: too many."""
        from optimizer.bound_halves import half_labels, join_halves

        graph, other = self.graph, self._back
        middle = graph.limit // 2
        count: int = half_labels(
            graph.spend, values.gain, graph.task, graph.use, self._nothing, graph.near, graph.bit,
            graph.limit, graph.room, middle, *ways, ahead, self._place, enough,
            self._most, *self._labels, *self._queues,
        )  # fmt: skip
        if count < 0:
            return -1
        rests: int = half_labels(
            other.spend, turned.gain, graph.task, graph.use, graph.inside, graph.near, graph.bit,
            graph.limit, graph.room, graph.limit - middle - 1, *back, behind, self._place, enough,
            self._most, *self._rests, *self._queues,
        )  # fmt: skip
        if rests < 0:
            return -1
        nodes, spent, gained, used, memories, *_ = self._rests
        start, order = self._rests_by_node(nodes[:rests], spent[:rests], gained[:rests])
        join_halves(  # type: ignore[call-arg]
            graph.spend, values.gain, values.worth, graph.inside, graph.task, graph.use,
            graph.near, graph.bit, graph.limit, graph.room, middle, *ways, ahead, self._place,
            enough, *self._labels[:5], count, start, order, spent, gained, used, memories,
            self._best, self._rest,
        )  # fmt: skip
        return count

    def _rests_by_node(
        self, nodes: NDArray[Any], spent: NDArray[Any], gained: NDArray[Any]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return where each node's labels begin in an order, the most valuable first; the order."""
        live = np.flatnonzero((spent <= self.graph.limit) & (nodes > 0))
        order = live[np.lexsort((live, -gained[live], nodes[live]))]
        start = np.searchsorted(nodes[order], np.arange(len(self.graph.task) + 1))
        return start.astype(np.int32), order.astype(np.int32)

    def _joined(self, count: int, enough: int) -> Found:
        """Return the best routes worth more than ``enough`` by the node before the middle."""
        nodes, best = self._labels[0], self._best[:count]
        good = np.flatnonzero(best > enough)
        good = good[np.lexsort((good, -best[good], nodes[good]))]
        rank = np.arange(len(good)) - np.searchsorted(nodes[good], nodes[good])
        return [
            (
                int(best[label]),
                _nodes(self._labels, label)[::-1] + _nodes(self._rests, self._rest[label]),
            )
            for label in good[rank < EACH_END]
        ]


def _nodes(labels: tuple[NDArray[Any], ...], label: int) -> list[int]:
    """Return the nodes of a label's way back to the depot."""
    nodes, parents, step, way = labels[0], labels[5], int(label), []
    while step > 0:
        way.append(int(nodes[step]))
        step = int(parents[step])
    return way
