"""From ways to the road network: split at junctions, measure, keep the largest connected part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from network.osm_ways import OsmWays
from network.road_network import LoadReport, RoadNetwork

_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True)
class DirectedEdges:
    """All directed edges before anything is cut, fields as in RoadNetwork."""

    node_lonlat: NDArray[np.float64]
    edge_from: NDArray[np.int32]
    edge_to: NDArray[np.int32]
    edge_class: NDArray[np.int8]
    edge_maxspeed_kmh: NDArray[np.float32]
    edge_name: NDArray[np.int32]
    shape_start: NDArray[np.int64]
    shape_lonlat: NDArray[np.float64]
    names: tuple[str, ...]


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


def split_ways(ways: OsmWays) -> DirectedEdges:
    """Cut ways at shared nodes, at their ends and where nodes are missing; both directions.

    An edge and its way back stand side by side, edges in the order of the file.
    """
    refs, lonlat, run, way = _present_points(ways)
    _, first_point, point, uses = np.unique(
        refs, return_index=True, return_inverse=True, return_counts=True
    )
    start, stop = _pieces(run, uses[point] > 1)
    # Only ends of pieces are nodes; all other points are shape.
    used, node = np.unique(np.concatenate([point[start], point[stop]]), return_inverse=True)
    from_node, to_node = node[: len(start)], node[len(start) :]
    direction = ways.direction[way[start]]
    piece = np.repeat(np.arange(len(start)), 2)
    backwards = np.tile(np.array([False, True]), len(start))
    allowed = np.where(backwards, direction[piece] <= 0, direction[piece] >= 0)
    piece, backwards = piece[allowed], backwards[allowed]
    from_node, to_node = from_node[piece], to_node[piece]
    start, stop = start[piece], stop[piece]
    counts = stop - start + 1
    points = ranges(start, counts)
    mirrored = np.repeat(start + stop, counts) - points
    points = np.where(np.repeat(backwards, counts), mirrored, points)
    edge_way = way[start]
    return DirectedEdges(
        node_lonlat=lonlat[first_point[used]],
        edge_from=np.where(backwards, to_node, from_node).astype(np.int32),
        edge_to=np.where(backwards, from_node, to_node).astype(np.int32),
        edge_class=ways.way_class[edge_way],
        edge_maxspeed_kmh=ways.maxspeed_kmh[edge_way],
        edge_name=ways.way_name[edge_way],
        shape_start=starts_of(counts),
        shape_lonlat=lonlat[points],
        names=ways.names,
    )


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
    """Measure all edges and keep the largest strongly connected part (by nodes).

    The report returned with the network tells parts, nodes and kilometres that were cut.
    """
    n = len(edges.node_lonlat)
    length_m = shape_lengths_m(edges.shape_start, edges.shape_lonlat)
    ones = np.ones(len(edges.edge_from), np.int8)
    graph = coo_array((ones, (edges.edge_from, edges.edge_to)), shape=(n, n))
    parts, part = connected_components(graph, directed=True, connection="strong")
    keep_node = part == np.argmax(np.bincount(part))
    keep = keep_node[edges.edge_from] & keep_node[edges.edge_to]
    new_node = np.cumsum(keep_node, dtype=np.int32) - np.int32(1)
    counts = np.diff(edges.shape_start)[keep]
    shape = edges.shape_lonlat[ranges(edges.shape_start[:-1][keep], counts)]
    maxspeed = edges.edge_maxspeed_kmh[keep]
    return RoadNetwork(
        node_lonlat=edges.node_lonlat[keep_node],
        edge_from=new_node[edges.edge_from[keep]],
        edge_to=new_node[edges.edge_to[keep]],
        edge_length_m=length_m[keep],
        edge_class=edges.edge_class[keep],
        edge_maxspeed_kmh=maxspeed,
        edge_name=edges.edge_name[keep],
        shape_start=starts_of(counts),
        shape_lonlat=shape,
        names=edges.names,
        report=LoadReport(
            source=report.source,
            ways_read=report.ways_read,
            ways_used=report.ways_used,
            missing_nodes=report.missing_nodes,
            edges_with_maxspeed=int(np.count_nonzero(~np.isnan(maxspeed))),
            parts_found=int(parts),
            nodes_cut=int(n - np.count_nonzero(keep_node)),
            length_cut_km=round(float(length_m[~keep].sum()) / 1000, 3),
        ),
    )
