"""Where a county asks less than the norm, it is told; where it asks more, it is not."""

import pytest

from scheduling.county.settings import RegulationChoice, RuleOverride
from scheduling.regulation import load_preset, norm_lowered, resolve
from scheduling.regulation.model import Regulation


def _changed(tmp_path, rule, **fields):
    overrides = (RuleOverride(rule=rule, set=fields),)
    return norm_lowered(*resolve(RegulationChoice(overrides=overrides), tmp_path))


@pytest.mark.parametrize(
    ("rule", "fields", "article"),
    [
        ("township-half-monthly", {"window": "month"}, "13"),
        ("township-half-monthly", {"levels": [1]}, "13"),
        ("township-half-monthly", {"authority": "county"}, "13"),
        ("township-half-monthly", {"season": {"first": "04-01", "last": "10-31"}}, "13"),
        ("township-half-monthly", {"zone_kinds": ["mine"]}, "13"),
        ("township-half-monthly", {"sole_authority": True}, "13"),
        ("county-monthly", {"window": "quarter"}, "13"),
        ("team", {"min_certified": 1}, "16"),
        ("county-reports-quarterly", {"every": "half-year"}, "10(3)"),
        ("county-annual-plan", {"contents": ["动态巡查区"]}, "10(1)"),
    ],
)
def test_weaker_rules(tmp_path, rule, fields, article):
    """Each way of asking less is named with rule and article, in both languages."""
    (found,) = _changed(tmp_path, rule, **fields)
    assert (found.rule, found.article) == (rule, article)
    assert found.how.zh
    assert found.how.en


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("township-half-monthly", {"count": 2}),
        ("township-half-monthly", {"window": "ten-days"}),
        ("county-monthly", {"levels": []}),
        ("county-monthly", {"levels": [1, 2, 3]}),
        ("county-monthly", {"min_minutes": 10}),
        ("team", {"min_certified": 3}),
        ("township-reports-monthly", {"every": "week"}),
        (
            "county-annual-plan",
            {
                "contents": [
                    "动态巡查区",
                    "划片包干",
                    "责任到人",
                    "巡查实施具体单位",
                    "巡查基本频率",
                    "经费",
                ]
            },
        ),
        ("city-own-zones-monthly", {"window": "year"}),
        ("county-level-3-quarterly", {"share": 0.1}),
        ("land-season", {"first": "06-01"}),
    ],
)
def test_rules_not_below_the_norm(tmp_path, rule, fields):
    """Asking more is no weakening, nor is changing what the norm does not fix."""
    assert _changed(tmp_path, rule, **fields) == ()


def test_rule_left_out():
    """A rule of law that is gone is a weakening; one of ours is not."""
    jilin = load_preset("jilin")
    without = jilin.model_copy(update={"team": None, "spot_check": (), "responsibility": None})
    assert [found.rule for found in norm_lowered(without, jilin)] == ["team", "responsibility"]


NORM = Regulation.model_validate(
    {
        "id": "x",
        "name": "x",
        "frequency": [
            {
                "id": "visits",
                "authority": "county",
                "window": "month",
                "count": 3,
                "zone_kinds": ["mine", "village"],
                "min_minutes": 30,
                "min_gap_hours": 96,
                "min_length_km": 2,
            }
        ],
        "spot_check": [
            {"id": "spot", "authority": "county", "levels": [3], "window": "quarter", "share": 0.5}
        ],
    }
)


@pytest.mark.parametrize(
    ("part", "fields", "word"),
    [
        ("frequency", {"count": 2}, "2 visits, not 3"),
        ("frequency", {"levels": (1,)}, "only level 1 zones"),
        ("frequency", {"zone_kinds": ("mine",)}, "only some kinds"),
        ("frequency", {"min_minutes": 20}, "duration"),
        ("frequency", {"min_gap_hours": 20}, "gap"),
        ("frequency", {"min_length_km": 1}, "length"),
        ("spot_check", {"share": 0.1}, "smaller share"),
        ("spot_check", {"window": "year"}, "smaller share"),
        ("spot_check", {"levels": (1,)}, "only level 1 zones"),
    ],
)
def test_weakenings_of_other_norms(part, fields, word):
    """Norms that fix shares, kinds, minutes, kilometres or hours are guarded too."""
    rule = getattr(NORM, part)[0]
    changed = type(rule).model_validate(rule.model_dump() | fields)
    (found,) = norm_lowered(NORM.model_copy(update={part: (changed,)}), NORM)
    assert word in found.how.en


def test_more_kinds_is_no_weakening():
    """Covering more kinds of zone than the norm, or all, asks more."""
    rule = NORM.frequency[0]
    for kinds in ((), ("mine", "village", "road")):
        changed = rule.model_copy(update={"zone_kinds": kinds})
        assert norm_lowered(NORM.model_copy(update={"frequency": (changed,)}), NORM) == ()
