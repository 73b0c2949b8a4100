"""Shift rosters by CP-SAT: one person after the other, then neighbourhoods, then the whole.

All effort is deterministic: the same instance, seed and effort give the same roster and bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from random import Random

from benchmarks.shift_instances import ShiftInstance
from benchmarks.shift_model import OFF, Roster, cost_of, shift_model
from optimizer.roster_search import Budget, RosterStatus, run, status_of

#: Shares of the effort: neighbourhoods, then the whole model, which alone can prove.
NEIGHBOUR_SHARE, WHOLE_SHARE = 0.5, 0.5
#: Effort of one neighbourhood, and of one person's first row, which is nearly always proven.
ROUND_EFFORT, PERSON_EFFORT = 0.25, 1.0
#: Days of a window and people of a group, each as the first neighbourhood has it.
FIRST_DAYS, FIRST_PEOPLE = 7, 4
#: CP-SAT's settings: whole models close with the tightest linear relaxation only ...
_WHOLE = {"linearization_level": 2}
#: ... and for small ones its probing takes longer than the search.
_SMALL = {**_WHOLE, "symmetry_level": 0, "cp_model_probing_level": 0}


@dataclass(frozen=True)
class ShiftResult:
    """``lower_bound`` is proven. ``first_cost``: of the start, ``round_cost``: after the rounds."""

    status: RosterStatus
    roster: Roster | None
    lower_bound: int
    first_cost: int | None = None
    round_cost: int | None = None
    rounds: int = 0


def solve_shifts(instance: ShiftInstance, budget: Budget) -> ShiftResult:
    """Return the best roster within the effort, and what is proven about it."""
    started = start(instance, budget)
    if not isinstance(started, tuple):
        return ShiftResult(started, None, 0)
    improved, rounds = neighbourhoods(instance, started, budget)
    whole = shift_model(instance, range(len(instance.people)))
    whole.hint(improved)
    last = run(whole.model, budget, share=WHOLE_SHARE, settings=_WHOLE)
    best = improved
    if last.found and last.value < cost_of(instance, improved):
        best = whole.roster(last)
    bound = max(0, last.lower_bound)
    closed = cost_of(instance, best) <= bound
    status = status_of(replace(last, found=True), closed=closed)
    costs = cost_of(instance, started), cost_of(instance, improved)
    return ShiftResult(status, best, bound, *costs, rounds)


def start(instance: ShiftInstance, budget: Budget) -> Roster | RosterStatus:
    """Return a roster made one person after the other, each as cheap as those before allow.

    Rules bind each person alone, so this never gets stuck; a person with no lawful row is a proof.
    """
    roster: Roster = ((OFF,) * instance.day_count,) * len(instance.people)
    for person in range(len(instance.people)):
        one = shift_model(instance, [person], roster)
        found = run(one.model, replace(budget, effort=PERSON_EFFORT), settings=_SMALL)
        if not found.found:
            return status_of(found, closed=False)
        roster = one.roster(found, roster)
    return roster


def neighbourhoods(instance: ShiftInstance, roster: Roster, budget: Budget) -> tuple[Roster, int]:
    """Free some people, or all on some days, solve again, keep what is no worse; again and again.

    In turn a random group over the whole horizon and everyone in a window of days. A kind that was
    proven best gets larger, one that was not smaller. Returns the roster and the rounds made.
    """
    random = Random(budget.seed)
    everyone, days = len(instance.people), instance.day_count
    group, window = min(FIRST_PEOPLE, everyone), min(FIRST_DAYS, days)
    rounds = int(budget.effort * NEIGHBOUR_SHARE / ROUND_EFFORT)
    for number in range(rounds):
        people, free = list(range(everyone)), list(range(days))
        if number % 2:
            first = random.randrange(days - window + 1)
            free = free[first : first + window]
        else:
            people = sorted(random.sample(people, group))
        part = shift_model(instance, people, roster, free)
        part.hint(roster)
        effort = replace(budget, seed=budget.seed + number, effort=ROUND_EFFORT)
        found = run(part.model, effort, settings=_SMALL)
        if found.interrupted:
            raise KeyboardInterrupt
        if found.found:
            roster = min(part.roster(found, roster), roster, key=partial(cost_of, instance))
        change = 1 if found.closed else -1
        if number % 2:
            window = max(2, min(days, window + change))
        else:
            group = max(2, min(everyone, group + change))
    return roster, rounds
