"""The work calendar: which days are statutory workdays, and where that is not yet announced."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from network.problems import InputError, Problem, Text
from scheduling.calendar.calendar_file import YearFile, read_year_file
from scheduling.county.settings import CalendarSettings

#: What every document bears whose calendar holds a provisional year.
PROVISIONAL_NOTICE = Text(
    "放假调休安排未公布，暂按法定节假日编制",
    "The year's holiday arrangement is not yet announced: drawn up on statutory holidays only",
)

#: Statutory holidays by their Chinese names, as the calendar carries them.
HOLIDAY_NAMES: dict[str, str] = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
    "抗战胜利70周年": "Anti-Fascist 70th Day",
}


@dataclass(frozen=True)
class WorkCalendar:
    """Days on which patrols may run, over whole years.

    ``workdays`` are statutory workdays incl. make-up weekend days, sorted. ``duty_days`` are the
    weekends and holidays on which duty patrols may run (empty unless the county sets them).
    ``sources`` tells per year "chinesecalendar", "file: NAME" or "statutory days only";
    ``provisional_years`` are those whose arrangement is not yet announced.
    """

    workdays: tuple[date, ...]
    duty_days: tuple[date, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()
    sources: tuple[tuple[int, str], ...] = ()
    provisional_years: tuple[int, ...] = ()

    @property
    def patrol_days(self) -> tuple[date, ...]:
        """Workdays and duty days, sorted."""
        return tuple(sorted({*self.workdays, *self.duty_days}))


@dataclass(frozen=True)
class _Exceptions:
    """What sets a year apart from plain weeks: days off by name, and weekend days worked."""

    holidays: Mapping[date, str]
    make_up: frozenset[date]
    source: str
    provisional: bool = False


def build_calendar(years: Sequence[int], settings: CalendarSettings, folder: Path) -> WorkCalendar:
    """Return the calendar of whole years: the county's own file first, then chinesecalendar.

    A year neither knows falls back to its statutory holidays, and is then provisional; a year for
    which these are unknown too is an error, as is anything wrong with a file. ``folder`` is the
    county folder, where ``settings.files`` lie. Raises InputError with all problems.
    """
    own, problems = _own_files(settings, folder)
    known = {}
    for year in sorted(set(years)):
        exceptions = _own_year(own, year) or _packaged_year(year) or _statutory_year(year)
        if exceptions is None:
            problems.append(_unknown_year(year))
        else:
            known[year] = exceptions
    if problems:
        raise InputError(problems)
    return _calendar(known, duty_patrols=settings.duty_patrols)


def _calendar(known: Mapping[int, _Exceptions], *, duty_patrols: bool) -> WorkCalendar:
    workdays: list[date] = []
    others: list[date] = []
    holidays: list[tuple[date, str]] = []
    for year, exceptions in known.items():
        day = date(year, 1, 1)
        while day.year == year:
            plain = day.weekday() < 5 and day not in exceptions.holidays
            (workdays if plain or day in exceptions.make_up else others).append(day)
            day += timedelta(days=1)
        holidays += sorted(exceptions.holidays.items())
    return WorkCalendar(
        workdays=tuple(workdays),
        duty_days=tuple(others) if duty_patrols else (),
        holidays=tuple(holidays),
        sources=tuple((year, exceptions.source) for year, exceptions in known.items()),
        provisional_years=tuple(year for year, entry in known.items() if entry.provisional),
    )


def _own_files(settings: CalendarSettings, folder: Path) -> tuple[list[YearFile], list[Problem]]:
    own: list[YearFile] = []
    problems: list[Problem] = []
    for name in settings.files:
        try:
            entry = read_year_file(folder / name, name)
        except InputError as error:
            problems += error.problems
            continue
        twin = next((other for other in own if other.year == entry.year), None)
        if twin is None:
            own.append(entry)
        else:
            problems.append(_two_files(name, twin.name, entry.year))
    return own, problems


def _own_year(own: Sequence[YearFile], year: int) -> _Exceptions | None:
    for entry in own:
        if entry.year == year:
            return _Exceptions(entry.holidays, entry.workdays, f"file: {entry.name}")
    return None


def _packaged_year(year: int) -> _Exceptions | None:
    from chinese_calendar import constants

    if not min(constants.holidays).year <= year <= max(constants.holidays).year:
        return None
    zh_names = {en: zh for zh, en in HOLIDAY_NAMES.items()}
    holidays = {
        day: zh_names.get(name, name)
        for day, name in constants.holidays.items()
        if day.year == year
    }
    make_up = frozenset(day for day in constants.workdays if day.year == year)
    return _Exceptions(holidays, make_up, "chinesecalendar")


def _statutory_year(year: int) -> _Exceptions | None:
    table = tomllib.loads((files(__package__) / "statutory.toml").read_text(encoding="utf-8"))
    if str(year) not in table:
        return None
    holidays = {day: name for name, days in table[str(year)].items() for day in days}
    return _Exceptions(holidays, frozenset(), "statutory days only", provisional=True)


def _unknown_year(year: int) -> Problem:
    return Problem(
        code="calendar.unknown-year",
        file="county.toml",
        field="calendar.files",
        cause=Text(f"{year}年的放假调休安排未知", f"the work calendar of {year} is not known"),
        action=Text(
            f"在县文件夹中放一个{year}年日历CSV（列：day,kind），并写入calendar.files",
            f"put a CSV for {year} (columns day,kind) into the county folder and name it in "
            "calendar.files",
        ),
    )


def _two_files(name: str, other: str, year: int) -> Problem:
    return Problem(
        code="calendar.duplicate-year",
        file=name,
        cause=Text(f"{year}年已由 {other} 给出", f"{year} is already given by {other}"),
        action=Text("每年只保留一个文件", "keep one file per year"),
    )
