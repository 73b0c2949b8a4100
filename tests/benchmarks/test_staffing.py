"""Published shift scheduling: every rule in model and checker, the reader's faults, the search."""

from itertools import product
from pathlib import Path

import pytest

from benchmarks import staffing
from benchmarks.shift_check import check_shifts
from benchmarks.shift_instances import read_shift_instance, shift_files
from benchmarks.shift_model import OFF, cost_of, shift_model
from benchmarks.shift_search import solve_shifts
from optimizer.roster_search import Budget, RosterStatus, run

SHARED = Path(__file__).parents[3] / "shared" / "data" / "benchmarks" / "nrp"

#: One person over two weeks. ``ROW`` keeps all of it, and no limit could be tighter.
TEXT = """# comment
SECTION_HORIZON
14

SECTION_SHIFTS
E,480,
D,600,E

SECTION_STAFF
A,E=4|D=6,5520,5520,3,3,1,2

SECTION_DAYS_OFF
A,2,6

SECTION_SHIFT_ON_REQUESTS
A,0,E,5
A,0,D,7

SECTION_SHIFT_OFF_REQUESTS
A,1,E,11
A,1,D,13

SECTION_COVER
0,E,3,100,1
1,E,0,100,17
2,D,0,100,1
"""
#: The rows of two days at either edge are shorter than the least of three, which is lawful.
ROW = "EE.DDD..EED.DD"
#: Failed: A,0,D; A,1,E; two too few on day 0; one too many on day 1.
ROW_COST = 7 + 11 + 200 + 17

#: Tightened by one: the rule that ``ROW`` breaks then.
TIGHTER = [
    ("E=4", "E=3", "max shifts"),
    ("D=6", "D=5", "max shifts"),
    ("5520,5520", "5519,5519", "max minutes"),
    ("5520,5520", "5521,5521", "min minutes"),
    ("5520,5520,3,3", "5520,5520,2,2", "max consecutive shifts"),
    ("5520,5520,3,3", "5520,5520,4,4", "min consecutive shifts"),
    ("5520,5520,3,3,1", "5520,5520,3,3,2", "min consecutive days off"),
    ("3,3,1,2", "3,3,1,1", "max weekends"),
    ("A,2,6", "A,2,6,13", "days off"),
    ("E,480,", "E,480,D", "successions"),
]


def _file(folder, text=TEXT):
    path = folder / "Instance1.txt"
    path.write_text(text, newline="\r\n")
    return path


def _rows(*rows):
    return {
        name: ["" if shift == "." else shift for shift in row]
        for name, row in zip("ABC", rows, strict=False)
    }


def _solved(instance, row):
    """Solve the model with its one person's row given."""
    names = {shift.name: index for index, shift in enumerate(instance.shifts)}
    roster = (tuple(names.get(shift, OFF) for shift in row),)
    return run(shift_model(instance, [0], roster, free_days=()).model, Budget(1, 1.0)), roster


def test_a_lawful_row_is_lawful_and_costs_what_it_costs(tmp_path):
    """Checker, model and count agree on a row that keeps every limit to the brim."""
    path = _file(tmp_path)
    instance = read_shift_instance(path)
    found, roster = _solved(instance, ROW)
    assert check_shifts(path, _rows(ROW)) == ((), ROW_COST)
    assert found.closed
    assert found.value == cost_of(instance, roster) == ROW_COST


@pytest.mark.parametrize(("old", "new", "rule"), TIGHTER)
def test_each_rule_binds_in_the_model_and_in_the_checker(tmp_path, old, new, rule):
    """One limit tightened: the checker names that rule alone, the model has no such row."""
    assert TEXT.count(old) == 1
    path = _file(tmp_path, TEXT.replace(old, new))
    breaches, _ = check_shifts(path, _rows(ROW))
    assert {breach.rule for breach in breaches} == {rule}
    assert _solved(read_shift_instance(path), ROW)[0].infeasible


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ({"A": ROW, "B": ROW}, "people"),
        ({}, "people"),
        ({"A": ROW[:-1]}, "horizon"),
        ({"A": ROW.replace("D", "N")}, "shifts"),
        ({"A": "EE.DDD..EED.ED"}, "max shifts"),
        ({"A": "EE.DDD..DED.DE"}, "successions"),
        ({"A": "EEEDDD..EE..DD"}, "days off"),
    ],
)
def test_the_checker_flags_a_broken_roster(tmp_path, rows, rule):
    """Rosters of a wrong form, or with one shift changed, are flagged with the rule broken."""
    rows = {name: ["" if shift == "." else shift for shift in row] for name, row in rows.items()}
    breaches, _ = check_shifts(_file(tmp_path), rows)
    assert rule in {breach.rule for breach in breaches}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("14\n", "14.5\n", "line 3: SECTION_HORIZON: days must be a whole number"),
        ("14\n", "", "SECTION_HORIZON: one number of days is needed, not 0"),
        ("# comment", "14", "line 1: a line before the first section"),
        ("SECTION_COVER", "SECTION_COVERS", "line 23: unknown section SECTION_COVERS"),
        ("SECTION_COVER", "SECTION_STAFF", "line 23: SECTION_STAFF stands here a second time"),
        ("E,480,\n", "E,480\n", "line 6: SECTION_SHIFTS: 3 fields are needed, not 2"),
        ("D,600,E", "D,600,F", "line 7: SECTION_SHIFTS: unknown shift 'F'"),
        ("D,600,E", "E,600,E", "line 7: SECTION_SHIFTS: shift 'E' again"),
        ("E,480,", "E,0,", "line 6: SECTION_SHIFTS: minutes must be a finite number >= 1"),
        ("E=4|D=6", "E=4", "line 10: SECTION_STAFF: no maximum of shift 'D'"),
        ("E=4|D=6", "E=4|E=6", "line 10: SECTION_STAFF: 'E=6': each shift must stand there once"),
        ("3,3,1,2", "3,x,1,2", "SECTION_STAFF: min consecutive shifts is not a number: 'x'"),
        ("A,2,6", "B,2,6", "line 13: SECTION_DAYS_OFF: unknown person 'B'"),
        ("A,2,6", "A,2,14", "line 13: SECTION_DAYS_OFF: day 14 is beyond the horizon, 0 to 13"),
        ("A,2,6", "A,2,2", "line 13: SECTION_DAYS_OFF: a person or a day stands there twice"),
        ("A,2,6", "A", "line 13: SECTION_DAYS_OFF: a person and at least one day are needed"),
        ("A,0,D,7", "A,0,E,7", "line 17: SECTION_SHIFT_ON_REQUESTS: the same request"),
        ("A,1,D,13", "A,1,D,-1", "SECTION_SHIFT_OFF_REQUESTS: weight must be a finite number >= 0"),
        ("2,D,0", "1,E,0", "line 26: SECTION_COVER: the same day and shift stand there twice"),
    ],
)
def test_the_reader_names_section_and_line_of_a_fault(tmp_path, old, new, message):
    """Each malformed file is refused, and the message says where and why."""
    path = _file(tmp_path, TEXT.replace(old, new, 1))
    with pytest.raises(ValueError, match=r"Instance1\.txt") as refusal:
        read_shift_instance(path)
    assert message in str(refusal.value)


def test_a_missing_section_is_named(tmp_path):
    """A file cut short lacks its last section."""
    path = _file(tmp_path, TEXT[: TEXT.index("SECTION_COVER")])
    with pytest.raises(ValueError, match="SECTION_COVER is missing"):
        read_shift_instance(path)


PAIR = """SECTION_HORIZON
7
SECTION_SHIFTS
D,480,
SECTION_STAFF
A,D=7,2400,960,4,2,2,1
B,D=7,1920,480,3,1,1,0
SECTION_DAYS_OFF
A,3
SECTION_SHIFT_ON_REQUESTS
B,5,D,3
A,0,D,2
SECTION_SHIFT_OFF_REQUESTS
A,1,D,4
SECTION_COVER
""" + "".join(f"{day},D,{1 + day % 2},10,6\n" for day in range(7))


def test_the_search_finds_and_proves_the_best_of_all_rosters(tmp_path):
    """Two people over a week: the optimum is that of all 16,384 pairs of rows."""
    path = _file(tmp_path, PAIR)
    rows = ["".join(row) for row in product(".D", repeat=7)]
    idle = "." * 7
    lawful = {
        "A": [r for r in rows if not _breaches_of("A", path, r, idle)],
        "B": [r for r in rows if not _breaches_of("B", path, idle, r)],
    }
    best = min(check_shifts(path, _rows(a, b))[1] for a, b in product(lawful["A"], lawful["B"]))
    result = solve_shifts(read_shift_instance(path), Budget(1, 2.0))
    assert result.status is RosterStatus.OPTIMAL
    assert cost_of(read_shift_instance(path), result.roster) == result.lower_bound == best
    assert result == solve_shifts(read_shift_instance(path), Budget(1, 2.0))


def _breaches_of(name, path, *rows):
    breaches, _ = check_shifts(path, _rows(*rows))
    return [breach for breach in breaches if breach.message.startswith(name)]


def test_a_person_without_a_lawful_row_is_a_proof(tmp_path):
    """Six shifts owed, five possible around a day off: infeasible, not merely unsolved."""
    path = _file(tmp_path, PAIR.replace("2400,960", "2880,2880"))
    result = solve_shifts(read_shift_instance(path), Budget(1, 1.0))
    assert result.status is RosterStatus.INFEASIBLE
    assert result.roster is None


def test_the_command_runs_once_and_shows_the_table(tmp_path, capsys):
    """A run is kept with its figures and not made again; without a ``bks.csv``: unknown."""
    _file(tmp_path, PAIR)
    out = tmp_path / "out.csv"
    command = [str(tmp_path), "--seconds", "2", "--out", str(out)]
    assert staffing.main(command) == 0
    assert "| Instance1 | 2 | 1 | unknown | 2 | 1 |" in capsys.readouterr().out
    kept = out.read_text()
    assert staffing.main(command) == 0
    assert out.read_text() == kept
    assert staffing.main([str(tmp_path), "--only", "none", "--out", str(out)]) == 2


def test_a_roster_with_a_breach_is_refused(tmp_path):
    """The judgement names the rule; a lawful roster passes."""
    path = _file(tmp_path)
    instance = read_shift_instance(path)
    lawful = _solved(instance, ROW)[1]
    assert staffing.judge(path, instance, lawful) == ""
    assert "min minutes" in staffing.judge(path, instance, ((OFF,) * 14,))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not here")
def test_all_published_instances_are_read():
    """Twelve files, each with a best known value and a need for every shift of every day."""
    instances = [read_shift_instance(path) for path in shift_files(SHARED)]
    assert [instance.name for instance in instances] == [f"Instance{n}" for n in range(1, 13)]
    for instance in instances:
        assert instance.best_known
        assert len(instance.covers) == instance.day_count * len(instance.shifts)
