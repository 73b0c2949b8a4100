"""Applying a scenario: its overrides one after the other, each on what the last one made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from network.problems import InputError, Problem
from scenarios import override_resources as resources
from scenarios import override_rules as rules
from scenarios import override_settings as settings
from scenarios import override_tables as tables
from scenarios.county_checks import refuse_unsound
from scenarios.model import Override, OverrideError, Scenario
from scheduling.inputs import PlanInputs

#: Every kind of override, and what it does.
APPLY: Final[Mapping[str, Callable[[PlanInputs, Any], PlanInputs]]] = {
    "add-staff": resources.add_staff,
    "remove-staff": resources.remove_staff,
    "leave": resources.add_leave,
    "cancel-leave": resources.cancel_leave,
    "add-vehicle": resources.add_vehicle,
    "remove-vehicle": resources.remove_vehicle,
    "merge-stations": resources.merge_stations,
    "shift": settings.change_shift,
    "add-peak": rules.add_peak,
    "remove-peak": rules.remove_peak,
    "rule": rules.change_rule,
    "add-rule": rules.add_rule,
    "remove-rule": rules.remove_rule,
    "set": settings.change_setting,
    "days": settings.change_days,
    "change": tables.change_rows,
    "add": tables.add_rows,
    "remove": tables.remove_rows,
}


@dataclass(frozen=True)
class Step:
    """One override on a scenario's way, and where it stands: ``number`` from 1 in ``origin``."""

    origin: str
    number: int
    override: Override


def steps_of(scenario: Scenario, others: Iterable[Scenario] = ()) -> tuple[Step, ...]:
    """Return a scenario's overrides, those of what it includes first, each scenario's once.

    Names that are not among ``others`` and circles are passed over (``read`` refuses them).
    """
    by_name = {other.name: other for other in others} | {scenario.name: scenario}
    seen: set[str] = set()
    steps: list[Step] = []

    def walk(name: str) -> None:
        if name in seen or name not in by_name:
            return
        seen.add(name)
        for included in by_name[name].includes:
            walk(included)
        numbered = enumerate(by_name[name].overrides, 1)
        steps.extend(Step(name, number, override) for number, override in numbered)

    walk(scenario.name)
    return tuple(steps)


def apply_scenario(
    inputs: PlanInputs, scenario: Scenario, others: Sequence[Scenario] = ()
) -> PlanInputs:
    """Return the inputs of the scenario; ``others`` are those it may include.

    Raises InputError with all overrides that do not fit.
    """
    changed, problems = try_scenario(inputs, scenario, "", others)
    if problems:
        raise InputError(problems)
    return changed


def try_scenario(
    inputs: PlanInputs, scenario: Scenario, file: str, others: Sequence[Scenario] = ()
) -> tuple[PlanInputs, list[Problem]]:
    """Apply what can be applied; return it with the problems of each override that cannot."""
    problems: list[Problem] = []
    for step in steps_of(scenario, others):
        try:
            changed = APPLY[step.override.do](inputs, step.override)
            refuse_unsound(inputs, changed)
        except OverrideError as error:
            path = dict.fromkeys((scenario.name, step.origin))
            where = f"{' · '.join(path)} · override {step.number} ({step.override.do})"
            problems += [
                replace(p, file=file, where=" · ".join(filter(None, (where, p.where))))
                for p in error.problems
            ]
        else:
            inputs = changed
    return inputs, problems
