"""The people named: how few of them do, how many more it takes, what one more of a kind gives."""

from __future__ import annotations

from dataclasses import replace

from network.problems import Text
from optimizer.counts import CountProblem, Person, Vehicle, most_patrols_year
from optimizer.least_staff import StaffQuestion, least_people
from optimizer.named_staff import (
    Helpers,
    busiest_week,
    inspectors_of,
    least_kept,
    least_more,
)
from optimizer.roster_search import RosterStatus
from scenarios.staffing_frontier import Search, open_weeks, weeks_off
from scenarios.staffing_model import NONE, Count, NamedStaff, Relief
from scenarios.staffing_people import inspectors_of as inspectors_among
from scenarios.staffing_people import with_more, with_only
from scheduling.staffing.case import counts_of, try_plan

#: Nobody asks for more than so many further people.
_MOST_MORE = 12


def named_staff(search: Search) -> NamedStaff:
    """Return how few of the named inspectors do, or how many more it takes, planned and audited."""
    if search.beyond(search.own_shift):
        return NamedStaff(NONE, (), NONE)
    fitted = search.fits(search.own_shift)
    proven = counts_of(search.case, fitted, fitted.needed)
    doable = counts_of(search.case, fitted, fitted.routes)
    # Whoever the people are: equal ones without leave would be no more.
    floor = least_people(StaffQuestion(proven)).lower
    fewest = least_kept(proven, floor)
    if fewest.status is RosterStatus.INFEASIBLE:
        return NamedStaff(NONE, (), _more(search, proven, doable))
    kept = least_kept(doable, fewest.lower)
    names = [one.id for one in inspectors_among(search.case.inputs)]
    people = tuple(names[place] for place in _places(doable, kept.people))
    if people and fitted.complete:
        case = search.case.with_inputs(with_only(search.case.inputs, people))
        trial = try_plan(case, search.reuse)
        search.breaches.update(trial.breaches)
        if trial.lawful:
            return NamedStaff(Count(fewest.lower, len(people)), people, Count(0, 0))
    everybody = try_plan(search.case, search.reuse)
    if everybody.lawful:
        return NamedStaff(Count(fewest.lower, len(names)), tuple(names), Count(0, 0))
    return NamedStaff(Count(fewest.lower, None), (), Count(0, None))


def _places(problem: CountProblem, chosen: tuple[int, ...]) -> list[int]:
    """Return the places of people of the count problem among its inspectors."""
    inspectors = inspectors_of(problem)
    return [inspectors.index(person) for person in chosen]


def _more(search: Search, proven: CountProblem, doable: CountProblem) -> Count:
    """Return how many more people it takes, the plan with them audited."""
    helpers = _helpers(search, proven)
    least = least_more(proven, helpers)
    if least.status is RosterStatus.INFEASIBLE:
        return NONE
    found = least_more(doable, helpers)
    if not found.weeks_off or not search.fits(search.own_shift).complete:
        return Count(least.lower, None)
    inputs = with_more(search.case.inputs, found.weeks_off)
    trial = try_plan(search.case.with_inputs(inputs), search.reuse)
    search.breaches.update(trial.breaches)
    return Count(least.lower, len(found.weeks_off) if trial.lawful else None)


def _helpers(search: Search, problem: CountProblem) -> Helpers:
    days = tuple(sorted({day for window in problem.windows for day in window.days}))
    weeks = open_weeks(problem)
    off = min(weeks_off(search.case.inputs, search.options), len(weeks))
    pools = tuple(range(len(search.case.job.units)))
    return Helpers(days, pools, off, weeks, _MOST_MORE)


def reliefs(search: Search) -> tuple[Relief, ...]:
    """Return what counts give as it is, with one more person, and with one more vehicle."""
    if search.beyond(search.own_shift):
        return ()
    fitted = search.fits(search.own_shift)
    problem = counts_of(search.case, fitted, fitted.routes)
    helpers = _helpers(search, problem)
    person = Person(helpers.pools, helpers.days, helpers.days)
    car = Vehicle(helpers.pools, helpers.days)
    return (
        _relief(Text("现状", "as it is"), problem),
        _relief(Text("加1人", "1 more person"), replace(problem, people=(*problem.people, person))),
        _relief(
            Text("加1车", "1 more vehicle"), replace(problem, vehicles=(*problem.vehicles, car))
        ),
    )


def _relief(with_more: Text, problem: CountProblem) -> Relief:
    needs = [window.need for window in problem.windows]
    equal = replace(problem, windows=tuple(replace(w, weight=1) for w in problem.windows))
    done = most_patrols_year(equal, needs).value
    people = max(1, len(inspectors_of(problem)))
    return Relief(
        with_more,
        sum(needs) - done,
        busiest_week(problem) if done == sum(needs) else None,
        round(problem.crew_size * done / people, 1),
    )
