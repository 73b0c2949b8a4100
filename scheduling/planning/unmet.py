"""Which requirements a plan leaves unmet, by how much, and the arithmetic that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from network.problems import Text
from scheduling.plan.model import Patrol, PatrolKind, PlanStatus, UnitOutcome, Unmet, WindowNeed
from scheduling.requirements import Requirement

_CROWDED_OUT = Text(
    "本单位不可行，本窗口单独可行，未能与其他窗口一并排入",
    "the unit cannot do all it owes; this window fits alone, but not with the others",
)
_NOT_FOUND = Text(
    "限定计算量内未找到完整方案", "no complete plan was found within the effort given"
)


def unmet_requirements(
    requirements: Sequence[Requirement],
    patrols: Sequence[Patrol],
    met: Mapping[str, tuple[str, ...]],
    needs: Sequence[WindowNeed],
    outcomes: Sequence[UnitOutcome],
) -> tuple[Unmet, ...]:
    """Return what is missing, sorted by requirement id, with reasons from the windows' needs."""
    day_of = {visit.id: patrol.day for patrol in patrols for visit in patrol.visits}
    outcome_of = {outcome.unit: outcome for outcome in outcomes}
    unmet = []
    for requirement in requirements:
        visits = met.get(requirement.id, ())
        missing = max(0, requirement.count - len(visits))
        peak = requirement.peak_window
        if not missing and peak and not any(peak.holds(day_of[visit]) for visit in visits):
            missing = 1
        if missing:
            proven, reason = _reason(requirement, needs, outcome_of.get(requirement.unit))
            unmet.append(Unmet(requirement.id, missing, proven, reason))
    return tuple(sorted(unmet, key=lambda u: u.requirement))


def _reason(
    requirement: Requirement, needs: Sequence[WindowNeed], outcome: UnitOutcome | None
) -> tuple[bool, Text]:
    kind = PatrolKind.SPOT_CHECK if requirement.spot_check else PatrolKind.REGULAR
    window = requirement.window
    inside = [
        need
        for need in needs
        if need.unit == requirement.unit
        and need.kind is kind
        and need.first_day <= window.last_day
        and window.first_day <= need.last_day
    ]
    short = [need for need in inside if need.needed_lower_bound > need.possible]
    if short:
        worst = max(short, key=lambda need: need.needed_lower_bound - need.possible)
        return True, worst.arithmetic
    if outcome is not None and outcome.status is PlanStatus.INFEASIBLE:
        return False, _CROWDED_OUT
    if outcome is not None and outcome.explanation:
        return False, outcome.explanation[0]
    return False, _NOT_FOUND
