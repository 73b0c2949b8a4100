"""What the documents say about the law: lawful or not, what is unmet, by how much and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from network.problems import Text
from reports.figures import Figures
from reports.words import LAWFUL, REFUSED, STATUSES, UNLAWFUL
from scheduling.audit import RULES, Finding
from scheduling.calendar.windows import Window
from scheduling.county.model import Zone
from scheduling.plan.model import Plan, PlanStatus
from scheduling.requirements import Requirement


@dataclass(frozen=True)
class UnmetGroup:
    """Requirements of one unit, window and rule that are not met for one reason."""

    unit: str
    window: Window
    rule: str
    article: str
    basis: str
    proven: bool
    reason: Text
    zones: tuple[Zone, ...]  # lowest risk first, as dropped
    missing: int

    @property
    def breach(self) -> bool:
        """Whether the norm's own text is breached, not one of our defaults."""
        return self.basis == "law"


@dataclass(frozen=True)
class Legality:
    """The statement that every document bears: the audit's verdict, and what is behind it.

    ``breaches`` are the audit's findings beyond the unmet requirements in ``groups``; ``notices``
    counts those that touch our defaults only, by the name of the audit's rule.
    """

    lawful: bool
    groups: tuple[UnmetGroup, ...]
    breaches: tuple[Finding, ...]
    notices: tuple[tuple[Text, int], ...]

    @property
    def label(self) -> Text:
        """Return 符合规范 or 不符合规范."""
        return LAWFUL if self.lawful else UNLAWFUL

    @property
    def missing(self) -> int:
        """Visits missing, all groups together."""
        return sum(group.missing for group in self.groups)


#: Rules of the audit that find what ``Plan.unmet`` already tells with its reason.
_COUNT_RULES: Final = frozenset({"frequency", "peak-count", "peak-day"})
#: Units that ended so have every requirement met.
_COMPLETE: Final = frozenset({PlanStatus.OPTIMAL, PlanStatus.FEASIBLE})


def legality(figures: Figures) -> Legality:
    """Group what the plan leaves unmet, and set the audit's verdict over it."""
    plan = figures.plan
    rows = {row.id: row for row in plan.requirements}
    groups: dict[tuple[object, ...], list[tuple[Requirement, int]]] = defaultdict(list)
    for unmet in plan.unmet:
        row = rows[unmet.requirement]
        key = (row.unit, row.window, row.rule, unmet.proven, unmet.reason)
        groups[key].append((row, unmet.missing))
    made = tuple(_group(figures, members) for _, members in sorted(groups.items(), key=_first))
    told = {zone.id for group in made for zone in group.zones}
    findings = figures.audit.findings
    return Legality(
        lawful=figures.audit.lawful and not any(group.breach for group in made),
        groups=made,
        breaches=tuple(
            finding
            for finding in findings
            if finding.severity == "breach"
            and not (finding.rule in _COUNT_RULES and finding.subject in told)
        ),
        notices=_notices(finding.rule for finding in findings if finding.severity == "notice"),
    )


def ending(plan: Plan, statement: Legality) -> Text:
    """Return how planning ended, each way by its own name: proven is never mixed with not found.

    Where the unmet requirements do not explain an unlawful plan, the audit's refusal is told too.
    """
    counts = Counter(outcome.status for outcome in plan.outcomes)
    incomplete = [status for status in PlanStatus if status not in _COMPLETE and counts[status]]
    parts = [STATUSES[status] for status in incomplete]
    if len(incomplete) > 1:
        parts = [
            Text(f"{name.zh}（{number}个单位）", f"{name.en} (units: {number})")
            for name, number in zip(parts, (counts[s] for s in incomplete), strict=True)
        ]
    if not statement.lawful and not any(group.breach for group in statement.groups):
        parts.append(REFUSED)
    parts = parts or [STATUSES[plan.status]]
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def part_of(whole: Legality, unit: str, first_day: date, last_day: date) -> Legality:
    """Return the statement for one unit's share of the plan; the audit's verdict stays whole."""
    return replace(
        whole,
        groups=tuple(
            group
            for group in whole.groups
            if group.unit == unit
            and group.window.first_day <= last_day
            and first_day <= group.window.last_day
        ),
    )


def _notices(rules: Iterable[str]) -> tuple[tuple[Text, int], ...]:
    counts = Counter(rules)
    return tuple((rule.name, counts[rule.slug]) for rule in RULES if counts[rule.slug])


def _first(item: tuple[tuple[object, ...], list[tuple[Requirement, int]]]) -> tuple[str, ...]:
    row = item[1][0][0]
    return (row.unit, row.window.first_day.isoformat(), row.rule, str(item[0]))


def _group(figures: Figures, members: list[tuple[Requirement, int]]) -> UnmetGroup:
    row = members[0][0]
    unmet = next(u for u in figures.plan.unmet if u.requirement == row.id)
    ranked = sorted(
        (figures.zones[r.zone] for r, _ in members),
        key=lambda zone: (zone.priority, -zone.level, zone.id),
    )
    return UnmetGroup(
        unit=row.unit,
        window=row.window,
        rule=row.rule,
        article=row.article,
        basis=_basis(figures.plan, row.rule),
        proven=unmet.proven,
        reason=unmet.reason,
        zones=tuple(ranked),
        missing=sum(missing for _, missing in members),
    )


def _basis(plan: Plan, rule_id: str) -> str:
    """Return the basis of a rule; an unknown rule is held to be law, to be on the safe side."""
    for regulation in (plan.norm, plan.regulation):
        for rule in (*regulation.frequency, *regulation.spot_check):
            if rule.id == rule_id:
                return rule.basis
    return "law"
