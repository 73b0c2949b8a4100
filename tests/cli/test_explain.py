"""xuncha explain on the small county that is short: what it prints, returns and writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from examples import SampleSize
from examples.generate import make_county, write_county_folder
from scheduling.county.model import Leave

Run = Callable[..., Result]
SCOPE = ("--from", "2026-02-16", "--to", "2026-02-28", "--workers", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a county of two stations, the second with one certified person left in February."""
    place = tmp_path_factory.mktemp("explain") / "county"
    size = SampleSize(townships=2, zones_per_township=7, squads=0, scenery=False, leave=False)
    sample = make_county(size, 3)
    people = tuple(
        replace(person, certificate_from=date(2026, 3, 1), certificate_until=date(2031, 2, 28))
        if person.id == "T02-02"
        else person
        for person in sample.county.inspectors
    )
    away = (Leave("T02-03", date(2026, 2, 24), date(2026, 2, 28), "业务培训"),)
    county = replace(sample.county, inspectors=people, leave=away)
    write_county_folder(replace(sample, county=county), place)
    return place


@pytest.fixture(scope="module")
def narrow(folder: Path) -> Run:
    """Run the command line on a screen of 80 columns."""
    import cli

    def run(*words: object) -> Result:
        env = {"COLUMNS": "80", "XUNCHA_LANG": "zh"}
        return CliRunner(env=env).invoke(cli.app, [str(word) for word in words])

    return run


@pytest.fixture(scope="module")
def shown(narrow: Run, folder: Path) -> Result:
    """Return what is printed of the station that is short."""
    return narrow("explain", folder, "--unit", "T02", *SCOPE)


def test_the_seven_points_are_told_within_eighty_columns(shown: Result) -> None:
    """Proof, arithmetic, causes, article, zones, remedies, assumptions: each is there."""
    assert shown.exit_code == 1
    text = shown.stdout.replace("\n", "").replace(" ", "")
    for words in (
        "已证明无可行方案",
        "5个工作日×1车×1趟=5趟",
        "需1趟，缺1趟",
        "最小冲突集，极小性已证明",
        "执法证自2026-03-01起有效",
        "第十三条",
        "舍弃（优先级由低到高）",
        "✓增加持证人员1人",
        "规范未作规定、本计划所用设定",
        "不符合规范",
    ):
        assert words in text, words
    assert max(cell_len(line) for line in shown.stdout.splitlines()) <= 80


def test_json_and_english(narrow: Run, folder: Path, tmp_path: Path) -> None:
    """One JSON document in the language asked for; the same as an official document."""
    given = ("--unit", "T02", *SCOPE, "--json", "--lang", "en", "--out", tmp_path)
    result = narrow("explain", folder, *given)
    assert result.exit_code == 1
    document: dict[str, Any] = json.loads(result.stdout)
    (conflict,) = document["conflicts"]
    assert (conflict["proven"], conflict["minimal"], conflict["needs"]) == (True, True, [1])
    kinds = {member["cause"]["kind"] for member in conflict["members"]}
    assert {"need", "staff", "leave", "certificate", "calendar"} <= kinds
    lawful = [remedy for remedy in document["remedies"] if remedy["lawful"]]
    assert "1 more certified person" in [remedy["text"] for remedy in lawful]
    assert all(remedy["unmet"] == 0 for remedy in lawful)
    assert (tmp_path / "explanation.docx").is_file()


def test_a_lawful_county_has_nothing_to_explain(narrow: Run, folder: Path) -> None:
    """Exit 0, one line."""
    result = narrow("explain", folder, "--unit", "T01", *SCOPE, "--lang", "en")
    assert result.exit_code == 0
    assert "nothing to explain" in result.stdout


def test_a_plan_is_explained_from_its_own_numbers(
    narrow: Run, folder: Path, tmp_path: Path
) -> None:
    """Without the county folder conflicts are told, with it remedies too; a scope is refused."""
    file = tmp_path / "plan.gpkg"
    assert narrow("plan", folder, "--unit", "T02", *SCOPE, "--out", file).exit_code == 1
    alone = narrow("explain", file, "--lang", "en", "--workers", "1")
    assert alone.exit_code == 1
    assert "minimality not proven" in alone.stdout
    assert "Remedies" not in alone.stdout
    given = ("--county", folder, "--json", "--workers", "1")
    whole = json.loads(narrow("explain", file, *given).stdout)
    assert any(remedy["lawful"] for remedy in whole["remedies"])
    refused = narrow("explain", file, "--year", "2026")
    assert refused.exit_code == 2
    assert "--year" in refused.stderr


def test_what_is_not_there_is_bad_input(narrow: Run, tmp_path: Path) -> None:
    """Exit 2, no traceback."""
    result = narrow("explain", tmp_path / "nothing", "--year", "2026")
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
