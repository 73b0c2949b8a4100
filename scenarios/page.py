"""A comparison as one self-contained HTML page."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from network.problems import Language, Text
from scenarios.compare import Comparison
from scenarios.output import write_whole
from scheduling.regulation.words import article_label

_WORDS = {
    "title": Text("方案比较", "Scenarios compared"),
    "why": Text("不符合规范的原因", "Why a plan is not lawful"),
    "article": Text("违反条款", "articles breached"),
    "times": Text("处", "times"),
    "difference": Text("括号内为与现状之差", "in brackets: the difference from the base"),
}
#: Columns of ``Comparison.table`` that are numbers and get a difference from the base.
_NUMBERS = (2, 3, 4, 5, 6, 8)


def write_page(comparison: Comparison, path: Path, language: Language) -> None:
    """Write the comparison as HTML that needs no network. Raises InputError."""
    write_whole(path, page(comparison, language).encode())


def page(comparison: Comparison, language: Language) -> str:
    """Return the page; everything users wrote is escaped."""
    from jinja2 import Environment, StrictUndefined

    heading, *rows = comparison.table(language)
    template = (files(__package__) / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(template).render(
        language={"zh": "zh-CN", "en": "en"}[language],
        words={key: text.in_(language) for key, text in _WORDS.items()},
        heading=heading,
        rows=[_cells(row, rows[0]) for row in rows],
        outcomes=comparison.outcomes,
        in_language=lambda text: text.in_(language),
        named=lambda article: article_label(article).in_(language) if article else "–",
    )


def _cells(row: list[str], base: list[str]) -> list[tuple[str, str]]:
    """Return each cell with its difference from the base's, empty where there is none."""
    cells = []
    for place, text in enumerate(row):
        difference = int(text) - int(base[place]) if place in _NUMBERS else 0
        cells.append((text, f"{difference:+d}" if difference else ""))
    return cells
