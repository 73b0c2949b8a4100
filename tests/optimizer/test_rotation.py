"""Rotation of pairs: a pair is aboard exactly when both are, and a roster at no cost is found."""

from __future__ import annotations

from itertools import combinations

import pytest
from ortools.sat.python import cp_model

from optimizer.roster_people import _pairs_aboard
from optimizer.roster_search import Budget, Stage, improve, run


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_pair_is_aboard_exactly_when_both_are(size: int) -> None:
    """Whoever of five is aboard, every literal of a pair is what it must be."""
    for crew in combinations(range(5), size):
        model = cp_model.CpModel()
        present = {person: model.new_bool_var(f"{person}") for person in range(5)}
        pairs = _pairs_aboard(model, present, size)
        for person, aboard in present.items():
            model.add(aboard == int(person in crew))
        found = run(model, Budget(0, 1.0))
        assert found.found
        assert {pair for pair, both in pairs.items() if found.on(both)} == set(
            combinations(crew, 2)
        )


@pytest.mark.parametrize(("least", "closed"), [(0, True), (3, True)])
def test_what_can_be_had_for_nothing_is_asked_first(least: int, closed: bool) -> None:
    """A goal that can be zero closes at once; one that cannot is minimised as ever."""
    model = cp_model.CpModel()
    cost = model.new_int_var(least, 9, "cost")
    model.add_hint(cost, 9)
    known = run(model, Budget(0, 1.0), settings={"fix_variables_to_their_hinted_value": True})
    asked = Stage(("cost",), 1.0, 0, lambda: (1 * cost,), free_first=True)
    best, last, goals = improve(model, known, [asked], Budget(0, 1.0), lambda _: None)
    assert known.value == 0
    assert best.values[cost.index] == least
    assert (goals[0].value, goals[0].lower_bound, goals[0].closed) == (least, least, closed)
    assert not last.stopped
