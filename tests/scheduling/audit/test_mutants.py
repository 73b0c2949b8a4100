"""For every rule, plans that break it and nothing else, and are caught under its article.

``Mutant.breaches`` are all the breaches found, so that a rule that also fires elsewhere, or the
wrong article, fails the test. The plan they depart from is lawful (test_lawful).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

import numpy as np
import pytest

from network.problems import Text
from scheduling.audit import RULES
from scheduling.calendar.windows import WindowKind
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import Checkpoint, Inspector, Leave, Unit
from scheduling.county.settings import (
    CapSettings,
    ReserveSettings,
    ShiftSettings,
    VisitSettings,
)
from scheduling.plan.model import CrewMember, Plan, Unmet
from scheduling.plan.seal import seal
from scheduling.regulation import load_preset
from scheduling.regulation.model import PeakRule, SeasonRange

JILIN = load_preset("jilin")
APRIL_2, APRIL_9 = date(2026, 4, 2), date(2026, 4, 9)
QINGMING = date(2026, 4, 5)


@dataclass(frozen=True)
class Mutant:
    """A change of the lawful plan, and exactly what must come of it."""

    name: str
    change: Callable[[Any], Plan]
    breaches: tuple[tuple[str, str], ...] = ()  # (rule, article)
    notice: str = ""


def _rule(identity, **changes):
    """Return the norm's frequency rules with one changed."""
    rules = tuple(
        rule.model_copy(update=changes) if rule.id == identity else rule for rule in JILIN.frequency
    )
    assert rules != JILIN.frequency
    return rules


def _spot_by_law(**changes):
    rule = JILIN.spot_check[0].model_copy(update={"basis": "law", "article": "13", **changes})
    return (rule,)


def _peak(**changes):
    return (JILIN.peak[0].model_copy(update=changes),)


def _at_other_place(bench):
    """Return a plan with a visit called Z1 that is made where Z2 is."""
    patrol = bench.patrol("S1", APRIL_9, ["Z2"])
    visits = (replace(patrol.visits[0], zone="Z1"),)
    out, back = patrol.legs
    legs = (replace(out, to_zone="Z1"), replace(back, from_zone="Z1"))
    return bench.added(replace(patrol, visits=visits, legs=legs))


def _other_unit(bench):
    """Return a plan with a second station whose inspector goes with the first one's."""
    county = bench.plan.county
    stranger = Inspector("Q1", "外人", ("S2",), "证Q1")
    station = Unit("S2", "西镇所", "township", 126.0, 43.5, head="孙所")
    county = replace(
        county, inspectors=(*county.inspectors, stranger), units=(*county.units, station)
    )
    return replace(bench.crew("S1-0402", "P1", "P2", "Q1"), county=county)


def _without_workday(bench):
    calendar = bench.plan.calendar
    days = tuple(day for day in calendar.workdays if day != date(2026, 6, 11))
    return replace(bench.plan, calendar=replace(calendar, workdays=days))


def _unsaid(bench):
    """Return a plan with a visit taken out, and silent about it."""
    plan = bench.without("S1-0410")
    return replace(plan, unmet=())


def _expired(bench):
    plan = bench.only("inspectors", "P3", certificate_until=date(2026, 4, 1))
    return replace(plan, patrols=bench.crew("S1-0402", "P1", "P2", "P3").patrols)


def _wrong_number(bench):
    members = [CrewMember(p, "inspector", f"证{p}") for p in ("P1", "P2", "P3")]
    members[2] = replace(members[2], certificate_number="证P9")
    return bench.changed("S1-0402", crew=tuple(members))


def _on_leave(bench):
    away = (Leave("P3", APRIL_2, APRIL_2),)
    return replace(
        bench.county(leave=away), patrols=bench.crew("S1-0402", "P1", "P2", "P3").patrols
    )


def _row_lacking(bench, unit):
    rows = bench.plan.requirements
    first = next(row for row in rows if row.unit == unit and not row.spot_check)
    return replace(bench.plan, requirements=tuple(row for row in rows if row is not first))


def _calendar(bench, **changes):
    return replace(bench.plan, calendar=replace(bench.plan.calendar, **changes))


def _in_2035(bench):
    days = {"first_day": date(2035, 1, 1), "last_day": date(2035, 1, 2)}
    none = {"patrols": (), "requirements": (), "met": {}}
    return replace(bench.plan, calendar=WorkCalendar(()), **days, **none)


SHIFT = ShiftSettings()
FREQUENCY, PEAK = ("frequency", "13"), ("peak-count", "13")
MUTANTS = (
    Mutant(
        "a station misses a mine",
        lambda b: b.instead("S1-0402", b.patrol("S1", APRIL_2, ["Z1", "Z3"])),
        (FREQUENCY,),
    ),
    Mutant(
        "a station misses farmland of level 3",
        lambda b: b.instead("S1-0402", b.patrol("S1", APRIL_2, ["Z1", "Z2"])),
        (FREQUENCY,),
    ),
    Mutant(
        "the county misses a mine",
        lambda b: b.instead("C1-0403", b.patrol("C1", date(2026, 4, 3), ["Z1"])),
        (FREQUENCY,),
    ),
    Mutant(
        "a patrol moves into the next half-month",
        lambda b: b.instead("S1-0402", b.patrol("S1", date(2026, 4, 16), ["Z1", "Z2", "Z3"])),
        (FREQUENCY, PEAK),
    ),
    Mutant(
        "an override below the norm, and visits by it",
        lambda b: replace(
            b.regulation(frequency=_rule("township-half-monthly", window=WindowKind.MONTH)),
            patrols=b.instead("S1-0402", b.patrol("S1", APRIL_2, ["Z1", "Z3"])).patrols,
        ),
        (FREQUENCY, ("below-norm", "13"), ("identity", "")),
    ),
    Mutant("no more visits in the peak", lambda b: b.without("S1-0410"), (PEAK,)),
    Mutant("nor by the county", lambda b: b.without("C1-0420"), (PEAK,)),
    Mutant(
        "the norm's peak left out, and its visits",
        lambda b: replace(b.regulation(peak=()), patrols=b.without("S1-0410").patrols),
        (PEAK, ("identity", "")),
        notice="below-norm",
    ),
    Mutant(
        "both visits before the peak begins",
        lambda b: type(b)(b.norm(peak=_peak(first="04-07"))).instead(
            "S1-0410", b.patrol("S1", date(2026, 4, 1), ["Z1"])
        ),
        (("peak-day", "13"), ("shortfall-told", "")),
    ),
    Mutant("no peak for level 2", lambda b: b.plan, notice="level-without-peak"),
    Mutant("no spot check", lambda b: b.without("C1-0528"), notice="spot-check"),
    Mutant(
        "no spot check that the norm itself asks for",
        lambda b: type(b)(b.norm(spot_check=_spot_by_law())).without("C1-0528"),
        (("spot-check", "13"),),
    ),
    Mutant(
        "one zone checked of the two that are half of three",
        lambda b: b.norm(spot_check=_spot_by_law(levels=(1, 2, 3), share=0.5)),
        (("spot-check", "13"),),
    ),
    Mutant("the sealed file is not there", lambda b: seal(b.plan)[0], notice="sealed"),
    Mutant("uneven visits", lambda b: b.plan, notice="gap"),
    Mutant(
        "eight days where 240 hours are asked for",
        lambda b: b.norm(frequency=_rule("township-half-monthly", min_gap_hours=240)),
        (("gap-hours", "13"),),
    ),
    Mutant(
        "20 minutes where 30 are asked for",
        lambda b: b.norm(frequency=_rule("county-monthly", min_minutes=30)),
        (("visit-minutes", "13"),),
    ),
    Mutant(
        "a stop where a kilometre is asked for",
        lambda b: b.norm(frequency=_rule("county-monthly", min_length_km=1)),
        (("visit-length", "13"),),
    ),
    Mutant(
        "twice on one day",
        lambda b: b.instead("S1-0402", b.patrol("S1", APRIL_2, ["Z1", "Z2", "Z3", "Z1"])),
        notice="twice-a-day",
    ),
    Mutant(
        "twice on one day is once",
        lambda b: type(b)(b.without("S1-0410")).instead(
            "S1-0402", b.patrol("S1", APRIL_2, ["Z1", "Z2", "Z3", "Z1"])
        ),
        (PEAK, ("shortfall-told", "")),
    ),
    Mutant("one inspector alone", lambda b: b.crew("S1-0402", "P1"), (("crew-size", "16"),)),
    Mutant(
        "one inspector and a driver",
        lambda b: b.crew("C1-0403", "K1", "D1", role="driver"),
        (("crew-size", "16"),),
    ),
    Mutant(
        "a certified person as driver does not count",
        lambda b: b.crew("C1-0403", "K1", "K2", role="driver"),
        (("crew-size", "16"),),
    ),
    Mutant(
        "a driver as inspector",
        lambda b: b.crew("C1-0403", "K1", "D1"),
        (("crew-size", "16"), ("certificate", "16")),
    ),
    Mutant("a third inspector's certificate has expired", _expired, (("certificate", "16"),)),
    Mutant("a third inspector bears another's number", _wrong_number, (("certificate", "16"),)),
    Mutant(
        "a certificate expires before the quarter's end",
        lambda b: b.only("inspectors", "P2", certificate_until=date(2026, 6, 20)),
        (("crew-size", "16"), ("certificate", "16")),
    ),
    Mutant(
        "nobody may drive",
        lambda b: type(b)(b.only("inspectors", "K1", licensed=False)).only(
            "inspectors", "K2", licensed=False
        ),
        (("driver", ""),),
    ),
    Mutant(
        "somebody unknown aboard",
        lambda b: b.crew("S1-0402", "P1", "P2", "X9"),
        (("crew-people", ""),),
    ),
    Mutant(
        "one person twice aboard",
        lambda b: b.crew("S1-0402", "P1", "P2", "P2"),
        (("crew-people", ""),),
    ),
    Mutant(
        "one person twice is one",
        lambda b: b.crew("S1-0402", "P1", "P1"),
        (
            ("crew-people", ""),
            ("crew-size", "16"),
        ),
    ),
    Mutant("somebody of another station aboard", _other_unit, (("crew-people", ""),)),
    Mutant(
        "nobody of the station aboard",
        lambda b: b.crew("S1-0402", "K1", "K2"),
        (("crew-people", ""),),
    ),
    Mutant("a third inspector is on leave", _on_leave, (("leave", ""),)),
    Mutant(
        "one of two is on leave",
        lambda b: b.county(leave=(Leave("P2", APRIL_2, APRIL_2),)),
        (("leave", ""), ("crew-size", "16")),
    ),
    Mutant("an unknown vehicle", lambda b: b.changed("S1-0402", vehicle="V9"), (("vehicle", ""),)),
    Mutant("the squad's vehicle", lambda b: b.changed("S1-0402", vehicle="V2"), (("vehicle", ""),)),
    Mutant(
        "a vehicle sold in June",
        lambda b: b.only("vehicles", "V1", available_until=date(2026, 5, 31)),
        (("vehicle", ""),),
    ),
    Mutant(
        "a vehicle under repair",
        lambda b: b.county(leave=(Leave("V1", APRIL_2, APRIL_9),)),
        (("vehicle", ""),),
    ),
    Mutant("one seat", lambda b: b.only("vehicles", "V1", seats=1), (("vehicle", ""),)),
    Mutant(
        "a person on two patrols",
        lambda b: b.added(
            b.patrol("S1", APRIL_2, ["Z2"], crew=("P1", "P3"), vehicle="V3", identity="S1-x")
        ),
        (("person-booked-twice", ""),),
    ),
    Mutant(
        "a vehicle on two patrols",
        lambda b: b.added(b.patrol("S1", APRIL_2, ["Z2"], crew=("P3", "K3"), identity="S1-x")),
        (("vehicle-booked-twice", ""),),
    ),
    Mutant(
        "two days in a week of one",
        lambda b: type(b)(b.added(b.patrol("S1", APRIL_9, ["Z1"]))).settings(
            caps=CapSettings(patrol_days_per_week=1)
        ),
        notice="weekly-cap",
    ),
    Mutant(
        "four days in 28 of three",
        lambda b: b.settings(caps=CapSettings(patrol_days_per_28_days=3)),
        notice="rolling-cap",
    ),
    Mutant(
        "a patrol on a holiday",
        lambda b: b.added(b.patrol("S1", QINGMING, ["Z2"])),
        (("patrol-day", "13"),),
    ),
    Mutant(
        "a visit owed on a holiday",
        lambda b: b.instead("S1-0402", b.patrol("S1", QINGMING, ["Z1", "Z2", "Z3"])),
        (("patrol-day", "13"), FREQUENCY, PEAK, ("shortfall-told", "")),
    ),
    Mutant(
        "a patrol after the quarter",
        lambda b: b.added(b.patrol("S1", date(2026, 7, 1), ["Z1"])),
        (("scope", ""),),
    ),
    Mutant(
        "patrols of a unit that is not planned",
        lambda b: b.honest(replace(b.plan, units=("S1",))),
        (("scope", ""),),
    ),
    Mutant(
        "more minutes than the shift has",
        lambda b: b.settings(shift=SHIFT.model_copy(update={"max_work_minutes": 60})),
        notice="shift",
    ),
    Mutant(
        "out before the station opens",
        lambda b: b.settings(shift=SHIFT.model_copy(update={"earliest_departure": time(9)})),
        notice="shift",
    ),
    Mutant(
        "back after dark",
        lambda b: b.settings(shift=SHIFT.model_copy(update={"latest_return": time(9)})),
        notice="shift",
    ),
    Mutant(
        "no lunch",
        lambda b: b.settings(shift=SHIFT.model_copy(update={"lunch_from": time(9)})),
        notice="lunch",
    ),
    Mutant(
        "a walk longer than the visit",
        lambda b: b.visits("S1-0402", walk_seconds=1201),
        (("duration", ""),),
    ),
    Mutant(
        "back before it leaves",
        lambda b: b.changed("S1-0402", return_seconds=30_000),
        (("duration", ""), ("clock", ""), ("contents", "11(1)")),
    ),
    Mutant(
        "a negative leg",
        lambda b: b.legs("S1-0402", drive_seconds=-1),
        (("duration", ""), ("clock", ""), ("speed", "")),
    ),
    Mutant(
        "an arrival a minute early",
        lambda b: b.visits("S1-0402", arrive_seconds=30_700),
        (("clock", ""),),
    ),
    Mutant(
        "a return a minute early",
        lambda b: b.changed("S1-0410", return_seconds=32_000),
        (("clock", ""),),
    ),
    Mutant(
        "a lunch that nobody has time for",
        lambda b: b.changed("S1-0410", lunch_at_seconds=42_000, lunch_seconds=3600),
        (("clock", ""),),
    ),
    Mutant(
        "lunch minutes without a lunch",
        lambda b: b.changed("S1-0410", lunch_seconds=3600),
        (("clock", ""),),
    ),
    Mutant(
        "20 minutes where the county sets 30",
        lambda b: b.settings(visit=VisitSettings(stop_minutes=30)),
        notice="stop-minutes",
    ),
    Mutant(
        "20 minutes where the zone sets 30",
        lambda b: b.only("zones", "Z3", stop_minutes=30.0),
        notice="stop-minutes",
    ),
    Mutant(
        "winter's times in April",
        lambda b: b.changed("S1-0402", day_class="winter"),
        (("day-class", ""),),
    ),
    Mutant("legs that do not chain", lambda b: b.legs("S1-0402", to_zone="Z2"), (("chain", ""),)),
    Mutant(
        "nothing visited",
        lambda b: b.added(replace(b.patrol("S1", APRIL_9, []), legs=())),
        (("chain", ""), ("duration", ""), ("contents", "11(1)")),
    ),
    Mutant("50 km in minutes", lambda b: b.legs("S1-0402", length_m=50_000.0), (("speed", ""),)),
    Mutant("no length", lambda b: b.legs("S1-0402", length_m=float("nan")), (("speed", ""),)),
    Mutant(
        "shorter than straight", lambda b: b.legs("S1-0402", length_m=900.0), (("geometry", ""),)
    ),
    Mutant(
        "a line that ends elsewhere",
        lambda b: b.legs("S1-0402", shape_lonlat=np.array([[126.0, 43.5], [126.06, 43.5]])),
        (("geometry", ""),),
    ),
    Mutant(
        "no line",
        lambda b: b.legs("S1-0402", shape_lonlat=np.empty((0, 2))),
        (("geometry", ""), ("contents", "11(1)")),
    ),
    Mutant(
        "a checkpoint not passed",
        lambda b: b.county(checkpoints=(Checkpoint("Z3", 126.035, 43.556, "界桩"),)),
        (("checkpoint", ""),),
    ),
    Mutant("a visit somewhere else", _at_other_place, (("zone-reached", ""),)),
    Mutant(
        "a village without a squad",
        lambda b: replace(
            b.only("zones", "Z1", units={"township": "S1"}),
            patrols=tuple(p for p in b.plan.patrols if p.unit == "S1"),
            met={},
        ),
        (("zone-unit", "12"), ("contents", "10(1)"), FREQUENCY, ("shortfall-told", "")),
    ),
    Mutant(
        "a station called a squad",
        lambda b: b.only("zones", "Z3", units={"township": "S1", "county": "S1"}),
        (
            ("zone-unit", "12"),
            ("patrolled-by-unit", "12"),
            ("responsible", "12"),
            ("contents", "10(1)"),
        ),
    ),
    Mutant(
        "a squad in a zone of none",
        lambda b: b.only("zones", "Z3", units={"township": "S1"}),
        (("patrolled-by-unit", "12"),),
    ),
    Mutant(
        "an unknown zone",
        lambda b: replace(b.plan, county=replace(b.plan.county, zones=b.plan.county.zones[:2])),
        (("patrolled-by-unit", "12"),),
    ),
    Mutant(
        "nobody answers for a zone",
        lambda b: b.only("zones", "Z1", responsible={"county": ("K1",)}),
        (("responsible", "12"), ("contents", "11(1)")),
    ),
    Mutant(
        "somebody else's person answers for it",
        lambda b: b.only("zones", "Z1", responsible={"township": ("P1",), "county": ("P1",)}),
        (("responsible", "12"), ("contents", "10(1)")),
    ),
    Mutant("a station without a head", lambda b: b.only("units", "S1", head=" "), notice="head"),
    Mutant("a frequency not stated", lambda b: _row_lacking(b, "S1"), (("contents", "11(1)"),)),
    Mutant(
        "a county frequency not stated", lambda b: _row_lacking(b, "C1"), (("contents", "10(1)"),)
    ),
    Mutant(
        "a norm of its own making",
        lambda b: replace(b.plan, norm=JILIN.model_copy(update={"team": None})),
        (("norm", ""),),
    ),
    Mutant(
        "a name of its own making",
        lambda b: replace(b.plan, norm=JILIN.model_copy(update={"name": "别的规范"})),
        (("norm", ""),),
    ),
    Mutant(
        "one inspector by a norm of its own making",
        lambda b: replace(
            b.crew("S1-0402", "P1"),
            norm=JILIN.model_copy(update={"team": None}),
            regulation=JILIN.model_copy(update={"team": None}),
        ),
        (("norm", ""), ("below-norm", "16"), ("crew-size", "16")),
    ),
    Mutant(
        "a norm that ends in May",
        lambda b: b.norm(valid_until=date(2026, 5, 31)),
        notice="validity",
    ),
    Mutant("a workday left out of the calendar", _without_workday, (("calendar", ""),)),
    Mutant(
        "duty days that the county has not set",
        lambda b: _calendar(b, duty_days=(QINGMING,)),
        (("calendar", ""),),
    ),
    Mutant(
        "a calendar file that the county has not named",
        lambda b: replace(
            _without_workday(b),
            calendar=replace(_without_workday(b).calendar, sources=((2026, "file: x.csv"),)),
        ),
        (("calendar", ""),),
    ),
    Mutant("a year that nobody knows", _in_2035, (("calendar", ""),)),
    Mutant(
        "a provisional year",
        lambda b: _calendar(b, provisional_years=(2026,)),
        notice="provisional",
    ),
    Mutant(
        "one id twice",
        lambda b: b.added(b.patrol("S1", APRIL_9, ["Z1"], identity="S1-0402")),
        (("identity", ""),),
    ),
    Mutant(
        "met by a visit that is not there",
        lambda b: replace(b.plan, met={**b.plan.met, "T-Z1-2026-04a": ("nowhere",)}),
        (("identity", ""),),
    ),
    Mutant(
        "a spot check left unsaid",
        lambda b: replace(b.without("C1-0528"), unmet=()),
        (("shortfall-told", ""),),
        notice="spot-check",
    ),
    Mutant("a shortfall left unsaid", _unsaid, (PEAK, ("shortfall-told", ""))),
    Mutant(
        "a shortfall that is none",
        lambda b: replace(b.plan, unmet=(Unmet("T-Z1-2026-04a", 1, False, Text("缺", "short")),)),
        notice="shortfall-told",
    ),
    Mutant(
        "more days wanted free than are",
        lambda b: b.settings(reserve=ReserveSettings(bad_weather_share=0.9)),
        notice="bad-weather",
    ),
    Mutant(
        "fewer in the team",
        lambda b: b.regulation(team=JILIN.team.model_copy(update={"min_certified": 1})),
        (("below-norm", "16"),),
    ),
    Mutant(
        "only in summer",
        lambda b: b.regulation(
            frequency=_rule("county-monthly", season=SeasonRange(first="04-01", last="10-31"))
        ),
        (("below-norm", "13"),),
    ),
    Mutant(
        "a campaign's visits left out",
        lambda b: b.regulation(
            peak=(
                *JILIN.peak,
                PeakRule(
                    id="drive",
                    basis="user",
                    kind="campaign",
                    first="2026-05-01",
                    last="2026-05-31",
                    levels=(2,),
                ),
            )
        ),
        (("peak-count", ""),),
    ),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_plan_that_breaks_one_rule_is_caught(bench, mutant):
    """Exactly the rule that is broken is found, under its article; a default gives a notice."""
    plan = mutant.change(bench)
    assert bench.breaches(plan) == set(mutant.breaches)
    assert not mutant.notice or mutant.notice in bench.notices(plan)
    assert not {rule.slug for rule in RULES if rule.informs} & {slug for slug, _ in mutant.breaches}


def test_every_rule_has_a_mutant():
    """No rule of the register is without a plan that breaks it (roads: test_roads).

    How far days can be foreseen is a measure that nothing breaks (test_measured).
    """
    caught = {rule for mutant in MUTANTS for rule, _ in mutant.breaches}
    caught |= {mutant.notice for mutant in MUTANTS}
    assert caught - {""} == {rule.slug for rule in RULES} - {"roads", "foreseeable"}
