"""Districts: areas shared out among centres, evenly by load and each district in one piece.

Capacitated assignment with contiguity, solved by CP-SAT. A district is in one piece by the
condition of Zoltners and Sinha (1983, "Sales territory alignment: a review and model", Management
Science 29): a centre may have an area only with a neighbour of it that is nearer to the centre.
That is sufficient, not necessary, and keeps districts compact. First the greatest load for its
capacity is made small; then, within a little of that, the sum of all loads and of what lies above
the even share.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: What the sum of loads may cost the evenness.
SLACK: Final = 0.02
#: What a unit of load above the even share counts beside one of load.
_EVENNESS_WEIGHT: Final = 3
#: Centres looked at for an area, nearest by load first.
_MOST_CENTRES: Final = 8
_DETERMINISTIC_SECONDS: Final = 4.0


@dataclass(frozen=True)
class DistrictingProblem:
    """``a`` areas, ``c`` centres. ``load[i, k]`` is what area i weighs with centre k (whole, >= 0).

    ``capacity[k] > 0`` is what loads are compared by. ``links`` are (i, j, length) of areas that
    adjoin; ``roots[k]`` the areas with their length from centre k that adjoin the centre itself.
    ``fixed[i]`` is the centre that has area i already, or -1; a centre's fixed areas count as
    adjoining it.
    """

    load: NDArray[np.int64]  # (a, c)
    capacity: tuple[int, ...]
    links: tuple[tuple[int, int, float], ...]
    roots: tuple[Mapping[int, float], ...]
    fixed: tuple[int, ...]

    def __post_init__(self) -> None:
        areas, centres = self.load.shape
        if min(self.capacity, default=0) <= 0 or len(self.capacity) != centres:
            raise ValueError("every centre needs a capacity above 0")
        if len(self.fixed) != areas or len(self.roots) != centres:
            raise ValueError("fixed and roots do not fit the loads")


@dataclass(frozen=True)
class Districts:
    """``centre_of[i]`` is the centre of area i. Loads are per centre.

    ``worst`` is the greatest load for its capacity and ``bound`` proven to be no higher than the
    least possible ``worst`` of districts that fulfil the condition, each area with one of its eight
    nearest centres; ``optimal`` where they agree.
    """

    centre_of: tuple[int, ...]
    loads: tuple[int, ...]
    worst: float
    bound: float
    optimal: bool


def districts(problem: DistrictingProblem, *, seed: int = 0) -> Districts:
    """Share out the areas. Same problem and seed, same districts.

    Areas that no link or root joins to any centre go to the centre of least load for them.
    """
    if not len(problem.fixed):
        return _result(problem, (), 0.0)
    from ortools.sat.python import cp_model

    away = np.array([_distances(problem, centre) for centre in range(len(problem.capacity))])
    start = _nearest(problem, away)
    model: Any = cp_model.CpModel()
    has = _variables(model, problem, start, away)
    for choices in has:
        model.add_exactly_one(choices.values())
    _hint(model, has, start)
    _in_one_piece(model, problem, away, has)
    totals = [
        sum(int(problem.load[i, k]) * choices[k] for i, choices in enumerate(has) if k in choices)
        for k in range(len(problem.capacity))
    ]
    least = math.ceil(problem.load.min(axis=1).sum() / sum(problem.capacity))
    most = math.ceil(_worst(problem, start))
    worst = model.new_int_var(min(least, most), most, "worst")
    for total, capacity in zip(totals, problem.capacity, strict=True):
        model.add(total <= worst * capacity)
    model.minimize(worst)
    even, bound = _solve(cp_model, model, has, seed)
    even = even or start
    within = math.floor(math.ceil(_worst(problem, even)) * (1 + SLACK))
    model.add(worst <= within)
    _hint(model, has, even)
    model.minimize(sum(totals) + _EVENNESS_WEIGHT * sum(_excesses(model, problem, totals, even)))
    short, _ = _solve(cp_model, model, has, seed)
    return _result(problem, short or even, max(bound, float(least)))


def _distances(problem: DistrictingProblem, centre: int) -> list[float]:
    """Return each area's length from the centre, by way of areas that adjoin (Dijkstra)."""
    joined: dict[int, list[tuple[int, float]]] = {}
    for one, other, length in problem.links:
        joined.setdefault(one, []).append((other, length))
        joined.setdefault(other, []).append((one, length))
    first = dict(problem.roots[centre]) | {
        area: 0.0 for area, owner in enumerate(problem.fixed) if owner == centre
    }
    away = [math.inf] * len(problem.fixed)
    waiting = [(length, area) for area, length in sorted(first.items())]
    heapq.heapify(waiting)
    while waiting:
        length, area = heapq.heappop(waiting)
        if length < away[area]:
            away[area] = length
            for other, further in joined.get(area, ()):
                heapq.heappush(waiting, (length + further, other))
    return away


def _nearest(problem: DistrictingProblem, away: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the nearest centre of each area, which always makes districts in one piece."""
    chosen = []
    for area, owner in enumerate(problem.fixed):
        if owner >= 0:
            chosen.append(owner)
        elif np.isfinite(away[:, area]).any():
            chosen.append(int(np.argmin(away[:, area])))
        else:
            chosen.append(int(np.argmin(problem.load[area])))
    return tuple(chosen)


def _variables(
    model: Any, problem: DistrictingProblem, start: Sequence[int], away: NDArray[np.float64]
) -> list[dict[int, Any]]:
    """Return for each area a variable per centre that may have it: least load, then nearest."""
    order = np.lexsort((away.T, problem.load), axis=1)[:, :_MOST_CENTRES]
    has = []
    for area, owner in enumerate(problem.fixed):
        allowed = {owner} if owner >= 0 else {start[area], *order[area].tolist()}
        has.append({k: model.new_bool_var(f"{area}-{k}") for k in sorted(allowed)})
    return has


def _in_one_piece(
    model: Any, problem: DistrictingProblem, away: NDArray[np.float64], has: list[dict[int, Any]]
) -> None:
    """Let a centre have an area only with a neighbour that is nearer to the centre."""
    neighbours: list[set[int]] = [set() for _ in has]
    for one, other, _ in problem.links:
        neighbours[one].add(other)
        neighbours[other].add(one)
    for area, choices in enumerate(has):
        if problem.fixed[area] >= 0 or not np.isfinite(away[:, area]).any():
            continue
        for centre, variable in choices.items():
            if area in problem.roots[centre]:
                continue
            nearer = [
                has[other][centre]
                for other in sorted(neighbours[area])
                if centre in has[other] and _before(away[centre], other, area)
            ]
            model.add_bool_or([variable.negated(), *nearer])


def _before(away: NDArray[np.float64], one: int, other: int) -> bool:
    """Whether one area is nearer than the other; of two equally near ones that of lower number."""
    return bool((away[one], one) < (away[other], other))


def _hint(model: Any, has: list[dict[int, Any]], chosen: Sequence[int]) -> None:
    model.clear_hints()
    for choices, centre in zip(has, chosen, strict=True):
        for k, variable in choices.items():
            model.add_hint(variable, k == centre)


def _excesses(
    model: Any, problem: DistrictingProblem, totals: list[Any], chosen: Sequence[int]
) -> list[Any]:
    """Return a variable per centre: by how much its load lies above its even share."""
    whole = sum(_loads(problem, chosen))
    excesses = []
    for centre, (total, capacity) in enumerate(zip(totals, problem.capacity, strict=True)):
        excess = model.new_int_var(0, int(problem.load[:, centre].sum()), f"excess-{centre}")
        model.add(excess >= total - whole * capacity // sum(problem.capacity))
        excesses.append(excess)
    return excesses


def _solve(
    cp_model: Any, model: Any, has: list[dict[int, Any]], seed: int
) -> tuple[tuple[int, ...] | None, float]:
    """Return the best choice found, or None, and the bound on the objective."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # several would not always agree
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = _DETERMINISTIC_SECONDS
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, 0.0
    chosen = tuple(next(k for k in choices if solver.value(choices[k])) for choices in has)
    return chosen, float(solver.best_objective_bound)


def _loads(problem: DistrictingProblem, chosen: Sequence[int]) -> tuple[int, ...]:
    loads = np.zeros(len(problem.capacity), np.int64)
    np.add.at(loads, list(chosen), problem.load[np.arange(len(chosen)), list(chosen)])
    return tuple(loads.tolist())


def _worst(problem: DistrictingProblem, chosen: Sequence[int]) -> float:
    loads = _loads(problem, chosen)
    return max(load / size for load, size in zip(loads, problem.capacity, strict=True))


def _result(problem: DistrictingProblem, chosen: tuple[int, ...], bound: float) -> Districts:
    worst = _worst(problem, chosen) if chosen else 0.0
    bound = min(bound, worst)
    optimal = math.ceil(bound) >= math.ceil(worst)
    return Districts(chosen, _loads(problem, chosen), worst, bound, optimal)


def is_in_one_piece(problem: DistrictingProblem, centre_of: Sequence[int], centre: int) -> bool:
    """Whether one can go from the centre to all its areas by way of its own areas only."""
    mine = {area for area, owner in enumerate(centre_of) if owner == centre}
    reached = {area for area in mine if area in problem.roots[centre]}
    reached |= {area for area in mine if problem.fixed[area] == centre}
    waiting = sorted(reached)
    while waiting:
        here = waiting.pop()
        near = {b if a == here else a for a, b, _ in problem.links if here in (a, b)}
        new = (near & mine) - reached
        reached |= new
        waiting += sorted(new)
    return reached == mine
