"""One decorator for all compiled functions: cached on disk where that is possible.

With ``NUMBA_DISABLE_JIT=1`` the same functions run as Python, which is how coverage sees them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


@cache
def _cache_folder() -> Path | None:
    """Return a folder for just this version of the compiled functions' sources, older ones gone.

    numba's own cache watches the file of the function that is called, not of those it calls. None
    where nothing can be written beside the code: numba then finds another place.
    """
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_bytes()
        if b"@kernel" in text:
            digest.update(text)
    stated = os.environ.get("NUMBA_CACHE_DIR", "")
    place = Path(stated) if stated else Path(__file__).parent / "__pycache__"
    folder = place / f"roads-{digest.hexdigest()[:12]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    for old in place.glob("roads-*"):
        if old != folder and not stated:
            rmtree(old, ignore_errors=True)
    return folder


@contextmanager
def _own_cache() -> Iterator[None]:
    """Let numba cache in our folder: its setting is one for the whole process, and not only ours.

    It is read when a function is decorated.
    """
    before = getattr(config, "CACHE_DIR", "")
    setattr(config, "CACHE_DIR", str(_cache_folder() or before))  # noqa: B010 - not in numba's types
    try:
        yield
    finally:
        setattr(config, "CACHE_DIR", before)  # noqa: B010 - as above


def kernel(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile ``function`` on its first call, without the interpreter lock.

    Where no place for the cache can be written numba refuses to cache: then the function is
    compiled anew in every process.
    """
    with _own_cache():
        try:
            made = njit(cache=True, nogil=True, error_model="numpy")(function)
        except RuntimeError:
            made = njit(nogil=True, error_model="numpy")(function)
    return cast("Callable[_P, _R]", made)
