"""The law is quoted to the letter."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from scheduling.regulation import load_preset, preset_names
from scheduling.regulation.words import chinese_number

ARTICLES = (files("scheduling.regulation") / "presets" / "jilin-articles.txt").read_text(
    encoding="utf-8"
)
NORM = Path(__file__).parents[4] / "shared" / "regulation" / "jilin-norm.txt"


def _blocks():
    """Return the text of each article of our copy by its Chinese number."""
    parts = re.split(r"(?m)^(?=第[一二三四五六七八九十]+条)", ARTICLES)
    return {part[1 : part.index("条")]: part.strip() for part in parts if part.strip()}


QUOTED = [rule for rule in load_preset("jilin").rules if rule.quote]


@pytest.mark.parametrize("rule", QUOTED, ids=[rule.id for rule in QUOTED])
def test_quotation_stands_in_its_article(rule):
    """A quotation is an exact substring of the article its rule cites, item included."""
    number = re.match(r"\d+", rule.article)
    block = _blocks()[chinese_number(int(number.group()))]
    assert rule.quote in block
    item = re.search(r"\((\d+)\)", rule.article)
    if item:
        start = block.index(f"（{chinese_number(int(item.group(1)))}）")
        following = block.find(f"（{chinese_number(int(item.group(1)) + 1)}）")
        assert start < block.index(rule.quote) < (following if following > 0 else len(block))


def test_every_rule_of_law_cites_and_quotes():
    """A rule that claims to be law has article and quotation; the others have neither."""
    for rule in load_preset("jilin").rules:
        assert bool(rule.article and rule.quote) == (rule.basis == "law"), rule.id


def test_our_copy_holds_only_articles_cited():
    """The copy is no larger than what is cited, and every article cited is in it."""
    cited = {int(re.match(r"\d+", rule.article).group()) for rule in QUOTED}
    assert {chinese_number(number) for number in cited} == set(_blocks())
    assert cited >= {7, 9, 10, 11, 12, 13, 16, 19, 28, 31, 33}


def test_contents_are_the_norms_own_words():
    """What a plan must state is worded as in the quotation."""
    for rule in load_preset("jilin").content:
        assert all(item in rule.quote for item in rule.contents)


def test_only_jilin_claims_to_be_law():
    """Presets whose text we do not hold claim no law and quote none."""
    for name in preset_names():
        if name != "jilin":
            rules = load_preset(name).rules
            assert all(rule.basis in {"practice", "default"} for rule in rules)
            assert not any(rule.quote or rule.article for rule in rules)


@pytest.mark.shared
def test_our_copy_is_the_norms_text():
    """Every article of our copy stands in the norm letter by letter."""
    if not NORM.exists():
        pytest.skip("the norm's text (../shared/regulation) is not here")
    norm = NORM.read_text(encoding="utf-8")
    for number, block in _blocks().items():
        assert block in norm, number
