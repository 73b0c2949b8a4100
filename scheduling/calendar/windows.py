"""Windows: the stretches of days in which visits are owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True, order=True)
class Window:
    """One window, both ends included."""

    first_day: date
    last_day: date
    kind: WindowKind

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the window."""
        return self.first_day <= day <= self.last_day
