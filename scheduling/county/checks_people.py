"""Rules on units, people, vehicles and leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from network.problems import Problem, Text
from scheduling.county.gathered import Gathered, Placed
from scheduling.county.model import Inspector, Unit, Vehicle, Zone

Identified = TypeVar("Identified", Zone, Unit, Inspector, Vehicle)


def at(placed: Placed[object], code: str, field: str, cause: Text, action: Text) -> Problem:
    """Make a problem at the place where a value was read."""
    return Problem(code, placed.file, cause, action, placed.where, field)


def repeated_ids(rows: Iterable[Placed[Identified]] | None) -> list[Problem]:
    """Return a problem for every row whose id an earlier row has."""
    first: dict[str, Placed[Identified]] = {}
    problems = []
    for row in rows or ():
        earlier = first.setdefault(row.value.id, row)
        if earlier is not row:
            problems.append(
                at(
                    row,
                    "county.duplicate-id",
                    "id",
                    Text(
                        f"编号“{row.value.id}”重复（已用于 {earlier.where}）",
                        f"the id '{row.value.id}' is used twice (first in {earlier.where})",
                    ),
                    Text("给其中一个换编号", "give one of them another id"),
                )
            )
    return problems


def ids_are_unique(county: Gathered) -> list[Problem]:
    """Find ids that two units, people or vehicles share."""
    return [
        *repeated_ids(county.units),
        *repeated_ids(county.inspectors),
        *repeated_ids(county.vehicles),
    ]


def people_and_vehicles_share_no_id(county: Gathered) -> list[Problem]:
    """Find vehicles with a person's id: leave names both alike, so an id means one of them."""
    people = {row.value.id for row in county.inspectors or ()}
    return [
        at(
            row,
            "county.shared-id",
            "id",
            Text(f"编号“{row.value.id}”也是人员编号", f"the id '{row.value.id}' is a person's too"),
            Text("给车辆换编号", "give the vehicle another id"),
        )
        for row in county.vehicles or ()
        if row.value.id in people
    ]


def units_exist(county: Gathered) -> list[Problem]:
    """Find units of people and vehicles that are not in the stations layer."""
    directory = county.known.get("unit")
    if directory is None:
        return []
    rows: tuple[Placed[Inspector] | Placed[Vehicle], ...] = (
        *(county.inspectors or ()),
        *(county.vehicles or ()),
    )
    return [
        at(row, "county.unknown-unit", "unit", unknown_unit(unit), directory.advice(unit))
        for row in rows
        for unit in row.value.units
        if unit not in directory.ids
    ]


def unknown_unit(unit: str) -> Text:
    """Say that there is no such unit."""
    return Text(f"没有单位“{unit}”", f"there is no unit '{unit}'")


def certificates_are_not_shared(county: Gathered) -> list[Problem]:
    """Find certificate numbers that two people share (art. 16)."""
    return _shared(
        [(row, row.value.certificate_number) for row in county.inspectors or ()],
        "county.shared-certificate",
        "certificate_number",
        Text("执法证号", "certificate number"),
    )


def plates_are_not_shared(county: Gathered) -> list[Problem]:
    """Find number plates that two vehicles share."""
    return _shared(
        [(row, row.value.plate) for row in county.vehicles or ()],
        "county.shared-plate",
        "plate",
        Text("车牌号", "number plate"),
    )


def _shared(
    rows: Iterable[tuple[Placed[Inspector] | Placed[Vehicle], str]],
    code: str,
    field: str,
    noun: Text,
) -> list[Problem]:
    first: dict[str, Placed[Inspector] | Placed[Vehicle]] = {}
    problems = []
    for row, number in rows:
        earlier = first.setdefault(number, row)
        if number and earlier.value.id != row.value.id:
            problems.append(
                at(
                    row,
                    code,
                    field,
                    Text(
                        f"{noun.zh} {number} 已用于 {earlier.where}",
                        f"the {noun.en} {number} is that of {earlier.where} too",
                    ),
                    Text("核对后改正其一", "check both and mend one"),
                )
            )
    return problems


def dates_are_in_order(county: Gathered) -> list[Problem]:
    """Find certificates and vehicles that end before they begin."""
    problems = []
    for person in county.inspectors or ():
        dates = person.value.certificate_from, person.value.certificate_until
        problems += _out_of_order(person, "certificate_until", *dates)
    for vehicle in county.vehicles or ():
        dates = vehicle.value.available_from, vehicle.value.available_until
        problems += _out_of_order(vehicle, "available_until", *dates)
    return problems


def _out_of_order(
    row: Placed[Inspector] | Placed[Vehicle], field: str, first: date | None, last: date | None
) -> list[Problem]:
    if first is None or last is None or first <= last:
        return []
    return [
        at(
            row,
            "county.ends-before-start",
            field,
            Text(f"止于 {last}，早于起始 {first}", f"it ends on {last}, before it begins: {first}"),
            Text("改正起止日期", "mend one of the two dates"),
        )
    ]


def vehicles_have_two_seats(county: Gathered) -> list[Problem]:
    """Find vehicles too small for a patrol, which is at least two people (art. 16)."""
    return [
        at(
            row,
            "vehicle.seats",
            "seats",
            Text(
                f"{row.value.seats} 座坐不下一个巡查组",
                f"{row.value.seats} seat(s) hold no crew of two",
            ),
            Text("填写含驾驶员的座位数，至少 2", "give its seats, driver included: at least 2"),
        )
        for row in county.vehicles or ()
        if row.value.seats < 2
    ]


def leave_names_someone(county: Gathered) -> list[Problem]:
    """Find leave of people and vehicles that are in no table."""
    people, vehicles = county.known.get("inspector"), county.known.get("vehicle")
    if people is None or vehicles is None:
        return []
    return [
        at(
            row,
            "leave.unknown-person",
            "who",
            Text(
                f"没有编号为“{row.value.who}”的人员或车辆",
                f"there is no person or vehicle '{row.value.who}'",
            ),
            people.advice(row.value.who),
        )
        for row in county.leave or ()
        if row.value.who not in people.ids and row.value.who not in vehicles.ids
    ]


def leave_ends_after_it_starts(county: Gathered) -> list[Problem]:
    """Find leave whose last day is before its first."""
    return [
        at(
            row,
            "leave.ends-before-start",
            "last_day",
            Text(
                f"止于 {row.value.last_day}，早于 {row.value.first_day}",
                f"it ends on {row.value.last_day}, before it begins: {row.value.first_day}",
            ),
            Text("改正起止日期", "mend one of the two dates"),
        )
        for row in county.leave or ()
        if row.value.last_day < row.value.first_day
    ]
