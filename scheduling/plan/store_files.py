"""Replacing a plan file and its sealed companion: old or whole new, whatever happens between.

The two files are renamed one after the other. Should the computer stop in between, the sealed
file that belongs to the standing plan is still there under its ``.previous`` name, and a reader
looks there too (``sealed_candidates``).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from network.problems import InputError, Text
from scheduling.plan.store_geopackage import file_problem


def sealed_path(path: Path) -> Path:
    """Return where the sealed part of the plan at ``path`` stands: NAME.sealed.gpkg beside it."""
    return path.with_name(f"{path.stem}.sealed.gpkg")


def sealed_candidates(path: Path) -> tuple[Path, ...]:
    """Return the files that may hold the sealed part, the usual one first."""
    return sealed_path(path), _previous(path)


def temporary_beside(path: Path) -> Path:
    """Return an unused hidden name in the folder of ``path``, so that renaming stays atomic."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")


def flush(path: Path) -> None:
    """Force the file's content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def replace_plan(path: Path, new_open: Path, new_sealed: Path | None) -> None:
    """Put the new files in place of the old ones.

    Raises InputError ``plan.file-in-use`` when a file is open elsewhere (Windows); the old plan
    then still stands, and the new one is kept beside it as NAME.new.gpkg.
    """
    sealed, previous = sealed_path(path), _previous(path)
    try:
        if sealed.exists():
            os.replace(sealed, previous)  # noqa: PTH105 (os.replace is what tests interrupt)
        if new_sealed:
            os.replace(new_sealed, sealed)  # noqa: PTH105
        os.replace(new_open, path)  # noqa: PTH105
    except PermissionError as error:
        kept = path.with_name(f"{path.stem}.new.gpkg")
        if new_sealed:
            (new_sealed if new_sealed.exists() else sealed).replace(sealed_path(kept))
        if previous.exists():
            previous.replace(sealed)
        new_open.replace(kept)
        cause = Text(
            "文件正被其他程序打开，无法替换", "the file is open in another program: not replaced"
        )
        action = Text(
            f"请关闭 QGIS、WPS 等程序后重试；新计划已存为 {kept.name}",
            f"close QGIS, WPS or the like and retry; the new plan was kept as {kept.name}",
        )
        problem = file_problem(path, "plan.file-in-use", cause, action=action)
        raise InputError([problem]) from error
    previous.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _previous(path: Path) -> Path:
    return path.with_name(f"{path.stem}.sealed.previous.gpkg")


def _flush_folder(folder: Path) -> None:
    """Force the renames to the disk, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
