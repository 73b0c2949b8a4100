"""The peers on small problems: their models, their fixed patterns, what they cannot express."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from time import process_time

import numpy as np
import pytest

from benchmarks.ortools_routing import solve_by_routing
from benchmarks.peer_model import (
    NotApplicableError,
    scale_of,
    whole_costs,
    whole_durations,
    whole_limit,
)
from benchmarks.peer_patterns import greedy_patterns
from benchmarks.peer_run import PEERS, measure_peer
from benchmarks.published_run import Job
from optimizer import Fleet, Mode, Pattern, PeriodicProblem, Task, check, cost_of

#: Places on a line, the depot at 0.
LINE = np.array([0.0, 1.0, 2.0, 3.0, -4.0, -5.0])


def on_a_line(tasks: tuple[Task, ...], *fleets: Fleet, days: int = 1) -> PeriodicProblem:
    """Return a problem on the line: cost and duration are distance."""
    apart = np.abs(LINE[:, None] - LINE[None, :])[None]
    return PeriodicProblem(apart, apart, (0,) * days, tasks, fleets)


def stop(place: int, *masks: int, demand: float = 1.0) -> Task:
    """Return a task at a place of the line."""
    return Task((Mode(place, place),), tuple(map(Pattern, masks)), demand)


def street(start: int, end: int) -> Task:
    """Return a road between two places, to be driven in either direction."""
    price = abs(LINE[start] - LINE[end])
    modes = (Mode(start, end, (price,), price), Mode(end, start, (price,), price))
    return Task(modes, (Pattern(1),), 1.0)


PROBLEMS = {
    "two depots": (
        on_a_line(
            (stop(1, 1), stop(2, 1), stop(4, 1)), Fleet(0, 0, 1, capacity=2.0), Fleet(5, 5, 1, 9.0)
        ),
        4.0 + 2.0,
    ),
    "streets": (on_a_line((street(1, 2), street(3, 2)), Fleet(0, 0, 2, capacity=2.0)), 6.0),
    "two days": (
        on_a_line(
            (stop(1, 0b0011, 0b1100), stop(3, 0b0011, 0b1100), stop(4, 0b0001, 0b0010)),
            Fleet(0, 0, 2, capacity=2.0, fixed_cost=1.0),
            days=4,
        ),
        12.0 + 8.0 + 3.0,
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("peer", PEERS)
def test_peers_solve_small_problems(name, peer):
    """Each finds a solution that passes the check at the known best cost."""
    pytest.importorskip(peer)
    problem, best = PROBLEMS[name]
    solution = PEERS[peer].solve(problem, 0.5, process_time, 1)
    assert solution is not None
    assert check(problem, solution) == []
    assert cost_of(problem, solution) == pytest.approx(best)


@pytest.mark.parametrize("peer", PEERS)
def test_peers_that_find_nothing_say_so(peer):
    """A load that fits no vehicle gives no solution, not a wrong one."""
    pytest.importorskip(peer)
    problem = on_a_line((stop(1, 1, demand=3.0),), Fleet(0, 0, 1, capacity=2.0))
    assert PEERS[peer].solve(problem, 0.2, process_time, 1) is None


@pytest.mark.parametrize("peer", PEERS)
def test_peers_refuse_what_they_cannot_express(peer):
    """Days of several classes are not applicable to either."""
    pytest.importorskip(peer)
    apart = np.zeros((2, 6, 6))
    problem = PeriodicProblem(apart, apart, (0, 1), (stop(1, 1),), (Fleet(0, 0, 1),))
    with pytest.raises(NotApplicableError):
        PEERS[peer].solve(problem, 0.2, process_time, 1)


def test_routing_refuses_patterns_of_different_lengths():
    """The k-th copy of a customer is its k-th visit: all patterns need as many."""
    problem = on_a_line((stop(1, 0b01, 0b11),), Fleet(0, 0, 1), days=2)
    with pytest.raises(NotApplicableError, match="task 0"):
        solve_by_routing(problem, 0.1)


def test_greedy_patterns_bring_neighbours_together():
    """Who may choose follows who may not; limits of load send the rest elsewhere."""
    near = (stop(1, 0b10), stop(2, 0b01, 0b10), stop(4, 0b01, 0b10))
    assert greedy_patterns(on_a_line(near, Fleet(0, 0, 1, capacity=2.0), days=2)) == (0, 1, 0)


def test_greedy_patterns_take_the_emptiest_days_where_nothing_fits():
    """A task too large for every vehicle goes where the load is least."""
    tasks = (stop(1, 0b01), stop(2, 0b01, 0b10, demand=9.0))
    assert greedy_patterns(on_a_line(tasks, Fleet(0, 0, 1, capacity=2.0), days=2)) == (0, 1)


def test_whole_numbers_are_kept_and_others_are_thousandths():
    """Whole values are taken as they are; durations round up, limits down, no way is dear."""
    problem = on_a_line((stop(1, 1),), Fleet(0, 0, 1))
    assert scale_of(problem) == 1
    assert scale_of(replace(problem, cost=problem.cost / 3)) == 1000
    values = np.array([[0.0, 1.0002], [inf, 2.0]])
    assert whole_costs(values, 1000).tolist() == [[0, 1000], [6000, 2000]]
    assert whole_durations(values, 1000).tolist() == [[0, 1001], [6003 - 3, 2000]]
    assert (whole_limit(2.9999, 1000), whole_limit(inf, 1)) == (2999, None)


def test_a_peers_run_is_judged_like_ours(tmp_path):
    """Cost by check and second count, its end the only checkpoint; nothing found is a dash."""
    path = tmp_path / "pvrp" / "p1"
    path.parent.mkdir()
    path.write_text("1 2 2 1\n0 9\n0 0 0 0 0 0 0\n1 3 0 0 1 1 1 1\n2 0 4 0 1 1 1 1\n")
    run = measure_peer(Job(path, 1, 1.0, "ortools 9", solver="ortools"))
    assert (run.cost, run.at_1, run.at_10, run.solver) == (12, 12, None, "ortools")
    path.write_text(path.read_text().replace("0 9", "0 1", 1).replace("0 4 0 1", "0 4 0 2"))
    run = measure_peer(Job(path, 1, 0.2, "ortools 9", solver="ortools"))
    assert (run.cost, run.status, run.faults) == (None, "not-found", "")
