"""The planner's own problems, window by window: how soon the engine is near the best it will find.

``python -m benchmarks.windows [--stations N] [--squads N] [--seconds S]``: half-months of stations
with 40 zones and months of squads with 200 to 300 visits, from generated counties. Each is run as
often as there are seeds, ``S`` seconds of processor time each; the best of these runs is what the
costs at 0.5 s (stations) and 10 s (squads) are held against. Patrols are given by the planner's
template, so that costs are seconds of driving and inspecting alone.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from unittest.mock import patch

from rich.console import Console

from benchmarks.need import classes_of
from benchmarks.published_run import Watch, cost_at
from benchmarks.table import WIDTH, Row, show, write_csv
from examples import SampleSize, generate_county
from optimizer import MaxRuntime, Result, Solution, check, solve, warm_up
from optimizer.engine.stops import Stop
from optimizer.problem import PeriodicProblem
from scheduling.inputs import load_inputs
from scheduling.planning.owed import Batch, regular_batches
from scheduling.planning.prepare import Prepared, prepare
from scheduling.planning.template_problem import PATROL_COST
from scheduling.planning.templates import TemplateMaker

RESULTS = Path(__file__).parent / "results"
SEEDS = (1, 2, 3)
#: A county of two stations with 40 zones each, and one whose squads owe 200 to 300 visits a month.
STATIONS = SampleSize(townships=2, zones_per_township=40, inspectors_per_station=4)
SQUADS = SampleSize(townships=12, zones_per_township=20, inspectors_per_squad=8)
STATION_SECONDS, SQUAD_SECONDS = 0.5, 10.0
SQUAD_VISITS = range(200, 301)
#: Nobody waits longer on the wall for so many seconds of the processor.
_SAFETY = 100.0


@dataclass(frozen=True)
class WindowRow(Row):
    """One window: its size, and how far the early cost lies above the best, worst seed and mean."""

    zones: int
    visits: int
    patrols: int
    early_seconds: float
    best_work_seconds: float | None
    mean_gap_percent: float | None
    worst_gap_percent: float | None


def run(stations: int, squads: int, seconds: float) -> Iterator[WindowRow]:
    """Measure so many distinct windows of stations and of squads, the busiest first."""
    warm_up()
    yield from _county(STATIONS, "township", stations, seconds, STATION_SECONDS)
    yield from _county(SQUADS, "county", squads, seconds, SQUAD_SECONDS)


def _county(
    size: SampleSize, authority: str, count: int, seconds: float, early: float
) -> Iterator[WindowRow]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "county"
        generate_county(folder, size=size, seed=1)
        prepared = prepare(load_inputs(folder, year=2026), secret=b"benchmark")
        for unit, batch in _windows(prepared, authority)[:count]:
            yield _measure(prepared, unit, batch, seconds, early)


def _windows(prepared: Prepared, authority: str) -> list[tuple[str, Batch]]:
    """Return windows of distinct visits of the authority's units, those with most visits first."""
    inputs = prepared.inputs
    days = [d for d in inputs.calendar.patrol_days if inputs.first_day <= d <= inputs.last_day]
    found: dict[object, tuple[str, Batch]] = {}
    for unit in inputs.county.units:
        if unit.authority != authority or unit.id not in prepared.works:
            continue
        for batch in regular_batches(unit.id, prepared.requirements, days):
            if batch.days and (authority == "township" or visits_of(batch) in SQUAD_VISITS):
                key = (unit.id, batch.visits, classes_of(inputs, batch))
                found.setdefault(key, (unit.id, batch))
    return sorted(found.values(), key=lambda entry: -visits_of(entry[1]))


def visits_of(batch: Batch) -> int:
    """Return how many visits are owed in a window."""
    return sum(count for _, count in batch.visits)


def done(solution: Solution) -> int:
    """Return how many visits a solution makes."""
    return sum(len(route.stops) for route in solution.routes)


def asked_problem(prepared: Prepared, unit: str, batch: Batch) -> tuple[PeriodicProblem, Solution]:
    """Return the problem that a window's template is the answer to, and that answer.

    It is the last one solved with all visits done: later ones seek a patrol fewer in vain. Raises
    RuntimeError when the planner found no routes.
    """
    answers: list[tuple[PeriodicProblem, Solution]] = []

    def listening(
        problem: PeriodicProblem, stop: Stop, *, seed: int, initial: Solution | None = None
    ) -> Result:
        result = solve(problem, stop, seed=seed, initial=initial)
        if result.best is not None and done(result.best) == visits_of(batch):
            answers.append((problem, result.best))
        return result

    priorities = {zone.id: zone.priority for zone in prepared.inputs.county.zones}
    maker = TemplateMaker(prepared.works[unit], 1, priorities, {})
    with patch("scheduling.planning.templates.solve", listening):
        maker.make(batch, classes_of(prepared.inputs, batch))
    if not answers:
        raise RuntimeError(f"{unit}: the planner found no routes for {batch.window}")
    return answers[-1]


def _measure(
    prepared: Prepared, unit: str, batch: Batch, seconds: float, early: float
) -> WindowRow:
    problem, planned = asked_problem(prepared, unit, batch)
    fixed = PATROL_COST * len(planned.routes)
    soon, late = [], []
    for seed in SEEDS:
        costs = costs_at(problem, seed, (early, seconds))
        soon.append(costs[0])
        late.append(costs[1])
    best = min((cost for cost in late if cost is not None), default=None)
    gaps = [
        100.0 * (cost - best) / (best - fixed)
        for cost in soon
        if cost is not None and best is not None
    ]
    missing = len(SEEDS) - len(gaps)
    return WindowRow(
        case=f"{unit} {batch.window.first_day:%m-%d}",
        note=f"nothing after {early} s with {missing} seeds" if missing else "",
        zones=len(batch.visits),
        visits=visits_of(batch),
        patrols=len(planned.routes),
        early_seconds=early,
        best_work_seconds=None if best is None else best - fixed,
        mean_gap_percent=fmean(gaps) if gaps else None,
        worst_gap_percent=max(gaps, default=None),
    )


def costs_at(problem: PeriodicProblem, seed: int, moments: Sequence[float]) -> list[float | None]:
    """Return the best cost of one run at each of some moments, the last of which ends it.

    Raises RuntimeError when what comes back does not stand the check.
    """
    watch = Watch(moments[-1], "cpu")
    result = solve(problem, MaxRuntime(moments[-1] * _SAFETY), seed=seed, progress=watch)
    watch(result)
    if result.best is not None and check(problem, result.best):
        raise RuntimeError("the engine's solution does not stand the check")
    return [cost_at(watch.moments, moment) for moment in moments]


def main() -> None:
    """Measure, print a table and write ``results/windows.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.windows", description=__doc__)
    parser.add_argument("--stations", type=int, default=4)
    parser.add_argument("--squads", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    rows = []
    for row in run(chosen.stations, chosen.squads, chosen.seconds):
        console.print(f"{row.case}: {row.worst_gap_percent}", highlight=False)
        rows.append(row)
    write_csv(rows, RESULTS / "windows.csv")
    show("windows: early cost above the best of three runs", rows, console)


if __name__ == "__main__":
    main()
