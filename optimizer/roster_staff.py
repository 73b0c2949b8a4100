"""People and vehicles over days, as constraints: what rosters and counts share.

The rules know only *how many* patrols a pool (unit) sends out on a day (``teams``); who rides with
whom is settled afterwards by ``crews``, so that teams are never told apart here. Every rule is a
function listed in ``STAFF_RULES``, and says which ``Cause`` it stands for: ``counts`` hangs an
assumption on each cause, ``roster`` none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from ortools.sat.python import cp_model

#: (pool, day)
Shift = tuple[int, int]
Literal = Any  # ortools has no public type for "variable or its negation"
Expression = Any  # ... nor for "variable, sum or number"


@dataclass(frozen=True)
class Person:
    """Someone who may patrol for any of ``pools``.

    ``certified_days``: present with a valid certificate. ``driving_days``: present with a licence;
    on those days the person may drive, certified or not. ``worked_days``: already out elsewhere;
    they use up the caps and are not available (negative days lie before the horizon).
    """

    pools: tuple[int, ...]
    certified_days: tuple[int, ...]
    driving_days: tuple[int, ...] = ()
    worked_days: tuple[int, ...] = ()


@dataclass(frozen=True)
class Vehicle:
    """A vehicle for any of ``pools`` on ``days``; ``seats`` include the driver's."""

    pools: tuple[int, ...]
    days: tuple[int, ...]
    seats: int = 5


class CauseKind(StrEnum):
    """What can stand in the way of a plan; ``Cause.index`` says which window, person, ..."""

    NEED = "need"  # window: it needs that many patrols
    CALENDAR = "calendar"  # window: patrols only on its workdays
    GAP = "gap"  # window: days between two visits of one task
    PEAK = "peak"  # window: a visit on one of certain days
    STAFF = "staff"  # pool: only these certified people
    LICENCE = "licence"  # pool: only these people may drive
    LEAVE = "leave"  # absence: a person is away
    CERTIFICATE = "certificate"  # absence: a person's certificate is not valid
    FLEET = "fleet"  # pool: only these vehicles
    VEHICLE = "vehicle"  # absence: a vehicle is away
    WEEK_CAP = "week-cap"  # days a week per person
    SPAN_CAP = "span-cap"  # days in any span per person
    DAYLIGHT = "daylight"  # return before dark
    SHIFT = "shift"  # minutes a patrol may last
    STOP_TIME = "stop-time"  # minutes a stop lasts


@dataclass(frozen=True, order=True)
class Cause:
    """One assumption of a plan; ``index`` is -1 where the kind says it all."""

    kind: CauseKind
    index: int = -1


class Staffed(Protocol):
    """What a problem must have for the rules below."""

    @property
    def day_count(self) -> int: ...  # noqa: D102
    @property
    def week_of_day(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def crew_size(self) -> int: ...  # noqa: D102
    @property
    def people(self) -> tuple[Person, ...]: ...  # noqa: D102
    @property
    def vehicles(self) -> tuple[Vehicle, ...]: ...  # noqa: D102
    @property
    def week_cap(self) -> int: ...  # noqa: D102
    @property
    def span_cap(self) -> int: ...  # noqa: D102
    @property
    def span_days(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class StaffModel:
    """The variables: who is aboard as inspector, who drives besides, which vehicle is lent.

    ``teams[pool, day]`` is the number of patrols, an expression of the caller's or a number.
    ``aboard`` and ``driving`` are keyed (person, pool, day), ``lent`` (vehicle, pool, day) for
    vehicles of several pools only. ``out[person][day]``: out in any pool and role. ``when(cause)``
    gives the literals under which that cause holds (none: always).
    """

    model: cp_model.CpModel
    problem: Staffed
    teams: Mapping[Shift, Expression]
    aboard: Mapping[tuple[int, int, int], Literal]
    driving: Mapping[tuple[int, int, int], Literal]
    lent: Mapping[tuple[int, int, int], Literal]
    out: tuple[Mapping[int, Literal], ...]
    when: Callable[[Cause], Sequence[Literal]]

    def at(self, role: Mapping[tuple[int, int, int], Literal], shift: Shift) -> list[Literal]:
        """Return the literals of one role on one shift."""
        pool, day = shift
        return [
            role[index, pool, day]
            for index in range(max(len(self.problem.people), len(self.problem.vehicles)))
            if (index, pool, day) in role
        ]

    def hold(self, constraint: Any, *causes: Cause) -> None:
        """Make ``constraint`` hold only as long as its causes are all assumed."""
        literals = [literal for cause in causes for literal in self.when(cause)]
        if literals:
            constraint.only_enforce_if(literals)


def always(_: Cause) -> Sequence[Literal]:
    """Assume every cause without a literal."""
    return ()


def staff_model(
    model: cp_model.CpModel,
    problem: Staffed,
    teams: Mapping[Shift, Expression],
    when: Callable[[Cause], Sequence[Literal]] = always,
    doubtful: Collection[tuple[int, int]] = (),
) -> StaffModel:
    """Add people and vehicles, and all their rules, to ``model``.

    ``doubtful``: (person, day) of certificates that a rule of the caller's may yet take away.
    """
    aboard = _aboard(model, problem, teams)
    driving = _driving(model, problem, teams, doubtful)
    lent = _lent(model, problem, teams)
    out = _out(model, problem, [aboard, driving])
    staff = StaffModel(model, problem, teams, aboard, driving, lent, out, when)
    for rule in STAFF_RULES:
        rule(staff)
    return staff


def _aboard(
    model: cp_model.CpModel, problem: Staffed, teams: Iterable[Shift]
) -> dict[tuple[int, int, int], Literal]:
    certified = [set(person.certified_days) - set(person.worked_days) for person in problem.people]
    return {
        (index, pool, day): model.new_bool_var(f"aboard {index} {pool} {day}")
        for pool, day in teams
        for index, person in enumerate(problem.people)
        if pool in person.pools and day in certified[index]
    }


def _driving(
    model: cp_model.CpModel,
    problem: Staffed,
    teams: Iterable[Shift],
    doubtful: Collection[tuple[int, int]],
) -> dict[tuple[int, int, int], Literal]:
    """Return drivers besides the crew, only on shifts where some inspector cannot drive.

    Someone certified and licensed never needs to drive besides: they could take the place of an
    inspector of that patrol, none of whom can drive.
    """
    certified = [set(person.certified_days) - set(person.worked_days) for person in problem.people]
    licensed = [set(person.driving_days) - set(person.worked_days) for person in problem.people]
    found: dict[tuple[int, int, int], Literal] = {}
    for pool, day in teams:
        members = [i for i, person in enumerate(problem.people) if pool in person.pools]
        if all(day in licensed[i] for i in members if day in certified[i]):
            continue
        for i in members:
            if day in licensed[i] and (day not in certified[i] or (i, day) in doubtful):
                found[i, pool, day] = model.new_bool_var(f"driving {i} {pool} {day}")
    return found


def _lent(
    model: cp_model.CpModel, problem: Staffed, teams: Iterable[Shift]
) -> dict[tuple[int, int, int], Literal]:
    return {
        (index, pool, day): model.new_bool_var(f"lent {index} {pool} {day}")
        for pool, day in teams
        for index, vehicle in enumerate(problem.vehicles)
        if len(vehicle.pools) > 1 and pool in vehicle.pools and day in vehicle.days
    }


def _out(
    model: cp_model.CpModel,
    problem: Staffed,
    roles: Sequence[Mapping[tuple[int, int, int], Literal]],
) -> tuple[dict[int, Literal], ...]:
    """Return per person and day the literal "out": at most one patrol a day, in one role."""
    found: list[dict[int, list[Literal]]] = [defaultdict(list) for _ in problem.people]
    for role in roles:
        for (person, _, day), literal in role.items():
            found[person][day].append(literal)
    return tuple(
        {day: _any_of(model, literals) for day, literals in sorted(days.items())} for days in found
    )


def _any_of(model: cp_model.CpModel, literals: list[Literal]) -> Literal:
    """Return a literal for "one of them", forbidding two."""
    if len(literals) == 1:
        return literals[0]
    one = model.new_bool_var("one of")
    model.add_exactly_one([*literals, ~one])
    return one


# --- the rules ---------------------------------------------------------------------------------


def crews_are_complete(staff: StaffModel) -> None:
    """As many certified people are aboard as the day's patrols need, no more."""
    for shift, teams in staff.teams.items():
        aboard = cp_model.LinearExpr.sum(staff.at(staff.aboard, shift))
        complete = staff.model.add(aboard == staff.problem.crew_size * teams)
        staff.hold(complete, Cause(CauseKind.STAFF, shift[0]))


def week_cap(staff: StaffModel) -> None:
    """No more than ``week_cap`` patrol days in a week."""
    weeks = staff.problem.week_of_day
    for person, days in zip(staff.problem.people, staff.out, strict=True):
        worked = [weeks[day] for day in person.worked_days if 0 <= day < len(weeks)]
        by_week: dict[int, list[int]] = defaultdict(list)
        for day in sorted(days):
            by_week[weeks[day]].append(day)
        for week, members in by_week.items():
            left = max(0, staff.problem.week_cap - worked.count(week))
            _limit(staff, days, members, left, Cause(CauseKind.WEEK_CAP))


def span_cap(staff: StaffModel) -> None:
    """No more than ``span_cap`` patrol days in any ``span_days`` days in a row."""
    span = staff.problem.span_days
    for person, days in zip(staff.problem.people, staff.out, strict=True):
        worked = set(person.worked_days)
        if not days:
            continue
        # A span starting on a day without work lies within the one starting on the next such day.
        for first in sorted(day for day in days.keys() | worked if day > min(days) - span):
            members = [day for day in sorted(days) if first <= day < first + span]
            done = sum(first <= day < first + span for day in worked)
            left = max(0, staff.problem.span_cap - done)
            _limit(staff, days, members, left, Cause(CauseKind.SPAN_CAP))


def _limit(
    staff: StaffModel, days: Mapping[int, Literal], members: Sequence[int], most: int, cause: Cause
) -> None:
    if len(members) > most:
        out = cp_model.LinearExpr.sum([days[day] for day in members])
        staff.hold(staff.model.add(out <= most), cause)


def someone_drives(staff: StaffModel) -> None:
    """Each patrol has a licensed inspector, or a driver besides the crew."""
    people = staff.problem.people
    licensed = [frozenset(person.driving_days) for person in people]
    for shift, teams in staff.teams.items():
        pool, day = shift
        inspectors = [i for i in range(len(people)) if (i, pool, day) in staff.aboard]
        able = [staff.aboard[i, pool, day] for i in inspectors if day in licensed[i]]
        if len(able) == len(inspectors):
            continue  # nobody certified lacks a licence
        drivers = staff.at(staff.driving, shift)
        driven = staff.model.add(cp_model.LinearExpr.sum(able + drivers) >= teams)
        # Dropping STAFF stands for more certified people, who can drive.
        staff.hold(driven, Cause(CauseKind.LICENCE, pool), Cause(CauseKind.STAFF, pool))


def vehicles_suffice(staff: StaffModel) -> None:
    """Send out no more patrols than a pool has vehicles that day, and seats for drivers."""
    size = staff.problem.crew_size
    for shift, teams in staff.teams.items():
        cause = Cause(CauseKind.FLEET, shift[0])
        staff.hold(staff.model.add(teams <= vehicles_at_hand(staff, shift, size)), cause)
        drivers = staff.at(staff.driving, shift)
        if drivers and any(vehicle.seats <= size for vehicle in staff.problem.vehicles):
            roomy = vehicles_at_hand(staff, shift, size + 1)
            driven = staff.model.add(cp_model.LinearExpr.sum(drivers) <= roomy)
            staff.hold(driven, cause)


def vehicles_at_hand(staff: StaffModel, shift: Shift, seats: int) -> Expression:
    """Return how many vehicles with at least ``seats`` the pool has on the day."""
    pool, day = shift
    own = sum(
        vehicle.pools == (pool,) and day in vehicle.days and vehicle.seats >= seats
        for vehicle in staff.problem.vehicles
    )
    lent = [
        staff.lent[i, pool, day]
        for i, vehicle in enumerate(staff.problem.vehicles)
        if (i, pool, day) in staff.lent and vehicle.seats >= seats
    ]
    return own + cp_model.LinearExpr.sum(lent)


def vehicle_in_one_pool(staff: StaffModel) -> None:
    """Lend a shared vehicle to one pool a day."""
    by_day: dict[tuple[int, int], list[Literal]] = defaultdict(list)
    for (vehicle, _, day), literal in staff.lent.items():
        by_day[vehicle, day].append(literal)
    for literals in by_day.values():
        staff.model.add_at_most_one(literals)


#: Every rule about people and vehicles.
STAFF_RULES: tuple[Callable[[StaffModel], None], ...] = (
    crews_are_complete,
    week_cap,
    span_cap,
    someone_drives,
    vehicles_suffice,
    vehicle_in_one_pool,
)
