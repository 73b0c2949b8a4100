"""Values of a wrong type or out of range, told in both languages: which field, why, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from network.problems import Problem, Text
from scenarios.model import KINDS, OverrideError, Scenario
from scheduling.county.settings_read import settings_problems


def invalid(error: ValidationError, model: type[BaseModel], prefix: str = "") -> OverrideError:
    """Return what is wrong with values of an override; fields are given ``prefix``."""
    return OverrideError(_told(error.errors(include_url=False), model, prefix))


def scenario_problems(error: ValidationError, entry: object, number: int) -> list[Problem]:
    """Return what is wrong with one [[scenario]], named by scenario and number of override."""
    name = entry.get("name", number) if isinstance(entry, dict) else number
    problems: list[Problem] = []
    for found in error.errors(include_url=False):
        where, place, model = str(name), found["loc"], cast("type[BaseModel]", Scenario)
        if place[:1] == ("override",) and len(place) > 1:
            where += f" · override {int(place[1]) + 1}"
            place = place[2:]
            if place[:1] and place[0] in KINDS:
                where += f" ({place[0]})"
                model, place = KINDS[str(place[0])], place[1:]
        if found["type"].startswith("union_tag"):
            problems.append(_unknown_kind(found, where))
            continue
        moved = cast("ErrorDetails", {**found, "loc": place})
        problems += [replace(problem, where=where) for problem in _told([moved], model, "")]
    return problems


def _told(errors: Sequence[ErrorDetails], model: type[BaseModel], prefix: str) -> list[Problem]:
    found = settings_problems(errors, "", "scenario", model)
    return [replace(problem, field=prefix + problem.field) for problem in found]


def _unknown_kind(found: ErrorDetails, where: str) -> Problem:
    given = found["input"]
    kind = given.get("do", "") if isinstance(given, dict) else given
    known = ", ".join(KINDS)
    cause = Text("没有写 do", "it has no do")
    if kind:
        cause = Text(f"没有“{kind}”这种改动", f"there is no override {kind!r}")
    action = Text(f"可选：{known}", f"choose from: {known}")
    return Problem("scenario.unknown-kind", "", cause, action, where, "do")
