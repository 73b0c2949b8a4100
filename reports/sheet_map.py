"""The map on a route sheet: our own roads round the route, drawn as a small SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from reports.figures import Figures
from scheduling.plan.model import Patrol

WIDTH_MM: Final = 182.0
_METRES_PER_DEGREE: Final = 111_320.0
_LEAST_EXTENT_M: Final = 1500.0
_TOLERANCE_MM: Final = 0.12
_MOST_POINTS: Final = 3000
_BADGE_MM: Final = 2.1

#: Road classes from great to small: what is drawn, thinnest first, and dropped first when crowded.
_ROADS: Final = (
    (("motorway", "trunk"), "#d9b48a", 1.0),
    (("primary",), "#e0c59f", 0.85),
    (("secondary",), "#dccfb4", 0.65),
    (("tertiary",), "#d3cec2", 0.5),
    (("unclassified", "residential", "living_street"), "#dedbd3", 0.3),
    (("service", "track"), "#e4e2dc", 0.2),
)
_ROUTE: Final = "#1f5fa8"
_LEVEL_FILL: Final = {1: "#c8503c", 2: "#d79a2b", 3: "#4f8a5b"}

#: Paths are drawn in twentieths of a millimetre: whole numbers, half the size.
_GRAINS: Final = 20

Points = NDArray[np.float64]
#: Several lines in one array of points (n, 2), and where each starts.
Lines = tuple[Points, NDArray[np.intp]]


@dataclass(frozen=True)
class _Frame:
    """Maps local metres to millimetres on paper, north up."""

    left: float
    top: float
    mm_per_m: float
    height_mm: float

    def paper(self, metres: Points) -> Points:
        """Return (n, 2) millimetres from the map's upper left corner."""
        flipped: Points = (metres - (self.left, self.top)) * (self.mm_per_m, -self.mm_per_m)
        return flipped

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return xmin, ymin, xmax, ymax in metres, a little beyond the frame."""
        width, height = WIDTH_MM / self.mm_per_m, self.height_mm / self.mm_per_m
        pad = 2 / self.mm_per_m
        return (self.left - pad, self.top - height - pad, self.left + width + pad, self.top + pad)


class MapMaker:
    """Draws routes over the plan's roads; the roads are projected and indexed once."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        units = figures.units
        self._lat = float(np.mean([unit.lat for unit in units])) if units else 0.0
        self._outlines: dict[str, NDArray[np.object_]] = {}
        self._roads: list[tuple[str, float, shapely.STRtree, NDArray[np.object_]]] = []
        lines = figures.plan.road_lines
        for classes, colour, width in _ROADS:
            shapes = [
                shapely.linestrings(self.metres(shape))
                for name, shape in lines
                if name in classes and len(shape) > 1
            ]
            made = np.array(shapes, dtype=object)
            self._roads.append((colour, width, shapely.STRtree(made), made))

    def metres(self, lonlat: Points) -> Points:
        """Project lon/lat to metres on a plane good enough for one county's sketch map."""
        scale = (_METRES_PER_DEGREE * math.cos(math.radians(self._lat)), _METRES_PER_DEGREE)
        projected: Points = np.asarray(lonlat, dtype=np.float64) * scale
        return projected

    def svg(self, patrol: Patrol, height_mm: float) -> str:
        """Return the map of one patrol; numbers only, no user text, goes into it."""
        legs = [self.metres(leg.shape_lonlat) for leg in patrol.legs]
        inside = [self.metres(visit.inside_shape_lonlat) for visit in patrol.visits]
        stops = self.metres(np.array([(visit.lon, visit.lat) for visit in patrol.visits]))
        unit = self._figures.all_units[patrol.unit]
        home = self.metres(np.array([(unit.lon, unit.lat)]))
        frame = _frame(np.concatenate([home, stops, *legs, *inside]), height_mm)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_MM} {height_mm}"'
            f' width="{WIDTH_MM}mm" height="{height_mm}mm">'
            f'<rect width="{WIDTH_MM}" height="{height_mm}" fill="#faf9f5"/>',
            self._zones(patrol, frame),
            self._road_paths(frame),
            _route(legs, inside, frame),
            self._checkpoints(patrol, frame),
            _home(frame.paper(home)[0]),
            _badges(frame.paper(stops), frame.paper(home), height_mm),
            _scale_bar(frame),
            "</svg>",
        ]
        return "".join(parts)

    def _road_paths(self, frame: _Frame) -> str:
        """Return the roads in the frame, small ones first; the smallest go when too many."""
        drawn: list[str] = []
        points = 0
        for colour, width, tree, lines in self._roads:
            found = lines[np.sort(tree.query(shapely.box(*frame.box)))]
            shapes = _clipped(found, frame)
            points += len(shapes[0])
            if points > _MOST_POINTS and drawn:
                break
            if len(shapes[0]):
                drawn.append(_path(shapes, colour, width))
        return "".join(reversed(drawn))

    def _zones(self, patrol: Patrol, frame: _Frame) -> str:
        """Return the outlines of the area zones on the route."""
        parts = []
        for visit in patrol.visits:
            outline = self._outline(visit.zone)
            if not len(outline):
                continue
            colour = _LEVEL_FILL.get(self._figures.zones[visit.zone].level, "#888888")
            thin = shapely.simplify(outline, _TOLERANCE_MM / frame.mm_per_m)
            paper = [_near(frame.paper(shapely.get_coordinates(line))) for line in thin]
            parts.append(
                f'<path d="{_commands(_joined(paper))}" fill="{colour}" fill-opacity="0.10"'
                f' stroke="{colour}" stroke-opacity="0.55" stroke-width="{_GRAINS / 4:g}"'
                f' transform="scale({1 / _GRAINS})"/>'
            )
        return "".join(parts)

    def _checkpoints(self, patrol: Patrol, frame: _Frame) -> str:
        """Return a small diamond at each place that the visits have to pass."""
        rows = [r for v in patrol.visits for r in self._figures.checkpoints.get(v.zone, ())]
        if not rows:
            return ""
        places = frame.paper(self.metres(np.array([(row.lon, row.lat) for row in rows])))
        return "".join(
            f'<path d="M{x:.2f} {y - 1.3:.2f}l1.3 1.3l-1.3 1.3l-1.3 -1.3z" fill="#22303c"'
            ' stroke="#fff" stroke-width="0.3"/>'
            for x, y in places.tolist()
        )

    def _outline(self, zone_id: str) -> NDArray[np.object_]:
        """Return the outer rings of an area zone in metres; none for a point or line."""
        if zone_id not in self._outlines:
            zone = self._figures.zones[zone_id]
            rings = [self.metres(shapely.get_coordinates(ring)) for ring in _rings(zone.geometry)]
            made = [shapely.linestrings(ring) for ring in rings]
            self._outlines[zone_id] = np.array(made, dtype=object)
        return self._outlines[zone_id]


def _rings(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [polygon.exterior for polygon in getattr(geometry, "geoms", [geometry]) if polygon.area]


def _near(points: Points) -> Points:
    """Keep coordinates within reach of the paper; a county-wide zone stays drawable."""
    kept: Points = np.clip(points, -WIDTH_MM, 2 * WIDTH_MM)
    return kept


def _frame(points: Points, height_mm: float) -> _Frame:
    """Return the frame that shows all points with a margin, as large as the paper allows."""
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(high - low, _LEAST_EXTENT_M)
    mm_per_m = float(min((WIDTH_MM - 16) / extent[0], (height_mm - 14) / extent[1]))
    centre = (low + high) / 2
    return _Frame(
        left=float(centre[0]) - WIDTH_MM / 2 / mm_per_m,
        top=float(centre[1]) + height_mm / 2 / mm_per_m,
        mm_per_m=mm_per_m,
        height_mm=height_mm,
    )


def _clipped(lines: NDArray[Any], frame: _Frame) -> Lines:
    """Cut lines to the frame and thin their points to what paper can show."""
    inside = shapely.clip_by_rect(lines, *frame.box)
    thin = shapely.simplify(inside, _TOLERANCE_MM / frame.mm_per_m, preserve_topology=False)
    points, index = shapely.get_coordinates(shapely.get_parts(thin), return_index=True)
    return frame.paper(points), np.flatnonzero(np.diff(index, prepend=-1))


def _joined(shapes: Sequence[Points]) -> Lines:
    """Return several lines as one."""
    lengths = [len(shape) for shape in shapes]
    return np.concatenate(shapes), np.cumsum([0, *lengths[:-1]])


def _commands(lines: Lines) -> str:
    """Return SVG path data in whole grains; after M, pairs of numbers are lines drawn to."""
    points, starts = lines
    tokens = [str(value) for value in np.rint(points * _GRAINS).astype(np.int64).ravel().tolist()]
    for start in starts.tolist():
        tokens[2 * start] = "M" + tokens[2 * start]
    return " ".join(tokens)


def _path(lines: Lines, colour: str, width: float, extra: str = "") -> str:
    """Return lines in one colour; ``width`` is in millimetres."""
    return (
        f'<path d="{_commands(lines)}" fill="none" stroke="{colour}"'
        f' stroke-width="{width * _GRAINS:g}" stroke-linecap="round" stroke-linejoin="round"'
        f' transform="scale({1 / _GRAINS})"{extra}/>'
    )


def _route(legs: Sequence[Points], inside: Sequence[Points], frame: _Frame) -> str:
    """Return the route: legs in blue over white, roads inspected thicker, arrows half-way."""
    driven = [_thin(shape, frame) for shape in legs if len(shape) > 1]
    seen = [_thin(shape, frame) for shape in inside if len(shape) > 1]
    if not driven and not seen:
        return ""
    parts = [_path(_joined([*driven, *seen]), "#ffffff", 2.0, ' stroke-opacity="0.9"')]
    if seen:
        parts.append(_path(_joined(seen), _LEVEL_FILL[2], 1.3, ' stroke-opacity="0.9"'))
    if driven:
        parts.append(_path(_joined(driven), _ROUTE, 0.85))
    parts += [_arrow(shape) for shape in driven]
    return "".join(parts)


def _thin(metres: Points, frame: _Frame) -> Points:
    line = shapely.linestrings(metres)
    thin = shapely.simplify(line, _TOLERANCE_MM / frame.mm_per_m, preserve_topology=False)
    return frame.paper(shapely.get_coordinates(thin))


def _arrow(shape: Points) -> str:
    """Return an arrow head half-way along a leg that is long enough to bear one."""
    steps = np.hypot(*np.diff(shape, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] < 9:
        return ""
    middle = int(np.searchsorted(along, along[-1] / 2))
    share = (along[-1] / 2 - along[middle - 1]) / steps[middle - 1]
    x, y = shape[middle - 1] + share * (shape[middle] - shape[middle - 1])
    dx, dy = shape[middle] - shape[middle - 1]
    angle = math.degrees(math.atan2(dy, dx))
    return (
        f'<path d="M-1.5 -1.45L1.8 0L-1.5 1.45L-0.9 0Z" fill="{_ROUTE}"'
        f' transform="translate({x:.2f} {y:.2f}) rotate({angle:.0f})"/>'
    )


def _home(at: Points) -> str:
    x, y = at
    return (
        f'<g transform="translate({x:.2f} {y:.2f})"><circle r="2.7" fill="#fff"/>'
        f'<circle r="2.4" fill="#22303c"/>'
        '<path d="M-1.5 0.1L0 -1.4L1.5 0.1H1V1.3H-1V0.1Z" fill="#fff"/></g>'
    )


def _badges(stops: Points, home: Points, height_mm: float) -> str:
    """Return numbered discs; where stops crowd they are moved apart, tied to their place."""
    if not len(stops):
        return ""
    places = _apart(stops, home, height_mm)
    parts = []
    for number, (stop, place) in enumerate(zip(stops, places, strict=True), 1):
        x, y = place
        if np.hypot(*(place - stop)) > 0.4:
            parts.append(
                f'<path d="M{stop[0]:.2f} {stop[1]:.2f}L{x:.2f} {y:.2f}" stroke="{_ROUTE}"'
                ' stroke-width="0.25"/>'
                f'<circle cx="{stop[0]:.2f}" cy="{stop[1]:.2f}" r="0.6" fill="{_ROUTE}"/>'
            )
        size = 2.9 if number < 10 else 2.4
        parts.append(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_BADGE_MM}" fill="#fff" stroke="{_ROUTE}"'
            f' stroke-width="0.45"/><text x="{x:.2f}" y="{y + size * 0.36:.2f}" fill="{_ROUTE}"'
            f' font-size="{size}" font-weight="700" text-anchor="middle"'
            f' font-family="Noto Sans CJK SC">{number}</text>'
        )
    return "".join(parts)


def _apart(stops: Points, home: Points, height_mm: float) -> Points:
    """Push discs apart, and off the home, until none overlap (or 60 rounds are done)."""
    places = np.concatenate([home, stops])
    count = len(places)
    places += np.linspace(0, 1e-3, count)[:, None]  # equal places need a direction to part in
    for _ in range(60):
        between = places[:, None] - places[None]
        distance = np.hypot(between[..., 0], between[..., 1]) + np.eye(count) * 1e9
        overlap = np.maximum(2 * _BADGE_MM + 0.5 - distance, 0)
        if not overlap.any():
            break
        places = places + (between / distance[..., None] * overlap[..., None] / 2).sum(axis=1)
        places = np.clip(places, 3, (WIDTH_MM - 3, height_mm - 3))
        places[0] = home[0]
    moved: Points = places[1:]
    return moved


def _scale_bar(frame: _Frame) -> str:
    """Return a bar of a round length, and north."""
    metres = max(
        (size for size in (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
         if size * frame.mm_per_m <= 32),
        default=100,
    )  # fmt: skip
    length = metres * frame.mm_per_m
    label = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    x, y = 4.0, frame.height_mm - 4
    return (
        f'<path d="M{x} {y - 1.2}V{y}H{x + length:.2f}V{y - 1.2}" fill="none" stroke="#444"'
        f' stroke-width="0.3"/><text x="{x + length / 2:.2f}" y="{y - 1}" font-size="2.4"'
        f' fill="#444" text-anchor="middle" font-family="Noto Sans CJK SC">{label}</text>'
        f'<g transform="translate({WIDTH_MM - 6} 8)"><path d="M0 -4.5L1.6 1L0 0L-1.6 1Z"'
        ' fill="#444"/><text y="4.2" font-size="2.6" fill="#444" text-anchor="middle"'
        ' font-family="Noto Sans CJK SC">N</text></g>'
    )
