"""Small roster problems, and checks of rosters that share nothing with the search."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from optimizer.roster import (
    Item,
    Person,
    RosterProblem,
    RosterResult,
    SoftGap,
    Vehicle,
)

WEEK = tuple(range(7))
INSPECTOR = Person((0,), WEEK, WEEK)
WALKER = Person((0,), WEEK)
DRIVER = Person((0,), (), WEEK)
CAR = Vehicle((0,), WEEK)


def week(**changes: Any) -> RosterProblem:
    """One week, one pool, two inspectors, one car, one item that may run on any of two days."""
    base = RosterProblem(
        day_count=7,
        week_of_day=(0,) * 7,
        crew_size=2,
        items=(Item(0, 0, (1, 2)),),
        people=(INSPECTOR, INSPECTOR),
        vehicles=(CAR,),
    )
    return replace(base, **changes)


def items(*days: tuple[int, ...], pools: tuple[int, ...] = ()) -> tuple[Item, ...]:
    """One item per set of days, in pool 0 unless said otherwise."""
    return tuple(Item(0, pools[i] if pools else 0, allowed) for i, allowed in enumerate(days))


def faults(problem: RosterProblem, result: RosterResult) -> list[str]:
    """Check a roster without the solver's code; teams are made up by trying."""
    found: list[str] = []
    teams = Counter(
        (day, item.pool) for item, day in zip(problem.items, result.day_of_item, strict=True)
    )
    for item, day in zip(problem.items, result.day_of_item, strict=True):
        found += [] if day in item.days else [f"day {day}"]
    out: list[list[int]] = [list(person.worked_days) for person in problem.people]
    in_use: Counter[tuple[int, int]] = Counter()
    for (day, pool), count in teams.items():
        shift = (day, pool)
        aboard, drivers = result.people_of[shift], result.drivers_of[shift]
        cars = result.vehicles_of[shift]
        if len(aboard) != count * problem.crew_size or len(cars) < count:
            found.append(f"size of {shift}")
        able = sum(day in problem.people[p].driving_days for p in aboard)
        roomy = sum(problem.vehicles[v].seats > problem.crew_size for v in cars)
        if able + len(drivers) < count or len(drivers) > roomy:
            found.append(f"drivers of {shift}")
        for person in aboard:
            who = problem.people[person]
            if pool not in who.pools or day not in who.certified_days:
                found.append(f"{person} on {shift}")
        for person in drivers:
            who = problem.people[person]
            if pool not in who.pools or day not in who.driving_days:
                found.append(f"{person} drives on {shift}")
        for person in (*aboard, *drivers):
            out[person].append(day)
        for car in cars:
            in_use[car, day] += len(problem.vehicles[car].pools) > 1
            if day not in problem.vehicles[car].days or pool not in problem.vehicles[car].pools:
                found.append(f"car {car} on {shift}")
    found += [f"car twice {key}" for key, uses in in_use.items() if uses > 1]
    for days in out:
        found += [] if within_caps(problem, days) else [f"caps of {days}"]
    found += [] if dates_hold(problem, result.day_of_item) else ["dates"]
    return found


def within_caps(problem: RosterProblem, days: list[int]) -> bool:
    """Whether one person may be out on these days."""
    weeks = Counter(problem.week_of_day[day] for day in days if day >= 0)
    spans = [sum(first <= day < first + problem.span_days for day in days) for first in days]
    return (
        len(set(days)) == len(days)
        and max(weeks.values(), default=0) <= problem.week_cap
        and max(spans, default=0) <= problem.span_cap
    )


def dates_hold(problem: RosterProblem, days: tuple[int, ...]) -> bool:
    """Whether days keep the rules between items."""
    return all(
        abs(days[rule.item_a] - days[rule.item_b]) >= rule.days for rule in problem.apart
    ) and all(any(days[item] in rule.days for item in rule.items) for rule in problem.one_of)


def half_months(count: int, *, people: int = 3, items_each: int = 4) -> RosterProblem:
    """Make a station: half-months of 15 days, ten of them workdays, the same routes in each."""
    days = 15 * count
    work = [day for day in range(days) if day % 7 < 5]
    each = [tuple(d for d in work if d // 15 == w) for w in range(count)]
    return RosterProblem(
        day_count=days,
        week_of_day=tuple(day // 7 for day in range(days)),
        crew_size=2,
        items=tuple(
            Item(w, 0, each[w], wanted=((r % people,),))
            for w in range(count)
            for r in range(items_each)
        ),
        people=(Person((0,), tuple(range(days)), tuple(range(days))),) * people,
        vehicles=(Vehicle((0,), tuple(range(days))),),
        gaps=tuple(
            SoftGap(w * items_each + r, (w + 1) * items_each + r, 7, 21, 5)
            for w in range(count - 1)
            for r in range(items_each)
        ),
    )
