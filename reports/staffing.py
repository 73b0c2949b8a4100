"""A paper about staff as a workbook, a page or an official document, each with its chart."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from reports.escaping import xml_text
from reports.output import put_in_place, staging
from reports.staffing_chart import chart_png, chart_svg
from scheduling.staffing.paper import Chart, Paper

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: The same paper gives the same bytes.
_MADE_ON: Final = date(2000, 1, 1)
#: Behind this section comes the chart.
_CHART_AFTER: Final = 1
_NOT_IN_TITLES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


def write_staffing(paper: Paper, path: Path) -> None:
    """Write .xlsx, .html or .docx, whole or not at all. Raises InputError, ValueError."""
    writers = {".xlsx": _write_workbook, ".html": _write_page, ".docx": _write_document}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"no staffing paper as {path.suffix}")
    with staging(path.parent) as stage:
        writer(paper, stage / path.name)
        put_in_place(stage, path.parent)


def _write_page(paper: Paper, path: Path) -> None:
    path.write_text(staffing_page(paper), encoding="utf-8", newline="\n")


def staffing_page(paper: Paper) -> str:
    """Return the page; everything users wrote is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    # The chart's own texts are escaped where it is drawn.
    chart = Markup(chart_svg(paper.chart)) if paper.chart else None  # noqa: S704
    return environment.get_template("staffing.html.j2").render(paper=paper, chart=chart)


def _write_document(paper: Paper, path: Path) -> None:
    from reports.official_document import OfficialDocument

    document = OfficialDocument(paper.language, paper.title, paper.office, _MADE_ON)
    document.title(paper.title)
    for place, section in enumerate(paper.sections):
        document.section(section.title, section.title)
        if section.rows:
            widths = [1.0] * len(section.heading)
            widths[0] = widths[-1] = 2.5
            document.table(section.heading, section.rows, widths)
        for sentence in section.sentences:
            document.body(sentence)
        if place == _CHART_AFTER and paper.chart:
            document.picture(chart_png(paper.chart))
    document.section("说明", "Notes")
    for note in paper.notes:
        document.body(note)
    document.save(path)


def _write_workbook(paper: Paper, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    from reports.official_document import fix_zip_times

    book = Workbook()
    book.remove(book.worksheets[0])
    for place, section in enumerate(paper.sections):
        sheet = book.create_sheet(section.title.translate(_NOT_IN_TITLES)[:31])
        _fill(sheet, [section.heading, *section.rows, (), *((s,) for s in section.sentences)])
        if place == _CHART_AFTER and paper.chart:
            _add_chart(book, sheet, paper.chart)
    notes = book.create_sheet("说明" if paper.language == "zh" else "Notes")
    for row, note in enumerate((paper.title, *paper.notes), 1):
        _put(notes, row, 1, note)
    notes.column_dimensions["A"].width = 120
    moment = datetime(_MADE_ON.year, _MADE_ON.month, _MADE_ON.day)
    book.properties.created = book.properties.modified = moment
    # Workbook.save would put the time of day in.
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    fix_zip_times(path, moment)


def _fill(sheet: Worksheet, rows: list[Any]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            _put(sheet, number, column, text)
            if number == 1:
                sheet.cell(number, column).font = Font(bold=True)
    for column in range(1, len(rows[0]) + 1):
        wide = column in {1, len(rows[0])}
        sheet.column_dimensions[get_column_letter(column)].width = 28 if wide else 12
    sheet.freeze_panes = "B2"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a number as a number; no text is ever taken for a formula."""
    cell = sheet.cell(row, column)
    if text.isdigit():
        cell.value = int(text)
        return
    cell.value = xml_text(text)
    cell.data_type = "s"


def _add_chart(book: Workbook, sheet: Worksheet, chart: Chart) -> None:
    """Put the chart's numbers on a sheet of their own and the chart beside the table."""
    from openpyxl.chart import LineChart, Reference

    numbers = book.create_sheet(f"{sheet.title[:24]} (data)")
    _fill(numbers, [(chart.across, *(line.name for line in chart.lines))])
    for row, place in enumerate(chart.places, 2):
        numbers.cell(row, 1).value = place
        for column, line in enumerate(chart.lines, 2):
            numbers.cell(row, column).value = line.values[row - 2]
    drawn: Any = LineChart()
    drawn.title = chart.title
    drawn.x_axis.title, drawn.y_axis.title = chart.across, chart.up
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.scaling.min = 0
    last = len(chart.places) + 1
    data = Reference(numbers, min_col=2, max_col=len(chart.lines) + 1, min_row=1, max_row=last)
    drawn.add_data(data, titles_from_data=True)
    drawn.set_categories(Reference(numbers, min_col=1, min_row=2, max_row=last))
    sheet.add_chart(drawn, "H2")
