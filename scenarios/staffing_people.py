"""Other people and vehicles in a group's place: equal hypothetical, fewer or more named ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from scenarios.model import (
    AddLeave,
    AddStaff,
    AddVehicle,
    RemoveStaff,
    RemoveVehicle,
)
from scenarios.override_resources import (
    add_leave,
    add_staff,
    add_vehicle,
    remove_staff,
    remove_vehicle,
)
from scheduling.county.model import Inspector, Leave
from scheduling.inputs import PlanInputs

#: Weeks off, as numbers of ISO weeks from the one of the first day planned, of each person.
WeeksOff = Sequence[Sequence[int]]


def with_shift(inputs: PlanInputs, minutes: int) -> PlanInputs:
    """Return inputs whose patrols last at most so many minutes of driving and stops."""
    settings = inputs.county.settings
    shift = settings.shift.model_copy(update={"max_work_minutes": minutes})
    settings = settings.model_copy(update={"shift": shift})
    return replace(inputs, county=replace(inputs.county, settings=settings))


def with_equals(inputs: PlanInputs, weeks_off: WeeksOff, vehicles: int) -> PlanInputs:
    """Put equal people, one for each entry of ``weeks_off``, and vehicles in place of all.

    Everybody is certified and licensed and, like every vehicle, of all the units planned.
    """
    county, units = inputs.county, set(inputs.units)
    before = [person.id for person in county.inspectors if units & set(person.units)]
    cars = [vehicle.id for vehicle in county.vehicles if units & set(vehicle.units)]
    inputs = with_more(inputs, weeks_off)
    if vehicles:
        added = AddVehicle(do="add-vehicle", unit=inputs.units[0], count=vehicles)
        inputs = add_vehicle(inputs, added)
    if before:
        inputs = remove_staff(inputs, RemoveStaff(do="remove-staff", who=tuple(before)))
    if cars:
        inputs = remove_vehicle(inputs, RemoveVehicle(do="remove-vehicle", who=tuple(cars)))
    shared = tuple(
        replace(one, units=inputs.units) if units & set(one.units) else one
        for one in inputs.county.vehicles
    )
    return replace(inputs, county=replace(inputs.county, vehicles=shared))


def with_more(inputs: PlanInputs, weeks_off: WeeksOff) -> PlanInputs:
    """Add hypothetical people of all the units planned, each with leave of their own."""
    if not weeks_off:
        return inputs
    before = {person.id for person in inputs.county.inspectors}
    more = AddStaff(do="add-staff", unit=inputs.units[0], count=len(weeks_off))
    inputs = add_staff(inputs, more)
    added = [person for person in inputs.county.inspectors if person.id not in before]
    people = tuple(
        one if one.id in before else replace(one, units=inputs.units)
        for one in inputs.county.inspectors
    )
    leave = [
        Leave(person.id, monday, monday + timedelta(days=6), "年休假")
        for person, weeks in zip(added, weeks_off, strict=True)
        for monday in (monday_of(inputs, week) for week in weeks)
    ]
    leave_rows = (*inputs.county.leave, *leave)
    return replace(inputs, county=replace(inputs.county, inspectors=people, leave=leave_rows))


def with_only(inputs: PlanInputs, kept: Sequence[str]) -> PlanInputs:
    """Remove the units' inspectors but those kept; drivers without a certificate stay."""
    gone = tuple(one.id for one in inspectors_of(inputs) if one.id not in kept)
    return remove_staff(inputs, RemoveStaff(do="remove-staff", who=gone)) if gone else inputs


def with_vehicle(inputs: PlanInputs) -> PlanInputs:
    """Add a vehicle to the first unit."""
    return add_vehicle(inputs, AddVehicle(do="add-vehicle", unit=inputs.units[0]))


def with_absence(inputs: PlanInputs, who: str, first_day: date, last_day: date) -> PlanInputs:
    """Let somebody or a vehicle be away on top of all leave there is."""
    fields = {"do": "leave", "who": (who,), "from": first_day, "to": last_day}
    return add_leave(inputs, AddLeave.model_validate(fields))


def inspectors_of(inputs: PlanInputs) -> tuple[Inspector, ...]:
    """Return the people of the units planned who hold a certificate on some day planned."""
    days = (inputs.last_day - inputs.first_day).days + 1
    return tuple(
        one
        for one in inputs.county.inspectors
        if set(one.units) & set(inputs.units)
        and any(one.certified_on(inputs.first_day + timedelta(days=n)) for n in range(days))
    )


def vehicles_of(inputs: PlanInputs) -> tuple[str, ...]:
    """Return the ids of the vehicles of the units planned."""
    units = set(inputs.units)
    return tuple(one.id for one in inputs.county.vehicles if units & set(one.units))


def monday_of(inputs: PlanInputs, week: int) -> date:
    """Return the Monday of a week by its number, 0 being the week of the first day planned."""
    first = inputs.first_day
    return first + timedelta(days=7 * week - first.weekday())
