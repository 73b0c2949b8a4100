"""Good solutions that differ, and what two of them make together.

A child takes the routes of some days, or of a neighbourhood, from one parent and what fits beside
them from the other (after Vidal, Crainic, Gendreau, Lahrichi & Rei 2012, who inherit by days). Each
task takes the pattern that keeps most of the visits so inherited; what it lacks is brought in by
the search.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

import numpy as np

from optimizer.engine.arrays import Arrays, Small
from optimizer.engine.layout import DAY, GROUP
from optimizer.engine.start import Start

#: So many solutions are kept.
SIZE = 10
#: A neighbourhood rather than days is inherited with this chance where there are several days.
BY_PLACE = 0.3
#: Relative difference of cost below which two solutions count as the same.
SAME = 1e-7
#: A population may stand still after so many batches; what counts as a gain is this share of cost.
YOUNG, GAIN = 12, 5e-4


@dataclass(frozen=True)
class Individual:
    """A feasible solution: see ``State`` for the arrays; ``prices`` of overruns that led to it."""

    cost: float
    chosen: Small
    routes: dict[int, Small]
    prices: tuple[float, float]


@dataclass
class Population:
    """The best solutions found, cheapest first, no two of one cost."""

    members: list[Individual] = field(default_factory=list)
    #: Additions refused in a row.
    refused: int = 0

    @property
    def best(self) -> Individual | None:
        """The cheapest member."""
        return self.members[0] if self.members else None

    def add(self, one: Individual | None) -> None:
        """Take in a solution unless it is one of the members or worse than a full house."""
        self.refused += 1
        if one is None or any(
            abs(one.cost - other.cost) <= SAME * abs(one.cost) for other in self.members
        ):
            return
        self.members = sorted([*self.members, one], key=lambda m: m.cost)[:SIZE]
        if any(member is one for member in self.members):
            self.refused = 0

    def parents(self, rng: np.random.Generator) -> tuple[Individual, Individual]:
        """Return two different members, each the better of two drawn."""
        first = self.members[_better_of_two(len(self.members), rng)]
        others = [member for member in self.members if member is not first]
        return first, others[_better_of_two(len(others), rng)]


@dataclass
class Standstill:
    """Tells when a population has gained nothing for as long as it took to get where it is."""

    batches: int = 0
    gained: int = 0
    mark: float = inf

    def after_batch(self, population: Population) -> bool:
        """Count a batch of chains; return whether the population stands still."""
        best = population.best
        if best is None:
            return False
        self.batches += 1
        if self.mark == inf or best.cost < self.mark - GAIN * abs(self.mark):
            self.mark, self.gained = best.cost, self.batches
        return self.batches >= max(YOUNG, 2 * self.gained)


def _better_of_two(count: int, rng: np.random.Generator) -> int:
    """Return the lesser of two places drawn: members stand cheapest first."""
    return int(rng.integers(count, size=2).min())


def child(arrays: Arrays, first: Individual, second: Individual, rng: np.random.Generator) -> Start:
    """Return what two solutions make together: routes of the first, and of the second around."""
    if arrays.days > 1 and rng.random() >= BY_PLACE:
        mine = _by_days(arrays, first, rng)
        days = {int(arrays.slots[slot, DAY]) for slot in mine}
        others = [slot for slot in second.routes if int(arrays.slots[slot, DAY]) not in days]
    else:
        mine = _by_place(arrays, first, rng)
        others = list(second.routes)
    routes = _joined(arrays, {slot: first.routes[slot] for slot in mine}, second, others)
    return _with_patterns(arrays, routes, rng)


def _by_days(arrays: Arrays, parent: Individual, rng: np.random.Generator) -> list[int]:
    """Return the slots of some days drawn at random, neither none nor all."""
    count = int(rng.integers(1, arrays.days))
    days = set(rng.permutation(arrays.days)[:count].tolist())
    return [slot for slot in parent.routes if int(arrays.slots[slot, DAY]) in days]


def _by_place(arrays: Arrays, parent: Individual, rng: np.random.Generator) -> list[int]:
    """Return the slots nearest to a task drawn at random, holding a quarter to most visits."""
    owners: dict[int, list[int]] = {}
    for slot, modes in parent.routes.items():
        for t in arrays.mode_task[modes].tolist():
            owners.setdefault(t, []).append(slot)
    visits = sum(len(modes) for modes in parent.routes.values())
    wanted = rng.uniform(0.25, 0.75) * visits
    seed = int(rng.integers(arrays.tasks))
    taken: dict[int, None] = {}
    held = 0
    for t in (seed, *arrays.near[seed].tolist()):
        for slot in owners.get(t, ()):
            if slot not in taken and held < wanted:
                taken[slot] = None
                held += len(parent.routes[slot])
    return list(taken)


def _joined(
    arrays: Arrays, mine: dict[int, Small], second: Individual, others: list[int]
) -> dict[int, Small]:
    """Return ``mine`` and what is left of the second parent's routes, fullest first, by slot."""
    done = np.zeros((arrays.tasks, arrays.days), bool)
    for slot, modes in mine.items():
        done[arrays.mode_task[modes], arrays.slots[slot, DAY]] = True
    free: dict[int, list[int]] = {}
    for slot in range(len(arrays.slots) - 1, -1, -1):
        if slot not in mine:
            free.setdefault(int(arrays.slots[slot, GROUP]), []).append(slot)
    rest = []
    for slot in others:
        modes = second.routes[slot]
        left = modes[~done[arrays.mode_task[modes], arrays.slots[slot, DAY]]]
        if len(left):
            rest.append((-len(left) / len(modes), slot, left))
    routes = dict(mine)
    for _, slot, left in sorted(rest, key=lambda item: item[:2]):
        room = free.get(int(arrays.slots[slot, GROUP]))
        if room:
            routes[room.pop()] = left
    return routes


def _with_patterns(arrays: Arrays, routes: dict[int, Small], rng: np.random.Generator) -> Start:
    """Choose each task's pattern by the visits it has; drop the others, list what is missing."""
    visits = np.zeros(arrays.tasks, np.int64)
    for slot, modes in routes.items():
        visits[arrays.mode_task[modes]] |= np.int64(1) << np.int64(arrays.slots[slot, DAY])
    chosen = np.full(arrays.tasks, -1, np.int32)
    pending: list[tuple[int, int, int]] = []
    for t in range(arrays.tasks):
        pattern = _closest_pattern(arrays, t, int(visits[t]), rng)
        if pattern < 0:
            pending.append((t, -1, -1))
            continue
        chosen[t] = pattern
        lacking = int(arrays.pattern_mask[pattern]) & ~int(visits[t])
        pending += [(t, d, pattern) for d in range(arrays.days) if lacking >> d & 1]
    kept = {}
    for slot, modes in routes.items():
        tasks = arrays.mode_task[modes]
        fits = (chosen[tasks] >= 0) & (
            arrays.pattern_mask[chosen[tasks]] >> np.int64(arrays.slots[slot, DAY]) & 1 > 0
        )
        if fits.any():
            kept[slot] = modes[fits]
    return Start(chosen, kept, pending)


def _closest_pattern(arrays: Arrays, task: int, visits: int, rng: np.random.Generator) -> int:
    """Return the pattern that lacks least and keeps most of ``visits``; -1 if none keeps any."""
    best, least = -1, (inf, inf, inf)
    for p in range(arrays.pattern_first[task], arrays.pattern_first[task + 1]):
        mask = int(arrays.pattern_mask[p])
        kept = (mask & visits).bit_count()
        if kept or not (mask or visits):
            key = ((mask & ~visits).bit_count(), -kept, float(rng.random()))
            if key < least:
                best, least = p, key
    return best
