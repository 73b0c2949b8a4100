"""The people half of a roster, dates fixed: who is out on which day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, comb, floor

from ortools.sat.python import cp_model

from optimizer.roster_dates import off_target
from optimizer.roster_problem import RosterProblem
from optimizer.roster_search import Stage
from optimizer.roster_staff import Expression, Literal, Shift, StaffModel, staff_model

#: Rotation of pairs is a goal of small units only: literals "both aboard" beyond this are too many.
_MOST_PAIRS = 6_000


@dataclass(frozen=True)
class PeopleModel:
    """``teams[pool, day]`` are known numbers of patrols here."""

    problem: RosterProblem
    days: tuple[int, ...]
    teams: Counter[Shift]
    staff: StaffModel

    @property
    def model(self) -> cp_model.CpModel:
        """The model that all variables belong to."""
        return self.staff.model

    def present(self, shift: Shift) -> dict[int, Literal]:
        """Return the literals of the certified people who could be aboard."""
        return {
            person: self.staff.aboard[person, *shift]
            for person in range(len(self.problem.people))
            if (person, *shift) in self.staff.aboard
        }


def people_model(problem: RosterProblem, days: tuple[int, ...]) -> PeopleModel:
    """Build who is out, with every rule about people and vehicles, for these dates."""
    teams = Counter((item.pool, day) for item, day in zip(problem.items, days, strict=True))
    known = {shift: teams[shift] for shift in sorted(teams)}
    return PeopleModel(problem, days, teams, staff_model(cp_model.CpModel(), problem, known))


def wanted_aboard(people: PeopleModel) -> Expression:
    """Patrols without any responsible person aboard, dates known.

    Not each visited zone's: whoever answers for most zones would then be out every day.
    """
    wishes: Counter[tuple[Shift, tuple[int, ...]]] = Counter()
    for item, day in zip(people.problem.items, people.days, strict=True):
        if item.wanted:
            wishes[(item.pool, day), item.responsible] += 1
    terms = []
    for (shift, group), count in sorted(wishes.items()):
        present = [
            role[person, *shift]
            for role in (people.staff.aboard, people.staff.driving)
            for person in group
            if (person, *shift) in role
        ]
        missed = people.model.new_int_var(0, count, "missed")
        people.model.add(cp_model.LinearExpr.sum(present) + missed >= count)
        terms.append(missed)
    return cp_model.LinearExpr.sum(terms)


def fair_days(people: PeopleModel) -> Expression:
    """Days off the fair shares: every patrol is shared equally among all present that day."""
    shares, loads = _shares(people, people.teams)
    return cp_model.LinearExpr.sum(
        [off_target(people.model, loads[person], shares[person]) for person in sorted(loads)]
    )


def fair_minutes(people: PeopleModel) -> Expression:
    """Hours off the fair shares of minutes, beyond half the longest patrol."""
    minutes: Counter[Shift] = Counter()
    for item, day in zip(people.problem.items, people.days, strict=True):
        minutes[item.pool, day] += item.minutes
    shares, loads = _shares(people, minutes)
    longest = max(item.minutes for item in people.problem.items)
    terms = []
    for person in sorted(loads):
        off = people.model.new_int_var(0, sum(minutes.values()) // 60 + 1, "hours off")
        load = cp_model.LinearExpr.sum(loads[person])
        people.model.add(60 * off >= load - floor(shares[person]) - longest // 2)
        people.model.add(60 * off >= ceil(shares[person]) - load - longest // 2)
        terms.append(off)
    return cp_model.LinearExpr.sum(terms)


def _shares(
    people: PeopleModel, work: Mapping[Shift, int]
) -> tuple[Mapping[int, Fraction], Mapping[int, list[Expression]]]:
    """Return each person's fair share of the ``work`` of all shifts, and what they take on.

    A shift's work is ``crew_size`` times that of its patrols; whoever is aboard takes a patrol's.
    """
    shares: dict[int, Fraction] = defaultdict(Fraction)
    loads: dict[int, list[Expression]] = defaultdict(list)
    for shift, amount in sorted(work.items()):
        present = people.present(shift)
        for person, literal in present.items():
            shares[person] += Fraction(amount * people.problem.crew_size, len(present))
            loads[person].append(amount // people.teams[shift] * literal)
    return shares, loads


def rotated_pairs(people: PeopleModel) -> Expression:
    """Patrols of pairs beyond their even share, where a day has a single crew."""
    shares: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    size = people.problem.crew_size
    lone = {
        shift: present
        for shift, count in sorted(people.teams.items())
        if count == 1 and len(present := people.present(shift)) > size
    }
    if sum(comb(len(present), 2) for present in lone.values()) > _MOST_PAIRS:
        return 0
    rides: dict[tuple[int, int], list[Literal]] = defaultdict(list)
    for present in lone.values():
        for pair, both in _pairs_aboard(people.model, present, size).items():
            shares[pair] += Fraction(comb(size, 2), comb(len(present), 2))
            rides[pair].append(both)
    return cp_model.LinearExpr.sum(
        [
            off_target(people.model, rides[pair], share, under=False)
            for pair, share in sorted(shares.items())
        ]
    )


def _pairs_aboard(
    model: cp_model.CpModel, present: Mapping[int, Literal], size: int
) -> dict[tuple[int, int], Literal]:
    """Return a literal for each pair of one crew: true exactly when both are aboard.

    Whoever is aboard is so with all others of the crew. These sums say more to the search than
    "two aboard make a pair" does: of a crew of two they leave exactly one pair.
    """
    pairs = {pair: model.new_bool_var("both") for pair in combinations(sorted(present), 2)}
    for person, aboard in present.items():
        own = [both for pair, both in pairs.items() if person in pair]
        model.add(cp_model.LinearExpr.sum(own) == (size - 1) * aboard)
    return pairs


def people_stages(people: PeopleModel) -> tuple[Stage, ...]:
    """Return the goals over people, by rank; wishes and fair days close best in one run."""
    return (
        Stage(
            ("wanted aboard", "fair days"),
            0.2,
            0,
            lambda: (wanted_aboard(people), fair_days(people)),
        ),
        Stage(("fair minutes",), 0.05, 1, lambda: (fair_minutes(people),)),
        Stage(("rotated pairs",), 0.05, 0, lambda: (rotated_pairs(people),), free_first=True),
    )
