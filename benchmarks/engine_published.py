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
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from fnmatch import fnmatch
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
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
    """Run the jobs, append each result to the CSV file as it comes; return how many failed.

    On Ctrl-C the runs under way are ended and KeyboardInterrupt goes on.
    """
    if not jobs:
        return 0
    warm_up()  # compiled once here, loaded from the cache by the runs
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    waiting, failures, ended = list(jobs), 0, 0
    running: dict[Connection, tuple[BaseProcess, Job]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < SIDE_BY_SIDE:
                job = waiting.pop(0)
                running.update([_start(job)])
            for connection in wait(list(running)):
                assert isinstance(connection, Connection)
                answer = _answer(connection)
                process, job = running.pop(connection)
                process.join()
                ended += 1
                label = f"[{ended}/{len(jobs)}] {'/'.join(job.instance_key)} seed {job.seed}"
                if isinstance(answer, Run):
                    append_run(answer, results)
                    print(f"{label}: {answer.summary}", flush=True)
                else:
                    failures += 1
                    print(f"{label}: {answer}", file=sys.stderr, flush=True)
    finally:
        for process, _ in running.values():
            process.terminate()
            process.join()
    return failures


def _start(job: Job) -> tuple[Connection, tuple[BaseProcess, Job]]:
    """Start a process that makes the run; its answer comes through the connection."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, theirs))
    process.start()
    theirs.close()
    return ours, (process, job)


def _work(job: Job, connection: Connection) -> None:
    """Make a run and send it, or what went wrong; Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        connection.send(measure(job))
    except Exception as error:
        connection.send(f"{type(error).__name__}: {error}")


def _answer(connection: Connection) -> Run | str:
    """Return what a process sent, or that it died without a word."""
    try:
        answer: Run | str = connection.recv()
    except EOFError:
        answer = "its process died"
    connection.close()
    return answer


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
