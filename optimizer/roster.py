"""Dates and people: which patrol runs on which day, and who is out that day (CP-SAT).

    solve_roster(problem, *, seed=0, effort=8.0, time_limit_seconds=None, progress=None)
        -> RosterResult

``effort`` is a budget in CP-SAT's deterministic seconds (about a second of one core each), so that
the same problem and seed give the same roster on every machine; ``time_limit_seconds`` is a safety
net. ``progress(stage, done, total)`` is called before every stage. Goals rank strictly: first a
roster at all, without objective; then each of ``DATE_GOALS`` and ``PEOPLE_GOALS`` in turn,
warm-started, keeping what the former ones reached. Booleans only: "item runs on day", "person is
out on day".
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from optimizer.roster_goals import DATE_GOALS, PEOPLE_GOALS, RosterModel
from optimizer.roster_problem import (
    Apart,
    FixedGap,
    Goal,
    Item,
    OneOf,
    RosterProblem,
    RosterResult,
    SoftGap,
)
from optimizer.roster_search import Budget, RosterStatus, Run, StageProgress, run, status_of
from optimizer.roster_staff import Expression, Literal, Person, Shift, Vehicle, staff_model

__all__ = [
    "Apart",
    "FixedGap",
    "Goal",
    "Item",
    "OneOf",
    "Person",
    "RosterProblem",
    "RosterResult",
    "RosterStatus",
    "SoftGap",
    "Vehicle",
    "solve_roster",
]


def solve_roster(
    problem: RosterProblem,
    *,
    seed: int = 0,
    effort: float = 8.0,
    time_limit_seconds: float | None = None,
    progress: StageProgress | None = None,
) -> RosterResult:
    """Date every item and say who is out; see the module for the order of goals.

    INFEASIBLE is proven. TIME_LIMIT and INTERRUPTED come with the best roster so far, if any.
    """
    started = time.monotonic()
    budget = Budget.of(seed, effort, time_limit_seconds)
    roster = roster_model(problem)
    tell = progress or _silent
    tell("feasible", 0, _STAGES)
    first = run(roster.model, budget)
    if not first.found:
        status = status_of(first, closed=False)
        return RosterResult(status, seed=seed, runtime_seconds=time.monotonic() - started)
    search = _Search(roster, budget, tell, best=first, last=first)
    for name, goal, share in DATE_GOALS:
        search = search.towards(name, goal, share)
    days = _pin_dates(search)
    for name, goal_of, share in PEOPLE_GOALS:
        search = search.towards(name, _on_days(goal_of, days), share)
    tell("done", _STAGES, _STAGES)
    result = _result(search, days)
    return replace(result, seed=seed, runtime_seconds=time.monotonic() - started)


def _on_days(
    goal: Callable[[RosterModel, tuple[int, ...]], Expression], days: tuple[int, ...]
) -> Callable[[RosterModel], Expression]:
    return lambda roster: goal(roster, days)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report nothing."""


def roster_model(problem: RosterProblem) -> RosterModel:
    """Build variables and every hard rule."""
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
    roster = RosterModel(problem, model, runs, staff_model(model, problem, teams))
    for rule in DATE_RULES:
        rule(roster)
    return roster


# --- the rules about dates; those about people and vehicles are STAFF_RULES -----------------------


def runs_once(roster: RosterModel) -> None:
    """Every item runs on exactly one of its days."""
    for days in roster.runs:
        roster.model.add_exactly_one(days.values())


def apart(roster: RosterModel) -> None:
    """Two items that may not come closer than so many days."""
    for rule in roster.problem.apart:
        for day in sorted(roster.runs[rule.item_a].keys() | roster.runs[rule.item_b].keys()):
            last = day + max(1, rule.days) - 1
            near = [roster.between(i, day, last) for i in (rule.item_a, rule.item_b)]
            roster.model.add(cp_model.LinearExpr.sum(near) <= 1)


def one_of(roster: RosterModel) -> None:
    """At least one of some items falls on one of some days."""
    for rule in roster.problem.one_of:
        roster.model.add_bool_or(
            roster.runs[item][day]
            for item in rule.items
            for day in rule.days
            if day in roster.runs[item]
        )


#: Every hard rule about dates.
DATE_RULES: tuple[Callable[[RosterModel], None], ...] = (runs_once, apart, one_of)


# --- searching ------------------------------------------------------------------------------------


_STAGES = 1 + len(DATE_GOALS) + len(PEOPLE_GOALS)


@dataclass(frozen=True)
class _Search:
    """Where the search stands: the best run so far, the last one, and the goals behind it."""

    roster: RosterModel
    budget: Budget
    tell: StageProgress
    best: Run
    last: Run
    goals: tuple[Goal, ...] = ()

    def towards(
        self, name: str, goal: Callable[[RosterModel], Expression], share: float
    ) -> _Search:
        """Improve one goal within its share of the effort, keeping what the former reached."""
        if self.last.stopped:
            return self
        self.tell(name, 1 + len(self.goals), _STAGES)
        model = self.roster.model
        _hint(model, self.best)
        known = len(self.best.values)
        expression = goal(self.roster)
        if len(model.proto.variables) == known and not isinstance(expression, cp_model.LinearExpr):
            return replace(self, goals=(*self.goals, Goal(name, expression, expression)))
        model.minimize(expression)
        # The value of what we have, and values for the goal's own variables, at no search.
        start = run(model, self.budget, settings={"fix_variables_to_their_hinted_value": True})
        if not start.found:
            return replace(self, last=start)
        _hint(model, start)
        last = run(model, self.budget, share=share)
        best = last if last.found and last.value <= start.value else start
        model.clear_objective()  # type: ignore[no-untyped-call]
        model.add(expression <= best.value)
        reached = Goal(name, best.value, max(0, last.lower_bound))
        return replace(self, best=best, last=last, goals=(*self.goals, reached))


def _hint(model: cp_model.CpModel, run_: Run) -> None:
    model.clear_hints()  # type: ignore[no-untyped-call]
    for index, value in enumerate(run_.values):
        model.add_hint(model.get_int_var_from_proto_index(index), value)


def _pin_dates(search: _Search) -> tuple[int, ...]:
    """Hold every item on its day from now on; return the days."""
    roster, best = search.roster, search.best
    days = []
    for runs in roster.runs:
        day = next(day for day, literal in runs.items() if best.on(literal))
        roster.model.add(runs[day] == 1)
        days.append(day)
    return tuple(days)


def _result(search: _Search, days: tuple[int, ...]) -> RosterResult:
    """Read the best run; drivers nobody needs stay at home."""
    problem, staff, best = search.roster.problem, search.roster.staff, search.best
    teams = Counter((day, item.pool) for item, day in zip(problem.items, days, strict=True))
    people: dict[Shift, tuple[int, ...]] = {}
    drivers: dict[Shift, tuple[int, ...]] = {}
    vehicles: dict[Shift, tuple[int, ...]] = {}
    for day, pool in sorted(teams):
        aboard = _who(best, staff.aboard, (pool, day))
        able = sum(day in problem.people[person].driving_days for person in aboard)
        needed = max(0, teams[day, pool] - able)
        people[day, pool] = aboard
        drivers[day, pool] = _who(best, staff.driving, (pool, day))[:needed]
        own = [
            index
            for index, vehicle in enumerate(problem.vehicles)
            if vehicle.pools == (pool,) and day in vehicle.days
        ]
        vehicles[day, pool] = tuple(sorted([*own, *_who(best, staff.lent, (pool, day))]))
    closed = len(search.goals) == _STAGES - 1 and all(goal.closed for goal in search.goals)
    return RosterResult(
        status=status_of(search.last, closed=closed),
        day_of_item=days,
        people_of=people,
        drivers_of=drivers,
        vehicles_of=vehicles,
        goals=search.goals,
        gap_violations=gap_violations(problem, days),
    )


def _who(best: Run, role: Mapping[tuple[int, int, int], Literal], shift: Shift) -> tuple[int, ...]:
    return tuple(
        sorted(
            index
            for (index, pool, day), literal in role.items()
            if (pool, day) == shift and best.on(literal)
        )
    )


def gap_violations(problem: RosterProblem, days: Sequence[int]) -> int:
    """Return the weight of the soft gaps that these days do not keep."""
    weight = 0
    for gap in problem.gaps:
        between = days[gap.item_b] - days[gap.item_a]
        between = between if gap.ordered else abs(between)
        weight += gap.weight * (not gap.min_days <= between <= gap.max_days)
    for fixed in problem.fixed_gaps:
        between = days[fixed.item] - fixed.day
        weight += fixed.weight * (not fixed.min_days <= between <= fixed.max_days)
    return weight
