"""How good road data is, and what to mend first: parts, dead ends, places without a road, speeds.

Honest about what is not known: a road that is missing everywhere is not seen to be missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from network.build import DirectedEdges
from network.metric import LocalMetric, metric_of
from network.problems import Language, Text
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
    """A place that roads are for: WGS-84 geometry; ``settled`` where people live."""

    id: str
    name: str
    geometry: BaseGeometry
    settled: bool = False


@dataclass(frozen=True)
class Spot:
    """Something at a place: what it is about, where, and how many metres."""

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

    ``imputed_share`` is the share of road length whose speed is that of its class, no tag.
    ``province_densities`` are km of road per square km of the counties to compare with.
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

    @property
    def density(self) -> float:
        """Kilometres of road, tracks and service roads apart, per square kilometre."""
        return self.street_km / self.area_km2 if self.area_km2 else 0.0

    @property
    def province_median(self) -> float | None:
        """The counties' median density, None when there is nothing to compare with."""
        return median(self.province_densities) if self.province_densities else None

    def summary(self) -> tuple[Text, ...]:
        """Say the main figures, a sentence each."""
        km, share = f"{self.length_km:.0f}", f"{self.imputed_share:.0%}"
        cut = sum(part.length_km for part in self.cut_parts)
        parts, ends = self.parts_found, self.dead_ends
        told = len(self.dead_ends_near)
        return (
            Text(
                f"可用道路 {km} 公里；{share} 的里程没有限速数据，按道路等级取规划车速。",
                f"{km} km of usable road; {share} of it has no speed of its own and goes by class.",
            ),
            Text(
                f"互不连通部分 {parts} 个，舍去 {cut:.1f} 公里；断头路 {ends} 处，"
                f"其中 {told} 处为较高等级且临近巡查区。",
                f"{parts} unconnected parts, {cut:.1f} km left out; {ends} dead ends, {told} of "
                "them of higher class and near a zone.",
            ),
            self._density_sentence(),
        )

    def _density_sentence(self) -> Text:
        own, middle = f"{self.density:.2f}", self.province_median
        if middle is None:
            return Text(
                f"道路密度 {own} 公里/平方公里（未给出全省数据，无法对比）。",
                f"road density {own} km per square km (nothing given to compare it with).",
            )
        return Text(
            f"道路密度 {own} 公里/平方公里，{len(self.province_densities)} 县中位数 {middle:.2f}。",
            f"road density {own} km per square km; the median of {len(self.province_densities)} "
            f"counties is {middle:.2f}.",
        )

    def advice(self) -> tuple[Text, ...]:
        """Say what to mend, what keeps places from being reached at all first."""
        blocked = [spot for spot in self.far_sites if spot.metres > self.too_far_m]
        serving = [part for part in self.cut_parts if part.sites]
        served = [name for part in serving for name in part.sites]
        gap = min((part.gap_m for part in serving), default=0.0)
        walked = 2 * sum(spot.metres for spot in self.far_sites) / 50  # 3 km/h
        limit = f"{self.too_far_m / 1000:g}"
        middle = self.province_median
        thin = middle is not None and self.density < middle / 2
        said = (
            (len(blocked), Text(
                f"{len(blocked)} 处距道路超过 {limit} 公里，check 将拒绝：{_names(blocked)}。"
                "补道路、改坐标，或设 walk。",
                f"{len(blocked)} places lie more than {limit} km from any road and check refuses "
                f"them: {_names(blocked)}. Add the road, mend the place, or set walk.")),
            (len(serving), Text(
                f"{len(serving)} 片断开的道路服务 {len(served)} 处（{_listed(served)}），"
                f"最小缺口 {gap:.0f} 米：连通即可使用。",
                f"{len(serving)} cut-off parts serve {len(served)} places ({_listed(served)}); "
                f"the smallest gap is {gap:.0f} m: join them.")),
            (len(self.settled_off_road), Text(
                f"{len(self.settled_off_road)} 个村屯 {SETTLED_M:.0f} 米内没有道路："
                f"{_names(self.settled_off_road)}。",
                f"{len(self.settled_off_road)} settlements have no road within {SETTLED_M:.0f} m: "
                f"{_names(self.settled_off_road)}.")),
            (len(self.far_sites), Text(
                f"{len(self.far_sites)} 处距道路 {FAR_M:.0f} 米以上，每轮步行约 {walked:.0f} 分钟："
                f"{_names(self.far_sites)}。",
                f"{len(self.far_sites)} places lie more than {FAR_M:.0f} m from a road, some "
                f"{walked:.0f} minutes of walking a round: {_names(self.far_sites)}.")),
            (len(self.gaps), Text(
                f"{len(self.gaps)} 处断头路 {GAP_M:.0f} 米内有另一条未连通的道路，核对是否应相接："
                f"{_places(self.gaps)}。",
                f"{len(self.gaps)} dead ends have another road within {GAP_M:.0f} m that they do "
                f"not meet: {_places(self.gaps)}. See whether they should.")),
            (thin, Text(
                "道路密度不到全省中位数的一半，数据很可能不全：请导入本局道路图层。",
                "The density is below half of the province's median: the data are probably "
                "incomplete. Bring the bureau's road layer.")),
            (self.imputed_share > 0.5, Text(
                "多数道路没有限速：核对 county.toml 中各等级的规划车速 [D]。",
                "Most roads have no speed of their own: check the speeds by class in county.toml "
                "[D].")),
        )  # fmt: skip
        return tuple(text for holds, text in said if holds)

    def document(self, language: Language) -> dict[str, Any]:
        """Return everything as plain data, sentences in one language."""
        return {
            **asdict(self),
            "density": self.density,
            "province_median": self.province_median,
            "summary": [text.in_(language) for text in self.summary()],
            "advice": [text.in_(language) for text in self.advice()],
        }


def _names(spots: Sequence[Spot]) -> str:
    return _listed([spot.name for spot in spots])


def _places(spots: Sequence[Spot]) -> str:
    """Return the first names with their places: road names alone are too many of a kind."""
    return _listed([f"{spot.name} ({spot.lon:.5f}, {spot.lat:.5f})" for spot in spots], 2)


def _listed(names: Sequence[str], most: int = 4) -> str:
    return "、".join(names[:most]) + ("…" if len(names) > most else "")


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
    once = _each_once(network.edge_from, network.edge_to, network.edge_length_m)
    length_m = network.edge_length_m * once
    street = ~np.isin(network.edge_class, [ROAD_CLASSES.index(name) for name in _NO_STREETS])
    untagged = np.isnan(network.edge_maxspeed_kmh)
    flats = [index.metric.flat(site.geometry) for site in sites]
    snaps = [_snap(index, site, flat) for site, flat in zip(sites, flats, strict=True)]
    by_length = sorted(snaps, key=lambda spot: (-spot.metres, spot.name))
    hull = area or shapely.MultiPoint(network.node_lonlat).convex_hull
    ends, near, gaps = _dead_ends(index, flats)
    settled = {site.name or site.id for site in sites if site.settled}
    parts, cut = _cut_parts(index, everything, sites, flats, snaps)
    total_m = float(length_m.sum())
    return RoadQuality(
        source=network.report.source,
        area_km2=float(index.metric.flat(hull).area) / 1e6,
        length_km=total_m / 1000,
        street_km=float(length_m[street].sum()) / 1000,
        imputed_share=float(length_m[untagged].sum()) / total_m,
        parts_found=parts,
        cut_parts=cut,
        dead_ends=ends,
        dead_ends_near=near,
        gaps=gaps,
        settled_off_road=tuple(s for s in by_length if s.name in settled and s.metres > SETTLED_M),
        far_sites=tuple(spot for spot in by_length if spot.metres > FAR_M),
        longest_snaps=tuple(by_length[:_MOST_LISTED]),
        province_densities=tuple(province_densities),
        too_far_m=too_far_m,
    )


def _each_once(
    start: NDArray[np.int32], end: NDArray[np.int32], length_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a half for edges driven both ways, else one, (m,)."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    keys = np.column_stack([low, high, np.round(length_m * 10).astype(np.int64)])
    _, group, count = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    once: NDArray[np.float64] = np.where(count[group.reshape(-1)] > 1, 0.5, 1.0)
    return once


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
    count = len(everything.node_lonlat)
    start, end = everything.edge_from, everything.edge_to
    graph = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(count, count))
    parts, part = connected_components(graph, directed=False)
    length_m = everything.edge_length_m * _each_once(start, end, everything.edge_length_m)
    metres = np.bincount(part[start], weights=length_m, minlength=parts)
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
    return int(parts), tuple(found)


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
            gaps.append(Spot(name, lon, lat, round(gap, 1)))
        if higher[node] and len(flats):
            away = float(shapely.distance(point, flats[int(tree.nearest(point))]))
            if away <= NEAR_M:
                near.append(Spot(name, lon, lat, round(away, 1)))
    return len(ends), _nearest_first(near), _nearest_first(gaps)


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
    once = _each_once(network.edge_from, network.edge_to, network.edge_length_m)
    street = ~np.isin(network.edge_class, [ROAD_CLASSES.index(name) for name in _NO_STREETS])
    middles = np.array(
        [network.edge_shape(edge).mean(axis=0) for edge in range(network.edge_count)]
    )
    metric = metric_of(network)
    found = []
    for county in counties:
        inside = shapely.contains_xy(county, middles) & street
        km = float((network.edge_length_m * once)[inside].sum()) / 1000
        if km:
            found.append(km / (_own_metric(metric, county).flat(county).area / 1e6))
    return tuple(found)


def _own_metric(metric: LocalMetric, county: BaseGeometry) -> LocalMetric:
    """Return a plane centred on the county: a province is too wide for one."""
    middle = county.centroid
    return replace(metric, lon=round(middle.x, 3), lat=round(middle.y, 3))
