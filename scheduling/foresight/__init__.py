"""How well the next visit's day can be foreseen: named predictors against guessing at random.

Pure: dates in, figures out. The audit, the documents and the benchmarks use it; the planner never
does, so that no plan is made to please its own yardstick.
"""

from scheduling.foresight.measure import Foresight, foresee, pooled
from scheduling.foresight.occasions import Occasion, OpenWindow, occasions
from scheduling.foresight.predictors import PREDICTORS, predictor_name

__all__ = [
    "PREDICTORS",
    "Foresight",
    "Occasion",
    "OpenWindow",
    "foresee",
    "occasions",
    "pooled",
    "predictor_name",
]
