"""When in the year a road is closed: periods of days, and OSM's conditional tags read as periods.

Only what comes back every year counts. Hours of the day, weights and single years are not looked
at; how many conditions were left unread stands in the load report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: First and last day of a yearly period as "MM-DD", both included; it may wrap the year.
Period = tuple[str, str]
#: The periods of a closure in the order of their first days; empty: never closed.
Closure = tuple[Period, ...]

#: OSM's seasons in months; the wet season is the rainy one of north-east China.
SEASON_PERIODS: Final[dict[str, Period]] = {
    "spring": ("03-01", "05-31"),
    "summer": ("06-01", "08-31"),
    "autumn": ("09-01", "11-30"),
    "fall": ("09-01", "11-30"),
    "winter": ("12-01", "02-29"),
    "wet_season": ("06-01", "09-30"),
    "dry_season": ("10-01", "05-31"),
}
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_DAY: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?(?:\s+(\d{{1,2}}))?"
_RANGE: Final = re.compile(rf"^{_DAY}(?:\s*[-–]\s*(?:{_DAY}|(\d{{1,2}})))?$")
_CLAUSE: Final = re.compile(r"\s*([^@;]+?)\s*@\s*(\([^)]*\)|[^;]*)\s*(?:;|$)")
_DAYS_OF_YEAR: Final = tuple(
    f"{date(2024, 1, 1) + timedelta(days=number):%m-%d}" for number in range(366)
)


@cache
def _number(month_day: str) -> int:
    """Return which day of a leap year it is, from 0; ValueError when there is no such day."""
    return _DAYS_OF_YEAR.index(month_day)


def days_of(periods: Iterable[Period]) -> NDArray[np.bool_]:
    """Return (366,) which days of a leap year lie in any of the periods.

    Raises ValueError for a day that does not exist.
    """
    days = np.zeros(366, bool)
    for first, last in periods:
        start, end = _number(first), _number(last)
        if start <= end:
            days[start : end + 1] = True
        else:
            days[start:] = days[: end + 1] = True
    return days


def periods_of(days: NDArray[np.bool_]) -> Closure:
    """Return the periods that make up these days of a leap year, as few as there can be."""
    if days.all():
        return (("01-01", "12-31"),)
    starts = np.flatnonzero(days & ~np.roll(days, 1))
    ends = np.flatnonzero(days & ~np.roll(days, -1))
    if len(ends) and ends[0] < starts[0]:
        ends = np.roll(ends, -1)
    return tuple(
        (_DAYS_OF_YEAR[start], _DAYS_OF_YEAR[end]) for start, end in zip(starts, ends, strict=True)
    )


def parse_condition(condition: str) -> NDArray[np.bool_] | None:
    """Return the days of the year a condition names ("Nov-Mar", "winter"); None if it does not.

    A condition with hours, weights or years besides names no whole days.
    """
    days = np.zeros(366, bool)
    for part in condition.strip("() ").casefold().split(","):
        found = _period(part.strip())
        if found is None:
            return None
        days |= days_of([found])
    return days


def _period(text: str) -> Period | None:
    if text in SEASON_PERIODS:
        return SEASON_PERIODS[text]
    match = _RANGE.match(text)
    if match is None:
        return None
    month, day, last_month, last_day, last_day_same_month = match.groups()
    first = _month_day(month, day or "1")
    if last_month is not None:
        last = _month_day(last_month, last_day)
    elif last_day_same_month is not None:
        last = _month_day(month, last_day_same_month)
    else:
        last = _month_day(month, day)
    return (first, last) if {first, last} <= set(_DAYS_OF_YEAR) else None


def _month_day(month: str, day: str | None) -> str:
    """Return "MM-DD"; without a day the month's last."""
    number = _MONTHS.index(month) + 1
    if day is None:
        day = max(text for text in _DAYS_OF_YEAR if text.startswith(f"{number:02}"))[3:]
    return f"{number:02}-{int(day):02}"


def conditional_days(
    value: str, wanted: Iterable[str], *, among: bool
) -> tuple[NDArray[np.bool_], int]:
    """Return the days on which a conditional tag says one of ``wanted``, and conditions not read.

    ``among`` false turns it round: any value but the wanted. "no @ (Nov-Mar); yes @ (Jul)" has two
    clauses, each a value and a condition.
    """
    days, unread, named = np.zeros(366, bool), 0, frozenset(wanted)
    for clause in _CLAUSE.finditer(value):
        if (clause[1].strip() in named) is among:
            found = parse_condition(clause[2])
            if found is None:
                unread += 1
            else:
                days |= found
    return days, unread


def season_closure(tags: Any, winter_road: Period) -> tuple[Closure, bool]:
    """Return when a seasonal, winter or ice road is closed, and whether ``seasonal`` was not read.

    A winter road is open in the period given and closed otherwise; ``seasonal=summer`` is open in
    summer. ``tags`` has ``get``.
    """
    if tags.get("winter_road") in {"yes", "only"} or tags.get("ice_road") == "yes":
        return periods_of(~days_of([winter_road])), False
    seasonal = tags.get("seasonal")
    if seasonal is None or seasonal == "no":
        return (), False
    seasons = [part.strip() for part in seasonal.split(";")]
    known = [SEASON_PERIODS[part] for part in seasons if part in SEASON_PERIODS]
    if len(known) < len(seasons):
        return (), True
    return periods_of(~days_of(known)), False
