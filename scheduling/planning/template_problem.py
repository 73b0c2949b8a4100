"""The problems that templates solve: zones as tasks, virtual days, patrols, visits left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import TypeAlias

from optimizer.problem import Fleet, Mode, Pattern, PeriodicProblem, Route, Solution, Task
from scheduling.planning.work import UnitWork

#: Zones by their index, and the visits that each is owed.
Owed: TypeAlias = list[tuple[int, int]]
#: A route's virtual day, and its stops (zone index, mode) in order.
Stops: TypeAlias = tuple[int, tuple[tuple[int, int], ...]]
#: A patrol costs more than any detour it could save.
PATROL_COST = 100_000.0
#: Of a task's visits all sets of virtual days are tried where they are no more than these.
MOST_PATTERNS = 40


@dataclass(frozen=True)
class Layout:
    """Virtual days, and how many patrols over all of them; visits may be left out at a price."""

    days: int
    patrols: int
    may_drop: bool = False

    def patrols_on(self, day: int) -> int:
        """Return how many of the patrols a virtual day has."""
        share, rest = divmod(self.patrols, self.days)
        return share + (day < rest)

    def holds(self, used: Mapping[int, int]) -> bool:
        """Whether it has that many patrols on each of these virtual days."""
        return all(day < self.days and count <= self.patrols_on(day) for day, count in used.items())


def template_problem(
    work: UnitWork,
    owed: Owed,
    day_class: int,
    layout: Layout,
    priorities: Mapping[str, int],
) -> PeriodicProblem:
    """Return the cheapest routes over virtual days as a problem; patrols cost most by far."""
    travel = work.travel[day_class][None].astype(float)
    tasks = []
    for zone, count in owed:
        modes = tuple(
            Mode(m.entry, m.exit, (float(m.inside_seconds[day_class]),)) for m in work.modes[zone]
        )
        patterns = _patterns(count, layout.days)
        if layout.may_drop:
            patterns += _drops(count, layout.days, priorities[work.zones[zone]])
        tasks.append(Task(modes, patterns))
    fleets = _fleets(layout, float(work.cap_seconds[day_class]))
    return PeriodicProblem(travel, travel, (0,) * layout.days, tuple(tasks), fleets)


def covering_problem(work: UnitWork, owed: Owed, day_class: int, layout: Layout) -> PeriodicProblem:
    """Return as many visits as possible in so many patrols as a problem: all visits count alike.

    Patrols cost nothing: that and equal prices find whole solutions twice as often.
    """
    alike = dict.fromkeys((work.zones[zone] for zone, _ in owed), 0)
    return without_patrol_cost(template_problem(work, owed, day_class, layout, alike))


def without_patrol_cost(problem: PeriodicProblem) -> PeriodicProblem:
    """Return the problem with seconds of driving, and visits left out, as its only cost."""
    fleets = tuple(replace(fleet, fixed_cost=0.0) for fleet in problem.fleets)
    return replace(problem, fleets=fleets)


def _drops(count: int, days: int, priority: int) -> tuple[Pattern, ...]:
    """Patterns that leave out visits; a step of priority outweighs any number of patrols."""
    price = PATROL_COST * 4 * (1 + max(0, priority))
    fewer: list[Pattern] = [Pattern(0, price * count)]
    for kept in range(1, count):
        fewer += [Pattern(p.mask, price * (count - kept)) for p in _patterns(min(kept, days), days)]
    return tuple(fewer)


def need_problem(work: UnitWork, zones: Sequence[int], classes: Sequence[int]) -> PeriodicProblem:
    """Return zones as tasks, each as quick as in any of the day classes: a bound holds in all."""
    travel = work.travel[list(classes)].min(axis=0)[None].astype(float)
    tasks = tuple(
        Task(
            tuple(
                Mode(m.entry, m.exit, (float(min(m.inside_seconds[c] for c in classes)),))
                for m in work.modes[zone]
            ),
            (Pattern(1),),
        )
        for zone in zones
    )
    cap = float(max(work.cap_seconds[c] for c in classes))
    return PeriodicProblem(travel, travel, (0,), tasks, (Fleet(0, 0, len(zones), cap),))


def as_solution(problem: PeriodicProblem, owed: Owed, routes: Sequence[Stops]) -> Solution:
    """Return routes as a solution of the problem that they were made for."""
    task_of = {zone: task for task, (zone, _) in enumerate(owed)}
    masks = [0] * len(owed)
    for day, stops in routes:
        for zone, _ in stops:
            masks[task_of[zone]] |= 1 << day
    fleet_of = {fleet.days: i for i, fleet in enumerate(problem.fleets)}
    return Solution(
        tuple(
            Route(day, fleet_of[1 << day], tuple((task_of[zone], mode) for zone, mode in stops))
            for day, stops in routes
        ),
        tuple(
            [pattern.mask for pattern in task.patterns].index(mask)
            for task, mask in zip(problem.tasks, masks, strict=True)
        ),
    )


def _patterns(count: int, days: int) -> tuple[Pattern, ...]:
    """Return sets of ``count`` virtual days; only evenly spread ones where all are too many."""
    if count > days:
        return ()
    if comb(days, count) <= MOST_PATTERNS:
        chosen = [sum(1 << d for d in ds) for ds in combinations(range(days), count)]
    else:
        chosen = sorted(
            {
                sum(1 << ((shift + d * days // count) % days) for d in range(count))
                for shift in range(days)
            }
        )
    return tuple(Pattern(mask) for mask in chosen)


def _fleets(layout: Layout, cap: float) -> tuple[Fleet, ...]:
    return tuple(
        Fleet(0, 0, layout.patrols_on(day), cap, fixed_cost=PATROL_COST, days=1 << day)
        for day in range(layout.days)
        if layout.patrols_on(day)
    )
