"""Random small units through every stage: complete and lawful, or short with a proof, or honest.

One generated station gives zones, roads and people; each example draws which zones it owes, under
which rules, and what its people, vehicles, shift and caps allow. The roads are measured once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.audit import audit_plan
from scheduling.calendar.windows import WindowKind
from scheduling.county.model import Leave
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan, PlanStatus
from scheduling.planning.group import GroupJob, plan_group
from scheduling.planning.prepare import Prepared, prepare
from scheduling.planning.run import plan_of
from scheduling.planning.work import unit_work
from scheduling.regulation.model import FrequencyRule
from scheduling.requirements import derive_requirements

SECRET = b"secret"
FIRST = date(2026, 3, 1)
#: What a plan that is short is found guilty of, and nothing else.
SHORTFALLS = {"frequency", "peak-count", "peak-day", "spot-check", "below-norm", "gap-hours"}
COMPLETE = {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}


@dataclass(frozen=True)
class Drawn:
    """What an example changes of the station."""

    zones: tuple[int, ...]
    rules: tuple[tuple[WindowKind, int, int], ...]
    days: int
    uncertified: tuple[int, ...]
    unlicensed: tuple[int, ...]
    leave: tuple[tuple[int, int, int], ...]
    vehicles: int
    caps: tuple[int, int]
    max_work_minutes: int


#: Besides the norm's own: (window, visits, least hours between).
_RULES: tuple[tuple[tuple[WindowKind, int, int], ...], ...] = (
    (),
    ((WindowKind.HALF_MONTH, 2, 0),),
    ((WindowKind.HALF_MONTH, 3, 30),),
    ((WindowKind.WEEK, 1, 0),),
    ((WindowKind.WEEK, 2, 70),),
    ((WindowKind.MONTH, 5, 0), (WindowKind.HALF_MONTH, 1, 100)),
)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Units from easy to impossible."""
    some_people = st.sets(st.integers(0, 2), max_size=2).map(lambda s: tuple(sorted(s)))
    return Drawn(
        zones=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=6)))),
        rules=draw(st.sampled_from(_RULES)),
        days=draw(st.sampled_from([15, 15, 31])),
        uncertified=draw(some_people),
        unlicensed=draw(some_people),
        leave=tuple(
            draw(
                st.lists(
                    st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 10)),
                    max_size=3,
                )
            )
        ),
        vehicles=draw(st.sampled_from([0, 1, 1, 1, 2])),
        caps=(draw(st.integers(1, 4)), draw(st.integers(3, 14))),
        max_work_minutes=draw(st.sampled_from([60, 120, 240, 360])),
    )


def inputs_of(station: PlanInputs, one: Drawn) -> PlanInputs:
    """Return the station with what was drawn."""
    county = station.county
    people = [p for p in county.inspectors if "T01" in p.units]
    who = {
        p.id: replace(
            p,
            certificate_number="" if n in one.uncertified else p.certificate_number,
            licensed=n not in one.unlicensed,
        )
        for n, p in enumerate(people)
    }
    cars = [v for v in county.vehicles if "T01" in v.units][:1]
    own = [z for z in county.zones if "T01" in z.units.values()]
    changed = county.settings.model_copy(
        update={
            "caps": county.settings.caps.model_copy(
                update={
                    "patrol_days_per_week": one.caps[0],
                    "patrol_days_per_28_days": one.caps[1],
                }
            ),
            "shift": county.settings.shift.model_copy(
                update={"max_work_minutes": one.max_work_minutes}
            ),
        }
    )
    rules = tuple(
        FrequencyRule(
            id=f"r{n}", authority="township", window=kind, count=count, min_gap_hours=hours
        )
        for n, (kind, count, hours) in enumerate(one.rules)
    )
    return replace(
        station,
        county=replace(
            county,
            settings=changed,
            zones=tuple(own[n] for n in one.zones if n < len(own)),
            inspectors=tuple(who.get(p.id, p) for p in county.inspectors),
            vehicles=tuple(
                replace(cars[0], id=f"car{n}", plate=f"car{n}") for n in range(one.vehicles)
            ),
            leave=tuple(
                Leave(
                    people[n % len(people)].id,
                    FIRST + timedelta(days=start),
                    FIRST + timedelta(days=start + length),
                )
                for n, start, length in one.leave
            ),
        ),
        regulation=station.regulation.model_copy(
            update={"frequency": (*station.regulation.frequency, *rules)}
        ),
        last_day=FIRST + timedelta(days=one.days - 1),
    )


@pytest.fixture(scope="module")
def planned(station: PlanInputs) -> Callable[[Drawn], Plan]:
    """Return the planner with the station's roads measured once."""
    roads = prepare(station, seed=1, secret=SECRET).roads

    def plan(one: Drawn) -> Plan:
        inputs = inputs_of(station, one)
        owed = derive_requirements(
            inputs.county,
            inputs.regulation,
            inputs.calendar,
            inputs.first_day,
            inputs.last_day,
            inputs.units,
            secret=SECRET,
        )
        work = unit_work(inputs.county, roads, owed, "T01")
        job = GroupJob(inputs, ("T01",), (work,), owed, 1, SECRET)
        prepared = Prepared(inputs, roads, owed, {"T01": work}, (job,), 1, SECRET)
        return plan_of(prepared, [plan_group(job)])

    return plan


def check(plan: Plan) -> None:
    """Hold a plan to what its outcome says."""
    (outcome,) = plan.outcomes
    breaches = {f.rule for f in audit_plan(plan).findings if f.severity == "breach"}
    if outcome.status in COMPLETE:
        assert plan.unmet == ()
        assert breaches == set()
        return
    assert outcome.status in {PlanStatus.INFEASIBLE, PlanStatus.NOT_FOUND}
    assert outcome.explanation
    assert plan.unmet
    assert breaches <= SHORTFALLS
    if outcome.status is PlanStatus.NOT_FOUND:
        assert not any(unmet.proven for unmet in plan.unmet)


quick: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


@settings(max_examples=40, **quick)
@given(drawn())
def test_a_random_unit_is_planned_whole_or_honestly_short(
    planned: Callable[[Drawn], Plan], one: Drawn
) -> None:
    """Nothing fails between the stages, and no audit finds more than the outcome tells."""
    check(planned(one))


@pytest.mark.proof
@settings(max_examples=500, **quick)
@given(drawn())
def test_five_hundred_random_units(planned: Callable[[Drawn], Plan], one: Drawn) -> None:
    """The same for five hundred."""
    check(planned(one))
