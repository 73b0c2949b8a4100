"""Presets and regulation files read, checked, and changed by a county's overrides."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from network.problems import InputError, Problem, Text
from scheduling.county.settings import PeakSettings, RegulationChoice, RuleOverride
from scheduling.regulation.checks import check_regulation, problems_of
from scheduling.regulation.model import PeakRule, Regulation, Rule

#: What an override may not touch: a rule stays itself, and says where it comes from.
_FIXED_FIELDS = frozenset({"id", "article", "quote", "basis"})
_COUNTY_FILE = "county.toml"


def preset_names() -> tuple[str, ...]:
    """Return the names of the regulations that come with Xuncha, sorted."""
    folder = files(__package__) / "presets"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name[: -len(".toml")] for name in names if name.endswith(".toml")))


@cache
def load_preset(name: str, *, named_in: str = "") -> Regulation:
    """Return a regulation that comes with Xuncha; InputError where there is none by that name.

    ``named_in`` is the file that asks for it, if one does.
    """
    if name not in preset_names():
        raise InputError([_unknown_preset(name, named_in)])
    text = (files(__package__) / "presets" / f"{name}.toml").read_text(encoding="utf-8")
    return _parse(text, f"{name}.toml")


def load_regulation(path: Path) -> Regulation:
    """Read a regulation file (TOML, UTF-8). Raises InputError with everything wrong in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError([_unreadable(path.name, error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise InputError([_unreadable(path.name, "not UTF-8")]) from error
    return _parse(text, path.name)


def resolve(choice: RegulationChoice, folder: Path) -> tuple[Regulation, Regulation]:
    """Return the regulation as the county applies it, and the norm it is held against.

    The county's file or preset, then its overrides of single fields by rule id, then its own
    peaks. The norm is the file or preset unchanged; a file that bears a preset's id is that norm
    rewritten, and is held against the preset. Raises InputError with all problems.
    """
    if choice.file:
        base = load_regulation(folder / choice.file)
        norm = load_preset(base.id) if base.id in preset_names() else base
    else:
        base = norm = load_preset(choice.preset, named_in=_COUNTY_FILE)
    problems: list[Problem] = []
    effective = base
    for number, override in enumerate(choice.overrides):
        place = f"regulation.overrides[{number}]"
        effective, found = _overridden(effective, override, place)
        problems += found
    effective, found = _with_peaks(effective, choice.peaks)
    problems += found
    if not problems and effective != base:
        problems += check_regulation(effective, _COUNTY_FILE)
    if problems:
        raise InputError(problems)
    return effective, norm


def _parse(text: str, name: str) -> Regulation:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_unreadable(name, str(error))]) from error
    try:
        regulation = Regulation.model_validate(data)
    except ValidationError as error:
        raise InputError(problems_of(error, name)) from error
    problems = check_regulation(regulation, name)
    if problems:
        raise InputError(problems)
    return regulation


def _overridden(
    regulation: Regulation, override: RuleOverride, place: str
) -> tuple[Regulation, list[Problem]]:
    rule = next((rule for rule in regulation.rules if rule.id == override.rule), None)
    if rule is None:
        return regulation, [_unknown_rule(regulation, override.rule, f"{place}.rule")]
    changeable = sorted(set(type(rule).model_fields) - _FIXED_FIELDS)
    unknown = sorted(set(override.set) - set(changeable))
    if unknown:
        where = f"rule {rule.id}"
        return regulation, [
            _unknown_field(f"{place}.set.{name}", where, name, changeable) for name in unknown
        ]
    try:
        changed = type(rule).model_validate(rule.model_dump() | override.set)
    except ValidationError as error:
        where = f"rule {rule.id}"
        return regulation, problems_of(error, _COUNTY_FILE, where=where, within=f"{place}.set")
    if changed == rule:
        return regulation, []
    return _replaced(regulation, changed.model_copy(update={"basis": "user"})), []


def _replaced(regulation: Regulation, changed: Rule) -> Regulation:
    update: dict[str, Any] = {}
    for name in type(regulation).model_fields:
        value = getattr(regulation, name)
        if isinstance(value, Rule) and value.id == changed.id:
            update[name] = changed
        elif isinstance(value, tuple):
            update[name] = tuple(changed if rule.id == changed.id else rule for rule in value)
    return regulation.model_copy(update=update)


def _with_peaks(
    regulation: Regulation, peaks: Iterable[PeakSettings]
) -> tuple[Regulation, list[Problem]]:
    added: list[PeakRule] = []
    problems: list[Problem] = []
    for number, peak in enumerate(peaks):
        place = f"regulation.peaks[{number}]"
        try:
            added.append(PeakRule.model_validate({**peak.model_dump(), "basis": "user"}))
        except ValidationError as error:
            where = f"rule {peak.id}"
            problems += problems_of(error, _COUNTY_FILE, where=where, within=place)
    if not added:
        return regulation, problems
    return regulation.model_copy(update={"peak": (*regulation.peak, *added)}), problems


def _unknown_preset(name: str, named_in: str) -> Problem:
    known = ", ".join(preset_names())
    action = Text(f"可选：{known}", f"choose one of {known}")
    if named_in:
        action = Text(f"{action.zh}；或用 file 指定文件", f"{action.en}, or name a file")
    return Problem(
        code="regulation.unknown-preset",
        file=named_in,
        field="regulation.preset" if named_in else "PRESET",
        cause=Text(f"没有名为“{name}”的规范", f"there is no regulation named {name!r}"),
        action=action,
    )


def _unreadable(name: str, reason: str) -> Problem:
    return Problem(
        code="regulation.unreadable",
        file=name,
        cause=Text(f"读不出规范文件（{reason}）", f"the regulation cannot be read ({reason})"),
        action=Text("检查文件名、UTF-8编码与TOML格式", "check its name, encoding and TOML"),
    )


def _unknown_rule(regulation: Regulation, name: str, field: str) -> Problem:
    known = ", ".join(rule.id for rule in regulation.rules)
    return Problem(
        code="regulation.unknown-rule",
        file=_COUNTY_FILE,
        field=field,
        cause=Text(
            f"规范 {regulation.id} 没有规则“{name}”",
            f"regulation {regulation.id} has no rule {name!r}",
        ),
        action=Text(f"可选：{known}", f"choose one of {known}"),
    )


def _unknown_field(field: str, where: str, name: str, changeable: Iterable[str]) -> Problem:
    known = ", ".join(changeable)
    return Problem(
        code="regulation.unknown-field",
        file=_COUNTY_FILE,
        where=where,
        field=field,
        cause=Text(f"“{name}”不是可改的字段", f"{name!r} is no field that can be changed"),
        action=Text(f"可改：{known}", f"can be changed: {known}"),
    )
