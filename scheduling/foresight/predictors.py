"""Named predictors: each says on which open day the next visit will fall, from past visits alone.

A predictor sees the visits of all zones of one unit before the first open day. Its name says all it
does, so that a bureau head can try it with a calendar. Ties fall to the earlier day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from typing import Final

from network.problems import Text
from scheduling.foresight.occasions import Occasion

#: How many patrol days of a window, weekdays or gaps a fitted predictor expects at first.
_EXPECTED_VALUES = 10
#: How many observations what is known of all visits weighs against those after the same past.
_PRIOR = 2.0


class Past:
    """What has been seen so far of one unit: visits in order of time."""

    def __init__(self) -> None:
        self.series: dict[tuple[str, str], list[Occasion]] = defaultdict(list)
        self._seen: Counter[tuple[Hashable, ...]] = Counter()

    def learn(self, occasion: Occasion) -> None:
        """Take in a visit; its own series and the whole unit's are counted."""
        before = self.series[occasion.series]
        if before:
            for name, context, value in _features(before, occasion, occasion.day):
                for scope in (occasion.series, "unit"):
                    self._seen.update(_keys(scope, name, context, value))
        before.append(occasion)

    def likelihood(self, scope: Hashable, occasion: Occasion, day: date) -> float:
        """Return how likely a day is after what came before: a Markov chain, smoothed.

        The product over gap (after the last gap), weekday (after the last one) and place in the
        window (after the last place).
        """
        product = 1.0
        for name, context, value in _features(self.series[occasion.series], occasion, day):
            both, given, alone, all_of = (
                self._seen[key] for key in _keys(scope, name, context, value)
            )
            usual = (alone + 1 / _EXPECTED_VALUES) / (all_of + 1)
            product *= (both + _PRIOR * usual) / (given + _PRIOR)
        return product


def _features(
    before: list[Occasion], occasion: Occasion, day: date
) -> tuple[tuple[str, Hashable, Hashable], ...]:
    """Return (name, context, value): what is learnt of a day after what came before."""
    last = before[-1]
    gap = (last.day - before[-2].day).days if len(before) > 1 else None
    return (
        ("gap", gap, (day - last.day).days),
        ("weekday", last.day.weekday(), day.weekday()),
        ("place", (occasion.nth, last.place(last.day)), occasion.place(day)),
    )


def _keys(
    scope: Hashable, name: str, context: Hashable, value: Hashable
) -> tuple[tuple[Hashable, ...], ...]:
    """Return what is counted: value after context, context, value, everything."""
    return (
        (scope, name, "both", context, value),
        (scope, name, "context", context),
        (scope, name, "value", value),
        (scope, name, "all"),
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
    return _likeliest(past, occasion, occasion.series)


def fitted_to_unit(past: Past, occasion: Occasion) -> date:
    """Guess the likeliest day of a Markov chain fitted to all visits of the unit."""
    return _likeliest(past, occasion, "unit")


def _likeliest(past: Past, occasion: Occasion, scope: Hashable) -> date:
    return max(
        occasion.open_days,
        key=lambda day: (past.likelihood(scope, occasion, day), -day.toordinal()),
    )


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
