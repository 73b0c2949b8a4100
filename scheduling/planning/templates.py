"""Need and templates (PLANNING, part 1): the routes of a batch, and the least patrols it can take.

A batch in which some zone owes n visits is planned over n virtual days: each patrol belongs to one,
so that a zone's visits fall on different patrols. Dates come later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from math import comb
from typing import TypeAlias

from optimizer import MaxIterations, NoImprovement, SolveStatus, Stop, check, patrol_need, solve
from optimizer.need import ROUNDS
from optimizer.problem import PeriodicProblem, Solution
from scheduling.planning.owed import Batch
from scheduling.planning.template_problem import (
    MOST_PATTERNS,
    Layout,
    Owed,
    as_solution,
    covering_problem,
    need_problem,
    template_problem,
    without_patrol_cost,
)
from scheduling.planning.work import UnitWork

#: What a template is made for: visits (zone id, how many), day classes, most patrols.
TemplateKey: TypeAlias = tuple[tuple[tuple[str, int], ...], tuple[int, ...], int | None]
#: Up to so many patrols, each can have a virtual day of its own.
_FEW_PATROLS = 6
#: Efforts of the first searches for a patrol fewer, in turn, each from another seed.
_SHORTLY = (1, 2)
#: A longer search warms up again and again what it has: so many rounds at most, so many in which
#: no visit more is brought in. It is begun anew where no more than this share of all visits, or
#: one, is left out.
_ROUNDS, _PATIENCE, _LEFT_OUT = 30, 12, 0.01
#: Iterations of a round for each visit.
_ROUND_ITERATIONS = 64


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
        made = self.cache.get(key)
        layout = (self._layout_of(owed, made.routes) if made else None) or self._tight(
            owed, patrols
        )
        problem = template_problem(self.work, owed, classes[0], layout, self.priorities)
        return without_patrol_cost(problem)

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
        owed: Owed,
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
            routes = self._routes(owed, classes, Layout(days, most_patrols, may_drop=True))
            many = len(routes)
        else:
            routes = self._routes(owed, classes, Layout(days, len(owed) * days))
            many = len(routes)
            least = self._bound(owed, classes, len(routes), rounds=0)
            routes = self._fewer(owed, classes, routes, max(least, known_least), self._shortly)
        dropped = sum(n for _, n in owed) - sum(len(route.stops) for route in routes)
        bound = self._bound(owed, classes, len(routes) if not dropped else None)
        if not dropped:
            least = max(bound, known_least)
            routes = self._fewer(owed, classes, routes, least, self._round_by_round)
        routes = self._in_every_class(owed, classes, routes)
        if len(routes) < many:
            routes = self._shorter(owed, classes, routes)
        return Template(routes, bound, dropped)

    def _fewer(
        self,
        owed: Owed,
        classes: tuple[int, ...],
        routes: tuple[TemplateRoute, ...],
        least: int,
        search: Callable[[Owed, tuple[int, ...], Layout], Iterator[tuple[TemplateRoute, ...]]],
    ) -> tuple[TemplateRoute, ...]:
        """Return the fewest routes that are found, at least so many; else those given.

        Visits may be left out at a price on the way: that finds what is hardly there more often.
        """
        visits = sum(n for _, n in owed)
        while len(routes) > least:
            layout = replace(self._tight(owed, len(routes) - 1), may_drop=True)
            found = search(owed, classes, layout)
            whole = (tried for tried in found if sum(len(r.stops) for r in tried) == visits)
            fewer = next(whole, None)
            if fewer is None:
                return routes
            routes = fewer
        return routes

    def _shortly(
        self, owed: Owed, classes: tuple[int, ...], layout: Layout
    ) -> Iterator[tuple[TemplateRoute, ...]]:
        """Yield what a few short searches find."""
        for effort in _SHORTLY:
            yield self._routes(owed, classes, layout, effort)

    def _round_by_round(
        self, owed: Owed, classes: tuple[int, ...], layout: Layout
    ) -> Iterator[tuple[TemplateRoute, ...]]:
        """Yield what each round finds, from what the one before has left.

        Anew from nothing, over other virtual days, where nearly all visits were brought in.
        """
        size = sum(n for _, n in owed)
        for attempt, days in enumerate(self._days_tried(owed, layout.patrols)):
            problem = covering_problem(self.work, owed, classes[0], replace(layout, days=days))
            most, idle, solution = 0, 0, None
            for number in range(_ROUNDS):
                stop = MaxIterations(_ROUND_ITERATIONS * size)
                seed = self._seed(owed, classes, layout, ("round", attempt, number))
                solution = _searched(problem, stop, seed, solution)
                if solution is None:
                    return
                yield self._as_routes(owed, solution)
                visits = sum(len(route.stops) for route in solution.routes)
                idle = 0 if visits > most else idle + 1
                most = max(most, visits)
                if idle >= _PATIENCE:
                    break
            if most < size - max(1, int(_LEFT_OUT * size)):
                return

    def _days_tried(self, owed: Owed, patrols: int) -> tuple[int, ...]:
        """Return over how many virtual days routes are sought, in turn.

        Few make a zone's visits easier to date. More leave more ways of filling patrols: with an
        odd number over two days, the day with fewer has to hold all zones owed two visits.
        """
        few, count = self._tight(owed, patrols).days, max(n for _, n in owed)
        if count == 1 or few == patrols:
            return few, few
        all_sets = (d for d in range(few, patrols + 1) if comb(d, count) <= MOST_PATTERNS)
        many = max(all_sets, default=few)
        more, half = min(few + 1, many), (few + many + 1) // 2
        return few, more, many, half, many, many, more, many, half, many, more, many

    def _layout_of(self, owed: Owed, routes: Sequence[TemplateRoute]) -> Layout | None:
        """Return the layout with the fewest virtual days on which the routes are, if any is."""
        used, tight = Counter(r.virtual_day for r in routes), self._tight(owed, len(routes))
        tried = (replace(tight, days=d) for d in sorted(set(self._days_tried(owed, len(routes)))))
        return next((layout for layout in tried if layout.holds(used)), None)

    def _shorter(
        self,
        owed: Owed,
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
        start = routes
        if self._tight(owed, len(routes)).days == len(routes):  # however many the search had
            start = tuple(replace(route, virtual_day=d) for d, route in enumerate(routes))
        layout = self._layout_of(owed, start)
        if layout is None:
            return routes
        found = self._routes(owed, (main,), layout, start=start)
        work = [sum(r.work_seconds[classes[0]] for r in by) for by in (found, routes)]
        better = 0 < len(found) <= len(routes) and held(routes) <= held(found)
        return found if better and work[0] < work[1] else routes

    def _in_every_class(
        self,
        owed: Owed,
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

    def _tight(self, owed: Owed, patrols: int) -> Layout:
        """Return a layout of so many patrols, with a virtual day for each where they are few."""
        return Layout(patrols if patrols <= _FEW_PATROLS else max(n for _, n in owed), patrols)

    def _routes(
        self,
        owed: Owed,
        classes: tuple[int, ...],
        layout: Layout,
        effort: int = 1,
        start: tuple[TemplateRoute, ...] = (),
    ) -> tuple[TemplateRoute, ...]:
        """Search routes; none when the search found nothing that passes the check.

        From ``start``, routes of the same layout, it goes on for a set number of iterations.
        """
        problem = template_problem(self.work, owed, classes[0], layout, self.priorities)
        size = sum(n for _, n in owed)
        most = effort * (5_000 + 400 * size)
        stop: Stop = MaxIterations(most // 2)
        if not start:
            stop = MaxIterations(most) | NoImprovement(effort * (3_000 + 50 * size))
        initial = None
        if start:
            initial = as_solution(problem, owed, [(r.virtual_day, r.stops) for r in start])
        seed = self._seed(owed, classes, layout, effort)
        found = _searched(problem, stop, seed, initial)
        return self._as_routes(owed, found) if found else ()

    def _as_routes(self, owed: Owed, solution: Solution) -> tuple[TemplateRoute, ...]:
        """Return a solution's routes, with the seconds that they take in each day class."""
        routes = []
        for route in solution.routes:
            stops = tuple((owed[task][0], mode) for task, mode in route.stops)
            in_class = range(len(self.work.cap_seconds))
            seconds = tuple(self.work.route_seconds(stops, c) for c in in_class)
            routes.append(TemplateRoute(route.day, stops, seconds))
        return tuple(sorted(routes, key=lambda r: (r.virtual_day, r.stops)))

    def _bound(
        self,
        owed: Owed,
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

    def _seed(self, owed: Owed, classes: tuple[int, ...], layout: Layout, attempt: object) -> int:
        """Return the seed of one search: another for each attempt."""
        told = (self.seed, self.work.unit, owed, classes, astuple(layout), attempt)
        digest = sha256(repr(told).encode()).digest()
        return int.from_bytes(digest[:4])


def _searched(
    problem: PeriodicProblem, stop: Stop, seed: int, initial: Solution | None
) -> Solution | None:
    """Return what a search finds, none if nothing passes the check; Ctrl-C goes on upwards."""
    result = solve(problem, stop, seed=seed, initial=initial)
    if result.status is SolveStatus.INTERRUPTED:
        raise KeyboardInterrupt
    return None if result.best is None or check(problem, result.best) else result.best
