"""A paper as an official document (DOCX), a workbook (XLSX) or a page (HTML, no network needed)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports.escaping import xml_text
from reports.output import put_in_place, staging
from reports.paper_chart import chart_png, chart_svg
from scheduling.paper import Block, Chart, Grid, Paper, Section, Words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.official_document import OfficialDocument

#: The same paper gives the same bytes.
_MADE_ON: Final = date(2000, 1, 1)
_NOT_IN_TITLES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_LONGEST_TITLE: Final = 31


def write_paper(paper: Paper, path: Path) -> None:
    """Write a paper by the ending of its name, whole or not at all.

    Raises InputError when the file cannot be written, ValueError for an ending that is not in
    ``PAPER_KINDS``.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise ValueError(f"no paper as {path.suffix!r}")
    with staging(path.parent) as stage:
        write(paper, stage / path.name)
        put_in_place(stage, path.parent)


def paper_page(paper: Paper) -> str:
    """Return the paper as HTML; everything users wrote is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["words"] = lambda block: isinstance(block, Words)
    environment.tests["chart"] = lambda block: isinstance(block, Chart)
    # The chart's own texts are escaped where it is drawn.
    environment.filters["drawn"] = lambda chart: Markup(chart_svg(chart))  # noqa: S704
    return environment.get_template("paper.html.j2").render(paper=paper)


def _write_page(paper: Paper, path: Path) -> None:
    path.write_text(paper_page(paper), encoding="utf-8", newline="\n")


def _write_document(paper: Paper, path: Path) -> None:
    from reports.official_document import OfficialDocument

    document = OfficialDocument(paper.language, paper.title, paper.author, _MADE_ON)
    document.title(paper.title)
    for section in paper.sections:
        document.section(section.title, section.title)
        for place in (section, *section.subsections):
            if place is not section:
                document.subsection(place.title)
            for block in place.blocks:
                _add_block(document, block)
    if paper.signed:
        document.signature(paper.author)
    document.save(path)


def _add_block(document: OfficialDocument, block: Block) -> None:
    match block:
        case Words():
            document.body(block.text, bold=block.marked)
        case Grid():
            document.table(block.heading, _with_differences(block), block.widths, points=9)
        case Chart():
            document.picture(chart_png(block))


def _with_differences(grid: Grid) -> list[list[object]]:
    """Return the rows with each difference in brackets behind its number."""
    rows: list[list[object]] = []
    for number, row in enumerate(grid.rows):
        cells: list[object] = []
        for column, value in enumerate(row):
            more = grid.difference(number, column)
            cells.append(f"{value} ({more})" if more else value)
        rows.append(cells)
    return rows


def _write_workbook(paper: Paper, path: Path) -> None:
    from openpyxl import Workbook

    from reports.workbook_file import save_workbook

    book = Workbook()
    words = book.worksheets[0]
    words.title = "文字说明" if paper.language == "zh" else "In words"
    for block in _blocks(paper):
        match block:
            case Grid():
                _add_grid(book, block)
            case Chart():
                _add_chart(book, block)
    book.move_sheet(words, len(book.worksheets) - 1)
    book.active = 0
    words.sheet_view.tabSelected = False
    _fill_words(words, paper)
    save_workbook(book, path, _MADE_ON)


def _blocks(paper: Paper) -> Iterator[Block]:
    for section in paper.sections:
        for place in (section, *section.subsections):
            yield from place.blocks


def _new_sheet(book: Workbook, name: str, heading: Sequence[str]) -> Worksheet:
    """Add a sheet with its heading, which stays in sight."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name.translate(_NOT_IN_TITLES)[:_LONGEST_TITLE])
    for column, text in enumerate(heading, 1):
        _put(sheet, 1, column, text)
        cell = sheet.cell(1, column)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 24 if column <= 2 else 13
    sheet.freeze_panes = "B2"
    return sheet


def _add_grid(book: Workbook, grid: Grid) -> None:
    """Add a sheet; differences have columns of their own, so that they can be summed up."""
    told = [
        column
        for column in range(len(grid.heading))
        if any(grid.difference(row, column) for row in range(len(grid.rows)))
    ]
    heading = [*grid.heading, *(f"Δ {grid.heading[column]}" for column in told)]
    sheet = _new_sheet(book, grid.name, heading)
    for number, row in enumerate(grid.rows):
        changes = [int(grid.difference(number, column) or 0) for column in told]
        for column, value in enumerate([*row, *changes], 1):
            _put(sheet, number + 2, column, value)
    sheet.auto_filter.ref = sheet.dimensions


def _add_chart(book: Workbook, chart: Chart) -> None:
    """Add a sheet with the chart's numbers and the chart beside them."""
    from openpyxl.chart import LineChart, Reference

    sheet = _new_sheet(book, chart.name, [chart.across, *(line.name for line in chart.lines)])
    for row, place in enumerate(chart.places, 2):
        sheet.cell(row, 1).value = place
        for column, line in enumerate(chart.lines, 2):
            sheet.cell(row, column).value = line.values[row - 2]
    drawn: Any = LineChart()
    drawn.title = xml_text(chart.title)
    drawn.x_axis.title, drawn.y_axis.title = xml_text(chart.across), xml_text(chart.up)
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.scaling.min = 0
    last, right = len(chart.places) + 1, len(chart.lines) + 1
    data = Reference(sheet, min_col=2, max_col=right, min_row=1, max_row=last)
    drawn.add_data(data, titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    sheet.add_chart(drawn, sheet.cell(2, right + 2).coordinate)


def _fill_words(sheet: Worksheet, paper: Paper) -> None:
    from openpyxl.styles import Alignment, Font

    number = 0

    def line(text: str, *, bold: bool) -> None:
        nonlocal number
        number += 1
        _put(sheet, number, 1, text)
        sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(number, 1).font = Font(bold=bold)

    def told(section: Section) -> None:
        line(section.title, bold=True)
        for block in section.blocks:
            if isinstance(block, Words):
                line(block.text, bold=block.marked)

    line(paper.title, bold=True)
    for section in paper.sections:
        for place in (section, *section.subsections):
            told(place)
    sheet.column_dimensions["A"].width = 120


def _put(sheet: Worksheet, row: int, column: int, value: str | float) -> None:
    """Write a number as a number and a text as a text, never as a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", xml_text(value))
        cell.data_type = "s"
    else:
        cell.value = value


_WRITERS: Final[Mapping[str, Callable[[Paper, Path], None]]] = {
    ".docx": _write_document,
    ".html": _write_page,
    ".xlsx": _write_workbook,
}
#: The endings a paper can be written under.
PAPER_KINDS: Final = tuple(_WRITERS)
