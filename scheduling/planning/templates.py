"""Need and templates (PLANNING, part 1): the routes of a batch, and the least patrols it can take.

A batch in which some zone owes n visits is planned over n virtual days: each patrol belongs to one,
so that a zone's visits fall on different patrols. Dates come later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import combinations
from math import comb
from typing import TypeAlias

from optimizer import MaxIterations, NoImprovement, SolveStatus, Stop, check, patrol_need, solve
from optimizer.need import ROUNDS
from optimizer.problem import Fleet, Mode, Pattern, PeriodicProblem, Route, Solution, Task
from scheduling.planning.owed import Batch
from scheduling.planning.work import UnitWork

#: What a template is made for: visits (zone id, how many), day classes, most patrols.
TemplateKey: TypeAlias = tuple[tuple[tuple[str, int], ...], tuple[int, ...], int | None]
#: A patrol costs more than any detour it could save.
PATROL_COST = 100_000.0
_MOST_PATTERNS = 40
#: Up to so many patrols, each can have a virtual day of its own.
_FEW_PATROLS = 6
#: Efforts of the searches for a patrol fewer, in turn, each from another seed.
_SHORTLY, _THOROUGHLY = (1, 2), (3, 4, 5)


@dataclass(frozen=True)
class TemplateRoute:
    """Stops (zone index, mode) in order, on a virtual day; seconds of work per day class."""

    virtual_day: int
    stops: tuple[tuple[int, int], ...]
    work_seconds: tuple[int, ...]


@dataclass(frozen=True)
class Template:
    """The routes of a batch. ``lower_bound`` patrols are proven necessary for all its visits.

    ``dropped`` counts the visits left out; ``impossible`` are the zone indices that no patrol can
    do even alone within the shift, in any of the batch's day classes.
    """

    routes: tuple[TemplateRoute, ...]
    lower_bound: int
    dropped: int = 0
    impossible: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Layout:
    """Virtual days, and how many patrols over all of them; visits may be left out at a price."""

    days: int
    patrols: int
    may_drop: bool = False


@dataclass(frozen=True)
class TemplateMaker:
    """Makes templates for one unit; equal batches get equal templates, made once.

    ``cache`` holds those made before; ``reuse.Reuse.templates`` gives one kept by content.
    """

    work: UnitWork
    seed: int
    priorities: Mapping[str, int]
    cache: dict[TemplateKey, Template]

    def make(
        self, batch: Batch, classes: Sequence[int], *, most_patrols: int | None = None
    ) -> Template:
        """Return routes feasible in the first of ``classes`` (the bound holds for all of them).

        With ``most_patrols`` the least important visits are dropped until the routes fit in.
        """
        key = (batch.visits, tuple(classes), most_patrols)
        if key not in self.cache:
            self.cache[key] = self._make(batch, tuple(classes), most_patrols)
        return self.cache[key]

    def driving_problem(self, key: TemplateKey, patrols: int) -> PeriodicProblem:
        """Return the seconds of driving as a cost: all a template's visits in so many patrols."""
        visits, classes, _ = key
        owed = [(self.work.zones.index(zone), count) for zone, count in visits]
        problem = self._problem(owed, classes[0], self._tight(owed, patrols))
        fleets = tuple(replace(fleet, fixed_cost=0.0) for fleet in problem.fleets)
        return replace(problem, fleets=fleets)

    def _make(self, batch: Batch, classes: tuple[int, ...], most_patrols: int | None) -> Template:
        index = {zone: i for i, zone in enumerate(self.work.zones)}
        owed = [(index[zone], count) for zone, count in batch.visits]
        too_far = {c: self._too_far(owed, c) for c in classes}
        main = min(classes, key=lambda c: (len(too_far[c]), classes.index(c)))
        possible = [(z, n) for z, n in owed if z not in too_far[main]]
        impossible = tuple(sorted(set.intersection(*too_far.values())))
        if not possible or most_patrols == 0:
            dropped = sum(n for _, n in owed)
            return Template((), self._bound(possible, classes, None), dropped, impossible)
        in_order = (main, *(c for c in classes if c != main))
        alone = self.cache.get((batch.visits, (main,), None))
        template = self._solve(possible, in_order, most_patrols, alone.lower_bound if alone else 0)
        lost = sum(n for z, n in owed if z in too_far[main])
        return replace(template, dropped=template.dropped + lost, impossible=impossible)

    def _too_far(self, owed: Sequence[tuple[int, int]], day_class: int) -> set[int]:
        """Return the zones that exceed the shift even alone."""
        cap = self.work.cap_seconds[day_class]
        return {z for z, _ in owed if self.work.shortest_trip_seconds(z, day_class) > cap}

    def _solve(
        self,
        owed: list[tuple[int, int]],
        classes: tuple[int, ...],
        most_patrols: int | None,
        known_least: int,
    ) -> Template:
        """Return the best routes over virtual days, and what is proven of their number.

        Routes hold in the first of the classes, in which ``known_least`` patrols are known to be
        needed: to seek fewer would be in vain, though the other classes may leave the bound lower.

        As many days as the most often owed zone has visits keep the search small. Fewer patrols are
        then sought one by one: shortly before the proof, which takes far longer, and thoroughly
        where the proof leaves room for fewer. Routes so found are then made shorter.
        """
        days = max(n for _, n in owed)
        if most_patrols is not None:
            days = most_patrols if most_patrols <= _FEW_PATROLS else min(days, most_patrols)
            routes = self._routes(owed, classes, _Layout(days, most_patrols, may_drop=True))
            many = len(routes)
        else:
            routes = self._routes(owed, classes, _Layout(days, len(owed) * days))
            many = len(routes)
            least = self._bound(owed, classes, len(routes), rounds=0)
            routes = self._fewer(owed, classes, routes, max(least, known_least), _SHORTLY)
        dropped = sum(n for _, n in owed) - sum(len(route.stops) for route in routes)
        bound = self._bound(owed, classes, len(routes) if not dropped else None)
        if not dropped:
            routes = self._fewer(owed, classes, routes, max(bound, known_least), _THOROUGHLY)
        routes = self._in_every_class(owed, classes, routes)
        if len(routes) < many:
            routes = self._shorter(owed, classes, routes)
        return Template(routes, bound, dropped)

    def _fewer(
        self,
        owed: list[tuple[int, int]],
        classes: tuple[int, ...],
        routes: tuple[TemplateRoute, ...],
        least: int,
        efforts: Sequence[int],
    ) -> tuple[TemplateRoute, ...]:
        """Return the fewest routes that are found, at least so many; else those given.

        Visits may be left out at a price on the way: that finds what is hardly there more often.
        """
        visits = sum(n for _, n in owed)
        while len(routes) > least:
            layout = replace(self._tight(owed, len(routes) - 1), may_drop=True)
            found = (self._routes(owed, classes, layout, effort) for effort in efforts)
            whole = (tried for tried in found if sum(len(r.stops) for r in tried) == visits)
            fewer = next(whole, None)
            if fewer is None:
                return routes
            routes = fewer
        return routes

    def _shorter(
        self,
        owed: list[tuple[int, int]],
        classes: tuple[int, ...],
        routes: tuple[TemplateRoute, ...],
    ) -> tuple[TemplateRoute, ...]:
        """Return no more routes with less driving, if found: they hold wherever those given do.

        A search that left out visits at a price on its way has hardly looked at the driving.
        """
        caps = self.work.cap_seconds

        def held(by: tuple[TemplateRoute, ...]) -> set[int]:
            return {c for c in classes if all(r.work_seconds[c] <= caps[c] for r in by)}

        main = max(sorted(held(routes)) or [classes[0]], key=self.slowness)
        layout = self._tight(owed, len(routes))
        start = routes
        if layout.days == len(routes):  # a day each, however many the search had
            start = tuple(replace(route, virtual_day=d) for d, route in enumerate(routes))
        found = self._routes(owed, (main,), layout, start=start)
        work = [sum(r.work_seconds[classes[0]] for r in by) for by in (found, routes)]
        better = 0 < len(found) <= len(routes) and held(routes) <= held(found)
        return found if better and work[0] < work[1] else routes

    def _in_every_class(
        self,
        owed: list[tuple[int, int]],
        classes: tuple[int, ...],
        routes: tuple[TemplateRoute, ...],
    ) -> tuple[TemplateRoute, ...]:
        """Return as many routes that hold in all of the classes, if found: more days will do."""
        caps = self.work.cap_seconds
        hold = all(route.work_seconds[c] <= caps[c] for route in routes for c in classes)
        if hold or not routes:
            return routes
        slowest = tuple(sorted(classes, key=lambda c: -self.slowness(c)))
        if any(self.work.shortest_trip_seconds(z, slowest[0]) > caps[slowest[0]] for z, _ in owed):
            return routes
        return self._routes(owed, slowest, self._tight(owed, len(routes))) or routes

    def slowness(self, day_class: int) -> float:
        """Return how much of a shift an average leg takes."""
        travel = self.work.travel[day_class]
        return float(travel.mean()) / max(1, self.work.cap_seconds[day_class])

    def _tight(self, owed: list[tuple[int, int]], patrols: int) -> _Layout:
        """Return a layout of so many patrols, with a virtual day for each where they are few."""
        return _Layout(patrols if patrols <= _FEW_PATROLS else max(n for _, n in owed), patrols)

    def _routes(
        self,
        owed: list[tuple[int, int]],
        classes: tuple[int, ...],
        layout: _Layout,
        effort: int = 1,
        start: tuple[TemplateRoute, ...] = (),
    ) -> tuple[TemplateRoute, ...]:
        """Search routes; none when the search found nothing that passes the check.

        From ``start``, routes of the same layout, it goes on for a set number of iterations.
        """
        problem = self._problem(owed, classes[0], layout)
        size = sum(n for _, n in owed)
        most = effort * (5_000 + 400 * size)
        stop: Stop = MaxIterations(most // 2)
        if not start:
            stop = MaxIterations(most) | NoImprovement(effort * (3_000 + 50 * size))
        initial = _as_solution(problem, [zone for zone, _ in owed], start) if start else None
        seed = self._seed(owed, classes, layout, effort)
        result = solve(problem, stop, seed=seed, initial=initial)
        if result.status is SolveStatus.INTERRUPTED:
            raise KeyboardInterrupt
        if result.best is None or check(problem, result.best):
            return ()
        routes = []
        for route in result.best.routes:
            stops = tuple((owed[task][0], mode) for task, mode in route.stops)
            in_class = range(len(self.work.cap_seconds))
            seconds = tuple(self.work.route_seconds(stops, c) for c in in_class)
            routes.append(TemplateRoute(route.day, stops, seconds))
        return tuple(sorted(routes, key=lambda r: (r.virtual_day, r.stops)))

    def _problem(
        self,
        owed: list[tuple[int, int]],
        day_class: int,
        layout: _Layout,
    ) -> PeriodicProblem:
        work, days = self.work, layout.days
        travel = work.travel[day_class][None].astype(float)
        tasks = []
        for zone, count in owed:
            modes = tuple(
                Mode(m.entry, m.exit, (float(m.inside_seconds[day_class]),))
                for m in work.modes[zone]
            )
            patterns = _patterns(count, days)
            if layout.may_drop:
                patterns += self._drops(zone, count, days)
            tasks.append(Task(modes, patterns))
        cap = float(work.cap_seconds[day_class])
        fleets = _fleets(layout, cap)
        return PeriodicProblem(travel, travel, (0,) * days, tuple(tasks), fleets)

    def _drops(self, zone: int, count: int, days: int) -> tuple[Pattern, ...]:
        """Patterns that leave out visits; a step of priority outweighs any number of patrols."""
        price = PATROL_COST * 4 * (1 + max(0, self.priorities[self.work.zones[zone]]))
        fewer: list[Pattern] = [Pattern(0, price * count)]
        for kept in range(1, count):
            fewer += [
                Pattern(p.mask, price * (count - kept)) for p in _patterns(min(kept, days), days)
            ]
        return tuple(fewer)

    def _bound(
        self,
        owed: list[tuple[int, int]],
        classes: tuple[int, ...],
        known: int | None,
        rounds: int = ROUNDS,
    ) -> int:
        """Return the proven least number of patrols, valid in every one of the day classes.

        Without ``rounds`` of column generation it is what takes next to no time.
        """
        if not owed:
            return 0
        problem = need_problem(self.work, [zone for zone, _ in owed], classes)
        return patrol_need(problem, [n for _, n in owed], known=known, rounds=rounds).lower

    def _seed(self, *parts: object) -> int:
        digest = sha256(repr((self.seed, self.work.unit, *parts)).encode()).digest()
        return int.from_bytes(digest[:4])


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


def _patterns(count: int, days: int) -> tuple[Pattern, ...]:
    """Return sets of ``count`` virtual days; only evenly spread ones where all are too many."""
    if count > days:
        return ()
    if comb(days, count) <= _MOST_PATTERNS:
        chosen = [sum(1 << d for d in ds) for ds in combinations(range(days), count)]
    else:
        chosen = sorted(
            {
                sum(1 << ((shift + d * days // count) % days) for d in range(count))
                for shift in range(days)
            }
        )
    return tuple(Pattern(mask) for mask in chosen)


def _as_solution(
    problem: PeriodicProblem, zones: Sequence[int], routes: Sequence[TemplateRoute]
) -> Solution:
    """Return routes as a solution of the problem that they were made for."""
    task_of = {zone: task for task, zone in enumerate(zones)}
    masks = [0] * len(zones)
    for route in routes:
        for zone, _ in route.stops:
            masks[task_of[zone]] |= 1 << route.virtual_day
    fleet_of = {fleet.days: i for i, fleet in enumerate(problem.fleets)}
    return Solution(
        tuple(
            Route(
                route.virtual_day,
                fleet_of[1 << route.virtual_day],
                tuple((task_of[zone], mode) for zone, mode in route.stops),
            )
            for route in routes
        ),
        tuple(
            [pattern.mask for pattern in task.patterns].index(mask)
            for task, mask in zip(problem.tasks, masks, strict=True)
        ),
    )


def _fleets(layout: _Layout, cap: float) -> tuple[Fleet, ...]:
    share, rest = divmod(layout.patrols, layout.days)
    return tuple(
        Fleet(0, 0, share + (d < rest), cap, fixed_cost=PATROL_COST, days=1 << d)
        for d in range(layout.days)
        if share + (d < rest)
    )
