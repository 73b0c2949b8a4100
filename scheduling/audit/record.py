"""Rules on the plan file itself: norm, calendar, and whether it says what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from network.problems import InputError, Text
from scheduling.audit.findings import Finding, breach, listed, notice
from scheduling.audit.owed import Case
from scheduling.audit.visits import unchecked
from scheduling.calendar.windows import Window, window_label, windows_between
from scheduling.calendar.workdays import PROVISIONAL_NOTICE, WorkCalendar, build_calendar
from scheduling.county.model import Authority
from scheduling.county.settings import CalendarSettings
from scheduling.regulation.words import AUTHORITY_NAMES


@dataclass(frozen=True)
class _Duty:
    """A zone's duty to an authority in a window, however many rules ask for it."""

    authority: Authority
    zone: str
    window: Window
    spot_check: bool


def check_norm(case: Case) -> Iterator[Finding]:
    """Find changes to the text of a packaged norm."""
    if case.plan.norm != case.norm:
        changed = [rule.id for rule in case.norm.rules if rule not in case.plan.norm.rules]
        names = listed(changed) if changed else Text("其他内容", "other contents")
        message = Text(
            f"计划所附规范“{case.norm.id}”与内置文本不符：{names.zh}；按内置文本审核",
            f"the norm {case.norm.id!r} in the plan is not the packaged text: {names.en}; "
            "audited by the packaged text",
        )
        yield breach(case.norm.id, message, "record")


def check_validity(case: Case) -> Iterator[Finding]:
    """Say when a norm is past its validity, or when that is unknown."""
    until = case.norm.valid_until
    if until is None:
        why = Text("有效期不详，以现行规定为准", "of unknown validity: what is in force prevails")
    elif until < case.plan.last_day:
        why = Text(
            f"有效期至{until}，以现行规定为准", f"valid until {until}: what is in force prevails"
        )
    else:
        return
    message = Text(
        f"{case.norm.name}{why.zh}", f"{case.norm.name_en or case.norm.name} is {why.en}"
    )
    yield notice(case.norm.id, message, "default")


def check_calendar(case: Case) -> Iterator[Finding]:
    """Find days on which the plan's calendar is not the published one.

    A year of the user's own file is believed.
    """
    calendar, settings = case.plan.calendar, case.county.settings.calendar
    sources = dict(calendar.sources)
    for year in range(case.plan.first_day.year, case.plan.last_day.year + 1):
        source = sources.get(year, "")
        if source.startswith("file: ") and source.removeprefix("file: ") in settings.files:
            continue
        fresh = _fresh(year, duty_patrols=settings.duty_patrols)
        if fresh is None:
            message = Text(f"{year}年日历来源不明", f"the calendar of {year} has no known source")
            yield breach(str(year), message, "record")
            continue
        wrong = _differing(calendar.workdays, fresh.workdays, year)
        wrong |= _differing(calendar.duty_days, fresh.duty_days, year)
        if wrong:
            dates = listed([day.isoformat() for day in sorted(wrong)])
            message = Text(
                f"计划所附{year}年日历与公布的放假调休安排不符：{dates.zh}",
                f"the calendar of {year} in the plan is not the published one: {dates.en}",
            )
            was_provisional = year in calendar.provisional_years and not fresh.provisional_years
            make = notice if was_provisional else breach  # announced since: plan anew
            yield make(str(year), message, "record")


def check_provisional(case: Case) -> Iterator[Finding]:
    """Find years whose holiday arrangement is not yet announced."""
    for year in case.plan.calendar.provisional_years:
        if case.plan.first_day.year <= year <= case.plan.last_day.year:
            text = PROVISIONAL_NOTICE
            message = Text(f"{year}年：{text.zh}", f"{year}: {text.en}")
            yield notice(str(year), message, "default")


def check_identity(case: Case) -> Iterator[Finding]:
    """Find ids that stand twice, and visits called met that the plan does not hold."""
    patrols = [patrol.id for patrol in case.patrols]
    visits = [visit.id for patrol in case.patrols for visit in patrol.visits]
    for kind, ids in ((Text("巡查", "patrol"), patrols), (Text("到访", "visit"), visits)):
        for identity, times in sorted(Counter(ids).items()):
            if times > 1:
                message = Text(
                    f"{kind.zh}编号“{identity}”重复{times}次",
                    f"{kind.en} id {identity!r} stands {times} times",
                )
                yield breach(identity, message, "record")
    known = set(visits)
    for requirement, claimed in sorted(case.plan.met.items()):
        unknown = sorted(set(claimed) - known)
        if unknown:
            names = listed(unknown)
            message = Text(
                f"{requirement} 所列到访{names.zh}不在计划中",
                f"{requirement} is said to be met by visits the plan does not hold: {names.en}",
            )
            yield breach(requirement, message, "record")


def check_shortfalls_told(case: Case) -> Iterator[Finding]:
    """Find shortfalls that the plan hides, or tells where there are none."""
    rows = {row.id: row for row in case.plan.requirements}
    told = {
        _Duty(row.authority, row.zone, row.window, row.spot_check)
        for unmet in case.plan.unmet
        if (row := rows.get(unmet.requirement)) is not None
    }
    short = {*_short_visits(case), *_short_spot_checks(case)}
    for duty in sorted(short - told, key=_order):
        label, name = window_label(duty.window), case.zone_name(duty.zone)
        whose = AUTHORITY_NAMES[duty.authority]
        message = Text(
            f"{name}：{label.zh}次数不足（{whose.zh}），计划未列为未完成",
            f"{name}, {label.en}: falls short ({whose.en}), and the plan does not say so",
        )
        yield breach(duty.zone, message, "record")
    visits_told = {duty for duty in told if not duty.spot_check}
    for duty in sorted(visits_told - short, key=_order):
        label, name = window_label(duty.window), case.zone_name(duty.zone)
        whose = AUTHORITY_NAMES[duty.authority]
        message = Text(
            f"{name}：{label.zh}计划列为未完成，实际次数已足（{whose.zh}）",
            f"{name}, {label.en}: listed as unmet, but nothing is missing ({whose.en})",
        )
        yield notice(duty.zone, message, "record")


def _order(duty: _Duty) -> tuple[date, date, str, str, bool]:
    window = duty.window
    return (window.first_day, window.last_day, duty.zone, duty.authority, duty.spot_check)


def _short_visits(case: Case) -> Iterator[_Duty]:
    """Yield what falls short of the regulation as the county applies it, peaks included."""
    for owed, days in case.owed_and_days:
        if owed.from_norm:
            continue
        authority, zone, window = owed.rule.authority, owed.zone.id, owed.window
        off_peak = any(not peak.days.intersection(days) for peak in owed.peaks)
        if len(days) < owed.count or off_peak:
            yield _Duty(authority, zone, window, spot_check=False)


def _short_spot_checks(case: Case) -> Iterator[_Duty]:
    """Yield the spot checks lacking; of a mere share of zones only the secret knows which."""
    for rule in () if case.has_sealed_part else case.plan.regulation.spot_check:
        for window in windows_between(rule.window, case.plan.first_day, case.plan.last_day):
            for zone in unchecked(case, rule, window) if rule.share == 1 else ():
                yield _Duty(rule.authority, zone.id, window, spot_check=True)


def _fresh(year: int, *, duty_patrols: bool) -> WorkCalendar | None:
    try:
        return build_calendar([year], CalendarSettings(duty_patrols=duty_patrols), Path())
    except InputError:
        return None


def _differing(ours: tuple[date, ...], fresh: tuple[date, ...], year: int) -> set[date]:
    return {day for day in ours if day.year == year} ^ {day for day in fresh if day.year == year}
