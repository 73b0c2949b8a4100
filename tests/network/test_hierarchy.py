"""The optional hierarchy: refused without its package, exact for shapes that its order shortens."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.hierarchy import Hierarchy, can_build

installed = pytest.mark.skipif(not can_build(), reason="routingkit-cch is not installed")


def test_without_the_package_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building without the package is a mistake of the caller."""
    monkeypatch.setattr("network.hierarchy._library", lambda: None)
    assert not can_build()
    nothing = np.empty(0, np.int32)
    with pytest.raises(RuntimeError, match="not installed"):
        Hierarchy(nothing, nothing, np.empty((0, 2)))


@installed
@pytest.mark.parametrize(
    "roads",
    [
        [],
        [(0, 1)],
        [(0, 1), (1, 2), (2, 0)],
        [(number, (number + 1) % 12) for number in range(12)],
        [(number, number + 1) for number in range(11)],
        [(0, number) for number in range(1, 12)],
        [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3), (6, 6), (7, 8), (7, 8)],
        [(row, column) for row in range(6) for column in range(6, 12)],
    ],
    ids=["nothing", "pair", "triangle", "ring", "chain", "star", "pieces", "dense"],
)
def test_every_shape_of_network_is_exact(roads: list[tuple[int, int]]) -> None:
    """Rings, chains, stars and pieces give the distances that Dijkstra's algorithm gives."""
    both = np.array(roads + [(end, start) for start, end in roads], np.int32).reshape(-1, 2)
    rng = np.random.default_rng(1)
    weights = rng.integers(1, 1000, len(both)).astype(float)
    lonlat = rng.uniform(0, 1, (12, 2))
    hierarchy = Hierarchy(both[:, 0], both[:, 1], lonlat)
    hierarchy.put_on(weights)
    least = np.full((12, 12), np.inf)
    np.minimum.at(least, (both[:, 0], both[:, 1]), weights)
    start, end = np.nonzero(np.isfinite(least))
    truth = dijkstra(csr_array((least[start, end], (start, end)), shape=(12, 12)))
    np.testing.assert_array_equal(hierarchy.table(range(12), range(12)), truth)
    for source, target in zip(start.tolist(), end.tolist(), strict=True):
        total, steps = hierarchy.steps(source, target)
        assert total == truth[source, target] == weights[steps].sum()
    assert hierarchy.table([0], []).shape == (1, 0)
