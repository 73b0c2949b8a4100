"""Readers for published benchmark instances: the only files that this room reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from optimizer.published.carp import read_carp
from optimizer.published.instance import Instance, fault, lines_of
from optimizer.published.mcgrp import read_mcgrp
from optimizer.published.mdvrp import read_mdpvrp, read_mdvrp
from optimizer.published.pvrp import read_pvrp

__all__ = [
    "Instance",
    "instance_files",
    "read_carp",
    "read_instance",
    "read_mcgrp",
    "read_mdpvrp",
    "read_mdvrp",
    "read_pvrp",
]

#: What a file's first line looks like, by reader.
FIRST_LINES: tuple[tuple[str, Callable[[Path], Instance]], ...] = (
    (r"[013](\s+\d+){3}", read_pvrp),
    (r"2(\s+\d+){3}", read_mdvrp),
    (r"8(\s+\d+){4}", read_mdpvrp),
    (r"(NOMBRE|NOME|NAME)\s*:.*", read_carp),
    (r"Name\s*:.*", read_mcgrp),
)


def read_instance(path: Path) -> Instance:
    """Read an instance in whichever of the formats its first line shows.

    Raises ValueError, naming file and line, where the file is in none of them or malformed.
    """
    line, text = next(iter(lines_of(path)))
    reader = _reader(text)
    if re.fullmatch(r"[4-7](\s+\d+){3,4}|9(\s+\d+){4}", text):
        raise fault(path, line, f"type {text[0]} has time windows, which no reader here knows")
    if reader is None:
        raise fault(path, line, f"no known format begins with {text[:60]!r}")
    return reader(path)


def instance_files(folder: Path) -> list[Path]:
    """Return the files in a folder and those below it that begin like an instance.

    Sorted by folder, then by name with numbers in their order (p2 before p10).
    """
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {"", ".dat", ".txt"}:
            with path.open(encoding="utf-8", errors="replace") as file:
                first = next((line.strip() for line in file if line.strip()), "")
            if _reader(first):
                found.append(path)
    return sorted(found, key=lambda path: (path.parent, _natural(path.name)))


def _reader(first_line: str) -> Callable[[Path], Instance] | None:
    """Return the reader for a file that begins with this line."""
    matching = (read for pattern, read in FIRST_LINES if re.fullmatch(pattern, first_line))
    return next(matching, None)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a sort key that takes digits as numbers."""
    return [
        (int(part or 0), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)
    ]
