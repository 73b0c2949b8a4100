"""What the audit must not hold against a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scheduling.calendar.windows import WindowKind
from scheduling.calendar.workdays import build_calendar
from scheduling.county.model import Checkpoint, PastVisit, Zone, ZoneKind
from scheduling.county.settings import CalendarSettings
from scheduling.regulation import load_preset
from scheduling.regulation.model import PeakRule

JILIN = load_preset("jilin")
QINGMING = date(2026, 4, 5)


def test_a_joint_patrol_counts_for_both_units(bench):
    """A patrol with a certified person of each unit aboard counts for both."""
    without = bench.without("C1-0403")
    assert bench.breaches(without) == {("frequency", "13"), ("peak-count", "13")}
    joint = type(bench)(without).crew("S1-0402", "P1", "K1")
    assert bench.breaches(joint) == set()


def test_a_guest_without_certificate_makes_no_joint_patrol(bench):
    """A guest whose certificate has expired does not make the squad's visit."""
    expired = bench.only("inspectors", "K3", certificate_until=date(2026, 4, 1))
    plan = type(bench)(type(bench)(expired).without("C1-0403")).crew("S1-0402", "P1", "P2", "K3")
    assert {("frequency", "13"), ("certificate", "16")} <= bench.breaches(plan)


def test_duty_patrols_run_on_holidays(bench):
    """Where the county sets duty patrols, a holiday is a patrol day, and a visit on it counts."""
    duty = CalendarSettings(duty_patrols=True)
    plan = bench.instead("S1-0402", bench.patrol("S1", QINGMING, ["Z1", "Z2", "Z3"]))
    plan = type(bench)(plan).settings(calendar=duty)
    calendar = build_calendar([2026], duty, Path())
    assert bench.breaches(replace(plan, calendar=calendar)) == set()


def test_rules_for_any_day_take_holidays(bench):
    """Where a norm's rules allow any day, a visit on a holiday counts."""
    rules = tuple(rule.model_copy(update={"workdays_only": False}) for rule in JILIN.frequency)
    own = type(bench)(bench.norm(frequency=rules))
    plan = own.instead("S1-0402", bench.patrol("S1", QINGMING, ["Z1", "Z2", "Z3"]))
    assert bench.breaches(plan) == set()
    assert "patrol-day" not in bench.notices(plan)


def test_windows_cut_by_the_horizon_are_not_owed(bench):
    """A plan from 3 April owes nothing for the first half of April, for April or the quarter."""
    late = tuple(p for p in bench.plan.patrols if p.day >= date(2026, 4, 16))
    plan = replace(bench.plan, first_day=date(2026, 4, 3), patrols=late)
    assert bench.breaches(bench.honest(plan)) == set()


def test_units_that_are_not_planned_owe_nothing(bench):
    """A plan of the station alone is not held to the squad's visits."""
    own = tuple(p for p in bench.plan.patrols if p.unit == "S1")
    plan = replace(bench.plan, units=("S1",), patrols=own)
    assert bench.breaches(bench.honest(plan)) == set()


def test_a_station_owes_what_the_county_plans_alone(bench):
    """A zone without a station is no breach while only the squad is planned."""
    plan = bench.only("zones", "Z3", units={"county": "C1"})
    own = tuple(p for p in plan.patrols if p.unit == "C1")
    plan = bench.honest(replace(plan, units=("C1",), patrols=own))
    assert bench.breaches(plan) == set()


def test_the_citys_own_zones_need_no_station(bench):
    """A zone that only the city answers for is outside the county's and the stations' duty."""
    park = Zone("Z9", "市属", 1, ZoneKind.VILLAGE, bench.plan.county.zones[0].geometry, {}, {})
    park = replace(park, units={"city": "M1"})
    plan = bench.county(zones=(*bench.plan.county.zones, park))
    assert {rule for rule, _ in bench.breaches(plan)} == {"zone-unit"}  # M1 is no unit here
    assert all(f.subject == "Z9" for f in bench.report(plan).findings if f.rule == "zone-unit")


def test_a_countys_own_peak_takes_the_place_of_our_default(bench):
    """The norm states no dates: a county's own land peak is what counts, with a notice."""
    own = PeakRule(id="own", basis="user", kind="land", first="05-01", last="09-30", levels=(1,))
    changed = type(bench)(bench.regulation(peak=(own,)))
    plan = changed.without("S1-0410")
    assert bench.breaches(plan) == set()
    assert "below-norm" in bench.notices(plan)


def test_a_stricter_rule_is_held_to(bench):
    """A county that asks more than the norm is held to what it asks, under the same article."""
    rules = tuple(rule.model_copy(update={"count": 2, "basis": "user"}) for rule in JILIN.frequency)
    plan = bench.regulation(frequency=rules)
    assert bench.breaches(plan) == {("frequency", "13"), ("peak-count", "13")}


@pytest.mark.parametrize(("kind", "count"), [("week", 1), ("half-month", 2), ("ten-days", 1)])
def test_a_shorter_window_is_not_below_the_norm(bench, kind, count):
    """Once a week, twice a half-month or once in ten days is no less than once a half-month."""
    rules = tuple(
        rule.model_copy(update={"window": WindowKind(kind), "count": count})
        if rule.window is WindowKind.HALF_MONTH
        else rule
        for rule in JILIN.frequency
    )
    plan = bench.regulation(frequency=rules)
    assert ("below-norm", "13") not in bench.breaches(plan)


def test_a_users_calendar_file_is_believed(bench):
    """A year that the county gives itself is not held against the packaged one."""
    settings = bench.settings(calendar=CalendarSettings(files=("2026.csv",)))
    calendar = bench.plan.calendar
    calendar = replace(
        calendar,
        workdays=tuple(day for day in calendar.workdays if day != date(2026, 6, 11)),
        sources=((2026, "file: 2026.csv"),),
    )
    assert bench.breaches(replace(settings, calendar=calendar)) == set()


def test_half_of_the_zones_drawn_may_be_any(bench):
    """A tenth of three zones is one: any one zone checked will do."""
    rule = JILIN.spot_check[0].model_copy(
        update={"basis": "law", "article": "13", "levels": (1, 2, 3), "share": 0.1}
    )
    assert bench.breaches(bench.norm(spot_check=(rule,))) == set()


def test_gaps_are_told_with_days_and_unit(bench):
    """One notice per zone and unit tells the worst gap, the bounds and the last known visit."""
    last = PastVisit("Z2", "township", date(2026, 3, 1))
    plan = bench.county(history=(last,))
    (finding,) = [
        f
        for f in bench.report(plan).findings
        if f.rule == "gap" and f.subject == "Z2" and "S1" in f.message.en
    ]
    assert finding.severity == "notice"
    assert finding.article == ""
    assert "2026-03-01 to 2026-04-02 is of 32 days, not 7 to 21: off by 11" in finding.message.en
    assert "32天，应为7至21天，偏差11天" in finding.message.zh
    assert "one of them since a visit before the plan" in finding.message.en
    assert "其中1次自计划期前的上次巡查算起" in finding.message.zh
    within = [f.message for f in bench.report(bench.plan).findings if f.rule == "gap"]
    assert within
    assert not any("before the plan" in m.en or "计划期前" in m.zh for m in within)


def test_a_short_gap_is_told(bench):
    """Two visits on following days deviate from a half-month's 7 days by 6."""
    plan = bench.added(bench.patrol("S1", date(2026, 4, 3), ["Z2"], crew=("P2", "P3")))
    messages = [f.message.en for f in bench.report(plan).findings if f.rule == "gap"]
    assert any("is of 1 days, not 7 to 21: off by 6" in message for message in messages)


def test_the_report_is_the_same_every_time(bench):
    """Findings come in one order, breaches first."""
    plan = bench.without("S1-0402", "C1-0420")
    one, other = bench.report(plan), bench.report(plan)
    assert one == other
    severities = [finding.severity for finding in one.findings]
    assert severities == sorted(severities)


def test_a_norm_without_peaks_gives_no_notice_of_them(bench):
    """A norm that knows no peaks is not told that its levels have none."""
    assert "level-without-peak" not in bench.notices(bench.norm(peak=()))


def test_an_arrangement_announced_since_is_a_notice(bench):
    """A plan made on a provisional calendar is told when the arrangement is out and differs."""
    calendar = bench.plan.calendar
    days = tuple(day for day in calendar.workdays if day != date(2026, 6, 11))
    changed = replace(calendar, workdays=days, provisional_years=(2026,))
    plan = replace(bench.plan, calendar=changed)
    assert bench.breaches(plan) == set()
    assert {"calendar", "provisional"} <= bench.notices(plan)


def test_a_norm_still_valid_gives_no_notice(bench):
    """Only a norm past its validity, or of unknown validity, is told."""
    assert "validity" not in bench.notices(bench.norm(valid_until=date(2030, 1, 1)))


def test_contents_nobody_can_look_for_are_told(bench):
    """What a norm wants stated in its own words, and the audit does not know, is a notice."""
    rule = JILIN.content[0].model_copy(update={"contents": ("巡查路线", "巡查经费")})
    plan = bench.norm(content=(rule,))
    assert bench.breaches(plan) == set()
    assert "contents" in bench.notices(plan)


def test_without_a_rule_nobody_need_be_named(bench):
    """A norm that says nothing of responsibility is not held to art. 12."""
    own = type(bench)(bench.norm(responsibility=None, content=()))
    plan = own.only("zones", "Z1", responsible={})
    assert bench.breaches(plan) == set()


def test_a_level_is_named_the_same_in_both_languages(bench):
    """A level without a peak is subject L2 or L3, whatever the language of the reader."""
    found = [f for f in bench.report(bench.plan).findings if f.rule == "level-without-peak"]
    assert [f.subject for f in found] == ["L2", "L3"]


def test_a_checkpoint_in_sight_of_the_visit_is_passed(bench):
    """A mark within sight of where the visit drives or stops is no breach; one beyond is."""
    for lon, expected in ((126.0330, set()), (126.0345, {("checkpoint", "")})):
        mark = Checkpoint("Z3", lon, 43.55, "界桩")
        assert bench.breaches(bench.county(checkpoints=(mark,))) == expected
