"""The table of bad input through ``xuncha check``: exit 2, all named, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from tests.bad_input.cases import CASES, Case
from tests.bad_input.small_county import make_small_county


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_check_names_it_and_writes_nothing(tmp_path: Path, case: Case) -> None:
    """Every kind of bad input ends with exit code 2 and its code, file and action."""
    folder = make_small_county(tmp_path / "county")
    case.spoil(folder)
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    result = CliRunner().invoke(app, ["--lang", "en", "check", str(folder), "--json"])
    assert result.exit_code == 2, result.output
    problems = json.loads(result.stdout)["problems"]
    assert any(problem["code"].startswith(case.code) for problem in problems)
    assert all(problem["action"] for problem in problems)
    after = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    assert after == before
