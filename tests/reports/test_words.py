"""Dates, times and names as the documents print them."""

from datetime import date

import pytest

from network.problems import Language
from reports import words
from scheduling.calendar.windows import Window, WindowKind

APRIL = date(2026, 4, 1)


def test_clock_and_minutes() -> None:
    """Clock times are cut to the minute, durations rounded up."""
    assert words.clock(8 * 3600 + 30 * 60 + 59) == "08:30"
    assert [words.minutes(seconds) for seconds in (0, 1, 60, 61)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ("周三", "2026年4月1日", "4月1日", "4月")),
        ("en", ("Wed", "1 Apr 2026", "1 Apr", "Apr")),
    ],
)
def test_days(language: Language, expected: tuple[str, ...]) -> None:
    """A day has a weekday, a long and a short name in both languages."""
    assert expected == (
        words.weekday(APRIL, language),
        words.day_text(APRIL, language),
        words.short_day(APRIL, language),
        words.month_name(4, language),
    )


def test_periods_name_the_second_year_only_where_it_differs() -> None:
    """A period inside one year names the year once."""
    june, march = date(2026, 6, 30), date(2027, 3, 31)
    assert words.period(APRIL, june, "zh") == "2026年4月1日至6月30日"
    assert words.period(APRIL, march, "zh") == "2026年4月1日至2027年3月31日"
    assert words.period(APRIL, june, "en") == "1 Apr to 30 Jun 2026"
    assert words.period(APRIL, march, "en") == "1 Apr 2026 to 31 Mar 2027"


@pytest.mark.parametrize(
    ("kind", "first", "last", "zh", "en"),
    [
        (WindowKind.HALF_MONTH, (2, 16), (2, 28), "2月下半月", "Feb, 2nd half"),
        (WindowKind.HALF_MONTH, (2, 1), (2, 15), "2月上半月", "Feb, 1st half"),
        (WindowKind.MONTH, (5, 1), (5, 31), "5月", "May"),
        (WindowKind.QUARTER, (4, 1), (6, 30), "第二季度", "Q2"),
        (WindowKind.WEEK, (4, 6), (4, 12), "2026年4月6日至4月12日", "6 Apr to 12 Apr 2026"),
    ],
)
def test_windows(
    kind: WindowKind, first: tuple[int, int], last: tuple[int, int], zh: str, en: str
) -> None:
    """Windows are called as people call them."""
    window = Window(date(2026, *first), date(2026, *last), kind)
    assert (words.window_name(window, "zh"), words.window_name(window, "en")) == (zh, en)


def test_unknown_codes_stand_for_themselves() -> None:
    """A kind or level without a name is printed as it is."""
    assert words.kind_name("vineyard", "zh") == "vineyard"
    assert words.level_name(7, "zh") == "7"
    assert words.year_mark(2026) == "〔2026〕"
