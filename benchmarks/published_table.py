"""Tables of the runs on published instances, in Markdown: one line an instance, and one a set."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from statistics import fmean

from benchmarks.published_run import CHECKPOINTS, Run

LEGEND = (
    "Gaps to the best known value in percent: best / average / worst over the seeds. A set's line: "
    "the average of the best, the average of the averages, the worst of all. A run counts at a "
    "checkpoint that it reached or before which it ended at the best known value; of several runs "
    "of one seed, the one planned shortest. Bound: how far the proven lower bound lies below the "
    "best known value. Seconds to best: average. Every result passed the check and a second count."
)


def tables(runs: Sequence[Run]) -> str:
    """Return the summary of the sets and a table for each of them."""
    sets = {
        name: list(own) for name, own in groupby(sorted(runs, key=_order), key=lambda run: run.set)
    }
    shares = [run.cpu_seconds / run.wall_seconds for run in runs if run.wall_seconds >= 1.0]
    least = f" The runs had at least {min(shares):.0%} of a core each." if shares else ""
    parts = [
        f"{hardware()}.{least}",
        LEGEND,
        _table(("set", "instances"), [_line(*item) for item in sets.items()]),
    ]
    for name, own in sets.items():
        instances = {
            instance: list(found) for instance, found in groupby(own, key=lambda run: run.instance)
        }
        lines = [_line(*item, only=True) for item in instances.items()]
        parts += [f"## {name}", _table(("instance", "best known"), lines)]
    refused = [
        f"- {run.set} {run.instance} seed {run.seed}: {run.faults}" for run in runs if run.faults
    ]
    if refused:
        parts += ["## Refused results", "\n".join(refused)]
    return "\n\n".join(parts) + "\n"


def hardware() -> str:
    """Return processor, number of cores and Python."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line for line in described.read_text().splitlines() if "model name" in line]
        model = names[0].split(":", 1)[1].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _order(run: Run) -> tuple[str, int, str, int, float]:
    """Return a sort key by set, then instance with short names first (p2 before p10)."""
    return run.set, len(run.instance), run.instance, run.seed, run.seconds


def _table(first: tuple[str, str], lines: Iterable[list[str]]) -> str:
    heads = [*first, "runs", *(f"{c} s" for c in CHECKPOINTS), "bound", "s to best"]
    rows = [heads, ["---", *(["---:"] * (len(heads) - 1))], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line(name: str, runs: Sequence[Run], *, only: bool = False) -> list[str]:
    """Return the cells of a set's line, or of an ``only`` instance's."""
    known = runs[0].best_known
    bounds = [
        100.0 * (1.0 - run.lower_bound / run.best_known)
        for run in runs
        if run.lower_bound is not None and run.best_known
    ]
    times = [run.seconds_to_best for run in runs if run.seconds_to_best is not None]
    instances = len({run.instance for run in runs})
    return [
        name,
        ("–" if known is None else f"{known:g}") if only else f"{instances}",
        str(len(runs)),
        *(_gaps(runs, checkpoint) for checkpoint in CHECKPOINTS),
        f"{fmean(bounds):.2f}" if bounds else "–",
        f"{fmean(times):.1f}" if times else "–",
    ]


def _gaps(runs: Sequence[Run], checkpoint: int) -> str:
    """Return best, average and worst gap at a checkpoint; how many runs had found nothing."""
    each = gaps_at(runs, checkpoint)
    found = [own for gaps in each.values() if (own := [gap for gap in gaps if gap is not None])]
    nothing = sum(gap is None for gaps in each.values() for gap in gaps)
    missing = f" ({nothing} without)" if nothing else ""
    if not found:
        return "–" + missing
    best, average = fmean(map(min, found)), fmean(map(fmean, found))
    shown = " / ".join(f"{gap:.2f}" for gap in (best, average, max(map(max, found))))
    return shown.replace("-0.00", "0.00") + missing


def gaps_at(runs: Iterable[Run], checkpoint: int) -> dict[str, list[float | None]]:
    """Return each instance's gaps at a checkpoint, one for each seed that was run that long.

    None: the run had found nothing by then.
    """
    chosen: dict[tuple[str, int], Run] = {}
    for run in sorted(runs, key=lambda run: run.seconds):
        long_enough = run.seconds >= checkpoint or run.reached_best_known
        if run.best_known and long_enough:
            chosen.setdefault((run.instance, run.seed), run)
    gaps: dict[str, list[float | None]] = {}
    for (instance, _), run in chosen.items():
        cost: float | None = getattr(run, f"at_{checkpoint}")
        gaps.setdefault(instance, []).append(run.gap_percent(cost))
    return gaps
