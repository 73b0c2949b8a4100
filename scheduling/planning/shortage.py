"""When windows fit alone but not together: what the count model allows over the whole horizon."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.counts import RosterStatus, count_feasible, most_patrols_year
from scheduling.planning.counting import count_problem
from scheduling.planning.dates import GroupContext
from scheduling.planning.fitting import Fit, shrunk_to
from scheduling.planning.templates import TemplateMaker


def counts_allow(context: GroupContext, fits: Sequence[Fit], seed: int) -> bool:
    """Whether the count model leaves open that all proven needs fit together (False: proven no)."""
    problem = count_problem(context, fits, [fit.needed for fit in fits])
    return count_feasible(problem, seed=seed) is not RosterStatus.INFEASIBLE


def allocated_fits(
    context: GroupContext, makers: Sequence[TemplateMaker], fits: Sequence[Fit], seed: int
) -> list[Fit]:
    """Return the fits cut down to patrol counts that go together, worth the most by priority."""
    wanted = [len(fit.template.routes) for fit in fits]
    problem = count_problem(context, fits, wanted)
    allocation = most_patrols_year(problem, wanted, seed=seed)
    patrols = allocation.patrols or (0,) * len(fits)
    return [
        shrunk_to(fit, makers[fit.pool], count) for fit, count in zip(fits, patrols, strict=True)
    ]
