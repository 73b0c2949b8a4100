"""Rules on a patrol's day: patrol days, the shift, and clock arithmetic that must add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from network.problems import Text
from scheduling.audit.findings import Finding, FindingBasis, breach, notice, weighed
from scheduling.audit.owed import Case
from scheduling.county.model import Zone, ZoneKind
from scheduling.county.settings import DEFAULT_DAY_CLASSES, ShiftSettings, VisitSettings
from scheduling.plan.model import Patrol
from scheduling.regulation.model import FrequencyRule

#: Zones at which one stops even where they are drawn as areas (RULINGS, kinds of zone).
_STOPS = frozenset(
    {ZoneKind.VILLAGE, ZoneKind.TOWN, ZoneKind.MINE, ZoneKind.HERITAGE, ZoneKind.HOT_SPOT}
)


def check_patrol_days(case: Case) -> Iterator[Finding]:
    """Find patrols off the patrol days of the calendar, where the unit's rules want these."""
    for patrol in case.patrols:
        rule = _workday_rule(case, patrol)
        if patrol.day not in case.patrol_days and rule is not None:
            message = _text(patrol, Text("不是可巡查的日子", "this is no patrol day"))
            yield weighed(patrol.id, message, case.basis_of(rule), rule.article)


def check_scope(case: Case) -> Iterator[Finding]:
    """Find patrols outside the days or the units planned."""
    plan = case.plan
    for patrol in case.patrols:
        if not plan.first_day <= patrol.day <= plan.last_day:
            why = Text("不在计划期内", "outside the days planned")
        elif patrol.unit not in case.planned_units or patrol.unit not in case.units:
            why = Text("单位不在计划范围内", "its unit is not planned here")
        else:
            continue
        yield breach(patrol.id, _text(patrol, why), "record")


def check_shift(case: Case) -> Iterator[Finding]:
    """Find patrols that exceed the shift or the daylight of their day [D]."""
    shift = case.county.settings.shift
    start = _seconds(shift.earliest_departure)
    for patrol in case.shown_patrols:
        day_class = case.day_class(patrol.day)
        deadlines = [shift.latest_return]
        if day_class is not None and day_class.latest_return is not None:
            deadlines.append(day_class.latest_return)
        end, cap = _seconds(min(deadlines)), shift.max_work_minutes * 60
        work = patrol.drive_seconds + patrol.inspect_seconds
        if work > cap:
            over = -(-(work - cap) // 60)
            why = Text(
                f"行车与巡查{work // 60}分钟，超过上限{over}分钟",
                f"{work // 60} minutes of driving and stops, {over} over the cap",
            )
            yield notice(patrol.id, _text(patrol, why), _shift_basis(case))
        if patrol.depart_seconds < start:
            why = Text(
                f"{_clock(patrol.depart_seconds)}出发，早于{_clock(start)}",
                f"leaves at {_clock(patrol.depart_seconds)}, before {_clock(start)}",
            )
            yield notice(patrol.id, _text(patrol, why), _shift_basis(case))
        if patrol.return_seconds > end:
            why = Text(
                f"{_clock(patrol.return_seconds)}返回，晚于{_clock(end)}",
                f"is back at {_clock(patrol.return_seconds)}, after {_clock(end)}",
            )
            yield notice(patrol.id, _text(patrol, why), _shift_basis(case))


def check_lunch(case: Case) -> Iterator[Finding]:
    """Find patrols at work at lunch time without the lunch that is set [D]."""
    shift = case.county.settings.shift
    lunch_from, owed = _seconds(shift.lunch_from), shift.lunch_minutes * 60
    for patrol in case.shown_patrols:
        ends = [visit.arrive_seconds + visit.inspect_seconds for visit in patrol.visits]
        if ends and max(ends) >= lunch_from and patrol.lunch_seconds < owed:
            why = Text(
                f"午休{patrol.lunch_seconds // 60}分钟，少于{shift.lunch_minutes}分钟",
                f"{patrol.lunch_seconds // 60} minutes of lunch, {shift.lunch_minutes} are set",
            )
            yield notice(patrol.id, _text(patrol, why), _shift_basis(case))


def check_durations(case: Case) -> Iterator[Finding]:
    """Find negative times, and visits shorter than their walk."""
    for patrol in case.shown_patrols:
        if patrol.return_seconds <= patrol.depart_seconds or patrol.lunch_seconds < 0:
            why = Text("返回不晚于出发", "is back before it leaves")
            yield breach(patrol.id, _text(patrol, why), "physical")
        for leg in patrol.legs:
            if leg.drive_seconds < 0:
                why = Text(
                    f"{leg.from_zone or '驻地'}至{leg.to_zone or '驻地'}行车时间为负",
                    f"negative driving time from {leg.from_zone or 'home'} to "
                    f"{leg.to_zone or 'home'}",
                )
                yield breach(patrol.id, _text(patrol, why), "physical")
        for visit in patrol.visits:
            if not 0 <= visit.walk_seconds <= visit.inspect_seconds:
                why = Text(
                    f"{visit.zone}巡查{visit.inspect_seconds}秒，其中步行{visit.walk_seconds}秒，"
                    "不可能",
                    f"{visit.inspect_seconds} seconds at {visit.zone}, {visit.walk_seconds} of "
                    "them on foot, are impossible",
                )
                yield breach(patrol.id, _text(patrol, why), "physical")


def check_clock(case: Case) -> Iterator[Finding]:
    """Find arrivals and returns that legs, visits and lunch do not add up to."""
    for patrol in case.shown_patrols:
        now = patrol.depart_seconds
        lunch = (patrol.lunch_at_seconds, patrol.lunch_seconds)
        taken = lunch[0] < 0
        if taken and lunch[1]:
            yield _adds_up(patrol, Text("午休", "lunch"), 0, lunch[1])
        stops = [
            (visit.zone, visit.arrive_seconds, visit.inspect_seconds) for visit in patrol.visits
        ]
        stops.append(("", patrol.return_seconds, 0))
        for leg, (zone, stated, inside) in zip(patrol.legs, stops, strict=False):
            if not taken and now == lunch[0]:
                now, taken = now + lunch[1], True
            now += leg.drive_seconds
            if now != stated:
                name = Text(zone or "返回", zone or "the return")
                yield _adds_up(patrol, name, now, stated)
                break
            now += inside
        else:
            if not taken:
                yield _adds_up(patrol, Text("午休", "lunch"), now, lunch[0])


def check_stop_minutes(case: Case) -> Iterator[Finding]:
    """Find visits shorter than the minutes set for a stop [D], or that take no time.

    One notice per zone, with its shortest visit.
    """
    shortest: dict[str, int] = {}
    for patrol in case.shown_patrols:
        for visit in patrol.visits:
            seconds = visit.inspect_seconds - visit.walk_seconds
            shortest[visit.zone] = min(seconds, shortest.get(visit.zone, seconds))
    for zone_id, seconds in sorted(shortest.items()):
        zone = case.zones.get(zone_id)
        minutes = _stop_minutes(case, zone) if zone else 0
        if zone and (seconds <= 0 or seconds + 1 < minutes * 60):
            wanted = Text(f"，应为{minutes:g}分钟", f", {minutes:g} are set")
            message = Text(
                f"{case.zone_name(zone_id)}：停留{seconds}秒{wanted.zh if minutes else ''}",
                f"{case.zone_name(zone_id)}: {seconds} seconds at it{wanted.en if minutes else ''}",
            )
            ours = zone.stop_minutes is None and case.county.settings.visit == VisitSettings()
            yield notice(zone_id, message, "default" if ours else "user")


def check_day_class(case: Case) -> Iterator[Finding]:
    """Find patrols timed for another season of roads than their day's."""
    for patrol in case.patrols:
        day_class = case.day_class(patrol.day)
        if day_class is None or day_class.name != patrol.day_class:
            name = day_class.name if day_class else "-"
            why = Text(
                f"按“{patrol.day_class}”计时，当日属“{name}”",
                f"timed for {patrol.day_class!r}, the day is {name!r}",
            )
            yield breach(patrol.id, _text(patrol, why), "physical")


def _workday_rule(case: Case, patrol: Patrol) -> FrequencyRule | None:
    """Return the rule that keeps the unit to workdays; None where one lets it out on any day."""
    unit = case.units.get(patrol.unit)
    authority = unit.authority if unit else None
    rules = [rule for rule in case.plan.regulation.frequency if rule.authority == authority]
    return rules[0] if rules and all(rule.workdays_only for rule in rules) else None


def _stop_minutes(case: Case, zone: Zone) -> float:
    """Return the least minutes of a stop: the zone's own, or its kind's where it is a stop."""
    settings = case.county.settings.visit
    shape = zone.geometry.geom_type
    is_area = shape in {"Polygon", "MultiPolygon"}
    is_stop = shape in {"Point", "MultiPoint"} or (is_area and zone.kind in _STOPS)
    by_kind = settings.stop_minutes_by_kind.get(zone.kind.value, settings.stop_minutes)
    if zone.stop_minutes is not None:
        return zone.stop_minutes
    return by_kind if is_stop else 0.0


def _shift_basis(case: Case) -> FindingBasis:
    settings = case.county.settings
    ours = settings.shift == ShiftSettings() and settings.day_classes == DEFAULT_DAY_CLASSES
    return "default" if ours else "user"


def _adds_up(patrol: Patrol, what: Text, computed: int, stated: int) -> Finding:
    why = Text(
        f"{what.zh}的时刻为{_clock(stated)}，按路段与停留推算为{_clock(computed)}",
        f"{what.en} is at {_clock(stated)}, the legs and stops add up to {_clock(computed)}",
    )
    return breach(patrol.id, _text(patrol, why), "physical")


def _text(patrol: Patrol, why: Text) -> Text:
    place = f"{patrol.day} {patrol.id}"
    return Text(f"{place}：{why.zh}", f"{place}: {why.en}")


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
