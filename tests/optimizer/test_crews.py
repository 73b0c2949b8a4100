"""Crews: everyone aboard once, someone to drive, wishes first, then rotation and fairness."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.crews import Crew, CrewProblem, Trip, assign_crews


def days_of(
    count: int, trips: int, people: tuple[int, ...], *, minutes: tuple[int, ...] = (300,)
) -> CrewProblem:
    """So many days of equal trips with the same people, all licensed, and cars enough."""
    return CrewProblem(
        crew_size=len(people) // trips,
        trips=tuple(
            Trip(day, 0, minutes[(day + trip) % len(minutes)])
            for day in range(count)
            for trip in range(trips)
        ),
        people_of={(day, 0): people for day in range(count)},
        vehicles_of={(day, 0): tuple(range(trips)) for day in range(count)},
        driving_days=(tuple(range(count)),) * (max(people) + 1),
        seats=(5,) * trips,
    )


def faults(problem: CrewProblem, crews: tuple[Crew, ...]) -> list[str]:
    """Check crews without the solver's code."""
    found = []
    used: Counter[tuple[int, str, int]] = Counter()
    for trip, crew in zip(problem.trips, crews, strict=True):
        shift = (trip.day, trip.pool)
        besides = () if crew.driver is None else (crew.driver,)
        if len(set(crew.people)) != problem.crew_size:
            found.append(f"size of {crew}")
        if not set(crew.people) <= set(problem.people_of[shift]):
            found.append(f"strangers in {crew}")
        if not set(besides) <= set(problem.drivers_of.get(shift, ())):
            found.append(f"stranger drives {crew}")
        if not besides and not any(trip.day in problem.driving_days[p] for p in crew.people):
            found.append(f"nobody drives {crew}")
        used.update((trip.day, "person", p) for p in (*crew.people, *besides))
        if crew.vehicle is None or problem.seats[crew.vehicle] < len((*crew.people, *besides)):
            found.append(f"no seats for {crew}")
        else:
            used[trip.day, "vehicle", crew.vehicle] += 1
    return found + [f"{key} twice" for key, uses in used.items() if uses > 1]


@st.composite
def one_day(draw: st.DrawFn) -> CrewProblem:
    """Two or three trips of a day with unlicensed people, drivers and small cars."""
    trips = draw(st.integers(1, 3))
    people = tuple(range(2 * trips))
    licensed = draw(st.sets(st.sampled_from(people), max_size=len(people)))
    drivers = tuple(range(10, 10 + max(0, trips - len(licensed))))
    wish = st.lists(st.sampled_from(people), min_size=1, max_size=2, unique=True).map(tuple)
    wishes = st.lists(wish, max_size=3).map(tuple)
    return CrewProblem(
        crew_size=2,
        trips=tuple(Trip(4, 1, 100 * (t + 1), draw(wishes)) for t in range(trips)),
        people_of={(4, 1): people},
        drivers_of={(4, 1): drivers},
        vehicles_of={(4, 1): tuple(range(trips))},
        driving_days=tuple((4,) if p in licensed or p >= 10 else () for p in range(14)),
        seats=tuple(2 if t >= len(drivers) else 3 for t in range(trips)),
    )


def granted(problem: CrewProblem, crews: tuple[tuple[int, ...], ...]) -> tuple[int, int]:
    """Return how many trips have anyone wanted aboard, and how many wishes are granted."""
    each = [
        sum(bool(set(group) & set(crew)) for group in trip.wanted)
        for trip, crew in zip(problem.trips, crews, strict=True)
    ]
    return sum(count > 0 for count in each), sum(each)


def most_granted(problem: CrewProblem) -> tuple[int, int]:
    """Return the most that any sharing out of the day's people grants."""
    people = problem.people_of[4, 1]
    free_drivers = len(problem.drivers_of[4, 1])
    best = (0, 0)
    for order in permutations(people):
        crews = tuple(order[at : at + 2] for at in range(0, len(order), 2))
        undriven = sum(not any(problem.driving_days[p] for p in crew) for crew in crews)
        if undriven <= free_drivers:
            best = max(best, granted(problem, crews))
    return best


@settings(max_examples=60, deadline=None)
@given(one_day())
def test_a_day_is_crewed_with_as_many_wishes_as_possible(problem: CrewProblem) -> None:
    """Every rule is kept, and no other sharing out grants more (enumeration)."""
    crews = assign_crews(problem)
    assert faults(problem, crews) == []
    assert granted(problem, tuple(crew.people for crew in crews)) == most_granted(problem)


def test_pairs_rotate() -> None:
    """Four people, two trips a day: in thirty days each of the six pairs rides as often."""
    crews = assign_crews(days_of(30, 2, (0, 1, 2, 3)))
    together = Counter(pair for crew in crews for pair in combinations(crew.people, 2))
    assert set(together.values()) == {10}
    assert len(together) == 6


def test_each_trip_has_someone_responsible_before_one_has_many() -> None:
    """One person of each of three groups could ride together; each trip gets one of its own."""
    problem = replace(
        days_of(1, 2, (0, 1, 2, 3)),
        trips=(Trip(0, 0, 300, ((0,), (0,), (1,))), Trip(0, 0, 300, ((0,),))),
    )
    first, second = assign_crews(problem)
    assert 1 in first.people
    assert 0 in second.people


def test_minutes_are_fair_against_presence() -> None:
    """Person 5 was away half the time: back again, nobody makes them catch up on long trips."""
    minutes = (200, 400, 300)
    problem = days_of(40, 2, (0, 1, 2, 3), minutes=minutes)
    late = {(day, 0): (0, 1, 2, 5) for day in range(20, 40)}
    problem = replace(
        problem,
        people_of={**problem.people_of, **late},
        present_of={**problem.people_of, **late},
        driving_days=(*problem.driving_days, *[tuple(range(40))] * 6)[:6],
    )
    taken: Counter[int] = Counter()
    for trip, crew in zip(problem.trips, assign_crews(problem), strict=True):
        taken.update(dict.fromkeys(crew.people, trip.minutes))
    assert abs(taken[5] - taken[0] / 2) <= 400
    assert abs(taken[3] - taken[0] / 2) <= 400


def test_minutes_are_fair() -> None:
    """Long and short trips fall to all alike: no one is ahead by more than one long trip."""
    problem = days_of(24, 3, tuple(range(6)), minutes=(200, 400, 300))
    minutes: Counter[int] = Counter()
    for trip, crew in zip(problem.trips, assign_crews(problem), strict=True):
        minutes.update(dict.fromkeys(crew.people, trip.minutes))
    assert max(minutes.values()) - min(minutes.values()) <= 400


def test_a_driver_rides_in_a_car_with_a_seat_for_them() -> None:
    """The trip with a driver gets the larger car, whichever comes first."""
    problem = CrewProblem(
        crew_size=2,
        trips=(Trip(0, 0, wanted=((0,), (1,))), Trip(0, 0, wanted=((2,), (3,)))),
        people_of={(0, 0): (0, 1, 2, 3)},
        drivers_of={(0, 0): (4,)},
        vehicles_of={(0, 0): (0, 1)},
        driving_days=((0,), (), (), (), (0,)),
        seats=(3, 2),
    )
    assert assign_crews(problem) == (Crew((0, 1), None, 1), Crew((2, 3), 4, 0))


def test_a_trip_without_a_car_says_so() -> None:
    """Crews are made even when vehicles are missing; the vehicle is None then."""
    problem = CrewProblem(2, (Trip(0, 0),), {(0, 0): (0, 1)}, {}, ((0,), (0,)), ())
    assert assign_crews(problem) == (Crew((0, 1), None, None),)


def test_the_same_seed_gives_the_same_crews() -> None:
    """Two runs agree."""
    problem = days_of(10, 3, tuple(range(6)), minutes=(200, 400, 300))
    assert assign_crews(problem, seed=7) == assign_crews(problem, seed=7)


def test_too_few_people_are_refused() -> None:
    """A day whose people are not whole crews is an error naming it."""
    with pytest.raises(ValueError, match="day 0, pool 0: 3 people for 2 crews of 2"):
        CrewProblem(2, (Trip(0, 0), Trip(0, 0)), {(0, 0): (0, 1, 2)}, {}, ((), (), ()), ())


def test_people_that_nobody_can_drive_are_refused() -> None:
    """A day without enough licences is an error naming it."""
    problem = CrewProblem(
        1, (Trip(0, 0), Trip(0, 0)), {(0, 0): (0, 1)}, {(0, 0): ()}, ((0,), ()), ()
    )
    with pytest.raises(ValueError, match="no way to crew 2 trips"):
        assign_crews(problem)
