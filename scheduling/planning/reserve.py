"""Team days kept free for bad weather, as a goal over dates: below the law's counts and the gaps.

How many patrols a month takes is mostly settled by the windows it holds; the goal is only asked
for where patrols could as well run in another month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import floor

from optimizer.roster import FreeDays, RosterProblem
from optimizer.roster_rhythm import room_of
from optimizer.roster_staff import Shift
from scheduling.planning.resources import Horizon

#: Shares such as a tenth of ten are whole numbers but for rounding.
_DUST = 1e-9


def free_days(problem: RosterProblem, horizon: Horizon, share: float) -> tuple[FreeDays, ...]:
    """Return the most patrols of a pool's month that leave ``share`` of its team days free."""
    months: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in range(horizon.day_count):
        day = horizon.day(number)
        months[day.year, day.month].append(number)
    month_of = {number: month for month, days in months.items() for number in days}
    movable = set()
    for item in problem.items:
        touched = {month_of[day] for day in item.days}
        if len(touched) > 1:
            movable |= {(item.pool, month) for month in touched}
    found = []
    room = room_of(problem) if movable else {}
    for pool, month in sorted(movable):
        days = tuple(months[month])
        patrols = floor(team_days(problem, room, pool, days) * (1 - share) + _DUST)
        found.append(FreeDays(pool, days, patrols))
    return tuple(found)


def team_days(
    problem: RosterProblem, room: Mapping[Shift, int], pool: int, days: Sequence[int]
) -> int:
    """Return the team days possible in a month: a vehicle and a crew of certified people, a day.

    ``room`` is what each day's people and vehicles allow (``room_of``). A person counts for no more
    days than the caps per week and, in proportion, per span allow.
    """
    by_day = sum(room.get((pool, day), 0) for day in days)
    most = -(-problem.span_cap * len(days) // problem.span_days)
    inside, person_days = set(days), 0
    for person in problem.people:
        if pool in person.pools:
            own = inside & set(person.certified_days) - set(person.worked_days)
            weeks = Counter(problem.week_of_day[day] for day in own)
            in_weeks = sum(min(problem.week_cap, n) for n in weeks.values())
            person_days += min(in_weeks, most)
    return min(by_day, person_days // problem.crew_size)
