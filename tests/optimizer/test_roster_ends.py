"""How a search for a roster ends: proof, effort, clock and Ctrl-C are told apart."""

from __future__ import annotations

import _thread
import gc
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread, Timer

import pytest

from optimizer.roster import (
    Apart,
    FixedGap,
    OneOf,
    Person,
    RosterProblem,
    RosterStatus,
    SoftGap,
    Vehicle,
    solve_roster,
)
from optimizer.roster_people import PeopleModel, people_model
from tests.optimizer.roster_problems import (
    faults,
    half_months,
    items,
    week,
)


def test_no_items_need_nobody() -> None:
    """An empty roster is found, and is best."""
    result = solve_roster(week(items=()))
    assert (result.status, result.found) == (RosterStatus.OPTIMAL, True)


def test_without_goals_the_first_roster_will_do() -> None:
    """Asked only whether there is a roster, no goal is touched and none is said to be closed."""
    problem = half_months(4)
    result = solve_roster(problem, goals=False)
    assert (result.status, result.goals) == (RosterStatus.FEASIBLE, ())
    assert faults(problem, result) == []


def test_no_effort_finds_nothing_and_proves_nothing() -> None:
    """Without effort the end is NOT_FOUND, even where some effort proves that nothing exists."""
    problem = replace(half_months(12), span_cap=5)
    result = solve_roster(problem, effort=1e-9)
    assert (result.status, result.found) == (RosterStatus.NOT_FOUND, False)
    assert solve_roster(problem).status is RosterStatus.INFEASIBLE


def test_no_time_ends_as_time_limit() -> None:
    """A time limit that strikes before the first roster says so."""
    result = solve_roster(half_months(24, people=4), time_limit_seconds=0.0)
    assert (result.status, result.found) == (RosterStatus.TIME_LIMIT, False)


def hard_to_even_out() -> RosterProblem:
    """Five months of a squad whose weeks cannot be proven even in a short while."""
    problem = half_months(10, people=12, items_each=14)
    cars = problem.vehicles * 3
    days = [
        tuple(d for i, d in enumerate(item.days) if (i + n) % 3)
        for n, item in enumerate(problem.items)
    ]
    changed = tuple(replace(i, days=d) for i, d in zip(problem.items, days, strict=True))
    return replace(problem, items=changed, vehicles=cars)


@pytest.fixture
def interrupts_heard() -> Iterator[None]:
    """Hear Ctrl-C, which a job started in the background of a shell inherits as ignored.

    Nothing is traced meanwhile: an interrupt inside coverage's own code leaves its lock taken, and
    the next call waits for it without end. Nor is garbage collected: an interrupt inside a callback
    of the collector (hypothesis has one) is lost.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    tracing = sys.gettrace()
    sys.settrace(None)
    gc.disable()
    yield
    gc.enable()
    sys.settrace(tracing)
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.15])
@pytest.mark.usefixtures("interrupts_heard")
def test_ctrl_c_keeps_the_best_roster_so_far(seconds: float) -> None:
    """Interrupted in a goal, building or solving, it says so and is a whole roster all the same."""

    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "soft gaps" and seconds:
            Timer(seconds, _thread.interrupt_main).start()
        elif stage == "soft gaps":
            _thread.interrupt_main()

    problem = hard_to_even_out()
    result = solve_roster(problem, effort=60.0, progress=interrupt)
    assert result.status is RosterStatus.INTERRUPTED
    assert faults(problem, result) == []


def test_ctrl_c_as_a_solve_begins_stops_that_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the solve's beginning and the wait for its end nothing is lost either."""

    class Interrupted(Thread):
        def start(self) -> None:
            super().start()
            raise KeyboardInterrupt

    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "soft gaps":
            monkeypatch.setattr("optimizer.roster_search.Thread", Interrupted)

    problem = hard_to_even_out()
    result = solve_roster(problem, effort=60.0, progress=interrupt)
    assert result.status is RosterStatus.INTERRUPTED
    assert faults(problem, result) == []


def test_ctrl_c_while_people_are_modelled_keeps_the_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates without people are no roster: people are found for them all the same."""
    times = [0]

    def interrupted_once(problem: RosterProblem, days: tuple[int, ...]) -> PeopleModel:
        times[0] += 1
        if times[0] == 1:
            raise KeyboardInterrupt
        return people_model(problem, days)

    monkeypatch.setattr("optimizer.roster.people_model", interrupted_once)
    problem = half_months(6)
    result = solve_roster(problem)
    assert (result.status, times[0]) == (RosterStatus.INTERRUPTED, 2)
    assert faults(problem, result) == []


def test_ctrl_c_before_a_solve_has_begun_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that never began has no result to be read."""

    class NeverBegun(Thread):
        def start(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr("optimizer.roster_search.Thread", NeverBegun)
    monkeypatch.setattr("optimizer.roster_search._BEGINS_SECONDS", 0.01)
    result = solve_roster(half_months(6))
    assert (result.status, result.found) == (RosterStatus.INTERRUPTED, False)


def test_a_time_limit_keeps_the_best_roster_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of time after the first dates, people are still found within the grace."""
    limit = time.monotonic() + 3600
    late = [False]

    def clock() -> float:
        return limit + 1 if late[0] else limit - 3600

    def pass_time(stage: str, _done: int, _total: int) -> None:
        late[0] = late[0] or stage == "soft gaps"

    monkeypatch.setattr("optimizer.roster_search.time.monotonic", clock)
    problem = half_months(6)
    result = solve_roster(problem, time_limit_seconds=3600, progress=pass_time)
    assert result.status is RosterStatus.TIME_LIMIT
    assert faults(problem, result) == []


def test_bad_numbers_are_named_all_at_once() -> None:
    """One error names every fault."""
    with pytest.raises(ValueError, match="crew_size is 0") as caught:
        week(
            week_of_day=(0,),
            crew_size=0,
            items=items((9,)),
            vehicles=(Vehicle((0,), (8,)),),
            people=(Person((0,), (7,)),),
            apart=(Apart(0, 3),),
            gaps=(SoftGap(0, 4, 1, 2),),
            fixed_gaps=(FixedGap(5, 0, 1, 2),),
            one_of=(OneOf((6,), (1,)),),
        )
    for words in (
        "week_of_day has 1 entries for 7 days",
        "item 0: no day 9",
        "vehicle 0: no day 8",
        "person 0: no day 7",
        "apart 0: no item 3",
        "gap 0: no item 4",
        "fixed gap 0: no item 5",
        "one of 0: no item 6",
    ):
        assert words in str(caught.value)
