"""年度巡查工作计划: the annual plan with the contents of art. 10, as an official document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from network.problems import Language
from reports.annual_chance import write_chance
from reports.closing import write_legality, write_settings, write_warning
from reports.escaping import file_name
from reports.figures import Figures
from reports.legality import legality
from reports.official_document import OfficialDocument
from reports.rule_texts import article_text, frequency_rows, note_rows, peak_rows
from reports.words import (
    AUTHORITIES,
    PROVISIONAL,
    WINDOWS,
    kind_name,
    level_name,
    listed,
    month_name,
    period,
    year_mark,
)
from scheduling.county.model import Unit, Zone
from scheduling.regulation.model import Regulation


def write_annual(
    figures: Figures, folder: Path, language: Language, progress: Callable[[int, int], None]
) -> None:
    """Write the annual plan into ``folder``."""
    plan = figures.plan
    settings = plan.county.settings
    bureau = settings.office.bureau or settings.name
    scope = scope_name(figures, language)
    name = f"{scope}巡查工作计划" if language == "zh" else f"Patrol plan {scope}"
    document = OfficialDocument(language, name, bureau, plan.first_day)
    document.title(bureau, name)
    if settings.office.document_prefix:
        document.centred(f"{settings.office.document_prefix}{year_mark(plan.first_day.year)}　　号")
    statement = legality(figures)
    write_warning(document, statement)
    _introduction(document, figures, bureau)
    _overview(document, figures)
    _zones(document, figures)
    _forces(document, figures)
    _frequencies(document, figures)
    _calendar(document, figures)
    _months(document, figures)
    _spot_checks(document, figures)
    write_chance(document, figures)
    write_settings(document, figures)
    write_legality(document, figures, statement)
    document.signature(bureau)
    stem = f"{scope}巡查工作计划" if language == "zh" else f"annual-plan {scope}"
    document.save(folder / f"{file_name(stem)}.docx")
    progress(1, 1)


def scope_name(figures: Figures, language: Language) -> str:
    """Return "2026年度" for a whole year, the days otherwise."""
    first, last = figures.plan.first_day, figures.plan.last_day
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    if whole and first.year == last.year:
        return f"{first.year}年度" if language == "zh" else str(first.year)
    return period(first, last, language)


def _introduction(document: OfficialDocument, figures: Figures, bureau: str) -> None:
    plan = figures.plan
    norm = plan.regulation
    quotes = [
        f"“{rule.quote}”（{article_text(rule.article, document.language)}）"
        for rule in norm.content
        if rule.authority == "county" and rule.quote
    ]
    span = period(plan.first_day, plan.last_day, document.language)
    title = document.say(f"《{norm.name}》", norm.name_en or norm.name)
    document.body(
        document.say(
            f"根据{title}"
            + (f"关于{'、'.join(quotes)}的要求，" if quotes else "，")
            + f"结合{plan.county.settings.name}实际，制定本计划。"
            f"计划期为{span}，只计完整落在计划期内的时段。",
            f"Under {title}"
            + (f" ({', '.join(quotes)})" if quotes else "")
            + f", {bureau} plans as follows for {span}. Only windows that lie wholly inside "
            "these days are owed.",
        )
    )


def _overview(document: OfficialDocument, figures: Figures) -> None:
    document.section("总体安排", "Overview")
    sums, county = figures.totals, figures.plan.county
    levels = [
        f"{level_name(level, document.language)}{count}个"
        if document.language == "zh"
        else f"{count} of {level_name(level, 'en').lower()}"
        for level in (1, 2, 3)
        if (count := sum(zone.level == level for zone in county.zones))
    ]
    document.body(
        document.say(
            f"全域划定巡查区{len(county.zones)}个，其中{'、'.join(levels)}；"
            f"由{len(figures.units)}个实施单位包干，安排巡查{sums.patrols}次"
            f"（其中抽查{sums.spot_checks}次），巡查区到访{sums.visits}次，"
            f"{sums.person_days}人天，行车约{sums.length_km:,.0f}公里，"
            f"外业约{sums.work_hours:,.0f}小时（后三项中里程、工时不含抽查）。",
            f"{len(county.zones)} zones ({', '.join(levels)}) are held by {len(figures.units)} "
            f"units: {sums.patrols} patrols ({sums.spot_checks} of them spot checks), "
            f"{sums.visits} visits, {sums.person_days} person-days, about {sums.length_km:,.0f} km "
            f"and {sums.work_hours:,.0f} hours (distance and hours without spot checks).",
        )
    )


def _zones(document: OfficialDocument, figures: Figures) -> None:
    document.section("巡查区划定、划片包干与责任到人", "Zones, units and responsible persons")
    language = document.language
    rows: list[tuple[object, ...]] = []
    for unit in figures.units:
        mine = figures.zones_of(unit)
        counts = [sum(zone.level == level for zone in mine) for level in (1, 2, 3)]
        rows.append((unit.name, AUTHORITIES[unit.authority].in_(language), *counts, len(mine)))
    heads = [level_name(level, language) for level in (1, 2, 3)]
    document.subsection(document.say("各单位包干的巡查区", "Zones of each unit"))
    document.table(
        (document.say("实施单位", "Unit"), document.say("层级", "Authority"), *heads,
         document.say("合计", "Total")),
        rows,
        (40, 22, 12, 12, 12, 12),
    )  # fmt: skip
    lowest = [unit for unit in figures.units if unit.authority == "township"] or figures.units
    for unit in lowest:
        document.subsection(unit.name)
        _zone_table(document, figures, unit)


def _zone_table(document: OfficialDocument, figures: Figures, unit: Unit) -> None:
    language = document.language
    head = unit.head or "—"
    document.body(
        document.say(f"第一责任人（主要负责人）：{head}。", f"First responsible person: {head}.")
    )
    zones = figures.zones_of(unit)
    heads = document.say(
        "序号 巡查区 级别 类型 直接责任人", "No. Zone Level Kind Responsible"
    ).split()
    rows: list[tuple[object, ...]] = [
        (
            number,
            zone.name,
            level_name(zone.level, language),
            kind_name(zone.kind, language),
            listed(figures.names(zone.responsible.get(unit.authority, ())), language),
        )
        for number, zone in enumerate(zones, 1)
    ]
    widths = [9, 36, 12, 18, 24]
    above = [_held_above(figures, zone, unit.authority, language) for zone in zones]
    if any(above):
        heads.append(document.say("上级实施单位及责任人", "Unit above and responsible"))
        rows = [(*row, text or "—") for row, text in zip(rows, above, strict=True)]
        widths.append(36)
    document.table(heads, rows, widths)


def _held_above(figures: Figures, zone: Zone, authority: str, language: Language) -> str:
    """Return the units of other authorities that also owe the zone visits, and their people."""
    parts = []
    for other, unit in sorted(zone.units.items()):
        if other != authority:
            people = figures.names(zone.responsible.get(other, ()))
            parts.append(listed([figures.unit_name(unit), *people], language))
    return "；".join(parts) if language == "zh" else "; ".join(parts)


def _forces(document: OfficialDocument, figures: Figures) -> None:
    document.section("实施单位与巡查力量", "Units, people and vehicles")
    language, first = document.language, figures.plan.first_day
    rows = []
    for unit in figures.units:
        people = figures.people_of(unit)
        certified = [p.name for p in people if p.certified_on(first)]
        vehicles = [v.plate for v in figures.vehicles_of(unit)]
        rows.append(
            (
                unit.name,
                unit.head or "—",
                len(certified),
                listed(certified, language) or "—",
                listed([p.name for p in people if not p.certificate_number], language) or "—",
                listed(vehicles, language) or "—",
            )
        )
    document.table(
        (
            document.say("实施单位", "Unit"),
            document.say("主要负责人", "Head"),
            document.say("持证人数", "Certified"),
            document.say("持证巡查人员", "Certified inspectors"),
            document.say("驾驶员", "Drivers"),
            document.say("车辆", "Vehicles"),
        ),
        rows,
        (30, 15, 12, 36, 16, 22),
    )
    team = figures.plan.regulation.team
    if team:
        document.body(
            document.say(
                f"每次巡查持有效执法证件的人员不少于{team.min_certified}人：“{team.quote}”"
                f"（{article_text(team.article, 'zh')}）。",
                f"Every patrol has at least {team.min_certified} people with valid certificates "
                f"({article_text(team.article, 'en')}: “{team.quote}”).",
            )
        )


def _frequencies(document: OfficialDocument, figures: Figures) -> None:
    document.section("巡查基本频率与高峰期", "Base frequencies and peaks")
    language, norm = document.language, figures.plan.regulation
    document.subsection(document.say("基本频率", "Base frequencies"))
    document.table(
        (
            document.say("巡查主体", "Authority"),
            document.say("巡查区", "Zones"),
            document.say("基本频率", "Frequency"),
            document.say("条文", "Article"),
            document.say("依据原文", "The norm's words"),
        ),
        frequency_rows(norm, language, {unit.authority for unit in figures.plan.county.units}),
        (18, 17, 24, 12, 52),
    )
    _peaks(document, norm)
    _notes(document, norm)
    _reporting(document, norm, {unit.authority for unit in figures.plan.county.units})


def _peaks(document: OfficialDocument, norm: Regulation) -> None:
    if norm.peak:
        document.subsection(document.say("高峰期加密", "Peaks"))
        document.table(
            (
                document.say("高峰期", "Peak"),
                document.say("起止", "Days"),
                document.say("适用", "Zones"),
                document.say("每时段增加", "More per window"),
                document.say("依据", "Source"),
            ),
            peak_rows(norm, document.language),
            (24, 20, 14, 14, 50),
        )


def _notes(document: OfficialDocument, norm: Regulation) -> None:
    notes = note_rows(norm, document.language)
    if notes:
        document.subsection(
            document.say("条文及本计划的执行口径", "Articles and how they are read")
        )
        document.table(
            (
                document.say("条文", "Article"),
                document.say("原文", "The norm's words"),
                document.say("执行口径", "Read as"),
            ),
            notes,
            (14, 50, 56),
        )


def _reporting(document: OfficialDocument, norm: Regulation, present: Collection[str]) -> None:
    language = document.language
    for rule in norm.reporting:
        if rule.authority not in present:
            continue
        every = WINDOWS[rule.every].in_(language)
        who = AUTHORITIES[rule.authority].in_(language)
        document.body(
            document.say(
                f"报告：{who}{every}向{rule.to}报告（{article_text(rule.article, 'zh')}）。",
                f"Reporting: {who}, every {every}, to {rule.to} "
                f"({article_text(rule.article, 'en')}).",
            )
        )


def _calendar(document: OfficialDocument, figures: Figures) -> None:
    document.section("工作日历", "Work calendar")
    calendar, language = figures.plan.calendar, document.language
    if calendar.provisional_years:
        years = listed([str(year) for year in calendar.provisional_years], language)
        document.warning(f"{years}{document.say('年', '')}：{PROVISIONAL.in_(language)}")
    inside = [d for d in calendar.workdays if figures.plan.first_day <= d <= figures.plan.last_day]
    duty = [d for d in calendar.duty_days if figures.plan.first_day <= d <= figures.plan.last_day]
    weekend = sum(day.weekday() >= 5 for day in inside)
    document.body(
        document.say(
            f"计划期内工作日{len(inside)}天，其中调休上班的周末{weekend}天"
            + (f"；另有可安排值班巡查的日子{len(duty)}天。" if duty else "；不安排值班巡查。"),
            f"{len(inside)} workdays, {weekend} of them make-up weekend days; "
            + (f"{len(duty)} further days open to duty patrols." if duty else "no duty patrols."),
        )
    )
    _by_month(document, figures, [(document.say("工作日", "Workdays"), figures.workdays_by_month)])


def _months(document: OfficialDocument, figures: Figures) -> None:
    document.section("分月巡查安排", "Patrols by month")
    counts = figures.patrols_by_unit_month
    rows = [
        (unit.name, {(y, m): counts.get((unit.id, y, m), 0) for y, m in figures.months})
        for unit in figures.units
    ]
    _by_month(document, figures, rows)


def _by_month(
    document: OfficialDocument,
    figures: Figures,
    rows: Sequence[tuple[str, Mapping[tuple[int, int], int]]],
) -> None:
    """Write a table of one column per month; a horizon over a year is cut into years."""
    language = document.language
    for year in sorted({year for year, _ in figures.months}):
        months = [key for key in figures.months if key[0] == year]
        table = [
            (name, *(counts.get(key, 0) for key in months), sum(counts.get(k, 0) for k in months))
            for name, counts in rows
        ]
        document.table(
            (str(year), *(month_name(month, language) for _, month in months),
             document.say("合计", "Total")),
            table,
            (36, *(10 for _ in months), 13),
            points=9,
        )  # fmt: skip


def _spot_checks(document: OfficialDocument, figures: Figures) -> None:
    if not figures.spot_checks:
        return
    document.section("抽查", "Spot checks")
    document.body(
        document.say(
            "抽查的巡查区、日期与路线密封保存，不在本计划中公布；此处仅列次数。",
            "Zones, days and routes of spot checks are sealed; only their number is stated here.",
        )
    )
    document.table(
        (
            document.say("实施单位", "Unit"),
            document.say("抽查出动（次）", "Patrols"),
        ),
        [(figures.unit_name(unit), count) for unit, count in figures.spot_checks.items()],
        (40, 24),
    )
