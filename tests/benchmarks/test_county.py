"""The benchmark of a county's year: its figures add up on a county of one small station."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import county
from benchmarks.county import CountyRow, drives_of, measure, with_drives
from examples import SampleSize, generate_county
from scheduling.inputs import load_inputs
from scheduling.planning.prepare import prepare

TINY = SampleSize(townships=1, zones_per_township=4, squads=0, scenery=False, leave=False)


@pytest.fixture(scope="module")
def measured() -> CountyRow:
    """Return the figures of the small county."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(county.SIZES, "tiny", (TINY, 1))
        return measure("tiny", 1)


def test_a_county_is_planned_and_measured(measured: CountyRow) -> None:
    """Every half-month of the year is planned, lawfully, with patrols proven least."""
    row = measured
    assert (row.zones, row.units, row.windows, row.unmet, row.lawful) == (4, 1, 24, 0, True)
    assert row.closed_percent == 100.0
    assert row.cpu_seconds > 0
    assert row.drive_gap_percent is None  # not measured, not zero


def test_driving_is_held_against_its_bound(measured: CountyRow, tmp_path: Path) -> None:
    """No template drives less than its bound, and the county's gap is theirs together."""
    generate_county(tmp_path / "county", size=TINY, seed=1)
    prepared = prepare(load_inputs(tmp_path / "county", year=2026), seed=1, secret=b"s")
    rows = drives_of(prepared.jobs[0], 20.0)
    assert rows
    assert all(-1e-6 <= row.gap_percent < 5.0 for row in rows)
    assert all(row.drive_minutes > 0 for row in rows)
    whole = with_drives(measured, rows)
    assert whole.templates == len(rows)
    assert whole.drive_gap_percent is not None
    assert whole.worst_gap_percent is not None
    assert 0 <= whole.drive_gap_percent <= whole.worst_gap_percent + 1e-6
