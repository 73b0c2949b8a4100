"""A regulation as plain text for ``xuncha regulation show``, at most 80 columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from network.problems import Language, Text
from scheduling.regulation.describe import describe
from scheduling.regulation.model import Regulation, Rule
from scheduling.regulation.words import BASIS_NAMES, article_label

_COLUMNS = 80
#: Marks that must not begin a line.
_CLOSING = "，。、；：）”》！？.,;:)%"

_PARTS = (
    ("frequency", Text("巡查频率", "Visits owed")),
    ("spot_check", Text("抽查", "Spot checks")),
    ("team", Text("巡查人员", "Team")),
    ("peak", Text("高峰期", "Peaks")),
    ("responsibility", Text("责任", "Responsibility")),
    ("reporting", Text("报告", "Reports")),
    ("content", Text("计划内容", "Contents of plans")),
    ("notes", Text("其他条文与默认做法", "Other provisions, and how they are read")),
)


def show(regulation: Regulation, language: Language) -> str:
    """Return the rules with id, article or basis, and quotation, one block each."""
    blank: list[str] = [""]
    lines = _heading(regulation, language)
    for field, title in _PARTS:
        value = getattr(regulation, field)
        rules: Sequence[Rule] = value if isinstance(value, tuple) else [value] if value else []
        if rules:
            lines += [*blank, title.in_(language)]
        for rule in rules:
            lines += _rule_lines(rule, language)
    return "\n".join(lines) + "\n"


def _heading(regulation: Regulation, language: Language) -> list[str]:
    name = regulation.name if language == "zh" else regulation.name_en or regulation.name
    lines = [f"{regulation.id} · {name}", regulation.basis, regulation.note]
    if regulation.valid_until is not None:
        until = Text(f"有效期至{regulation.valid_until}", f"valid until {regulation.valid_until}")
        lines.append(until.in_(language))
    return [line for text in lines if text for line in wrapped(text, "")]


def _rule_lines(rule: Rule, language: Language) -> list[str]:
    source = BASIS_NAMES[rule.basis].in_(language)
    if rule.article:
        article = article_label(rule.article).in_(language)
        source = article if rule.basis == "law" else f"{article} · {source}"
    lines = [f"  {rule.id}  [{source}]", *wrapped(describe(rule).in_(language), "    ")]
    if rule.quote:
        lines += wrapped(f"“{rule.quote}”", "    ")
    return lines


def wrapped(text: str, indent: str) -> list[str]:
    """Return the text in lines of at most 80 columns, a Chinese character counting two."""
    lines, line = [], indent
    for word in _words(text):
        if columns(line + word.rstrip()) > _COLUMNS and line.strip():
            lines.append(line.rstrip())
            line = indent + word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()]


def columns(text: str) -> int:
    """Return how many terminal columns a text takes."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    # Ambiguous characters (“ ” · …) are wide on terminals set up for Chinese: count the worst.
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _words(text: str) -> list[str]:
    """Split where a line may end: after blanks and around wide characters, never before a mark."""
    words: list[str] = []
    for character in text:
        starts_anew = not words or words[-1].endswith(" ") or _width(character) == 2
        after_wide = bool(words) and _width(words[-1][-1]) == 2
        if (starts_anew or after_wide) and not (words and character in _CLOSING):
            words.append(character)
        else:
            words[-1] += character
    return words
