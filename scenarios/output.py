"""Writing a result whole or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path

from network.problems import InputError, Problem, Text


def write_whole(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it.

    Raises InputError when the folder cannot be written to or the file is open elsewhere.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        cause = Text(f"无法写入（{error.strerror}）", f"cannot be written ({error.strerror})")
        action = Text("请关闭占用该文件的程序后重试", "close the program that uses it and retry")
        problem = Problem("scenario.cannot-write", str(path), cause, action)
        raise InputError([problem]) from error
    finally:
        temporary.unlink(missing_ok=True)
