"""Staffing as tables and a chart: what screen, page, workbook and document all show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeAlias

from network.problems import Language, Text
from scenarios.staffing_model import (
    AbsenceOutcome,
    AbsenceVerdict,
    Count,
    Relief,
    Staffing,
    UnitStaffing,
)
from scheduling.audit import rule_name
from scheduling.paper import Chart, Grid, Line, Paper, Section, Words

_Row: TypeAlias = tuple[str | int | float, ...]


def staffing_paper(staffing: Staffing, language: Language) -> Paper:
    """Return all tables and the chart in a language."""
    parts = [_least(staffing, language)]
    if staffing.options.anonymous:
        parts.append(_frontier(staffing, language))
    if staffing.options.named:
        parts += [_reliefs(staffing, language), _absences(staffing, language)]
    notes = tuple(Words(note.in_(language)) for note in staffing.notes)
    parts.append(Section(Text("说明", "Notes").in_(language), notes))
    return Paper(
        language,
        Text(
            f"{staffing.county}{staffing.year}年度巡查最少人车测算",
            f"{staffing.county}: least staff for the patrols of {staffing.year}",
        ).in_(language),
        staffing.county,
        tuple(parts),
        signed=False,
    )


def _section(
    title: str,
    heading: Sequence[str],
    rows: Sequence[_Row],
    sentences: Iterable[str] = (),
    *,
    has_total: bool = False,
) -> Section:
    """Return a table, where there are rows, and sentences after it; outer columns are wide."""
    widths = (2.5, *(1.0,) * (len(heading) - 2), 2.5)
    grid = Grid(title, tuple(heading), tuple(rows), widths, has_total=has_total)
    words = (Words(sentence) for sentence in sentences)
    return Section(title, (*((grid,) if rows else ()), *words))


def _number(days: float) -> int | float:
    """Return a whole number without a point."""
    return int(days) if days.is_integer() else float(f"{days:g}")


def _cell(count: Count) -> str | int:
    """Return a number where it is one."""
    return count.lower if count.possible and count.exact else str(count)


def _least(staffing: Staffing, language: Language) -> Section:
    """Return what each unit has, its least, and what binds."""
    heading = Text("单位,有人,有车", "unit,people,cars").in_(language).split(",")
    if staffing.options.anonymous:
        heading += Text("最少人,最少车", "least people,least cars").in_(language).split(",")
    if staffing.options.named:
        heading += Text("留用,还缺", "keep,lacking").in_(language).split(",")
    heading.append(Text("制约", "what binds").in_(language))
    rows = [_unit_row(staffing, unit, language) for unit in staffing.own]
    rows.append(_total_row(staffing, language))
    rows += [_unit_row(staffing, unit, language) for unit in staffing.units if unit.merged]
    return _section(
        Text("各单位最少人车", "Least staff of each unit").in_(language),
        heading,
        rows,
        _remarks(staffing, language),
        has_total=not any(unit.merged for unit in staffing.units),
    )


def _unit_row(staffing: Staffing, unit: UnitStaffing, language: Language) -> _Row:
    merged = Text("（合并）", " (merged)").in_(language) if unit.merged else ""
    cells: list[str | int] = [f"{unit.name}{merged}", unit.has_people, unit.has_vehicles]
    if staffing.options.anonymous:
        cells += [_cell(unit.people), _cell(unit.vehicles)]
    if staffing.options.named:
        cells += _named_cells(unit)
    comma = Text("；", "; ").in_(language)
    cells.append(comma.join(bind.in_(language) for bind in unit.binds))
    return tuple(cells)


def _named_cells(unit: UnitStaffing) -> list[str | int]:
    named = unit.named
    if named is None:
        return ["", ""]
    if named.least.possible:
        return [_cell(named.least), _cell(named.more) if named.more.upper == 0 else ""]
    return ["", _cell(named.more)]


def _total_row(staffing: Staffing, language: Language) -> _Row:
    own = staffing.own
    cells: list[str | int] = [
        Text("全县", "county").in_(language),
        sum(unit.has_people for unit in own),
        sum(unit.has_vehicles for unit in own),
    ]
    if staffing.options.anonymous:
        cells += [_cell(staffing.people), _cell(staffing.vehicles)]
    return (*cells, *("",) * (1 + 2 * staffing.options.named))


def _remarks(staffing: Staffing, language: Language) -> Iterator[str]:
    """Say which plans failed the audit for other reasons than staff."""
    for unit in staffing.units:
        if unit.breaches and not unit.people.exact:
            rules = [rule_name(slug) for slug in unit.breaches]
            zh, en = "、".join(r.zh for r in rules), ", ".join(r.en for r in rules)
            yield Text(
                f"{unit.name}：试编的计划未通过审核（{zh}），故只有下界。",
                f"{unit.name}: the plans tried did not pass the audit ({en}), hence a bound only.",
            ).in_(language)


def _shifts(staffing: Staffing) -> list[int]:
    return sorted({cell.shift_minutes for cell in staffing.frontier()})


def _frontier(staffing: Staffing, language: Language) -> Section:
    """Return least people by vehicles a unit and shift: the county, then units that differ."""
    shifts = _shifts(staffing)
    minutes = Text("{}分钟", "{} min")
    heading = [
        *Text("单位,车辆", "unit,vehicles").in_(language).split(","),
        *(minutes.in_(language).format(shift) for shift in shifts),
    ]
    each = Text("每单位{}", "{} a unit").in_(language)
    county = Text("全县", "county").in_(language)
    cells = {(c.shift_minutes, c.vehicles): _cell(c.people) for c in staffing.frontier()}
    rows: list[_Row] = [
        (county, each.format(vehicles), *(cells.get((s, vehicles), "") for s in shifts))
        for vehicles in sorted({vehicles for _, vehicles in cells})
    ]
    for unit in staffing.units:
        own = {(c.shift_minutes, c.vehicles): _cell(c.people) for c in unit.frontier}
        if len(set(own.values())) > 1 or unit.merged:
            rows += [
                (unit.name, vehicles, *(own.get((s, vehicles), "") for s in shifts))
                for vehicles in sorted({vehicles for _, vehicles in own})
            ]
    same = Text(
        "未列出的单位，各班次、各车辆数下最少人数相同。",
        "Units not listed need the same with every shift and number of vehicles.",
    )
    title = Text("人数×车辆×班次", "People, vehicles and shift")
    section = _section(title.in_(language), heading, rows, (same.in_(language),))
    return replace(section, blocks=(*section.blocks, _chart(staffing, language)))


def _reliefs(staffing: Staffing, language: Language) -> Section:
    """Return the worth of the next person against the next vehicle."""
    heading = Text(
        "单位,情形,缺趟,最忙周趟数,人均巡查日,更有效",
        "unit,with,patrols short,busiest week,days a person,better",
    )
    rows = [
        (
            unit.name if place == 0 else "",
            relief.with_more.in_(language),
            relief.patrols_short,
            "–" if relief.busiest_week is None else relief.busiest_week,
            _number(relief.days_a_person),
            "✓" if relief == _better(unit.reliefs) else "",
        )
        for unit in staffing.units
        for place, relief in enumerate(unit.reliefs)
    ]
    title = Text("多一人与多一车", "One more person, one more vehicle")
    return _section(title.in_(language), heading.in_(language).split(","), rows)


def _better(reliefs: Sequence[Relief]) -> Relief | None:
    """Return the better of one more person and one more vehicle, None where they are equal."""

    def worth(relief: Relief) -> tuple[float, ...]:
        busiest = relief.busiest_week
        return (relief.patrols_short, busiest is None, busiest or 0, relief.days_a_person)

    best = sorted(reliefs[1:], key=worth)
    if len(best) < 2 or worth(best[0]) == worth(best[1]):
        return None
    return best[0]


#: Of so many half-months each is named.
_MOST_NAMED = 4
#: How each verdict that is told one by one reads, the worst first; the others are only counted.
_VERDICTS = {
    AbsenceVerdict.SHORT: Text("缺{}趟（已证明）", "{} short (proven)"),
    AbsenceVerdict.OPEN: Text("未找到方案，也未证明", "no roster found, none ruled out"),
    AbsenceVerdict.REPLANNED: Text("最紧，已重排并通过审核", "tightest; replanned and audited"),
    AbsenceVerdict.NOT_PLANNED: Text(
        "计数可行，重排未通过审核", "counts allow it; the new plan is not lawful"
    ),
}


def _absences(staffing: Staffing, language: Language) -> Section:
    """Return whose absence breaks which windows; those that are covered only in number."""
    heading = Text("单位,谁离岗,何时,结果", "unit,away,when,result").in_(language).split(",")
    rows: list[_Row] = []
    sentences: list[str] = []
    for unit in staffing.units:
        for who, mine in groupby(sorted(unit.absences, key=_by_who), key=_by_who):
            rows += _absence_rows(unit, who[1], list(mine), language)
        if unit.absences:
            fine = sum(one.verdict not in _VERDICTS for one in unit.absences)
            sentences.append(
                Text(
                    f"{unit.name}：{len(unit.absences)}种缺勤中{fine}种按计数可由他人顶替。",
                    f"{unit.name}: counts cover {fine} of {len(unit.absences)} absences.",
                ).in_(language)
            )
        else:
            sentences.append(
                Text(
                    f"{unit.name}：现有人车已不够，不再测算缺勤。",
                    f"{unit.name}: the staff is too small as it is; absences are not looked at.",
                ).in_(language)
            )
    title = Text("缺一不可", "Nobody to spare")
    return _section(title.in_(language), heading, rows, sentences)


def _by_who(one: AbsenceOutcome) -> tuple[bool, str]:
    return one.vehicle, one.who


def _absence_rows(
    unit: UnitStaffing, who: str, mine: Sequence[AbsenceOutcome], language: Language
) -> Iterator[tuple[str, ...]]:
    """Yield a row for each verdict, its half-months together."""
    by_verdict: dict[AbsenceVerdict, list[AbsenceOutcome]] = {}
    for one in mine:
        if one.verdict in _VERDICTS:
            by_verdict.setdefault(one.verdict, []).append(one)
    for verdict, together in sorted(
        by_verdict.items(), key=lambda item: list(_VERDICTS).index(item[0])
    ):
        name = f"{together[0].name}（{who}）" if language == "zh" else f"{together[0].name} ({who})"
        when = _when(together, len(mine)).in_(language)
        low, high = min(one.short for one in together), max(one.short for one in together)
        short = str(low) if low == high else f"{low}–{high}"
        yield unit.name, name, when, _VERDICTS[verdict].in_(language).format(short)


def _when(together: Sequence[AbsenceOutcome], of_all: int) -> Text:
    """Name the half-months, the worst of them where they are many."""
    count = len(together)
    if count == of_all:
        return Text("任何半月", "any half-month")
    worst = sorted(together, key=lambda one: -one.short)[:_MOST_NAMED]
    named = [one.when for one in together if one in worst]
    zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
    if count > len(named):
        return Text(f"{zh}等{count}个半月", f"{en} and {count - len(named)} more")
    return Text(zh, en)


def _chart(staffing: Staffing, language: Language) -> Chart:
    """Return the county's least people over vehicles a unit, a line for each shift."""
    cells = {(c.shift_minutes, c.vehicles): c.people for c in staffing.frontier()}
    places = tuple(sorted({vehicles for _, vehicles in cells}))
    lines = []
    for shift in _shifts(staffing):
        counts = [cells.get((shift, vehicles)) for vehicles in places]
        values = tuple(c.lower if c is not None and c.possible else None for c in counts)
        lines.append(Line(Text(f"{shift}分钟", f"{shift} min").in_(language), values))
    return Chart(
        Text("最少人数图", "Chart of least people").in_(language),
        Text("全县最少人数（已证明的下界）", "least people of the county (proven)").in_(language),
        Text("每单位车辆数", "vehicles a unit").in_(language),
        Text("人", "people").in_(language),
        places,
        tuple(lines),
    )
