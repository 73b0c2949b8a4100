"""A record: one row of a table or feature of a layer as text; cells turned into values."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from shapely.geometry.base import BaseGeometry

from network.problems import Problem, Text
from scheduling.county.schema import (
    AUTHORITY_WORDS,
    BOOLEAN_WORDS,
    Column,
    heading_key,
    headings,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """One row or feature: where it stands, its cells by column name, its WGS-84 geometry if any."""

    file: str
    where: str
    values: Mapping[str, str]
    geometry: BaseGeometry | None = None


def match_columns(
    found: Sequence[str], columns: Sequence[Column], file: str
) -> tuple[dict[str, int], list[Problem]]:
    """Return the position of each known column among the headings, and what is wrong with them.

    Columns of the user's own are left alone, unless one looks like a known column misspelt.
    """
    known = headings(columns)
    # An exact English or Chinese heading wins over a synonym that another column could also claim.
    exact = {heading_key(h): c.name for c in columns for h in (c.name, c.zh)}
    positions: dict[str, int] = {}
    problems: list[Problem] = []
    strangers: list[str] = []
    ordered = sorted(enumerate(found), key=lambda item: heading_key(item[1]) not in exact)
    for position, heading in ordered:
        name = known.get(heading_key(heading))
        if name is None:
            strangers.append(heading)
        elif name not in positions:
            positions[name] = position
        elif heading_key(heading) in exact:
            problems.append(_twice(file, name, heading))
    for column in columns:
        if column.name in positions:
            continue
        close = difflib.get_close_matches(column.name, [s.casefold() for s in strangers], 1, 0.85)
        if column.demand != "optional" or close:
            problems.append(_missing_column(file, column, found, close))
    return positions, problems


def _twice(file: str, name: str, heading: str) -> Problem:
    return Problem(
        code="table.duplicate-column",
        file=file,
        field=name,
        cause=Text(f"列“{heading}”重复出现", f"the column '{heading}' is there twice"),
        action=Text("只保留一列", "keep only one of them"),
    )


def _missing_column(
    file: str, column: Column, found: Sequence[str], close: Sequence[str]
) -> Problem:
    have = "、".join(found) or "—"
    if close:
        action = Text(
            f"将列“{close[0]}”改名为“{column.name}”",
            f"rename the column '{close[0]}' to '{column.name}'",
        )
    else:
        action = Text(
            f"增加列“{column.name}”（或“{column.zh}”：{column.meaning.zh}）",
            f"add the column '{column.name}' (or '{column.zh}': {column.meaning.en})",
        )
    return Problem(
        code="table.missing-column",
        file=file,
        field=column.name,
        cause=Text(f"缺少此列；现有：{have}", f"this column is missing; there are: {have}"),
        action=action,
    )


@dataclass
class Cells:
    """Reads typed values out of one record and notes every problem met on the way.

    ``failed`` tells whether any cell of the record was unusable.
    """

    record: Record
    problems: list[Problem]
    failed: bool = field(default=False)

    def wrong(self, code: str, column: str, cause: Text, action: Text) -> None:
        """Note a problem of this record."""
        self.failed = True
        self.problems.append(
            Problem(code, self.record.file, cause, action, self.record.where, column)
        )

    def text(self, column: str, *, needed: bool = False) -> str:
        """Return the cell's text; an empty one is a problem where ``needed``."""
        value = self.record.values.get(column, "")
        if needed and not value:
            self.wrong(
                "table.missing-value",
                column,
                Text("未填写", "nothing is filled in"),
                Text(f"填写“{column}”", f"fill in '{column}'"),
            )
        return value

    def several(self, column: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return the cell's entries, separated by ; or 、, each once, in their order."""
        parts = re.split(r"[;；、,，]", self.text(column, needed=needed))
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def word(self, column: str, words: Mapping[str, T], code: str, allowed: str, default: T) -> T:
        """Return what the cell's word stands for; ``default`` after noting a problem."""
        value = self.text(column, needed=True)
        if not value:
            return default
        found = words.get(value.casefold())
        if found is None:
            self.wrong(
                code,
                column,
                Text(f"“{value}”不可识别", f"'{value}' is not known"),
                Text(f"改为以下之一：{allowed}", f"use one of: {allowed}"),
            )
            return default
        return found

    def number(self, column: str, default: float | None = None) -> float | None:
        """Return the cell's number, or ``default`` when empty."""
        value = self.text(column)
        if not value:
            return default
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if number - number != 0:  # NaN or infinite
            self.wrong(
                "table.not-a-number",
                column,
                Text(f"“{value}”不是数字", f"'{value}' is not a number"),
                Text("填写阿拉伯数字，例如 20", "write digits, for example 20"),
            )
            return default
        return number

    def integer(self, column: str, default: int) -> int:
        """Return the cell's whole number, or ``default`` when empty."""
        number = self.number(column, float(default))
        if number is None or number != int(number):
            self.wrong(
                "table.not-a-whole-number",
                column,
                Text(f"“{number}”不是整数", f"'{number}' is not a whole number"),
                Text("填写整数，例如 5", "write a whole number, for example 5"),
            )
            return default
        return int(number)

    def boolean(self, column: str, *, default: bool) -> bool:
        """Return yes or no, or ``default`` when empty."""
        if not self.text(column):
            return default
        return self.word(column, BOOLEAN_WORDS, "table.not-yes-or-no", "是/否, yes/no", default)

    def day(self, column: str, *, needed: bool = False) -> date | None:
        """Return the cell's date, or None when empty."""
        value = self.text(column, needed=needed)
        if not value:
            return None
        found = parse_day(value)
        if found is None:
            self.wrong(
                "table.not-a-date",
                column,
                Text(f"“{value}”不是日期", f"'{value}' is not a date"),
                Text("按 2026-03-15 的形式填写", "write it as 2026-03-15"),
            )
        return found


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ][\d:.]+)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def parse_day(text: str) -> date | None:
    """Return the date of 2026-03-15, 2026/3/15, 2026.3.15, 20260315 or 2026年3月15日, else None."""
    match = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


AUTHORITY_CHOICE = (
    AUTHORITY_WORDS,
    "table.unknown-authority",
    "township(所), county(县), city(市)",
)
