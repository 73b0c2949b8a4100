"""Days drawn at random, so that nobody foresees the next one from law, calendar and past visits.

Each drawn patrol gets a day in order of time, among those that the law and the soft gaps leave it
after the patrols drawn before; a day that leaves the next patrol little choice comes up less often,
or the next one could be foreseen (a random walk in proportion to the ways of going on). Gaps alone
would still tell much: after a long one the next visit must come soon. So some gaps, drawn too, are
not asked for. All draws hang on the spot checks' secret, which no outsider has; none on the order
of units or processes. Days are wishes: counts, people and the gaps asked for outrank them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.roster import DayCosts, RosterProblem
from optimizer.roster_rhythm import room_of
from scheduling.requirements import draw

#: Share of the soft gaps not asked for where every day is drawn: what it takes for level 1 to be
#: hit at most half as often again as by chance, at squads too (``benchmarks.foresight``).
GAPS_LET_GO = 0.5
#: What a day beside the drawn one costs at least, in steps between the other days.
_FARTHER = 2


@dataclass(frozen=True)
class Lot:
    """What the draw knows of one item: ``name`` tells it from all others.

    Within a window days are drawn by ``turn``. The greater the ``weight``, the dearer is any other
    day. Only ``drawn`` items get a day.
    """

    name: str
    turn: int
    weight: int
    drawn: bool


class Draws:
    """Numbers that only the secret and a name decide."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def number(self, *words: str) -> int:
        """Return a number below 2**64."""
        return int.from_bytes(draw(self._secret, *words)[:8])

    def happens(self, chance: float, *words: str) -> bool:
        """Return true with a chance: never at 0, always at 1."""
        return self.number("whether", *words) < chance * 2**64

    def one_of(self, values: Sequence[int], weights: Sequence[int], *words: str) -> int:
        """Return one of the values, the more often the more it weighs; any if none does."""
        tickets = [v for v, weight in zip(values, weights, strict=True) for _ in range(weight)]
        tickets = tickets or list(values)
        return tickets[self.number(*words) % len(tickets)]

    def shuffled(self, values: Iterable[int], *words: str) -> list[int]:
        """Return the values in a random order."""
        return sorted(values, key=lambda value: (self.number(*words, str(value)), value))


def drawn_costs(problem: RosterProblem, lots: Sequence[Lot], draws: Draws) -> tuple[DayCosts, ...]:
    """Return, for each drawn item, nothing to pay on its day and ever more on the others.

    ``lots`` are the items', in their order.
    """
    drawing = _Drawing(problem, draws)
    costs = []
    for item in _in_order(problem, lots):
        lot = lots[item]
        day = drawing.draw(item, lot.name)
        others = draws.shuffled(set(problem.items[item].days) - {day}, "others", lot.name)
        least = _FARTHER * len(others)
        ranked = {other: lot.weight * (least + rank) for rank, other in enumerate(others)}
        costs.append(DayCosts(item, {day: 0, **ranked}))
    return tuple(costs)


def _in_order(problem: RosterProblem, lots: Sequence[Lot]) -> list[int]:
    """Return the drawn items, early windows first, within one by turn."""
    chosen = [n for n, lot in enumerate(lots) if lot.drawn and problem.items[n].days]
    return sorted(chosen, key=lambda n: (min(problem.items[n].days), lots[n].turn, n))


@dataclass
class _Drawing:
    """Days drawn so far, and what they leave to the next item."""

    problem: RosterProblem
    draws: Draws
    placed: dict[int, int] = field(default_factory=dict)
    used: Counter[tuple[int, int]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._room = room_of(self.problem)
        self._hard = _links((r.item_a, r.item_b, r.days) for r in self.problem.apart)
        self._gaps: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._next: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for gap in self.problem.gaps:
            if gap.ordered:
                self._gaps[gap.item_b].append((gap.item_a, gap.min_days, gap.max_days))
                self._next[gap.item_a].append((gap.item_b, gap.min_days, gap.max_days))
        self._fixed: dict[int, list[range]] = defaultdict(list)
        for one in self.problem.fixed_gaps:
            allowed = range(one.day + one.min_days, one.day + one.max_days + 1)
            self._fixed[one.item].append(allowed)

    def draw(self, item: int, name: str) -> int:
        """Draw an item's day from the strictest of the sets that are not empty."""
        days = sorted(set(self.problem.items[item].days))
        free = [day for day in days if self._is_free(item, day)]
        kept = [day for day in free if self._keeps_gaps(item, day)]
        choice = kept or free or days
        weights = [self._room_after(item, day) for day in choice]
        day = self.draws.one_of(choice, weights, "day", name)
        self.placed[item] = day
        self.used[self.problem.items[item].pool, day] += 1
        return day

    def _is_free(self, item: int, day: int) -> bool:
        shift = (self.problem.items[item].pool, day)
        if self.used[shift] >= self._room.get(shift, 0):
            return False
        return all(
            abs(day - self.placed[other]) >= max(1, days)
            for other, days in self._hard[item]
            if other in self.placed
        )

    def _keeps_gaps(self, item: int, day: int) -> bool:
        after = (
            least <= day - self.placed[other] <= most
            for other, least, most in self._gaps[item]
            if other in self.placed
        )
        return all(after) and all(day in allowed for allowed in self._fixed[item])

    def _room_after(self, item: int, day: int) -> int:
        """Return how many days are left to the one that follows with the least choice."""
        return min(
            (
                sum(least <= later - day <= most for later in self.problem.items[other].days)
                for other, least, most in self._next[item]
            ),
            default=1,
        )


def _links(rules: Iterable[tuple[int, int, int]]) -> Mapping[int, list[tuple[int, int]]]:
    """Return per item the others that are kept so many days apart from it."""
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b, days in rules:
        links[a].append((b, days))
        links[b].append((a, days))
    return links
