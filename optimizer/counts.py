"""The count model: how many patrols people, vehicles and caps allow, whoever drives where.

    count_feasible(problem, *, seed=0, effort=4.0, time_limit_seconds=None) -> RosterStatus
    conflict_set(problem, *, window=None, ...) -> ConflictSet(status, causes, minimal)
    conflict_sets(problem, *, ...) -> tuple[ConflictSet, ...]      # window by window, else jointly
    most_patrols(problem, window, *, ...) -> int                   # proven: never too small
    most_patrols_year(problem, needs, *, ...) -> Allocation(patrols, status)

Routes do not occur here: a window counts by the patrols it needs at least (a proven bound). So what
the count model rules out is impossible whatever the routing does; what it allows may still fail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ortools.sat.python import cp_model

from optimizer.counts_problem import (
    Absence,
    Allocation,
    ConflictSet,
    CountProblem,
    CountWindow,
    Spacing,
)
from optimizer.roster_search import Budget, RosterStatus, run, status_of
from optimizer.roster_staff import (
    Cause,
    CauseKind,
    Expression,
    Literal,
    Person,
    StaffModel,
    Vehicle,
    always,
    staff_model,
    vehicles_at_hand,
)

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


@dataclass(frozen=True)
class _CountModel:
    """``active`` windows only; ``staff.teams`` are whole numbers; ``assumed`` a literal a cause."""

    problem: CountProblem
    active: tuple[int, ...]
    staff: StaffModel
    assumed: Mapping[Cause, Literal]

    def patrols(self, window: int, days: Collection[int]) -> Expression:
        """Return the patrols of a window's pool on these days."""
        pool = self.problem.windows[window].pool
        return cp_model.LinearExpr.sum([self.staff.teams[pool, day] for day in sorted(days)])

    def all_days(self, window: int) -> list[int]:
        """Return a window's days, off days included."""
        return sorted({*self.problem.windows[window].days, *self.problem.windows[window].off_days})


def _count_model(
    problem: CountProblem, active: Sequence[int], *, assume: bool = False
) -> _CountModel:
    """Build all rules; with ``assume`` each holds only while its causes' literals are true."""
    model = cp_model.CpModel()
    windows = [problem.windows[index] for index in active]
    most = max([len(problem.people), *(window.need for window in windows)])
    shifts = {(w.pool, day) for w in windows for day in (*w.days, *w.off_days)}
    teams = {shift: model.new_int_var(0, most, f"teams {shift}") for shift in sorted(shifts)}
    assumed: dict[Cause, Literal] = {}

    def literal_of(cause: Cause) -> Sequence[Literal]:
        if cause not in assumed:
            assumed[cause] = model.new_bool_var(f"assume {cause}")
        return (assumed[cause],)

    staff = staff_model(model, problem, teams, literal_of if assume else always)
    counts = _CountModel(problem, tuple(active), staff, assumed)
    for rule in COUNT_RULES:
        rule(counts)
    return counts


# --- the rules; those about people and vehicles are STAFF_RULES -----------------------------------


def needs_are_met(counts: _CountModel) -> None:
    """Each window sees the patrols it needs, fewer where a cause of the need is dropped."""
    for index in counts.active:
        window = counts.problem.windows[index]
        planned = counts.patrols(index, counts.all_days(index))
        levels = [cause for cause, _ in window.need_without]
        need = Cause(CauseKind.NEED, index)
        counts.staff.hold(_at_least(counts, planned, window.need), need, *levels)
        for dropped, less in window.need_without:
            others = [cause for cause in levels if cause != dropped]
            counts.staff.hold(_at_least(counts, planned, less), need, *others)


def _at_least(counts: _CountModel, patrols: Expression, need: int) -> Any:
    """Add ``patrols >= need``, also where ``patrols`` is the number 0."""
    if isinstance(patrols, int):
        return counts.staff.model.add_bool_or([counts.staff.model.new_constant(patrols >= need)])
    return counts.staff.model.add(patrols >= need)


def calendar_is_kept(counts: _CountModel) -> None:
    """No patrol on a day that is off in every window it belongs to."""
    windows = [(index, counts.problem.windows[index]) for index in counts.active]
    for (pool, day), teams in counts.staff.teams.items():
        mine = [(index, window) for index, window in windows if window.pool == pool]
        if not any(day in window.days for _, window in mine):
            off = [Cause(CauseKind.CALENDAR, i) for i, window in mine if day in window.off_days]
            counts.staff.hold(counts.staff.model.add(teams == 0), *off)


def visits_are_spaced(counts: _CountModel) -> None:
    """Give a task of several visits as many patrol days, far enough apart."""
    for index in counts.active:
        for spacing in counts.problem.windows[index].spacings:
            _space(counts, index, spacing)


def _space(counts: _CountModel, index: int, spacing: Spacing) -> None:
    staff, pool = counts.staff, counts.problem.windows[index].pool
    days = counts.all_days(index)
    before: dict[int, Literal] | None = None
    for visit in range(spacing.count):
        on = {day: staff.model.new_bool_var(f"visit {index} {visit} {day}") for day in days}
        staff.model.add_at_most_one(on.values())
        staff.hold(staff.model.add_bool_or(on.values()), Cause(CauseKind.NEED, index))
        for day, literal in on.items():
            staff.model.add(staff.teams[pool, day] >= 1).only_enforce_if(literal)
        if before is not None:
            _follow(counts, index, before, on, spacing.days)
        before = on


def _follow(
    counts: _CountModel,
    index: int,
    before: Mapping[int, Literal],
    after: Mapping[int, Literal],
    gap: int,
) -> None:
    model = counts.staff.model
    for day, literal in before.items():
        early = [after[other] for other in after if other < day + gap]
        constraint = model.add(literal + cp_model.LinearExpr.sum(early) <= 1)
        counts.staff.hold(constraint, Cause(CauseKind.GAP, index))
        never = [after[other] for other in after if other <= day]
        model.add(literal + cp_model.LinearExpr.sum(never) <= 1)


def peaks_are_hit(counts: _CountModel) -> None:
    """Each set of peak days sees a patrol."""
    for index in counts.active:
        for days in counts.problem.windows[index].hits:
            within = set(days) & set(counts.all_days(index))
            hit = _at_least(counts, counts.patrols(index, within), 1)
            counts.staff.hold(hit, Cause(CauseKind.PEAK, index))


def absences_are_kept(counts: _CountModel) -> None:
    """People on leave or without a valid certificate, and vehicles away, do not go."""
    staff = counts.staff
    for index, absence in enumerate(counts.problem.absences):
        away, cause = set(absence.days), Cause(absence.kind, index)
        roles = {
            CauseKind.VEHICLE: (staff.lent,),
            CauseKind.CERTIFICATE: (staff.aboard,),
        }.get(absence.kind, (staff.aboard, staff.driving))
        for role in roles:
            for (who, _, day), literal in role.items():
                if who == absence.who and day in away:
                    staff.hold(staff.model.add_bool_and([~literal]), cause)
    _own_vehicles_away(counts)


def _own_vehicles_away(counts: _CountModel) -> None:
    """Every set of absences of a pool's own vehicles leaves that many fewer."""
    staff, vehicles = counts.staff, counts.problem.vehicles
    size = counts.problem.crew_size
    for (pool, day), teams in staff.teams.items():
        away: dict[int, list[Cause]] = {}
        for index, absence in enumerate(counts.problem.absences):
            if absence.kind is CauseKind.VEHICLE and day in absence.days:
                vehicle = vehicles[absence.who]
                if vehicle.pools == (pool,) and day in vehicle.days and vehicle.seats >= size:
                    away.setdefault(absence.who, []).append(Cause(CauseKind.VEHICLE, index))
        if away:
            gone = [_gone(counts, causes) for causes in away.values()]
            at_hand = vehicles_at_hand(staff, (pool, day), size)
            enough = staff.model.add(teams + cp_model.LinearExpr.sum(gone) <= at_hand)
            staff.hold(enough, Cause(CauseKind.FLEET, pool))


def _gone(counts: _CountModel, causes: Sequence[Cause]) -> Literal:
    """Return a literal that is true while any of the causes is assumed."""
    model = counts.staff.model
    gone = model.new_bool_var("gone")
    for cause in causes:
        counts.staff.hold(model.add_bool_and([gone]), cause)
    return gone


#: Every rule about windows and absences.
COUNT_RULES: tuple[Callable[[_CountModel], None], ...] = (
    needs_are_met,
    calendar_is_kept,
    visits_are_spaced,
    peaks_are_hit,
    absences_are_kept,
)


# --- questions ------------------------------------------------------------------------------------


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
    counts = _count_model(problem, range(len(problem.windows)))
    last = run(counts.staff.model, Budget.of(seed, effort, time_limit_seconds))
    return status_of(last, closed=last.closed)


def _without_days(window: CountWindow) -> bool:
    return window.need > 0 and not window.days


def most_patrols(
    problem: CountProblem,
    window: int,
    *,
    seed: int = 0,
    effort: float = 1.0,
) -> int:
    """Return the most patrols one window can see, taken alone: never too small (a proven bound)."""
    bare = replace(problem.windows[window], need=0, spacings=(), hits=())
    alone = replace(problem, windows=(bare,))
    counts = _count_model(alone, (0,))
    if not bare.days:
        return 0
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
    """Share patrols among all windows: as much ``weight`` x patrols as fits, up to each need."""
    bare = [replace(window, need=0, spacings=(), hits=()) for window in problem.windows]
    counts = _count_model(replace(problem, windows=tuple(bare)), range(len(bare)))
    model = counts.staff.model
    useful = []
    for index, need in enumerate(needs):
        planned = counts.patrols(index, bare[index].days)
        useful.append(model.new_int_var(0, max(0, need), f"useful {index}"))
        model.add(useful[-1] <= planned)
    model.maximize(cp_model.LinearExpr.weighted_sum(useful, [window.weight for window in bare]))
    last = run(model, Budget.of(seed, effort, time_limit_seconds))
    status = status_of(last, closed=last.closed)
    if not last.found:
        return Allocation(status, upper_bound=last.upper_bound)
    patrols = tuple(last.values[variable.index] for variable in useful)
    return Allocation(status, patrols, last.value, last.upper_bound)


def conflict_set(
    problem: CountProblem,
    *,
    window: int | None = None,
    seed: int = 0,
    effort: float = 4.0,
    time_limit_seconds: float | None = None,
) -> ConflictSet:
    """Return causes that exclude each other, shrunk until none can be spared.

    Only the causes in the set are assumed in its proof. ``window`` looks at one window alone; the
    causes keep their indices. ``effort`` is for each of the solves.
    """
    active = range(len(problem.windows)) if window is None else (window,)
    for index in active:
        if _without_days(problem.windows[index]):
            return _no_days(problem, index)
    counts = _count_model(problem, active, assume=True)
    budget = Budget.of(seed, effort, time_limit_seconds)
    first = _ask(counts, tuple(sorted(counts.assumed)), budget)
    return _shrink(counts, first, budget) if first.causes else first


def conflict_sets(
    problem: CountProblem, *, seed: int = 0, effort: float = 4.0
) -> tuple[ConflictSet, ...]:
    """Return the conflict of every window that fails alone; if none does, of them all together.

    In the joint model one bad window hides the next. Empty when counts allow all, or nothing is
    proven.
    """
    single = (
        conflict_set(problem, window=window, seed=seed, effort=effort)
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


def _ask(counts: _CountModel, causes: tuple[Cause, ...], budget: Budget) -> ConflictSet:
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


def _shrink(counts: _CountModel, conflict: ConflictSet, budget: Budget) -> ConflictSet:
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
