"""A county's own calendar of one year: a CSV of its days off and its make-up workdays."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from network.problems import InputError, Problem, Text

_COLUMNS = {
    "day": "day",
    "date": "day",
    "日期": "day",
    "kind": "kind",
    "类型": "kind",
    "name": "name",
    "名称": "name",
    "节日": "name",
}
_KINDS = {
    "workday": "workday",
    "工作日": "workday",
    "上班": "workday",
    "holiday": "holiday",
    "放假": "holiday",
    "休息": "holiday",
    "休息日": "holiday",
    "节假日": "holiday",
}
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")


@dataclass(frozen=True)
class YearFile:
    """One year as the county gives it; a day not listed is a workday from Monday to Friday."""

    name: str
    year: int
    holidays: Mapping[date, str]
    workdays: frozenset[date]


@dataclass
class _Reading:
    name: str
    kinds: dict[date, str] = field(default_factory=dict)
    names: dict[date, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(
        self, code: str, cause: Text, action: Text, row: int = 0, column: str = ""
    ) -> None:
        where = f"row {row}" if row else ""
        self.problems.append(
            Problem(f"calendar.{code}", self.name, cause, action, where=where, field=column)
        )


def read_year_file(path: Path, name: str) -> YearFile:
    """Read columns ``day,kind[,name]`` (or 日期,类型,名称), UTF-8 or GB18030.

    ``kind`` is ``workday`` or ``holiday``; all days must be of one year. ``name`` is the file as
    the user knows it. Raises InputError with all problems of the file.
    """
    reading = _Reading(name)
    _read_rows(reading, _text_of(path, name))
    years = {day.year for day in reading.kinds}
    if len(years) > 1:
        listed = "、".join(str(year) for year in sorted(years))
        reading.complain(
            "several-years",
            Text(f"文件含多个年份：{listed}", f"the file holds several years: {listed}"),
            Text("每年一个文件", "give each year its own file"),
        )
    if not years and not reading.problems:
        reading.complain(
            "empty",
            Text("文件中没有任何日期", "the file lists no days"),
            Text("列出该年放假日与调休上班日", "list the year's days off and make-up workdays"),
        )
    if reading.problems:
        raise InputError(reading.problems)
    days = reading.kinds.items()
    holidays = {day: reading.names.get(day, "") for day, kind in days if kind == "holiday"}
    workdays = frozenset(day for day, kind in days if kind == "workday")
    return YearFile(name, years.pop(), holidays, workdays)


def _text_of(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError([_unreadable(name, error.strerror or str(error))]) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([_unreadable(name, "neither UTF-8 nor GB18030")])


def _unreadable(name: str, reason: str) -> Problem:
    return Problem(
        code="calendar.unreadable",
        file=name,
        cause=Text(f"读不出日历文件（{reason}）", f"the calendar file cannot be read ({reason})"),
        action=Text("检查文件名与编码（UTF-8或GB18030）", "check its name and encoding"),
    )


def _read_rows(reading: _Reading, text: str) -> None:
    try:
        rows = list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise InputError([_unreadable(reading.name, str(error))]) from error
    header = [_COLUMNS.get(cell.strip().lower(), "") for cell in rows[0]] if rows else []
    for column in ("day", "kind"):
        if column not in header:
            reading.complain(
                "missing-column",
                Text(f"缺少列 {column}", f"column {column} is missing"),
                Text("表头应为 day,kind[,name]", "the header must be day,kind[,name]"),
                column=column,
            )
    if reading.problems:
        return
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * len(header)]
            values = dict(zip(header, padded, strict=False))
            _read_row(reading, number, {key: value.strip() for key, value in values.items()})


def _read_row(reading: _Reading, number: int, values: Mapping[str, str]) -> None:
    day = _day_in(values["day"])
    kind = _KINDS.get(values["kind"].lower())
    if day is None:
        reading.complain(
            "bad-day",
            Text(f"“{values['day']}”不是日期", f"{values['day']!r} is no date"),
            Text("写作 2027-02-05", "write it as 2027-02-05"),
            number,
            "day",
        )
    if kind is None:
        reading.complain(
            "bad-kind",
            Text(f"“{values['kind']}”不是日历类型", f"{values['kind']!r} is no kind of day"),
            Text("写 workday（工作日）或 holiday（放假）", "write workday or holiday"),
            number,
            "kind",
        )
    if day is None or kind is None:
        return
    if reading.kinds.get(day, kind) != kind:
        reading.complain(
            "contradictory-day",
            Text(f"{day} 既是工作日又是放假日", f"{day} is both a workday and a holiday"),
            Text("只保留一行", "keep one of the rows"),
            number,
            "kind",
        )
    reading.kinds[day] = kind
    reading.names[day] = values.get("name", "")


def _day_in(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
