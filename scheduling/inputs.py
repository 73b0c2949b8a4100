"""All that one planning starts from, read and checked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from network.problems import InputError, Problem, Text
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import County
from scheduling.regulation.model import Regulation


@dataclass(frozen=True)
class PlanInputs:
    """County, law, calendar, roads and scope of one planning. A scenario replaces parts.

    ``regulation`` is as applied (county's overrides included), ``norm`` the preset unchanged.
    ``units`` are the ids to be planned, sorted; everything else about scope is the two days.
    """

    county: County
    regulation: Regulation
    norm: Regulation
    calendar: WorkCalendar
    roads_file: Path
    first_day: date
    last_day: date
    units: tuple[str, ...]


def load_inputs(
    folder: Path,
    *,
    year: int | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    units: Sequence[str] = (),
    assigned: bool = True,
) -> PlanInputs:
    """Read a county folder with its law and calendar for a planning horizon.

    The horizon is ``year``, narrowed by ``first_day`` and ``last_day``; ``units`` empty means all.
    With ``assigned`` false zones may name no unit yet.
    Raises InputError with every problem of county, regulation, calendar and scope together.
    """
    from scheduling.calendar.workdays import build_calendar
    from scheduling.county import read_county
    from scheduling.regulation import resolve

    first, last = _horizon(year, first_day, last_day)
    county = read_county(folder, assigned=assigned)
    problems: list[Problem] = []
    try:
        regulation, norm = resolve(county.settings.regulation, folder)
    except InputError as error:
        problems += error.problems
    else:
        problems += _unknown_peak_zones(county, regulation)
    try:
        years = range(first.year, last.year + 1)
        calendar = build_calendar(years, county.settings.calendar, folder)
    except InputError as error:
        problems += error.problems
    problems += _unknown_units(county, units)
    if problems:
        raise InputError(problems)
    chosen = tuple(sorted(set(units))) or tuple(unit.id for unit in county.units)
    roads_file = folder / county.settings.osm_file
    return PlanInputs(county, regulation, norm, calendar, roads_file, first, last, chosen)


def _horizon(year: int | None, first_day: date | None, last_day: date | None) -> tuple[date, date]:
    if year is None and first_day is not None:
        year = first_day.year
    if year is None:
        raise InputError([_scope_problem("year", _NO_YEAR)])
    first = first_day or date(year, 1, 1)
    last = last_day or date(year, 12, 31)
    if last < first:
        raise InputError([_scope_problem("to", _BACKWARDS)])
    if first.year != year or last.year != year:
        raise InputError([_scope_problem("year", _OTHER_YEAR)])
    return first, last


_NO_YEAR = Text("没有指定年度", "no year was given")
_BACKWARDS = Text("结束日期早于开始日期", "the last day is before the first")
_OTHER_YEAR = Text("起止日期不在所指定的年度内", "the days lie outside the year given")


def _scope_problem(field: str, cause: Text) -> Problem:
    action = Text(
        "用 --year、--from、--to 指定同一年度内的起止日期",
        "give --year, and --from and --to as days of that year",
    )
    return Problem(code="scope.dates", file="--" + field, cause=cause, action=action)


def _unknown_peak_zones(county: County, regulation: Regulation) -> list[Problem]:
    """Find zones of a regulation's peaks that the county lacks: they would raise no count.

    The county's own peaks were checked with its settings.
    """
    known = {zone.id for zone in county.zones}
    choice = county.settings.regulation
    own = {peak.id for peak in choice.peaks}
    changed = {override.rule for override in choice.overrides if "zones" in override.set}
    return [
        Problem(
            code="regulation.peak-unknown-zone",
            file="county.toml" if peak.id in changed else choice.file,
            where=f"rule {peak.id}",
            field="zones",
            cause=Text(f"没有巡查区“{zone}”", f"there is no zone {zone!r}"),
            action=Text("改为图层 zones 中的编号", "use an id of the layer zones"),
        )
        for peak in regulation.peak
        for zone in peak.zones
        if peak.id not in own and zone not in known
    ]


def _unknown_units(county: County, units: Sequence[str]) -> list[Problem]:
    known = {unit.id for unit in county.units}
    return [
        Problem(
            code="scope.unknown-unit",
            file="--unit",
            where=unit,
            cause=Text(f"没有实施单位 {unit}", f"there is no unit {unit}"),
            action=Text(
                f"从以下选择：{'、'.join(sorted(known))}",
                f"choose from: {', '.join(sorted(known))}",
            ),
        )
        for unit in units
        if unit not in known
    ]
