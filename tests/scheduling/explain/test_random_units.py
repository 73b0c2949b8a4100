"""Random infeasible units: conflict sets hold by the test's own model, remedies by the audit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import pytest

from scenarios.remedies_explain import explain, explain_secret, plan_to_explain
from scenarios.remedies_trial import Outcome, Trial, Trials
from scheduling.audit import audit_plan
from scheduling.explain.model import ConflictFinding, Explanation, Member
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan, PlanStatus
from scheduling.planning.prepare import prepare
from tests.scheduling.explain.independent import Owed, can_hold, least_patrols
from tests.scheduling.explain.random_units import random_unit

LEVELS = {"shift", "stop-time", "daylight"}


@dataclass(frozen=True)
class Recorded(Trials):
    """Trials that remember what they came to."""

    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, trials: Sequence[Trial]) -> list[Outcome]:
        """Run and remember."""
        found = super().run(trials)
        self.outcomes.extend(found)
        return found


def _explained(
    base: PlanInputs, wanted: int, trials: Recorded, first: int = 0
) -> list[tuple[PlanInputs, Plan, Explanation]]:
    found = []
    seed = first
    while len(found) < wanted:
        inputs = random_unit(base, seed)
        plan = plan_to_explain(inputs, trials)
        told = explain(plan, inputs, trials)
        if plan.status is PlanStatus.INFEASIBLE:
            found.append((inputs, plan, told))
        seed += 1
    return found


def _check(base: PlanInputs, wanted: int, first: int = 0) -> None:
    trials = Recorded(0, explain_secret(0))
    minimal = cured = 0
    for inputs, plan, told in _explained(base, wanted, trials, first):
        assert not told.lawful
        assert told.conflicts or told.reach
        for conflict in told.conflicts:
            _check_conflict(inputs, plan, conflict)
            minimal += conflict.minimal
        cured += any(remedy.lawful for remedy in told.remedies)
        _check_needs(inputs, plan, trials)
    assert minimal > 0
    assert cured > wanted // 2
    for outcome in trials.outcomes:
        _check_outcome(outcome)


def _check_conflict(inputs: PlanInputs, plan: Plan, conflict: ConflictFinding) -> None:
    """All members together are impossible; without any one of them it is possible."""
    members = conflict.members
    assert not _possible(inputs, plan, conflict, members)
    if conflict.minimal_in_counts:
        for left_out in members:
            rest = [member for member in members if member is not left_out]
            assert _possible(inputs, plan, conflict, rest), (left_out.text.en, conflict)


def _possible(
    inputs: PlanInputs, plan: Plan, conflict: ConflictFinding, members: Collection[Member]
) -> bool:
    kinds = {str(member.cause.kind) for member in members}
    needed = {member.days for member in members if member.cause.kind == "need"}
    windows = []
    needs = zip(conflict.days, conflict.needs, conflict.needs_without, strict=True)
    for days, whole, without in needs:
        need = whole
        if relaxed := {kind for names, _ in without for kind in names} - kinds:
            need = max((less for names, less in without if relaxed <= {*names}), default=0)
        owed = [r.count for r in plan.requirements if _is_window(r.window, days)]
        wanted = days in needed
        windows.append(Owed(*days, wanted * need, wanted * max(owed)))
    held: set[tuple[str, object]] = set()
    for member in members:
        kind = str(member.cause.kind)
        if kind in {"leave", "certificate", "vehicle"} and member.days:
            held.add((kind, (member.who, *member.days)))
        elif kind == "calendar":
            held.add((kind, member.days))
        elif kind not in LEVELS | {"need"}:
            held.add((kind, None))
    return can_hold(inputs, windows, held)


def _is_window(window: object, days: object) -> bool:
    return (window.first_day, window.last_day) == days  # type: ignore[attr-defined]


def _check_needs(inputs: PlanInputs, plan: Plan, trials: Trials) -> None:
    """No need is more than the fewest patrols that trying every set of zones finds."""
    ready = prepare(inputs, seed=0, secret=trials.secret, shared=trials.shared)
    settings = inputs.county.settings
    for need in plan.needs:
        owed = {
            row.zone: row.count
            for row in plan.requirements
            if _is_window(row.window, (need.first_day, need.last_day))
        }
        classes = {
            place
            for place, one in enumerate(settings.day_classes)
            for day in inputs.calendar.workdays
            if need.first_day <= day <= need.last_day
            if (one.name == "winter") == (f"{day:%m-%d}" >= "11-15" or f"{day:%m-%d}" <= "03-31")
        }
        exact = least_patrols(ready.works[need.unit], owed, classes)
        assert need.needed_lower_bound <= exact


def _check_outcome(outcome: Outcome) -> None:
    """Check that what is called lawful is signed by the audit, where the trial left nothing out."""
    certified = {p.id: p.certified_on for p in outcome.plan.county.inspectors}
    for patrol in outcome.plan.patrols:
        crew = [m for m in patrol.crew if m.role == "inspector"]
        assert sum(certified[m.inspector](patrol.day) for m in crew) >= 2
    if outcome.lawful and not outcome.plan.unmet:
        assert audit_plan(outcome.plan).lawful


@pytest.mark.slow
def test_ten_random_infeasible_units(base: PlanInputs) -> None:
    """Every conflict set holds and is minimal by another model; every cure is lawful."""
    _check(base, 10)


@pytest.mark.proof
def test_two_hundred_random_infeasible_units(base: PlanInputs) -> None:
    """The same for two hundred others."""
    _check(base, 200, first=1000)


def test_the_checks_see_a_wrong_conflict(base: PlanInputs) -> None:
    """A set with a member too few is possible by the test's own model, and is refused."""
    trials = Recorded(0, explain_secret(0))
    ((inputs, plan, told),) = _explained(base, 1, trials)
    conflict = told.conflicts[0]
    weaker = replace(conflict, members=conflict.members[1:])
    with pytest.raises(AssertionError):
        _check_conflict(inputs, plan, weaker)
