"""A plan as rows of the tables of a plan file (``store_tables``), in their order of columns.

A row is the tuple of its columns' values, and last its geometry where the table has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import AUTHORITIES, County, Inspector, Vehicle, Zone
from scheduling.inspections import ZoneInspection
from scheduling.plan import store_tables as tables
from scheduling.plan.model import Patrol, Plan, UnitOutcome, Unmet
from scheduling.requirements import Requirement

Row: TypeAlias = tuple[object, ...]
Rows: TypeAlias = list[Row]


def to_json(value: object) -> str:
    """Return ``value`` as one line of JSON with sorted keys, Chinese left readable."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def plan_rows(plan: Plan) -> dict[str, Rows]:
    """Return the rows of every table of the open file but ``meta``, by table name."""
    county = plan.county
    return {
        tables.SNAPSHOT.name: _snapshot_rows(plan),
        tables.UNITS.name: [
            (u.id, u.name, u.authority, u.head, u.township, shapely.Point(u.lon, u.lat))
            for u in county.units
        ],
        tables.ZONES.name: [_zone_row(zone) for zone in county.zones],
        tables.INSPECTORS.name: [_inspector_row(person) for person in county.inspectors],
        tables.VEHICLES.name: [_vehicle_row(vehicle) for vehicle in county.vehicles],
        tables.LEAVE.name: [(r.who, r.first_day, r.last_day, r.reason) for r in county.leave],
        tables.HISTORY.name: [(past.zone, past.authority, past.day) for past in county.history],
        tables.CHECKPOINTS.name: [
            (row.zone, row.name, shapely.Point(row.lon, row.lat)) for row in county.checkpoints
        ],
        **patrol_rows(plan.patrols, plan.sealed_days, county),
        **duty_rows(plan.requirements, plan.met, plan.unmet),
        tables.NEEDS.name: [
            (
                *(n.unit, n.first_day, n.last_day, str(n.kind), n.needed_lower_bound, n.planned),
                *(n.possible, *n.arithmetic, n.drive_seconds),
            )
            for n in plan.needs
        ],
        tables.OUTCOMES.name: [_outcome_row(outcome) for outcome in plan.outcomes],
        tables.SETTINGS.name: [
            (used.key, used.value, used.basis, used.article, *used.label)
            for used in plan.settings_used
        ],
        **_inspection_rows(plan.inspections),
        tables.ROAD_LINES.name: [
            (road_class, len(shape), line(shape)) for road_class, shape in plan.road_lines
        ],
    }


def patrol_rows(
    patrols: Iterable[Patrol], sealed: Iterable[str], county: County
) -> dict[str, Rows]:
    """Return the rows of patrols, crews, visits, insides and legs."""
    patrols = tuple(patrols)
    sealed_ids = frozenset(sealed)
    unit_names = {unit.id: unit.name for unit in county.units}
    people = {person.id: person.name for person in county.inspectors}
    zone_names = {zone.id: zone.name for zone in county.zones}
    return {
        tables.PATROLS.name: [
            (
                *(p.id, p.unit, unit_names.get(p.unit, ""), p.day, str(p.kind), p.vehicle),
                "、".join(people.get(member.inspector, "") for member in p.crew),
                *(p.day_class, p.depart_seconds, p.return_seconds),
                *(p.lunch_at_seconds, p.lunch_seconds, p.template, p.id in sealed_ids, _route(p)),
            )
            for p in patrols
        ],
        tables.CREWS.name: [
            (p.id, position, member.inspector, member.role, member.certificate_number)
            for p in patrols
            for position, member in enumerate(p.crew, 1)
        ],
        tables.VISITS.name: [
            (
                *(v.id, p.id, position, v.zone, zone_names.get(v.zone, ""), v.arrive_seconds),
                *(v.inspect_seconds, v.walk_seconds, v.mode, v.inside_length_m, v.seen_share),
                shapely.Point(v.lon, v.lat),
            )
            for p in patrols
            for position, v in enumerate(p.visits, 1)
        ],
        tables.INSIDES.name: [
            (v.id, len(v.inside_shape_lonlat), line(v.inside_shape_lonlat))
            for p in patrols
            for v in p.visits
            if not _is_the_stop(v.inside_shape_lonlat, v.lon, v.lat)
        ],
        tables.LEGS.name: [
            (
                *(p.id, position, leg.from_zone, leg.to_zone, leg.drive_seconds, leg.length_m),
                *(len(leg.shape_lonlat), line(leg.shape_lonlat)),
            )
            for p in patrols
            for position, leg in enumerate(p.legs, 1)
        ],
    }


def duty_rows(
    requirements: Iterable[Requirement],
    met: Mapping[str, tuple[str, ...]],
    unmet: Iterable[Unmet],
) -> dict[str, Rows]:
    """Return the rows of requirements, requirement_visits and unmet."""
    return {
        tables.REQUIREMENTS.name: [_requirement_row(requirement) for requirement in requirements],
        tables.REQUIREMENT_VISITS.name: [
            (requirement, visit)
            for requirement in sorted(met)
            for visit in met[requirement] or ("",)
        ],
        tables.UNMET.name: [(u.requirement, u.missing, u.proven, *u.reason) for u in unmet],
    }


def line(shape_lonlat: NDArray[np.float64]) -> shapely.LineString:
    """Return a shape as a line; a single point becomes a line of no length, none an empty line."""
    if len(shape_lonlat) == 1:
        return shapely.LineString(np.repeat(shape_lonlat, 2, axis=0))
    return shapely.LineString(shape_lonlat)


def _is_the_stop(shape: NDArray[np.float64], lon: float, lat: float) -> bool:
    """Whether nothing is driven inside: such shapes are left out and restored from the stop."""
    return len(shape) == 1 and float(shape[0, 0]) == lon and float(shape[0, 1]) == lat


def _route(patrol: Patrol) -> shapely.MultiLineString | None:
    shapes = [leg.shape_lonlat for leg in patrol.legs]
    for after, visit in reversed(list(enumerate(patrol.visits, 1))):
        shapes.insert(after, visit.inside_shape_lonlat)
    lines = [shapely.LineString(shape) for shape in shapes if len(shape) > 1]
    return shapely.MultiLineString(lines) if lines else None


def _snapshot_rows(plan: Plan) -> Rows:
    return [
        ("calendar", to_json(calendar_document(plan.calendar))),
        ("norm", plan.norm.model_dump_json()),
        ("regulation", plan.regulation.model_dump_json()),
        ("settings", plan.county.settings.model_dump_json()),
    ]


def calendar_document(calendar: WorkCalendar) -> dict[str, object]:
    """Return the calendar as plain JSON values."""
    return {
        "workdays": [day.isoformat() for day in calendar.workdays],
        "duty_days": [day.isoformat() for day in calendar.duty_days],
        "holidays": [[day.isoformat(), name] for day, name in calendar.holidays],
        "sources": [list(source) for source in calendar.sources],
        "provisional_years": list(calendar.provisional_years),
    }


def _zone_row(zone: Zone) -> Row:
    responsible: Callable[[str], str | None] = lambda authority: (  # noqa: E731
        to_json(zone.responsible[authority]) if authority in zone.responsible else None
    )
    return (
        *(zone.id, zone.name, zone.level, str(zone.kind), zone.priority),
        *(zone.units.get(authority) for authority in AUTHORITIES),
        *(responsible(authority) for authority in AUTHORITIES),
        *(zone.stop_minutes, zone.walk, zone.reasons, zone.geometry),
    )


def _inspection_rows(inspections: Iterable[ZoneInspection]) -> dict[str, Rows]:
    """Return the rows of inspections, of what is hidden, and of the walks that would show it."""
    inspections = tuple(inspections)
    return {
        tables.INSPECTIONS.name: [
            (one.zone, one.seen_share, one.length_km, one.minutes, one.hidden_ha)
            for one in inspections
        ],
        tables.HIDDEN.name: [
            (one.zone, one.hidden) for one in inspections if one.hidden is not None
        ],
        tables.WALKS.name: [
            (
                *(one.zone, walk.walk_m, walk.shows_ha, minutes),
                shapely.LineString([(walk.road_lon, walk.road_lat), (walk.lon, walk.lat)]),
            )
            for one in inspections
            for walk, minutes in one.walks
        ],
    }


def _inspector_row(person: Inspector) -> Row:
    return (
        *(person.id, person.name, to_json(person.units), person.certificate_number),
        *(person.certificate_from, person.certificate_until, person.licensed),
    )


def _vehicle_row(vehicle: Vehicle) -> Row:
    return (
        *(vehicle.id, vehicle.plate, to_json(vehicle.units), vehicle.seats),
        *(vehicle.available_from, vehicle.available_until),
    )


def _requirement_row(requirement: Requirement) -> Row:
    r, window, peak = requirement, requirement.window, requirement.peak_window
    return (
        *(r.id, r.authority, r.unit, r.zone, r.rule, r.article),
        *(window.first_day, window.last_day, str(window.kind)),
        *(r.count, r.min_gap_days, r.max_gap_days, r.peak),
        *((peak.first_day, peak.last_day, str(peak.kind)) if peak else (None, None, None)),
        *(r.spot_check, r.workdays_only, r.min_gap_hours, r.min_minutes, r.min_length_km),
    )


def _outcome_row(outcome: UnitOutcome) -> Row:
    return (outcome.unit, str(outcome.status), to_json([list(t) for t in outcome.explanation]))
