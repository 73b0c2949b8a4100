"""The benchmark of proofs measures real windows and real gaps, and sums them up."""

import numba
import pytest

from benchmarks import need
from examples import SampleSize

TINY = """1 1 2 2
0 10
0 10
0 0 0 0 0 0 0
1 3 4 0 6 1 2 1 2
2 0 5 0 6 1 2 1 2
"""


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="minutes without compiled search")
def test_every_window_of_a_county_is_measured():
    """One station of four zones: 24 half-months, each one patrol, closed at once; no county."""
    (row,) = need.run_counties(1, SampleSize(townships=1, zones_per_township=4))
    assert row.windows == 24 + 12  # the station's half-months and the squad's months
    assert row.windows_closed == row.windows
    assert row.county_months == 0
    assert need.summary([row]).startswith("closed: unit-windows within 1 s: 100.0 % of 36")


def test_a_window_is_closed_only_in_time_and_when_proven():
    """Patrols above the proven, and proofs that took too long, are not closed."""
    assert need._Window(9, 2, 2, 0.5).closed(1.0)
    assert not need._Window(9, 2, 1, 0.5).closed(1.0)
    assert not need._Window(9, 2, 2, 1.5).closed(1.0)


def test_gaps_are_measured_where_a_best_is_known(tmp_path):
    """Two lone trips of 10: the bound is exact, the gap nothing. Without a best known: no row."""
    (tmp_path / "p01").write_text(TINY)
    assert list(need.run_pvrp(tmp_path)) == []
    (tmp_path / "bks.csv").write_text("instance,best_known\np01,20.0\n")
    (row,) = need.run_pvrp(tmp_path)
    assert row.gap_percent == pytest.approx(0.0, abs=1e-6)
    assert "most 0.00 %, 1 instances" in need.gap_summary([row])
    assert list(need.run_pvrp(tmp_path, most_tasks=1)) == []


def test_counties_differ_in_size_and_a_seed_gives_its_own():
    """One size alone would be as near to the next whole number of patrols in every county."""
    sizes = [need.size_of(seed) for seed in range(1, 21)]
    assert sizes == [need.size_of(seed) for seed in range(1, 21)]
    assert len({(s.townships, s.zones_per_township, s.township_km2) for s in sizes}) > 15
