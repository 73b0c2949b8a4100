"""工作簿: the plan as spreadsheet tables, for those who work on with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.workbook import Workbook

from network.problems import Language, Text
from reports.annual import scope_name
from reports.closing import group_text
from reports.escaping import file_name
from reports.figures import Figures
from reports.legality import legality
from reports.rule_texts import article_text, frequency_text
from reports.sheet_table import Value, new_sheet, write_table
from reports.words import (
    BASES,
    PATROL_KINDS,
    SEALED,
    clock,
    kind_name,
    level_name,
    listed,
    minutes,
    weekday,
    window_name,
)
from reports.workbook_days import write_calendar, write_roster
from reports.workbook_file import save_workbook
from reports.workbook_spare import write_spare
from reports.workbook_summary import write_summary
from reports.workbook_zones import write_zones
from scheduling.plan.model import PatrolKind


def write_workbook(
    figures: Figures, folder: Path, language: Language, progress: Callable[[int, int], None]
) -> None:
    """Write the workbook into ``folder``."""
    book = Workbook()
    book.remove(book.worksheets[0])
    writers = (
        write_summary,
        write_calendar,
        write_roster,
        _patrols,
        _visits,
        _workload,
        _requirements,
        _unmet,
        _need,
        write_spare,
        write_zones,
        _settings,
    )
    for done, write in enumerate(writers, 1):
        write(book, figures, language)
        progress(done, len(writers))
    name = f"{scope_name(figures, language)}巡查计划工作簿"
    if language == "en":
        name = f"workbook {scope_name(figures, language)}"
    save_workbook(book, folder / f"{file_name(name)}.xlsx", figures.plan.first_day)


def _say(language: Language, *pairs: tuple[str, str]) -> list[str]:
    return [Text(*pair).in_(language) for pair in pairs]


def _patrols(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("巡查表", "Patrols").in_(language), landscape=True)
    rows: list[list[Value]] = []
    for patrol in sorted(figures.plan.patrols, key=lambda p: (p.day, p.unit, p.id)):
        sealed = patrol.kind == PatrolKind.SPOT_CHECK
        route = [figures.zone_name(visit.zone) for visit in patrol.visits]
        members = tuple(member.inspector for member in patrol.crew)
        rows.append(
            [
                patrol.day.isoformat(),
                weekday(patrol.day, language),
                figures.unit_name(patrol.unit),
                PATROL_KINDS[patrol.kind].in_(language),
                "" if sealed else clock(patrol.depart_seconds),
                "" if sealed else clock(patrol.return_seconds),
                listed(figures.names(members), language),
                figures.plate(patrol.vehicle),
                SEALED.in_(language) if sealed else " → ".join(route),
                None if sealed else len(route),
                None if sealed else minutes(patrol.drive_seconds),
                None if sealed else minutes(patrol.inspect_seconds),
                None if sealed else round(patrol.length_m / 1000, 1),
                patrol.id,
            ]
        )
    headers = _say(
        language,
        ("日期", "Day"),
        ("星期", "Weekday"),
        ("实施单位", "Unit"),
        ("性质", "Kind"),
        ("出发", "Leave"),
        ("返回", "Return"),
        ("巡查人员", "Crew"),
        ("车辆", "Vehicle"),
        ("路线", "Route"),
        ("到访", "Visits"),
        ("行车分钟", "Driving min"),
        ("检查分钟", "Inspecting min"),
        ("公里", "km"),
        ("巡查号", "Patrol"),
    )
    widths = (12, 8, 24, 10, 8, 8, 22, 13, 60, 7, 10, 12, 8, 20)
    write_table(sheet, headers, rows, widths, freeze_columns=3)


def _visits(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("到访表", "Visits").in_(language), landscape=True)
    rows: list[list[Value]] = []
    for patrol in sorted(figures.plan.patrols, key=lambda p: (p.day, p.unit, p.id)):
        for number, visit in enumerate(patrol.visits, 1):
            zone = figures.zones.get(visit.zone)
            rows.append(
                [
                    patrol.day.isoformat(),
                    figures.unit_name(patrol.unit),
                    number,
                    clock(visit.arrive_seconds),
                    minutes(visit.inspect_seconds),
                    visit.zone,
                    figures.zone_name(visit.zone),
                    level_name(zone.level, language) if zone else "",
                    kind_name(zone.kind, language) if zone else "",
                    round(visit.lon, 6),
                    round(visit.lat, 6),
                    patrol.id,
                ]
            )
    headers = _say(
        language,
        ("日期", "Day"),
        ("实施单位", "Unit"),
        ("次序", "No."),
        ("到达", "Arrive"),
        ("分钟", "Minutes"),
        ("巡查区号", "Zone id"),
        ("巡查区", "Zone"),
        ("级别", "Level"),
        ("类型", "Kind"),
        ("经度WGS84", "Longitude"),
        ("纬度WGS84", "Latitude"),
        ("巡查号", "Patrol"),
    )
    looks = [
        *["short", "text", *["short"] * 4, "text", "short", "short"],
        "degrees",
        "degrees",
        "text",
    ]
    write_table(sheet, headers, rows, (12, 24, 7, 8, 8, 12, 28, 9, 14, 13, 13, 20), looks=looks)


def _workload(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("工作量", "Workload").in_(language))
    rows: list[list[Value]] = []
    for load in figures.loads:
        person = load.inspector
        units = [figures.unit_name(unit) for unit in person.units]
        rows.append(
            [
                person.name,
                listed(units, language),
                person.certificate_number or "—",
                len(load.days),
                round(load.work_hours, 1),
                load.busiest_week_days,
            ]
        )
    headers = _say(
        language,
        ("姓名", "Name"),
        ("单位", "Unit"),
        ("执法证号", "Certificate"),
        ("出巡天数", "Patrol days"),
        ("外业小时（不含抽查）", "Hours without spot checks"),
        ("最忙一周（天）", "Busiest week (days)"),
    )
    write_table(sheet, headers, rows, (14, 30, 18, 11, 22, 16), freeze_columns=1)
    if rows:
        chart: Any = BarChart()
        chart.type = "bar"
        chart.title = Text("每人出巡天数", "Patrol days per person").in_(language)
        chart.legend = None
        chart.add_data(Reference(sheet, min_col=4, min_row=2, max_row=len(rows) + 1))
        chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=len(rows) + 1))
        chart.height = max(6.0, 0.55 * len(rows) + 2)
        chart.width = 18.0
        chart.gapWidth = 40
        chart.x_axis.scaling.orientation = "maxMin"
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.series[0].graphicalProperties.solidFill = "3A78B5"
        sheet.add_chart(chart, "H2")


def _requirements(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("应巡查与完成", "Requirements").in_(language), landscape=True)
    days = {visit.id: patrol.day for patrol in figures.plan.patrols for visit in patrol.visits}
    rows: list[list[Value]] = []
    for status in figures.statuses:
        row = status.requirement
        zone, rule = figures.zones.get(row.zone), figures.rules.get(row.rule)
        met = sorted(days[v] for v in figures.plan.met.get(row.id, ()) if v in days)
        rows.append(
            [
                figures.unit_name(row.unit),
                row.zone,
                figures.zone_name(row.zone),
                level_name(zone.level, language) if zone else "",
                article_text(row.article, language),
                frequency_text(rule, language) if rule else row.rule,
                row.window.first_day.isoformat(),
                row.window.last_day.isoformat(),
                row.count,
                status.planned,
                status.missing,
                listed([f"{day:%m-%d}" for day in met], language),
            ]
        )
    headers = _say(
        language,
        ("实施单位", "Unit"),
        ("巡查区号", "Zone id"),
        ("巡查区", "Zone"),
        ("级别", "Level"),
        ("条文", "Article"),
        ("频率", "Frequency"),
        ("时段起", "From"),
        ("时段止", "To"),
        ("应巡查", "Owed"),
        ("已排", "Planned"),
        ("缺", "Missing"),
        ("到访日期", "Days"),
    )
    widths = (24, 11, 26, 8, 10, 22, 12, 12, 8, 8, 7, 20)
    write_table(sheet, headers, rows, widths)
    _spot_check_rows(book, figures, language)


def _spot_check_rows(book: Workbook, figures: Figures, language: Language) -> None:
    """Write spot checks as numbers per unit: their zones and days are sealed."""
    sheet = new_sheet(book, Text("抽查", "Spot checks").in_(language))
    rows: list[list[Value]] = [
        [figures.unit_name(unit), count] for unit, count in figures.spot_checks.items()
    ]
    headers = _say(
        language,
        ("实施单位", "Unit"),
        ("抽查出动（次）", "Patrols"),
    )
    write_table(sheet, headers, rows, (30, 16))


def _unmet(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("未满足", "Unmet").in_(language), landscape=True)
    rows: list[list[Value]] = []
    for group in legality(figures).groups:
        breach = Text("违反规范", "breach") if group.breach else Text("未达默认", "default not met")
        rows.append(
            [
                figures.unit_name(group.unit),
                window_name(group.window, language),
                group.window.first_day.isoformat(),
                group.window.last_day.isoformat(),
                article_text(group.article, language),
                breach.in_(language),
                group.missing,
                listed([zone.name for zone in group.zones], language),
                group.reason.in_(language),
                group_text(figures, group, language),
            ]
        )
    headers = _say(
        language,
        ("实施单位", "Unit"),
        ("时段", "Window"),
        ("起", "From"),
        ("止", "To"),
        ("条文", "Article"),
        ("性质", "Kind"),
        ("缺（次）", "Missing"),
        ("巡查区（先舍低风险）", "Zones, lowest risk first"),
        ("原因与算式", "Reason and arithmetic"),
        ("全文", "In full"),
    )
    write_table(sheet, headers, rows, (24, 14, 12, 12, 10, 12, 9, 40, 50, 70))


def _need(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("趟次需求", "Need").in_(language), landscape=True)
    rows: list[list[Value]] = [
        [
            figures.unit_name(need.unit),
            PATROL_KINDS[need.kind].in_(language),
            need.first_day.isoformat(),
            need.last_day.isoformat(),
            need.needed_lower_bound,
            need.planned,
            need.possible,
            need.arithmetic.in_(language),
        ]
        for need in figures.plan.needs
    ]
    headers = _say(
        language,
        ("实施单位", "Unit"),
        ("性质", "Kind"),
        ("时段起", "From"),
        ("时段止", "To"),
        ("至少需（趟）", "Needed"),
        ("已排（趟）", "Planned"),
        ("最多可（趟）", "Possible"),
        ("算式", "Arithmetic"),
    )
    write_table(sheet, headers, rows, (24, 10, 12, 12, 12, 12, 12, 60))


def _settings(book: Workbook, figures: Figures, language: Language) -> None:
    sheet = new_sheet(book, Text("参数与默认值", "Settings").in_(language))
    rows: list[list[Value]] = [
        [
            used.label.in_(language),
            used.key,
            used.value,
            BASES[used.basis].in_(language) if used.basis in BASES else used.basis,
            article_text(used.article, language),
        ]
        for used in figures.plan.settings_used
    ]
    headers = _say(
        language,
        ("参数", "Setting"),
        ("键", "Key"),
        ("取值", "Value"),
        ("来源", "Basis"),
        ("条文", "Article"),
    )
    write_table(sheet, headers, rows, (46, 34, 30, 14, 12))
