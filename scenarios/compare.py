"""What base and scenarios came to, side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from network.problems import Language, Text
from scheduling.plan.measures import STATUS_NAMES, PlanMeasures, UnitMeasures, UnitReasons
from scheduling.plan.model import SettingUsed

_HEADING = Text(
    "方案,合规,未完成,巡查,人日,公里,小时,最忙周,均衡,结果",
    "scenario,lawful,unmet,patrols,person days,km,hours,busiest week,fairness,status",
)


@dataclass(frozen=True)
class PersonDays:
    """How many days a person counts as an inspector on patrol."""

    person: str
    name: str
    days: int


@dataclass(frozen=True)
class Outcome:
    """What one scenario's plan came to, and what it changes (``changes``, one sentence each).

    ``breaches`` counts the audit's breaches by article. ``settings`` are those of its plan that are
    not the norm's own. ``people`` are those of the units planned.
    """

    name: Text
    note: str
    lawful: bool
    measures: PlanMeasures
    breaches: tuple[tuple[str, int], ...]
    shortfalls: tuple[UnitReasons, ...]
    changes: tuple[Text, ...] = ()
    settings: tuple[SettingUsed, ...] = ()
    people: tuple[PersonDays, ...] = ()


@dataclass(frozen=True)
class UnitChange:
    """A unit's figures in the base and under a scenario; None where it does not exist there."""

    unit: str
    name: str
    before: UnitMeasures | None
    after: UnitMeasures | None


@dataclass(frozen=True)
class About:
    """What was compared: whose plans, of which days, under which norm, from which seed."""

    county: str
    bureau: str
    norm: Text
    first_day: date
    last_day: date
    seed: int
    provisional: bool


@dataclass(frozen=True)
class Comparison:
    """Outcomes of the base, first, and of the scenarios in their order."""

    outcomes: tuple[Outcome, ...]
    about: About

    def table(self, language: Language) -> list[list[str]]:
        """Return a heading and a row for each outcome, as texts."""
        return [
            _HEADING.in_(language).split(","),
            *(_row(outcome, language) for outcome in self.outcomes),
        ]

    def unit_changes(self, outcome: Outcome) -> tuple[UnitChange, ...]:
        """Return the units whose figures differ from the base's, those of both by id."""
        before = {unit.unit: unit for unit in self.outcomes[0].measures.units}
        after = {unit.unit: unit for unit in outcome.measures.units}
        return tuple(
            UnitChange(unit, (after.get(unit) or before[unit]).name, was, now)
            for unit in sorted(before | after)
            if (was := before.get(unit)) != (now := after.get(unit))
        )

    def person_changes(self, outcome: Outcome) -> tuple[PersonDays, ...]:
        """Return by how many days people's patrols differ from the base's, most first."""
        before = {one.person: one.days for one in self.outcomes[0].people}
        changes = [
            PersonDays(one.person, one.name, one.days - before.get(one.person, 0))
            for one in outcome.people
        ]
        return tuple(
            sorted((one for one in changes if one.days), key=lambda one: (-one.days, one.person))
        )

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain values for JSON."""
        return {
            "scenarios": [
                {
                    **asdict(outcome.measures.whole),
                    "name": outcome.name.en if place == 0 else outcome.name.zh,
                    "lawful": outcome.lawful,
                    "changes": [change.en for change in outcome.changes],
                    "breaches_by_article": dict(outcome.breaches),
                    "units": [asdict(unit) for unit in outcome.measures.units],
                    "shortfalls": [
                        {
                            "unit": one.unit,
                            "status": one.status.value,
                            "reasons": [reason.en for reason in one.reasons],
                        }
                        for one in outcome.shortfalls
                    ],
                    "people": {one.person: one.days for one in outcome.people},
                    "units_changed": [one.unit for one in self.unit_changes(outcome)],
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
