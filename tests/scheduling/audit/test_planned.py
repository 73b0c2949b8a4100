"""Plans the planner makes of generated counties: lawful as made, refused once changed by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from examples import SampleSize, generate_county
from network import InputError
from scheduling.audit import audit_plan
from scheduling.county.model import Leave
from scheduling.inputs import load_inputs
from scheduling.plan.model import PatrolKind, Plan, PlanStatus
from scheduling.plan.seal import seal
from scheduling.planning import make_plan

SIZES = {
    "one station": SampleSize(
        townships=1, zones_per_township=5, squads=1, inspectors_per_squad=3, scenery=False
    ),
    "a squad's spot checks": SampleSize(
        townships=1, zones_per_township=9, squads=1, inspectors_per_squad=4, scenery=False
    ),
    "two stations": SampleSize(
        townships=2, zones_per_township=6, squads=1, inspectors_per_squad=3, scenery=False
    ),
}


@pytest.fixture(scope="module", params=SIZES)
def planned(request, tmp_path_factory) -> tuple[Plan, Path]:
    """Return a complete plan of April to June, and the road file it was made on."""
    folder = tmp_path_factory.mktemp("county") / "county"
    generate_county(folder, size=SIZES[request.param], seed=len(request.param))
    first, last = date(2026, 4, 1), date(2026, 6, 30)
    inputs = load_inputs(folder, year=2026, first_day=first, last_day=last)
    return make_plan(inputs, seed=1, secret=b"secret"), inputs.roads_file


def test_what_the_planner_calls_feasible_is_lawful(planned):
    """A plan with nothing unmet passes, legs driven again on the roads included."""
    plan, roads = planned
    assert plan.status in {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
    assert not plan.unmet
    report = audit_plan(plan, roads=roads)
    assert [f for f in report.findings if f.severity == "breach"] == []
    assert report.lawful
    assert not [f for f in report.findings if f.rule == "roads"]


def test_without_its_sealed_file_it_is_lawful_with_a_notice(planned):
    """The open plan is lawful as far as it can be seen, and says what was not audited."""
    plan, _ = planned
    report = audit_plan(seal(plan)[0])
    assert report.lawful
    sealed = any(patrol.kind is PatrolKind.SPOT_CHECK for patrol in plan.patrols)
    assert any(f.rule == "sealed" for f in report.findings) == sealed


def _visit_removed(plan: Plan, number: int) -> Plan:
    patrol = plan.patrols[number]
    return _with(plan, number, visits=patrol.visits[:-1])


def _patrol_removed(plan: Plan, number: int) -> Plan:
    return replace(plan, patrols=(*plan.patrols[:number], *plan.patrols[number + 1 :]))


def _person_removed(plan: Plan, number: int) -> Plan:
    patrol = plan.patrols[number]
    return _with(plan, number, crew=patrol.crew[:1])


def _stranger_aboard(plan: Plan, number: int) -> Plan:
    crew = plan.patrols[number].crew
    return _with(plan, number, crew=(replace(crew[0], inspector="nobody"), *crew[1:]))


def _on_leave(plan: Plan, number: int) -> Plan:
    patrol = plan.patrols[number]
    row = Leave(patrol.crew[0].inspector, patrol.day, patrol.day)
    county = replace(plan.county, leave=(*plan.county.leave, row))
    return replace(plan, county=county)


def _expired(plan: Plan, number: int) -> Plan:
    patrol = plan.patrols[number]
    people = tuple(
        replace(person, certificate_until=patrol.day - timedelta(days=1))
        if person.id == patrol.crew[0].inspector
        else person
        for person in plan.county.inspectors
    )
    return replace(plan, county=replace(plan.county, inspectors=people))


def _on_a_holiday(plan: Plan, number: int) -> Plan:
    return _with(plan, number, day=date(2026, 5, 1))


def _two_months_later(plan: Plan, number: int) -> Plan:
    """Move into another window of every kind, quarters included."""
    return _with(plan, number, day=plan.last_day + timedelta(days=20))


def _vehicle_booked_twice(plan: Plan, number: int) -> Plan:
    patrol = plan.patrols[number]
    twin = replace(patrol, id=f"{patrol.id}-twin", visits=(), legs=())
    return replace(plan, patrols=(*plan.patrols, twin))


def _faster_leg(plan: Plan, number: int) -> Plan:
    first, *others = plan.patrols[number].legs
    leg = replace(first, drive_seconds=first.drive_seconds - 10)
    return _with(plan, number, legs=(leg, *others))


def _other_zone(plan: Plan, number: int) -> Plan:
    """Call the first visit by another zone's name."""
    first, *others = plan.patrols[number].visits
    other = next(zone.id for zone in plan.county.zones if zone.id != first.zone)
    return _with(plan, number, visits=(replace(first, zone=other), *others))


def _with(plan: Plan, number: int, **changes: Any) -> Plan:
    patrols = list(plan.patrols)
    patrols[number] = replace(patrols[number], **changes)
    return replace(plan, patrols=tuple(patrols))


BY_HAND = (
    _visit_removed,
    _patrol_removed,
    _person_removed,
    _stranger_aboard,
    _on_leave,
    _expired,
    _on_a_holiday,
    _two_months_later,
    _vehicle_booked_twice,
    _faster_leg,
    _other_zone,
)


@pytest.mark.parametrize("change", BY_HAND, ids=lambda change: change.__name__.strip("_"))
def test_any_patrol_changed_by_hand_is_refused(planned, change: Callable[[Plan, int], Plan]):
    """Whichever patrol is changed, the audit refuses the plan: eight drawn of each plan."""
    plan, _ = planned
    numbers = Random(change.__name__).sample(range(len(plan.patrols)), 8)
    for number in numbers:
        assert not audit_plan(change(plan, number)).lawful, plan.patrols[number].id


def test_a_leg_and_its_clock_made_faster_is_found_on_the_roads(planned):
    """Seconds taken off a leg and off every later time add up, but not on the road network."""
    plan, roads = planned
    patrol = max(plan.patrols, key=lambda p: p.legs[0].drive_seconds)
    saved = patrol.legs[0].drive_seconds // 5
    legs = (
        replace(patrol.legs[0], drive_seconds=patrol.legs[0].drive_seconds - saved),
        *patrol.legs[1:],
    )
    visits = tuple(replace(v, arrive_seconds=v.arrive_seconds - saved) for v in patrol.visits)
    lunch = patrol.lunch_at_seconds
    faster = replace(
        patrol,
        legs=legs,
        visits=visits,
        return_seconds=patrol.return_seconds - saved,
        lunch_at_seconds=lunch - saved if lunch >= 0 else lunch,
    )
    changed = replace(plan, patrols=tuple(faster if p is patrol else p for p in plan.patrols))
    assert audit_plan(changed).lawful
    report = audit_plan(changed, roads=roads)
    breaches = [f for f in report.findings if f.severity == "breach"]
    assert [(f.rule, f.subject, f.basis) for f in breaches] == [("roads", patrol.id, "physical")]


def test_a_detour_is_a_notice(planned):
    """A leg slower than the roads ask for, with a clock that adds up, is lawful, and told."""
    plan, roads = planned
    slow = plan.patrols[0]
    back = replace(slow.legs[-1], drive_seconds=slow.legs[-1].drive_seconds + 300)
    slow = replace(slow, legs=(*slow.legs[:-1], back), return_seconds=slow.return_seconds + 300)
    report = audit_plan(replace(plan, patrols=(slow, *plan.patrols[1:])), roads=roads)
    assert report.lawful
    assert [f.subject for f in report.findings if f.rule == "roads"] == [slow.id]


def test_a_leg_off_the_roads_is_refused(planned):
    """Lines that begin and end beside the roads cannot be driven again."""
    plan, roads = planned
    patrol = plan.patrols[0]
    moved = tuple(
        replace(leg, shape_lonlat=leg.shape_lonlat + np.array([1.0, 0.0])) for leg in patrol.legs
    )
    changed = replace(plan, patrols=(replace(patrol, legs=moved), *plan.patrols[1:]))
    rules = {f.rule for f in audit_plan(changed, roads=roads).findings if f.severity == "breach"}
    assert rules == {"geometry", "roads"}


def test_other_roads_than_the_plans_are_told(planned, tmp_path):
    """A road file that is not the one the plan was made on gives a notice."""
    plan, roads = planned
    hashes = {**plan.county.input_hashes, plan.county.settings.osm_file: "0" * 64}
    county = replace(plan.county, input_hashes=hashes)
    report = audit_plan(replace(plan, county=county), roads=roads)
    assert report.lawful
    assert [f.subject for f in report.findings if f.rule == "roads"] == [roads.name]


def test_unreadable_roads_are_an_error(planned, tmp_path):
    """A road file that cannot be read is bad input, not a finding."""
    plan, _ = planned
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(b"not a road file")
    with pytest.raises(InputError):
        audit_plan(plan, roads=path)


def test_a_shortage_is_refused_and_told(tmp_path):
    """One inspector alone makes no patrol: every visit owed is a breach, and the plan tells all."""
    size = SampleSize(townships=1, zones_per_township=4, squads=0, inspectors_per_station=1)
    generate_county(tmp_path / "county", size=size, seed=11)
    first, last = date(2026, 4, 1), date(2026, 4, 30)
    inputs = load_inputs(tmp_path / "county", year=2026, first_day=first, last_day=last)
    plan = make_plan(inputs, seed=1, secret=b"secret")
    breaches = [f for f in audit_plan(plan).findings if f.severity == "breach"]
    assert {(f.rule, f.article, f.basis) for f in breaches} == {("frequency", "13", "law")}
    assert len(breaches) == len(plan.unmet) == 8
