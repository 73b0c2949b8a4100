"""When to stop: small objects joined by ``|``; the first one reached ends the run."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TypeVar

_T = TypeVar("_T", int, float)


@dataclass(frozen=True)
class Stop:
    """Limits of a run; ``a | b`` stops as soon as either would.

    A run ended by ``iterations``, ``patience`` or ``target`` is the same for the same seed
    everywhere; ``seconds`` only cut it off.

    >>> MaxIterations(20_000) | NoImprovement(3_000) | MaxIterations(9_000)
    Stop(iterations=9000, patience=3000, seconds=None, target=None)
    """

    iterations: int | None = None
    patience: int | None = None
    seconds: float | None = None
    target: float | None = None

    def __or__(self, other: Stop) -> Stop:
        """Return the stop that is reached as soon as either is."""
        return Stop(
            _least(self.iterations, other.iterations),
            _least(self.patience, other.patience),
            _least(self.seconds, other.seconds),
            max((x for x in (self.target, other.target) if x is not None), default=None),
        )

    @property
    def ends(self) -> bool:
        """Whether the run is sure to end (a target alone may never be reached)."""
        return not (self.iterations is self.patience is self.seconds is None)


class MaxIterations(Stop):
    """Stop after ``count`` iterations."""

    def __init__(self, count: int) -> None:
        super().__init__(iterations=int(_positive(count, "iterations")))


class NoImprovement(Stop):
    """Stop after ``count`` iterations in a row without a better solution."""

    def __init__(self, count: int) -> None:
        super().__init__(patience=int(_positive(count, "iterations without improvement")))


class MaxRuntime(Stop):
    """Stop after ``seconds`` of wall clock, compiling not counted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=float(_positive(seconds, "seconds")))


class TargetObjective(Stop):
    """Stop as soon as a solution costs no more than ``value``; join it with a stop that ends."""

    def __init__(self, value: float) -> None:
        super().__init__(target=float(value))


def _least(first: _T | None, second: _T | None) -> _T | None:
    """Return the smaller of two numbers, either of which may be missing."""
    return min((x for x in (first, second) if x is not None), default=None)


def _positive(value: float, what: str) -> float:
    """Return ``value``; raise ValueError unless it is a finite number above 0."""
    if not 0 < value < inf:
        raise ValueError(f"{what} must be a finite number above 0, not {value}")
    return value
