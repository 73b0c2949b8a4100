"""Tables are read whatever program saved them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from scheduling.county.records import parse_day
from scheduling.county.schema import INSPECTOR_COLUMNS
from scheduling.county.tables import read_table

CHINESE = "编号,姓名,所属单位,执法证号,有效期至\nP1,张三,S1;S2,22001,2028-12-31\n"


def read(folder: Path) -> list[tuple[str, dict[str, str]]]:
    problems: list = []
    records = read_table(folder, "inspectors", INSPECTOR_COLUMNS, problems)
    assert problems == []
    return [(record.where, dict(record.values)) for record in records or ()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_read_alike(tmp_path: Path, encoding: str, delimiter: str):
    """UTF-8, with BOM, GB18030 and UTF-16 give the same rows, as do comma, tab and semicolon."""
    text = CHINESE.replace("S1;S2", "S1、S2").replace(",", delimiter)
    (tmp_path / "inspectors.csv").write_bytes(text.encode(encoding))
    expected = {
        "id": "P1",
        "name": "张三",
        "unit": "S1、S2",
        "certificate_number": "22001",
        "certificate_until": "2028-12-31",
    }
    assert read(tmp_path) == [("row 2", expected)]


def test_rows_keep_the_numbers_the_user_sees(tmp_path: Path):
    """Comments, blank lines and cells of several lines don't shift the numbers."""
    text = (
        '# note\n\nid,name,unit,certificate_number,certificate_until\n"P\n1",a,S1,,\n\nP2,b,S1,,\n'
    )
    (tmp_path / "inspectors.csv").write_text(text)
    assert [where for where, _ in read(tmp_path)] == ["row 4", "row 7"]


def test_workbooks_give_dates_and_numbers_as_the_user_sees_them(tmp_path: Path):
    """Dates become ISO, whole floats lose their fraction, blank cells are empty."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["# 注释"])
    sheet.append(["编号", "姓名", "单位", "执法证号", "有效期至", "发证日期", "能驾驶"])
    row = ["P1", "张三", "S1", 22001.0, datetime(2028, 12, 31), date(2024, 1, 1), True]
    sheet.append(row)
    sheet.append([])
    sheet.append(["P2", "李四", "S1"])
    workbook.save(tmp_path / "inspectors.xlsx")
    (where, values), (last, rest) = read(tmp_path)
    assert (where, last) == ("row 3", "row 5")
    assert values["certificate_number"] == "22001"
    assert values["certificate_until"] == "2028-12-31"
    assert values["certificate_from"] == "2024-01-01"
    assert values["licensed"] == "true"
    assert rest["certificate_number"] == ""


def test_an_unfilled_workbook_beside_a_filled_table_is_ignored(tmp_path: Path):
    """The template that was not used may stay."""
    from openpyxl import Workbook

    (tmp_path / "inspectors.csv").write_text(CHINESE, encoding="utf-8")
    workbook = Workbook()
    workbook.active.append(["编号", "姓名", "单位", "执法证号", "有效期至"])
    workbook.save(tmp_path / "inspectors.xlsx")
    assert len(read(tmp_path)) == 1


@pytest.mark.parametrize(
    "text",
    ["2026-03-05", "2026/3/5", "2026.3.5", "20260305", "2026年3月5日", "2026-03-05 00:00:00"],
)
def test_dates_are_read_as_people_write_them(text: str):
    """Dashes, slashes, dots, Chinese and compact forms mean the same day."""
    assert parse_day(text) == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["2026-02-30", "5.3.2026", "March", "202603"])
def test_other_dates_are_not_guessed(text: str):
    """A date that does not exist, or in another order, is not read."""
    assert parse_day(text) is None
