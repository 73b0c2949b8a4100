"""The benchmark on published instances: runs, what is done already, records and tables."""

from __future__ import annotations

import json
from dataclasses import replace
from math import cos, inf, sin

import pytest

from benchmarks import (
    engine_published,
    peer_run,
    published_bounds,
    published_records,
    published_run,
)
from benchmarks.engine_published import main, still_open
from benchmarks.peer_run import PEERS
from benchmarks.published_bounds import Bound, best_bounds, compute_bound
from benchmarks.published_run import Job, Run, cost_at, faults_of, write_record
from benchmarks.published_store import append_row, read_rows
from benchmarks.published_table import gaps_at, summary, tables, whole_seeds
from optimizer import CostBound, Progress, Result, Route, Solution, SolveStatus
from optimizer.published import read_instance

#: A customer 3 and one 4 away from the depot at a right angle: together 12, apart 14.
TWO = "1 2 2 1\n0 9\n0 0 0 0 0 0 0\n1 3 0 0 1 1 1 1\n2 0 4 0 1 1 1 1\n"
RUN = Run(
    set="pvrp", instance="p1", seed=1, seconds=10.0, best_known=100.0, cost=102.0, at_1=110.0,
    at_10=102.0, at_60=None, at_300=None, lower_bound=50.0, seconds_to_best=7.5, iterations=9,
    wall_seconds=10.0, cpu_seconds=9.0, status="time-limit", vehicles="at most 2", faults="",
    day="2026-01-01", clock="cpu", version="abc",
)  # fmt: skip

BOUND = Bound("pvrp", "p1", 10.0, 11.0, 9.0, "columns", "yes", "cpu", "2026-01-01")


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
    asked = [str(folder), "--seconds", "5", "--only", "pvrp/p1", "--out", str(tmp_path / "r.csv")]
    assert main(asked) == 0
    (run,) = read_rows(Run, tmp_path / "r.csv")
    assert (run.cost, run.at_1, run.at_300, run.faults) == (12, 12, 12, "")
    assert run.cpu_seconds < 5  # it met the best known value
    assert "[1/1] pvrp/p1 xuncha seed 1: 12.00" in capsys.readouterr().out
    assert main(asked) == 0
    assert "1 runs, 1 of them done" in capsys.readouterr().out
    assert read_rows(Run, tmp_path / "r.csv") == [run]
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


def test_records_are_read_back_and_judged_anew(folder, tmp_path, monkeypatch, capsys):
    """A true record is confirmed; a wrong cost, a strange stop or no instance are told."""
    monkeypatch.setattr(published_run, "RECORDS", tmp_path / "records")
    monkeypatch.setattr(published_records, "RECORDS", tmp_path / "records")
    instance = read_instance(folder / "pvrp" / "p2")
    together = Solution((Route(0, 0, ((0, 0), (1, 0))),), (0, 0))
    write_record(Job(folder / "pvrp" / "p2", 1, 5.0, ""), instance, together, 12.0)
    assert published_records.main([str(folder)]) == 0
    assert "pvrp/p2: confirmed: 12.00, 7.69 % below 13" in capsys.readouterr().out
    path = tmp_path / "records" / "pvrp" / "p2.json"
    true = path.read_text()
    for old, new, said in (
        ('"cost": 12.0', '"cost": 11.0', "the solver says 11.0, counted from the file it is 12"),
        ('"1"', '"7"', "not of this instance: '7'"),
        ('"2"', '"1"', "not of this instance"),
        ('"instance": "p2"', '"instance": "p1"', "12.0 is not below the best known value, 12"),
        ('"instance": "p2"', '"instance": "p9"', "its instance is missing"),
    ):
        assert old in true
        path.write_text(true.replace(old, new))
        assert published_records.main([str(folder)]) == 1
        assert said in capsys.readouterr().out
    assert published_records.main([]) == 2


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
        append_row(run, tmp_path / "runs.csv")
    assert read_rows(Run, tmp_path / "runs.csv") == [RUN, nothing]
    assert read_rows(Run, tmp_path / "none.csv") == []


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


def test_a_seed_counts_once_every_instance_was_run_that_long():
    """What some seeds solved early does not stand for the instances that they did not."""
    solved = replace(RUN, instance="p2", cost=100.0, at_10=100.0, at_60=100.0)
    whole = [replace(run, seed=2, seconds=60.0) for run in (RUN, solved)]
    assert whole_seeds([RUN, solved, *whole], 10) == {1, 2}
    assert whole_seeds([RUN, solved, *whole], 60) == {2}


def test_tables_show_best_average_worst_and_what_was_refused():
    """One line a set, one an instance; runs that found nothing and refused results are told."""
    missed = replace(RUN, instance="p10", at_10=None, cost=None, faults="missed")
    runs = [
        RUN,
        replace(RUN, seed=2, at_10=104.0, cost=104.0),
        *(missed, replace(missed, seed=2)),
    ]
    text = tables(runs, {})
    assert "| p1 | 100 | 2 | 10.00 / 10.00 / 10.00 | 2.00 / 3.00 / 4.00 | – | – | 50.00 |" in text
    assert "| p10 | 100 | 2 | 10.00 / 10.00 / 10.00 | – (2 without) |" in text
    assert "- pvrp p10 xuncha seed 1: missed" in text
    assert "at least 90% of a core" in text


def test_bounds_of_their_own_file_count_where_they_are_higher():
    """The best of a run's bound and the kept one is shown, once an instance."""
    assert " | 50.00 | 7.5 |" in tables([RUN], {("pvrp", "p1"): 40.0})
    assert " | 20.00 | 7.5 |" in tables([RUN], {("pvrp", "p1"): 80.0, ("pvrp", "p2"): 99.0})
    assert best_bounds([BOUND, replace(BOUND, lower=12.0), replace(BOUND, lower=None)]) == {
        ("pvrp", "p1"): 12.0
    }


def test_peers_stand_in_the_same_table_and_are_compared_where_both_were_run():
    """Averages where both found something; less, same, more by our worst seed; nothing counts."""
    peer = replace(RUN, solver="ortools", cost=104.0, at_10=104.0, version="ortools 9")
    runs = [
        RUN,
        replace(RUN, seed=2, at_10=104.0, cost=104.0),
        peer,
        replace(RUN, instance="p2", at_10=103.0),
        replace(peer, instance="p2", cost=110.0),
        replace(RUN, instance="p3", at_10=103.0),
        replace(peer, instance="p3", cost=None),
        replace(RUN, instance="p4", at_10=None),
        replace(peer, instance="p4", cost=101.0),
        replace(peer, instance="p5", cost=101.0),
    ]
    text = summary(runs, {})
    assert "| OR-Tools routing | pvrp | 4 | 3.00 | 7.00 | 1 | 1 | 1 | 1 |" in text
    assert "| 4.00 (1 without) |" in text
    assert "engine abc, ortools 9" in text
    assert "the run's own processor time" in text
    assert "cheapest insertion" in text
    others = [replace(run, set="mdvrp") for run in runs]
    assert "| OR-Tools routing | all | 8 | 3.00 | 7.00 | 2 | 2 | 2 | 2 |" in summary(
        [*runs, *others], {}
    )
    cannot = replace(peer, cost=None, status="not-applicable")
    assert "| not applicable |" in summary([RUN, cannot], {})
    assert "Against" not in summary([RUN, cannot], {})
    assert "No runs yet" in summary([], {})


@pytest.mark.parametrize("clock", ["cpu", "wall"])
def test_a_run_ends_by_its_clock(folder, clock):
    """The seconds are those of the run's clock; the end is a time limit, checkpoints are kept."""
    (folder / "pvrp" / "bks.csv").write_text("instance,best_known\np1,1\n")
    (folder / "pvrp" / "p1").write_text(many_customers())
    version = published_run.engine_version()
    run = published_run.measure(Job(folder / "pvrp" / "p1", 1, 1.0, version, clock=clock))
    assert (run.status, run.clock, run.at_1 is None, run.at_10) == (
        "time-limit",
        clock,
        False,
        None,
    )
    assert 0.9 < (run.cpu_seconds if clock == "cpu" else run.wall_seconds) < 3.0


def test_the_end_of_the_clock_is_no_interruption(tmp_path):
    """Cut off with a solution is a time limit, without one nothing found; Ctrl-C stays itself."""
    watch = published_run.Watch(0.0, "cpu")
    cut = Result(SolveStatus.INTERRUPTED, None)
    assert watch.status(cut) == "interrupted"
    with pytest.raises(KeyboardInterrupt):
        watch(Progress(1, 0.0, 7.0, 0.0))
    assert [objective for _, objective in watch.moments] == [7.0]
    assert watch.status(cut) == "not-found"
    assert watch.status(replace(cut, best=Solution((), ()))) == "time-limit"
    assert watch.status(replace(cut, status=SolveStatus.OPTIMAL)) == "optimal"


def many_customers() -> str:
    """Return a file of thirty customers on a spiral, two vehicles, two days of which one counts."""
    rows = [f"{i} {i * cos(i):.3f} {i * sin(i):.3f} 0 1 1 2 1 2" for i in range(1, 31)]
    return "\n".join(["1 2 30 2", "0 9", "0 9", "0 0 0 0 0 0 0", *rows])


def test_a_run_that_fails_is_told_and_stays_undone(folder, tmp_path, capsys, monkeypatch):
    """A malformed instance fails its own run only; the exit code says so."""
    monkeypatch.setattr(published_run, "RECORDS", tmp_path / "records")
    (folder / "pvrp" / "p2").write_text(TWO.replace("2 0 4 0 1", "2 0 4 0 x"))
    asked = [str(folder), "--seconds", "5", "--out", str(tmp_path / "r.csv")]
    assert main(asked) == 1
    assert "p2, line 5: demand q is not a number: 'x'" in capsys.readouterr().err
    assert [run.instance for run in read_rows(Run, tmp_path / "r.csv")] == ["p1"]


def test_peers_and_bounds_are_kept_beside_the_results(folder, tmp_path, capsys, monkeypatch):
    """Without a run of ours: each peer once, a bound once, tables from what is there."""
    pytest.importorskip("pyvrp")
    monkeypatch.setattr(published_run, "RECORDS", tmp_path / "records")
    monkeypatch.setattr(peer_run, "PEER_SECONDS", 1.0)
    monkeypatch.setattr(engine_published, "PEER_SECONDS", 1.0)
    asked = [str(folder), "--peers-only", "--peers", "ortools,pyvrp", "--only", "p1"]
    asked += ["--out", str(tmp_path / "r.csv"), "--summary", str(tmp_path / "summary.md")]
    assert main(asked) == 0
    runs = read_rows(Run, tmp_path / "peers.csv")
    assert {run.solver for run in runs} == {"ortools", "pyvrp"}
    assert [(run.cost, run.at_1, run.at_10) for run in runs] == [(12, 12, None)] * 2
    assert "2 runs, 0 of them done" in capsys.readouterr().out
    assert main(asked) == 0
    assert "2 runs, 2 of them done" in capsys.readouterr().out
    append_row(BOUND, tmp_path / "bounds.csv")
    assert main([*asked, "--tables"]) == 0
    assert "| p1 | 12 | 0 | – | – | – | – | 8.33 |" in capsys.readouterr().out
    assert "## pvrp" not in (tmp_path / "summary.md").read_text()


def test_bounds_are_computed_once(folder, tmp_path, monkeypatch):
    """Each instance's bound is asked for in its seconds, none that is known as well already."""
    asked: list[Job] = []

    def bound_at_once(works, side_by_side):
        asked.extend(work.job for work in works)
        return sum(
            work.keep(replace(BOUND, instance=work.job.instance_key[1])) == "" for work in works
        )

    monkeypatch.setattr(engine_published, "work_off", bound_at_once)
    command = [str(folder), "--peers-only", "--bounds", "10", "--out", str(tmp_path / "r.csv")]
    assert main(command) == main(command) == 0
    assert [(job.instance_key[1], job.seconds) for job in asked] == [("p1", 10), ("p2", 10)]
    assert main([*command[:3], "20", *command[4:]]) == 0
    assert len(asked) == 4


def test_a_bound_is_what_the_optimizer_proves(folder, monkeypatch):
    """The optimizer's bound within the seconds asked; none is no number."""
    monkeypatch.setattr(published_bounds, "limit_processor", lambda seconds: None)
    job = Job(folder / "pvrp" / "p1", 0, 7.0, "")
    bound = compute_bound(job)
    assert (bound.set, bound.instance, bound.seconds, bound.clock) == ("pvrp", "p1", 7.0, "cpu")
    assert 0 < bound.lower <= 12
    assert bound.summary.startswith(f"at least {bound.lower} (")
    nothing = lambda problem, **options: CostBound(inf, "impossible")  # noqa: E731
    monkeypatch.setattr(published_bounds, "cost_lower_bound", nothing)
    assert compute_bound(job).lower is None


def test_a_file_of_an_older_version_gets_the_new_columns(tmp_path):
    """Missing columns have their defaults, and are there after the next row; others are refused."""
    path = tmp_path / "runs.csv"
    append_row(RUN, path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.rsplit(",", 3)[0] for line in lines) + "\n")
    older = replace(RUN, clock="wall", version="")
    assert read_rows(Run, path) == [older]
    append_row(replace(RUN, seed=2), path)
    assert read_rows(Run, path) == [older, replace(RUN, seed=2)]
    with pytest.raises(ValueError, match=r"runs\.csv is no file of Bounds"):
        read_rows(Bound, path)


@pytest.mark.parametrize("wrong", ["vroom", "pyvrp"])
def test_peers_that_are_not_there_are_refused(folder, wrong, capsys, monkeypatch):
    """An unknown name, or a package that is not installed, is said before anything runs."""
    monkeypatch.setitem(PEERS, "pyvrp", replace(PEERS["pyvrp"], package="surely-not-there"))
    with pytest.raises(SystemExit):
        main([str(folder), "--peers", wrong])
    assert wrong in capsys.readouterr().err


def test_a_listed_value_that_takes_more_vehicles_is_replaced_and_told():
    """val1C is measured against what is proven for its eight vehicles; the rest is left alone."""
    other = replace(
        RUN, set="carp val", instance="val1C", best_known=245.0, cost=253.0, at_10=253.0
    )
    text = tables([other, RUN], {})
    assert "val1C: against 253" in text
    assert "the list has 245" in text
    row = next(line for line in text.splitlines() if line.startswith("| val1C "))
    assert "| 253 |" in row
    assert "0.00 / 0.00 / 0.00" in row
    assert "against 253" not in tables([RUN], {})
