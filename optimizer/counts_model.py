"""The count model's rules about windows and absences, each under the causes it stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from optimizer.counts_problem import CountProblem, CountWindow, Spacing
from optimizer.roster_staff import (
    Cause,
    CauseKind,
    Expression,
    Literal,
    Shift,
    StaffModel,
    always,
    staff_model,
    vehicles_at_hand,
)


@dataclass(frozen=True)
class CountModel:
    """``active`` windows only; ``staff.teams`` are whole numbers; ``assumed`` a literal a cause.

    ``served[series, pool, day]`` are the patrols that count for windows of that series.
    """

    problem: CountProblem
    active: tuple[int, ...]
    staff: StaffModel
    served: Mapping[tuple[int, int, int], Expression]
    assumed: Mapping[Cause, Literal]

    def patrols_on(self, window: int, day: int) -> Expression:
        """Return the patrols that count for a window on a day."""
        asked = self.problem.windows[window]
        return self.served[asked.series, asked.pool, day]

    def patrols(self, window: int, days: Collection[int]) -> Expression:
        """Return the patrols that count for a window on these days."""
        return cp_model.LinearExpr.sum([self.patrols_on(window, day) for day in sorted(days)])

    def all_days(self, window: int) -> list[int]:
        """Return a window's days, off days included."""
        return sorted({*self.problem.windows[window].days, *self.problem.windows[window].off_days})


def count_model(
    problem: CountProblem, active: Sequence[int], *, assume: bool = False
) -> CountModel:
    """Build all rules; with ``assume`` each holds only while its causes' literals are true."""
    model = cp_model.CpModel()
    windows = [problem.windows[index] for index in active]
    most = max(len(problem.people), _most_needed(windows))
    shifts = {(w.pool, day) for w in windows for day in (*w.days, *w.off_days)}
    teams = {shift: model.new_int_var(0, most, f"teams {shift}") for shift in sorted(shifts)}
    assumed: dict[Cause, Literal] = {}

    def literal_of(cause: Cause) -> Sequence[Literal]:
        if cause not in assumed:
            assumed[cause] = model.new_bool_var(f"assume {cause}")
        return (assumed[cause],)

    doubtful = {
        (absence.who, day)
        for absence in problem.absences
        if absence.kind is CauseKind.CERTIFICATE
        for day in absence.days
    }
    staff = staff_model(model, problem, teams, literal_of if assume else always, doubtful)
    served = _served(model, windows, teams, most)
    counts = CountModel(problem, tuple(active), staff, served, assumed)
    for rule in COUNT_RULES:
        rule(counts)
    return counts


def _most_needed(windows: Sequence[CountWindow]) -> int:
    """Return how many patrols a day could be asked for, were there no limits."""
    most: dict[int, int] = {}
    for window in windows:
        wanted = max(window.need, *(1 for _ in (*window.spacings, *window.hits)), 0)
        most[window.series] = max(most.get(window.series, 0), wanted)
    return sum(most.values())


def _served(
    model: cp_model.CpModel,
    windows: Sequence[CountWindow],
    teams: Mapping[Shift, Expression],
    most: int,
) -> dict[tuple[int, int, int], Expression]:
    """Share a shift's patrols out where windows of several series ask for them."""
    series: dict[Shift, set[int]] = {shift: set() for shift in teams}
    for window in windows:
        for day in (*window.days, *window.off_days):
            series[window.pool, day].add(window.series)
    served: dict[tuple[int, int, int], Expression] = {}
    for (pool, day), asking in series.items():
        whole = teams[pool, day]
        if len(asking) == 1:
            served[min(asking), pool, day] = whole
            continue
        parts = {one: model.new_int_var(0, most, f"served {one}") for one in sorted(asking)}
        model.add(cp_model.LinearExpr.sum(list(parts.values())) <= whole)
        served |= {(one, pool, day): part for one, part in parts.items()}
    return served


# --- the rules; those about people and vehicles are STAFF_RULES -----------------------------------


def needs_are_met(counts: CountModel) -> None:
    """Each window sees the patrols it needs, fewer where a cause of the need is dropped."""
    for index in counts.active:
        window = counts.problem.windows[index]
        planned = counts.patrols(index, counts.all_days(index))
        levels = sorted({cause for causes, _ in window.need_without for cause in causes})
        need = Cause(CauseKind.NEED, index)
        counts.staff.hold(_at_least(counts, planned, window.need), need, *levels)
        for dropped, less in window.need_without:
            others = [cause for cause in levels if cause not in dropped]
            counts.staff.hold(_at_least(counts, planned, less), need, *others)


def _at_least(counts: CountModel, patrols: Expression, need: int) -> Any:
    """Add ``patrols >= need``, also where ``patrols`` is the number 0."""
    if isinstance(patrols, int):
        return counts.staff.model.add_bool_or([counts.staff.model.new_constant(patrols >= need)])
    return counts.staff.model.add(patrols >= need)


def calendar_is_kept(counts: CountModel) -> None:
    """No patrol on a day that is off in every window of its series it belongs to."""
    windows = [(index, counts.problem.windows[index]) for index in counts.active]
    for (series, pool, day), patrols in counts.served.items():
        mine = [(i, w) for i, w in windows if (w.series, w.pool) == (series, pool)]
        if not any(day in window.days for _, window in mine):
            off = [Cause(CauseKind.CALENDAR, i) for i, window in mine if day in window.off_days]
            counts.staff.hold(counts.staff.model.add(patrols == 0), *off)


def visits_are_spaced(counts: CountModel) -> None:
    """Give a task of several visits as many patrol days, far enough apart."""
    for index in counts.active:
        for spacing in counts.problem.windows[index].spacings:
            _space(counts, index, spacing)


def _space(counts: CountModel, index: int, spacing: Spacing) -> None:
    staff = counts.staff
    days = counts.all_days(index)
    before: dict[int, Literal] | None = None
    for visit in range(spacing.count):
        on = {day: staff.model.new_bool_var(f"visit {index} {visit} {day}") for day in days}
        staff.model.add_at_most_one(on.values())
        staff.hold(staff.model.add_bool_or(on.values()), Cause(CauseKind.NEED, index))
        for day, literal in on.items():
            staff.model.add(counts.patrols_on(index, day) >= 1).only_enforce_if(literal)
        if before is not None:
            _follow(counts, index, before, on, spacing.days)
        before = on


def _follow(
    counts: CountModel,
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


def peaks_are_hit(counts: CountModel) -> None:
    """Each set of peak days sees a patrol."""
    for index in counts.active:
        for days in counts.problem.windows[index].hits:
            within = set(days) & set(counts.all_days(index))
            hit = _at_least(counts, counts.patrols(index, within), 1)
            counts.staff.hold(hit, Cause(CauseKind.PEAK, index))


def absences_are_kept(counts: CountModel) -> None:
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


def _own_vehicles_away(counts: CountModel) -> None:
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


def _gone(counts: CountModel, causes: Sequence[Cause]) -> Literal:
    """Return a literal that is true while any of the causes is assumed."""
    model = counts.staff.model
    gone = model.new_bool_var("gone")
    for cause in causes:
        counts.staff.hold(model.add_bool_and([gone]), cause)
    return gone


#: Every rule about windows and absences.
COUNT_RULES: tuple[Callable[[CountModel], None], ...] = (
    needs_are_met,
    calendar_is_kept,
    visits_are_spaced,
    peaks_are_hit,
    absences_are_kept,
)
