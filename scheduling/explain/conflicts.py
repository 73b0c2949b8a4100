"""Conflict sets of a case: window by window, then together; each minimal in the count model.

In the joint model one bad window hides the next, so windows are taken alone first. What binds
besides is found by giving up the members of a set one by one: a second set that lacks one of them
says why relaxing that one does not help.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimizer.counts import (
    Cause,
    CauseKind,
    ConflictSet,
    CountProblem,
    CountWindow,
    RosterStatus,
    conflict_set,
    count_feasible,
)
from scheduling.explain.case import Case

#: Sets told of one window; more say little that these do not.
_MOST_SETS = 4
_MOST_QUESTIONS = 16
#: Limits that set how much one patrol can do.
LEVEL_KINDS = (CauseKind.SHIFT, CauseKind.STOP_TIME, CauseKind.DAYLIGHT)
#: What is owed stays owed; and of shift, stops and daylight any will do in the place of another.
_NOT_GIVEN_UP = frozenset({CauseKind.NEED, *LEVEL_KINDS})
#: Causes whose index is a window.
OF_WINDOWS = frozenset({CauseKind.NEED, CauseKind.CALENDAR, CauseKind.GAP, CauseKind.PEAK})


@dataclass(frozen=True)
class Conflict:
    """Causes that exclude each other in these windows (places in the case), proven.

    ``minimal``: without any one of them counts leave a way, where only the others hold.
    """

    windows: tuple[int, ...]
    causes: tuple[Cause, ...]
    minimal: bool

    @property
    def relaxable(self) -> tuple[Cause, ...]:
        """The causes other than the needs themselves."""
        return tuple(cause for cause in self.causes if cause.kind is not CauseKind.NEED)


def single_conflicts(case: Case, *, seed: int = 0) -> tuple[Conflict, ...]:
    """Return the conflict sets of every window that cannot be done even alone."""
    found: list[Conflict] = []
    for window in range(len(case.problem.windows)):
        found += _sets_of(case, (window,), seed)
    return tuple(found)


def joint_conflicts(
    case: Case, hopeless: Sequence[int] = (), *, seed: int = 0
) -> tuple[Conflict, ...]:
    """Return conflict sets of windows that fit alone, but not together; each window in one at most.

    ``hopeless`` windows, which fail alone, are left out.
    """
    left = [place for place in range(len(case.problem.windows)) if place not in hopeless]
    found: list[Conflict] = []
    while (stretch := _stretch(case, left, seed)) is not None:
        sets = _sets_of(case, stretch, seed, most=1)
        if not sets:
            break
        found += sets
        named = {c.index for c in sets[0].causes if c.kind in OF_WINDOWS}
        left = [place for place in left if place not in named]
    return tuple(found)


def _stretch(case: Case, windows: Sequence[int], seed: int) -> tuple[int, ...] | None:
    """Return a shortest run of windows, in the order of days, that is proven not to go together."""

    def fails(first: int, last: int) -> bool:
        part = tuple(case.problem.windows[place] for place in windows[first:last])
        answer = count_feasible(_with(case, part), seed=seed)
        return answer is RosterStatus.INFEASIBLE

    if not windows or not fails(0, len(windows)):
        return None
    last = _first_true(1, len(windows), lambda end: fails(0, end))
    first = last - _first_true(1, last, lambda length: fails(last - length, last))
    return tuple(windows[first:last])


def _with(case: Case, windows: tuple[CountWindow, ...]) -> CountProblem:
    """Return the counts of these windows, every absence taken as it is."""
    return replace(case.problem, windows=windows)


def _first_true(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the least number from ``low`` on that holds; ``high`` is known to."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _sets_of(
    case: Case, windows: tuple[int, ...], seed: int, most: int = _MOST_SETS
) -> list[Conflict]:
    """Return the windows' conflict sets: the first, and those that lack one of its members."""
    found: list[Conflict] = []
    asked: set[frozenset[Cause]] = set()
    waiting: list[frozenset[Cause]] = [frozenset()]
    while waiting and len(found) < most and len(asked) < _MOST_QUESTIONS:
        without = waiting.pop(0)
        asked.add(without)
        answer = conflict_set(case.problem, windows=windows, without=without, seed=seed)
        if not answer.causes:
            continue
        if not any(set(known.causes) == set(answer.causes) for known in found):
            found.append(_conflict(windows, answer))
        more = [without | {cause} for cause in answer.causes if cause.kind not in _NOT_GIVEN_UP]
        waiting += [one for one in more if one not in asked and one not in waiting]
    return found


def _conflict(windows: tuple[int, ...], found: ConflictSet) -> Conflict:
    named = {cause.index for cause in found.causes if cause.kind in OF_WINDOWS}
    return Conflict(tuple(w for w in windows if w in named), found.causes, found.minimal)
