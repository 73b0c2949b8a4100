"""What is told when a plan cannot be done: windows, conflicts, breaches, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from network.problems import Text
from optimizer.counts import Cause
from scheduling.plan.model import PlanStatus


class Shown(StrEnum):
    """How it is shown that dropping a member leaves a way: by an audited plan, or not."""

    ALONE = "alone"  # relaxing this member alone, a lawful plan of the windows was made
    WITH_OTHERS = "with-others"  # ... relaxing also what is not in the set
    NOTHING_OWED = "nothing-owed"  # a window that needs nothing needs no plan
    NOT_SHOWN = "not-shown"


@dataclass(frozen=True)
class Member:
    """One cause of a conflict in words; ``shown`` says what happens without it.

    ``who`` (a person's, vehicle's or unit's id) and the days say what it is about, where it is
    about any; a window's cause has its days.
    """

    cause: Cause
    text: Text
    shown: Shown = Shown.NOT_SHOWN
    who: str = ""
    days: tuple[date, date] | None = None


@dataclass(frozen=True)
class ConflictFinding:
    """Causes that exclude each other, proven: no plan of these windows, whatever the routes.

    ``minimal_in_counts`` is a proof in the count model; ``minimal`` asks an audited plan for every
    member too. ``needs`` are of the windows in their order; ``needs_without`` what each would need
    with limits relaxed together (kinds of causes), and ``levels`` say so. ``drawn``: a window is
    that of spot checks, whose month was drawn; another draw might do.
    """

    unit: str
    unit_name: str
    windows: tuple[Text, ...]
    days: tuple[tuple[date, date], ...]
    arithmetic: tuple[Text, ...]
    members: tuple[Member, ...]
    minimal_in_counts: bool
    needs: tuple[int, ...] = ()
    needs_without: tuple[tuple[tuple[tuple[str, ...], int], ...], ...] = ()
    levels: tuple[Text, ...] = ()
    drawn: bool = False

    @property
    def minimal(self) -> bool:
        """Whether the set is shown minimal both ways."""
        shown = all(member.shown is not Shown.NOT_SHOWN for member in self.members)
        return self.minimal_in_counts and shown


@dataclass(frozen=True)
class ReachFinding:
    """Zones that cannot be done within a shift even alone."""

    unit: str
    unit_name: str
    window: Text
    zones: tuple[str, ...]
    text: Text


@dataclass(frozen=True)
class EmptyWindow:
    """A window in which visits are owed, and no patrol day lies: found before any solving."""

    unit: str
    unit_name: str
    window: Text
    zones: int
    text: Text


@dataclass(frozen=True)
class Breach:
    """Visits owed in a window under a rule that the best partial plan leaves out.

    ``zones`` are named in the order in which they were given up: lowest priority first. ``proven``:
    the window alone cannot hold what it owes; ``together``: it can, but not with others (proven).
    """

    unit: str
    unit_name: str
    window: Text
    article: str
    basis: str
    owed: int
    missing: int
    zones: tuple[str, ...]
    proven: bool
    together: bool
    reason: Text


@dataclass(frozen=True)
class RemedyFinding:
    """A remedy that was planned anew and audited, for the unit and all of the plan's days.

    ``lawful``: the audit signed. ``unmet`` visits are left otherwise; ``proven``: that the remedy
    is not enough is proven, not merely not found. ``setting``: it changes what the county set where
    the norm is silent.
    """

    unit: str
    name: str
    text: Text
    lawful: bool
    unmet: int
    unmet_before: int
    proven: bool
    setting: bool = False


@dataclass(frozen=True)
class UnitEnding:
    """How a unit's planning ended."""

    unit: str
    name: str
    status: PlanStatus
    unmet: int


@dataclass(frozen=True)
class Explanation:
    """Everything told; empty of conflicts, breaches and remedies where the plan is lawful."""

    lawful: bool
    endings: tuple[UnitEnding, ...] = ()
    empty: tuple[EmptyWindow, ...] = ()
    conflicts: tuple[ConflictFinding, ...] = ()
    reach: tuple[ReachFinding, ...] = ()
    breaches: tuple[Breach, ...] = ()
    remedies: tuple[RemedyFinding, ...] = ()
    assumptions: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
