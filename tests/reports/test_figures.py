"""Shared figures add up, and show nothing of spot checks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from reports.figures import Figures, totals
from scheduling.audit import AuditReport
from scheduling.plan.model import PatrolKind, Plan
from scheduling.plan.seal import seal

PASSED = AuditReport(lawful=True, findings=())


def test_totals_agree_with_the_patrols(figures: Figures) -> None:
    """Sums are those of the patrols, counted here by hand."""
    patrols = figures.plan.patrols
    sums = figures.totals
    assert sums.patrols == len(patrols)
    assert sums.spot_checks == 1
    assert sums.visits == sum(len(patrol.visits) for patrol in patrols)
    assert sums.person_days == sum(len(patrol.crew) for patrol in patrols)
    seconds = sum(p.drive_seconds + p.inspect_seconds for p in patrols)
    assert sums.work_hours == pytest.approx(seconds / 3600)
    parts = [totals(rows).length_km for rows in figures.patrols_by_unit.values()]
    assert sum(parts) == pytest.approx(sums.length_km)


def test_months_and_quarters_are_cut_to_the_plan(make_plan: Callable[..., Plan]) -> None:
    """Quarters and months outside the plan's days are not there."""
    plan = make_plan(date(2026, 2, 16), date(2026, 5, 15))
    figures = Figures(seal(plan)[0], PASSED)
    assert figures.months == ((2026, 2), (2026, 3), (2026, 4), (2026, 5))
    assert [(q.number, q.first_day, q.last_day) for q in figures.quarters] == [
        (1, date(2026, 2, 16), date(2026, 3, 31)),
        (2, date(2026, 4, 1), date(2026, 5, 15)),
    ]
    assert figures.quarters[0].holds(date(2026, 3, 31))
    assert not figures.quarters[0].holds(date(2026, 4, 1))


def test_patrols_by_month_add_up(figures: Figures) -> None:
    """Every patrol falls into one unit's month."""
    assert sum(figures.patrols_by_unit_month.values()) == len(figures.plan.patrols)
    assert sum(figures.workdays_by_month.values()) == len(figures.plan.calendar.workdays)


def test_units_stand_in_order_of_authority(figures: Figures) -> None:
    """Squads come before stations."""
    assert [unit.authority for unit in figures.units] == ["county", "township", "township"]
    assert figures.zones_of(figures.units[1])[0].level == 1


def test_statuses_count_what_is_planned_and_missing(unlawful: Figures) -> None:
    """What the broken plan misses is missing, and nothing else."""
    missing = {row.requirement.id for row in unlawful.statuses if row.missing}
    assert missing == {unmet.requirement for unmet in unlawful.plan.unmet}
    assert all(row.planned + row.missing == row.requirement.count for row in unlawful.statuses)


def test_a_visit_outside_its_peak_is_still_missing(plan: Plan, unlawful_plan: Plan) -> None:
    """A requirement told unmet stays unmet even where the count is reached."""
    unmet = unlawful_plan.unmet[:1]
    figures = Figures(seal(replace(plan, unmet=unmet))[0], PASSED)
    (row,) = [row for row in figures.statuses if row.missing]
    assert (row.planned, row.missing) == (1, 1)


def test_loads_name_everybody_once(figures: Figures) -> None:
    """Everybody of the planned units has a load, and the days are those of the crews."""
    assert len(figures.loads) == len(figures.plan.county.inspectors)
    days = sum(len(load.days) for load in figures.loads)
    assert days == figures.totals.person_days
    assert all(load.busiest_week_days <= max(1, len(load.days)) for load in figures.loads)


def test_spot_checks_are_numbers_only(figures: Figures) -> None:
    """The open plan tells how many spot-check patrols a unit makes, no more."""
    assert figures.spot_checks == {"U00": 1}
    (sealed,) = [p for p in figures.plan.patrols if p.kind == PatrolKind.SPOT_CHECK]
    assert (sealed.visits, sealed.legs) == ((), ())


def test_unknown_ids_stand_for_themselves(figures: Figures) -> None:
    """A name that is not in the county's tables is printed as its id."""
    assert figures.names(("P?",)) == ["P?"]
    assert (figures.plate("V?"), figures.zone_name("Z?"), figures.unit_name("U?")) == (
        "V?",
        "Z?",
        "U?",
    )
