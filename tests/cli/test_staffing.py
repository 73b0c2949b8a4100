"""The verb about staff: what it asks, prints, writes and returns."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len
from typer.testing import Result

from network.problems import Text
from scenarios.staffing_model import (
    NONE,
    AbsenceOutcome,
    AbsenceVerdict,
    Cell,
    Count,
    NamedStaff,
    Relief,
    Staffing,
    StaffingOptions,
    UnitStaffing,
)

Run = Callable[..., Result]
HALF = Text("2月下半月", "second half of February")


def unit(name: str, people: Count, *, merged: bool = False, **more: Any) -> UnitStaffing:
    cells = (Cell(300, 1, NONE), Cell(300, 2, Count(4, 5)), Cell(360, 1, people))
    away = AbsenceOutcome("V1", "吉A1", True, HALF, AbsenceVerdict.SHORT, (HALF,), 2)
    fine = AbsenceOutcome("P1", "人1", False, HALF, AbsenceVerdict.COVERED)
    fields = {
        "named": NamedStaff(Count(2, 2), ("P1", "P2"), Count(0, 0)),
        "reliefs": (Relief(Text("现状", "as it is"), 1, None, 30.5),),
        "absences": (fine, away),
    } | more
    return UnitStaffing(
        *(("T01",), name, 4, 1, people, Count(1, 1), cells, (Text("=绑", "=binds"),)),
        **fields,
        merged=merged,
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, planner: SimpleNamespace) -> SimpleNamespace:
    """Replace the computation by one that gives small results and remembers the question."""
    seen = SimpleNamespace(options=None, more=None, planner=planner)

    def least_staff(inputs: Any, options: StaffingOptions, **more: Any) -> Staffing:
        seen.options, seen.more = options, more
        units = (
            unit("东所<b>", Count(2, 2)),
            unit("西所", Count(2, None), named=NamedStaff(NONE, (), Count(1, 2)), absences=()),
            unit("东所＋西所", Count(2, 3), merged=True),
        )
        note = (Text("默认[D]", "default [D]"),)
        return Staffing("小县", 2026, 360, options, units, note)

    monkeypatch.setattr("scenarios.staffing.least_staff", least_staff)
    monkeypatch.setenv("XUNCHA_CACHE", "off")
    return seen


def test_prints_exact_numbers_intervals_and_bounds(
    run: Run, asked: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Per unit what it has and needs, the county's sum, merged stations, defaults; 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    shown = run("staffing", "DIR", "--year", "2026")
    assert shown.exit_code == 0
    for part in ("最少人", "东所<b>", "≥4", "2–3", "（合并）", "全县", "缺2趟（已证明）", "[D]"):
        assert part in shown.stdout
    assert max(cell_len(line) for line in shown.stdout.splitlines()) <= 80
    english = run("staffing", "DIR", "--year", "2026", "--lang", "en").stdout
    assert "2 short (proven)" in english


def test_options_reach_the_computation(run: Run, asked: SimpleNamespace) -> None:
    """Units, shifts, leave, seed, workers and merges are handed on as given."""
    words = ("--unit", "T01", "--shift", "420,300", "--leave-weeks", "2", "--seed", "7")
    more = ("--workers", "3", "--merge", "T01+T02", "--replans", "0", "--anonymous")
    assert run("staffing", "DIR", "--year", "2026", *words, *more).exit_code == 0
    assert asked.planner.loaded[1]["units"] == ["T01"]
    assert asked.options == StaffingOptions((300, 420), 2, True, False, 0, 7)
    assert asked.more["workers"] == 3
    assert asked.more["merges"] == ["T01+T02"]
    assert asked.more["files"] is None
    assert run("staffing", "DIR", "--year", "2026", "--named").exit_code == 0
    assert (asked.options.anonymous, asked.options.named) == (False, True)


def test_json_is_one_document(run: Run, asked: SimpleNamespace) -> None:
    """With --json the only thing on stdout is the whole result."""
    document = json.loads(run("staffing", "DIR", "--year", "2026", "--json").stdout)
    assert document["people"] == {"lower": 4, "upper": None, "possible": True}
    assert document["units"][0]["absences"][1]["verdict"] == "short"
    assert document["units"][0]["frontier"][0]["people"]["possible"] is False


@pytest.mark.parametrize("name", ["staff.xlsx", "staff.html", "staff.docx"])
def test_documents_have_tables_and_a_chart(
    run: Run, asked: SimpleNamespace, tmp_path: Path, name: str
) -> None:
    """Each format holds the numbers and the chart; names are never markup or formulas."""
    out = tmp_path / name
    shown = run("staffing", "DIR", "--year", "2026", "--out", out)
    assert shown.exit_code == 0
    assert name in shown.stdout
    if out.suffix == ".xlsx":
        book = load_workbook(out)
        cells = [cell for sheet in book for row in sheet for cell in row]
        assert {"东所<b>", "=绑", "2–3"} <= {cell.value for cell in cells}
        assert "f" not in {cell.data_type for cell in cells}
        assert any(sheet._charts for sheet in book)
        return
    content = out.read_text("utf-8") if out.suffix == ".html" else _document(out)
    assert "东所<b>" not in content
    assert "东所&lt;b&gt;" in content
    assert "2–3" in content
    if out.suffix == ".html":
        assert "<polyline" in content
    else:
        assert "word/media/image1.png" in zipfile.ZipFile(out).namelist()


def _document(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode("utf-8")


def test_same_result_gives_the_same_bytes(run: Run, asked: SimpleNamespace, tmp_path: Path) -> None:
    """A document made twice is the same file."""
    for suffix in ("xlsx", "html", "docx"):
        made = []
        for place in ("a", "b"):
            out = tmp_path / f"{place}.{suffix}"
            run("staffing", "DIR", "--year", "2026", "--out", out)
            made.append(out.read_bytes())
        assert made[0] == made[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--shift", "abc"), "abc"),
        (("--shift", "0"), "0"),
        (("--out", "staff.pdf"), "staff.pdf"),
        (("--out", "no/such/folder/staff.xlsx"), "staff.xlsx"),
    ],
)
def test_bad_options_are_told_before_any_work(
    run: Run, asked: SimpleNamespace, words: tuple[str, ...], code: str
) -> None:
    """A shift that is no number and a file that cannot be written end in exit 2."""
    shown = run("staffing", "DIR", "--year", "2026", *words)
    assert shown.exit_code == 2
    assert code in shown.stderr
    assert asked.options is None


def test_interrupt_ends_in_130(
    run: Run, asked: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is told in a word; nothing is printed that looks like a result."""

    def interrupted(*_: Any, **__: Any) -> Staffing:
        raise KeyboardInterrupt

    monkeypatch.setattr("scenarios.staffing.least_staff", interrupted)
    shown = run("staffing", "DIR", "--year", "2026")
    assert shown.exit_code == 130
    assert "已中断" in shown.stdout
    assert "最少" not in shown.stdout
