"""What a route of either bound may do, as whole numbers: nodes, arcs, and what they spend.

Node 0 is the depot, nodes 1..m are the modes of tasks 0..n-1. Everything spent is rounded down and
every limit is kept, so that each real route is a route here: the bounds stay valid.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The gain of an arc that must not be used; a value below every route's.
NOTHING = -(1 << 60)
#: Tasks that a node remembers, if not told otherwise.
MEMORY = 8
#: At most so many units of the first resource, and levels of the second.
UNITS, LEVELS = 1 << 15, 16


@dataclass(frozen=True)
class RouteGraph:
    """Arcs of m modes and the depot: ``spend`` and ``inside`` in units, at most ``limit`` a route.

    ``spend`` (m + 1, m + 1) holds what is spent at the head too, ``inside`` (m + 1) at most that
    share of it; ``task`` (m + 1), -1 at the depot; ``use`` (m + 1) of the second resource, at most
    ``room``. ``near`` (m + 1, K): tasks each node remembers; ``bit`` (m + 1, n) their bits, 0 for
    those not remembered.
    """

    spend: NDArray[np.int32]
    inside: NDArray[np.int32]
    task: Ints
    use: Ints
    limit: int
    room: int
    near: Ints
    bit: Ints

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return int(self.bit.shape[1])

    @property
    def memory(self) -> int:
        """How many tasks a node remembers at most."""
        return int(self.near.shape[1])

    def remembering(self, more: Collection[tuple[int, int]]) -> RouteGraph:
        """Return the graph whose nodes also remember tasks: new pairs of (node, task)."""
        ranks = (self.bit > 0).sum(axis=1)
        bit, extra = self.bit.copy(), []
        for node, task in sorted(more):
            bit[node, task] = 1 << ranks[node]
            extra.append((node, int(ranks[node]), task))
            ranks[node] += 1
        near = np.zeros((len(ranks), max(self.memory, int(ranks.max()))), np.int64)
        near[:, : self.memory] = self.near
        for node, rank, task in extra:
            near[node, rank] = task
        return replace(self, near=near, bit=bit)

    def reversed(self) -> RouteGraph:
        """Return the graph whose routes are this one's driven backwards."""
        turned = self.spend.T - self.inside[:, None] + self.inside[None, :]
        kept = np.where(self.limit < self.spend.T, self.spend.T, turned).astype(np.int32)
        return RouteGraph(
            kept, self.inside, self.task, self.use, self.limit, self.room, self.near, self.bit
        )


def route_graph(
    spend: Floats,
    inside: Floats,
    task: Ints,
    limit: float,
    second: tuple[Floats, float],
    apart: Floats | None = None,
    memory: int = MEMORY,
) -> RouteGraph:
    """Round down to units; ``second`` is what each node uses of another resource, and its limit.

    ``spend`` (m + 1, m + 1) may hold inf; ``limit`` is finite. ``apart`` (m + 1, m + 1) says which
    nodes are near each other, where that is not what is spent between them; each remembers
    ``memory`` tasks.
    """
    unit = 1.0 if _whole(spend) and limit <= UNITS else limit / (UNITS - 1) or 1.0
    use, room = _levels(*second)
    most = int(np.floor(limit / unit + 1e-9))
    units = np.floor(np.minimum(spend / unit, most + 1) + 1e-9)
    within = np.floor(np.minimum(inside / unit, units.min(axis=0)) + 1e-9)
    near, bit = _memories(spend if apart is None else apart, task, memory)
    return RouteGraph(
        units.astype(np.int32), within.astype(np.int32), task, use, most, room, near, bit
    )


def _whole(spend: Floats) -> bool:
    """Whether all that may be spent are whole numbers."""
    finite = spend[np.isfinite(spend)]
    return bool((finite == np.floor(finite)).all())


def _levels(use: Floats, limit: float) -> tuple[Ints, int]:
    """Return the second resource in a few levels; none where it cannot bind."""
    if limit == inf or not use.any() or limit <= 0.0:
        return np.zeros(len(use), np.int64), 0
    whole = _whole(use) and limit <= LEVELS
    unit = 1.0 if whole else limit / LEVELS
    return np.floor(use / unit + 1e-9).astype(np.int64), int(np.floor(limit / unit + 1e-9))


def _memories(spend: Floats, task: Ints, memory: int) -> tuple[Ints, Ints]:
    """Return for each node the tasks nearest to it, nearest first, and their bits."""
    size, tasks = len(task), int(task.max(initial=-1)) + 1
    memory = max(0, min(memory, tasks - 1))
    close = np.full((size, tasks), inf)
    both = np.minimum(spend, spend.T)
    for node in range(1, size):
        close[:, task[node]] = np.minimum(close[:, task[node]], both[:, node])
    close[np.arange(1, size), task[1:]] = inf
    near = np.zeros((size, memory), np.int64)
    bit = np.zeros((size, tasks), np.int64)
    order = np.argsort(close, axis=1, kind="stable")[:, :memory]
    for node in range(1, size):
        for rank, other in enumerate(order[node]):
            if other != task[node]:
                near[node, rank] = other
                bit[node, other] = 1 << rank
    return near, bit
