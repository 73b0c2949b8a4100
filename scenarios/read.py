"""Reading the TOML file of scenarios, with every problem in it told at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from network.problems import InputError, Problem, Text
from scenarios.apply import try_scenario
from scenarios.model import Scenario
from scheduling.inputs import PlanInputs

#: What the county as it is is called in a comparison; no scenario may take the name.
BASE_NAMES = Text("现状", "base")


def read_scenarios(path: Path, inputs: PlanInputs) -> tuple[Scenario, ...]:
    """Read and try out the scenarios of a file. Raises InputError with all problems."""
    entries = _entries(path)
    problems: list[Problem] = []
    scenarios: list[Scenario] = []
    for number, entry in enumerate(entries, 1):
        try:
            scenario = Scenario.model_validate(entry)
        except ValidationError as error:
            problems += _validation_problems(path, number, entry, error)
            continue
        scenarios.append(scenario)
        problems += try_scenario(inputs, scenario, str(path))[1]
    problems += _name_problems(path, scenarios)
    if problems:
        raise InputError(problems)
    return tuple(scenarios)


def _entries(path: Path) -> list[object]:
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        cause = Text(f"读不出方案文件（{reason}）", f"the scenarios cannot be read ({reason})")
        action = Text("检查文件名、UTF-8编码与TOML格式", "check its name, encoding and TOML")
        raise InputError([Problem("scenario.unreadable", str(path), cause, action)]) from error
    entries = document.get("scenario")
    if set(document) != {"scenario"} or not isinstance(entries, list) or not entries:
        cause = Text(
            "文件中应只有 [[scenario]]", "the file must hold [[scenario]] and nothing else"
        )
        action = Text("格式见 docs/scenarios.md", "see docs/scenarios.md for the format")
        raise InputError([Problem("scenario.format", str(path), cause, action)])
    return entries


def _validation_problems(
    path: Path, number: int, entry: object, error: ValidationError
) -> list[Problem]:
    name = entry.get("name", number) if isinstance(entry, dict) else number
    problems = []
    for found in error.errors():
        place = [str(part) for part in found["loc"]]
        where = str(name)
        if place[:1] == ["override"] and len(place) > 1:
            where += f" · override {int(place[1]) + 1}"
            place = place[2:]
        problems.append(
            Problem(
                code="scenario.invalid",
                file=str(path),
                where=where,
                field=".".join(place),
                cause=Text(f"无效（{found['msg']}）", found["msg"]),
                action=Text("格式见 docs/scenarios.md", "see docs/scenarios.md for the format"),
            )
        )
    return problems


def _name_problems(path: Path, scenarios: list[Scenario]) -> list[Problem]:
    counts = Counter(scenario.name for scenario in scenarios)
    return [
        Problem(
            code="scenario.name-taken",
            file=str(path),
            where=name,
            field="name",
            cause=Text("方案名重复或与现状同名", "the name is taken"),
            action=Text("每个方案取不同的名称", "give every scenario a name of its own"),
        )
        for name, count in counts.items()
        if count > 1 or name in BASE_NAMES
    ]
