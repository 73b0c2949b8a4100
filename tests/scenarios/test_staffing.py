"""Least staff of small counties: brute force agrees, plans are audited, options are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations, combinations_with_replacement, permutations, product
from pathlib import Path
from typing import TypeVar

import pytest

from examples import SampleSize, generate_county
from network.problems import InputError
from optimizer.counts import CountProblem, CountWindow
from scenarios.staffing import least_staff
from scenarios.staffing_model import AbsenceVerdict, Count, Staffing, StaffingOptions, total
from scenarios.staffing_paper import staffing_paper
from scenarios.staffing_people import (
    inspectors_of,
    monday_of,
    vehicles_of,
    with_equals,
    with_more,
    with_only,
)
from scheduling.calendar.windows import WindowKind, windows_between
from scheduling.inputs import PlanInputs, load_inputs
from scheduling.paper import Chart, Grid, Paper
from scheduling.planning.prepare import prepare
from scheduling.planning.work import UnitWork, class_index
from tests.optimizer.staff_by_force import Worker, possible

Kind = TypeVar("Kind")

SIZE = SampleSize(townships=2, zones_per_township=5, squads=0, scenery=False, township_km2=60.0)
ONE = StaffingOptions(shifts=(150, 360), leave_weeks=0, replans=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    generate_county(folder, size=SIZE, seed=5)
    return folder


@pytest.fixture(scope="module")
def march(folder: Path) -> PlanInputs:
    return load_inputs(folder, first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))


@pytest.fixture(scope="module")
def may(folder: Path) -> PlanInputs:
    """Return a month of the peak, in which level 1 owes two visits a half-month."""
    return load_inputs(folder, first_day=date(2026, 5, 1), last_day=date(2026, 5, 31))


@pytest.fixture(scope="module")
def found_in_may(may: PlanInputs) -> Staffing:
    return least_staff(may, replace(ONE, shifts=(360,), named=False))


@pytest.fixture(scope="module")
def found(march: PlanInputs) -> Staffing:
    return least_staff(march, ONE, merges=("T01+T02",))


def patrols_by_force(
    work: UnitWork, owed: dict[str, int], cap_seconds: int, day_class: int
) -> int | None:
    """Return the fewest patrols that see every zone as owed: all orders, ways and groupings."""
    count = len(work.zones)
    whole = [
        zones
        for size in range(1, count + 1)
        for zones in combinations(range(count), size)
        if any(
            work.route_seconds(list(zip(order, modes, strict=True)), day_class) <= cap_seconds
            for order in permutations(zones)
            for modes in product(*(range(len(work.modes[zone])) for zone in order))
        )
    ]
    for patrols in range(1, sum(owed.values()) + 1):
        for chosen in combinations_with_replacement(whole, patrols):
            seen = Counter(zone for zones in chosen for zone in zones)
            if all(seen[place] >= owed[zone] for place, zone in enumerate(work.zones)):
                return patrols
        if {zone for zones in whole for zone in zones} != set(range(count)):
            return None
    return None


@pytest.mark.parametrize(("month", "minutes"), [("march", 150), ("march", 360), ("may", 360)])
def test_brute_force_agrees_on_every_unit(
    request: pytest.FixtureRequest, month: str, minutes: int
) -> None:
    """Routes, days and people all tried out: the proven least is the true least."""
    inputs: PlanInputs = request.getfixturevalue(month)
    name = {"march": "found", "may": "found_in_may"}[month]
    found: Staffing = request.getfixturevalue(name)
    prepared = prepare(inputs, seed=0, secret=b"x" * 16)
    first, last = inputs.first_day, inputs.last_day
    number = {
        day: (day - first).days for day in inputs.calendar.patrol_days if first <= day <= last
    }
    for unit in found.own:
        work = prepared.works[unit.units[0]]
        day_class = class_index(inputs.county.settings, first)
        cap = min(minutes * 60, work.cap_seconds[day_class])
        least_patrols = []
        windows = windows_between(WindowKind.HALF_MONTH, first, last)
        for window in windows:
            due = {
                r.zone: r.count
                for r in prepared.requirements
                if (r.unit, r.window) == (work.unit, window)
            }
            least_patrols.append(patrols_by_force(work, due, cap, day_class))
        cell = next(
            c
            for c in unit.frontier
            if (c.shift_minutes, c.vehicles) == (minutes, unit.has_vehicles)
        )
        if None in least_patrols:
            assert not cell.people.possible
            continue
        asked = tuple(
            CountWindow(0, tuple(number[day] for day in number if window.holds(day)), patrols or 0)
            for window, patrols in zip(windows, least_patrols, strict=True)
        )
        weeks = tuple((n + first.weekday()) // 7 for n in range(31))
        problem = CountProblem(31, weeks, 2, asked, (), ())
        least = next(
            people
            for people in range(6)
            if possible(problem, [Worker(frozenset(number.values()))] * people, unit.has_vehicles)
        )
        assert cell.people == Count(least, least)


def test_staff_there_is_more_than_least_and_named_staff_tells_whom_to_keep(
    march: PlanInputs, found: Staffing
) -> None:
    """Named people kept are the unit's own, as many as proven necessary."""
    for unit in found.own:
        assert unit.people.exact
        assert unit.vehicles == Count(1, 1)
        assert unit.named is not None
        assert unit.named.least.exact
        assert len(unit.named.kept) == unit.named.least.lower <= unit.has_people
        own = {p.id for p in march.county.inspectors if unit.units[0] in p.units}
        assert set(unit.named.kept) <= own
        assert unit.breaches == ()


def test_only_vehicle_away_breaks_every_window(found: Staffing) -> None:
    """Half a month without the only vehicle is proven short; without one of three people not."""
    for unit in found.own:
        gone = [one for one in unit.absences if one.vehicle]
        assert [one.verdict for one in gone] == [AbsenceVerdict.SHORT] * 2
        assert all(one.short >= 1 and one.windows for one in gone)
        people = [one.verdict for one in unit.absences if not one.vehicle]
        assert AbsenceVerdict.SHORT not in people


def test_units_that_share_a_vehicle_are_one_question(march: PlanInputs) -> None:
    """Two stations with one vehicle between them: equal people serve both, and so they may."""
    only = replace(march.county.vehicles[0], units=("T01", "T02"))
    sharing = replace(march, county=replace(march.county, vehicles=(only,)))
    units = least_staff(sharing, replace(ONE, shifts=(360,))).units
    assert [unit.units for unit in units] == [("T01", "T02")]
    assert units[0].people == Count(2, 2)
    assert units[0].vehicles == Count(1, 1)
    assert units[0].named is not None
    # Named people stay with their own station: each needs a crew.
    assert units[0].named.least == Count(4, 4)


def test_merged_stations_need_no_more_than_apart(found: Staffing) -> None:
    """Merged stations come last, have both stations' staff, and need no more than their sum."""
    merged = found.units[-1]
    assert merged.merged
    assert merged.units == ("T01",)
    assert merged.has_people == sum(unit.has_people for unit in found.own)
    assert merged.people.lower <= found.people.lower
    assert found.people == total([unit.people for unit in found.own])


def test_workers_do_not_change_the_result(march: PlanInputs, found: Staffing) -> None:
    """Two processes find what one finds."""
    assert least_staff(march, ONE, merges=("T01+T02",), workers=2) == found


def test_too_few_people_are_told_how_many_more(march: PlanInputs) -> None:
    """A station with one inspector lacks one, and a lawful plan with two shows it."""
    alone = replace(march, units=("T01",))
    keep = inspectors_of(alone)[0].id
    short = with_only(alone, [keep])
    options = replace(ONE, shifts=(360,), anonymous=False)
    unit = least_staff(short, options).units[0]
    assert unit.named is not None
    assert not unit.named.enough
    assert unit.named.more == Count(1, 1)
    assert [relief.patrols_short > 0 for relief in unit.reliefs] == [True, False, True]
    assert unit.absences == ()
    assert unit.frontier == ()


def test_only_half_of_it_is_told_when_only_half_is_asked(march: PlanInputs) -> None:
    """Without equal people there is no least of the county, and no chart of it."""
    asked = replace(ONE, shifts=(360,), anonymous=False)
    staffing = least_staff(replace(march, units=("T01",)), asked)
    assert staffing.document("zh")["people"] is None
    assert not _blocks_of(staffing_paper(staffing, "zh"), Chart)


def test_shift_too_short_for_a_zone_is_impossible(march: PlanInputs) -> None:
    """With 15 minutes no zone can be visited: no number of people does, proven."""
    options = replace(ONE, shifts=(15,), named=False)
    unit = least_staff(replace(march, units=("T01",)), options).units[0]
    assert [cell.people.possible for cell in unit.frontier] == [False, True]
    assert str(unit.frontier[0].people) == "×"


def test_equals_take_the_place_of_all(march: PlanInputs) -> None:
    """Equal people and vehicles replace a unit's own, answer for its zones and have leave."""
    alone = replace(march, units=("T01",))
    equal = with_equals(alone, ((1,), (2,)), 3)
    people = inspectors_of(equal)
    assert len(people) == 2
    assert len(vehicles_of(equal)) == 3
    ids = {person.id for person in people}
    for zone in equal.county.zones:
        if zone.units.get("township") == "T01":
            assert set(zone.responsible["township"]) <= ids
    leave = {row.who: row.first_day for row in equal.county.leave if row.who in ids}
    assert sorted(leave.values()) == [monday_of(alone, 1), monday_of(alone, 2)]
    others = [p for p in alone.county.inspectors if "T02" in p.units]
    assert [p for p in equal.county.inspectors if "T02" in p.units] == others


def test_more_people_come_on_top(march: PlanInputs) -> None:
    """People added leave everybody in place and belong to all units planned."""
    more = with_more(march, ((), (1,)))
    added = set(more.county.inspectors) - set(march.county.inspectors)
    assert [person.units for person in added] == [march.units] * 2
    assert set(march.county.inspectors) <= set(more.county.inspectors)


@pytest.mark.parametrize("merge", ["T01", "T01+T01", "T01+", "T01+T99"])
def test_merges_that_cannot_be_are_refused(march: PlanInputs, merge: str) -> None:
    """A merge names two different units of the county."""
    with pytest.raises(InputError):
        least_staff(march, ONE, merges=(merge,))


def test_counts_tell_exact_interval_and_bound_apart() -> None:
    """Exact numbers, intervals, mere bounds and the impossible are written differently."""
    counts = [Count(2, 2), Count(2, 3), Count(2, None), Count(0, None, possible=False)]
    assert [str(count) for count in counts] == ["2", "2–3", "≥2", "×"]
    assert str(total(counts[:2])) == "4–5"
    assert str(total(counts[:3])) == "≥6"
    assert str(total(counts)) == "×"


def _blocks_of(paper: Paper, kind: type[Kind]) -> list[Kind]:
    """Return the paper's blocks of a kind."""
    return [block for part in paper.sections for block in part.blocks if isinstance(block, kind)]


def test_paper_has_every_table_and_chart(found: Staffing) -> None:
    """The paper lists all units, the county's sums, and a line for each shift."""
    for language in ("zh", "en"):
        paper = staffing_paper(found, language)
        grids = _blocks_of(paper, Grid)
        assert len(paper.sections) == 5  # the notes come last
        assert len(grids) == 4
        for grid in grids:
            assert {len(row) for row in (*grid.rows, grid.widths)} == {len(grid.heading)}
        (chart,) = _blocks_of(paper, Chart)
        assert len(chart.lines) == len({c.shift_minutes for c in found.frontier()})
        names = {row[0] for row in grids[0].rows}
        assert {unit.name for unit in found.own} <= names
    document = found.document("en")
    assert document["people"]["lower"] == found.people.lower
    assert [unit["merged"] for unit in document["units"]] == [False, False, True]


def test_what_no_staff_can_mend_is_said_before_any_search(
    march: PlanInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zone nobody answers for (art. 12) is named with the column to fill in, and nothing run."""
    monkeypatch.setattr("scenarios.staffing._run", None)
    zone = march.county.zones[0]
    nobody = replace(zone, responsible={})
    zones = (nobody, *march.county.zones[1:])
    inputs = replace(march, county=replace(march.county, zones=zones))
    with pytest.raises(InputError) as caught:
        least_staff(inputs, ONE)
    first = caught.value.problems[0]
    assert first.code == "staffing.never-lawful"
    assert first.where == zone.id
    assert "art. 12" in first.cause.en
    assert "responsible_township" in first.action.en


def test_a_rule_below_the_norm_is_said_before_any_search(march: PlanInputs) -> None:
    """What a weakened rule asks for is never lawful, however few would do it."""
    rules = march.regulation.frequency
    weaker = march.regulation.model_copy(update={"frequency": rules[1:]})
    with pytest.raises(InputError) as caught:
        least_staff(replace(march, regulation=weaker), ONE)
    assert [one.code for one in caught.value.problems] == ["staffing.never-lawful"]
    assert caught.value.problems[0].where == rules[0].id
