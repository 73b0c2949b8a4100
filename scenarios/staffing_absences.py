"""Whose absence, and when, leaves a window without its patrols: each person and vehicle in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from optimizer.counts import Absence, CauseKind, CountProblem
from optimizer.one_absent import Absent, BaseDays, Verdict, base_days, one_absent, without
from scenarios.staffing_frontier import Search
from scenarios.staffing_model import AbsenceOutcome, AbsenceVerdict
from scenarios.staffing_people import with_absence
from scheduling.calendar.windows import Window, WindowKind, window_label, windows_between
from scheduling.planning.resources import Resources
from scheduling.staffing.case import Fitted, counts_of, resources_of, try_plan


@dataclass(frozen=True)
class _Asked:
    """One absence to be looked at: of the who-th person or vehicle, in a half-month."""

    who: str
    name: str
    window: Window
    absence: Absence

    def outcome(self, verdict: AbsenceVerdict, fitted: Fitted, found: Absent) -> AbsenceOutcome:
        """Return what it comes to, windows by name."""
        labels = [
            window_label(fitted.fits[index].batch.window, with_year=False)
            for index in found.windows
        ]
        return AbsenceOutcome(
            self.who,
            self.name,
            self.absence.kind is CauseKind.VEHICLE,
            window_label(self.window, with_year=False),
            verdict,
            tuple(dict.fromkeys(labels)),
            sum(found.short),
        )


def absences(search: Search) -> tuple[AbsenceOutcome, ...]:
    """Return every absence of half a month, and of the most critical covered ones a plan.

    Empty where no roster of everybody is known: then there is nothing to lose.
    """
    if search.beyond(search.own_shift):
        return ()
    fitted = search.fits(search.own_shift)
    if not fitted.complete:
        return ()
    problem = counts_of(search.case, fitted, fitted.routes)
    base = base_days(problem)
    if base is None:
        return ()
    asked = list(_asked(search, resources_of(search.case, fitted)))
    found = [_found(problem, base, one, fitted) for one in asked]
    outcomes = [
        one.outcome(AbsenceVerdict(str(absent.verdict)), fitted, absent)
        for one, absent in zip(asked, found, strict=True)
    ]
    covered = [
        (_slack(problem, one), place)
        for place, (one, absent) in enumerate(zip(asked, found, strict=True))
        if absent.verdict is Verdict.COVERED
    ]
    for _, place in sorted(covered)[: search.options.replans]:
        verdict = _replanned(search, asked[place])
        outcomes[place] = replace(outcomes[place], verdict=verdict)
    return tuple(outcomes)


def _asked(search: Search, resources: Resources) -> Iterator[_Asked]:
    inputs = search.case.inputs
    names = {one.id: one.name for one in inputs.county.inspectors}
    plates = {one.id: one.plate for one in inputs.county.vehicles}
    horizon = search.fits(search.own_shift).context.horizon
    for window in windows_between(WindowKind.HALF_MONTH, inputs.first_day, inputs.last_day):
        days = tuple(range(horizon.number(window.first_day), horizon.number(window.last_day) + 1))
        for place, who in enumerate(resources.person_ids):
            yield _Asked(who, names[who], window, Absence(place, days, CauseKind.LEAVE))
        for place, who in enumerate(resources.vehicle_ids):
            yield _Asked(who, plates[who], window, Absence(place, days, CauseKind.VEHICLE))


def _found(problem: CountProblem, base: BaseDays, one: _Asked, fitted: Fitted) -> Absent:
    return one_absent(problem, base, one.absence, fitted.needed)


def _slack(problem: CountProblem, one: _Asked) -> int:
    """Return how many crews more than needed the tightest window has days for, caps apart."""
    absent, away = without(problem, one.absence), set(one.absence.days)
    people = Counter(day for person in absent.people for day in person.certified_days)
    cars = Counter(day for vehicle in absent.vehicles for day in vehicle.days)
    return min(
        (
            sum(min(cars[day], people[day] // problem.crew_size) for day in window.days)
            - window.need
            for window in problem.windows
            if away & set(window.days)
        ),
        default=0,
    )


def _replanned(search: Search, one: _Asked) -> AbsenceVerdict:
    days = one.window.first_day, one.window.last_day
    inputs = with_absence(search.case.inputs, one.who, *days)
    lawful = try_plan(search.case.with_inputs(inputs), search.reuse).lawful
    return AbsenceVerdict.REPLANNED if lawful else AbsenceVerdict.NOT_PLANNED


def shorts(outcomes: Sequence[AbsenceOutcome]) -> tuple[AbsenceOutcome, ...]:
    """Return the absences proven to leave windows short, the worst first."""
    found = [one for one in outcomes if one.verdict is AbsenceVerdict.SHORT]
    return tuple(sorted(found, key=lambda one: -one.short))
