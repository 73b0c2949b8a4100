"""Runs the search: a problem and a stop in, the best solution and what is known about it out."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf

from optimizer.engine.arrays import Arrays, routes_of, to_arrays
from optimizer.engine.bounds import cost_bound, impossible_tasks
from optimizer.engine.results import Progress, Result, SolveStatus, TracePoint
from optimizer.engine.stops import Stop
from optimizer.problem import PeriodicProblem, Solution
from optimizer.solution_check import cost_of

#: Iterations per call of the compiled search: between two calls Ctrl-C, the clock and progress
#: are looked at.
CHUNK = 256

#: Annealing starts and ends at these multiples of a typical leg.
HOTTEST, COLDEST = 0.5, 0.005

#: No target, no patience.
NEVER = 1 << 60


def solve(
    problem: PeriodicProblem,
    stop: Stop,
    *,
    seed: int = 0,
    workers: int = 1,
    initial: Solution | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Search for the cheapest solution until ``stop``.

    Compiles (once per machine, about half a minute) before the clock starts: see ``warm_up``.
    The result depends on the seed only, never on ``workers``, when ``stop`` is reached by
    iterations, lack of improvement or target. Ctrl-C ends the run with the best so far.
    ``initial`` is where to start from; tasks it does not visit as it says are inserted.
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
    run = _Run(problem, arrays, stop, seed, bound)
    run.begin(initial)
    interrupted = False
    try:
        while not run.ended():
            run.advance()
            if progress is not None:
                progress(run.progress())
    except KeyboardInterrupt:
        interrupted = True
    return run.result(interrupted)


def _without_patrols(problem: PeriodicProblem, arrays: Arrays, bound: float, seed: int) -> Result:
    """Return the result where nothing can be or need be driven: each task's cheapest empty mask."""
    chosen = [
        min(range(first, last), key=lambda p: float(arrays.pattern_cost[p]))
        for first, last in zip(arrays.pattern_first, arrays.pattern_first[1:], strict=False)
    ]
    best = Solution((), tuple(int(arrays.pattern_index[p]) for p in chosen))
    return Result(SolveStatus.OPTIMAL, best, cost_of(problem, best), bound, seed=seed)


class _Run:
    """One run: its state, clock and trace."""

    def __init__(
        self, problem: PeriodicProblem, arrays: Arrays, stop: Stop, seed: int, bound: float
    ) -> None:
        from optimizer.engine.state import new_state

        self.problem, self.arrays, self.stop, self.seed, self.bound = (
            problem, arrays, stop, seed, bound,
        )  # fmt: skip
        self.state = new_state(arrays, seed)
        self.trace: list[TracePoint] = []
        self.started = time.perf_counter()
        self.iterations = self.stale = 0

    def begin(self, initial: Solution | None) -> None:
        """Bring the first solution in, greedily or from ``initial``."""
        from optimizer.engine.state import load

        if initial is not None:
            load(self.arrays, self.state, initial)
        self._call(0, 0.0, 1.0)

    def advance(self) -> None:
        """Run one chunk of iterations at the present heat."""
        count, fraction, step = CHUNK, 0.0, 0.0
        length = self._cycle()
        if length is not None:
            done = self.iterations % length
            count = min(count, length - done)
            fraction, step = done / length, 1.0 / length
        elif self.stop.seconds is not None:
            fraction = min(1.0, self._elapsed() / self.stop.seconds)
        if self.stop.iterations is not None:
            count = min(count, self.stop.iterations - self.iterations)
        ratio = COLDEST / HOTTEST
        self._call(count, HOTTEST * float(self.arrays.unit[0]) * ratio**fraction, ratio**step)

    def _cycle(self) -> int | None:
        """Return over how many iterations to cool; None when the clock alone sets the pace.

        The patience, if any: then every stretch without improvement holds a whole cooling.
        """
        limits = (self.stop.patience, self.stop.iterations)
        return min((count for count in limits if count is not None), default=None)

    def _call(self, count: int, heat: float, cooling: float) -> None:
        """Let the compiled search work, and note what it found."""
        from optimizer.engine import kernels
        from optimizer.engine.state import arguments

        before = self.state.best_objective
        target = self._goal()
        kernels.anneal(
            count, self.stop.patience or NEVER, target, heat, cooling,
            *arguments(self.arrays, self.state),
        )  # fmt: skip
        self.iterations = int(self.state.counts[kernels.ITERATION])
        self.stale = self.iterations - int(self.state.counts[kernels.LAST_BEST])
        if self.state.best_objective < before:
            self.trace.append(
                TracePoint(self.iterations - self.stale, self._elapsed(), self.state.best_objective)
            )

    def _goal(self) -> float:
        """Return the objective at which there is nothing left to look for."""
        proven = self.bound + 1e-9 * max(1.0, abs(self.bound))
        return max(proven, -inf if self.stop.target is None else self.stop.target + 1e-9)

    def _elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.perf_counter() - self.started

    def ended(self) -> bool:
        """Whether one of the limits is reached, or the best is proven to be it."""
        stop = self.stop
        return (
            self.state.best_objective <= self._goal()
            or (stop.iterations is not None and self.iterations >= stop.iterations)
            or (stop.patience is not None and self.stale >= stop.patience)
            or (stop.seconds is not None and self._elapsed() >= stop.seconds)
        )

    def progress(self) -> Progress:
        """Return how far the run is."""
        return Progress(self.iterations, self._elapsed(), self.state.best_objective, self.bound)

    def result(self, interrupted: bool) -> Result:
        """Return what was found; the objective is recomputed from the problem."""
        best, objective = None, inf
        if self.state.best_objective < inf:
            best = routes_of(
                self.arrays, self.state.best_seq, self.state.best_length, self.state.best_chosen
            )
            objective = cost_of(self.problem, best)
        return Result(
            status=self._status(objective, interrupted),
            best=best,
            objective=objective,
            lower_bound=self.bound,
            iterations=self.iterations,
            runtime_seconds=self._elapsed(),
            seed=self.seed,
            trace=tuple(self.trace),
        )

    def _status(self, objective: float, interrupted: bool) -> SolveStatus:
        """Return how the run ended."""
        if objective <= self.bound + 1e-9 * max(1.0, abs(self.bound)):
            return SolveStatus.OPTIMAL
        if interrupted:
            return SolveStatus.INTERRUPTED
        if objective == inf:
            return SolveStatus.NOT_FOUND
        by_count = (
            (self.stop.iterations is not None and self.iterations >= self.stop.iterations)
            or (self.stop.patience is not None and self.stale >= self.stop.patience)
            or (self.stop.target is not None and objective <= self.stop.target + 1e-9)
        )
        return SolveStatus.FEASIBLE if by_count else SolveStatus.TIME_LIMIT


_warm = False


def warm_up() -> bool:
    """Compile the kernels or load them from the cache; True when they had to be compiled.

    The second call in a process does nothing. Compiling takes about half a minute, once per
    machine where the cache can be written.
    """
    global _warm  # noqa: PLW0603 - the state of this process's compiled code
    if _warm:
        return False
    import numpy as np

    from optimizer.bound_pricing import compile_pricing
    from optimizer.engine import kernels
    from optimizer.engine.state import arguments, new_state
    from optimizer.problem import Fleet, Mode, Pattern, Task

    tiny = PeriodicProblem(
        np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), (0,), (Task((Mode(1, 1),), (Pattern(1),)),),
        (Fleet(0, 0, 1),),
    )  # fmt: skip
    arrays = to_arrays(tiny)
    kernels.anneal(0, NEVER, 0.0, 0.0, 1.0, *arguments(arrays, new_state(arrays, 0)))
    compiled = compile_pricing()
    _warm = True
    return compiled or bool(getattr(getattr(kernels.anneal, "stats", None), "cache_misses", {}))
