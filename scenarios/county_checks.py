"""Holding a changed county to every check that a county folder is held to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from scenarios.model import OverrideError
from scheduling.county.checks import run_checks
from scheduling.county.gathered import Directory, Gathered, Placed
from scheduling.county.model import County
from scheduling.inputs import PlanInputs

T = TypeVar("T")


def refuse_unsound(before: PlanInputs, after: PlanInputs) -> None:
    """Raise OverrideError with every check of the county that holds before and not after."""
    if after.county is before.county:
        return
    known = set(run_checks(gathered(before.county)))
    found = [problem for problem in run_checks(gathered(after.county)) if problem not in known]
    if found:
        raise OverrideError(replace(problem, file="") for problem in found)


def gathered(county: County) -> Gathered:
    """Return a county as its checks want it, each row named by table and id."""
    return Gathered(
        settings=county.settings,
        zones=_placed("zone", ((zone.id, zone) for zone in county.zones)),
        units=_placed("station", ((unit.id, unit) for unit in county.units)),
        inspectors=_placed("inspector", ((one.id, one) for one in county.inspectors)),
        vehicles=_placed("vehicle", ((one.id, one) for one in county.vehicles)),
        leave=_placed("leave", ((row.who, row) for row in county.leave)),
        history=_placed("history", ((row.zone, row) for row in county.history)),
        checkpoints=_placed("checkpoint", ((row.zone, row) for row in county.checkpoints)),
        known=directories(county),
    )


def directories(county: County) -> dict[str, Directory]:
    """Return the ids of each table, and the names that may stand for them."""
    return {
        "unit": _directory((unit.id, unit.name) for unit in county.units),
        "inspector": _directory((one.id, one.name) for one in county.inspectors),
        "vehicle": _directory((one.id, one.plate) for one in county.vehicles),
        "zone": _directory((zone.id, zone.name) for zone in county.zones),
    }


def _placed(noun: str, rows: Iterable[tuple[str, T]]) -> tuple[Placed[T], ...]:
    return tuple(Placed(row, "", f"{noun} {identity}") for identity, row in rows)


def _directory(rows: Iterable[tuple[str, str]]) -> Directory:
    by_name: dict[str, tuple[str, ...]] = {}
    ids = set()
    for identity, name in rows:
        ids.add(identity)
        if name:
            by_name[name] = (*by_name.get(name, ()), identity)
    return Directory(frozenset(ids), by_name)
