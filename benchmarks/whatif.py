"""Ten scenarios of the sample county beside one full plan of it: ``python -m benchmarks.whatif``.

Everything starts without kept results, kernels compiled. Seconds are of the wall and of all
processes' CPU. A plan is made with one worker first, then with as many as the scenarios have. The
base is planned once and kept, then the scenarios beside it; a second run of the same scenarios
shows what keeping results is worth.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console

from benchmarks.table import WIDTH, Row, show

if TYPE_CHECKING:
    from scenarios.compare import Comparison
    from scenarios.model import Scenario
    from scheduling.inputs import PlanInputs

T = TypeVar("T")


@dataclass(frozen=True)
class WhatIfRow(Row):
    """What planning once or several times took; ``plans`` in one plan's wall and CPU."""

    wall_seconds: float
    cpu_seconds: float
    plans_of_wall: float
    plans_of_cpu: float
    lawful: int
    scenarios: int


@dataclass(frozen=True)
class Took:
    """Seconds of the wall and of CPU, children included."""

    wall_seconds: float
    cpu_seconds: float


def timed(run: Callable[[], T]) -> tuple[T, Took]:
    """Return what ``run`` returns and what it took."""
    wall, cpu = time.perf_counter(), _cpu_seconds()
    result = run()
    return result, Took(time.perf_counter() - wall, _cpu_seconds() - cpu)


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Plan once, then all scenarios, then all again with what was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--county", type=Path, help="a sample county that is there already")
    parser.add_argument("--out", type=Path, nargs="*", default=[], help="also write the comparison")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        folder = options.county or _sample(Path(scratch) / "county")
        comparison = run(folder, Path(scratch) / "kept", options.workers)
    from reports.paper import write_paper
    from scenarios import comparison_paper

    for path in options.out:
        write_paper(comparison_paper(comparison, "zh"), path)


def _sample(folder: Path) -> Path:
    from examples import sample_county

    sample_county(folder)
    return folder


def run(folder: Path, kept: Path, workers: int) -> Comparison:
    """Measure and print; return the comparison."""
    from examples.samples import scenarios_file
    from scenarios import read_scenarios
    from scheduling.inputs import load_inputs
    from scheduling.planning.workers import compile_kernels
    from scheduling.progress import silent
    from scheduling.roads import compile_road_kernels

    inputs = load_inputs(folder, year=2026)
    scenarios = read_scenarios(scenarios_file(), inputs)
    compile_kernels(silent)
    compile_road_kernels(silent)
    _, alone = timed(lambda: _plan(inputs, 1))
    _, plan = timed(lambda: _plan(inputs, workers))
    _, base = timed(lambda: _compare(inputs, (), kept, workers))
    comparison, first = timed(lambda: _compare(inputs, scenarios, kept, workers))
    again, second = timed(lambda: _compare(inputs, scenarios, kept, workers))
    if again != comparison:
        raise SystemExit("kept results are not those of the first run")
    lawful = [outcome.lawful for outcome in comparison.outcomes]
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    rows = [
        _row("one plan and audit, 1 worker", alone, plan, lawful[:1], load),
        _row("one plan and audit", plan, plan, lawful[:1], ""),
        _row("the base alone, kept", base, plan, lawful[:1], ""),
        _row(f"{len(scenarios)} scenarios beside it", first, plan, lawful, ""),
        _row("the same again", second, plan, lawful, ""),
    ]
    show(f"What-if, {workers} worker(s)", rows, Console(width=WIDTH))
    for line in comparison.table("en"):
        print(" | ".join(line))
    return comparison


def _row(case: str, took: Took, plan: Took, lawful: list[bool], note: str) -> WhatIfRow:
    return WhatIfRow(
        case,
        note,
        *(took.wall_seconds, took.cpu_seconds),
        *(took.wall_seconds / plan.wall_seconds, took.cpu_seconds / plan.cpu_seconds),
        *(sum(lawful), len(lawful)),
    )


def _plan(inputs: PlanInputs, workers: int) -> bool:
    from scheduling.audit import audit_plan
    from scheduling.planning import make_plan

    return audit_plan(make_plan(inputs, secret=b"benchmark", workers=workers)).lawful


def _compare(
    inputs: PlanInputs, scenarios: tuple[Scenario, ...], kept: Path, workers: int
) -> Comparison:
    from scenarios import run_scenarios
    from scheduling.planning.kept_files import KeptFiles
    from scheduling.planning.reuse import Reuse

    return run_scenarios(inputs, scenarios, workers=workers, reuse=Reuse(KeptFiles(kept)))


if __name__ == "__main__":
    main()
