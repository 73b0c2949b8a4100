"""Applying a scenario: its overrides one after the other, each on what the last one made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from network.problems import InputError, Problem
from scenarios import override_resources as resources
from scenarios import override_rules as rules
from scenarios.model import OverrideError, Scenario
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
    "shift": rules.change_shift,
    "add-peak": rules.add_peak,
    "remove-peak": rules.remove_peak,
    "rule": rules.change_rule,
    "set": rules.change_setting,
}


def apply_scenario(inputs: PlanInputs, scenario: Scenario) -> PlanInputs:
    """Return the inputs of the scenario. Raises InputError with all overrides that do not fit."""
    changed, problems = try_scenario(inputs, scenario, "")
    if problems:
        raise InputError(problems)
    return changed


def try_scenario(
    inputs: PlanInputs, scenario: Scenario, file: str
) -> tuple[PlanInputs, list[Problem]]:
    """Apply what can be applied; return it with a problem for each override that cannot."""
    problems: list[Problem] = []
    for number, override in enumerate(scenario.overrides, 1):
        try:
            inputs = APPLY[override.do](inputs, override)
        except OverrideError as error:
            where = f"{scenario.name} · override {number} ({override.do})"
            problems.append(
                Problem("scenario.override", file, error.cause, error.action, where, error.field)
            )
    return inputs, problems
