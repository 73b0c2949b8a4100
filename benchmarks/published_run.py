"""One run of the engine on one published instance: measured, checked, counted twice."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import inf
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import optimizer
from benchmarks.peer_model import CLOCKS
from optimizer import (
    MaxRuntime,
    Progress,
    Result,
    Solution,
    SolveStatus,
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
#: The engine's name in results, beside the peers'.
OURS = "xuncha"
#: Least costs for as many vehicles as the file says, where the listed value takes more of them, by
#: set and instance: proven by ``benchmarks.fleet_proof``.
LEAST_WITH_THE_FLEET = {("carp val", "val1C"): 253.0}
#: A run by the processor's clock ends on the wall after so many times its seconds at the latest.
SAFETY = 100.0


@dataclass(frozen=True)
class Job:
    """A run to be made: ``version`` is the engine (or peer) that it must be made with.

    ``clock`` is one of ``CLOCKS``; ``solver`` is ``OURS`` or a peer's name.
    """

    path: Path
    seed: int
    seconds: float
    version: str
    to_target: bool = True
    clock: str = "cpu"
    solver: str = OURS

    @property
    def instance_key(self) -> tuple[str, str]:
        """Return set and instance: the folder's name, with the name's first letters if several."""
        name = name_of(self.path)
        letters = re.match(r"[A-Za-z]*", name)
        prefix = letters[0] if letters else ""
        folder = self.path.parent.name
        return (f"{folder} {prefix}" if len(prefix) > 1 else folder), name

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells a run from others; the version is the file's affair."""
        return (*self.instance_key, self.seed, self.seconds, self.clock, self.solver)


@dataclass(frozen=True)
class Run:
    """What a run gave. ``at_…`` is the best cost known after so many seconds of its clock.

    The clock (``cpu``: of the run's own process; ``wall``) counts all of ``solve`` but compiling
    and loading. ``cost`` was checked and counted a second time from the file; ``faults`` says where
    that failed, and there is no cost then. ``cpu_seconds`` below ``wall_seconds``: others used the
    machine too. Of a peer only the cost at its end is known.
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
    clock: str = "wall"
    solver: str = OURS
    version: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells the run from others, as ``Job.key``."""
        return self.set, self.instance, self.seed, self.seconds, self.clock, self.solver

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
        times = f"{self.cpu_seconds:.1f} s of CPU, {self.wall_seconds:.1f} s in all"
        if self.faults:
            return f"REFUSED: {self.faults}"
        if self.cost is None:
            return f"{self.status} after {times}"
        gap = self.gap_percent(self.cost)
        above = "" if gap is None else f", gap {gap:.2f} %"
        return f"{self.cost:.2f}{above} after {times} ({self.status})"


class Watch:
    """The progress callback of a run: notes each improvement and ends the run by its clock."""

    def __init__(self, seconds: float, clock: str) -> None:
        self.seconds = seconds
        self.read = CLOCKS[clock]
        self.moments: list[tuple[float, float]] = []
        self.is_over = False
        self.start = self.read()

    def __call__(self, found: Progress | Result) -> None:
        """Note what is new. Raises KeyboardInterrupt, which ``solve`` takes as the end."""
        elapsed = self.elapsed()
        if found.objective < (self.moments[-1][1] if self.moments else inf):
            self.moments.append((elapsed, found.objective))
        if elapsed >= self.seconds and isinstance(found, Progress):
            self.is_over = True
            raise KeyboardInterrupt

    def elapsed(self) -> float:
        """Return the seconds since the start by the run's clock."""
        return self.read() - self.start

    def status(self, result: Result) -> str:
        """Return how the run ended; the end of its clock is no interruption."""
        if self.is_over and result.status is SolveStatus.INTERRUPTED:
            return str(SolveStatus.TIME_LIMIT if result.best else SolveStatus.NOT_FOUND)
        return str(result.status)


def measure(job: Job) -> Run:
    """Make a run in this process and judge its result; a new record is written to ``RECORDS``.

    Raises RuntimeError when the engine's source is no longer the job's.
    """
    warm_up()
    if engine_version() != job.version:
        raise RuntimeError("the engine was changed while its runs were under way: start again")
    instance = read_instance(job.path)
    known = instance.best_known
    stop = MaxRuntime(job.seconds * (1.0 if job.clock == "wall" else SAFETY))
    if job.to_target and known is not None:
        stop = stop | TargetObjective(known + ROUNDING)  # type: ignore[assignment]
    wall, cpu = perf_counter(), process_time()
    watch = Watch(job.seconds, job.clock)
    result = solve(instance.problem, stop, seed=job.seed, progress=watch)
    watch(result)  # what ends at once reports no progress
    elapsed = watch.elapsed()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    judged = judge(job, instance, result.best, result.objective)
    cost, moments = judged["cost"], watch.moments
    ended_early = result.status is SolveStatus.OPTIMAL or (
        job.to_target and known is not None and result.objective <= known + ROUNDING
    )
    noted: dict[str, Any] = {
        f"at_{moment}": cost_at(moments, moment)
        if cost is not None and (moment <= min(job.seconds, elapsed) or ended_early)
        else None
        for moment in CHECKPOINTS
    }
    return Run(
        **judged,
        **noted,
        lower_bound=result.lower_bound if result.lower_bound > -inf else None,
        seconds_to_best=moments[-1][0] if moments and cost is not None else None,
        iterations=result.iterations,
        wall_seconds=wall,
        cpu_seconds=cpu,
        status=watch.status(result),
    )


def judge(
    job: Job, instance: Instance, solution: Solution | None, claimed: float | None
) -> dict[str, Any]:
    """Return those of a run's columns that job, instance and solution decide.

    The cost is there only when the solution stands the check and both counts; below the best known
    it is a record and, if it is ours, written down. ``claimed`` None: nothing was.
    """
    faults = faults_of(instance, solution, claimed)
    cost = instance.cost_of(solution) if solution and not faults else None
    known = instance.best_known
    below = cost is not None and known is not None and cost < known - ROUNDING
    if solution and cost is not None and below and job.solver == OURS:
        write_record(job, instance, solution, cost)
    name_of_set, name = job.instance_key
    return {
        "set": name_of_set,
        "instance": name,
        "seed": job.seed,
        "seconds": job.seconds,
        "best_known": known,
        "cost": cost,
        "vehicles": instance.vehicles,
        "faults": faults,
        "day": date.today().isoformat(),
        "clock": job.clock,
        "solver": job.solver,
        "version": job.version,
    }


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


def faults_of(instance: Instance, solution: Solution | None, claimed: float | None) -> str:
    """Return what speaks against a result: the check, or a cost that the file's numbers deny.

    The claim, or where there is none the problem's own count, must agree with the file's.
    """
    if solution is None:
        return ""
    violations = check(instance.problem, solution)
    if violations:
        return f"{len(violations)} violations, first: {violations[0].message}"
    counted = instance.cost_of(solution)
    said = optimizer.cost_of(instance.problem, solution) if claimed is None else claimed
    if abs(counted - said) > 1e-6 * max(1.0, abs(counted)):
        return f"the solver says {said}, counted from the file it is {counted}"
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
        "version": job.version,
        "seed": job.seed,
        "seconds": job.seconds,
        "clock": job.clock,
        "day": date.today().isoformat(),
        "routes": routes,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
