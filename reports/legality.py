"""What the documents say about the law: lawful or not, what is unmet, by how much and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from network.problems import Text
from reports.figures import Figures
from reports.words import LAWFUL, SEALED, UNLAWFUL
from scheduling.calendar.windows import Window
from scheduling.plan.model import Plan, UnitOutcome
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
    zones: tuple[str, ...]  # names, lowest risk first as dropped; empty for spot checks
    missing: int
    spot_check: bool

    @property
    def breach(self) -> bool:
        """Whether the norm's own text is breached, not one of our defaults."""
        return self.basis == "law"


@dataclass(frozen=True)
class Legality:
    """The statement that every document bears."""

    lawful: bool
    groups: tuple[UnmetGroup, ...]
    outcomes: tuple[UnitOutcome, ...]  # of units whose planning fell short

    @property
    def label(self) -> Text:
        """Return 符合规范 or 不符合规范."""
        return LAWFUL if self.lawful else UNLAWFUL

    @property
    def missing(self) -> int:
        """Visits missing, all groups together."""
        return sum(group.missing for group in self.groups)


def legality(figures: Figures) -> Legality:
    """Group what the plan leaves unmet and say whether the norm is breached."""
    plan = figures.plan
    rows = {row.id: row for row in plan.requirements}
    groups: dict[tuple[object, ...], list[tuple[Requirement, int]]] = defaultdict(list)
    for unmet in plan.unmet:
        row = rows.get(unmet.requirement)
        if row is not None:
            key = (row.unit, row.window, row.rule, unmet.proven, unmet.reason, row.spot_check)
            groups[key].append((row, unmet.missing))
    made = tuple(_group(figures, members) for _, members in sorted(groups.items(), key=_first))
    return Legality(
        lawful=not any(group.breach for group in made),
        groups=made,
        outcomes=tuple(outcome for outcome in plan.outcomes if outcome.explanation),
    )


def _first(item: tuple[tuple[object, ...], list[tuple[Requirement, int]]]) -> tuple[str, ...]:
    row = item[1][0][0]
    return (row.unit, row.window.first_day.isoformat(), row.rule, str(item[0]))


def _group(figures: Figures, members: list[tuple[Requirement, int]]) -> UnmetGroup:
    row = members[0][0]
    unmet = next(u for u in figures.plan.unmet if u.requirement == row.id)
    ranked = sorted(
        (figures.zones[r.zone] for r, _ in members if r.zone in figures.zones),
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
        zones=() if row.spot_check else tuple(zone.name for zone in ranked),
        missing=sum(missing for _, missing in members),
        spot_check=row.spot_check,
    )


def _basis(plan: Plan, rule_id: str) -> str:
    """Return the basis of a rule; an unknown rule is held to be law, to be on the safe side."""
    for regulation in (plan.norm, plan.regulation):
        for rule in (*regulation.frequency, *regulation.spot_check):
            if rule.id == rule_id:
                return rule.basis
    return "law"


def zones_text(group: UnmetGroup) -> Text:
    """Return the zones of a group, or that they are sealed."""
    if group.spot_check:
        return SEALED
    return Text("、".join(group.zones), ", ".join(group.zones))
