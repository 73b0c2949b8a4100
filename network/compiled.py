"""One decorator for all compiled functions: cached on disk where that is possible.

With ``NUMBA_DISABLE_JIT=1`` the same functions run as Python, which is how coverage sees them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

_P = ParamSpec("_P")
_R = TypeVar("_R")


def kernel(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile ``function`` on its first call, without the interpreter lock.

    Where no place for the cache can be written numba refuses to cache: then the function is
    compiled anew in every process.
    """
    try:
        return cast("Callable[_P, _R]", njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast("Callable[_P, _R]", njit(nogil=True, error_model="numpy")(function))
