"""Empty tables of people and vehicles, to be filled in: commented CSV, XLSX with validation.

No row is ever filled in here: people are never invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from scheduling.county.model import Unit
from scheduling.county.schema import (
    HISTORY_COLUMNS,
    INSPECTOR_COLUMNS,
    LEAVE_COLUMNS,
    VEHICLE_COLUMNS,
    Column,
)
from scheduling.county.writer import csv_text

#: File stem -> columns, title, and whether a workbook is made beside the CSV.
TEMPLATES: Final = (
    ("inspectors", INSPECTOR_COLUMNS, "巡查人员", True),
    ("vehicles", VEHICLE_COLUMNS, "车辆", True),
    ("leave", LEAVE_COLUMNS, "请假与车辆停用", False),
    ("history", HISTORY_COLUMNS, "最近一次巡查", False),
)
_LAST_ROW: Final = 500
_EITHER: Final = "CSV 与 XLSX 任选其一填写 / fill in either the CSV or the XLSX"


def write_templates(folder: Path, units: Sequence[Unit]) -> None:
    """Write the empty tables; ``units`` are offered as choices and listed in comments."""
    for stem, columns, title, workbook in TEMPLATES:
        text = template_csv(columns, title, units)
        (folder / f"{stem}.csv").write_text(text, encoding="utf-8-sig", newline="")
        if workbook:
            write_workbook(folder / f"{stem}.xlsx", columns, title, units)


def template_csv(columns: Sequence[Column], title: str, units: Sequence[Unit]) -> str:
    """Return a heading under comments (lines that begin with #) on every column."""
    lines = [f"# {title}"]
    lines += [f"# {c.name} {c.zh}: {c.meaning.zh} / {c.meaning.en}" for c in columns]
    if any(column.name == "unit" for column in columns):
        lines += [f"# {_EITHER}"]
        lines += [f"# 单位 unit: {unit.id} {unit.name}" for unit in units]
    quoted = ['"' + line.replace('"', '""') + '"' for line in lines]
    return "\r\n".join([*quoted, csv_text(columns, ())])


def write_workbook(
    path: Path, columns: Sequence[Column], title: str, units: Sequence[Unit]
) -> None:
    """Write an empty sheet with Chinese headings, notes on them, and checks on what is typed."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = title
    listed: Any = workbook.create_sheet("单位")
    listed.append(["编号", "名称"])
    for unit in units:
        listed.append([unit.id, unit.name])
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(1, number, column.zh)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE7F0")
        cell.comment = Comment(f"{column.meaning.zh}\n{column.meaning.en}", "Xuncha")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 18
        validation = _validation(column.name, len(units))
        if validation is not None:
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(validation)
        if _is_day(column.name):
            for row in range(2, _LAST_ROW + 1):
                sheet.cell(row, number).number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    workbook.save(path)


def _is_day(name: str) -> bool:
    return name.endswith(("_from", "_until"))


def _validation(name: str, units: int) -> Any:
    """Return what a spreadsheet checks in a column, or None where anything may be typed."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if name == "unit":
        choice = DataValidation(type="list", formula1=f"单位!$A$2:$A${units + 1}", allow_blank=True)
        choice.errorStyle = "warning"  # several units, separated by ;, are allowed
        choice.error = "多个单位请用;分隔编号 / several units: their ids separated by ;"
        return choice
    if name == "licensed":
        return DataValidation(type="list", formula1='"是,否"', allow_blank=True)
    if name == "seats":
        return DataValidation(
            type="whole", operator="between", formula1="2", formula2="60", allow_blank=True
        )
    if _is_day(name):
        return DataValidation(
            type="date", operator="greaterThan", formula1="DATE(2000,1,1)", allow_blank=True
        )
    return None
