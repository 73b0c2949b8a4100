"""Small units short of something, made at random on one generated county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from scheduling.county.model import Inspector, Leave, Vehicle
from scheduling.inputs import PlanInputs

#: Half a month or a month, some with holidays.
_SCOPES = (
    (date(2026, 2, 16), date(2026, 2, 28)),
    (date(2026, 10, 1), date(2026, 10, 15)),
    (date(2026, 5, 1), date(2026, 5, 15)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 12, 16), date(2026, 12, 31)),
)


def random_unit(base: PlanInputs, seed: int) -> PlanInputs:
    """Return a unit of the base county with other people, vehicles, absences, caps and shift."""
    rng = Random(seed)
    unit = rng.choice(base.units)
    first, last = rng.choice(_SCOPES)
    people = tuple(_person(rng, unit, number, first, last) for number in range(rng.randint(1, 4)))
    cars = tuple(_car(rng, unit, number, first) for number in range(rng.randint(1, 2)))
    who = [*(p.id for p in people), *(c.id for c in cars)]
    leave = tuple(_leave(rng, rng.choice(who), first, last) for _ in range(rng.randint(0, 3)))
    settings = base.county.settings
    settings = settings.model_copy(
        update={
            "shift": settings.shift.model_copy(
                update={"max_work_minutes": rng.choice((100, 140, 360))}
            ),
            "visit": settings.visit.model_copy(update={"stop_minutes": rng.choice((20, 40))}),
            "caps": settings.caps.model_copy(
                update={
                    "patrol_days_per_week": rng.randint(1, 4),
                    "patrol_days_per_28_days": rng.choice((2, 4, 14)),
                }
            ),
        }
    )
    others = [p for p in base.county.inspectors if unit not in p.units]
    ids = [person.id for person in people]
    zones = tuple(
        replace(
            zone,
            responsible={
                a: (rng.choice(ids),) if zone.units[a] == unit else who
                for a, who in zone.responsible.items()
            },
        )
        for zone in base.county.zones
    )
    county = replace(
        base.county,
        settings=settings,
        zones=zones,
        inspectors=_sorted((*others, *people)),
        vehicles=_sorted((*(v for v in base.county.vehicles if unit not in v.units), *cars)),
        leave=leave,
    )
    return replace(base, county=county, units=(unit,), first_day=first, last_day=last)


def _sorted(rows: Sequence) -> tuple:  # type: ignore[type-arg]
    return tuple(sorted(rows, key=lambda row: row.id))


def _person(rng: Random, unit: str, number: int, first: date, last: date) -> Inspector:
    name, certified = f"{unit}-X{number}", rng.random() < 0.9
    since = until = None
    if rng.random() < 0.3:
        since = first + timedelta(days=rng.randint(-3, (last - first).days))
    elif rng.random() < 0.2:
        until = first + timedelta(days=rng.randint(0, (last - first).days))
    return Inspector(
        id=name,
        name=f"甲{number}",
        units=(unit,),
        certificate_number=f"证{name}" if certified else "",
        certificate_from=since if certified else None,
        certificate_until=until if certified else None,
        licensed=number == 0 or rng.random() < 0.8,
    )


def _car(rng: Random, unit: str, number: int, first: date) -> Vehicle:
    until = first + timedelta(days=rng.randint(3, 10)) if rng.random() < 0.2 else None
    return Vehicle(f"{unit}-Y{number}", f"车{number}", (unit,), 5, available_until=until)


def _leave(rng: Random, who: str, first: date, last: date) -> Leave:
    start = first + timedelta(days=rng.randint(0, (last - first).days))
    return Leave(who, start, start + timedelta(days=rng.randint(0, 9)), "")
