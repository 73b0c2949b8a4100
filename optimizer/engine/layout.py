"""What the columns of the search's arrays mean: named once, for the kernels and for Python."""

# ``slots``, ``limits``, ``sums``.
DAY, CLASS, START, END, GROUP = range(5)
DURATION, LOAD, FIXED = range(3)
COST, TIME, CARRIED = range(3)
# Last axis of ``ways``: cost and time into a mode from a node, and out of it to a node.
COST_IN, COST_OUT, TIME_IN, TIME_OUT = range(4)
# ``counts`` and ``values``.
(
    STAMP, TOUCHED, PENDING, ITERATION, LAST_BEST, LATE, HEAVY, BROKEN, SEEN, IN_TIME, IN_LOAD,
    SEEDS,
) = range(12)  # fmt: skip
(
    NOW, BEST, PRICE_TIME, PRICE_LOAD, PRICE_TIME_MIN, PRICE_LOAD_MIN, PRICE_BROKEN, LINKED,
    LENIENCE, FEASIBLE_KNOWN,
) = range(10)  # fmt: skip
# ``traits``: what a problem lacks need not be looked at.
TIMED, SINGLE_MODES, SEVERAL_FLEETS, HAS_LINKS = range(4)
# ``tuning``.
(
    MEAN_REMOVED, LONGEST_STRING, SPLIT, KEEP_SPLIT, BLINK, PATTERN_BLINK, RUIN_DAY, RUIN_WHOLE,
    WIDE_SHARE, WIDE_TIMES,
) = range(10)  # fmt: skip
