"""On which days a peak lies."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date

from scheduling.regulation.model import PeakRule, Regulation


def peak_stretches(
    peak: PeakRule, first_day: date, last_day: date
) -> tuple[tuple[date, date], ...]:
    """Return the stretches of the days given that lie in the peak, both ends included, in order.

    A yearly peak may wrap the year's end; one ending on 02-28 ends with February.
    """
    stretches = []
    for start, end in _occurrences(peak, range(first_day.year - 1, last_day.year + 1)):
        first, last = max(start, first_day), min(end, last_day)
        if first <= last:
            stretches.append((first, last))
    return tuple(stretches)


def _occurrences(peak: PeakRule, years: Iterable[int]) -> list[tuple[date, date]]:
    if len(peak.first) > len("04-01"):
        return [(date.fromisoformat(peak.first), date.fromisoformat(peak.last))]
    wraps = peak.first > peak.last
    return [(_day_in(year, peak.first, 1), _day_in(year + wraps, peak.last, 28)) for year in years]


def _day_in(year: int, text: str, leap_day_stand_in: int) -> date:
    """Return "MM-DD" in a year; an end on 28 or 29 February is the end of February."""
    month, day = int(text[:2]), int(text[3:])
    if month == 2 and day >= 28 and leap_day_stand_in == 28:
        return date(year, 2, calendar.monthrange(year, 2)[1])
    if month == 2 and day == 29 and not calendar.isleap(year):
        return date(year, 3, 1)
    return date(year, month, day)


def unlisted_peak_levels(regulation: Regulation) -> tuple[int, ...]:
    """Return the levels no peak names: their counts never rise, which is a notice.

    A peak that is not narrowed at all names every level; one for some kinds or zones names none.
    """
    named: set[int] = set()
    for peak in regulation.peak:
        narrowed = peak.levels or peak.zone_kinds or peak.zones
        named.update(peak.levels if narrowed else regulation.levels)
    return tuple(level for level in sorted(regulation.levels) if level not in named)
