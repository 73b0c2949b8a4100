"""Trying remedies out: all at once, then for fewer days or more of them, then together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.remedies import Candidate, Cost, Trouble, candidates, together
from scenarios.remedies_trial import Outcome, Trials
from scheduling.explain.model import RemedyFinding
from scheduling.plan.model import PlanStatus

#: So many more people or vehicles are tried at most.
_MOST_MORE = 2


@dataclass(frozen=True)
class Tried:
    """A remedy and what it came to."""

    candidate: Candidate
    outcome: Outcome


def search_remedies(
    troubles: Sequence[Trouble], unmet: Sequence[int], trials: Trials
) -> tuple[RemedyFinding, ...]:
    """Return the remedies of every unit in trouble, cures first and the cheapest of them first.

    ``unmet[i]`` visits are left by the plan of trouble i as it is. Each remedy is planned anew for
    the unit (with those it shares people or vehicles with) and all of the plan's days, and audited.
    """
    asked = [(place, one) for place, trouble in enumerate(troubles) for one in candidates(trouble)]
    found = _tried(asked, trials)
    for _ in range(_MOST_MORE):
        more = [
            (place, one.candidate.more())
            for place, one in found
            if one.candidate.more is not None
            and not _cures(one)
            and not any(
                other_place == place
                and other.candidate.cost == one.candidate.cost
                and other is not one
                and (_cures(other) or other.outcome.unmet <= one.outcome.unmet)
                for other_place, other in found
            )
        ]
        found += _tried(more, trials)
    cured = {place for place, one in found if _cures(one)}
    pairs = [
        (place, one)
        for place, trouble in enumerate(troubles)
        if place not in cured
        for one in together(trouble)
    ]
    found += _tried(pairs, trials)
    found = _narrowed(found, trials)
    ordered = sorted(found, key=_rank)
    names = {place: _name(trouble) for place, trouble in enumerate(troubles)}
    return tuple(_finding(one, names[place], unmet[place]) for place, one in ordered)


def _tried(asked: Sequence[tuple[int, Candidate]], trials: Trials) -> list[tuple[int, Tried]]:
    outcomes = trials.run([candidate.trial for _, candidate in asked])
    return [
        (place, Tried(candidate, outcome))
        for (place, candidate), outcome in zip(asked, outcomes, strict=True)
    ]


def _narrowed(found: Sequence[tuple[int, Tried]], trials: Trials) -> list[tuple[int, Tried]]:
    """Replace what cures by the same for the days it was used only, where that cures too."""
    fewer = {
        position: narrower
        for position, (_, one) in enumerate(found)
        if _cures(one)
        and one.candidate.narrow is not None
        and (narrower := one.candidate.narrow(one.outcome)) is not None
    }
    again = _tried([(found[position][0], one) for position, one in fewer.items()], trials)
    better = {
        position: entry for position, entry in zip(fewer, again, strict=True) if _cures(entry[1])
    }
    return [better.get(position, entry) for position, entry in enumerate(found)]


def _cures(one: Tried) -> bool:
    return one.outcome.lawful


def _rank(entry: tuple[int, Tried]) -> tuple[object, ...]:
    place, one = entry
    return (
        place,
        not _cures(one),
        0 if _cures(one) else one.outcome.unmet,
        one.candidate.cost,
        one.candidate.text.zh,
    )


def _name(trouble: Trouble) -> str:
    return next(u.name for u in trouble.inputs.county.units if u.id == trouble.unit)


def _finding(one: Tried, name: str, unmet_before: int) -> RemedyFinding:
    candidate, outcome = one.candidate, one.outcome
    left_to_time = any(o.status is PlanStatus.TIME_LIMIT for o in outcome.plan.outcomes)
    return RemedyFinding(
        unit=candidate.unit,
        name=name,
        text=candidate.text,
        lawful=outcome.lawful,
        unmet=outcome.unmet,
        unmet_before=unmet_before,
        proven=outcome.proven and not left_to_time,
        setting=candidate.cost in {Cost.SHIFT, Cost.STOPS},
    )
