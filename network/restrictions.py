"""Turn restrictions: OSM's relations read as they are written, then as forbidden pairs of edges.

What a pair of edges cannot say exactly (a path over several ways) is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

#: Modes that are the bureau's car or include it.
_OUR_MODES: Final = frozenset({"motorcar", "motor_vehicle", "vehicle"})
_KEYS: Final = (
    "restriction:motorcar",
    "restriction:motor_vehicle",
    "restriction:vehicle",
    "restriction",
)
_TIMED: Final = re.compile(r"^(?:no|only)_\w+(?=\s*@)")
#: A condition on what is driven rather than when.
_NOT_TIME: Final = re.compile(r"[<>=]|weight|length|width|height|axle|wet|snow|hgv|bus|occupants")
_KINDS: Final = re.compile(
    r"^(?:(?:no|only)_(?:left_turn|right_turn|straight_on|u_turn)|no_entry|no_exit)$"
)

#: Why a relation gives no restriction: not for cars, or not as the rules of OSM want it.
Unused = Literal["others", "malformed"]


@dataclass(frozen=True)
class TurnRestriction:
    """A restriction as written, by OSM ids: from its ways over a node or over ways to its ways.

    ``is_only`` tells a mandatory turn from a forbidden one. ``via_node`` is 0 with ``via_ways``.
    """

    relation: int
    is_only: bool
    from_ways: tuple[int, ...]
    via_node: int
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]


def read_restriction(relation: Any) -> TurnRestriction | Unused:
    """Return the restriction of an osmium relation, or why there is none for us.

    One that holds at certain hours only is taken to hold always: patrols drive by day.
    """
    kind = _kind(relation.tags)
    if kind in {"others", "malformed"}:
        return kind  # type: ignore[return-value]
    members: dict[str, list[int]] = {"from": [], "to": [], "via w": [], "via n": []}
    for member in relation.members:
        role = member.role if member.role != "via" else f"via {member.type}"
        if role in {"from", "to"} and member.type != "w":
            return "malformed"
        if role in members:
            members[role].append(member.ref)
    nodes, ways = members["via n"], members["via w"]
    several_from = len(members["from"]) > 1 and kind != "no_entry"
    several_to = len(members["to"]) > 1 and kind != "no_exit"
    if not members["from"] or not members["to"] or several_from or several_to:
        return "malformed"
    if len(nodes) + bool(ways) != 1:
        return "malformed"
    return TurnRestriction(
        relation.id,
        kind.startswith("only_"),
        tuple(members["from"]),
        nodes[0] if nodes else 0,
        tuple(ways),
        tuple(members["to"]),
    )


def _kind(tags: Any) -> str:
    """Return the kind of restriction that a car is under, "others" or "malformed"."""
    excepted = {part.strip() for part in (tags.get("except") or "").split(";")}
    if excepted & _OUR_MODES:
        return "others"
    for key in _KEYS:
        value = tags.get(key)
        if value is None:
            value = _timed(tags.get(f"{key}:conditional"))
        if value is not None:
            return value if _KINDS.match(value) else "malformed"
    return "others"


def _timed(value: str | None) -> str | None:
    match = _TIMED.match(value or "")
    if match is None or value is None or _NOT_TIME.search(value[match.end() :].casefold()):
        return None
    return match[0]


@dataclass(frozen=True)
class RestrictionTally:
    """How many restrictions were applied, needed no edge (way not driven), or are not exact."""

    applied: int = 0
    not_needed: int = 0
    unresolved: int = 0
    unresolved_relations: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Edges:
    """Directed edges by the OSM ids of their way and ends."""

    way: NDArray[np.int64]
    start: NDArray[np.int64]  # OSM node ids
    end: NDArray[np.int64]
    by_way: NDArray[np.int64]
    by_start: NDArray[np.int64]

    def of_way(self, way: int) -> NDArray[np.int64]:
        low, high = np.searchsorted(self.way, [way, way + 1], sorter=self.by_way)
        return self.by_way[low:high]

    def into(self, way: int, node: int) -> list[int]:
        edges = self.of_way(way)
        return sorted(edges[self.end[edges] == node].tolist())

    def out_of(self, way: int, node: int) -> list[int]:
        edges = self.of_way(way)
        return sorted(edges[self.start[edges] == node].tolist())

    def leaving(self, node: int) -> list[int]:
        low, high = np.searchsorted(self.start, [node, node + 1], sorter=self.by_start)
        return sorted(self.by_start[low:high].tolist())

    def entering(self, node: int) -> list[int]:
        return [int(edge) for edge in np.flatnonzero(self.end == node)]

    def is_back(self, edge: int, other: int) -> bool:
        """Whether ``other`` is ``edge`` driven the other way (they stand side by side)."""
        swapped = self.start[edge] == self.end[other] and self.end[edge] == self.start[other]
        return bool(swapped and abs(edge - other) == 1 and self.way[edge] == self.way[other])


Turns = set[tuple[int, int]]


def forbidden_turns(
    edge_way: NDArray[np.int64],
    edge_start: NDArray[np.int64],
    edge_end: NDArray[np.int64],
    restrictions: Iterable[TurnRestriction],
) -> tuple[NDArray[np.int32], RestrictionTally]:
    """Return (t, 2) pairs of edges not to be driven one after the other, sorted, and the tally.

    The arrays (m,) give each directed edge's way and end nodes by OSM id.
    """
    edges = _Edges(
        edge_way,
        edge_start,
        edge_end,
        np.argsort(edge_way, kind="stable"),
        np.argsort(edge_start, kind="stable"),
    )
    turns: Turns = set()
    applied = not_needed = 0
    unresolved: list[int] = []
    for restriction in restrictions:
        found = _pairs(edges, restriction)
        if found is None:
            unresolved.append(restriction.relation)
        elif found:
            applied += 1
            turns |= found
        else:
            not_needed += 1
    table = np.array(sorted(turns), np.int32).reshape(-1, 2)
    return table, RestrictionTally(applied, not_needed, len(unresolved), tuple(unresolved))


def _pairs(edges: _Edges, restriction: TurnRestriction) -> Turns | None:
    """Return the forbidden pairs, none where no edge is concerned, None where it is not exact."""
    named = (*restriction.from_ways, *restriction.via_ways, *restriction.to_ways)
    if not all(len(edges.of_way(way)) for way in named):
        return set()  # a way that we do not drive anyway
    if restriction.via_ways:
        return _over_a_way(edges, restriction)
    node = restriction.via_node
    entering = [edges.into(way, node) for way in restriction.from_ways]
    leaving = [edges.out_of(way, node) for way in restriction.to_ways]
    if restriction.from_ways == restriction.to_ways:
        return {
            (first, second)
            for first in entering[0]
            for second in leaving[0]
            if edges.is_back(first, second)
        }
    if any(len(found) > 1 for found in (*entering, *leaving)):
        return None  # the way goes on beyond the node: which part is meant is not said
    befores, afters = list(chain(*entering)), list(chain(*leaving))
    if not restriction.is_only:
        return {(before, after) for before in befores for after in afters}
    if befores and not afters:
        return None  # a mandatory turn into a way that cannot be entered
    others = [edge for edge in edges.leaving(node) if edge not in afters]
    return {(before, other) for before in befores for other in others}


def _over_a_way(edges: _Edges, restriction: TurnRestriction) -> Turns | None:
    """Return the pairs of a restriction over one way that is one edge, where pairs can say it.

    They can where nothing else leads into the way between, or nothing else out of it.
    """
    if len(restriction.via_ways) != 1 or len(restriction.from_ways + restriction.to_ways) != 2:
        return None
    paths = [
        (before, via, after)
        for via in edges.of_way(restriction.via_ways[0]).tolist()
        for before in edges.into(restriction.from_ways[0], int(edges.start[via]))
        for after in edges.out_of(restriction.to_ways[0], int(edges.end[via]))
    ]
    if len(paths) != 1:
        return None if paths else _without_path(edges, restriction)
    before, via, after = paths[0]
    befores = [e for e in edges.entering(int(edges.start[via])) if not edges.is_back(via, e)]
    afters = [e for e in edges.leaving(int(edges.end[via])) if not edges.is_back(via, e)]
    if restriction.is_only:
        if befores != [before]:
            return None
        elsewhere = {(before, e) for e in edges.leaving(int(edges.start[via])) if e != via}
        return elsewhere | {(via, e) for e in edges.leaving(int(edges.end[via])) if e != after}
    if befores == [before]:
        return {(via, after)}
    return {(before, via)} if afters == [after] else None


def _without_path(edges: _Edges, restriction: TurnRestriction) -> Turns | None:
    """Return no pairs where the path cannot be driven as it is; None where the way is cut up."""
    return None if len(edges.of_way(restriction.via_ways[0])) > 2 else set()
