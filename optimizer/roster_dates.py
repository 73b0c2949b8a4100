"""The dates half of a roster: which item runs on which day, as clauses and counts.

``dates_model`` comes in two strengths. Alone it knows people only as sums (``CAPACITY_RULES``): a
relaxation, small and fast, whose bounds hold for the whole. ``joint`` adds every person.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from ortools.sat.python import cp_model

from optimizer.roster_problem import RosterProblem, SoftGap
from optimizer.roster_rhythm import room_of
from optimizer.roster_search import Stage
from optimizer.roster_staff import Expression, Literal, Shift, StaffModel, staff_model

#: A convex penalty is exact up to this deviation, and linear beyond.
_KINKS = 4


@dataclass(frozen=True)
class DatesModel:
    """``runs[item][day]``: the item runs on that day. ``teams[pool, day]``: patrols, a sum."""

    problem: RosterProblem
    model: cp_model.CpModel
    runs: tuple[Mapping[int, Literal], ...]
    teams: Mapping[Shift, Expression]
    staff: StaffModel | None

    def between(self, item: int, first: int, last: int) -> Expression:
        """Return 1 when the item runs on one of these days, both included."""
        days, literals = self._in_order[item]
        chosen = literals[bisect_left(days, first) : bisect_right(days, last)]
        return cp_model.LinearExpr.sum(chosen)

    @cached_property
    def _in_order(self) -> tuple[tuple[list[int], list[Literal]], ...]:
        """Each item's days, which rise, and their literals."""
        return tuple((list(days), list(days.values())) for days in self.runs)


def dates_model(problem: RosterProblem, *, joint: bool) -> DatesModel:
    """Build variables and every hard rule, with all people when ``joint``."""
    model = cp_model.CpModel()
    runs = tuple(
        {day: model.new_bool_var(f"runs {index} {day}") for day in sorted(set(item.days))}
        for index, item in enumerate(problem.items)
    )
    by_shift: dict[Shift, list[Literal]] = defaultdict(list)
    for item, days in zip(problem.items, runs, strict=True):
        for day, literal in days.items():
            by_shift[item.pool, day].append(literal)
    teams = {shift: cp_model.LinearExpr.sum(by_shift[shift]) for shift in sorted(by_shift)}
    staff = staff_model(model, problem, teams) if joint else None
    dates = DatesModel(problem, model, runs, teams, staff)
    for rule in (*DATE_RULES, *CAPACITY_RULES):
        rule(dates)
    return dates


# --- the rules about dates; those about people and vehicles are STAFF_RULES --------------------


def runs_once(dates: DatesModel) -> None:
    """Every item runs on exactly one of its days."""
    for days in dates.runs:
        dates.model.add_exactly_one(days.values())


def apart(dates: DatesModel) -> None:
    """Two items that may not come closer than so many days."""
    for rule in dates.problem.apart:
        for day in sorted(dates.runs[rule.item_a].keys() | dates.runs[rule.item_b].keys()):
            last = day + max(1, rule.days) - 1
            near = [dates.between(i, day, last) for i in (rule.item_a, rule.item_b)]
            dates.model.add(cp_model.LinearExpr.sum(near) <= 1)


def one_of(dates: DatesModel) -> None:
    """At least one of some items falls on one of some days."""
    for rule in dates.problem.one_of:
        dates.model.add_bool_or(
            dates.runs[item][day]
            for item in rule.items
            for day in rule.days
            if day in dates.runs[item]
        )


#: Every hard rule about dates.
DATE_RULES: tuple[Callable[[DatesModel], None], ...] = (runs_once, apart, one_of)


# --- what people and vehicles allow in sums: implied by STAFF_RULES, all there is without people --


def days_have_room(dates: DatesModel) -> None:
    """No more patrols on a day than a pool's certified people and vehicles could make alone."""
    room = room_of(dates.problem)
    for shift, teams in dates.teams.items():
        dates.model.add(teams <= room.get(shift, 0))


def weeks_have_room(dates: DatesModel) -> None:
    """No more patrols in a week than the weekly caps of everyone together allow."""
    weeks: dict[int, list[int]] = defaultdict(list)
    for day, week in enumerate(dates.problem.week_of_day):
        weeks[week].append(day)
    _room_within(dates, weeks.values(), dates.problem.week_cap)


def spans_have_room(dates: DatesModel) -> None:
    """No more patrols in a span of days than the caps of everyone together allow."""
    span = dates.problem.span_days
    firsts = sorted({day for _, day in dates.teams})
    _room_within(dates, (range(first, first + span) for first in firsts), dates.problem.span_cap)


def _room_within(dates: DatesModel, stretches: Iterable[Collection[int]], cap: int) -> None:
    """Limit the patrols of all pools on some days each by what everyone's cap adds up to."""
    on_day: dict[int, list[Shift]] = defaultdict(list)
    for shift in dates.teams:
        on_day[shift[1]].append(shift)
    worked = [set(person.worked_days) for person in dates.problem.people]
    free = [
        set(person.certified_days) - out
        for person, out in zip(dates.problem.people, worked, strict=True)
    ]
    for days in stretches:
        used = sorted(shift for day in days for shift in on_day.get(day, ()))
        if not used:
            continue
        useful = {day for _, day in used}
        most = 0
        for out, open_days in zip(worked, free, strict=True):
            left = cap - sum(day in days for day in out)
            most += max(0, min(left, len(useful & open_days)))
        patrols = cp_model.LinearExpr.sum([dates.teams[shift] for shift in used])
        dates.model.add(dates.problem.crew_size * patrols <= most)


#: People and vehicles in sums.
CAPACITY_RULES: tuple[Callable[[DatesModel], None], ...] = (
    days_have_room,
    weeks_have_room,
    spans_have_room,
)


# --- the goals ------------------------------------------------------------------------------------


def soft_gaps(dates: DatesModel) -> Expression:
    """Weight of the gaps not kept."""
    order = _Order(dates)
    terms: list[Expression] = []
    for index, gap in enumerate(dates.problem.gaps):
        broken = dates.model.new_bool_var(f"gap {index}")
        if gap.ordered:
            _not_early(order, gap, broken)
        else:
            _not_close(order, gap, broken)
            _not_late(order, gap.item_b, gap.item_a, gap.max_days, broken)
        _not_late(order, gap.item_a, gap.item_b, gap.max_days, broken)
        terms.append(gap.weight * broken)
    for fixed in dates.problem.fixed_gaps:
        allowed = range(fixed.day + fixed.min_days, fixed.day + fixed.max_days + 1)
        days = dates.runs[fixed.item]
        terms += [fixed.weight * days[day] for day in days if day not in allowed]
    return cp_model.LinearExpr.sum(terms)


class _Order:
    """Literals "item runs on that day or before": gaps become clauses of three or four of them.

    Large rosters solve two to three times as fast so as with sums of days.
    """

    def __init__(self, dates: DatesModel) -> None:
        self.dates = dates
        self.always = dates.model.new_constant(1)
        self._by: dict[int, tuple[list[int], list[Literal]]] = {}

    def by(self, item: int, day: int) -> Literal:
        """Return the literal "``item`` runs on ``day`` or before"."""
        if item not in self._by:
            self._by[item] = self._chain(item)
        days, literals = self._by[item]
        return literals[bisect_right(days, day)]

    def _chain(self, item: int) -> tuple[list[int], list[Literal]]:
        """Return the item's days, and one literal more, from never to always."""
        model, runs = self.dates.model, self.dates.runs[item]
        days = sorted(runs)
        literals = [~self.always]
        for day in days[:-1]:
            literals.append(model.new_bool_var(f"by {item} {day}"))
            model.add_exactly_one(literals[-2], runs[day], ~literals[-1])
        return days, [*literals, self.always]


def _not_early(order: _Order, gap: SoftGap, broken: Literal) -> None:
    """With ``a`` on a day or later, ``b`` comes ``min_days`` later still."""
    for day in order.dates.runs[gap.item_a]:
        sooner = order.by(gap.item_a, day - 1)
        early = order.by(gap.item_b, day + gap.min_days - 1)
        order.dates.model.add_bool_or([sooner, ~early, broken])


def _not_late(order: _Order, first: int, second: int, most: int, broken: Literal) -> None:
    """With ``first`` on a day or sooner, ``second`` comes no more than ``most`` days later."""
    for day in order.dates.runs[first]:
        soon = order.by(first, day)
        in_time = order.by(second, day + most)
        order.dates.model.add_bool_or([~soon, in_time, broken])


def _not_close(order: _Order, gap: SoftGap, broken: Literal) -> None:
    """``b`` is ``min_days`` before ``a`` or as much after it."""
    for day, on_day in order.dates.runs[gap.item_a].items():
        before = order.by(gap.item_b, day - gap.min_days)
        not_after = order.by(gap.item_b, day + gap.min_days - 1)
        order.dates.model.add_bool_or([~on_day, before, ~not_after, broken])


def even_weeks(dates: DatesModel) -> Expression:
    """Patrols beyond an even flow: per pool and week, and per day where several may go at once."""
    problem = dates.problem
    per_week: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    per_day: dict[Shift, Counter[int]] = defaultdict(Counter)
    week_terms: dict[tuple[int, int], list[Literal]] = defaultdict(list)
    for item, runs in zip(problem.items, dates.runs, strict=True):
        for day, literal in runs.items():
            week = (item.pool, problem.week_of_day[day])
            per_week[week][len(runs)] += 1
            per_day[item.pool, day][len(runs)] += 1
            week_terms[week].append(literal)
    penalties = [
        off_target(dates.model, week_terms[week], _even(days))
        for week, days in sorted(per_week.items())
        if len(week_terms[week]) > 1
    ]
    for shift, days in sorted(per_day.items()):
        target = _even(days)
        most = sum(shift[0] in v.pools and shift[1] in v.days for v in problem.vehicles)
        if most > ceil(target):
            excess = dates.model.new_int_var(0, most - ceil(target), "clump")
            dates.model.add(excess >= dates.teams[shift] - ceil(target))
            penalties.append(excess)
    return cp_model.LinearExpr.sum(penalties)


def _even(days: Mapping[int, int]) -> Fraction:
    """Return the patrols of an even flow: a share of each item that has so many days."""
    return sum((Fraction(times, length) for length, times in days.items()), Fraction())


def off_target(
    model: cp_model.CpModel,
    terms: Sequence[Expression],
    target: Fraction,
    *,
    under: bool = True,
) -> Expression:
    """Return a convex penalty (1, 3, 6, 10, ...) on whole steps off floor..ceil of the target.

    ``terms`` are literals, or such with a factor, which count one each.
    """
    count = cp_model.LinearExpr.sum(terms)
    most = max(len(terms) - ceil(target), floor(target) if under else 0, 0)
    if most == 0:
        return 0
    steps = model.new_int_var(0, most, "steps")
    model.add(steps >= count - ceil(target))
    if under:
        model.add(steps >= floor(target) - count)
    kinks = min(_KINKS, most - 1)
    penalty = model.new_int_var(0, (kinks + 1) * most - kinks * (kinks + 1) // 2, "penalty")
    for kink in range(kinks + 1):
        model.add(penalty >= (kink + 1) * steps - kink * (kink + 1) // 2)
    return penalty


def free_days(dates: DatesModel) -> Expression:
    """Patrols beyond what leaves enough team days free, over all stretches of days."""
    terms: list[Expression] = []
    for free in dates.problem.free_days:
        shifts = [(free.pool, day) for day in free.days if (free.pool, day) in dates.teams]
        patrols = cp_model.LinearExpr.sum([dates.teams[shift] for shift in shifts])
        excess = dates.model.new_int_var(0, len(dates.runs), "not free")
        dates.model.add(excess >= patrols - free.patrols)
        terms.append(excess)
    return cp_model.LinearExpr.sum(terms)


def day_costs(dates: DatesModel) -> Expression:
    """Sum what the days cost on which the items run."""
    terms = [
        costs.costs.get(day, 0) * literal
        for costs in dates.problem.day_costs
        for day, literal in dates.runs[costs.item].items()
    ]
    return cp_model.LinearExpr.sum(terms)


def further_goals(problem: RosterProblem) -> tuple[str, ...]:
    """Return the names of the goals over dates that only some problems have."""
    names = ("free days", bool(problem.free_days)), ("day costs", bool(problem.day_costs))
    return tuple(name for name, wanted in names if wanted)


def date_stages(dates: DatesModel) -> tuple[Stage, ...]:
    """Return the goals over dates, by rank."""
    further = {
        "free days": Stage(("free days",), 0.25, 1, lambda: (free_days(dates),)),
        "day costs": Stage(("day costs",), 0.25, 1, lambda: (day_costs(dates),)),
    }
    return (
        Stage(("soft gaps",), 0.5, 0, lambda: (soft_gaps(dates),)),
        *(further[name] for name in further_goals(dates.problem)),
        Stage(("even weeks",), 0.25, 1, lambda: (even_weeks(dates),)),
    )
