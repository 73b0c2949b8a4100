"""Days drawn at random: what the draw keeps to, what it leaves alone, and that it is even."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from optimizer.roster import Apart, FixedGap, Item, Person, RosterProblem, SoftGap, Vehicle
from optimizer.roster_rhythm import room_of
from scheduling.calendar.windows import WindowKind
from scheduling.county.model import Leave
from scheduling.county.settings import ReserveSettings
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan
from scheduling.planning.chance import Draws, Lot, drawn_costs
from scheduling.planning.group import job_fits, plan_group
from scheduling.planning.prepare import prepare
from scheduling.planning.reserve import free_days, team_days
from scheduling.planning.resources import Horizon
from scheduling.planning.reuse import Reuse
from scheduling.planning.run import plan_of
from scheduling.regulation.model import FrequencyRule
from scheduling.spare import spare_months

DAYS = tuple(range(28))


def a_problem(items: tuple[Item, ...], **more: object) -> RosterProblem:
    people = tuple(Person((0,), DAYS, DAYS) for _ in range(3))
    weeks = tuple(day // 7 for day in DAYS)
    return RosterProblem(28, weeks, 2, items, people, (Vehicle((0,), DAYS),), **more)  # type: ignore[arg-type]


def lots_of(problem: RosterProblem, *, drawn: bool = True) -> list[Lot]:
    return [Lot(f"item {n}", n, 1, drawn) for n in range(len(problem.items))]


def drawn(problem: RosterProblem, secret: bytes) -> dict[int, int]:
    """Return the day drawn for each item."""
    costs = drawn_costs(problem, lots_of(problem), Draws(secret))
    return {one.item: next(day for day, cost in one.costs.items() if cost == 0) for one in costs}


def test_a_lone_item_is_drawn_evenly_over_its_days():
    """Over many secrets every day comes up about as often."""
    problem = a_problem((Item(0, 0, DAYS[:10]),))
    tally = Counter(drawn(problem, f"{n}".encode())[0] for n in range(2000))
    assert set(tally) == set(DAYS[:10])
    assert all(140 < count < 260 for count in tally.values())


@pytest.mark.parametrize("secret", [f"{n}".encode() for n in range(8)])
def test_draws_keep_gaps_vehicles_and_history(secret):
    """One vehicle: never two on a day; gaps and distances of the items drawn are kept."""
    items = (Item(0, 0, DAYS[:14]), Item(0, 0, DAYS[:14]), Item(1, 0, DAYS[14:]))
    problem = a_problem(
        items,
        apart=(Apart(0, 1, 2),),
        gaps=(SoftGap(0, 2, 7, 20), SoftGap(1, 2, 5, 14)),
        fixed_gaps=(FixedGap(0, -5, 7, 14),),
    )
    days = drawn(problem, secret)
    assert len(set(days.values())) == 3
    assert abs(days[0] - days[1]) >= 2
    assert 7 <= days[2] - days[0] <= 20
    assert 5 <= days[2] - days[1] <= 14
    assert 2 <= days[0] <= 9


def test_a_day_that_leaves_the_next_no_choice_is_rarely_drawn():
    """The later the first may still be followed, the more its days weigh."""
    problem = a_problem((Item(0, 0, DAYS[:10]), Item(1, 0, (10, 11))), gaps=(SoftGap(0, 1, 1, 3),))
    tally = Counter(drawn(problem, f"{n}".encode())[0] for n in range(300))
    assert set(tally) == {7, 8, 9}
    assert tally[8] > tally[7]


def test_only_drawn_items_have_costs_and_other_days_cost_more():
    """Costs are nothing on the drawn day, and at least twice as many steps as days elsewhere."""
    problem = a_problem((Item(0, 0, DAYS[:5]), Item(0, 0, DAYS[5:9])))
    assert drawn_costs(problem, lots_of(problem, drawn=False), Draws(b"")) == ()
    lots = [Lot("a", 0, 3, True), Lot("b", 1, 1, False)]
    (one,) = drawn_costs(problem, lots, Draws(b"s"))
    assert one.item == 0
    assert sorted(one.costs.values()) == [0, 24, 27, 30, 33]


def test_chances_are_what_they_say():
    """Never at 0, always at 1, about half at 0.5."""
    draws = Draws(b"secret")
    names = [str(n) for n in range(400)]
    assert not any(draws.happens(0, name) for name in names)
    assert all(draws.happens(1, name) for name in names)
    assert 150 < sum(draws.happens(0.5, name) for name in names) < 250


def test_free_days_are_asked_for_only_where_patrols_can_move():
    """Windows inside a month settle its patrols; one over two months does not."""
    horizon = Horizon(date(2026, 3, 18), 28)  # 14 days of March, 14 of April
    inside = a_problem((Item(0, 0, DAYS[:14]), Item(1, 0, DAYS[14:])))
    assert free_days(inside, horizon, 0.1) == ()
    across = a_problem((Item(0, 0, DAYS[10:18]),))
    march, april = free_days(across, horizon, 0.1)
    assert (march.days, april.days) == (DAYS[:14], DAYS[14:])
    # Three people of seven days in a fortnight make ten teams, nine of them may be planned.
    assert team_days(across, room_of(across), 0, DAYS[:14]) == 10
    assert march.patrols == april.patrols == 9


# --- whole plannings ------------------------------------------------------------------------------


def unforeseeable(inputs: PlanInputs, share: float) -> PlanInputs:
    settings = inputs.county.settings.model_copy(update={"unpredictability": share})
    return replace(inputs, county=replace(inputs.county, settings=settings))


def days_of(plan: Plan) -> list[tuple[str, date]]:
    return [(patrol.template, patrol.day) for patrol in plan.patrols]


@pytest.fixture(scope="module")
def plans(station: PlanInputs) -> dict[tuple[float, bytes], Plan]:
    """Return March of one station at no and full unpredictability, with two secrets."""
    reuse = Reuse()
    made = {}
    for share in (0.0, 1.0):
        for secret in (b"one", b"two"):
            prepared = prepare(unforeseeable(station, share), secret=secret)
            made[share, secret] = plan_of(
                prepared, [plan_group(job, None, reuse) for job in prepared.jobs]
            )
    return made


def test_without_unpredictability_the_secret_changes_no_scheduled_day(plans):
    """At 0 the plan of a station hangs on no draw."""
    assert days_of(plans[0.0, b"one"]) == days_of(plans[0.0, b"two"])


def test_draws_hang_on_the_secret_alone(plans, station):
    """Another secret, other days; the same secret, the same."""
    assert days_of(plans[1.0, b"one"]) != days_of(plans[1.0, b"two"])
    prepared = prepare(unforeseeable(station, 1.0), secret=b"one")
    again = plan_of(prepared, [plan_group(job) for job in prepared.jobs])
    assert days_of(again) == days_of(plans[1.0, b"one"])


def test_draws_cost_no_visit_and_no_kilometre(plans):
    """The same routes on other days: every requirement is met, nothing is driven more."""
    usual = plans[0.0, b"one"]
    for plan in plans.values():
        assert plan.unmet == ()
        assert len(plan.patrols) == len(usual.patrols)
        metres = sum(patrol.length_m for patrol in plan.patrols)
        assert metres == pytest.approx(sum(patrol.length_m for patrol in usual.patrols))


def test_planner_and_audit_count_the_same_team_days(march: PlanInputs, plans):
    """Two counts that share no code."""
    plan = plans[0.0, b"one"]
    (job,) = prepare(unforeseeable(replace(march, units=("T01",)), 0.0), secret=b"one").jobs
    context, _, _ = job_fits(job, Reuse())
    caps = plan.county.settings.caps
    problem = RosterProblem(
        *(context.horizon.day_count, context.horizon.week_of_day, context.crew_size, ()),
        people=context.resources.people,
        vehicles=context.resources.vehicles,
        week_cap=caps.patrol_days_per_week,
        span_cap=caps.patrol_days_per_28_days,
    )
    (month,) = spare_months(plan)
    assert month.possible == team_days(
        problem, room_of(problem), 0, range(context.horizon.day_count)
    )
    assert month.planned == len(plan.patrols)


def test_patrols_go_to_the_month_with_days_to_spare(march: PlanInputs):
    """Three visits a quarter, vehicles at hand for six days of January: none goes out then.

    Without a share to be kept free one does, since weeks are to be even.
    """
    away = tuple(
        Leave(car.id, date(2026, 1, 10), date(2026, 1, 31)) for car in march.county.vehicles
    )
    rule = FrequencyRule(id="r", authority="township", window=WindowKind.QUARTER, count=3)
    law = march.regulation.model_copy(update={"frequency": (rule,), "spot_check": (), "peak": ()})
    reuse, in_january = Reuse(), {}
    for share in (0.0, 0.84):
        settings = march.county.settings.model_copy(
            update={"reserve": ReserveSettings(bad_weather_share=share)}
        )
        county = replace(march.county, settings=settings, leave=away, history=())
        inputs = replace(march, county=county, regulation=law, first_day=date(2026, 1, 1))
        prepared = prepare(replace(inputs, units=("T01",)), secret=b"one")
        plan = plan_of(prepared, [plan_group(job, None, reuse) for job in prepared.jobs])
        assert plan.unmet == ()
        in_january[share] = sum(patrol.day.month == 1 for patrol in plan.patrols)
    assert in_january[0.0] > in_january[0.84] == 0
