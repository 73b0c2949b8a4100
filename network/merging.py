"""A bureau's road layer merged over OSM: what OSM lacks is added and joined to what it has."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any, Final

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.build import starts_of
from network.load_report import Gap, LoadReport
from network.metric import LocalMetric
from network.noding import SAME_M, near_extent, node_ways
from network.osm_ways import OsmWays
from network.problems import InputError, Problem, Text
from network.road_layer import RoadLayer
from network.shift import find_shift

#: A stretch along OSM of up to so many merge distances is a crossing or an end, not the same road.
_CROSSING: Final = 3.0
#: New stretches shorter than so many merge distances are wobbles of the same road.
_WOBBLE: Final = 2.0
_EPSILON_M: Final = 0.5
_COLUMNS: Final = (
    "way_id",
    "way_class",
    "direction",
    "maxspeed_kmh",
    "maxspeed_back_kmh",
    "way_closure",
    "way_marks",
    "way_level",
    "way_name",
)


def noded_layer(own: OsmWays, layer: RoadLayer) -> OsmWays:
    """Return the ways of a road layer that is used alone, noded and with its gaps closed."""
    if not len(own.way_class):
        return own
    tolerance = np.full((len(own.way_class), 2), layer.gap_tolerance_m)
    is_new = np.ones(len(own.way_class), bool)
    noded, gaps = node_ways(own, is_new, tolerance, plane_of(own.lonlat))
    report = replace(
        own.report,
        ways_read=own.report.layer_roads,
        ways_used=own.report.layer_roads,
        gaps_closed=gaps,
    )
    return replace(noded, report=report)


def merged(osm: OsmWays, own: OsmWays, layer: RoadLayer) -> OsmWays:
    """Return OSM's ways with those stretches of the layer's that no OSM road accompanies.

    Raises InputError (``network.layer-shifted``) when the layer lies on OSM's roads as GCJ-02.
    """
    if not len(own.way_class):
        return replace(osm, report=_report(osm, own, 0.0, 0.0, ()))
    metric = plane_of(own.lonlat)
    lines = _in_plane(own, metric, own.lonlat)
    known = _in_plane(osm, metric, own.lonlat)
    tree = shapely.STRtree(known)
    if not layer.datum_known:
        _refuse_shifted(own, tree, metric, layer)
    added = _new_stretches(lines, known, tree, layer.merge_distance_m)
    new = _stretches(own, added, metric)
    # An end that has an OSM road beside it, such as where a stretch was cut off, is led onto it.
    ends = new.way_start[:-1], new.way_start[1:] - 1
    points = np.column_stack([shapely.points(metric.xy(new.lonlat[end])) for end in ends])
    reach_m = layer.merge_distance_m + _EPSILON_M
    is_beside = np.zeros(points.size, bool)
    is_beside[tree.query(points.ravel(), predicate="dwithin", distance=reach_m)[0]] = True
    tolerance = layer.gap_tolerance_m + reach_m * is_beside.reshape(-1, 2)
    every = _joined(osm, new)
    is_new = np.arange(len(every.way_class)) >= len(osm.way_class)
    padding = np.zeros((len(osm.way_class), 2))
    noded, gaps = node_ways(every, is_new, np.concatenate([padding, tolerance]), metric)
    small = tuple(gap for gap in gaps if gap.metres <= layer.gap_tolerance_m)
    total_m = float(shapely.length(lines).sum())
    added_m = float(sum(shapely.length(found).sum() for found in added))
    return replace(noded, report=_report(osm, own, added_m, total_m - added_m, small))


def _refuse_shifted(
    own: OsmWays, tree: shapely.STRtree, metric: LocalMetric, layer: RoadLayer
) -> None:
    shift = find_shift(own.lonlat, tree, metric)
    if shift is None:
        return
    raise InputError(
        [
            Problem(
                code="network.layer-shifted",
                file=layer.path.name,
                field="geometry",
                cause=Text(
                    f"道路图层像是 GCJ-02：距 OSM 道路（中位数）{shift.given_m:.0f} 米，"
                    f"换算后 {shift.converted_m:.0f} 米",
                    f"the road layer seems to be in GCJ-02: {shift.given_m:.0f} m off OSM's roads "
                    f"(median), {shift.converted_m:.0f} m once converted",
                ),
                action=Text(
                    '在 county.toml 中写 layer_datum = { roads = "gcj02" }；若坐标无误则写 "wgs84"',
                    'write layer_datum = { roads = "gcj02" } in county.toml, or "wgs84" if the '
                    "coordinates are right",
                ),
            )
        ]
    )


def _report(
    osm: OsmWays, own: OsmWays, added_m: float, known_m: float, gaps: tuple[Gap, ...]
) -> LoadReport:
    return replace(
        osm.report,
        layer_roads=own.report.layer_roads,
        layer_without_line=own.report.layer_without_line,
        layer_classes_left_out=own.report.layer_classes_left_out,
        layer_km_added=round(added_m / 1000, 3),
        layer_km_known=max(0.0, round(known_m / 1000, 3)),
        gaps_closed=gaps,
    )


def plane_of(lonlat: NDArray[np.float64]) -> LocalMetric:
    """Return the plane centred on the middle of the points that are there."""
    low, high = np.nanmin(lonlat, axis=0), np.nanmax(lonlat, axis=0)
    lon, lat = (low + high) / 2
    return LocalMetric(round(float(lon), 3), round(float(lat), 3))


def _in_plane(
    ways: OsmWays, metric: LocalMetric, around: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return each way as a line of its points near others, empty where there are fewer than two."""
    owner = np.repeat(np.arange(len(ways.way_class)), np.diff(ways.way_start))
    known = near_extent(ways.lonlat, around)
    enough = np.bincount(owner[known], minlength=len(ways.way_class)) > 1
    kept = known & enough[owner]
    lines = np.full(len(ways.way_class), shapely.LineString(), object)
    if kept.any():
        numbers, index = np.unique(owner[kept], return_inverse=True)
        lines[numbers] = shapely.linestrings(metric.xy(ways.lonlat[kept]), indices=index)
    return lines


def _new_stretches(
    lines: NDArray[np.object_],
    known: NDArray[np.object_],
    tree: shapely.STRtree,
    distance_m: float,
) -> list[NDArray[np.object_]]:
    """Return of each line the stretches that no known one accompanies."""
    line_of, near = tree.query(lines, predicate="dwithin", distance=distance_m)
    strips = shapely.buffer(known, distance_m, quad_segs=4)
    pieces, pair = shapely.get_parts(
        shapely.intersection(lines[line_of], strips[near]), return_index=True
    )
    is_line = shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING
    pieces, line_of = pieces[is_line], line_of[pair[is_line]]
    # A piece of a line that crosses itself is measured by its middle, which may misplace it: a
    # stretch is then added although it is known, which does no harm.
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    centre, half = shapely.line_locate_point(lines[line_of], middle), shapely.length(pieces) / 2
    spans: list[list[tuple[float, float]]] = [[] for _ in lines]
    for number, start, stop in zip(
        line_of.tolist(), (centre - half).tolist(), (centre + half).tolist(), strict=True
    ):
        spans[number].append((start, stop))
    return [
        _stretches_of(line, _united(along), distance_m)
        for line, along in zip(lines.tolist(), spans, strict=True)
    ]


def _united(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the spans in order, those that touch or overlap as one."""
    united: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if united and start - united[-1][1] <= SAME_M:
            united[-1] = (united[-1][0], max(stop, united[-1][1]))
        else:
            united.append((start, stop))
    return united


def _stretches_of(
    line: BaseGeometry, beside: list[tuple[float, float]], distance_m: float
) -> NDArray[np.object_]:
    """Return what is left of a line without its long spans (metres) beside known roads."""
    same = [
        (start, stop)
        for start, stop in beside
        if stop - start > min(_CROSSING * distance_m, line.length - _EPSILON_M)
    ]
    if not same:
        return np.array([line], object)
    edges = np.array([0.0, *chain(*same), line.length]).reshape(-1, 2)
    new = edges[edges[:, 1] - edges[:, 0] > _WOBBLE * distance_m]
    found = np.empty(len(new), object)
    found[:] = [shapely.ops.substring(line, start, stop) for start, stop in new.tolist()]
    return found


def _stretches(own: OsmWays, stretches: list[NDArray[np.object_]], metric: LocalMetric) -> OsmWays:
    """Return the stretches as ways with the attributes of theirs."""
    way = np.repeat(np.arange(len(stretches)), [len(found) for found in stretches])
    lines = np.concatenate([np.empty(0, object), *stretches])
    lonlat = metric.lonlat(shapely.get_coordinates(lines))
    columns: dict[str, Any] = {name: getattr(own, name)[way] for name in _COLUMNS}
    return replace(
        own,
        refs=-np.arange(1, len(lonlat) + 1),
        lonlat=lonlat,
        way_start=starts_of(shapely.get_num_points(lines).astype(np.int64)),
        **columns,
    )


def _joined(osm: OsmWays, new: OsmWays) -> OsmWays:
    """Return both sets of ways as one, OSM's first; new refs that OSM uses too are replaced."""
    names = {name: number for number, name in enumerate(osm.names)}
    translated = [names.setdefault(name, len(names)) for name in new.names]
    taken = np.unique(osm.refs)
    free = np.setdiff1d(-np.arange(1, len(new.refs) + len(taken) + 1), taken)[::-1]
    both: dict[str, Any] = {
        name: np.concatenate([getattr(osm, name), getattr(new, name)]) for name in _COLUMNS
    }
    both["way_name"] = np.concatenate([osm.way_name, np.array(translated, np.int32)[new.way_name]])
    return replace(
        osm,
        refs=np.concatenate([osm.refs, free[: len(new.refs)]]),
        lonlat=np.concatenate([osm.lonlat, new.lonlat]),
        way_start=np.concatenate([osm.way_start, osm.way_start[-1] + new.way_start[1:]]),
        names=tuple(names),
        **both,
    )
