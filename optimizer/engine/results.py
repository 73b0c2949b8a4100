"""What a run returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from optimizer.problem import Solution


class SolveStatus(StrEnum):
    """How a run ended. INFEASIBLE is proven; NOT_FOUND is not."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    TIME_LIMIT = "time-limit"  # a feasible solution, cut off by the clock
    INFEASIBLE = "proven-infeasible"
    NOT_FOUND = "not-found"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class TracePoint:
    """The best objective after so many iterations and seconds."""

    iteration: int
    seconds: float
    objective: float


@dataclass(frozen=True)
class Progress:
    """What a progress callback is told: ``objective`` is inf while nothing feasible is known."""

    iterations: int
    seconds: float
    objective: float
    lower_bound: float


@dataclass(frozen=True)
class Result:
    """The best solution found and all that is known about it.

    ``lower_bound`` is proven: no solution costs less (-inf: nothing known). ``objective`` is inf
    and ``best`` None when no feasible solution was found.
    """

    status: SolveStatus
    best: Solution | None
    objective: float = inf
    lower_bound: float = -inf
    iterations: int = 0
    runtime_seconds: float = 0.0
    seed: int = 0
    trace: tuple[TracePoint, ...] = ()
