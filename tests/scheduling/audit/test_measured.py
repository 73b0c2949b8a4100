"""What the audit says of days foreseeable, and of days kept free for bad weather."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scheduling.audit import RULES, audit_plan, chance
from scheduling.audit.owed import Case
from scheduling.county.model import Leave
from scheduling.county.settings import CapSettings, ReserveSettings
from scheduling.foresight.of_plan import plan_foresight
from scheduling.spare import spare_months


def found(bench, plan, rule):
    return [finding for finding in bench.report(plan).findings if finding.rule == rule]


def test_visits_on_the_same_days_of_every_window_are_foreseen(bench, monkeypatch):
    """The hand-made plan visits on the 2nd and 7th day of each half-month: all hits, a notice."""
    monkeypatch.setattr(chance, "_ENOUGH_BY_CHANCE", 0.5)
    first = found(bench, bench.plan, "foreseeable")[0]
    assert (first.severity, first.subject, first.basis) == ("notice", "L1", "default")
    assert "the usual day of the window" in first.message.en
    assert "时段内最常见的第几个工作日" in first.message.zh
    figures = chance._foresight(Case(bench.plan))["L1"]
    assert figures.rate("usual-place") == 1
    assert figures.chance < 0.2


def test_few_visits_say_nothing(bench):
    """A quarter of three zones is too little to tell chance from habit."""
    assert found(bench, bench.plan, "foreseeable") == []


def test_audit_and_documents_measure_the_same(bench):
    """What is owed is derived apart, and leads to the same figures."""
    assert chance._foresight(Case(bench.plan)) == plan_foresight(bench.plan)


def test_rules_that_only_inform_are_left_out_where_breaches_alone_count(bench, monkeypatch):
    """Gaps, foresight and free days are notices; without them no breach is missed."""
    monkeypatch.setattr(chance, "_ENOUGH_BY_CHANCE", 0.5)
    rules = {rule.slug for rule in RULES if rule.informs}
    assert rules == {"gap", "foreseeable", "bad-weather"}
    plan = bench.without("C1-0403")
    every, breaches = bench.report(plan), audit_plan(plan, informing=False)
    assert any(finding.rule in rules for finding in every.findings)
    assert breaches.findings == tuple(f for f in every.findings if f.rule not in rules)
    assert not breaches.lawful


def test_months_short_of_free_days_are_told_with_their_numbers(bench):
    """The station's vehicles are away in May: what is left free is named, month by month."""
    away = tuple(Leave(car, date(2026, 5, 8), date(2026, 5, 31)) for car in ("V1", "V3"))
    plan = bench.county(leave=away)
    (one,) = found(bench, plan, "bad-weather")
    assert one.subject == "S1"
    assert "2026-05 0/2" in one.message.en
    assert "10%" in one.message.zh
    assert one.severity == "notice"
    assert one.basis == "default"


def test_the_countys_own_share_is_held_against_the_plan(bench):
    """No reserve asked for: nothing to tell. The basis of a changed share is the county's."""
    settings = bench.plan.county.settings
    away = (Leave("V1", date(2026, 5, 1), date(2026, 5, 31)),)
    for share, units in ((0.0, []), (0.99, ["C1", "S1"])):
        own = settings.model_copy(update={"reserve": ReserveSettings(bad_weather_share=share)})
        plan = replace(bench.plan, county=replace(bench.plan.county, settings=own, leave=away))
        told = found(bench, plan, "bad-weather")
        assert [one.subject for one in told] == units
        assert all(one.basis == "user" for one in told)


def test_caps_limit_the_team_days_possible(bench):
    """Three people of one day a week, in the five ISO weeks of April: seven teams, four planned."""
    plan = bench.settings(caps=CapSettings(patrol_days_per_week=1))
    april = next(m for m in spare_months(plan) if (m.unit, m.month) == ("S1", 4))
    assert (april.possible, april.planned, april.free) == (7, 4, 3)
    assert april.keeps(3 / 7)
    assert not april.keeps(0.5)
