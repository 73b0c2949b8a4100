"""The plan: what the planner decided, with everything needed to print and audit it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from network.problems import Text
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import County
from scheduling.inspections import ZoneInspection
from scheduling.regulation.model import Regulation
from scheduling.requirements import Requirement


class PlanStatus(StrEnum):
    """How the planning of a unit (and, by its worst unit, of the plan) ended."""

    OPTIMAL = "optimal"  # feasible, and every stage with a goal closed its bound
    FEASIBLE = "feasible"  # every requirement met; not all goals proven optimal
    INFEASIBLE = "proven-infeasible"  # the count model proves it cannot be done
    NOT_FOUND = "not-found"  # nothing complete found, nothing proven
    TIME_LIMIT = "time-limit"  # stopped by the time limit before the end
    INTERRUPTED = "interrupted"  # stopped by the user


class PatrolKind(StrEnum):
    """A regular patrol, or a sealed spot check 抽查 whose zones the plan does not show."""

    REGULAR = "regular"
    SPOT_CHECK = "spot-check"


@dataclass(frozen=True)
class Leg:
    """Driving from one stop to the next (or from/to the unit's home): ``to_zone`` "" is home."""

    from_zone: str
    to_zone: str
    drive_seconds: int
    length_m: float
    shape_lonlat: NDArray[np.float64]  # (points, 2)


@dataclass(frozen=True)
class Visit:
    """One zone, once. Clock times are seconds since midnight; ``inspect_seconds`` incl. walking."""

    id: str
    zone: str
    arrive_seconds: int
    inspect_seconds: int
    walk_seconds: int
    mode: int
    inside_length_m: float
    lon: float
    lat: float
    inside_shape_lonlat: NDArray[np.float64]  # (points, 2) road driven inside; one point for a stop
    seen_share: float = 1.0


@dataclass(frozen=True)
class CrewMember:
    """A person aboard; ``role`` "inspector" counts for art. 16, "driver" does not."""

    inspector: str
    role: str
    certificate_number: str


@dataclass(frozen=True)
class Patrol:
    """One crew, one shift, one route. ``legs`` has one more entry than ``visits``.

    A sealed patrol keeps ``visits`` and ``legs`` empty in the open plan. ``depart_seconds`` and
    ``return_seconds`` are the clock; work = drive + inspect is what the shift cap limits;
    ``lunch_at_seconds`` is -1 when no lunch is owed.
    """

    id: str
    unit: str
    day: date
    kind: PatrolKind
    vehicle: str
    crew: tuple[CrewMember, ...]
    day_class: str
    depart_seconds: int
    return_seconds: int
    lunch_at_seconds: int
    lunch_seconds: int
    visits: tuple[Visit, ...]
    legs: tuple[Leg, ...]
    template: str = ""  # routes that recur share it

    @property
    def drive_seconds(self) -> int:
        """Driving between stops."""
        return sum(leg.drive_seconds for leg in self.legs)

    @property
    def inspect_seconds(self) -> int:
        """Time at and inside the zones."""
        return sum(visit.inspect_seconds for visit in self.visits)

    @property
    def length_m(self) -> float:
        """Kilometres driven, in metres, inside zones included."""
        return sum(leg.length_m for leg in self.legs) + sum(v.inside_length_m for v in self.visits)


@dataclass(frozen=True)
class Unmet:
    """A requirement not met, by how much, and why (DOMAIN, what a bureau head must be told)."""

    requirement: str
    missing: int
    proven: bool
    reason: Text


@dataclass(frozen=True)
class WindowNeed:
    """What a unit's window needs and has: the arithmetic of feasibility.

    ``needed_lower_bound`` patrols are proven necessary; ``planned`` were planned; ``possible`` is
    the most the unit's people, vehicles and caps allow in the window taken alone.
    """

    unit: str
    first_day: date
    last_day: date
    kind: PatrolKind
    needed_lower_bound: int
    planned: int
    possible: int
    arithmetic: Text
    drive_seconds: int = 0


@dataclass(frozen=True)
class SettingUsed:
    """A setting or default the plan relied on; printed with it unless its basis is law."""

    key: str
    value: str
    basis: str  # law | default | practice | user
    article: str
    label: Text


@dataclass(frozen=True)
class UnitOutcome:
    """How one unit's planning ended."""

    unit: str
    status: PlanStatus
    explanation: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A whole plan. ``county``, ``regulation`` and ``calendar`` are the snapshot it was made from.

    ``met`` maps requirement id to the ids of the visits that meet it. Everything is sorted by id.
    """

    county: County
    regulation: Regulation  # as applied, overrides included
    norm: Regulation  # the preset as it stands; what the audit holds the plan against
    calendar: WorkCalendar
    first_day: date
    last_day: date
    units: tuple[str, ...]  # ids of the units planned
    requirements: tuple[Requirement, ...]
    patrols: tuple[Patrol, ...]
    met: Mapping[str, tuple[str, ...]]
    unmet: tuple[Unmet, ...]
    needs: tuple[WindowNeed, ...]
    outcomes: tuple[UnitOutcome, ...]
    settings_used: tuple[SettingUsed, ...]
    seed: int
    versions: Mapping[str, str] = field(default_factory=dict)
    inspections: tuple[ZoneInspection, ...] = ()  # of every zone, in their order
    road_lines: tuple[tuple[str, NDArray[np.float64]], ...] = ()  # (class, shape) for maps
    sealed_days: tuple[str, ...] = ()  # ids of patrols whose contents are sealed
    secret_hash: str = ""  # SHA-256 of the spot checks' secret

    @property
    def status(self) -> PlanStatus:
        """The worst of the units' outcomes."""
        order = list(PlanStatus)
        return max((o.status for o in self.outcomes), key=order.index, default=PlanStatus.OPTIMAL)
