"""A regulation as text: complete, and narrow enough for a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.regulation import load_preset, preset_names, show
from scheduling.regulation.describe import describe
from scheduling.regulation.model import Rule
from scheduling.regulation.show import columns, wrapped
from scheduling.regulation.words import article_label, chinese_number

TEXTS = st.text(st.sampled_from("巡查区，。（）“”abc -12"), max_size=300)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", preset_names())
def test_every_rule_is_shown_in_80_columns(name, language):
    """Each rule appears with its id, and no line is wider than 80 columns."""
    regulation = load_preset(name)
    text = show(regulation, language)
    assert all(f"  {rule.id}  [" in text for rule in regulation.rules)
    assert max(columns(line) for line in text.splitlines()) <= 80
    assert "None" not in text


def test_quotations_are_shown_whole():
    """Every quotation of the norm is printed to the letter, line ends apart."""
    regulation = load_preset("jilin")
    text = show(regulation, "zh").replace("\n    ", "").replace(" ", "")
    assert all(rule.quote.replace(" ", "") in text for rule in regulation.rules)


def test_heading_and_sources():
    """The heading says what is known of the norm; rules say article or basis."""
    zh = show(load_preset("jilin"), "zh")
    assert "以现行规定为准" in zh
    assert "township-half-monthly  [第十三条]" in zh
    assert "land-season  [本软件默认]" in zh
    assert "county-reports-quarterly  [art. 10(3)]" in show(load_preset("jilin"), "en")


def test_changed_rule_shows_article_and_that_it_is_the_countys():
    """A rule the county changed does not pass for the norm's text."""
    jilin = load_preset("jilin")
    team = jilin.team.model_copy(update={"min_certified": 3, "basis": "user"})
    text = show(jilin.model_copy(update={"team": team}), "en")
    assert "team  [art. 16 · the county's own]" in text


def test_validity_is_shown_where_known():
    """A norm that says until when it holds is shown with that day."""
    data = load_preset("yanqing").model_dump() | {"valid_until": "2030-01-01"}
    assert "valid until 2030-01-01" in show(type(load_preset("yanqing")).model_validate(data), "en")


@given(TEXTS)
def test_wrapping_loses_nothing(text):
    """Wrapped lines hold the text's characters in order, and are no wider than the page."""
    lines = wrapped(text, "  ")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line.startswith("  ") or not line for line in lines)


def test_wrapping_never_begins_a_line_with_a_closing_mark():
    """Commas and stops stay with the word before them."""
    lines = wrapped("巡查，" * 60, "")
    assert len(lines) > 1
    assert not any(line[0] in "，。" for line in lines)
    assert all(columns(line) <= 82 for line in lines)


@pytest.mark.parametrize("name", preset_names())
def test_descriptions_are_in_both_languages(name):
    """Every rule is described in Chinese and in English, differently."""
    for rule in load_preset(name).rules:
        text = describe(rule)
        assert text.zh
        assert text.en
        assert text.zh != text.en


@pytest.mark.parametrize(
    ("name", "rule", "zh", "en"),
    [
        (
            "jilin",
            "county-monthly",
            "县级：一、二级巡查区每月不少于1次",
            "county: level 1, 2 zones at least once a month",
        ),
        (
            "yanqing",
            "winter-twice-monthly",
            "乡镇：全部巡查区每月不少于2次（11-01至03-31）",
            "township: all zones at least twice a month (11-01 to 03-31)",
        ),
        (
            "aheqi-river",
            "township-monthly",
            "乡镇：全部巡查区每月不少于1次（03-01至12-31），每次不少于30分钟，每次不少于2公里，"
            "两次间隔不少于96小时，不限工作日",
            "township: all zones at least once a month (03-01 to 12-31), 30 minutes each, "
            "2 km each, 96 hours apart, on any day",
        ),
    ],
)
def test_descriptions(name, rule, zh, en):
    """A rule reads as a person would say it."""
    found = next(entry for entry in load_preset(name).rules if entry.id == rule)
    assert describe(found) == (zh, en)


def test_peak_for_some_kinds_says_so():
    """A peak narrowed to kinds or zones names them."""
    peak = load_preset("jilin").peak[0].model_copy(update={"levels": (), "zone_kinds": ("mine",)})
    assert "全部巡查区（mine）" in describe(peak).zh


def test_responsibility_is_described():
    """A rule without figures is described by what it is."""
    assert isinstance(load_preset("jilin").responsibility, Rule)
    assert "责任人" in describe(load_preset("jilin").responsibility).zh


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "零"), (7, "七"), (10, "十"), (13, "十三"), (20, "二十"), (31, "三十一"), (127, "127")],
)
def test_chinese_numbers(number, text):
    """Numbers are written as the articles of a norm are numbered."""
    assert chinese_number(number) == text


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("13", "第十三条", "art. 13"),
        ("9(4)", "第九条第（四）项", "art. 9(4)"),
        ("附则", "附则", "附则"),
    ],
)
def test_article_labels(article, zh, en):
    """An article is cited as jurists cite it; what is no number is left as it is."""
    assert article_label(article) == (zh, en)
