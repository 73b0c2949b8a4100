"""Rostering on published instances: shift scheduling (Curtois and Qu 2014), once per seed.

Usage: python -m benchmarks.staffing FOLDER [--seconds 10,60] [--only PATTERN ...] [--seed 1]
[--workers 1]. A run is a process with one thread. Its effort is deterministic, so the same seed
gives the same roster on every machine; about ``--seconds`` of the processor is what it takes, and
what it took is measured. What is done stands in a CSV file and is not done again; Ctrl-C loses only
the runs under way.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.published_processes import Work, work_off
from benchmarks.published_store import append_row, read_rows
from benchmarks.shift_check import check_shifts
from benchmarks.shift_instances import ShiftInstance, read_shift_instance, shift_files
from benchmarks.shift_model import OFF, Roster, cost_of
from benchmarks.shift_search import solve_shifts
from optimizer.published.instance import name_of
from optimizer.roster_search import Budget

RESULTS = Path(__file__).parent / "results"
#: CP-SAT's deterministic seconds in one of a processor's, measured on these instances.
EFFORT_PER_SECOND = 0.5


@dataclass(frozen=True)
class Job:
    """A run to be made, of about so many seconds of the processor."""

    path: Path
    seed: int
    seconds: float

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells the run from others."""
        return name_of(self.path), self.seed, self.seconds


@dataclass(frozen=True)
class ShiftRun:
    """What a run gave; ``cost`` was checked and counted once more, ``faults`` says where not.

    ``first_cost``: of the greedy start; ``round_cost``: after the neighbourhoods, before the whole
    model. ``cpu_seconds`` are of the whole run but reading.
    """

    instance: str
    people: int
    days: int
    best_known: float | None
    seed: int
    seconds: float
    cost: float | None
    lower_bound: int
    status: str
    first_cost: float | None
    round_cost: float | None
    rounds: int
    cpu_seconds: float
    wall_seconds: float
    faults: str
    day: str
    version: str

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells the run from others, as ``Job.key``."""
        return self.instance, self.seed, self.seconds

    @property
    def gap_percent(self) -> float | None:
        """Return how far the cost lies above the best known, None where either is missing."""
        if self.cost is None or not self.best_known:
            return None
        return 100.0 * (self.cost / self.best_known - 1.0)

    @property
    def summary(self) -> str:
        """Return the run in one line."""
        if self.faults:
            return f"REFUSED: {self.faults}"
        cost = "no roster" if self.cost is None else f"{self.cost:.0f}"
        known = "unknown" if self.best_known is None else f"{self.best_known:.0f}"
        return (
            f"{cost}, bound {self.lower_bound}, best known {known}, {self.status}, "
            f"{self.cpu_seconds:.1f} s of CPU"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not done yet, then print the table.

    Returns 1 if a run failed or its roster was refused, 2 for bad input, 130 after Ctrl-C.
    """
    chosen = _arguments(arguments)
    try:
        paths = _chosen_paths(chosen)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    jobs = [Job(path, chosen.seed, seconds) for path in paths for seconds in chosen.seconds]
    done = {run.key for run in read_rows(ShiftRun, chosen.out)}
    works = [
        Work(f"{job.path.stem}, {job.seconds:g} s", measure, job, _keeper(chosen.out))
        for job in jobs
        if job.key not in done and not chosen.tables
    ]
    interrupted, failures = False, 0
    try:
        failures = work_off(works, chosen.workers)
    except KeyboardInterrupt:
        interrupted = True
        print("\ninterrupted: what is done is kept, the same command goes on", file=sys.stderr)
    names = {name_of(path): number for number, path in enumerate(paths)}
    runs = [run for run in read_rows(ShiftRun, chosen.out) if run.instance in names]
    runs.sort(key=lambda run: (names[run.instance], run.seconds, run.seed))
    print(table(runs))
    return 130 if interrupted else int(failures > 0 or any(run.faults for run in runs))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.staffing")
    add = parser.add_argument
    add("folder", type=Path, help="a folder of instances")
    add("--seconds", type=_lengths, default=(10.0, 60.0), help="CPU seconds of a run [10,60]")
    add("--only", nargs="+", metavar="PATTERN", default=("*",), help="as in 'Instance[1-7]'")
    add("--seed", type=int, default=1, help="[1]")
    add("--workers", type=int, default=1, help="how many runs at a time [1]")
    add("--tables", action="store_true", help="no run at all: the table of what is done")
    add("--out", type=Path, default=RESULTS / "staffing.csv", help="CSV file [%(default)s]")
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        parser.error(f"{chosen.folder} is no folder")
    if chosen.workers < 1:
        parser.error("--workers must be at least 1")
    return chosen


def _lengths(text: str) -> tuple[float, ...]:
    """Return lengths of runs. Raises ArgumentTypeError where one is not above 0."""
    lengths = tuple(float(part) for part in text.split(","))
    if not all(0 < length < float("inf") for length in lengths):
        raise argparse.ArgumentTypeError(f"{text!r}: seconds must be above 0")
    return lengths


def _chosen_paths(chosen: argparse.Namespace) -> list[Path]:
    """Return the instances asked for. Raises ValueError where one is malformed, or there is none.

    All are read before any runs: a fault in the last one is not found after an hour.
    """
    paths = [
        path
        for path in shift_files(chosen.folder)
        if any(fnmatch(name_of(path), pattern) for pattern in chosen.only)
    ]
    if not paths:
        raise ValueError(f"{chosen.folder}: no instance of shift scheduling like {chosen.only}")
    for path in paths:
        read_shift_instance(path)
    return paths


def _keeper(path: Path) -> Callable[[ShiftRun], str]:
    """Return what appends a run to the file and says what to print of it."""

    def keep(run: ShiftRun) -> str:
        append_row(run, path)
        return run.summary

    return keep


def measure(job: Job) -> ShiftRun:
    """Make a run in this process and judge its roster from the file."""
    instance = read_shift_instance(job.path)
    wall, cpu = perf_counter(), process_time()
    result = solve_shifts(instance, Budget(job.seed, job.seconds * EFFORT_PER_SECOND))
    wall, cpu = perf_counter() - wall, process_time() - cpu
    faults, cost = "", None
    if result.roster is not None:
        faults = judge(job.path, instance, result.roster)
        cost = None if faults else float(cost_of(instance, result.roster))
    return ShiftRun(
        instance=instance.name,
        people=len(instance.people),
        days=instance.day_count,
        best_known=instance.best_known,
        seed=job.seed,
        seconds=job.seconds,
        cost=cost,
        lower_bound=result.lower_bound,
        status=str(result.status),
        first_cost=result.first_cost,
        round_cost=result.round_cost,
        rounds=result.rounds,
        cpu_seconds=cpu,
        wall_seconds=wall,
        faults=faults,
        day=date.today().isoformat(),
        version=f"ortools {version('ortools')}",
    )


def judge(path: Path, instance: ShiftInstance, roster: Roster) -> str:
    """Return what is wrong with a roster or its cost, counted anew from the file; else nothing."""
    rows = {
        worker.name: ["" if shift == OFF else instance.shifts[shift].name for shift in row]
        for worker, row in zip(instance.people, roster, strict=True)
    }
    breaches, counted = check_shifts(path, rows)
    if breaches:
        return f"{len(breaches)} breaches, the first: {breaches[0].rule}, {breaches[0].message}"
    said = cost_of(instance, roster)
    return "" if said == counted else f"we say {said}, counted from the file it is {counted}"


def table(runs: Sequence[ShiftRun]) -> str:
    """Return the runs as a Markdown table, a line for each."""
    lines = [
        "| instance | people | weeks | best known | s | seed | greedy | rounds | ours | gap, % "
        "| bound | status | CPU s |",
        "|---|" + "---:|" * 10 + "---|---:|",
    ]
    for run in runs:
        gap = "–" if run.gap_percent is None else f"{run.gap_percent:.1f}"
        weeks = f"{run.days / 7:.3g}"
        costs = [_whole(cost) for cost in (run.first_cost, run.round_cost, run.cost)]
        known = "unknown" if run.best_known is None else _whole(run.best_known)
        fields = [
            *(run.instance, run.people, weeks, known, f"{run.seconds:g}", run.seed),
            *(*costs, gap, run.lower_bound),
            *("REFUSED" if run.faults else run.status, f"{run.cpu_seconds:.0f}"),
        ]
        lines.append(f"| {' | '.join(map(str, fields))} |")
    return "\n".join(lines)


def _whole(cost: float | None) -> str:
    return "none" if cost is None else f"{cost:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
