"""Days that may change places: a solution turned so that it is most like another one.

Where days are alike, two solutions may be the same but for the order of their days, and nothing
that a child takes from both would fit together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.bound_days import moved, turns
from optimizer.engine.arrays import Arrays, Small
from optimizer.engine.layout import DAY
from optimizer.engine.population import Individual
from optimizer.problem import Fleet, PeriodicProblem

Turn = NDArray[np.int64]
#: Start, end, longest duration, capacity and price of a patrol.
Kind = tuple[int, int, float, float, float]


@dataclass(frozen=True)
class Symmetry:
    """``moves``: exchanges of days, (D,) each the day to which a day goes, none changes a problem.

    ``pattern_of``: (task, mask, cost) -> pattern. ``slots_of``: (day, kind of patrol) -> slots.
    """

    arrays: Arrays
    moves: tuple[Turn, ...]
    pattern_of: dict[tuple[int, int, float], int]
    kinds: tuple[Kind, ...]
    slots_of: dict[tuple[int, Kind], list[int]]

    def like(self, first: Individual, second: Individual) -> Individual:
        """Return ``second`` with its days in the order in which it has most visits of ``first``."""
        if not self.moves:
            return second
        shared = (self._visited(first).T @ self._visited(second)).astype(np.int64)
        turn = self._best_turn(shared)
        if (turn == np.arange(self.arrays.days)).all():
            return second
        return self._turned(second, turn)

    def _visited(self, one: Individual) -> NDArray[np.float64]:
        """Return which task is visited on which day, (n, D) ones and zeros."""
        masks = np.where(one.chosen < 0, 0, self.arrays.pattern_mask[one.chosen])
        return (masks[:, None] >> np.arange(self.arrays.days) & 1).astype(np.float64)

    def _best_turn(self, shared: NDArray[np.int64]) -> Turn:
        """Climb by single moves from each of them, and from the order as it is."""
        days = np.arange(self.arrays.days)
        best, most = days, int(shared[days, days].sum())
        for start in (days, *self.moves[: self.arrays.days]):
            turn, value = start, int(shared[start, days].sum())
            while True:
                values = [int(shared[move[turn], days].sum()) for move in self.moves]
                at = int(np.argmax(values))
                if values[at] <= value:
                    break
                turn, value = self.moves[at][turn], values[at]
            if value > most:
                best, most = turn, value
        return best

    def _turned(self, one: Individual, turn: Turn) -> Individual:
        """Return a solution with each day's routes on the day to which it goes."""
        arrays = self.arrays
        chosen = one.chosen.copy()
        for t, p in enumerate(one.chosen.tolist()):
            if p >= 0:
                mask = moved(int(arrays.pattern_mask[p]), turn.tolist())
                chosen[t] = self.pattern_of[t, mask, float(arrays.pattern_cost[p])]
        free = {key: iter(slots) for key, slots in self.slots_of.items()}
        routes: dict[int, Small] = {}
        for slot in sorted(one.routes):
            day = int(turn[arrays.slots[slot, DAY]])
            routes[next(free[day, self.kinds[slot]])] = one.routes[slot]
        return replace(one, chosen=chosen, routes=routes)


def symmetry_of(problem: PeriodicProblem, arrays: Arrays) -> Symmetry:
    """Return the exchanges of days that leave a problem as it is; none where tasks are linked."""
    moves = [] if problem.links else [np.array(turn) for turn in turns(problem)]
    pattern_of = {
        (t, int(arrays.pattern_mask[p]), float(arrays.pattern_cost[p])): p
        for t in range(arrays.tasks)
        for p in range(arrays.pattern_first[t], arrays.pattern_first[t + 1])
    }
    kinds = tuple(_kind(problem.fleets[fleet]) for fleet in arrays.slot_fleet)
    slots_of: dict[tuple[int, Kind], list[int]] = {}
    for slot, kind in enumerate(kinds):
        slots_of.setdefault((int(arrays.slots[slot, DAY]), kind), []).append(slot)
    return Symmetry(arrays, tuple(moves), pattern_of, kinds, slots_of)


def _kind(fleet: Fleet) -> Kind:
    """Return what patrols that may stand for each other have in common."""
    return (fleet.start, fleet.end, fleet.max_duration, fleet.capacity, fleet.fixed_cost)
