"""What the weather and an observer may make of a plan [D]: team days kept free, days foreseeable.

Notices only, and measures rather than faults: neither makes a plan unlawful.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from network.problems import Text
from scheduling.audit.findings import Finding, FindingBasis, listed, notice
from scheduling.audit.owed import Case
from scheduling.calendar.windows import Window, days_of, windows_between
from scheduling.county.model import Authority
from scheduling.county.settings import CountySettings
from scheduling.foresight import (
    Foresight,
    Occasion,
    OpenWindow,
    foresee,
    occasions,
    pooled,
    predictor_name,
)
from scheduling.plan.model import PatrolKind
from scheduling.spare import spare_months

#: With fewer hits by chance to be expected the figures say nothing.
_ENOUGH_BY_CHANCE: Final = 10
_Series = tuple[Authority, str, PatrolKind]


def check_foreseeable(case: Case) -> Iterator[Finding]:
    """Tell, by level, how often the best predictor would hit the next visit's day.

    Against guessing at random among the days the law leaves. Of an open plan the spot checks are
    not known.
    """
    for group, figures in _foresight(case).items():
        if figures.by_chance >= _ENOUGH_BY_CHANCE:
            yield notice(group.removesuffix("-spot"), _said(group, figures), _basis(case, "chance"))


def check_bad_weather(case: Case) -> Iterator[Finding]:
    """Find units' months that keep fewer team days free than their share for bad weather."""
    share = case.county.settings.reserve.bad_weather_share
    short: dict[str, list[str]] = defaultdict(list)
    for month in spare_months(case.plan):
        if not month.keeps(share):
            free = max(0, month.free)
            short[month.unit].append(f"{month.year}-{month.month:02} {free}/{month.possible}")
    for unit, months in sorted(short.items()):
        names, name = listed(months, most=12), case.unit_name(unit)
        yield notice(
            unit,
            Text(
                f"{name}：空余车组日不足为恶劣天气预留的{share:.0%}（空余/可用）：{names.zh}",
                f"{name}: less than the {share:.0%} of team days for bad weather is free "
                f"(free/possible): {names.en}",
            ),
            _basis(case, "reserve"),
        )


def _basis(case: Case, what: str) -> FindingBasis:
    """Return whether the setting behind a notice is our default."""
    usual = CountySettings(name="-", osm_file="-")
    settings = case.county.settings
    if what == "reserve":
        return "default" if settings.reserve == usual.reserve else "user"
    return "default" if settings.unpredictability == usual.unpredictability else "user"


def _said(group: str, figures: Foresight) -> Text:
    spot = group.endswith("-spot")
    level = group.removesuffix("-spot").removeprefix("L")
    name = predictor_name(figures.best)
    rate, times = figures.rate(figures.best), figures.times_chance(figures.best)
    kind = Text("抽查" if spot else "到访", "spot checks" if spot else "visits")
    return Text(
        f"{level}级巡查区：{figures.guesses}次{kind.zh}的日期，最准的预测法（{name.zh}）猜中"
        f"{rate:.1%}，随机猜中{figures.chance:.1%}，为随机的{times:.1f}倍",
        f"level {level}: of the days of {figures.guesses} {kind.en} the best predictor "
        f"({name.en}) hits {rate:.1%}, chance {figures.chance:.1%}: {times:.1f} times chance",
    )


def _foresight(case: Case) -> Mapping[str, Foresight]:
    by_unit: dict[str, list[Occasion]] = defaultdict(list)
    for (authority, zone, kind), windows in sorted(_windows(case).items()):
        unit, spot = case.zones[zone].units[authority], kind is PatrolKind.SPOT_CHECK
        suffix = "-spot" if spot else ""
        days = {one.day for one in case.visits.get((authority, zone, kind), ())}
        group = f"L{case.zones[zone].level}{suffix}"
        by_unit[unit] += occasions((unit, zone + suffix), group, days, windows)
    return pooled(foresee(by_unit[unit]) for unit in sorted(by_unit))


def _windows(case: Case) -> dict[_Series, list[OpenWindow]]:
    """Return what is owed by whom to which zone, each window with the days open to visits."""
    found: dict[_Series, list[OpenWindow]] = defaultdict(list)
    seen: dict[tuple[Window, bool], tuple[date, ...]] = {}

    def days_in(window: Window, *, any_day: bool) -> tuple[date, ...]:
        key = (window, any_day)
        if key not in seen:
            every = days_of(window)
            seen[key] = tuple(day for day in every if any_day or day in case.patrol_days)
        return seen[key]

    for owed in case.owed:
        if not owed.from_norm:
            series = (owed.rule.authority, owed.zone.id, PatrolKind.REGULAR)
            days = days_in(owed.window, any_day=owed.any_day)
            found[series].append(OpenWindow(days, owed.count))
    for rule in case.plan.regulation.spot_check:
        for window in windows_between(rule.window, case.plan.first_day, case.plan.last_day):
            days = days_in(window, any_day=False)
            for zone in case.county.zones:
                unit = zone.units.get(rule.authority, "")
                if zone.level in rule.levels and unit in case.planned_units:
                    series = (rule.authority, zone.id, PatrolKind.SPOT_CHECK)
                    found[series].append(OpenWindow(days, 1))
    return found
