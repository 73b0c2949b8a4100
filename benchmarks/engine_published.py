"""The engine on published instances: each once per seed, as one anytime run with checkpoints.

Usage: python -m benchmarks.engine_published FOLDER [--seconds 60] [--seeds 1,2,3]
[--only PATTERN ...] [--peers ortools,pyvrp] [--bounds SECONDS]. Every run has a process and one
thread of its own, two run side by side; its seconds are of its own processor time. What is done
stands in a CSV file named after the engine's version and is not done again; peers' runs and
bounds outlive an engine's version and stand beside it in ``peers.csv`` and ``bounds.csv``. Ctrl-C
loses only the runs under way. Tables: ``benchmarks.published_table``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.peer_model import CLOCKS
from benchmarks.peer_run import PEER_SECONDS, PEERS, measure_peer
from benchmarks.published_bounds import Bound, best_bounds, compute_bound
from benchmarks.published_processes import Work, work_off
from benchmarks.published_run import LEAST_WITH_THE_FLEET, Job, Run, engine_version, measure
from benchmarks.published_store import append_row, read_rows
from benchmarks.published_table import summary, tables
from optimizer import warm_up
from optimizer.published import instance_files
from optimizer.published.instance import name_of

RESULTS = Path(__file__).parent / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not done yet, then print and write the tables.

    Returns 1 if a run failed or its result was refused, 130 after Ctrl-C.
    """
    chosen = _arguments(arguments)
    version = engine_version()
    beyond = "-beyond" if chosen.beyond else ""
    results = chosen.out or RESULTS / f"engine-{version}{beyond}.csv"
    paths = [
        path
        for path in instance_files(chosen.folder)
        if any(_matches(path, pattern) for pattern in chosen.only or ("*",))
    ]
    works = [] if chosen.tables else _works(chosen, paths, version, results)
    interrupted, failures = False, 0
    try:
        if any(work.make is not measure_peer for work in works):
            warm_up()  # compiled once here, loaded from the cache by the runs
        failures = work_off(works, chosen.side_by_side)
    except KeyboardInterrupt:
        interrupted = True
        print("\ninterrupted: what is done is kept, the same command goes on", file=sys.stderr)
    runs = _write_tables(chosen, paths, results)
    return 130 if interrupted else int(failures > 0 or any(run.faults for run in runs))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_published")
    add = parser.add_argument
    add("folder", type=Path, help="a folder of instances, or of folders of them")
    add("--seconds", type=float, default=60.0, help="length of a run [60]")
    add("--seeds", type=_seeds, default=(1,), help="separated by commas, as in 1,2,3 [1]")
    add("--clock", choices=tuple(CLOCKS), default="cpu", help="what the seconds are of [cpu]")
    add("--only", nargs="+", metavar="PATTERN", help="as in 'pvrp/p0*' or 'egl-e1-A'")
    add("--beyond", action="store_true", help="go on when the best known value is reached")
    add("--not-yet-best", action="store_true", help="leave out what some run has solved to it")
    add(
        "--peers",
        type=_peers,
        default=(),
        help=f"{' and '.join(PEERS)}, separated by commas: {PEER_SECONDS:g} s each, first seed",
    )
    add("--peers-only", action="store_true", help="no run of the engine")
    add("--bounds", type=float, metavar="SECONDS", help="a lower bound once for each instance")
    add("--tables", action="store_true", help="no run at all: tables of what is done")
    add("--summary", type=Path, metavar="FILE", help="the sets' tables alone, for a page")
    add("--side-by-side", type=int, default=2, help="how many runs at a time [2]")
    add("--out", type=Path, help="CSV file [results/engine-VERSION.csv]")
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        parser.error(f"{chosen.folder} is no folder")
    return chosen


def _seeds(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _peers(text: str) -> tuple[str, ...]:
    """Return the peers of a list. Raises ArgumentTypeError for one unknown or not installed."""
    names = tuple(text.split(","))
    for name in names:
        if name not in PEERS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(PEERS)}")
        if PEERS[name].version is None:
            raise argparse.ArgumentTypeError(f"{name} is not installed: pip install {name}")
    return names


def _matches(path: Path, pattern: str) -> bool:
    """Whether the instance's name, or folder and name, is like the pattern."""
    name = name_of(path)
    return fnmatch(name, pattern) or fnmatch(f"{path.parent.name}/{name}", pattern)


def _works(
    chosen: argparse.Namespace, paths: Sequence[Path], version: str, results: Path
) -> list[Work]:
    """Return what is not done yet: the engine's runs, then the peers', then bounds."""
    peers, bounds = beside(results)
    done = read_rows(Run, results)
    ours = [
        Job(path, seed, chosen.seconds, version, not chosen.beyond, chosen.clock)
        for path in paths
        for seed in chosen.seeds
        if not chosen.peers_only
    ]
    theirs = [
        Job(
            path,
            chosen.seeds[0],
            PEER_SECONDS,
            PEERS[name].version or "",
            False,
            chosen.clock,
            name,
        )
        for path in paths
        for name in chosen.peers
    ]
    open_ours = still_open(ours, done, skip_reached=chosen.not_yet_best)
    open_theirs = still_open(theirs, read_rows(Run, peers), skip_reached=False)
    left = len(open_ours) + len(open_theirs)
    jobs = len(ours) + len(theirs)
    print(f"{jobs} runs, {jobs - left} of them done or not needed: {results}")
    bound_jobs = []
    if chosen.bounds:
        known = {
            (bound.set, bound.instance)
            for bound in read_rows(Bound, bounds)
            if bound.seconds >= chosen.bounds
        }
        wanted = [Job(path, 0, chosen.bounds, version, clock=chosen.clock) for path in paths]
        bound_jobs = [job for job in wanted if job.instance_key not in known]
    return [
        *(Work(_label(job), measure, job, _keeper(results)) for job in open_ours),
        *(Work(_label(job), measure_peer, job, _keeper(peers)) for job in open_theirs),
        *(
            Work(f"{'/'.join(job.instance_key)} bound", compute_bound, job, _keeper(bounds))
            for job in bound_jobs
        ),
    ]


def beside(results: Path) -> tuple[Path, Path]:
    """Return the files of peers' runs and of bounds that belong to a file of results."""
    return results.with_name("peers.csv"), results.with_name("bounds.csv")


def _label(job: Job) -> str:
    return f"{'/'.join(job.instance_key)} {job.solver} seed {job.seed}"


def _keeper(path: Path) -> Callable[[Run | Bound], str]:
    """Return what appends an answer to a file and says what to print of it."""

    def keep(row: Run | Bound) -> str:
        append_row(row, path)
        return row.summary

    return keep


def still_open(jobs: Iterable[Job], done: Iterable[Run], *, skip_reached: bool) -> list[Job]:
    """Return the jobs without a result; ``skip_reached``: nor where a run met the best known."""
    done = list(done)
    keys = {run.key for run in done}
    reached = {(run.set, run.instance) for run in done if run.reached_best_known}
    return [
        job
        for job in jobs
        if job.key not in keys and not (skip_reached and job.instance_key in reached)
    ]


def _write_tables(chosen: argparse.Namespace, paths: Sequence[Path], results: Path) -> list[Run]:
    """Print and write the tables of what is done; return the runs in them."""
    wanted = {Job(path, 0, 0.0, "").instance_key for path in paths}
    peers, bounds = beside(results)
    runs = [
        run
        for run in (*read_rows(Run, results), *read_rows(Run, peers))
        if (run.set, run.instance) in wanted and run.clock == chosen.clock
    ]
    lower = {**best_bounds(read_rows(Bound, bounds)), **LEAST_WITH_THE_FLEET}
    text = tables(runs, lower)
    print(text)
    results.parent.mkdir(parents=True, exist_ok=True)
    results.with_suffix(".md").write_text(text, encoding="utf-8")
    if chosen.summary:
        chosen.summary.write_text(summary(runs, lower), encoding="utf-8")
    return runs


if __name__ == "__main__":
    sys.exit(main())
