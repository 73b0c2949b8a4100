"""How good road data is, and what to mend first: parts, dead ends, places without a road, speeds.

Honest about what is not known: a road that is missing everywhere is not seen to be missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from network.build import DirectedEdges
from network.map_lines import one_per_road
from network.metric import LocalMetric, metric_of
from network.road_network import ROAD_CLASSES, RoadNetwork
from network.snapping import RoadIndex

#: A place farther from every road is told [D]; a settlement is without a road from here on [D].
FAR_M: Final = 500.0
SETTLED_M: Final = 300.0
#: A dead end this near to a place is told, and another road this near to it is a gap [D].
NEAR_M: Final = 500.0
GAP_M: Final = 15.0
#: A dead end shorter than this is near the road it leaves, and no gap.
_STUB_M: Final = 60.0
_MOST_LISTED: Final = 20
_LEAST_PART_KM: Final = 0.05
_LESSER = frozenset({"residential", "living_street", "service", "track"})
_NO_STREETS = frozenset({"service", "track"})


@dataclass(frozen=True)
class QualitySite:
    """A place that roads are for: WGS-84 geometry; ``settled`` where people live.

    ``visited`` are the county's zones and units, not what is only on the map.
    """

    id: str
    name: str
    geometry: BaseGeometry
    settled: bool = False
    visited: bool = True


@dataclass(frozen=True)
class Spot:
    """Something at a place: what it is about, where, and how many metres.

    A road without a name goes by its class.
    """

    name: str
    lon: float
    lat: float
    metres: float


@dataclass(frozen=True)
class CutPart:
    """Roads cut off from the rest: kilometres, the gap to the rest, and the places they serve."""

    lon: float
    lat: float
    length_km: float
    gap_m: float
    sites: tuple[str, ...]


@dataclass(frozen=True)
class RoadQuality:
    """What was found. Kilometres count a road once; lists are longest or nearest first.

    ``street_km`` are of the roads in the area but tracks and service roads. ``imputed_share`` is
    the share of road length whose speed is that of its class, no tag. ``province_densities`` are
    km of road per square km of the counties to compare with. The area is the hull of all roads
    where none was given. Of ``far_sites`` all are visited.
    """

    source: str
    area_km2: float
    length_km: float
    street_km: float
    imputed_share: float
    parts_found: int
    cut_parts: tuple[CutPart, ...]
    dead_ends: int
    dead_ends_near: tuple[Spot, ...]
    gaps: tuple[Spot, ...]
    settled_off_road: tuple[Spot, ...]
    far_sites: tuple[Spot, ...]
    longest_snaps: tuple[Spot, ...]
    province_densities: tuple[float, ...] = ()
    too_far_m: float = 2000.0
    area_is_hull: bool = False

    @property
    def density(self) -> float:
        """Kilometres of road, tracks and service roads apart, per square kilometre."""
        return self.street_km / self.area_km2 if self.area_km2 else 0.0

    @property
    def province_median(self) -> float | None:
        """The counties' median density, None when there is nothing to compare with."""
        return median(self.province_densities) if self.province_densities else None


def road_quality(
    network: RoadNetwork,
    everything: DirectedEdges,
    sites: Sequence[QualitySite],
    *,
    area: BaseGeometry | None = None,
    province_densities: Sequence[float] = (),
    too_far_m: float = 2000.0,
) -> RoadQuality:
    """Judge a network by the places it is for; ``everything`` are its edges before it was cut.

    ``area`` (WGS-84) is what the density refers to, else the hull of all roads.
    """
    index = RoadIndex(network)
    length_m = network.edge_length_m * one_per_road(network)
    street = ~np.isin(network.edge_class, [ROAD_CLASSES.index(name) for name in _NO_STREETS])
    untagged = np.isnan(network.edge_maxspeed_kmh)
    flats = [index.metric.flat(site.geometry) for site in sites]
    snaps = [_snap(index, site, flat) for site, flat in zip(sites, flats, strict=True)]
    off_road = sorted(zip(snaps, sites, strict=True), key=lambda one: (-one[0].metres, one[0].name))
    whole = area or shapely.MultiPoint(network.node_lonlat).convex_hull
    if area is not None:
        street &= shapely.contains_xy(area, _middles(network))
    ends, near, gaps = _dead_ends(index, flats)
    parts, cut = _cut_parts(index, everything, sites, flats, snaps)
    total_m = float(length_m.sum())
    return RoadQuality(
        source=network.report.source,
        area_km2=float(index.metric.flat(whole).area) / 1e6,
        length_km=total_m / 1000,
        street_km=float(length_m[street].sum()) / 1000,
        imputed_share=float(length_m[untagged].sum()) / total_m,
        parts_found=parts,
        cut_parts=cut,
        dead_ends=ends,
        dead_ends_near=near,
        gaps=gaps,
        settled_off_road=tuple(s for s, at in off_road if at.settled and s.metres > SETTLED_M),
        far_sites=tuple(s for s, at in off_road if at.visited and s.metres > FAR_M),
        longest_snaps=tuple(spot for spot, _ in off_road[:_MOST_LISTED]),
        province_densities=tuple(province_densities),
        too_far_m=too_far_m,
        area_is_hull=area is None,
    )


def _snap(index: RoadIndex, site: QualitySite, flat: BaseGeometry) -> Spot:
    lon, lat = shapely.point_on_surface(site.geometry).coords[0][:2]
    away = index.nearest(flat).distance_m
    return Spot(site.name or site.id, round(lon, 6), round(lat, 6), round(away, 1))


def _cut_parts(
    index: RoadIndex,
    everything: DirectedEdges,
    sites: Sequence[QualitySite],
    flats: Sequence[BaseGeometry],
    snaps: Sequence[Spot],
) -> tuple[int, tuple[CutPart, ...]]:
    """Return how many parts there are, and those cut off: most places served, then longest."""
    part, metres = _parts(everything)
    start = everything.edge_from
    main = int(np.argmax(metres))
    shapes = everything.shape_lonlat, everything.shape_start
    found = []
    for number in np.flatnonzero(metres >= _LEAST_PART_KM * 1000).tolist():
        if number != main:
            edges = np.flatnonzero(part[start] == number)
            lines = index.metric.flat(shapely.MultiLineString(
                [shapes[0][shapes[1][e]:shapes[1][e + 1]] for e in edges]
            ))  # fmt: skip
            gap = float(shapely.distance(lines, index.lines[index.tree.nearest(lines)]))
            lon, lat = everything.node_lonlat[start[edges[0]]].tolist()
            served = tuple(
                site.name or site.id
                for site, flat, snap in zip(sites, flats, snaps, strict=True)
                if snap.metres > 100 and shapely.distance(flat, lines) < snap.metres / 2
            )
            km = float(metres[number]) / 1000
            found.append(CutPart(round(lon, 6), round(lat, 6), round(km, 3), round(gap, 1), served))
    found.sort(key=lambda one: (-len(one.sites), -one.length_km, one.lon, one.lat))
    return len(metres), tuple(found)


def _parts(everything: DirectedEdges) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the connected part of each node, and the metres of road of each part."""
    count = len(everything.node_lonlat)
    start, end = everything.edge_from, everything.edge_to
    graph = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(count, count))
    parts, part = connected_components(graph, directed=False)
    length_m = everything.edge_length_m * one_per_road(everything)
    metres = np.bincount(part[start], weights=length_m, minlength=parts)
    return np.asarray(part, np.int32), np.asarray(metres, np.float64)


def cut_off_edges(everything: DirectedEdges) -> NDArray[np.bool_]:
    """Return (m,) which edges are in the parts told as cut off."""
    part, metres = _parts(everything)
    is_told = metres >= _LEAST_PART_KM * 1000
    is_told[int(np.argmax(metres))] = False
    told: NDArray[np.bool_] = is_told[part[everything.edge_from]]
    return told


def _dead_ends(
    index: RoadIndex, flats: Sequence[BaseGeometry]
) -> tuple[int, tuple[Spot, ...], tuple[Spot, ...]]:
    """Return how many nodes lead one way only, those of higher class near a site, and gaps."""
    network = index.network
    pairs = np.unique(
        np.sort(np.column_stack([network.edge_from, network.edge_to]), axis=1), axis=0
    )
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    degree = np.bincount(pairs.reshape(-1), minlength=network.node_count)
    lesser = np.isin(network.edge_class, [ROAD_CLASSES.index(name) for name in _LESSER])
    higher = np.zeros(network.node_count, bool)
    higher[network.edge_from[~lesser]] = True
    ends = np.flatnonzero(degree == 1)
    tree = shapely.STRtree(flats)
    points = shapely.points(index.node_xy[ends])
    near, gaps = [], []
    for node, point in zip(ends.tolist(), points, strict=True):
        gap = _gap(index, node, point)
        name = _road_name(network, node)
        lon, lat = np.round(network.node_lonlat[node], 6).tolist()
        if gap is not None:
            gaps.append((point, Spot(name, lon, lat, round(gap, 1))))
        if higher[node] and len(flats):
            away = float(shapely.distance(point, flats[int(tree.nearest(point))]))
            if away <= NEAR_M:
                near.append(Spot(name, lon, lat, round(away, 1)))
    return len(ends), _nearest_first(near), _nearest_first(_each_gap(gaps))


def _each_gap(found: Sequence[tuple[BaseGeometry, Spot]]) -> list[Spot]:
    """Return the gaps, one of each two dead ends that face each other."""
    points = np.array([point for point, _ in found], dtype=object)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=GAP_M)
    facing: dict[int, list[int]] = {}
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        if second < first:
            facing.setdefault(first, []).append(second)
    kept: set[int] = set()
    for number in range(len(found)):
        if not kept & set(facing.get(number, ())):
            kept.add(number)
    return [found[number][1] for number in sorted(kept)]


def _nearest_first(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    return tuple(sorted(spots, key=lambda spot: (spot.metres, spot.lon, spot.lat)))


def _gap(index: RoadIndex, node: int, point: BaseGeometry) -> float | None:
    """Return the metres to a road that the dead end does not meet, nor its crossing close by."""
    network = index.network
    around = index.tree.query(point, predicate="dwithin", distance=GAP_M)
    own = around[(network.edge_from[around] == node) | (network.edge_to[around] == node)]
    stubs = own[network.edge_length_m[own] < _STUB_M]
    known = np.union1d(node, [*network.edge_from[stubs], *network.edge_to[stubs]])
    met = np.isin(network.edge_from[around], known) | np.isin(network.edge_to[around], known)
    others = around[~met]
    if not len(others):
        return None
    return float(shapely.distance(point, index.lines[others]).min())


def _road_name(network: RoadNetwork, node: int) -> str:
    edge = int(np.flatnonzero(network.edge_to == node)[0])
    return network.names[network.edge_name[edge]] or ROAD_CLASSES[network.edge_class[edge]]


def densities(network: RoadNetwork, counties: Sequence[BaseGeometry]) -> tuple[float, ...]:
    """Return km of road (no tracks, no service roads) per square km of each county (WGS-84).

    Counties without any road are left out: the file does not reach them.
    """
    length_m = network.edge_length_m * one_per_road(network)
    street = ~np.isin(network.edge_class, [ROAD_CLASSES.index(name) for name in _NO_STREETS])
    middles = _middles(network)
    metric = metric_of(network)
    found = []
    for county in counties:
        inside = shapely.contains_xy(county, middles) & street
        km = float(length_m[inside].sum()) / 1000
        if km:
            found.append(km / (_own_metric(metric, county).flat(county).area / 1e6))
    return tuple(found)


def _middles(network: RoadNetwork) -> NDArray[np.float64]:
    """Return (m, 2) a place about the middle of each edge."""
    sums = np.add.reduceat(network.shape_lonlat, network.shape_start[:-1], axis=0)
    middles: NDArray[np.float64] = sums / np.diff(network.shape_start)[:, None]
    return middles


def _own_metric(metric: LocalMetric, county: BaseGeometry) -> LocalMetric:
    """Return a plane centred on the county: a province is too wide for one."""
    middle = county.centroid
    return replace(metric, lon=round(middle.x, 3), lat=round(middle.y, 3))
