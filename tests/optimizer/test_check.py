"""The independent check: a right solution passes, and every kind of mutation is named."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer import (
    Fleet,
    Mode,
    Pattern,
    PeriodicProblem,
    Route,
    Solution,
    Task,
    check,
    cost_of,
)


def line_problem(**fleet) -> PeriodicProblem:
    """Return three tasks on a line at 1, 2, 3 km from the depot, two days, a second idle fleet."""
    way = np.abs(np.arange(4.0)[:, None] - np.arange(4.0)[None, :])
    both, either = (Pattern(3, 1.0),), (Pattern(1), Pattern(2, 0.5))
    settings = {"max_duration": 12.0, "capacity": 3.0, "fixed_cost": 10.0, **fleet}
    return PeriodicProblem(
        np.stack([way, 2 * way]),
        np.stack([way, 2 * way]),
        (0, 1),
        (
            Task((Mode(1, 1, (1.0, 2.0), 0.25), Mode(1, 2)), both, 1.0),
            Task((Mode(2, 2, (1.0,)),), either, 1.0),
            Task((Mode(3, 3),), (*either, Pattern(0, 99.0)), 1.0),
        ),
        (Fleet(0, 0, 1, **settings), Fleet(0, 0, 2, 100.0, 1.0, days=1)),
    )


GOOD = Solution(
    (Route(0, 0, ((0, 0), (1, 0), (2, 0))), Route(1, 0, ((0, 0),))),
    (0, 0, 0),
)


def codes(solution: Solution, **fleet) -> set[str]:
    """Return the codes of what is wrong."""
    return {violation.code for violation in check(line_problem(**fleet), solution)}


def test_a_right_solution_passes_and_costs_its_sum():
    """Travel 6 + 4, mode 2 x 0.25, pattern 1 and two patrols at 10."""
    assert check(line_problem(), GOOD) == []
    assert cost_of(line_problem(), GOOD) == pytest.approx(6 + 4 + 0.5 + 1 + 20)


def test_limits_hold_exactly_and_break_by_a_hair():
    """A patrol of 8 (1 + 1 inside, 6 on the way) fits into 8 and not into 7.99."""
    assert codes(GOOD, max_duration=8.0) == set()
    found = check(line_problem(max_duration=7.99), GOOD)
    assert [v.code for v in found] == ["duration"]
    assert found[0].amount == pytest.approx(0.01)
    assert codes(GOOD, capacity=2.0) == {"capacity"}


FIRST, SECOND = GOOD.routes
MUTANTS = {
    "missed-visit": replace(GOOD, routes=(FIRST,)),
    "extra-visit": replace(
        GOOD, routes=(replace(FIRST, stops=((0, 0), (1, 0), (1, 0), (2, 0))), SECOND)
    ),
    "fleet-count": replace(
        GOOD,
        routes=(replace(FIRST, stops=((0, 0),)), replace(FIRST, stops=((1, 0), (2, 0))), SECOND),
    ),
    "fleet-day": replace(GOOD, routes=(FIRST, replace(SECOND, fleet=1))),
    "patterns": replace(GOOD, patterns=(0, 0)),
    "pattern-index": replace(GOOD, patterns=(1, 0, 0)),
    "day-index": replace(GOOD, routes=(FIRST, replace(SECOND, day=2))),
    "fleet-index": replace(GOOD, routes=(FIRST, replace(SECOND, fleet=-1))),
    "empty-route": replace(GOOD, routes=(*GOOD.routes, Route(0, 1, ()))),
    "task-index": replace(GOOD, routes=(FIRST, replace(SECOND, stops=((3, 0),)))),
    "mode-index": replace(GOOD, routes=(FIRST, replace(SECOND, stops=((0, 2),)))),
}


@pytest.mark.parametrize("code", MUTANTS)
def test_a_mutant_is_named(code):
    """Each mutation of the right solution is found under its own code."""
    assert code in codes(MUTANTS[code])


def test_another_pattern_means_other_days():
    """A task moved to a pattern of the other day is both missed and extra."""
    assert codes(replace(GOOD, patterns=(0, 0, 1))) == {"missed-visit", "extra-visit"}


def test_the_day_class_and_the_mode_count():
    """On day 1 ways are twice as long: the same patrol no longer fits; another mode is dearer."""
    other = Solution((Route(0, 0, ((0, 0),)), Route(1, 0, ((0, 0), (1, 0), (2, 0)))), (0, 1, 1))
    assert codes(other) == {"duration"}
    longer = replace(GOOD, routes=(FIRST, replace(SECOND, stops=((0, 1),))))
    assert cost_of(line_problem(), longer) == pytest.approx(cost_of(line_problem(), GOOD) + 1.75)


def test_a_leg_that_does_not_exist_is_no_way():
    """A leg of infinite duration or cost is a violation even without a shift limit."""
    problem = line_problem(max_duration=float("inf"))
    duration = problem.duration.copy()
    duration[0, 1, 2] = float("inf")
    assert [v.code for v in check(replace(problem, duration=duration), GOOD)] == ["no-way"]


def test_every_fault_of_a_problem_is_named_at_once():
    """A problem with several faults raises one error that lists them all."""
    problem = line_problem()
    task, fleet = problem.tasks[0], problem.fleets[0]
    mode = task.modes[0]
    with pytest.raises(ValueError, match="no location 9") as caught:
        replace(
            problem,
            day_class=(0, 5),
            duration=-problem.duration,
            cost=np.full_like(problem.cost, np.nan),
            tasks=(
                Task((), (), -1.0),
                replace(task, modes=(replace(mode, entry=9, durations=(1.0, 2.0, 3.0)),)),
                replace(task, modes=(replace(mode, durations=(-1.0,), cost=np.inf),)),
                replace(task, patterns=(Pattern(4, np.inf),)),
            ),
            fleets=(replace(fleet, start=9, count=-1, days=-1, fixed_cost=np.inf, capacity=-1.0),),
        )
    for part in (
        "cost holds NaN",
        "duration holds negative",
        "day 1: there is no day class 5",
        "task 0: it has no mode",
        "task 0: it has no pattern",
        "task 0: demand -1.0",
        "task 1: mode 0: 3 durations for 2 day classes",
        "task 2: mode 0: durations (-1.0,)",
        "task 2: mode 0: cost inf",
        "task 3: pattern 0: mask 4",
        "task 3: pattern 0: cost inf",
        "fleet 0: there is no location 9",
        "fleet 0: count -1",
        "fleet 0: days -1",
        "fleet 0: fixed cost inf",
        "fleet 0: capacity -1.0",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"duration": np.zeros((2, 4, 3))}, "duration must have shape"),
        ({"cost": np.zeros((1, 4, 4))}, "they must be equal"),
        ({"day_class": ()}, "1 to 31 days"),
    ],
)
def test_wrong_sizes_are_named(change, part):
    """Matrices that do not fit together and a problem without days are refused."""
    with pytest.raises(ValueError, match=part):
        replace(line_problem(), **change)


def test_the_problem_keeps_its_own_read_only_matrices():
    """Changing the caller's array changes nothing, and the problem's own cannot be written."""
    way = np.ones((1, 2, 2))
    problem = PeriodicProblem(way, way, (0,), (), ())
    way[:] = 7.0
    assert problem.duration.max() == 1.0
    with pytest.raises(ValueError, match="read-only"):
        problem.cost[0, 0, 0] = 5.0
