"""The stages of one group of units that share people or vehicles, in their order (PLANNING)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import time
from typing import TYPE_CHECKING

from optimizer.crews import CrewProblem, Trip, assign_crews
from optimizer.roster import Item, RosterResult, RosterStatus, solve_roster
from scheduling.inputs import PlanInputs
from scheduling.plan.model import PatrolKind
from scheduling.planning.dates import GroupContext, RouteToDate, roster_problem
from scheduling.planning.decided import Decided, DecidedPatrol
from scheduling.planning.fitting import Fit, fit_batches, shrunk_to
from scheduling.planning.outcome import group_needs, group_outcomes
from scheduling.planning.owed import Batch, drawn_days, regular_batches, spot_check_batches
from scheduling.planning.resources import Horizon, group_resources
from scheduling.planning.shortage import allocated_fits, counts_allow
from scheduling.planning.templates import TemplateMaker
from scheduling.planning.work import UnitWork, class_index
from scheduling.requirements import Requirement

if TYPE_CHECKING:
    from scheduling.planning.reuse import Reuse

#: Deterministic CP-SAT seconds per group for dates and people.
_ROSTER_EFFORT = 8.0


@dataclass(frozen=True)
class GroupJob:
    """One group's planning; crosses a process border."""

    inputs: PlanInputs
    units: tuple[str, ...]
    works: tuple[UnitWork, ...]
    requirements: tuple[Requirement, ...]
    seed: int
    secret: bytes


def plan_group(job: GroupJob, deadline: float | None = None, reuse: Reuse | None = None) -> Decided:
    """Plan one group of units: need and templates, dates and people, crews.

    When not everything can be done the best partial plan is made, and the outcomes say whether
    that is proven. Templates in ``reuse`` are not made again. KeyboardInterrupt passes through.
    """
    context, makers, fits = job_fits(job, reuse)
    roster, dated = _dates_and_people(job, context, makers, fits, deadline)
    patrols = _crewed(context, dated, roster, job.seed)
    counts_agree = counts_allow(context, fits, job.seed) if dated.shortened else True
    return Decided(
        patrols,
        group_outcomes(context, fits, dated.fits, roster, counts_agree=counts_agree),
        group_needs(context, fits, dated.fits),
    )


def job_fits(
    job: GroupJob, reuse: Reuse | None = None
) -> tuple[GroupContext, list[TemplateMaker], list[Fit]]:
    """Return need and templates of every window of the group, before any date or person."""
    context = _context(job)
    makers = [_maker(job, work, reuse) for work in job.works]
    return context, makers, fit_batches(context, makers, _all_batches(job))


def beyond_reach(job: GroupJob) -> tuple[str, ...]:
    """Return the zones that no staff whatever can visit as often as they owe, sorted.

    Theirs is a window without days or with fewer than visits, or a trip longer than any day's
    shift. No route is sought for that.
    """
    settings, found = job.inputs.county.settings, set[str]()
    for pool, batch in _all_batches(job):
        work = job.works[pool]
        caps = {c: work.cap_seconds[c] for c in {class_index(settings, d) for d in batch.days}}
        place = {zone: index for index, zone in enumerate(work.zones)}
        for zone, count in batch.visits:
            alone = (work.shortest_trip_seconds(place[zone], c) > cap for c, cap in caps.items())
            if count > len(batch.days) or all(alone):
                found.add(zone)
    return tuple(sorted(found))


def _context(job: GroupJob) -> GroupContext:
    inputs = job.inputs
    horizon = Horizon(inputs.first_day, (inputs.last_day - inputs.first_day).days + 1)
    team = inputs.regulation.team
    crew_size = team.min_certified if team else 2
    resources = group_resources(inputs.county, job.units, horizon, _days(job, ""), crew_size)
    return GroupContext(
        inputs.county, horizon, job.works, job.requirements, resources, crew_size, job.secret
    )


def _days(job: GroupJob, unit: str) -> tuple[date, ...]:
    """Return the patrol days of a unit ("" for any): workdays unless a rule allows every day."""
    inputs = job.inputs
    own = [r for r in job.requirements if unit in ("", r.unit)]
    if any(not r.workdays_only for r in own):
        count = (inputs.last_day - inputs.first_day).days + 1
        return tuple(inputs.first_day + timedelta(days=n) for n in range(count))
    return tuple(
        day for day in inputs.calendar.patrol_days if inputs.first_day <= day <= inputs.last_day
    )


def _maker(job: GroupJob, work: UnitWork, reuse: Reuse | None) -> TemplateMaker:
    priorities = {zone.id: zone.priority for zone in job.inputs.county.zones}
    cache = {} if reuse is None else reuse.templates(work, job.seed, priorities)
    return TemplateMaker(work, job.seed, priorities, cache)


def _all_batches(job: GroupJob) -> list[tuple[int, Batch]]:
    batches: list[tuple[int, Batch]] = []
    for pool, work in enumerate(job.works):
        days = _days(job, work.unit)
        regular = regular_batches(work.unit, job.requirements, days)
        spot_checks = spot_check_batches(work.unit, job.requirements, days, job.secret)
        batches += [(pool, batch) for batch in (*regular, *spot_checks)]
    return batches


@dataclass(frozen=True)
class _Posed:
    """Routes and the items of the roster problem that they became, in one order."""

    routes: tuple[RouteToDate, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class _Dated:
    """The fits that were dated at last, and what was asked of the roster."""

    fits: tuple[Fit, ...]
    posed: _Posed
    shortened: bool


def _dates_and_people(
    job: GroupJob,
    context: GroupContext,
    makers: Sequence[TemplateMaker],
    fits: Sequence[Fit],
    deadline: float | None,
) -> tuple[RosterResult, _Dated]:
    """Date the routes; give way step by step: spot-check days, slow-season routes, then visits."""
    shortened = any(fit.template.dropped for fit in fits)
    chosen: list[Fit] = []
    for chosen in _less_and_less_bound(job, makers, fits):
        roster, posed = _solve(job, context, chosen, deadline)
        if roster.found or roster.status is RosterStatus.TIME_LIMIT:
            return _or_empty(roster, chosen, posed, shortened)
    chosen = allocated_fits(context, makers, chosen, job.seed)
    roster, posed = _solve(job, context, chosen, deadline)
    if not roster.found:
        chosen, roster, posed = _shrink(job, context, makers, chosen, deadline)
    return _or_empty(roster, chosen, posed, True)


def _less_and_less_bound(
    job: GroupJob, makers: Sequence[TemplateMaker], fits: Sequence[Fit]
) -> Iterator[list[Fit]]:
    """Yield the fits on drawn days, on any day, and with routes that hold on every day."""
    yield [_on_drawn_days(fit, job.secret) for fit in fits]
    yield list(fits)
    yield [fit.for_slowest_season(makers[fit.pool]) for fit in fits]


def _or_empty(
    roster: RosterResult, fits: Sequence[Fit], posed: _Posed, shortened: bool
) -> tuple[RosterResult, _Dated]:
    if roster.found:
        return roster, _Dated(tuple(fits), posed, shortened)
    return roster, _Dated(tuple(fit.without_routes() for fit in fits), _Posed(), True)


def _on_drawn_days(fit: Fit, secret: bytes) -> Fit:
    if fit.batch.kind is PatrolKind.REGULAR or not fit.batch.days:
        return fit
    return replace(fit, batch=replace(fit.batch, days=drawn_days(fit.batch, secret)))


def _solve(
    job: GroupJob,
    context: GroupContext,
    fits: Sequence[Fit],
    deadline: float | None,
    *,
    goals: bool = True,
) -> tuple[RosterResult, _Posed]:
    routes = tuple(
        RouteToDate(fit.batch, index, fit.pool, route)
        for index, fit in enumerate(fits)
        for route in fit.template.routes
    )
    left = None if deadline is None else max(0.1, deadline - time())
    problem = roster_problem(context, routes)
    roster = solve_roster(
        problem,
        seed=job.seed,
        effort=_ROSTER_EFFORT,
        time_limit_seconds=left,
        goals=goals,
    )
    if roster.status is RosterStatus.INTERRUPTED:
        raise KeyboardInterrupt
    return roster, _Posed(routes, problem.items)


def _shrink(
    job: GroupJob,
    context: GroupContext,
    makers: Sequence[TemplateMaker],
    fits: Sequence[Fit],
    deadline: float | None,
) -> tuple[list[Fit], RosterResult, _Posed]:
    """Add window after window, taking patrols out of the one that no longer fits."""
    kept: list[Fit] = []
    for fit in fits:
        candidate = fit
        while candidate.template.routes:
            if _solve(job, context, [*kept, candidate], deadline, goals=False)[0].found:
                break
            fewer = len(candidate.template.routes) - 1
            candidate = shrunk_to(candidate, makers[fit.pool], fewer)
        kept.append(candidate)
    return kept, *_solve(job, context, kept, deadline)


def _crewed(
    context: GroupContext, dated: _Dated, roster: RosterResult, seed: int
) -> tuple[DecidedPatrol, ...]:
    if not roster.found or not dated.posed.routes:
        return ()
    certified = [frozenset(person.certified_days) for person in context.resources.people]
    problem = CrewProblem(
        crew_size=context.crew_size,
        trips=tuple(
            Trip(day, item.pool, item.minutes, item.wanted)
            for item, day in zip(dated.posed.items, roster.day_of_item, strict=True)
        ),
        people_of=roster.people_of,
        vehicles_of=roster.vehicles_of,
        driving_days=tuple(person.driving_days for person in context.resources.people),
        seats=tuple(vehicle.seats for vehicle in context.resources.vehicles),
        drivers_of=roster.drivers_of,
        present_of={
            (day, pool): tuple(
                index
                for index, person in enumerate(context.resources.people)
                if pool in person.pools and day in certified[index]
            )
            for day, pool in roster.people_of
        },
    )
    people, vehicles = context.resources.person_ids, context.resources.vehicle_ids
    return tuple(
        DecidedPatrol(
            unit=context.works[route.pool].unit,
            day=context.horizon.day(day),
            kind=route.batch.kind,
            stops=route.route.stops,
            people=tuple(people[p] for p in crew.people),
            driver="" if crew.driver is None else people[crew.driver],
            vehicle="" if crew.vehicle is None else vehicles[crew.vehicle],
        )
        for route, day, crew in zip(
            dated.posed.routes, roster.day_of_item, assign_crews(problem, seed=seed), strict=True
        )
    )
