"""The benchmark of foreseeing: plans that differ by their secret, figures added up over them."""

from __future__ import annotations

import numba
import pytest

from benchmarks import foresight
from examples import SampleSize

SIZE = SampleSize(townships=1, zones_per_township=5, scenery=False, leave=False)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled search")
def test_rows_add_up_over_plans_and_cost_no_kilometre():
    """Two plans each of a small station: as many guesses, as many km; drawn days cost gaps only."""
    usual, drawn = foresight.run(2, SIZE, ("T01",), (0.0, 1.0))
    assert [row.plans for row, _ in (usual, drawn)] == [2, 2]
    assert usual[0].kilometres == pytest.approx(drawn[0].kilometres)
    assert usual[0].visits_unmet == drawn[0].visits_unmet == 0
    assert usual[0].gaps == drawn[0].gaps > 0
    guesses = usual[1]["L1"].guesses
    assert guesses % 2 == 0
    # The same plan twice: each predictor is right an even number of times.
    assert all(right % 2 == 0 for right in usual[1]["L1"].right.values())
    best = foresight.best_times_chance(usual[1], "L1")
    assert best == usual[0].level_1_times_chance
    assert foresight.best_times_chance(usual[1], "L9") is None
