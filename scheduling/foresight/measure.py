"""How often each predictor is right, against guessing at random among the open days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduling.foresight.occasions import Occasion
from scheduling.foresight.predictors import PREDICTORS, Past

#: Visits of a zone that must have been seen before its next one is predicted: two make a gap.
_SEEN_FIRST = 2


@dataclass(frozen=True)
class Foresight:
    """Guesses of one group: how many, how many right at random (expected), right by predictor."""

    guesses: int
    by_chance: float
    right: Mapping[str, int]

    @property
    def chance(self) -> float:
        """Share right when guessing at random."""
        return self.by_chance / self.guesses

    @property
    def best(self) -> str:
        """The predictor that is right most often; of equal ones the first listed."""
        return max(PREDICTORS, key=lambda name: self.right[name])

    def rate(self, name: str) -> float:
        """Share of a predictor's guesses that are right."""
        return self.right[name] / self.guesses

    def times_chance(self, name: str) -> float:
        """Right guesses of a predictor against those of guessing at random."""
        return self.right[name] / self.by_chance


def foresee(visits: Iterable[Occasion]) -> dict[str, Foresight]:
    """Return, by group, how well the predictors do on the visits of one unit, in order of time.

    Each visit is predicted on its first open day, knowing all visits before that day.
    """
    every = tuple(visits)
    past = Past()
    steps = [(one.open_days[0], 0, one) for one in every] + [(one.day, 1, one) for one in every]
    guesses: Counter[str] = Counter()
    by_chance: dict[str, float] = defaultdict(float)
    right: dict[str, Counter[str]] = defaultdict(Counter)
    for _, learning, one in sorted(steps, key=lambda step: (*step[:2], step[2].series)):
        if learning:
            past.learn(one)
        elif len(past.series[one.series]) >= _SEEN_FIRST:
            guesses[one.group] += 1
            by_chance[one.group] += one.chance
            for name, predictor in PREDICTORS.items():
                right[one.group][name] += predictor(past, one) == one.day
    return {group: Foresight(guesses[group], by_chance[group], right[group]) for group in guesses}


def pooled(parts: Iterable[Mapping[str, Foresight]]) -> dict[str, Foresight]:
    """Add up the figures of several units or plans, by group."""
    groups: dict[str, list[Foresight]] = defaultdict(list)
    for part in parts:
        for group, figures in part.items():
            groups[group].append(figures)
    return {
        group: Foresight(
            sum(one.guesses for one in members),
            sum(one.by_chance for one in members),
            sum((Counter(one.right) for one in members), Counter()),
        )
        for group, members in sorted(groups.items())
    }
