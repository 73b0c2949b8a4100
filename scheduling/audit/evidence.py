"""The plan laid out for judging: who went where when, and what the snapshot says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from scheduling.audit.findings import FindingBasis
from scheduling.calendar.windows import Window
from scheduling.county.model import AUTHORITIES, Authority, Inspector, Unit, Vehicle, Zone
from scheduling.county.settings import DayClass
from scheduling.plan.model import Patrol, PatrolKind, Plan, Visit
from scheduling.regulation import load_preset, preset_names
from scheduling.regulation.model import Regulation, Rule


@dataclass(frozen=True)
class Made:
    """A visit with the patrol that makes it."""

    day: date
    patrol: Patrol
    visit: Visit


class Evidence:
    """Indexes over one plan. Whatever the plan itself calls required or met is left aside."""

    def __init__(self, plan: Plan, roads: Path | None = None) -> None:
        self.plan, self.roads = plan, roads
        self.county = plan.county
        self.zones: Mapping[str, Zone] = {zone.id: zone for zone in plan.county.zones}
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in plan.county.units}
        self.people: Mapping[str, Inspector] = {p.id: p for p in plan.county.inspectors}
        self.vehicles: Mapping[str, Vehicle] = {v.id: v for v in plan.county.vehicles}
        self.planned_units = frozenset(plan.units)
        self._guests_aboard: dict[int, frozenset[tuple[str, ...]]] = {}

    @cached_property
    def norm(self) -> Regulation:
        """The norm that counts: the packaged preset of that id, else what the plan carries."""
        carried = self.plan.norm
        return load_preset(carried.id) if carried.id in preset_names() else carried

    @cached_property
    def workdays(self) -> tuple[date, ...]:
        """Statutory workdays of the snapshot, sorted."""
        return tuple(sorted(self.plan.calendar.workdays))

    @cached_property
    def patrol_days(self) -> frozenset[date]:
        """Workdays, and the days of duty patrols where the county has them."""
        duty = self.plan.calendar.duty_days if self.county.settings.calendar.duty_patrols else ()
        return frozenset((*self.workdays, *duty))

    def workdays_in(self, window: Window) -> tuple[date, ...]:
        """Return the workdays of a window."""
        return window.days_of(self.workdays)

    @cached_property
    def patrols(self) -> tuple[Patrol, ...]:
        """All patrols by day and id."""
        return tuple(sorted(self.plan.patrols, key=lambda p: (p.day, p.id)))

    @cached_property
    def shown_patrols(self) -> tuple[Patrol, ...]:
        """Patrols whose route the plan shows: all but the sealed ones."""
        return tuple(patrol for patrol in self.patrols if not self.is_sealed(patrol))

    def is_sealed(self, patrol: Patrol) -> bool:
        """Whether this is a spot check whose route lies in a sealed file."""
        return patrol.kind is PatrolKind.SPOT_CHECK and not patrol.visits and not patrol.legs

    @cached_property
    def has_sealed_part(self) -> bool:
        """Whether spot checks are missing from the plan because they are sealed."""
        return bool(self.plan.sealed_days) or any(map(self.is_sealed, self.patrols))

    @cached_property
    def visits(self) -> Mapping[tuple[Authority, str, PatrolKind], tuple[Made, ...]]:
        """Visits that count, by authority, zone and kind of patrol, in order of time.

        A visit counts for the authority whose unit patrols, and on a joint patrol for the
        partner's too. One made by a unit that is not the zone's counts for nobody.
        """
        made: dict[tuple[Authority, str, PatrolKind], list[Made]] = defaultdict(list)
        for patrol in self.patrols:
            for visit in sorted(patrol.visits, key=lambda v: v.arrive_seconds):
                zone = self.zones.get(visit.zone)
                if zone is None:
                    continue
                for authority in AUTHORITIES:
                    unit = zone.units.get(authority, "")
                    if unit and (unit == patrol.unit or self.is_joint(patrol, unit)):
                        one = Made(patrol.day, patrol, visit)
                        made[authority, visit.zone, patrol.kind].append(one)
        return {key: tuple(entries) for key, entries in made.items()}

    @cached_property
    def _days_of_visits(self) -> Mapping[tuple[Authority, str, PatrolKind], tuple[date, ...]]:
        return {key: tuple(sorted({m.day for m in v})) for key, v in self.visits.items()}

    @cached_property
    def _patrol_days_of_visits(
        self,
    ) -> Mapping[tuple[Authority, str, PatrolKind], tuple[date, ...]]:
        own = self.patrol_days
        return {
            key: tuple(day for day in days if day in own)
            for key, days in self._days_of_visits.items()
        }

    def days_visited(
        self,
        authority: Authority,
        zone: str,
        window: Window,
        *,
        any_day: bool,
        kind: PatrolKind = PatrolKind.REGULAR,
    ) -> tuple[date, ...]:
        """Return the days in a window on which the zone is visited; two on one day are one.

        Unless ``any_day``, only patrol days count. A sealed spot check does not stand in for a
        visit the published plan owes, nor a published visit for a spot check.
        """
        visited = self._days_of_visits if any_day else self._patrol_days_of_visits
        return window.days_of(visited.get((authority, zone, kind), ()))

    def certified(self, patrol: Patrol) -> tuple[Inspector, ...]:
        """Return the people aboard who count for art. 16: valid certificates, no drivers."""
        aboard = {member.inspector: member for member in patrol.crew if member.role == "inspector"}
        people = (self.people.get(identity) for identity in sorted(aboard))
        return tuple(
            person
            for person in people
            if person is not None
            and person.certified_on(patrol.day)
            and aboard[person.id].certificate_number == person.certificate_number
            and not self.away(person.id, patrol.day)
        )

    def is_joint(self, patrol: Patrol, partner: str) -> bool:
        """Whether a patrol also counts for ``partner``: two certified, one of each unit."""
        return (partner,) in self._guests(patrol)

    def _guests(self, patrol: Patrol) -> frozenset[tuple[str, ...]]:
        """Return the home units of certified people who have one of the patrol's beside them.

        Kept for each patrol: it is asked for at every visit, and an id may stand twice in a plan.
        """
        if id(patrol) not in self._guests_aboard:
            people = self.certified(patrol)
            self._guests_aboard[id(patrol)] = frozenset(
                guest.units[:1]
                for guest in people
                if any(patrol.unit in host.units for host in people if host is not guest)
            )
        return self._guests_aboard[id(patrol)]

    @cached_property
    def _leave(self) -> Mapping[str, tuple[tuple[date, date], ...]]:
        rows: dict[str, list[tuple[date, date]]] = defaultdict(list)
        for row in self.county.leave:
            rows[row.who].append((row.first_day, row.last_day))
        return {who: tuple(spans) for who, spans in rows.items()}

    def away(self, who: str, day: date) -> bool:
        """Whether a person or vehicle is on leave."""
        return any(first <= day <= last for first, last in self._leave.get(who, ()))

    def day_class(self, day: date) -> DayClass | None:
        """Return the first class of the county's settings whose range holds the day."""
        for day_class in self.county.settings.day_classes:
            if in_yearly_range(day_class.first, day_class.last, day):
                return day_class
        return None

    def basis_of(self, rule: Rule) -> FindingBasis:
        """Return what a rule rests on: the norm's basis, also where the county changed the rule."""
        for own in self.norm.rules:
            if own.id == rule.id:
                return own.basis
        return rule.basis

    def zone_name(self, zone: str) -> str:
        """Return id and name of a zone."""
        known = self.zones.get(zone)
        return f"{zone} {known.name}" if known and known.name != zone else zone

    def unit_name(self, unit: str) -> str:
        """Return id and name of a unit."""
        known = self.units.get(unit)
        return f"{unit} {known.name}" if known and known.name != unit else unit

    def person_name(self, person: str) -> str:
        """Return id and name of a person."""
        known = self.people.get(person)
        return f"{person} {known.name}" if known and known.name != person else person


def in_yearly_range(first: str, last: str, day: date) -> bool:
    """Whether a day lies in "MM-DD" to "MM-DD", both included; may wrap the year's end."""
    here = f"{day.month:02}-{day.day:02}"
    if first <= last:
        return first <= here <= last
    return here >= first or here <= last


def in_season(first: str, last: str, day: date) -> bool:
    """Whether a day lies in a season or peak; one to 28 February ends with the month."""
    return in_yearly_range(first, "02-29" if last == "02-28" else last, day)
