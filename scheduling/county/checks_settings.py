"""Rules on the settings that no single value can break alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from network.problems import Problem, Text
from network.road_network import ROAD_CLASSES
from scheduling.county.gathered import Gathered
from scheduling.county.model import ZoneKind
from scheduling.county.seasons import holds
from scheduling.county.settings import CountySettings
from scheduling.county.settings_read import SETTINGS_FILE

_LEAP_YEAR = tuple(f"{date(2024, 1, 1) + timedelta(days=n):%m-%d}" for n in range(366))


def _wrong(code: str, field: str, cause: Text, action: Text) -> Problem:
    return Problem(f"settings.{code}", SETTINGS_FILE, cause, action, field=field)


def day_classes_cover_the_year(county: Gathered) -> list[Problem]:
    """Find days of the year, 29 February included, in no day class or in several."""
    if county.settings is None:
        return []
    count = {
        day: [c.name for c in county.settings.day_classes if holds(c, day)] for day in _LEAP_YEAR
    }
    problems = []
    for days, zh, en in (
        ([d for d in _LEAP_YEAR if not count[d]], "不属于任何日类", "no day class covers"),
        ([d for d in _LEAP_YEAR if len(count[d]) > 1], "属于多个日类", "several classes cover"),
    ):
        if days:
            span = days[0] if len(days) == 1 else f"{days[0]}…{days[-1]}"
            problems.append(
                _wrong(
                    "day-classes",
                    "day_classes",
                    Text(f"{span}({len(days)} 天){zh}", f"{en} {span} ({len(days)} days)"),
                    Text(
                        "调整 first、last,使全年每天恰属一个日类",
                        "change first and last so that each day of the year is in exactly one",
                    ),
                )
            )
    return problems


def dates_exist(county: Gathered) -> list[Problem]:
    """Find dates that do not exist, and peaks of one year that end before they begin."""
    if county.settings is None:
        return []
    problems = [
        _wrong(
            "no-such-date",
            field,
            Text(f"“{text}”不是存在的日期", f"'{text}' is no date that exists"),
            Text("写成 04-01 或 2026-04-01", "write it as 04-01 or 2026-04-01"),
        )
        for field, text in _dates(county.settings)
        if not _is_date(text)
    ]
    for index, peak in enumerate(county.settings.regulation.peaks):
        if len(peak.first) == len(peak.last) == len("2026-04-01") and peak.last < peak.first:
            problems.append(
                _wrong(
                    "peak-ends-before-start",
                    f"regulation.peaks[{index}].last",
                    Text(
                        f"止于 {peak.last}，早于 {peak.first}",
                        f"{peak.last} is before {peak.first}",
                    ),
                    Text("改正起止日期", "mend one of the two dates"),
                )
            )
    return problems


def _dates(settings: CountySettings) -> Iterator[tuple[str, str]]:
    for index, day_class in enumerate(settings.day_classes):
        yield f"day_classes[{index}].first", day_class.first
        yield f"day_classes[{index}].last", day_class.last
    for index, closure in enumerate(settings.roads.closures):
        yield f"roads.closures[{index}].first", closure.first
        yield f"roads.closures[{index}].last", closure.last
    yield "roads.winter_roads_from", settings.roads.winter_roads_from
    yield "roads.winter_roads_until", settings.roads.winter_roads_until
    for index, peak in enumerate(settings.regulation.peaks):
        yield f"regulation.peaks[{index}].first", peak.first
        yield f"regulation.peaks[{index}].last", peak.last


def _is_date(text: str) -> bool:
    """Whether text is "MM-DD" (of a leap year) or "YYYY-MM-DD" and exists."""
    if re.fullmatch(r"\d\d-\d\d", text):
        return text in _LEAP_YEAR
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def shift_ends_after_it_starts(county: Gathered) -> list[Problem]:
    """Find returns, the shift's or a day class's own, before the earliest departure."""
    if county.settings is None:
        return []
    shift = county.settings.shift
    returns = [("shift.latest_return", shift.latest_return)]
    returns += [
        (f"day_classes[{index}].latest_return", day_class.latest_return)
        for index, day_class in enumerate(county.settings.day_classes)
        if day_class.latest_return is not None
    ]
    return [
        _wrong(
            "shift",
            field,
            Text(
                f"最晚返回 {back:%H:%M} 不晚于最早出发 {shift.earliest_departure:%H:%M}",
                f"the return at {back:%H:%M} is not after the departure at "
                f"{shift.earliest_departure:%H:%M}",
            ),
            Text("改正出发或返回时刻", "mend the departure or the return"),
        )
        for field, back in returns
        if back <= shift.earliest_departure
    ][:1]  # the others follow from the first


def lunch_is_in_the_shift(county: Gathered) -> list[Problem]:
    """Find a lunch that begins outside the shift."""
    if county.settings is None:
        return []
    shift = county.settings.shift
    inside = shift.earliest_departure <= shift.lunch_from < shift.latest_return
    if inside or not shift.lunch_minutes or shift.latest_return <= shift.earliest_departure:
        return []
    return [
        _wrong(
            "lunch",
            "shift.lunch_from",
            Text(
                f"午休 {shift.lunch_from:%H:%M} 不在班次内",
                f"lunch at {shift.lunch_from:%H:%M} is outside the shift",
            ),
            Text(
                "改到班次内，或 lunch_minutes = 0", "move it into the shift, or lunch_minutes = 0"
            ),
        )
    ]


def gaps_are_in_order(county: Gathered) -> list[Problem]:
    """Find a least gap above the greatest."""
    if county.settings is None:
        return []
    gaps = county.settings.gaps
    if gaps.half_month_min_days <= gaps.half_month_max_days:
        return []
    return [
        _wrong(
            "gaps",
            "gaps.half_month_max_days",
            Text(
                f"最大间隔 {gaps.half_month_max_days} 小于最小间隔 {gaps.half_month_min_days}",
                f"the greatest gap {gaps.half_month_max_days} is below the least, "
                f"{gaps.half_month_min_days}",
            ),
            Text("改正其一", "mend one of the two"),
        )
    ]


def names_are_known(county: Gathered) -> list[Problem]:
    """Find zone kinds, road classes and levels in the settings that do not exist."""
    if county.settings is None:
        return []
    kinds = tuple(kind.value for kind in ZoneKind)
    settings = county.settings
    problems = _unknown("visit.stop_minutes_by_kind", settings.visit.stop_minutes_by_kind, kinds)
    for index, day_class in enumerate(settings.day_classes):
        field = f"day_classes[{index}]"
        factors, closed = day_class.road_class_factors, day_class.closed_road_classes
        problems += _unknown(f"{field}.road_class_factors", factors, ROAD_CLASSES)
        problems += _unknown(f"{field}.closed_road_classes", closed, ROAD_CLASSES)
    other = settings.roads.other_class
    problems += _unknown("roads.classes", settings.roads.classes.values(), ROAD_CLASSES)
    problems += _unknown("roads.other_class", [other] if other else [], ROAD_CLASSES)
    for index, peak in enumerate(settings.regulation.peaks):
        field = f"regulation.peaks[{index}]"
        problems += _unknown(f"{field}.zone_kinds", peak.zone_kinds, kinds)
        problems += _unknown(f"{field}.levels", map(str, peak.levels), ("1", "2", "3"))
    return problems


def _unknown(field: str, names: Iterable[str], known: tuple[str, ...]) -> list[Problem]:
    listed = ", ".join(known)
    return [
        _wrong(
            "unknown-name",
            field,
            Text(f"“{name}”不可识别", f"'{name}' is not known"),
            Text(f"改为以下之一：{listed}", f"use one of: {listed}"),
        )
        for name in names
        if name not in known
    ]


def closures_name_roads(county: Gathered) -> list[Problem]:
    """Find closures that name no way, no road and no fords: they would close nothing."""
    if county.settings is None:
        return []
    return [
        _wrong(
            "closure-of-nothing",
            f"roads.closures[{index}]",
            Text("未指明封闭哪些道路", "it does not say which roads are closed"),
            Text("写 names、ways 或 fords = true", "give names, ways, or fords = true"),
        )
        for index, row in enumerate(county.settings.roads.closures)
        if not (row.names or row.ways or row.fords)
    ]


def peaks_name_zones(county: Gathered) -> list[Problem]:
    """Find zones of peaks that are not in the layer, and peak ids used twice."""
    if county.settings is None:
        return []
    peaks = county.settings.regulation.peaks
    directory = county.known.get("zone")
    problems = [
        _wrong(
            "peak-unknown-zone",
            f"regulation.peaks[{index}].zones",
            Text(f"没有巡查区“{zone}”", f"there is no zone '{zone}'"),
            directory.advice(zone),
        )
        for index, peak in enumerate(peaks)
        for zone in peak.zones
        if directory is not None and zone not in directory.ids
    ]
    ids = [peak.id for peak in peaks]
    problems += [
        _wrong(
            "duplicate-peak",
            f"regulation.peaks[{index}].id",
            Text(f"编号“{peak_id}”重复", f"the id '{peak_id}' is used twice"),
            Text("给其中一个换编号", "give one of them another id"),
        )
        for index, peak_id in enumerate(ids)
        if peak_id in ids[:index]
    ]
    return problems
