"""How well the next visit's day can be foreseen, over many plans that differ by their secret alone.

``python -m benchmarks.foresight [--plans N] [--townships N] [--zones N] [--units A,B]
[--spot-checks]``: one small county's year, or its spot checks alone, is planned ``N`` times for
each value of ``unpredictability``, each time with another secret. Every predictor of
``scheduling.foresight`` guesses each visit's day, knowing law, calendar and all visits of the unit
before; its hits are held against guessing at random among the days the law still leaves. With it
stand what the draws cost: kilometres, soft gaps not kept, and how even the weeks are.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from time import process_time

from rich.console import Console
from rich.table import Table

from benchmarks.table import WIDTH, Row, show, write_csv
from examples import SampleSize, generate_county
from scheduling.foresight import PREDICTORS, Foresight, pooled
from scheduling.foresight.of_plan import plan_foresight
from scheduling.inputs import PlanInputs, load_inputs
from scheduling.plan.measures import measure
from scheduling.plan.model import Plan
from scheduling.planning.group import plan_group
from scheduling.planning.prepare import prepare
from scheduling.planning.reuse import Reuse
from scheduling.planning.run import plan_of

RESULTS = Path(__file__).parent / "results"
SHARES = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class ForesightRow(Row):
    """Figures of all plans at one ``unpredictability``: hits of the best predictor by chance's.

    The costs are means of a plan. ``busiest_week_patrols`` is that of the busiest unit.
    """

    plans: int
    level_1_times_chance: float | None
    level_2_times_chance: float | None
    level_3_times_chance: float | None
    spot_checks_times_chance: float | None
    kilometres: float
    gaps_not_kept: float
    gaps: float
    visits_unmet: float
    busiest_week_patrols: float
    cpu_seconds_a_plan: float


def run(
    plans: int,
    size: SampleSize,
    units: Sequence[str],
    shares: Sequence[float] = SHARES,
    *,
    spot_checks: bool = False,
) -> Iterator[tuple[ForesightRow, Mapping[str, Foresight]]]:
    """Measure each share, the predictors' figures by group with it; or spot checks alone."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "county"
        generate_county(folder, size=size, seed=2026)
        inputs = load_inputs(folder, year=2026)
        inputs = replace(inputs, units=tuple(units) or inputs.units)
        if spot_checks:
            law = inputs.regulation.model_copy(update={"frequency": (), "peak": ()})
            inputs = replace(inputs, regulation=law)
        reuse = Reuse()
        for share in shares:
            yield _measure(inputs, share, plans, reuse)


def _measure(
    inputs: PlanInputs, share: float, plans: int, reuse: Reuse
) -> tuple[ForesightRow, Mapping[str, Foresight]]:
    settings = inputs.county.settings.model_copy(update={"unpredictability": share})
    inputs = replace(inputs, county=replace(inputs.county, settings=settings))
    started = process_time()
    made = [_plan(inputs, number, reuse) for number in range(plans)]
    cpu = (process_time() - started) / plans
    figures = pooled(plan_foresight(plan) for plan in made)
    costs = [measure(plan) for plan in made]
    gaps = [gaps_kept(plan) for plan in made]
    row = ForesightRow(
        case=f"unpredictability {share:g}",
        note="; ".join(f"{group}: {one.best}" for group, one in figures.items()),
        plans=plans,
        level_1_times_chance=best_times_chance(figures, "L1"),
        level_2_times_chance=best_times_chance(figures, "L2"),
        level_3_times_chance=best_times_chance(figures, "L3"),
        spot_checks_times_chance=best_times_chance(figures, "L3-spot"),
        kilometres=fmean(cost.whole.length_km for cost in costs),
        gaps_not_kept=fmean(broken for broken, _ in gaps),
        gaps=fmean(every for _, every in gaps),
        visits_unmet=fmean(cost.whole.unmet for cost in costs),
        busiest_week_patrols=fmean(
            max(unit.busiest_week_patrols for unit in cost.units) for cost in costs
        ),
        cpu_seconds_a_plan=cpu,
    )
    return row, figures


def _plan(inputs: PlanInputs, number: int, reuse: Reuse) -> Plan:
    """Plan with the number's own secret and seed of the search; routes are the same throughout."""
    prepared = prepare(inputs, seed=1, secret=f"secret {number}".encode())
    return plan_of(prepared, [plan_group(job, None, reuse) for job in prepared.jobs])


def best_times_chance(figures: Mapping[str, Foresight], group: str) -> float | None:
    """Return the best predictor's hits against chance's, None where there was nothing to guess."""
    one = figures.get(group)
    return one.times_chance(one.best) if one else None


def gaps_kept(plan: Plan) -> tuple[int, int]:
    """Return how many gaps between scheduled visits the audit calls too short or long, and all."""
    from scheduling.audit.gaps import gap_counts
    from scheduling.audit.owed import Case

    return gap_counts(Case(plan))


def show_predictors(title: str, figures: Mapping[str, Foresight], console: Console) -> None:
    """Print every predictor's hits against chance's, by group."""
    table = Table(title=title, title_justify="left", width=min(WIDTH, console.width))
    table.add_column("times chance")
    for group in figures:
        table.add_column(group, justify="right")
    for name in PREDICTORS:
        table.add_row(name, *(f"{one.times_chance(name):.2f}" for one in figures.values()))
    table.add_row("chance, %", *(f"{100 * one.chance:.1f}" for one in figures.values()))
    table.add_row("guesses", *(f"{one.guesses:,}" for one in figures.values()))
    console.print(table)


def main() -> None:
    """Measure, print tables, and write the rows to ``results/foresight.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foresight", description=__doc__)
    parser.add_argument("--plans", type=int, default=50)
    parser.add_argument("--townships", type=int, default=1)
    parser.add_argument("--zones", type=int, default=20)
    parser.add_argument(
        "--units", default="", help="ids separated by commas; all units if left out"
    )
    parser.add_argument("--shares", default="0,0.5,1")
    parser.add_argument("--spot-checks", action="store_true", help="nothing but spot checks")
    chosen = parser.parse_args()
    console = Console(width=WIDTH)
    size = SampleSize(townships=chosen.townships, zones_per_township=chosen.zones)
    units = [unit for unit in chosen.units.split(",") if unit]
    shares = [float(share) for share in chosen.shares.split(",")]
    rows = []
    name = "foresight-spot-checks" if chosen.spot_checks else "foresight"
    for row, figures in run(chosen.plans, size, units, shares, spot_checks=chosen.spot_checks):
        rows.append(row)
        write_csv(rows, RESULTS / f"{name}.csv")
        show_predictors(row.case, figures, console)
    show(name, rows, console)


if __name__ == "__main__":
    main()
