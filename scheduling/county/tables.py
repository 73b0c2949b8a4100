"""Tables of a county folder: CSV or XLSX to records, with row numbers as the user sees them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from network.problems import Problem, Text
from scheduling.county.records import Record, match_columns
from scheduling.county.schema import Column

Grid = list[tuple[int, list[str]]]  # (row number, cells)


def decode(content: bytes) -> str | None:
    """Return the text of UTF-8, UTF-8 with BOM, UTF-16 with BOM or GB18030 bytes; else None."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def table_files(folder: Path, stem: str) -> tuple[Path, ...]:
    """Return the CSV and XLSX files of that name which are there."""
    return tuple(
        path for suffix in (".csv", ".xlsx") if (path := folder / f"{stem}{suffix}").is_file()
    )


def read_table(
    folder: Path,
    stem: str,
    columns: Sequence[Column],
    problems: list[Problem],
    *,
    required: bool = True,
) -> tuple[Record, ...] | None:
    """Return the rows of ``stem``.csv or .xlsx, or None when there is no usable table.

    Where both files are there and only one holds rows, that one counts; both is a problem.
    """
    files = table_files(folder, stem)
    if not files:
        if required:
            problems.append(_missing_file(stem))
        return None
    read = [(path, *_read_file(path, columns)) for path in files]
    filled = [item for item in read if item[1]]
    if len(filled) > 1:
        problems.append(_both_filled(filled[0][0].name, filled[1][0].name))
        return None
    path, records, wrong = (filled or read)[0]
    problems.extend(wrong)
    if filled:  # the other file, if any, is an unfilled template, unless it cannot be read at all
        problems.extend(p for item in read if item[0] != path for p in item[2])
    elif required and not wrong:
        problems.append(_no_rows(path.name))
    return None if wrong else records


def _read_file(path: Path, columns: Sequence[Column]) -> tuple[tuple[Record, ...], list[Problem]]:
    grid = _csv_grid(path) if path.suffix == ".csv" else _xlsx_grid(path)
    if isinstance(grid, Problem):
        return (), [grid]
    rows = [(number, cells) for number, cells in grid if _counts(cells)]
    if not rows:
        return (), [_empty(path.name)]
    positions, problems = match_columns(rows[0][1], columns, path.name)
    records = tuple(
        Record(
            file=path.name,
            where=f"row {number}",
            values={
                name: cells[position].strip()
                for name, position in positions.items()
                if position < len(cells)
            },
        )
        for number, cells in rows[1:]
    )
    return records, problems


def _counts(cells: Sequence[str]) -> bool:
    """Whether a row is more than blank cells or a comment (first cell starts with #)."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return bool(first) and not first.startswith("#")


def _csv_grid(path: Path) -> Grid | Problem:
    content = path.read_bytes()
    text = decode(content)
    if text is None or "\0" in text:
        return Problem(
            code="table.encoding",
            file=path.name,
            cause=Text(
                "编码既不是 UTF-8 也不是 GB18030", "the encoding is neither UTF-8 nor GB18030"
            ),
            action=Text("另存为 CSV UTF-8", "save it again as CSV UTF-8"),
        )
    try:
        return list(_csv_rows(text))
    except csv.Error as error:
        return Problem(
            code="table.unreadable",
            file=path.name,
            cause=Text(f"不是有效的 CSV({error})", f"not a valid CSV ({error})"),
            action=Text("检查引号并重新保存", "check the quotation marks and save it again"),
        )


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.splitlines()
    header = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    delimiter = max(",\t;,", key=header.count)  # the first one wins a tie
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    for cells in reader:
        yield number, cells
        number = reader.line_num + 1


def _xlsx_grid(path: Path) -> Grid | Problem:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as stream:
            workbook = load_workbook(stream, read_only=True, data_only=True)
            sheet = workbook.worksheets[0]
            return [
                (number, [_cell_text(value) for value in row])
                for number, row in enumerate(_values(sheet.iter_rows(values_only=True)), 1)
            ]
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError, IndexError) as error:
        return Problem(
            code="table.unreadable",
            file=path.name,
            cause=Text(f"不是有效的 XLSX({error})", f"not a valid XLSX ({error})"),
            action=Text("用 WPS 或 Excel 另存为 .xlsx", "save it again as .xlsx with WPS or Excel"),
        )


def _values(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield from rows


def _cell_text(value: object) -> str:
    """Return a spreadsheet value as the user sees it: dates ISO, whole floats without fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _missing_file(stem: str) -> Problem:
    return Problem(
        code="county.missing-file",
        file=f"{stem}.csv",
        cause=Text("文件不存在", "there is no such file"),
        action=Text(
            f"在县目录中放入 {stem}.csv 或 {stem}.xlsx", f"put {stem}.csv or {stem}.xlsx there"
        ),
    )


def _both_filled(first: str, second: str) -> Problem:
    return Problem(
        code="table.two-files",
        file=first,
        cause=Text(f"{first} 与 {second} 都有数据", f"{first} and {second} both hold rows"),
        action=Text(
            f"只保留一个，删除 {first} 或 {second}", f"keep one: delete {first} or {second}"
        ),
    )


def _empty(name: str) -> Problem:
    return Problem(
        code="table.empty-file",
        file=name,
        cause=Text("文件是空的，没有表头", "the file is empty: it has no heading"),
        action=Text(
            "恢复表头并填写数据；或用 xuncha new 重新生成模板",
            "restore the heading and fill in rows, or make the template again with xuncha new",
        ),
    )


def _no_rows(name: str) -> Problem:
    return Problem(
        code="table.no-rows",
        file=name,
        cause=Text("只有表头，没有数据", "there is a heading but no row"),
        action=Text("填写真实的人员或车辆", "fill in the real people or vehicles"),
    )
