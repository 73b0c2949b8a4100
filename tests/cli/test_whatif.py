"""The verb whatif: what it prints and writes, where, and what it refuses before any planning."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

import scheduling.planning.run
from scenarios import study

SCENARIOS = '[[scenario]]\nname = "加一人"\n[[scenario.override]]\ndo = "add-staff"\nunit = "S1"\n'

#: What is replaced is so in this process alone.
HERE = ("--workers", "1")


@pytest.fixture
def compared(planner, monkeypatch, plan, verdict):
    """Replace preparing and planning: every scenario comes to the small plan."""

    def prepare_cases(cases, *_):
        return [SimpleNamespace(jobs=()) for _ in cases]

    monkeypatch.setattr(study, "prepare_cases", prepare_cases)
    monkeypatch.setattr(scheduling.planning.run, "plan_of", lambda *_: plan)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "more people.toml"
    path.write_text(SCENARIOS, encoding="utf-8")
    return path


def test_a_folder_gets_document_workbook_and_page(run, compared, file, tmp_path):
    """The table and the answers are printed; files bear the name of the scenarios' file."""
    out = tmp_path / "made" / "here"
    words = ("whatif", "DIR", file, "--year", "2026", "--out", out, *HERE)
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    assert "加一人" in result.stdout
    assert "符合规范。" in result.stdout
    assert {path.name for path in out.iterdir()} == {
        *("more people.docx", "more people.xlsx", "more people.html")
    }
    document = json.loads(run(*words, "--json").stdout)
    assert [one["name"] for one in document["scenarios"]] == ["base", "加一人"]


@pytest.mark.parametrize("name", ["a.docx", "a.XLSX", "a.html"])
def test_a_file_named_is_the_only_one_written(run, compared, file, tmp_path, name):
    """``--out`` with an ending that is known names the file."""
    (tmp_path / "out").mkdir()
    words = ("whatif", "DIR", file, "--year", "2026", "--out", tmp_path / "out" / name, *HERE)
    result = run(*words, "--lang", "en", "--no-cache")
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
    assert "Lawful" in result.stdout


def test_the_countys_own_file_is_meant_where_none_is_named(run, compared, file, tmp_path):
    """Without a file of scenarios that of the county folder counts."""
    file.rename(tmp_path / "scenarios.toml")
    result = run("whatif", tmp_path, "--year", "2026", "--out", tmp_path / "w.html", *HERE)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "w.html").exists()


def test_what_cannot_be_written_or_read_is_refused_first(run, compared, file, tmp_path):
    """A folder that cannot be made, a file in none, scenarios that are wrong: exit 2."""
    words = ("whatif", "DIR", file, "--year", "2026")
    in_the_way = run(*words, "--out", file)
    assert in_the_way.exit_code == 2
    assert "无法建立文件夹" in in_the_way.stderr
    assert run(*words, "--out", tmp_path / "none" / "a.docx").exit_code == 2
    file.write_text("[[scenario]]\nname = 1\n")
    assert run(*words).exit_code == 2


def test_an_interruption_says_that_work_is_kept(run, compared, file, tmp_path, monkeypatch):
    """Ctrl-C exits 130, writes nothing, and tells that the next run goes on, if it will."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "prepare_cases", interrupt)
    words = ("whatif", "DIR", file, "--year", "2026", "--out", tmp_path / "a.docx", "--lang", "en")
    result = run(*words)
    assert result.exit_code == 130
    assert "are kept" in result.stdout
    assert not (tmp_path / "a.docx").exists()
    assert "are kept" not in run(*words, "--no-cache").stdout
