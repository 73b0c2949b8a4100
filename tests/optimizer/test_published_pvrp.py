"""The reader of Cordeau's periodic instances."""

from __future__ import annotations

from math import hypot, inf
from pathlib import Path

import pytest

from optimizer import MaxRuntime, Route, Solution, TargetObjective, check, cost_of, solve
from optimizer.published import read_pvrp

SHARED = Path(__file__).parents[3] / "shared" / "data" / "benchmarks" / "pvrp"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")

TINY = """1 2 3 3
10 5
0 7
10 5
 0 0 0 0 0 0 0
 1 3 4 2 1 1 3 4 2 1
 2 3 0 0 2 2 2 6 5
 3 0 0 0 5 0 1 7
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny"
    path.write_text(TINY)
    return path


def test_combinations_count_days_from_the_left(tiny):
    """Bit 2^(t-k) of a combination is day k: 4 of three days is the first."""
    first, second, third = read_pvrp(tiny).problem.tasks
    assert [pattern.mask for pattern in first.patterns] == [0b001, 0b010, 0b100]
    assert [pattern.mask for pattern in second.patterns] == [0b011, 0b101]
    assert [pattern.mask for pattern in third.patterns] == [0b111]


def test_limits_of_a_day_are_kept_on_that_day(tiny):
    """Days with the same limits share a fleet of m vehicles; duration 0 is no limit."""
    usual, other = read_pvrp(tiny).problem.fleets
    assert (usual.days, usual.count, usual.max_duration, usual.capacity) == (0b101, 2, 10, 5)
    assert (other.days, other.count, other.max_duration, other.capacity) == (0b010, 2, inf, 7)


def test_cost_is_travel_and_duration_has_the_service(tiny):
    """A solution costs its unrounded length; service lengthens the route only."""
    instance = read_pvrp(tiny)
    routes = (
        Route(0, 0, ((2, 0),)),
        Route(0, 0, ((0, 0), (1, 0))),
        Route(1, 1, ((1, 0), (2, 0))),
        Route(2, 0, ((2, 0),)),
    )
    solution = Solution(routes, (0, 0, 0))
    assert instance.cost_of(solution) == pytest.approx((5 + 4 + 3) + (3 + 3))
    violations = check(instance.problem, solution)
    assert [found.code for found in violations] == ["duration"]  # 12 of travel and 2 of service
    assert violations[0].amount == pytest.approx(4)


def test_a_dummy_on_the_depot_is_a_task(tiny):
    """A customer on the depot, as in p01, has a demand and takes a vehicle."""
    instance = read_pvrp(tiny)
    assert instance.problem.tasks[2].demand == 5
    assert instance.problem.cost[0, 0, 3] == 0
    assert instance.stop_names == (("1",), ("2",), ("3",))
    assert instance.vehicles == "at most 2 a day, as the file says"


def test_time_windows_behind_the_combinations_are_ignored(tmp_path):
    """Two columns more than announced are time windows, which this type does not have."""
    path = tmp_path / "windows"
    path.write_text("1 1 1 1\n0 9\n0 0 0 0 0 0 0 0 99\n1 1 0 0 1 1 1 1 7 8\n")
    assert [pattern.mask for pattern in read_pvrp(path).problem.tasks[0].patterns] == [1]


def test_one_day_and_vehicle_types_are_the_same_problem(tmp_path):
    """Type 0 has one day and may list no combination; type 3 has a vehicle type for each day."""
    path = tmp_path / "vrp"
    path.write_text("0 2 1 1\n0 9\n0 0 0 0 0\n1 3 4 0 1 0 0\n")
    instance = read_pvrp(path)
    assert (instance.kind, instance.problem.days) == ("VRP", 1)
    assert [pattern.mask for pattern in instance.problem.tasks[0].patterns] == [1]
    path.write_text("3 2 1 2\n0 9\n0 5\n0 0 0 0 0\n1 3 4 0 1 1 2 1 2\n")
    instance = read_pvrp(path)
    assert (instance.kind, instance.vehicles) == (
        "SDVRP", "at most 2 of each type, as the file says",
    )  # fmt: skip
    assert [pattern.mask for pattern in instance.problem.tasks[0].patterns] == [0b10, 0b01]
    assert [fleet.capacity for fleet in instance.problem.fleets] == [9, 5]


@pytest.mark.parametrize("remark", ["\x1a", "EOF", "\n# from the web\n  (end)  \n\n"])
def test_blanks_decimals_and_what_follows_the_last_line_do_not_matter(tmp_path, remark):
    """Copies of these files differ in tabs, decimals, blank lines and what an editor left."""
    path = tmp_path / "copy"
    path.write_text(
        "\n  1\t1   1 1 \r\n\n 0.0\t9.0 \n0 0.5 .5 0 0 0 0\n\n1 1e1 -2.25 0.0 1.0 1.0 1 1\n"
        + remark
    )
    task = read_pvrp(path).problem.tasks[0]
    assert task.demand == 1
    assert read_pvrp(path).problem.cost[0, 0, 1] == pytest.approx(hypot(9.5, 2.75))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("1 2 3 3\n", "1 2 3\n", 1, "expected 'type m n t'"),
        ("1 2 3 3\n", "2 2 3 3\n", 1, "for type 1"),
        ("1 2 3 3\n", "1 2 0 3\n", 1, "n must be a finite number >= 1"),
        ("1 2 3 3\n", "1 2 3 4\n", 8, "are announced"),
        ("10 5\n0 7", "10 5 1\n0 7", 2, "expected 'D Q'"),
        ("0 7", "0 x", 3, "capacity Q is not a number"),
        ("0 7", "0 nan", 3, "capacity Q must be a finite number"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1 3 4 2 1 1 3 4 2", 6, "3 combinations are announced"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1 3 4 2 1 1 3 4 2 8", 6, "no set of 1 to 3 days"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1 3 4 2 1 2 3 4 2 1", 6, "the frequency is 2"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1 3 4 2 1 1 0", 6, "has no visit combination"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1 3 4 2", 6, "expected 'i x y d q f a list'"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1 3 4 2 -1 1 3 4 2 1", 6, "demand q must be"),
        (" 1 3 4 2 1 1 3 4 2 1", " 1.5 3 4 2 1 1 3 4 2 1", 6, "must be a whole number"),
        (" 3 0 0 0 5 0 1 7", " 2 0 0 0 5 0 1 7", 8, "number 2 is there twice"),
        (TINY, "\n\n", 1, "the file is empty"),
    ],
)
def test_what_is_malformed_is_named_with_its_line(tiny, old, new, line, message):
    """Every malformed file is refused with its name and the line at fault."""
    assert old in TINY
    tiny.write_text(TINY.replace(old, new, 1))
    with pytest.raises(ValueError, match=message) as refused:
        read_pvrp(tiny)
    assert str(refused.value).startswith(f"{tiny}, line {line}: ")


def _one_by_one(instance):
    """Return a solution with every visit a route of its own, and its length by hand."""
    routes, length = [], 0.0
    for number, task in enumerate(instance.problem.tasks):
        place = task.modes[0].entry
        for day in range(instance.problem.days):
            if task.patterns[0].mask >> day & 1:
                fleet = next(
                    f for f, own in enumerate(instance.problem.fleets) if own.days >> day & 1
                )
                routes.append(Route(day, fleet, ((number, 0),)))
                length += 2 * instance.problem.cost[0, 0, place]
    return Solution(tuple(routes), (0,) * len(instance.problem.tasks)), length


@needs_shared
@pytest.mark.shared
def test_published_instances_are_read_whole():
    """All 32 have as many customers, vehicles and days as the table of best values says."""
    rows = [line.split(",") for line in (SHARED / "bks.csv").read_text().splitlines()[1:]]
    assert len(rows) == 32
    for name, n, vehicles, days, best, *_ in rows:
        instance = read_pvrp(SHARED / name)
        problem = instance.problem
        assert (len(problem.tasks), problem.days) == (int(n), int(days))
        assert {fleet.count for fleet in problem.fleets} == {int(vehicles)}
        assert instance.best_known == float(best)
        solution, length = _one_by_one(instance)
        assert instance.cost_of(solution) == pytest.approx(length)
        assert instance.cost_of(solution) == pytest.approx(cost_of(problem, solution))
        assert {found.code for found in check(problem, solution)} <= {"fleet-count"}


@needs_shared
@pytest.mark.shared
def test_known_quirks_of_published_instances():
    """p01's dummy stands on the depot and fills a vehicle on day 1; p11's 131 is visited once."""
    p01 = read_pvrp(SHARED / "p01").problem
    assert p01.cost[0, 0, 51] == 0
    assert p01.tasks[50].demand == p01.fleets[0].capacity == 160
    assert [pattern.mask for pattern in p01.tasks[50].patterns] == [0b01]
    p11 = read_pvrp(SHARED / "p11").problem
    assert sorted(pattern.mask for pattern in p11.tasks[130].patterns) == [1, 2, 4, 8, 16]
    assert sum(task.demand for task in p01.tasks) == 777 + 160
    assert p01.cost[0, 0, 1] == pytest.approx(hypot(37 - 30, 52 - 40))


@needs_shared
@pytest.mark.shared
def test_a_published_best_value_is_reached_to_the_cent():
    """What the engine finds for p14 costs what the literature says, counted from the file."""
    instance = read_pvrp(SHARED / "p14")
    assert instance.best_known is not None
    stop = MaxRuntime(20) | TargetObjective(instance.best_known + 0.005)
    found = solve(instance.problem, stop, seed=1).best
    assert found is not None
    assert check(instance.problem, found) == []
    assert round(instance.cost_of(found), 2) == 954.81
