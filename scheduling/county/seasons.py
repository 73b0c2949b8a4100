"""Seasons and clocks of a county: which day class a day has, its speeds, its shift in seconds."""

from __future__ import annotations

from datetime import date, time

from network.problems import InputError, Problem, Text
from network.road_network import ROAD_CLASSES, SpeedTable
from scheduling.county.road_data import road_closures
from scheduling.county.settings import CountySettings, DayClass


def holds(day_class: DayClass, month_day: str) -> bool:
    """Whether the day of the year "MM-DD" lies in the class, whose range may wrap the year."""
    if day_class.first <= day_class.last:
        return day_class.first <= month_day <= day_class.last
    return month_day >= day_class.first or month_day <= day_class.last


def day_class_on(settings: CountySettings, day: date) -> DayClass:
    """Return the day class of ``day``; InputError when no class covers it."""
    month_day = f"{day:%m-%d}"
    for day_class in settings.day_classes:
        if holds(day_class, month_day):
            return day_class
    raise InputError(
        [
            Problem(
                code="settings.day-classes",
                file="county.toml",
                field="day_classes",
                cause=Text(f"{month_day} 不属于任何日类", f"no day class covers {month_day}"),
                action=Text("补足 day_classes 的日期", "extend the dates of day_classes"),
            )
        ]
    )


def speed_table(settings: CountySettings, day_class: DayClass) -> SpeedTable:
    """Return the speeds of a day class by road class, closures included."""
    speeds = settings.speeds
    return SpeedTable(
        kmh=tuple((name, float(getattr(speeds, name))) for name in ROAD_CLASSES),
        factor=day_class.speed_factor,
        class_factors=tuple(sorted(day_class.road_class_factors.items())),
        closed=tuple(sorted(day_class.closed_road_classes)),
        season=(day_class.first, day_class.last),
        closures=road_closures(settings),
        closed_share=settings.roads.closed_share,
    )


def clock_seconds(clock: time) -> int:
    """Return a time of day as whole seconds since midnight."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def latest_return_seconds(settings: CountySettings, day_class: DayClass) -> int:
    """Return when a patrol must be back: the shift's end, or the class's daylight if earlier."""
    end = settings.shift.latest_return
    return clock_seconds(min(end, day_class.latest_return or end))
