"""Long lines fill the width of the screen, Chinese ones too."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rich.cells import cell_len

from cli_screen import wrapped
from network.problems import Text

CHINESE = (
    "东村=1（东镇国土资源所）：2026年4月上半月应巡查2次，计划1次，缺1次"
    "（规则 township-half-monthly，按规范原文）；"
    "“八里铺”、《吉林省国土资源动态巡查规范》第十三条另有规定的，从其规定。"
)


@pytest.mark.parametrize("width", [30, 76, 200])
def test_chinese_fills_its_lines(width):
    """No line is wider than asked for, and none but the last much shorter; nothing is lost."""
    lines = wrapped(CHINESE, width)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)
    assert all(cell_len(line) > width - len("township-half-monthly，") for line in lines[:-1])


@pytest.mark.parametrize("width", range(23, 80))
def test_no_line_begins_or_ends_with_the_wrong_mark(width):
    """Closing marks stay with what is before them, opening ones with what follows; words whole."""
    lines = wrapped(CHINESE, width)
    assert not any(line[0] in "，。；：、）》”" or line[-1] in "（《“" for line in lines)
    assert sum("township-half-monthly" in line for line in lines) == 1


def test_words_break_at_spaces_and_what_fits_nowhere_is_cut():
    """English breaks between words; a word wider than the screen is cut, never lost."""
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("a " + "x" * 10 + " b", 4) == ["a", "xxxx", "xxxx", "xx b"]
    assert wrapped("", 8) == [""]


def test_findings_fill_80_columns(run, verdict, plan_file, monkeypatch):
    """What the audit found is shown in lines of nearly 80 cells, set in under its mark."""
    monkeypatch.setenv("COLUMNS", "80")
    message = Text("巡查" * 100, "")
    verdict.findings = (
        SimpleNamespace(
            severity="breach", rule="r", article="13", subject="", message=message, basis="law"
        ),
    )
    lines = [line for line in run("audit", plan_file).stdout.splitlines() if "巡查" in line]
    assert [cell_len(line) for line in lines[:-1]] == [80] * 5
    assert lines[0].startswith("  · 巡查")
    assert all(line.startswith("    巡查") for line in lines[1:])
    assert "".join(line[4:] for line in lines) == message.zh
