"""Goals over dates that only some rosters have: days' costs, and days kept free."""

from __future__ import annotations

import pytest

from optimizer.roster import (
    DayCosts,
    FreeDays,
    Item,
    Person,
    RosterProblem,
    RosterStatus,
    SoftGap,
    Vehicle,
    solve_roster,
)

DAYS = tuple(range(14))


def a_problem(*items: Item, **more: object) -> RosterProblem:
    people = (Person((0,), DAYS, DAYS), Person((0,), DAYS, DAYS))
    weeks = tuple(day // 7 for day in DAYS)
    return RosterProblem(14, weeks, 2, items, people, (Vehicle((0,), DAYS),), **more)  # type: ignore[arg-type]


def test_items_run_on_their_cheapest_days():
    """Nothing in the way: every item takes the day that costs nothing, and that is proven."""
    problem = a_problem(
        Item(0, 0, DAYS[:5]),
        Item(1, 0, DAYS[5:]),
        day_costs=tuple(
            DayCosts(item, {day: 3 * abs(day - best) for day in DAYS})
            for item, best in ((0, 1), (1, 11))
        ),
    )
    result = solve_roster(problem)
    assert result.day_of_item == (1, 11)
    assert result.status is RosterStatus.OPTIMAL
    assert [goal.name for goal in result.goals][:3] == ["soft gaps", "day costs", "even weeks"]


def test_gaps_outrank_the_costs_of_days():
    """A gap is kept even where that costs."""
    problem = a_problem(
        Item(0, 0, DAYS[:5]),
        Item(1, 0, DAYS[5:]),
        gaps=(SoftGap(0, 1, 3, 5),),
        day_costs=(DayCosts(0, {0: 0, 1: 9, 2: 9, 3: 9, 4: 9}), DayCosts(1, {12: -1})),
    )
    first, second = solve_roster(problem).day_of_item
    assert 3 <= second - first <= 5
    assert first == 0


def test_days_are_kept_free_where_items_can_move():
    """At most one patrol in the first week: the others go to the second."""
    items = tuple(Item(0, 0, DAYS) for _ in range(3))
    problem = a_problem(*items, free_days=(FreeDays(0, DAYS[:7], 1),))
    result = solve_roster(problem)
    assert sum(day < 7 for day in result.day_of_item) == 1
    assert next(goal for goal in result.goals if goal.name == "free days").value == 0


def test_what_cannot_be_kept_free_is_counted_and_planned():
    """Two items that must run in the week: one too many, no visit lost."""
    items = (Item(0, 0, DAYS[:3]), Item(0, 0, DAYS[:3]))
    result = solve_roster(a_problem(*items, free_days=(FreeDays(0, DAYS[:7], 1),)))
    assert len(set(result.day_of_item)) == 2
    assert next(goal for goal in result.goals if goal.name == "free days").value == 1


def test_costs_of_unknown_items_are_refused():
    """An item that is not there is named."""
    with pytest.raises(ValueError, match="day costs 0: no item 7"):
        a_problem(Item(0, 0, DAYS), day_costs=(DayCosts(7, {}),))


def test_progress_never_goes_back():
    """With every goal, the steps told rise to the end."""
    told: list[int] = []
    problem = a_problem(
        Item(0, 0, DAYS),
        day_costs=(DayCosts(0, {3: -1}),),
        free_days=(FreeDays(0, DAYS[:7], 1),),
        gaps=(),
    )
    solve_roster(problem, progress=lambda _, done, total: told.append(done * 100 // total))
    assert told == sorted(told)
    assert told[-1] == 100
