"""Level 3 (art. 7): 未划入一、二级巡查区的区域, the whole of a township but levels 1 and 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from scheduling.county.model import ZoneKind
from scheduling.zones.cutting import MOST_MINUTES, cut_by_minutes, whole
from scheduling.zones.pieces import Land, Piece, polygons_of
from scheduling.zones.townships import Township

REASON: Final = "未划入一、二级巡查区的区域"
#: From streets one sees that far; what lies farther off is a zone of its own.
SIGHT_M: Final = 300.0
#: Minutes along the tracks above which what lies off the streets is cut [D].
_MOST_FAR: Final = 120.0
#: Narrower than twice this, land between two zones of level 1 or 2 goes with them.
_HALF_SLIVER_M: Final = 60.0
#: A smaller part of a zone is merged into what lies beside it; so is a smaller zone.
_LEAST_PART_M2: Final = 20_000.0
_LEAST_ZONE_M2: Final = 400_000.0


def rest_pieces(pieces: Sequence[Piece], township: Township, land: Land) -> list[Piece]:
    """Return level 3: what lies along the streets, and apart from it what lies off them.

    Both are cut by the minutes it takes to drive along their roads. Together they are the whole
    rest of the township but for slivers.
    """
    rest = township.area.difference(shapely.union_all([piece.land for piece in pieces]))
    opened = rest.buffer(-_HALF_SLIVER_M, quad_segs=2).buffer(_HALF_SLIVER_M, quad_segs=2)
    rest = whole(opened.intersection(rest).simplify(10))
    if rest.area < _LEAST_PART_M2:
        return []
    near, far = _apart(rest, land.streets.beside(rest.envelope, SIGHT_M))
    drawn: list[Piece] = []
    for area, noun, most in ((near, "其余区域", MOST_MINUTES), (far, "其余偏远区域", _MOST_FAR)):
        parts = cut_by_minutes(area, land, most) if area.area else []
        for number, part in enumerate(parts, 1):
            name = f"{noun}{number}" if len(parts) > 1 else noun
            drawn.append(Piece(name, 3, ZoneKind.OTHER, part, (REASON,)))
    return drawn


def _apart(rest: BaseGeometry, seen: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return what is seen and what is not; small parts and small wholes go with the other."""
    near = polygons_of(rest.intersection(seen))
    far = polygons_of(rest.difference(seen))
    small = [part for part in (*near, *far) if part.area < _LEAST_PART_M2]
    large_near = [part for part in near if part.area >= _LEAST_PART_M2]
    large_far = [part for part in far if part.area >= _LEAST_PART_M2]
    if sum(part.area for part in large_far) < _LEAST_ZONE_M2:
        large_near, large_far = [*large_near, *large_far], []
    elif sum(part.area for part in large_near) < _LEAST_ZONE_M2:
        large_near, large_far = [], [*large_near, *large_far]
    off_road = shapely.union_all(large_far)
    beside = [part for part in small if large_far and shapely.distance(part, off_road) < 1]
    lone = [part for part in small if part not in beside]
    if not large_near:
        beside, lone = small, []
    return whole(shapely.union_all([*large_near, *lone])), whole(
        shapely.union_all([*large_far, *beside])
    )
