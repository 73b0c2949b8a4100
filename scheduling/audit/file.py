"""A plan file audited: the plan in it, and that the file shows people the same plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scheduling.audit.audit import audit_plan
from scheduling.audit.findings import AuditReport, Finding
from scheduling.audit.register import SHOWN
from scheduling.plan.store import read_plan_and_shown


def audit_file(path: Path, *, roads: Path | None = None) -> AuditReport:
    """Audit the plan in a file (with the sealed one beside it, if there).

    Names and lines that are only shown, e.g. in QGIS, and contradict the plan are breaches of rule
    ``shown``: people would follow another plan than the one audited.
    Raises InputError when the file cannot be read.
    """
    plan, contradictions = read_plan_and_shown(path)
    report = audit_plan(plan, roads=roads)
    shown = tuple(
        Finding("breach", SHOWN, "", f"{p.where} {p.field}".strip(), p.cause, "record")
        for p in contradictions
    )
    return replace(report, lawful=False, findings=(*shown, *report.findings)) if shown else report
