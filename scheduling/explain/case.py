"""A plan's units as a count problem in which every limit has a name: leave by leave, car by car."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from network.problems import Text
from optimizer.counts import (
    Absence,
    Cause,
    CauseKind,
    CountProblem,
    CountWindow,
    Person,
    Spacing,
    Vehicle,
)
from scheduling.calendar.windows import WindowKind, days_label, window_label, window_of
from scheduling.county.model import Inspector
from scheduling.county.model import Vehicle as Car
from scheduling.plan.model import PatrolKind, Plan, WindowNeed
from scheduling.planning.resources import Horizon
from scheduling.requirements import Requirement

#: Needs proven for a window (its place in the case) when kinds of limits are relaxed together.
Levels = Mapping[int, Sequence[tuple[tuple[CauseKind, ...], int]]]


@dataclass(frozen=True)
class Away:
    """Why a person or vehicle is missing from ``first_day`` to ``last_day``, both included."""

    kind: CauseKind
    who: str
    first_day: date
    last_day: date
    reason: str = ""


@dataclass(frozen=True)
class Case:
    """Units that share people or vehicles, and what the numbers of their count problem stand for.

    ``needs``, ``people``, ``cars`` and ``aways`` are in the order of the problem's windows, people,
    vehicles and absences; pools are places in ``units``.
    """

    plan: Plan
    units: tuple[str, ...]
    needs: tuple[WindowNeed, ...]
    people: tuple[Inspector, ...]
    cars: tuple[Car, ...]
    aways: tuple[Away, ...]
    problem: CountProblem

    def label(self, window: int) -> Text:
        """Return a window's name; that of spot checks says so."""
        return need_label(self.needs[window])

    def workdays(self, window: int) -> tuple[date, ...]:
        """Return the days on which patrols of the window may go out."""
        first = self.plan.first_day
        return tuple(first + timedelta(days=n) for n in self.problem.windows[window].days)


def need_label(need: WindowNeed) -> Text:
    """Return the name of a window that needs patrols."""
    named = _span_label(need.first_day, need.last_day)
    if need.kind is PatrolKind.REGULAR:
        return named
    return Text(f"{named.zh}抽查", f"spot checks in {named.en}")


def _span_label(first_day: date, last_day: date) -> Text:
    for kind in WindowKind:
        window = window_of(kind, first_day)
        if (window.first_day, window.last_day) == (first_day, last_day):
            return window_label(window)
    return days_label(first_day, last_day)


def crew_size_of(plan: Plan) -> int:
    """Return the certified people every patrol needs (art. 16)."""
    return plan.regulation.team.min_certified if plan.regulation.team else 2


def make_case(plan: Plan, units: Sequence[str], levels: Levels | None = None) -> Case:
    """Return the case of units that share people or vehicles with each other only.

    Of an interrupted plan only the windows whose need is known are in it.
    """
    county, settings = plan.county, plan.county.settings
    horizon = Horizon(plan.first_day, (plan.last_day - plan.first_day).days + 1)
    crew = crew_size_of(plan)
    needs = tuple(
        sorted(
            (need for need in plan.needs if need.unit in units),
            key=lambda n: (n.first_day, n.last_day, n.unit, n.kind),
        )
    )
    people = tuple(p for p in county.inspectors if set(p.units) & set(units))
    cars = tuple(v for v in county.vehicles if v.seats >= crew and set(v.units) & set(units))
    aways = tuple(_aways(plan, people, cars))
    pool = {unit: place for place, unit in enumerate(units)}
    problem = CountProblem(
        day_count=horizon.day_count,
        week_of_day=horizon.week_of_day,
        crew_size=crew,
        windows=tuple(
            _window(plan, horizon, need, pool[need.unit], (levels or {}).get(place, ()))
            for place, need in enumerate(needs)
        ),
        people=tuple(_person(one, pool, horizon) for one in people),
        vehicles=tuple(
            Vehicle(_pools(one.units, pool), tuple(range(horizon.day_count)), one.seats)
            for one in cars
        ),
        week_cap=settings.caps.patrol_days_per_week,
        span_cap=settings.caps.patrol_days_per_28_days,
        absences=tuple(_absence(horizon, away, people, cars) for away in aways),
    )
    return Case(plan, tuple(units), needs, people, cars, aways, problem)


def _pools(units: Iterable[str], pool: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted(pool[unit] for unit in units if unit in pool))


def _person(one: Inspector, pool: Mapping[str, int], horizon: Horizon) -> Person:
    """Return a person as if never away: what takes days away is an absence of its own."""
    whole = tuple(range(horizon.day_count))
    certified = whole if one.certificate_number else ()
    return Person(_pools(one.units, pool), certified, whole if one.licensed else ())


def _absence(
    horizon: Horizon, away: Away, people: Sequence[Inspector], cars: Sequence[Car]
) -> Absence:
    owners: Sequence[Inspector | Car] = cars if away.kind is CauseKind.VEHICLE else people
    who = next(place for place, one in enumerate(owners) if one.id == away.who)
    first, last = horizon.number(away.first_day), horizon.number(away.last_day)
    return Absence(who, tuple(range(first, last + 1)), away.kind)


def _aways(plan: Plan, people: Iterable[Inspector], cars: Iterable[Car]) -> Iterable[Away]:
    """Name every leave, certificate and time without a vehicle inside the plan's days."""
    for person in people:
        yield from _leaves(plan, person.id, CauseKind.LEAVE)
        if person.certificate_number:
            days = (person.certificate_from, person.certificate_until)
            yield from _outside(plan, person.id, days, CauseKind.CERTIFICATE)
    for car in cars:
        yield from _leaves(plan, car.id, CauseKind.VEHICLE)
        days = (car.available_from, car.available_until)
        yield from _outside(plan, car.id, days, CauseKind.VEHICLE)


def _leaves(plan: Plan, who: str, kind: CauseKind) -> Iterable[Away]:
    for row in plan.county.leave:
        first, last = max(row.first_day, plan.first_day), min(row.last_day, plan.last_day)
        if row.who == who and first <= last:
            yield Away(kind, who, first, last, row.reason)


def _outside(
    plan: Plan, who: str, between: tuple[date | None, date | None], kind: CauseKind
) -> Iterable[Away]:
    since, until = between
    if since is not None and since > plan.first_day:
        last = min(since - timedelta(days=1), plan.last_day)
        yield Away(kind, who, plan.first_day, last)
    if until is not None and until < plan.last_day:
        first = max(until + timedelta(days=1), plan.first_day)
        yield Away(kind, who, first, plan.last_day)


def _window(
    plan: Plan,
    horizon: Horizon,
    need: WindowNeed,
    pool: int,
    levels: Sequence[tuple[tuple[CauseKind, ...], int]],
) -> CountWindow:
    own = [r for r in plan.requirements if _inside(r, need)]
    every = range(horizon.number(need.first_day), horizon.number(need.last_day) + 1)
    allowed = {horizon.number(day) for day in plan.calendar.patrol_days}
    free = any(not r.workdays_only for r in plan.requirements if r.unit == need.unit)
    days = tuple(day for day in every if free or day in allowed)
    return CountWindow(
        pool,
        days,
        need.needed_lower_bound,
        off_days=tuple(day for day in every if day not in days),
        spacings=_spacings(own),
        hits=_hits(own, horizon, every),
        need_without=tuple((tuple(Cause(k) for k in kinds), less) for kinds, less in levels),
        series=int(need.kind is PatrolKind.SPOT_CHECK),
    )


def _inside(requirement: Requirement, need: WindowNeed) -> bool:
    """Whether a requirement is owed in exactly this window, by regular patrols."""
    window = requirement.window
    return (
        not requirement.spot_check
        and need.kind is PatrolKind.REGULAR
        and requirement.unit == need.unit
        and (window.first_day, window.last_day) == (need.first_day, need.last_day)
    )


def _spacings(own: Sequence[Requirement]) -> tuple[Spacing, ...]:
    wanted = {Spacing(r.count, max(1, int(r.min_gap_hours // 24))) for r in own if r.count > 1}
    return tuple(sorted(wanted, key=lambda s: (s.count, s.days)))


def _hits(
    own: Sequence[Requirement], horizon: Horizon, every: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    peaks = [r.peak_window for r in own if r.peak_window is not None]
    wanted = {tuple(day for day in every if peak.holds(horizon.day(day))) for peak in peaks}
    return tuple(sorted(hit for hit in wanted if len(hit) < len(every)))
