"""Overrides of people, vehicles, leave and stations: each turns inputs into other inputs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from operator import attrgetter
from typing import Any, Final

from network.problems import Text
from scenarios.model import (
    AddLeave,
    AddStaff,
    AddVehicle,
    CancelLeave,
    MergeStations,
    RemoveStaff,
    RemoveVehicle,
    refusal,
)
from scheduling.county.model import County, Inspector, Leave, Vehicle, Zone
from scheduling.inputs import PlanInputs


def add_staff(inputs: PlanInputs, override: AddStaff) -> PlanInputs:
    """Add people whose certificates, if any, hold throughout."""
    check_known("unit", [override.unit], _unit_ids(inputs.county))
    taken = {person.id for person in inputs.county.inspectors}
    added = [
        Inspector(
            id=person,
            name=f"拟增人员{number}",
            units=(override.unit,),
            certificate_number=f"拟增{person}" if override.certified else "",
            licensed=override.licensed,
        )
        for number, person in enumerate(_new_ids(override.unit, "P", override.count, taken), 1)
    ]
    return with_county(inputs, inspectors=(*inputs.county.inspectors, *added))


def remove_staff(inputs: PlanInputs, override: RemoveStaff) -> PlanInputs:
    """Remove people, their leave, and their names from the zones they answer for (art. 12)."""
    county = inputs.county
    check_known("who", override.who, {person.id for person in county.inspectors})
    left = tuple(person for person in county.inspectors if person.id not in override.who)
    return with_county(
        inputs,
        inspectors=left,
        leave=tuple(row for row in county.leave if row.who not in override.who),
        zones=tuple(_handed_over(zone, override.who, left) for zone in county.zones),
    )


def _handed_over(zone: Zone, gone: Collection[str], left: Iterable[Inspector]) -> Zone:
    """Return the zone with a colleague of its unit in charge where nobody else is left."""
    responsible: dict[str, tuple[str, ...]] = {}
    for authority, people in zone.responsible.items():
        stay = tuple(person for person in people if person not in gone)
        if people and not stay:
            unit = zone.units.get(authority, "")
            colleagues = [
                person.id for person in left if unit in person.units and person.certificate_number
            ]
            stay = tuple(colleagues[:1])
        responsible[authority] = stay
    return replace(zone, responsible=responsible)


def add_leave(inputs: PlanInputs, override: AddLeave) -> PlanInputs:
    """Add days on which people or vehicles are away."""
    check_known("who", override.who, _people_and_vehicles(inputs.county))
    if override.last_day < override.first_day:
        raise refusal(
            "to",
            Text("结束早于开始", "it ends before it starts"),
            Text("请更正起止日期", "correct the days"),
        )
    added = (
        Leave(who, override.first_day, override.last_day, override.reason) for who in override.who
    )
    return with_county(inputs, leave=(*inputs.county.leave, *added))


def cancel_leave(inputs: PlanInputs, override: CancelLeave) -> PlanInputs:
    """Call off all leave of people or vehicles that have some."""
    check_known("who", override.who, {row.who for row in inputs.county.leave})
    kept = tuple(row for row in inputs.county.leave if row.who not in override.who)
    return with_county(inputs, leave=kept)


def add_vehicle(inputs: PlanInputs, override: AddVehicle) -> PlanInputs:
    """Add vehicles, for a time or for good."""
    check_known("unit", [override.unit], _unit_ids(inputs.county))
    taken = {vehicle.id for vehicle in inputs.county.vehicles}
    added = [
        Vehicle(
            *(vehicle, f"拟增车辆{number}", (override.unit,), override.seats),
            available_from=override.first_day,
            available_until=override.last_day,
        )
        for number, vehicle in enumerate(_new_ids(override.unit, "V", override.count, taken), 1)
    ]
    return with_county(inputs, vehicles=(*inputs.county.vehicles, *added))


def remove_vehicle(inputs: PlanInputs, override: RemoveVehicle) -> PlanInputs:
    """Remove vehicles and their rows of leave."""
    county = inputs.county
    check_known("who", override.who, {vehicle.id for vehicle in county.vehicles})
    return with_county(
        inputs,
        vehicles=tuple(v for v in county.vehicles if v.id not in override.who),
        leave=tuple(row for row in county.leave if row.who not in override.who),
    )


def merge_stations(inputs: PlanInputs, override: MergeStations) -> PlanInputs:
    """Make several units of one authority one, at the home of ``into``."""
    county, into = inputs.county, override.into
    check_known("stations", override.stations, _unit_ids(county))
    check_known("into", [into], set(override.stations))
    merged = [unit for unit in county.units if unit.id in override.stations]
    if len({unit.authority for unit in merged}) > 1:
        raise refusal(
            "stations",
            Text("分属不同层级，不能合并", "they belong to different authorities"),
            Text("只合并同一层级的单位", "merge units of one authority only"),
        )

    def moved(units: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(into if unit in override.stations else unit for unit in units))

    townships = "、".join(dict.fromkeys(unit.township for unit in merged if unit.township))
    merged_inputs = with_county(
        inputs,
        units=tuple(
            replace(unit, name=override.name or unit.name, township=townships)
            if unit.id == into
            else unit
            for unit in county.units
            if unit.id == into or unit.id not in override.stations
        ),
        zones=tuple(
            replace(zone, units={a: moved([unit])[0] for a, unit in zone.units.items()})
            for zone in county.zones
        ),
        inspectors=tuple(replace(p, units=moved(p.units)) for p in county.inspectors),
        vehicles=tuple(replace(v, units=moved(v.units)) for v in county.vehicles),
    )
    return replace(merged_inputs, units=tuple(sorted(moved(inputs.units))))


#: By what each table is sorted, as everywhere.
_ORDER: Final[Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("units", "zones", "inspectors", "vehicles"), attrgetter("id")),
    "leave": attrgetter("who", "first_day", "last_day"),
    "history": attrgetter("zone", "authority", "day"),
    "checkpoints": attrgetter("zone", "name", "lon", "lat"),
}


def with_county(inputs: PlanInputs, **tables: Iterable[Any]) -> PlanInputs:
    """Return inputs whose county has other tables, sorted as everywhere."""
    parts: dict[str, Any] = {
        name: tuple(sorted(rows, key=_ORDER[name])) for name, rows in tables.items()
    }
    return replace(inputs, county=replace(inputs.county, **parts))


def _unit_ids(county: County) -> set[str]:
    return {unit.id for unit in county.units}


def _people_and_vehicles(county: County) -> set[str]:
    return {p.id for p in county.inspectors} | {v.id for v in county.vehicles}


def _new_ids(unit: str, letter: str, count: int, taken: Collection[str]) -> list[str]:
    numbers = range(1, count + len(taken) + 1)
    free = (f"{unit}-{letter}新{number:02}" for number in numbers)
    return [name for name in free if name not in taken][:count]


def check_known(field: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise OverrideError naming those that the county does not have, with the nearest ones."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        listed = "、".join(unknown)
        close = [near for name in unknown for near in get_close_matches(name, sorted(known), 3)]
        choices = ", ".join(dict.fromkeys(close or sorted(known)[:20])) or "-"
        raise refusal(
            field,
            Text(f"县数据中没有：{listed}", f"not in the county: {listed}"),
            Text(f"可选：{choices}", f"choose from: {choices}"),
        )
