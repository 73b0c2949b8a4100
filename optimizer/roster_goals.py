"""The goals of a roster by rank, each with its own unit: gaps, evenness of dates, people, fairness.

A goal is a function from the roster's model to an expression to be minimised. ``DATE_GOALS`` decide
the dates (people still free); then dates are pinned and ``PEOPLE_GOALS`` decide who is out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from ortools.sat.python import cp_model

from optimizer.roster_problem import RosterProblem, SoftGap
from optimizer.roster_staff import Expression, Literal, Shift, StaffModel

#: A convex penalty is exact up to this deviation, and linear beyond.
_KINKS = 4


@dataclass(frozen=True)
class RosterModel:
    """``runs[item][day]``: the item runs on that day."""

    problem: RosterProblem
    model: cp_model.CpModel
    runs: tuple[Mapping[int, Literal], ...]
    staff: StaffModel

    def between(self, item: int, first: int, last: int) -> Expression:
        """Return 1 when the item runs on one of these days, both included."""
        days = self.runs[item]
        return cp_model.LinearExpr.sum([days[day] for day in days if first <= day <= last])


def soft_gaps(roster: RosterModel) -> Expression:
    """Weight of the gaps not kept."""
    terms: list[Expression] = []
    for index, gap in enumerate(roster.problem.gaps):
        broken = roster.model.new_bool_var(f"gap {index}")
        if gap.ordered:
            _not_early(roster, gap, broken)
            _not_late(roster, gap.item_a, gap.item_b, gap.max_days, broken)
        else:
            _not_close(roster, gap, broken)
            _not_late(roster, gap.item_a, gap.item_b, gap.max_days, broken)
            _not_late(roster, gap.item_b, gap.item_a, gap.max_days, broken)
        terms.append(gap.weight * broken)
    for fixed in roster.problem.fixed_gaps:
        allowed = range(fixed.day + fixed.min_days, fixed.day + fixed.max_days + 1)
        days = roster.runs[fixed.item]
        terms += [fixed.weight * days[day] for day in days if day not in allowed]
    return cp_model.LinearExpr.sum(terms)


def _not_early(roster: RosterModel, gap: SoftGap, broken: Literal) -> None:
    """``b`` before day d + min with ``a`` on d or later breaks the gap; sums make it tight."""
    for day in roster.runs[gap.item_a]:
        early = roster.between(gap.item_b, 0, day + gap.min_days - 1)
        late = roster.between(gap.item_a, day, roster.problem.day_count)
        roster.model.add(early + late <= 1 + broken)


def _not_late(roster: RosterModel, first: int, second: int, most: int, broken: Literal) -> None:
    for day in roster.runs[first]:
        early = roster.between(first, 0, day)
        late = roster.between(second, day + most + 1, roster.problem.day_count)
        roster.model.add(early + late <= 1 + broken)


def _not_close(roster: RosterModel, gap: SoftGap, broken: Literal) -> None:
    for day in roster.runs[gap.item_a].keys() | roster.runs[gap.item_b].keys():
        last = day + gap.min_days - 1
        both = roster.between(gap.item_a, day, last) + roster.between(gap.item_b, day, last)
        roster.model.add(both <= 1 + broken)


def even_weeks(roster: RosterModel) -> Expression:
    """Patrols beyond an even flow: per pool and week, and per day where several may go at once."""
    problem = roster.problem
    per_week: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    per_day: dict[Shift, Fraction] = defaultdict(Fraction)
    week_terms: dict[tuple[int, int], list[Literal]] = defaultdict(list)
    for item, runs in zip(problem.items, roster.runs, strict=True):
        for day, literal in runs.items():
            week = (item.pool, problem.week_of_day[day])
            per_week[week] += Fraction(1, len(runs))
            per_day[item.pool, day] += Fraction(1, len(runs))
            week_terms[week].append(literal)
    penalties = [
        _off_target(roster.model, cp_model.LinearExpr.sum(week_terms[week]), target)
        for week, target in sorted(per_week.items())
        if len(week_terms[week]) > 1
    ]
    for shift, target in sorted(per_day.items()):
        most = sum(shift[0] in v.pools and shift[1] in v.days for v in problem.vehicles)
        if most > ceil(target):
            excess = roster.model.new_int_var(0, most - ceil(target), "clump")
            roster.model.add(excess >= roster.staff.teams[shift] - ceil(target))
            penalties.append(excess)
    return cp_model.LinearExpr.sum(penalties)


def _off_target(model: cp_model.CpModel, count: Expression, target: Fraction) -> Expression:
    """Return a convex penalty (1, 3, 6, 10, ...) on whole steps away from floor..ceil of target."""
    steps = model.new_int_var(0, 400, "steps")
    model.add(steps >= count - ceil(target))
    model.add(steps >= floor(target) - count)
    penalty = model.new_int_var(0, 400 * (_KINKS + 1), "penalty")
    for kink in range(_KINKS + 1):
        model.add(penalty >= (kink + 1) * steps - kink * (kink + 1) // 2)
    return penalty


def wanted_aboard(roster: RosterModel, days: tuple[int, ...]) -> Expression:
    """Wishes for a (responsible) person aboard that fail, dates known."""
    wishes: Counter[tuple[Shift, tuple[int, ...]]] = Counter()
    for item, day in zip(roster.problem.items, days, strict=True):
        wishes.update(((item.pool, day), tuple(sorted(set(group)))) for group in item.wanted)
    terms = []
    for (shift, group), count in sorted(wishes.items()):
        missed = roster.model.new_bool_var("missed")
        present = [
            role[person, *shift]
            for role in (roster.staff.aboard, roster.staff.driving)
            for person in group
            if (person, *shift) in role
        ]
        roster.model.add_bool_or([*present, missed])
        terms.append(count * missed)
    return cp_model.LinearExpr.sum(terms)


def fair_days(roster: RosterModel, days: tuple[int, ...]) -> Expression:
    """Days off the fair shares: every patrol is shared equally among all present that day."""
    teams = Counter((i.pool, day) for i, day in zip(roster.problem.items, days, strict=True))
    shares: dict[int, Fraction] = defaultdict(Fraction)
    loads: dict[int, list[Literal]] = defaultdict(list)
    for shift, count in sorted(teams.items()):
        present = _present(roster, shift)
        for person, literal in present.items():
            shares[person] += Fraction(count * roster.problem.crew_size, len(present))
            loads[person].append(literal)
    return cp_model.LinearExpr.sum(
        [
            _off_target(roster.model, cp_model.LinearExpr.sum(loads[person]), shares[person])
            for person in sorted(loads)
        ]
    )


def _present(roster: RosterModel, shift: Shift) -> dict[int, Literal]:
    return {
        person: roster.staff.aboard[person, *shift]
        for person in range(len(roster.problem.people))
        if (person, *shift) in roster.staff.aboard
    }


#: Goals over dates, by rank, with the share of the effort each may use.
DATE_GOALS: tuple[tuple[str, Callable[[RosterModel], Expression], float], ...] = (
    ("soft gaps", soft_gaps, 0.55),
    ("even weeks", even_weeks, 0.2),
)

#: Goals over people once the dates are pinned, by rank.
PEOPLE_GOALS: tuple[
    tuple[str, Callable[[RosterModel, tuple[int, ...]], Expression], float], ...
] = (
    ("wanted aboard", wanted_aboard, 0.1),
    ("fair days", fair_days, 0.15),
)
