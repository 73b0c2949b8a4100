"""The least equal staff of one group: people x vehicles x shift, each cell proven or an interval.

Counts prove from below, audited plans from above. Shifts are gone through from the shortest on: a
plan lawful under one is lawful under all longer ones, and with more people or vehicles. So a cell
whose proven bound meets a plan of an easier cell needs no routes and no plan of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.counts import CountProblem
from optimizer.least_staff import (
    Corner,
    StaffQuestion,
    alone,
    frontier,
    full_weeks,
    least_people,
    least_vehicles,
    staffed,
)
from optimizer.roster_search import RosterStatus
from scenarios.staffing_model import NONE, Cell, Count, StaffingOptions
from scenarios.staffing_people import WeeksOff, vehicles_of, with_equals, with_shift
from scheduling.inputs import PlanInputs
from scheduling.planning.group import beyond_reach
from scheduling.planning.reuse import Reuse
from scheduling.staffing.case import (
    Fitted,
    GroupCase,
    cheap_needs,
    counts_of,
    fits_of,
    try_plan,
)

#: So many people and vehicles never stand in the way of any routes.
_PLENTY = 50
#: A plan that fails is tried again with so many people more.
_FURTHER = 1
_DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Shown:
    """Staff with which an audited plan was lawful."""

    shift_minutes: int
    vehicles: int
    people: int


@dataclass
class Search:
    """One group's search: what is known grows; ``breaches`` are those of plans that failed."""

    case: GroupCase
    options: StaffingOptions
    reuse: Reuse
    shown: list[Shown] = field(default_factory=list)
    breaches: set[str] = field(default_factory=set)
    fitted: dict[int, Fitted] = field(default_factory=dict)

    @property
    def own_shift(self) -> int:
        """The county's own minutes a patrol."""
        return self.case.inputs.county.settings.shift.max_work_minutes

    @property
    def vehicles(self) -> int:
        """How many vehicles the group has."""
        return len(vehicles_of(self.case.inputs))

    def beyond(self, minutes: int) -> tuple[str, ...]:
        """Return the zones that no staff can visit as often as they owe under a shift."""
        inputs = with_shift(self.case.inputs, minutes)
        return beyond_reach(self.case.with_inputs(inputs).job)

    def fits(self, minutes: int) -> Fitted:
        """Return needs and routes under a shift, made when first asked for."""
        if minutes not in self.fitted:
            inputs = with_shift(self.case.inputs, minutes)
            plenty = with_equals(inputs, ((),) * _PLENTY, _PLENTY)
            self.fitted[minutes] = fits_of(self.case.with_inputs(plenty), self.reuse)
        return self.fitted[minutes]

    def upper(self, minutes: int, vehicles: int) -> int | None:
        """Return the fewest people of a lawful plan that fits so many minutes and vehicles."""
        fitting = [
            shown.people
            for shown in self.shown
            if shown.shift_minutes <= minutes and shown.vehicles <= vehicles
        ]
        return min(fitting, default=None)


def search_frontier(search: Search) -> tuple[Cell, ...]:
    """Return the cells of all shifts, by shift and vehicles."""
    own = search.own_shift
    cells: list[Cell] = []
    for minutes in sorted({*search.options.shifts, own}):
        needs = _cheap(search, minutes)
        corners = None if needs is None else frontier(question(search, minutes, needs))
        if corners is None or not _all_met(search, minutes, corners):
            corners = _planned(search, minutes)
        cells += _cells(search, minutes, corners)
    return tuple(cells)


def _cheap(search: Search, minutes: int) -> tuple[int, ...] | None:
    """Return quick proven needs where those and easier plans may settle a longer shift."""
    own = search.own_shift
    if minutes <= own or search.beyond(own):
        return None
    case = search.case.with_inputs(with_shift(search.case.inputs, minutes))
    return cheap_needs(case, search.fits(own))


def _all_met(search: Search, minutes: int, corners: Sequence[Corner]) -> bool:
    return bool(corners) and all(
        search.upper(minutes, corner.vehicles) == corner.people.lower for corner in corners
    )


def question(search: Search, minutes: int, needs: Sequence[int]) -> StaffQuestion:
    """Return what counts are asked: the windows with such needs, leave in full working weeks."""
    fitted = search.fits(minutes if minutes in search.fitted else search.own_shift)
    return _question(search, counts_of(search.case, fitted, needs))


def _question(search: Search, problem: CountProblem) -> StaffQuestion:
    weeks = open_weeks(problem)
    return StaffQuestion(
        problem, min(weeks_off(search.case.inputs, search.options), len(weeks)), weeks
    )


def open_weeks(problem: CountProblem) -> tuple[int, ...]:
    """Return the weeks of five days or more on which the group may patrol."""
    return full_weeks(problem, [day for window in problem.windows for day in window.days])


def weeks_off(inputs: PlanInputs, options: StaffingOptions) -> int:
    """Return the weeks of leave that fall into the days planned, in proportion to a year."""
    days = (inputs.last_day - inputs.first_day).days + 1
    return round(options.leave_weeks * min(1.0, days / _DAYS_A_YEAR))


def _planned(search: Search, minutes: int) -> tuple[Corner, ...]:
    """Prove what the needs under this shift ask for, and plan at each corner."""
    if search.beyond(minutes):
        return ()
    fitted = search.fits(minutes)
    proven = frontier(question(search, minutes, fitted.needed))
    if fitted.complete:
        doable = question(search, minutes, fitted.routes)
        for corner in frontier(doable):
            _plan_at(search, minutes, doable, corner)
        for corner in proven:  # fewer vehicles than the routes' own corners have
            if search.upper(minutes, corner.vehicles) is None:
                people = least_people(doable, corner.vehicles)
                if people.status is not RosterStatus.INFEASIBLE:
                    _plan_at(search, minutes, doable, Corner(corner.vehicles, people))
    return proven


def _plan_at(search: Search, minutes: int, doable: StaffQuestion, corner: Corner) -> None:
    """Plan with the corner's staff, a little more where that fails; note what was lawful."""
    for people in range(corner.people.lower, corner.people.lower + _FURTHER + 1):
        known = search.upper(minutes, corner.vehicles)
        if known is not None and known <= people:
            return
        found = staffed(doable, people, corner.vehicles)
        if found.status is RosterStatus.OPTIMAL and _lawful(
            search, minutes, found.weeks_off, corner.vehicles
        ):
            search.shown.append(Shown(minutes, corner.vehicles, people))
            return


def _lawful(search: Search, minutes: int, weeks: WeeksOff, vehicles: int) -> bool:
    inputs = with_equals(with_shift(search.case.inputs, minutes), weeks, vehicles)
    trial = try_plan(search.case.with_inputs(inputs), search.reuse)
    search.breaches.update(trial.breaches)
    return trial.lawful


def _cells(search: Search, minutes: int, corners: Sequence[Corner]) -> list[Cell]:
    """Return a cell for each number of vehicles up to those there are and those that still help."""
    if not corners:
        return [Cell(minutes, vehicles, NONE) for vehicles in range(1, max(1, search.vehicles) + 1)]
    cells = []
    for vehicles in range(1, max(search.vehicles, corners[-1].vehicles) + 1):
        fitting = [corner for corner in corners if corner.vehicles <= vehicles]
        if fitting:
            lower = fitting[-1].people.lower
            count = Count(lower, search.upper(minutes, vehicles))
        else:
            count = NONE
        cells.append(Cell(minutes, vehicles, count))
    return cells


def vehicles_needed(search: Search) -> Count:
    """Return the least vehicles under the county's own shift, with people enough."""
    if search.beyond(search.own_shift):
        return NONE
    fitted = search.fits(search.own_shift)
    least = least_vehicles(question(search, search.own_shift, fitted.needed))
    if least.status is RosterStatus.INFEASIBLE:
        return NONE
    fitting = [s.vehicles for s in search.shown if s.shift_minutes <= search.own_shift]
    return Count(least.lower, min(fitting, default=None))


def people_needed(search: Search, cells: Sequence[Cell]) -> Count:
    """Return the least people under the county's own shift with the vehicles there are."""
    own = [
        cell.people
        for cell in cells
        if cell.shift_minutes == search.own_shift and cell.vehicles <= search.vehicles
    ]
    return own[-1] if own else NONE


def binding_windows(search: Search, people: int) -> tuple[int, ...]:
    """Return the windows that alone need so many people with the vehicles there are."""
    fitted = search.fits(search.own_shift)
    asked = question(search, search.own_shift, fitted.needed)
    found = alone(asked, max(1, search.vehicles))
    return tuple(i for i, least in enumerate(found) if least.lower >= people)
