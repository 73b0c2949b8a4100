"""All that one planning starts from, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import County
from scheduling.regulation.model import Regulation


@dataclass(frozen=True)
class PlanInputs:
    """County, law, calendar, roads and scope of one planning. A scenario replaces parts.

    ``regulation`` is as applied (county's overrides included), ``norm`` the preset unchanged.
    ``units`` are the ids to be planned, sorted; everything else about scope is the two days.
    """

    county: County
    regulation: Regulation
    norm: Regulation
    calendar: WorkCalendar
    roads_file: Path
    first_day: date
    last_day: date
    units: tuple[str, ...]
