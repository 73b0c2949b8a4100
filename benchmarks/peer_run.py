"""One run of a peer on one published instance, judged as the engine's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter, process_time
from typing import Any

from benchmarks.ortools_routing import solve_by_routing
from benchmarks.peer_model import CLOCKS, Clock, NotApplicableError
from benchmarks.peer_patterns import RULE
from benchmarks.peer_pyvrp import solve_by_pyvrp
from benchmarks.published_run import CHECKPOINTS, Job, Run, judge
from optimizer import PeriodicProblem, Solution
from optimizer.published import read_instance

#: What a peer that has no way of expressing an instance is said to have done.
NOT_APPLICABLE = "not-applicable"
#: Seconds that a peer is given.
PEER_SECONDS = 10.0


@dataclass(frozen=True)
class Peer:
    """A solver to compare with: the name in the tables, the package, and how it is used."""

    title: str
    package: str
    usage: str
    solve: Callable[[PeriodicProblem, float, Clock, int], Solution | None]

    @property
    def version(self) -> str | None:
        """Return package and version, None where it is not installed."""
        try:
            return f"{self.package} {version(self.package)}"
        except PackageNotFoundError:
            return None


def _routing(problem: PeriodicProblem, seconds: float, clock: Clock, _seed: int) -> Solution | None:
    return solve_by_routing(problem, seconds, clock)


PEERS = {
    "ortools": Peer(
        "OR-Tools routing",
        "ortools",
        "a vehicle for each patrol of each day, a copy of a customer for each visit, the copies' "
        "days restricted to its patterns, both directions of a road as alternatives; cheapest "
        "insertion, then guided local search; it takes no seed",
        _routing,
    ),
    "pyvrp": Peer(
        "PyVRP, patterns fixed",
        "pyvrp",
        "patterns fixed by a greedy construction that is not ours (" + RULE + "), then each day by "
        "itself, the seconds split by visits; both directions of a road as a client group; several "
        "depots as vehicle types; default parameters",
        solve_by_pyvrp,
    ),
}


def measure_peer(job: Job) -> Run:
    """Make a peer's run in this process and judge its result; only its end is a checkpoint.

    Making its model (and fixing patterns for it) is not counted in the run's seconds.
    """
    instance = read_instance(job.path)
    wall, cpu = perf_counter(), process_time()
    status, solution = "not-found", None
    try:
        solution = PEERS[job.solver].solve(
            instance.problem, job.seconds, CLOCKS[job.clock], job.seed
        )
    except NotApplicableError:
        status = NOT_APPLICABLE
    wall, cpu = perf_counter() - wall, process_time() - cpu
    judged = judge(job, instance, solution, None)
    noted: dict[str, Any] = {
        f"at_{moment}": judged["cost"] if moment == job.seconds else None for moment in CHECKPOINTS
    }
    return Run(
        **judged,
        **noted,
        lower_bound=None,
        seconds_to_best=None,
        iterations=0,
        wall_seconds=wall,
        cpu_seconds=cpu,
        status="feasible" if solution else status,
    )
