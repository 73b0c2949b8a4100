"""Named people, each with their own days: how few of them counts allow, or how many more it takes.

    least_kept(problem, at_least=0) -> Kept     # which of them; how many are proven too few
    least_more(problem, helpers) -> More        # further equal people that it takes
    busiest_week(problem) -> int | None         # patrols of the busiest week, at the least

Unlike ``least_staff`` people are not equal here: leave, certificates and licences are their own.
People without a certificate stay: only inspectors are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from optimizer.counts import count_feasible
from optimizer.counts_model import CountModel, count_model
from optimizer.counts_problem import CountProblem
from optimizer.roster_search import Budget, RosterStatus, Run, run, status_of
from optimizer.roster_staff import Person


@dataclass(frozen=True)
class Kept:
    """The inspectors that counts allow to do alone (person indices), none when nothing was found.

    Any choice of fewer than ``lower`` is proven too few. INFEASIBLE: all of them are too few.
    """

    lower: int
    people: tuple[int, ...]
    status: RosterStatus


@dataclass(frozen=True)
class More:
    """Fewer than ``lower`` further people are proven not to do. OPTIMAL: counts allow ``lower``.

    ``weeks_off`` are the weeks that each of them is off. INFEASIBLE: no number of people helps.
    """

    lower: int
    weeks_off: tuple[tuple[int, ...], ...]
    status: RosterStatus


@dataclass(frozen=True)
class Helpers:
    """Who could be added: everybody licensed, certified on ``days``, for all ``pools``.

    Each is off for ``weeks_off`` of the ``open_weeks``; at most ``most`` are added.
    """

    days: tuple[int, ...]
    pools: tuple[int, ...]
    weeks_off: int = 0
    open_weeks: tuple[int, ...] = ()
    most: int = 20


def inspectors_of(problem: CountProblem) -> tuple[int, ...]:
    """Return the indices of the people who are certified on some day."""
    return tuple(i for i, person in enumerate(problem.people) if person.certified_days)


def least_kept(
    problem: CountProblem, at_least: int = 0, *, seed: int = 0, effort: float = 4.0
) -> Kept:
    """Return the fewest inspectors who could do it; ``at_least`` of them are known to be needed.

    ``effort`` is for each number tried, in CP-SAT's deterministic seconds.
    """
    inspectors = inspectors_of(problem)
    proven, lower = True, min(at_least, len(inspectors))
    for number in range(lower, len(inspectors) + 1):
        counts = _counts(problem)
        kept = _at_most(counts, inspectors, number)
        last = _run(counts, seed, effort)
        if last.found:
            people = tuple(i for i in inspectors if last.on(kept[i]))
            return Kept(lower, people, RosterStatus.OPTIMAL if proven else RosterStatus.FEASIBLE)
        proven = proven and last.infeasible
        lower = number + 1 if proven else lower
    status = RosterStatus.INFEASIBLE if proven else RosterStatus.NOT_FOUND
    return Kept(lower, (), status)


def least_more(
    problem: CountProblem, helpers: Helpers, *, seed: int = 0, effort: float = 4.0
) -> More:
    """Return how many of the helpers it takes besides everybody named."""
    lower, proven = 0, True
    for number in range(helpers.most + 1):
        status, weeks = with_helpers(problem, helpers, number, seed=seed, effort=effort)
        if status is RosterStatus.OPTIMAL:
            return More(lower, weeks, status if proven else RosterStatus.FEASIBLE)
        proven = proven and status is RosterStatus.INFEASIBLE
        lower = number + 1 if proven else lower
    return More(lower, (), RosterStatus.INFEASIBLE if proven else RosterStatus.NOT_FOUND)


def feasible(problem: CountProblem, seed: int, effort: float) -> RosterStatus:
    """Return ``count_feasible``; Ctrl-C is raised as KeyboardInterrupt, not returned."""
    status = count_feasible(problem, seed=seed, effort=effort)
    if status is RosterStatus.INTERRUPTED:
        raise KeyboardInterrupt
    return status


def with_helpers(
    problem: CountProblem, helpers: Helpers, number: int, *, seed: int = 0, effort: float = 4.0
) -> tuple[RosterStatus, tuple[tuple[int, ...], ...]]:
    """Return whether counts allow all with so many helpers, and the weeks that each is off."""
    counts, off = _helped(problem, helpers, number)
    last = _run(counts, seed, effort)
    weeks = (
        [tuple(week for week, literal in one.items() if last.on(literal)) for one in off]
        if (last.found)
        else []
    )
    return status_of(last, closed=last.closed), tuple(weeks)


def _counts(problem: CountProblem) -> CountModel:
    return count_model(problem, range(len(problem.windows)))


def _run(counts: CountModel, seed: int, effort: float) -> Run:
    if any(window.need > 0 and not window.days for window in counts.problem.windows):
        counts.staff.model.add_bool_or([])  # a window without days needs patrols
    last = run(counts.staff.model, Budget(seed, effort))
    if last.interrupted:
        raise KeyboardInterrupt
    return last


def _at_most(counts: CountModel, inspectors: Sequence[int], number: int) -> dict[int, Any]:
    """Let at most ``number`` of the inspectors ever go out as such."""
    model = counts.staff.model
    kept = {i: model.new_bool_var(f"kept {i}") for i in inspectors}
    model.add(cp_model.LinearExpr.sum(list(kept.values())) <= number)
    for role in (counts.staff.aboard, counts.staff.driving):
        for (person, _, _), literal in role.items():
            if person in kept:
                model.add_implication(literal, kept[person])
    return kept


def _helped(
    problem: CountProblem, helpers: Helpers, number: int
) -> tuple[CountModel, list[dict[int, Any]]]:
    helper = Person(helpers.pools, helpers.days, helpers.days)
    first = len(problem.people)
    counts = _counts(replace(problem, people=(*problem.people, *(helper,) * number)))
    model, off = counts.staff.model, []
    for _ in range(number):
        weeks = {week: model.new_bool_var(f"off {week}") for week in helpers.open_weeks}
        model.add(cp_model.LinearExpr.sum(list(weeks.values())) == helpers.weeks_off)
        off.append(weeks)
    for role in (counts.staff.aboard, counts.staff.driving):
        for (person, _, day), literal in role.items():
            week = problem.week_of_day[day]
            if person >= first and week in off[person - first]:
                model.add_implication(literal, ~off[person - first][week])
    # Helpers are equal: the order of their first weeks off tells them apart no further.
    for one, other in pairwise(off):
        order = [week * (one[week] - other[week]) for week in one]
        model.add(cp_model.LinearExpr.sum(order) <= 0)
    return counts, off


def busiest_week(problem: CountProblem, *, seed: int = 0, effort: float = 2.0) -> int | None:
    """Return the fewest patrols that the busiest week of a roster can have, None without one.

    The best found within the effort; proven where that sufficed.
    """
    counts = _counts(problem)
    by_week: dict[int, list[Any]] = defaultdict(list)
    for (_, day), patrols in counts.staff.teams.items():
        by_week[problem.week_of_day[day]].append(patrols)
    model = counts.staff.model
    most = model.new_int_var(0, len(problem.people) * max(1, problem.day_count), "busiest")
    for together in by_week.values():
        model.add(cp_model.LinearExpr.sum(together) <= most)
    model.minimize(most)
    last = _run(counts, seed, effort)
    return last.value if last.found else None
