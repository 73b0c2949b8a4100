"""A first look before least staff is sought: what no number of people or vehicles mends.

A county in which nobody is responsible for some zone (art. 12) has no lawful plan, however many
people it has: every search for the least would be in vain, and is not begun.
"""

from __future__ import annotations

from typing import Final

from network.problems import InputError, Problem, Text
from scheduling.audit import Finding, rule_name, standing_breaches
from scheduling.audit.findings import listed
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan
from scheduling.requirements import derive_requirements

#: What to enter where, by rule of the audit; (table, what mends it).
_MEND: Final = {
    "responsible": (
        "zones",
        Text(
            "在 responsible_township（所级）或 responsible_county（县级）列填写本单位人员编号",
            "enter ids of the unit's own people in the column responsible_township or"
            " responsible_county",
        ),
    ),
    "zone-unit": (
        "zones",
        Text(
            "在 unit_township（所级）或 unit_county（县级）列填写实施单位编号",
            "enter the id of a unit in the column unit_township or unit_county",
        ),
    ),
}
_MEND_FIRST: Final = Text("请先改正，再测算人车", "mend this before asking for the least staff")


def refuse_hopeless(inputs: PlanInputs) -> None:
    """Raise InputError with every breach that is there whatever is patrolled and by whom."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in standing_breaches(_empty_plan(inputs)):
        by_rule.setdefault((finding.rule, finding.article), []).append(finding)
    if by_rule:
        raise InputError([_problem(*key, found) for key, found in by_rule.items()])


def _empty_plan(inputs: PlanInputs) -> Plan:
    first, last = inputs.first_day, inputs.last_day
    owed = derive_requirements(
        *(inputs.county, inputs.regulation, inputs.calendar, first, last, inputs.units),
        secret=b"",
    )
    return Plan(
        county=inputs.county,
        regulation=inputs.regulation,
        norm=inputs.norm,
        calendar=inputs.calendar,
        first_day=first,
        last_day=last,
        units=inputs.units,
        requirements=owed,
        patrols=(),
        met={},
        unmet=(),
        needs=(),
        outcomes=(),
        settings_used=(),
        seed=0,
    )


def _problem(rule: str, article: str, found: list[Finding]) -> Problem:
    """Return what is wrong by one rule: the first finding in full, where it is, and what mends."""
    table, mend = _MEND.get(rule, ("", _MEND_FIRST))
    where = listed(list(dict.fromkeys(finding.subject for finding in found)))
    name, first, more = rule_name(rule), found[0].message, len(found) - 1
    law = Text(f"第{article}条", f"art. {article}") if article else Text("规范", "the norm")
    rest = Text(f"（共{more + 1}处）", f" ({more + 1} in all)") if more else Text("", "")
    cause = Text(
        f"{law.zh}“{name.zh}”：{first.zh}{rest.zh}；无论多少人车均不合规",
        f"{law.en}, {name.en}: {first.en}{rest.en}; no number of people or vehicles is lawful",
    )
    return Problem("staffing.never-lawful", table, cause, mend, where=where.zh)
