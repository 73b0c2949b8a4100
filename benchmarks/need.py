"""Proofs: patrols closed (as many proven necessary as planned), and the cost bound's root gap.

``python -m benchmarks.need [--counties N] [--pvrp FOLDER]``. Seconds are the processor's.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean
from time import process_time

from rich.console import Console

from benchmarks.table import WIDTH, Row, write_csv
from examples import SampleSize, generate_county
from optimizer import cost_lower_bound, patrol_need, warm_up
from optimizer.published import instance_files, read_instance
from scheduling.county.seasons import day_class_on
from scheduling.inputs import PlanInputs, load_inputs
from scheduling.planning.owed import Batch, regular_batches
from scheduling.planning.template_problem import need_problem
from scheduling.planning.templates import TemplateMaker
from scheduling.planning.work import UnitWork, unit_work
from scheduling.requirements import derive_requirements
from scheduling.roads import prepare_roads

RESULTS = Path(__file__).parent / "results"
#: From so many visits on a window is a county's month.
COUNTY_VISITS = 200
WINDOW_SECONDS, COUNTY_SECONDS, COST_SECONDS = 1.0, 20.0, 120.0
#: The published instances looked at have at most so many tasks.
MOST_TASKS = 101
_SECRET = b"benchmark"


@dataclass(frozen=True)
class NeedRow(Row):
    """The unit-windows of one county and year; equal ones are proven once and counted each.

    Closed: the patrols of the planner's template are proven necessary, within 1 s, or 20 s where
    200 visits or more are owed.
    """

    windows: int
    windows_closed: int
    longest_window_seconds: float
    county_months: int
    county_months_closed: int
    longest_county_month_seconds: float


@dataclass(frozen=True)
class GapRow(Row):
    """The cost bound of one published instance against the best known cost."""

    tasks: int
    best_known: float
    lower_bound: float
    gap_percent: float
    seconds: float
    converged: bool


@dataclass(frozen=True)
class _Window:
    """One unit-window: visits owed, patrols planned and proven, seconds of proving."""

    visits: int
    planned: int
    proven: int
    seconds: float

    def closed(self, limit: float) -> bool:
        """Whether it is proven in time that no fewer patrols would do."""
        return self.planned == self.proven and self.seconds <= limit


def size_of(seed: int) -> SampleSize:
    """Return the size of a seed's county: 5 to 8 townships of 20 to 30 zones.

    All of one size would all be as near to the next whole number of patrols.
    """
    draw = Random(f"need {seed}")
    return SampleSize(
        townships=draw.randint(5, 8),
        zones_per_township=draw.randint(20, 30),
        inspectors_per_station=4,
        inspectors_per_squad=8,
        vehicles_per_squad=3,
        township_km2=draw.choice((90.0, 120.0, 150.0, 180.0)),
    )


def run_counties(counties: int, size: SampleSize | None = None) -> Iterator[NeedRow]:
    """Measure generated counties, each of another seed and, if none is given, of its size."""
    warm_up()
    for seed in range(1, counties + 1):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "county"
            made = size or size_of(seed)
            generate_county(folder, size=made, seed=seed)
            note = (
                f"{made.townships} x {made.zones_per_township} zones, {made.township_km2:.0f} km2"
            )
            yield _need_row(seed, note, list(_windows(load_inputs(folder, year=2026))))


def _need_row(seed: int, note: str, windows: Sequence[_Window]) -> NeedRow:
    small = [w for w in windows if w.visits < COUNTY_VISITS]
    large = [w for w in windows if w.visits >= COUNTY_VISITS]
    return NeedRow(
        case=f"seed {seed}",
        note=note,
        windows=len(small),
        windows_closed=sum(w.closed(WINDOW_SECONDS) for w in small),
        longest_window_seconds=max((w.seconds for w in small), default=0.0),
        county_months=len(large),
        county_months_closed=sum(w.closed(COUNTY_SECONDS) for w in large),
        longest_county_month_seconds=max((w.seconds for w in large), default=0.0),
    )


def _windows(inputs: PlanInputs) -> Iterator[_Window]:
    """Yield every regular window of every unit that can be planned, in the planner's own way."""
    roads = prepare_roads(inputs.county, inputs.roads_file)
    requirements = derive_requirements(
        inputs.county, inputs.regulation, inputs.calendar, inputs.first_day, inputs.last_day,
        inputs.units, secret=_SECRET,
    )  # fmt: skip
    priorities = {zone.id: zone.priority for zone in inputs.county.zones}
    days = [d for d in inputs.calendar.patrol_days if inputs.first_day <= d <= inputs.last_day]
    for unit in inputs.units:
        work = unit_work(inputs.county, roads, requirements, unit)
        maker = TemplateMaker(work, 1, priorities, {})
        known: dict[object, _Window] = {}
        for batch in regular_batches(unit, requirements, days):
            if batch.days:
                classes = classes_of(inputs, batch)
                key = (batch.visits, classes)
                known[key] = known.get(key) or _measure(maker, work, batch, classes)
                yield known[key]


def classes_of(inputs: PlanInputs, batch: Batch) -> tuple[int, ...]:
    """Return the batch's day classes, the commonest first."""
    settings = inputs.county.settings
    found = [settings.day_classes.index(day_class_on(settings, day)) for day in batch.days]
    return tuple(sorted(set(found), key=lambda c: (-found.count(c), found.index(c))))


def _measure(
    maker: TemplateMaker, work: UnitWork, batch: Batch, classes: tuple[int, ...]
) -> _Window:
    """Plan a window, then prove its patrols anew on the clock."""
    template = maker.make(batch, classes)
    planned = len(template.routes)
    problem = need_problem(work, [work.zones.index(zone) for zone, _ in batch.visits], classes)
    visits = [count for _, count in batch.visits]
    started = process_time()
    bound = patrol_need(problem, visits, known=planned)
    return _Window(sum(visits), planned, bound.lower, process_time() - started)


def run_pvrp(folder: Path, *, most_tasks: int = MOST_TASKS) -> Iterator[GapRow]:
    """Measure the root gap of the cost bound on published periodic instances."""
    warm_up()
    for path in instance_files(folder):
        instance = read_instance(path)
        if len(instance.problem.tasks) > most_tasks or instance.best_known is None:
            continue
        bound = cost_lower_bound(
            instance.problem,
            budget_seconds=COST_SECONDS,
            upper=instance.best_known,
            clock=process_time,
        )
        yield GapRow(
            case=instance.name,
            note="",
            tasks=len(instance.problem.tasks),
            best_known=instance.best_known,
            lower_bound=bound.lower,
            gap_percent=100.0 * (1.0 - bound.lower / instance.best_known),
            seconds=bound.seconds,
            converged=bound.converged,
        )


def summary(rows: Sequence[NeedRow]) -> str:
    """Return the shares that the figures ask for."""
    parts = []
    for name, total, closed in (
        ("closed: unit-windows within 1 s", "windows", "windows_closed"),
        ("county-months of 200+ visits within 20 s", "county_months", "county_months_closed"),
    ):  # fmt: skip
        of = sum(getattr(row, total) for row in rows)
        share = 100.0 * sum(getattr(row, closed) for row in rows) / max(1, of)
        parts.append(f"{name}: {share:.1f} % of {of}")
    return "; ".join(parts)


def gap_summary(gaps: Sequence[GapRow]) -> str:
    """Return how far the cost bounds lie below the best known, in all."""
    each = [gap.gap_percent for gap in gaps]
    return (
        f"root gap of the cost bound: mean {fmean(each):.2f} %, most {max(each):.2f} %, "
        f"{len(gaps)} instances"
    )


def main() -> None:
    """Measure, print figures and write ``results/need.csv`` and ``results/cost_bound.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.need", description=__doc__)
    parser.add_argument("--counties", type=int, default=20)
    parser.add_argument("--pvrp", type=Path, help="folder of published periodic instances")
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    rows: list[NeedRow] = []
    for row in run_counties(chosen.counties):
        rows.append(row)
        write_csv(rows, RESULTS / "need.csv")
        here = f"{row.case} ({row.note}): {row.windows_closed} of {row.windows}, "
        here += f"{row.county_months_closed} of {row.county_months} county-months"
        console.print(here, style="dim")
    if rows:
        console.print(summary(rows))
    gaps: list[GapRow] = []
    for gap in run_pvrp(chosen.pvrp) if chosen.pvrp else ():
        gaps.append(gap)
        write_csv(gaps, RESULTS / "cost_bound.csv")
        console.print(f"{gap.case}: {gap.gap_percent:.2f} % in {gap.seconds:.0f} s", style="dim")
    if gaps:
        console.print(gap_summary(gaps))


if __name__ == "__main__":
    main()
