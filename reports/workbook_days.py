"""The two sheets with one column per day: calendar (units) and roster (people)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from network.problems import Language, Text
from reports.figures import Figures
from reports.sheet_table import Painter, new_sheet
from reports.words import weekday
from scheduling.plan.model import PatrolKind

#: What stands in a day's cell, and its look.
Mark = tuple[str | int, str]


def write_calendar(book: Workbook, figures: Figures, language: Language) -> None:
    """Write unit x day: the number of patrols, spot checks marked."""
    rows = []
    for unit in figures.units:
        marks: dict[date, Mark] = {}
        days: dict[date, list[PatrolKind]] = defaultdict(list)
        for patrol in figures.patrols_by_unit[unit.id]:
            days[patrol.day].append(patrol.kind)
        for day, kinds in days.items():
            spot = PatrolKind.SPOT_CHECK in kinds
            marks[day] = (len(kinds), "spot" if spot else "busy")
        rows.append(([unit.name], marks, len(figures.patrols_by_unit[unit.id])))
    _write(
        book,
        figures,
        Text("巡查日历", "Calendar").in_(language),
        [(Text("实施单位", "Unit").in_(language), 26)],
        rows,
        language,
    )


def write_roster(book: Workbook, figures: Figures, language: Language) -> None:
    """Write person x day: on patrol, driving, or on leave."""
    roles: dict[str, dict[date, Mark]] = defaultdict(dict)
    patrol_mark = Text("巡", "P").in_(language)
    drive_mark = Text("驾", "D").in_(language)
    leave_mark = Text("假", "L").in_(language)
    away: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in figures.plan.county.leave:
        away[row.who].append((row.first_day, row.last_day))
    for person, spans in away.items():
        for day in figures.days:
            if any(first <= day <= last for first, last in spans):
                roles[person][day] = (leave_mark, "leave")
    for patrol in figures.plan.patrols:
        look = "spot" if patrol.kind == PatrolKind.SPOT_CHECK else "busy"
        for member in patrol.crew:
            mark = patrol_mark if member.role == "inspector" else drive_mark
            roles[member.inspector][patrol.day] = (mark, look)
    rows = [
        (
            [load.inspector.name, figures.unit_name(next(iter(load.inspector.units), ""))],
            roles[load.inspector.id],
            len(load.days),
        )
        for load in figures.loads
    ]
    heads = [(Text("姓名", "Name").in_(language), 12), (Text("单位", "Unit").in_(language), 24)]
    _write(book, figures, Text("人员排班", "Roster").in_(language), heads, rows, language)


def _write(
    book: Workbook,
    figures: Figures,
    title: str,
    heads: Sequence[tuple[str, int]],
    rows: Sequence[tuple[list[str], Mapping[date, Mark], int]],
    language: Language,
) -> None:
    sheet = new_sheet(book, title, landscape=True)
    sheet.page_setup.paperSize = 8  # A3
    days = figures.days
    lead = len(heads) + 1
    for column, (_, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.column_dimensions[get_column_letter(lead)].width = 8
    for column in range(lead + 1, lead + 1 + len(days)):
        sheet.column_dimensions[get_column_letter(column)].width = 4.2
    painter = Painter(sheet)
    labels_head = [*(name for name, _ in heads), Text("合计", "Total").in_(language)]
    top = [painter.cell(name, "head") for name in labels_head]
    sheet.append([*top, *(painter.cell(f"{day:%m-%d}", "date") for day in days)])
    blank = [painter.cell(None, "head") for _ in range(lead)]
    sheet.append([*blank, *(painter.cell(weekday(day, language), "day") for day in days)])
    sheet.row_dimensions[1].height = 34
    open_days = {*figures.plan.calendar.patrol_days}
    for labels, marks, total in rows:
        line = [*(painter.cell(label, "text") for label in labels), painter.cell(total, "short")]
        for day in days:
            value, look = marks.get(day, (None, "plain" if day in open_days else "off"))
            line.append(painter.cell(value, look))
        sheet.append(line)
    sheet.freeze_panes = f"{get_column_letter(lead + 1)}3"
    sheet.print_title_rows = "1:2"
    sheet.print_title_cols = f"A:{get_column_letter(lead)}"
    sheet.page_setup.fitToWidth = max(1, -(-len(days) // 92))
