"""Legs driven again on the road network: nothing in the plan is faster than the roads allow."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from network.problems import Text
from scheduling.audit.findings import Finding, breach, notice
from scheduling.audit.owed import Case
from scheduling.county.road_data import load_roads, road_closures, turn_costs
from scheduling.county.settings import CountySettings, DayClass
from scheduling.plan.model import Leg, Patrol

#: Ends of one leg (lon, lat), as its line states them.
_Ends = tuple[tuple[float, float], tuple[float, float]]
#: A leg may differ from the roads by this share, and by so many seconds and metres.
_SHARE, _SECONDS, _METRES = 0.01, 2, 20.0
#: Ends of legs are points of roads: farther off than this they are not on the network.
_OFF_ROAD_M = 50.0
#: Stands for the node of a point that no road passes.
_OFF_ROAD = -1


def check_roads(case: Case) -> Iterator[Finding]:
    """Find legs faster than the roads allow, at the speeds of the day.

    Only where the road file is given. A leg that takes longer than it must is a notice.
    """
    if case.roads is None:
        return
    yield from _same_inputs(case, case.roads.parent)
    legs: dict[str, dict[_Ends, list[tuple[Patrol, Leg]]]] = defaultdict(lambda: defaultdict(list))
    for patrol in case.shown_patrols:
        day_class = case.day_class(patrol.day)
        for leg in patrol.legs:
            line = leg.shape_lonlat
            if day_class is not None and len(line) and np.isfinite(line).all():
                ends = ((line[0][0], line[0][1]), (line[-1][0], line[-1][1]))
                legs[day_class.name][ends].append((patrol, leg))
    classes = {c.name: c for c in case.county.settings.day_classes}
    all_ends = [ends for by_ends in legs.values() for ends in by_ends]
    driven = _Driven(case.county.settings, case.roads, all_ends)
    for name, by_ends in sorted(legs.items()):
        found = driven.between(list(by_ends), case.county.settings, classes[name])
        for (seconds, length_m), uses in zip(found, by_ends.values(), strict=True):
            yield from _compare(uses, seconds, length_m)


class _Driven:
    """The road network with a node at every end of a leg."""

    def __init__(self, settings: CountySettings, roads: Path, legs: Sequence[_Ends]) -> None:
        from shapely.geometry import Point

        from network import Travel
        from network.snapping import RoadIndex, split_at

        index = RoadIndex(load_roads(settings, roads, cached=False))
        points = sorted({point for ends in legs for point in ends})
        flat = [index.metric.flat(Point(point)) for point in points]
        places = [index.nearest(point) for point in flat]
        self._network, nodes = split_at(index, places)
        self._travel = Travel(self._network, turn_costs(settings))
        self._node = {
            point: node if place.distance_m <= _OFF_ROAD_M else _OFF_ROAD
            for point, node, place in zip(points, nodes, places, strict=True)
        }

    def between(
        self, legs: Sequence[_Ends], settings: CountySettings, day_class: DayClass
    ) -> list[tuple[float, float]]:
        """Return least seconds and their metres per leg; infinite where no open road leads."""
        from network import NO_PATH

        seconds = self._edge_seconds(settings, day_class)
        nodes = [(self._node[start], self._node[end]) for start, end in legs]
        pairs = [pair for pair in nodes if _OFF_ROAD not in pair]
        paths = dict(zip(pairs, self._travel.paths(seconds, pairs), strict=True))
        nowhere = (float("inf"), float("inf"))
        return [
            (float(path.seconds), path.length_m)
            if (path := paths.get(pair)) is not None and path.seconds != NO_PATH
            else nowhere
            for pair in nodes
        ]

    def _edge_seconds(self, settings: CountySettings, day_class: DayClass) -> NDArray[np.float64]:
        from network import ROAD_CLASSES, SpeedTable, edge_seconds

        kmh: Mapping[str, float] = settings.speeds.model_dump()
        table = SpeedTable(
            kmh=tuple((name, kmh[name]) for name in ROAD_CLASSES),
            factor=day_class.speed_factor,
            class_factors=tuple(day_class.road_class_factors.items()),
            closed=day_class.closed_road_classes,
            season=(day_class.first, day_class.last),
            closures=road_closures(settings),
            closed_share=settings.roads.closed_share,
        )
        return edge_seconds(self._network, table)


def _compare(
    uses: Sequence[tuple[Patrol, Leg]], seconds: float, length_m: float
) -> Iterator[Finding]:
    slow = []
    for patrol, leg in uses:
        slack = seconds * _SHARE + _SECONDS
        name = f"{leg.from_zone or '驻地'}–{leg.to_zone or '驻地'}"
        if leg.drive_seconds < seconds - slack or not np.isfinite(seconds):
            least = f"{seconds:.0f}" if np.isfinite(seconds) else "∞"
            message = Text(
                f"{patrol.day} {patrol.id}：{name}行车{leg.drive_seconds}秒，按路网至少{least}秒",
                f"{patrol.day} {patrol.id}: {name} in {leg.drive_seconds} s, "
                f"the roads take at least {least} s",
            )
            yield breach(patrol.id, message, "physical")
        elif leg.drive_seconds > seconds + slack or _off(leg.length_m, length_m):
            slow.append((patrol, leg, name))
    if slow:
        patrol, leg, name = slow[0]
        message = Text(
            f"{name}：计划{leg.drive_seconds}秒、{leg.length_m:.0f}米，按路网{seconds:.0f}秒、"
            f"{length_m:.0f}米（{len(slow)}次）",
            f"{name}: {leg.drive_seconds} s and {leg.length_m:.0f} m planned, the fastest way is "
            f"{seconds:.0f} s and {length_m:.0f} m ({len(slow)} times)",
        )
        yield notice(patrol.id, message, "physical")


def _off(stated: float, measured: float) -> bool:
    return abs(stated - measured) > measured * _SHARE + _METRES


def _same_inputs(case: Case, folder: Path) -> Iterator[Finding]:
    """Say so when files of the county folder are not those that the plan was made from."""
    for name, stated in sorted(case.county.input_hashes.items()):
        path = folder / name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != stated:
            message = Text(
                f"{name} 已非编制计划时所用", f"{name} is not the one the plan was made from"
            )
            yield notice(name, message, "record")
