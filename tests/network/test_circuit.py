"""Short circuits: every stop once, close to the best order there is."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from network.circuit import short_circuit


def circuit_m(metres: np.ndarray, tour: list[int]) -> float:
    """Return the length of the closed tour."""
    return float(metres[tour, tour[1:] + tour[:1]].sum())


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("seed", range(10))
def test_circuits_visit_all_and_are_near_the_best(count: int, seed: int) -> None:
    """Against every order of up to seven stops, one-way distances included, within a tenth."""
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 1000, (count, 2))
    metres = np.hypot(*(places[:, None] - places[None]).T).T
    metres *= rng.uniform(1, 1.2, metres.shape)
    np.fill_diagonal(metres, 0)
    tour = short_circuit(metres)
    assert sorted(tour) == list(range(count))
    assert tour[0] == 0
    best = min(circuit_m(metres, [0, *rest]) for rest in permutations(range(1, count)))
    assert circuit_m(metres, tour) <= best * 1.1 + 1e-9
