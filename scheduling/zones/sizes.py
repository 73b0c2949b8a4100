"""Zones whose inspection takes too long are cut again, by the drive that it really takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from shapely.geometry.base import BaseGeometry

from network import InspectionSettings, Site, edge_seconds, inspection_tasks, mode_seconds
from network.road_network import RoadNetwork
from scheduling.county.seasons import speed_table
from scheduling.county.settings import CountySettings
from scheduling.roads import STOP_KINDS
from scheduling.zones.cutting import cut_into
from scheduling.zones.pieces import Land, Piece

#: A drive that takes longer is cut, into drives of about so long [D].
TOO_LONG_MINUTES: Final = 150.0
GOOD_MINUTES: Final = 90.0
#: It is when the longest part takes at most this share of the whole.
_WORTH_IT: Final = 0.7


@dataclass(frozen=True)
class Drives:
    """Measures what inspecting an area takes on a county's roads, in its first day class."""

    network: RoadNetwork
    settings: CountySettings

    def minutes(self, areas: Sequence[BaseGeometry]) -> list[float]:
        """Return the minutes driven (and walked) for each WGS-84 area."""
        visit = self.settings.visit
        seen = InspectionSettings(visit.seen_share, visit.sight_m)
        sites = [Site(str(number), area, "see") for number, area in enumerate(areas)]
        network, tasks = inspection_tasks(self.network, sites, seen)
        seconds = edge_seconds(network, speed_table(self.settings, self.settings.day_classes[0]))
        return [
            mode_seconds(network, task.modes[0], seconds, visit.roadside_kmh, visit.walk_kmh) / 60
            for task in tasks
        ]


def sensible_sizes(
    groups: Sequence[Sequence[Piece]], land: Land, drives: Drives
) -> list[list[Piece]]:
    """Return the pieces of each group, those cut up that take too long to look at, where it helps.

    It does not always: parts that only a way through another part shows take as long as the whole.
    """
    seen = [
        (group, place, piece)
        for group, pieces in enumerate(groups)
        for place, piece in enumerate(pieces)
        if piece.kind not in STOP_KINDS and piece.shape.area > 0
    ]
    long: list[tuple[tuple[int, int], float, list[Piece]]] = []
    for (group, place, piece), minutes in zip(
        seen, _minutes([piece for _, _, piece in seen], land, drives), strict=True
    ):
        if minutes > TOO_LONG_MINUTES:
            parts = _parts(piece, land, math.ceil(minutes / GOOD_MINUTES))
            long.append(((group, place), minutes, parts))
    taken = iter(_minutes([part for _, _, parts in long for part in parts], land, drives))
    instead = {
        key: parts
        for key, minutes, parts in long
        if max([next(taken) for _ in parts]) < minutes * _WORTH_IT
    }
    return [
        [part for n, piece in enumerate(pieces) for part in instead.get((group, n), [piece])]
        for group, pieces in enumerate(groups)
    ]


def _minutes(pieces: Sequence[Piece], land: Land, drives: Drives) -> list[float]:
    return [] if not pieces else drives.minutes([land.back(piece.shape) for piece in pieces])


def _parts(piece: Piece, land: Land, count: int) -> list[Piece]:
    return [
        replace(piece, name=f"{piece.name}-{number}", shape=part)
        for number, part in enumerate(cut_into(piece.shape, land, count), 1)
    ]
