"""The atlas' data: small, plain and complete. Coordinates are delta-coded, routes stored once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from network.problems import Text
from reports.closing import finding_texts, group_text
from reports.figures import Figures, totals
from reports.legality import ending, legality
from reports.rule_texts import article_text, frequency_text
from reports.words import (
    AUTHORITIES,
    CURRENT_LAW,
    KINDS,
    LEVELS,
    PROVISIONAL,
    window_name,
)
from scheduling.plan.model import Patrol, PatrolKind

Points = NDArray[np.float64]

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_GRAIN: Final = 1e-5  # degrees: about a metre
_METRES: Final = 111_320.0
#: Most characters of all coordinates together; a coarser drawing is chosen until they fit.
_BUDGET: Final = 3_000_000
_TOLERANCES_M: Final = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0)

_ROAD_RANK: Final = {
    "motorway": 0, "trunk": 0, "primary": 1, "secondary": 2, "tertiary": 3, "unclassified": 4,
    "residential": 4, "living_street": 4, "service": 5, "track": 5,
}  # fmt: skip


class Coder:
    """Writes lines as text: thinned, rounded to a metre, differences as base-64 digits."""

    def __init__(self, origin: tuple[float, float], tolerance_m: float) -> None:
        self.origin = origin
        self.tolerance_m = tolerance_m
        self.size = 0
        self._stretch = math.cos(math.radians(origin[1]))

    def line(self, lonlat: Points) -> str:
        """Return the coded line; (n, 2) lon/lat."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        if len(points) > 2:
            scaled = points * (self._stretch, 1.0)
            line = shapely.linestrings(scaled)
            thin = shapely.simplify(line, self.tolerance_m / _METRES, preserve_topology=False)
            points = shapely.get_coordinates(thin) / (self._stretch, 1.0)
        grid = np.rint((points - self.origin) / _GRAIN).astype(np.int64)
        steps = np.diff(grid, axis=0, prepend=[[0, 0]])
        keep = np.ones(len(steps), dtype=bool)
        keep[2:] = (steps[2:] != 0).any(axis=1)  # two points at least, so that a line stays one
        text = "".join(_digits(int(value)) for value in steps[keep].ravel())
        self.size += len(text)
        return text


def _digits(value: int) -> str:
    """Return a signed number as 5-bit digits, lowest first, bit 6 set where more follow."""
    rest = value << 1 if value >= 0 else ~(value << 1)
    digits = []
    while rest >= 32:
        digits.append(_ALPHABET[32 | (rest & 31)])
        rest >>= 5
    digits.append(_ALPHABET[rest])
    return "".join(digits)


def atlas_data(figures: Figures) -> dict[str, Any]:
    """Return everything the page shows, in both languages, as JSON-ready data."""
    plan = figures.plan
    units = figures.units
    unit_index = {unit.id: i for i, unit in enumerate(units)}
    people_index = {load.inspector.id: i for i, load in enumerate(figures.loads)}
    vehicles = sorted({patrol.vehicle for patrol in plan.patrols})
    lines = _drawing(figures)
    legs = lines.pop("leg_index")
    return {
        **lines,
        "meta": _meta(figures),
        "levels": {level: [*text] for level, text in LEVELS.items()},
        "kinds": {kind: [*text] for kind, text in KINDS.items()},
        "units": [
            {
                "name": unit.name,
                "authority": [*AUTHORITIES[unit.authority]],
                "level": unit.authority,
                "head": unit.head,
                "zones": len(figures.zones_of(unit)),
                "people": len(figures.people_of(unit)),
                "at": _at(unit.lon, unit.lat, lines["origin"]),
                "km": round(totals(figures.patrols_by_unit[unit.id]).length_km),
            }
            for unit in units
        ],
        "people": [
            {
                "name": load.inspector.name,
                "certificate": load.inspector.certificate_number,
                "unit": next((unit_index[u] for u in load.inspector.units if u in unit_index), -1),
                "days": len(load.days),
                "hours": round(load.work_hours, 1),
                "busiest": load.busiest_week_days,
            }
            for load in figures.loads
        ],
        "vehicles": [figures.plate(vehicle) for vehicle in vehicles],
        "first": plan.first_day.isoformat(),
        "days": _days(figures),
        "holidays": {
            (day - plan.first_day).days: name
            for day, name in plan.calendar.holidays
            if plan.first_day <= day <= plan.last_day
        },
        "patrols": _patrols(figures, unit_index, people_index, vehicles, legs),
        **_requirements(figures, unit_index),
    }


def _meta(figures: Figures) -> dict[str, Any]:
    plan, statement, sums = figures.plan, legality(figures), figures.totals
    return {
        "county": plan.county.settings.name,
        "bureau": plan.county.settings.office.bureau,
        "norm": [plan.norm.name, plan.norm.name_en or plan.norm.name],
        "basis": plan.norm.basis,
        "lawful": statement.lawful,
        "label": [*statement.label],
        "status": [*ending(plan, statement)],
        "missing": statement.missing,
        "unmet": [
            *(
                {"text": [*pair], "breach": group.breach}
                for group in statement.groups
                for pair in [(group_text(figures, group, "zh"), group_text(figures, group, "en"))]
            ),
            *(
                {"text": [*pair], "breach": True}
                for pair in zip(
                    finding_texts(statement, "zh"), finding_texts(statement, "en"), strict=True
                )
            ),
        ],
        "explanations": [
            [f"{figures.unit_name(o.unit)}：{text.zh}", f"{figures.unit_name(o.unit)}: {text.en}"]
            for o in plan.outcomes
            for text in o.explanation
        ],
        "notes": [
            [*CURRENT_LAW],
            *(
                [f"{year}年：{PROVISIONAL.zh}", f"{year}: {PROVISIONAL.en}"]
                for year in plan.calendar.provisional_years
            ),
        ],
        "patrols": sums.patrols,
        "spot_checks": sums.spot_checks,
        "visits": sums.visits,
        "km": round(sums.length_km),
        "hours": round(sums.work_hours),
        "person_days": sums.person_days,
        "people": sum(bool(load.days) for load in figures.loads),
        "seed": plan.seed,
        "version": dict(plan.versions).get("xuncha", ""),
    }


def _at(lon: float, lat: float, origin: Sequence[float]) -> list[int]:
    """Return a place in grains from the origin."""
    return [round((lon - origin[0]) / _GRAIN), round((lat - origin[1]) / _GRAIN)]


def _days(figures: Figures) -> str:
    """Return one letter per day: w workday, d duty day, o off."""
    work, duty = {*figures.plan.calendar.workdays}, {*figures.plan.calendar.duty_days}
    return "".join("w" if day in work else "d" if day in duty else "o" for day in figures.days)


def _drawing(figures: Figures) -> dict[str, Any]:
    """Return roads, zones and legs, as fine as the budget allows."""
    units = figures.units
    origin = (
        round(float(np.mean([unit.lon for unit in units])) if units else 0.0, 5),
        round(float(np.mean([unit.lat for unit in units])) if units else 0.0, 5),
    )
    drawn: dict[str, Any] = {}
    for tolerance in _TOLERANCES_M:
        coder = Coder(origin, tolerance)
        drawn = {
            "origin": origin,
            "grain": _GRAIN,
            "roads": _roads(figures, coder),
            "zones": [_zone(figures, zone_id, coder) for zone_id in figures.zones],
            **_legs(figures, coder),
        }
        if coder.size <= _BUDGET:
            break
    return drawn


def _roads(figures: Figures, coder: Coder) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(6)]
    for name, shape in figures.plan.road_lines:
        if len(shape) > 1:
            rows[_ROAD_RANK.get(name, 5)].append(coder.line(shape))
    return rows


def _zone(figures: Figures, zone_id: str, coder: Coder) -> dict[str, Any]:
    zone = figures.zones[zone_id]
    anchor = zone.geometry.representative_point()
    kind, parts = _shapes(zone.geometry)
    holders = [
        [figures.unit_name(unit), "、".join(figures.names(zone.responsible.get(authority, ())))]
        for authority, unit in sorted(zone.units.items(), reverse=True)
    ]
    return {
        "id": zone.id,
        "name": zone.name,
        "level": zone.level,
        "kind": str(zone.kind),
        "why": zone.reasons,
        "held": holders,
        "at": _at(anchor.x, anchor.y, coder.origin),
        "shape": kind,
        "parts": [coder.line(part) for part in parts],
        **_marked(figures, zone_id, coder),
    }


def _marked(figures: Figures, zone_id: str, coder: Coder) -> dict[str, Any]:
    """Return a zone's checkpoints, and what no road shows of it with the walks that would."""
    data: dict[str, Any] = {}
    if places := figures.checkpoints.get(zone_id):
        data["marks"] = [[*_at(row.lon, row.lat, coder.origin), row.name] for row in places]
    one = figures.inspections.get(zone_id)
    if one is None or not (one.length_km or one.hidden_ha):
        return data
    data["seen"] = [*one.sentence(figures.zone_name(zone_id))]
    if one.hidden is not None:
        data["hidden"] = [coder.line(part) for part in _shapes(one.hidden)[1]]
        ends = ([(w.road_lon, w.road_lat), (w.lon, w.lat)] for w, _ in one.walks)
        data["walks"] = [coder.line(np.array(pair)) for pair in ends]
    return data


def _shapes(geometry: BaseGeometry) -> tuple[str, list[Points]]:
    """Return "point", "line" or "area" with the coordinates of its parts; rings with holes."""
    parts = list(getattr(geometry, "geoms", [geometry]))
    if geometry.area:
        rings = [r for p in parts if p.area for r in (p.exterior, *p.interiors)]
        return "area", [shapely.get_coordinates(ring) for ring in rings]
    if geometry.length:
        return "line", [shapely.get_coordinates(part) for part in parts if part.length]
    return "point", []


def _legs(figures: Figures, coder: Coder) -> dict[str, Any]:
    """Return every distinct stretch of road driven; ``leg_index`` finds it by its bytes."""
    texts: list[str] = []
    index: dict[bytes, int] = {}
    for patrol in figures.plan.patrols:
        for shape in _stretches(patrol):
            key = shape.tobytes()
            if key not in index:
                index[key] = len(texts)
                texts.append(coder.line(shape))
    return {"legs": texts, "leg_index": index}


def _stretches(patrol: Patrol) -> list[Points]:
    return [
        *(leg.shape_lonlat for leg in patrol.legs),
        *(v.inside_shape_lonlat for v in patrol.visits if len(v.inside_shape_lonlat) > 1),
    ]


def _patrols(
    figures: Figures,
    units: dict[str, int],
    people: dict[str, int],
    vehicles: list[str],
    legs: dict[bytes, int],
) -> dict[str, Any]:
    """Return patrols as rows; routes and timetables that recur are stored once and pointed at."""
    zones = {zone_id: i for i, zone_id in enumerate(figures.zones)}
    routes: dict[tuple[Any, ...], int] = {}
    stops: dict[tuple[Any, ...], int] = {}
    rows = []
    for patrol in sorted(figures.plan.patrols, key=lambda p: (p.day, units.get(p.unit, 0), p.id)):
        driven = tuple((legs[leg.shape_lonlat.tobytes()], leg.drive_seconds) for leg in patrol.legs)
        inside = tuple(
            legs[v.inside_shape_lonlat.tobytes()] if len(v.inside_shape_lonlat) > 1 else -1
            for v in patrol.visits
        )
        table = tuple(
            (zones.get(v.zone, -1), v.arrive_seconds, v.inspect_seconds) for v in patrol.visits
        )
        rows.append(
            [
                (patrol.day - figures.plan.first_day).days,
                units.get(patrol.unit, -1),
                int(patrol.kind == PatrolKind.SPOT_CHECK),
                vehicles.index(patrol.vehicle),
                [people[m.inspector] for m in patrol.crew if m.inspector in people],
                patrol.depart_seconds,
                patrol.return_seconds,
                routes.setdefault((driven, inside), len(routes)),
                stops.setdefault(table, len(stops)),
                round(patrol.length_m / 1000, 1),
            ]
        )
    return {"rows": rows, "routes": [*routes], "stops": [*stops]}


def _requirements(figures: Figures, units: dict[str, int]) -> dict[str, Any]:
    """Return rules, their windows, and per zone what is owed and missing in each."""
    rules: dict[str, int] = {}
    names: list[Any] = []
    windows: dict[Any, int] = {}
    labels: list[list[str]] = []
    owed: dict[tuple[str, int, int], list[list[int]]] = defaultdict(list)
    for status in figures.statuses:
        row = status.requirement
        if row.rule not in rules:
            rules[row.rule] = len(rules)
            rule = figures.rules.get(row.rule)
            names.append([_rule_name(row.article, rule, "zh"), _rule_name(row.article, rule, "en")])
        if row.window not in windows:
            windows[row.window] = len(windows)
            labels.append([window_name(row.window, "zh"), window_name(row.window, "en")])
        key = (row.zone, rules[row.rule], units.get(row.unit, -1))
        owed[key].append([windows[row.window], row.count, status.missing])
    starts = {index: window.first_day for window, index in windows.items()}
    by_zone: dict[str, list[Any]] = defaultdict(list)
    for (zone, rule_index, unit), cells in owed.items():
        ordered = sorted(cells, key=lambda cell: starts[cell[0]])
        by_zone[zone].append([rule_index, unit, ordered])
    return {
        "rules": names,
        "windows": labels,
        "owed": [by_zone[zone_id] for zone_id in figures.zones],
        "spots": bool(figures.spot_checks),
    }


def _rule_name(article: str, rule: Any, language: Any) -> str:
    text = frequency_text(rule, language) if rule else ""
    return (
        f"{article_text(article, language)} · {text}" if text else article_text(article, language)
    )


def texts(pairs: dict[str, Text]) -> dict[str, list[str]]:
    """Return labels as [Chinese, English] pairs."""
    return {key: [*text] for key, text in pairs.items()}
