"""Lower bounds of published instances, each computed once and kept beside the results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite

from benchmarks.peer_model import CLOCKS
from benchmarks.published_run import Job
from optimizer import cost_lower_bound
from optimizer.published import read_instance

#: The child process is ended after so many times its budget in processor seconds, and a minute.
GUARD = 3


@dataclass(frozen=True)
class Bound:
    """A proven lower bound: no solution costs less. ``lower`` None: nothing was proven.

    Computed within ``seconds`` of ``clock``; ``method`` and ``converged`` as in ``CostBound``.
    """

    set: str
    instance: str
    seconds: float
    lower: float | None
    seconds_taken: float
    method: str
    converged: str
    clock: str
    day: str

    @property
    def summary(self) -> str:
        """Return the bound in one line."""
        return f"at least {self.lower} ({self.method}, {self.seconds_taken:.1f} s)"


def compute_bound(job: Job) -> Bound:
    """Compute an instance's bound within the job's seconds, in this process."""
    limit_processor(int(GUARD * job.seconds) + 60)
    instance = read_instance(job.path)
    found = cost_lower_bound(
        instance.problem,
        budget_seconds=job.seconds,
        upper=instance.best_known,
        clock=CLOCKS[job.clock],
    )
    name_of_set, name = job.instance_key
    return Bound(
        set=name_of_set,
        instance=name,
        seconds=job.seconds,
        lower=found.lower if isfinite(found.lower) else None,
        seconds_taken=found.seconds,
        method=found.method,
        converged="yes" if found.converged else "no",
        clock=job.clock,
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
