"""Each reason why a unit cannot do its duty, made on purpose: named, proven, and cured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from network.problems import Text
from reports.explanation import sections
from scenarios.apply import apply_scenario
from scenarios.model import AddLeave, ChangeRule, ChangeSetting, Override, RemoveStaff, Scenario
from scenarios.remedies_explain import explain, explain_secret, plan_to_explain
from scenarios.remedies_trial import Trial, Trials
from scheduling.explain.model import Explanation, Shown
from scheduling.explain.plan_conflicts import plan_conflicts
from scheduling.inputs import PlanInputs, load_inputs
from scheduling.plan.model import PlanStatus, UnitOutcome, Unmet

FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))
FIRST_HALF = (date(2026, 2, 1), date(2026, 2, 15))


@pytest.fixture(scope="module")
def trials() -> Trials:
    """Return trials that keep roads and templates for the whole module."""
    return Trials(0, explain_secret(0))


@pytest.fixture(scope="module")
def told(trials: Trials) -> Callable[[PlanInputs], Explanation]:
    return lambda inputs: explain(plan_to_explain(inputs, trials), inputs, trials)


def changed(base: PlanInputs, days: tuple[date, date], *overrides: Override) -> PlanInputs:
    """Return the first station in these days, its county changed."""
    inputs = replace(base, units=("T01",), first_day=days[0], last_day=days[1])
    return (
        apply_scenario(inputs, Scenario(name="short", overrides=overrides)) if overrides else inputs
    )


def kinds(found: Explanation, place: int = 0) -> set[str]:
    return {str(member.cause.kind) for member in found.conflicts[place].members}


def cures(found: Explanation) -> list[str]:
    return [remedy.text.en for remedy in found.remedies if remedy.lawful]


def text_of(found: Explanation) -> str:
    return "\n".join(line.text.en for section in sections(found) for line in section.lines)


def setting(key: str, value: object) -> ChangeSetting:
    return ChangeSetting(do="set", key=key, value=value)


def test_a_lawful_plan_needs_no_explanation(base: PlanInputs, told) -> None:  # type: ignore[no-untyped-def]
    """Nothing is told of a plan that the audit signs."""
    assert told(changed(base, FIRST_HALF)) == Explanation(lawful=True)


def test_windows_that_fail_only_together(base: PlanInputs, told) -> None:  # type: ignore[no-untyped-def]
    """Two halves of a month fit alone; the cap over 28 days forbids both, and is named."""
    found = told(
        changed(
            base,
            FEBRUARY,
            RemoveStaff(do="remove-staff", who=("T01-03",)),
            setting("caps.patrol_days_per_28_days", 2),
            setting("shift.max_work_minutes", 140),
        )
    )
    (conflict,) = found.conflicts
    assert len(conflict.windows) == 2
    assert kinds(found) == {"need", "staff", "span-cap", "shift", "stop-time"}
    assert conflict.minimal
    assert all(member.shown is Shown.ALONE for member in conflict.members)
    assert all(breach.together and not breach.proven for breach in found.breaches)
    assert "2 more certified people" in cures(found)


def test_a_week_without_a_workday_is_found_before_solving(base: PlanInputs, told) -> None:  # type: ignore[no-untyped-def]
    """Week 8 of 2026 has no workday: said so, and one duty patrol cures it."""
    weekly = ChangeRule(do="rule", rule="township-half-monthly", set={"window": "week"})
    found = told(changed(base, (date(2026, 2, 9), date(2026, 3, 1)), weekly))
    (empty,) = found.empty
    assert "week 8 of 2026 (16–22 February) has no workday" in empty.text.en
    assert kinds(found) == {"need", "calendar"}
    assert found.conflicts[0].minimal
    (remedy,) = cures(found)
    assert remedy.startswith("duty patrols on weekends and holidays: 02-")
    assert remedy.count("02-") == 1


def test_a_zone_out_of_reach(base: PlanInputs, told) -> None:  # type: ignore[no-untyped-def]
    """No number of people helps a zone that exceeds the shift; a longer shift does."""
    found = told(changed(base, FIRST_HALF, setting("shift.max_work_minutes", 38)))
    assert found.conflicts == ()
    (reach,) = found.reach
    assert reach.zones
    assert [breach.proven for breach in found.breaches] == [True]
    assert {text.split()[0] for text in cures(found)} == {"shifts", "stops"}
    assert not any("certified" in remedy.text.en for remedy in found.remedies)


def test_hours_between_visits(base: PlanInputs, told) -> None:  # type: ignore[no-untyped-def]
    """Everybody away for a week leaves no two days far enough apart: gap and leaves are named."""
    rule = {"count": 2, "min_gap_hours": 240.0}
    everyone = ("T01-01", "T01-02", "T01-03")
    away = AddLeave.model_validate(
        {"do": "leave", "who": everyone, "from": "2026-02-01", "to": "2026-02-08"}
    )
    twice = ChangeRule(do="rule", rule="township-half-monthly", set=rule)
    found = told(changed(base, FIRST_HALF, away, twice))
    assert all(kinds(found, place) >= {"need", "gap", "leave"} for place in range(2))
    assert all(conflict.minimal for conflict in found.conflicts)
    assert any(text.startswith("cancel all absences") for text in cures(found))
    single = [r for r in found.remedies if r.text.en.endswith("absence 1–8 February")]
    assert len(single) == 3
    assert all(remedy.proven and remedy.unmet == 5 for remedy in single)


def test_spot_checks_are_patrols_of_their_own(county_folder, trials: Trials, told) -> None:  # type: ignore[no-untyped-def]
    """One patrol in 28 days is not enough for a month and its drawn spot check."""
    squad = load_inputs(county_folder, year=2026, units=("C01",), last_day=date(2026, 3, 31))
    inputs = apply_scenario(
        squad,
        Scenario(
            name="short",
            overrides=(
                RemoveStaff(do="remove-staff", who=("C01-03", "C01-04")),
                setting("caps.patrol_days_per_28_days", 1),
            ),
        ),
    )
    plan = plan_to_explain(inputs, trials)
    found = plan_conflicts(plan)
    assert found
    other = explain(plan, inputs, Trials(0, b"another draw"))
    assert any("draw others" in note.en for note in other.notes)
    assert all(one.drawn and len(one.windows) == 2 for one in found)
    assert all(any("spot checks" in window.en for window in one.windows) for one in found)


def test_without_roads_nothing_is_called_minimal(base: PlanInputs, trials: Trials) -> None:
    """A plan alone proves its conflicts; minimality and remedies need the roads."""
    inputs = changed(base, FIRST_HALF, RemoveStaff(do="remove-staff", who=("T01-02", "T01-03")))
    plan = plan_to_explain(inputs, trials)
    found = explain(plan, None, trials)
    (conflict,) = found.conflicts
    assert kinds(found) == {"need", "staff"}
    assert (conflict.minimal_in_counts, conflict.minimal) == (True, False)
    assert found.remedies == ()
    assert "minimality not proven" in text_of(found)
    assert "no county folder" in text_of(found)


def test_what_is_not_found_is_not_called_impossible(base: PlanInputs, trials: Trials) -> None:
    """A plan cut short proves nothing: told so, and remedies are tried all the same."""
    inputs = changed(base, FIRST_HALF)
    whole = plan_to_explain(inputs, trials)
    why = Text("未找到", "not found")
    plan = replace(
        whole,
        patrols=(),
        met={},
        unmet=tuple(Unmet(row.id, row.count, False, why) for row in whole.requirements),
        outcomes=(UnitOutcome("T01", PlanStatus.NOT_FOUND, (why,)),),
    )
    found = explain(plan, inputs, trials)
    assert found.conflicts == ()
    assert "not proven impossible" in text_of(found)
    assert "this window not proven impossible" in text_of(found)
    assert found.remedies


def test_one_person_under_two_names_is_found_out(base: PlanInputs, trials: Trials) -> None:
    """Caps and days hold for a helper and the person behind it together."""
    inputs = changed(base, FIRST_HALF, RemoveStaff(do="remove-staff", who=("T01-03",)))
    plain, doubled = trials.run([Trial(inputs), Trial(inputs, aliases={"T01-01": "T01-02"})])
    assert (plain.lawful, doubled.lawful) == (True, False)


def test_the_explanation_is_the_same_again(base: PlanInputs) -> None:
    """Equal inputs and seed, equal explanation, also with nothing kept from before."""
    inputs = changed(base, FIRST_HALF, RemoveStaff(do="remove-staff", who=("T01-02", "T01-03")))

    def anew() -> Explanation:
        fresh = Trials(0, explain_secret(0))
        return explain(plan_to_explain(inputs, fresh), inputs, fresh)

    assert anew() == anew()
