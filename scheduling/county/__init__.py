"""The county: who and where, read from a county folder and written back as one."""

from scheduling.county.model import County
from scheduling.county.reader import read_county

__all__ = ["County", "read_county"]
