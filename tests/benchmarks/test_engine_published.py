"""The benchmark on published instances: runs, what is done already, records and tables."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

import pytest

from benchmarks import engine_published, published_run
from benchmarks.engine_published import append_run, main, read_runs, still_open
from benchmarks.published_run import Job, Run, cost_at, faults_of, write_record
from benchmarks.published_table import gaps_at, tables
from optimizer import Route, Solution
from optimizer.published import read_instance

#: A customer 3 and one 4 away from the depot at a right angle: together 12, apart 14.
TWO = "1 2 2 1\n0 9\n0 0 0 0 0 0 0\n1 3 0 0 1 1 1 1\n2 0 4 0 1 1 1 1\n"
RUN = Run(
    set="pvrp", instance="p1", seed=1, seconds=10.0, best_known=100.0, cost=102.0, at_1=110.0,
    at_10=102.0, at_60=None, at_300=None, lower_bound=50.0, seconds_to_best=7.5, iterations=9,
    wall_seconds=10.0, cpu_seconds=9.0, status="time-limit", vehicles="at most 2", faults="",
    day="2026-01-01",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pvrp"
    folder.mkdir()
    (folder / "p1").write_text(TWO)
    (folder / "p2").write_text(TWO)
    (folder / "bks.csv").write_text("instance,best_known\np1,12\np2,13\n")
    return tmp_path


def test_runs_are_made_once_and_recorded(folder, tmp_path, capsys, monkeypatch):
    """The first call makes the runs, the second none; a value below the best known is kept."""
    monkeypatch.setattr(published_run, "RECORDS", tmp_path / "records")
    monkeypatch.setattr(engine_published, "SIDE_BY_SIDE", 1)
    asked = [str(folder), "--seconds", "5", "--only", "pvrp/p1", "--out", str(tmp_path / "r.csv")]
    assert main(asked) == 0
    (run,) = read_runs(tmp_path / "r.csv")
    assert (run.cost, run.at_1, run.at_300, run.faults) == (12, 12, 12, "")
    assert run.wall_seconds < 5  # it met the best known value
    assert "[1/1] pvrp/p1 seed 1: 12.00" in capsys.readouterr().out
    assert main(asked) == 0
    assert "1 runs, 1 of them done" in capsys.readouterr().out
    assert read_runs(tmp_path / "r.csv") == [run]
    assert "| p1 | 12 | 1 | 0.00 / 0.00 / 0.00 |" in (tmp_path / "r.md").read_text()


def test_a_changed_engine_stops_its_runs(folder):
    """A run is refused when the engine is not the one whose results the file holds."""
    with pytest.raises(RuntimeError, match="the engine was changed"):
        published_run.measure(Job(folder / "pvrp" / "p1", 1, 1.0, "another"))


def test_a_better_value_than_the_best_known_is_written_down(folder, tmp_path, monkeypatch):
    """A record names the stops in the file's terms; a worse one never replaces it."""
    monkeypatch.setattr(published_run, "RECORDS", tmp_path / "records")
    run = published_run.measure(Job(folder / "pvrp" / "p2", 1, 5.0, published_run.engine_version()))
    path = tmp_path / "records" / "pvrp" / "p2.json"
    record = json.loads(path.read_text())
    assert run.cost == record["cost"] == 12
    assert sorted(record["routes"][0]["stops"]) == ["1", "2"]
    instance = read_instance(folder / "pvrp" / "p2")
    apart = Solution((Route(0, 0, ((0, 0),)), Route(0, 0, ((1, 0),))), (0, 0))
    write_record(Job(folder / "pvrp" / "p2", 1, 5.0, ""), instance, apart, 14.0)
    assert json.loads(path.read_text()) == record


def test_results_are_judged_twice(folder):
    """A violation is a fault, and so is a cost that the file's numbers deny."""
    instance = read_instance(folder / "pvrp" / "p1")
    together = Solution((Route(0, 0, ((0, 0), (1, 0))),), (0, 0))
    assert faults_of(instance, None, inf) == ""
    assert faults_of(instance, together, 12.0) == ""
    assert "counted from the file it is 12" in faults_of(instance, together, 11.9)
    assert "1 violations" in faults_of(instance, Solution((Route(0, 0, ((0, 0),)),), (0, 0)), 6.0)


def test_runs_survive_the_csv_file(tmp_path):
    """What is appended is read back the same, nothing known included."""
    nothing = replace(RUN, best_known=None, cost=None, at_1=None, status="not-found")
    for run in (RUN, nothing):
        append_run(run, tmp_path / "runs.csv")
    assert read_runs(tmp_path / "runs.csv") == [RUN, nothing]
    assert read_runs(tmp_path / "none.csv") == []


def test_only_what_is_missing_is_run(folder):
    """Done is the same instance, seed and length; the solved may be left out altogether."""
    jobs = [Job(folder / "pvrp" / "p1", seed, 10.0, "") for seed in (1, 2)]
    assert still_open(jobs, [RUN], skip_reached=False) == jobs[1:]
    assert still_open(jobs, [replace(RUN, seconds=60.0)], skip_reached=False) == jobs
    solved = replace(RUN, seed=3, cost=100.004)
    assert still_open(jobs, [solved], skip_reached=True) == []
    assert still_open(jobs, [solved], skip_reached=False) == jobs


def test_sets_are_told_apart_by_folder_and_first_letters(tmp_path):
    """A folder of several sets gives several; single letters say nothing."""
    keys = [
        Job(tmp_path / "carp" / name, 1, 1.0, "").instance_key for name in ("egl-e1-A.dat", "p01")
    ]
    assert keys == [("carp egl", "egl-e1-A"), ("carp", "p01")]


def test_the_best_cost_by_a_moment():
    """The last improvement until then counts, nothing before the first."""
    moments = [(0.5, 9.0), (2.0, 8.0)]
    assert [cost_at(moments, at) for at in (0.1, 1, 2, 9)] == [None, 9, 8, 8]


def test_the_shortest_run_that_is_long_enough_counts():
    """A longer run does not improve an earlier checkpoint; a solved one counts at all."""
    longer = replace(RUN, seconds=60.0, at_10=101.0, at_60=100.5)
    assert gaps_at([longer, RUN], 10) == {"p1": [pytest.approx(2.0)]}
    assert gaps_at([longer, RUN], 60) == {"p1": [pytest.approx(0.5)]}
    assert gaps_at([RUN], 60) == {}
    solved = replace(RUN, instance="p2", cost=100.0, at_60=100.0)
    assert gaps_at([solved], 60) == {"p2": [0.0]}


def test_tables_show_best_average_worst_and_what_was_refused():
    """One line a set, one an instance; runs that found nothing and refused results are told."""
    runs = [
        RUN,
        replace(RUN, seed=2, at_10=104.0, cost=104.0),
        replace(RUN, instance="p10", at_10=None, cost=None, faults="missed"),
    ]
    text = tables(runs)
    assert "| p1 | 100 | 2 | 10.00 / 10.00 / 10.00 | 2.00 / 3.00 / 4.00 | – | – | 50.00 |" in text
    assert "| p10 | 100 | 1 | 10.00 / 10.00 / 10.00 | – (1 without) |" in text
    assert "- pvrp p10 seed 1: missed" in text
    assert "at least 90% of a core" in text


def test_a_run_that_fails_is_told_and_stays_undone(folder, tmp_path, capsys, monkeypatch):
    """A malformed instance fails its own run only; the exit code says so."""
    monkeypatch.setattr(published_run, "RECORDS", tmp_path / "records")
    (folder / "pvrp" / "p2").write_text(TWO.replace("2 0 4 0 1", "2 0 4 0 x"))
    asked = [str(folder), "--seconds", "5", "--out", str(tmp_path / "r.csv")]
    assert main(asked) == 1
    assert "p2, line 5: demand q is not a number: 'x'" in capsys.readouterr().err
    assert [run.instance for run in read_runs(tmp_path / "r.csv")] == ["p1"]
