"""What base and scenarios came to, side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from network.problems import Language, Text
from scheduling.plan.measures import STATUS_NAMES, PlanMeasures, UnitReasons

_HEADING = Text(
    "方案,合规,未完成,巡查,人日,公里,小时,最忙周,均衡,结果",
    "scenario,lawful,unmet,patrols,person days,km,hours,busiest week,fairness,status",
)


@dataclass(frozen=True)
class Outcome:
    """What one scenario's plan came to. ``breaches`` counts the audit's breaches by article."""

    name: Text
    note: str
    lawful: bool
    measures: PlanMeasures
    breaches: tuple[tuple[str, int], ...]
    shortfalls: tuple[UnitReasons, ...]


@dataclass(frozen=True)
class Comparison:
    """Outcomes of the base, first, and of the scenarios in their order."""

    outcomes: tuple[Outcome, ...]

    def table(self, language: Language) -> list[list[str]]:
        """Return a heading and a row for each outcome, as texts."""
        return [
            _HEADING.in_(language).split(","),
            *(_row(outcome, language) for outcome in self.outcomes),
        ]

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain values for JSON."""
        return {
            "scenarios": [
                {
                    **asdict(outcome.measures.whole),
                    "name": outcome.name.en if place == 0 else outcome.name.zh,
                    "lawful": outcome.lawful,
                    "breaches_by_article": dict(outcome.breaches),
                    "units": [asdict(unit) for unit in outcome.measures.units],
                }
                for place, outcome in enumerate(self.outcomes)
            ]
        }


def _row(outcome: Outcome, language: Language) -> list[str]:
    whole = outcome.measures.whole
    lawful = Text("是", "yes") if outcome.lawful else Text("否", "no")
    week = whole.busiest_week.partition("-")[2]
    busiest = f"{week} ({whole.busiest_week_patrols})" if week else ""
    return [
        *(outcome.name.in_(language), lawful.in_(language), str(whole.unmet), str(whole.patrols)),
        *(str(whole.person_days), f"{whole.length_km:.0f}", f"{whole.hours:.0f}", busiest),
        *(str(whole.fairness), STATUS_NAMES[whole.status].in_(language)),
    ]
