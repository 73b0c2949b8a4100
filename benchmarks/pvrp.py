"""Cordeau's periodic VRP instances: a reader, and the engine's gap to the best known values.

Usage: python benchmarks/pvrp.py FOLDER SECONDS [INSTANCE ...] [--seed N]
"""

from __future__ import annotations

import argparse
import csv
import sys
from math import inf
from pathlib import Path

import numpy as np

from optimizer import (
    Fleet,
    MaxRuntime,
    Mode,
    Pattern,
    PeriodicProblem,
    TargetObjective,
    Task,
    check,
    solve,
    warm_up,
)


def read_pvrp(path: Path) -> PeriodicProblem:
    """Read an instance (type 1) in Cordeau's format: Euclidean costs, unrounded.

    A customer of frequency 0 takes the frequency from its first combination; a dummy customer on
    the depot is kept, it holds a vehicle back.
    """
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    _, vehicles, customers, days = map(int, rows[0][:4])
    longest, capacity = (float(value) or inf for value in rows[1][:2])
    places = [[float(value) for value in row] for row in rows[1 + days : 2 + days + customers]]
    xy = np.array([place[1:3] for place in places])
    distance = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    tasks = []
    for number, place in enumerate(places[1:], 1):
        combinations = [int(value) for value in place[7 : 7 + int(place[6])]]
        masks = [
            sum((code >> (days - 1 - d) & 1) << d for d in range(days)) for code in combinations
        ]
        tasks.append(
            Task((Mode(number, number, (place[3],)),), tuple(map(Pattern, masks)), place[4])
        )
    fleet = Fleet(0, 0, vehicles, longest, capacity)
    return PeriodicProblem(distance[None], distance[None], (0,) * days, tuple(tasks), (fleet,))


def main() -> int:
    """Run the instances one after the other and print their gaps."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("instances", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with (chosen.folder / "bks.csv").open(newline="") as file:
        best = {row["instance"]: float(row["best_known"]) for row in csv.DictReader(file)}
    warm_up()
    gaps = []
    for name in chosen.instances or sorted(best):
        problem = read_pvrp(chosen.folder / name)
        stop = MaxRuntime(chosen.seconds) | TargetObjective(best[name])
        result = solve(problem, stop, seed=chosen.seed)
        if result.best is None:
            print(f"{name}: {result.status}", flush=True)
            continue
        violations = check(problem, result.best)
        gaps.append(100.0 * (result.objective / best[name] - 1.0))
        print(
            f"{name}: {result.objective:.2f} best known {best[name]:.2f} gap {gaps[-1]:.2f} % "
            f"{result.iterations} iterations {len(violations)} violations",
            flush=True,
        )
    print(f"average gap {np.mean(gaps):.2f} % over {len(gaps)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
