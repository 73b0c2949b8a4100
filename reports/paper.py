"""A paper as an official document (DOCX), a workbook (XLSX) or a page (HTML, no network needed)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile

from reports.escaping import xml_text
from reports.output import put_in_place, staging
from scheduling.paper import Grid, Paper, Section, Words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

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

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("paper.html.j2")
    return page.render(paper=paper, is_words=lambda block: isinstance(block, Words))


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
                if isinstance(block, Words):
                    document.body(block.text, bold=block.marked)
                else:
                    document.table(block.heading, _with_differences(block), block.widths, points=9)
    document.signature(paper.author)
    document.save(path)


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
    from openpyxl.writer.excel import ExcelWriter

    from reports.official_document import fix_zip_times

    book = Workbook()
    words = book.worksheets[0]
    words.title = "结论" if paper.language == "zh" else "In words"
    for grid in _grids(paper):
        _add_grid(book, grid)
    book.move_sheet(words, len(book.worksheets) - 1)
    book.active = 0
    words.sheet_view.tabSelected = False
    _fill_words(words, paper)
    moment = datetime(_MADE_ON.year, _MADE_ON.month, _MADE_ON.day)
    book.properties.created = book.properties.modified = moment
    # Workbook.save would put the time of day in.
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    fix_zip_times(path, moment)


def _grids(paper: Paper) -> Iterator[Grid]:
    for section in paper.sections:
        for place in (section, *section.subsections):
            yield from (block for block in place.blocks if isinstance(block, Grid))


def _add_grid(book: Workbook, grid: Grid) -> None:
    """Add a sheet; differences have columns of their own, so that they can be summed up."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(grid.name.translate(_NOT_IN_TITLES)[:_LONGEST_TITLE])
    told = [
        column
        for column in range(len(grid.heading))
        if any(grid.difference(row, column) for row in range(len(grid.rows)))
    ]
    heading = [*grid.heading, *(f"Δ {grid.heading[column]}" for column in told)]
    for column, text in enumerate(heading, 1):
        _put(sheet, 1, column, text)
        cell = sheet.cell(1, column)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 24 if column <= 2 else 13
    for number, row in enumerate(grid.rows):
        changes = [int(grid.difference(number, column) or 0) for column in told]
        for column, value in enumerate([*row, *changes], 1):
            _put(sheet, number + 2, column, value)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


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
