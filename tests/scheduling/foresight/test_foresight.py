"""Occasions and predictors: what is open, who hits, and that chance is what chance is."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.foresight import PREDICTORS, OpenWindow, foresee, occasions, pooled, predictor_name

MONDAY = date(2026, 1, 5)
SERIES = ("T01", "Z1")


def fortnights(count: int, visits: int = 1) -> list[OpenWindow]:
    """Return windows of ten workdays in a row."""
    return [
        OpenWindow(
            tuple(
                MONDAY + timedelta(days=14 * n + week + day) for week in (0, 7) for day in range(5)
            ),
            visits,
        )
        for n in range(count)
    ]


def on_places(windows, places):
    """Return the days at these places of the windows in turn."""
    return [window.days[place] for window, place in zip(windows, places, strict=True)]


def test_open_days_leave_room_for_the_visits_still_owed():
    """Of two visits in ten days the first has nine days, the second those after it."""
    (window,) = fortnights(1, visits=2)
    first, second = occasions(SERIES, "L1", (window.days[3], window.days[8]), [window])
    assert first.open_days == window.days[:9]
    assert second.open_days == window.days[4:]
    assert (first.nth, second.nth) == (0, 1)
    assert second.place(second.day) == 8


def test_visits_without_choice_are_left_out():
    """A visit on the last day possible could only fall there; one off the window is none."""
    (window,) = fortnights(1, visits=2)
    days = (window.days[8], window.days[9], window.days[9] + timedelta(days=1))
    assert [one.day for one in occasions(SERIES, "L1", days, [window])] == [window.days[8]]


def test_of_overlapping_windows_the_shorter_counts():
    """A month over two fortnights adds nothing."""
    windows = fortnights(2)
    month = OpenWindow((*windows[0].days, *windows[1].days), 1)
    days = on_places(windows, (4, 4))
    assert occasions(SERIES, "L1", days, [month, *windows]) == occasions(
        SERIES, "L1", days, windows
    )


@pytest.mark.parametrize(
    ("places", "sure"),
    [
        ([2] * 12, set(PREDICTORS)),
        ([0, 5] * 10, {"fitted-to-zone", "fitted-to-unit"}),
        ([1, 7, 3] * 8, {"fitted-to-zone", "fitted-to-unit"}),
    ],
)
def test_habits_are_seen_through(places, sure):
    """The same day always, two days in turn, a cycle of three: who should know soon does."""
    windows = fortnights(len(places))
    figures = foresee(occasions(SERIES, "L1", on_places(windows, places), windows))["L1"]
    assert figures.guesses == len(places) - 2
    assert all(figures.rate(name) >= 0.8 for name in sure)


def test_nobody_beats_chance_on_draws():
    """Days drawn evenly among all open ones: every predictor hits about as often as chance."""
    draw = random.Random(7)
    windows = fortnights(26)
    parts = []
    for unit in range(60):
        days = [draw.choice(window.days) for window in windows]
        parts.append(foresee(occasions((f"T{unit}", "Z1"), "L1", days, windows)))
    figures = pooled(parts)["L1"]
    assert figures.chance == pytest.approx(0.1)
    assert figures.guesses == 60 * 24
    assert all(0.75 < figures.times_chance(name) < 1.25 for name in PREDICTORS)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=12), st.integers(0, 9))
def test_the_future_is_not_looked_at(places, last):
    """What comes after a visit changes nothing of how well the visits up to it are foreseen."""
    windows = fortnights(len(places) + 1)
    days = on_places(windows, [*places, last])
    known = foresee(occasions(SERIES, "L1", days[:-1], windows[:-1]))["L1"]
    longer = foresee(occasions(SERIES, "L1", days, windows))["L1"]
    assert longer.guesses == known.guesses + 1
    assert all(0 <= longer.right[name] - known.right[name] <= 1 for name in PREDICTORS)


def test_every_predictor_has_a_name_for_people():
    """In both languages, all different."""
    names = [predictor_name(name) for name in PREDICTORS]
    assert len({name.zh for name in names}) == len({name.en for name in names}) == len(names)
