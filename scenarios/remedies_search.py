"""Trying remedies out: all at once, then for fewer days or more of them, then together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.remedies import added_to, candidates
from scenarios.remedies_model import Candidate, Cost, Trouble
from scenarios.remedies_trial import Outcome, Trials
from scheduling.explain.model import RemedyFinding
from scheduling.plan.model import PlanStatus

#: So many more people or vehicles are tried at most, and so many remedies together.
_MOST_MORE = 5
_MOST_TOGETHER = 3


@dataclass(frozen=True)
class Tried:
    """A remedy and what it came to. ``unmet`` counts the units in trouble only."""

    candidate: Candidate
    outcome: Outcome
    unmet: int

    @property
    def cures(self) -> bool:
        """Whether the audit signed, those included who help."""
        return self.outcome.lawful


#: A trouble's place and a remedy tried for it.
_Entry = tuple[int, Tried]


def search_remedies(
    troubles: Sequence[Trouble], unmet: Sequence[int], trials: Trials
) -> tuple[RemedyFinding, ...]:
    """Return the remedies of every unit in trouble, cures first and the cheapest of them first.

    ``unmet[i]`` visits are left by the plan of trouble i as it is. Each remedy is planned anew for
    the unit (with those it shares people or vehicles with) and all of the plan's days, and audited.
    Where none is enough alone, the best is kept and what then still fails is cured in turn.
    """
    search = _Search(troubles, trials)
    found = search.tried(
        [(place, one) for place, trouble in enumerate(troubles) for one in candidates(trouble)]
    )
    found = search.with_more(found)
    for place, trouble in enumerate(troubles):
        own = [entry for entry in found if entry[0] == place]
        if own and not any(one.cures for _, one in own):
            found += search.together(place, trouble, own)
    told = search.narrowed(_best_of_each(found))
    names = {unit.id: unit.name for trouble in troubles for unit in trouble.inputs.county.units}
    return tuple(
        _finding(one, names[one.candidate.unit], unmet[place])
        for place, one in sorted(told, key=_rank)
    )


@dataclass(frozen=True)
class _Search:
    troubles: Sequence[Trouble]
    trials: Trials

    def tried(self, asked: Sequence[tuple[int, Candidate]]) -> list[_Entry]:
        """Plan and audit the remedies asked for."""
        outcomes = self.trials.run([candidate.trial for _, candidate in asked])
        return [
            (place, Tried(candidate, outcome, _unmet_of(self.troubles[place], outcome)))
            for (place, candidate), outcome in zip(asked, outcomes, strict=True)
        ]

    def with_more(self, found: list[_Entry]) -> list[_Entry]:
        """Add one more person or vehicle where that helped and was not enough, again and again."""
        rising = [entry for entry in found if not entry[1].cures and entry[1].candidate.more]
        for _ in range(_MOST_MORE):
            asked = [(p, one.candidate.more()) for p, one in rising if one.candidate.more]
            more = self.tried(asked)
            found = found + more
            rising = [
                entry
                for entry, (_, before) in zip(more, rising, strict=True)
                if not entry[1].cures and entry[1].unmet < before.unmet
            ]
        return found

    def together(self, place: int, trouble: Trouble, own: list[_Entry]) -> list[_Entry]:
        """Take the best remedy and cure what then still fails, until nothing does."""
        for _ in range(1, _MOST_TOGETHER):
            alone = [one for _, one in own if one.outcome.plan.units == trouble.inputs.units]
            best = min(alone, key=lambda one: (one.unmet, one.candidate.cost))
            left = trouble.after(best.candidate, best.outcome.plan)
            if left is None:
                break
            asked = [(place, added_to(best.candidate, one)) for one in candidates(left)]
            own = self.with_more(self.tried(asked))
            if not own or any(one.cures for _, one in own):
                break
        return [entry for entry in own if entry[1].candidate.cost is Cost.TOGETHER]

    def narrowed(self, found: Sequence[_Entry]) -> list[_Entry]:
        """Replace what cures by the same for the days it was used only, where that cures too."""
        fewer = {
            position: narrower
            for position, (_, one) in enumerate(found)
            if one.cures
            and one.candidate.narrow is not None
            and (narrower := one.candidate.narrow(one.outcome)) is not None
        }
        again = self.tried([(found[position][0], one) for position, one in fewer.items()])
        better = {
            position: entry for position, entry in zip(fewer, again, strict=True) if entry[1].cures
        }
        found = [better.get(position, entry) for position, entry in enumerate(found)]
        return [
            self._spared(entry) if place in better else entry for place, entry in enumerate(found)
        ]

    def _spared(self, entry: _Entry) -> _Entry:
        """Leave out day after day for as long as what is left cures."""
        while (fewer := entry[1].candidate.fewer) is not None:
            left = self.tried([(entry[0], candidate) for candidate in fewer()])
            cures = [one for one in left if one[1].cures]
            if not cures:
                break
            entry = cures[0]
        return entry


def _unmet_of(trouble: Trouble, outcome: Outcome) -> int:
    owner = {row.id: row.unit for row in outcome.plan.requirements}
    own = {*trouble.inputs.units}
    return sum(one.missing for one in outcome.plan.unmet if owner[one.requirement] in own)


def _best_of_each(found: Sequence[_Entry]) -> list[_Entry]:
    """Leave out what more of the same surpasses: of one kind what cures, else what is best."""
    kept: dict[tuple[object, ...], _Entry] = {}
    for place, one in found:
        grows = one.candidate.more is not None
        kind = (place, one.candidate.cost, one.cures, "" if grows else one.candidate.text.zh)
        if kind not in kept or one.unmet < kept[kind][1].unmet:
            kept[kind] = (place, one)
    cured = {(place, cost) for place, cost, cures, _ in kept if cures}
    return [
        entry
        for (place, cost, cures, text), entry in kept.items()
        if cures or text or (place, cost) not in cured
    ]


def _rank(entry: _Entry) -> tuple[object, ...]:
    place, one = entry
    left = 0 if one.cures else one.unmet
    return (place, not one.cures, left, one.candidate.cost, one.candidate.text.zh)


def _finding(one: Tried, name: str, unmet_before: int) -> RemedyFinding:
    candidate, outcome = one.candidate, one.outcome
    left_to_time = any(o.status is PlanStatus.TIME_LIMIT for o in outcome.plan.outcomes)
    return RemedyFinding(
        unit=candidate.unit,
        name=name,
        text=candidate.text,
        lawful=outcome.lawful,
        unmet=one.unmet,
        unmet_before=unmet_before,
        proven=outcome.proven and not left_to_time,
        setting=candidate.cost in {Cost.SHIFT, Cost.STOPS},
    )
