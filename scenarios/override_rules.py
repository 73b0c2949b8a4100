"""Overrides of the shift, peaks, rules and settings: each turns inputs into other inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from network.problems import InputError, Text
from scenarios.model import (
    AddPeak,
    ChangeRule,
    ChangeSetting,
    ChangeShift,
    OverrideError,
    RemovePeak,
)
from scheduling.calendar.workdays import build_calendar
from scheduling.county.settings import CountySettings, PeakSettings, RuleOverride
from scheduling.inputs import PlanInputs
from scheduling.regulation.checks import check_regulation
from scheduling.regulation.model import PeakRule, Regulation, Rule

#: Settings that other overrides change, or that were used up when the folder was read.
_NOT_SETTABLE = {
    "name": Text("请改县文件夹", "change the county folder"),
    "osm_file": Text("请改县文件夹", "change the county folder"),
    "crs": Text("请改县文件夹", "change the county folder"),
    "datum": Text("请改县文件夹", "change the county folder"),
    "regulation": Text(
        '请用 do = "rule"、"add-peak"、"remove-peak"',
        'use do = "rule", "add-peak" or "remove-peak"',
    ),
}


def change_shift(inputs: PlanInputs, override: ChangeShift) -> PlanInputs:
    """Change the given fields of the shift."""
    fields = override.model_dump(exclude={"do"}, exclude_none=True)
    settings = inputs.county.settings
    shift = settings.shift.model_dump() | fields
    return _with_settings(inputs, settings.model_dump() | {"shift": shift})


def add_peak(inputs: PlanInputs, override: AddPeak) -> PlanInputs:
    """Add a peak of the county's own to regulation and settings."""
    fields = override.model_dump(exclude={"do"})
    try:
        peak = PeakRule.model_validate(fields | {"basis": "user"})
    except ValidationError as error:
        raise _invalid(error) from error
    choice = inputs.county.settings.regulation
    return _with_law(
        inputs,
        inputs.regulation.model_copy(update={"peak": (*inputs.regulation.peak, peak)}),
        peaks=(*choice.peaks, PeakSettings.model_validate(fields)),
    )


def remove_peak(inputs: PlanInputs, override: RemovePeak) -> PlanInputs:
    """Take a peak out, whether the county's own or the norm's."""
    peaks = inputs.regulation.peak
    if override.peak not in {peak.id for peak in peaks}:
        raise _unknown("peak", override.peak, [peak.id for peak in peaks])
    kept = tuple(peak for peak in peaks if peak.id != override.peak)
    choice = inputs.county.settings.regulation
    return _with_law(
        inputs,
        inputs.regulation.model_copy(update={"peak": kept}),
        peaks=tuple(peak for peak in choice.peaks if peak.id != override.peak),
    )


def change_rule(inputs: PlanInputs, override: ChangeRule) -> PlanInputs:
    """Change fields of one rule; its article and quotation stay, its basis becomes the user."""
    rules = {rule.id: rule for rule in inputs.regulation.rules}
    if override.rule not in rules:
        raise _unknown("rule", override.rule, list(rules))
    rule = rules[override.rule]
    fixed = {"id", "article", "quote", "basis"}
    changeable = sorted(set(type(rule).model_fields) - fixed)
    for field in sorted(override.set):
        if field not in changeable:
            raise _unknown(f"set.{field}", field, changeable)
    try:
        changed = type(rule).model_validate(rule.model_dump() | override.set | {"basis": "user"})
    except ValidationError as error:
        raise _invalid(error, "set.") from error
    choice = inputs.county.settings.regulation
    recorded = RuleOverride(rule=override.rule, set=override.set)
    return _with_law(
        inputs,
        _replaced(inputs.regulation, changed),
        overrides=(*choice.overrides, recorded),
    )


def change_setting(inputs: PlanInputs, override: ChangeSetting) -> PlanInputs:
    """Change one setting by its dotted path; list entries go by number, from 0."""
    first, *rest = override.key.split(".")
    if first in _NOT_SETTABLE:
        cause = Text(f"{first} 不能在方案中更改", f"{first} cannot be changed in a scenario")
        raise OverrideError("key", cause, _NOT_SETTABLE[first])
    content = inputs.county.settings.model_dump()
    _put(content, override.key, [first, *rest], override.value)
    return _with_settings(inputs, content)


def _put(content: Any, key: str, parts: list[str], value: object) -> None:
    """Set the value at a path of nested dicts and lists that must already be there."""
    part, rest = parts[0], parts[1:]
    known = list(content) if isinstance(content, dict) else []
    if isinstance(content, tuple | list):
        known = [str(place) for place in range(len(content))]
    # The dicts by kind and by road class may get entries they did not have.
    free_keys = (
        isinstance(content, dict)
        and not rest
        and key.split(".")[-2:-1]
        in (
            ["stop_minutes_by_kind"],
            ["road_class_factors"],
        )
    )
    if part not in known and not free_keys:
        raise _unknown("key", key, known)
    place: Any = int(part) if isinstance(content, tuple | list) else part
    if rest:
        if isinstance(content[place], tuple):
            content[place] = list(content[place])
        _put(content[place], key, rest, value)
    else:
        content[place] = value


def _with_settings(inputs: PlanInputs, content: dict[str, object]) -> PlanInputs:
    try:
        settings = CountySettings.model_validate(content)
    except ValidationError as error:
        raise _invalid(error) from error
    changed = replace(inputs, county=replace(inputs.county, settings=settings))
    if settings.calendar == inputs.county.settings.calendar:
        return changed
    years = range(inputs.first_day.year, inputs.last_day.year + 1)
    try:
        calendar = build_calendar(years, settings.calendar, _folder(inputs))
    except InputError as error:
        problem = error.problems[0]
        raise OverrideError("value", problem.cause, problem.action) from error
    return replace(changed, calendar=calendar)


def _folder(inputs: PlanInputs) -> Path:
    """Return the county folder, in which the road file is named by the settings."""
    depth = len(Path(inputs.county.settings.osm_file).parts)
    return Path(*inputs.roads_file.parts[:-depth])


def _with_law(inputs: PlanInputs, regulation: Regulation, **choice: object) -> PlanInputs:
    """Return inputs under another regulation, the county's settings telling the same."""
    problems = check_regulation(regulation, "")
    if problems:
        raise OverrideError(problems[0].field, problems[0].cause, problems[0].action)
    settings = inputs.county.settings
    chosen = settings.regulation.model_copy(update=choice)
    settings = settings.model_copy(update={"regulation": chosen})
    county = replace(inputs.county, settings=settings)
    return replace(inputs, county=county, regulation=regulation)


def _replaced(regulation: Regulation, changed: Rule) -> Regulation:
    update: dict[str, object] = {}
    for field in type(regulation).model_fields:
        value = getattr(regulation, field)
        if isinstance(value, Rule) and value.id == changed.id:
            update[field] = changed
        elif isinstance(value, tuple):
            update[field] = tuple(changed if rule.id == changed.id else rule for rule in value)
    return regulation.model_copy(update=update)


def _unknown(field: str, name: str, known: list[str]) -> OverrideError:
    choices = ", ".join(known) or "-"
    return OverrideError(
        field,
        Text(f"没有“{name}”", f"there is no {name!r}"),
        Text(f"可选：{choices}", f"choose from: {choices}"),
    )


def _invalid(error: ValidationError, prefix: str = "") -> OverrideError:
    first = error.errors()[0]
    field = prefix + ".".join(str(part) for part in first["loc"])
    return OverrideError(
        field,
        Text(
            f"值 {first['input']!r} 无效（{first['msg']}）", f"{first['input']!r}: {first['msg']}"
        ),
        Text("请更正该值", "correct the value"),
    )
