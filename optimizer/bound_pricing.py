"""The most valuable routes of a graph for given values: good ones quickly, or the best for sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.bound_graph import NOTHING, Ints, RouteGraph
from optimizer.bound_memory import learned

#: A label's fields: node, spent, value, used, memory, parent, following.
LABEL_FIELDS = (np.int32, np.int32, np.int64, np.int32, np.int32, np.int32, np.int32)
#: A cell's: value, spent, used, parent, tasks seen.
CELL_FIELDS = (np.int64, np.int32, np.int32, np.int32, np.int64)
#: At most so many labels in a pass.
LABELS = 1 << 22
#: Steps in which it is noted what may still be won.
STEPS = 1024
#: Nodes tried after each node when guessing.
AHEAD = 24
#: Routes given back for each last node.
EACH_END = 12
#: Cells to a route: when guessing, in a proof's first pass, in its later ones; and spare ones for
#: legs shorter than a cell.
GUESS_CELLS, FIRST_CELLS, LATER_CELLS, SPARE = 240, 100, 480, 180
#: Bits of memory in the passes over cells.
SOME_MEMORY = 3
#: At most so many passes over cells, and over labels, in a proof.
SWEEPS, LABELINGS = 8, 12
#: So many times a proof is tried whose labels run out, as long as nodes learn.
TRIES = 3
#: Labels are given up after so many passes, if a route is still worth so much more than allowed.
HASTE, FAR = 3, 1.1

#: A route's gain and its nodes in order.
Found = list[tuple[int, list[int]]]
#: The nodes tried after each node, (m + 1, k), and how many of them.
Arcs = tuple[NDArray[np.int32], NDArray[np.int32]]


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
    """Prices the routes of one graph that visit no task twice; keeps its memory between calls.

    A route that returns to a task it has forgotten teaches its nodes to remember it, as far as
    proofs come upon such routes (Martinelli, Pecin & Poggi 2014): ``learned``, (node, task).
    """

    thorough_cells = GUESS_CELLS

    def __init__(
        self, graph: RouteGraph, *, labels: int | None = None, like: Pricing | None = None
    ) -> None:
        """Make room for so many ``labels``, or use that of another pricing."""
        size = len(graph.task)
        self._width = graph.limit // STEPS + 1
        steps = graph.limit // self._width + 1
        self._since = np.zeros((size, 1 << SOME_MEMORY), np.int32)
        self._reach = [
            [np.zeros((size, 1 << memory, steps), np.int64) for memory in range(SOME_MEMORY + 1)]
            for _ in range(2)
        ]
        if like is None:
            self._labels = tuple(np.zeros(labels or LABELS, kind) for kind in LABEL_FIELDS)
        else:
            self._labels = like._labels
        self._queues = tuple(np.zeros(graph.limit + 1, np.int32) for _ in range(2))
        self._ends = np.zeros(size, np.int32)
        self._best_ends = np.zeros((size, EACH_END), np.int32)
        self._ceiling = -NOTHING >> 1
        self._open = np.full((size, 1, steps), -NOTHING >> 1, np.int64)
        self._place = (np.arange(graph.limit + 1) // self._width).astype(np.int32)
        self._step_of = {
            cells: (np.arange(graph.limit + 1) // (graph.limit // cells + 1)).astype(np.int32)
            for cells in (GUESS_CELLS, FIRST_CELLS, LATER_CELLS)
        }
        room = (max(self._step_of) + SPARE) * size << SOME_MEMORY
        self._room = tuple(np.zeros(room, kind) for kind in CELL_FIELDS)
        self._cells: tuple[NDArray[Any], ...] = ()
        self.learned: set[tuple[int, int]] = set()
        self._most = np.zeros((size, graph.room + 1, 0), np.int64)
        self._use(graph)

    def _use(self, graph: RouteGraph) -> None:
        """Price the routes of a graph that remembers more."""
        self.graph, self._back = graph, graph.reversed()
        bits = max(graph.memory, SOME_MEMORY)
        if self._most.shape[2] < 1 << bits:
            self._most = np.zeros((*self._most.shape[:2], 1 << bits), np.int64)

    def _learn(self, found: Found) -> bool:
        """Let nodes remember what these routes return to; False when there is nothing to learn."""
        more = learned(self.graph, [route for _, route in found])
        if more:
            self.learned |= more
            self._use(self.graph.remembering(more))
        return bool(more)

    def guess(self, values: Values, rate: float, *, thoroughly: bool = False) -> Found:
        """Return good routes; better ones may be missed. ``rate`` is what a unit is worth.

        ``thoroughly``: along all arcs, over ``thorough_cells``, which takes several times as long,
        but a fraction of a proof that only finds what was missed.
        """
        closed = values.gain == NOTHING
        score = np.where(closed, -np.inf, values.gain - rate * self.graph.spend)
        count = len(score) - 1 if thoroughly else min(AHEAD, len(score) - 1)
        best = np.argpartition(-score[:, 1:], count - 1, axis=1)[:, :count] + 1
        arcs = _arcs(closed, best)
        cells = self.thorough_cells if thoroughly else GUESS_CELLS
        self._sweep(self.graph, values, cells, None, NOTHING, arcs)
        return self._cell_routes(values, NOTHING)

    def prove(self, values: Values, enough: int) -> tuple[bool, Found]:
        """Return whether all is known about routes worth more than ``enough``, and such routes.

        True and none: proven that there are none. Passes over cells, backwards and forwards in
        turn, then over labels, each cutting off what the one before shows to be worth no more.
        Nodes learn from the routes found until some do not return; those that do are given back
        only when that takes too long, or leads nowhere with such values. Where the labels run out,
        it is tried again with what has been learned.
        """
        complete, found = False, Found()
        for _ in range(TRIES):
            before = len(self.learned)
            complete, found = self._until_straight(self._labellings(values, enough), enough)
            if complete or len(self.learned) == before:
                break
        return complete, found

    def _labellings(self, values: Values, enough: int) -> Iterator[Found]:
        """Yield what passes over labels find, backwards and forwards in turn.

        No more where the labels run out, or where a route is worth far too much to go on.
        """
        turned = values.reversed()
        told, ways, back = self._known_ahead(values, turned, enough)
        for number in range(LABELINGS):
            if number % 2 == 0:
                count, told = self._label(self._back, turned, told, enough, back)
            else:
                count, told = self._label(self.graph, values, told, enough, ways)
            if count < 0:
                return
            found = self._label_routes(turned if number % 2 == 0 else values, count, enough)
            if number + 1 >= HASTE and any(worth > FAR * enough for worth, _ in found):
                return
            yield [(v, r[::-1]) for v, r in found] if number % 2 == 0 else found

    def _until_straight(self, labellings: Iterator[Found], enough: int) -> tuple[bool, Found]:
        """Let nodes learn from each labelling's routes, until some do not return."""
        known: Found | None = None
        for known in labellings:
            self._ceiling = max([enough, *(worth for worth, _ in known)])
            straight = [(v, r) for v, r in known if not self._returns(r)]
            news = self._learn([(v, r) for v, r in known if self._returns(r)])
            if straight or not news:
                return True, straight or known
        return known is not None, known or []

    def _returns(self, route: list[int]) -> bool:
        """Whether a route visits a task twice."""
        return len(set(self.graph.task[route].tolist())) < len(route)

    def _known_ahead(self, values: Values, turned: Values, enough: int) -> tuple[Ints, Arcs, Arcs]:
        """Return what may follow each node, from passes over cells, and the arcs left either way.

        Nodes learn from what the passes find. The last pass each way is a fine one.
        """
        closed = values.gain == NOTHING
        ways, back = open_arcs(closed)
        bound, fine = self._open, False
        for number in range(SWEEPS):
            cells = LATER_CELLS if fine else FIRST_CELLS
            forwards = number % 2 == 1
            if forwards:
                before, bound = bound, self._sweep(self.graph, values, cells, bound, enough, ways)
                self._ceiling = self._most_reached(values, bound)
                ways, back = self._close(closed, values, (bound, before), enough)
                found = self._cell_routes(values, enough)
            else:
                bound = self._sweep(self._back, turned, cells, bound, enough, back)
                found = self._cell_routes(turned, enough)
            if forwards and (fine or self._ceiling <= enough):
                break
            news = self._learn([(v, r) for v, r in found if self._returns(r)])
            fine = fine or (forwards and not news) or number >= SWEEPS - 3
        return bound, ways, back

    def _close(
        self, closed: NDArray[np.bool_], values: Values, known: tuple[Ints, Ints], enough: int
    ) -> tuple[Arcs, Arcs]:
        """Close arcs by what a pass each way says, if both came to an end; return those left."""
        from optimizer.need_pricing import close_arcs

        if not any(told is self._open for told in known):
            close_arcs(
                self.graph.spend, values.gain, self.graph.inside, values.worth, self.graph.limit,
                *known, self._place, self._width, enough, closed,
            )  # fmt: skip
        return open_arcs(closed)

    def most(self, values: Values, known: int) -> tuple[int, Found]:
        """Return a proven most that any route gains, at least ``known``, and routes gaining more.

        It is what some route gains that may return to a task where such routes were found too: they
        may hide better ones that do not. Unless the labels run out: then it is what the passes
        before showed.
        """
        _, found = self.prove(values, known)
        return max(known, self._ceiling), found

    def _most_reached(self, values: Values, reach: Ints) -> int:
        """Return what no route gains more than, by a forward pass's ``reach``."""
        if reach is self._open:
            return -NOTHING >> 1
        home = values.gain[1:, 0]
        left = (self.graph.limit - self.graph.spend[1:, 0]) // self._width
        before = np.where(left >= 0, reach[np.arange(1, len(reach)), 0, left], NOTHING)
        ended = np.where((home == NOTHING) | (before == NOTHING), NOTHING, before + home)
        return int((ended + np.where(ended == NOTHING, 0, values.worth[1:])).max(initial=NOTHING))

    def _label(
        self, graph: RouteGraph, values: Values, bound: Ints, enough: int, arcs: Arcs
    ) -> tuple[int, Ints]:
        """Make a pass over labels, nothing left out; return how many, -1 when they ran out.

        And what it tells of the arcs reversed.
        """
        from optimizer.need_pricing import price_patrols

        reach = self._reach[int(graph is self.graph)][min(SOME_MEMORY, graph.memory)]
        count: int = price_patrols(
            graph.spend, values.gain, graph.inside, values.worth, graph.task, graph.use,
            graph.near, graph.bit, graph.limit, graph.room, *arcs, bound, self._place, enough,
            self._width, reach, self._most, *self._labels, *self._queues,
        )  # fmt: skip
        return count, reach

    def _sweep(
        self, graph: RouteGraph, values: Values, cells: int, bound: Ints | None, enough: int,
        arcs: Arcs,
    ) -> Ints:  # fmt: skip
        """Make a pass over cells; return what it tells of the arcs reversed: nothing, if cut short.

        Without a ``bound`` the pass looks for routes, each cell keeping its best.
        """
        from optimizer.need_pricing import sweep_patrols

        memory = 0 if bound is None else min(SOME_MEMORY, graph.memory)
        reach = self._reach[int(graph is self.graph)][memory]
        known = self._open if bound is None else bound
        steps = int(self._step_of[cells][-1]) + SPARE
        shape = (steps, len(graph.task), 1 << memory)  # close together: what is looked at is near
        self._cells = tuple(field[: prod(shape)].reshape(shape) for field in self._room)
        done: int = sweep_patrols(  # type: ignore[call-arg]
            graph.spend, values.gain, graph.inside, values.worth, graph.task, graph.use,
            graph.near, graph.bit, (1 << memory) - 1, bound is not None,
            graph.limit, graph.room, *arcs, known, self._place, enough, self._step_of[cells],
            steps, self._width, reach, *self._cells, self._most, self._since, self._ends,
        )  # fmt: skip
        return reach if done == 0 else self._open

    def _label_routes(self, turned: Values, count: int, enough: int) -> Found:
        """Return the best routes worth more than ``enough`` that end at each node."""
        from optimizer.need_pricing import best_ends

        nodes, _, gained, _, _, parents, _ = self._labels
        home = turned.gain[:, 0]
        best_ends(nodes, gained, home, count, enough, self._best_ends)
        routes = []
        for label in self._best_ends[self._best_ends >= 0].tolist():
            route, step = [], label
            while step > 0:
                route.append(int(nodes[step]))
                step = int(parents[step])
            routes.append((int(gained[label] + home[nodes[label]]), route))
        return routes

    def _cell_routes(self, values: Values, enough: int) -> Found:
        """Return the best route ending at each node, of those worth more than ``enough``."""
        gained, _, _, parents, _ = self._cells
        size, slots = int(gained.shape[1]), int(gained.shape[2])
        routes = []
        for end in self._ends[self._ends >= 0].tolist():
            step, node, slot = end // slots // size, end // slots % size, end % slots
            worth = int(gained[step, node, slot]) + int(values.gain[node, 0])
            if worth <= enough:
                continue
            route = []
            while node > 0:
                route.append(node)
                before = int(parents[step, node, slot])
                step, node, slot = before // slots // size, before // slots % size, before % slots
            routes.append((worth, route[::-1]))
        return routes


def open_arcs(closed: NDArray[np.bool_]) -> tuple[Arcs, Arcs]:
    """Return the arcs that are not closed, forwards and backwards."""
    size = len(closed)
    heads = np.tile(np.arange(1, size), (size, 1))
    return _arcs(closed, heads), _arcs(closed.T, heads)


def _arcs(closed: NDArray[np.bool_], heads: NDArray[np.integer[Any]]) -> Arcs:
    """Return the arcs to these ``heads`` that are not closed, in the order given."""
    shut = np.take_along_axis(closed, heads, axis=1)
    order = np.argsort(shut, axis=1, kind="stable")
    ahead = np.take_along_axis(heads, order, axis=1)
    return ahead.astype(np.int32), (~shut).sum(axis=1).astype(np.int32)


def compile_pricing() -> bool:
    """Compile both kinds of pricing or load them from the cache; True when one was compiled."""
    from optimizer.bound_graph import route_graph
    from optimizer.bound_halves import half_labels, join_halves
    from optimizer.bound_joined import JoinedPricing
    from optimizer.need_pricing import close_arcs, price_patrols, sweep_patrols

    task = np.array([-1, 0])
    graph = route_graph(np.ones((2, 2)), np.ones(2), task, 9.0, (np.zeros(2), np.inf))
    values = Values(np.array([[NOTHING, 1], [0, NOTHING]]), np.array([0, 1]))
    for kind in (Pricing, JoinedPricing):
        pricing = kind(graph, labels=4)
        pricing.guess(values, 0.0)
        pricing.prove(values, 0)
    return any(
        bool(getattr(getattr(entry, "stats", None), "cache_misses", {}))
        for entry in (price_patrols, sweep_patrols, close_arcs, half_labels, join_halves)
    )
