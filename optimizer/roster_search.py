"""One deterministic, interruptible CP-SAT run, and what its end means."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor, inf, isfinite
from threading import Event, Thread
from typing import Any

from ortools.sat.python import cp_model

#: CP-SAT's bounds on whole numbers come as floats.
_DUST = 1e-6

#: (stage, steps done, steps in all)
StageProgress = Callable[[str, int, int], None]


class RosterStatus(StrEnum):
    """How a search ended. Proofs are never blurred with running out of time."""

    OPTIMAL = "optimal"  # every goal closed its bound
    FEASIBLE = "feasible"  # a solution; the effort ended before the last goal was closed
    INFEASIBLE = "infeasible"  # proven
    NOT_FOUND = "not-found"  # the effort ended: no solution, no proof
    TIME_LIMIT = "time-limit"  # the wall clock ended it, with or without a solution
    INTERRUPTED = "interrupted"  # Ctrl-C ended it, with or without a solution


@dataclass(frozen=True)
class Run:
    """What one run found. ``bound`` is proven: below it no minimum lies, above it no maximum."""

    found: bool
    closed: bool  # optimal, or proven infeasible
    value: int
    bound: float
    timed_out: bool
    interrupted: bool
    values: tuple[int, ...]  # by variable index; empty when nothing was found
    core: tuple[int, ...]  # assumed variables that a proof of infeasibility used

    @property
    def infeasible(self) -> bool:
        """Whether no solution exists, proven."""
        return self.closed and not self.found

    @property
    def lower_bound(self) -> int:
        """The least whole number a minimised objective can still reach."""
        return ceil(self.bound - _DUST) if isfinite(self.bound) else 0

    @property
    def upper_bound(self) -> int:
        """The greatest whole number a maximised objective can still reach."""
        return floor(self.bound + _DUST)

    @property
    def stopped(self) -> bool:
        """Whether something other than the effort ended it before its end."""
        return self.interrupted or self.timed_out

    def on(self, literal: Any) -> bool:
        """Whether a literal of the model is true in the solution."""
        return bool(self.values[literal.index])


@dataclass(frozen=True)
class Budget:
    """``effort`` is in CP-SAT's deterministic seconds, the same on every machine.

    ``deadline``, on the monotonic clock, is a safety net only.
    """

    seed: int
    effort: float
    deadline: float | None = None

    @classmethod
    def of(cls, seed: int, effort: float, time_limit_seconds: float | None) -> Budget:
        """Start the clock."""
        limit = None if time_limit_seconds is None else time.monotonic() + time_limit_seconds
        return cls(seed, effort, limit)

    def with_grace(self, seconds: float) -> Budget:
        """Return the budget with at least so many seconds on the clock."""
        if self.deadline is None:
            return self
        return replace(self, deadline=max(self.deadline, time.monotonic() + seconds))

    def left_seconds(self) -> float | None:
        """Return the wall time left, None without a limit."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())


def run(
    model: cp_model.CpModel,
    budget: Budget,
    *,
    share: float = 1.0,
    settings: Mapping[str, Any] | None = None,
) -> Run:
    """Solve ``model`` within a share of the budget. Ctrl-C stops it and keeps the best so far."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = budget.seed % (1 << 31)
    parameters.max_deterministic_time = budget.effort * share
    parameters.catch_sigint_signal = False
    for name, value in (settings or {}).items():
        setattr(parameters, name, value)
    left = budget.left_seconds()
    if left is not None:
        parameters.max_time_in_seconds = max(0.001, left)
    status, interrupted = _solve(solver, model)
    if status is None:
        return _nothing(interrupted=interrupted)
    found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    left = budget.left_seconds()
    closed = status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}
    return Run(
        found=found,
        closed=closed,
        value=round(solver.objective_value) if found else 0,
        # At the optimum the bound that CP-SAT reports may lag behind.
        bound=solver.objective_value if found and closed else solver.best_objective_bound,
        timed_out=not closed and left is not None and left <= 0.01,
        interrupted=interrupted,
        values=tuple(solver.response_proto.solution) if found else (),
        core=tuple(solver.response_proto.sufficient_assumptions_for_infeasibility),
    )


def _nothing(*, interrupted: bool) -> Run:
    """Return a run that came to nothing, not even a bound."""
    return Run(
        found=False,
        closed=False,
        value=0,
        bound=-inf,
        timed_out=False,
        interrupted=interrupted,
        values=(),
        core=(),
    )


#: A thread that has not begun after so many seconds was interrupted before it was there.
_BEGINS_SECONDS = 1.0


def _solve(solver: cp_model.CpSolver, model: cp_model.CpModel) -> tuple[Any, bool]:
    """Solve in a thread, so that Ctrl-C reaches us at once and is ours to answer.

    Returns the solver's status, None if Ctrl-C came before it began, and whether Ctrl-C came.
    """
    ends: list[Any] = []
    begun, given_up, over = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        try:
            if not given_up.is_set():
                ends.append(solver.solve(model))
        finally:
            over.set()

    interrupted = False
    try:
        Thread(target=work).start()
    except KeyboardInterrupt:
        interrupted = True
    while not over.is_set():
        try:
            if interrupted and not begun.wait(_BEGINS_SECONDS):
                given_up.set()
                break
            over.wait(0.05 if interrupted else None)
        except KeyboardInterrupt:
            interrupted = True
        if interrupted:  # again and again: a solve that has not begun yet cannot be stopped
            solver.stop_search()
    return (ends[0] if ends else None), interrupted


def status_of(last: Run, *, closed: bool) -> RosterStatus:
    """Name the end of a search: ``last`` ended it, ``closed`` says that every goal is proven."""
    if last.infeasible:
        return RosterStatus.INFEASIBLE
    if closed:
        return RosterStatus.OPTIMAL
    if last.interrupted:
        return RosterStatus.INTERRUPTED
    if last.timed_out:
        return RosterStatus.TIME_LIMIT
    return RosterStatus.FEASIBLE if last.found else RosterStatus.NOT_FOUND


@dataclass(frozen=True)
class Goal:
    """One goal's value and proven lower bound, in its own unit; goals are listed by rank."""

    name: str
    value: int
    lower_bound: int

    @property
    def closed(self) -> bool:
        """Whether the value is proven best, given the goals before it."""
        return self.value <= self.lower_bound


def hint(model: cp_model.CpModel, known: Run) -> None:
    """Let the next run start from the solution of another one on the same model."""
    model.clear_hints()  # type: ignore[no-untyped-call]
    all_at_once = model.proto.solution_hint  # one call for each takes a seventh of a roster's time
    all_at_once.vars.extend(range(len(known.values)))
    all_at_once.values.extend(known.values)


#: Rosters are searched without probing and symmetries, and presolved once instead of three times,
#: which took a third of the time or more and found no more.
_PLAIN: Mapping[str, Any] = {
    "cp_model_probing_level": 0,
    "symmetry_level": 0,
    "max_presolve_iterations": 1,
}


def start_from_guess(model: cp_model.CpModel, budget: Budget) -> Run:
    """Take the hinted guess as it is if it is feasible, else search from it."""
    kept = run(model, budget, settings={**_PLAIN, "fix_variables_to_their_hinted_value": True})
    if kept.found or kept.interrupted:
        return kept
    return run(model, budget, settings={**_PLAIN, "linearization_level": 0})


#: Within a stage a goal outweighs all that a lower one can cost.
_OUTWEIGHS = 1_000_000


@dataclass(frozen=True)
class Stage:
    """Goals minimised in one run, by rank: ``goals`` returns one expression per name.

    ``share`` of the effort; ``linear`` is CP-SAT's level of linear relaxation. Only goals whose
    values stay below a million may share a run. With ``free_first`` it is asked first, within
    the same share, whether nothing need be paid: found far sooner than by paying less and less.
    """

    names: tuple[str, ...]
    share: float
    linear: int
    goals: Callable[[], tuple[Any, ...]]
    free_first: bool = False


def improve(
    model: cp_model.CpModel,
    known: Run,
    stages: Sequence[Stage],
    budget: Budget,
    tell: Callable[[str], None],
) -> tuple[Run, Run, tuple[Goal, ...]]:
    """Minimise stage after stage from a known solution, each keeping what the former reached.

    Returns the best run, the last run and the goals' figures; those cut short by the clock or by
    Ctrl-C have none.
    """
    best = last = known
    reached: list[Goal] = []
    for stage in stages:
        if last.stopped:
            break
        try:
            tell(stage.names[0])
            best, last, figures = _towards(model, best, stage, budget)
        except KeyboardInterrupt:  # while building, not solving: what we have is whole
            last = replace(best, closed=False, interrupted=True)
            break
        reached += figures
    return best, last, tuple(reached)


def _towards(
    model: cp_model.CpModel, known: Run, stage: Stage, budget: Budget
) -> tuple[Run, Run, tuple[Goal, ...]]:
    hint(model, known)
    expression: Any = 0
    for goal in stage.goals():
        expression = expression * _OUTWEIGHS + goal
    if not isinstance(expression, cp_model.LinearExpr):
        return known, known, _figures(stage.names, expression, expression)
    model.minimize(expression)
    # Values for the goals' own variables and a value for what we have, at no search.
    start = run(model, budget, settings={**_PLAIN, "fix_variables_to_their_hinted_value": True})
    if start.stopped or not start.found:
        return known, start, ()
    hint(model, start)
    free = _at_no_cost(model, expression, stage, budget) if stage.free_first else None
    if free is not None and (free.found or free.stopped):
        last = free
    else:
        settings = {**_PLAIN, "linearization_level": stage.linear}
        last = run(model, budget, share=stage.share, settings=settings)
    best = last if last.found and last.value <= start.value else start
    model.clear_objective()  # type: ignore[no-untyped-call]
    model.add(expression <= best.value)
    return best, last, _figures(stage.names, best.value, max(0, last.lower_bound))


def _at_no_cost(model: cp_model.CpModel, cost: Any, stage: Stage, budget: Budget) -> Run:
    """Look for a solution that costs nothing, without any objective: the first one will do."""
    only_free = model.clone()
    only_free.clear_objective()  # type: ignore[no-untyped-call]
    only_free.add(cost <= 0)
    settings = {**_PLAIN, "linearization_level": 0}
    free = run(only_free, budget, share=stage.share, settings=settings)
    return replace(free, value=0, bound=0.0) if free.found else free


def _figures(names: Sequence[str], value: int, bound: int) -> tuple[Goal, ...]:
    """Take a stage's value and bound apart; below a goal that is not closed nothing is proven."""
    goals: list[Goal] = []
    for rank, name in enumerate(names):
        unit = _OUTWEIGHS ** (len(names) - 1 - rank)
        goal = Goal(name, value // unit, max(0, bound // unit))
        goals.append(goal)
        value -= goal.value * unit
        bound = bound - goal.value * unit if goal.closed else 0
    return tuple(goals)
