"""What is owed: zone x rule x window x count x gap, derived from county, regulation and calendar."""

from __future__ import annotations

from dataclasses import dataclass

from scheduling.calendar.windows import Window
from scheduling.county.model import Authority


@dataclass(frozen=True)
class Requirement:
    """A zone owes ``count`` visits by one authority's unit in a window under a rule.

    ``peak`` is the id of the peak that raised the count ("" when none) and ``peak_window`` the part
    of the window in it, where at least one visit must fall. Gaps are soft, in days, between
    successive visits of the zone by the authority (RULINGS, frequency counts).
    """

    id: str
    authority: Authority
    unit: str
    zone: str
    rule: str
    article: str
    window: Window
    count: int
    min_gap_days: int
    max_gap_days: int
    peak: str = ""
    peak_window: Window | None = None
    spot_check: bool = False
    workdays_only: bool = True
    min_gap_hours: float = 0.0
    min_minutes: float = 0.0
    min_length_km: float = 0.0
