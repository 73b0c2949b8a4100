"""The few figures of a plan, and why it is not complete."""

from __future__ import annotations

from dataclasses import replace

from network.problems import Text
from scheduling.plan.measures import measure, shortfalls
from scheduling.plan.model import PlanStatus
from scheduling.plan.seal import seal


def test_the_figures_add_up_what_the_patrols_hold(plan):
    """Patrols, visits, people, kilometres and hours are counted unit by unit and whole."""
    figures = measure(plan)
    squad, station = figures.units
    assert (station.unit, station.name) == ("S1", "东镇国土资源所")
    assert (station.patrols, station.visits, station.person_days) == (1, 2, 2)
    assert station.length_km == round((5000.5 + 1 / 3 + 812.125) / 1000, 1)
    assert station.hours == round((400 + 333 + 900 + 1234) / 3600, 1)
    assert (station.busiest_week, station.busiest_week_patrols) == ("2026-W14", 1)
    assert (squad.unmet, station.unmet, figures.whole.unmet) == (1, 1, 2)
    assert figures.whole.patrols == 2
    assert figures.whole.status is PlanStatus.INFEASIBLE


def test_fairness_is_the_greatest_difference_within_a_unit(plan):
    """A colleague of the same home unit who never patrols is two patrol days behind."""
    person = plan.county.inspectors[0]
    idle = replace(person, id="P4", name="闲")
    expired = replace(person, id="P5", certificate_until=plan.first_day)
    county = replace(plan.county, inspectors=(*plan.county.inspectors, idle, expired))
    assert measure(plan).units[1].fairness == 1
    assert measure(replace(plan, county=county)).units[1].fairness == 2


def test_a_plan_without_patrols_has_no_busiest_week(plan):
    """Nothing planned gives zeros, and no week."""
    empty = measure(replace(plan, patrols=(), met={}, units=()))
    assert (empty.whole.patrols, empty.whole.busiest_week, empty.units) == (0, "", ())


def test_reasons_come_from_explanation_arithmetic_and_what_is_missing(plan):
    """Each reason is told once; a spot check's reason stays sealed."""
    squad, station = shortfalls(plan)
    assert squad.reasons == ()
    assert [reason.en for reason in station.reasons] == [
        "a",
        "b",
        "5 x 1 x 1 = 5, 2 short",
        "one person short",
    ]


def test_a_complete_unit_has_no_shortfall(plan):
    """Feasible units that miss nothing are not listed, also in an open plan."""
    done = replace(plan, unmet=(), needs=())
    assert [one.unit for one in shortfalls(done)] == ["S1"]
    assert [one.unit for one in shortfalls(seal(plan)[0])] == ["S1"]
    outcomes = tuple(
        replace(o, status=PlanStatus.OPTIMAL, explanation=(Text("", ""),)) for o in plan.outcomes
    )
    assert shortfalls(replace(done, outcomes=outcomes)) == ()
