"""One seed, one plan: every table of the plan file, for any number of workers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examples import SampleSize, generate_county

pytestmark = pytest.mark.slow


def planned(county: Path, target: Path, workers: int) -> Path:
    """Plan two months of the county through the command line."""
    from cli import app

    scope = ["--year", "2026", "--from", "2026-03-01", "--to", "2026-04-30", "--seed", "7"]
    target.parent.mkdir()
    words = ["plan", str(county), *scope, "--workers", str(workers), "--out", str(target)]
    result = CliRunner().invoke(app, [*words, "--spot-secret", "ab" * 16])
    assert result.exit_code == 0, result.output
    return target


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table of the file with its rows in order."""
    with sqlite3.connect(path) as connection:
        names = [
            name
            for (name,) in connection.execute("select name from sqlite_master where type='table'")
            if not name.startswith(("rtree_", "sqlite_"))
        ]
        return {name: connection.execute(f'select * from "{name}"').fetchall() for name in names}


def test_two_runs_give_the_same_tables_with_one_and_two_workers(tmp_path: Path) -> None:
    """Both files, the open and the sealed one, hold the same rows whatever the workers."""
    county = tmp_path / "county"
    generate_county(county, size=SampleSize(townships=2, zones_per_township=6), seed=5)
    first = planned(county, tmp_path / "a" / "plan.gpkg", 1)
    for other in (
        planned(county, tmp_path / "b" / "plan.gpkg", 1),
        planned(county, tmp_path / "c" / "plan.gpkg", 2),
    ):
        assert tables(other) == tables(first)
        if (sealed := first.with_name("plan.sealed.gpkg")).exists():
            assert tables(other.with_name(sealed.name)) == tables(sealed)
