"""Counts: each cause by a pair, brute force on tiny problems, conflicts minimal by enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from optimizer.counts import (
    Absence,
    Cause,
    CauseKind,
    ConflictSet,
    CountProblem,
    CountWindow,
    Person,
    RosterStatus,
    Spacing,
    Vehicle,
    conflict_set,
    conflict_sets,
    count_feasible,
    most_patrols,
    most_patrols_year,
)
from optimizer.roster_search import Budget, Run, run
from tests.optimizer.counts_by_force import (
    all_causes,
    brute_force,
)
from tests.optimizer.roster_problems import CAR, DRIVER, INSPECTOR, WALKER, WEEK

KIND = CauseKind


def week(days: tuple[int, ...] = (0, 1, 2), need: int = 2, **changes: Any) -> CountProblem:
    """One week, one pool, two inspectors and a car; one window. Changes of the window by name."""
    names = CountWindow.__dataclass_fields__.keys() & changes.keys()
    window = CountWindow(0, days, need, **{name: changes.pop(name) for name in names})
    base = CountProblem(7, (0,) * 7, 2, (window,), (INSPECTOR,) * 2, (CAR,))
    return replace(base, **changes)


NEED = Cause(KIND.NEED, 0)

#: Even with longer shifts and shorter stops together it takes four.
NEEDS_LESS = (
    ((Cause(KIND.SHIFT),), 5),
    ((Cause(KIND.STOP_TIME),), 5),
    ((Cause(KIND.SHIFT), Cause(KIND.STOP_TIME)), 4),
)

#: A spot check in the same two days is a patrol of its own.
SPOT_CHECK = (CountWindow(0, (0, 1), 1), CountWindow(0, (0, 1), 2, series=1))

#: What counts allow; its neighbour that they forbid; the causes of that.
PAIRS: dict[str, tuple[CountProblem, CountProblem, set[Cause]]] = {
    "calendar and fleet": (
        week(need=3, off_days=(3,)),
        week(need=4, off_days=(3,)),
        {NEED, Cause(KIND.CALENDAR, 0), Cause(KIND.FLEET, 0)},
    ),
    "no workday": (
        week(need=1),
        week((), need=1, off_days=(5, 6)),
        {NEED, Cause(KIND.CALENDAR, 0)},
    ),
    "no day at all": (week(need=1), week((), need=1), {NEED}),
    "staff": (
        week(need=2, vehicles=(CAR, CAR)),
        week((0,), need=2, vehicles=(CAR, CAR)),
        {NEED, Cause(KIND.STAFF, 0)},
    ),
    "leave": (
        week(absences=(Absence(0, (0,)),)),
        week(absences=(Absence(0, (0, 1)),)),
        {NEED, Cause(KIND.STAFF, 0), Cause(KIND.LEAVE, 0)},
    ),
    "certificate": (
        week(absences=(Absence(1, (2,), KIND.CERTIFICATE),)),
        week(absences=(Absence(1, (1, 2), KIND.CERTIFICATE),)),
        {NEED, Cause(KIND.STAFF, 0), Cause(KIND.CERTIFICATE, 0)},
    ),
    "vehicle away": (
        week(absences=(Absence(0, (0,), KIND.VEHICLE),)),
        week(absences=(Absence(0, (0, 1), KIND.VEHICLE),)),
        {NEED, Cause(KIND.FLEET, 0), Cause(KIND.VEHICLE, 0)},
    ),
    "shared vehicle away": (
        week(vehicles=(Vehicle((0, 1), WEEK),), absences=(Absence(0, (0,), KIND.VEHICLE),)),
        week(vehicles=(Vehicle((0, 1), WEEK),), absences=(Absence(0, (0, 1), KIND.VEHICLE),)),
        {NEED, Cause(KIND.FLEET, 0), Cause(KIND.VEHICLE, 0)},
    ),
    "licence": (
        week(people=(WALKER, WALKER, DRIVER)),
        week(people=(WALKER, WALKER)),
        {NEED, Cause(KIND.LICENCE, 0), Cause(KIND.STAFF, 0)},
    ),
    "week cap": (
        week(week_cap=2),
        week(week_cap=1),
        {NEED, Cause(KIND.STAFF, 0), Cause(KIND.WEEK_CAP)},
    ),
    "span cap": (
        week((0, 1, 4), span_cap=1, span_days=3),
        week((0, 1, 2), span_cap=1, span_days=3),
        {NEED, Cause(KIND.STAFF, 0), Cause(KIND.SPAN_CAP)},
    ),
    "gap": (
        week(spacings=(Spacing(2, 2),)),
        week(spacings=(Spacing(2, 3),)),
        {NEED, Cause(KIND.GAP, 0)},
    ),
    "peak": (
        week(hits=((2,),)),
        week(hits=((5,),)),
        {Cause(KIND.PEAK, 0)},
    ),
    "two levels": (
        week(WEEK, need=6, need_without=NEEDS_LESS, week_cap=7),
        week(need=6, need_without=NEEDS_LESS),
        {NEED, Cause(KIND.FLEET, 0)},
    ),
    "spot checks": (
        week(windows=SPOT_CHECK, people=(INSPECTOR,) * 4, vehicles=(CAR, CAR)),
        week(windows=SPOT_CHECK, people=(INSPECTOR,) * 4),
        {NEED, Cause(KIND.NEED, 1), Cause(KIND.FLEET, 0)},
    ),
    "stop time": (
        week(need=4, days=(0, 1, 2, 3), need_without=(((Cause(KIND.STOP_TIME),), 3),)),
        week(need=4, need_without=(((Cause(KIND.STOP_TIME),), 3),)),
        {NEED, Cause(KIND.FLEET, 0), Cause(KIND.STOP_TIME)},
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_each_cause_allows_what_keeps_it(name: str) -> None:
    """Counts allow the problem, and there is no conflict to tell of."""
    problem = PAIRS[name][0]
    assert count_feasible(problem) is RosterStatus.OPTIMAL
    assert conflict_set(problem) == ConflictSet(RosterStatus.OPTIMAL)
    assert conflict_sets(problem) == ()


@pytest.mark.parametrize("name", PAIRS)
def test_each_cause_forbids_what_breaks_it_and_is_named(name: str) -> None:
    """Its neighbour is infeasible, and the minimal conflict names what it must."""
    _, problem, causes = PAIRS[name]
    assert count_feasible(problem) is RosterStatus.INFEASIBLE
    conflict = conflict_set(problem)
    assert (set(conflict.causes), conflict.minimal) == (causes, True)


#: Kinds dropped together, and how many patrols fewer are needed then.
LEVELS: tuple[tuple[tuple[tuple[CauseKind, ...], int], ...], ...] = (
    (),
    (((KIND.SHIFT,), 1),),
    (((KIND.SHIFT,), 1), ((KIND.STOP_TIME,), 1)),
    (((KIND.SHIFT,), 1), ((KIND.STOP_TIME,), 2), ((KIND.SHIFT, KIND.STOP_TIME), 3)),
)


def _needs_without(
    less: tuple[tuple[tuple[CauseKind, ...], int], ...], need: int
) -> tuple[tuple[tuple[Cause, ...], int], ...]:
    return tuple(
        (tuple(Cause(kind) for kind in kinds), max(0, need - fewer)) for kinds, fewer in less
    )


days_of_four = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def tiny(draw: st.DrawFn) -> CountProblem:
    """Four days, one pool, up to two windows, three people and two cars."""
    windows = []
    for _ in range(draw(st.integers(1, 2))):
        days = draw(days_of_four)
        off = tuple(day for day in range(4) if day not in days and draw(st.booleans()))
        less = draw(st.sampled_from(LEVELS))
        need = draw(st.integers(0, 4))
        windows.append(
            CountWindow(
                0,
                days,
                need,
                off,
                spacings=draw(st.sampled_from([(), (), (Spacing(2, 2),), (Spacing(2, 3),)])),
                hits=draw(st.sampled_from([(), (), (days[:1],)])),
                need_without=_needs_without(less, need),
                weight=draw(st.integers(1, 3)),
                series=draw(st.integers(0, 1)),
            )
        )
    people = draw(st.integers(2, 3))
    absences = [
        Absence(draw(st.integers(0, people - 1)), draw(days_of_four), kind)
        for kind in draw(st.lists(st.sampled_from([KIND.LEAVE, KIND.CERTIFICATE]), max_size=1))
    ]
    if draw(st.booleans()):
        absences.append(Absence(0, draw(days_of_four), KIND.VEHICLE))
    return CountProblem(
        day_count=4,
        week_of_day=(0, 0, 1, 1),
        crew_size=draw(st.sampled_from([1, 2])),
        windows=tuple(windows),
        people=tuple(
            Person((0,), draw(days_of_four), draw(st.sampled_from([(), (0, 1, 2, 3)])))
            for _ in range(people)
        ),
        vehicles=(Vehicle((0,), (0, 1, 2, 3)),) * draw(st.integers(1, 2)),
        week_cap=draw(st.integers(1, 2)),
        span_cap=draw(st.integers(1, 3)),
        span_days=3,
        absences=tuple(absences),
    )


@settings(max_examples=80, deadline=None)
@given(tiny())
def test_counts_and_conflicts_agree_with_enumeration(problem: CountProblem) -> None:
    """Infeasible exactly when enumeration finds nothing; conflicts hold and are minimal by it."""
    everything = all_causes(problem)
    conflict = conflict_set(problem)
    if brute_force(problem, everything):
        assert count_feasible(problem) is RosterStatus.OPTIMAL
        assert conflict.causes == ()
        return
    assert count_feasible(problem) is RosterStatus.INFEASIBLE
    assert conflict.minimal
    assert not brute_force(problem, frozenset(conflict.causes))
    for spared in conflict.causes:
        assert brute_force(problem, frozenset(conflict.causes) - {spared})


@settings(max_examples=60, deadline=None)
@given(tiny())
def test_most_patrols_agree_with_enumeration(problem: CountProblem) -> None:
    """The most of one window, and the most worth of all, are what enumeration finds."""
    bare = replace(
        problem,
        windows=tuple(replace(w, need=0, spacings=(), hits=()) for w in problem.windows),
    )
    held = all_causes(bare)
    for index, window in enumerate(bare.windows):
        alone = brute_force(replace(bare, windows=(window,)), held)
        most = max(sum(teams[day] for day in window.days) for teams in alone)
        assert most_patrols(problem, index) == most
    needs = [window.need for window in problem.windows]
    best = max(_worth(bare, needs, teams) for teams in brute_force(bare, held))
    allocation = most_patrols_year(problem, needs)
    assert (allocation.value, allocation.upper_bound) == (best, best)
    worth = sum(n * w.weight for n, w in zip(allocation.patrols, bare.windows, strict=True))
    assert worth == best
    assert all(n <= need for n, need in zip(allocation.patrols, needs, strict=True))


def _worth(problem: CountProblem, needs: list[int], teams: tuple[int, ...]) -> int:
    """Return the best worth of these patrols, each serving one window."""
    if len(needs) == 1:
        window = problem.windows[0]
        return window.weight * min(needs[0], sum(teams[day] for day in window.days))
    one, other = problem.windows
    best = 0
    for split in product(*(range(count + 1) for count in teams)):
        first = sum(n for day, n in enumerate(split) if day in one.days)
        second = sum(teams[day] - n for day, n in enumerate(split) if day in other.days)
        best = max(best, one.weight * min(needs[0], first) + other.weight * min(needs[1], second))
    return best


def test_one_bad_window_does_not_hide_the_next() -> None:
    """Window by window both conflicts come out, under the windows' own numbers."""
    windows = (CountWindow(0, (0,), 2), CountWindow(0, (1,), 1), CountWindow(0, (2, 3), 3))
    conflicts = conflict_sets(replace(week(), windows=windows))
    named = [next(c.index for c in found.causes if c.kind is KIND.NEED) for found in conflicts]
    assert named == [0, 2]


def test_a_second_conflict_shows_when_a_cause_of_the_first_is_given_up() -> None:
    """With more vehicles there are still too few people, and without the need there is no fault."""
    problem = week((0,), need=2, off_days=(5,))
    fleet, calendar = Cause(KIND.FLEET, 0), Cause(KIND.CALENDAR, 0)
    assert {fleet, Cause(KIND.STAFF, 0)} & {*conflict_set(problem).causes}
    other = conflict_set(problem, without=(fleet,))
    assert {*other.causes} == {NEED, calendar, Cause(KIND.STAFF, 0)}
    assert conflict_set(problem, without=(calendar,)).causes == ()
    empty = week((), need=1, off_days=(5,))
    assert conflict_set(empty, without=(calendar,)).causes == ()
    assert conflict_set(problem, windows=()).causes == ()


def test_windows_that_fail_only_together_share_a_conflict() -> None:
    """Each window fits alone, both together exceed the week's cap."""
    windows = (CountWindow(0, (0, 1), 2), CountWindow(0, (2, 3), 2))
    problem = replace(week(), windows=windows, week_cap=3)
    (conflict,) = conflict_sets(problem)
    assert {Cause(KIND.NEED, 0), Cause(KIND.NEED, 1), Cause(KIND.WEEK_CAP)} <= {*conflict.causes}


def year(people: int = 5) -> CountProblem:
    """Make a year of half-months whose counts are too hard to settle at once."""
    days = tuple(range(360))
    return CountProblem(
        day_count=360,
        week_of_day=tuple(day // 7 for day in days),
        crew_size=2,
        windows=tuple(
            CountWindow(0, tuple(d for d in range(15 * w, 15 * w + 15) if d % 7 < 5), 6)
            for w in range(24)
        ),
        people=tuple(
            Person((0,), tuple(d for d in days if (d + 11 * p) % 13), days) for p in range(people)
        ),
        vehicles=(Vehicle((0,), days),),
        span_cap=9,
    )


def test_without_effort_nothing_is_proven() -> None:
    """No effort: not found, no conflict, and bounds that are still bounds."""
    assert count_feasible(year(), effort=0.0) is RosterStatus.NOT_FOUND
    assert conflict_set(year(), effort=0.0) == ConflictSet(RosterStatus.NOT_FOUND)
    allocation = most_patrols_year(year(), [6] * 24, effort=0.0)
    assert (allocation.status, allocation.patrols) == (RosterStatus.NOT_FOUND, ())
    assert allocation.upper_bound == 24 * 6


def test_a_conflict_that_could_not_be_shrunk_is_not_called_minimal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the re-solves end without an answer the conflict stands, its minimality unproven."""
    first = iter([True])

    def once(model: cp_model.CpModel, budget: Budget) -> Run:
        result = run(model, budget)
        return result if next(first, False) else replace(result, found=False, closed=False)

    monkeypatch.setattr("optimizer.counts.run", once)
    conflict = conflict_set(week(need=4))
    assert (conflict.status, conflict.minimal) == (RosterStatus.INFEASIBLE, False)
    assert NEED in conflict.causes


def test_the_same_question_has_the_same_answer() -> None:
    """Conflicts and allocations are deterministic."""
    tight = replace(year(3), week_cap=2)
    assert conflict_set(tight, seed=3) == conflict_set(tight, seed=3)
    assert most_patrols_year(tight, [6] * 24) == most_patrols_year(tight, [6] * 24)


def test_bad_numbers_are_named_all_at_once() -> None:
    """One error names every fault."""
    with pytest.raises(ValueError, match="crew_size is 0") as caught:
        CountProblem(
            day_count=7,
            week_of_day=(0,),
            crew_size=0,
            windows=(CountWindow(0, (0, 9), -1, off_days=(0,)),),
            people=(INSPECTOR,),
            vehicles=(),
            absences=(Absence(5, (1,)), Absence(0, (1,), KIND.GAP)),
        )
    for words in (
        "week_of_day has 1 entries for 7 days",
        "window 0: no day 9",
        "window 0: a day is both on and off",
        "window 0: need is -1",
        "absence 0: nobody 5",
        "absence 1: gap is not an absence",
    ):
        assert words in str(caught.value)
