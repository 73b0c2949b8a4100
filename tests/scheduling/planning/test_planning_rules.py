"""The list of planning rules is whole, and its articles are real."""

from __future__ import annotations

from optimizer.counts_model import COUNT_RULES
from optimizer.crews import CREW_RULES
from optimizer.roster_dates import CAPACITY_RULES, DATE_RULES
from optimizer.roster_staff import STAFF_RULES
from scheduling.planning.rules import PLANNING_RULES


def test_every_hard_rule_of_the_models_is_listed_once() -> None:
    """A rule added to a model must be given a name, and an article where it has one."""
    listed = [rule.function for rule in PLANNING_RULES]
    assert len(set(listed)) == len(listed)
    lists = (STAFF_RULES, DATE_RULES, CAPACITY_RULES, COUNT_RULES, CREW_RULES)
    assert set(listed) == {rule for rules in lists for rule in rules}


def test_names_are_bilingual_and_articles_numbers() -> None:
    """No two rules read the same, and articles are those of the norm's 33."""
    assert len({rule.name.zh for rule in PLANNING_RULES}) == len(PLANNING_RULES)
    for rule in PLANNING_RULES:
        assert rule.name.zh
        assert rule.name.en
        assert not rule.article or 1 <= int(rule.article) <= 33
