"""A workbook as a file that has the same bytes whenever it is written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from openpyxl import Workbook


def save_workbook(book: Workbook, path: Path, made_on: date) -> None:
    """Write the file as if made at the start of that day; the same book gives the same bytes."""
    from openpyxl.writer.excel import ExcelWriter

    from reports.official_document import fix_zip_times

    moment = datetime(made_on.year, made_on.month, made_on.day)
    book.properties.created = book.properties.modified = moment
    # Workbook.save would put the time of day in.
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    fix_zip_times(path, moment)
