"""Hands out invented names of places and people from ``names.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))


def county_name(seed: int) -> str:
    """Return the name of the county that grows from a seed."""
    names: list[str] = _words()["counties"]
    return names[seed % len(names)]


class NameBook:
    """Hands out names, each at most once, in an order that depends only on the generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        words = _words()
        self._rng = rng
        self._used: set[str] = set()
        self._prefixes: list[str] = ["", *words["prefixes"]]
        self._townships = self._shuffled(words["townships"])
        named = words["villages"]
        after = [f + ending for f in words["families"] for ending in words["village_endings"]]
        # As many after families as not, so that neither sort crowds the map.
        self._villages = self._shuffled([*named, *self._shuffled(after)[: len(named)]])

    def township(self) -> str:
        """Return a township's name without 镇 or 乡."""
        return self._unused(self._townships)

    def village(self) -> str:
        """Return a village's name, without 村."""
        return self._unused(self._villages)

    def person(self) -> str:
        """Return a person's name, two or three characters; a namesake only after long search."""
        for _ in range(50):
            middle = self._pick("given_first") if self._rng.random() < 0.8 else ""
            name = self._pick("families") + middle + self._pick("given_second")
            if name not in self._used:
                break
        self._used.add(name)
        return name

    def _pick(self, letters: str) -> str:
        choices: str = _words()[letters]
        return choices[int(self._rng.integers(len(choices)))]

    def _shuffled(self, names: list[str]) -> list[str]:
        return [str(name) for name in self._rng.permutation(names)]

    def _unused(self, names: list[str]) -> str:
        """Take the next name, with 新, 西, ... before it once the list has been used up."""
        prefix = next(
            (p for p in self._prefixes if any(p + n not in self._used for n in names)), None
        )
        if prefix is None:
            raise ValueError("a county of so many places has no names left")
        name = prefix + next(n for n in names if prefix + n not in self._used)
        self._used.add(name)
        return name
