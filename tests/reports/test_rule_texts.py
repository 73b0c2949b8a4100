"""Rules read as sentences."""

import pytest

from reports.rule_texts import article_text, frequency_rows, frequency_text, peak_rows, scope_text
from scheduling.calendar.windows import WindowKind
from scheduling.regulation.model import (
    FrequencyRule,
    PeakRule,
    Regulation,
    SeasonRange,
    SpotCheckRule,
)


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("13", "第十三条", "art. 13"),
        ("10(1)", "第十条第（一）项", "art. 10(1)"),
        ("", "—", "—"),
    ],
)
def test_articles(article: str, zh: str, en: str) -> None:
    """Articles and their items are cited as the screen cites them; none is a dash."""
    assert (article_text(article, "zh"), article_text(article, "en")) == (zh, en)


def test_a_season_and_the_authority_alone_are_said() -> None:
    """What narrows a rule stands beside it."""
    rule = FrequencyRule(
        id="r",
        basis="default",
        authority="city",
        levels=(1,),
        zone_kinds=("mine",),
        window=WindowKind.WEEK,
        count=2,
        season=SeasonRange(first="04-01", last="10-31"),
        sole_authority=True,
    )
    norm = Regulation(id="n", name="n", frequency=(rule,))
    (row,) = frequency_rows(norm, "zh", {"city"})
    assert row == (
        "市级",
        "一级、矿区（本级直接管理）",
        "每周不少于2次（04-01–10-31）",
        "—",
        "[系统默认]",
    )
    (row,) = frequency_rows(norm, "en", {"city"})
    assert row[1:3] == ("Level 1, mine (managed by it alone)", "at least 2 per week (04-01–10-31)")
    assert frequency_rows(norm, "zh", {"county"}) == []


def test_spot_checks_say_their_share() -> None:
    """A sample is a share per window."""
    rule = SpotCheckRule(
        id="s", basis="default", authority="city", levels=(1,), window=WindowKind.QUARTER, share=0.1
    )
    assert frequency_text(rule, "zh") == "每季度随机抽查10%"
    assert frequency_text(rule, "en") == "10% at random per quarter"


def test_peaks_say_what_they_touch() -> None:
    """Levels, kinds and named zones of a peak are all told."""

    def peak(**scope: object) -> PeakRule:
        return PeakRule.model_validate(
            {
                "id": "p",
                "kind": "mining",
                "first": "05-01",
                "last": "05-31",
                **scope,
                "basis": "user",
            }
        )

    norm = Regulation(
        id="n",
        name="n",
        peak=(peak(zones=("Z1", "Z2")), peak(id="q", levels=(1,), zones=("Z1",)), peak(id="r")),
    )
    assert [row[2] for row in peak_rows(norm, "zh")] == [
        "2个指定巡查区",
        "一级 · 1个指定巡查区",
        "全部",
    ]
    assert scope_text((), (), "en") == "all"
