"""A generated county whose units are made short of something."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples import SampleSize, generate_county
from scheduling.inputs import PlanInputs, load_inputs


@pytest.fixture(scope="session")
def county_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("short") / "county"
    size = SampleSize(townships=2, zones_per_township=7, scenery=False, leave=False)
    generate_county(folder, size=size, seed=3)
    return folder


@pytest.fixture(scope="session")
def base(county_folder: Path) -> PlanInputs:
    """Return its two stations, the whole of 2026."""
    return load_inputs(county_folder, year=2026, units=("T01", "T02"))
