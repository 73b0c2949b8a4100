"""季度巡查工作计划: a station's slice of the year's plan, with the contents of art. 11."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from network.problems import Language
from reports.closing import write_legality, write_settings, write_warning
from reports.escaping import file_name
from reports.figures import Figures, Quarter, totals
from reports.legality import Legality, legality, part_of
from reports.official_document import OfficialDocument
from reports.rule_texts import article_text, frequency_rows
from reports.words import (
    SEALED,
    clock,
    kind_name,
    level_name,
    listed,
    period,
    quarter_name,
    short_day,
    weekday,
    window_name,
)
from scheduling.county.model import Unit
from scheduling.plan.model import Patrol, PatrolKind


def write_quarterly(
    figures: Figures, folder: Path, language: Language, progress: Callable[[int, int], None]
) -> None:
    """Write one document per township station and quarter into a folder of their own."""
    stations = [unit for unit in figures.units if unit.authority == "township"]
    jobs = [(unit, quarter) for unit in stations for quarter in figures.quarters]
    names = unit_file_names(figures)
    place = folder / ("季度巡查工作计划" if language == "zh" else "quarterly plans")
    statement = legality(figures)
    for done, (unit, quarter) in enumerate(jobs, 1):
        document = _document(figures, unit, quarter, language, statement)
        label = f"{quarter.year}年{quarter_name(quarter.number, 'zh')}"
        if language == "en":
            label = f"{quarter.year} Q{quarter.number}"
        document.save(place / f"{label} {names[unit.id]}.docx")
        progress(done, len(jobs))


def unit_file_names(figures: Figures) -> dict[str, str]:
    """Return a safe file name part per unit; equal names are told apart by id."""
    names = {unit.id: file_name(unit.name) for unit in figures.units}
    folded = [name.casefold() for name in names.values()]
    return {
        unit: name if folded.count(name.casefold()) == 1 else f"{name} {file_name(unit)}"
        for unit, name in names.items()
    }


def _document(
    figures: Figures, unit: Unit, quarter: Quarter, language: Language, whole: Legality
) -> OfficialDocument:
    statement = part_of(whole, unit.id, quarter.first_day, quarter.last_day)
    name = f"{quarter.year}年{quarter_name(quarter.number, 'zh')}巡查工作计划"
    if language == "en":
        name = f"Patrol plan, Q{quarter.number} {quarter.year}"
    document = OfficialDocument(language, f"{unit.name} {name}", unit.name, quarter.first_day)
    document.title(unit.name, name)
    write_warning(document, statement)
    patrols = tuple(p for p in figures.patrols_by_unit[unit.id] if quarter.holds(p.day))
    _introduction(document, figures, quarter, patrols)
    _zones(document, figures, unit, patrols)
    _people(document, figures, unit, patrols)
    _routes(document, figures, patrols)
    _frequency(document, figures, unit, quarter)
    write_settings(document, figures)
    write_legality(document, figures, statement, unit.id)
    document.signature(unit.name)
    return document


def _introduction(
    document: OfficialDocument, figures: Figures, quarter: Quarter, patrols: tuple[Patrol, ...]
) -> None:
    norm, sums = figures.plan.regulation, totals(patrols)
    quotes = [rule for rule in norm.content if rule.authority == "township" and rule.quote]
    quoted = "".join(
        f"“{rule.quote}”（{article_text(rule.article, document.language)}）" for rule in quotes
    )
    span = period(quarter.first_day, quarter.last_day, document.language)
    document.body(
        document.say(
            f"根据《{norm.name}》{quoted}，制定本计划。本计划是年度巡查计划在{span}的部分，"
            f"共安排巡查{sums.patrols}次，到访{sums.visits}次，行车约{sums.length_km:,.0f}公里。",
            f"Under {norm.name_en or norm.name} {quoted}. This is the part of the year's plan for "
            f"{span}: {sums.patrols} patrols, {sums.visits} visits, about "
            f"{sums.length_km:,.0f} km.",
        )
    )


def _zones(
    document: OfficialDocument, figures: Figures, unit: Unit, patrols: tuple[Patrol, ...]
) -> None:
    document.section("巡查责任区域", "Zones answered for")
    visits = [visit.zone for patrol in patrols for visit in patrol.visits]
    language = document.language
    document.table(
        (
            document.say("序号", "No."),
            document.say("巡查区", "Zone"),
            document.say("级别", "Level"),
            document.say("类型", "Kind"),
            document.say("直接责任人", "Responsible"),
            document.say("本季次数", "Visits"),
        ),
        [
            (
                number,
                zone.name,
                level_name(zone.level, language),
                kind_name(zone.kind, language),
                listed(figures.names(zone.responsible.get(unit.authority, ())), language),
                visits.count(zone.id),
            )
            for number, zone in enumerate(figures.zones_of(unit), 1)
        ],
        (10, 40, 14, 18, 24, 14),
    )


def _people(
    document: OfficialDocument, figures: Figures, unit: Unit, patrols: tuple[Patrol, ...]
) -> None:
    document.section("巡查责任人员", "People")
    crew = [member.inspector for patrol in patrols for member in patrol.crew]
    head = unit.head or "—"
    document.body(
        document.say(
            f"第一责任人：{head}。参加巡查人员如下，出巡时携带有效执法证件。",
            f"First responsible person: {head}. These people patrol, certificates with them.",
        )
    )
    ids = sorted({p.id for p in figures.people_of(unit)} | {*crew})
    document.table(
        (
            document.say("姓名", "Name"),
            document.say("执法证号", "Certificate"),
            document.say("有效期至", "Valid until"),
            document.say("职责", "Role"),
            document.say("本季出巡（天）", "Patrol days"),
        ),
        [
            (
                person.name,
                person.certificate_number or "—",
                person.certificate_until.isoformat() if person.certificate_until else "—",
                document.say("巡查人员", "inspector")
                if person.certificate_number
                else document.say("驾驶员", "driver"),
                crew.count(person.id),
            )
            for person in (figures.people[i] for i in ids if i in figures.people)
        ],
        (22, 34, 24, 20, 24),
    )


def _routes(document: OfficialDocument, figures: Figures, patrols: tuple[Patrol, ...]) -> None:
    document.section("巡查路线与时段", "Routes and times")
    language = document.language
    rows = []
    for number, patrol in enumerate(patrols, 1):
        sealed = patrol.kind == PatrolKind.SPOT_CHECK
        crew = figures.names(tuple(member.inspector for member in patrol.crew))
        rows.append(
            (
                number,
                f"{short_day(patrol.day, language)} {weekday(patrol.day, language)}",
                "—" if sealed else f"{clock(patrol.depart_seconds)}–{clock(patrol.return_seconds)}",
                SEALED.in_(language) if sealed else route_text(figures, patrol),
                "—" if sealed else f"{patrol.length_m / 1000:.0f}",
                listed(crew, language),
                figures.plate(patrol.vehicle),
            )
        )
    document.table(
        (
            document.say("序号", "No."),
            document.say("日期", "Day"),
            document.say("时段", "Time"),
            document.say("路线（按到访顺序）", "Route in order"),
            document.say("公里", "km"),
            document.say("人员", "Crew"),
            document.say("车辆", "Vehicle"),
        ),
        rows,
        (8, 20, 16, 52, 9, 20, 17),
        points=9,
    )


def route_text(figures: Figures, patrol: Patrol) -> str:
    """Return the zones of a patrol in order, joined by arrows."""
    return " → ".join(figures.zone_name(visit.zone) for visit in patrol.visits)


def _frequency(document: OfficialDocument, figures: Figures, unit: Unit, quarter: Quarter) -> None:
    document.section("巡查频率", "Frequencies")
    language = document.language
    document.table(
        (
            document.say("巡查主体", "Authority"),
            document.say("巡查区", "Zones"),
            document.say("基本频率", "Frequency"),
            document.say("条文", "Article"),
            document.say("依据原文", "The norm's words"),
        ),
        frequency_rows(figures.plan.regulation, language, {unit.authority}),
        (18, 17, 24, 12, 52),
    )
    windows: dict[str, list[int]] = {}
    for status in figures.statuses:
        row = status.requirement
        if row.unit == unit.id and quarter.holds(row.window.first_day):
            sums = windows.setdefault(window_name(row.window, language), [0, 0, 0, 0])
            for i, add in enumerate((1, row.count, status.planned, status.missing)):
                sums[i] += add
    document.table(
        (
            document.say("时段", "Window"),
            document.say("巡查区", "Zones"),
            document.say("应巡查（次）", "Owed"),
            document.say("已排（次）", "Planned"),
            document.say("缺（次）", "Missing"),
        ),
        [(name, *sums) for name, sums in windows.items()],
        (30, 20, 22, 22, 20),
    )
