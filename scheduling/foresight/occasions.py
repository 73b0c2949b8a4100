"""Occasions: visits whose day could be foreseen, each with the days the law still left open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class OpenWindow:
    """A window of the law: its patrol days in order, and how many visits are owed in it."""

    days: tuple[date, ...]
    count: int


@dataclass(frozen=True)
class Occasion:
    """One visit of a ``series`` (the visits of one zone by one unit), and what could be known.

    ``open_days``: the patrol days of its window after the visit before, but for the last ones,
    which the visits still owed after it need. ``nth`` visit of its window, from 0. ``group`` is
    what figures are added up by, such as a level.
    """

    series: tuple[str, str]
    group: str
    day: date
    nth: int
    window_days: tuple[date, ...]
    open_days: tuple[date, ...]

    @property
    def chance(self) -> float:
        """How often a guess at random among the open days is right."""
        return 1 / len(self.open_days)

    def place(self, day: date) -> int:
        """Return which patrol day of the window a day is, from 0."""
        return bisect_left(self.window_days, day)


def occasions(
    series: tuple[str, str], group: str, visits: Iterable[date], windows: Iterable[OpenWindow]
) -> tuple[Occasion, ...]:
    """Return the visits that leave something to foresee, by day: two or more days were open.

    Of windows that overlap the shorter count. Visits off every window's patrol days are left out.
    """
    days = sorted(set(visits))
    found: list[Occasion] = []
    for window in _disjoint(windows):
        first, last = window.days[0], window.days[-1]
        inside = days[bisect_left(days, first) : bisect_right(days, last)]
        for nth, day in enumerate(inside):
            after = bisect_right(window.days, inside[nth - 1]) if nth else 0
            before = len(window.days) - max(0, window.count - 1 - nth)
            open_days = window.days[after:before]
            if len(open_days) > 1 and day in open_days:
                found.append(Occasion(series, group, day, nth, window.days, open_days))
    return tuple(sorted(found, key=lambda occasion: occasion.day))


def _disjoint(windows: Iterable[OpenWindow]) -> Sequence[OpenWindow]:
    kept: list[OpenWindow] = []
    ranked = sorted((w for w in windows if w.days), key=lambda w: (len(w.days), w.days))
    for window in ranked:
        first, last = window.days[0], window.days[-1]
        if all(last < other.days[0] or other.days[-1] < first for other in kept):
            kept.append(window)
    return sorted(kept, key=lambda window: window.days)
