"""Dates and people: which patrol runs on which day, and who is out that day (CP-SAT).

    solve_roster(problem, *, seed=0, effort=8.0, time_limit_seconds=None, progress=None, goals=True)
        -> RosterResult

``effort`` is a budget in CP-SAT's deterministic seconds (about a second of one core each), so that
the same problem and seed give the same roster on every machine; ``time_limit_seconds`` is a safety
net. ``progress(stage, done, total)`` is called before every stage.

Goals rank strictly: first dates at all, without objective; then the goals over dates; then, dates
pinned, people at all and the goals over people (``GOALS`` lists all). Every run starts from the
last and keeps what it reached. Dates are first sought with people as mere sums, which is small,
fast and bounds the whole; only where no people fit those dates are both sought in one model.
Booleans only: "item runs on day", "person is out on day".
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from optimizer.roster_dates import DatesModel, date_stages, dates_model, further_goals
from optimizer.roster_people import PeopleModel, people_model, people_stages
from optimizer.roster_problem import (
    Apart,
    DayCosts,
    FixedGap,
    FreeDays,
    Item,
    OneOf,
    RosterProblem,
    RosterResult,
    SoftGap,
)
from optimizer.roster_rhythm import likely_people, rhythm
from optimizer.roster_search import (
    Budget,
    Goal,
    RosterStatus,
    Run,
    Stage,
    StageProgress,
    improve,
    start_from_guess,
    status_of,
)
from optimizer.roster_staff import Literal, Person, Shift, Vehicle

__all__ = [
    "Apart",
    "DayCosts",
    "FixedGap",
    "FreeDays",
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


#: What ``progress`` counts: dates, their two goals, people, their goals in three runs.
_STAGES = 7
_PEOPLE_STAGE = 3
#: Names of the goals of every roster, by rank; those of ``date_stages`` that hang on the problem
#: come between the first two.
GOALS = ("soft gaps", "even weeks", "wanted aboard", "fair days", "fair minutes", "rotated pairs")


def solve_roster(
    problem: RosterProblem,
    *,
    seed: int = 0,
    effort: float = 8.0,
    time_limit_seconds: float | None = None,
    progress: StageProgress | None = None,
    goals: bool = True,
) -> RosterResult:
    """Date every item and say who is out; see the module for the order of goals.

    ``goals`` false only asks whether there is a roster: the first one found, or the proof.
    INFEASIBLE is proven. TIME_LIMIT and INTERRUPTED (Ctrl-C) come with the best roster so far, if
    any; KeyboardInterrupt passes through before the first solve only.
    """
    started = time.monotonic()
    budget = Budget.of(seed, effort, time_limit_seconds)
    result = _solve(problem, _Way(budget, progress or _silent, goals))
    return replace(result, seed=seed, runtime_seconds=time.monotonic() - started)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class _Way:
    """How to search, the same for every stage."""

    budget: Budget
    tell: StageProgress
    goals: bool

    def improve(
        self, model: cp_model.CpModel, known: Run, before: int, stages: Sequence[Stage]
    ) -> tuple[Run, Run, tuple[Goal, ...]]:
        """Improve goals in turn; ``before`` stages came before them.

        Goals over dates that only some problems have share a step.
        """
        most = _PEOPLE_STAGE - 1 if before < _PEOPLE_STAGE else _STAGES
        at = {stage.names[0]: min(before + rank, most) for rank, stage in enumerate(stages)}
        chosen = stages if self.goals else ()
        return improve(
            model, known, chosen, self.budget, lambda name: self.tell(name, at[name], _STAGES)
        )


@dataclass(frozen=True)
class _Dates:
    """Where the search for dates ended; ``days`` is empty when none were found.

    ``aboard`` and ``driving`` hold the (person, pool, day) found with them in the joint model.
    """

    days: tuple[int, ...]
    goals: tuple[Goal, ...]
    last: Run
    aboard: frozenset[tuple[int, int, int]] = frozenset()
    driving: frozenset[tuple[int, int, int]] = frozenset()


def _solve(problem: RosterProblem, way: _Way) -> RosterResult:
    if not problem.items:
        return RosterResult(RosterStatus.OPTIMAL)
    dates = _find_dates(problem, way, rhythm(problem), joint=False)
    if not dates.days:
        return RosterResult(status_of(dates.last, closed=False))
    result = _find_people(problem, dates, way)
    if result is not None:
        return result
    # No people for these dates: both in one model, bounded by what its relaxation proved.
    joint = _find_dates(problem, way, dates.days, joint=True)
    if not joint.days:
        return RosterResult(status_of(joint.last, closed=False))
    bound = max((goal.lower_bound for goal in dates.goals[:1]), default=0)
    gaps = [replace(goal, lower_bound=max(goal.lower_bound, bound)) for goal in joint.goals[:1]]
    joint = replace(joint, goals=(*gaps, *joint.goals[1:]))
    return _find_people(problem, joint, way) or RosterResult(RosterStatus.NOT_FOUND)


def _find_dates(problem: RosterProblem, way: _Way, guess: Sequence[int], *, joint: bool) -> _Dates:
    """Date all items near a guess, then improve the goals over dates."""
    way.tell("dates", 0, _STAGES)
    dates = dates_model(problem, joint=joint)
    for runs, day in zip(dates.runs, guess, strict=True):
        for other, literal in runs.items():
            dates.model.add_hint(literal, other == day)
    first = start_from_guess(dates.model, way.budget)
    if not first.found:
        return _Dates((), (), first)
    best, last, reached = way.improve(dates.model, first, 1, date_stages(dates))
    staff = [dates.staff.aboard, dates.staff.driving] if dates.staff else []
    who = [frozenset(key for key, literal in role.items() if best.on(literal)) for role in staff]
    return _Dates(_days_of(dates, best), reached, last, *who)


def _days_of(dates: DatesModel, best: Run) -> tuple[int, ...]:
    return tuple(
        next(day for day, literal in runs.items() if best.on(literal)) for runs in dates.runs
    )


def _find_people(problem: RosterProblem, dates: _Dates, way: _Way) -> RosterResult | None:
    """Staff the dates, then improve the goals over people; None when the dates cannot be staffed.

    A roster is worth a second past the deadline, its improvement is not.
    """
    way.tell("people", _PEOPLE_STAGE, _STAGES)
    try:
        people = _guessed_people(problem, dates)
    except KeyboardInterrupt:  # dates without people are no roster: built anew, not improved
        people = _guessed_people(problem, dates)
        dates = replace(dates, last=replace(dates.last, closed=False, interrupted=True))
    best = last = start_from_guess(people.model, way.budget.with_grace(1.0))
    if not best.found:
        stopped = best if best.stopped else dates.last
        return RosterResult(status_of(stopped, closed=False)) if stopped.stopped else None
    reached: tuple[Goal, ...] = ()
    if dates.last.stopped:
        last = dates.last
    else:
        stages = people_stages(people)
        best, last, reached = way.improve(people.model, best, _PEOPLE_STAGE + 1, stages)
    way.tell("done", _STAGES, _STAGES)
    reached = (*dates.goals, *reached)
    wanted = len(GOALS) + len(further_goals(people.problem))
    closed = len(reached) == wanted and all(goal.closed for goal in reached)
    return _result(people, best, status_of(last, closed=closed), reached)


def _guessed_people(problem: RosterProblem, dates: _Dates) -> PeopleModel:
    """Return the model of who goes on these dates, with a guess to start from."""
    people = people_model(problem, dates.days)
    aboard, driving = (
        (dates.aboard, dates.driving) if dates.aboard else likely_people(problem, dates.days)
    )
    for role, guess in ((people.staff.aboard, aboard), (people.staff.driving, driving)):
        for key, literal in role.items():
            people.model.add_hint(literal, key in guess)
    return people


def _result(
    people: PeopleModel, best: Run, status: RosterStatus, goals: tuple[Goal, ...]
) -> RosterResult:
    """Read the best run; drivers nobody needs stay at home."""
    problem, staff = people.problem, people.staff
    out, at_wheel, on_loan = (_by_shift(best, r) for r in (staff.aboard, staff.driving, staff.lent))
    aboard: dict[Shift, tuple[int, ...]] = {}
    drivers: dict[Shift, tuple[int, ...]] = {}
    vehicles: dict[Shift, tuple[int, ...]] = {}
    for (pool, day), teams in sorted(people.teams.items(), key=lambda pair: pair[0][::-1]):
        shift = (pool, day)
        inspectors = out.get(shift, ())
        able = sum(day in problem.people[person].driving_days for person in inspectors)
        aboard[day, pool] = inspectors
        drivers[day, pool] = at_wheel.get(shift, ())[: max(0, teams - able)]
        own = [
            index
            for index, vehicle in enumerate(problem.vehicles)
            if vehicle.pools == (pool,) and day in vehicle.days
        ]
        vehicles[day, pool] = tuple(sorted([*own, *on_loan.get(shift, ())]))
    return RosterResult(
        status=status,
        day_of_item=people.days,
        people_of=aboard,
        drivers_of=drivers,
        vehicles_of=vehicles,
        goals=goals,
        gap_violations=gap_violations(problem, people.days),
    )


def _by_shift(
    best: Run, role: Mapping[tuple[int, int, int], Literal]
) -> dict[Shift, tuple[int, ...]]:
    """Return who has a role in each shift that has someone, sorted."""
    chosen: dict[Shift, list[int]] = {}
    for (index, pool, day), literal in sorted(role.items(), key=lambda pair: pair[0]):
        if best.on(literal):
            chosen.setdefault((pool, day), []).append(index)
    return {shift: tuple(indices) for shift, indices in chosen.items()}


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
