"""What if: a base county and named overrides become plans side by side.

Names load on first use, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.apply import apply_scenario
    from scenarios.compare import Comparison
    from scenarios.model import Scenario
    from scenarios.paper import comparison_paper
    from scenarios.read import read_scenarios
    from scenarios.study import run_scenarios

_HOMES = {
    "Comparison": "compare",
    "Scenario": "model",
    "apply_scenario": "apply",
    "comparison_paper": "paper",
    "read_scenarios": "read",
    "run_scenarios": "study",
}

__all__ = [
    "Comparison",
    "Scenario",
    "apply_scenario",
    "comparison_paper",
    "read_scenarios",
    "run_scenarios",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'scenarios' has no attribute {name!r}")
    return getattr(import_module(f"scenarios.{_HOMES[name]}"), name)
