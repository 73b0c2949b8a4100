"""Progress as a callback, not a print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from network.problems import Text


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` steps of a stage; ``stage`` is stable, ``label`` is for people."""

    stage: str
    label: Text
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Report nothing."""
