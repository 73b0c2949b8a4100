"""Whole plannings: generated counties of several sizes through generate, check, plan and audit."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from benchmarks.memory import PeakMemory
from benchmarks.table import Row
from examples import SampleSize, generate_county
from scheduling.audit import audit_plan
from scheduling.county import read_county
from scheduling.inputs import load_inputs
from scheduling.plan.model import Plan
from scheduling.planning import make_plan
from scheduling.roads import prepare_roads

_SECRET = b"benchmark"


@dataclass(frozen=True)
class PlanningCase:
    """A county to be planned over the year 2026, or a part of it."""

    size: SampleSize
    seed: int = 2026
    last_day: date = date(2026, 12, 31)


@dataclass(frozen=True)
class PlanningRow(Row):
    """What one planning took and gave.

    ``plan_cpu_seconds`` are those of all processes: they hold also where the machine is shared.
    ``proven_least_percent`` of the windows have as many patrols as are proven necessary.
    """

    zones: int
    units: int
    generate_seconds: float
    check_seconds: float
    plan_seconds: float
    plan_cpu_seconds: float
    audit_seconds: float
    peak_memory_mb: float | None
    patrols: int
    windows: int
    proven_least_percent: float
    requirements_unmet: int
    lawful: bool


def _county(townships: int, zones: int, squads: int) -> SampleSize:
    """Return a county staffed like the demo's."""
    return SampleSize(
        townships=townships,
        zones_per_township=zones,
        squads=squads,
        inspectors_per_station=4,
        inspectors_per_squad=8,
        vehicles_per_squad=3,
        township_km2=150.0,
    )


CASES = (
    PlanningCase(_county(2, 5, 1)),
    PlanningCase(_county(2, 25, 1)),
    PlanningCase(_county(6, 25, 1)),
    PlanningCase(_county(12, 25, 2)),
)
LARGE_CASES = (PlanningCase(_county(40, 25, 7)),)


def run(cases: Sequence[PlanningCase] = CASES, *, workers: int = 2) -> Iterator[PlanningRow]:
    """Measure the cases one after the other, each in a process of its own.

    The kernels are compiled before any clock starts.
    """
    from optimizer import warm_up

    warm_up()
    for case in cases:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            yield pool.submit(measure, case, workers).result()


def measure(case: PlanningCase, workers: int) -> PlanningRow:
    """Generate, check, plan and audit one county in a temporary folder."""
    with tempfile.TemporaryDirectory() as temporary, PeakMemory() as memory:
        folder = Path(temporary) / "county"
        clock = perf_counter()
        generate_county(folder, size=case.size, seed=case.seed)
        generate_seconds = perf_counter() - clock

        clock = perf_counter()
        county = read_county(folder)
        prepare_roads(county, folder / county.settings.osm_file)
        check_seconds = perf_counter() - clock

        inputs = load_inputs(folder, year=2026, last_day=case.last_day)
        clock, cpu = perf_counter(), _cpu_seconds()
        plan = make_plan(inputs, seed=1, secret=_SECRET, workers=workers)
        plan_seconds, plan_cpu_seconds = perf_counter() - clock, _cpu_seconds() - cpu

        clock = perf_counter()
        report = audit_plan(plan)
        audit_seconds = perf_counter() - clock
    return PlanningRow(
        case=f"{len(county.zones)} zones",
        note=_statuses(plan),
        zones=len(county.zones),
        units=len(plan.units),
        generate_seconds=generate_seconds,
        check_seconds=check_seconds,
        plan_seconds=plan_seconds,
        plan_cpu_seconds=plan_cpu_seconds,
        audit_seconds=audit_seconds,
        peak_memory_mb=memory.megabytes,
        patrols=len(plan.patrols),
        windows=len(plan.needs),
        proven_least_percent=proven_least_percent(plan),
        requirements_unmet=len(plan.unmet),
        lawful=report.lawful,
    )


def proven_least_percent(plan: Plan) -> float:
    """Return the share of windows planned with no more patrols than proven necessary."""
    proven = sum(need.planned == need.needed_lower_bound for need in plan.needs)
    return 100.0 * proven / max(1, len(plan.needs))


def _cpu_seconds() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _statuses(plan: Plan) -> str:
    counts = Counter(outcome.status for outcome in plan.outcomes)
    return ", ".join(f"{count} units {status}" for status, count in sorted(counts.items()))
