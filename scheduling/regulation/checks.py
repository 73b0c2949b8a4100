"""What makes a regulation impossible or contradictory, and pydantic's complaints as Problems."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations

from pydantic import ValidationError

from network.problems import Problem, Text
from scheduling.calendar.windows import SHORTEST_DAYS, WindowKind, days_of, windows_between
from scheduling.county.model import ZoneKind
from scheduling.regulation.model import (
    FrequencyRule,
    PeakRule,
    Regulation,
    SeasonRange,
    SpotCheckRule,
)

_ANY_LEAP_YEAR = 2028


def check_regulation(regulation: Regulation, file: str) -> list[Problem]:
    """Return everything that makes the regulation contradict itself or ask the impossible."""
    return [
        Problem(f"regulation.{code}", file, cause, action, where=f"rule {rule}", field=field)
        for check in _CHECKS
        for code, rule, field, cause, action in check(regulation)
    ]


_Complaint = tuple[str, str, str, Text, Text]


def _duplicate_ids(regulation: Regulation) -> Iterator[_Complaint]:
    for rule, times in Counter(rule.id for rule in regulation.rules).items():
        if times > 1:
            yield (
                "duplicate-rule",
                rule,
                "id",
                Text(f"规则编号出现{times}次", f"the rule id is used {times} times"),
                Text("每条规则用不同的编号", "give every rule its own id"),
            )


def _levels_and_kinds(regulation: Regulation) -> Iterator[_Complaint]:
    levels = ", ".join(str(level) for level in regulation.levels)
    kinds = ", ".join(ZoneKind)
    rules: tuple[FrequencyRule | SpotCheckRule | PeakRule, ...] = (
        *regulation.frequency,
        *regulation.spot_check,
        *regulation.peak,
    )
    for rule in rules:
        for level in rule.levels:
            if level not in regulation.levels:
                yield (
                    "unknown-level",
                    rule.id,
                    "levels",
                    Text(f"没有{level}级巡查区", f"there is no level {level}"),
                    Text(f"可选：{levels}", f"choose from {levels}"),
                )
        for kind in getattr(rule, "zone_kinds", ()):
            if kind not in set(ZoneKind):
                yield (
                    "unknown-zone-kind",
                    rule.id,
                    "zone_kinds",
                    Text(f"没有巡查区类型“{kind}”", f"there is no zone kind {kind!r}"),
                    Text(f"可选：{kinds}", f"choose from {kinds}"),
                )


def _dates(regulation: Regulation) -> Iterator[_Complaint]:
    for rule in regulation.frequency:
        if rule.season is not None:
            yield from _bad_dates(rule.id, "season.", rule.season.first, rule.season.last)
    for peak in regulation.peak:
        yield from _bad_dates(peak.id, "", peak.first, peak.last)


def _bad_dates(rule: str, within: str, first: str, last: str) -> Iterator[_Complaint]:
    unreal = [
        (field, text) for field, text in (("first", first), ("last", last)) if not _is_day(text)
    ]
    for field, text in unreal:
        yield (
            "bad-date",
            rule,
            f"{within}{field}",
            Text(f"没有“{text}”这一天", f"there is no day {text}"),
            Text("写作 04-01 或 2026-04-01", "write it as 04-01 or 2026-04-01"),
        )
    if unreal:
        return
    if len(first) != len(last):
        yield (
            "bad-date",
            rule,
            f"{within}last",
            Text(
                f"起止写法不一致（{first}、{last}）", f"one has a year, one none ({first}, {last})"
            ),
            Text("都写年份，或都不写", "give both a year, or neither"),
        )
    elif len(first) == len("2026-04-01") and first > last:
        yield (
            "bad-date",
            rule,
            f"{within}last",
            Text(f"结束日 {last} 早于起始日 {first}", f"it ends on {last}, before {first}"),
            Text("调换起止日期", "put the earlier day first"),
        )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text if len(text) > len("04-01") else f"{_ANY_LEAP_YEAR}-{text}")
    except ValueError:
        return False
    return True


def _counts(regulation: Regulation) -> Iterator[_Complaint]:
    for rule in regulation.frequency:
        days = SHORTEST_DAYS[rule.window]
        gap_days = math.ceil(rule.min_gap_hours / 24)
        if rule.count > days:
            yield (
                "count-too-high",
                rule.id,
                "count",
                Text(
                    f"最短的周期只有{days}天，同一天不重复，无法巡查{rule.count}次",
                    f"the shortest window has {days} days, too few for {rule.count} visits "
                    "on days of their own",
                ),
                Text(f"count 不超过{days}，或放长周期", f"count at most {days}, or longer windows"),
            )
        elif (rule.count - 1) * gap_days >= days:
            yield (
                "impossible-gap",
                rule.id,
                "min_gap_hours",
                Text(
                    f"{rule.count}次间隔{rule.min_gap_hours:g}小时，最短的周期（{days}天）容不下",
                    f"{rule.count} visits {rule.min_gap_hours:g} hours apart do not fit into the "
                    f"shortest window of {days} days",
                ),
                Text("减少次数或缩短间隔", "fewer visits or a shorter gap"),
            )


def _seasons(regulation: Regulation) -> Iterator[_Complaint]:
    for rule in regulation.frequency:
        if rule.season is None or not (_is_day(rule.season.first) and _is_day(rule.season.last)):
            continue
        if not _has_window(rule.window, rule.season):
            yield (
                "season-too-short",
                rule.id,
                "season",
                Text(
                    f"{rule.season.first}至{rule.season.last}内没有完整的周期",
                    f"no whole {rule.window} lies within {rule.season.first} to {rule.season.last}",
                ),
                Text("放长季节或缩短周期", "a longer season or shorter windows"),
            )


def _has_window(kind: WindowKind, season: SeasonRange) -> bool:
    windows = windows_between(kind, date(_ANY_LEAP_YEAR, 1, 1), date(_ANY_LEAP_YEAR + 1, 12, 31))
    return any(all(season.holds(day) for day in days_of(window)) for window in windows)


def _contradictions(regulation: Regulation) -> Iterator[_Complaint]:
    for one, other in combinations(regulation.frequency, 2):
        if _same_duty(one, other) and _seasons_meet(one.season, other.season):
            yield (
                "contradictory",
                other.id,
                "season" if one.season or other.season else "count",
                Text(
                    f"与规则 {one.id} 对象、周期相同而季节重叠",
                    f"rule {one.id} covers the same zones and windows, and their seasons overlap",
                ),
                Text("删去一条，或把季节分开", "drop one of them, or part their seasons"),
            )


def _same_duty(one: FrequencyRule, other: FrequencyRule) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("authority", "window", "sole_authority")
    ) and all(
        sorted(getattr(one, name)) == sorted(getattr(other, name))
        for name in ("levels", "zone_kinds")
    )


def _seasons_meet(one: SeasonRange | None, other: SeasonRange | None) -> bool:
    if one is None or other is None:
        return True
    starts = (one.first, other.first)
    days = [date.fromisoformat(f"{_ANY_LEAP_YEAR}-{first}") for first in starts if _is_day(first)]
    return any(one.holds(day) and other.holds(day) for day in days)


_CHECKS: tuple[Callable[[Regulation], Iterator[_Complaint]], ...] = (
    _duplicate_ids,
    _levels_and_kinds,
    _dates,
    _counts,
    _seasons,
    _contradictions,
)

#: pydantic's error types in Chinese; the English message is pydantic's own.
_ZH = {
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为文字",
    "tuple_type": "应为列表",
    "dict_type": "应为表",
    "model_type": "应为表",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "greater_than": "过小",
    "greater_than_equal": "过小",
    "less_than_equal": "过大",
    "string_too_short": "不得为空",
    "string_pattern_mismatch": "格式不对",
}


def problems_of(
    error: ValidationError, file: str, *, where: str = "", within: str = ""
) -> list[Problem]:
    """Return pydantic's complaints as Problems: unknown field, missing field or wrong value."""
    problems = []
    for entry in error.errors(include_url=False):
        field = within
        for part in entry["loc"]:
            field += f"[{part}]" if isinstance(part, int) else f".{part}" if field else str(part)
        name = str(entry["loc"][-1]) if entry["loc"] else ""
        kind = entry["type"]
        if kind == "extra_forbidden":
            code = "unknown-field"
            cause = Text(f"没有字段“{name}”", f"there is no field {name!r}")
            action = Text("改正或删去该字段", "correct or remove the field")
        elif kind == "missing":
            code = "missing-field"
            cause = Text(f"缺少字段“{name}”", f"field {name!r} is missing")
            action = Text("补上该字段", "add the field")
        else:
            code = "wrong-value"
            value = entry["input"]
            zh = _ZH.get(kind, "值无效")
            cause = Text(f"{value!r} {zh}", f"{value!r}: {entry['msg']}")
            action = Text(f"改正该值（{entry['msg']}）", "correct the value")
        problems.append(
            Problem(f"regulation.{code}", file, cause, action, where=where, field=field)
        )
    return problems
