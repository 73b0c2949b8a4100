"""docs/dependencies.md lists every package that Xuncha installs, with its bound and licence."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([\w-]+)` \| `([^`]+)` \| ([^|]+) \|", re.MULTILINE)


def _required() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    pairs = (re.fullmatch(r"([\w-]+)([^;]+)(;.*)?", entry) for entry in listed)
    return {pair[1]: pair[2].strip() for pair in pairs if pair}


def _documented() -> list[tuple[str, str, str]]:
    return ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"))


def test_every_dependency_has_its_row_and_no_other_has() -> None:
    """The table holds exactly what pyproject.toml names, each once, with the same bound."""
    rows = _documented()
    assert {name: bound for name, bound, _ in rows} == _required()
    assert len(rows) == len(_required())


def test_no_dependency_is_under_gpl() -> None:
    """No licence in the table is GPL or AGPL, and none is left open."""
    licences = {name: licence.strip() for name, _, licence in _documented()}
    assert all(licences.values())
    assert [name for name, text in licences.items() if re.search(r"(?<!L)GPL", text)] == []
