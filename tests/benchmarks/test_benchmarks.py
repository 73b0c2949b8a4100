"""Each benchmark runs on its tiniest size, and measures what it says."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from benchmarks import (
    engine,
    planning,
    road_loading,
    roads,
    roads_drafting,
    roads_inspection,
    roads_travel,
)
from benchmarks.instances import PATROL_COST, half_month
from benchmarks.memory import PeakMemory, family_megabytes
from benchmarks.ortools_routing import solve_by_routing
from benchmarks.table import Row, readable, show, write_csv
from examples import SampleSize, generate_county
from network import load_network
from optimizer import check

ROOT = Path(__file__).resolve().parents[2]
TINY = SampleSize(townships=1, zones_per_township=2, squads=0, scenery=False)


def test_planning_measures_a_lawful_half_month() -> None:
    """A county of two zones is generated, checked, planned and audited, each in its time."""
    case = planning.PlanningCase(TINY, last_day=date(2026, 1, 15))
    (row,) = planning.run([case], workers=1)
    assert (row.case, row.zones, row.units, row.lawful) == ("2 zones", 2, 1, True)
    assert row.patrols >= row.windows > 0
    assert 0 <= row.proven_least_percent <= 100
    assert min(row.generate_seconds, row.check_seconds, row.plan_seconds, row.audit_seconds) > 0


def test_roads_agree_with_networkx_on_every_pair(tmp_path: Path) -> None:
    """A tiny county's travel times equal networkx's; without the shared folder nothing else."""
    (row,) = roads.run(tmp_path, places=15, size=TINY)
    assert (row.places, row.pairs_differing) == (15, 0)
    assert row.osmnx_seconds is not None
    assert row.osmnx_ratio == pytest.approx(row.osmnx_seconds / row.load_seconds)


def test_roads_count_pairs_that_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Travel that is a second off is noticed, and a network too large for OSMnx is skipped."""
    exact = roads.travel_seconds
    monkeypatch.setattr(roads, "travel_seconds", lambda *given: exact(*given) + 1)
    monkeypatch.setattr(roads, "OSMNX_MOST_EDGES", 0)
    (row,) = roads.run(tmp_path, places=5, size=TINY)
    assert row.pairs_differing == 25
    assert row.osmnx_seconds is row.osmnx_ratio is None
    assert "skipped" in row.note


def test_drafting_is_measured_with_what_it_covers(tmp_path: Path) -> None:
    """A tiny county's roads are drafted whole, and its zones take some time to inspect."""
    report = generate_county(tmp_path, size=TINY, seed=1)
    row = roads_drafting.measure("tiny", tmp_path / report.county.settings.osm_file)
    assert row.zones == sum(map(int, row.by_level.split(" / ")))
    assert 50 < row.covered_percent <= 100
    assert 0 < row.minutes_median <= row.minutes_longest
    assert 0 < row.seen_share_mean <= 1


def test_travel_and_tasks_are_measured_on_the_same_roads(tmp_path: Path) -> None:
    """On a tiny county no pair differs from networkx, turns or not, and circuits are optimal."""
    report = generate_county(tmp_path, size=TINY, seed=1)
    network = load_network(tmp_path / report.county.settings.osm_file)
    seconds = network.edge_length_m / 10
    rows = list(roads_travel.run(network, seconds, places=12))
    assert {row.pairs_differing for row in rows if row.ratio is not None} == {0}
    assert {row.forbidden_turns > 0 for row in rows} == {True, False}
    (tasks,) = roads_inspection.run(network, areas=2, others=6)
    assert (tasks.zones, tasks.areas) == (8, 2)
    assert tasks.seen_share_mean > 0
    (circuits,) = roads_inspection.run_exact(network, areas=3)
    assert circuits.worst_gap_percent <= 3
    assert circuits.areas >= 1


def test_loading_is_measured_in_processes_of_its_own(tmp_path: Path) -> None:
    """A tiny county's roads are loaded by us, from the cache and by OSMnx."""
    assert list(road_loading.run(tmp_path)) == []
    report = generate_county(tmp_path, size=TINY, seed=1)
    row = road_loading.measure("tiny", tmp_path / report.county.settings.osm_file)
    assert row.nodes > 0
    assert row.osmnx_ratio == pytest.approx(row.osmnx_cpu_seconds / row.load_cpu_seconds)
    assert row.cached_cpu_seconds > 0
    assert (row.load_megabytes is None) == (row.osmnx_megabytes is None)


def test_engine_and_routing_solve_the_same_problems() -> None:
    """Both solve a half-month of six zones with the patrols proven necessary, ours no dearer."""
    (row,) = engine.run([6], problems=1, seconds=0.2, routing_seconds=0.5)
    assert row.visits == 8
    assert row.our_patrols == row.routing_patrols == row.patrols_proven_necessary
    assert row.driving_ratio is not None
    assert row.driving_ratio >= 1.0
    assert row.objective_gap_percent is not None
    assert row.objective_gap_percent >= 0.0


def test_a_solution_that_is_none_is_refused() -> None:
    """A benchmark never prices routes that leave a visit out."""
    problem = half_month(4, 0)
    found = solve_by_routing(problem, 0.2)
    assert found is not None
    assert check(problem, found) == []
    with pytest.raises(AssertionError):
        engine.checked_cost(problem, replace(found, routes=found.routes[1:]))


def test_half_months_are_seeded() -> None:
    """The same tasks and seed give the same half-month, another seed another one."""
    first, again, other = half_month(15, 1), half_month(15, 1), half_month(15, 2)
    assert first.tasks == again.tasks
    assert np.array_equal(first.duration, again.duration)
    assert first.tasks != other.tasks
    assert all(fleet.fixed_cost == PATROL_COST for fleet in first.fleets)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc")
def test_memory_counts_children() -> None:
    """The peak of a block is at least what the process and a running child hold."""
    alone = family_megabytes(os.getpid())
    with (
        PeakMemory() as peak,
        subprocess.Popen(
            [sys.executable, "-c", "held = bytearray(80_000_000); input()"], stdin=subprocess.PIPE
        ) as child,
    ):
        while (together := family_megabytes(os.getpid())) and alone and together < alone + 80:
            assert child.poll() is None
        child.communicate(b"\n")
    assert alone is not None
    assert peak.megabytes is not None
    assert peak.megabytes > 0.9 * alone


def test_memory_is_unknown_without_a_process() -> None:
    """A process that is not there holds no known memory."""
    assert family_megabytes(-1) is None


@dataclass(frozen=True)
class Measured(Row):
    """A row of two measures."""

    seconds: float
    found: bool | None


def test_rows_become_a_narrow_table_and_a_csv_file(tmp_path: Path) -> None:
    """A table has a column a case, a line a measure and the notes; CSV keeps full precision."""
    rows = [Measured("small", "", 1.23456, True), Measured("large", "why", 1234.5, None)]
    console = Console(width=80, record=True, file=(tmp_path / "terminal").open("w"))
    show("title", rows, console)
    console.file.close()
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    for words in (("small", "large"), ("seconds", "1.23", "1,234"), ("found", "yes", "–")):
        assert any(all(word in line for word in words) for line in text.splitlines()), words
    assert "large: why" in text
    write_csv(rows, tmp_path / "folder" / "rows.csv")
    with (tmp_path / "folder" / "rows.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["seconds"] == "1.23456"


def test_readable_values() -> None:
    """Whole numbers get separators, small ones three figures, words stay."""
    assert [readable(v) for v in (12345, 0.01234, False, "word")] == [
        "12,345",
        "0.0123",
        "no",
        "word",
    ]


def test_the_command_knows_its_benchmarks() -> None:
    """``python -m benchmarks`` refuses a name it does not know and names those it does."""
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--only", "nothing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert all(name in ended.stderr for name in ("planning", "roads", "engine"))
