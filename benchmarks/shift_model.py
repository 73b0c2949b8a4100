"""A shift roster as CP-SAT constraints: one function per rule, all listed in ``SHIFT_RULES``.

Rules bind one person at a time; people meet in the cover alone, which is soft. A model may
therefore hold some people only, and some of their days only: the rest is kept as it is, and what
others do enters the cover as a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from benchmarks.shift_instances import ShiftInstance, Worker
from optimizer.roster_search import Run
from optimizer.roster_staff import Expression, Literal

#: ``roster[person][day]``: the index of the shift, -1 for a day off.
Roster = tuple[tuple[int, ...], ...]
OFF = -1


@dataclass(frozen=True)
class ShiftModel:
    """The variables of the people it holds; all others' shifts are known numbers.

    ``takes[person, day][shift]``; ``works[person, day]``: any shift. ``elsewhere[day, shift]``
    counts the people who are not held.
    """

    model: cp_model.CpModel
    instance: ShiftInstance
    people: tuple[int, ...]
    takes: Mapping[tuple[int, int], tuple[Literal, ...]]
    works: Mapping[tuple[int, int], Literal]
    elsewhere: Mapping[tuple[int, int], int]

    def held(self) -> list[tuple[int, Worker]]:
        """Return the people held, with their indices."""
        return [(index, self.instance.people[index]) for index in self.people]

    def all_days(self, person: int, shift: int) -> list[Literal]:
        """Return the literals of one shift on every day."""
        return [self.takes[person, day][shift] for day in range(self.instance.day_count)]

    def roster(self, run: Run, roster: Roster | None = None) -> Roster:
        """Return the run's roster; those not held do as in ``roster``, or nothing."""
        days = range(self.instance.day_count)
        rows = list(roster or ((OFF,) * len(days),) * len(self.instance.people))
        for person in self.people:
            rows[person] = tuple(
                next((s for s, x in enumerate(self.takes[person, day]) if run.on(x)), OFF)
                for day in days
            )
        return tuple(rows)

    def hint(self, roster: Roster) -> None:
        """Let the search start from a roster."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for (person, day), takes in self.takes.items():
            shift = roster[person][day]
            for index, literal in enumerate(takes):
                self.model.add_hint(literal, index == shift)
            self.model.add_hint(self.works[person, day], shift != OFF)


def shift_model(
    instance: ShiftInstance,
    people: Sequence[int],
    roster: Roster | None = None,
    free_days: Sequence[int] | None = None,
) -> ShiftModel:
    """Build the model of some people, the published cost its objective.

    ``roster`` says what everyone else does (None: nothing), and what ``people`` do on days that
    are not among ``free_days`` (None: all are).
    """
    model = cp_model.CpModel()
    days = range(instance.day_count)
    cells = [(person, day) for person in people for day in days]
    kinds = range(len(instance.shifts))
    takes = {cell: tuple(model.new_bool_var(f"takes {cell} {k}") for k in kinds) for cell in cells}
    shifts = ShiftModel(
        model,
        instance,
        tuple(people),
        takes,
        {cell: model.new_bool_var(f"works {cell}") for cell in cells},
        _elsewhere(instance, set(people), roster),
    )
    for rule in SHIFT_RULES:
        rule(shifts)
    if roster is not None and free_days is not None:
        _keep(shifts, roster, set(days) - set(free_days))
    model.minimize(sum(goal(shifts) for goal in SHIFT_GOALS))
    return shifts


def _elsewhere(
    instance: ShiftInstance, held: set[int], roster: Roster | None
) -> dict[tuple[int, int], int]:
    """Count on each day's shift the people who are not held."""
    others = [row for index, row in enumerate(roster or ()) if index not in held]
    return {
        (cover.day, cover.shift): sum(row[cover.day] == cover.shift for row in others)
        for cover in instance.covers
    }


def _keep(shifts: ShiftModel, roster: Roster, days: set[int]) -> None:
    for person in shifts.people:
        for day in days:
            shift = roster[person][day]
            kept = shifts.works[person, day] if shift == OFF else shifts.takes[person, day][shift]
            shifts.model.add(kept == (shift != OFF))


# --- the rules ---------------------------------------------------------------------------------


def one_shift_a_day(shifts: ShiftModel) -> None:
    """At most one shift a day; ``works`` says whether there is one."""
    for cell, takes in shifts.takes.items():
        shifts.model.add_exactly_one([*takes, ~shifts.works[cell]])


def days_off(shifts: ShiftModel) -> None:
    """Nobody works on their days off."""
    for person, worker in shifts.held():
        for day in worker.days_off:
            shifts.model.add(shifts.works[person, day] == 0)


def max_shifts(shifts: ShiftModel) -> None:
    """No more shifts of a kind than the person may have."""
    for person, worker in shifts.held():
        for kind, most in enumerate(worker.most_shifts):
            if most < shifts.instance.day_count:
                shifts.model.add(cp_model.LinearExpr.sum(shifts.all_days(person, kind)) <= most)


def minutes(shifts: ShiftModel) -> None:
    """Minutes lie between least and most; so, then, does the number of shifts."""
    lengths = [shift.minutes for shift in shifts.instance.shifts]
    for person, worker in shifts.held():
        taken = [x for kind in range(len(lengths)) for x in shifts.all_days(person, kind)]
        each = [length for length in lengths for _ in range(shifts.instance.day_count)]
        total = cp_model.LinearExpr.weighted_sum(taken, each)
        shifts.model.add_linear_constraint(total, worker.least_minutes, worker.most_minutes)
        if len(set(lengths)) > 1:
            count = cp_model.LinearExpr.sum(taken)
            least = -(-worker.least_minutes // max(lengths))
            shifts.model.add_linear_constraint(count, least, worker.most_minutes // min(lengths))


def days_in_a_row(shifts: ShiftModel) -> None:
    """Work lasts neither too few nor too many days in a row, time off not too few.

    An automaton, because CP-SAT turns it into a flow: its linear relaxation is far tighter than
    that of clauses. A row that touches the horizon's edge may be short; before it nobody worked.
    """
    for person, worker in shifts.held():
        works = [shifts.works[person, day] for day in range(shifts.instance.day_count)]
        steps = _steps(worker)
        shifts.model.add_automaton(works, 0, sorted({0} | {step[2] for step in steps}), steps)


def _steps(worker: Worker) -> list[tuple[int, int, int]]:
    """Return the automaton (state, works, next state) of a person's days; all states may end it.

    State 0 is the day before the first. Then come the days on of a first row, which may be short,
    those of later rows, and the days off that are still to be counted.
    """
    first, later = 1, 1 + worker.most_on
    off = later + worker.most_on
    rested = off + worker.least_off - 1
    steps = [(0, 0, rested), (0, 1, first)]
    for begin, least in ((first, 1), (later, worker.least_on)):
        for count in range(1, worker.most_on + 1):
            state = begin + count - 1
            if count < worker.most_on:
                steps.append((state, 1, state + 1))
            if count >= least:
                steps.append((state, 0, off))
    steps += [(state, 0, min(state + 1, rested)) for state in range(off, rested + 1)]
    return [*steps, (rested, 1, later)]


def max_weekends(shifts: ShiftModel) -> None:
    """Work on a Saturday, a Sunday or both makes a weekend; there are only so many."""
    weekends = shifts.instance.weekends
    for person, worker in shifts.held():
        if worker.most_weekends >= len(weekends):
            continue
        worked = []
        for days in weekends:
            weekend = shifts.model.new_bool_var("weekend")
            for day in days:
                shifts.model.add_implication(shifts.works[person, day], weekend)
            worked.append(weekend)
        shifts.model.add(cp_model.LinearExpr.sum(worked) <= worker.most_weekends)


def forbidden_successions(shifts: ShiftModel) -> None:
    """Bar some shifts from following others on the morrow.

    One clause for each set of shifts that forbid the same and more: tighter than pairs.
    """
    kinds = shifts.instance.shifts
    for barred in dict.fromkeys(kind.never_next for kind in kinds if kind.never_next):
        before = [index for index, kind in enumerate(kinds) if kind.never_next >= barred]
        for person in shifts.people:
            for day in range(shifts.instance.day_count - 1):
                today, morrow = shifts.takes[person, day], shifts.takes[person, day + 1]
                pair = [*(today[k] for k in before), *(morrow[k] for k in sorted(barred))]
                shifts.model.add_at_most_one(pair)


#: Every rule that a roster must keep.
SHIFT_RULES: tuple[Callable[[ShiftModel], None], ...] = (
    one_shift_a_day,
    days_off,
    max_shifts,
    minutes,
    days_in_a_row,
    max_weekends,
    forbidden_successions,
)


# --- the cost ----------------------------------------------------------------------------------


def cover(shifts: ShiftModel) -> Expression:
    """Weights for people too few and too many on each day's shift."""
    total: Any = 0
    for wanted in shifts.instance.covers:
        there = shifts.elsewhere[wanted.day, wanted.shift] + cp_model.LinearExpr.sum(
            [shifts.takes[person, wanted.day][wanted.shift] for person in shifts.people]
        )
        short = shifts.model.new_int_var(0, wanted.need, "short")
        spare = there + short - wanted.need
        shifts.model.add(spare >= 0)
        total += wanted.under_weight * short + wanted.over_weight * spare
    return total


def requests(shifts: ShiftModel) -> Expression:
    """Weights of failed wishes, to work a shift or not to, of the people held."""
    held, instance = set(shifts.people), shifts.instance
    total: Any = 0
    for wish in instance.on_requests:
        if wish.person in held:
            total += wish.weight * (1 - shifts.takes[wish.person, wish.day][wish.shift])
    for wish in instance.off_requests:
        if wish.person in held:
            total += wish.weight * shifts.takes[wish.person, wish.day][wish.shift]
    return total


#: What the published cost is the sum of; wishes of people not held are left out.
SHIFT_GOALS: tuple[Callable[[ShiftModel], Expression], ...] = (cover, requests)


def cost_of(instance: ShiftInstance, roster: Roster) -> int:
    """Return the published cost of a roster."""
    there = Counter((day, shift) for row in roster for day, shift in enumerate(row))
    cost = 0
    for wanted in instance.covers:
        spare = there[wanted.day, wanted.shift] - wanted.need
        cost += wanted.over_weight * spare if spare > 0 else -wanted.under_weight * spare
    for wish in instance.on_requests:
        cost += wish.weight * (roster[wish.person][wish.day] != wish.shift)
    for wish in instance.off_requests:
        cost += wish.weight * (roster[wish.person][wish.day] == wish.shift)
    return cost
