"""Overrides of the regulation: peaks and rules; the norm stays, and is what audits hold against."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from network.problems import Text
from scenarios.invalid import invalid
from scenarios.model import (
    AddPeak,
    AddRule,
    ChangeRule,
    OverrideError,
    RemovePeak,
    RemoveRule,
    refusal,
)
from scheduling.county.settings import PeakSettings, RuleOverride
from scheduling.inputs import PlanInputs
from scheduling.regulation.checks import check_regulation
from scheduling.regulation.model import (
    FrequencyRule,
    PeakRule,
    Regulation,
    Rule,
    SpotCheckRule,
)

#: A rule stays itself, and says where it comes from.
_FIXED = frozenset({"id", "article", "quote", "basis"})
_ADDABLE: dict[str, type[Rule]] = {"frequency": FrequencyRule, "spot_check": SpotCheckRule}


def add_peak(inputs: PlanInputs, override: AddPeak) -> PlanInputs:
    """Add a peak of the county's own to regulation and settings."""
    fields = override.model_dump(exclude={"do"})
    peak = _made(PeakRule, fields | {"basis": "user"})
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
        raise unknown("peak", override.peak, [peak.id for peak in peaks])
    kept = tuple(peak for peak in peaks if peak.id != override.peak)
    choice = inputs.county.settings.regulation
    return _with_law(
        inputs,
        inputs.regulation.model_copy(update={"peak": kept}),
        peaks=tuple(peak for peak in choice.peaks if peak.id != override.peak),
    )


def change_rule(inputs: PlanInputs, override: ChangeRule) -> PlanInputs:
    """Change fields of one rule; its article and quotation stay, its basis becomes the user."""
    rule = _rule(inputs.regulation, override.rule)
    changeable = sorted(set(type(rule).model_fields) - _FIXED)
    strange = [field for field in sorted(override.set) if field not in changeable]
    if strange:
        raise OverrideError(
            problem
            for field in strange
            for problem in unknown(f"set.{field}", field, changeable).problems
        )
    changed = _made(type(rule), rule.model_dump() | override.set | {"basis": "user"}, "set.")
    choice = inputs.county.settings.regulation
    recorded = RuleOverride(rule=override.rule, set=override.set)
    return _with_law(
        inputs,
        _replaced(inputs.regulation, rule.id, (changed,)),
        overrides=(*choice.overrides, recorded),
    )


def add_rule(inputs: PlanInputs, override: AddRule) -> PlanInputs:
    """Add a rule of the county's own: what it owes is owed besides all that the others ask."""
    basis = {"basis": "user", "article": "", "quote": ""}
    given = {name: value for name, value in override.rule.items() if name not in basis}
    made = _made(_ADDABLE[override.kind], given | basis, "rule.")
    rules = (*getattr(inputs.regulation, override.kind), made)
    return _with_law(inputs, inputs.regulation.model_copy(update={override.kind: rules}))


def remove_rule(inputs: PlanInputs, override: RemoveRule) -> PlanInputs:
    """Take a rule out; what the norm asks is audited all the same."""
    rule = _rule(inputs.regulation, override.rule)
    if isinstance(rule, PeakRule):
        return remove_peak(inputs, RemovePeak(do="remove-peak", peak=rule.id))
    return _with_law(inputs, _replaced(inputs.regulation, rule.id, ()))


def _rule(regulation: Regulation, name: str) -> Rule:
    rules = {rule.id: rule for rule in regulation.rules}
    if name not in rules:
        raise unknown("rule", name, list(rules))
    return rules[name]


def _made(kind: type[Rule], fields: dict[str, Any], prefix: str = "") -> Any:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        model: type[BaseModel] = kind
        raise invalid(error, model, prefix) from error


def _with_law(inputs: PlanInputs, regulation: Regulation, **choice: object) -> PlanInputs:
    """Return inputs under another regulation, the county's settings telling the same."""
    problems = check_regulation(regulation, "")
    if problems:
        raise OverrideError(problems)
    settings = inputs.county.settings
    chosen = settings.regulation.model_copy(update=choice)
    settings = settings.model_copy(update={"regulation": chosen})
    county = replace(inputs.county, settings=settings)
    return replace(inputs, county=county, regulation=regulation)


def _replaced(regulation: Regulation, name: str, by: tuple[Rule, ...]) -> Regulation:
    """Return the regulation with no rule or one other rule in a rule's place."""
    update: dict[str, object] = {}
    for field in type(regulation).model_fields:
        value = getattr(regulation, field)
        if isinstance(value, Rule) and value.id == name:
            update[field] = by[0] if by else None
        elif isinstance(value, tuple):
            update[field] = tuple(
                new for rule in value for new in (by if rule.id == name else (rule,))
            )
    return regulation.model_copy(update=update)


def unknown(field: str, name: str, known: list[str]) -> OverrideError:
    """Return the error of a name that is not among the known ones."""
    choices = ", ".join(known) or "-"
    return refusal(
        field,
        Text(f"没有“{name}”", f"there is no {name!r}"),
        Text(f"可选：{choices}", f"choose from: {choices}"),
    )
