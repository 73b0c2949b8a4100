"""Are the records what they claim? Each is read back from its file and judged anew.

Usage: python -m benchmarks.published_records FOLDER, with the folder that holds the instances.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.published_run import RECORDS, faults_of
from optimizer import Route, Solution
from optimizer.published import Instance, instance_files, read_instance
from optimizer.published.instance import name_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each record with what the judgement says; return 1 if one is not confirmed."""
    chosen = list(sys.argv[1:] if arguments is None else arguments)
    if len(chosen) != 1 or not Path(chosen[0]).is_dir():
        print("usage: python -m benchmarks.published_records FOLDER", file=sys.stderr)
        return 2
    refused = 0
    for path, said in verdicts(RECORDS, Path(chosen[0])):
        print(f"{path.parent.name}/{path.stem}: {said}")
        refused += not said.startswith("confirmed")
    return int(refused > 0)


def verdicts(records: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each record and whether it is confirmed, or what speaks against it."""
    files = instance_files(folder)
    for path in sorted(records.rglob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        own = [file for file in files if file.parent.name == path.parent.name.split("-")[0]]
        named = [file for file in own if name_of(file) == record["instance"]]
        yield path, verdict(record, read_instance(named[0])) if named else "its instance is missing"


def verdict(record: dict[str, Any], instance: Instance) -> str:
    """Return "confirmed" with cost and best known, or what speaks against a record."""
    try:
        solution = solution_of(record, instance)
    except (KeyError, ValueError) as error:
        return f"not of this instance: {error}"
    if fault := faults_of(instance, solution, record["cost"]):
        return fault
    known = instance.best_known
    if known is None or record["cost"] >= known:
        return f"{record['cost']} is not below the best known value, {known}"
    gap = 100.0 * (1.0 - record["cost"] / known)
    return f"confirmed: {record['cost']:.2f}, {gap:.2f} % below {known:g} ({instance.vehicles})"


def solution_of(record: dict[str, Any], instance: Instance) -> Solution:
    """Return a record's routes as a solution. Raises KeyError for stops that the file has not.

    Raises ValueError where a task's days are none of its patterns.
    """
    stops = {
        name: (task, mode)
        for task, names in enumerate(instance.stop_names)
        for mode, name in enumerate(names)
    }
    routes = tuple(
        Route(route["day"] - 1, route["fleet"] - 1, tuple(stops[name] for name in route["stops"]))
        for route in record["routes"]
    )
    masks = [0] * len(instance.problem.tasks)
    for route in routes:
        for task, _ in route.stops:
            masks[task] |= 1 << route.day
    patterns = tuple(
        [pattern.mask for pattern in task.patterns].index(mask)
        for task, mask in zip(instance.problem.tasks, masks, strict=True)
    )
    return Solution(routes, patterns)


if __name__ == "__main__":
    sys.exit(main())
