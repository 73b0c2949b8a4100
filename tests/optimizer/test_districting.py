"""Districts: even, in one piece, what is fixed kept; held to enumeration on small problems."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districting import DistrictingProblem, districts, is_in_one_piece


def grid_problem(
    columns: int, rows: int, load: list[list[int]], **changes: object
) -> DistrictingProblem:
    """Return areas on a grid with a centre in the first and one in the last corner."""
    number = {(x, y): y * columns + x for x in range(columns) for y in range(rows)}
    links = tuple(
        (number[x, y], number[x + dx, y + dy], 1.0)
        for x, y in number
        for dx, dy in ((1, 0), (0, 1))
        if (x + dx, y + dy) in number
    )
    areas = columns * rows
    problem = DistrictingProblem(
        load=np.array(load, np.int64),
        capacity=(1, 1),
        links=links,
        roots=({0: 0.0}, {areas - 1: 0.0}),
        fixed=(-1,) * areas,
    )
    return replace(problem, **changes)


def worst_of(problem: DistrictingProblem, chosen: tuple[int, ...]) -> float:
    loads = [0, 0]
    for area, centre in enumerate(chosen):
        loads[centre] += int(problem.load[area, centre])
    return max(load / size for load, size in zip(loads, problem.capacity, strict=True))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=8, max_size=8))
def test_districts_are_whole_and_between_bound_and_enumeration(loads: list[tuple[int, int]]):
    """No district is in pieces, and none enumerated in one piece beats the bound."""
    problem = grid_problem(4, 2, [list(pair) for pair in loads])
    found = districts(problem)
    assert all(is_in_one_piece(problem, found.centre_of, centre) for centre in (0, 1))
    whole = [
        chosen
        for chosen in itertools.product((0, 1), repeat=8)
        if all(is_in_one_piece(problem, chosen, centre) for centre in (0, 1))
    ]
    best = min(worst_of(problem, chosen) for chosen in whole)
    assert best <= found.worst
    assert found.bound <= found.worst
    assert found.worst == worst_of(problem, found.centre_of)


def test_equal_loads_are_shared_evenly():
    """Eight equal areas on a strip go four and four, and that is proven best."""
    found = districts(grid_problem(8, 1, [[10, 10]] * 8))
    assert found.centre_of == (0, 0, 0, 0, 1, 1, 1, 1)
    assert found.loads == (40, 40)
    assert found.optimal


def test_capacity_shifts_the_border():
    """A centre of three people takes three quarters."""
    found = districts(grid_problem(8, 1, [[10, 10]] * 8, capacity=(3, 1)))
    assert found.centre_of == (0,) * 6 + (1,) * 2


def test_what_is_fixed_stays_and_counts_as_the_centres_own():
    """The far end stays with the first centre, and its neighbours may join it there."""
    fixed = (-1, -1, -1, -1, -1, -1, -1, 0)
    problem = grid_problem(8, 1, [[10, 10]] * 8, fixed=fixed, roots=({0: 0.0}, {4: 0.0}))
    found = districts(problem)
    assert found.centre_of[7] == 0
    assert is_in_one_piece(problem, found.centre_of, 1)
    assert sorted(found.loads) == [40, 40]


def test_areas_that_nothing_joins_go_where_they_weigh_least():
    """An island is not left over."""
    load = [[10, 10]] * 3 + [[9, 2]]
    problem = DistrictingProblem(
        np.array(load), (1, 1), ((0, 1, 1.0), (1, 2, 1.0)), ({0: 0.0}, {2: 0.0}), (-1,) * 4
    )
    assert districts(problem).centre_of[3] == 1


def test_pieces_are_seen():
    """An area beyond another centre's is not in one piece with its own centre."""
    problem = grid_problem(4, 1, [[1, 1]] * 4)
    assert not is_in_one_piece(problem, (0, 1, 0, 1), 0)
    assert is_in_one_piece(problem, (0, 0, 1, 1), 0)


def test_the_same_problem_gives_the_same_districts():
    """Nothing is left to chance."""
    rng = np.random.default_rng(3)
    problem = grid_problem(6, 5, rng.integers(1, 50, (30, 2)).tolist())
    assert districts(problem, seed=5) == districts(problem, seed=5)


def test_nothing_to_share_is_an_answer():
    """Without areas nobody has anything."""
    empty = DistrictingProblem(np.zeros((0, 2), np.int64), (1, 1), (), ({}, {}), ())
    assert districts(empty).loads == (0, 0)


@pytest.mark.parametrize("changes", [{"capacity": (1, 0)}, {"capacity": (1,)}, {"fixed": (-1,)}])
def test_a_problem_that_does_not_hold_together_is_refused(changes: dict[str, object]):
    """Capacities are above 0, and every area and centre has its entries."""
    with pytest.raises(ValueError, match=r"capacity|fit"):
        grid_problem(2, 1, [[1, 1]] * 2, **changes)
