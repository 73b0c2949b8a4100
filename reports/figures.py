"""Figures that several documents print, counted once. All of them come from the open plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from scheduling.audit.findings import AuditReport
from scheduling.county.model import Checkpoint, Inspector, Unit, Vehicle, Zone
from scheduling.inspections import ZoneInspection
from scheduling.plan.model import Patrol, PatrolKind, Plan
from scheduling.regulation.model import FrequencyRule, SpotCheckRule
from scheduling.requirements import Requirement


@dataclass(frozen=True, order=True)
class Quarter:
    """The part of a calendar quarter that lies in the plan."""

    year: int
    number: int
    first_day: date
    last_day: date

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the quarter."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Totals:
    """Sums over patrols; sealed spot checks count as patrols and person-days only."""

    patrols: int
    spot_checks: int
    visits: int
    length_km: float
    work_hours: float
    person_days: int


@dataclass(frozen=True)
class PersonLoad:
    """What one person patrols in the plan; hours without sealed spot checks."""

    inspector: Inspector
    days: tuple[date, ...]
    work_hours: float
    busiest_week_days: int


@dataclass(frozen=True)
class RequirementStatus:
    """How many of the visits owed are planned, and how many are missing."""

    requirement: Requirement
    planned: int
    missing: int


def totals(patrols: tuple[Patrol, ...]) -> Totals:
    """Add up patrols."""
    return Totals(
        patrols=len(patrols),
        spot_checks=sum(p.kind == PatrolKind.SPOT_CHECK for p in patrols),
        visits=sum(len(p.visits) for p in patrols),
        length_km=sum(p.length_m for p in patrols) / 1000,
        work_hours=sum(p.drive_seconds + p.inspect_seconds for p in patrols) / 3600,
        person_days=sum(len(p.crew) for p in patrols),
    )


class Figures:
    """Look-ups and counts of one open plan, each computed once when first asked for.

    ``audit`` is what the audit says of that plan: the documents' statement of legality.
    """

    def __init__(self, plan: Plan, audit: AuditReport) -> None:
        self.plan = plan
        self.audit = audit

    @cached_property
    def zones(self) -> Mapping[str, Zone]:
        """Zones by id."""
        return {zone.id: zone for zone in self.plan.county.zones}

    @cached_property
    def people(self) -> Mapping[str, Inspector]:
        """Inspectors and drivers by id."""
        return {person.id: person for person in self.plan.county.inspectors}

    @cached_property
    def vehicles(self) -> Mapping[str, Vehicle]:
        """Vehicles by id."""
        return {vehicle.id: vehicle for vehicle in self.plan.county.vehicles}

    @cached_property
    def checkpoints(self) -> Mapping[str, tuple[Checkpoint, ...]]:
        """Places to be passed, of each zone that has any."""
        rows: dict[str, list[Checkpoint]] = defaultdict(list)
        for row in self.plan.county.checkpoints:
            rows[row.zone].append(row)
        return {zone: tuple(places) for zone, places in rows.items()}

    @cached_property
    def inspections(self) -> Mapping[str, ZoneInspection]:
        """What inspecting each zone comes to."""
        return {one.zone: one for one in self.plan.inspections}

    @cached_property
    def all_units(self) -> Mapping[str, Unit]:
        """Every unit of the county by id."""
        return {unit.id: unit for unit in self.plan.county.units}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units planned: county and city squads first, then stations, by id."""
        rank = {"city": 0, "county": 1, "township": 2}
        planned = [self.all_units[unit] for unit in self.plan.units if unit in self.all_units]
        return tuple(sorted(planned, key=lambda unit: (rank[unit.authority], unit.id)))

    @cached_property
    def patrols_by_unit(self) -> Mapping[str, tuple[Patrol, ...]]:
        """Patrols of each planned unit by day."""
        rows: dict[str, list[Patrol]] = {unit.id: [] for unit in self.units}
        for patrol in sorted(self.plan.patrols, key=lambda p: (p.day, p.id)):
            rows.setdefault(patrol.unit, []).append(patrol)
        return {unit: tuple(patrols) for unit, patrols in rows.items()}

    @cached_property
    def totals(self) -> Totals:
        """Sums of the whole plan."""
        return totals(self.plan.patrols)

    @cached_property
    def months(self) -> tuple[tuple[int, int], ...]:
        """(year, month) of every month the plan touches."""
        return tuple(sorted({(day.year, day.month) for day in self.days}))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day of the plan, patrol day or not."""
        count = (self.plan.last_day - self.plan.first_day).days + 1
        return tuple(self.plan.first_day + timedelta(days=i) for i in range(count))

    @cached_property
    def quarters(self) -> tuple[Quarter, ...]:
        """Calendar quarters that the plan touches, cut to its days."""
        rows: dict[tuple[int, int], list[date]] = defaultdict(list)
        for day in self.days:
            rows[day.year, (day.month + 2) // 3].append(day)
        return tuple(Quarter(*key, days[0], days[-1]) for key, days in sorted(rows.items()))

    @cached_property
    def workdays_by_month(self) -> Mapping[tuple[int, int], int]:
        """Workdays of each month inside the plan."""
        inside = (d for d in self.plan.calendar.workdays if self._inside(d))
        return Counter((day.year, day.month) for day in inside)

    @cached_property
    def patrols_by_unit_month(self) -> Mapping[tuple[str, int, int], int]:
        """Patrols by (unit, year, month), spot checks included."""
        return Counter((p.unit, p.day.year, p.day.month) for p in self.plan.patrols)

    @cached_property
    def rules(self) -> Mapping[str, FrequencyRule | SpotCheckRule]:
        """Rules that owe visits, by id, as applied."""
        rows: dict[str, FrequencyRule | SpotCheckRule] = {}
        rows.update({rule.id: rule for rule in self.plan.regulation.frequency})
        rows.update({rule.id: rule for rule in self.plan.regulation.spot_check})
        return rows

    @cached_property
    def statuses(self) -> tuple[RequirementStatus, ...]:
        """Each requirement with what is planned of it; spot checks are not in an open plan."""
        missing = Counter({u.requirement: u.missing for u in self.plan.unmet})
        rows = []
        for requirement in self.plan.requirements:
            planned = len(self.plan.met.get(requirement.id, ()))
            short = max(missing[requirement.id], requirement.count - planned)
            rows.append(RequirementStatus(requirement, planned, short))
        return tuple(rows)

    @cached_property
    def spot_checks(self) -> Mapping[str, int]:
        """Spot-check patrols by unit: all that an open plan says of them."""
        kinds = (p.unit for p in self.plan.patrols if p.kind == PatrolKind.SPOT_CHECK)
        return dict(sorted(Counter(kinds).items()))

    @cached_property
    def loads(self) -> tuple[PersonLoad, ...]:
        """Every person of the planned units and what they patrol, those without duty included."""
        patrols: dict[str, list[Patrol]] = defaultdict(list)
        for patrol in self.plan.patrols:
            for member in patrol.crew:
                patrols[member.inspector].append(patrol)
        planned = {*self.plan.units}
        people = [p for p in self.people.values() if p.id in patrols or planned & {*p.units}]
        return tuple(_load(person, patrols[person.id]) for person in people)

    def zones_of(self, unit: Unit) -> tuple[Zone, ...]:
        """Return the zones whose visits ``unit`` owes, by level and id."""
        mine = [z for z in self.plan.county.zones if z.units.get(unit.authority) == unit.id]
        return tuple(sorted(mine, key=lambda zone: (zone.level, zone.id)))

    def people_of(self, unit: Unit) -> tuple[Inspector, ...]:
        """Return the people who may patrol for ``unit``."""
        return tuple(p for p in self.plan.county.inspectors if unit.id in p.units)

    def vehicles_of(self, unit: Unit) -> tuple[Vehicle, ...]:
        """Return the vehicles of ``unit``."""
        return tuple(v for v in self.plan.county.vehicles if unit.id in v.units)

    def names(self, ids: tuple[str, ...]) -> list[str]:
        """Return people's names; an unknown id stands for itself."""
        return [self.people[i].name if i in self.people else i for i in ids]

    def plate(self, vehicle: str) -> str:
        """Return the number plate of a vehicle."""
        return self.vehicles[vehicle].plate if vehicle in self.vehicles else vehicle

    def zone_name(self, zone: str) -> str:
        """Return a zone's name; an unknown id stands for itself."""
        return self.zones[zone].name if zone in self.zones else zone

    def unit_name(self, unit: str) -> str:
        """Return a unit's name; an unknown id stands for itself."""
        return self.all_units[unit].name if unit in self.all_units else unit

    def _inside(self, day: date) -> bool:
        return self.plan.first_day <= day <= self.plan.last_day


def _load(person: Inspector, patrols: list[Patrol]) -> PersonLoad:
    weeks = Counter(patrol.day.isocalendar()[:2] for patrol in patrols)
    seconds = sum(patrol.drive_seconds + patrol.inspect_seconds for patrol in patrols)
    return PersonLoad(
        inspector=person,
        days=tuple(sorted(patrol.day for patrol in patrols)),
        work_hours=seconds / 3600,
        busiest_week_days=max(weeks.values(), default=0),
    )
