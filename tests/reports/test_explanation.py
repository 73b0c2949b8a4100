"""What an explanation looks like: repeated conflicts once, many windows summed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from network.problems import Text
from optimizer.counts import Cause, CauseKind
from reports.conflicts import conflict_sentence
from reports.explanation import document, sections, told_once
from scheduling.explain.model import (
    Breach,
    ConflictFinding,
    Explanation,
    Member,
    RemedyFinding,
    Shown,
)


def conflict(month: int, *, staff: str = "T01", shown: Shown = Shown.ALONE) -> ConflictFinding:
    """Return a month's conflict of need and staff."""
    days = (date(2026, month, 1), date(2026, month, 15))
    name = Text(f"{month}月上半月", f"first half of month {month}")
    members = (
        Member(Cause(CauseKind.NEED, month), name, Shown.NOTHING_OWED, "T01", days),
        Member(Cause(CauseKind.STAFF, 0), Text("持证1人", "1 certified"), shown, staff),
    )
    sums = Text("0趟", "0 patrols")
    return ConflictFinding("T01", "甲所", (name,), (days,), (sums,), members, True, (1,))


def breach(month: int) -> Breach:
    """Return a month's breach of article 13."""
    window = Text(f"{month}月上半月", f"first half of month {month}")
    why = Text("缺人", "people")
    return Breach("T01", "甲所", window, "13", "law", 7, 7, ("Z1 甲村",), True, False, why)


def remedy(text: str, *, lawful: bool, unmet: int = 0, proven: bool = False) -> RemedyFinding:
    """Return a remedy of seven visits missing."""
    return RemedyFinding("T01", "甲所", Text(text, text), lawful, unmet, 7, proven)


def lines(explanation: Explanation) -> list[str]:
    """Return all lines, in English."""
    return [line.text.en for section in sections(explanation) for line in section.lines]


def test_a_lawful_plan_has_no_sections() -> None:
    """Nothing is told where there is nothing to tell."""
    assert sections(Explanation(lawful=True)) == ()


def test_conflicts_that_differ_in_their_window_are_told_once() -> None:
    """Twelve months of the same conflict are one, and those of other staff another."""
    year = [conflict(month) for month in range(1, 13)]
    (first, same), (other, none) = told_once([*year, conflict(3, staff="T02")])
    assert (first, len(same)) == (year[0], 11)
    assert (other.members[1].who, none) == ("T02", ())


def test_minimality_that_was_not_shown_is_said() -> None:
    """One member that no audited plan confirms, and the set is not called minimal."""
    shown = lines(Explanation(lawful=False, conflicts=(conflict(1),)))
    assert any("minimal, confirmed both ways" in line for line in shown)
    unclear = conflict(1, shown=Shown.NOT_SHOWN)
    assert not unclear.minimal
    told = lines(Explanation(lawful=False, conflicts=(unclear,)))
    assert any("minimality not proven" in line for line in told)
    assert not any("confirmed both ways" in line for line in told)
    late = lines(Explanation(lawful=False, conflicts=(conflict(1), replace(unclear))))
    assert any("minimality not proven in: first half of month 1" in line for line in late)


def test_breaches_of_the_same_zones_are_summed_up() -> None:
    """Twelve windows become one line with their sum, the last window and how many they are."""
    told = lines(Explanation(lawful=False, breaches=tuple(breach(m) for m in range(1, 13))))
    (line,) = [text for text in told if text.startswith("art. 13")]
    assert "... first half of month 12 (12 windows): 84 visits owed, 84 missing" in line


def test_cures_and_what_is_not_enough_are_apart() -> None:
    """Cures come under what they cure; the others say what they leave, and if that is proven."""
    found = (
        remedy("one more", lawful=True),
        remedy("a car", lawful=False, unmet=3, proven=True),
        remedy("overtime", lawful=False, unmet=2),
    )
    told = lines(Explanation(lawful=False, remedies=found))
    cures = told.index("甲所: any one of these cures all 7 missing visits, audited, lawful:")
    assert told[cures + 1] == "✓ one more"
    assert "✗ a car: leaves 3 unmet (proven)" in told
    assert any("overtime: leaves 2 unmet (nothing better found" in line for line in told)


def test_the_document_names_causes_and_says_what_is_minimal() -> None:
    """JSON has kinds and indices of causes, days as text, and the two kinds of minimal."""
    plain = document(Explanation(lawful=False, conflicts=(conflict(2),)), "en")
    (only,) = plain["conflicts"]
    assert only["members"][1]["cause"] == {"kind": "staff", "index": 0}
    assert (only["minimal"], only["minimal_in_counts"], only["proven"]) == (True, True, True)
    assert only["days"] == [["2026-02-01", "2026-02-15"]]


def test_documents_of_plans_do_not_claim_more_than_counts_prove() -> None:
    """The sentence in the annual plan says that counts prove it, and where else it recurs."""
    text = conflict_sentence(conflict(1), (conflict(2),), "en")
    assert "cannot all hold (proven by counts, which leave a way" in text
    assert "The same conflict is in first half of month 2." in text
    unclear = replace(conflict(1), minimal_in_counts=False)
    assert "leave a way" not in conflict_sentence(unclear, (), "en")
    assert "不能同时成立（计数模型已证明）" in conflict_sentence(unclear, (), "zh")
