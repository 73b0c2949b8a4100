"""What of a plan may be published: sealed spot checks keep their day, crew and vehicle only.

A plan read with its sealed part beside it holds the zones of spot checks (art. 13, 抽查). Every
document is made from the plan as it comes out of here, so that none can print them by accident.
"""

from __future__ import annotations

from dataclasses import replace

from network.problems import Text
from scheduling.plan.model import Patrol, PatrolKind, Plan, Unmet

_HIDDEN_REASON = Text(
    "抽查未能全部排入，巡查区见密封件",
    "not every spot check could be placed; the zones are in the sealed file",
)


def as_published(plan: Plan) -> Plan:
    """Return the plan without the zones, times and routes of spot checks."""
    sealed = {p.id for p in plan.patrols if p.kind == PatrolKind.SPOT_CHECK} | {*plan.sealed_days}
    hidden_visits = {v.id for p in plan.patrols if p.id in sealed for v in p.visits}
    hidden_rows = {r.id for r in plan.requirements if r.spot_check}
    return replace(
        plan,
        patrols=tuple(_closed(p) if p.id in sealed else p for p in plan.patrols),
        requirements=tuple(
            replace(r, zone="") if r.id in hidden_rows else r for r in plan.requirements
        ),
        met={
            key: tuple(visit for visit in visits if visit not in hidden_visits)
            for key, visits in plan.met.items()
            if key not in hidden_rows
        },
        unmet=tuple(_hidden(u) if u.requirement in hidden_rows else u for u in plan.unmet),
        sealed_days=tuple(sorted(sealed)),
    )


def _closed(patrol: Patrol) -> Patrol:
    """Keep who, when and with what; drop where."""
    return replace(
        patrol,
        kind=PatrolKind.SPOT_CHECK,
        depart_seconds=0,
        return_seconds=0,
        lunch_at_seconds=-1,
        lunch_seconds=0,
        visits=(),
        legs=(),
        template="",
    )


def _hidden(unmet: Unmet) -> Unmet:
    """Keep that a spot check is missing; drop which."""
    return replace(unmet, reason=_HIDDEN_REASON)
