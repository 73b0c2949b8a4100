"""Rows of a benchmark as a table for the terminal and as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

#: Wide enough for every table here, narrow enough for every terminal.
WIDTH = 80


@dataclass(frozen=True)
class Row:
    """What all benchmarks' rows share: ``case`` says what was measured, ``note`` what to know."""

    case: str
    note: str


def show(title: str, rows: Sequence[Row], console: Console) -> None:
    """Print the rows side by side, one column each and one line a measure; then their notes."""
    table = Table(title=title, title_justify="left", width=min(WIDTH, console.width))
    table.add_column("", overflow="fold")
    records = [asdict(row) for row in rows]
    for record in records:
        table.add_column(str(record.pop("case")), justify="right", overflow="fold")
    notes = [str(record.pop("note")) for record in records]
    for name in records[0] if records else ():
        table.add_row(name.replace("_", " "), *(readable(record[name]) for record in records))
    console.print(table)
    for row, note in zip(rows, notes, strict=True):
        if note:
            console.print(f"{row.case}: {note}", width=WIDTH, highlight=False, markup=False)


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write the rows in full precision; what was not measured stays empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = [asdict(row) for row in rows]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(records[0]) if records else [])
        writer.writeheader()
        writer.writerows(records)


def readable(value: object) -> str:
    """Return a value as a reader wants it: three figures of a number, a dash for none."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float() if value >= 100:
            return f"{value:,.0f}"
        case float():
            return f"{value:.3g}"
        case int():
            return f"{value:,}"
    return str(value)
