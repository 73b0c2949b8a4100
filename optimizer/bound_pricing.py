"""The most valuable routes of a graph for given values: good ones quickly, or the best for sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.bound_graph import NOTHING, Ints, RouteGraph

#: A label's fields: node, spent, value, used, memory, parent, following; and a cell's.
LABEL_FIELDS = (np.int32, np.int32, np.int64, np.int32, np.int32, np.int32, np.int32)
CELL_FIELDS = (np.int64, np.int32, np.int32, np.int32, np.int32)
#: At most so many labels in a pass.
LABELS = 1 << 22
#: Steps in which it is noted what may still be won.
STEPS = 1024
#: Nodes tried after each node when guessing.
AHEAD = 24
#: Cells to a route: when guessing, in the first pass of a proof, in the second; and spare ones for
#: legs shorter than a cell.
GUESS_CELLS, FIRST_CELLS, SECOND_CELLS, SPARE = 240, 120, 360, 180
#: Bits of memory in the second pass.
SOME_MEMORY = 3

#: A route's gain and its nodes in order.
Found = list[tuple[int, list[int]]]


@dataclass(frozen=True)
class Values:
    """What arcs gain, (m + 1, m + 1) whole numbers or NOTHING, ``worth`` (m + 1) at their head.

    ``gain[i, j] - worth[j]`` is what the arc itself gains: zero, or the cost less.
    """

    gain: Ints
    worth: Ints

    def reversed(self) -> Values:
        """Return the same routes' gains for driving them backwards."""
        turned = self.gain.T - self.worth[:, None] + self.worth[None, :]
        return Values(np.where(self.gain.T == NOTHING, NOTHING, turned), self.worth)


class Pricing:
    """Prices routes of one graph; keeps its memory between calls."""

    def __init__(
        self, graph: RouteGraph, *, labels: int | None = None, like: Pricing | None = None
    ) -> None:
        """Make room for so many ``labels``, or use that of another pricing."""
        self.graph, self._back = graph, graph.reversed()
        size = len(graph.task)
        self._width = graph.limit // STEPS + 1
        steps = graph.limit // self._width + 1
        self._most = np.zeros((size, graph.room + 1, 1 << graph.memory), np.int64)
        self._since = np.zeros((size, 1 << graph.memory), np.int32)
        self._reach = [np.zeros((size, steps), np.int64) for _ in range(2)]
        if like is None:
            self._labels = tuple(np.zeros(labels or LABELS, kind) for kind in LABEL_FIELDS)
        else:
            self._labels = like._labels
        self._queues = tuple(np.zeros(graph.limit + 1, np.int32) for _ in range(2))
        shape = (SECOND_CELLS + SPARE, size, 1 << SOME_MEMORY)
        self._cells = tuple(np.zeros(shape, kind) for kind in CELL_FIELDS)
        self._ends = np.zeros(size, np.int32)
        self._ceiling = -NOTHING >> 1
        self._open = np.full((size, 1), -NOTHING >> 1, np.int64)
        self._all = np.tile(np.arange(1, size), (size, 1))

    def guess(self, values: Values, rate: float) -> Found:
        """Return good routes; better ones may be missed. ``rate`` is what a unit is worth."""
        score = np.where(values.gain == NOTHING, -np.inf, values.gain - rate * self.graph.spend)
        count = min(AHEAD, len(score) - 1)
        best = np.argpartition(-score[:, 1:], count - 1, axis=1)[:, :count] + 1
        self._sweep(self.graph, values, GUESS_CELLS, self.graph.memory, None, NOTHING, best)
        return self._cell_routes(values)

    def prove(self, values: Values, enough: int) -> tuple[bool, Found]:
        """Return whether all is known about routes worth more than ``enough``, and such routes.

        True and none: proven that there are none. Three passes, backwards, forwards, backwards,
        over growing memories; each cuts off what the one before shows to be worth no more.
        """
        turned = values.reversed()
        bound = self._sweep(self._back, turned, FIRST_CELLS, 0, self._open, enough, self._all)
        bound = self._sweep(self.graph, values, SECOND_CELLS, SOME_MEMORY, bound, enough, self._all)
        self._ceiling = self._most_reached(values, bound)
        complete = self._label(self._back, turned, bound, enough)
        return complete, [(v, r[::-1]) for v, r in self._label_routes(turned) if v > enough]

    def most(self, values: Values, known: int) -> tuple[int, Found]:
        """Return a proven most that any route gains, at least ``known``, and routes gaining more.

        Exact unless the labels run out: then it is what the passes before showed.
        """
        complete, found = self.prove(values, known)
        if complete:
            return max([known, *(gain for gain, _ in found)]), found
        return max(known, self._ceiling), found

    def _most_reached(self, values: Values, reach: Ints) -> int:
        """Return what no route gains more than, by a forward pass's ``reach``."""
        if reach.shape[1] == 1:
            return int(reach[0, 0])
        home = values.gain[1:, 0]
        left = (self.graph.limit - self.graph.spend[1:, 0]) // self._width
        before = np.where(left >= 0, reach[np.arange(1, len(reach)), left], NOTHING)
        ended = np.where((home == NOTHING) | (before == NOTHING), NOTHING, before + home)
        return int((ended + np.where(ended == NOTHING, 0, values.worth[1:])).max(initial=NOTHING))

    def _limits(self, bound: Ints) -> tuple[Ints, int]:
        """Return a bound on what is to come, and the units of one of its steps."""
        return bound, self._width if bound.shape[1] > 1 else self.graph.limit + 1

    def _label(self, graph: RouteGraph, values: Values, bound: Ints, enough: int) -> bool:
        """Make the pass over labels, nothing left out; False when the labels ran out."""
        from optimizer.need_pricing import price_patrols

        count: int = price_patrols(  # type: ignore[call-arg]
            graph.spend, values.gain, graph.task, graph.use, graph.near, graph.bit,
            graph.limit, graph.room, *self._limits(bound), enough,
            self._most, *self._labels, *self._queues, self._ends,
        )  # fmt: skip
        return count >= 0

    def _sweep(
        self, graph: RouteGraph, values: Values, cells: int, memory: int, bound: Ints | None,
        enough: int, ahead: NDArray[np.int64],
    ) -> Ints:  # fmt: skip
        """Make a pass over cells; return what it tells of the arcs reversed, else ``bound``.

        Without a ``bound`` the pass looks for routes, each cell keeping its best.
        """
        from optimizer.need_pricing import sweep_patrols

        reach = self._reach[int(graph is self.graph)]
        wide = graph.limit // cells + 1
        known = self._open if bound is None else bound
        done: int = sweep_patrols(  # type: ignore[call-arg]
            graph.spend, values.gain, graph.inside, values.worth, graph.task, graph.use,
            graph.near, graph.bit, (1 << memory) - 1, bound is not None, graph.limit, graph.room,
            *self._limits(known), enough, wide, graph.limit // wide + SPARE, self._width, reach,
            ahead.astype(np.int32), *self._cells, self._most, self._since, self._ends,
        )  # fmt: skip
        return reach if done == 0 else known

    def _label_routes(self, values: Values) -> Found:
        """Return the best route ending at each node, after a pass over labels."""
        nodes, _, gained, _, _, parents, _ = self._labels
        routes = []
        for label in self._ends[self._ends >= 0]:
            route, step = [], int(label)
            while step > 0:
                route.append(int(nodes[step]))
                step = int(parents[step])
            routes.append((int(gained[label]) + int(values.gain[nodes[label], 0]), route[::-1]))
        return routes

    def _cell_routes(self, values: Values) -> Found:
        """Return the best route ending at each node, after a pass over cells without memory."""
        gained, _, _, _, parents = self._cells
        size = len(self._ends)
        routes = []
        for cell in self._ends[self._ends >= 0]:
            step, node = divmod(int(cell), size)
            worth = int(gained[step, node, 0]) + int(values.gain[node, 0])
            route = []
            while node > 0:
                route.append(node)
                step, node = divmod(int(parents[step, node, 0]), size)
            routes.append((worth, route[::-1]))
        return routes


def compile_pricing() -> bool:
    """Compile the pricing or load it from the cache; True when it had to be compiled."""
    from optimizer.bound_graph import route_graph
    from optimizer.need_pricing import price_patrols, sweep_patrols

    task = np.array([-1, 0])
    graph = route_graph(np.ones((2, 2)), np.ones(2), task, 9.0, (np.zeros(2), np.inf))
    pricing = Pricing(graph, labels=4)
    values = Values(np.array([[NOTHING, 1], [0, NOTHING]]), np.array([0, 1]))
    pricing.guess(values, 0.0)
    pricing.prove(values, 0)
    return any(
        bool(getattr(getattr(entry, "stats", None), "cache_misses", {}))
        for entry in (price_patrols, sweep_patrols)
    )
