"""Land cut by the stations there are: by township outlines, else by the least travel time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network import Travel, edge_seconds
from network.snapping import RoadIndex
from scheduling.county.model import Unit
from scheduling.county.road_data import turn_costs
from scheduling.county.seasons import speed_table
from scheduling.zones.pieces import Land
from scheduling.zones.sizes import Drives
from scheduling.zones.townships import Township

#: Travel is asked for at one road node in each square of that size.
_GRID_M: Final = 400.0


def allot(
    stations: Sequence[Unit],
    outlines: Sequence[Township],
    extent: BaseGeometry,
    land: Land,
    drives: Drives,
) -> list[tuple[Township, Unit]]:
    """Return the land of each station, in metres; stations that get none are left out.

    An outline goes to the station that names it as its township or lies in it, else to the one
    from which its seat is reached soonest. Without outlines all of ``extent`` is shared out so.
    """
    reach = _Reach(stations, land, drives)
    if not outlines:
        return [
            (Township(station.township or station.name, area, _point(station, land)), station)
            for station, area in zip(stations, reach.cells(extent), strict=True)
            if area.area
        ]
    areas: dict[str, list[BaseGeometry]] = {}
    for outline in outlines:
        owner = _owner(outline, stations, land)
        station = stations[reach.nearest(outline.seat)] if owner is None else owner
        areas.setdefault(station.id, []).append(outline.area)
    return [
        (
            Township(
                station.township or station.name,
                shapely.union_all(areas[station.id]),
                _point(station, land),
            ),
            station,
        )
        for station in stations
        if station.id in areas
    ]


def squad_of(township: Township, squads: Sequence[Unit], land: Land) -> Unit | None:
    """Return the squad nearest to a township's seat as the crow flies, None without squads."""
    return min(
        squads,
        key=lambda squad: (shapely.distance(_point(squad, land), township.seat), squad.id),
        default=None,
    )


def _point(unit: Unit, land: Land) -> BaseGeometry:
    return land.metric.flat(shapely.Point(unit.lon, unit.lat))


def _owner(outline: Township, stations: Sequence[Unit], land: Land) -> Unit | None:
    named = [station for station in stations if station.township == outline.name]
    inside = [s for s in stations if shapely.contains(outline.area, _point(s, land))]
    return next(iter([*named, *inside]), None)


class _Reach:
    """Which station reaches a road node soonest, in the county's first day class."""

    def __init__(self, stations: Sequence[Unit], land: Land, drives: Drives) -> None:
        network, settings = drives.network, drives.settings
        index = RoadIndex(network)
        points = [
            index.metric.flat(shapely.Point(station.lon, station.lat)) for station in stations
        ]
        homes = [int(network.edge_from[index.nearest(point).edge]) for point in points]
        self._xy = land.metric.xy(network.node_lonlat)
        self._nodes = _spread(self._xy)
        seconds = edge_seconds(network, speed_table(settings, settings.day_classes[0]))
        travel = Travel(network, turn_costs(settings))
        times = travel.seconds(seconds, homes, self._nodes)
        self._station = np.where(times < 0, np.iinfo(np.int64).max, times).argmin(axis=0)
        self._count = len(stations)

    def nearest(self, point: BaseGeometry) -> int:
        """Return the number of the station that reaches the road nearest to a point soonest."""
        away = np.hypot(*(self._xy[self._nodes] - shapely.get_coordinates(point)[0]).T)
        return int(self._station[int(np.argmin(away))])

    def cells(self, extent: BaseGeometry) -> list[BaseGeometry]:
        """Return each station's part of the extent; land goes with the nearest road node."""
        points = shapely.MultiPoint(self._xy[self._nodes])
        if len(self._nodes) < 2 or self._count == 1:
            return [extent, *[shapely.Polygon()] * (self._count - 1)]
        cells = np.array(
            shapely.get_parts(shapely.voronoi_polygons(points, extend_to=extent, ordered=True))
        )
        return [
            shapely.union_all(cells[self._station == number]).intersection(extent)
            for number in range(self._count)
        ]


def _spread(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return one node of each square of the grid, the first."""
    _, first = np.unique(np.floor(xy / _GRID_M), axis=0, return_index=True)
    return np.sort(first)
