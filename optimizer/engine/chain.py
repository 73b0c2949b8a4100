"""One chain: a start is brought in, annealed down, and the best feasible solution kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from optimizer.engine import anneal as kernels
from optimizer.engine import layout
from optimizer.engine.arrays import Arrays
from optimizer.engine.population import Individual
from optimizer.engine.start import Start
from optimizer.engine.state import State, arguments, clear, load

#: Iterations per call of the compiled search: between two calls the clock is looked at.
CHUNK = 256
#: A chain ends at this multiple of a typical leg.
COLDEST = 0.005


@dataclass(frozen=True)
class Plan:
    """What a chain is to do: ``heat`` in typical legs, falling to ``COLDEST`` over ``iterations``.

    No more than ``most`` of the iterations are made, where the run ends before the chain.
    """

    number: int
    start: Start
    prices: tuple[float, float] | None
    iterations: int
    heat: float
    most: int | None = None

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
    cooling = (COLDEST / plan.heat) ** (1.0 / max(1, plan.iterations))
    heat = plan.heat * float(arrays.unit[0])
    kernels.anneal(0, target, 0.0, 1.0, *given)
    done = 0
    allowed = watch(done, state.best_objective, 0)
    while done < plan.made and allowed > 0 and state.best_objective > target:
        count = min(CHUNK, plan.made - done, allowed)
        kernels.anneal(count, target, heat, cooling, *given)
        heat *= cooling**count
        done = int(state.counts[layout.ITERATION])
        allowed = watch(done, state.best_objective, int(state.counts[layout.LAST_BEST]))
    return individual(state), done


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
