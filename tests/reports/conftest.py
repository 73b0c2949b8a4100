"""Plans and figures that the documents are made of: one lawful, one short of a patrol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from network.problems import Text
from reports.figures import Figures
from scheduling.audit import AuditReport, Finding
from scheduling.plan.model import PatrolKind, Plan, PlanStatus, Unmet
from scheduling.plan.seal import seal
from tests.reports.grid_plan import build_plan


def break_plan(plan: Plan) -> Plan:
    """Take one township patrol out, and say what it leaves unmet and why."""
    gone = next(p for p in plan.patrols if p.unit == "U01")
    lost = {visit.id for visit in gone.visits}
    dropped = [key for key, visits in plan.met.items() if lost & set(visits)]
    return replace(
        plan,
        patrols=tuple(p for p in plan.patrols if p.id != gone.id),
        met={key: visits for key, visits in plan.met.items() if key not in dropped},
        unmet=tuple(
            Unmet(
                key,
                1,
                True,
                Text(
                    "2月下半月 5个工作日×1车×1趟=5趟，需7趟，缺2趟", "5 workdays, 7 needed, 2 short"
                ),
            )
            for key in sorted(dropped)
        ),
        outcomes=tuple(
            replace(
                o,
                status=PlanStatus.INFEASIBLE,
                explanation=(Text("再增1名持证人员即可行", "one more certified person mends it"),),
            )
            if o.unit == "U01"
            else o
            for o in plan.outcomes
        ),
    )


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Make a quarter of two stations and a squad, complete with one spot check."""
    return build_plan()


@pytest.fixture(scope="session")
def unlawful_plan(plan: Plan) -> Plan:
    """Make the same plan short of one patrol, proven infeasible."""
    return break_plan(plan)


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., Plan]:
    """Build a plan of another size."""
    return build_plan


@pytest.fixture(scope="session")
def figures(plan: Plan) -> Figures:
    """Open the plan and have it pass an audit."""
    return Figures(seal(plan)[0], AuditReport(lawful=True, findings=()))


@pytest.fixture(scope="session")
def unlawful(unlawful_plan: Plan) -> Figures:
    """Open the broken plan, with what an audit says of it."""
    findings = (
        Finding("breach", "frequency", "13", "Z000", Text("次数不足", "too few"), "law"),
        Finding("breach", "crew-size", "16", "R-U02", Text("只有1人", "only 1 aboard"), "law"),
        Finding("notice", "gap", "", "Z001", Text("间隔过长", "long gap"), "default"),
        Finding("notice", "gap", "", "Z002", Text("间隔过长", "long gap"), "default"),
    )
    return Figures(seal(unlawful_plan)[0], AuditReport(lawful=False, findings=findings))


@pytest.fixture(scope="session")
def sealed_names(plan: Plan) -> set[str]:
    """Return ids of the visits of the spot check: no document may show them."""
    return {v.id for p in plan.patrols if p.kind == PatrolKind.SPOT_CHECK for v in p.visits}
