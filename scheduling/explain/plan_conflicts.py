"""The conflicts of a plan as it stands, without roads: what its own numbers prove."""

from __future__ import annotations

from scheduling.explain.case import Case, make_case
from scheduling.explain.conflicts import Conflict, joint_conflicts, single_conflicts
from scheduling.explain.findings import conflict_finding
from scheduling.explain.model import ConflictFinding
from scheduling.plan.model import Plan
from scheduling.planning.prepare import groups_of


def case_conflicts(case: Case, *, seed: int = 0) -> tuple[Conflict, ...]:
    """Return conflicts of windows alone, then of those together that fit alone."""
    singles = single_conflicts(case, seed=seed)
    hopeless = sorted({window for conflict in singles for window in conflict.windows})
    return (*singles, *joint_conflicts(case, hopeless, seed=seed))


def short_units(plan: Plan) -> frozenset[str]:
    """Return the units that the plan leaves short of something."""
    owner = {row.id: row.unit for row in plan.requirements}
    return frozenset(owner[one.requirement] for one in plan.unmet)


def plan_conflicts(plan: Plan, unit: str = "") -> tuple[ConflictFinding, ...]:
    """Return the conflicts in words of all units that fall short, or of ``unit`` alone.

    Minimal in counts; that each member's absence leaves a way is shown by ``scenarios.remedies``.
    """
    short = short_units(plan)
    found = []
    for units in groups_of(plan.county, plan.units):
        if not short & {*units} or unit not in ("", *units):
            continue
        case = make_case(plan, units)
        for conflict in case_conflicts(case, seed=plan.seed):
            of_units = {case.needs[window].unit for window in conflict.windows}
            if unit in ("", *of_units):
                found.append(conflict_finding(case, conflict))
    return tuple(found)
