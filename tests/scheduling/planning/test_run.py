"""Whole plannings of a small county: lawful ones, impossible ones, interrupted ones."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from network.problems import InputError
from scheduling.calendar.windows import WindowKind
from scheduling.county.model import County, Leave, Vehicle
from scheduling.county.settings import CapSettings, DayClass, ShiftSettings
from scheduling.inputs import PlanInputs
from scheduling.plan.model import PatrolKind, Plan, PlanStatus
from scheduling.planning import make_plan
from scheduling.planning.group import beyond_reach, job_fits
from scheduling.planning.prepare import prepare
from scheduling.planning.resume import check_continues
from scheduling.progress import Progress
from scheduling.regulation.model import FrequencyRule, PeakRule, Regulation

SECRET = b"secret"


def with_county(inputs: PlanInputs, **changes: object) -> PlanInputs:
    return replace(inputs, county=replace(inputs.county, **changes))  # type: ignore[arg-type]


def with_settings(inputs: PlanInputs, **changes: object) -> PlanInputs:
    settings = inputs.county.settings.model_copy(update=changes)
    return with_county(inputs, settings=settings)


def with_rules(
    inputs: PlanInputs, *rules: FrequencyRule, peaks: tuple[PeakRule, ...] = ()
) -> PlanInputs:
    regulation = inputs.regulation.model_copy(
        update={"frequency": rules, "spot_check": (), "peak": peaks}
    )
    return replace(inputs, regulation=regulation)


def rule(window: WindowKind, count: int = 1, **more: object) -> FrequencyRule:
    return FrequencyRule(id="r", authority="township", window=window, count=count, **more)  # type: ignore[arg-type]


def visit_days(plan: Plan) -> dict[str, list[date]]:
    days: dict[str, list[date]] = {}
    for patrol in sorted(plan.patrols, key=lambda p: p.day):
        for visit in patrol.visits:
            days.setdefault(visit.zone, []).append(patrol.day)
    return days


@pytest.fixture(scope="module")
def march_plan(march: PlanInputs) -> Plan:
    return make_plan(march, seed=1, secret=SECRET)


def test_every_requirement_is_met_by_visits_in_its_window(march_plan: Plan) -> None:
    """An independent count: each requirement has its visits, by its unit, inside its window."""
    assert march_plan.status in {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
    assert march_plan.unmet == ()
    made = Counter(
        (patrol.unit, visit.zone, patrol.day)
        for patrol in march_plan.patrols
        for visit in patrol.visits
    )
    for requirement in march_plan.requirements:
        count = sum(
            n
            for (unit, zone, day), n in made.items()
            if unit == requirement.unit
            and zone == requirement.zone
            and requirement.window.holds(day)
        )
        assert count >= requirement.count


def test_crews_are_certified_present_and_out_once_a_day(march_plan: Plan) -> None:
    """Two certified people aboard, nobody twice on a day, no vehicle twice."""
    people = {p.id: p for p in march_plan.county.inspectors}
    seen: Counter[tuple[str, date]] = Counter()
    for patrol in march_plan.patrols:
        certified = [m for m in patrol.crew if people[m.inspector].certified_on(patrol.day)]
        assert len(certified) >= 2
        assert all(patrol.unit in people[m.inspector].units for m in patrol.crew)
        seen.update((m.inspector, patrol.day) for m in patrol.crew)
        seen[patrol.vehicle, patrol.day] += 1
    assert max(seen.values()) == 1


def test_clock_and_legs_add_up(march_plan: Plan) -> None:
    """Departure plus legs, inspections and lunch is the return, before the winter deadline."""
    for patrol in march_plan.patrols:
        work = patrol.drive_seconds + patrol.inspect_seconds
        assert patrol.return_seconds == patrol.depart_seconds + work + patrol.lunch_seconds
        assert patrol.return_seconds <= 15.5 * 3600
        assert work <= 360 * 60
        assert [leg.to_zone for leg in patrol.legs] == [v.zone for v in patrol.visits] + [""]
        for leg, visit in zip(patrol.legs, patrol.visits, strict=False):
            gap = abs(leg.shape_lonlat[-1] - visit.inside_shape_lonlat[0])
            assert gap.max() < 1e-6


def test_spot_checks_are_patrols_of_their_own(march: PlanInputs) -> None:
    """A quarter's level-3 zones of the squad get sealed patrols, each zone once."""
    quarter = replace(march, first_day=date(2026, 1, 1), units=("C01",))
    plan = make_plan(quarter, secret=SECRET)
    owed = {r.zone for r in plan.requirements if r.spot_check}
    made = Counter(
        v.zone for p in plan.patrols if p.kind is PatrolKind.SPOT_CHECK for v in p.visits
    )
    assert owed
    assert made == Counter(owed)


def test_same_seed_same_plan_for_any_number_of_workers(march: PlanInputs, march_plan: Plan) -> None:
    """Two processes give the very plan that one gives."""
    again = make_plan(march, seed=1, secret=SECRET, workers=2)
    assert [p.id for p in again.patrols] == [p.id for p in march_plan.patrols]
    for one, other in zip(again.patrols, march_plan.patrols, strict=True):
        assert (one.crew, one.vehicle) == (other.crew, other.vehicle)
        assert [(v.id, v.zone, v.arrive_seconds) for v in one.visits] == [
            (v.id, v.zone, v.arrive_seconds) for v in other.visits
        ]
    assert again.met == march_plan.met
    assert again.needs == march_plan.needs


def test_one_inspector_cannot_patrol_and_the_arithmetic_says_so(station: PlanInputs) -> None:
    """With a single certified person nothing can be planned, proven, with the numbers."""
    alone = tuple(p for p in station.county.inspectors if p.id == "T01-01")
    plan = make_plan(with_county(station, inspectors=alone), secret=SECRET)
    assert plan.status is PlanStatus.INFEASIBLE
    assert plan.patrols == ()
    assert {u.requirement for u in plan.unmet} == {r.id for r in plan.requirements}
    assert all(u.proven for u in plan.unmet)
    assert "持证1人" in plan.unmet[0].reason.zh
    assert "0 patrols" in plan.unmet[0].reason.en


def test_best_effort_keeps_the_more_important_zones(station: PlanInputs) -> None:
    """When one patrol of two is possible, what is dropped never outranks what is kept."""
    settings = ShiftSettings(max_work_minutes=130)
    half = with_settings(station, shift=settings)
    days = [d for d in half.calendar.workdays if date(2026, 3, 1) <= d <= date(2026, 3, 31)]
    keep = {days[0], days[-1]}
    leave = tuple(
        Leave(v.id, d, d)
        for v in half.county.vehicles
        if "T01" in v.units
        for d in days
        if d not in keep
    )
    plan = make_plan(with_county(half, leave=leave), secret=SECRET)
    assert plan.status is PlanStatus.INFEASIBLE
    assert len(plan.patrols) == 2
    level = {z.id: z.priority for z in plan.county.zones}
    window_zones = [{v.zone for v in p.visits} for p in plan.patrols]
    for visited in window_zones:
        left_out = {r.zone for r in plan.requirements} - visited
        assert visited
        assert max(level[z] for z in left_out) <= max(level[z] for z in visited)


def test_a_zone_beyond_the_shift_is_named(station: PlanInputs) -> None:
    """A zone whose stop alone exceeds the shift is proven impossible, the rest is planned."""
    first = station.county.zones[0]
    zones = (replace(first, stop_minutes=400.0), *station.county.zones[1:])
    plan = make_plan(with_county(station, zones=zones), secret=SECRET)
    assert plan.status is PlanStatus.INFEASIBLE
    assert {u.requirement.split("-")[1] for u in plan.unmet} == {first.id}
    assert first.id in plan.outcomes[0].explanation[0].zh


def test_a_week_without_workdays_is_told_up_front(station: PlanInputs) -> None:
    """A weekly rule meets ISO week 8 of 2026: no workday, so proven, by the calendar alone."""
    weekly = with_rules(
        replace(station, first_day=date(2026, 2, 9), last_day=date(2026, 2, 22)),
        rule(WindowKind.WEEK),
    )
    plan = make_plan(weekly, secret=SECRET)
    assert plan.status is PlanStatus.INFEASIBLE
    assert {u.reason.zh[-6:] for u in plan.unmet} == {"（日历所限）"}
    assert plan.patrols


def test_more_visits_than_days_is_proven(station: PlanInputs) -> None:
    """Seven visits in a week of five workdays cannot be; five are planned."""
    often = with_rules(
        replace(station, first_day=date(2026, 3, 2), last_day=date(2026, 3, 8)),
        rule(WindowKind.WEEK, 7),
    )
    settings = CapSettings(patrol_days_per_week=7)
    plan = make_plan(with_settings(often, caps=settings), secret=SECRET)
    assert plan.status is PlanStatus.INFEASIBLE
    assert max(len(days) for days in visit_days(plan).values()) == 5
    assert "应巡查次数多于工作日数" in " ".join(e.zh for e in plan.outcomes[0].explanation)


def test_rules_for_every_day_use_weekends(station: PlanInputs) -> None:
    """A rule that does not bind to workdays may be kept on a holiday."""
    daily = with_rules(
        replace(station, first_day=date(2026, 2, 16), last_day=date(2026, 2, 22)),
        rule(WindowKind.WEEK, 2, workdays_only=False),
    )
    plan = make_plan(daily, secret=SECRET)
    assert plan.unmet == ()
    assert {p.day for p in plan.patrols} <= {date(2026, 2, 16) + timedelta(n) for n in range(7)}


def test_a_peak_inside_a_window_gets_a_visit_on_a_peak_day(station: PlanInputs) -> None:
    """A peak over half of a window: two visits, one of them on a day of the peak."""
    peak = PeakRule(id="p", kind="campaign", first="2026-03-24", last="2026-03-31")
    plan = make_plan(with_rules(station, rule(WindowKind.HALF_MONTH), peaks=(peak,)), secret=SECRET)
    assert plan.unmet == ()
    for days in visit_days(plan).values():
        assert sum(d >= date(2026, 3, 16) for d in days) == 2
        assert any(d >= date(2026, 3, 24) for d in days)


def test_a_least_gap_in_hours_is_hard(station: PlanInputs) -> None:
    """With 96 hours between visits, no two visits of a zone are fewer than 5 days apart."""
    apart = with_rules(station, rule(WindowKind.HALF_MONTH, 2, min_gap_hours=96))
    plan = make_plan(apart, secret=SECRET)
    assert plan.unmet == ()
    for days in visit_days(plan).values():
        gaps = [b - a for a, b in pairwise(days)]
        assert min(gaps) >= timedelta(days=4)


def test_a_window_of_two_seasons_keeps_each_days_limits(station: PlanInputs) -> None:
    """Days of a slow season inside a window carry only routes that fit its speeds."""
    classes = (
        DayClass(name="summer", first="04-01", last="11-14"),
        DayClass(name="winter", first="11-15", last="03-09"),
        DayClass(
            name="snow", first="03-10", last="03-20", speed_factor=0.3, latest_return=time(13, 0)
        ),
        DayClass(name="spring", first="03-21", last="03-31"),
    )
    plan = make_plan(with_settings(station, day_classes=classes), secret=SECRET)
    assert plan.unmet == ()
    for patrol in plan.patrols:
        if date(2026, 3, 10) <= patrol.day <= date(2026, 3, 20):
            assert patrol.day_class == "snow"
            assert patrol.return_seconds <= 13 * 3600


def test_units_sharing_a_vehicle_are_planned_together(march: PlanInputs) -> None:
    """Two stations with one car between them never use it on the same day."""
    car = Vehicle("V", "吉示·9999", ("T01", "T02"))
    shared = replace(with_county(march, vehicles=(car,)), units=("T01", "T02"))
    plan = make_plan(shared, secret=SECRET)
    assert plan.unmet == ()
    days = [p.day for p in plan.patrols]
    assert {p.unit for p in plan.patrols} == {"T01", "T02"}
    assert len(days) == len(set(days))


def test_windows_that_fit_alone_but_not_together(station: PlanInputs) -> None:
    """The 28-day cap spans windows: each fits alone, together not, and that is proven."""
    caps = CapSettings(patrol_days_per_28_days=3)
    pair = tuple(p for p in station.county.inspectors if p.id in {"T01-01", "T01-02"})
    inputs = with_county(
        with_settings(with_rules(station, rule(WindowKind.WEEK)), caps=caps), inspectors=pair
    )
    inputs = replace(inputs, first_day=date(2026, 3, 2), last_day=date(2026, 3, 29))
    plan = make_plan(inputs, secret=SECRET)
    assert plan.status is PlanStatus.INFEASIBLE
    assert len(plan.patrols) == 3
    assert "合计不可行" in plan.outcomes[0].explanation[0].zh


def test_ctrl_c_keeps_the_units_finished_so_far(march: PlanInputs) -> None:
    """An interrupt after the first unit leaves its patrols, the others marked interrupted."""

    def interrupt(step: Progress) -> None:
        if step.stage == "units" and step.done == 1:
            raise KeyboardInterrupt

    plan = make_plan(march, secret=SECRET, progress=interrupt)
    assert plan.status is PlanStatus.INTERRUPTED
    assert len({p.unit for p in plan.patrols}) == 1
    assert plan.unmet
    statuses = Counter(o.status for o in plan.outcomes)
    assert statuses[PlanStatus.INTERRUPTED] == len(march.units) - 1


def test_a_time_limit_is_a_safety_net_that_says_so(station: PlanInputs) -> None:
    """With no time at all the plan is empty or not proven, and never called infeasible."""
    plan = make_plan(station, secret=SECRET, time_limit_seconds=0.0)
    assert plan.status in {PlanStatus.TIME_LIMIT, PlanStatus.FEASIBLE, PlanStatus.OPTIMAL}


def test_a_zone_far_from_roads_is_bad_input(station: PlanInputs) -> None:
    """A zone out of reach is named with what mends it; walk = true lets it pass."""
    from shapely.geometry import Point

    first = station.county.zones[0]
    away = replace(first, geometry=Point(120.0, 40.0))
    with pytest.raises(InputError, match=first.id):
        make_plan(with_county(station, zones=(away, *station.county.zones[1:])), secret=SECRET)


def test_a_station_far_from_roads_is_bad_input(station: PlanInputs) -> None:
    """So is a station."""
    units = tuple(replace(u, lon=120.0) if u.id == "T01" else u for u in station.county.units)
    with pytest.raises(InputError, match="unit T01"):
        make_plan(with_county(station, units=units), secret=SECRET)


def test_inputs_cross_a_process_border(march: PlanInputs) -> None:
    """Inputs can be pickled, as spawned workers need."""
    county: County = pickle.loads(pickle.dumps(march)).county
    regulation: Regulation = pickle.loads(pickle.dumps(march.regulation))
    assert county.inspectors == march.county.inspectors
    assert regulation == march.regulation


def test_every_visit_takes_time_and_the_length_a_rule_asks_for(station: PlanInputs) -> None:
    """A norm of 2 km and 30 minutes a visit is kept, walking what no road gives."""
    long = with_rules(station, rule(WindowKind.MONTH, min_length_km=2, min_minutes=30))
    plan = make_plan(long, secret=SECRET)
    assert plan.unmet == ()
    walk_m_per_second = station.county.settings.visit.walk_kmh / 3.6
    for patrol in plan.patrols:
        for visit in patrol.visits:
            assert visit.inside_length_m + visit.walk_seconds * walk_m_per_second >= 2000
            assert visit.inspect_seconds >= 30 * 60


def test_no_visit_is_without_minutes(march_plan: Plan) -> None:
    """An area seen whole from one place takes the minutes of a stop."""
    assert min(v.inspect_seconds for p in march_plan.patrols for v in p.visits) >= 60


def test_an_interrupted_plan_goes_on_to_the_very_plan(march: PlanInputs, march_plan: Plan) -> None:
    """What was finished is kept, the rest is planned, and the whole is as if never interrupted."""

    def interrupt(step: Progress) -> None:
        if step.stage == "units" and step.done == 1:
            raise KeyboardInterrupt

    half = make_plan(march, seed=1, secret=SECRET, progress=interrupt)
    check_continues(half, march, seed=1, secret=SECRET, file="plan.gpkg")
    steps: list[Progress] = []
    whole = make_plan(march, seed=1, secret=SECRET, earlier=half, progress=steps.append)
    assert max(step.total for step in steps if step.stage == "units") == len(march.units) - 1
    assert [(p.id, p.crew, p.vehicle) for p in whole.patrols] == [
        (p.id, p.crew, p.vehicle) for p in march_plan.patrols
    ]
    assert (whole.met, whole.unmet, whole.needs, whole.outcomes) == (
        march_plan.met,
        march_plan.unmet,
        march_plan.needs,
        march_plan.outcomes,
    )


def test_a_plan_of_other_inputs_is_not_continued(march: PlanInputs, march_plan: Plan) -> None:
    """Another seed and other days are both named."""
    shorter = replace(march, last_day=date(2026, 3, 15))
    with pytest.raises(InputError) as caught:
        check_continues(march_plan, shorter, seed=2, secret=SECRET, file="plan.gpkg")
    causes = [problem.cause.en for problem in caught.value.problems]
    assert causes == [
        "the days planned changed since the interruption",
        "the seed changed since the interruption",
    ]


def test_dates_that_do_not_go_together_shed_patrols_and_claim_no_proof(station: PlanInputs) -> None:
    """Two visits a week four full days apart do not fit Monday to Friday: part is planned."""
    week = replace(station, first_day=date(2026, 3, 2), last_day=date(2026, 3, 15))
    plan = make_plan(with_rules(week, rule(WindowKind.WEEK, 2, min_gap_hours=100)), secret=SECRET)
    assert plan.status is PlanStatus.NOT_FOUND
    assert plan.patrols
    assert plan.unmet
    assert not any(u.proven for u in plan.unmet)


def test_a_time_limit_that_leaves_nothing_is_named(station: PlanInputs) -> None:
    """A year within no time: what is missing is put down to the limit, not called impossible."""
    year = replace(station, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    plan = make_plan(year, secret=SECRET, time_limit_seconds=0.0)
    assert plan.status is PlanStatus.TIME_LIMIT or not plan.unmet
    assert not any(u.proven for u in plan.unmet)


def test_a_scope_that_owes_nothing_is_bad_input(station: PlanInputs) -> None:
    """Days that hold no whole window are not called lawful: the scope is refused."""
    days = replace(station, first_day=date(2026, 3, 3), last_day=date(2026, 3, 10))
    with pytest.raises(InputError, match="wholly inside"):
        make_plan(days, secret=SECRET)


def test_what_no_staff_can_do_is_what_the_routes_leave_out(station: PlanInputs) -> None:
    """Zones beyond the shift, and visits beyond the days, are found without seeking any route."""
    settings = station.county.settings
    short = settings.shift.model_copy(update={"max_work_minutes": 25})
    cases = (
        station,
        with_settings(station, shift=short),
        with_rules(station, rule(WindowKind.HALF_MONTH, 12)),
    )
    sizes = set()
    for inputs in cases:
        (job,) = prepare(inputs, seed=1, secret=SECRET).jobs
        context, _, fits = job_fits(job)
        left_out = {context.works[0].zones[z] for fit in fits for z in fit.template.impossible}
        left_out.update(zone for fit in fits for zone in fit.too_often)
        assert beyond_reach(job) == tuple(sorted(left_out))
        sizes.add(min(1, len(left_out)))
    assert sizes == {0, 1}
