"""People and vehicles of a group of units as day numbers, for the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from optimizer.roster import Person, Vehicle
from scheduling.county.model import County


@dataclass(frozen=True)
class Horizon:
    """Days of the plan numbered from 0; ISO weeks numbered from the first."""

    first_day: date
    day_count: int

    def number(self, day: date) -> int:
        """Return the day's number (negative before the horizon)."""
        return (day - self.first_day).days

    def day(self, number: int) -> date:
        """Return the date of a day number."""
        return self.first_day + timedelta(days=number)

    @property
    def week_of_day(self) -> tuple[int, ...]:
        """Number of the ISO week of each day."""
        monday = self.first_day.toordinal() - self.first_day.weekday()
        first = self.first_day.toordinal()
        return tuple((first + n - monday) // 7 for n in range(self.day_count))


@dataclass(frozen=True)
class Resources:
    """Ids in the order in which the roster numbers them, with what it knows of each."""

    person_ids: tuple[str, ...]
    people: tuple[Person, ...]
    vehicle_ids: tuple[str, ...]
    vehicles: tuple[Vehicle, ...]


def group_resources(
    county: County,
    units: Sequence[str],
    horizon: Horizon,
    patrol_days: Sequence[date],
    crew_size: int,
) -> Resources:
    """Return who and what the units can use on which of the patrol days.

    A vehicle with fewer seats than a crew needs is left out.
    """
    pool = {unit: index for index, unit in enumerate(units)}
    people = [p for p in county.inspectors if any(unit in pool for unit in p.units)]
    vehicles = [
        v for v in county.vehicles if v.seats >= crew_size and any(unit in pool for unit in v.units)
    ]
    persons = []
    for person in people:
        present = [day for day in patrol_days if not county.away(person.id, day)]
        persons.append(
            Person(
                pools=tuple(sorted(pool[u] for u in person.units if u in pool)),
                certified_days=tuple(horizon.number(d) for d in present if person.certified_on(d)),
                driving_days=tuple(horizon.number(d) for d in present if person.licensed),
            )
        )
    cars = [
        Vehicle(
            pools=tuple(sorted(pool[u] for u in vehicle.units if u in pool)),
            days=tuple(
                horizon.number(day)
                for day in patrol_days
                if vehicle.available_on(day) and not county.away(vehicle.id, day)
            ),
            seats=vehicle.seats,
        )
        for vehicle in vehicles
    ]
    return Resources(
        tuple(p.id for p in people),
        tuple(persons),
        tuple(v.id for v in vehicles),
        tuple(cars),
    )
