"""Windows: each kind partitions the days, and every window has one name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.calendar.windows import (
    NOMINAL_DAYS,
    SHORTEST_DAYS,
    Window,
    WindowKind,
    days_label,
    days_of,
    window_label,
    window_of,
    window_tag,
    windows_between,
)

KINDS = st.sampled_from(WindowKind)
DAYS = st.dates(date(2004, 1, 1), date(2040, 12, 31))


@given(KINDS, DAYS)
def test_windows_partition_days(kind, day):
    """A day lies in one window of a kind, and the next day begins the next window or goes on."""
    window = window_of(kind, day)
    assert window.holds(day)
    assert all(window_of(kind, other) == window for other in days_of(window))
    after = window_of(kind, window.last_day + timedelta(days=1))
    assert after.first_day == window.last_day + timedelta(days=1)


@given(KINDS, DAYS, st.integers(0, 800))
def test_windows_between_are_the_whole_ones(kind, first_day, length):
    """Exactly the windows none of whose days lie outside are returned, in order."""
    last_day = first_day + timedelta(days=length)
    days = [first_day + timedelta(days=number) for number in range(length + 1)]
    naive = {window_of(kind, day) for day in days}
    whole = sorted(w for w in naive if first_day <= w.first_day and w.last_day <= last_day)
    assert list(windows_between(kind, first_day, last_day)) == whole


@given(KINDS, DAYS)
def test_shortest_and_nominal_days_bound_a_window(kind, day):
    """No window is shorter than its kind's shortest, nor far from its nominal length."""
    length = len(days_of(window_of(kind, day)))
    assert length >= SHORTEST_DAYS[kind]
    assert abs(length - NOMINAL_DAYS[kind]) <= 3


@pytest.mark.parametrize(
    ("kind", "windows", "days"),
    [
        (WindowKind.DAY, 365, 365),
        (WindowKind.WEEK, 51, 357),
        (WindowKind.TEN_DAYS, 36, 365),
        (WindowKind.HALF_MONTH, 24, 365),
        (WindowKind.MONTH, 12, 365),
        (WindowKind.QUARTER, 4, 365),
        (WindowKind.HALF_YEAR, 2, 365),
        (WindowKind.YEAR, 1, 365),
    ],
)
def test_windows_of_2026(kind, windows, days):
    """The year 2026 holds so many whole windows; weeks that straddle its ends are left out."""
    found = windows_between(kind, date(2026, 1, 1), date(2026, 12, 31))
    assert len(found) == windows
    assert sum(len(days_of(window)) for window in found) == days


@pytest.mark.parametrize(
    ("kind", "day", "first_day", "last_day"),
    [
        (WindowKind.WEEK, date(2026, 2, 18), date(2026, 2, 16), date(2026, 2, 22)),
        (WindowKind.TEN_DAYS, date(2026, 2, 28), date(2026, 2, 21), date(2026, 2, 28)),
        (WindowKind.TEN_DAYS, date(2026, 1, 31), date(2026, 1, 21), date(2026, 1, 31)),
        (WindowKind.HALF_MONTH, date(2026, 2, 15), date(2026, 2, 1), date(2026, 2, 15)),
        (WindowKind.HALF_MONTH, date(2028, 2, 16), date(2028, 2, 16), date(2028, 2, 29)),
        (WindowKind.QUARTER, date(2026, 5, 1), date(2026, 4, 1), date(2026, 6, 30)),
        (WindowKind.HALF_YEAR, date(2026, 7, 1), date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_window_of_known_days(kind, day, first_day, last_day):
    """Windows begin and end on the days the calendar says."""
    assert window_of(kind, day) == Window(first_day, last_day, kind)


def test_tags_are_unique_among_all_kinds():
    """No two windows of 2025 to 2027, of whatever kind, share a tag or a label."""
    first_day, last_day = date(2025, 1, 1), date(2027, 12, 31)
    windows = [w for kind in WindowKind for w in windows_between(kind, first_day, last_day)]
    assert len({window_tag(window) for window in windows}) == len(windows)
    assert len({window_label(window).zh for window in windows}) == len(windows)
    assert len({window_label(window).en for window in windows}) == len(windows)


@pytest.mark.parametrize(
    ("kind", "tag", "zh", "en"),
    [
        (WindowKind.DAY, "2026-02-16", "2026年2月16日", "16 February 2026"),
        (
            WindowKind.WEEK,
            "2026-W08",
            "2026年第8周（2月16日至22日）",
            "week 8 of 2026 (16–22 February)",
        ),
        (WindowKind.TEN_DAYS, "2026-02-T2", "2026年2月中旬", "second ten days of February 2026"),
        (WindowKind.HALF_MONTH, "2026-02b", "2026年2月下半月", "second half of February 2026"),
        (WindowKind.MONTH, "2026-02", "2026年2月", "February 2026"),
        (WindowKind.QUARTER, "2026-Q1", "2026年第一季度", "first quarter of 2026"),
        (WindowKind.HALF_YEAR, "2026-H1", "2026年上半年", "first half of 2026"),
        (WindowKind.YEAR, "2026", "2026年", "2026"),
    ],
)
def test_names_of_windows(kind, tag, zh, en):
    """A window is named as people name it."""
    window = window_of(kind, date(2026, 2, 16))
    assert (window_tag(window), *window_label(window)) == (tag, zh, en)


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        (WindowKind.DAY, "2月16日", "16 February"),
        (WindowKind.WEEK, "第8周（2月16日至22日）", "week 8 (16–22 February)"),
        (WindowKind.HALF_MONTH, "2月下半月", "second half of February"),
        (WindowKind.QUARTER, "第一季度", "first quarter"),
        (WindowKind.HALF_YEAR, "上半年", "first half of the year"),
    ],
)
def test_names_without_the_year(kind, zh, en):
    """The year is left out on request."""
    assert window_label(window_of(kind, date(2026, 2, 16)), with_year=False) == (zh, en)


def test_part_of_a_window_is_named_by_its_days():
    """The part of a window that lies in a peak does not bear the whole window's name."""
    part = Window(date(2026, 3, 20), date(2026, 3, 31), WindowKind.HALF_MONTH)
    assert window_label(part) == ("2026年3月20日至31日", "20–31 March 2026")


@pytest.mark.parametrize(
    ("first_day", "last_day", "zh", "en"),
    [
        (
            date(2026, 3, 30),
            date(2026, 4, 5),
            "2026年3月30日至4月5日",
            "30 March–5 April 2026",
        ),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            "2026年12月28日至2027年1月3日",
            "28 December 2026–3 January 2027",
        ),
    ],
)
def test_stretches_across_months_and_years(first_day, last_day, zh, en):
    """A stretch says month and year again where they change."""
    assert days_label(first_day, last_day) == (zh, en)


def test_days_of_a_window_are_those_it_holds():
    """Sorted days are cut at both ends, which belong to the window; none may be left."""
    window = Window(date(2026, 2, 16), date(2026, 2, 20), WindowKind.WEEK)
    days = tuple(date(2026, 2, day) for day in (1, 15, 16, 20, 28))
    assert window.days_of(days) == tuple(day for day in days if window.holds(day))
    assert window.days_of(days) == days[2:4]
    assert window.days_of(days[:2]) == ()
