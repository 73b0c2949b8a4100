"""What the county's layers and seasons say about its roads: layers off by a datum, closures cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from network.closures import closed_shares
from network.problems import Problem, Text
from network.road_network import RoadNetwork
from scheduling.county.model import County
from scheduling.county.road_data import is_datum_stated, road_closures
from scheduling.county.settings import CountySettings

if TYPE_CHECKING:
    from network.snapping import RoadIndex


def shifted_layers(county: County, network: RoadNetwork) -> list[Problem]:
    """Find layers of unstated datum that fit the roads as GCJ-02 and not as they are."""
    shapes: dict[str, list[BaseGeometry]] = {
        "zones": [zone.geometry for zone in county.zones],
        "stations": [Point(unit.lon, unit.lat) for unit in county.units],
    }
    asked = {
        name: found for name, found in shapes.items() if not is_datum_stated(county.settings, name)
    }
    if not asked:
        return []
    from network.snapping import RoadIndex

    index, problems = RoadIndex(network), []
    for name, found in asked.items():
        problem = _shifted(name, found, index)
        if problem is not None:
            problems.append(problem)
    return problems


def _shifted(name: str, shapes: Sequence[BaseGeometry], index: RoadIndex) -> Problem | None:
    from network.shift import LEAST_POINTS, find_shift, roadside_points

    lonlat = roadside_points(shapes, index.metric)
    if len(lonlat) < LEAST_POINTS:  # spares the index where it is not needed
        return None
    shift = find_shift(lonlat, index.tree, index.metric)
    if shift is None:
        return None
    return Problem(
        code="roads.shifted-layer",
        file=name,
        field="geometry",
        cause=Text(
            f"坐标像是 GCJ-02：距道路（中位数）{shift.given_m:.0f} 米，"
            f"换算后 {shift.converted_m:.0f} 米（{shift.points} 点）",
            f"the coordinates seem to be GCJ-02: {shift.given_m:.0f} m off the roads (median), "
            f"{shift.converted_m:.0f} m once converted ({shift.points} points)",
        ),
        action=Text(
            f'在 county.toml 中写 layer_datum = {{ {name} = "gcj02" }}；若坐标无误则写 "wgs84"',
            f'write layer_datum = {{ {name} = "gcj02" }} in county.toml, or "wgs84" if the '
            "coordinates are right",
        ),
    )


def hidden_checkpoints(county: County, network: RoadNetwork) -> list[Problem]:
    """Find checkpoints out of sight of every usable road: driving past would not show them."""
    if not county.checkpoints:
        return []
    from network.snapping import RoadIndex

    index, sight_m = RoadIndex(network), county.settings.visit.sight_m
    problems = []
    for row in county.checkpoints:
        away_m = index.nearest(index.metric.flat(Point(row.lon, row.lat))).distance_m
        if away_m > sight_m:
            problems.append(
                Problem(
                    code="roads.checkpoint-too-far",
                    file="checkpoints",
                    where=f"zone {row.zone} {row.name}".strip(),
                    field="geometry",
                    cause=Text(
                        f"距最近可通行道路 {away_m:.0f} 米，超过视距 {sight_m:g} 米，沿路看不到",
                        f"{away_m:.0f} m from the nearest usable road, beyond the sight of "
                        f"{sight_m:g} m",
                    ),
                    action=Text(
                        "更正位置，补充道路数据，或另设为一个点状巡查区（停车步行前往）",
                        "correct its place, add the road, or make it a zone of its own, a point, "
                        "which is walked to",
                    ),
                )
            )
    return problems


def partial_closures(settings: CountySettings, network: RoadNetwork) -> tuple[Text, ...]:
    """Say which day classes have roads that are closed on some of their days only.

    A day class has one travel time for all its days: such roads count as closed from
    ``roads.closed_share`` of the days on, and as open below.
    """
    notices = []
    for day_class in settings.day_classes:
        season = (day_class.first, day_class.last)
        share = closed_shares(network, season, road_closures(settings))
        partly = (share > 0) & (share < 1)
        closed = partly & (share >= settings.roads.closed_share)
        for chosen, zh, en in ((closed, "封闭", "closed"), (partly & ~closed, "通行", "open")):
            if chosen.any():
                low, high = np.array([share[chosen].min(), share[chosen].max()]) * 100
                km = float(network.edge_length_m[chosen].sum()) / 2000
                notices.append(
                    Text(
                        f"日类 {day_class.name} 中约 {km:.1f} 公里道路只在部分日子封闭"
                        f"（{low:.0f}%–{high:.0f}%），全期按{zh}计；如需准确请拆分日类",
                        f"in day class {day_class.name} some {km:.1f} km of road are closed on "
                        f"{low:.0f}-{high:.0f} % of the days and count as {en} throughout; split "
                        "the class to be exact",
                    )
                )
    return tuple(notices)
