"""The audit of one plan: every rule of the register, asked in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scheduling.audit.findings import AuditReport, Finding
from scheduling.audit.owed import Case
from scheduling.audit.register import RULES, AuditRule
from scheduling.plan.model import Plan


def audit_plan(plan: Plan, *, roads: Path | None = None, informing: bool = True) -> AuditReport:
    """Hold a plan against the norm, its own snapshot and what is physically possible.

    The plan is lawful when nothing found is a breach: no rule of the norm is broken and nothing is
    impossible; rules that are only our defaults give notices (RULINGS). With ``roads``, the road
    file, every leg is driven again on the network; InputError when that file cannot be read.
    Without ``informing`` the rules that find no breaches are left out, which takes half the time.
    """
    rules = [rule for rule in RULES if informing or not rule.informs]
    findings = _found(Case(plan, roads), rules)
    return AuditReport(not any(f.severity == "breach" for f in findings), findings)


def standing_breaches(plan: Plan) -> tuple[Finding, ...]:
    """Return the breaches that no patrols can mend, found in a plan that has none yet."""
    findings = _found(Case(plan), [rule for rule in RULES if rule.standing])
    return tuple(finding for finding in findings if finding.severity == "breach")


def _found(case: Case, rules: Sequence[AuditRule]) -> tuple[Finding, ...]:
    order = {rule.slug: place for place, rule in enumerate(RULES)}
    found: dict[Finding, None] = {}  # in the order found, which is that of the days
    for rule in rules:
        found.update((replace(finding, rule=rule.slug), None) for finding in rule.check(case))
    return tuple(sorted(found, key=lambda f: (f.severity, order[f.rule], f.article, f.subject)))
