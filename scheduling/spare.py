"""Team days kept free for bad weather: per unit and month, possible, planned and free.

Counted from a plan's own snapshot, for the audit and the documents; the planner has its own count
(``scheduling.planning.reserve``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.plan.model import Plan


@dataclass(frozen=True)
class SpareMonth:
    """A unit's month. ``possible`` team days: a vehicle and a crew of certified people, a day.

    A person counts for no more days than the caps per week and, in proportion, per 28 days allow.
    """

    unit: str
    year: int
    month: int
    possible: int
    planned: int

    @property
    def free(self) -> int:
        """Team days not planned."""
        return self.possible - self.planned

    def keeps(self, share: float) -> bool:
        """Whether at least this share of the possible team days is free."""
        return self.free >= self.possible * share - 1e-9


def spare_months(plan: Plan) -> tuple[SpareMonth, ...]:
    """Return every planned unit's months, those only partly planned with the days planned.

    People and vehicles of several units count for each of them.
    """
    planned = Counter((p.unit, p.day.year, p.day.month) for p in plan.patrols)
    found = []
    for unit in plan.units:
        by_month: dict[tuple[int, int], list[date]] = defaultdict(list)
        for day in _patrol_days(plan, unit):
            by_month[day.year, day.month].append(day)
        for (year, month), days in sorted(by_month.items()):
            possible = _team_days(plan, unit, days)
            found.append(SpareMonth(unit, year, month, possible, planned[unit, year, month]))
    return tuple(found)


def _patrol_days(plan: Plan, unit: str) -> Sequence[date]:
    """Return the days on which the unit may patrol: any day where a rule of its says so."""
    authority = {one.id: one.authority for one in plan.county.units}[unit]
    rules = [rule for rule in plan.regulation.frequency if rule.authority == authority]
    if any(not rule.workdays_only for rule in rules):
        count = (plan.last_day - plan.first_day).days + 1
        return [plan.first_day + timedelta(days=n) for n in range(count)]
    return [d for d in plan.calendar.patrol_days if plan.first_day <= d <= plan.last_day]


def _team_days(plan: Plan, unit: str, days: Sequence[date]) -> int:
    """Return the team days of a month's patrol days, by day and by everyone's caps."""
    county, caps = plan.county, plan.county.settings.caps
    crew = plan.regulation.team.min_certified if plan.regulation.team else 2
    cars = [v for v in county.vehicles if unit in v.units and v.seats >= crew]
    people = [p for p in county.inspectors if unit in p.units]
    present: dict[str, list[date]] = defaultdict(list)
    by_day = 0
    for day in days:
        certified = [p for p in people if p.certified_on(day) and not county.away(p.id, day)]
        for person in certified:
            present[person.id].append(day)
        at_hand = sum(v.available_on(day) and not county.away(v.id, day) for v in cars)
        by_day += min(at_hand, len(certified) // crew)
    span = _days_of_month_planned(plan, days[0])
    most = -(-caps.patrol_days_per_28_days * span // 28)
    person_days = 0
    for own in present.values():
        weeks = Counter(day.isocalendar()[:2] for day in own)
        in_weeks = sum(min(caps.patrol_days_per_week, n) for n in weeks.values())
        person_days += min(in_weeks, most)
    return min(by_day, person_days // crew)


def _days_of_month_planned(plan: Plan, day: date) -> int:
    """Return how many days of a day's month lie in the plan."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return (min(last, plan.last_day) - max(first, plan.first_day)).days + 1
