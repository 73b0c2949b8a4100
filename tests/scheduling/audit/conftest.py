"""A lawful quarter of a small county, made by hand, and ways of changing it.

One station, one squad; a village of level 1, a mine of level 2, farmland of level 3. The legs are
straight lines at 40 km/h. ``bench`` gives the tests what they build with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from shapely import Point, box

from network.problems import Text
from scheduling.audit import AuditReport, audit_plan
from scheduling.calendar.windows import Window, WindowKind, days_of, windows_between
from scheduling.calendar.workdays import build_calendar
from scheduling.county.model import County, Inspector, Unit, Vehicle, Zone, ZoneKind
from scheduling.county.settings import CalendarSettings, CountySettings
from scheduling.plan.model import (
    CrewMember,
    Leg,
    Patrol,
    PatrolKind,
    Plan,
    PlanStatus,
    UnitOutcome,
    Unmet,
    Visit,
)
from scheduling.regulation import load_preset
from scheduling.requirements import Requirement, derive_requirements

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
CALENDAR = build_calendar([2026], CalendarSettings(), Path())
HOMES = {"S1": (126.00, 43.50), "C1": (126.02, 43.52)}
PLACES = {"Z1": (126.05, 43.50), "Z2": (126.06, 43.53), "Z3": (126.03, 43.55)}
CREWS = {"S1": ("P1", "P2"), "C1": ("K1", "K2")}
VEHICLES = {"S1": "V1", "C1": "V2"}


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(43.5))
    return 111_195 * math.hypot(east, one[1] - other[1])


def a_county() -> County:
    units = {"township": "S1", "county": "C1"}
    named = {"township": ("P1",), "county": ("K1",)}
    farmland = box(126.025, 43.551, 126.035, 43.556)
    validity = (date(2024, 1, 1), date(2027, 12, 31))
    people = [Inspector(f"P{n}", f"张{n}", ("S1",), f"证P{n}", *validity) for n in (1, 2, 3)]
    people += [Inspector(f"K{n}", f"李{n}", ("C1",), f"证K{n}", *validity) for n in (1, 2, 3)]
    people.append(Inspector("D1", "王司机", ("C1",)))
    return County(
        settings=CountySettings(name="示例县", osm_file="roads.osm.pbf"),
        zones=(
            Zone("Z1", "东村", 1, ZoneKind.VILLAGE, Point(PLACES["Z1"]), units, named),
            Zone("Z2", "矿山", 2, ZoneKind.MINE, Point(PLACES["Z2"]), units, named),
            Zone("Z3", "农田", 3, ZoneKind.FARMLAND, farmland, units, named),
        ),
        units=(
            Unit("C1", "县一中队", "county", *HOMES["C1"], head="赵队"),
            Unit("S1", "东镇所", "township", *HOMES["S1"], head="钱所"),
        ),
        inspectors=tuple(sorted(people, key=lambda p: p.id)),
        vehicles=(
            Vehicle("V1", "吉A1", ("S1",)),
            Vehicle("V2", "吉A2", ("C1",)),
            Vehicle("V3", "吉A3", ("C1", "S1")),
        ),
    )


def a_patrol(
    unit: str,
    day: date,
    zones: Sequence[str],
    *,
    crew: Sequence[str] = (),
    vehicle: str = "",
    kind: PatrolKind = PatrolKind.REGULAR,
    identity: str = "",
) -> Patrol:
    """Return a patrol that adds up, leaving at 8:30."""
    identity = identity or f"{unit}-{day:%m%d}"
    here, last, now, lunch_at = HOMES[unit], "", 30_600, -1
    visits, legs = [], []
    for number, zone in enumerate(zones):
        legs.append(_leg(last, zone, here, PLACES[zone]))
        now += legs[-1].drive_seconds
        visits.append(_visit(f"{identity}-{number}", zone, now))
        now += visits[-1].inspect_seconds
        if lunch_at < 0 and now >= 41_400:
            lunch_at, now = now, now + 3600
        here, last = PLACES[zone], zone
    legs.append(_leg(last, "", here, HOMES[unit]))
    members = tuple(CrewMember(p, "inspector", f"证{p}") for p in crew or CREWS[unit])
    return Patrol(
        id=identity,
        unit=unit,
        day=day,
        kind=kind,
        vehicle=vehicle or VEHICLES[unit],
        crew=members,
        day_class="summer",
        depart_seconds=30_600,
        return_seconds=now + legs[-1].drive_seconds,
        lunch_at_seconds=lunch_at,
        lunch_seconds=3600 if lunch_at >= 0 else 0,
        visits=tuple(visits),
        legs=tuple(legs),
    )


def _leg(start: str, end: str, here: tuple[float, float], there: tuple[float, float]) -> Leg:
    length_m = metres(here, there)
    return Leg(start, end, math.ceil(length_m * 3.6 / 40), length_m, np.array([here, there]))


def _visit(identity: str, zone: str, arrive_seconds: int) -> Visit:
    lon, lat = PLACES[zone]
    return Visit(identity, zone, arrive_seconds, 1200, 0, 0, 0.0, lon, lat, np.array([[lon, lat]]))


def a_quarter() -> tuple[Patrol, ...]:
    """Return the patrols of April to June: all that is owed, and no more."""
    patrols = []
    for half in windows_between(WindowKind.HALF_MONTH, FIRST, LAST):
        days = _workdays(half)
        patrols += [a_patrol("S1", days[1], ["Z1", "Z2", "Z3"]), a_patrol("S1", days[6], ["Z1"])]
    for month in windows_between(WindowKind.MONTH, FIRST, LAST):
        days = _workdays(month)
        patrols += [a_patrol("C1", days[2], ["Z1", "Z2"]), a_patrol("C1", days[12], ["Z1"])]
    spot = PatrolKind.SPOT_CHECK
    patrols.append(a_patrol("C1", date(2026, 5, 28), ["Z3"], kind=spot))
    return tuple(sorted(patrols, key=lambda p: p.id))


def _workdays(window: Window) -> list[date]:
    workdays = set(CALENDAR.workdays)
    return [day for day in days_of(window) if day in workdays]


def honest(plan: Plan) -> Plan:
    """Return the plan with what is required, met and unmet stated truly."""
    rows = derive_requirements(
        *(plan.county, plan.regulation, plan.calendar, plan.first_day, plan.last_day, plan.units),
        secret=b"secret",
    )
    met = {row.id: _meeting(row, plan.patrols) for row in rows}
    unmet = tuple(
        Unmet(row.id, max(1, row.count - len(met[row.id])), False, Text("缺", "short"))
        for row in rows
        if len(met[row.id]) < row.count
    )
    return replace(plan, requirements=rows, met=met, unmet=unmet)


def _meeting(row: Requirement, patrols: Iterable[Patrol]) -> tuple[str, ...]:
    return tuple(
        visit.id
        for patrol in patrols
        for visit in patrol.visits
        if patrol.unit == row.unit
        and visit.zone == row.zone
        and row.window.holds(patrol.day)
        and row.spot_check == (patrol.kind is PatrolKind.SPOT_CHECK)
    )


def a_lawful_plan() -> Plan:
    jilin = load_preset("jilin")
    plan = Plan(
        county=a_county(),
        regulation=jilin,
        norm=jilin,
        calendar=CALENDAR,
        first_day=FIRST,
        last_day=LAST,
        units=("C1", "S1"),
        requirements=(),
        patrols=a_quarter(),
        met={},
        unmet=(),
        needs=(),
        outcomes=(UnitOutcome("C1", PlanStatus.FEASIBLE), UnitOutcome("S1", PlanStatus.FEASIBLE)),
        settings_used=(),
        seed=0,
    )
    return honest(plan)


@dataclass(frozen=True)
class Bench:
    """What the tests build with."""

    plan: Plan
    patrol: Callable[..., Patrol] = a_patrol
    honest: Callable[[Plan], Plan] = honest

    def changed(self, identity: str, **changes: object) -> Plan:
        """Return the plan with one patrol changed, and nothing else."""
        patrols = tuple(
            replace(patrol, **changes) if patrol.id == identity else patrol  # type: ignore[arg-type]
            for patrol in self.plan.patrols
        )
        assert any(patrol.id == identity for patrol in patrols)
        return replace(self.plan, patrols=patrols)

    def instead(self, identity: str, patrol: Patrol) -> Plan:
        """Return the plan with one patrol replaced by another, honestly."""
        return Bench(self.without(identity)).added(patrol)

    def visits(self, identity: str, **changes: object) -> Plan:
        """Return the plan with the first visit of one patrol changed, and nothing else."""
        first, *others = next(p for p in self.plan.patrols if p.id == identity).visits
        return self.changed(identity, visits=(replace(first, **changes), *others))  # type: ignore[arg-type]

    def legs(self, identity: str, **changes: object) -> Plan:
        """Return the plan with the first leg of one patrol changed, and nothing else."""
        first, *others = next(p for p in self.plan.patrols if p.id == identity).legs
        return self.changed(identity, legs=(replace(first, **changes), *others))  # type: ignore[arg-type]

    def crew(self, identity: str, *people: str, role: str = "inspector") -> Plan:
        """Return the plan with another crew on one patrol; ``role`` is the last one's."""
        members = [CrewMember(p, "inspector", f"证{p}") for p in people]
        members[-1] = replace(members[-1], role=role)
        return self.changed(identity, crew=tuple(members))

    def added(self, *more: Patrol) -> Plan:
        """Return the plan with patrols added, honestly."""
        patrols = tuple(sorted((*self.plan.patrols, *more), key=lambda p: p.id))
        return honest(replace(self.plan, patrols=patrols))

    def without(self, *identities: str) -> Plan:
        """Return the plan without some patrols, honestly."""
        kept = tuple(p for p in self.plan.patrols if p.id not in identities)
        assert len(kept) == len(self.plan.patrols) - len(identities)
        return honest(replace(self.plan, patrols=kept))

    def county(self, **changes: object) -> Plan:
        """Return the plan of a changed county, honestly."""
        return honest(replace(self.plan, county=replace(self.plan.county, **changes)))  # type: ignore[arg-type]

    def settings(self, **changes: object) -> Plan:
        """Return the plan with the county's settings changed."""
        settings = self.plan.county.settings.model_copy(update=changes)
        return self.county(settings=settings)

    def regulation(self, **changes: object) -> Plan:
        """Return the plan made under a regulation that departs from the norm, honestly."""
        changed = self.plan.regulation.model_copy(update=changes)
        return honest(replace(self.plan, regulation=changed))

    def norm(self, **changes: object) -> Plan:
        """Return the plan under a norm of its own, which no package knows, honestly."""
        own = self.plan.norm.model_copy(update={"id": "own", **changes})
        return honest(replace(self.plan, regulation=own, norm=own))

    def only(self, collection: str, identity: str, **changes: object) -> Plan:
        """Return the plan with one zone, unit, person or vehicle of the county changed."""
        entries = getattr(self.plan.county, collection)
        assert any(entry.id == identity for entry in entries)
        return self.county(
            **{
                collection: tuple(
                    replace(entry, **changes) if entry.id == identity else entry
                    for entry in entries
                )
            }
        )

    def breaches(self, plan: Plan) -> set[tuple[str, str]]:
        """Return rule and article of every breach found."""
        return {(f.rule, f.article) for f in self.report(plan).findings if f.severity == "breach"}

    def notices(self, plan: Plan) -> set[str]:
        """Return the rules that give notice."""
        return {f.rule for f in self.report(plan).findings if f.severity == "notice"}

    def report(self, plan: Plan) -> AuditReport:
        """Return the audit's report, whose verdict must agree with its findings."""
        report = audit_plan(plan)
        assert report.lawful == all(f.severity == "notice" for f in report.findings)
        assert all(f.message.zh and f.message.en and f.rule for f in report.findings)
        return report


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench(a_lawful_plan())
