"""The planner: the stages of a year's plan (need and templates, dates and people, crews).

Read ``run`` first; ``group`` holds the stages of one group of units in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduling.planning.run import make_plan

__all__ = ["make_plan"]


def __getattr__(name: str) -> object:
    """Import the planner when it is used: it pulls in the solvers."""
    if name == "make_plan":
        from scheduling.planning.run import make_plan

        return make_plan
    raise AttributeError(name)
