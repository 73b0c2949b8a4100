"""From ways to the road network: split at junctions, measure, keep the largest connected part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from network.load_report import LoadReport
from network.osm_ways import OsmWays
from network.restrictions import forbidden_turns
from network.road_network import MARK_FORD, RoadNetwork, no_turns
from network.seasons import Closure

_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True)
class DirectedEdges:
    """All directed edges before anything is cut, fields as in RoadNetwork."""

    node_lonlat: NDArray[np.float64]
    edge_from: NDArray[np.int32]
    edge_to: NDArray[np.int32]
    edge_length_m: NDArray[np.float64]
    edge_class: NDArray[np.int8]
    edge_maxspeed_kmh: NDArray[np.float32]
    edge_name: NDArray[np.int32]
    edge_way: NDArray[np.int64]
    edge_marks: NDArray[np.uint8]
    edge_closure: NDArray[np.int16]
    shape_start: NDArray[np.int64]
    shape_lonlat: NDArray[np.float64]
    names: tuple[str, ...]
    closures: tuple[Closure, ...] = ((),)
    forbidden_turns: NDArray[np.int32] = field(default_factory=no_turns)


def ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``start, start + 1, … start + count - 1`` of every pair, end to end."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    numbers: NDArray[np.int64] = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return numbers


def starts_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of the runs of these lengths starts, and the end of the last."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def shape_lengths_m(
    shape_start: NDArray[np.int64], shape_lonlat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the geodesic length of every shape on the WGS-84 ellipsoid."""
    if len(shape_start) == 1:
        return np.zeros(0)
    lon, lat = shape_lonlat[:, 0], shape_lonlat[:, 1]
    _, _, steps = _WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps = np.append(steps, 0.0)
    steps[shape_start[1:] - 1] = 0.0  # the step from one shape to the next is no road
    return np.add.reduceat(steps, shape_start[:-1])


def split_ways(ways: OsmWays) -> tuple[DirectedEdges, LoadReport]:
    """Cut ways at shared nodes, at their ends and where nodes are missing; both directions.

    An edge and its way back stand side by side, edges in the order of the file. The report is that
    of the ways, with what became of their turn restrictions and fords.
    """
    refs, lonlat, run, way = _present_points(ways)
    ids, first_point, point, uses = np.unique(
        refs, return_index=True, return_inverse=True, return_counts=True
    )
    start, stop = _pieces(run, uses[point] > 1)
    # Only ends of pieces are nodes; all other points are shape.
    used, node = np.unique(np.concatenate([point[start], point[stop]]), return_inverse=True)
    from_node, to_node = node[: len(start)], node[len(start) :]
    piece, backwards = _both_ways(ways.direction[way[start]])
    edge_from = np.where(backwards, to_node[piece], from_node[piece]).astype(np.int32)
    edge_to = np.where(backwards, from_node[piece], to_node[piece]).astype(np.int32)
    edge_way = way[start][piece]
    counts = (stop - start + 1)[piece]
    points = ranges(start[piece], counts)
    mirrored = np.repeat((start + stop)[piece], counts) - points
    points = np.where(np.repeat(backwards, counts), mirrored, points)
    fords = _ford_pieces(np.isin(refs, ways.ford_refs), start, stop)
    node_ref = ids[used]
    turns, tally = forbidden_turns(
        ways.way_id[edge_way], node_ref[edge_from], node_ref[edge_to], ways.restrictions
    )
    edges = DirectedEdges(
        node_lonlat=lonlat[first_point[used]],
        edge_from=edge_from,
        edge_to=edge_to,
        edge_length_m=_piece_lengths_m(lonlat, start, stop)[piece],
        edge_class=ways.way_class[edge_way],
        edge_maxspeed_kmh=np.where(
            backwards, ways.maxspeed_back_kmh[edge_way], ways.maxspeed_kmh[edge_way]
        ),
        edge_name=ways.way_name[edge_way],
        edge_way=ways.way_id[edge_way],
        edge_marks=ways.way_marks[edge_way] | (fords[piece] * np.uint8(MARK_FORD)),
        edge_closure=ways.way_closure[edge_way],
        shape_start=starts_of(counts),
        shape_lonlat=lonlat[points],
        names=ways.names,
        closures=ways.closures,
        forbidden_turns=turns,
    )
    report = replace(
        ways.report,
        restrictions_applied=tally.applied,
        unresolved_relations=tally.unresolved_relations,
        fords=int(np.isin(ids, ways.ford_refs).sum() + (ways.way_marks & MARK_FORD > 0).sum()),
    )
    return edges, report


def _both_ways(direction: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the piece of every directed edge, and whether it runs backwards."""
    piece = np.repeat(np.arange(len(direction)), 2)
    backwards = np.tile(np.array([False, True]), len(direction))
    allowed = np.where(backwards, direction[piece] <= 0, direction[piece] >= 0)
    return piece[allowed], backwards[allowed]


def _piece_lengths_m(
    lonlat: NDArray[np.float64], start: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[np.float64]:
    counts = stop - start + 1
    return shape_lengths_m(starts_of(counts), lonlat[ranges(start, counts)])


def _ford_pieces(
    is_ford: NDArray[np.bool_], start: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return whether a piece has a ford among its points, its ends included."""
    before = starts_of(is_ford.astype(np.int64))
    has_ford: NDArray[np.bool_] = before[stop + 1] > before[start]
    return has_ford


def _present_points(
    ways: OsmWays,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return refs, lon/lat, run and way of the points that are there.

    A run is a stretch of one way without a missing node; a node named twice running counts once.
    """
    way = np.repeat(np.arange(len(ways.way_class)), np.diff(ways.way_start))
    missing = np.isnan(ways.lonlat[:, 0])
    run = way + np.cumsum(missing)
    keep = ~missing
    refs, lonlat, run, way = ways.refs[keep], ways.lonlat[keep], run[keep], way[keep]
    repeated = np.zeros(len(refs), bool)
    repeated[1:] = (refs[1:] == refs[:-1]) & (run[1:] == run[:-1])
    return refs[~repeated], lonlat[~repeated], run[~repeated], way[~repeated]


def _pieces(
    run: NDArray[np.int64], shared: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last point of every piece between cuts (shared nodes and ends of runs)."""
    changes = run[1:] != run[:-1]
    first = np.concatenate([np.ones(min(1, len(run)), bool), changes])
    last = np.concatenate([changes, np.ones(min(1, len(run)), bool)])
    cuts = np.flatnonzero(shared | first | last)
    starting = np.flatnonzero(~last[cuts])
    return cuts[starting], cuts[starting + 1]


def strongest_part(edges: DirectedEdges, report: LoadReport) -> RoadNetwork:
    """Measure all edges and keep the largest part in which every edge can follow every other.

    Without forbidden turns that is the largest strongly connected part by nodes. The report
    returned with the network tells parts, nodes and kilometres that were cut.
    """
    n = len(edges.node_lonlat)
    length_m = edges.edge_length_m
    parts, part = _strong_parts(edges.edge_from, edges.edge_to, n)
    keep_node = part == np.argmax(np.bincount(part))
    keep = keep_node[edges.edge_from] & keep_node[edges.edge_to]
    before_turns = int(np.count_nonzero(keep))
    if len(edges.forbidden_turns):
        keep = _within_turns(edges, keep)
        keep_node = np.bincount(edges.edge_from[keep], minlength=n) > 0
    new_node = np.cumsum(keep_node, dtype=np.int32) - np.int32(1)
    counts = np.diff(edges.shape_start)[keep]
    maxspeed = edges.edge_maxspeed_kmh[keep]
    return RoadNetwork(
        node_lonlat=edges.node_lonlat[keep_node],
        edge_from=new_node[edges.edge_from[keep]],
        edge_to=new_node[edges.edge_to[keep]],
        edge_length_m=length_m[keep],
        edge_class=edges.edge_class[keep],
        edge_maxspeed_kmh=maxspeed,
        edge_name=edges.edge_name[keep],
        edge_way=edges.edge_way[keep],
        edge_marks=edges.edge_marks[keep],
        edge_closure=edges.edge_closure[keep],
        shape_start=starts_of(counts),
        shape_lonlat=edges.shape_lonlat[ranges(edges.shape_start[:-1][keep], counts)],
        names=edges.names,
        closures=edges.closures,
        forbidden_turns=_kept_turns(edges.forbidden_turns, keep),
        report=replace(
            report,
            edges_with_maxspeed=int(np.count_nonzero(~np.isnan(maxspeed))),
            parts_found=parts,
            nodes_cut=int(n - np.count_nonzero(keep_node)),
            length_cut_km=round(float(length_m[~keep].sum()) / 1000, 3),
            edges_cut_by_turns=before_turns - int(np.count_nonzero(keep)),
        ),
    )


def _strong_parts(
    start: NDArray[np.integer], end: NDArray[np.integer], count: int
) -> tuple[int, NDArray[np.int32]]:
    graph = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(count, count))
    parts, part = connected_components(graph, directed=True, connection="strong")
    return int(parts), part


def _within_turns(edges: DirectedEdges, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which kept edges are in the largest part of the graph of allowed turns."""
    kept = np.flatnonzero(keep)
    by_start = kept[np.argsort(edges.edge_from[kept], kind="stable")]
    nodes = np.arange(len(edges.node_lonlat) + 1)
    first = np.searchsorted(edges.edge_from[by_start], nodes)
    end = edges.edge_to[kept]
    counts = first[end + 1] - first[end]
    before, after = np.repeat(kept, counts), by_start[ranges(first[end], counts)]
    m = len(keep)
    forbidden = edges.forbidden_turns[:, 0].astype(np.int64) * m + edges.forbidden_turns[:, 1]
    allowed = ~np.isin(before * m + after, forbidden)
    _, part = _strong_parts(before[allowed], after[allowed], m)
    within: NDArray[np.bool_] = keep & (part == np.argmax(np.bincount(part[kept])))
    return within


def _kept_turns(turns: NDArray[np.int32], keep: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the turns between kept edges, by their new numbers."""
    new_edge = np.cumsum(keep, dtype=np.int32) - np.int32(1)
    kept: NDArray[np.int32] = new_edge[turns[keep[turns].all(axis=1)]]
    return kept
