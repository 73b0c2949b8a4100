"""From requirements to batches."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.calendar.windows import Window, WindowKind, window_of, windows_between
from scheduling.plan.model import PatrolKind
from scheduling.planning.owed import drawn_days, regular_batches, spot_check_batches
from scheduling.requirements import Requirement

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
WORKDAYS = tuple(
    day for n in range(365) if (day := date(2026, 1, 1) + timedelta(days=n)).weekday() < 5
)


def requirement(
    zone: str, window: Window, count: int = 1, *, spot_check: bool = False, unit: str = "T01"
) -> Requirement:
    return Requirement(
        id=f"{zone}-{window.first_day}-{window.kind}",
        authority="township",
        unit=unit,
        zone=zone,
        rule="r",
        article="13",
        window=window,
        count=count,
        min_gap_days=7,
        max_gap_days=21,
        spot_check=spot_check,
    )


def test_each_window_is_one_batch_with_its_own_days() -> None:
    """A half-monthly rule gives one batch per half-month, with that half-month's patrol days."""
    halves = windows_between(WindowKind.HALF_MONTH, *JANUARY)
    batches = regular_batches("T01", [requirement("Z1", w) for w in halves], WORKDAYS)
    assert [b.window for b in batches] == list(halves)
    assert all(b.window.holds(day) for b in batches for day in b.days)
    assert sum(len(b.days) for b in batches) == sum(day.month == 1 for day in WORKDAYS)


def test_visits_of_a_short_window_count_for_the_long_one() -> None:
    """A zone visited every half-month owes nothing more under a monthly rule of two."""
    halves = windows_between(WindowKind.HALF_MONTH, *JANUARY)
    month = window_of(WindowKind.MONTH, JANUARY[0])
    owed = [requirement("Z1", w) for w in halves] + [requirement("Z1", month, 2)]
    batches = regular_batches("T01", owed, WORKDAYS)
    assert Counter(z for b in batches for z, n in b.visits for _ in range(n)) == {"Z1": 2}


def test_a_long_window_is_shared_out_evenly_over_short_ones() -> None:
    """Monthly zones of a unit that plans by weeks spread over the month's whole weeks."""
    month = window_of(WindowKind.MONTH, JANUARY[0])
    weeks = windows_between(WindowKind.WEEK, date(2026, 1, 5), date(2026, 1, 25))
    owed = [requirement("W", w) for w in weeks]
    owed += [requirement(f"Z{n}", month) for n in range(6)]
    batches = regular_batches("T01", owed, WORKDAYS)
    loads = [sum(z != "W" for z, _ in b.visits) for b in batches]
    assert sum(loads) == 6
    assert max(loads) - min(loads) <= 1


def test_a_window_without_patrol_days_is_kept_and_says_so() -> None:
    """A week without workdays is still owed: a batch with no day, for the report."""
    week = window_of(WindowKind.WEEK, date(2026, 2, 16))
    days = tuple(day for day in WORKDAYS if not week.holds(day))
    (batch,) = regular_batches("T01", [requirement("Z1", week)], days)
    assert batch.days == ()


def test_other_units_requirements_are_ignored() -> None:
    """Only the unit's own requirements enter its batches."""
    window = window_of(WindowKind.HALF_MONTH, JANUARY[0])
    assert regular_batches("T01", [requirement("Z1", window, unit="T02")], WORKDAYS) == ()


def test_spot_checks_fall_into_one_month_of_their_quarter_by_the_secret() -> None:
    """Each zone is drawn into one month; another secret draws otherwise."""
    quarter = window_of(WindowKind.QUARTER, JANUARY[0])
    owed = [requirement(f"Z{n:02d}", quarter, spot_check=True) for n in range(30)]

    def months(secret: bytes) -> dict[str, date]:
        batches = spot_check_batches("T01", owed, WORKDAYS, secret)
        assert all(b.kind is PatrolKind.SPOT_CHECK for b in batches)
        return {zone: b.window.first_day for b in batches for zone, _ in b.visits}

    assert set(months(b"a")) == {r.zone for r in owed}
    assert months(b"a") == months(b"a") != months(b"b")
    assert len(set(months(b"a").values())) == 3


def test_drawn_days_are_a_part_of_the_batch_chosen_by_the_secret() -> None:
    """A third of the days, at least five, and another secret chooses others."""
    quarter = window_of(WindowKind.QUARTER, JANUARY[0])
    owed = [requirement("Z1", quarter, spot_check=True)]
    (batch,) = spot_check_batches("T01", owed, WORKDAYS, b"a")
    chosen = drawn_days(batch, b"a")
    assert set(chosen) < set(batch.days)
    assert len(chosen) == max(5, len(batch.days) // 3)
    assert chosen != drawn_days(batch, b"other")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Z1", "Z2", "Z3"]),
            st.sampled_from([WindowKind.WEEK, WindowKind.HALF_MONTH, WindowKind.MONTH]),
            st.integers(1, 4),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_batches_cover_every_requirement(rules: list[tuple[str, WindowKind, int]]) -> None:
    """Whatever windows are mixed, the batches inside a window hold at least its count."""
    first, last = date(2026, 3, 1), date(2026, 4, 30)
    owed = [
        requirement(zone, window, count)
        for zone, kind, count in dict.fromkeys(rules)
        for window in windows_between(kind, first, last)
    ]
    batches = regular_batches("T01", owed, WORKDAYS)
    for one in owed:
        visits = sum(
            dict(batch.visits).get(one.zone, 0)
            for batch in batches
            if one.window.first_day <= batch.window.first_day
            and batch.window.last_day <= one.window.last_day
        )
        assert visits >= one.count


@pytest.mark.parametrize("kind", [WindowKind.DAY, WindowKind.TEN_DAYS, WindowKind.QUARTER])
def test_every_kind_of_window_can_be_the_base(kind: WindowKind) -> None:
    """The shortest kind decides how the unit plans."""
    windows = windows_between(kind, date(2026, 1, 1), date(2026, 6, 30))
    batches = regular_batches("T01", [requirement("Z1", w) for w in windows], WORKDAYS)
    assert [b.window for b in batches] == list(windows)
