"""Overrides of settings and of the calendar: each turns inputs into other inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from network.problems import InputError, Problem, Text
from scenarios.invalid import invalid
from scenarios.model import ChangeDays, ChangeSetting, ChangeShift, OverrideError, refusal
from scenarios.override_rules import unknown
from scheduling.calendar.workdays import build_calendar
from scheduling.county.settings import CountySettings
from scheduling.inputs import PlanInputs
from scheduling.regulation.reader import resolve

#: Settings that were used up when the folder was read.
_NOT_SETTABLE: Final = {"name", "crs", "datum", "layer_datum"}
_IN_THE_FOLDER: Final = Text("请改县文件夹", "change the county folder")
#: Which regulation applies can be set; its rules and peaks have overrides of their own.
_LAW: Final = {"regulation.preset", "regulation.file"}
_LAW_ACTION: Final = Text(
    '请用 do = "rule"、"add-rule"、"remove-rule"、"add-peak"、"remove-peak"',
    'use do = "rule", "add-rule", "remove-rule", "add-peak" or "remove-peak"',
)
#: What a calendar changed by a scenario says it comes from: a file of the county's own.
SCENARIO_CALENDAR: Final = "scenario"
#: Tables whose keys are free, within what the county's checks allow.
_FREE_TABLES: Final = (["stop_minutes_by_kind"], ["road_class_factors"], ["classes"])


def change_shift(inputs: PlanInputs, override: ChangeShift) -> PlanInputs:
    """Change the given fields of the shift."""
    fields = override.model_dump(exclude={"do"}, exclude_none=True)
    content = inputs.county.settings.model_dump()
    content["shift"] |= fields
    return _with_settings(inputs, content, "shift")


def change_setting(inputs: PlanInputs, override: ChangeSetting) -> PlanInputs:
    """Change one setting by its dotted path; list entries go by number, from 0."""
    first, *rest = override.key.split(".")
    if first in _NOT_SETTABLE or (first == "regulation" and override.key not in _LAW):
        cause = Text(f"{override.key} 不能这样更改", f"{override.key} cannot be changed so")
        raise refusal("key", cause, _IN_THE_FOLDER if first in _NOT_SETTABLE else _LAW_ACTION)
    content = inputs.county.settings.model_dump()
    _put(content, override.key, [first, *rest], override.value)
    return _with_settings(inputs, content, first)


def change_days(inputs: PlanInputs, override: ChangeDays) -> PlanInputs:
    """Make days workdays or days off, as a calendar file of the county's own would."""
    calendar, settings = inputs.calendar, inputs.county.settings
    _check_days(inputs, override)
    workdays = {*calendar.workdays, *override.work} - set(override.off)
    duty = {*calendar.duty_days, *(override.off if settings.calendar.duty_patrols else ())}
    years = {day.year for day in (*override.work, *override.off)}
    source = f"file: {SCENARIO_CALENDAR}"
    changed = replace(
        calendar,
        workdays=tuple(sorted(workdays)),
        duty_days=tuple(sorted(duty - set(override.work))),
        sources=tuple((year, source if year in years else s) for year, s in calendar.sources),
    )
    files = tuple(dict.fromkeys((*settings.calendar.files, SCENARIO_CALENDAR)))
    choice = settings.calendar.model_copy(update={"files": files})
    settings = settings.model_copy(update={"calendar": choice})
    county = replace(inputs.county, settings=settings)
    return replace(inputs, calendar=changed, county=county)


def _check_days(inputs: PlanInputs, override: ChangeDays) -> None:
    workdays = set(inputs.calendar.workdays)
    first, last = inputs.first_day, inputs.last_day
    problems = []
    for field, days in (("work", override.work), ("off", override.off)):
        for day in days:
            cause = None
            if not first <= day <= last:
                cause = Text(f"{day} 不在编制期间内", f"{day} is not one of the days planned")
            elif (day in workdays) == (field == "work"):
                cause = Text(f"{day} 本来就是", f"{day} is one already")
            elif day in override.work and day in override.off:
                cause = Text(f"{day} 两处都写了", f"{day} is in both lists")
            if cause is not None:
                action = Text("改正或删去这一天", "mend the day or leave it out")
                problems.append(Problem("scenario.override", "", cause, action, field=field))
    if not (override.work or override.off):
        cause = Text("work 与 off 都是空的", "work and off are both empty")
        action = Text("至少写一天", "name at least one day")
        problems.append(Problem("scenario.override", "", cause, action, field="work"))
    if problems:
        raise OverrideError(problems)


def _put(content: Any, key: str, parts: list[str], value: object) -> None:
    """Set the value at a path of nested dicts and lists that must already be there."""
    part, rest = parts[0], parts[1:]
    known = list(content) if isinstance(content, dict) else []
    if isinstance(content, tuple | list):
        known = [str(place) for place in range(len(content))]
    may_be_new = isinstance(content, dict) and not rest and key.split(".")[-2:-1] in _FREE_TABLES
    if part not in known and not may_be_new:
        raise unknown("key", key, known)
    place: Any = int(part) if isinstance(content, tuple | list) else part
    if rest:
        if isinstance(content[place], tuple):
            content[place] = list(content[place])
        _put(content[place], key, rest, value)
    else:
        content[place] = value


def _with_settings(inputs: PlanInputs, content: dict[str, Any], section: str) -> PlanInputs:
    """Return inputs with one section of the settings as in ``content``, and what hangs on it."""
    try:
        made = CountySettings.model_validate(content)
    except ValidationError as error:
        raise invalid(error, CountySettings) from error
    # Only the section: what the others state and what is assumed in them stays told apart.
    before = inputs.county.settings
    settings = before.model_copy(update={section: getattr(made, section)})
    changed = replace(inputs, county=replace(inputs.county, settings=settings))
    try:
        return _following(changed, before)
    except InputError as error:
        raise OverrideError(replace(p, file="", field="value") for p in error.problems) from error


def _following(inputs: PlanInputs, before: CountySettings) -> PlanInputs:
    """Return the inputs with calendar, law and road file as their settings say."""
    settings, folder = inputs.county.settings, _folder(inputs, before)
    if settings.calendar != before.calendar:
        if SCENARIO_CALENDAR in before.calendar.files:
            raise InputError([Problem("scenario.override", "", _DAYS_FIRST, _DAYS_ACTION)])
        years = range(inputs.first_day.year, inputs.last_day.year + 1)
        calendar = build_calendar(years, settings.calendar, folder)
        inputs = replace(inputs, calendar=calendar)
    if settings.regulation != before.regulation:
        regulation, norm = resolve(settings.regulation, folder)
        inputs = replace(inputs, regulation=regulation, norm=norm)
    if settings.osm_file != before.osm_file:
        roads_file = folder / settings.osm_file
        if not roads_file.is_file():
            cause = Text(f"没有文件 {roads_file.name}", f"there is no file {roads_file.name}")
            action = Text("写县文件夹中的路网文件", "name a road file of the county folder")
            raise InputError([Problem("scenario.override", "", cause, action)])
        inputs = replace(inputs, roads_file=roads_file)
    return inputs


_DAYS_FIRST: Final = Text(
    "日历设置写在 days 之后会使其失效", "settings of the calendar after days would undo these"
)
_DAYS_ACTION: Final = Text("把这一项移到 days 之前", "put this override before days")


def _folder(inputs: PlanInputs, settings: CountySettings) -> Path:
    """Return the county folder, in which the road file is named by the settings."""
    depth = len(Path(settings.osm_file).parts)
    return Path(*inputs.roads_file.parts[:-depth])
