"""The verbs on a small real county, nothing faked: check, plan, audit, what-if."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

import cli
from examples import SampleSize, generate_county
from scheduling.plan.store import content_digest, read_plan

SCOPE = ("--year", "2026", "--from", "2026-04-01", "--to", "2026-04-30")
SECRET = "5eed" * 16

pytestmark = pytest.mark.slow


def _run(*words):
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert "Traceback" not in result.stderr, result.stderr
    return result


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    size = SampleSize(townships=2, zones_per_township=5, squads=0, scenery=False)
    generate_county(folder, size=size, seed=3)
    return folder


@pytest.fixture(scope="module")
def plan_file(county, tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "plan.gpkg"
    result = _run("plan", county, *SCOPE, "--out", path, "--workers", 1, "--spot-secret", SECRET)
    assert result.exit_code == 0, result.stdout + result.stderr
    return path


def test_a_county_is_checked_planned_and_audited_lawful(county, plan_file):
    """Each verb exits 0, also when the audit recomputes the legs on the roads."""
    assert _run("check", county, "--year", "2026").exit_code == 0
    document = json.loads(_run("audit", plan_file, "--json").stdout)
    assert document["lawful"] is True
    assert _run("audit", plan_file, "--county", county).exit_code == 0


def test_one_seed_gives_one_plan_for_any_number_of_workers(county, plan_file, tmp_path):
    """Planned again with two workers, every table is the same."""
    again = tmp_path / "again.gpkg"
    words = ("plan", county, *SCOPE, "--out", again, "--workers", 2, "--spot-secret", SECRET)
    assert _run(*words).exit_code == 0
    assert content_digest(read_plan(again)) == content_digest(read_plan(plan_file))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE patrols SET day = '2026-04-05'",
        "DELETE FROM crews WHERE position = 2",
        "UPDATE patrols SET depart_seconds = 3600",
        "UPDATE visits SET zone = (SELECT max(zone) FROM visits)",
        "UPDATE patrols SET crew_names = '某人、另一人'",
    ],
)
def test_a_plan_changed_by_hand_is_refused(plan_file, tmp_path, change):
    """A day, a person, a clock or a zone changed in the file is found by the audit: exit 1."""
    changed = tmp_path / "changed.gpkg"
    changed.write_bytes(plan_file.read_bytes())
    with closing(sqlite3.connect(changed)) as connection, connection:
        connection.executescript(change)
    assert _run("audit", changed).exit_code == 1


def test_scenarios_are_the_same_in_processes_and_without(county, tmp_path):
    """The comparison does not depend on the number of workers."""
    file = tmp_path / "s.toml"
    file.write_text(
        '[[scenario]]\nname = "短停留"\n[[scenario.override]]\n'
        'do = "set"\nkey = "visit.stop_minutes"\nvalue = 10\n'
    )
    documents = []
    for workers in (1, 2):
        words = ("whatif", county, file, *SCOPE, "--out", tmp_path, "--json", "--workers", workers)
        result = _run(*words)
        assert result.exit_code == 0, result.stderr
        documents.append(json.loads(result.stdout))
    assert documents[0] == documents[1]
    base, shorter = documents[0]["scenarios"]
    assert base["lawful"]
    assert shorter["hours"] < base["hours"]
