"""What every reader returns, best-known values, and errors that name file and line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from optimizer.problem import PeriodicProblem, Solution

#: Columns of ``bks.csv`` that may hold the value to compare with, the better source first.
VALUE_COLUMNS = ("best_known", "upper_bound")


@dataclass(frozen=True)
class BestKnown:
    """The best cost published for an instance (None: none is known here) and who says so."""

    value: float | None
    source: str


@dataclass(frozen=True)
class Instance:
    """A published instance as a problem, and its cost as the literature counts it.

    ``cost_of`` counts from the file's own numbers, sharing nothing with the problem's matrices or
    with ``optimizer.cost_of``. ``stop_names[task][mode]`` says in the file's terms what is done.
    ``vehicles`` says how many patrols were allowed, because publications differ in it.
    """

    name: str
    kind: str
    problem: PeriodicProblem
    best_known: float | None
    best_known_source: str
    cost_of: Callable[[Solution], float]
    stop_names: tuple[tuple[str, ...], ...]
    vehicles: str


def fault(path: Path, line: int, message: str) -> ValueError:
    """Return the error for something wrong in a line (counted from 1) of a file."""
    return ValueError(f"{path}, line {line}: {message}")


def name_of(path: Path) -> str:
    """Return an instance's name: the file's, without an ending that only marks it as data."""
    return path.name.removesuffix(".dat").removesuffix(".txt")


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of every line that is not blank. Raises ValueError for an empty file.

    Comments may be in any old encoding: what cannot be read in them does not matter.
    """
    numbered = [
        (number, line.strip())
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if line.strip()
    ]
    if not numbered:
        raise fault(path, 1, "the file is empty")
    yield from numbered


def number_in(path: Path, line: int, text: str, what: str, *, least: float = 0.0) -> float:
    """Return a finite number not below ``least``. Raises ValueError for anything else."""
    try:
        value = float(text)
    except ValueError:
        raise fault(path, line, f"{what} is not a number: {text!r}") from None
    if not isfinite(value) or value < least:
        raise fault(path, line, f"{what} must be a finite number >= {least:g}, not {text}")
    return value


def integer_in(path: Path, line: int, text: str, what: str, *, least: int = 0) -> int:
    """Return a whole number not below ``least``. Raises ValueError for anything else."""
    value = number_in(path, line, text, what, least=least)
    if value != int(value):
        raise fault(path, line, f"{what} must be a whole number, not {text}")
    return int(value)


def best_known(path: Path, *, stated: float | None = None) -> BestKnown:
    """Return what ``bks.csv`` beside the file says, else what the file itself has ``stated``.

    Raises ValueError where the table is malformed.
    """
    otherwise = BestKnown(stated, "" if stated is None else "the file itself")
    table = path.with_name("bks.csv")
    if not table.exists():
        return otherwise
    with table.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or ()
        column = next((name for name in VALUE_COLUMNS if name in columns), None)
        if column is None or "instance" not in columns:
            raise fault(table, 1, "it needs a column instance and one of best_known, upper_bound")
        for row in reader:
            if row["instance"] == name_of(path):
                text = row[column] or ""
                value = number_in(table, reader.line_num, text, column)
                return BestKnown(value, f"bks.csv, column {column}{_proof(row)}")
    return otherwise


def _proof(row: dict[str, str]) -> str:
    """Return the table's word on optimality, where it has one."""
    word = row.get("proven_optimal") or ""
    return f", proven optimal: {word}" if word else ""
