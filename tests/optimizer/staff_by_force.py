"""Brute force over people and days, sharing no code with what it tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from optimizer.counts import CountProblem


@dataclass(frozen=True)
class Worker:
    """Days on which somebody may go, for brute force."""

    days: frozenset[int]


def possible(problem: CountProblem, workers: Sequence[Worker], vehicles: int) -> bool:
    """Try all ways of sending crews out: day by day, with what is left to do and to work."""
    windows = problem.windows
    layers = sorted({window.series for window in windows})
    days = sorted({day for window in windows for day in window.days})

    @cache
    def rest(
        place: int, week: tuple[int, ...], whole: tuple[int, ...], due: tuple[int, ...]
    ) -> bool:
        if not any(due):
            return True
        if place == len(days):
            return False
        day = days[place]
        if place and problem.week_of_day[day] != problem.week_of_day[days[place - 1]]:
            week = (0,) * len(workers)
        if any(need and day > max(w.days) for need, w in zip(due, windows, strict=True)):
            return False
        free = [
            i
            for i, worker in enumerate(workers)
            if day in worker.days and week[i] < problem.week_cap and whole[i] < problem.span_cap
        ]
        most = min(vehicles, len(free) // problem.crew_size)
        for patrols in range(most, -1, -1):
            for shares in product(range(patrols + 1), repeat=len(layers)):
                if sum(shares) != patrols:
                    continue
                left = tuple(
                    max(0, need - shares[layers.index(w.series)]) if day in w.days else need
                    for need, w in zip(due, windows, strict=True)
                )
                for crew in combinations(free, problem.crew_size * patrols):
                    more = tuple(n + (i in crew) for i, n in enumerate(week))
                    done = tuple(n + (i in crew) for i, n in enumerate(whole))
                    if rest(place + 1, more, done, left):
                        return True
        return False

    nothing = (0,) * len(workers)
    return rest(0, nothing, nothing, tuple(window.need for window in windows))
