"""The sample county: a seeded generator and its settings (see ``generate_county``)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from examples.sizes import DEMO_SEED, DEMO_SIZE, SHORTAGE_SEED, SHORTAGE_SIZE, SampleSize

if TYPE_CHECKING:
    from examples.generate import SampleReport, generate_county
    from examples.samples import sample_county, scenarios_file, shortage_county

__all__ = [
    "DEMO_SEED",
    "DEMO_SIZE",
    "SHORTAGE_SEED",
    "SHORTAGE_SIZE",
    "SampleReport",
    "SampleSize",
    "generate_county",
    "sample_county",
    "scenarios_file",
    "shortage_county",
]

_HOMES = {
    "SampleReport": "examples.generate",
    "generate_county": "examples.generate",
    "sample_county": "examples.samples",
    "scenarios_file": "examples.samples",
    "shortage_county": "examples.samples",
}


def __getattr__(name: str) -> Any:
    """Load the generator when it is first asked for: importing it takes half a second."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
