"""The reader of mixed general routing instances."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer import Route, Solution, check, cost_of
from optimizer.published import read_mcgrp
from optimizer.published.graph import enough_vehicles

SHARED = Path(__file__).parents[3] / "shared" / "data" / "benchmarks" / "mcgrp"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")

TINY = """Name:\t\ttiny
Optimal value:\t-1
#Vehicles:\t-1
Capacity:\t10
Depot Node:\t2
#Nodes:\t\t3
#Edges:\t\t2
#Arcs:\t\t2
#Required N:\t1
#Required E:\t1
#Required A:\t1

ReN.\tDEMAND\tS. COST
N3\t4\t100

ReE.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST
E1\t1\t2\t5\t6\t100

EDGE\tFROM N.\tTO N.\tT. COST
NrE1\t2\t3\t7

ReA.\tFROM N.\tTO N.\tT. COST\tDEMAND\tS. COST
A1\t3\t1\t2\t8\t100

ARC\tFROM N.\tTO N.\tT. COST
NrA1\t1\t3\t1
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.dat"
    path.write_text(TINY)
    return path


def test_nodes_edges_and_arcs_are_tasks(tiny):
    """A node has one mode and no cost inside, an edge two, an arc one; service costs nothing."""
    instance = read_mcgrp(tiny)
    modes = [[(m.entry, m.exit, m.cost) for m in task.modes] for task in instance.problem.tasks]
    assert modes == [[(2, 2, 0)], [(0, 1, 5), (1, 0, 5)], [(2, 0, 2)]]
    assert [task.demand for task in instance.problem.tasks] == [4, 6, 8]
    assert instance.stop_names == (("3",), ("1-2", "2-1"), ("3-1",))
    assert instance.problem.fleets[0].start == 1


def test_cost_is_traversal_and_deadheading(tiny):
    """The constant cost of service is left out, one-way streets are kept."""
    instance = read_mcgrp(tiny)
    solution = Solution((Route(0, 0, ((0, 0), (1, 0))), Route(0, 0, ((2, 0),))), (0, 0, 0))
    there = min(7, 5 + 1)
    assert instance.cost_of(solution) == (there + 2 + 5) + (there + 2 + 5)
    assert cost_of(instance.problem, solution) == instance.cost_of(solution)
    assert check(instance.problem, solution) == []


def test_a_stated_number_of_vehicles_is_a_limit(tiny):
    """-1 leaves the number free, with as many as a best solution may need."""
    assert read_mcgrp(tiny).problem.fleets[0].count == enough_vehicles(18, 10) == 3
    tiny.write_text(TINY.replace("#Vehicles:\t-1", "#Vehicles:\t2"))
    assert read_mcgrp(tiny).problem.fleets[0].count == 2


@pytest.mark.parametrize(
    ("demand", "capacity", "enough"), [(0, 10, 1), (10, 10, 1), (11, 10, 2), (30, 10, 5)]
)
def test_more_vehicles_would_leave_two_that_fit_one(demand, capacity, enough):
    """With one vehicle more than enough, some two loads would fit a single vehicle."""
    assert enough_vehicles(demand, capacity) == enough
    assert 2 * demand / (enough + 1) <= capacity


def test_a_second_instance_and_an_end_mark_are_ignored(tiny):
    """Reading stops at a second Name: and at a line of -1."""
    tiny.write_text(TINY + "-1\n")
    assert len(read_mcgrp(tiny).problem.tasks) == 3
    tiny.write_text(TINY + TINY)
    assert len(read_mcgrp(tiny).problem.tasks) == 3


def test_a_remark_behind_the_last_list_is_ignored(tiny):
    """BHW's files end by saying what they are based on; before all is listed it is an error."""
    tiny.write_text(TINY + "Based on CARP instance egl e1 A\n")
    assert len(read_mcgrp(tiny).problem.tasks) == 3
    tiny.write_text(TINY.replace("NrA1\t1\t3\t1\n", "Based on CARP instance egl e1 A\n"))
    with pytest.raises(ValueError, match="line 26: expected a header, a heading or an item"):
        read_mcgrp(tiny)


def test_kinds_that_an_instance_has_none_of_are_empty_lists(tiny):
    """DI-NEARP has no arcs, BHW no edges: their headings stay, with nothing below."""
    without = TINY.replace("E1\t1\t2\t5\t6\t100\n", "").replace("NrE1\t2\t3\t7\n", "")
    tiny.write_text(
        without.replace("#Edges:\t\t2", "#Edges:\t\t0").replace(
            "#Required E:\t1", "#Required E:\t0"
        )
    )
    assert instance_stops(tiny) == (("3",), ("3-1",))


def instance_stops(path):
    """Return the names of what is served."""
    return read_mcgrp(path).stop_names


def test_an_optimal_value_in_the_file_is_the_best_known(tiny):
    """Where no table lists the instance, the file's own value counts."""
    assert read_mcgrp(tiny).best_known is None
    tiny.write_text(TINY.replace("Optimal value:\t-1", "Optimal value:\t26"))
    instance = read_mcgrp(tiny)
    assert (instance.best_known, instance.best_known_source) == (26, "the file itself")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("Capacity:\t10\n", "", 1, "the header Capacity is missing"),
        ("Capacity:\t10", "Capacity:\tten", 4, "Capacity is not a number"),
        ("#Arcs:\t\t2", "#Arcs:\t\t3", 8, "#Arcs says 3, listed are 2"),
        ("#Required N:\t1", "#Required N:\t2", 9, "#Required N says 2, listed are 1"),
        ("Depot Node:\t2", "Depot Node:\t4", 5, "the depot 4 is no node"),
        ("N3\t4\t100", "N4\t4\t100", 14, "there is no node 4"),
        ("N3\t4\t100", "N3\t4", 14, "expected 'N3, demand, service cost'"),
        ("NrE1\t2\t3\t7", "NrE1\t2\t3\t-7", 20, "traversal cost must be"),
        ("NrE1\t2\t3\t7", "NrE1\t2.5\t3\t7", 20, "from must be a whole number"),
        ("NrE1\t2\t3\t7", "X1\t2\t3\t7", 20, "expected a header, a heading or an item"),
    ],
)
def test_what_is_malformed_is_named_with_its_line(tiny, old, new, line, message):
    """Every malformed file is refused with its name and the line at fault."""
    assert old in TINY
    tiny.write_text(TINY.replace(old, new, 1))
    with pytest.raises(ValueError, match=message) as refused:
        read_mcgrp(tiny)
    assert str(refused.value).startswith(f"{tiny}, line {line}: ")


@needs_shared
@pytest.mark.shared
def test_published_instances_are_read_whole():
    """All 23 can be reached throughout, and both counts agree on a trivial solution."""
    paths = sorted(SHARED.glob("*.dat"))
    assert len(paths) == 23
    for path in paths:
        instance = read_mcgrp(path)
        problem = instance.problem
        routes = tuple(Route(0, 0, ((task, 0),)) for task in range(len(problem.tasks)))
        solution = Solution(routes, (0,) * len(routes))
        assert instance.best_known is not None
        assert instance.cost_of(solution) == cost_of(problem, solution) > instance.best_known
        assert {found.code for found in check(problem, solution)} <= {"fleet-count"}
    tasks = read_mcgrp(SHARED / "CBMix1.dat").problem.tasks
    assert (len(tasks), sum(task.demand for task in tasks)) == (11 + 37, 12156)
