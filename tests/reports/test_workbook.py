"""The workbook: every table there, no formula in it, spot checks as numbers only."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from network.problems import Language
from reports.figures import Figures
from reports.workbook import write_workbook


def ignore(done: int, total: int) -> None:
    """Take progress and do nothing."""


def written(figures: Figures, folder: Path, language: Language = "zh") -> Any:
    """Write the workbook and read it again."""
    write_workbook(figures, folder, language, ignore)
    (path,) = folder.glob("*.xlsx")
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(figures: Figures, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Write the lawful plan's workbook once."""
    return written(figures, tmp_path_factory.mktemp("book"))


def column(sheet: Any, head: str) -> list[Any]:
    """Return the values below a header."""
    index = [cell.value for cell in sheet[1]].index(head)
    return [row[index] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_every_sheet_is_there(book: Any) -> None:
    """Summary, days, tables, statement and settings, in this order."""
    assert book.sheetnames == [
        "概要", "巡查日历", "人员排班", "巡查表", "到访表", "工作量", "应巡查与完成", "抽查",
        "未满足", "趟次需求", "机动预留", "巡查区检查", "参数与默认值",
    ]  # fmt: skip


def test_no_cell_is_a_formula(book: Any) -> None:
    """Names and settings that look like formulas are text."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {"'=1+1", "'@SUM(1)", "'=cmd|' /C calc'!A0"} <= texts
    assert not [text for text in texts if text.startswith(("=", "+", "@"))]


def test_patrols_and_visits_are_all_listed(book: Any, figures: Figures) -> None:
    """One row per patrol and one per visit, with the plan's figures."""
    assert len(column(book["巡查表"], "日期")) == len(figures.plan.patrols)
    assert sum(filter(None, column(book["巡查表"], "到访"))) == figures.totals.visits
    assert len(column(book["到访表"], "日期")) == figures.totals.visits
    assert sum(filter(None, column(book["巡查表"], "公里"))) == pytest.approx(
        figures.totals.length_km, abs=len(figures.plan.patrols) * 0.05
    )


def test_calendar_and_roster_add_up(book: Any, figures: Figures) -> None:
    """Marks on days are as many as patrols, and as people aboard."""
    calendar, roster = book["巡查日历"], book["人员排班"]
    days = [
        cell for row in calendar.iter_rows(min_row=3, min_col=3, values_only=True) for cell in row
    ]
    assert sum(filter(None, days)) == len(figures.plan.patrols)
    marks = [
        cell for row in roster.iter_rows(min_row=3, min_col=4, values_only=True) for cell in row
    ]
    assert len([mark for mark in marks if mark in ("巡", "驾")]) == figures.totals.person_days
    assert "驾" in marks


def test_sheets_are_ready_to_print(book: Any) -> None:
    """Panes are frozen and headers repeat on every page."""
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        assert sheet.page_setup.fitToWidth >= 1


def test_workload_has_a_chart(book: Any, figures: Figures) -> None:
    """One row per person and one bar chart."""
    sheet = book["工作量"]
    assert sum(column(sheet, "出巡天数")) == figures.totals.person_days
    assert len(sheet._charts) == 1


def test_spot_checks_have_no_route(book: Any) -> None:
    """A spot check's row shows day, crew and vehicle, nothing of where and when."""
    rows = [
        row for row in book["巡查表"].iter_rows(min_row=2, values_only=True) if row[3] == "抽查"
    ]
    (row,) = rows
    assert row[4:6] == (None, None)
    assert row[8] == "抽查，见密封件"
    assert row[9:13] == (None,) * 4
    assert [cell.value for cell in book["抽查"][2]] == ["示例县执法大队一中队", 1]


def test_unmet_requirements_bear_reason_and_article(unlawful: Figures, tmp_path: Path) -> None:
    """The unlawful plan's workbook says what is missing, and the summary is labelled."""
    book = written(unlawful, tmp_path)
    assert book["概要"]["A3"].value == "不符合规范"
    assert sum(column(book["未满足"], "缺（次）")) == 6
    assert all("缺2趟" in text for text in column(book["未满足"], "原因与算式"))
    assert sum(column(book["应巡查与完成"], "缺")) == 6


def test_leave_shows_in_the_roster(figures: Figures, tmp_path: Path) -> None:
    """A person away is marked so on these days."""
    from dataclasses import replace
    from datetime import date

    from scheduling.county.model import Leave

    leave = (Leave("P012", date(2026, 6, 29), date(2026, 7, 5)),)
    county = replace(figures.plan.county, leave=leave)
    book = written(Figures(replace(figures.plan, county=county), figures.audit), tmp_path)
    marks = [cell.value for row in book["人员排班"].iter_rows(min_row=3) for cell in row]
    assert marks.count("假") == 2


def test_the_english_workbook_is_english(figures: Figures, tmp_path: Path) -> None:
    """Sheet names and headers follow the language."""
    book = written(figures, tmp_path, "en")
    assert book.sheetnames[:4] == ["Summary", "Calendar", "Roster", "Patrols"]
    assert [cell.value for cell in book["Patrols"][1]][:3] == ["Day", "Weekday", "Unit"]
