"""Crews, dates fixed: who of a day's people goes with whom on which trip, in which vehicle.

    assign_crews(problem: CrewProblem, *, seed=0, effort=0.2) -> tuple[Crew, ...]   # per trip

Day after day in order: first somebody responsible on every trip, then as many wishes as possible,
then people who have seldom ridden together, then minutes towards those who have had the fewest for
the days on which they were present. A lone trip takes the people as they are; several are shared
out by CP-SAT, exactly but for the largest days, where ``effort`` (deterministic seconds a day) ends
the search.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from optimizer.roster_search import Budget, run

#: A trip with somebody responsible weighs more than all other wishes of a day, one wish more than
#: all rotation and fairness.
_LED, _WISH = 1_000_000_000, 1_000_000
_PAIR = 1_000


@dataclass(frozen=True)
class Trip:
    """One patrol of a pool on a day; ``wanted`` as in ``roster.Item``."""

    day: int
    pool: int
    minutes: int = 1
    wanted: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class CrewProblem:
    """Trips and, keyed (day, pool), the inspectors, drivers and vehicles of ``RosterResult``.

    ``driving_days[person]`` are the days on which that person may drive; ``seats[vehicle]`` include
    the driver's. ``present_of`` are all who could have gone: minutes are fair against those of the
    days on which one was present. Raises ValueError when the people of a day are not ``crew_size``
    per trip.
    """

    crew_size: int
    trips: tuple[Trip, ...]
    people_of: Mapping[tuple[int, int], tuple[int, ...]]
    vehicles_of: Mapping[tuple[int, int], tuple[int, ...]]
    driving_days: tuple[tuple[int, ...], ...]
    seats: tuple[int, ...]
    drivers_of: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    present_of: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        trips = Counter((trip.day, trip.pool) for trip in self.trips)
        faults = [
            f"day {day}, pool {pool}: {len(self.people_of.get((day, pool), ()))} people "
            f"for {count} crews of {self.crew_size}"
            for (day, pool), count in sorted(trips.items())
            if len(self.people_of.get((day, pool), ())) != count * self.crew_size
        ]
        if faults:
            raise ValueError("; ".join(faults))


@dataclass(frozen=True)
class Crew:
    """Who rides on a trip; ``driver`` is besides the crew, ``vehicle`` None when none is left."""

    people: tuple[int, ...]
    driver: int | None
    vehicle: int | None


#: Trip: its people and its driver besides them.
_Crews = Mapping[int, tuple[tuple[int, ...], int | None]]


@dataclass(frozen=True)
class _Past:
    """What has been shared out so far: ``ahead`` are minutes beyond one's fair share."""

    ahead: Counter[int]
    together: Counter[tuple[int, int]]

    def note(self, problem: CrewProblem, shift: tuple[int, int], crews: _Crews) -> None:
        """Note a day: all who were present owed equal shares of its minutes."""
        present = problem.present_of.get(shift) or problem.people_of[shift]
        total = problem.crew_size * sum(problem.trips[trip].minutes for trip in crews)
        self.ahead.subtract(dict.fromkeys(present, total // len(present)))
        for trip, (people, _) in crews.items():
            self.ahead.update(dict.fromkeys(people, problem.trips[trip].minutes))
            self.together.update(combinations(people, 2))


def assign_crews(problem: CrewProblem, *, seed: int = 0, effort: float = 0.2) -> tuple[Crew, ...]:
    """Return one crew per trip. Raises ValueError when a day's people cannot all be driven."""
    by_shift: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, trip in enumerate(problem.trips):
        by_shift[trip.day, trip.pool].append(index)
    past = _Past(Counter(), Counter())
    crews: dict[int, Crew] = {}
    for shift, trips in sorted(by_shift.items()):
        shared = _share_out(problem, shift, trips, past, Budget(seed, effort))
        crews.update(_with_vehicles(problem, shift, shared))
        past.note(problem, shift, shared)
    return tuple(crews[index] for index in range(len(problem.trips)))


def _share_out(
    problem: CrewProblem,
    shift: tuple[int, int],
    trips: Sequence[int],
    past: _Past,
    budget: Budget,
) -> _Crews:
    """Return people and driver per trip of one day and pool."""
    people = tuple(sorted(problem.people_of[shift]))
    drivers = problem.drivers_of.get(shift, ())
    if len(trips) == 1:
        return {trips[0]: (people, drivers[0] if drivers else None)}
    day = _DayModel.of(problem, shift, trips)
    for rule in CREW_RULES:
        rule(day)
    day.model.minimize(
        _LED * day.trips_without_responsible()
        + _WISH * day.failed_wishes()
        + _PAIR * day.repeated_pairs(past)
        + day.unfair_minutes(past)
    )
    best = run(day.model, budget)
    if not best.found:
        raise ValueError(f"day {shift[0]}, pool {shift[1]}: no way to crew {len(trips)} trips")
    return {
        trip: (
            tuple(person for person in people if best.on(day.rides[person, trip])),
            next((driver for driver in drivers if best.on(day.drives[driver, trip])), None),
        )
        for trip in trips
    }


@dataclass(frozen=True)
class _DayModel:
    """``rides[person, trip]``, ``drives[driver, trip]`` of one day and pool."""

    problem: CrewProblem
    model: cp_model.CpModel
    day: int
    trips: tuple[int, ...]
    people: tuple[int, ...]
    drivers: tuple[int, ...]
    rides: Mapping[tuple[int, int], Any]
    drives: Mapping[tuple[int, int], Any]

    @classmethod
    def of(cls, problem: CrewProblem, shift: tuple[int, int], trips: Sequence[int]) -> _DayModel:
        model = cp_model.CpModel()
        people = tuple(sorted(problem.people_of[shift]))
        drivers = tuple(sorted(problem.drivers_of.get(shift, ())))
        rides = {(p, t): model.new_bool_var(f"{p} rides {t}") for p in people for t in trips}
        drives = {(p, t): model.new_bool_var(f"{p} drives {t}") for p in drivers for t in trips}
        return cls(problem, model, shift[0], tuple(trips), people, drivers, rides, drives)

    def trips_without_responsible(self) -> Any:
        """Trips with wishes that have nobody of any of their groups aboard."""
        wanted = [(trip, self.problem.trips[trip].wanted) for trip in self.trips]
        return cp_model.LinearExpr.sum(
            [self._missed(trip, {p for group in own for p in group}) for trip, own in wanted if own]
        )

    def failed_wishes(self) -> Any:
        """Wishes without anyone of their group aboard."""
        return cp_model.LinearExpr.sum(
            [
                count * self._missed(trip, group)
                for trip in self.trips
                for group, count in sorted(Counter(self.problem.trips[trip].wanted).items())
            ]
        )

    def _missed(self, trip: int, group: Collection[int]) -> Any:
        """Return a literal that is true where nobody of the group is aboard."""
        missed = self.model.new_bool_var("missed")
        present = [
            role[person, trip]
            for role in (self.rides, self.drives)
            for person in sorted(group)
            if (person, trip) in role
        ]
        self.model.add_bool_or([*present, missed])
        return missed

    def repeated_pairs(self, past: _Past) -> Any:
        """Each pair costs how often it has ridden together, beyond the day's rarest pair."""
        pairs = list(combinations(self.people, 2))
        least = min((past.together[pair] for pair in pairs), default=0)
        terms = []
        for pair in pairs:
            repeats = past.together[pair] - least
            for trip in self.trips if repeats else ():
                both = self.model.new_bool_var("both")
                self.model.add(both >= self.rides[pair[0], trip] + self.rides[pair[1], trip] - 1)
                terms.append(min(repeats, 20) * both)
        return cp_model.LinearExpr.sum(terms)

    def unfair_minutes(self, past: _Past) -> Any:
        """Today's minutes times those one is ahead, in steps that fit below one pair."""
        least = min(past.ahead[person] for person in self.people)
        cost = {
            (person, trip): (past.ahead[person] - least) * self.problem.trips[trip].minutes
            for person in self.people
            for trip in self.trips
        }
        unit = max(1, max(cost.values()) * len(self.people) // (_PAIR - 1) + 1)
        return cp_model.LinearExpr.sum(
            [cost[key] // unit * literal for key, literal in self.rides.items()]
        )


def everyone_rides_once(day: _DayModel) -> None:
    """Each person and each driver goes on exactly one trip."""
    for who, role in ((day.people, day.rides), (day.drivers, day.drives)):
        for person in who:
            day.model.add_exactly_one(role[person, trip] for trip in day.trips)


def crews_are_full(day: _DayModel) -> None:
    """Each trip has ``crew_size`` people and at most one driver besides."""
    for trip in day.trips:
        aboard = cp_model.LinearExpr.sum([day.rides[person, trip] for person in day.people])
        day.model.add(aboard == day.problem.crew_size)
        day.model.add_at_most_one(day.drives[person, trip] for person in day.drivers)


def someone_drives(day: _DayModel) -> None:
    """Each trip has someone aboard who may drive."""
    for trip in day.trips:
        able = [p for p in day.people if day.day in day.problem.driving_days[p]]
        day.model.add_bool_or(
            [day.rides[person, trip] for person in able]
            + [day.drives[person, trip] for person in day.drivers]
        )


#: Every hard rule about a day's crews; seats are kept by ``_with_vehicles``.
CREW_RULES = (everyone_rides_once, crews_are_full, someone_drives)


def _with_vehicles(
    problem: CrewProblem,
    shift: tuple[int, int],
    shared: _Crews,
) -> dict[int, Crew]:
    """Give each trip the smallest vehicle it fits in, fullest crews first (exact: seats nest)."""
    free = sorted(problem.vehicles_of.get(shift, ()), key=lambda v: (problem.seats[v], v))
    crews = {}
    for trip in sorted(shared, key=lambda t: (shared[t][1] is None, t)):
        people, driver = shared[trip]
        load = len(people) + (driver is not None)
        fits = [vehicle for vehicle in free if problem.seats[vehicle] >= load]
        vehicle = fits[0] if fits else None
        if vehicle is not None:
            free.remove(vehicle)
        crews[trip] = Crew(people, driver, vehicle)
    return crews
