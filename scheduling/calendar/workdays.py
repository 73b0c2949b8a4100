"""The work calendar: which days are statutory workdays, and where that is not yet announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class WorkCalendar:
    """Days on which patrols may run, over whole years.

    ``workdays`` are statutory workdays incl. make-up weekend days, sorted. ``duty_days`` are the
    weekends and holidays on which duty patrols may run (empty unless the county sets them).
    ``sources`` tells per year "chinesecalendar", "file: NAME" or "statutory days only";
    ``provisional_years`` are those whose arrangement is not yet announced.
    """

    workdays: tuple[date, ...]
    duty_days: tuple[date, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()
    sources: tuple[tuple[int, str], ...] = ()
    provisional_years: tuple[int, ...] = ()

    @property
    def patrol_days(self) -> tuple[date, ...]:
        """Workdays and duty days, sorted."""
        return tuple(sorted({*self.workdays, *self.duty_days}))
