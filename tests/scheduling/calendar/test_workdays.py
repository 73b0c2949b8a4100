"""The work calendar: known years, the county's own files, and years not yet announced."""

from datetime import date
from pathlib import Path

import pytest

from network.problems import InputError
from scheduling.calendar.windows import WindowKind, days_of, window_of
from scheduling.calendar.workdays import HOLIDAY_NAMES, PROVISIONAL_NOTICE, build_calendar
from scheduling.county.settings import CalendarSettings

NOWHERE = Path("no-such-folder")


def _workdays_in(calendar, kind, day):
    return len(set(calendar.workdays) & set(days_of(window_of(kind, day))))


def test_2026_is_the_state_councils():
    """2026 has 248 workdays, two of them Sundays, and its tightest windows are the known ones."""
    calendar = build_calendar([2026], CalendarSettings(), NOWHERE)
    assert len(calendar.workdays) == 248
    assert sum(day.weekday() == 6 for day in calendar.workdays) == 2
    assert _workdays_in(calendar, WindowKind.HALF_MONTH, date(2026, 2, 16)) == 5
    assert _workdays_in(calendar, WindowKind.HALF_MONTH, date(2026, 10, 1)) == 7
    assert _workdays_in(calendar, WindowKind.HALF_MONTH, date(2026, 5, 1)) == 9
    assert _workdays_in(calendar, WindowKind.WEEK, date(2026, 2, 16)) == 0
    assert calendar.sources == ((2026, "chinesecalendar"),)
    assert not calendar.provisional_years
    assert not calendar.duty_days


def test_holidays_bear_chinese_names():
    """Every holiday of every year the package knows has a Chinese name of ours."""
    calendar = build_calendar(range(2004, 2027), CalendarSettings(), NOWHERE)
    assert {name for _, name in calendar.holidays} == set(HOLIDAY_NAMES)
    assert (date(2026, 10, 1), "国庆节") in calendar.holidays


def test_2027_is_provisional_on_statutory_days():
    """An unannounced year has its thirteen statutory days off, no make-up days, and a notice."""
    calendar = build_calendar([2027, 2026, 2027], CalendarSettings(), NOWHERE)
    off = {day for day, _ in calendar.holidays if day.year == 2027}
    assert len(off) == 13
    assert off >= {date(2027, 2, 5), date(2027, 2, 8), date(2027, 6, 9), date(2027, 9, 15)}
    assert not off & set(calendar.workdays)
    weekdays = [day for day in calendar.workdays if day.year == 2027]
    assert all(day.weekday() < 5 for day in weekdays)
    assert len(weekdays) == 261 - sum(day.weekday() < 5 for day in off)
    assert calendar.provisional_years == (2027,)
    assert calendar.sources[1] == (2027, "statutory days only")
    assert PROVISIONAL_NOTICE.zh == "放假调休安排未公布，暂按法定节假日编制"


def test_duty_patrols_open_every_other_day():
    """With duty patrols set, each day is either a workday or a duty day."""
    calendar = build_calendar([2026], CalendarSettings(duty_patrols=True), NOWHERE)
    assert len(calendar.patrol_days) == 365
    assert not set(calendar.workdays) & set(calendar.duty_days)


def test_unknown_year_asks_for_a_file():
    """A year nobody knows is an error that says which file to write."""
    with pytest.raises(InputError) as caught:
        build_calendar([2026, 2031, 1999], CalendarSettings(), NOWHERE)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["calendar.unknown-year"] * 2
    assert "1999" in caught.value.problems[0].action.zh
    assert "calendar.files" in caught.value.problems[1].in_("en")


def test_own_file_gives_an_unknown_year(tmp_path):
    """A county's file makes its year known, make-up days included."""
    (tmp_path / "2031.csv").write_text(
        "日期,类型,名称\n2031-01-01,放假,元旦\n2031/1/4,上班,\n2031年10月1日,节假日,国庆节\n",
        encoding="gb18030",
    )
    calendar = build_calendar([2031], CalendarSettings(files=("2031.csv",)), tmp_path)
    assert calendar.sources == ((2031, "file: 2031.csv"),)
    assert calendar.holidays == ((date(2031, 1, 1), "元旦"), (date(2031, 10, 1), "国庆节"))
    assert date(2031, 1, 1) not in calendar.workdays
    assert date(2031, 1, 4) in calendar.workdays  # a Saturday
    assert not calendar.provisional_years


def test_own_file_wins_over_the_package(tmp_path):
    """Where the county gives a year itself, its file is followed."""
    (tmp_path / "own.csv").write_text("day,kind\n2026-03-03,holiday\n", encoding="utf-8")
    calendar = build_calendar([2026], CalendarSettings(files=("own.csv",)), tmp_path)
    assert date(2026, 3, 3) not in calendar.workdays
    assert date(2026, 10, 1) in calendar.workdays


def test_all_problems_of_all_files_come_at_once(tmp_path):
    """A missing file, two files of one year and an unknown year are reported together."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("day,kind\n2031-01-01,holiday\n", encoding="utf-8")
    settings = CalendarSettings(files=("a.csv", "b.csv", "gone.csv"))
    with pytest.raises(InputError) as caught:
        build_calendar([2031, 2040], settings, tmp_path)
    assert sorted(problem.code for problem in caught.value.problems) == [
        "calendar.duplicate-year",
        "calendar.unknown-year",
        "calendar.unreadable",
    ]
