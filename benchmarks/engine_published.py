"""The engine on published instances: each once per seed, as one anytime run with checkpoints.

Usage: python -m benchmarks.engine_published FOLDER [--seconds 60] [--seeds 1,2,3]
[--only PATTERN ...]. Every run has a process of its own, two run side by side. What is done stands
in a CSV file named after the engine's version and is not done again; Ctrl-C loses only the runs
under way. Tables: ``benchmarks.published_table``.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, fields
from fnmatch import fnmatch
from multiprocessing import get_context
from pathlib import Path

from benchmarks.published_run import Job, Run, engine_version, measure
from benchmarks.published_table import tables
from optimizer import warm_up
from optimizer.published import instance_files
from optimizer.published.instance import name_of

RESULTS = Path(__file__).parent / "results"
SIDE_BY_SIDE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not done yet, then print and write the tables.

    Returns 1 if a run failed or its result was refused, 130 after Ctrl-C.
    """
    chosen = _arguments(arguments)
    version = engine_version()
    beyond = "-beyond" if chosen.beyond else ""
    results = chosen.out or RESULTS / f"engine-{version}{beyond}.csv"
    done = read_runs(results)
    jobs = [
        Job(path, seed, chosen.seconds, version, to_target=not chosen.beyond)
        for path in instance_files(chosen.folder)
        if any(_matches(path, pattern) for pattern in chosen.only or ("*",))
        for seed in chosen.seeds
    ]
    open_jobs = still_open(jobs, done, skip_reached=chosen.not_yet_best)
    print(f"{len(jobs)} runs, {len(jobs) - len(open_jobs)} of them done or not needed: {results}")
    interrupted, failures = False, 0
    try:
        failures = run_all(open_jobs, results)
    except KeyboardInterrupt:
        interrupted = True
        print("\ninterrupted: what is done is kept, the same command goes on", file=sys.stderr)
    wanted = {job.instance_key for job in jobs}
    runs = [run for run in read_runs(results) if (run.set, run.instance) in wanted]
    text = tables(runs)
    print(text)
    results.with_suffix(".md").write_text(text, encoding="utf-8")
    return 130 if interrupted else int(failures > 0 or any(run.faults for run in runs))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_published")
    parser.add_argument("folder", type=Path, help="a folder of instances, or of folders of them")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of a run [60]")
    parser.add_argument(
        "--seeds", type=_seeds, default=(1,), help="separated by commas, as in 1,2,3 [1]"
    )
    parser.add_argument(
        "--only", nargs="+", metavar="PATTERN", help="as in 'pvrp/p0*' or 'egl-e1-A'"
    )
    parser.add_argument(
        "--beyond", action="store_true", help="go on when the best known value is reached"
    )
    parser.add_argument(
        "--not-yet-best", action="store_true", help="leave out what some run has solved to it"
    )
    parser.add_argument("--out", type=Path, help="CSV file [results/engine-VERSION.csv]")
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        parser.error(f"{chosen.folder} is no folder")
    return chosen


def _seeds(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _matches(path: Path, pattern: str) -> bool:
    """Whether the instance's name, or folder and name, is like the pattern."""
    name = name_of(path)
    return fnmatch(name, pattern) or fnmatch(f"{path.parent.name}/{name}", pattern)


def still_open(jobs: Iterable[Job], done: Iterable[Run], *, skip_reached: bool) -> list[Job]:
    """Return the jobs without a result; ``skip_reached``: nor where a run met the best known."""
    done = list(done)
    keys = {(run.set, run.instance, run.seed, run.seconds) for run in done}
    reached = {(run.set, run.instance) for run in done if run.reached_best_known}
    return [
        job
        for job in jobs
        if (*job.instance_key, job.seed, job.seconds) not in keys
        and not (skip_reached and job.instance_key in reached)
    ]


def run_all(jobs: Sequence[Job], results: Path) -> int:
    """Run the jobs, append each result to the CSV file as it comes; return how many failed."""
    if not jobs:
        return 0
    warm_up()  # compiled once here, loaded from the cache by the runs
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    failures = 0
    pool = ProcessPoolExecutor(SIDE_BY_SIDE, get_context("spawn"), max_tasks_per_child=1)
    try:
        futures: dict[Future[Run], Job] = {pool.submit(measure, job): job for job in jobs}
        for number, future in enumerate(as_completed(futures), 1):
            job = futures[future]
            label = f"[{number}/{len(jobs)}] {'/'.join(job.instance_key)} seed {job.seed}"
            error = future.exception()
            if error is not None:
                failures += 1
                print(f"{label}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                continue
            append_run(future.result(), results)
            print(f"{label}: {future.result().summary}", flush=True)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return failures


def append_run(run: Run, path: Path) -> None:
    """Append a run to the CSV file, in full precision; an empty field is None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Run)])
        if is_new:
            writer.writeheader()
        writer.writerow(asdict(run))


def read_runs(path: Path) -> list[Run]:
    """Return the runs of a CSV file, none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [Run.from_row(row) for row in csv.DictReader(file)]


if __name__ == "__main__":
    sys.exit(main())
