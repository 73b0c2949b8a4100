"""Covering tours against all circuits there are, and the rural postman as one of their kind."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from network import (
    InspectionSettings,
    RoadNetwork,
    Site,
    covering_kernels,
    covering_tours,
    inspection_tasks,
)
from network.covering import CoveringProblem, Tour, covering_circuit, covering_way, warm_up
from network.covering_exact import MOST_SAMPLES, exact_circuit_m, neighbour_steps


def words_of(table: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return rows of booleans as words of 64 bits."""
    padded = np.zeros((*table.shape[:-1], 64), bool)
    padded[..., : table.shape[-1]] = table
    return np.packbits(padded, axis=-1, bitorder="little").view(np.uint64)


def problem_on(
    steps: dict[tuple[int, int], tuple[float, set[int]]],
    places: int,
    samples: int,
    needed: int,
    must: tuple[int, ...] = (),
) -> CoveringProblem:
    """Return the problem of directed steps (pair -> metres, samples shown on it)."""
    graph = np.full((places, places), np.inf)
    for (start, end), (metres, _) in steps.items():
        graph[start, end] = metres
    np.fill_diagonal(graph, 0.0)
    metres, before = shortest_path(graph, return_predecessors=True)
    table = np.zeros((places, places, samples), bool)
    for start, end in np.ndindex(places, places):
        at = end
        while at != start:
            previous = int(before[start, at])
            table[start, end, list(steps[previous, at][1])] = True
            at = previous
    return CoveringProblem(metres, words_of(table), needed, np.isin(np.arange(places), must))


def random_problem(seed: int, rows: int = 2, columns: int = 4) -> CoveringProblem:
    """Return a crooked grid of streets, some one-way, that show fields within 150 m of them."""
    rng = np.random.default_rng(seed)
    xy = np.array([(100.0 * c, 100.0 * r) for r in range(rows) for c in range(columns)])
    xy += rng.uniform(-30, 30, xy.shape)
    fields = shapely.points(
        rng.uniform((-150, -150), (100 * columns + 50, 100 * rows + 50), (14, 2))
    )
    steps: dict[tuple[int, int], tuple[float, set[int]]] = {}
    for start, end in combinations(range(rows * columns), 2):
        street = shapely.LineString(xy[[start, end]])
        across = end == start + 1 and end % columns > 0
        if across or end == start + columns:
            near = set(np.flatnonzero(shapely.dwithin(fields, street, 150)).tolist())
            steps[start, end] = steps[end, start] = (street.length, near)
    for pair in sorted(steps)[seed % 3 :: 9]:
        start, end = pair
        steps[pair] = (steps[pair][0] * 3, steps[pair][1])  # against a one-way street: far round
    from_places = shapely.dwithin(fields[None, :], shapely.points(xy)[:, None], 150)
    must = (int(rng.integers(rows * columns)),) if seed % 3 == 0 else ()
    problem = problem_on(steps, rows * columns, 14, 0, must)
    seen = problem.seen | words_of(from_places)[:, None] | words_of(from_places)[None, :]
    visible = int(np.bitwise_count(np.bitwise_or.reduce(seen.reshape(-1, 1))).sum())
    return replace(problem, seen=seen, needed=math.ceil(0.9 * visible))


def cheapest(problem: CoveringProblem, ends: tuple[int, int] | None = None) -> float:
    """Return the metres of the best circuit (or way between two ends), by trying all stops."""
    places, best = range(len(problem.metres)), math.inf
    inner = [place for place in places if ends is None or place not in ends]
    for size in range(0 if ends else 1, len(inner) + 1):
        for chosen in combinations(inner, size):
            for order in permutations(chosen) if ends else permutations(chosen[1:]):
                stops = (ends[0], *order, ends[1]) if ends else (chosen[0], *order, chosen[0])
                legs = list(pairwise(stops))
                metres = sum(float(problem.metres[leg]) for leg in legs)
                if metres < best and does(problem, legs, set(stops)):
                    best = metres
    return best


def does(problem: CoveringProblem, legs: list[tuple[int, int]], stops: set[int]) -> bool:
    """Return whether a drive over the legs sees enough and passes the places that it must."""
    seen = np.zeros(problem.seen.shape[2], np.uint64)
    for start, end in legs:
        seen |= problem.seen[start, end]
    enough = int(np.bitwise_count(seen).sum()) >= problem.needed
    return enough and set(np.flatnonzero(problem.must).tolist()) <= stops


@pytest.mark.parametrize("seed", range(9))
def test_circuits_are_the_shortest_there_are(seed: int) -> None:
    """The search meets the dynamic programme, and that the best of all orders of all stops."""
    problem = random_problem(seed)
    tour = covering_circuit(problem)
    assert does(problem, list(tour.legs) or [(tour.stops[0],) * 2], set(tour.stops))
    assert tour.seen_count >= problem.needed
    exact = exact_circuit_m(problem, math.inf)
    assert exact == pytest.approx(cheapest(problem))
    assert tour.metres == pytest.approx(exact)


@pytest.mark.parametrize("seed", range(30, 42))
def test_longer_circuits_are_within_three_per_cent(seed: int) -> None:
    """On twenty places, too many for all orders, the dynamic programme says what is shortest."""
    problem = random_problem(seed, 4, 5)
    tour, exact = covering_circuit(problem), exact_circuit_m(problem, math.inf)
    assert exact - 1e-6 <= tour.metres <= 1.03 * exact + 1e-6


def test_what_only_a_way_shows_is_driven_for() -> None:
    """A field seen from the middle of a street, but from none of its ends, is found."""
    steps = {(0, 1): (10.0, {0}), (1, 0): (10.0, {0}), (1, 2): (400.0, {1}), (2, 1): (400.0, {1})}
    problem = problem_on(steps, 3, 2, 2)
    assert covering_circuit(problem).metres == exact_circuit_m(problem, math.inf) == 820.0


@pytest.mark.parametrize("seed", [1, 4])
def test_ways_through_are_near_the_shortest(seed: int) -> None:
    """From one place to another, within a twentieth of the best of all orders of all stops."""
    problem = random_problem(seed)
    way = covering_way(problem, covering_circuit(problem), 0, 3)
    assert (way.stops[0], way.stops[-1]) == (0, 3)
    assert does(problem, list(way.legs), set(way.stops))
    assert way.metres <= cheapest(problem, (0, 3)) * 1.05 + 1e-6


def test_only_shorter_circuits_are_looked_for() -> None:
    """Below the length of the best there is none; from it on it is found."""
    problem = random_problem(1)
    best = exact_circuit_m(problem, math.inf)
    assert exact_circuit_m(problem, best - 0.01) == math.inf
    assert exact_circuit_m(problem, best) == pytest.approx(best)


def test_too_many_samples_are_refused() -> None:
    """The states would not fit; the caller is told so."""
    steps = {(0, 1): (1.0, set(range(20))), (1, 0): (1.0, set())}
    with pytest.raises(ValueError, match=f"more than {MOST_SAMPLES}"):
        exact_circuit_m(problem_on(steps, 2, 20, 20), math.inf)


def test_rural_postmen_are_a_special_case() -> None:
    """Where each required street shows a sample of its own, the tour is the postman's shortest.

    Two required streets of 100 m, 50 m apart at both ends: there, across, back, across.
    """
    streets = {(0, 1): 100.0, (2, 3): 100.0, (0, 2): 50.0, (1, 3): 50.0, (0, 4): 500.0}
    steps = {}
    for (start, end), metres in streets.items():
        shown = {start // 2} if metres == 100.0 else set()
        steps[start, end] = steps[end, start] = (metres, shown)
    problem = problem_on(steps, 5, 2, 2)
    assert covering_circuit(problem).metres == exact_circuit_m(problem, math.inf) == 300.0


def test_one_place_that_shows_enough_needs_no_driving() -> None:
    """The circuit is that place alone."""
    steps = {(0, 1): (9.0, {0}), (1, 0): (9.0, {1})}
    problem = problem_on(steps, 2, 2, 1)
    problem.seen[1, 1] = np.uint64(2)
    assert covering_circuit(problem) == Tour((1,), True, 0.0, 1)
    assert exact_circuit_m(problem, math.inf) == 0.0


def test_neighbours_have_nothing_between_them() -> None:
    """On a line of three places the outer two are no neighbours."""
    line = np.abs(np.subtract.outer([0.0, 1.0, 3.0], [0.0, 1.0, 3.0]))
    start, end = neighbour_steps(line)
    assert list(zip(start.tolist(), end.tolist(), strict=True)) == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_what_is_compiled_beforehand_is_what_areas_use(grid: RoadNetwork) -> None:
    """After the warm-up an area in earnest compiles nothing more."""
    kernels = [covering_kernels.search, covering_tours.masks_along]
    if not hasattr(kernels[0], "signatures"):
        pytest.skip("compilation is switched off")
    warm_up()
    before = [len(kernel.signatures) for kernel in kernels]  # type: ignore[attr-defined]
    fields = shapely.box(125.001, 43.0005, 125.004, 43.003)
    inspection_tasks(grid, [Site("fields", fields, "see")], InspectionSettings())
    assert [len(kernel.signatures) for kernel in kernels] == before  # type: ignore[attr-defined]
