"""The least staff that counts allow: how few people and vehicles could serve all windows.

    least_people(question, vehicles=None) -> Least      # anonymous people, so many vehicles
    least_vehicles(question) -> Least                   # however many people
    frontier(question) -> tuple[Corner, ...]            # fewer vehicles against fewer people
    staffed(question, people, vehicles) -> Staffed      # who of so many is off in which week

Of a ``CountProblem`` only windows, calendar, crew size and caps are asked for; its people and
vehicles are replaced by a number of equal ones, each for every pool, every person licensed and off
for some whole weeks. Equal people need no names: without leave, days on which ``crew x patrols``
people are out can be shared among P people if and only if every day asks for at most P, every week
and every span for at most P times the cap. (These limits are on days in a row, their matrix is
totally unimodular, so whatever P people could do together falls into what each one may do: Baum
and Trotter 1978.) With leave the same sums are necessary only, and people are told apart to find
out whether they suffice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ortools.sat.python import cp_model

from optimizer.counts_problem import CountProblem, CountWindow
from optimizer.named_staff import Helpers, feasible, with_helpers
from optimizer.roster_search import Budget, RosterStatus, run, status_of
from optimizer.roster_staff import Person, Vehicle

#: (series, pool, day): patrols of one series never count for windows of another.
_Place = tuple[int, int, int]
#: By no more than this does leave raise the number that sums ask for.
_MOST_RAISED = 4


@dataclass(frozen=True)
class StaffQuestion:
    """Windows to be served by equal people, each off for ``weeks_off`` of the ``open_weeks``.

    ``open_weeks`` are numbers of weeks as in ``problem.week_of_day``. Raises ValueError when there
    are fewer of them than everybody takes.
    """

    problem: CountProblem
    weeks_off: int = 0
    open_weeks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.weeks_off > len(self.open_weeks):
            raise ValueError(f"{self.weeks_off} weeks off, {len(self.open_weeks)} to choose from")

    def alone(self, window: int) -> StaffQuestion:
        """Return the question about one window, nobody off: what it takes is always needed."""
        only = replace(self.problem, windows=(self.problem.windows[window],))
        return StaffQuestion(only)


@dataclass(frozen=True)
class Least:
    """Fewer than ``lower`` are proven not to do. OPTIMAL: counts allow ``lower`` themselves.

    INFEASIBLE: no number does, for a window has too few days; ``lower`` then means nothing.
    """

    lower: int
    status: RosterStatus


@dataclass(frozen=True)
class Staffed:
    """Weeks off of each of so many people with which counts allow all windows, when OPTIMAL."""

    status: RosterStatus
    weeks_off: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Corner:
    """With so many vehicles fewer than ``people.lower`` people are proven not to do."""

    vehicles: int
    people: Least


@dataclass(frozen=True)
class _Model:
    model: cp_model.CpModel
    people: Any
    vehicles: Any
    off: Mapping[int, Any]


def least_people(
    question: StaffQuestion, vehicles: int | None = None, *, seed: int = 0, effort: float = 4.0
) -> Least:
    """Return the least people for all windows with so many vehicles.

    None for vehicles, as many as it takes, gives a bound where people take leave. ``effort`` is in
    CP-SAT's deterministic seconds, for each solve.
    """
    staff = _model(question, vehicles=vehicles)
    staff.model.minimize(staff.people)
    least = _least(staff.model, seed, effort)
    if vehicles is None or not question.weeks_off or least.status is not RosterStatus.OPTIMAL:
        return least
    for people in range(least.lower, least.lower + _MOST_RAISED):
        status = staffed(question, people, vehicles, seed=seed, effort=effort).status
        if status is not RosterStatus.INFEASIBLE:
            return Least(people, status)
    return Least(least.lower + _MOST_RAISED, RosterStatus.NOT_FOUND)


def least_vehicles(question: StaffQuestion, *, seed: int = 0, effort: float = 4.0) -> Least:
    """Return the least vehicles for all windows, however many people there are."""
    staff = _model(question)
    staff.model.minimize(staff.vehicles)
    return _least(staff.model, seed, effort)


def _least(model: cp_model.CpModel, seed: int, effort: float) -> Least:
    last = run(model, Budget(seed, effort))
    if last.interrupted:
        raise KeyboardInterrupt
    return Least(max(0, last.lower_bound), status_of(last, closed=last.closed))


def alone(
    question: StaffQuestion, vehicles: int | None = None, *, seed: int = 0
) -> tuple[Least, ...]:
    """Return the least people of each window taken alone, nobody off: cheap lower bounds."""
    found: dict[CountWindow, Least] = {}
    windows = question.problem.windows
    for index, window in enumerate(windows):
        if window not in found:
            found[window] = least_people(question.alone(index), vehicles, seed=seed)
    return tuple(found[window] for window in windows)


def frontier(question: StaffQuestion, *, seed: int = 0, effort: float = 4.0) -> tuple[Corner, ...]:
    """Return the least people for each number of vehicles that saves people, the fewest first.

    Empty when no number of people and vehicles does.
    """
    fewest = least_vehicles(question, seed=seed, effort=effort)
    if fewest.status is RosterStatus.INFEASIBLE:
        return ()
    crew, most = question.problem.crew_size, most_patrols_of(question.problem)
    corners: list[Corner] = []
    enough = 0
    for vehicles in range(fewest.lower, most + 1):
        people = least_people(question, vehicles, seed=seed, effort=effort)
        if people.status is not RosterStatus.INFEASIBLE and not (
            corners and people.lower >= corners[-1].people.lower
        ):
            corners.append(Corner(vehicles, people))
        # A vehicle for every crew: further ones stay behind.
        if corners and vehicles * crew >= corners[-1].people.lower:
            break
        if len(corners) == 1 and corners[0].vehicles == vehicles:
            enough = least_people(question, seed=seed, effort=effort).lower
        if corners and corners[-1].people.lower <= enough:
            break
    return tuple(corners)


def staffed(
    question: StaffQuestion, people: int, vehicles: int, *, seed: int = 0, effort: float = 4.0
) -> Staffed:
    """Return whether counts allow all windows with so many people, and who is off when.

    Few are off at the same time where that is found to do. INFEASIBLE is proven, whatever leave.
    """
    weeks = _spread_leave(question, people, vehicles, seed, effort)
    days = tuple(sorted({day for window in question.problem.windows for day in window.days}))
    pools = tuple(sorted({window.pool for window in question.problem.windows}))
    equal = replace(
        question.problem, people=(), vehicles=(Vehicle(pools, days),) * vehicles, absences=()
    )
    if weeks is not None:
        of_day = question.problem.week_of_day
        present = [tuple(day for day in days if of_day[day] not in off) for off in weeks]
        known = replace(equal, people=tuple(Person(pools, own, own) for own in present))
        if feasible(known, seed, effort) is RosterStatus.OPTIMAL:
            return Staffed(RosterStatus.OPTIMAL, weeks)
    helpers = Helpers(days, pools, question.weeks_off, question.open_weeks)
    return Staffed(*with_helpers(equal, helpers, people, seed=seed, effort=effort))


def _spread_leave(
    question: StaffQuestion, people: int, vehicles: int, seed: int, effort: float
) -> tuple[tuple[int, ...], ...] | None:
    """Return each person's weeks off, few at a time, such that the sums allow all windows."""
    if not question.weeks_off:
        return ((),) * people
    staff = _model(question, people=people, vehicles=vehicles)
    most = staff.model.new_int_var(0, people, "most off")
    for off in staff.off.values():
        staff.model.add(off <= most)
    staff.model.minimize(most)
    last = run(staff.model, Budget(seed, effort))
    if last.interrupted:
        raise KeyboardInterrupt
    if not last.found:
        return None
    weeks = [week for week, off in sorted(staff.off.items()) for _ in range(last.values[off.index])]
    # No week comes up more often than there are people, so nobody is given one twice.
    return tuple(tuple(weeks[person::people]) for person in range(people))


def most_patrols_of(problem: CountProblem) -> int:
    """Return how many patrols all windows need together, spaced visits and peaks included."""
    return sum(
        window.need + sum(spacing.count for spacing in window.spacings) + len(window.hits)
        for window in problem.windows
    )


def _model(
    question: StaffQuestion, *, people: int | None = None, vehicles: int | None = None
) -> _Model:
    problem, model = question.problem, cp_model.CpModel()
    total = most_patrols_of(problem)
    # With so many people every patrol has a crew of its own that never goes out again.
    plenty = (problem.crew_size * total + 1) * (1 + len(question.open_weeks))
    head = model.new_int_var(0, plenty, "people") if people is None else people
    cars = model.new_int_var(0, total, "vehicles") if vehicles is None else vehicles
    off = {week: model.new_int_var(0, plenty, f"off {week}") for week in question.open_weeks}
    if question.open_weeks:
        model.add(cp_model.LinearExpr.sum(list(off.values())) == question.weeks_off * head)
        for gone in off.values():
            model.add(gone <= head)
    staff = _Model(model, head, cars, off)
    served = {
        (window.series, window.pool, day): None for window in problem.windows for day in window.days
    }
    patrols = {place: model.new_int_var(0, total, f"patrols {place}") for place in sorted(served)}
    for index, window in enumerate(problem.windows):
        _serve(model, index, window, patrols)
    _limit(staff, problem, patrols)
    return staff


def _serve(
    model: cp_model.CpModel, index: int, window: CountWindow, patrols: Mapping[_Place, Any]
) -> None:
    """Give a window its patrols, spaced visits on days of their own, and peaks a patrol each."""
    days = sorted(set(window.days))
    here = {day: patrols[window.series, window.pool, day] for day in days}
    _at_least(model, list(here.values()), window.need)
    for hit in window.hits:
        _at_least(model, [here[day] for day in days if day in set(hit)], 1)
    for spacing in window.spacings:
        before: Mapping[int, Any] = {}
        for visit in range(spacing.count):
            on = {day: model.new_bool_var(f"visit {index} {visit} {day}") for day in days}
            model.add_exactly_one(on.values())
            for day, literal in on.items():
                model.add(here[day] >= 1).only_enforce_if(literal)
            for day, literal in before.items():
                early = [on[other] for other in days if other < day + spacing.days]
                model.add_at_most_one([literal, *early])
            before = on


def _at_least(model: cp_model.CpModel, patrols: Sequence[Any], need: int) -> None:
    if patrols:
        model.add(cp_model.LinearExpr.sum(list(patrols)) >= need)
    elif need > 0:
        model.add_bool_or([])


def _limit(staff: _Model, problem: CountProblem, patrols: Mapping[_Place, Any]) -> None:
    """Keep to vehicles and people of each day, and to the caps of all people together."""
    by_day: dict[int, list[Any]] = defaultdict(list)
    for (_, _, day), count in patrols.items():
        by_day[day].append(count)
    model, head, crew = staff.model, staff.people, problem.crew_size
    out = {day: crew * cp_model.LinearExpr.sum(counts) for day, counts in sorted(by_day.items())}
    by_week: dict[int, list[Any]] = defaultdict(list)
    for day, people in out.items():
        week = problem.week_of_day[day]
        by_week[week].append(people)
        model.add(cp_model.LinearExpr.sum(by_day[day]) <= staff.vehicles)
        model.add(people + staff.off.get(week, 0) <= head)
    for week, together in by_week.items():
        present = head - staff.off.get(week, 0)
        model.add(cp_model.LinearExpr.sum(together) <= problem.week_cap * present)
    for first in out:
        within = [people for day, people in out.items() if first <= day < first + problem.span_days]
        model.add(cp_model.LinearExpr.sum(within) <= problem.span_cap * head)


def full_weeks(problem: CountProblem, work_days: Sequence[int], length: int = 5) -> tuple[int, ...]:
    """Return the weeks that hold at least ``length`` of the days: those one can take off."""
    tally = Counter(problem.week_of_day[day] for day in set(work_days))
    return tuple(week for week, days in sorted(tally.items()) if days >= length)
