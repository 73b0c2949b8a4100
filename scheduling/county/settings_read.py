"""``county.toml`` to :class:`CountySettings`: every pydantic error becomes a Problem."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from network.problems import Problem, Text
from scheduling.county.settings import CountySettings
from scheduling.county.tables import decode

SETTINGS_FILE: Final = "county.toml"


def read_settings(folder: Path, problems: list[Problem]) -> CountySettings | None:
    """Return the settings of a county folder, or None after noting everything wrong with them."""
    path = folder / SETTINGS_FILE
    if not path.is_file():
        problems.append(
            Problem(
                code="county.missing-file",
                file=SETTINGS_FILE,
                cause=Text("文件不存在", "there is no such file"),
                action=Text(
                    "指定县目录，或用 xuncha new 新建",
                    "name a county folder, or make one: xuncha new",
                ),
            )
        )
        return None
    text = decode(path.read_bytes())
    if text is None:
        problems.append(_syntax("编码不可识别", "the encoding is not known"))
        return None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax(f"TOML 语法有误（{error}）", f"the TOML is malformed ({error})"))
        return None
    try:
        return CountySettings.model_validate(raw)
    except ValidationError as error:
        problems.extend(
            settings_problems(error.errors(), SETTINGS_FILE, "settings", CountySettings)
        )
        return None


def _syntax(zh: str, en: str) -> Problem:
    return Problem(
        code="settings.unreadable",
        file=SETTINGS_FILE,
        cause=Text(zh, en),
        action=Text("改正该行后保存为 UTF-8", "mend that line and save the file as UTF-8"),
    )


def settings_problems(
    errors: Sequence[ErrorDetails], file: str, prefix: str, model: type[BaseModel]
) -> list[Problem]:
    """Turn pydantic's errors about a TOML file into problems with code ``prefix``.KIND."""
    return [_problem(error, file, prefix, model) for error in errors]


def _problem(error: ErrorDetails, file: str, prefix: str, model: type[BaseModel]) -> Problem:
    field = field_path(error["loc"])
    kind, cause, action = _say(error, model)
    return Problem(code=f"{prefix}.{kind}", file=file, field=field, cause=cause, action=action)


def field_path(location: Sequence[int | str]) -> str:
    """Return pydantic's location as a reader of the TOML sees it: ``day_classes[1].first``."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _say(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, Text, Text]:
    """Return kind, cause and action of one pydantic error."""
    given: object = error["input"]
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return (
                "missing-value",
                Text("缺少此项", "this setting is missing"),
                Text("补写此项", "add it"),
            )
        case "extra_forbidden":
            return "unknown-setting", *_unknown_setting(error, model)
        case "literal_error" | "enum":
            expected = str(context.get("expected", "")).replace(" or ", ", ")
            return (
                "bad-value",
                Text(f"“{given}”不在可选值中", f"'{given}' is not one of the values allowed"),
                Text(f"改为以下之一：{expected}", f"use one of: {expected}"),
            )
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return "out-of-range", *_out_of_range(given, error["type"], context)
        case "string_pattern_mismatch":
            return (
                "bad-value",
                Text(f"“{given}”格式不对", f"'{given}' is not in the form wanted"),
                Text("写成 月-日，例如 04-01", "write month-day, for example 04-01"),
            )
        case kind:
            return (
                "bad-value",
                Text(f"“{given}”类型或格式不对", f"'{given}' has the wrong type or form"),
                _expected(kind),
            )


def _out_of_range(given: object, kind: str, context: Mapping[str, Any]) -> tuple[Text, Text]:
    sign = {
        "greater_than": ("gt", ">"),
        "greater_than_equal": ("ge", "≥"),
        "less_than": ("lt", "<"),
        "less_than_equal": ("le", "≤"),
    }[kind]
    limit = f"{sign[1]} {context.get(sign[0])}"
    return (
        Text(f"{given} 超出范围", f"{given} is out of range"),
        Text(f"取值应 {limit}", f"it must be {limit}"),
    )


def _unknown_setting(error: ErrorDetails, model: type[BaseModel]) -> tuple[Text, Text]:
    name = str(error["loc"][-1])
    names = _fields_at(model, error["loc"][:-1])
    close = difflib.get_close_matches(name, names, 1)
    cause = Text(f"没有名为“{name}”的设置", f"there is no setting named '{name}'")
    if close:
        return cause, Text(f"是否为“{close[0]}”?", f"did you mean '{close[0]}'?")
    listed = ", ".join(names)
    return cause, Text(f"删除它；此处可用：{listed}", f"remove it; known here: {listed}")


def _fields_at(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """Return the setting names known at ``path`` inside ``model``."""
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        annotation = model.model_fields[part].annotation
        inner = [annotation, *getattr(annotation, "__args__", ())]
        found = [t for t in inner if isinstance(t, type) and issubclass(t, BaseModel)]
        model = found[0] if found else model
    return sorted(model.model_fields)


def _expected(kind: str) -> Text:
    """Return what to write instead, by pydantic's error type."""
    wanted = {
        "string": Text('写带引号的文字，例如 "…"', 'write quoted text, for example "..."'),
        "int": Text("写整数，例如 4", "write a whole number, for example 4"),
        "float": Text("写数字，例如 20", "write a number, for example 20"),
        "bool": Text("写 true 或 false", "write true or false"),
        "time": Text("写时刻，例如 08:30:00", "write a time of day, for example 08:30:00"),
        "date": Text("写日期，例如 2026-03-15", "write a date, for example 2026-03-15"),
        "tuple": Text("写列表，例如 [1, 2]", "write a list, for example [1, 2]"),
        "dict": Text("写成一个表 [名称]", "write a table [name]"),
        "model": Text("写成一个表 [名称]", "write a table [name]"),
    }
    return wanted.get(
        kind.split("_", maxsplit=1)[0],
        Text("参照 docs/county-folder.md 改正", "mend it: see docs/county-folder.md"),
    )
