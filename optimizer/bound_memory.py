"""What nodes have to remember, so that no valuable route visits a task twice.

Routes may return to a task that was forgotten on the way (ng-routes, Baldacci, Mingozzi & Roberti
2011). Nodes on the way learn it once that makes a route valuable (Roberti & Mingozzi 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.bound_graph import RouteGraph

#: At most so many tasks are remembered by a node, and so many values are noted by memory in all.
MOST_MEMORY, NOTES = 14, 1 << 25


def learned(graph: RouteGraph, routes: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    """Return (node, task) to remember, so that none of the ``routes`` returns as it does.

    Of each route the cycle that takes the fewest additions, where there is room for them.
    """
    noted = NOTES // (len(graph.task) * (graph.room + 1))
    room = min(MOST_MEMORY, noted.bit_length() - 1) - (graph.bit > 0).sum(axis=1)
    more: set[tuple[int, int]] = set()
    for route in routes:
        for added in sorted(_cycles(graph, route), key=lambda pairs: (len(pairs), pairs)):
            fresh = [pair for pair in added if pair not in more]
            if all(room[node] > 0 for node, _ in fresh):
                for node, _ in fresh:
                    room[node] -= 1
                more.update(fresh)
                break
    return more


def _cycles(graph: RouteGraph, route: Sequence[int]) -> list[list[tuple[int, int]]]:
    """Return for each return to a task the (node, task) on the way that do not remember it."""
    cycles: list[list[tuple[int, int]]] = []
    last: dict[int, int] = {}
    for position, node in enumerate(route):
        task = int(graph.task[node])
        if task in last:
            way = route[last[task] + 1 : position]
            cycles.append([(b, task) for b in dict.fromkeys(way) if graph.bit[b, task] == 0])
        last[task] = position
    return cycles
