"""What the audit says: findings, each with its rule, article and basis, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from network.problems import Text

Severity = Literal["breach", "notice"]

#: What a finding rests on. ``law``, ``practice``, ``default``, ``user``: the basis of the rule of
#: the regulation or of the setting; ``physical``: nobody can drive it so; ``record``: the plan file
#: contradicts itself, the norm or the calendar it says it was made from.
FindingBasis = Literal["law", "practice", "default", "user", "physical", "record"]


@dataclass(frozen=True)
class Finding:
    """One thing found.

    ``subject`` is the id of the zone, patrol, person, vehicle, unit or rule; a level is ``L3``.
    ``rule`` is the slug of the audit rule; ``article`` is empty where no article is concerned.
    """

    severity: Severity
    rule: str
    article: str
    subject: str
    message: Text
    basis: FindingBasis


@dataclass(frozen=True)
class AuditReport:
    """The verdict: lawful when nothing found is a breach. Breaches first, then by rule."""

    lawful: bool
    findings: tuple[Finding, ...]


def severity_of(basis: FindingBasis) -> Severity:
    """Return how a shortfall weighs: what rests on our defaults alone is a notice (RULINGS)."""
    return "notice" if basis == "default" else "breach"


def breach(subject: str, message: Text, basis: FindingBasis, article: str = "") -> Finding:
    """Return a finding that makes the plan unlawful; its rule is stamped on by the audit."""
    return Finding("breach", "", article, subject, message, basis)


def notice(subject: str, message: Text, basis: FindingBasis, article: str = "") -> Finding:
    """Return a finding that does not; its rule is stamped on by the audit."""
    return Finding("notice", "", article, subject, message, basis)


def weighed(subject: str, message: Text, basis: FindingBasis, article: str = "") -> Finding:
    """Return a breach, or a notice where the rule broken is only our default."""
    return Finding(severity_of(basis), "", article, subject, message, basis)


def listed(names: list[str], most: int = 5) -> Text:
    """Return a list of names cut short, with how many there are in all."""
    shown = names[:most]
    if len(names) <= most:
        return Text("、".join(shown), ", ".join(shown))
    count = len(names)
    return Text(f"{'、'.join(shown)}等{count}个", f"{', '.join(shown)} and others, {count} in all")
