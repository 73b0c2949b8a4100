"""Pieces of land on their way to becoming zones, in a plane in metres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.metric import LocalMetric
from scheduling.county.model import ZoneKind

#: Widths [D] (DOMAIN, level 1, 2, 3 in data), metres.
MAIN_ROAD_M = 200.0
COUNTY_ROAD_M = 100.0
VILLAGE_M = 300.0


@dataclass(frozen=True)
class Piece:
    """A would-be zone: shape in metres, the land it stands for, why it is of its level.

    ``reasons`` are the words of article 7; ``around_m`` is the ring or strip a point or line has.
    """

    name: str
    level: int
    kind: ZoneKind
    shape: BaseGeometry
    reasons: tuple[str, ...]
    around_m: float = 0.0

    @property
    def land(self) -> BaseGeometry:
        """The land the piece stands for: its area, or the ring or strip around it."""
        return self.shape.buffer(self.around_m) if self.around_m else self.shape


@dataclass(frozen=True)
class Roads:
    """Lines in metres, each once whatever its direction, with an index."""

    lines: NDArray[np.object_]

    @classmethod
    def of(cls, flat: BaseGeometry) -> Roads:
        """Return the roads of a multi-line."""
        once = set(np.atleast_1d(shapely.normalize(shapely.get_parts(flat))).tolist())
        return cls(np.array(sorted(once, key=lambda line: line.wkb), dtype=object))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    def reach(self, shape: BaseGeometry, within_m: float) -> bool:
        """Whether a road comes that near to a shape."""
        return bool(len(self._tree.query(shape, predicate="dwithin", distance=within_m)))

    def beside(self, area: BaseGeometry, width_m: float) -> BaseGeometry:
        """Return the part of an area within ``width_m`` of its roads, to some metres."""
        touching = self.lines[sorted(self._tree.query(area, "intersects"))]
        strips = [
            line.simplify(width_m / 15).buffer(width_m, quad_segs=2) for line in touching.tolist()
        ]
        return shapely.union_all(strips).intersection(area)

    def places(self, step_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (p, 2) places along the lines and the metres each stands for, (p,)."""
        if step_m not in self._places:
            lengths = shapely.length(self.lines)
            counts = np.maximum(1, np.ceil(lengths / step_m)).astype(np.int64)
            line = np.repeat(np.arange(len(self.lines)), counts)
            number = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
            at = (number + 0.5) / counts[line]
            points = shapely.line_interpolate_point(self.lines[line], at, normalized=True)
            metres = lengths[line] / counts[line]
            self._places[step_m] = (shapely.get_coordinates(points), metres)
        return self._places[step_m]

    @cached_property
    def _places(self) -> dict[float, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        return {}

    def nearest_point(self, middle: BaseGeometry) -> BaseGeometry:
        """Return the point of a road nearest to ``middle``."""
        return shapely.shortest_line(self.lines[self._tree.nearest(middle)], middle).interpolate(0)


@dataclass(frozen=True)
class Land:
    """The plane, and the roads a car may use in it, for telling what can be reached and seen."""

    metric: LocalMetric
    roads: Roads
    streets: Roads  # roads other than tracks and service roads, from which the rest is seen

    @classmethod
    def around(cls, roads: BaseGeometry, streets: BaseGeometry, middle: BaseGeometry) -> Land:
        """Return the land around a WGS-84 point, with lines in WGS-84."""
        metric = LocalMetric(round(middle.x, 3), round(middle.y, 3))
        return cls(metric, Roads.of(metric.flat(roads)), Roads.of(metric.flat(streets)))

    @cached_property
    def tracks(self) -> Roads:
        """The roads that are no streets."""
        streets = {line.wkb for line in self.streets.lines}
        rest = [line for line in self.roads.lines if line.wkb not in streets]
        return Roads(np.array(rest, dtype=object))

    def back(self, flat: BaseGeometry) -> BaseGeometry:
        """Return a shape of the plane in WGS-84 lon/lat, at about a decimetre."""
        return shapely.set_precision(
            shapely.transform(flat, self.metric.lonlat), 1e-6, mode="pointwise"
        )


def polygons_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons in a shape, largest first, lines and points left out."""
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)).tolist() if part.area]
    flat = [inner for part in parts for inner in shapely.get_parts(part).tolist() if inner.area]
    return sorted(flat, key=lambda part: (-part.area, part.bounds))


def clusters(shapes: list[BaseGeometry], reach_m: float) -> list[BaseGeometry]:
    """Return unions of areas lying within ``reach_m`` of each other, without their small gaps."""
    if not shapes:
        return []
    joined = shapely.union_all(shapes).buffer(reach_m / 2).buffer(-reach_m / 2)
    return polygons_of(joined.simplify(10.0))


def raise_levels(pieces: list[Piece], share: float = 0.5) -> list[Piece]:
    """Give each piece the highest level of the land it mostly lies on, keeping every reason.

    Article 7 lists overlapping layers; where they overlap the highest level wins.
    """
    lands = np.array([piece.land for piece in pieces], dtype=object)
    tree = shapely.STRtree(lands)
    raised = []
    for index, piece in enumerate(pieces):
        others = [int(o) for o in sorted(tree.query(piece.shape)) if o != index]
        under = [pieces[o] for o in others if _share(piece.shape, pieces[o].land) >= share]
        level = min([piece.level, *(other.level for other in under)])
        words = [*piece.reasons, *(word for other in under for word in other.reasons)]
        raised.append(replace(piece, level=level, reasons=tuple(dict.fromkeys(words))))
    return raised


def _share(shape: BaseGeometry, land: BaseGeometry) -> float:
    """Return the share of a shape (by area, length, or all of a point) lying on land."""
    whole = shape.area or shape.length
    if not whole:
        return float(shapely.intersects(shape, land))
    inside = shapely.intersection(shape, land)
    return float((inside.area if shape.area else inside.length) / whole)
