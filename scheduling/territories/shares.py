"""Shares: what a unit or a person gets of the patrol minutes, and how even that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.county.model import Authority


@dataclass(frozen=True)
class Share:
    """A unit's or person's zones and patrol minutes a year; ``capacity`` is what it is judged by.

    ``kept`` zones were assigned before; ``scattered`` ones are among those and do not adjoin the
    others, which only freeing them can mend.
    """

    authority: Authority
    unit: str
    person: str  # empty for a unit as a whole
    zones: int
    kept: int
    scattered: int
    minutes: int
    capacity: int

    @property
    def minutes_each(self) -> float:
        """Minutes for one of the capacity: certified people of a unit."""
        return self.minutes / self.capacity


@dataclass(frozen=True)
class Evenness:
    """How even a sharing-out is: the greatest and the mean minutes each, and a proven bound.

    No sharing-out that keeps what is kept and hangs together has a greatest share below ``bound``.
    """

    authority: Authority
    unit: str  # empty: the units among themselves; else the people of that unit
    worst_minutes: float
    mean_minutes: float
    bound_minutes: float

    @property
    def above_mean(self) -> float:
        """By which share the greatest lies above the mean; 0 when perfectly even."""
        return self.worst_minutes / self.mean_minutes - 1 if self.mean_minutes else 0.0

    @property
    def above_bound(self) -> float:
        """By which share the greatest could at most be lowered; 0 when proven best."""
        return self.worst_minutes / self.bound_minutes - 1 if self.bound_minutes else 0.0


def mean_each(shares: Sequence[Share]) -> float:
    """Return the mean minutes for one of the capacity."""
    capacity = sum(share.capacity for share in shares)
    return sum(share.minutes for share in shares) / capacity if capacity else 0.0
