"""Ways of asking less than the norm, rule type by rule type."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling.audit.below_norm import weakened
from scheduling.calendar.windows import WindowKind
from scheduling.regulation import load_preset
from scheduling.regulation.model import FrequencyRule, SeasonRange

JILIN = load_preset("jilin")
RULES = {rule.id: rule for rule in JILIN.rules}
SUMMER = SeasonRange(first="04-01", last="10-31")

WEAKER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("county-monthly", {"window": WindowKind.QUARTER}),
    ("county-monthly", {"levels": (1,)}),
    ("county-monthly", {"zone_kinds": ("village",)}),
    ("county-monthly", {"authority": "township"}),
    ("county-monthly", {"season": SUMMER}),
    ("county-monthly", {"sole_authority": True}),
    ("township-half-monthly", {"window": WindowKind.MONTH, "count": 2}),
    ("county-level-3-quarterly", {"share": 0.5}),
    ("county-level-3-quarterly", {"window": WindowKind.YEAR}),
    ("county-level-3-quarterly", {"levels": (2,)}),
    ("team", {"min_certified": 1}),
    ("land-season", {"last": "09-30"}),
    ("land-season", {"min_workdays": 8}),
    ("land-season", {"zones": ("Z1",)}),
    ("county-reports-quarterly", {"every": WindowKind.HALF_YEAR}),
    ("county-annual-plan", {"contents": ("动态巡查区",)}),
)
NO_WEAKER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("county-monthly", {"count": 2}),
    ("county-monthly", {"levels": ()}),
    ("county-monthly", {"levels": (1, 2, 3)}),
    ("county-monthly", {"window": WindowKind.TEN_DAYS}),
    ("county-monthly", {"min_minutes": 30}),
    ("township-half-monthly", {"window": WindowKind.WEEK}),
    ("team", {"min_certified": 3}),
    ("land-season", {"first": "03-01", "levels": ()}),
    ("land-season", {"extra": 2}),
    ("county-reports-quarterly", {"every": WindowKind.MONTH}),
    ("county-annual-plan", {"contents": (*RULES["county-annual-plan"].contents, "经费")}),
    ("responsibility", {"quote": "另一句"}),
)


@pytest.mark.parametrize(("identity", "changes"), WEAKER)
def test_a_weaker_rule_is_told_once(identity, changes):
    """Each way of asking less is named, in both languages."""
    (how,) = weakened(RULES[identity].model_copy(update=changes), RULES[identity])
    assert how.zh
    assert how.en


@pytest.mark.parametrize(("identity", "changes"), NO_WEAKER)
def test_a_rule_no_weaker_is_not_told(identity, changes):
    """Asking more, or the same otherwise, is not below the norm."""
    assert not list(weakened(RULES[identity].model_copy(update=changes), RULES[identity]))


@pytest.mark.parametrize("identity", RULES)
def test_a_rule_left_out_is_told(identity):
    """Any rule of the norm that is left out, or is now of another type, is named."""
    other = RULES["team" if identity != "team" else "responsibility"]
    assert len(list(weakened(None, RULES[identity]))) == 1
    assert len(list(weakened(other, RULES[identity]))) == 1


def test_less_extra_in_a_peak_is_told():
    """One more visit where the norm asks for two is less."""
    peak = RULES["land-season"].model_copy(update={"extra": 2})
    assert len(list(weakened(RULES["land-season"], peak))) == 1


@pytest.mark.parametrize("field", ["min_gap_hours", "min_minutes", "min_length_km"])
def test_lower_minima_of_a_visit_are_told(field):
    """Hours between visits, minutes and kilometres of a visit count too."""
    norm = FrequencyRule(
        id="r", authority="township", window=WindowKind.MONTH, count=1, **{field: 30.0}
    )
    (how,) = weakened(norm.model_copy(update={field: 20.0}), norm)
    assert "from 30 to 20" in how.en
    assert not list(weakened(norm.model_copy(update={field: 40.0}), norm))


def test_a_season_that_covers_the_norms_is_no_weaker():
    """All year instead of a season, or a longer season, is no less."""
    norm = FrequencyRule(
        id="r", authority="township", window=WindowKind.MONTH, count=1, season=SUMMER
    )
    longer = SeasonRange(first="03-01", last="11-30")
    assert not list(weakened(norm.model_copy(update={"season": None}), norm))
    assert not list(weakened(norm.model_copy(update={"season": longer}), norm))


def test_a_weakened_default_is_only_a_notice(bench):
    """Half the spot checks that are our default: named, and still lawful."""
    half = JILIN.spot_check[0].model_copy(update={"share": 0.5, "basis": "user"})
    plan = bench.regulation(spot_check=(half, *JILIN.spot_check[1:]))
    found = [f for f in bench.report(plan).findings if f.rule == "below-norm"]
    assert [(f.severity, f.subject, f.basis) for f in found] == [
        ("notice", "county-level-3-quarterly", "default")
    ]
