"""Days that are alike: the same patrols may run, and the tasks' patterns cannot tell them apart.

Summing the rows of several days is a relaxation whatever the days; where a permutation of the days
leaves the problem as it is, nothing is lost by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, inf

from optimizer.problem import PeriodicProblem


@dataclass(frozen=True)
class Patrols:
    """Patrols of one kind: day class, start, end, longest shift, capacity, fixed cost."""

    day_class: int
    start: int
    end: int
    max_duration: float
    capacity: float
    fixed_cost: float


def patrols_by_day(problem: PeriodicProblem) -> list[Counter[Patrols]]:
    """Return for each day how many patrols of each kind may run, never more than tasks."""
    days: list[Counter[Patrols]] = []
    for day, number in enumerate(problem.day_class):
        could = sum(any(p.mask >> day & 1 for p in task.patterns) for task in problem.tasks)
        found: Counter[Patrols] = Counter()
        for fleet in problem.fleets:
            if fleet.count and fleet.days >> day & 1 and could:
                kind = Patrols(
                    number, fleet.start, fleet.end, fleet.max_duration, fleet.capacity,
                    fleet.fixed_cost,
                )  # fmt: skip
                found[kind] = min(could, found[kind] + fleet.count)
        days.append(found)
    return days


def alike(problem: PeriodicProblem) -> list[int]:
    """Return for each day the first day that is like it: some turn leads from one to the other."""
    first = list(range(problem.days))
    for turn in turns(problem):
        for day, other in enumerate(turn):
            least, most = sorted((first[day], first[other]))
            first = [least if f == most else f for f in first]
    return first


def turns(problem: PeriodicProblem) -> Iterator[tuple[int, ...]]:
    """Yield permutations of the days that leave the tasks and the patrols as they are.

    Looked for are exchanges of two days, rotations and the reversal; links are not looked at.
    """
    patrols = patrols_by_day(problem)
    kinds = {
        frozenset(Counter((p.mask, p.cost) for p in task.patterns).items())
        for task in problem.tasks
    }
    for turn in _permutations(problem.days):
        if all(patrols[d] == patrols[turn[d]] for d in range(problem.days)) and all(
            kind == frozenset(((moved(mask, turn), cost), n) for (mask, cost), n in kind)
            for kind in kinds
        ):
            yield turn


def _permutations(days: int) -> Iterator[tuple[int, ...]]:
    """Yield exchanges of two days, rotations and the reversal."""
    same = tuple(range(days))
    for a, b in combinations(same, 2):
        yield tuple(b if d == a else a if d == b else d for d in same)
    for shift in range(1, days):
        yield same[shift:] + same[:shift]
    yield same[::-1]


def moved(mask: int, turn: Sequence[int]) -> int:
    """Return the days that a mask's days are led to."""
    return sum(1 << other for day, other in enumerate(turn) if mask >> day & 1)


def fewest_routes(problem: PeriodicProblem, group_of: list[int]) -> list[float]:
    """Return how many patrols the loads fill at least: in each group of days, and in all."""
    fewest = [0.0] * (max(group_of, default=-1) + 1)
    largest = [
        max((f.capacity for f in problem.fleets if f.count and f.days >> day & 1), default=0.0)
        for day in range(problem.days)
    ]
    for day, capacity in enumerate(largest):
        sure = [t.demand for t in problem.tasks if all(p.mask >> day & 1 for p in t.patterns)]
        fewest[group_of[day]] += max(_filled(sum(sure), capacity), float(bool(sure)))
    total = sum(t.demand * min(p.mask.bit_count() for p in t.patterns) for t in problem.tasks)
    return [*fewest, max(_filled(total, max(largest)), sum(fewest))]


def _filled(load: float, capacity: float) -> float:
    """Return how many patrols a load fills for sure."""
    return 0.0 if capacity in {0.0, inf} else float(ceil(load / capacity * (1 - 1e-6) - 1e-9))
