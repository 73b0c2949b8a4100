"""Arrays without the counting of references, for kernels that run long.

numba counts references at every use of an array in a loop, with locked instructions: these took
half of the time of a search.
"""

# numba's own parts have no types.
# mypy: disable-error-code="no-untyped-call, attr-defined"

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array


def _as_they_are(arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    """Do nothing, where nothing is compiled."""
    return arrays


def _without_owners(_typing: Any, arrays: Any) -> tuple[Any, Callable[..., Any]]:
    """Tell numba how to make a tuple of the same arrays that belong to nobody."""

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        given = []
        for index, kind in enumerate(signature.args[0]):
            value = builder.extract_value(values[0], index)
            if isinstance(kind, types.Array):
                array = make_array(kind)(context, builder, value)
                array.meminfo = cgutils.get_null_value(array.meminfo.type)
                array.parent = cgutils.get_null_value(array.parent.type)
                value = array._getvalue()
            given.append(value)
        return context.make_tuple(builder, signature.return_type, given)

    return arrays(arrays), code


#: Return a tuple's arrays as they are, counted by nobody: whoever called the kernel keeps them. A
#: kernel must not return an array that was lent to it.
lent = cast(
    "Callable[[tuple[Any, ...]], tuple[Any, ...]]",
    _as_they_are if config.DISABLE_JIT else intrinsic(_without_owners),
)
