"""Least staff: brute force over people and days, sharing no code, agrees on small problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.counts import Absence, CauseKind, CountProblem, CountWindow, Person, Spacing, Vehicle
from optimizer.least_staff import (
    StaffQuestion,
    alone,
    frontier,
    full_weeks,
    least_people,
    least_vehicles,
    staffed,
)
from optimizer.named_staff import Helpers, busiest_week, least_kept, least_more
from optimizer.one_absent import Verdict, base_days, one_absent, without
from optimizer.roster_search import RosterStatus
from tests.optimizer.staff_by_force import Worker, possible

MONTH = tuple(day for day in range(28) if day % 7 < 5)
WEEKS = tuple(day // 7 for day in range(28))
MOST_PEOPLE = 5


def month(*windows: CountWindow, **changes: Any) -> CountProblem:
    """Four weeks of five days; people and vehicles only where a test names them."""
    base = CountProblem(28, WEEKS, 2, windows, (), (), span_cap=14)
    return replace(base, **changes)


def halves(first: int, second: int, **changes: Any) -> CountProblem:
    """Two windows of ten days each."""
    windows = (CountWindow(0, MONTH[:10], first), CountWindow(0, MONTH[10:], second))
    return month(*windows, **changes)


def least_by_force(problem: CountProblem, vehicles: int) -> int | None:
    """Return the fewest equal people up to MOST_PEOPLE, None where these are too few."""
    for people in range(MOST_PEOPLE + 1):
        if possible(problem, [Worker(frozenset(MONTH))] * people, vehicles):
            return people
    return None


windows = st.builds(
    lambda first, length, need, series: CountWindow(
        0, MONTH[first : first + length], need, series=series
    ),
    st.integers(0, 8),
    st.integers(1, 10),
    st.integers(0, 4),
    st.integers(0, 1),
)
problems = st.builds(
    lambda chosen, week_cap, span_cap: month(*chosen, week_cap=week_cap, span_cap=span_cap),
    st.lists(windows, min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(2, 6),
)


@given(problems, st.integers(1, 2))
@settings(max_examples=40, deadline=None)
def test_least_people_agree_with_brute_force(problem: CountProblem, vehicles: int) -> None:
    """The least number of equal people is what trying everything finds."""
    hold_to_force(problem, vehicles)


@pytest.mark.proof
@given(problems, st.integers(1, 2))
@settings(max_examples=500, deadline=None, derandomize=True, database=None)
def test_five_hundred_small_units_agree_with_brute_force(
    problem: CountProblem, vehicles: int
) -> None:
    """The same for five hundred months of at most five people."""
    hold_to_force(problem, vehicles)


def hold_to_force(problem: CountProblem, vehicles: int) -> None:
    """Hold the least people to what trying everything finds."""
    found = least_people(StaffQuestion(problem), vehicles)
    truth = least_by_force(problem, vehicles)
    if found.status is RosterStatus.INFEASIBLE or found.lower > MOST_PEOPLE:
        assert truth is None
    else:
        assert (found.lower, found.status) == (truth, RosterStatus.OPTIMAL)


@given(problems, st.integers(1, 2))
@settings(max_examples=15, deadline=None)
def test_leave_agrees_with_brute_force(problem: CountProblem, vehicles: int) -> None:
    """One person fewer fails however leave is placed; the weeks given make the number enough."""
    weeks = (0, 1, 2, 3)
    found = least_people(StaffQuestion(problem, 1, weeks), vehicles)
    if found.status is RosterStatus.INFEASIBLE or found.lower > MOST_PEOPLE:
        return
    assert found.status is RosterStatus.OPTIMAL
    off = staffed(StaffQuestion(problem, 1, weeks), found.lower, vehicles).weeks_off
    assert [len(set(one)) for one in off] == [1] * found.lower
    if found.lower:
        fewer = found.lower - 1
        for chosen in product(weeks, repeat=fewer):
            if list(chosen) == sorted(chosen):
                assert not possible(problem, [_off(week) for week in chosen], vehicles)
    assert possible(problem, [_off(one[0]) for one in off], vehicles)


def _off(week: int) -> Worker:
    return Worker(frozenset(day for day in MONTH if WEEKS[day] != week))


def test_each_limit_decides_on_its_own() -> None:
    """Vehicles, days, the weekly and the monthly cap each raise the number when they bind."""
    few = StaffQuestion(halves(2, 2))
    assert least_people(few, 1).lower == 2
    assert least_people(StaffQuestion(halves(10, 2)), 1).lower == 3, "weekly cap"
    assert least_people(StaffQuestion(halves(7, 8)), 1).lower == 3, "monthly cap"
    assert least_people(StaffQuestion(halves(11, 2)), 1).status is RosterStatus.INFEASIBLE
    assert least_people(StaffQuestion(halves(11, 2)), 2).lower == 4, "two patrols on a day"
    assert least_vehicles(StaffQuestion(halves(11, 2))).lower == 2


def test_a_window_without_days_is_impossible() -> None:
    """No number of people or vehicles serves a window that has no workday."""
    question = StaffQuestion(month(CountWindow(0, (), 1)))
    assert least_people(question).status is RosterStatus.INFEASIBLE
    assert frontier(question) == ()


def test_spot_checks_need_patrols_of_their_own() -> None:
    """Windows of two series do not share a patrol; of one series they do."""
    one = (CountWindow(0, (0,), 1), CountWindow(0, (0,), 1))
    assert least_people(StaffQuestion(month(*one))).lower == 2
    two = (one[0], replace(one[1], series=1))
    assert least_people(StaffQuestion(month(*two))).lower == 4


def test_spaced_visits_and_peaks_ask_for_days() -> None:
    """Visits apart and a visit in a peak cost vehicles nothing and days of patrols."""
    spaced = CountWindow(0, (0, 1), 1, spacings=(Spacing(2, 3),))
    assert least_people(StaffQuestion(month(spaced))).status is RosterStatus.INFEASIBLE
    fine = replace(spaced, days=(0, 3))
    assert least_people(StaffQuestion(month(fine))).lower == 2
    hit = CountWindow(0, (0, 1), 1, hits=((9,),))
    assert least_people(StaffQuestion(month(hit))).status is RosterStatus.INFEASIBLE


def test_frontier_trades_vehicles_for_people() -> None:
    """Every corner has more vehicles and fewer people than the one before."""
    # 12 patrols in a week: with 3 vehicles on 4 days 6 people go 4 times; on 5 days no fewer.
    question = StaffQuestion(month(CountWindow(0, MONTH[:5], 10)))
    corners = frontier(question)
    assert [corner.vehicles for corner in corners] == sorted({c.vehicles for c in corners})
    people = [corner.people.lower for corner in corners]
    assert people == sorted(set(people), reverse=True)
    assert (corners[0].vehicles, people[0]) == (2, 5)
    assert least_by_force(question.problem, 2) == 5


def test_windows_alone_are_bounds_of_all() -> None:
    """What a window alone takes is never more than all take together."""
    question = StaffQuestion(halves(10, 2))
    each = [least.lower for least in alone(question, 1)]
    assert each == [3, 2]
    assert max(each) <= least_people(question, 1).lower


def test_more_weeks_off_than_there_are_is_refused() -> None:
    """Leave that does not fit into the open weeks is an error, not a proof."""
    with pytest.raises(ValueError, match="weeks off"):
        StaffQuestion(halves(1, 1), 2, (0,))


def test_only_full_weeks_can_be_taken_off() -> None:
    """A week of fewer working days than five is no week of leave."""
    assert full_weeks(halves(1, 1), MONTH[:8]) == (0,)


# --- named people ---------------------------------------------------------------------------------

CAR = Vehicle((0,), MONTH)


def person(days: Sequence[int] = MONTH) -> Person:
    return Person((0,), tuple(days), tuple(days))


stretches = st.builds(
    lambda first, length: tuple(day for day in MONTH if not first <= day < first + length),
    st.integers(0, 27),
    st.integers(0, 14),
)


@given(problems, st.lists(stretches, min_size=1, max_size=4), st.integers(1, 2))
@settings(max_examples=25, deadline=None)
def test_fewest_kept_agree_with_brute_force(
    problem: CountProblem, free: list[tuple[int, ...]], vehicles: int
) -> None:
    """The smallest set of named people that does is what trying all sets finds."""
    named = replace(problem, people=tuple(map(person, free)), vehicles=(CAR,) * vehicles)
    truth = next(
        (
            size
            for size in range(len(free) + 1)
            for chosen in combinations(free, size)
            if possible(problem, [Worker(frozenset(days)) for days in chosen], vehicles)
        ),
        None,
    )
    kept = least_kept(named)
    if truth is None:
        assert kept.status is RosterStatus.INFEASIBLE
        more = least_more(named, Helpers(MONTH, (0,), most=4))
        assert more.lower >= 1
    else:
        assert (kept.lower, len(kept.people), kept.status) == (truth, truth, RosterStatus.OPTIMAL)
        assert least_more(named, Helpers(MONTH, (0,), most=1)).lower == 0


def test_helpers_take_their_leave() -> None:
    """A helper who is off in the only week that matters is no help."""
    short = month(CountWindow(0, MONTH[:5], 1), people=(person(),), vehicles=(CAR,))
    assert least_more(short, Helpers(MONTH, (0,), 1, (0, 1))).weeks_off == ((1,),)
    assert least_more(short, Helpers(MONTH, (0,), 1, (0,))).status is RosterStatus.INFEASIBLE


def test_busiest_week_is_evened_out() -> None:
    """Four patrols in two weeks make two a week; nothing is told where no roster is complete."""
    problem = halves(4, 0, people=(person(),) * 2, vehicles=(CAR,))
    assert busiest_week(problem) == 2
    assert busiest_week(replace(problem, people=(person(),))) is None


# --- one absence ----------------------------------------------------------------------------------


@given(
    problems,
    st.lists(stretches, min_size=2, max_size=4),
    st.integers(1, 2),
    st.integers(0, 3),
    st.integers(0, 27),
)
@settings(max_examples=40, deadline=None)
def test_absences_agree_with_brute_force(
    problem: CountProblem, free: list[tuple[int, ...]], vehicles: int, who: int, first: int
) -> None:
    """An absence is short exactly when no way of sending the others out is left."""
    people = tuple(map(person, free))
    named = replace(problem, people=people, vehicles=(CAR,) * vehicles)
    base = base_days(named)
    if base is None:
        return
    away = tuple(range(first, first + 10))
    absence = Absence(who % len(people), away, CauseKind.LEAVE)
    found = one_absent(named, base, absence, [window.need for window in problem.windows])
    left = [frozenset(one.certified_days) for one in without(named, absence).people]
    truth = possible(problem, [Worker(days) for days in left], vehicles)
    assert found.verdict is not Verdict.OPEN
    assert (found.verdict is not Verdict.SHORT) == truth
    if found.verdict is Verdict.SHORT:
        assert all(short >= 1 for short in found.short)


def test_absence_says_how_many_patrols_are_short() -> None:
    """Without its only vehicle a unit lacks every patrol of the window."""
    problem = halves(3, 1, people=(person(),) * 2, vehicles=(CAR,))
    base = base_days(problem)
    assert base is not None
    gone = Absence(0, tuple(range(14)), CauseKind.VEHICLE)
    found = one_absent(problem, base, gone, (3, 1))
    assert (found.verdict, found.windows, found.short) == (Verdict.SHORT, (0,), (3,))


def test_absence_with_more_patrols_planned_than_proven_is_open() -> None:
    """Routes that take more patrols than proven leave the question open."""
    problem = halves(3, 1, people=(person(),) * 2, vehicles=(CAR,))
    base = base_days(problem)
    assert base is not None
    gone = Absence(0, MONTH[2:10], CauseKind.LEAVE)
    assert one_absent(problem, base, gone, (2, 1)).verdict is Verdict.OPEN
    assert one_absent(problem, base, gone, (3, 1)).short == (1,)


def test_interrupts_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C during a solve is no answer."""
    monkeypatch.setattr(
        "optimizer.named_staff.count_feasible", lambda *_, **__: RosterStatus.INTERRUPTED
    )
    question = StaffQuestion(halves(3, 1), 1, (0, 1))
    with pytest.raises(KeyboardInterrupt):
        staffed(question, 2, 1)
