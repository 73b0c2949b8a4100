"""Named predictors: each says on which open day the next visit will fall, from past visits alone.

A predictor sees the visits of all zones of one unit before the first open day. Its name says all it
does, so that a bureau head can try it with a calendar. Ties fall to the earlier day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date, timedelta
from typing import Final

from network.problems import Text
from scheduling.foresight.occasions import Occasion

#: How many patrol days of a window, weekdays or gaps a fitted predictor expects at first.
_EXPECTED_VALUES = 10
#: How many observations what is known of all visits weighs against those after the same past.
_PRIOR = 2.0


class _Chain:
    """A Markov chain of one feature, such as the gap: what came after what, how often."""

    def __init__(self) -> None:
        self._after: dict[Hashable, dict[Hashable, int]] = {}
        self._all: dict[Hashable, int] = {}
        self._seen = 0

    def learn(self, context: Hashable, value: Hashable) -> None:
        after = self._after.setdefault(context, {})
        for tally in (after, self._all):
            tally[value] = tally.get(value, 0) + 1
        self._seen += 1

    def likelihoods(self, context: Hashable, values: Sequence[Hashable]) -> list[float]:
        """Return how likely each value is next, smoothed by how usual it is altogether."""
        after, usual = self._after.get(context, {}), self._all
        given, total = sum(after.values()) + _PRIOR, self._seen + 1
        return [
            (after.get(value, 0) + _PRIOR * (usual.get(value, 0) + 1 / _EXPECTED_VALUES) / total)
            / given
            for value in values
        ]


def _chains() -> tuple[_Chain, _Chain, _Chain]:
    return _Chain(), _Chain(), _Chain()


class Past:
    """What has been seen so far of one unit: visits in order of time."""

    def __init__(self) -> None:
        self.series: dict[tuple[str, str], list[Occasion]] = defaultdict(list)
        self._chains: dict[Hashable, tuple[_Chain, _Chain, _Chain]] = defaultdict(_chains)

    def learn(self, occasion: Occasion) -> None:
        """Take in a visit; its own series and the whole unit's are counted."""
        before = self.series[occasion.series]
        if before:
            found = _features(before, occasion, (occasion.day,))
            for n, (context, (value,)) in enumerate(found):
                for scope in (occasion.series, "unit"):
                    self._chains[scope][n].learn(context, value)
        before.append(occasion)

    def likeliest(self, scope: Hashable, occasion: Occasion) -> date:
        """Return the likeliest open day after what came before, by the chains of a scope.

        The likelihood is the product over gap (after the last gap), weekday (after the last one)
        and place in the window (after the last place).
        """
        product = [1.0] * len(occasion.open_days)
        features = _features(self.series[occasion.series], occasion, occasion.open_days)
        for chain, (context, values) in zip(self._chains[scope], features, strict=True):
            likely = chain.likelihoods(context, values)
            product = [one * other for one, other in zip(product, likely, strict=True)]
        return occasion.open_days[product.index(max(product))]


def _features(
    before: Sequence[Occasion], occasion: Occasion, days: Sequence[date]
) -> tuple[tuple[Hashable, list[int]], ...]:
    """Return gap, weekday and place: what came before, and what each day would be after it.

    ``days`` follow one another in the window.
    """
    last = before[-1]
    first = occasion.place(days[0])
    gap = (last.day - before[-2].day).days if len(before) > 1 else None
    return (
        (gap, [(day - last.day).days for day in days]),
        (last.day.weekday(), [day.weekday() for day in days]),
        ((occasion.nth, last.place(last.day)), [*range(first, first + len(days))]),
    )


Predictor = Callable[[Past, Occasion], date]


def same_weekday(past: Past, occasion: Occasion) -> date:
    """Guess the weekday of the last visit, as near as can be to the last gap."""
    return _on_weekday(past, occasion, past.series[occasion.series][-1].day.weekday())


def same_gap(past: Past, occasion: Occasion) -> date:
    """Guess as many days after the last visit as lay before it."""
    return _nearest(past, occasion, occasion.open_days)


def usual_weekday(past: Past, occasion: Occasion) -> date:
    """Guess the zone's most frequent weekday, as near as can be to the last gap."""
    tally = Counter(seen.day.weekday() for seen in past.series[occasion.series])
    return _on_weekday(past, occasion, min(tally, key=lambda day: (-tally[day], day)))


def usual_place(past: Past, occasion: Occasion) -> date:
    """Guess the patrol day of the window (the 3rd, say) on which the zone is visited most often."""
    seen = past.series[occasion.series]
    tally = Counter(one.place(one.day) for one in seen if one.nth == occasion.nth)
    if not tally:
        return same_gap(past, occasion)
    place = min(tally, key=lambda index: (-tally[index], index))
    return min(occasion.open_days, key=lambda day: (abs(occasion.place(day) - place), day))


def fitted_to_zone(past: Past, occasion: Occasion) -> date:
    """Guess the likeliest day of a Markov chain on gap, weekday and place, fitted to the zone."""
    return past.likeliest(occasion.series, occasion)


def fitted_to_unit(past: Past, occasion: Occasion) -> date:
    """Guess the likeliest day of a Markov chain fitted to all visits of the unit."""
    return past.likeliest("unit", occasion)


def _on_weekday(past: Past, occasion: Occasion, weekday: int) -> date:
    days = tuple(day for day in occasion.open_days if day.weekday() == weekday)
    return _nearest(past, occasion, days or occasion.open_days)


def _nearest(past: Past, occasion: Occasion, days: tuple[date, ...]) -> date:
    """Return which of some days comes nearest to the last gap."""
    before = past.series[occasion.series]
    expected = before[-1].day
    if len(before) > 1:
        expected += timedelta(days=(before[-1].day - before[-2].day).days)
    return min(days, key=lambda day: (abs((day - expected).days), day))


#: Every predictor, by name.
PREDICTORS: Final[dict[str, Predictor]] = {
    "same-weekday": same_weekday,
    "same-gap": same_gap,
    "usual-weekday": usual_weekday,
    "usual-place": usual_place,
    "fitted-to-zone": fitted_to_zone,
    "fitted-to-unit": fitted_to_unit,
}

_NAMES: Final = {
    "same-weekday": Text("与上次同一星期几", "the weekday of last time"),
    "same-gap": Text("与上次间隔相同", "the gap of last time"),
    "usual-weekday": Text("最常见的星期几", "the usual weekday"),
    "usual-place": Text("时段内最常见的第几个工作日", "the usual day of the window"),
    "fitted-to-zone": Text("按该区往次拟合", "a chain fitted to the zone"),
    "fitted-to-unit": Text("按全单位往次拟合", "a chain fitted to the unit"),
}


def predictor_name(name: str) -> Text:
    """Return what a predictor is called, for people."""
    return _NAMES[name]
