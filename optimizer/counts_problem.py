"""What the count model is asked, and its answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.roster_search import RosterStatus
from optimizer.roster_staff import Cause, CauseKind, Person, Vehicle


@dataclass(frozen=True)
class Spacing:
    """Some task needs ``count`` visits, successive ones at least ``days`` days apart."""

    count: int
    days: int = 1


@dataclass(frozen=True)
class CountWindow:
    """A pool needs ``need`` patrols on ``days``.

    ``off_days``: days of the window that the calendar forbids (allowed once CALENDAR is dropped).
    ``need_without``: the proven need when those causes are dropped together, e.g. shorter stops;
    where more than any entry names are dropped nothing is needed, which is weaker, never wrong.
    ``hits``: sets of days each of which must see a patrol (PEAK). ``weight``: what a patrol is
    worth when not all fit. ``series``: windows of a pool that overlap may count the same patrols,
    unless their series differ (a sealed spot check is no regular patrol).
    """

    pool: int
    days: tuple[int, ...]
    need: int
    off_days: tuple[int, ...] = ()
    spacings: tuple[Spacing, ...] = ()
    hits: tuple[tuple[int, ...], ...] = ()
    need_without: tuple[tuple[tuple[Cause, ...], int], ...] = ()
    weight: int = 1
    series: int = 0


@dataclass(frozen=True)
class Absence:
    """Days taken away from a person (LEAVE, CERTIFICATE) or a vehicle (VEHICLE).

    ``who`` indexes people or vehicles, whose own days must still hold the ``days`` taken away. An
    absence for lack of a certificate takes the seat of an inspector, not the driver's.
    """

    who: int
    days: tuple[int, ...]
    kind: CauseKind = CauseKind.LEAVE


@dataclass(frozen=True)
class CountProblem:
    """As ``RosterProblem``, with windows and absences in place of items.

    Raises ValueError naming every fault.
    """

    day_count: int
    week_of_day: tuple[int, ...]
    crew_size: int
    windows: tuple[CountWindow, ...]
    people: tuple[Person, ...]
    vehicles: tuple[Vehicle, ...]
    week_cap: int = 4
    span_cap: int = 14
    span_days: int = 28
    absences: tuple[Absence, ...] = ()

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ValueError("; ".join(faults))


_ABSENCES = {CauseKind.LEAVE, CauseKind.CERTIFICATE, CauseKind.VEHICLE}


def _faults(problem: CountProblem) -> Iterable[str]:
    days = range(problem.day_count)
    if len(problem.week_of_day) != problem.day_count:
        yield f"week_of_day has {len(problem.week_of_day)} entries for {problem.day_count} days"
    if problem.crew_size < 1:
        yield f"crew_size is {problem.crew_size}"
    for index, window in enumerate(problem.windows):
        both = (*window.days, *window.off_days)
        yield from (f"window {index}: no day {day}" for day in both if day not in days)
        if set(window.days) & set(window.off_days):
            yield f"window {index}: a day is both on and off"
        if window.need < 0:
            yield f"window {index}: need is {window.need}"
    for index, absence in enumerate(problem.absences):
        if absence.kind not in _ABSENCES:
            yield f"absence {index}: {absence.kind} is not an absence"
            continue
        owners = problem.vehicles if absence.kind is CauseKind.VEHICLE else problem.people
        if absence.who not in range(len(owners)):
            yield f"absence {index}: nobody {absence.who}"


@dataclass(frozen=True)
class ConflictSet:
    """Causes that cannot all hold. ``minimal``: drop any one and counts allow it (proven).

    Empty, with the status that says why, unless the status is INFEASIBLE.
    """

    status: RosterStatus
    causes: tuple[Cause, ...] = ()
    minimal: bool = False


@dataclass(frozen=True)
class Allocation:
    """Patrols per window that fit together, worth ``value`` of at most ``upper_bound``."""

    status: RosterStatus
    patrols: tuple[int, ...] = ()
    value: int = 0
    upper_bound: int = 0
