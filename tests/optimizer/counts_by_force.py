"""Patrols that held causes allow, by trying everything: shares nothing with the count model."""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations, pairwise, product
from operator import ge

from optimizer.counts import Cause, CauseKind, CountProblem

KIND = CauseKind


def outings(
    problem: CountProblem, held: frozenset[Cause], pool: int, day: int
) -> list[tuple[frozenset[int], int]]:
    """All (people out, patrols) of the only pool on a day, as the held causes allow."""
    windows = list(enumerate(problem.windows))
    on = any(day in window.days for _, window in windows)
    off = [Cause(KIND.CALENDAR, i) for i, window in windows if day in window.off_days]
    if not on and (not off or held.issuperset(off)):
        return [(frozenset(), 0)]
    away: dict[CauseKind, set[int]] = {kind: set() for kind in KIND}
    for index, absence in enumerate(problem.absences):
        if day in absence.days and Cause(absence.kind, index) in held:
            away[absence.kind].add(absence.who)
    certified = [
        i
        for i, person in enumerate(problem.people)
        if day in person.certified_days and i not in away[KIND.LEAVE] | away[KIND.CERTIFICATE]
    ]
    drivers = [
        i
        for i, person in enumerate(problem.people)
        if day in person.driving_days and i not in away[KIND.LEAVE]
    ]
    cars = sum(
        day in vehicle.days and i not in away[KIND.VEHICLE]
        for i, vehicle in enumerate(problem.vehicles)
    )
    needs = [window.need for window in problem.windows]
    most = max(len(problem.people), sum(needs) if _apart(problem) else max(needs))
    most = min(most, cars) if Cause(KIND.FLEET, 0) in held else most
    drive = {Cause(KIND.LICENCE, 0), Cause(KIND.STAFF, 0)}
    found: list[tuple[frozenset[int], int]] = []
    for teams in range(most + 1):
        sizes = [teams * problem.crew_size] if Cause(KIND.STAFF, 0) in held else [0]
        for aboard in chain(*(combinations(certified, size) for size in sizes)):
            able = sum(i in drivers for i in aboard)
            needed = teams - able if drive <= held else 0
            rest = [i for i in drivers if i not in aboard]
            found += [
                (frozenset((*aboard, *besides)), teams)
                for besides in combinations(rest, max(0, needed))
            ]
    return [  # whoever need not go out for as many patrols stays
        (out, teams)
        for out, teams in found
        if not any(other < out and teams == count for other, count in found)
    ]


def brute_force(problem: CountProblem, held: frozenset[Cause]) -> list[tuple[int, ...]]:
    """All patrols by day that the held causes allow (one pool).

    Only the largest: fewer patrols tire people less and serve windows less, so nothing is lost.
    """
    per_day = [outings(problem, held, 0, day) for day in range(problem.day_count)]
    allowed: set[tuple[int, ...]] = set()
    for chosen in product(*per_day):
        teams = tuple(count for _, count in chosen)
        if teams not in allowed and _people_hold(problem, held, [out for out, _ in chosen]):
            allowed.add(teams)
    largest: list[tuple[int, ...]] = []
    for teams in sorted(allowed, key=sum, reverse=True):
        if not any(all(map(ge, more, teams)) for more in largest):
            largest.append(teams)
    return [teams for teams in largest if _windows_hold(problem, held, teams)]


def _apart(problem: CountProblem) -> bool:
    return len({window.series for window in problem.windows}) > 1


def _windows_hold(problem: CountProblem, held: frozenset[Cause], teams: tuple[int, ...]) -> bool:
    """Every window holds; where their series differ, for some way of sharing the patrols out."""
    if not _apart(problem):
        return all(_window_holds(problem, held, i, teams) for i in range(len(problem.windows)))
    first, second = (_open_days(problem, held, index) for index in (0, 1))
    enough = max(1, problem.windows[0].need)
    most = [min(count, enough) if day in first else 0 for day, count in enumerate(teams)]
    for own in product(*(range(count + 1) for count in most)):
        rest = (
            n - out if day in second else 0
            for day, (n, out) in enumerate(zip(teams, own, strict=True))
        )
        if _window_holds(problem, held, 0, own) and _window_holds(problem, held, 1, tuple(rest)):
            return True
    return False


def _open_days(problem: CountProblem, held: frozenset[Cause], index: int) -> set[int]:
    window = problem.windows[index]
    closed = Cause(KIND.CALENDAR, index) in held
    return {*window.days} if closed else {*window.days, *window.off_days}


def _people_hold(problem: CountProblem, held: frozenset[Cause], out: list[frozenset[int]]) -> bool:
    for person in range(len(problem.people)):
        days = [day for day, people in enumerate(out) if person in people]
        weeks = Counter(problem.week_of_day[day] for day in days)
        spans = [sum(a <= b < a + problem.span_days for b in days) for a in days]
        if Cause(KIND.WEEK_CAP) in held and max(weeks.values(), default=0) > problem.week_cap:
            return False
        if Cause(KIND.SPAN_CAP) in held and max(spans, default=0) > problem.span_cap:
            return False
    return True


def _window_holds(
    problem: CountProblem, held: frozenset[Cause], index: int, teams: tuple[int, ...]
) -> bool:
    window = problem.windows[index]
    days = sorted({*window.days, *window.off_days})
    used = [day for day in days if teams[day]]
    needed = Cause(KIND.NEED, index) in held
    levels = {cause for causes, _ in window.need_without for cause in causes}
    need = window.need
    if dropped := levels - held:
        known = [less for causes, less in window.need_without if dropped <= {*causes}]
        need = max(known, default=0)
    if needed and sum(teams[day] for day in days) < need:
        return False
    for spacing in window.spacings:
        gap = spacing.days if Cause(KIND.GAP, index) in held else 1
        chosen = [
            days
            for days in combinations(used, spacing.count)
            if all(b - a >= gap for a, b in pairwise(days))
        ]
        if needed and not chosen:
            return False
    return all(Cause(KIND.PEAK, index) not in held or set(hit) & set(used) for hit in window.hits)


def all_causes(problem: CountProblem) -> frozenset[Cause]:
    """Every cause that the problem could name."""
    own = (KIND.NEED, KIND.CALENDAR, KIND.GAP, KIND.PEAK)
    return frozenset(
        [Cause(kind, i) for kind in own for i in range(len(problem.windows))]
        + [Cause(kind, 0) for kind in (KIND.STAFF, KIND.LICENCE, KIND.FLEET)]
        + [Cause(absence.kind, i) for i, absence in enumerate(problem.absences)]
        + [Cause(KIND.WEEK_CAP), Cause(KIND.SPAN_CAP)]
        + [cause for w in problem.windows for causes, _ in w.need_without for cause in causes]
    )
