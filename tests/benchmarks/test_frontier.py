"""The benchmark of least staff counts what is proven exactly, and nothing else."""

from __future__ import annotations

import pytest

from benchmarks.frontier import caps_of, row_of, size_of, summary
from network.problems import Text
from scenarios.staffing_model import NONE, Cell, Count, Staffing, StaffingOptions, UnitStaffing


def staffing(*people: Count) -> Staffing:
    units = tuple(
        UnitStaffing(
            *((f"T{number:02}",), f"所{number}", 3, 1, count, Count(1, 1)),
            *((Cell(300, 1, NONE), Cell(360, 1, count)), (), None, (), ()),
        )
        for number, count in enumerate(people)
    )
    return Staffing("小县", 2026, 360, StaffingOptions(), units, (Text("注", "note"),))


def test_rows_tell_units_above_a_crew_apart() -> None:
    """Units at the floor of a crew, exact ones above it and intervals are counted apart."""
    row = row_of("x", "", staffing(Count(2, 2), Count(3, 3), Count(3, 4), Count(2, None)), 1.0, 2.0)
    assert (row.units, row.exact_units) == (4, 2)
    assert (row.above_floor, row.exact_above_floor) == (2, 1)
    assert (row.cells, row.exact_cells) == (8, 6)
    assert (row.least_people, row.least_vehicles) == ("≥10", "4")
    assert "2 of 4 (50 %) units" in summary([row])
    assert "none" in summary([row_of("x", "", staffing(), 0.0, 0.0)])


@pytest.mark.parametrize("seed", range(1, 21))
def test_sizes_are_of_small_counties_and_always_the_same(seed: int) -> None:
    """A seed's county is small and does not change from run to run."""
    assert size_of(seed) == size_of(seed)
    assert 1 <= size_of(seed).townships <= 3
    assert caps_of(seed).patrol_days_per_week == (4 if seed % 2 else 1)
