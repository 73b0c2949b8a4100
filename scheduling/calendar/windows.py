"""Windows: the stretches of days in which visits are owed."""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from network.problems import Text


class WindowKind(StrEnum):
    """Lengths of window the rules know; weeks are ISO weeks, ten-days are 上/中/下旬."""

    DAY = "day"
    WEEK = "week"
    TEN_DAYS = "ten-days"
    HALF_MONTH = "half-month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


#: Days a window of each kind has by name, for what goes in proportion to it (gaps).
NOMINAL_DAYS: dict[WindowKind, int] = {
    WindowKind.DAY: 1,
    WindowKind.WEEK: 7,
    WindowKind.TEN_DAYS: 10,
    WindowKind.HALF_MONTH: 15,
    WindowKind.MONTH: 30,
    WindowKind.QUARTER: 91,
    WindowKind.HALF_YEAR: 182,
    WindowKind.YEAR: 365,
}

#: Days the shortest window of each kind has (16-28 February is a half-month of 13).
SHORTEST_DAYS: dict[WindowKind, int] = {
    WindowKind.DAY: 1,
    WindowKind.WEEK: 7,
    WindowKind.TEN_DAYS: 8,
    WindowKind.HALF_MONTH: 13,
    WindowKind.MONTH: 28,
    WindowKind.QUARTER: 90,
    WindowKind.HALF_YEAR: 181,
    WindowKind.YEAR: 365,
}

_MONTHS = {WindowKind.MONTH: 1, WindowKind.QUARTER: 3, WindowKind.HALF_YEAR: 6, WindowKind.YEAR: 12}


@dataclass(frozen=True, order=True)
class Window:
    """One window, both ends included."""

    first_day: date
    last_day: date
    kind: WindowKind

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the window."""
        return self.first_day <= day <= self.last_day

    def days_of(self, days: tuple[date, ...]) -> tuple[date, ...]:
        """Return those of some days, sorted, that lie in the window."""
        return days[bisect_left(days, self.first_day) : bisect_right(days, self.last_day)]


def window_of(kind: WindowKind, day: date) -> Window:
    """Return the window of a kind that holds ``day``; the windows of a kind partition all days."""
    if kind is WindowKind.DAY:
        return Window(day, day, kind)
    if kind is WindowKind.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Window(monday, monday + timedelta(days=6), kind)
    month_end = calendar.monthrange(day.year, day.month)[1]
    if kind is WindowKind.TEN_DAYS:
        first = min((day.day - 1) // 10, 2) * 10 + 1
        last = month_end if first == 21 else first + 9
        return Window(day.replace(day=first), day.replace(day=last), kind)
    if kind is WindowKind.HALF_MONTH:
        first, last = (1, 15) if day.day <= 15 else (16, month_end)
        return Window(day.replace(day=first), day.replace(day=last), kind)
    months = _MONTHS[kind]
    first_month = (day.month - 1) // months * months + 1
    last_month = first_month + months - 1
    end = calendar.monthrange(day.year, last_month)[1]
    return Window(date(day.year, first_month, 1), date(day.year, last_month, end), kind)


def windows_between(kind: WindowKind, first_day: date, last_day: date) -> tuple[Window, ...]:
    """Return the windows of a kind lying wholly inside the days given, in order."""
    found = []
    window = window_of(kind, first_day)
    if window.first_day < first_day:
        window = window_of(kind, window.last_day + timedelta(days=1))
    while window.last_day <= last_day:
        found.append(window)
        window = window_of(kind, window.last_day + timedelta(days=1))
    return tuple(found)


def days_of(window: Window) -> tuple[date, ...]:
    """Return every day of the window, in order."""
    return tuple(_days(window.first_day, window.last_day))


def _days(first_day: date, last_day: date) -> Iterator[date]:
    for number in range((last_day - first_day).days + 1):
        yield first_day + timedelta(days=number)


@lru_cache(maxsize=4096)  # asked for at every visit owed
def window_tag(window: Window) -> str:
    """Return a short name unique among the windows of all kinds: ``2026-02b``, ``2026-W08``."""
    day = window.first_day
    match window.kind:
        case WindowKind.DAY:
            return day.isoformat()
        case WindowKind.WEEK:
            iso = day.isocalendar()
            return f"{iso.year:04}-W{iso.week:02}"
        case WindowKind.TEN_DAYS:
            return f"{day:%Y-%m}-T{(day.day - 1) // 10 + 1}"
        case WindowKind.HALF_MONTH:
            return f"{day:%Y-%m}{'a' if day.day == 1 else 'b'}"
        case WindowKind.MONTH:
            return f"{day:%Y-%m}"
        case WindowKind.QUARTER:
            return f"{day:%Y}-Q{(day.month - 1) // 3 + 1}"
        case WindowKind.HALF_YEAR:
            return f"{day:%Y}-H{(day.month - 1) // 6 + 1}"
        case WindowKind.YEAR:
            return f"{day:%Y}"


# Not calendar.month_name, which speaks the language of the machine.
_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ORDINALS = (("一", "first"), ("二", "second"), ("三", "third"), ("四", "fourth"))


def window_label(window: Window, *, with_year: bool = True) -> Text:
    """Return the window's name for people: 2026年2月下半月, "second half of February 2026".

    ``with_year=False`` leaves the year out where the context gives it (2月下半月). A stretch that
    is no whole window, such as the part of one in a peak, is named by its days.
    """
    if window != window_of(window.kind, window.first_day):
        return days_label(window.first_day, window.last_day, with_year=with_year)
    day = window.first_day
    zh_year, en_year = (f"{day.year}年", f" {day.year}") if with_year else ("", "")
    of_year = f" of {day.year}" if with_year else ""
    month = _ENGLISH_MONTHS[day.month - 1]
    match window.kind:
        case WindowKind.DAY:
            return days_label(day, day, with_year=with_year)
        case WindowKind.WEEK:
            return _week_label(window, with_year=with_year)
        case WindowKind.TEN_DAYS:
            zh, en = (("上", "first"), ("中", "second"), ("下", "last"))[(day.day - 1) // 10]
            return Text(f"{zh_year}{day.month}月{zh}旬", f"{en} ten days of {month}{en_year}")
        case WindowKind.HALF_MONTH:
            zh, en = ("上", "first") if day.day == 1 else ("下", "second")
            return Text(f"{zh_year}{day.month}月{zh}半月", f"{en} half of {month}{en_year}")
        case WindowKind.MONTH:
            return Text(f"{zh_year}{day.month}月", f"{month}{en_year}")
        case WindowKind.QUARTER:
            zh, en = _ORDINALS[(day.month - 1) // 3]
            return Text(f"{zh_year}第{zh}季度", f"{en} quarter{of_year}")
        case WindowKind.HALF_YEAR:
            zh, en = ("上", "first") if day.month == 1 else ("下", "second")
            return Text(f"{zh_year}{zh}半年", f"{en} half{of_year or ' of the year'}")
        case WindowKind.YEAR:
            return Text(f"{day.year}年", f"{day.year}")


def _week_label(window: Window, *, with_year: bool) -> Text:
    iso = window.first_day.isocalendar()
    days = days_label(window.first_day, window.last_day, with_year=False)
    zh_year, of_year = (f"{iso.year}年", f" of {iso.year}") if with_year else ("", "")
    return Text(f"{zh_year}第{iso.week}周（{days.zh}）", f"week {iso.week}{of_year} ({days.en})")


def days_label(first_day: date, last_day: date, *, with_year: bool = True) -> Text:
    """Return a stretch of days for people: 2026年2月16日至28日, "16–28 February 2026"."""
    zh_last = f"{last_day.day}日"
    en_first = f"{first_day.day}"
    if first_day.month != last_day.month or first_day.year != last_day.year:
        zh_last = f"{last_day.month}月{zh_last}"
        en_first += f" {_ENGLISH_MONTHS[first_day.month - 1]}"
    if with_year and first_day.year != last_day.year:
        zh_last = f"{last_day.year}年{zh_last}"
        en_first += f" {first_day.year}"
    zh_first = f"{first_day.month}月{first_day.day}日"
    en_last = f"{last_day.day} {_ENGLISH_MONTHS[last_day.month - 1]}"
    if with_year:
        zh_first = f"{first_day.year}年{zh_first}"
        en_last += f" {last_day.year}"
    if first_day == last_day:
        return Text(zh_first, en_last)
    return Text(f"{zh_first}至{zh_last}", f"{en_first}–{en_last}")
