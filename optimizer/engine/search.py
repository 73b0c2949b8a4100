"""Runs the search: a problem and a stop in, the best solution and what is known about it out."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.engine.arrays import Arrays, to_arrays
from optimizer.engine.bounds import cost_bound, impossible_tasks
from optimizer.engine.results import Progress, Result, SolveStatus
from optimizer.engine.stops import Stop
from optimizer.problem import PeriodicProblem, Solution
from optimizer.solution_check import cost_of


def solve(
    problem: PeriodicProblem,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 1,
    initial: Solution | None = None,
    progress: Callable[[Progress], bool | None] | None = None,
    bound_budget_seconds: float = 0.0,
) -> Result:
    """Search for the cheapest solution until ``stop``.

    Compiles (once per machine, about a minute) before the clock starts: see ``warm_up``. The
    search is *anytime*: what it does after so many iterations does not depend on when it is to
    stop, but for limits below a few thousand iterations, which it fills as well as it can.
    The result depends on the seed only, never on ``workers``, when ``stop`` is reached by
    iterations, lack of improvement or target. Ctrl-C, or a ``progress`` that returns True, ends
    the run with the best so far. ``initial`` is where to start from; tasks it does not visit as it
    says are inserted. ``bound_budget_seconds`` are spent beforehand on ``cost_lower_bound``; a
    solution that costs no more than the bound ends the run as OPTIMAL.
    Raises ValueError when ``stop`` never ends, ``workers`` < 1 or ``initial`` does not fit.
    """
    if not stop.ends:
        raise ValueError("a target may never be reached: join it with a stop that ends")
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    arrays = to_arrays(problem)
    if impossible_tasks(problem, arrays):
        return Result(SolveStatus.INFEASIBLE, None, seed=seed)
    bound = cost_bound(problem, arrays)
    if not problem.tasks or not len(arrays.slots):
        return _without_patrols(problem, arrays, bound, seed)
    warm_up()
    if bound_budget_seconds > 0:
        from optimizer.bound_cost import cost_lower_bound

        bound = max(bound, cost_lower_bound(problem, budget_seconds=bound_budget_seconds).lower)
    from optimizer.engine.evolution import Evolution

    run = Evolution(problem, arrays, stop, seed, bound)
    return run.run(workers, initial, progress)


def _without_patrols(problem: PeriodicProblem, arrays: Arrays, bound: float, seed: int) -> Result:
    """Return the result where nothing can be or need be driven: each task's cheapest empty mask."""
    chosen = [
        min(range(first, last), key=lambda p: float(arrays.pattern_cost[p]))
        for first, last in zip(arrays.pattern_first, arrays.pattern_first[1:], strict=False)
    ]
    best = Solution((), tuple(int(arrays.pattern_index[p]) for p in chosen))
    return Result(SolveStatus.OPTIMAL, best, cost_of(problem, best), bound, seed=seed)


_warm = False


def warm_up() -> bool:
    """Compile the kernels or load them from the cache; True when they had to be compiled.

    The second call in a process does nothing. Compiling takes about a minute, once per machine
    where the cache can be written.
    """
    global _warm  # noqa: PLW0603 - the state of this process's compiled code
    if _warm:
        return False
    import numpy as np

    from optimizer.bound_halves import half_labels, join_halves
    from optimizer.bound_joined import JoinedPricing
    from optimizer.bound_pricing import Pricing, compile_pricing
    from optimizer.engine.anneal import anneal
    from optimizer.engine.state import arguments, new_state
    from optimizer.need_pricing import price_patrols, sweep_patrols
    from optimizer.problem import Fleet, Mode, Pattern, Task

    tiny = PeriodicProblem(
        np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), (0,), (Task((Mode(1, 1),), (Pattern(1),)),),
        (Fleet(0, 0, 1),),
    )  # fmt: skip
    arrays = to_arrays(tiny)
    anneal(0, 0.0, 0.0, 1.0, *arguments(arrays, new_state(arrays)))
    for kind in (Pricing, JoinedPricing):
        compile_pricing(kind)
    _warm = True
    return any(
        bool(getattr(getattr(entry, "stats", None), "cache_misses", {}))
        for entry in (anneal, price_patrols, sweep_patrols, half_labels, join_halves)
    )
