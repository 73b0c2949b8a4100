"""Day classes, speeds and clocks follow from the settings."""

from __future__ import annotations

from datetime import date, time

import pytest

from network.problems import InputError
from scheduling.county.seasons import (
    clock_seconds,
    day_class_on,
    latest_return_seconds,
    speed_table,
)
from scheduling.county.settings import CountySettings, DayClass

SETTINGS = CountySettings(name="县", osm_file="r.osm")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 1), "summer"),
        (date(2026, 11, 14), "summer"),
        (date(2026, 11, 15), "winter"),
        (date(2026, 3, 31), "winter"),
        (date(2028, 2, 29), "winter"),
    ],
)
def test_a_day_has_the_class_that_holds_it(day: date, name: str):
    """Both ends count, and a class may wrap the year's end."""
    assert day_class_on(SETTINGS, day).name == name


def test_a_day_without_a_class_is_an_input_error():
    """A gap in the classes is not guessed over."""
    classes = (DayClass(name="x", first="01-01", last="06-30"),)
    with pytest.raises(InputError, match="no day class covers 07-01"):
        day_class_on(SETTINGS.model_copy(update={"day_classes": classes}), date(2026, 7, 1))


def test_speeds_carry_the_factors_and_closures_of_the_class():
    """The table has a speed per road class, the season's factor, and what is closed."""
    thaw = DayClass(
        name="thaw", first="04-01", last="04-20", speed_factor=0.9,
        closed_road_classes=("track",), road_class_factors={"service": 0.5},
    )  # fmt: skip
    table = speed_table(SETTINGS, thaw)
    assert dict(table.kmh)["primary"] == 55
    assert (table.factor, table.closed, table.class_factors) == (
        0.9,
        ("track",),
        (("service", 0.5),),
    )


def test_clocks_are_seconds_and_daylight_ends_the_shift():
    """The earlier of shift and daylight is the latest return."""
    summer, winter = SETTINGS.day_classes
    assert clock_seconds(time(8, 30, 5)) == 8 * 3600 + 30 * 60 + 5
    assert latest_return_seconds(SETTINGS, summer) == 16 * 3600 + 30 * 60
    assert latest_return_seconds(SETTINGS, winter) == 15 * 3600 + 30 * 60
