"""Noding: drawn lines become roads that meet. Crossings and touching ends get a common point.

Lines of a road layer know nothing of each other. Where two cross on one level both get a point
there; where an end stops short of another line by no more than a tolerance the gap is closed, and
told. Lines on different levels (bridges) meet at their ends only. All of it in metres of the plane.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from network.build import starts_of
from network.load_report import Gap
from network.metric import LocalMetric
from network.osm_ways import OsmWays
from network.road_network import ROAD_CLASSES

#: Points closer than this are one point; gaps below it are rounding, not gaps.
SAME_M: Final = 0.02
_MOTORWAY: Final = ROAD_CLASSES.index("motorway")
#: Motorways cross nothing: they run on levels of their own.
_MOTORWAY_LEVELS: Final = 100
#: An end this many times farther off than the line's side is still what is meant.
_FACING: Final = 1.5
#: Ways farther than this from all new ones are not looked at.
_MARGIN_DEGREES: Final = 0.05
_PAIRS_AT_ONCE: Final = 200_000


def node_ways(
    ways: OsmWays,
    is_new: NDArray[np.bool_],
    tolerance_m: NDArray[np.float64],
    metric: LocalMetric,
) -> tuple[OsmWays, tuple[Gap, ...]]:
    """Return the ways with a common point wherever a new one meets another, and the gaps closed.

    Ways that are not new (w,) are taken to know their crossings with each other already.
    ``tolerance_m`` (w, 2) is how far the first and the last point of a new way may be from what
    they are meant to touch.
    """
    sheet = _Sheet.of(ways, is_new, metric)
    contacts = _crossings(sheet)
    gaps = _close_gaps(sheet, contacts, tolerance_m)
    return _with_contacts(sheet, contacts), gaps


@dataclass(frozen=True)
class _Sheet:
    """The ways in the plane, cut into segments; one runs from each point ``first`` to the next."""

    ways: OsmWays
    metric: LocalMetric
    is_new: NDArray[np.bool_]  # (w,)
    xy: NDArray[np.float64]  # (p, 2)
    way: NDArray[np.int64]  # (p,) the way of each point
    level: NDArray[np.int64]  # (w,)
    first: NDArray[np.int64]  # (s,) point where each segment starts
    lines: NDArray[np.object_]  # (s,)
    tree: shapely.STRtree

    @classmethod
    def of(cls, ways: OsmWays, is_new: NDArray[np.bool_], metric: LocalMetric) -> _Sheet:
        xy = np.full((len(ways.refs), 2), np.nan)
        way = np.repeat(np.arange(len(ways.way_class)), np.diff(ways.way_start))
        known = near_extent(ways.lonlat, ways.lonlat[is_new[way]])
        xy[known] = metric.xy(ways.lonlat[known])
        level = ways.way_level + _MOTORWAY_LEVELS * (ways.way_class == _MOTORWAY).astype(np.int64)
        inside = (way[1:] == way[:-1]) & known[1:] & known[:-1] & (xy[1:] != xy[:-1]).any(axis=1)
        first = np.flatnonzero(inside)
        lines = shapely.linestrings(np.stack([xy[first], xy[first + 1]], axis=1))
        return cls(ways, metric, is_new, xy, way, level, first, lines, shapely.STRtree(lines))

    def is_end(self, points: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which points are the first or last of their way."""
        start = self.ways.way_start
        way = self.way[points]
        ends: NDArray[np.bool_] = (points == start[way]) | (points == start[way + 1] - 1)
        return ends


def near_extent(lonlat: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which places are within some kilometres of the extent of others; NaN is nowhere."""
    if not len(others):
        return np.zeros(len(lonlat), bool)
    low, high = np.nanmin(others, axis=0) - _MARGIN_DEGREES, np.nanmax(others, axis=0)
    near: NDArray[np.bool_] = ((lonlat > low) & (lonlat < high + _MARGIN_DEGREES)).all(axis=1)
    return near


class _Contacts:
    """Points shared: ``same`` pairs of points and places; places are new points on segments.

    Points are numbered as in the sheet, places go on after them.
    """

    def __init__(self, point_count: int) -> None:
        self._next = point_count
        self.same: list[NDArray[np.int64]] = []
        self.place_xy: list[NDArray[np.float64]] = []
        self.place_way: list[NDArray[np.int64]] = []
        self.place_after: list[NDArray[np.float64]] = []  # position along the points of the way

    def add_places(
        self, xy: NDArray[np.float64], way: NDArray[np.int64], after: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        numbers = np.arange(self._next, self._next + len(xy))
        self._next += len(xy)
        self.place_xy.append(xy)
        self.place_way.append(way)
        self.place_after.append(after)
        return numbers

    def join(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        self.same.append(np.column_stack([one, other]))

    def groups(self) -> NDArray[np.int64]:
        """Return a number for each point and place, equal where they are one."""
        pairs = np.concatenate([np.empty((0, 2), np.int64), *self.same])
        ones = np.ones(len(pairs), np.int8)
        graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(self._next, self._next))
        _, group = connected_components(graph, directed=False)
        return np.asarray(group, np.int64)


def _crossings(sheet: _Sheet) -> _Contacts:
    contacts = _Contacts(len(sheet.xy))
    new = np.flatnonzero(sheet.is_new[sheet.way[sheet.first]])
    for start in range(0, len(new), _PAIRS_AT_ONCE):
        chosen = new[start : start + _PAIRS_AT_ONCE]
        found, other = sheet.tree.query(sheet.lines[chosen], predicate="intersects")
        one = chosen[found]
        both_new = sheet.is_new[sheet.way[sheet.first[other]]]
        one, other = (side[(other != one) & (~both_new | (one < other))] for side in (one, other))
        _touch(sheet, contacts, one, other)
    return contacts


def _touch(
    sheet: _Sheet, contacts: _Contacts, one: NDArray[np.int64], other: NDArray[np.int64]
) -> None:
    """Note where pairs of segments meet: a point each, or both ends of a stretch they share."""
    shared = shapely.intersection(sheet.lines[one], sheet.lines[other])
    xy, pair = shapely.get_coordinates(shared, return_index=True)
    one, other = one[pair], other[pair]
    ends = [_vertex_at(sheet, side, xy) for side in (one, other)]
    ways = [sheet.way[sheet.first[side]] for side in (one, other)]
    at_end = [(vertex >= 0) & sheet.is_end(np.maximum(vertex, 0)) for vertex in ends]
    meets = (sheet.level[ways[0]] == sheet.level[ways[1]]) | at_end[0] | at_end[1]
    next_to = (ends[0] == ends[1]) & (ends[0] >= 0)  # neighbours on a way share a point anyway
    kept = meets & ~next_to
    numbers = [
        _numbers(sheet, contacts, side[kept], vertex[kept], xy[kept])
        for side, vertex in zip((one, other), ends, strict=True)
    ]
    contacts.join(*numbers)


def _vertex_at(
    sheet: _Sheet, segment: NDArray[np.int64], xy: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the end point of each segment that is at a place, -1 where neither is."""
    first = sheet.first[segment]
    off = [np.hypot(*(sheet.xy[first + step] - xy).T) for step in (0, 1)]
    nearest = np.where(off[0] <= off[1], first, first + 1)
    return np.where(np.minimum(*off) <= SAME_M, nearest, -1)


def _numbers(
    sheet: _Sheet,
    contacts: _Contacts,
    segment: NDArray[np.int64],
    vertex: NDArray[np.int64],
    xy: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the number of each meeting point: that of its vertex or of a new place."""
    numbers = vertex.copy()
    between = vertex < 0
    first = sheet.first[segment[between]]
    along = sheet.xy[first + 1] - sheet.xy[first]
    share = ((xy[between] - sheet.xy[first]) * along).sum(axis=1) / (along**2).sum(axis=1)
    after = first + np.clip(share, 1e-9, 1 - 1e-9)
    numbers[between] = contacts.add_places(xy[between], sheet.way[first], after)
    return numbers


def _close_gaps(
    sheet: _Sheet, contacts: _Contacts, tolerance_m: NDArray[np.float64]
) -> tuple[Gap, ...]:
    """Join loose ends of new ways to what lies nearest within their tolerance, in file order."""
    group = contacts.groups()
    alone = np.bincount(group)[group] == 1
    start = sheet.ways.way_start
    points = np.stack([start[:-1], start[1:] - 1], axis=1)
    loose = alone[points] & sheet.is_new[:, None] & (np.diff(start) > 1)[:, None]
    rows, sides = np.nonzero(loose & (tolerance_m > 0))
    ends, reach = points[rows, sides], tolerance_m[rows, sides]
    geometry = shapely.points(sheet.xy[ends])
    found, segment = sheet.tree.query(geometry, predicate="dwithin", distance=reach)
    order = np.lexsort((segment, found))
    found, segment = found[order], segment[order]
    bounds = np.searchsorted(found, np.arange(len(ends) + 1))
    joined: set[int] = set()
    gaps = []
    for number, (end, metres) in enumerate(zip(ends.tolist(), reach.tolist(), strict=True)):
        if end in joined:
            continue
        near = segment[bounds[number] : bounds[number + 1]]
        gap = _close(sheet, contacts, int(end), near, metres, joined)
        if gap is not None and gap.metres > SAME_M:
            gaps.append(gap)
    return tuple(gaps)


def _close(
    sheet: _Sheet,
    contacts: _Contacts,
    end: int,
    near: NDArray[np.int64],
    reach_m: float,
    joined: set[int],
) -> Gap | None:
    """Join one loose end: to a point of another line if one is in reach, else onto its side."""
    way = sheet.way[end]
    xy = sheet.xy[end]
    vertices = np.unique(np.concatenate([sheet.first[near], sheet.first[near] + 1]))
    off = np.hypot(*(sheet.xy[vertices] - xy).T)
    other_end = int(sheet.ways.way_start[way] + sheet.ways.way_start[way + 1] - 1 - end)
    length_m = np.hypot(*np.diff(sheet.xy[min(end, other_end) : max(end, other_end) + 1].T)).sum()
    of_others = sheet.way[vertices] != way
    if length_m > 3 * reach_m:  # a ring that does not quite close
        of_others |= vertices == other_end
    segment_way = sheet.way[sheet.first[near]]
    sides = near[(segment_way != way) & (sheet.level[segment_way] == sheet.level[way])]
    distances = shapely.distance(sheet.lines[sides], shapely.Point(xy))
    aside = float(distances.min(initial=np.inf))
    # ends first: two roads that stop short of each other are meant to go on
    facing = np.flatnonzero(of_others & sheet.is_end(vertices) & (off <= reach_m))
    if len(facing) and off[facing].min() <= max(_FACING * aside, SAME_M):
        target = facing[[int(np.argmin(off[facing]))]]
        number, metres = vertices[target], float(off[target[0]])
        place_xy = sheet.xy[number]
        joined.add(int(number[0]))
    elif len(sides):
        side, metres = sides[[int(np.argmin(distances))]], aside
        line = shapely.shortest_line(sheet.lines[side[0]], shapely.Point(xy))
        place_xy = shapely.get_coordinates(line)[:1]
        number = _numbers(sheet, contacts, side, _vertex_at(sheet, side, place_xy), place_xy)
    else:
        return None
    beyond = end - 0.5 if end < other_end else end + 0.5
    own = contacts.add_places(place_xy, np.array([way]), np.array([beyond]))
    contacts.join(own, number)
    lon, lat = sheet.metric.lonlat(xy[None, :])[0].round(6).tolist()
    return Gap(lon, lat, round(metres, 2))


def _with_contacts(sheet: _Sheet, contacts: _Contacts) -> OsmWays:
    """Return the ways with all places inserted; what is joined shares ref and coordinates."""
    ways, points = sheet.ways, len(sheet.xy)
    xy = np.concatenate([np.empty((0, 2)), *contacts.place_xy])
    lonlat = np.concatenate([ways.lonlat, sheet.metric.lonlat(xy)])
    way = np.concatenate([sheet.way, *contacts.place_way])
    after = np.concatenate([np.arange(points, dtype=np.float64), *contacts.place_after])
    group = contacts.groups()
    # A known node, or else the first point or place, lends its ref and place to its group.
    known = np.concatenate([~sheet.is_new[sheet.way], np.zeros(len(xy), bool)])
    order = np.lexsort((np.arange(len(group)), ~known, group))
    _, first = np.unique(group[order], return_index=True)
    lender = order[first][group]
    refs = np.concatenate([ways.refs, _fresh(ways.refs, len(xy))])[lender]
    along = np.lexsort((after, way))
    counts = np.bincount(way, minlength=len(ways.way_class))
    return replace(
        ways, refs=refs[along], lonlat=lonlat[lender][along], way_start=starts_of(counts)
    )


def _fresh(refs: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return so many negative ids that are not taken."""
    candidates: NDArray[Any] = -np.arange(1, count + len(refs) + 1)
    return np.setdiff1d(candidates, refs)[::-1][:count].astype(np.int64)
