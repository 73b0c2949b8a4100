"""Rows of dataclasses in CSV files that grow as results come in, in full precision."""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")


def append_row(row: Any, path: Path) -> None:
    """Append a dataclass to a CSV file of its kind; an empty field is None.

    A file of an older version, with fewer columns, is written anew with all of them.
    """
    names = [field.name for field in fields(row)]
    path.parent.mkdir(parents=True, exist_ok=True)
    old = _head(path)
    if old and old != names:
        kept = read_rows(type(row), path)
        path.unlink()
        for earlier in kept:
            append_row(earlier, path)
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        if not old:
            writer.writeheader()
        writer.writerow(asdict(row))


def read_rows(kind: type[_T], path: Path) -> list[_T]:
    """Return the rows of a CSV file as dataclasses, none where there is no file.

    A column that an older version did not write has its field's default. Raises ValueError where
    a column without one is missing.
    """
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [_as(kind, row, path) for row in csv.DictReader(file)]


def _head(path: Path) -> list[str]:
    """Return the names of a file's columns, none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file), [])


def _as(kind: type[_T], row: dict[str, str], path: Path) -> _T:
    """Return a row as a dataclass whose fields are texts, whole numbers or (optional) numbers."""
    values: dict[str, object] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        text = row.get(field.name)
        if text is None:
            continue
        if field.type == "str":
            values[field.name] = text
        elif not text:
            values[field.name] = None
        else:
            values[field.name] = int(text) if field.type == "int" else float(text)
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{path} is no file of {kind.__name__}s: {error}") from None
