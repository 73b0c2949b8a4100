"""Where the regulation as applied asks less than the norm (低于规范), rule by rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from network.problems import Text
from scheduling.audit.evidence import in_season
from scheduling.audit.findings import Finding, weighed
from scheduling.audit.owed import Case, is_peak_day
from scheduling.calendar.windows import NOMINAL_DAYS, windows_between
from scheduling.regulation.model import (
    ContentRule,
    FrequencyRule,
    PeakRule,
    ReportingRule,
    Rule,
    SeasonRange,
    SpotCheckRule,
    TeamRule,
)

#: Years over which windows are compared: four, so that a leap year is among them.
_FIRST, _LAST = date(2024, 1, 1), date(2027, 12, 31)


def check_below_norm(case: Case) -> Iterator[Finding]:
    """Find rules of the norm that are left out or weakened.

    A weakened default is a notice.
    """
    now = {rule.id: rule for rule in case.plan.regulation.rules}
    for rule in case.norm.rules:
        for how in weakened(now.get(rule.id), rule):
            message = Text(
                f"低于规范：规则 {rule.id}，{how.zh}", f"below the norm: rule {rule.id}, {how.en}"
            )
            yield weighed(rule.id, message, rule.basis, rule.article)


def weakened(now: Rule | None, norm: Rule) -> Iterator[Text]:
    """Yield every way in which ``now`` asks less than ``norm``, the rule of the same id."""
    if now == norm:
        return
    if now is None or type(now) is not type(norm):
        yield Text("被删去", "it is left out")
    elif isinstance(now, FrequencyRule) and isinstance(norm, FrequencyRule):
        yield from _frequency(now, norm)
    elif isinstance(now, SpotCheckRule) and isinstance(norm, SpotCheckRule):
        yield from _covered(now, norm)
        if now.share / NOMINAL_DAYS[now.window] < norm.share / NOMINAL_DAYS[norm.window]:
            yield Text("抽查比例降低", "a smaller share is spot-checked")
    elif isinstance(now, TeamRule) and isinstance(norm, TeamRule):
        if now.min_certified < norm.min_certified:
            yield Text(
                f"持证人员由{norm.min_certified}人减为{now.min_certified}人",
                f"{now.min_certified} certified people instead of {norm.min_certified}",
            )
    elif isinstance(now, PeakRule) and isinstance(norm, PeakRule):
        yield from _peak(now, norm)
    elif isinstance(now, ReportingRule) and isinstance(norm, ReportingRule):
        if NOMINAL_DAYS[now.every] > NOMINAL_DAYS[norm.every]:
            yield Text("报告周期放长", "reports are less frequent")
    elif isinstance(now, ContentRule) and isinstance(norm, ContentRule):
        missing = [content for content in norm.contents if content not in now.contents]
        if missing:
            listing = "、".join(missing)
            yield Text(f"计划内容缺少{listing}", f"contents left out: {listing}")


def _frequency(now: FrequencyRule, norm: FrequencyRule) -> Iterator[Text]:
    yield from _covered(now, norm)
    if _narrower(now.zone_kinds, norm.zone_kinds):
        yield Text("只适用于部分类型的巡查区", "only some kinds of zone are covered")
    if now.sole_authority and not norm.sole_authority:
        yield Text("只适用于独管的巡查区", "only zones of one authority alone are covered")
    if not _season_days(now.season) >= _season_days(norm.season):
        yield Text("适用季节缩短", "its season is shorter")
    least = min(
        len(windows_between(now.window, window.first_day, window.last_day)) * now.count
        for window in windows_between(norm.window, _FIRST, _LAST)
    )
    if least < norm.count:
        yield Text(
            f"由每{norm.window.value}{norm.count}次减为每{now.window.value}{now.count}次",
            f"{now.count} a {now.window.value} instead of {norm.count} a {norm.window.value}",
        )
    for field, name in _MINIMA:
        before, after = getattr(norm, field), getattr(now, field)
        if after < before:
            yield Text(
                f"{name.zh}由{before:g}减为{after:g}", f"{name.en} from {before:g} to {after:g}"
            )


_MINIMA = (
    ("min_gap_hours", Text("最少间隔小时数", "least hours between visits")),
    ("min_minutes", Text("每次最少分钟数", "least minutes of a visit")),
    ("min_length_km", Text("每次最少公里数", "least kilometres of a visit")),
)


def _peak(now: PeakRule, norm: PeakRule) -> Iterator[Text]:
    if now.extra < norm.extra:
        yield Text(
            f"增加次数由{norm.extra}减为{now.extra}", f"{now.extra} more instead of {norm.extra}"
        )
    if now.min_workdays > norm.min_workdays:
        yield Text("须有更多工作日才算高峰期", "more workdays are needed before it counts")
    days = {day for day in _days() if is_peak_day(norm, day)}
    if not all(is_peak_day(now, day) for day in days):
        yield Text("高峰期缩短", "its days are fewer")
    fields = ("authorities", "levels", "zone_kinds", "zones")
    if any(_narrower(getattr(now, field), getattr(norm, field)) for field in fields):
        yield Text("适用的巡查区减少", "fewer zones are covered")


def _covered(
    now: FrequencyRule | SpotCheckRule, norm: FrequencyRule | SpotCheckRule
) -> Iterator[Text]:
    if now.authority != norm.authority:
        yield Text("实施主体被更改", "another authority is named")
    if _narrower(now.levels, norm.levels):
        levels = "、".join(str(level) for level in now.levels)
        yield Text(f"只适用于{levels}级巡查区", f"only zones of level {levels} are covered")


def _narrower(now: Collection[object], norm: Collection[object]) -> bool:
    """Whether a choice leaves out what the norm's covers; an empty choice covers everything."""
    return bool(now) and (not norm or not set(now) >= set(norm))


def _season_days(season: SeasonRange | None) -> set[date]:
    if season is None:
        return set(_days())
    return {day for day in _days() if in_season(season.first, season.last, day)}


def _days() -> Iterator[date]:
    for number in range((_LAST - _FIRST).days + 1):
        yield _FIRST + timedelta(days=number)
