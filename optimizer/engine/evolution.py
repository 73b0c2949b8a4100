"""The order of the search: chains from nothing, then from solutions found, warmed up again.

One is warmed up everywhere, or in one neighbourhood after another, or two of them make a child.
A chain is ruin and recreate under annealing, cooled over a number of iterations that grows with the
problem, so that nothing depends on the clock. Chains come in batches that do not depend on one
another: they may run on several threads, and are taken in their order, whoever ends first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import cached_property
from math import inf

import numpy as np

from optimizer.engine.arrays import Arrays, routes_of
from optimizer.engine.chain import CHUNK, Plan, individual, run_chain
from optimizer.engine.population import SIZE, Individual, Population, Standstill, child
from optimizer.engine.results import Progress, Result, SolveStatus, TracePoint
from optimizer.engine.start import Start, empty_start, start_from
from optimizer.engine.state import State, new_state
from optimizer.engine.stops import Stop
from optimizer.engine.symmetry import Symmetry, symmetry_of
from optimizer.problem import PeriodicProblem, Solution
from optimizer.solution_check import cost_of

#: Chains in a batch.
BATCH = 4
#: Iterations per visit of a chain from nothing, and the fewest of any chain.
FRESH_PER_VISIT, SHORTEST = 100, 2000
#: Annealing starts at this multiple of a typical leg; from the caller's solution, cooler.
FRESH_HEAT, INITIAL_HEAT = 0.5, 0.1
#: Iterations per visit and heat of a batch's children: short and cool chains keep what the parents
#: have in common, long and warm ones find what neither has.
CHILDREN = ((30, 0.1), (100, 0.2), (30, 0.1))
#: One chain of a batch begins from one solution alone, warm, and is longer each time by so much of
#: its first length: more, and these chains would soon take most of a run and gain little.
REHEATED_PER_VISIT, REHEAT_GROWTH, REHEAT = 60, 0.05, 0.25
#: From so many tasks on, two chains of a batch warm up one neighbourhood after another instead, of
#: the best solution and of another: what a neighbourhood has gained is kept, which no chain over
#: all of a large problem can do. Tasks of a neighbourhood and rounds of a chain; iterations per
#: visit of a neighbourhood and the fewest of a round, and how warm.
LARGE, NEIGHBOURHOOD, ROUNDS = 150, 25, 16
POLISHED_PER_VISIT, SHORTEST_ROUND, POLISH_HEAT = 100, 500, 0.25
#: So many children refused in a row: all but the best give way to new ones, from longer chains.
STUCK = 40
#: Seconds between two looks at chains on several threads.
LOOK_SECONDS = 0.05


class Evolution:
    """One run: population, clock and trace."""

    def __init__(
        self, problem: PeriodicProblem, arrays: Arrays, stop: Stop, seed: int, bound: float
    ) -> None:
        self.problem, self.arrays, self.stop, self.seed, self.bound = (
            problem, arrays, stop, seed, bound,
        )  # fmt: skip
        self.population, self.standstill = Population(), Standstill()
        self.aside: list[Individual] = []
        self.best: Individual | None = None
        self.trace: list[TracePoint] = []
        self.rng = np.random.default_rng((seed, 1))
        self.visits = _visits(arrays)
        self.started = time.perf_counter()
        self.chains = self.iterations = self.last_best = 0
        self.length = self.reheated = 1.0
        self.best_cost = inf
        self.interrupted = False
        self.progress: Callable[[Progress], bool | None] | None = None

    def run(
        self,
        workers: int,
        initial: Solution | None,
        progress: Callable[[Progress], bool | None] | None,
    ) -> Result:
        """Search until the stop, Ctrl-C or a ``progress`` that returns True."""
        self.progress = progress
        plans = self._first_plans(initial)
        threads = 1 if self.stop.patience is not None else min(workers, BATCH)
        states = [new_state(self.arrays) for _ in range(threads)]
        while not self._ended():
            try:
                if threads > 1:
                    self._side_by_side(plans, states)
                else:
                    self._one_by_one(plans, states[0])
                plans = [] if self._ended() else self._next_plans()
            except KeyboardInterrupt:  # between two chains
                self.interrupted = True
        return self.result()

    @cached_property
    def symmetry(self) -> Symmetry:
        """The exchanges of days, looked for only by a run that comes to make children."""
        return symmetry_of(self.problem, self.arrays)

    # What to do next.

    def _first_plans(self, initial: Solution | None) -> list[Plan]:
        """Return the first batch; a short limit is filled by fewer chains, cooled to its end."""
        limit = self.stop.iterations
        length = self._chain_length(FRESH_PER_VISIT)
        count = BATCH
        if limit is not None and limit < BATCH * length:
            count = max(1, limit // length)
            length = max(1, limit // count)
        plans = [self._fresh(length) for _ in range(count)]
        if initial is not None:
            start = start_from(self.arrays, initial)
            plans[0] = replace(plans[0], start=start, heat=INITIAL_HEAT)
        return plans

    def _next_plans(self) -> list[Plan]:
        """Return a batch of children, or of new chains where the population has run dry."""
        if self.standstill.after_batch(self.population):
            self._set_aside_or_join()
        members = self.population.members
        if self.population.refused >= STUCK:
            self.length *= 1.5
            self.population = Population(members[:1])
            return [self._fresh(self._chain_length(FRESH_PER_VISIT)) for _ in range(BATCH)]
        if len(members) < 2:
            return [self._fresh(self._chain_length(FRESH_PER_VISIT)) for _ in range(BATCH)]
        reheated = self._reheated(self.population.parents(self.rng)[0])
        if self.arrays.tasks < LARGE:
            return [reheated, *(self._child(*chain) for chain in CHILDREN)]
        polished = (members[0], self.population.parents(self.rng)[0])
        return [reheated, *(self._polished(one) for one in polished), self._child(*CHILDREN[1])]

    def _set_aside_or_join(self) -> None:
        """Let another population grow from nothing, or join it with the one set aside for it.

        All of a population may be in one valley, and what chains it begins leads into it again.
        Of either the better half is taken: the cheapest of both are often all of one.
        """
        aside, here = self.aside, self.population.members
        self.population, self.standstill = Population(), Standstill()
        self.aside = [] if aside else here
        if aside:
            for one in (*aside[: SIZE // 2], *here[: SIZE // 2]):
                self.population.add(one)

    def _child(self, per_visit: float, heat: float) -> Plan:
        """Return the plan of a chain from what two solutions make together."""
        first, second = self.population.parents(self.rng)
        start = child(self.arrays, first, self.symmetry.like(first, second), self.rng)
        return Plan(self._number(), start, first.prices, self._chain_length(per_visit), heat)

    def _reheated(self, one: Individual) -> Plan:
        """Return the plan of a chain from one good solution, longer each time."""
        self.reheated += REHEAT_GROWTH
        length = self._chain_length(REHEATED_PER_VISIT * self.reheated)
        start = Start(one.chosen, one.routes, [])
        return Plan(self._number(), start, one.prices, length, REHEAT)

    def _polished(self, one: Individual) -> Plan:
        """Return the plan of a chain that warms up one neighbourhood after another."""
        focus = min(NEIGHBOURHOOD, self.arrays.tasks)
        visits = self.visits * focus / self.arrays.tasks
        length = ROUNDS * max(SHORTEST_ROUND, int(POLISHED_PER_VISIT * visits))
        start = Start(one.chosen, one.routes, [])
        return Plan(
            self._number(), start, one.prices, length, POLISH_HEAT, rounds=ROUNDS, focus=focus
        )

    def _fresh(self, length: int) -> Plan:
        """Return the plan of a chain from nothing."""
        return Plan(self._number(), empty_start(self.arrays), None, length, FRESH_HEAT)

    def _chain_length(self, per_visit: float) -> int:
        return max(SHORTEST, int(self.length * per_visit * self.visits))

    def _number(self) -> int:
        self.chains += 1
        return self.chains

    # Doing it.

    def _one_by_one(self, plans: Sequence[Plan], state: State) -> None:
        """Run the chains of a batch in turn."""
        for plan in plans:
            if self._ended():
                return
            before = self.iterations

            def watch(done: int, cost: float, at: int, before: int = before) -> int:
                self.iterations = before + done
                self._note(cost, before + at)
                if done:
                    self._tell(min(cost, self.best_cost))
                return 0 if self._ended() else self._patience_left()

            try:
                one, _ = run_chain(
                    self.arrays, state, self._within(plan, before), self.seed, self._goal(), watch
                )
            except KeyboardInterrupt:
                self.interrupted = True
                one = individual(state)
            self._take(one)

    def _side_by_side(self, plans: Sequence[Plan], states: Sequence[State]) -> None:
        """Run the chains of a batch on threads; what they found is taken in their order."""
        before, planned = self.iterations, []
        for plan in plans:
            planned.append(self._within(plan, before))
            before += planned[-1].made
        idle = list(states)
        now = [(0, inf)] * len(plans)
        stopped = False

        def work(index: int) -> tuple[Individual | None, int]:
            def watch(done: int, cost: float, _at: int) -> int:
                now[index] = (done, cost)
                return 0 if stopped or self._out_of_time() else CHUNK

            state = idle.pop()
            try:
                return run_chain(self.arrays, state, planned[index], self.seed, self._goal(), watch)
            finally:
                idle.append(state)

        with ThreadPoolExecutor(len(states)) as pool:
            jobs: list[Future[tuple[Individual | None, int]]] = [
                pool.submit(work, index) for index in range(len(planned)) if planned[index].made
            ]
            left = set(jobs)
            while left:
                try:
                    _, left = wait(left, timeout=LOOK_SECONDS)
                    best = min(self.best_cost, *(cost for _, cost in now))
                    self._tell(best, sum(done for done, _ in now))
                except KeyboardInterrupt:
                    self.interrupted = True
                stopped = stopped or self.interrupted
        for job in jobs:
            one, done = job.result()
            self.iterations += done
            if one is not None:
                self._note(one.cost, self.iterations)
            self._take(one)
            if self.best_cost <= self._goal():  # what came after it depends on who was faster
                return

    def _within(self, plan: Plan, before: int) -> Plan:
        """Return a plan cut off where the run's iterations end."""
        if self.stop.iterations is None:
            return plan
        return replace(plan, most=max(0, min(plan.iterations, self.stop.iterations - before)))

    def _take(self, one: Individual | None) -> None:
        """Take in what a chain found."""
        self.population.add(one)
        if one is not None and (self.best is None or one.cost < self.best.cost):
            self.best = one

    def _note(self, cost: float, iteration: int) -> None:
        """Note a better cost than ever before."""
        if cost < self.best_cost:
            self.best_cost = cost
            self.last_best = iteration
            self.trace.append(TracePoint(iteration, self._elapsed(), cost))

    def _tell(self, cost: float, more: int = 0) -> None:
        """Tell the caller how far the run is; it may end it."""
        if self.progress is not None and not self.interrupted:
            told = Progress(self.iterations + more, self._elapsed(), cost, self.bound)
            self.interrupted = self.progress(told) is True

    # When it ends, and how.

    def _goal(self) -> float:
        """Return the objective at which there is nothing left to look for."""
        proven = self.bound + 1e-9 * max(1.0, abs(self.bound))
        return max(proven, -inf if self.stop.target is None else self.stop.target + 1e-9)

    def _elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.perf_counter() - self.started

    def _out_of_time(self) -> bool:
        return self.stop.seconds is not None and self._elapsed() >= self.stop.seconds

    def _patience_left(self) -> int:
        """Return how many iterations may go by before the patience could be at its end."""
        if self.stop.patience is None:
            return CHUNK
        return self.stop.patience - (self.iterations - self.last_best)

    def _by_count(self) -> bool:
        """Whether a limit is reached that does not depend on the clock."""
        stop = self.stop
        return (
            (stop.iterations is not None and self.iterations >= stop.iterations)
            or (stop.patience is not None and self.iterations - self.last_best >= stop.patience)
            or (stop.target is not None and self.best_cost <= stop.target + 1e-9)
        )

    def _ended(self) -> bool:
        """Whether one of the limits is reached, or the best is proven to be it."""
        return (
            self.interrupted
            or self.best_cost <= self._goal()
            or self._by_count()
            or self._out_of_time()
        )

    def result(self) -> Result:
        """Return what was found; the objective is recomputed from the problem."""
        best, objective = None, inf
        if self.best is not None:
            best = routes_of(self.arrays, self.best.routes, self.best.chosen)
            objective = cost_of(self.problem, best)
        return Result(
            status=self._status(objective),
            best=best,
            objective=objective,
            lower_bound=self.bound,
            iterations=self.iterations,
            runtime_seconds=self._elapsed(),
            seed=self.seed,
            trace=tuple(self.trace),
        )

    def _status(self, objective: float) -> SolveStatus:
        """Return how the run ended."""
        if objective <= self.bound + 1e-9 * max(1.0, abs(self.bound)):
            return SolveStatus.OPTIMAL
        if self.interrupted:
            return SolveStatus.INTERRUPTED
        if objective == inf:
            return SolveStatus.NOT_FOUND
        return SolveStatus.FEASIBLE if self._by_count() else SolveStatus.TIME_LIMIT


def _visits(arrays: Arrays) -> int:
    """Return how many visits there are at least; an optional task counts as one."""
    total = 0
    for t in range(arrays.tasks):
        masks = arrays.pattern_mask[arrays.pattern_first[t] : arrays.pattern_first[t + 1]]
        total += max(1, min(int(mask).bit_count() for mask in masks.tolist()))
    return total
