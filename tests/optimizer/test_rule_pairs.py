"""Every rule of every list by a pair, and the proof that it is this rule which tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from optimizer import counts_model, crews, roster_dates, roster_staff
from optimizer.counts import (
    Absence,
    CountProblem,
    CountWindow,
    RosterStatus,
    Spacing,
    count_feasible,
)
from optimizer.crews import CrewProblem, Trip, assign_crews
from optimizer.roster import Apart, Item, OneOf, RosterProblem, Vehicle
from optimizer.roster_search import Budget, run
from tests.optimizer.roster_problems import CAR, INSPECTOR, WALKER, WEEK

LISTS = (
    (roster_staff, "STAFF_RULES"),
    (roster_dates, "DATE_RULES"),
    (roster_dates, "CAPACITY_RULES"),
    (counts_model, "COUNT_RULES"),
    (crews, "CREW_RULES"),
)


def roster(*days: tuple[int, ...], pools: tuple[int, ...] = (), **changes: Any) -> RosterProblem:
    """One week, two inspectors, one car, an item for each set of days."""
    base = RosterProblem(
        day_count=7,
        week_of_day=(0,) * 7,
        crew_size=2,
        items=tuple(Item(0, pools[i] if pools else 0, own) for i, own in enumerate(days)),
        people=(INSPECTOR, INSPECTOR),
        vehicles=(CAR,),
    )
    return replace(base, **changes)


def count(**changes: Any) -> CountProblem:
    """One week, two inspectors, one car; a window of three days that needs two patrols."""
    names = CountWindow.__dataclass_fields__.keys() & changes.keys()
    window = replace(CountWindow(0, (0, 1, 2), 2), **{name: changes.pop(name) for name in names})
    return replace(CountProblem(7, (0,) * 7, 2, (window,), (INSPECTOR,) * 2, (CAR,)), **changes)


def crew(drivers: int, licensed: bool = True) -> CrewProblem:
    """Two trips of one day, four people and so many drivers besides."""
    return CrewProblem(
        crew_size=2,
        trips=(Trip(0, 0), Trip(0, 0)),
        people_of={(0, 0): (0, 1, 2, 3)},
        vehicles_of={(0, 0): (0, 1)},
        driving_days=((0,) if licensed else (),) * 4 + ((0,),) * 3,
        seats=(5, 5),
        drivers_of={(0, 0): tuple(range(4, 4 + drivers))},
    )


SUMS = roster_dates.CAPACITY_RULES
SHARED = Vehicle((0, 1), WEEK)
BOTH = replace(INSPECTOR, pools=(0, 1))
#: For each rule: a problem that keeps it, and its neighbour that only this rule forbids.
PAIRS: dict[Callable[..., None], tuple[Any, Any]] = {
    roster_dates.runs_once: (roster((1,)), roster(())),
    roster_dates.apart: (
        roster((1,), (4,), apart=(Apart(0, 1, 3),)),
        roster((2,), (4,), apart=(Apart(0, 1, 3),)),
    ),
    roster_dates.one_of: (
        roster((1, 2), one_of=(OneOf((0,), (2, 5)),)),
        roster((1, 2), one_of=(OneOf((0,), (5,)),)),
    ),
    roster_dates.days_have_room: (
        roster((1,), (2,), people=(INSPECTOR,) * 4),
        roster((1,), (1,), people=(INSPECTOR,) * 4),
    ),
    roster_dates.weeks_have_room: (
        roster((1,), (2,), (3,), week_cap=3),
        roster((1,), (2,), (3,), week_cap=2),
    ),
    roster_dates.spans_have_room: (
        roster((0,), (1,), (4,), span_cap=2, span_days=4),
        roster((0,), (1,), (3,), span_cap=2, span_days=4),
    ),
    roster_staff.crews_are_complete: (roster((1,)), roster((1,), people=(INSPECTOR,))),
    roster_staff.week_cap: (
        roster((1,), (2,), (3,), week_cap=3),
        roster((1,), (2,), (3,), week_cap=2),
    ),
    roster_staff.span_cap: (
        roster((0,), (1,), (4,), span_cap=2, span_days=4),
        roster((0,), (1,), (3,), span_cap=2, span_days=4),
    ),
    roster_staff.someone_drives: (
        roster((1,), people=(WALKER, INSPECTOR)),
        roster((1,), people=(WALKER, WALKER)),
    ),
    roster_staff.vehicles_suffice: (
        roster((1,), (1,), people=(INSPECTOR,) * 4, vehicles=(CAR, CAR)),
        roster((1,), (1,), people=(INSPECTOR,) * 4),
    ),
    roster_staff.vehicle_in_one_pool: (
        roster((1,), (2,), pools=(0, 1), people=(BOTH,) * 4, vehicles=(SHARED,)),
        roster((1,), (1,), pools=(0, 1), people=(BOTH,) * 4, vehicles=(SHARED,)),
    ),
    counts_model.needs_are_met: (count(need=3), count(need=4)),
    counts_model.calendar_is_kept: (count(need=3), count(need=4, off_days=(3,))),
    counts_model.visits_are_spaced: (
        count(spacings=(Spacing(2, 2),)),
        count(spacings=(Spacing(2, 3),)),
    ),
    counts_model.peaks_are_hit: (count(hits=((2,),)), count(hits=((5,),))),
    counts_model.absences_are_kept: (
        count(absences=(Absence(0, (0,)),)),
        count(absences=(Absence(0, (0, 1)),)),
    ),
    crews.everyone_rides_once: (crew(2), crew(3)),
    crews.crews_are_full: (crew(2), crew(3)),
    crews.someone_drives: (crew(2, licensed=False), crew(1, licensed=False)),
}


def holds(rule: Callable[..., None], problem: Any) -> bool:
    """Whether the model that the rule belongs to has a solution."""
    if isinstance(problem, CrewProblem):
        try:
            assign_crews(problem)
        except ValueError:
            return False
        return True
    if isinstance(problem, CountProblem):
        status = count_feasible(problem)
        assert status in {RosterStatus.OPTIMAL, RosterStatus.INFEASIBLE}
        return status is RosterStatus.OPTIMAL
    joint = rule not in SUMS
    found = run(roster_dates.dates_model(problem, joint=joint).model, Budget(0, 8.0))
    assert found.closed
    return found.found


def test_every_rule_has_a_pair() -> None:
    """No rule of any list is left out, and none is listed twice."""
    listed = [rule for module, name in LISTS for rule in getattr(module, name)]
    assert set(listed) == set(PAIRS)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("rule", PAIRS, ids=lambda rule: f"{rule.__module__}.{rule.__name__}")
def test_a_rule_tells_its_pair_apart(
    rule: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What keeps it is allowed, its neighbour proven impossible, and allowed without the rule."""
    if rule not in SUMS:  # they are implied by the others
        monkeypatch.setattr(roster_dates, "CAPACITY_RULES", ())
    allowed, forbidden = PAIRS[rule]
    assert holds(rule, allowed)
    assert not holds(rule, forbidden)
    for module, name in LISTS:
        kept = tuple(other for other in getattr(module, name) if other is not rule)
        monkeypatch.setattr(module, name, kept)
    assert holds(rule, forbidden)
