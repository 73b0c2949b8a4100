"""Both sides of main roads (level 1) and of county and township roads (level 2), as pieces."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from network.features import OsmRoad
from scheduling.county.model import ZoneKind
from scheduling.zones.pieces import COUNTY_ROAD_M, MAIN_ROAD_M, Land, Piece

_MAIN_REF = re.compile(r"^[GS]\s?\d")
_COUNTY_REF = re.compile(r"^[XY]\s?\d")
LONGEST_M = 15_000.0
#: Shorter stretches are not driven one by one but gathered into one road-side area.
SHORTEST_M = 2_000.0
#: Two carriageways nearer than this are one road.
_CARRIAGEWAYS_M = 40.0
_CROSSING_M = 200.0
_LEVELS = (
    (1, "主要公路两侧", "公路", MAIN_ROAD_M),
    (2, "县乡道路两侧", "县乡道路", COUNTY_ROAD_M),
)


def road_level(road: OsmRoad) -> int | None:
    """Return 1 for main roads, 2 for county and township roads, None for others.

    Motorways are left out: nobody may stop there, and what is built beside them is reached from
    other roads.
    """
    if road.road_class == "motorway":
        return None
    if road.road_class in {"trunk", "primary"} or _MAIN_REF.match(road.ref):
        return 1
    if road.road_class in {"secondary", "tertiary"} or _COUNTY_REF.match(road.ref):
        return 2
    return None


def road_pieces(roads: Sequence[OsmRoad], township: BaseGeometry, land: Land) -> list[Piece]:
    """Return the road sides of one township: a piece per road, and one for all short stretches.

    Roads are told apart by number, else by name, cut at the township's boundary and into
    stretches of at most 15 km. A county road running beside a main one counts as main.
    """
    pieces: list[Piece] = []
    taken: BaseGeometry = shapely.GeometryCollection()
    for level, reason, noun, width_m in _LEVELS:
        by_road: dict[str, list[BaseGeometry]] = {}
        for road in roads:
            if road_level(road) == level:
                inside = land.metric.flat(road.line).intersection(township)
                if inside.length:
                    by_road.setdefault(road.ref or road.name, []).append(inside)
        short: list[BaseGeometry] = []
        for name in sorted(by_road, key=lambda key: (not key, key)):
            chains = _chains(by_road[name], taken)
            taken = shapely.union_all([taken, *(c.buffer(_CARRIAGEWAYS_M) for c in chains)])
            long = [chain for chain in chains if name and chain.length >= SHORTEST_M]
            short += [chain for chain in chains if not name or chain.length < SHORTEST_M]
            stretches = [stretch for chain in long for stretch in _stretches(chain)]
            for number, stretch in enumerate(stretches, 1):
                label = f"{name} {number}段" if len(stretches) > 1 else name
                pieces.append(Piece(label, level, ZoneKind.ROAD, stretch, (reason,), width_m))
        if sum(chain.length for chain in short) >= SHORTEST_M / 2:
            strip = shapely.union_all([chain.buffer(width_m) for chain in short])
            sides = strip.intersection(township).simplify(5)
            pieces.append(Piece(f"其他{noun}", level, ZoneKind.ROAD, sides, (reason,)))
    return pieces


def _chains(lines: Sequence[BaseGeometry], taken: BaseGeometry) -> list[BaseGeometry]:
    """Return unbroken lines, longest first, each stretch of road once (second carriageways out)."""
    whole = shapely.get_parts(shapely.line_merge(shapely.union_all(lines))).tolist()
    merged = shapely.union_all([_apart(line, taken) for line in whole])
    parts = [part for part in shapely.get_parts(merged).tolist() if part.length]
    chains: list[BaseGeometry] = []
    covered: BaseGeometry = shapely.GeometryCollection()
    for part in sorted(parts, key=lambda line: (-line.length, line.bounds)):
        rest = shapely.line_merge(_apart(part, covered))
        new = [line for line in shapely.get_parts(rest).tolist() if line.length > _CARRIAGEWAYS_M]
        chains += new
        covered = covered.union(part.buffer(_CARRIAGEWAYS_M, cap_style="flat"))
    return chains


def _apart(line: BaseGeometry, taken: BaseGeometry) -> BaseGeometry:
    """Return a line without what runs beside a taken road; crossings leave it whole."""
    inside = shapely.get_parts(line.intersection(taken)).tolist()
    beside = [part for part in inside if part.length > _CROSSING_M]
    return line.difference(shapely.union_all(beside).buffer(1)) if beside else line


def _stretches(chain: BaseGeometry) -> list[BaseGeometry]:
    """Cut a line into equal stretches of at most LONGEST_M."""
    count = math.ceil(chain.length / LONGEST_M)
    cuts = [chain.length * number / count for number in range(count + 1)]
    return [substring(chain, start, end) for start, end in pairwise(cuts)]
