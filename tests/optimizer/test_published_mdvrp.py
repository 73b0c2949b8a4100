"""The readers of instances with several depots, of one day and periodic."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from optimizer import Route, Solution, check, cost_of
from optimizer.published import read_mdpvrp, read_mdvrp

SHARED = Path(__file__).parents[3] / "shared" / "data" / "benchmarks" / "mdvrp"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")

TINY = """2 1 3 2
0 8
20 9
1 1 0 5 4 1 2 1 2
2 2 0 0 4 1 2 1 2
3 9 0 0 4 1 2 1 2
4 0 0 0 0 0 0
5 10 0 0 0 0 0
"""
PERIODIC = """8 1 2 3 2
50 9
50 9
50 9
50 9
50 9
50 9
0 0 0 0 0 0 0 0 1000
1 10 0 0 0 0 0 0 1000
2 1 0 5 4 1 2 4 1 100 200
3 9 0 0 4 2 1 6 100 200
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny"
    path.write_text(TINY)
    return path


@pytest.fixture
def periodic(tmp_path):
    path = tmp_path / "pr00"
    path.write_text(PERIODIC)
    return path


def test_each_depot_has_a_fleet_with_its_own_limits(tiny):
    """The depots stand last in the file; their vehicles return to them."""
    first, second = read_mdvrp(tiny).problem.fleets
    assert (first.start, first.end, first.count) == (3, 3, 1)
    assert (first.max_duration, first.capacity) == (inf, 8)
    assert (second.start, second.end, second.max_duration, second.capacity) == (4, 4, 20, 9)


def test_cost_of_routes_from_two_depots(tiny):
    """Each route is as long as its own depot makes it."""
    instance = read_mdvrp(tiny)
    solution = Solution((Route(0, 0, ((0, 0), (1, 0))), Route(0, 1, ((2, 0),))), (0, 0, 0))
    assert instance.cost_of(solution) == pytest.approx(4 + 2)
    assert cost_of(instance.problem, solution) == pytest.approx(4 + 2)
    assert check(instance.problem, solution) == []
    far = Solution((Route(0, 1, ((0, 0), (1, 0))), Route(0, 0, ((2, 0),))), (0, 0, 0))
    assert instance.cost_of(far) == pytest.approx(18 + 18)
    assert [found.code for found in check(instance.problem, far)] == ["duration"]  # 18 and 5


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("2 1 3 2\n", "1 1 3 2\n", 1, "for type 2"),
        ("2 2 0 0 4 1 2 1 2", "2 2 0 0 4 1 1 1", 5, "may not use all 2 depots"),
        ("5 10 0 0 0 0 0\n", "", 7, "8 lines are announced"),
        ("5 10 0 0 0 0 0\n", "5 10 0 0 0 0 0\n6 1 1 0 0 0 0\n", 9, "8 lines are announced"),
    ],
)
def test_malformed_files_are_refused_with_the_line(tiny, old, new, line, message):
    """A malformed file is refused with its name and the line at fault."""
    assert old in TINY
    tiny.write_text(TINY.replace(old, new, 1))
    with pytest.raises(ValueError, match=message) as refused:
        read_mdvrp(tiny)
    assert str(refused.value).startswith(f"{tiny}, line {line}: ")


def test_periodic_instances_have_their_depots_first(periodic):
    """Type 8: t·d lines of limits, d depots, then customers whose time windows are ignored."""
    instance = read_mdpvrp(periodic)
    problem = instance.problem
    assert [(fleet.start, fleet.count, fleet.capacity) for fleet in problem.fleets] == [
        (0, 1, 9),
        (1, 1, 9),
    ]
    assert [[p.mask for p in task.patterns] for task in problem.tasks] == [[0b001, 0b100], [0b011]]
    assert instance.stop_names == (("2",), ("3",))
    assert (instance.kind, problem.days) == ("MDPVRP", 3)
    solution = Solution(
        (Route(2, 0, ((0, 0),)), Route(0, 1, ((1, 0),)), Route(1, 0, ((1, 0),))), (1, 0)
    )
    assert check(problem, solution) == []
    assert instance.cost_of(solution) == pytest.approx(2 + 2 + 18)
    assert cost_of(problem, solution) == pytest.approx(2 + 2 + 18)


@pytest.mark.parametrize("lines", [1, 2, 3, 6])
def test_periodic_limits_stand_once_or_for_each_day_or_depot(periodic, lines):
    """Publications differ in how often the same limits are repeated; other numbers are refused."""
    periodic.write_text(PERIODIC.replace("50 9\n" * 6, "50 9\n" * lines))
    fleets = read_mdpvrp(periodic).problem.fleets
    assert [(fleet.max_duration, fleet.capacity) for fleet in fleets] == [(50, 9)] * 2
    periodic.write_text(PERIODIC.replace("50 9\n" * 6, "50 9\n" * 5))
    with pytest.raises(ValueError, match="11 lines are announced by the header, found 10"):
        read_mdpvrp(periodic)


def test_customers_without_a_list_may_use_every_depot(tiny):
    """Some copies list no depots: then there is no restriction."""
    tiny.write_text(TINY.replace("4 1 2 1 2", "4 1 0"))
    assert len(read_mdvrp(tiny).problem.tasks) == 3


def test_periodic_limits_that_differ_are_refused(periodic):
    """Nobody says whether such limits go by day or by depot, so the reader does not guess."""
    periodic.write_text(PERIODIC.replace("50 9", "50 8", 1))
    with pytest.raises(ValueError, match=r"line 2: limits that differ"):
        read_mdpvrp(periodic)


@needs_shared
@pytest.mark.shared
def test_published_instances_are_read_whole():
    """All 23 have the customers, depots and vehicles of the table; both cost counts agree."""
    rows = [line.split(",") for line in (SHARED / "bks.csv").read_text().splitlines()[1:]]
    assert len(rows) == 23
    for name, n, vehicles, depots, best, *_ in rows:
        instance = read_mdvrp(SHARED / name)
        problem = instance.problem
        assert (len(problem.tasks), len(problem.fleets)) == (int(n), int(depots))
        assert {fleet.count for fleet in problem.fleets} == {int(vehicles)}
        assert instance.best_known == float(best)
        routes = tuple(
            Route(0, int(problem.cost[0, task, int(n) :].argmin()), ((task, 0),))
            for task in range(len(problem.tasks))
        )
        solution = Solution(routes, (0,) * len(problem.tasks))
        assert instance.cost_of(solution) == pytest.approx(cost_of(problem, solution))
        assert {found.code for found in check(problem, solution)} <= {"fleet-count"}
    assert sum(task.demand for task in read_mdvrp(SHARED / "p01").problem.tasks) == 777
