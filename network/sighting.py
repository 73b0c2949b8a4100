"""See an area: a short drive on roads from which a set share of it lies within sight.

Obstacles (hills, woods, houses) are not modelled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.covering import CoveringProblem, Tour, covering_circuit, covering_way
from network.inspection import InspectionMode, InspectionSettings, InspectionTask, Site
from network.lawful_turns import lawful
from network.local_roads import LocalRoads, Pieces, local_roads
from network.snapping import RoadIndex, RoadPlace
from network.split_edges import SplitEdges
from network.walking import WalkingLeg, hidden_part, walking_legs

#: The area is judged by a grid of points this far apart, wider where there would be too many.
_SAMPLE_M = 120.0
_MAX_SAMPLES = 448
#: A drive gets one more way in for each of these metres, up to so many.
_ENTRY_SPACING_M = 1000.0
_MOST_ENTRIES = 4
#: Ways through, from one entry to another, are kept where they save this much over the circuit.
_MOST_THROUGH = 4
_LEAST_SAVED_SHARE = 0.1
_LEAST_SAVED_M = 200.0


def sample_points(flat: BaseGeometry) -> NDArray[np.float64]:
    """Return (s, 2) points spread evenly over an area (or along a line), at least one."""
    if flat.area == 0:
        count = min(_MAX_SAMPLES, math.ceil(flat.length / _SAMPLE_M))
        shares = (np.arange(count) + 0.5) / count
        lines = shapely.get_parts(flat)
        ends = np.cumsum(shapely.length(lines))
        at = shares * ends[-1]
        which = np.searchsorted(ends, at, side="right").clip(max=len(lines) - 1)
        offset = at - np.concatenate([[0.0], ends])[which]
        points = shapely.line_interpolate_point(lines[which], offset)
        return np.asarray(shapely.get_coordinates(points))
    step = max(_SAMPLE_M, math.sqrt(flat.area / _MAX_SAMPLES))
    low_x, low_y, high_x, high_y = flat.bounds
    x = np.arange(low_x + step / 2, high_x, step)
    y = np.arange(low_y + step / 2, high_y, step)
    grid = np.column_stack([np.tile(x, len(y)), np.repeat(y, len(x))])
    inside = grid[shapely.contains_xy(flat, grid)] if len(grid) else grid
    if len(inside) == 0:
        inside = shapely.get_coordinates(shapely.point_on_surface(flat))
    return np.asarray(inside)


@dataclass(frozen=True)
class _Drive:
    """A drive on local roads: pieces in order, from a local node to a local node."""

    start: int
    end: int
    pieces: tuple[int, ...]
    seen_count: int


@dataclass(frozen=True)
class SeeDraft:
    """An area, its roads and the drives found on them; the places at which these turn or begin."""

    site: Site
    flat: BaseGeometry
    sight_m: float
    sample_count: int
    everything_visible: bool
    index: RoadIndex
    pieces: Pieces
    node_network: NDArray[np.int64]  # network node of each local node, -1 for cuts
    drives: tuple[_Drive, ...]
    cuts: tuple[int, ...]  # local nodes that the network has no node for yet
    places: tuple[RoadPlace, ...]

    def finish(self, index: RoadIndex, nodes: tuple[int, ...]) -> InspectionTask:
        """Return the drives as modes on the split network, and what no road shows."""
        node_of = dict(zip(self.cuts, nodes, strict=True))
        split = SplitEdges(self.index.network, index.network)
        modes = [self._mode(index, split, drive, node_of) for drive in self.drives]
        distance_m = float(shapely.distance(index.lines[index.tree.nearest(self.flat)], self.flat))
        share = min(drive.seen_count for drive in self.drives) / self.sample_count
        hidden: BaseGeometry | None = None
        walks: tuple[WalkingLeg, ...] = ()
        if not self.everything_visible:
            near = self.index.stoppable_tree.query(
                self.flat, predicate="dwithin", distance=self.sight_m
            )
            lines = self.index.lines[self.index.stoppable[near]]
            flat = hidden_part(self.flat, lines, self.sight_m)
            if flat is not None:
                walks = walking_legs(self.index, flat, self.sight_m)
                hidden = shapely.transform(flat, index.metric.lonlat)
        return InspectionTask(
            self.site, tuple(dict.fromkeys(modes)), distance_m, share, hidden, walks
        )

    def _mode(
        self, index: RoadIndex, split: SplitEdges, drive: _Drive, node_of: dict[int, int]
    ) -> InspectionMode:
        edges: list[int] = []
        start = self._network_node(drive.start, node_of)
        for edge, first, last in _runs(self.pieces, drive.pieces):
            ends = self._network_node(first, node_of), self._network_node(last, node_of)
            edges += split.between(edge, *ends)
        end = self._network_node(drive.end, node_of)
        lon, lat = index.network.node_lonlat[start].tolist()
        driven = tuple(lawful(index.network, edges))
        return InspectionMode(start, end, driven, 0.0, lon, lat)

    def _network_node(self, local_node: int, node_of: dict[int, int]) -> int:
        node = int(self.node_network[local_node])
        return node if node >= 0 else node_of[local_node]


def draft_see(
    index: RoadIndex,
    back: NDArray[np.int64],
    site: Site,
    flat: BaseGeometry,
    settings: InspectionSettings,
) -> SeeDraft | None:
    """Return the drives that see the set share, or all that roads show where that is less.

    Drives pass the site's checkpoints. ``back`` are the network's ``ways_back``. None when no
    road shows any of the area.
    """
    samples = shapely.points(sample_points(flat))
    marked = [shapely.Point(index.metric.xy(np.array([place]))[0]) for place in site.checkpoints]
    checkpoints = [index.nearest(point) for point in marked]
    local = local_roads(index, back, flat, samples, settings.sight_m, checkpoints)
    if local is None:
        return None
    shown = np.bitwise_or.reduce(local.pieces.shows, axis=0)
    on_way = np.bitwise_or.reduce(local.seen.reshape(-1, local.seen.shape[2]), axis=0)
    visible = int(np.bitwise_count(on_way).sum())
    if visible == 0 and not checkpoints:
        return None
    needed = min(math.ceil(settings.seen_share * len(samples) - 1e-9), visible)
    must = np.arange(len(local.places)) < local.checkpoint_count
    problem = CoveringProblem(local.metres, local.seen, needed, must)
    drives = _drives(local, problem)
    cuts = _cuts_used(local, drives)
    return SeeDraft(
        site,
        flat,
        settings.sight_m,
        len(samples),
        int(np.bitwise_count(shown).sum()) == len(samples),
        index,
        local.pieces,
        local.node_network,
        drives,
        cuts,
        tuple(_place_of(local, node) for node in cuts),
    )


def _drives(local: LocalRoads, problem: CoveringProblem) -> tuple[_Drive, ...]:
    """Return the circuit entered at up to four places, and ways through that save most."""
    circuit = covering_circuit(problem)
    pieces = [piece for leg in circuit.legs for piece in local.pieces_between(*leg)]
    if not pieces:
        node = int(local.places[circuit.stops[0]])
        return (_Drive(node, node, (), circuit.seen_count),)
    nodes = local.pieces.tail[pieces]
    entries = _entries(local, nodes, circuit)
    drives = []
    for entry in entries:
        at = int(np.flatnonzero(nodes == local.places[entry])[0])
        turned = (*pieces[at:], *pieces[:at])
        node = int(local.places[entry])
        drives.append(_Drive(node, node, turned, circuit.seen_count))
    return (*drives, *_through(local, problem, circuit, entries))


def _entries(local: LocalRoads, nodes: NDArray[np.int64], circuit: Tour) -> list[int]:
    """Return up to four places (by number) far apart on the circuit, crossings if there are any."""
    place_of = {int(node): number for number, node in enumerate(local.places.tolist())}
    on_way = [node for node in dict.fromkeys(nodes.tolist()) if node in place_of]
    crossings = [node for node in on_way if local.node_network[node] >= 0]
    candidates = np.array(crossings or on_way)
    count = max(1, min(_MOST_ENTRIES, math.ceil(circuit.metres / _ENTRY_SPACING_M)))
    xy = local.node_xy[candidates]
    off_m = np.hypot(*(xy - xy.mean(axis=0)).T)
    chosen: list[int] = []
    for _ in range(min(count, len(candidates))):
        best = int(np.argmax(off_m))
        away_m = np.hypot(*(xy - xy[best]).T)
        off_m = np.minimum(off_m, away_m) if chosen else away_m
        chosen.append(best)
    return [place_of[int(candidates[number])] for number in chosen]


def _through(
    local: LocalRoads, problem: CoveringProblem, circuit: Tour, entries: list[int]
) -> list[_Drive]:
    """Return ways from one entry to another that beat the circuit and driving on from it."""
    found = []
    for start, end in permutations(entries, 2):
        way = covering_way(problem, circuit, start, end)
        saved_m = circuit.metres + float(problem.metres[start, end]) - way.metres
        if way.seen_count >= problem.needed:
            found.append((saved_m, start, end, way))
    found.sort(key=lambda item: (-item[0], item[1:3]))
    least_m = max(_LEAST_SAVED_M, _LEAST_SAVED_SHARE * circuit.metres)
    drives = []
    for saved_m, start, end, way in found[:_MOST_THROUGH]:
        if saved_m >= least_m:
            pieces = [piece for leg in way.legs for piece in local.pieces_between(*leg)]
            ends = int(local.places[start]), int(local.places[end])
            drives.append(_Drive(*ends, tuple(pieces), way.seen_count))
    return drives


def _runs(pieces: Pieces, driven: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Return (edge, first local node, last local node) of pieces that follow along one edge."""
    runs: list[tuple[int, int, int]] = []
    at = -1.0
    for piece in driven:
        edge, begin = int(pieces.edge[piece]), float(pieces.begin[piece])
        tail, head = int(pieces.tail[piece]), int(pieces.head[piece])
        if runs and runs[-1][0] == edge and begin == at:
            runs[-1] = (edge, runs[-1][1], head)
        else:
            runs.append((edge, tail, head))
        at = float(pieces.end[piece])
    return runs


def _cuts_used(local: LocalRoads, drives: tuple[_Drive, ...]) -> tuple[int, ...]:
    """Return the local nodes at which drives begin, turn or end and no crossing is."""
    used: set[int] = set()
    for drive in drives:
        used |= {drive.start, drive.end}
        for _, first, last in _runs(local.pieces, drive.pieces):
            used |= {first, last}
    return tuple(sorted(node for node in used if local.node_network[node] < 0))


def _place_of(local: LocalRoads, node: int) -> RoadPlace:
    piece = int(np.flatnonzero(local.pieces.tail == node)[0])
    return RoadPlace(int(local.pieces.edge[piece]), float(local.pieces.begin[piece]), 0.0)
