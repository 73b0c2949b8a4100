"""Why a plan cannot be done: conflict sets from the count model, in a bureau head's arithmetic.

Read ``case`` first (a plan as a count problem whose every number has a name), then ``conflicts``.
Pure: a plan goes in, findings come out; what would cure it is re-planned by ``scenarios.remedies``.
"""
