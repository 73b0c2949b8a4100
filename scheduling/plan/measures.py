"""What a plan costs and gives, in the few figures by which plans are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from network.problems import Text
from scheduling.plan.model import Patrol, Plan, PlanStatus

#: How a unit's planning ended, for people.
STATUS_NAMES: Final = {
    PlanStatus.OPTIMAL: Text("最优", "optimal"),
    PlanStatus.FEASIBLE: Text("可行", "feasible"),
    PlanStatus.INFEASIBLE: Text("已证明无可行方案", "proven infeasible"),
    PlanStatus.NOT_FOUND: Text("限定时间内未找到", "not found in time"),
    PlanStatus.TIME_LIMIT: Text("达到时限", "time limit reached"),
    PlanStatus.INTERRUPTED: Text("已中断", "interrupted"),
}


@dataclass(frozen=True)
class UnitMeasures:
    """Figures of one unit, or of a whole plan.

    ``unmet`` counts visits owed and not planned. ``person_days`` are patrol days of everybody
    aboard, drivers included. ``hours`` are driving and inspecting (lunch is not). ``fairness`` is
    the greatest difference in patrol days between two certified people of one unit.
    """

    unit: str
    name: str
    status: PlanStatus
    unmet: int
    patrols: int
    visits: int
    person_days: int
    length_km: float
    hours: float
    busiest_week: str  # ISO week, "" without patrols
    busiest_week_patrols: int
    fairness: int


@dataclass(frozen=True)
class PlanMeasures:
    """Figures of a plan: whole, and unit by unit in the order of ids."""

    whole: UnitMeasures
    units: tuple[UnitMeasures, ...]


def measure(plan: Plan) -> PlanMeasures:
    """Return the figures of a complete plan (an open one lacks its spot checks' kilometres)."""
    names = {unit.id: unit.name for unit in plan.county.units}
    statuses = {outcome.unit: outcome.status for outcome in plan.outcomes}
    owner = {requirement.id: requirement.unit for requirement in plan.requirements}
    missing: Counter[str] = Counter()
    for unmet in plan.unmet:
        missing[owner[unmet.requirement]] += unmet.missing
    units = tuple(
        _figures(
            *(unit, names[unit], statuses.get(unit, PlanStatus.OPTIMAL), missing[unit]),
            [patrol for patrol in plan.patrols if patrol.unit == unit],
            _fairness(plan, unit),
        )
        for unit in plan.units
    )
    fairness = max((unit.fairness for unit in units), default=0)
    name = plan.county.settings.name
    whole = _figures("", name, plan.status, missing.total(), plan.patrols, fairness)
    return PlanMeasures(whole, units)


def _figures(
    unit: str,
    name: str,
    status: PlanStatus,
    unmet: int,
    patrols: Iterable[Patrol],
    fairness: int,
) -> UnitMeasures:
    patrols = tuple(patrols)
    weeks = Counter("{}-W{:02}".format(*patrol.day.isocalendar()[:2]) for patrol in patrols)
    busiest = min(weeks, key=lambda week: (-weeks[week], week), default="")
    return UnitMeasures(
        *(unit, name, status, unmet, len(patrols)),
        visits=sum(len(patrol.visits) for patrol in patrols),
        person_days=sum(len(patrol.crew) for patrol in patrols),
        length_km=round(sum(patrol.length_m for patrol in patrols) / 1000, 1),
        hours=round(sum(p.drive_seconds + p.inspect_seconds for p in patrols) / 3600, 1),
        busiest_week=busiest,
        busiest_week_patrols=weeks[busiest],
        fairness=fairness,
    )


def _fairness(plan: Plan, unit: str) -> int:
    days = Counter(
        member.inspector
        for patrol in plan.patrols
        for member in patrol.crew
        if member.role == "inspector"
    )
    own = [
        days[person.id]
        for person in plan.county.inspectors
        if person.units[:1] == (unit,)
        and person.certified_on(plan.first_day)
        and person.certified_on(plan.last_day)
    ]
    return max(own, default=0) - min(own, default=0)


@dataclass(frozen=True)
class UnitReasons:
    """Why one unit's plan is not complete: its explanation, the arithmetic, what is missing."""

    unit: str
    name: str
    status: PlanStatus
    reasons: tuple[Text, ...]


def shortfalls(plan: Plan) -> tuple[UnitReasons, ...]:
    """Return, for each unit that does not do all it owes, why; spot checks' zones not named."""
    names = {unit.id: unit.name for unit in plan.county.units}
    statuses = {outcome.unit: outcome for outcome in plan.outcomes}
    requirements = {requirement.id: requirement for requirement in plan.requirements}
    reasons: dict[str, dict[Text, None]] = {unit: {} for unit in plan.units}
    for unit in plan.units:
        if unit in statuses:
            reasons[unit] |= dict.fromkeys(statuses[unit].explanation)
    for need in plan.needs:
        if need.possible < need.needed_lower_bound:
            reasons[need.unit][need.arithmetic] = None
    short = set()
    for unmet in plan.unmet:
        requirement = requirements[unmet.requirement]
        short.add(requirement.unit)
        if not requirement.spot_check:
            reasons[requirement.unit][unmet.reason] = None
    complete = {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
    return tuple(
        UnitReasons(unit, names[unit], statuses[unit].status, tuple(reasons[unit]))
        for unit in plan.units
        if unit in statuses and (unit in short or statuses[unit].status not in complete)
    )
