"""Periodic vehicle routing: instances of Cordeau, Gendreau and Laporte (1997), type 1."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from optimizer.problem import Fleet, PeriodicProblem
from optimizer.published.cordeau import (
    CordeauFile,
    distances,
    euclidean_cost,
    periodic_task,
    read_cordeau,
)
from optimizer.published.instance import Instance, best_known, name_of

#: The format's types that have days, or vehicle types in their place, and one depot.
KINDS = {1: "PVRP", 0: "VRP", 3: "SDVRP"}


def read_pvrp(path: Path) -> Instance:
    """Read a periodic instance; one fleet of m vehicles for all days with the same limits.

    A customer that stands on the depot stays one: the dummy of p01 holds a vehicle back on a day.
    Two more types of the format are the same problem: one day only (VRP), and vehicle types that
    customers restrict, each of which is a day here (SDVRP; Cordeau and Laporte 2001). Raises
    ValueError, naming file and line, where the file is malformed.
    """
    file = read_cordeau(path, tuple(KINDS), "m n t")
    vehicles, _, days = file.sizes
    depot, *customers = file.places
    fleets = _fleets(file, vehicles)
    tasks = tuple(
        periodic_task(path, place, location, days) for location, place in enumerate(customers, 1)
    )
    apart = distances(file.places)[None]
    known = best_known(path)
    return Instance(
        name=name_of(path),
        kind=KINDS[file.kind],
        problem=PeriodicProblem(apart, apart, (0,) * days, tasks, fleets),
        best_known=known.value,
        best_known_source=known.source,
        cost_of=partial(euclidean_cost, customers=tuple(customers), depots=(depot,) * len(fleets)),
        stop_names=tuple((place.name,) for place in customers),
        vehicles=f"at most {vehicles} {_each(file.kind)}, as the file says",
    )


def _each(kind: int) -> str:
    """Return what the number of vehicles is the number of."""
    return "of each type" if KINDS[kind] == "SDVRP" else "a day"


def _fleets(file: CordeauFile, vehicles: int) -> tuple[Fleet, ...]:
    """Return a fleet for each distinct pair of limits, working on the days that have them."""
    days_of = {
        limits: sum(1 << day for day, own in enumerate(file.limits) if own == limits)
        for limits in file.limits
    }
    return tuple(
        Fleet(0, 0, vehicles, longest, capacity, days=days)
        for (longest, capacity), days in days_of.items()
    )
