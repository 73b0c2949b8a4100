"""The workbook's first sheet: lawful or not, the figures, patrols per unit and month."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from network.problems import Language, Text
from reports.figures import Figures, totals
from reports.legality import legality
from reports.sheet_table import Painter, Value, new_sheet
from reports.words import CURRENT_LAW, PROVISIONAL, STATUSES, month_name, period


def write_summary(book: Workbook, figures: Figures, language: Language) -> None:
    """Write the summary sheet."""
    sheet = new_sheet(book, Text("概要", "Summary").in_(language), landscape=True)
    sheet.column_dimensions["A"].width = 34
    painter, plan, statement = Painter(sheet), figures.plan, legality(figures)
    subject = Text("巡查工作计划", "patrol plan").in_(language)
    painter.put(1, 1, f"{plan.county.settings.name} {subject}", "title")
    painter.put(2, 1, period(plan.first_day, plan.last_day, language), "note")
    painter.put(3, 1, statement.label.in_(language), "good" if statement.lawful else "alarm")
    row = 5
    for label, value in _facts(figures, statement.missing):
        painter.put(row, 1, label.in_(language), "text")
        shown = value.in_(language) if isinstance(value, Text) else value
        painter.put(row, 2, shown, "note")
        row += 1
    notes = [CURRENT_LAW.in_(language)]
    notes += [f"{year}: {PROVISIONAL.in_(language)}" for year in plan.calendar.provisional_years]
    for note in notes:
        painter.put(row, 1, note, "note")
        row += 1
    row += 1
    for column, head in enumerate(_month_heads(figures, language), 1):
        painter.put(row, column, head, "head")
        if column > 1:
            sheet.column_dimensions[get_column_letter(column)].width = 10
    for offset, unit in enumerate(figures.units, 1):
        counts = [figures.patrols_by_unit_month.get((unit.id, *key), 0) for key in figures.months]
        length = totals(figures.patrols_by_unit[unit.id]).length_km
        painter.put(row + offset, 1, unit.name, "text")
        for column, value in enumerate([*counts, sum(counts), round(length)], 2):
            painter.put(row + offset, column, value, "short")


def _facts(figures: Figures, missing: int) -> list[tuple[Text, Value | Text]]:
    plan, sums = figures.plan, figures.totals
    return [
        (Text("规划状态", "Status"), STATUSES[plan.status]),
        (Text("巡查（次）", "Patrols"), sums.patrols),
        (Text("其中抽查（次）", "of them spot checks"), sums.spot_checks),
        (Text("到访（区次）", "Visits"), sums.visits),
        (Text("人天", "Person-days"), sums.person_days),
        (Text("公里（不含抽查）", "km without spot checks"), round(sums.length_km)),
        (Text("外业小时（不含抽查）", "Hours without spot checks"), round(sums.work_hours)),
        (Text("巡查区", "Zones"), len(plan.county.zones)),
        (Text("实施单位", "Units"), len(figures.units)),
        (Text("未满足（次）", "Visits missing"), missing),
        (Text("依据规范", "Norm"), Text(plan.norm.name, plan.norm.name_en or plan.norm.name)),
        (Text("随机种子", "Seed"), plan.seed),
    ]


def _month_heads(figures: Figures, language: Language) -> list[str]:
    several_years = len({year for year, _ in figures.months}) > 1
    months = [
        f"{year} {month_name(month, language)}" if several_years else month_name(month, language)
        for year, month in figures.months
    ]
    unit, total = Text("实施单位", "Unit"), Text("合计", "Total")
    return [unit.in_(language), *months, total.in_(language), "km"]
