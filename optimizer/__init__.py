"""Mathematics only: periodic routing with modes, patrol need and its bounds, rosters and crews.

Knows no dates, maps or articles. Importing it compiles nothing and loads no solver.
"""

from optimizer.bound_cost import CostBound, cost_lower_bound
from optimizer.engine.results import Progress, Result, SolveStatus, TracePoint
from optimizer.engine.search import solve, warm_up
from optimizer.engine.stops import MaxIterations, MaxRuntime, NoImprovement, Stop, TargetObjective
from optimizer.need import NeedBound, NeedCertificate, patrol_need
from optimizer.problem import (
    MAX_DAYS,
    Fleet,
    Link,
    Mode,
    Pattern,
    PeriodicProblem,
    Route,
    Solution,
    Task,
)
from optimizer.solution_check import Violation, check, cost_of

__all__ = [
    "MAX_DAYS",
    "CostBound",
    "Fleet",
    "Link",
    "MaxIterations",
    "MaxRuntime",
    "Mode",
    "NeedBound",
    "NeedCertificate",
    "NoImprovement",
    "Pattern",
    "PeriodicProblem",
    "Progress",
    "Result",
    "Route",
    "Solution",
    "SolveStatus",
    "Stop",
    "TargetObjective",
    "Task",
    "TracePoint",
    "Violation",
    "check",
    "cost_lower_bound",
    "cost_of",
    "patrol_need",
    "solve",
    "warm_up",
]
