"""Arc routing on a street graph, shared by CARP and mixed general routing.

The literature's cost is that of every road driven, in service or not: what is inside a required
road is the cost of serving it, between services the shortest way counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from math import ceil, inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Fleet, Mode, Pattern, PeriodicProblem, Solution, Task
from optimizer.published.instance import Instance, best_known, fault, name_of


@dataclass(frozen=True)
class Link:
    """An edge (``both_ways``) or arc between nodes counted from 1; required if it has a demand.

    ``cost`` is that of driving along it, ``serving_cost`` of serving it, None where it is the same.
    """

    line: int
    start: int
    end: int
    cost: float
    both_ways: bool
    demand: float | None = None
    serving_cost: float | None = None

    @property
    def inside(self) -> float:
        """Return what it costs to serve the link."""
        return self.cost if self.serving_cost is None else self.serving_cost


@dataclass(frozen=True)
class RequiredNode:
    """A node to be served: no cost inside."""

    line: int
    node: int
    demand: float


@dataclass(frozen=True)
class StreetGraph:
    """A file's content; ``vehicles`` is None where their number is free.

    Nodes count from 1 here; ``first_node`` is what the file calls the first.
    """

    path: Path
    kind: str
    nodes: int
    depot: int
    depot_line: int
    capacity: float
    vehicles: int | None
    links: tuple[Link, ...]
    required_nodes: tuple[RequiredNode, ...] = ()
    best_known: float | None = None
    first_node: int = 1

    def name(self, node: int) -> str:
        """Return what the file calls a node."""
        return str(node - 1 + self.first_node)


def graph_instance(graph: StreetGraph) -> Instance:
    """Return the instance: required nodes, then required links, an edge in either direction.

    Duration is cost, and nothing limits it. Raises ValueError, naming file and line, where
    something stands on a node that is not there.
    """
    named = [(item.line, item.node) for item in graph.required_nodes]
    named += [(link.line, node) for link in graph.links for node in (link.start, link.end)]
    for line, node in named:
        if not 1 <= node <= graph.nodes:
            raise fault(graph.path, line, f"there is no node {graph.name(node)}")
    if not 1 <= graph.depot <= graph.nodes:
        raise fault(graph.path, graph.depot_line, f"the depot {graph.name(graph.depot)} is no node")
    required = tuple(link for link in graph.links if link.demand is not None)
    tasks = [
        *(_task((Mode(at.node - 1, at.node - 1),), at.demand) for at in graph.required_nodes),
        *(_task(_modes(link), link.demand or 0.0) for link in required),
    ]
    count = graph.vehicles or enough_vehicles(sum(task.demand for task in tasks), graph.capacity)
    depot = graph.depot - 1
    fleet = Fleet(depot, depot, count, inf, graph.capacity)
    between = shortest_costs(graph)[None]
    known = best_known(graph.path, stated=graph.best_known)
    free = f"free ({count} are enough for a best solution)"
    return Instance(
        name=name_of(graph.path),
        kind=graph.kind,
        problem=PeriodicProblem(between, between, (0,), tuple(tasks), (fleet,)),
        best_known=known.value,
        best_known_source=known.source,
        cost_of=partial(driven_cost, graph=graph),
        stop_names=_stop_names(
            graph, tasks, [item.line for item in graph.required_nodes + required]
        ),
        vehicles=f"at most {count}, as the file says" if graph.vehicles else free,
    )


def _task(modes: tuple[Mode, ...], demand: float) -> Task:
    """Return something to be served on the only day."""
    return Task(modes, (Pattern(1),), demand)


def _stop_names(
    graph: StreetGraph, tasks: list[Task], lines: list[int]
) -> tuple[tuple[str, ...], ...]:
    """Return what each way of serving is called; of parallel links, with the line in the file."""
    names = [tuple(_stop_name(graph, mode) for mode in task.modes) for task in tasks]
    often = Counter(name for own in names for name in set(own))
    return tuple(
        tuple(name if often[name] == 1 else f"{name} (line {line})" for name in own)
        for own, line in zip(names, lines, strict=True)
    )


def _stop_name(graph: StreetGraph, mode: Mode) -> str:
    """Return what a way of serving is called: a node, or where a link is entered and left."""
    entry, leave = graph.name(mode.entry + 1), graph.name(mode.exit + 1)
    return entry if entry == leave else f"{entry}-{leave}"


def _modes(link: Link) -> tuple[Mode, ...]:
    """Return the ways of serving a link: there, and back where it is an edge."""
    there = Mode(link.start - 1, link.end - 1, (link.inside,), link.inside)
    back = Mode(link.end - 1, link.start - 1, (link.inside,), link.inside)
    return (there, back) if link.both_ways else (there,)


def enough_vehicles(demand: float, capacity: float) -> int:
    """Return a number of vehicles that a best solution needs at most where they cost nothing.

    Two tours whose loads fit one vehicle can be driven by it one after the other without a longer
    way, so some best solution has no such two: k >= 2 tours then carry more than k·capacity/2.
    """
    return max(1, ceil(2.0 * demand / capacity) - 1)


def shortest_costs(graph: StreetGraph) -> NDArray[np.float64]:
    """Return the least cost between all nodes, (nodes, nodes), by Floyd and Warshall."""
    least = np.full((graph.nodes, graph.nodes), inf)
    np.fill_diagonal(least, 0.0)
    for link in graph.links:
        a, b = link.start - 1, link.end - 1
        least[a, b] = min(least[a, b], link.cost)
        if link.both_ways:
            least[b, a] = min(least[b, a], link.cost)
    for node in range(graph.nodes):
        np.minimum(least, least[:, node, None] + least[None, node, :], out=least)
    return least


def driven_cost(solution: Solution, graph: StreetGraph) -> float:
    """Return the cost of all that is driven, each way between services searched anew (Dijkstra).

    Services are numbered as in ``graph_instance``: nodes, then required links; the second mode of
    an edge drives it backwards.
    """
    required = [link for link in graph.links if link.demand is not None]
    costs_from: dict[int, list[float]] = {}
    total = 0.0
    for route in solution.routes:
        here = graph.depot
        for task, mode in (*route.stops, (-1, 0)):
            inside = 0.0
            if task < 0:
                entry = leave = graph.depot
            elif task < len(graph.required_nodes):
                entry = leave = graph.required_nodes[task].node
            else:
                link = required[task - len(graph.required_nodes)]
                entry, leave = (link.end, link.start) if mode else (link.start, link.end)
                inside = link.inside
            if here not in costs_from:
                costs_from[here] = _costs_from(graph, here)
            total += costs_from[here][entry] + inside
            here = leave
    return total


def _costs_from(graph: StreetGraph, source: int) -> list[float]:
    """Return the least cost from a node to every node (index 0 is unused)."""
    leaving: list[list[tuple[int, float]]] = [[] for _ in range(graph.nodes + 1)]
    for link in graph.links:
        leaving[link.start].append((link.end, link.cost))
        if link.both_ways:
            leaving[link.end].append((link.start, link.cost))
    least = [inf] * (graph.nodes + 1)
    waiting = [(0.0, source)]
    while waiting:
        cost, node = heappop(waiting)
        if cost >= least[node]:
            continue
        least[node] = cost
        for end, price in leaving[node]:
            heappush(waiting, (cost + price, end))
    return least
