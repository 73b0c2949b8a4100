"""Regulations that contradict themselves or ask the impossible."""

import pytest

from scheduling.calendar.windows import SHORTEST_DAYS
from scheduling.regulation import load_preset, preset_names
from scheduling.regulation.checks import check_regulation
from scheduling.regulation.model import (
    FrequencyRule,
    PeakRule,
    Regulation,
    SeasonRange,
    SpotCheckRule,
)


def _rule(number=1, **fields):
    values = {"id": f"rule-{number}", "authority": "county", "window": "month", "count": 1}
    return FrequencyRule.model_validate(values | fields)


def _peak(**fields):
    values = {"id": "peak", "kind": "land", "first": "04-01", "last": "10-31"}
    return PeakRule.model_validate(values | fields)


def _codes(*rules, **fields):
    regulation = Regulation(id="x", name="x", frequency=rules, **fields)
    found = check_regulation(regulation, "x.toml")
    return [(problem.code.removeprefix("regulation."), problem.field) for problem in found]


def _season(first, last):
    return SeasonRange(first=first, last=last)


@pytest.mark.parametrize("name", preset_names())
def test_presets_are_sound(name):
    """No preset contradicts itself."""
    assert check_regulation(load_preset(name), name) == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([_rule(1), _rule(1, authority="city")], [("duplicate-rule", "id")]),
        ([_rule(levels=(1, 4))], [("unknown-level", "levels")]),
        ([_rule(zone_kinds=("volcano",))], [("unknown-zone-kind", "zone_kinds")]),
        ([_rule(season=_season("04-31", "10-31"))], [("bad-date", "season.first")]),
        (
            [_rule(season=_season("13-01", "00-10"))],
            [("bad-date", "season.first"), ("bad-date", "season.last")],
        ),
        ([_rule(window="week", count=8)], [("count-too-high", "count")]),
        ([_rule(window="half-month", count=14)], [("count-too-high", "count")]),
        ([_rule(window="week", count=2, min_gap_hours=168)], [("impossible-gap", "min_gap_hours")]),
        ([_rule(window="week", count=3, min_gap_hours=96)], [("impossible-gap", "min_gap_hours")]),
        (
            [_rule(window="quarter", season=_season("04-01", "05-31"))],
            [("season-too-short", "season")],
        ),
        ([_rule(1, count=1), _rule(2, count=2)], [("contradictory", "count")]),
        (
            [_rule(1, levels=(1, 2)), _rule(2, levels=(2, 1), season=_season("04-01", "10-31"))],
            [("contradictory", "season")],
        ),
        (
            [
                _rule(1, season=_season("03-01", "10-31")),
                _rule(2, season=_season("10-01", "03-31")),
            ],
            [("contradictory", "season")],
        ),
    ],
)
def test_unsound_rules(rules, expected):
    """Each contradiction is found, once, at its field."""
    assert _codes(*rules) == expected


@pytest.mark.parametrize(
    "rules",
    [
        [_rule(window="week", count=7)],
        [_rule(window="week", count=2, min_gap_hours=144)],
        [_rule(window="half-month", count=13)],
        [_rule(1, season=_season("03-01", "10-31")), _rule(2, season=_season("11-01", "02-28"))],
        [_rule(1, levels=(1,)), _rule(2, levels=(1, 2), count=2)],
        [_rule(1), _rule(2, authority="township")],
        [_rule(1), _rule(2, window="week")],
        [_rule(1, season=_season("12-01", "02-29"))],
    ],
)
def test_sound_rules(rules):
    """What can be obeyed, seasons that part and rules that merely overlap, is accepted."""
    assert _codes(*rules) == []


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        ("04-01", "10-31", []),
        ("11-15", "02-29", []),
        ("2026-04-01", "2026-10-31", []),
        ("06-31", "10-31", ["first"]),
        ("04-01", "2026-10-31", ["last"]),
        ("2026-10-31", "2026-04-01", ["last"]),
        ("2026-02-29", "2026-04-01", ["first"]),
    ],
)
def test_dates_of_peaks(first, last, fields):
    """A peak's dates must exist, be written alike, and not end before they begin."""
    assert _codes(peak=(_peak(first=first, last=last),)) == [("bad-date", name) for name in fields]


def test_levels_of_spot_checks_and_peaks_are_checked():
    """Levels are checked wherever they are named."""
    spot = SpotCheckRule(id="spot", authority="county", levels=(7,), window="quarter")
    found = _codes(spot_check=(spot,), peak=(_peak(levels=(8,)),))
    assert found == [("unknown-level", "levels")] * 2


def test_problems_name_file_and_rule():
    """A problem says in which file and rule it lies."""
    regulation = Regulation(id="x", name="x", frequency=(_rule(count=30),))
    (problem,) = check_regulation(regulation, "x.toml")
    assert (problem.file, problem.where) == ("x.toml", "rule rule-1")
    assert str(SHORTEST_DAYS[_rule().window]) in problem.action.zh
