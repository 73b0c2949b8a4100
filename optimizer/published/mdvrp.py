"""Routing from several depots: Cordeau's MDVRP (type 2), Vidal et al.'s periodic MDPVRP (type 8).

Every vehicle returns to the depot that it left.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from optimizer.problem import Fleet, Mode, Pattern, PeriodicProblem, Task
from optimizer.published.cordeau import (
    CordeauFile,
    Limits,
    Place,
    distances,
    euclidean_cost,
    periodic_task,
    read_cordeau,
)
from optimizer.published.instance import Instance, best_known, fault, name_of


def read_mdvrp(path: Path) -> Instance:
    """Read an instance of one day and several depots: customers first, the t depots last.

    Raises ValueError, naming file and line, where the file is malformed or forbids a customer
    some depot (every published customer may be served from each; some files list none).
    """
    file = read_cordeau(path, (2,), "m n t")
    vehicles, n, depots = file.sizes
    customers = file.places[:n]
    for place in customers:
        everywhere = {1 << depot for depot in range(depots)}
        if place.combinations and not everywhere <= set(place.combinations):
            raise fault(path, place.line, f"customer {place.name} may not use all {depots} depots")
    tasks = [
        Task((Mode(at, at, (place.service,)),), (Pattern(1),), place.demand)
        for at, place in enumerate(customers)
    ]
    return _instance(file, "MDVRP", 1, tasks, range(n), file.limits, vehicles)


def read_mdpvrp(path: Path) -> Instance:
    """Read a periodic instance with several depots: the d depots first, m vehicles at each a day.

    Limits stand there once, for each day, for each depot, or for each of both. Raises ValueError,
    naming file and line, where the file is malformed, or where the limits differ: publications do
    not say whether they go by day or by depot then.
    """
    file = read_cordeau(path, (8,), "m n t d")
    vehicles, n, days, depots = file.sizes
    if len(set(file.limits)) > 1:
        raise fault(path, 2, "limits that differ between days or depots cannot be told apart")
    tasks = [periodic_task(path, file.places[at], at, days) for at in range(depots, depots + n)]
    limits = file.limits[:1] * depots
    return _instance(file, "MDPVRP", days, tasks, range(depots, depots + n), limits, vehicles)


def _instance(
    file: CordeauFile,
    kind: str,
    days: int,
    tasks: list[Task],
    customers: range,
    limits: tuple[Limits, ...],
    vehicles: int,
) -> Instance:
    """Return the instance in which ``limits[k]`` are those of the k-th depot's fleet."""
    at_depots = [at for at in range(len(file.places)) if at not in customers]
    served: tuple[Place, ...] = tuple(file.places[at] for at in customers)
    fleets = tuple(
        Fleet(at, at, vehicles, longest, capacity)
        for at, (longest, capacity) in zip(at_depots, limits, strict=True)
    )
    apart = distances(file.places)[None]
    known = best_known(file.path)
    return Instance(
        name=name_of(file.path),
        kind=kind,
        problem=PeriodicProblem(apart, apart, (0,) * days, tuple(tasks), fleets),
        best_known=known.value,
        best_known_source=known.source,
        cost_of=partial(
            euclidean_cost,
            customers=served,
            depots=tuple(file.places[at] for at in at_depots),
        ),
        stop_names=tuple((place.name,) for place in served),
        vehicles=f"at most {vehicles} a day at each depot, as the file says",
    )
