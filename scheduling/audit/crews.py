"""Rules on people and vehicles: crew and certificates (art. 16), leave, bookings, caps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from network.problems import Text
from scheduling.audit.findings import (
    Finding,
    FindingBasis,
    breach,
    listed,
    notice,
    weighed,
)
from scheduling.audit.owed import Case
from scheduling.county.settings import CapSettings
from scheduling.plan.model import Patrol
from scheduling.regulation.model import TeamRule


def check_crew_size(case: Case) -> Iterator[Finding]:
    """Find patrols with fewer certified people than the team rule asks for."""
    for rule in _team_rules(case):
        for patrol in case.patrols:
            valid = case.certified(patrol)
            if len(valid) < rule.min_certified:
                yield weighed(
                    patrol.id,
                    Text(
                        f"{_when(case, patrol).zh}：持有效证件的巡查人员{len(valid)}人，"
                        f"少于{rule.min_certified}人",
                        f"{_when(case, patrol).en}: certified people aboard {len(valid)}, "
                        f"at least {rule.min_certified} are owed",
                    ),
                    case.basis_of(rule),
                    rule.article,
                )


def check_certificates(case: Case) -> Iterator[Finding]:
    """Find inspectors without a certificate valid that day, or with another's number."""
    rule = next(iter(_team_rules(case)), None)
    basis: FindingBasis = case.basis_of(rule) if rule else "default"
    for patrol in case.patrols:
        for member in patrol.crew:
            person = case.people.get(member.inspector)
            if person is None or member.role != "inspector":
                continue
            if not person.certified_on(patrol.day):
                why = Text("当日无有效执法证", "holds no certificate valid that day")
            elif member.certificate_number != person.certificate_number:
                why = Text(
                    f"证号“{member.certificate_number}”与登记的“{person.certificate_number}”不符",
                    f"certificate {member.certificate_number!r} is not the registered "
                    f"{person.certificate_number!r}",
                )
            else:
                continue
            message = _about(case, patrol, person.id, why)
            yield weighed(patrol.id, message, basis, rule.article if rule else "")


def check_driver(case: Case) -> Iterator[Finding]:
    """Find patrols on which nobody may drive."""
    for patrol in case.patrols:
        aboard = [case.people.get(member.inspector) for member in patrol.crew]
        if not any(person is not None and person.licensed for person in aboard):
            when = _when(case, patrol)
            message = Text(f"{when.zh}：无人有驾驶资格", f"{when.en}: nobody aboard may drive")
            yield breach(patrol.id, message, "physical")


def check_people(case: Case) -> Iterator[Finding]:
    """Find people aboard who are unknown, listed twice, or of neither unit concerned."""
    for patrol in case.patrols:
        aboard = [case.people[m.inspector] for m in patrol.crew if m.inspector in case.people]
        if aboard and not any(patrol.unit in person.units for person in aboard):
            when = _when(case, patrol)
            message = Text(f"{when.zh}：无本单位人员", f"{when.en}: nobody of the unit is aboard")
            yield breach(patrol.id, message, "physical")
        partners = _partners(case, patrol)
        for identity, times in sorted(Counter(m.inspector for m in patrol.crew).items()):
            person = case.people.get(identity)
            if person is None:
                why = Text("不在人员表中", "is not in the table of people")
            elif times > 1:
                why = Text("重复列入", "is listed twice")
            elif patrol.unit not in person.units and not partners.intersection(person.units):
                units = "、".join(person.units)
                why = Text(f"属于{units}，不属于该单位", f"belongs to {units}, not to this unit")
            else:
                continue
            yield breach(patrol.id, _about(case, patrol, identity, why), "physical")


def check_leave(case: Case) -> Iterator[Finding]:
    """Find people who patrol while on leave."""
    for patrol in case.patrols:
        for identity in sorted({member.inspector for member in patrol.crew}):
            if case.away(identity, patrol.day):
                why = Text("当日请假", "is on leave that day")
                yield breach(patrol.id, _about(case, patrol, identity, why), "physical")


def check_vehicles(case: Case) -> Iterator[Finding]:
    """Find vehicles that are not the unit's, not there that day, or too small."""
    for patrol in case.patrols:
        vehicle, crew = case.vehicles.get(patrol.vehicle), len(patrol.crew)
        if vehicle is None:
            why = Text("不在车辆表中", "is not in the table of vehicles")
        elif not _units_aboard(case, patrol).intersection(vehicle.units):
            why = Text("不归该单位使用", "is not the unit's")
        elif not vehicle.available_on(patrol.day):
            why = Text("当日不可用", "is not available that day")
        elif case.away(vehicle.id, patrol.day):
            why = Text("当日停用", "is away that day")
        elif vehicle.seats < crew:
            why = Text(
                f"{vehicle.seats}座，坐不下{crew}人", f"has {vehicle.seats} seats for {crew}"
            )
        else:
            continue
        when = _when(case, patrol)
        message = Text(
            f"{when.zh}：车辆“{patrol.vehicle}”{why.zh}",
            f"{when.en}: vehicle {patrol.vehicle!r} {why.en}",
        )
        yield breach(patrol.id, message, "physical")


def check_person_booked_twice(case: Case) -> Iterator[Finding]:
    """Find people on two patrols a day."""
    booked: dict[tuple[date, str], list[str]] = defaultdict(list)
    for patrol in case.patrols:
        for identity in sorted({member.inspector for member in patrol.crew}):
            booked[patrol.day, identity].append(patrol.id)
    for (day, identity), patrols in sorted(booked.items()):
        if len(patrols) > 1:
            yield _booked_twice(identity, case.person_name(identity), day, patrols)


def check_vehicle_booked_twice(case: Case) -> Iterator[Finding]:
    """Find vehicles on two patrols a day."""
    booked: dict[tuple[date, str], list[str]] = defaultdict(list)
    for patrol in case.patrols:
        booked[patrol.day, patrol.vehicle].append(patrol.id)
    for (day, vehicle), patrols in sorted(booked.items()):
        if len(patrols) > 1:
            yield _booked_twice(vehicle, vehicle, day, patrols)


def check_weekly_cap(case: Case) -> Iterator[Finding]:
    """Find people with more patrol days in an ISO week than the cap."""
    cap = case.county.settings.caps.patrol_days_per_week
    for identity, days in _days_by_person(case):
        weeks = Counter(day.isocalendar()[:2] for day in days)
        over = sorted(week for week, count in weeks.items() if count > cap)
        if over:
            names = listed([f"{year}-W{week:02}" for year, week in over])
            most = max(weeks.values())
            yield notice(
                identity,
                Text(
                    f"{case.person_name(identity)}：{names.zh}每周巡查超过{cap}天，最多{most}天",
                    f"{case.person_name(identity)}: more than {cap} patrol days in {names.en}, "
                    f"up to {most}",
                ),
                _cap_basis(case),
            )


def check_rolling_cap(case: Case) -> Iterator[Finding]:
    """Find people with more patrol days in some 28 days than the cap."""
    cap = case.county.settings.caps.patrol_days_per_28_days
    for identity, days in _days_by_person(case):
        counts = [
            (sum(first <= day < first + timedelta(days=28) for day in days[n : n + 28]), first)
            for n, first in enumerate(days)
        ]
        most, first = max(counts, key=lambda entry: entry[0])
        if most > cap:
            yield notice(
                identity,
                Text(
                    f"{case.person_name(identity)}：自{first}起28天内巡查{most}天，超过{cap}天",
                    f"{case.person_name(identity)}: {most} patrol days in the 28 from {first}, "
                    f"more than {cap}",
                ),
                _cap_basis(case),
            )


def _team_rules(case: Case) -> Iterator[TeamRule]:
    """Yield the team rule in force, and the norm's own where it asks for more."""
    now, norm = case.plan.regulation.team, case.norm.team
    if norm is not None and (now is None or now.min_certified < norm.min_certified):
        yield norm
    elif now is not None:
        yield now


def _partners(case: Case, patrol: Patrol) -> set[str]:
    """Return the units that may be aboard besides the patrol's own: those its zones also name.

    Where a sealed patrol goes is not known here: any unit of another authority may be its partner.
    """
    if case.is_sealed(patrol):
        own = case.units.get(patrol.unit)
        return {u.id for u in case.units.values() if own is None or u.authority != own.authority}
    zones = (case.zones.get(visit.zone) for visit in patrol.visits)
    return {unit for zone in zones if zone is not None for unit in zone.units.values()}


def _units_aboard(case: Case, patrol: Patrol) -> set[str]:
    """Return the patrol's unit, and those partners of it that have people aboard."""
    people = (case.people.get(member.inspector) for member in patrol.crew)
    units = {unit for person in people if person is not None for unit in person.units}
    return {patrol.unit, *(units & _partners(case, patrol))}


def _days_by_person(case: Case) -> list[tuple[str, list[date]]]:
    days: dict[str, set[date]] = defaultdict(set)
    for patrol in case.patrols:
        for member in patrol.crew:
            days[member.inspector].add(patrol.day)
    return sorted((identity, sorted(found)) for identity, found in days.items())


def _cap_basis(case: Case) -> FindingBasis:
    return "default" if case.county.settings.caps == CapSettings() else "user"


def _booked_twice(identity: str, name: str, day: date, patrols: list[str]) -> Finding:
    listing = listed(patrols)
    message = Text(
        f"{name}：{day}同时列入{listing.zh}", f"{name}: on {day} on patrols {listing.en} at once"
    )
    return breach(identity, message, "physical")


def _when(case: Case, patrol: Patrol) -> Text:
    unit = case.unit_name(patrol.unit)
    return Text(f"{patrol.day} {unit}", f"{patrol.day} {unit}")


def _about(case: Case, patrol: Patrol, person: str, why: Text) -> Text:
    when, name = _when(case, patrol), case.person_name(person)
    return Text(f"{when.zh}：{name}{why.zh}", f"{when.en}: {name} {why.en}")
