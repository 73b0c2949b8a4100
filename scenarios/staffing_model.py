"""What staffing comes to: proven numbers or intervals, unit by unit, and the options asked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from network.problems import Language, Text


@dataclass(frozen=True)
class StaffingOptions:
    """What is asked.

    ``shifts``: minutes, the county's own is always added. ``leave_weeks`` [D]: whole weeks off of
    everybody hypothetical. ``replans``: most critical absences of a group to be planned anew.
    """

    shifts: tuple[int, ...] = (300, 360, 420)
    leave_weeks: int = 1
    anonymous: bool = True
    named: bool = True
    replans: int = 1
    seed: int = 0


@dataclass(frozen=True)
class Count:
    """Fewer than ``lower`` are proven not to do; ``upper`` do (audited plan), None: not shown.

    ``possible`` false: no number does, proven.
    """

    lower: int
    upper: int | None
    possible: bool = True

    @property
    def exact(self) -> bool:
        """Whether the least number is proven, or that there is none."""
        return not self.possible or self.lower == self.upper

    def __str__(self) -> str:
        if not self.possible:
            return "×"
        if self.upper is None:
            return f"≥{self.lower}"
        return f"{self.lower}" if self.exact else f"{self.lower}–{self.upper}"


NONE = Count(0, None, possible=False)


def total(counts: Sequence[Count]) -> Count:
    """Return the sum of counts; an interval where one of them is."""
    uppers = [count.upper for count in counts]
    known = [upper for upper in uppers if upper is not None]
    upper = sum(known) if len(known) == len(uppers) else None
    lower = sum(count.lower for count in counts)
    return Count(lower, upper, all(count.possible for count in counts))


@dataclass(frozen=True)
class Cell:
    """The least people with so many vehicles under a shift of so many minutes."""

    shift_minutes: int
    vehicles: int
    people: Count


@dataclass(frozen=True)
class NamedStaff:
    """How few of the named inspectors do (``kept``: their ids), or how many more it takes."""

    least: Count
    kept: tuple[str, ...]
    more: Count

    @property
    def enough(self) -> bool:
        """Whether a lawful plan with the people named was found."""
        return self.least.upper is not None


@dataclass(frozen=True)
class Relief:
    """What counts give with the staff there is, or one more person or vehicle.

    ``patrols_short`` cannot be sent out by any roster; ``busiest_week`` is the least that the
    busiest week of a complete roster can have (None where none is complete); ``days_a_person``.
    """

    with_more: Text
    patrols_short: int
    busiest_week: int | None
    days_a_person: float


class AbsenceVerdict(StrEnum):
    """What an absence comes to, and by what it is known."""

    NOT_MISSED = "not-missed"
    COVERED = "covered"  # counts with the routes found
    REPLANNED = "replanned"  # a plan that passes the audit
    NOT_PLANNED = "not-planned"  # counts allow it; the plan that was tried is not lawful
    OPEN = "open"
    SHORT = "short"  # proven


@dataclass(frozen=True)
class AbsenceOutcome:
    """One person or vehicle away for a half-month; ``windows`` lack ``short`` patrols."""

    who: str
    name: str
    vehicle: bool
    when: Text
    verdict: AbsenceVerdict
    windows: tuple[Text, ...] = ()
    short: int = 0


@dataclass(frozen=True)
class UnitStaffing:
    """One unit, or several that share people or vehicles.

    ``people`` are the least certified inspectors with the vehicles there are, ``vehicles`` the
    least with inspectors enough. ``beyond`` are zones that no staff can visit as often as they owe;
    ``breaches`` rules that the plans tried breach.
    """

    units: tuple[str, ...]
    name: str
    has_people: int
    has_vehicles: int
    people: Count
    vehicles: Count
    frontier: tuple[Cell, ...]
    binds: tuple[Text, ...]
    named: NamedStaff | None
    reliefs: tuple[Relief, ...]
    absences: tuple[AbsenceOutcome, ...]
    beyond: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    merged: bool = False


@dataclass(frozen=True)
class Staffing:
    """The county: its units in the order of ids, then merged stations."""

    county: str
    year: int
    shift_minutes: int
    options: StaffingOptions
    units: tuple[UnitStaffing, ...]
    notes: tuple[Text, ...]

    @property
    def own(self) -> tuple[UnitStaffing, ...]:
        """The county's units as they are."""
        return tuple(unit for unit in self.units if not unit.merged)

    @property
    def people(self) -> Count:
        """The county's least inspectors."""
        return total([unit.people for unit in self.own])

    @property
    def vehicles(self) -> Count:
        """The county's least vehicles."""
        return total([unit.vehicles for unit in self.own])

    def frontier(self) -> tuple[Cell, ...]:
        """Return the county's sums by vehicles a unit and shift, over all its units."""
        keys = sorted({(c.shift_minutes, c.vehicles) for unit in self.own for c in unit.frontier})
        cells = []
        for shift, vehicles in keys:
            counts = [_at(unit.frontier, shift, vehicles) for unit in self.own]
            cells.append(Cell(shift, vehicles, total(counts)))
        return tuple(cells)

    def document(self, language: Language) -> dict[str, Any]:
        """Return all of it as plain values for JSON."""
        shown = _plain(asdict(self), language)
        asked = self.options.anonymous
        shown["people"] = asdict(self.people) if asked else None
        shown["vehicles"] = asdict(self.vehicles) if asked else None
        return dict(shown)


def _at(frontier: Sequence[Cell], shift: int, vehicles: int) -> Count:
    """Return a unit's count; more vehicles than it was asked about help no further."""
    own = [c for c in frontier if c.shift_minutes == shift and c.vehicles <= vehicles]
    return own[-1].people if own else NONE


def _plain(value: Any, language: Language) -> Any:
    if isinstance(value, Text):
        return value.in_(language)
    if isinstance(value, dict):
        return {key: _plain(one, language) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one, language) for one in value]
    return value
