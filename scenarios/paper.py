"""A comparison as a paper that a head can read: answers first, then figures, units, settings."""

from __future__ import annotations

from collections.abc import Iterator

from network.problems import Language, Text
from scenarios.compare import Comparison, Outcome, UnitChange
from scenarios.verdicts import verdict
from scheduling.paper import Grid, Paper, Section, Words
from scheduling.plan.measures import STATUS_NAMES, UnitMeasures
from scheduling.plan.model import SettingUsed
from scheduling.regulation.words import BASIS_NAMES

#: Columns of ``Comparison.table`` that are numbers and get a difference from the base.
_NUMBERS = (2, 3, 4, 5, 6, 8)
_MOST_REASONS = 6
_UNITS = Text(
    "方案,单位,未完成,巡查,人日,公里,小时,最忙周次数,结果",
    "scenario,unit,unmet,patrols,person days,km,hours,in the busiest week,status",
)


def comparison_paper(comparison: Comparison, language: Language) -> Paper:
    """Return the paper in a language."""
    about = comparison.about
    year = about.first_day.year
    title = Text(f"{about.county}{year}年巡查方案比较", f"{about.county}: patrol scenarios {year}")
    sections = (
        Section(
            Text("比较的范围和方法", "What was compared, and how").in_(language),
            (Words(_scope(comparison).in_(language)),),
        ),
        Section(
            Text("结果一览", "Results side by side").in_(language),
            (_side_by_side(comparison, language), Words(_READING.in_(language))),
        ),
        Section(
            Text("逐个方案的结论", "Each scenario in words").in_(language),
            subsections=[_answer(comparison, one, language) for one in comparison.outcomes],
        ),
        *_units(comparison, language),
        _settings(comparison, language),
        Section(
            Text("说明", "Notes").in_(language),
            tuple(Words(note.in_(language)) for note in _notes(comparison)),
        ),
    )
    return Paper(language, title.in_(language), about.bureau, sections)


_READING = Text(
    "括号内为与现状之差。最忙周后为该周巡查次数；均衡为同一单位持证人员出勤天数的最大差。",
    "In brackets: the difference from the base. The busiest week goes with its patrols; fairness is"
    " the greatest difference in patrol days between certified people of one unit.",
)


def _scope(comparison: Comparison) -> Text:
    about, count = comparison.about, len(comparison.outcomes) - 1
    units = len(comparison.outcomes[0].measures.units)
    return Text(
        f"以{about.county}现有人员、车辆、巡查区和规则为“现状”，另设{count}个方案，"
        f"分别编制{about.first_day}至{about.last_day}共{units}个实施单位的巡查计划，"
        f"逐一按《{about.norm.zh}》独立审核后比较。各方案采用相同的随机种子（{about.seed}）"
        "和相同的抽查抽签；不受某方案影响的单位沿用现状的计划，差异只来自方案所作的改动。",
        f"{about.county} as it is (the base) and {count} scenario(s) were each planned for "
        f"{units} unit(s) from {about.first_day} to {about.last_day}, and every plan was audited "
        f"against {about.norm.en}. All share the seed ({about.seed}) and the draw of spot "
        "checks; a unit that a scenario does not touch keeps its plan, so that differences come "
        "from the scenarios' changes alone.",
    )


def _side_by_side(comparison: Comparison, language: Language) -> Grid:
    heading, *rows = comparison.table(language)
    base = rows[0]
    return Grid(
        Text("方案比较", "Comparison").in_(language),
        tuple(heading),
        tuple(
            tuple(int(text) if place in _NUMBERS else text for place, text in enumerate(row))
            for row in rows
        ),
        (26, 9, 12, 13, 14, 16, 15, 15, 11, 20),
        tuple(
            tuple(
                _signed(int(text) - int(base[place])) if place in _NUMBERS else ""
                for place, text in enumerate(row)
            )
            for row in rows
        ),
    )


def _signed(change: float) -> str:
    return f"{round(change):+d}" if round(change) else ""


def _answer(comparison: Comparison, outcome: Outcome, language: Language) -> Section:
    blocks = []
    if outcome.note:
        blocks.append(Words(outcome.note))
    if outcome.changes:
        changes = Text("；", "; ").in_(language).join(c.in_(language) for c in outcome.changes)
        blocks.append(Words(Text(f"改动：{changes}。", f"Changes: {changes}.").in_(language)))
    text = verdict(comparison, outcome).in_(language)
    blocks.append(Words(text, marked=not outcome.lawful))
    blocks += [Words(reason) for reason in _reasons(outcome, language)]
    return Section(outcome.name.in_(language), tuple(blocks))


def _reasons(outcome: Outcome, language: Language) -> Iterator[str]:
    """Yield why units fall short, with the arithmetic, most telling first."""
    colon = Text("：", ": ").in_(language)
    for one in outcome.shortfalls:
        for reason in one.reasons[:_MOST_REASONS]:
            yield f"{one.name}{colon}{reason.in_(language)}"
        more = len(one.reasons) - _MOST_REASONS
        if more > 0:
            yield Text(f"{one.name}：另有{more}条", f"{one.name}: and {more} more").in_(language)


def _units(comparison: Comparison, language: Language) -> Iterator[Section]:
    """Yield the section of units that differ from the base, none where no unit does."""
    entries = [
        (outcome, change)
        for outcome in comparison.outcomes[1:]
        for change in comparison.unit_changes(outcome)
    ]
    if not entries:
        return
    grid = Grid(
        Text("各单位差异", "By unit").in_(language),
        tuple(_UNITS.in_(language).split(",")),
        tuple(_unit_row(outcome, change, language) for outcome, change in entries),
        (26, 26, 12, 13, 14, 15, 14, 14, 20),
        tuple(_unit_differences(change) for _, change in entries),
    )
    told = Text(
        "只列与现状不同的单位；括号内为与现状之差。",
        "Only units that differ from the base; in brackets the difference.",
    )
    title = Text("各单位的变化", "What changes for each unit")
    yield Section(title.in_(language), (Words(told.in_(language)), grid))


def _unit_row(
    outcome: Outcome, change: UnitChange, language: Language
) -> tuple[str | int | float, ...]:
    name = outcome.name.in_(language)
    if change.after is None:
        gone = Text("撤并", "no more").in_(language)
        return (name, change.name, *("–",) * 6, gone)
    status = STATUS_NAMES[change.after.status].in_(language)
    return (name, change.name, *_figures(change.after), status)


def _figures(unit: UnitMeasures) -> tuple[int, ...]:
    return (
        *(unit.unmet, unit.patrols, unit.person_days),
        *(round(unit.length_km), round(unit.hours), unit.busiest_week_patrols),
    )


def _unit_differences(change: UnitChange) -> tuple[str, ...]:
    if change.before is None or change.after is None:
        return ("",) * 9
    pairs = zip(_figures(change.after), _figures(change.before), strict=True)
    return ("", "", *(_signed(after - before) for after, before in pairs), "")


def _settings(comparison: Comparison, language: Language) -> Section:
    """Return every setting and default of the base, then those that scenarios have otherwise."""
    base, *others = comparison.outcomes
    known = {used.key: used for used in base.settings}
    label, value, basis = (
        text.in_(language)
        for text in (Text("参数", "setting"), Text("取值", "value"), Text("来源", "basis"))
    )
    blocks: list[Words | Grid] = [
        Words(
            Text(
                "规范未作规定之处，各方案采用下列参数；方案另有规定的见后表。",
                "Where the norm is silent the plans rely on these; what scenarios have otherwise "
                "follows.",
            ).in_(language)
        ),
        Grid(
            Text("参数与默认值", "Settings").in_(language),
            (label, value, basis),
            tuple(_setting(used, language) for used in base.settings),
            (60, 60, 20),
        ),
    ]
    rows = tuple(
        (outcome.name.in_(language), *_setting(used, language))
        for outcome in others
        for used in outcome.settings
        if known.get(used.key) != used
    )
    if rows:
        heading = (Text("方案", "scenario").in_(language), label, value, basis)
        name = Text("方案的参数", "Settings of scenarios").in_(language)
        blocks.append(Grid(name, heading, rows, (30, 50, 50, 18)))
    title = Text("依据的参数与默认值", "Settings and defaults relied on")
    return Section(title.in_(language), tuple(blocks))


def _setting(used: SettingUsed, language: Language) -> tuple[str, ...]:
    basis = BASIS_NAMES.get(used.basis, Text(used.basis, used.basis))
    return used.label.in_(language), used.value, basis.in_(language)


def _notes(comparison: Comparison) -> Iterator[Text]:
    yield Text(
        "“已证明无可行方案”指按现有人车和规则无论如何安排都做不到；“限定时间内未找到”"
        "指没有找到也没有证明不存在；“达到时限”指提前停止，结果可能还会更好。",
        "'Proven infeasible' means that no arrangement of the people and vehicles at hand can do "
        "it; 'not found in time' that none was found and none proven impossible; 'time limit "
        "reached' that planning stopped early and more might be possible.",
    )
    yield Text(
        "不符合规范的方案列出的是最大努力的部分计划，不得作为正式计划执行。",
        "What is told of a scenario that is not lawful is its best partial plan, which is not to "
        "be carried out as a plan.",
    )
    if comparison.about.provisional:
        from scheduling.calendar.workdays import PROVISIONAL_NOTICE

        yield PROVISIONAL_NOTICE
    yield Text(
        "本比较依据所载规范编制，以现行规定为准。",
        "Prepared from the norm named here; the rules now in force prevail.",
    )
