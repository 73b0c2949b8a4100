"""A paper about staff: tables and a chart as plain values, for the screen and every document."""

from __future__ import annotations

from dataclasses import dataclass

from network.problems import Language


@dataclass(frozen=True)
class Section:
    """A table under a title, with sentences after it. ``has_total``: the last row is a sum."""

    title: str
    heading: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    sentences: tuple[str, ...] = ()
    has_total: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the chart: a number for each place on the axis, None where there is none."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Chart:
    """Lines over an axis of whole numbers."""

    title: str
    across: str
    up: str
    places: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Paper:
    """The whole of it, in one language."""

    language: Language
    title: str
    office: str
    sections: tuple[Section, ...]
    chart: Chart | None
    notes: tuple[str, ...]
