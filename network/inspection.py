"""What an inspector does at a site: from a place or an area to the ways of inspecting it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.road_network import RoadNetwork
from network.snapping import RoadIndex, RoadPlace, split_at
from network.travel import NO_PATH, join_shapes, whole_seconds
from network.walking import WalkingLeg

#: Nearer than this the site is on the road, but for the noise of projecting.
_NO_WALK_M = 0.01
Manner = Literal["stop", "drive", "see"]


@dataclass(frozen=True)
class Site:
    """A place to inspect: WGS-84 geometry and how: stop there, drive along it, or see it.

    ``checkpoints`` (lon, lat) have to be passed, each on the road nearest to it; where there are
    any, an area is driven by them rather than stopped at. A point has none.
    """

    id: str
    geometry: BaseGeometry
    manner: Manner
    checkpoints: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class InspectionSettings:
    """How much of an area must be seen, and from how far a thing counts as seen [D]."""

    seen_share: float = 0.8
    sight_m: float = 300.0


@dataclass(frozen=True)
class InspectionMode:
    """One way of inspecting: enter the road at a node, drive the edges, leave at a node.

    ``walk_m`` is the straight walk one way from the road to (lon, lat), the place inspected; when
    nothing is walked, (lon, lat) is the entry.
    """

    entry_node: int
    exit_node: int
    edges: tuple[int, ...]
    walk_m: float
    lon: float
    lat: float


@dataclass(frozen=True)
class InspectionTask:
    """A site and its modes (never none). ``seen_share`` is of its length or area, from the road.

    ``snap_distance_m`` is how far the site lies from the road; a stop counts as seen whole.
    ``hidden`` is what of an area no road shows (WGS-84, None: nothing), ``walks`` show it.
    """

    site: Site
    modes: tuple[InspectionMode, ...]
    snap_distance_m: float
    seen_share: float
    hidden: BaseGeometry | None = None
    walks: tuple[WalkingLeg, ...] = ()


class Draft(Protocol):
    """A site being worked out: the road places it needs, and its task once they are nodes."""

    @property
    def places(self) -> tuple[RoadPlace, ...]:
        """Where the network needs nodes."""
        ...

    def finish(self, index: RoadIndex, nodes: tuple[int, ...]) -> InspectionTask:
        """Return the task on the split network; ``nodes`` stand for ``places``."""
        ...


@dataclass(frozen=True)
class StopDraft:
    """Stop at the road place nearest to the site and walk the rest in a straight line."""

    site: Site
    flat: BaseGeometry
    places: tuple[RoadPlace, ...]

    def finish(self, index: RoadIndex, nodes: tuple[int, ...]) -> InspectionTask:
        """Return one mode: the node, and the walk from it to the nearest part of the site."""
        (node,) = nodes
        road = shapely.Point(index.metric.xy(index.network.node_lonlat[[node]])[0])
        nearest = shapely.shortest_line(self.flat, road).coords[0]
        walk_m = float(shapely.distance(self.flat, road))
        if walk_m < _NO_WALK_M:
            walk_m = 0.0
        lon, lat = index.metric.lonlat(np.array([nearest]))[0].tolist()
        if walk_m == 0:
            lon, lat = index.network.node_lonlat[node].tolist()
        mode = InspectionMode(node, node, (), walk_m, lon, lat)
        return InspectionTask(self.site, (mode,), walk_m, 1.0)


def draft_stop(index: RoadIndex, site: Site, flat: BaseGeometry) -> StopDraft:
    """Return the stop on the road nearest to the middle of the site.

    Where that leaves a walk to a site that reaches a road itself, the stop is on that road.
    """
    middle = index.nearest(middle_of(flat))
    road = shapely.line_interpolate_point(index.lines[middle.edge], middle.along_m)
    if flat.geom_type == "Point" or shapely.distance(flat, road) == 0:
        return StopDraft(site, flat, (middle,))
    return StopDraft(site, flat, (index.nearest(flat),))


def middle_of(flat: BaseGeometry) -> BaseGeometry:
    """Return a point of the geometry near its middle."""
    if flat.geom_type == "LineString":
        return shapely.line_interpolate_point(flat, 0.5, normalized=True)
    if shapely.intersects(flat, flat.centroid):
        return flat.centroid
    return shapely.point_on_surface(flat)


def one_dimension(geometry: BaseGeometry) -> BaseGeometry:
    """Return the parts of the highest dimension, made valid: areas, else lines, else points."""
    valid = shapely.make_valid(geometry)
    parts = np.array(shapely.get_parts(valid), dtype=object)
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    dimension = shapely.get_dimensions(parts)
    highest = parts[dimension == dimension.max()]
    if dimension.max() != 1:
        return shapely.union_all(highest)
    # Not a union: that would cut a line where it crosses itself.
    return (
        highest[0] if len(highest) == 1 else shapely.line_merge(shapely.multilinestrings(highest))
    )


def inspection_tasks(
    network: RoadNetwork, sites: Sequence[Site], settings: InspectionSettings
) -> tuple[RoadNetwork, tuple[InspectionTask, ...]]:
    """Return the network with its edges split where sites need nodes, and a task per site.

    - stop: the nearest road place, the rest on foot.
    - drive (lines; of a multi-line its parts are merged and the longest chain counts): the road
      along the line from end to end, and the other way unless one-way streets forbid it.
    - see (areas): a short circuit of roads from which the set share lies within sight (obstacles
      are not modelled), entered at up to four places, and up to four ways through that save a
      tenth; what no road shows is told, with walks to it.

    A manner that does not fit the geometry is mended: points are stopped at, areas are seen rather
    than driven along; lines may be seen. A site that no road sees or follows is stopped at.
    Raises ValueError for a geometry that is empty or not in degrees.
    """
    from network.driving import draft_drive
    from network.local_roads import ways_back
    from network.sighting import draft_see

    index = RoadIndex(network)
    back = ways_back(network)
    drafts: list[Draft] = []
    for site in sites:
        _require_place(site)
        flat = one_dimension(index.metric.flat(site.geometry))
        dimension = int(shapely.get_dimensions(flat))
        draft: Draft | None = None
        if dimension == 1 and site.manner == "drive":
            draft = draft_drive(index, site, flat)
        elif dimension > 0 and (site.manner != "stop" or site.checkpoints):
            draft = draft_see(index, back, site, flat, settings)
        drafts.append(draft or draft_stop(index, site, flat))
    places = [place for draft in drafts for place in draft.places]
    split, nodes = split_at(index, places)
    new_index = RoadIndex(split)
    tasks, first = [], 0
    for draft in drafts:
        after = first + len(draft.places)
        tasks.append(draft.finish(new_index, nodes[first:after]))
        first = after
    return split, tuple(tasks)


def _require_place(site: Site) -> None:
    if shapely.is_empty(site.geometry):
        raise ValueError(f"site {site.id} has an empty geometry")
    coordinates = np.abs(shapely.get_coordinates(site.geometry))
    if not (coordinates <= (180, 90)).all():  # false for NaN as well
        raise ValueError(f"site {site.id} is not in degrees of longitude and latitude")


def mode_seconds(
    network: RoadNetwork,
    mode: InspectionMode,
    seconds: NDArray[np.float64],
    inspect_kmh: float,
    walk_kmh: float,
) -> int:
    """Return whole seconds of driving inside and walking there and back, rounded up.

    Inside, each edge is driven at its own speed, but no faster than ``inspect_kmh``. NO_PATH when
    an edge is closed. The fixed minutes of a stop are not in it.
    """
    edges = list(mode.edges)
    slowest = np.maximum(seconds[edges], network.edge_length_m[edges] * 3.6 / inspect_kmh)
    total = float(slowest.sum()) + 2 * mode.walk_m * 3.6 / walk_kmh
    return int(whole_seconds(np.array([total]))[0]) if math.isfinite(total) else NO_PATH


def mode_length_m(network: RoadNetwork, mode: InspectionMode) -> float:
    """Return the metres driven inside (walking not counted)."""
    return float(network.edge_length_m[list(mode.edges)].sum())


def mode_shape(network: RoadNetwork, mode: InspectionMode) -> NDArray[np.float64]:
    """Return the (p, 2) lon/lat line of a mode, p ≥ 2: edges driven, or the walk there and back."""
    entry = network.node_lonlat[[mode.entry_node]]
    if mode.edges:
        return join_shapes(network, mode.edges)
    if mode.walk_m > 0:
        return np.concatenate([entry, [[mode.lon, mode.lat]], entry])
    return np.concatenate([entry, entry])
