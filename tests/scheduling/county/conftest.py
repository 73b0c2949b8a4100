"""A small county, as an object and as a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduling.county import read_county
from scheduling.county.model import County
from tests.bad_input.small_county import make_small_county


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_small_county(tmp_path / "county")


@pytest.fixture
def county(folder: Path) -> County:
    return read_county(folder)
