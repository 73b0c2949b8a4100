"""A year's routes as a roster problem: what its rules say of visits that follow one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from optimizer.roster import RosterProblem
from scheduling.inputs import PlanInputs, load_inputs
from scheduling.planning.dates import RouteToDate, roster_problem
from scheduling.planning.group import job_fits
from scheduling.planning.prepare import prepare
from scheduling.planning.reuse import Reuse

Posed = tuple[tuple[RouteToDate, ...], RosterProblem]


@pytest.fixture(scope="module")
def year(small_folder: Path) -> PlanInputs:
    """Return one station of the small county, all of 2026."""
    return replace(load_inputs(small_folder, year=2026), units=("T01",))


def posed(inputs: PlanInputs, reuse: Reuse) -> Posed:
    """Return the routes of all windows and the problem of dating them."""
    (job,) = prepare(inputs, secret=b"test").jobs
    context, _, fits = job_fits(job, reuse)
    routes = tuple(
        RouteToDate(fit.batch, index, fit.pool, route)
        for index, fit in enumerate(fits)
        for route in fit.template.routes
    )
    return routes, roster_problem(context, routes)


@pytest.fixture(scope="module")
def reuse() -> Reuse:
    return Reuse()


@pytest.fixture(scope="module")
def whole(year: PlanInputs, reuse: Reuse) -> Posed:
    """Return the year as it stands."""
    return posed(year, reuse)


def zones_of(route: RouteToDate) -> set[int]:
    return {zone for zone, _ in route.route.stops}


def visits_by_zone(routes: tuple[RouteToDate, ...]) -> dict[int, list[int]]:
    """Return each zone's visits, as places in ``routes``, by the windows they fall in."""
    return {
        zone: sorted(
            (place for place, route in enumerate(routes) if zone in zones_of(route)),
            key=lambda place: routes[place].batch.window.first_day,
        )
        for zone in set().union(*map(zones_of, routes))
    }


def test_gaps_are_asked_for_between_visits_next_to_one_another(whole: Posed) -> None:
    """From each half-month to the next one, through all twelve months and nowhere else."""
    routes, problem = whole
    windows = sorted({route.batch.window for route in routes})
    place = {window: number for number, window in enumerate(windows)}
    steps = {
        (place[routes[gap.item_a].batch.window], place[routes[gap.item_b].batch.window])
        for gap in problem.gaps
    }
    assert len(windows) == 24
    assert {(before, before + 1) for before in range(23)} <= steps
    for gap in problem.gaps:
        shared = zones_of(routes[gap.item_a]) & zones_of(routes[gap.item_b])
        first, last = (routes[item].batch.window for item in (gap.item_a, gap.item_b))
        assert first <= last
        assert any(
            not any(first < routes[other].batch.window < last for other in visits)
            for zone, visits in visits_by_zone(routes).items()
            if zone in shared
        )


def test_hours_between_visits_hold_from_month_to_month(year: PlanInputs, reuse: Reuse) -> None:
    """Visits that could fall closer together than the rule asks are kept apart, whatever month."""
    frequency = [
        rule.model_copy(update={"min_gap_hours": 72}) for rule in year.regulation.frequency
    ]
    regulation = year.regulation.model_copy(update={"frequency": tuple(frequency)})
    routes, problem = posed(replace(year, regulation=regulation), reuse)
    kept_apart = {(rule.item_a, rule.item_b): rule.days for rule in problem.apart}
    close = 0
    for visits in visits_by_zone(routes).values():
        for pair in pairwise(visits):
            before, after = (routes[item].batch.window for item in pair)
            if after.first_day <= before.last_day + timedelta(days=1):
                close += 1
                assert kept_apart[min(pair), max(pair)] >= 3
    assert close > 100
    assert (date(2026, 1, 31), date(2026, 2, 1)) in {
        (routes[a].batch.window.last_day, routes[b].batch.window.first_day) for a, b in kept_apart
    }
