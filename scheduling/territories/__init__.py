"""Territories 划片包干: which unit owes a zone's visits, and who answers for it (art. 10, 12)."""

from scheduling.territories.assign import Territories, assign_territories
from scheduling.territories.shares import Share

__all__ = ["Share", "Territories", "assign_territories"]
