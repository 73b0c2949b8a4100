"""One chain: a start is brought in, annealed down, and the best feasible solution kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from optimizer.engine import anneal as kernels
from optimizer.engine import layout
from optimizer.engine.arrays import Arrays
from optimizer.engine.population import Individual
from optimizer.engine.start import Start
from optimizer.engine.state import State, arguments, clear, load, to_best

#: Iterations per call of the compiled search: between two calls the clock is looked at.
CHUNK = 256
#: A chain ends at this multiple of a typical leg.
COLDEST = 0.005


@dataclass(frozen=True)
class Plan:
    """What a chain is to do: ``heat`` in typical legs, falling to ``COLDEST`` over ``iterations``.

    No more than ``most`` of the iterations are made, where the run ends before the chain. With
    several ``rounds`` each begins from the best so far and ruins only round ``focus`` near tasks.
    """

    number: int
    start: Start
    prices: tuple[float, float] | None
    iterations: int
    heat: float
    most: int | None = None
    rounds: int = 1
    focus: int = 0

    @property
    def made(self) -> int:
        """How many iterations the chain makes if nothing else ends it."""
        return self.iterations if self.most is None else self.most


def run_chain(
    arrays: Arrays,
    state: State,
    plan: Plan,
    seed: int,
    target: float,
    watch: Callable[[int, float, int], int],
) -> tuple[Individual | None, int]:
    """Run a chain; return the best feasible solution, if any, and how many iterations it took.

    ``watch`` is told after every chunk the iterations done, the best cost and when that was found;
    it returns how many more may be made before the next look, at most.
    A best no dearer than ``target`` ends it too.
    """
    clear(state, (seed, plan.number), plan.prices)
    load(arrays, state, plan.start)
    given = arguments(arrays, state)
    rng = np.random.default_rng((seed, plan.number))
    length = max(1, plan.iterations // plan.rounds)
    cooling = (COLDEST / plan.heat) ** (1.0 / length)
    kernels.anneal(0, target, 0.0, 1.0, *given)
    done, end = 0, 0
    allowed = watch(done, state.best_objective, 0)
    while done < plan.made and allowed > 0 and state.best_objective > target:
        if done == end:
            end, heat = min(done + length, plan.made), plan.heat * float(arrays.unit[0])
            if plan.focus:
                _go_elsewhere(arrays, state, plan.focus, rng)
                kernels.anneal(0, target, 0.0, 1.0, *given)
        count = min(CHUNK, end - done, allowed)
        kernels.anneal(count, target, heat, cooling, *given)
        heat *= cooling**count
        done = int(state.counts[layout.ITERATION])
        allowed = watch(done, state.best_objective, int(state.counts[layout.LAST_BEST]))
    return individual(state), done


def _go_elsewhere(arrays: Arrays, state: State, focus: int, rng: np.random.Generator) -> None:
    """Go back to the best solution; ruin round a task drawn at random and those nearest to it."""
    to_best(arrays, state)
    centre = int(rng.integers(arrays.tasks))
    state.seeds[0] = centre
    state.seeds[1:focus] = arrays.near[centre, : focus - 1]
    state.counts[layout.SEEDS] = focus


def individual(state: State) -> Individual | None:
    """Return a copy of the best solution of a state."""
    if state.best_objective == inf:
        return None
    routes = {
        slot: state.best_seq[slot, :size].copy()
        for slot, size in enumerate(state.best_length.tolist())
        if size
    }
    prices = (
        float(state.values[layout.PRICE_TIME]),
        float(state.values[layout.PRICE_LOAD]),
    )
    return Individual(state.best_objective, state.best_chosen.copy(), routes, prices)
