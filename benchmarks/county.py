"""A whole county's year on two cores: seconds, memory, proofs, driving against its bound.

``python -m benchmarks.county [--size sample|large] [--workers 2] [--no-driving]`` generates the
county, compiles the kernels, then plans all units over 2026 on the clock and audits the plan. With
driving, each distinct template is held against ``cost_lower_bound`` afterwards, off the clock;
``--driving C01 T07`` does only that, for these units (none named: all).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time

from rich.console import Console

from benchmarks.memory import PeakMemory
from benchmarks.table import WIDTH, Row, show, write_csv
from examples import DEMO_SEED, DEMO_SIZE, SampleSize, generate_county
from optimizer import cost_lower_bound, warm_up
from scheduling.audit import audit_plan
from scheduling.inputs import load_inputs
from scheduling.plan.model import PatrolKind, Plan, WindowNeed
from scheduling.planning import make_plan
from scheduling.planning.group import GroupJob, job_fits
from scheduling.planning.prepare import prepare
from scheduling.planning.templates import Template, TemplateKey, TemplateMaker

RESULTS = Path(__file__).parent / "results"
_SECRET, _SEED = b"benchmark", 1
#: Processor seconds for the cost bound of one template, if not told otherwise.
COST_SECONDS = 60.0

#: 22 units, 400 zones, 110 people: twenty stations of four, two squads of fifteen.
LARGE_SIZE = SampleSize(
    townships=20,
    zones_per_township=20,
    zones_spread=5,
    squads=2,
    inspectors_per_station=4,
    inspectors_per_squad=15,
    inspectors_spread=1,
    vehicles_per_squad=5,
    township_km2=150.0,
)
SIZES = {"sample": (DEMO_SIZE, DEMO_SEED), "large": (LARGE_SIZE, 7)}


@dataclass(frozen=True)
class CountyRow(Row):
    """What planning one county's year took and gave; the kernels are compiled before.

    ``closed`` windows have as many patrols as are proven necessary. ``first_goals_proven`` are the
    units whose soft gaps and even weeks are proven best. ``drive_gap_percent`` is the driving of
    all distinct templates above its bound, each once.
    """

    zones: int
    units: int
    people: int
    plan_seconds: float
    cpu_seconds: float
    peak_memory_mb: float | None
    patrols: int
    windows: int
    closed_percent: float
    month_windows: int
    months_closed_percent: float
    units_optimal: int
    unmet: int
    lawful: bool
    templates: int = 0
    drive_gap_percent: float | None = None
    worst_gap_percent: float | None = None


@dataclass(frozen=True)
class DriveRow(Row):
    """One distinct template: minutes of driving and the bound on them for its patrols."""

    visits: int
    patrols: int
    drive_minutes: float
    bound_minutes: float
    gap_percent: float
    seconds: float


def measure(name: str, workers: int) -> CountyRow:
    """Generate, plan and audit one county in a temporary folder."""
    size, seed = SIZES[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "county"
        generate_county(folder, size=size, seed=seed)
        with PeakMemory() as memory:
            clock, cpu = perf_counter(), _cpu_seconds()
            plan = make_plan(
                load_inputs(folder, year=2026), seed=_SEED, secret=_SECRET, workers=workers
            )
            seconds, spent = perf_counter() - clock, _cpu_seconds() - cpu
        report = audit_plan(plan)
    months = [n for n in plan.needs if (n.last_day - n.first_day).days > 20 and _regular(n)]
    return CountyRow(
        case=name,
        note=f"{_statuses(plan)}; {sum(f.severity == 'breach' for f in report.findings)} breaches",
        zones=len(plan.county.zones),
        units=len(plan.units),
        people=len(plan.county.inspectors),
        plan_seconds=seconds,
        cpu_seconds=spent,
        peak_memory_mb=memory.megabytes,
        patrols=len(plan.patrols),
        windows=len(plan.needs),
        closed_percent=_closed(plan.needs),
        month_windows=len(months),
        months_closed_percent=_closed(months),
        units_optimal=sum(o.status == "optimal" for o in plan.outcomes),
        unmet=len(plan.unmet),
        lawful=report.lawful,
    )


def _regular(need: WindowNeed) -> bool:
    return need.kind is PatrolKind.REGULAR


def _closed(needs: Sequence[WindowNeed]) -> float:
    """Return the share of windows planned with no more patrols than proven necessary."""
    closed = sum(need.planned == need.needed_lower_bound for need in needs)
    return 100.0 * closed / max(1, len(needs))


def _cpu_seconds() -> float:
    return sum(os.times()[:4])


def _statuses(plan: Plan) -> str:
    counts = Counter(outcome.status for outcome in plan.outcomes)
    return ", ".join(f"{count} units {status}" for status, count in sorted(counts.items()))


def drives(name: str, workers: int, units: Sequence[str], budget: float) -> Iterator[DriveRow]:
    """Bound the driving of every distinct regular template of some units' year (none: all)."""
    size, seed = SIZES[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "county"
        generate_county(folder, size=size, seed=seed)
        jobs = prepare(load_inputs(folder, year=2026), seed=_SEED, secret=_SECRET).jobs
        wanted = [job for job in jobs if not units or {w.unit for w in job.works} & set(units)]
        wanted.sort(key=lambda job: -len(job.requirements))
        if workers == 1:
            for job in wanted:
                yield from drives_of(job, budget)
            return
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            for rows in pool.map(drives_of, wanted, [budget] * len(wanted)):
                yield from rows


def drives_of(job: GroupJob, budget: float) -> list[DriveRow]:
    """Bound one group's templates, those planned whole and found once each."""
    _, makers, fits = job_fits(job)
    regular = {fit.batch.visits for fit in fits if fit.batch.kind is PatrolKind.REGULAR}
    return [
        _drive_row(maker, key, template, budget)
        for maker in makers
        for key, template in maker.cache.items()
        if template.routes and not template.dropped and key[0] in regular
    ]


def _drive_row(
    maker: TemplateMaker, key: TemplateKey, template: Template, budget: float
) -> DriveRow:
    visits, classes, _ = key
    routes = template.routes
    inside = sum(
        maker.work.modes[zone][mode].inside_seconds[classes[0]]
        for route in routes
        for zone, mode in route.stops
    )
    driven = sum(route.work_seconds[classes[0]] for route in routes) - inside
    started = process_time()
    bound = cost_lower_bound(
        maker.driving_problem(key, len(routes)),
        budget_seconds=budget,
        upper=driven,
        clock=process_time,
    )
    least = max(0.0, bound.lower)
    return DriveRow(
        case=f"{maker.work.unit} {sum(n for _, n in visits)} visits, class {classes[0]}",
        note="",
        visits=sum(n for _, n in visits),
        patrols=len(routes),
        drive_minutes=driven / 60,
        bound_minutes=least / 60,
        gap_percent=_gap_percent(driven, least),
        seconds=process_time() - started,
    )


def with_drives(row: CountyRow, rows: Sequence[DriveRow]) -> CountyRow:
    """Return the county's row with what its templates' bounds say."""
    if not rows:
        return row
    return replace(
        row,
        templates=len(rows),
        drive_gap_percent=_gap_percent(*_minutes(rows)),
        worst_gap_percent=max(r.gap_percent for r in rows),
    )


def _minutes(rows: Sequence[DriveRow]) -> tuple[float, float]:
    return sum(r.drive_minutes for r in rows), sum(r.bound_minutes for r in rows)


def _gap_percent(cost: float, least: float) -> float:
    return 100.0 * (cost / max(1.0, least) - 1.0)


def main() -> None:
    """Measure, print and write ``results/county.csv`` and ``results/county_driving.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.county", description=__doc__)
    parser.add_argument("--size", choices=sorted(SIZES), default="sample")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-driving", action="store_true", help="leave out the bounds on driving")
    parser.add_argument("--driving", nargs="*", metavar="UNIT", help="these bounds alone")
    parser.add_argument("--bound-seconds", type=float, default=COST_SECONDS)
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    warm_up()
    if chosen.driving is not None:
        _bounded(chosen, console)
        return
    row = measure(chosen.size, chosen.workers)
    show("county", [row], console)
    if not chosen.no_driving:
        row = with_drives(row, _bounded(chosen, console))
        show("county", [row], console)
    write_csv([row], RESULTS / "county.csv")


def _bounded(chosen: argparse.Namespace, console: Console) -> list[DriveRow]:
    """Bound the driving, print each template's gap and that of all, write them as they come."""
    rows: list[DriveRow] = []
    units = chosen.driving or ()
    for drive in drives(chosen.size, chosen.workers, units, chosen.bound_seconds):
        rows.append(drive)
        write_csv(rows, RESULTS / "county_driving.csv")
        driven, least = _minutes(rows)
        console.print(
            f"{drive.case}, {drive.patrols} patrols: {drive.drive_minutes:.0f} minutes,"
            f" {drive.gap_percent:.2f} % above the bound after {drive.seconds:.0f} s;"
            f" so far {_gap_percent(driven, least):.2f} %"
        )
    return rows


if __name__ == "__main__":
    main()
