"""Documents reach their folder whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from network.problems import InputError, Problem, Text


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Yield an empty folder on the same disk as ``out``; it is gone afterwards.

    Raises InputError when the folder cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".xuncha-", dir=out))
    except OSError as error:
        raise InputError([_cannot_write(out, error)]) from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def put_in_place(stage: Path, out: Path) -> tuple[Path, ...]:
    """Move every file of ``stage`` into ``out``, replacing older ones; return where they are.

    A file that is open in another program cannot be replaced on Windows: its new version is kept
    beside it as ``NAME.new.EXT``. Raises InputError naming every such file, after moving the rest.
    """
    written, problems = [], []
    for source in sorted(path for path in stage.rglob("*") if path.is_file()):
        target = out / source.relative_to(stage)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            written.append(target)
        except OSError as error:
            problems.append(_kept_beside(source, target, error))
    if problems:
        raise InputError(problems)
    return tuple(written)


def _kept_beside(source: Path, target: Path, error: OSError) -> Problem:
    beside = target.with_name(f"{target.stem}.new{target.suffix}")
    try:
        source.replace(beside)
    except OSError:
        return _cannot_write(target, error)
    return Problem(
        code="publish.file-in-use",
        file=os.fspath(target),
        cause=Text(
            f"文件可能正在WPS、Word或其他程序中打开，无法替换（{error.strerror}）",
            f"cannot be replaced; it may be open in another program ({error.strerror})",
        ),
        action=Text(
            f"新文件已存为 {beside.name}；关闭后重新发布",
            f"the new version is kept as {beside.name}; close the file and publish again",
        ),
    )


def _cannot_write(path: Path, error: OSError) -> Problem:
    return Problem(
        code="publish.cannot-write",
        file=os.fspath(path),
        cause=Text(f"无法写入（{error.strerror}）", f"cannot be written ({error.strerror})"),
        action=Text(
            "请检查文件夹权限和磁盘空间，或另选输出文件夹",
            "check the folder's permissions and disk space, or choose another folder",
        ),
    )
