"""A first guess at the dates for CP-SAT to start from: an even rhythm that keeps the gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from optimizer.roster_problem import FixedGap, RosterProblem
from optimizer.roster_staff import Shift

#: Cost of a patrol more than a day's people or vehicles can make, against a gap's weight.
_TOO_MANY = 1_000


def rhythm(problem: RosterProblem) -> tuple[int, ...]:
    """Return a day per item (-1 for an item without days), in order of time, each the cheapest.

    Cost: days too full, gaps not kept with items placed before, distance from an even spread.
    """
    room = room_of(problem)
    teams: Counter[Shift] = Counter()
    out: Counter[tuple[int, int]] = Counter()
    fixed: dict[int, list[FixedGap]] = defaultdict(list)
    for gap in problem.fixed_gaps:
        fixed[gap.item].append(gap)
    placed: dict[int, int] = {}
    later = _later_gaps(problem)
    for item, ideal in _in_time(problem):
        pool = problem.items[item].pool

        def cost(day: int, item: int = item, pool: int = pool, ideal: float = ideal) -> float:
            full = teams[pool, day] >= room.get((pool, day), 0)
            broken = sum(
                gap.weight
                for gap in fixed[item]
                if not gap.min_days <= day - gap.day <= gap.max_days
            )
            crowd = teams[pool, day] + out[pool, problem.week_of_day[day]] / 8
            return _TOO_MANY * full + broken + crowd / 4 + abs(day - ideal) / 16

        day = min(problem.items[item].days, key=lambda day: (cost(day), day))
        placed[item] = day
        teams[pool, day] += 1
        out[pool, problem.week_of_day[day]] += 1
        for other, least, most, weight in later[item]:
            fixed[other].append(FixedGap(other, day, least, most, weight))
    return tuple(placed.get(item, -1) for item in range(len(problem.items)))


def room_of(problem: RosterProblem) -> Mapping[Shift, int]:
    """Return the patrols that a pool's people and vehicles could make on each day, alone."""
    people: Counter[Shift] = Counter()
    vehicles: Counter[Shift] = Counter()
    for person in problem.people:
        days = set(person.certified_days) - set(person.worked_days)
        people.update((pool, day) for pool in person.pools for day in days)
    for vehicle in problem.vehicles:
        vehicles.update((pool, day) for pool in vehicle.pools for day in set(vehicle.days))
    return {shift: min(people[shift] // problem.crew_size, vehicles[shift]) for shift in people}


def _in_time(problem: RosterProblem) -> list[tuple[int, float]]:
    """Return items in order of time, each with the day an even spread would give it."""
    windows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, item in enumerate(problem.items):
        if item.days:
            windows[item.pool, item.window].append(index)
    ideals = []
    for members in windows.values():
        for rank, index in enumerate(members):
            days = sorted(problem.items[index].days)
            ideals.append((index, float(days[int((rank + 0.5) / len(members) * len(days))])))
    return sorted(ideals, key=lambda pair: (pair[1], pair[0]))


def _later_gaps(problem: RosterProblem) -> Mapping[int, list[tuple[int, int, int, int]]]:
    """Return per item (other, least, most, weight): what its day asks of each other item's."""
    later: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for gap in problem.gaps:
        later[gap.item_a].append((gap.item_b, gap.min_days, gap.max_days, gap.weight))
        if gap.ordered:
            later[gap.item_b].append((gap.item_a, -gap.max_days, -gap.min_days, gap.weight))
    for rule in problem.apart:
        near = max(1, rule.days)
        later[rule.item_a].append((rule.item_b, near, problem.day_count, _TOO_MANY))
        later[rule.item_b].append((rule.item_a, near, problem.day_count, _TOO_MANY))
    return later
