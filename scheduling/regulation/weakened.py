"""Where a county's regulation asks less than the norm (低于规范): for display before planning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from network.problems import Text
from scheduling.calendar.windows import NOMINAL_DAYS
from scheduling.regulation.model import (
    ContentRule,
    FrequencyRule,
    Regulation,
    ReportingRule,
    Rule,
    SpotCheckRule,
    TeamRule,
)
from scheduling.regulation.words import WINDOW_NAMES


@dataclass(frozen=True)
class Weakening:
    """One rule of law that the county's regulation weakens, and how."""

    rule: str
    article: str
    how: Text


def norm_lowered(effective: Regulation, norm: Regulation) -> tuple[Weakening, ...]:
    """Return the norm's rules of law that ``effective`` weakens or leaves out, in their order."""
    now = {rule.id: rule for rule in effective.rules}
    return tuple(
        Weakening(rule.id, rule.article, how)
        for rule in norm.rules
        if rule.basis == "law"
        for how in _lowered(now.get(rule.id), rule)
    )


def _lowered(now: Rule | None, norm: Rule) -> Iterator[Text]:
    if now is None or type(now) is not type(norm):
        yield Text("该条规则被删去", "the rule is left out")
    elif isinstance(norm, TeamRule) and isinstance(now, TeamRule):
        if now.min_certified < norm.min_certified:
            yield Text(
                f"持证人数由{norm.min_certified}人减为{now.min_certified}人",
                f"{now.min_certified} certified people instead of {norm.min_certified}",
            )
    elif isinstance(norm, FrequencyRule) and isinstance(now, FrequencyRule):
        yield from _frequency(now, norm)
    elif isinstance(norm, SpotCheckRule) and isinstance(now, SpotCheckRule):
        yield from _selection(now, norm)
        if now.share / NOMINAL_DAYS[now.window] < norm.share / NOMINAL_DAYS[norm.window]:
            yield Text("抽查比例降低", "a smaller share is spot-checked")
    elif isinstance(norm, ReportingRule) and isinstance(now, ReportingRule):
        if NOMINAL_DAYS[now.every] > NOMINAL_DAYS[norm.every]:
            yield _longer(WINDOW_NAMES[now.every], WINDOW_NAMES[norm.every])
    elif isinstance(norm, ContentRule) and isinstance(now, ContentRule):
        missing = "、".join(item for item in norm.contents if item not in now.contents)
        if missing:
            yield Text(f"计划内容缺少：{missing}", f"contents left out: {missing}")


def _frequency(now: FrequencyRule, norm: FrequencyRule) -> Iterator[Text]:
    yield from _selection(now, norm)
    if _narrowed(now.zone_kinds, norm.zone_kinds):
        yield Text("只适用于部分类型的巡查区", "only some kinds of zone are covered")
    if now.count < norm.count:
        yield Text(
            f"次数由{norm.count}次减为{now.count}次", f"{now.count} visits, not {norm.count}"
        )
    if NOMINAL_DAYS[now.window] > NOMINAL_DAYS[norm.window]:
        yield _longer(WINDOW_NAMES[now.window], WINDOW_NAMES[norm.window])
    if now.season is not None and now.season != norm.season:
        yield Text(
            f"只在{now.season.first}至{now.season.last}适用",
            f"holds only from {now.season.first} to {now.season.last}",
        )
    if now.sole_authority and not norm.sole_authority:
        yield Text("只适用于独管的巡查区", "only zones of this authority alone are covered")
    for name, zh, en in _PER_VISIT:
        if getattr(now, name) < getattr(norm, name):
            yield Text(f"{zh}减少", f"{en} is lowered")


_PER_VISIT = (
    ("min_gap_hours", "两次间隔", "the gap between visits"),
    ("min_minutes", "每次时长", "the duration of a visit"),
    ("min_length_km", "每次里程", "the length of a visit"),
)


def _selection(
    now: FrequencyRule | SpotCheckRule, norm: FrequencyRule | SpotCheckRule
) -> Iterator[Text]:
    if now.authority != norm.authority:
        yield Text("实施主体被更改", "another authority is named")
    if _narrowed(now.levels, norm.levels):
        listed = "、".join(str(level) for level in now.levels)
        yield Text(f"只适用于{listed}级巡查区", f"only level {listed} zones are covered")


def _narrowed(now: Sequence[object], norm: Sequence[object]) -> bool:
    """Return whether a choice leaves out what the norm covers; an empty one covers all."""
    return bool(now) and not (norm and set(norm) <= set(now))


def _longer(now: Text, norm: Text) -> Text:
    return Text(f"周期由每{norm.zh}放长为每{now.zh}", f"every {now.en} instead of every {norm.en}")
