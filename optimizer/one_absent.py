"""One absence at a time: of whom, and when, leaves some window without the patrols it needs.

    base_days(problem) -> tuple of days out per person, or None
    one_absent(problem, base, absence, enough) -> Absent

A year's roster that counts allow is the start. Who is not out in it during an absence is not
missed. Else only the windows that the absence touches are looked at, with everybody's other patrol
days as they are: counts that fit are counts that fit the year. Where they do not, those windows
alone (a proof, if they fail), and the whole year last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from optimizer.counts import most_patrols, most_patrols_year
from optimizer.counts_model import count_model
from optimizer.counts_problem import Absence, CountProblem
from optimizer.named_staff import feasible
from optimizer.roster_search import Budget, RosterStatus, run
from optimizer.roster_staff import CauseKind, Person

#: Days out of each person, in the order of people.
BaseDays = tuple[tuple[int, ...], ...]


class Verdict(StrEnum):
    """What an absence comes to."""

    NOT_MISSED = "not-missed"  # counts allow the roster as it is
    COVERED = "covered"  # counts allow another roster
    OPEN = "open"  # neither a roster nor a proof
    SHORT = "short"  # proven: some window lacks patrols


@dataclass(frozen=True)
class Absent:
    """``windows`` (indices) are ``short`` of patrols, proven, when SHORT; taken alone if so few.

    ``together``: each of the windows has enough alone, not all at once.
    """

    verdict: Verdict
    windows: tuple[int, ...] = ()
    short: tuple[int, ...] = ()
    together: bool = False


def base_days(problem: CountProblem, *, seed: int = 0, effort: float = 4.0) -> BaseDays | None:
    """Return on which days each person is out in a roster that counts allow, None without one."""
    if any(window.need > 0 and not window.days for window in problem.windows):
        return None
    counts = count_model(problem, range(len(problem.windows)))
    last = run(counts.staff.model, Budget(seed, effort))
    if last.interrupted:
        raise KeyboardInterrupt
    if not last.found:
        return None
    return tuple(
        tuple(day for day, literal in days.items() if last.on(literal)) for days in counts.staff.out
    )


def one_absent(
    problem: CountProblem,
    base: BaseDays,
    absence: Absence,
    needs: Sequence[int],
    *,
    seed: int = 0,
    effort: float = 1.0,
) -> Absent:
    """Return what becomes of the windows when ``absence`` comes on top of everybody's own days.

    ``problem`` asks for the patrols of routes that were found, and ``base`` is its roster;
    ``needs`` are those proven necessary, and SHORT is proven by them.
    """
    away = set(absence.days)
    vehicle = absence.kind is CauseKind.VEHICLE
    if not vehicle and not away & set(base[absence.who]):
        return Absent(Verdict.NOT_MISSED)
    absent = without(problem, absence)
    touched = _touched(problem, away)
    local = replace(
        absent,
        windows=tuple(problem.windows[i] for i in touched),
        people=_committed(absent.people, base, _days(problem, touched)),
    )
    if feasible(local, seed, effort) is RosterStatus.OPTIMAL:
        return Absent(Verdict.COVERED)
    proven = _needing(absent, needs)
    found = _short_alone(proven, touched, away, seed)
    if found.windows:
        return found
    few = replace(proven, windows=tuple(proven.windows[i] for i in touched))
    if feasible(few, seed, effort) is RosterStatus.INFEASIBLE:
        return Absent(Verdict.SHORT, touched, (_short_together(few, seed),), together=True)
    if feasible(absent, seed, 4 * effort) is RosterStatus.OPTIMAL:
        return Absent(Verdict.COVERED)
    if feasible(proven, seed, 4 * effort) is RosterStatus.INFEASIBLE:
        every = tuple(range(len(problem.windows)))
        return Absent(Verdict.SHORT, every, (1,), together=True)
    return Absent(Verdict.OPEN)


def without(problem: CountProblem, absence: Absence) -> CountProblem:
    """Return the problem with the days of an absence taken from the person or vehicle."""
    away = set(absence.days)

    def left(days: Sequence[int]) -> tuple[int, ...]:
        return tuple(day for day in days if day not in away)

    if absence.kind is CauseKind.VEHICLE:
        vehicles = list(problem.vehicles)
        one = vehicles[absence.who]
        vehicles[absence.who] = replace(one, days=left(one.days))
        return replace(problem, vehicles=tuple(vehicles))
    people = list(problem.people)
    who = people[absence.who]
    people[absence.who] = replace(
        who, certified_days=left(who.certified_days), driving_days=left(who.driving_days)
    )
    return replace(problem, people=tuple(people))


def _touched(problem: CountProblem, away: Collection[int]) -> tuple[int, ...]:
    """Return the windows with a day of the absence, and all that share a day with one of them."""
    days, chosen = set(away), set[int]()
    while True:
        more = {
            index
            for index, window in enumerate(problem.windows)
            if index not in chosen and days & set(window.days)
        }
        if not more:
            return tuple(sorted(chosen))
        chosen |= more
        days.update(*(problem.windows[index].days for index in more))


def _days(problem: CountProblem, windows: Sequence[int]) -> set[int]:
    return {day for index in windows for day in problem.windows[index].days}


def _committed(
    people: Sequence[Person], base: BaseDays, free: Collection[int]
) -> tuple[Person, ...]:
    """Return people who are out on their other days as in the base."""
    return tuple(
        replace(
            person,
            worked_days=(*person.worked_days, *(day for day in days if day not in free)),
        )
        for person, days in zip(people, base, strict=True)
    )


def _needing(problem: CountProblem, needs: Sequence[int]) -> CountProblem:
    windows = zip(problem.windows, needs, strict=True)
    return replace(problem, windows=tuple(replace(w, need=need) for w, need in windows))


def _short_alone(
    problem: CountProblem, touched: Sequence[int], away: Collection[int], seed: int
) -> Absent:
    """Return the windows that lack patrols even if they were the only ones."""
    short = {}
    for index in touched:
        window = problem.windows[index]
        if not set(window.days) & set(away):
            continue
        lacking = window.need - most_patrols(problem, index, seed=seed)
        if lacking > 0:
            short[index] = lacking
        else:
            only = replace(problem, windows=(window,))
            if feasible(only, seed, 1.0) is RosterStatus.INFEASIBLE:
                short[index] = 1  # enough patrols, but not on the days that visits must keep
    if not short:
        return Absent(Verdict.OPEN)
    return Absent(Verdict.SHORT, tuple(short), tuple(short.values()))


def _short_together(problem: CountProblem, seed: int) -> int:
    """Return a proven least number of patrols that the windows lack together.

    Where a patrol may count for several windows no more than 1 is claimed.
    """
    places = [(w.series, w.pool, day) for w in problem.windows for day in set(w.days)]
    if len(set(places)) < len(places):
        return 1
    needs = [window.need for window in problem.windows]
    equal = replace(problem, windows=tuple(replace(w, weight=1) for w in problem.windows))
    return max(1, sum(needs) - most_patrols_year(equal, needs, seed=seed).upper_bound)
