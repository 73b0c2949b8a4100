"""The audit: every obligation derived anew from the plan's own snapshot, and held against it.

It shares no derivation with the planner: it imports the types, the readers and the road network's
travel, never what plans or what derives requirements for the planner.
"""

from scheduling.audit.audit import audit_plan, standing_breaches
from scheduling.audit.file import audit_file
from scheduling.audit.findings import AuditReport, Finding
from scheduling.audit.register import RULES, AuditRule, rule_name

__all__ = [
    "RULES",
    "AuditReport",
    "AuditRule",
    "Finding",
    "audit_file",
    "audit_plan",
    "rule_name",
    "standing_breaches",
]
