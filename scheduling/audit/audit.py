"""The audit of one plan: every rule of the register, asked in turn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scheduling.audit.findings import AuditReport, Finding
from scheduling.audit.owed import Case
from scheduling.audit.register import RULES
from scheduling.plan.model import Plan


def audit_plan(plan: Plan, *, roads: Path | None = None, informing: bool = True) -> AuditReport:
    """Hold a plan against the norm, its own snapshot and what is physically possible.

    The plan is lawful when nothing found is a breach: no rule of the norm is broken and nothing is
    impossible; rules that are only our defaults give notices (RULINGS). With ``roads``, the road
    file, every leg is driven again on the network; InputError when that file cannot be read.
    Without ``informing`` the rules that find no breaches are left out, which takes half the time.
    """
    case = Case(plan, roads)
    order = {rule.slug: place for place, rule in enumerate(RULES)}
    found: dict[Finding, None] = {}  # in the order found, which is that of the days
    for rule in (rule for rule in RULES if informing or not rule.informs):
        found.update((replace(finding, rule=rule.slug), None) for finding in rule.check(case))
    findings = tuple(sorted(found, key=lambda f: (f.severity, order[f.rule], f.article, f.subject)))
    return AuditReport(not any(f.severity == "breach" for f in findings), findings)
