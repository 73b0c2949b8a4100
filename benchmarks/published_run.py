"""One run of the engine on one published instance: measured, checked, counted twice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from math import inf
from pathlib import Path
from time import perf_counter, process_time

import optimizer
from optimizer import (
    MaxRuntime,
    Progress,
    Result,
    Solution,
    TargetObjective,
    check,
    solve,
    warm_up,
)
from optimizer.published import Instance, read_instance
from optimizer.published.instance import name_of

RECORDS = Path(__file__).parent / "records"
#: Seconds at which the best cost so far is noted.
CHECKPOINTS = (1, 10, 60, 300)
#: Listed values are rounded to hundredths: whoever is within half of one has reached them.
ROUNDING = 0.005


@dataclass(frozen=True)
class Job:
    """A run to be made: ``version`` is the engine that it must be made with."""

    path: Path
    seed: int
    seconds: float
    version: str
    to_target: bool = True

    @property
    def instance_key(self) -> tuple[str, str]:
        """Return set and instance: the folder's name, with the name's first letters if several."""
        name = name_of(self.path)
        letters = re.match(r"[A-Za-z]*", name)
        prefix = letters[0] if letters else ""
        folder = self.path.parent.name
        return (f"{folder} {prefix}" if len(prefix) > 1 else folder), name


@dataclass(frozen=True)
class Run:
    """What a run gave. ``at_…`` is the best cost known after so many seconds of wall clock.

    The clock includes all of ``solve`` but compiling and loading. ``cost`` was checked and counted
    a second time from the file; ``faults`` says where that failed, and there is no cost then.
    ``cpu_seconds`` below ``wall_seconds``: others used the machine too.
    """

    set: str
    instance: str
    seed: int
    seconds: float
    best_known: float | None
    cost: float | None
    at_1: float | None
    at_10: float | None
    at_60: float | None
    at_300: float | None
    lower_bound: float | None
    seconds_to_best: float | None
    iterations: int
    wall_seconds: float
    cpu_seconds: float
    status: str
    vehicles: str
    faults: str
    day: str

    @classmethod
    def from_row(cls, row: dict[str, str]) -> Run:
        """Return the run of a CSV row."""
        values: dict[str, object] = {}
        for field in fields(cls):
            text = row[field.name]
            kind = str(field.type)
            number: object = None if not text else (int if kind == "int" else float)
            values[field.name] = (
                text if kind == "str" else number(text) if callable(number) else None
            )
        return cls(**values)  # type: ignore[arg-type]

    def gap_percent(self, cost: float | None) -> float | None:
        """Return how far a cost lies above the best known, None where either is missing."""
        if cost is None or not self.best_known:
            return None
        return 100.0 * (cost / self.best_known - 1.0)

    @property
    def reached_best_known(self) -> bool:
        """Whether the cost is no more than the listed value, rounded as that is."""
        known = self.best_known
        return known is not None and self.cost is not None and self.cost <= known + ROUNDING

    @property
    def summary(self) -> str:
        """Return the run in one line."""
        if self.faults:
            return f"REFUSED: {self.faults}"
        if self.cost is None:
            return self.status
        gap = self.gap_percent(self.cost)
        above = "" if gap is None else f", gap {gap:.2f} %"
        return f"{self.cost:.2f}{above} after {self.wall_seconds:.1f} s ({self.status})"


def measure(job: Job) -> Run:
    """Make a run in this process and judge its result; a new record is written to ``RECORDS``.

    Raises RuntimeError when the engine's source is no longer the job's.
    """
    warm_up()
    if engine_version() != job.version:
        raise RuntimeError("the engine was changed while its runs were under way: start again")
    instance = read_instance(job.path)
    moments: list[tuple[float, float]] = []
    clock, cpu = perf_counter(), process_time()

    def note(found: Progress | Result) -> None:
        if found.objective < (moments[-1][1] if moments else inf):
            moments.append((perf_counter() - clock, found.objective))

    stop = MaxRuntime(job.seconds)
    known = instance.best_known
    if job.to_target and known is not None:
        stop = stop | TargetObjective(known + ROUNDING)  # type: ignore[assignment]
    result = solve(instance.problem, stop, seed=job.seed, progress=note)
    note(result)  # what ends at once reports no progress
    wall, cpu = perf_counter() - clock, process_time() - cpu
    faults = faults_of(instance, result.best, result.objective)
    cost = instance.cost_of(result.best) if result.best and not faults else None
    if result.best and cost is not None and known is not None and cost < known - ROUNDING:
        write_record(job, instance, result.best, cost)
    ended_early = wall < job.seconds
    noted = {
        f"at_{moment}": cost_at(moments, moment)
        if cost is not None and (moment <= job.seconds or ended_early)
        else None
        for moment in CHECKPOINTS
    }
    name_of_set, name = job.instance_key
    return Run(
        set=name_of_set,
        instance=name,
        seed=job.seed,
        seconds=job.seconds,
        best_known=known,
        cost=cost,
        **noted,
        lower_bound=result.lower_bound if result.lower_bound > -inf else None,
        seconds_to_best=moments[-1][0] if moments and cost is not None else None,
        iterations=result.iterations,
        wall_seconds=wall,
        cpu_seconds=cpu,
        status=str(result.status),
        vehicles=instance.vehicles,
        faults=faults,
        day=date.today().isoformat(),
    )


def engine_version() -> str:
    """Return a digest of the source that decides what the engine does: results go under it."""
    root = Path(optimizer.__file__).parent
    digest = sha256()
    for path in (root / "problem.py", *sorted((root / "engine").glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def cost_at(moments: list[tuple[float, float]], seconds: float) -> float | None:
    """Return the best cost noted until then, None before the first."""
    return min((cost for when, cost in moments if when <= seconds), default=None)


def faults_of(instance: Instance, solution: Solution | None, claimed: float) -> str:
    """Return what speaks against a result: the check, or a cost that the file's numbers deny."""
    if solution is None:
        return ""
    violations = check(instance.problem, solution)
    if violations:
        return f"{len(violations)} violations, first: {violations[0].message}"
    counted = instance.cost_of(solution)
    if abs(counted - claimed) > 1e-6 * max(1.0, abs(counted)):
        return f"the engine says {claimed}, counted from the file it is {counted}"
    return ""


def write_record(job: Job, instance: Instance, solution: Solution, cost: float) -> None:
    """Write a solution better than the best known, unless one as good is there already."""
    name_of_set, name = job.instance_key
    path = RECORDS / name_of_set.replace(" ", "-") / f"{name}.json"
    if path.exists() and json.loads(path.read_text("utf-8"))["cost"] <= cost:
        return
    routes = [
        {
            "day": route.day + 1,
            "fleet": route.fleet + 1,
            "stops": [instance.stop_names[task][mode] for task, mode in route.stops],
        }
        for route in solution.routes
    ]
    record = {
        "instance": name,
        "kind": instance.kind,
        "cost": cost,
        "best_known": instance.best_known,
        "best_known_source": instance.best_known_source,
        "vehicles": instance.vehicles,
        "seed": job.seed,
        "seconds": job.seconds,
        "day": date.today().isoformat(),
        "routes": routes,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
