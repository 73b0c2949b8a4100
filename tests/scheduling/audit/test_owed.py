"""What the audit derives is what the planner derives, though they share no derivation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.audit.owed import Case, owed_now
from scheduling.calendar.windows import WindowKind
from scheduling.calendar.workdays import build_calendar
from scheduling.county.settings import CalendarSettings
from scheduling.regulation.model import FrequencyRule, PeakRule, SeasonRange
from scheduling.requirements import derive_requirements

CALENDAR = build_calendar([2024, 2025, 2026], CalendarSettings(), Path())
MONTH_DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map("{:%m-%d}".format)
LEVELS = st.lists(st.sampled_from([1, 2, 3]), unique=True).map(tuple)
KINDS = st.lists(st.sampled_from(["village", "mine", "farmland"]), unique=True).map(tuple)
AUTHORITY = st.sampled_from(["township", "county"])
DAYS = st.one_of(
    st.tuples(MONTH_DAYS, MONTH_DAYS),
    st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), min_size=2, max_size=2).map(
        lambda days: tuple(sorted(day.isoformat() for day in days))
    ),
)


@st.composite
def _rules(draw, number):
    season = draw(st.none() | st.tuples(MONTH_DAYS, MONTH_DAYS))
    return FrequencyRule(
        id=f"rule-{number}",
        authority=draw(AUTHORITY),
        levels=draw(LEVELS),
        zone_kinds=draw(KINDS),
        window=draw(st.sampled_from(list(WindowKind))),
        count=draw(st.integers(1, 3)),
        season=season and SeasonRange(first=season[0], last=season[1]),
        sole_authority=draw(st.booleans()),
    )


@st.composite
def _peaks(draw, number):
    first, last = draw(DAYS)
    return PeakRule(
        id=f"peak-{number}",
        kind=draw(st.sampled_from(["land", "mining", "campaign"])),
        first=first,
        last=last,
        levels=draw(LEVELS),
        zone_kinds=draw(KINDS),
        authorities=draw(st.lists(AUTHORITY, unique=True).map(tuple)),
        extra=draw(st.integers(1, 2)),
        min_workdays=draw(st.integers(1, 6)),
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_audit_owes_what_the_planner_owes(bench, data):
    """For any rules, peaks and days, both derive the same counts, and peaks on the same days."""
    first = data.draw(st.dates(date(2024, 1, 1), date(2026, 6, 30)))
    last = first + timedelta(days=data.draw(st.integers(0, 180)))
    changes = {
        "frequency": tuple(data.draw(_rules(n)) for n in range(data.draw(st.integers(1, 3)))),
        "peak": tuple(data.draw(_peaks(n)) for n in range(data.draw(st.integers(0, 2)))),
        "spot_check": (),
    }
    regulation = bench.plan.regulation.model_copy(update=changes)
    plan = replace(
        bench.plan, regulation=regulation, calendar=CALENDAR, first_day=first, last_day=last
    )
    found: dict[tuple[object, ...], int] = {}
    peak_days: dict[tuple[object, ...], list[frozenset[date]]] = {}
    for owed in owed_now(Case(plan)):
        key = (owed.rule.authority, owed.zone.id, owed.window)
        found[key] = max(owed.count, found.get(key, 0))
        peak_days[key] = [peak.days for peak in owed.peaks]
    required = derive_requirements(
        plan.county, regulation, CALENDAR, first, last, plan.units, secret=b"x"
    )
    assert found == {(row.authority, row.zone, row.window): row.count for row in required}
    for row in required:
        days = peak_days[row.authority, row.zone, row.window]
        assert bool(days) == bool(row.peak)
        if row.peak_window is not None:
            ends = {row.peak_window.first_day, row.peak_window.last_day}
            assert any(ends <= one for one in days)
