"""Peaks and campaigns, in county.toml, as an override and in a rule file, name what they raise."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from network.problems import InputError
from scheduling.county.settings_write import toml_value
from scheduling.inputs import load_inputs
from scheduling.requirements import Requirement, derive_requirements
from tests.bad_input.small_county import add_text, make_small_county, replace_text

ALL = {"Z1", "Z2", "Z3", "Z4"}  # village 1, road 2, farmland 1, mine 3
SUMMER = {"first": "06-01", "last": "08-31"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the small county, its preset's own peak out of the way of ours."""
    return make_small_county(tmp_path / "county")


def in_settings(folder: Path, **fields: object) -> None:
    add_text("county.toml", f"\n[[regulation.peaks]]\n{_lines(fields)}")(folder)


def in_rule_file(folder: Path, **fields: object) -> None:
    """Give the county a rule file: the preset's text with one peak more."""
    preset = files("scheduling.regulation") / "presets" / "jilin.toml"
    text = preset.read_text(encoding="utf-8")
    peak = f'\n[[peak]]\nbasis = "user"\n{_lines(fields)}'
    (folder / "own.toml").write_text(text + peak, encoding="utf-8")
    replace_text("county.toml", 'preset = "jilin"', 'file = "own.toml"')(folder)


def _lines(fields: dict[str, object]) -> str:
    return "".join(f"{name} = {toml_value(value)}\n" for name, value in fields.items())


def raised(folder: Path, peak: str, *, authority: str = "township") -> dict[str, set[date]]:
    """Return, by zone, the first days of the windows that the peak raises."""
    found: dict[str, set[date]] = {}
    for row in owed(folder):
        if row.peak == peak and row.authority == authority:
            found.setdefault(row.zone, set()).add(row.window.first_day)
    return found


def owed(folder: Path) -> tuple[Requirement, ...]:
    inputs = load_inputs(folder, year=2026)
    return derive_requirements(
        *(inputs.county, inputs.regulation, inputs.calendar, inputs.first_day, inputs.last_day),
        inputs.units,
        secret=b"secret",
    )


@pytest.mark.parametrize("write", [in_settings, in_rule_file])
@pytest.mark.parametrize("kind", ["land", "mining", "campaign"])
@pytest.mark.parametrize(
    ("named", "zones"),
    [
        ({}, ALL),
        ({"levels": [2, 3]}, {"Z2", "Z4"}),
        ({"zone_kinds": ["mine", "farmland"]}, {"Z3", "Z4"}),
        ({"zones": ["Z2"]}, {"Z2"}),
        ({"levels": [1], "zone_kinds": ["farmland", "mine"]}, {"Z3"}),
        ({"levels": [3], "zones": ["Z2"]}, set()),
    ],
)
def test_levels_kinds_and_places(folder, write, kind, named, zones):
    """Each kind of peak, wherever it is written, raises just the zones it names, all summer."""
    # Two more: the norm's own land peak asks for one more of level 1 in the same windows.
    write(folder, id="ours", kind=kind, **SUMMER, **named, extra=2)
    found = raised(folder, "ours")
    assert set(found) == zones
    summer = {date(2026, month, day) for month in (6, 7, 8) for day in (1, 16)}
    assert all(days == summer for days in found.values())


@pytest.mark.parametrize("write", [in_settings, in_rule_file])
@pytest.mark.parametrize(
    ("first", "last", "windows"),
    [
        ("2026-03-01", "2026-03-15", {date(2026, 3, 1)}),
        ("2025-03-01", "2025-03-15", set()),
        ("12-16", "01-15", {date(2026, 1, 1), date(2026, 12, 16)}),
        ("03-10", "03-20", {date(2026, 3, 16)}),  # four workdays only of the first half
    ],
)
def test_dates_every_year_or_once(folder, write, first, last, windows):
    """Yearly dates may wrap the year's end; ISO dates hold once; few days raise nothing."""
    write(folder, id="ours", kind="campaign", first=first, last=last, zones=["Z4"])
    assert raised(folder, "ours").get("Z4", set()) == windows


@pytest.mark.parametrize("write", [in_settings, in_rule_file])
def test_extra_authorities_and_workdays(folder, write):
    """A campaign may ask for more than one visit more, of one authority, from one workday on."""
    fields = {"extra": 3, "authorities": ["county"], "min_workdays": 1}
    write(folder, id="ours", kind="campaign", first="2026-03-31", last="2026-03-31", **fields)
    assert raised(folder, "ours") == {}
    (row,) = (r for r in owed(folder) if r.peak == "ours" and r.zone == "Z2")
    assert (row.count, row.window.first_day) == (4, date(2026, 3, 1))


def test_an_override_narrows_the_norms_own_peak(folder):
    """The preset's land peak is given places and dates of the county."""
    own = 'set = { zones = ["Z1"], first = "05-01", last = "05-31" }'
    add_text("county.toml", f'\n[[regulation.overrides]]\nrule = "land-season"\n{own}\n')(folder)
    assert raised(folder, "land-season") == {"Z1": {date(2026, 5, 1), date(2026, 5, 16)}}


@pytest.mark.parametrize("by_override", [False, True])
def test_places_that_are_not_there_are_refused(folder, by_override):
    """A peak of the rule file, or overridden, with an unknown zone is an error that names it."""
    if by_override:
        own = '\n[[regulation.overrides]]\nrule = "land-season"\nset = { zones = ["Z9"] }\n'
        add_text("county.toml", own)(folder)
    else:
        in_rule_file(folder, id="ours", kind="mining", **SUMMER, zones=["Z1", "Z9"])
    with pytest.raises(InputError) as caught:
        load_inputs(folder, year=2026)
    (problem,) = caught.value.problems
    assert problem.code == "regulation.peak-unknown-zone"
    assert problem.file == ("county.toml" if by_override else "own.toml")
    assert "Z9" in problem.cause.en
