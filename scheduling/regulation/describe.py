"""A rule as one sentence, in both languages, by its type."""

from __future__ import annotations

from collections.abc import Iterable

from network.problems import Text
from scheduling.regulation.model import (
    ContentRule,
    FrequencyRule,
    NoteRule,
    PeakRule,
    ReportingRule,
    Rule,
    SpotCheckRule,
    TeamRule,
)
from scheduling.regulation.words import (
    AUTHORITY_NAMES,
    PEAK_NAMES,
    WINDOW_NAMES,
    chinese_number,
)


def describe(rule: Rule) -> Text:
    """Return what a rule asks for, as one sentence."""
    match rule:
        case FrequencyRule():
            return _frequency(rule)
        case SpotCheckRule():
            return _spot_check(rule)
        case TeamRule():
            return Text(
                f"每次巡查持有效证件的人员不少于{rule.min_certified}人",
                f"at least {rule.min_certified} people with valid certificates on every patrol",
            )
        case PeakRule():
            return _peak(rule)
        case ReportingRule():
            who, every = AUTHORITY_NAMES[rule.authority], WINDOW_NAMES[rule.every]
            return Text(
                f"{who.zh}：每{every.zh}向{rule.to}报告",
                f"{who.en}: reports every {every.en} to {rule.to}",
            )
        case ContentRule():
            who, listed = AUTHORITY_NAMES[rule.authority], "、".join(rule.contents)
            return Text(f"{who.zh}计划内容：{listed}", f"{who.en}: the plan states {listed}")
        case NoteRule():
            return Text(rule.text, rule.text_en)
    return Text(
        "每个巡查区有一个实施单位和至少一名责任人",
        "every zone has one unit and at least one responsible person",
    )


def _frequency(rule: FrequencyRule) -> Text:
    who, window = AUTHORITY_NAMES[rule.authority], WINDOW_NAMES[rule.window]
    which = _zones(rule.levels, rule.zone_kinds)
    zh = f"{who.zh}：{which.zh}每{window.zh}不少于{rule.count}次"
    en = f"{who.en}: {which.en} at least {_times(rule.count)} a {window.en}"
    if rule.season is not None:
        zh += f"（{rule.season.first}至{rule.season.last}）"
        en += f" ({rule.season.first} to {rule.season.last})"
    if rule.min_minutes:
        zh += f"，每次不少于{rule.min_minutes:g}分钟"
        en += f", {rule.min_minutes:g} minutes each"
    if rule.min_length_km:
        zh += f"，每次不少于{rule.min_length_km:g}公里"
        en += f", {rule.min_length_km:g} km each"
    if rule.min_gap_hours:
        zh += f"，两次间隔不少于{rule.min_gap_hours:g}小时"
        en += f", {rule.min_gap_hours:g} hours apart"
    if rule.sole_authority:
        zh += "，限本级直接管理的巡查区"
        en += ", zones of this authority alone"
    if not rule.workdays_only:
        zh += "，不限工作日"
        en += ", on any day"
    return Text(zh, en)


def _spot_check(rule: SpotCheckRule) -> Text:
    who, window = AUTHORITY_NAMES[rule.authority], WINDOW_NAMES[rule.window]
    which = _zones(rule.levels, ())
    return Text(
        f"{who.zh}：每{window.zh}随机抽查{rule.share:.0%}的{which.zh}，日期不公开",
        f"{who.en}: {rule.share:.0%} of {which.en} spot-checked every {window.en}, on sealed days",
    )


def _peak(rule: PeakRule) -> Text:
    name, which = PEAK_NAMES[rule.kind], _zones(rule.levels, (*rule.zone_kinds, *rule.zones))
    return Text(
        f"{name.zh}（{rule.first}至{rule.last}）：{which.zh}每周期增加{rule.extra}次"
        f"（周期内高峰期工作日不少于{rule.min_workdays}天）",
        f"{name.en} ({rule.first} to {rule.last}): {_times(rule.extra)} more for {which.en} "
        f"in every window with at least {rule.min_workdays} workdays in it",
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _zones(levels: Iterable[int], names: Iterable[str]) -> Text:
    """Return which zones are meant, e.g. 一、二级巡查区."""
    listed = list(levels)
    zh = f"{'、'.join(map(chinese_number, listed))}级巡查区" if listed else "全部巡查区"
    en = f"level {', '.join(map(str, listed))} zones" if listed else "all zones"
    kinds = list(names)
    if kinds:
        zh += f"（{'、'.join(kinds)}）"
        en += f" ({', '.join(kinds)})"
    return Text(zh, en)
