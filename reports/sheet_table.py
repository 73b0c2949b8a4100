"""Spreadsheet tables with one look: header band, frozen panes, widths, print setup, no formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.escaping import cell_text

Value = str | int | float | None

FONT: Final = "微软雅黑"
_INK: Final = "1C2733"
_CENTRE: Final = Alignment(horizontal="center", vertical="center")
_LEFT: Final = Alignment(horizontal="left", vertical="center", wrap_text=True)
_UPRIGHT: Final = Alignment(horizontal="center", vertical="center", text_rotation=90)
_LINE: Final = Border(bottom=Side(style="hair", color="C5CCD3"))
_BODY: Final = Font(name=FONT, size=10, color=_INK)
_SMALL: Final = Font(name=FONT, size=8, color=_INK)


class Look(NamedTuple):
    """How a cell looks."""

    font: Font
    alignment: Alignment = _CENTRE
    fill: str = ""  # RGB
    border: Border = _LINE
    number_format: str = "General"


LOOKS: Final = {
    "title": Look(Font(name=FONT, size=16, bold=True, color=_INK), _LEFT, border=Border()),
    "alarm": Look(Font(name=FONT, size=12, bold=True, color="B3261E"), _LEFT, border=Border()),
    "good": Look(Font(name=FONT, size=12, bold=True, color="2E7D4F"), _LEFT, border=Border()),
    "note": Look(_BODY, Alignment(vertical="center"), border=Border()),
    "head": Look(Font(name=FONT, size=10, bold=True, color="FFFFFF"), fill="2F4B66"),
    "day": Look(Font(name=FONT, size=8, bold=True, color="FFFFFF"), fill="2F4B66"),
    "date": Look(Font(name=FONT, size=8, bold=True, color="FFFFFF"), _UPRIGHT, fill="2F4B66"),
    "text": Look(_BODY, _LEFT),
    "short": Look(_BODY),
    "number": Look(_BODY, number_format="0.0"),
    "degrees": Look(_BODY, number_format="0.000000"),
    "plain": Look(_SMALL),
    "off": Look(_SMALL, fill="E9ECEF"),
    "busy": Look(_SMALL, fill="CFE1F3"),
    "spot": Look(_SMALL, fill="F4E2B8"),
    "leave": Look(_SMALL, fill="F3D2CE"),
}


class Painter:
    """Makes cells of one sheet. A look is resolved once: per cell it takes minutes on a year."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._styles: dict[str, Any] = {}

    def cell(self, value: Value, look: str) -> Any:
        """Return a cell holding ``value``; no text in it is ever a formula."""
        cell: Any = WriteOnlyCell(self._sheet)
        if isinstance(value, str):
            cell.value = cell_text(value)
            cell.data_type = "s"
        else:
            cell.value = value
        if look not in self._styles:
            self._styles[look] = _style(self._sheet, LOOKS[look])
        cell._style = self._styles[look]
        return cell

    def put(self, row: int, column: int, value: Value, look: str) -> None:
        """Write one cell at a place counted from 1."""
        made: Any = self.cell(value, look)
        cell: Any = self._sheet.cell(row, column)
        cell.value = made.value
        cell.data_type = made.data_type
        cell._style = made._style


def _style(sheet: Worksheet, look: Look) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    cell.font, cell.alignment, cell.border = look.font, look.alignment, look.border
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    cell.number_format = look.number_format
    return cell._style


def new_sheet(book: Workbook, title: str, *, landscape: bool = False) -> Worksheet:
    """Add a sheet that prints on A4, as wide as the page."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    if sheet.oddFooter is not None:  # the stubs allow it, openpyxl always makes one
        sheet.oddFooter.center.text = "&P / &N"
    sheet.sheet_view.showGridLines = False
    return sheet


def write_table(
    sheet: Worksheet,
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    widths: Sequence[float],
    *,
    freeze_columns: int = 0,
    looks: Sequence[str] = (),
) -> None:
    """Write a table from the first row down, its header repeated on every printed page.

    ``looks`` names the look of each column; left out, it goes by what the value is.
    """
    painter = Painter(sheet)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([painter.cell(head, "head") for head in headers])
    for row in rows:
        named = looks or [_look(value) for value in row]
        sheet.append([painter.cell(v, look) for v, look in zip(row, named, strict=True)])
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = f"{get_column_letter(freeze_columns + 1)}2"
    sheet.print_title_rows = "1:1"
    last = get_column_letter(len(headers))
    sheet.auto_filter.ref = f"A1:{last}{max(2, sheet.max_row)}"


def _look(value: Value) -> str:
    if isinstance(value, float):
        return "number"
    return "text" if isinstance(value, str) and len(value) > 6 else "short"
