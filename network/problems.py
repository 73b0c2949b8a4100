"""What is wrong with an input, said once in both languages: file, place, field, cause, action.

Problems are collected, never raised one by one: a reader returns or raises *all* of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the sentence in ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input, with what mends it.

    ``code`` is stable and documented (``docs/errors.md``), e.g. ``"table.missing-column"``.
    ``file`` is the path as the user knows it, ``where`` the row or feature ("row 7", "zone Z012"),
    ``field`` the column or key; both may be empty when the whole file is meant.
    """

    code: str
    file: str
    cause: Text
    action: Text
    where: str = ""
    field: str = ""

    def in_(self, language: Language) -> str:
        """Return one line: file, where, field, cause, action."""
        place = " · ".join(part for part in (self.file, self.where, self.field) if part)
        arrow = " → "
        return f"{place}: {self.cause.in_(language)}{arrow}{self.action.in_(language)}"


class InputError(ValueError):
    """Bad input: carries every problem found, so that all can be mended at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(problem.in_("en") for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return (type(self), (self.problems,))
