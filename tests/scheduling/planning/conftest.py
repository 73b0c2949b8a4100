"""A small generated county, read once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from examples import SampleSize, generate_county
from scheduling.inputs import PlanInputs, load_inputs

SIZE = SampleSize(townships=2, zones_per_township=7, scenery=False, leave=False)


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    generate_county(folder, size=SIZE, seed=3)
    return folder


@pytest.fixture(scope="session")
def march(small_folder: Path) -> PlanInputs:
    """Return the small county, all units, March 2026."""
    return load_inputs(small_folder, first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))


@pytest.fixture(scope="session")
def station(march: PlanInputs) -> PlanInputs:
    """Return one station of it."""
    return replace(march, units=("T01",))
