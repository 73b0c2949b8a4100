"""The count model: how many patrols people, vehicles and caps allow, whoever drives where.

    count_feasible(problem, *, seed=0, effort=4.0, time_limit_seconds=None) -> RosterStatus
    conflict_set(problem, *, windows=None, without=(), ...) -> ConflictSet(status, causes, minimal)
    conflict_sets(problem, *, ...) -> tuple[ConflictSet, ...]      # window by window, else jointly
    most_patrols(problem, window, *, ...) -> int                   # proven: never too small
    most_patrols_year(problem, needs, *, ...) -> Allocation(patrols, status)

Routes do not occur here: a window counts by the patrols it needs at least (a proven bound). So what
the count model rules out is impossible whatever the routing does; what it allows may still fail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from ortools.sat.python import cp_model

from optimizer.counts_model import CountModel, count_model
from optimizer.counts_problem import (
    Absence,
    Allocation,
    ConflictSet,
    CountProblem,
    CountWindow,
    Spacing,
)
from optimizer.roster_search import Budget, RosterStatus, run, status_of
from optimizer.roster_staff import Cause, CauseKind, Person, Shift, Vehicle

__all__ = [
    "Absence",
    "Allocation",
    "Cause",
    "CauseKind",
    "ConflictSet",
    "CountProblem",
    "CountWindow",
    "Person",
    "RosterStatus",
    "Spacing",
    "Vehicle",
    "conflict_set",
    "conflict_sets",
    "count_feasible",
    "most_patrols",
    "most_patrols_year",
]


def count_feasible(
    problem: CountProblem,
    *,
    seed: int = 0,
    effort: float = 4.0,
    time_limit_seconds: float | None = None,
) -> RosterStatus:
    """Return INFEASIBLE when no roster whatever meets all needs; OPTIMAL when counts allow it."""
    if any(_without_days(window) for window in problem.windows):
        return RosterStatus.INFEASIBLE
    counts = count_model(problem, range(len(problem.windows)))
    last = run(counts.staff.model, Budget.of(seed, effort, time_limit_seconds))
    return status_of(last, closed=last.closed)


def _without_days(window: CountWindow) -> bool:
    return window.need > 0 and not window.days


def _bare(window: CountWindow) -> CountWindow:
    """Return the window's days without anything it asks for."""
    return replace(window, need=0, spacings=(), hits=(), need_without=())


def most_patrols(
    problem: CountProblem,
    window: int,
    *,
    seed: int = 0,
    effort: float = 1.0,
) -> int:
    """Return the most patrols one window can see, taken alone: never too small (a proven bound)."""
    bare = _bare(problem.windows[window])
    if not bare.days:
        return 0
    counts = count_model(replace(problem, windows=(bare,)), (0,))
    planned = counts.patrols(0, bare.days)
    counts.staff.model.maximize(planned)
    last = run(counts.staff.model, Budget(seed, effort))
    return last.value if last.closed else last.upper_bound


def most_patrols_year(
    problem: CountProblem,
    needs: Sequence[int],
    *,
    seed: int = 0,
    effort: float = 4.0,
    time_limit_seconds: float | None = None,
) -> Allocation:
    """Share patrols among all windows: as much ``weight`` x patrols as fits, up to each need.

    A patrol serves one window, also where windows of a pool overlap.
    """
    bare = tuple(_bare(window) for window in problem.windows)
    counts = count_model(replace(problem, windows=bare), range(len(bare)))
    model = counts.staff.model
    useful = []
    by_shift: dict[Shift, list[Any]] = defaultdict(list)
    for index, (window, need) in enumerate(zip(bare, needs, strict=True)):
        most = max(0, need)
        own = {day: model.new_int_var(0, most, "own") for day in sorted(set(window.days))}
        for day, patrols in own.items():
            by_shift[window.pool, day].append(patrols)
        useful.append(model.new_int_var(0, most, f"useful {index}"))
        model.add(useful[-1] == cp_model.LinearExpr.sum(list(own.values())))
    for shift, together in by_shift.items():
        model.add(cp_model.LinearExpr.sum(together) <= counts.staff.teams[shift])
    worth = cp_model.LinearExpr.weighted_sum(useful, [window.weight for window in bare])
    model.maximize(worth)
    last = run(model, Budget.of(seed, effort, time_limit_seconds))
    status = status_of(last, closed=last.closed)
    most = sum(window.weight * max(0, need) for window, need in zip(bare, needs, strict=True))
    if not last.found:
        return Allocation(status, upper_bound=most)
    numbers = tuple(last.values[variable.index] for variable in useful)
    return Allocation(status, numbers, last.value, min(most, last.upper_bound))


def conflict_set(
    problem: CountProblem,
    *,
    windows: Sequence[int] | None = None,
    without: Collection[Cause] = (),
    seed: int = 0,
    effort: float = 4.0,
    time_limit_seconds: float | None = None,
) -> ConflictSet:
    """Return causes that exclude each other, shrunk until none can be spared.

    Only the causes in the set are assumed in its proof. ``windows`` looks at these windows only;
    the causes keep their indices. Causes ``without`` are never assumed: what excludes each other
    even then. ``effort`` is for each of the solves.
    """
    active = range(len(problem.windows)) if windows is None else windows
    for index in active:
        empty = _no_days(problem, index)
        if _without_days(problem.windows[index]) and not {*empty.causes} & {*without}:
            return empty
    counts = count_model(problem, active, assume=True)
    budget = Budget.of(seed, effort, time_limit_seconds)
    first = _ask(counts, tuple(sorted(counts.assumed.keys() - {*without})), budget)
    return _shrink(counts, first, budget) if first.causes else first


def conflict_sets(
    problem: CountProblem, *, seed: int = 0, effort: float = 4.0
) -> tuple[ConflictSet, ...]:
    """Return the conflict of every window that fails alone; if none does, of them all together.

    In the joint model one bad window hides the next. Empty when counts allow all, or nothing is
    proven.
    """
    single = (
        conflict_set(problem, windows=(window,), seed=seed, effort=effort)
        for window in range(len(problem.windows))
    )
    found = tuple(conflict for conflict in single if conflict.causes)
    if found:
        return found
    joint = conflict_set(problem, seed=seed, effort=effort)
    return (joint,) if joint.causes else ()


def _no_days(problem: CountProblem, index: int) -> ConflictSet:
    need = Cause(CauseKind.NEED, index)
    calendar = Cause(CauseKind.CALENDAR, index)
    causes = (calendar, need) if problem.windows[index].off_days else (need,)
    return ConflictSet(RosterStatus.INFEASIBLE, tuple(sorted(causes)), minimal=True)


def _ask(counts: CountModel, causes: tuple[Cause, ...], budget: Budget) -> ConflictSet:
    """Ask whether ``causes`` can all hold; when not, return those that a proof used."""
    model = counts.staff.model
    model.clear_assumptions()
    model.add_assumptions([counts.assumed[cause] for cause in causes])
    last = run(model, budget)
    status = status_of(last, closed=last.closed)
    if not last.infeasible:
        return ConflictSet(status)
    used = set(last.core)
    core = tuple(cause for cause in causes if counts.assumed[cause].index in used)
    return ConflictSet(status, core)


def _shrink(counts: CountModel, conflict: ConflictSet, budget: Budget) -> ConflictSet:
    """Drop cause after cause, re-solving each time; keep those without which there is a way."""
    causes, minimal = conflict.causes, True
    for cause in conflict.causes:
        if cause not in causes:
            continue
        answer = _ask(counts, tuple(other for other in causes if other != cause), budget)
        if answer.status is RosterStatus.INFEASIBLE:
            causes = answer.causes
        elif answer.status is not RosterStatus.OPTIMAL:
            minimal = False
    return ConflictSet(RosterStatus.INFEASIBLE, causes, minimal)
