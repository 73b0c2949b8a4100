"""Tables of the runs on published instances, in Markdown: one line an instance, and one a set."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from statistics import fmean

from benchmarks.peer_run import NOT_APPLICABLE, PEER_SECONDS, PEERS
from benchmarks.published_run import CHECKPOINTS, LEAST_WITH_THE_FLEET, OURS, ROUNDING, Run

#: Lower bounds by set and instance.
Bounds = Mapping[tuple[str, str], float]
#: Seeds that count, by checkpoint.
Seeds = Mapping[int, frozenset[int]]

LEGEND = (
    "Gaps to the best known value in percent: best / average / worst over the seeds. A set's line: "
    "the average of the best, the average of the averages, the worst of all. A run counts at a "
    "checkpoint that it reached or before which it ended at the best known value; of several runs "
    "of one seed, the one planned shortest. A seed counts where this holds on every instance of "
    "the set: what is solved early does not stand for the rest. Bound: how far the best proven "
    "lower bound lies below the best known value. Seconds to best: average. Every result passed "
    "the check and a second count; a dash is nothing found, or nothing that passed."
)
AGAINST = (
    "Against each peer at {seconds:g} s, on the instances where both were run: average gaps where "
    "both found something (ours averaged over its seeds); on how many instances our worst seed "
    "cost less, the same (to {rounding}) or more; and on how many the peer found nothing."
)


def tables(runs: Sequence[Run], bounds: Bounds) -> str:
    """Return the summary of the sets and a table for each of them."""
    parts = [summary(runs, bounds).rstrip()]
    runs = [_of_the_fleet(run) for run in runs]
    peers = _peers(runs)
    for name, own in _by(runs, lambda run: run.set):
        seeds = _seeds(own)
        lines = [
            _line(instance, found, bounds, peers, seeds, only=True)
            for instance, found in _by(own, lambda run: run.instance)
        ]
        parts += [f"## {name}", _table(("instance", "best known"), peers, lines)]
    refused = [
        f"- {run.set} {run.instance} {run.solver} seed {run.seed}: {run.faults}"
        for run in runs
        if run.faults
    ]
    if refused:
        parts += ["## Refused results", "\n".join(refused)]
    return "\n\n".join(parts) + "\n"


def summary(runs: Sequence[Run], bounds: Bounds) -> str:
    """Return how it was measured, a line for each set, and a line against each peer and set."""
    listed, runs = runs, [_of_the_fleet(run) for run in runs]
    peers = _peers(runs)
    sets = _by(runs, lambda run: run.set)
    lines = [_line(name, own, bounds, peers, _seeds(own)) for name, own in sets]
    parts = [
        *_measured(runs),
        LEGEND,
        *_other_fleets(listed),
        _table(("set", "instances"), peers, lines),
    ]
    everything = [replace(run, instance=f"{run.set} {run.instance}") for run in runs]
    compared = [*sets, *([("all", everything)] if len(sets) > 1 else [])]
    against = [
        cells for peer in peers for name, own in compared if (cells := _against(peer, name, own))
    ]
    if against:
        heads = ["peer", "set", "instances", "ours", "peer", "less", "same", "more", "nothing"]
        head = AGAINST.format(seconds=PEER_SECONDS, rounding=ROUNDING)
        parts += [head, _grid(heads, against, left=2)]
    parts += [f"{PEERS[peer].title}: {PEERS[peer].usage}." for peer in peers if peer in PEERS]
    return "\n\n".join(parts) + "\n"


def _of_the_fleet(run: Run) -> Run:
    """Return a run as measured against what can be had with the fleet that it was given."""
    least = LEAST_WITH_THE_FLEET.get((run.set, run.instance), run.best_known)
    return replace(run, best_known=least)


def _other_fleets(runs: Iterable[Run]) -> list[str]:
    """Return a sentence for each instance whose listed value takes more vehicles than it says."""
    listed = {(run.set, run.instance): run.best_known for run in runs}
    return [
        f"{name}: against {least:g}, which is proven least for as many vehicles as the file says; "
        f"the list has {listed[name_of_set, name]:g}, with more vehicles."
        for (name_of_set, name), least in LEAST_WITH_THE_FLEET.items()
        if (name_of_set, name) in listed
    ]


def _measured(runs: Sequence[Run]) -> list[str]:
    """Return on what, when and with which versions, seeds and clock the runs were made."""
    ours = [run for run in runs if run.solver == OURS]
    if not runs:
        return [f"{hardware()}. No runs yet."]
    days = sorted({run.day for run in runs})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    versions = sorted({f"{run.version}" for run in runs if run.solver != OURS and run.version})
    engines = sorted({run.version for run in ours if run.version})
    made_by = [f"engine {', '.join(engines)}"] if engines else []
    seeds = sorted({run.seed for run in ours})
    clocks = " and ".join(
        {"cpu": "the run's own processor time", "wall": "wall clock"}[clock]
        for clock in sorted({run.clock for run in runs})
    )
    shares = [run.cpu_seconds / run.wall_seconds for run in runs if run.wall_seconds >= 1.0]
    least = f" The runs had at least {min(shares):.0%} of a core each." if shares else ""
    return [
        f"{hardware()}; {', '.join([*made_by, *versions])}. {when}, seeds "
        f"{', '.join(map(str, seeds)) or '–'}, one thread a run, seconds of {clocks}.{least}"
    ]


def hardware() -> str:
    """Return processor, number of cores, and the versions of Python and numba."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line for line in described.read_text().splitlines() if "model name" in line]
        model = names[0].split(":", 1)[1].strip() if names else model
    return (
        f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numba {version('numba')}"
    )


def _peers(runs: Iterable[Run]) -> list[str]:
    """Return the names of the peers among the runs."""
    return sorted({run.solver for run in runs} - {OURS})


def _order(run: Run) -> tuple[str, int, str, int, float]:
    """Return a sort key by set, then instance with short names first (p2 before p10)."""
    return run.set, len(run.instance), run.instance, run.seed, run.seconds


def _by(runs: Iterable[Run], name: Callable[[Run], str]) -> list[tuple[str, list[Run]]]:
    """Return the runs in groups of one name, in order."""
    return [(key, list(own)) for key, own in groupby(sorted(runs, key=_order), key=name)]


def _table(first: tuple[str, str], peers: Sequence[str], lines: Iterable[list[str]]) -> str:
    titles = [f"{PEERS[peer].title if peer in PEERS else peer}" for peer in peers]
    at = [f"{title}, {PEER_SECONDS:g} s" for title in titles]
    heads = [*first, "runs", *(f"{c} s" for c in CHECKPOINTS), "bound", "s to best", *at]
    return _grid(heads, lines)


def _grid(heads: list[str], lines: Iterable[list[str]], left: int = 1) -> str:
    """Return a Markdown table whose first columns are flush left, the others right."""
    rows = [heads, [*["---"] * left, *["---:"] * (len(heads) - left)], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _seeds(runs: Sequence[Run]) -> Seeds:
    """Return the seeds of a set's runs that count at each checkpoint."""
    ours = [run for run in runs if run.solver == OURS]
    return {checkpoint: whole_seeds(ours, checkpoint) for checkpoint in CHECKPOINTS}


def _line(
    name: str,
    runs: Sequence[Run],
    bounds: Bounds,
    peers: Sequence[str],
    seeds: Seeds,
    *,
    only: bool = False,
) -> list[str]:
    """Return the cells of a set's line, or of an ``only`` instance's."""
    known = runs[0].best_known
    ours = [run for run in runs if run.solver == OURS]
    below = list(_bound_gaps(ours or runs, bounds))
    times = [run.seconds_to_best for run in ours if run.seconds_to_best is not None]
    instances = len({run.instance for run in runs})
    return [
        name,
        ("–" if known is None else f"{known:g}") if only else f"{instances}",
        str(len(ours)),
        *(_gaps([run for run in ours if run.seed in seeds[c]], c) for c in CHECKPOINTS),
        f"{fmean(below):.2f}" if below else "–",
        f"{fmean(times):.1f}" if times else "–",
        *(_peer_gap([run for run in runs if run.solver == peer]) for peer in peers),
    ]


def _bound_gaps(runs: Sequence[Run], bounds: Bounds) -> Iterator[float]:
    """Yield for each instance how far the best bound lies below the best known, in percent."""
    for instance, own in _by(runs, lambda run: run.instance):
        proven = [run.lower_bound for run in own if run.lower_bound is not None]
        if (kept := bounds.get((own[0].set, instance))) is not None:
            proven.append(kept)
        if proven and own[0].best_known:
            yield 100.0 * (1.0 - max(proven) / own[0].best_known)


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


def _peer_gap(runs: Sequence[Run]) -> str:
    """Return a peer's average gap, and on how many instances it found nothing."""
    asked = [run for run in runs if run.status != NOT_APPLICABLE]
    found = [gap for run in asked if (gap := run.gap_percent(run.cost)) is not None]
    nothing = sum(run.cost is None for run in asked)
    missing = f" ({nothing} without)" if nothing and len(asked) > 1 else ""
    if runs and not asked:
        return "not applicable"
    return (f"{fmean(found):.2f}".replace("-0.00", "0.00") if found else "–") + missing


def _against(peer: str, name: str, runs: Sequence[Run]) -> list[str]:
    """Return the cells of a comparison with a peer on a set; none where neither was run."""
    theirs = {
        run.instance: run
        for run in runs
        if run.solver == peer and run.status != NOT_APPLICABLE and run.seconds == PEER_SECONDS
    }
    ours = gaps_at([run for run in runs if run.solver == OURS], int(PEER_SECONDS))
    both = [instance for instance in theirs if instance in ours]
    pairs, less, same, more, nothing = [], 0, 0, 0, 0
    for instance in both:
        run, gaps = theirs[instance], ours[instance]
        found = [gap for gap in gaps if gap is not None]
        gap = run.gap_percent(run.cost)
        if gap is None:
            nothing += 1
        elif len(found) < len(gaps):
            more += 1
        else:
            pairs.append((fmean(found), gap))
            apart = (max(found) - gap) / 100.0 * (run.best_known or 0.0)
            less, same, more = (
                less + (apart < -ROUNDING),
                same + (abs(apart) <= ROUNDING),
                more + (apart > ROUNDING),
            )
    if not both:
        return []
    averages = [f"{fmean(side):.2f}" for side in zip(*pairs, strict=True)] or ["–", "–"]
    title = PEERS[peer].title if peer in PEERS else peer
    return [title, name, str(len(both)), *averages, str(less), str(same), str(more), str(nothing)]


def gaps_at(runs: Iterable[Run], checkpoint: int) -> dict[str, list[float | None]]:
    """Return each instance's gaps at a checkpoint, one for each seed that was run that long.

    None: the run had found nothing by then.
    """
    chosen: dict[tuple[str, int], Run] = {}
    for run in sorted(runs, key=lambda run: run.seconds):
        if run.best_known and _counts(run, checkpoint):
            chosen.setdefault((run.instance, run.seed), run)
    gaps: dict[str, list[float | None]] = {}
    for (instance, _), run in chosen.items():
        cost: float | None = getattr(run, f"at_{checkpoint}")
        gaps.setdefault(instance, []).append(run.gap_percent(cost))
    return gaps


def whole_seeds(runs: Iterable[Run], checkpoint: int) -> frozenset[int]:
    """Return the seeds with which every instance was run until the checkpoint."""
    judged = [run for run in runs if run.best_known]
    everything = {run.instance for run in judged}
    done: dict[int, set[str]] = {}
    for run in judged:
        if _counts(run, checkpoint):
            done.setdefault(run.seed, set()).add(run.instance)
    return frozenset(seed for seed, instances in done.items() if instances == everything)


def _counts(run: Run, checkpoint: int) -> bool:
    return run.seconds >= checkpoint or run.reached_best_known
