"""A paper as plain values in one language: what a page, a workbook and a document all show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from network.problems import Language


@dataclass(frozen=True)
class Words:
    """A paragraph. ``marked`` is what no reader may miss."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: ``name`` is its sheet's, ``widths`` are shares of the text's width.

    ``differences`` go with the cells at the same place, "" where there is none to tell.
    ``has_total``: the last row is a sum.
    """

    name: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    widths: tuple[float, ...]
    differences: tuple[tuple[str, ...], ...] = ()
    has_total: bool = False

    def difference(self, row: int, column: int) -> str:
        """Return the difference that goes with a cell."""
        return self.differences[row][column] if self.differences else ""


@dataclass(frozen=True)
class Line:
    """A line of a chart: a number for each place on its axis, None where there is none."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Chart:
    """Lines over an axis of whole numbers.

    ``name`` is its sheet's; ``across`` and ``up`` are its axes'.
    """

    name: str
    title: str
    across: str
    up: str
    places: tuple[int, ...]
    lines: tuple[Line, ...]


Block: TypeAlias = Words | Grid | Chart


@dataclass(frozen=True)
class Section:
    """Blocks under a heading, then subsections under theirs."""

    title: str
    blocks: tuple[Block, ...] = ()
    subsections: Sequence[Section] = ()


@dataclass(frozen=True)
class Paper:
    """The whole paper; ``author`` is the office whose it is, which signs it where ``signed``."""

    language: Language
    title: str
    author: str
    sections: tuple[Section, ...]
    signed: bool = True
