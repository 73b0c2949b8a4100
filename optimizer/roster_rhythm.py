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
    """Return items in order of time, each with the day an even spread would give it.

    An item whose days have costs is given the cheapest.
    """
    cheapest = {
        one.item: min(one.costs, key=lambda d: (one.costs[d], d)) for one in problem.day_costs
    }
    windows: dict[tuple[int, int], list[int]] = defaultdict(list)
    ideals = [(item, float(day)) for item, day in cheapest.items()]
    for index, item in enumerate(problem.items):
        if item.days and index not in cheapest:
            windows[item.pool, item.window].append(index)
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


def likely_people(
    problem: RosterProblem, days: tuple[int, ...]
) -> tuple[frozenset[tuple[int, int, int]], frozenset[tuple[int, int, int]]]:
    """Return (person, pool, day) aboard and driving: a guess, day by day, within the caps.

    The wanted go first, one of each group; then whoever has been out the least for the patrols that
    they could have joined; inspectors with a licence before others as long as one is lacking.
    """
    items: dict[Shift, list[int]] = defaultdict(list)
    for index, day in enumerate(days):
        items[problem.items[index].pool, day].append(index)
    guess = _PeopleGuess(problem)
    for pool, day in sorted(items, key=lambda shift: shift[::-1]):
        wishes = Counter(problem.items[index].responsible for index in items[pool, day])
        guess.send((pool, day), len(items[pool, day]), wishes)
    return frozenset(guess.aboard), frozenset(guess.driving)


class _PeopleGuess:
    """Who has been sent out so far, and how far behind their fair share everyone is."""

    def __init__(self, problem: RosterProblem) -> None:
        self.problem = problem
        self.certified = [frozenset(person.certified_days) for person in problem.people]
        self.licensed = [frozenset(person.driving_days) for person in problem.people]
        self.out = [set(person.worked_days) for person in problem.people]
        self.behind = [0.0] * len(problem.people)
        self.aboard: set[tuple[int, int, int]] = set()
        self.driving: set[tuple[int, int, int]] = set()

    def send(self, shift: Shift, teams: int, wishes: Counter[tuple[int, ...]]) -> None:
        """Send the crews of one shift out."""
        pool, day = shift
        places = teams * self.problem.crew_size
        present = [p for p in self._free(shift) if day in self.certified[p]]
        for person in present:
            self.behind[person] += places / len(present)
        crew: list[int] = []
        for group, _ in wishes.most_common():
            own = [p for p in group if p in present]
            if own and not set(own) & set(crew) and len(crew) < places:
                crew.append(max(own, key=lambda p: (self.behind[p], -p)))
        while len(crew) < min(places, len(present)):
            lacking = sum(day in self.licensed[p] for p in crew) < teams
            rest = [p for p in present if p not in crew]
            crew.append(
                max(
                    rest,
                    key=lambda p: (lacking and day in self.licensed[p], self.behind[p], -p),
                )
            )
        able = sum(day in self.licensed[p] for p in crew)
        spare = [p for p in self._free(shift) if day in self.licensed[p] - self.certified[p]]
        drivers = spare[: max(0, teams - able)]
        self.aboard |= {(person, pool, day) for person in crew}
        self.driving |= {(person, pool, day) for person in drivers}
        for person in crew:
            self.behind[person] -= 1
        for person in (*crew, *drivers):
            self.out[person].add(day)

    def _free(self, shift: Shift) -> list[int]:
        """Return the pool's people who are not out that day and whose caps leave one more."""
        pool, day = shift
        return [
            index
            for index, person in enumerate(self.problem.people)
            if pool in person.pools and day not in self.out[index] and self._has_left(index, day)
        ]

    def _has_left(self, person: int, day: int) -> bool:
        problem, out = self.problem, self.out[person]
        weeks = problem.week_of_day
        in_week = sum(0 <= d < len(weeks) and weeks[d] == weeks[day] for d in out)
        in_span = sum(day - problem.span_days < d < day + problem.span_days for d in out)
        return in_week < problem.week_cap and in_span < problem.span_cap
