"""Reading the TOML file of scenarios, with every problem in it told at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from network.problems import InputError, Problem, Text
from scenarios.apply import steps_of, try_scenario
from scenarios.invalid import scenario_problems
from scenarios.model import Scenario
from scheduling.inputs import PlanInputs

#: What the county as it is is called in a comparison; no scenario may take the name.
BASE_NAMES = Text("现状", "base")


def read_scenarios(path: Path, inputs: PlanInputs) -> tuple[Scenario, ...]:
    """Read and try out the scenarios of a file. Raises InputError with all problems."""
    file = str(path)
    problems: list[Problem] = []
    scenarios: list[Scenario] = []
    unread: set[object] = set()  # names of scenarios that are there, but wrong in form
    for number, entry in enumerate(_entries(path), 1):
        try:
            scenarios.append(Scenario.model_validate(entry))
        except ValidationError as error:
            found = scenario_problems(error, entry, number)
            problems += [replace(problem, file=file) for problem in found]
            unread.add(entry.get("name") if isinstance(entry, dict) else None)
    known = tuple(scenarios)
    form = [*_name_problems(known), *_include_problems(known, unread)]
    problems += [replace(problem, file=file) for problem in form]
    for scenario in scenarios:
        problems += try_scenario(inputs, scenario, file, known)[1]
    if problems:
        raise InputError(dict.fromkeys(problems))
    return known


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


def _name_problems(scenarios: Sequence[Scenario]) -> list[Problem]:
    counts = Counter(scenario.name for scenario in scenarios)
    return [
        Problem(
            code="scenario.name-taken",
            file="",
            where=name,
            field="name",
            cause=Text("方案名重复或与现状同名", "the name is taken"),
            action=Text("每个方案取不同的名称", "give every scenario a name of its own"),
        )
        for name, count in counts.items()
        if count > 1 or name in BASE_NAMES
    ]


def _include_problems(scenarios: Sequence[Scenario], unread: set[object]) -> Iterator[Problem]:
    """Find includes of nothing, includes in a circle, and scenarios that change nothing."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    for scenario in scenarios:
        for name in scenario.includes:
            if name not in by_name and name not in unread:
                yield _unknown_include(scenario.name, name, list(by_name))
        circle = _circle(scenario.name, by_name)
        if circle:
            way = " → ".join(circle)
            yield Problem(
                "scenario.include-circle",
                "",
                Text(f"方案互相包含：{way}", f"scenarios include each other: {way}"),
                Text("去掉其中一处 includes", "take one of these out of includes"),
                scenario.name,
                "includes",
            )
        if not scenario.includes and not steps_of(scenario):
            yield Problem(
                "scenario.changes-nothing",
                "",
                Text("没有任何改动", "it changes nothing"),
                Text(
                    "写 [[scenario.override]] 或 includes", "give [[scenario.override]] or includes"
                ),
                scenario.name,
                "override",
            )


def _unknown_include(scenario: str, name: str, known: list[str]) -> Problem:
    choices = ", ".join(get_close_matches(name, known, 3) or known)
    return Problem(
        "scenario.unknown-include",
        "",
        Text(f"没有名为“{name}”的方案", f"there is no scenario {name!r}"),
        Text(f"可选：{choices}", f"choose from: {choices}"),
        scenario,
        "includes",
    )


def _circle(start: str, by_name: dict[str, Scenario]) -> list[str]:
    """Return the shortest way from a scenario over its includes back to it, empty if none."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop(0)
        for name in by_name[way[-1]].includes if way[-1] in by_name else ():
            if name == start:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
