"""Decorators for all compiled functions: cached on disk where that is possible, plain otherwise.

With ``NUMBA_DISABLE_JIT=1`` the same functions run as Python, which is how coverage sees them.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _cache_folder() -> Path | None:
    """Return a new folder's path for each version of the compiled functions' sources.

    numba's own cache watches only the file of the function that is called, not of those it calls.
    None where nothing can be written beside the code: numba then finds another place.
    """
    digest = sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        text = path.read_bytes()
        if b"kernel\n" in text:
            digest.update(text)
    beside = Path(__file__).parent / "__pycache__"
    folder = beside / f"kernels-{digest.hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    try:
        folder.mkdir(parents=True)
    except OSError:
        return None
    for old in beside.glob("kernels-*"):
        if old != folder:
            rmtree(old, ignore_errors=True)
    return folder


if not getattr(config, "CACHE_DIR", ""):
    setattr(config, "CACHE_DIR", str(_cache_folder() or ""))  # noqa: B010 - not in numba's types


def _compiled(function: Callable[_P, _R], *, inside: bool) -> Callable[_P, _R]:
    for cached in (True, False):
        try:
            made = njit(cache=cached, nogil=True, error_model="numpy", forceinline=inside)(function)
            break
        except RuntimeError:
            if not cached:
                raise
    return cast("Callable[_P, _R]", made)


def kernel(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile ``function`` on its first call, without the interpreter lock.

    When no place for the cache can be written (a read-only installation without a home folder),
    numba refuses to cache: then the function is compiled anew in every process.
    """
    return _compiled(function, inside=False)


def inline_kernel(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile ``function`` into its callers: no counting of references at each call."""
    return _compiled(function, inside=True)
