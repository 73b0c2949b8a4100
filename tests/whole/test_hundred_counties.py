"""A hundred counties: lawful holds by two other counts, infeasible names its arithmetic."""

from __future__ import annotations

import re
import tempfile
from calendar import monthrange
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import SampleSize, generate_county
from scheduling.audit import audit_plan
from scheduling.inputs import PlanInputs, load_inputs
from scheduling.plan.model import Plan, PlanStatus
from scheduling.planning import make_plan

pytestmark = pytest.mark.slow

sizes = st.builds(
    SampleSize,
    townships=st.integers(1, 2),
    zones_per_township=st.integers(1, 9),
    squads=st.integers(0, 1),
    inspectors_per_station=st.integers(1, 4),
    inspectors_per_squad=st.integers(2, 4),
    vehicles_per_station=st.integers(1, 2),
    scenery=st.just(False),
)


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(
    size=sizes,
    seed=st.integers(0, 10_000),
    month=st.integers(1, 12),
    work_minutes=st.sampled_from([360, 240, 120]),
)
def test_every_verdict_holds(size: SampleSize, seed: int, month: int, work_minutes: int) -> None:
    """Complete plans pass the audit and a naive count; the others name their arithmetic."""
    inputs = month_of_a_county(size, seed, month, work_minutes)
    plan = make_plan(inputs, seed=seed, secret=b"secret")
    report = audit_plan(plan)
    if plan.unmet:
        assert plan.status in {PlanStatus.INFEASIBLE, PlanStatus.NOT_FOUND}
        assert not report.lawful
        for unmet in plan.unmet:
            assert re.search(r"\d", unmet.reason.zh) or not unmet.proven
        proven = [o for o in plan.outcomes if o.status is PlanStatus.INFEASIBLE]
        assert all(re.search(r"\d", why.zh) for o in proven for why in o.explanation)
    else:
        assert plan.status in {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
        breaches = [f for f in report.findings if f.severity == "breach"]
        assert report.lawful, breaches[:3]
    assert naive_count_agrees(plan)


def month_of_a_county(size: SampleSize, seed: int, month: int, work_minutes: int) -> PlanInputs:
    """Generate a county and load one month of 2026, with the shift cut to ``work_minutes``."""
    last = date(2026, month, monthrange(2026, month)[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate_county(folder, size=size, seed=seed)
        inputs = load_inputs(folder, first_day=date(2026, month, 1), last_day=last)
        roads = Path(tempfile.mkdtemp()) / inputs.roads_file.name
        inputs.roads_file.rename(roads)
    shift = inputs.county.settings.shift.model_copy(update={"max_work_minutes": work_minutes})
    changed = inputs.county.settings.model_copy(update={"shift": shift})
    return replace(inputs, county=replace(inputs.county, settings=changed), roads_file=roads)


def naive_count_agrees(plan: Plan) -> bool:
    """Whether counting visits zone by zone gives just the shortfalls the plan admits to.

    Written from the norm alone: stations owe every zone one visit a half-month, the county levels 1
    and 2 one a month; level 1 one more in the land peak, April to October.
    """
    first, last = plan.first_day, plan.last_day
    peak = 4 <= first.month <= 10
    made = Counter(
        (patrol.unit, visit.zone, patrol.day.day <= 15)
        for patrol in plan.patrols
        for visit in patrol.visits
        if patrol.kind == "regular"
    )
    short = 0
    for zone in plan.county.zones:
        raised = peak and zone.level == 1
        station = zone.units.get("township")
        if station in plan.units:
            for half in (True, False):
                short += max(0, 1 + raised - made[station, zone.id, half])
        squad = zone.units.get("county")
        if squad in plan.units and zone.level in {1, 2}:
            short += max(0, 1 + raised - made[squad, zone.id, True] - made[squad, zone.id, False])
    assert last.month == first.month
    regular = {r.id for r in plan.requirements if not r.spot_check}
    return short == sum(unmet.missing for unmet in plan.unmet if unmet.requirement in regular)
