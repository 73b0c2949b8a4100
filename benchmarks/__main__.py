"""Run the benchmarks in turn: ``python -m benchmarks [--only NAME] [--large] [--shared DIR]``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console

from benchmarks.table import WIDTH, Row, show, write_csv

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure, print tables, and write each benchmark's rows to ``results/NAME.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=("planning", "loading", "roads", "engine"))
    parser.add_argument("--large", action="store_true", help="also a county of 1,000 zones")
    parser.add_argument(
        "--shared",
        type=Path,
        default=ROOT.parent / "shared",
        help="folder whose data/osm holds the Heidelberg extract; left out when missing",
    )
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    for name, run in _benchmarks(chosen.shared, large=chosen.large).items():
        if chosen.only in {None, name}:
            _run(name, run, console)


def _benchmarks(shared: Path, *, large: bool) -> dict[str, Callable[[], Iterable[Row]]]:
    from benchmarks import engine, planning, road_loading, roads

    cases = planning.CASES + (planning.LARGE_CASES if large else ())
    return {
        "engine": engine.run,
        "loading": lambda: road_loading.run(shared),
        "roads": lambda: roads.run(shared),
        "planning": lambda: planning.run(cases),
    }


def _run(name: str, run: Callable[[], Iterable[Row]], console: Console) -> None:
    start, load = perf_counter(), _load()
    rows: list[Row] = []
    for row in run():
        rows.append(row)
        write_csv(rows, RESULTS / f"{name}.csv")  # what is measured is kept if a later one fails
        console.print(f"{name}: {row.case} measured, {perf_counter() - start:.0f} s", style="dim")
    show(name, rows, console)
    when = datetime.now(UTC).date().isoformat()
    console.print(f"{when}, {os.cpu_count()} cores, load before {load}, after {_load()}\n")


def _load() -> str:
    """Return how many processes wanted a core in the last minute, where the system tells."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main()
