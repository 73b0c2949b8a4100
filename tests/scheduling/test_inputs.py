"""What a planning starts from, and the scopes it refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from network.problems import InputError
from scheduling.inputs import load_inputs
from tests.bad_input.small_county import make_small_county, replace_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_small_county(tmp_path / "county")


def test_a_year_is_planned_whole_for_every_unit_by_default(folder: Path) -> None:
    """The horizon is the year, the units are all of them."""
    inputs = load_inputs(folder, year=2026)
    assert (inputs.first_day, inputs.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert inputs.units == tuple(unit.id for unit in inputs.county.units)


def test_the_first_day_names_the_year(folder: Path) -> None:
    """Without a year, that of the first day counts."""
    assert load_inputs(folder, first_day=date(2026, 3, 1)).last_day == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ({}, "scope.dates"),
        (
            {"year": 2026, "first_day": date(2026, 3, 1), "last_day": date(2026, 2, 1)},
            "scope.dates",
        ),
        ({"year": 2026, "first_day": date(2025, 3, 1)}, "scope.dates"),
        ({"year": 2026, "units": ["X9"]}, "scope.unknown-unit"),
    ],
)
def test_an_impossible_scope_is_bad_input(folder: Path, scope: dict[str, Any], code: str) -> None:
    """No year, a backward span, another year, an unknown unit: each named with what mends it."""
    with pytest.raises(InputError) as caught:
        load_inputs(folder, **scope)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert all(problem.action.en for problem in caught.value.problems)


def test_calendar_and_regulation_problems_come_together(folder: Path) -> None:
    """An uncovered year and an unknown preset are told at once."""
    replace_text("county.toml", 'preset = "jilin"', 'preset = "nowhere"')(folder)
    with pytest.raises(InputError) as caught:
        load_inputs(folder, year=2051)
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"regulation.unknown-preset", "calendar.unknown-year"}
