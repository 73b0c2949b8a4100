"""Templates: as few patrols as are proven, and the seasons in which they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from optimizer import check
from scheduling.calendar.windows import WindowKind, window_of
from scheduling.inputs import PlanInputs
from scheduling.plan.model import PatrolKind
from scheduling.planning.group import job_fits
from scheduling.planning.owed import Batch
from scheduling.planning.prepare import prepare
from scheduling.planning.template_problem import Layout
from scheduling.planning.templates import _PATIENCE, TemplateMaker, TemplateRoute
from scheduling.planning.work import TaskMode, UnitWork
from scheduling.regulation.model import FrequencyRule

SUMMER, WINTER = 0, 1


def maker(zones: int, way: int, inside: int, caps: tuple[int, int], slow: int = 2) -> TemplateMaker:
    """Zones ``way`` seconds from home and from each other, ``slow`` times that in winter."""
    legs = np.full((zones + 1, zones + 1), way, np.int64)
    np.fill_diagonal(legs, 0)
    work = UnitWork(
        unit="T01",
        zones=tuple(f"Z{n}" for n in range(zones)),
        modes=tuple((TaskMode(n + 1, n + 1, (inside, inside)),) for n in range(zones)),
        travel=np.stack([legs, slow * legs]),
        cap_seconds=caps,
        location_nodes=tuple(range(zones + 1)),
    )
    return TemplateMaker(work, 1, dict.fromkeys(work.zones, 1), {})


def batch(zones: int, visits: int = 1) -> Batch:
    """Return a November in which each zone is owed so many visits."""
    window = window_of(WindowKind.MONTH, date(2026, 11, 1))
    days = tuple(date(2026, 11, 2) + timedelta(days=n) for n in range(20))
    owed = tuple((f"Z{n}", visits) for n in range(zones))
    return Batch("T01", PatrolKind.REGULAR, window, days, owed)


def test_as_few_patrols_as_are_proven() -> None:
    """Six zones of 600 s and legs of 100 s: patrols of 2,200 s hold three, so two are needed."""
    template = maker(6, 100, 600, (2_200, 2_200)).make(batch(6), (SUMMER,))
    assert len(template.routes) == template.lower_bound == 2


def test_two_visits_of_a_zone_are_on_different_patrols() -> None:
    """Twice the visits take twice the patrols, and none has a zone twice."""
    template = maker(6, 100, 600, (2_200, 2_200)).make(batch(6, 2), (SUMMER,))
    assert len(template.routes) == template.lower_bound == 4
    assert all(len({zone for zone, _ in r.stops}) == len(r.stops) for r in template.routes)


def test_the_quicker_season_takes_fewer_patrols() -> None:
    """Winter's legs allow two zones a patrol, summer's three; the bound holds for both."""
    made = maker(6, 200, 500, (2_300, 2_300))
    summer = made.make(batch(6), (SUMMER, WINTER))
    winter = made.make(batch(6), (WINTER, SUMMER))
    assert (len(summer.routes), len(winter.routes)) == (2, 3)
    assert summer.lower_bound == winter.lower_bound == 2
    assert all(r.work_seconds[WINTER] <= 2_300 for r in winter.routes)


def test_routes_that_hold_in_every_season_are_taken_where_no_more_are_needed() -> None:
    """Two patrols do it in winter too if the near zones go together: then any day will do."""
    base = maker(4, 300, 500, (2_500, 2_500)).work
    legs = base.travel[SUMMER].copy()
    legs[1, 2] = legs[2, 1] = legs[3, 4] = legs[4, 3] = 10
    work = replace(base, travel=np.stack([legs, 2 * legs]))
    made = TemplateMaker(work, 1, dict.fromkeys(work.zones, 1), {})
    template = made.make(batch(4), (SUMMER, WINTER))
    assert len(template.routes) == 2
    assert all(r.work_seconds[WINTER] <= 2_500 for r in template.routes)


def test_a_template_solves_its_driving_problem() -> None:
    """The problem of its bound is the one its routes answer: as many patrols, each visit made."""
    made = maker(6, 100, 600, (2_200, 2_200))
    template = made.make(batch(6), (SUMMER,))
    (key,) = made.cache
    problem = made.driving_problem(key, len(template.routes))
    assert problem.days == len(template.routes)
    assert not any(fleet.fixed_cost for fleet in problem.fleets)
    from optimizer import MaxIterations, solve

    result = solve(problem, MaxIterations(2_000), seed=1)
    assert result.best is not None
    assert not check(problem, result.best)


def test_a_month_of_two_seasons_is_planned_on_its_quicker_days(station: PlanInputs) -> None:
    """Winter begins on 15 November: ten days before it are ample, so the routes are theirs."""
    rule = FrequencyRule(id="r", authority="township", window=WindowKind.MONTH, count=1)
    regulation = station.regulation.model_copy(
        update={"frequency": (rule,), "spot_check": (), "peak": ()}
    )
    november = replace(
        station,
        regulation=regulation,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
    )
    (job,) = prepare(november, seed=1, secret=b"s").jobs
    _, makers, (fit,) = job_fits(job)
    quickest = min(fit.classes, key=makers[0].slowness)
    assert len(fit.classes) == 2
    assert fit.classes[0] == quickest
    assert len(fit.template.routes) == fit.needed


@pytest.mark.parametrize("days", [(0, 1), (0, 3), (2, 2)])
def test_routes_made_fewer_are_then_made_shorter(days: tuple[int, int]) -> None:
    """Eight zones in two clusters, routes that cross between them: as many, and less driving.

    Whatever virtual days they are on: a search may find fewer than the days it was given.
    """
    places = np.array([0, 1, 1, 1, 1, -1, -1, -1, -1]) * 1_000 + np.arange(9)
    legs = np.abs(places[:, None] - places[None, :]).astype(np.int64)
    apart = maker(8, 100, 1_500, (15_000, 15_000))
    apart = replace(apart, work=replace(apart.work, travel=np.stack([legs, legs])))
    owed, classes = [(zone, 1) for zone in range(8)], (SUMMER, WINTER)
    crossed = tuple(
        TemplateRoute(day, stops, (apart.work.route_seconds(stops, SUMMER),) * 2)
        for day, zones in zip(days, ([0, 4, 1, 5], [2, 6, 3, 7]), strict=True)
        for stops in [tuple((zone, 0) for zone in zones)]
    )
    shorter = apart._shorter(owed, classes, crossed)
    assert len(shorter) == 2
    assert sorted(z for r in shorter for z, _ in r.stops) == list(range(8))
    work = [sum(r.work_seconds[SUMMER] for r in routes) for routes in (crossed, shorter)]
    assert work[1] < work[0] - 8_000


def test_routes_that_cannot_be_shorter_stay_as_they_are() -> None:
    """All legs are alike, so that nothing is gained by other routes."""
    made = maker(6, 100, 600, (2_200, 3_000))
    routes = made.make(batch(6), (WINTER, SUMMER)).routes
    routes = tuple(replace(route, virtual_day=day) for day, route in enumerate(routes))
    assert made._shorter([(zone, 1) for zone in range(6)], (WINTER, SUMMER), routes) == routes


def test_rounds_fill_patrols_to_the_second() -> None:
    """Twelve zones that fit into three patrols in a few ways only, with nothing to spare."""
    insides = [(700, 500, 300, 96), (650, 450, 350, 146), (600, 550, 250, 196)]
    made = maker(12, 1, 1, (1_601, 1_601))
    order = [inside for patrol in zip(*insides, strict=True) for inside in patrol]
    modes = tuple((TaskMode(n + 1, n + 1, (s, s)),) for n, s in enumerate(order))
    made = replace(made, work=replace(made.work, modes=modes))
    owed = [(zone, 1) for zone in range(12)]
    *_, last = made._round_by_round(owed, (SUMMER,), Layout(3, 3, may_drop=True))
    four = made._routes(owed, (SUMMER,), Layout(4, 4))
    assert len(made._fewer(owed, (SUMMER,), four, 3, made._round_by_round)) == 3
    assert sorted(zone for r in last for zone, _ in r.stops) == list(range(12))
    assert [r.work_seconds[SUMMER] for r in last] == [1_601] * 3


def test_more_virtual_days_leave_room_that_two_do_not() -> None:
    """Seven zones twice, two to a patrol: seven patrols, but one of two days has three of them."""
    made = maker(7, 100, 600, (1_500, 1_500))
    owed = [(zone, 2) for zone in range(7)]
    over_two = made._routes(owed, (SUMMER,), Layout(2, 7, may_drop=True))
    assert sum(len(route.stops) for route in over_two) == 13
    template = made.make(batch(7, 2), (SUMMER,))
    assert len(template.routes) == template.lower_bound == 7
    assert all(len({zone for zone, _ in r.stops}) == len(r.stops) for r in template.routes)
    (key,) = made.cache
    assert made.driving_problem(key, 7).days == max(r.virtual_day for r in template.routes) + 1


@pytest.mark.parametrize(
    ("owed", "patrols", "days"),
    [(1, 9, (1, 1)), (2, 5, (5, 5)), (2, 19, (2, 3, 9, 6)), (3, 12, (3, 4, 7, 5))],
)
def test_virtual_days_are_tried_from_few_to_many(owed: int, patrols: int, days: tuple) -> None:
    """As long as all sets of days for a zone's visits can be tried."""
    tried = maker(9, 1, 1, (9, 9))._days_tried([(0, 1), (1, owed)], patrols)
    assert tried[:4] == days
    assert set(tried) == set(days)


@pytest.mark.parametrize(("zones", "attempts"), [(6, 1), (5, 1), (4, 2)])
def test_rounds_end_where_no_visit_more_is_brought_in(zones: int, attempts: int) -> None:
    """One patrol holds three zones, however often; one left out is tried anew."""
    made = maker(zones, 100, 600, (2_200, 2_200))
    owed = [(zone, 1) for zone in range(zones)]
    found = list(made._round_by_round(owed, (SUMMER,), Layout(1, 1, may_drop=True)))
    stops = [sum(len(r.stops) for r in routes) for routes in found]
    assert stops == [3] * attempts * (_PATIENCE + 1)
    assert made._fewer(owed, (SUMMER,), found[0] * 2, 1, made._round_by_round) == found[0] * 2
