"""A comparison as a workbook: side by side, and unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from network.problems import Language, Text
from scenarios.compare import Comparison
from scenarios.output import write_whole

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_UNIT_HEADING = Text(
    "方案,单位,未完成,巡查,到访,人日,公里,小时,最忙周,最忙周巡查,均衡",
    "scenario,unit,unmet,patrols,visits,person-days,km,hours,busiest week,its patrols,fairness",
)


def write_workbook(comparison: Comparison, path: Path, language: Language) -> None:
    """Write the comparison as XLSX. Texts of users are never formulas. Raises InputError."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active or book.create_sheet()
    first.title = Text("方案比较", "Comparison").in_(language)
    heading, *texts = comparison.table(language)
    rows = [
        [
            _number(text) if place in range(2, 7) or place == 8 else text
            for place, text in enumerate(row)
        ]
        for row in texts
    ]
    _fill(first, heading, rows)
    units = book.create_sheet(Text("按单位", "By unit").in_(language))
    _fill(units, _UNIT_HEADING.in_(language).split(","), _unit_rows(comparison, language))
    content = BytesIO()
    book.save(content)
    write_whole(path, content.getvalue())


def _unit_rows(comparison: Comparison, language: Language) -> list[list[object]]:
    return [
        [
            *(outcome.name.in_(language), unit.name, unit.unmet, unit.patrols, unit.visits),
            *(unit.person_days, unit.length_km, unit.hours, unit.busiest_week),
            *(unit.busiest_week_patrols, unit.fairness),
        ]
        for outcome in comparison.outcomes
        for unit in outcome.measures.units
    ]


def _number(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else text


def _fill(sheet: Worksheet, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for row_number, row in enumerate([heading, *rows], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row_number, column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                # openpyxl takes a text that begins with "=" for a formula.
                cell.data_type = "s"
            else:
                cell.value = value  # type: ignore[assignment]
            if row_number == 1:
                cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number in range(1, len(heading) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 22 if number in {1, 2} else 13
    sheet.freeze_panes = "B2"
