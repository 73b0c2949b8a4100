"""The annual plan's part on chance: team days kept free for bad weather, days nobody foresees."""

from __future__ import annotations

from reports.figures import Figures
from reports.official_document import OfficialDocument
from reports.words import level_name, month_name
from scheduling.foresight import Foresight, predictor_name
from scheduling.foresight.of_plan import SPOT, plan_foresight
from scheduling.spare import SpareMonth, spare_months

#: With fewer hits by chance to be expected the figures say nothing.
_ENOUGH_BY_CHANCE = 10


def write_chance(document: OfficialDocument, figures: Figures) -> None:
    """Write both tables; that of foreseeable days only where there are visits enough."""
    document.section("机动预留与日期不可预见", "Days kept free, and days not foreseen")
    _spare(document, figures)
    _foreseeable(document, figures)


def _spare(document: OfficialDocument, figures: Figures) -> None:
    share = figures.plan.county.settings.reserve.bad_weather_share
    document.subsection(document.say("恶劣天气预留", "Kept free for bad weather"))
    document.body(
        document.say(
            f"车组日指一辆车与足额持证人员可出巡的一天。每月预留{share:.0%}的车组日应对恶劣天气，"
            "表中为“空余/可用”，不足预留比例的以▲标明。",
            f"A team day is a vehicle and a certified crew for a day. {share:.0%} of each month's "
            "are kept for bad weather; the table gives free/possible, ▲ where less is free.",
        )
    )
    cells = {(one.unit, one.year, one.month): one for one in spare_months(figures.plan)}
    for year in sorted({year for year, _ in figures.months}):
        months = [month for one, month in figures.months if one == year]
        rows = [
            (unit.name, *(_cell(cells.get((unit.id, year, month)), share) for month in months))
            for unit in figures.units
        ]
        heads = (str(year), *(month_name(month, document.language) for month in months))
        document.table(heads, rows, (30, *(12 for _ in months)), points=9)


def _cell(month: SpareMonth | None, share: float) -> str:
    if month is None:
        return "—"
    mark = "" if month.keeps(share) else "▲"
    return f"{max(0, month.free)}/{month.possible}{mark}"


def _foreseeable(document: OfficialDocument, figures: Figures) -> None:
    """Write how well scheduled visits are foreseen; of sealed spot checks nothing is said."""
    found = {
        group: one
        for group, one in plan_foresight(figures.plan).items()
        if not group.endswith(SPOT) and one.by_chance >= _ENOUGH_BY_CHANCE
    }
    if not found:
        return
    drawn = figures.plan.county.settings.unpredictability
    document.subsection(document.say("日期可预见程度", "How far days can be foreseen"))
    document.body(
        document.say(
            f"本计划{drawn:.0%}的巡查日期随机抽定。若有人熟知规范、日历和以往各次巡查，用多种方法预测"
            "下一次到访的日期，其中最准的一种与随机猜测（在规范仍允许的工作日中任取一日）相比如下。",
            f"{drawn:.0%} of the patrols run on days drawn at random. Somebody who knows the norm, "
            "the calendar and all past visits, and predicts the next visit's day in several ways, "
            "does so well with the best of them, against guessing among the days still lawful:",
        )
    )
    document.table(
        (
            document.say("级别", "Level"),
            document.say("预测次数", "Visits"),
            document.say("最准的方法", "Best way"),
            document.say("猜中", "Hits"),
            document.say("随机猜中", "Chance"),
            document.say("倍数", "Times"),
        ),
        [_row(document, group, one) for group, one in found.items()],
        (20, 16, 46, 14, 16, 12),
    )


def _row(document: OfficialDocument, group: str, one: Foresight) -> tuple[object, ...]:
    return (
        level_name(int(group.removeprefix("L")), document.language),
        one.guesses,
        predictor_name(one.best).in_(document.language),
        f"{one.rate(one.best):.1%}",
        f"{one.chance:.1%}",
        f"{one.times_chance(one.best):.1f}",
    )
