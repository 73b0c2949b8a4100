"""Units, inspectors, vehicles, leave and last visits of the sample county, all invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from examples.names import NameBook
from examples.settlements import Settlements
from examples.sizes import SampleSize
from examples.terrain import Terrain, to_lonlat
from scheduling.county.model import (
    AUTHORITIES,
    Authority,
    Inspector,
    Leave,
    PastVisit,
    Unit,
    Vehicle,
    Zone,
)

#: First days of leave that keep clear of the half-months with few workdays.
_LEAVE_MONTHS = (3, 4, 6, 7, 8, 9, 11, 12)


@dataclass(frozen=True)
class Staff:
    """Units with their people, vehicles and leave."""

    units: tuple[Unit, ...]
    inspectors: tuple[Inspector, ...]
    vehicles: tuple[Vehicle, ...]
    leave: tuple[Leave, ...]

    def people_of(self, unit: str) -> tuple[Inspector, ...]:
        """Return the certified people of a unit."""
        return tuple(
            person
            for person in self.inspectors
            if unit in person.units and person.certificate_number
        )


def make_staff(
    terrain: Terrain, settlements: Settlements, size: SampleSize, rng: np.random.Generator
) -> Staff:
    """Found a station in every township and the squads in the county town, and staff them."""
    names = NameBook(rng)
    seats = settlements.seats
    spots = to_lonlat(terrain.position[[seat.node for seat in seats]])
    homes: list[tuple[str, str, Authority, str, int, int]] = []
    for n, seat in enumerate(seats):
        extra = size.town_station_extra if n == 0 else 0
        staff = size.inspectors_per_station + extra + size.inspectors_spread * (n % 3 - 1)
        name = f"{seat.name}自然资源所"
        cars = size.vehicles_per_station + extra
        homes.append((f"T{n + 1:02d}", name, "township", seat.name, staff, cars))
    for n in range(size.squads):
        name = f"执法监察{'一二三四五六七八九十'[n % 10]}中队"
        staff, cars = size.inspectors_per_squad, size.vehicles_per_squad
        homes.append((f"C{n + 1:02d}", name, "county", "", staff, cars))
    units, people, vehicles = [], [], []
    for number, (unit, title, authority, township, staff, cars) in enumerate(homes):
        lon, lat = spots[number] if authority == "township" else spots[0]
        crew = [_inspector(f"{unit}-{k + 1:02d}", unit, names, rng) for k in range(staff)]
        units.append(Unit(unit, title, authority, float(lon), float(lat), crew[0].name, township))
        people += _with_part_years(crew, number)
        if staff > 3 and number % 4 == 0:
            people.append(_driver(f"{unit}-{staff + 1:02d}", unit, names))
        vehicles += [
            Vehicle(f"{unit}-V{k + 1}", f"吉示·{number:02d}{k + 1:02d}", (unit,))
            for k in range(cars)
        ]
    leave = _leave(people, vehicles, rng) if size.leave else ()
    return Staff(tuple(units), tuple(people), tuple(vehicles), leave)


def _inspector(ident: str, unit: str, names: NameBook, rng: np.random.Generator) -> Inspector:
    """Certify a person for five years that hold the whole of 2026."""
    start = date(2022, 1, 1) + timedelta(days=int(rng.integers(0, 1400)))
    return Inspector(
        ident,
        names.person(),
        (unit,),
        f"示执22{unit}{ident[-2:]}",
        start,
        date(start.year + 5, start.month, min(start.day, 28)) - timedelta(days=1),
    )


def _with_part_years(crew: list[Inspector], number: int) -> list[Inspector]:
    """Let a certificate lapse in one larger unit, and a new one begin in another."""
    if len(crew) < 4 or number % 4 > 1:
        return crew
    last = crew[-1]
    if number % 4 == 0:
        last = replace(last, certificate_until=date(2026, 9, 30))
    else:
        last = replace(
            last, certificate_from=date(2026, 3, 16), certificate_until=date(2031, 3, 15)
        )
    return [*crew[:-1], last]


def _driver(ident: str, unit: str, names: NameBook) -> Inspector:
    return Inspector(ident, names.person(), (unit,))


def _leave(
    people: list[Inspector], vehicles: list[Vehicle], rng: np.random.Generator
) -> tuple[Leave, ...]:
    """Give everyone a week's annual leave and some a training course; vehicles an inspection."""
    rows = []
    for number, person in enumerate(people):
        month = _LEAVE_MONTHS[number % len(_LEAVE_MONTHS)]
        monday = _monday(date(2026, month, 1 + int(rng.integers(0, 14))))
        rows.append(Leave(person.id, monday, monday + timedelta(days=4), "年休假"))
        if number % 5 == 2:
            course = _monday(date(2026, 3 if number % 2 else 11, 16))
            rows.append(Leave(person.id, course, course + timedelta(days=2), "业务培训"))
    for number, vehicle in enumerate(vehicles):
        day = _monday(date(2026, 6 + number % 3, 8)) + timedelta(days=number % 5)
        rows.append(Leave(vehicle.id, day, day, "车辆年检"))
    return tuple(sorted(rows, key=lambda row: (row.who, row.first_day)))


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def last_visits(zones: tuple[Zone, ...], rng: np.random.Generator) -> tuple[PastVisit, ...]:
    """Say when each zone was last visited in December 2025, by every authority that owes it."""
    rows = []
    for zone in zones:
        for authority in sorted(a for a in AUTHORITIES if a in zone.units):
            first = 16 if authority == "township" else 8
            day = date(2025, 12, first + int(rng.integers(0, 31 - first)))
            if day.weekday() > 4:
                day -= timedelta(days=2)
            rows.append(PastVisit(zone.id, authority, day))
    return tuple(rows)
