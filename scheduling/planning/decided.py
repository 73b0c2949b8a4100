"""What planning a group of units decides, before geometry: plain values that cross processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduling.plan.model import PatrolKind, UnitOutcome, WindowNeed


@dataclass(frozen=True)
class DecidedPatrol:
    """One patrol as decided: who goes where when. ``stops`` are (zone index of its unit, mode)."""

    unit: str
    day: date
    kind: PatrolKind
    stops: tuple[tuple[int, int], ...]
    people: tuple[str, ...]
    driver: str
    vehicle: str


@dataclass(frozen=True)
class Decided:
    """The outcome for a group of units planned together."""

    patrols: tuple[DecidedPatrol, ...]
    outcomes: tuple[UnitOutcome, ...]
    needs: tuple[WindowNeed, ...]
