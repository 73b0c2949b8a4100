"""Lower bounds of published instances, each computed once and kept beside the results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from math import isfinite
from time import process_time

from benchmarks.published_run import Job
from optimizer.published import read_instance

#: The child process is ended after so many times its budget in processor seconds, and a minute.
GUARD = 3


@dataclass(frozen=True)
class Bound:
    """A proven lower bound: no solution costs less. ``lower`` None: nothing was proven."""

    set: str
    instance: str
    seconds: float
    lower: float | None
    cpu_seconds: float
    day: str


def compute_bound(job: Job) -> Bound:
    """Compute an instance's bound within the job's seconds, in this process.

    Raises RuntimeError where this version of the optimizer computes none.
    """
    limit_processor(int(GUARD * job.seconds) + 60)
    function = getattr(import_module("optimizer"), "cost_lower_bound", None)
    if function is None:
        raise RuntimeError("this optimizer has no cost_lower_bound")
    problem = read_instance(job.path).problem
    start = process_time()
    lower = float(function(problem, budget_seconds=job.seconds).lower)
    name_of_set, name = job.instance_key
    return Bound(
        set=name_of_set,
        instance=name,
        seconds=job.seconds,
        lower=lower if isfinite(lower) else None,
        cpu_seconds=process_time() - start,
        day=date.today().isoformat(),
    )


def limit_processor(seconds: int) -> None:
    """End this process after so many processor seconds, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def best_bounds(bounds: list[Bound]) -> dict[tuple[str, str], float]:
    """Return the highest bound of each set and instance."""
    best: dict[tuple[str, str], float] = {}
    for bound in bounds:
        if bound.lower is not None:
            key = bound.set, bound.instance
            best[key] = max(best.get(key, bound.lower), bound.lower)
    return best
