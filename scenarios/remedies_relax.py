"""Confirming conflict sets: each member relaxed, the windows planned anew and audited.

A member is confirmed when a lawful plan is found with that member alone relaxed or, failing that,
with all that is not in the set relaxed too: that is what minimal means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from optimizer.counts import Cause, CauseKind
from scenarios.apply import apply_scenario
from scenarios.model import AddStaff, AddVehicle, Override, Scenario
from scenarios.remedies_trial import Trial, Trials
from scheduling.calendar.workdays import WorkCalendar
from scheduling.explain.case import Case
from scheduling.explain.conflicts import Conflict
from scheduling.explain.levels import relaxed_settings
from scheduling.explain.model import ConflictFinding, Member, Shown
from scheduling.inputs import PlanInputs
from scheduling.regulation.model import Regulation
from scheduling.requirements import Requirement

_OF_POOLS = (CauseKind.STAFF, CauseKind.FLEET, CauseKind.LICENCE)
#: What the audit says of a rule that a trial relaxes.
_TOLERATED = {CauseKind.GAP: frozenset({"below-norm", "gap-hours"})}
#: Kinds that no trial can relax alone: a visit on a peak's days goes with the peak's count.
_NOT_TRIED = frozenset({CauseKind.PEAK})


def confirmations(
    inputs: PlanInputs,
    case: Case,
    conflict: Conflict,
    owed: Sequence[frozenset[str]],
    requirements: Sequence[Requirement],
) -> list[list[Trial]]:
    """Return for each cause of a conflict, in its order, the trials that could confirm it.

    ``owed[i]`` are the ids of the requirements of ``conflict.windows[i]``. No trial: it cannot be
    shown, or nothing is left to plan.
    """
    outside = [cause for cause in all_causes(case) if cause not in conflict.causes]
    trials: list[list[Trial]] = []
    for cause in conflict.causes:
        if cause.kind in _NOT_TRIED:
            trials.append([])
            continue
        kept = [
            ids
            for window, ids in zip(conflict.windows, owed, strict=True)
            if cause != Cause(CauseKind.NEED, window)
        ]
        only = frozenset[str]().union(*kept)
        if not only:
            trials.append([])
            continue
        scope = _scope(inputs, case, only, requirements)
        trials.append([_relaxed(scope, case, [cause], only)])
        trials[-1].append(_relaxed(scope, case, [cause, *outside], only))
    return trials


def all_causes(case: Case) -> list[Cause]:
    """Return every cause a case could name, the needs and what cannot be relaxed apart."""
    windows = range(len(case.needs))
    pools = range(len(case.units))
    kinds = (CauseKind.WEEK_CAP, CauseKind.SPAN_CAP, CauseKind.SHIFT)
    return [
        *(Cause(CauseKind.CALENDAR, window) for window in windows),
        *(Cause(kind, pool) for kind in _OF_POOLS for pool in pools),
        *(Cause(away.kind, place) for place, away in enumerate(case.aways)),
        *(Cause(kind) for kind in (*kinds, CauseKind.STOP_TIME, CauseKind.DAYLIGHT)),
    ]


def confirm(
    findings: Sequence[ConflictFinding],
    orders: Sequence[Sequence[Cause]],
    asked: Sequence[Sequence[Sequence[Trial]]],
    trials: Trials,
) -> tuple[ConflictFinding, ...]:
    """Return findings with what trials show of their members, the plainest way first.

    ``orders[i][j]`` is the cause that the trials ``asked[i][j]`` of finding i relax.
    """
    known = [dict.fromkeys(order, Shown.NOT_SHOWN) for order in orders]
    for attempt, way in enumerate((Shown.ALONE, Shown.WITH_OTHERS)):
        left = [
            (place, cause, of_cause[attempt])
            for place, order in enumerate(orders)
            for cause, of_cause in zip(order, asked[place], strict=True)
            if len(of_cause) > attempt and known[place][cause] is Shown.NOT_SHOWN
        ]
        outcomes = trials.run([trial for _, _, trial in left])
        for (place, cause, _), outcome in zip(left, outcomes, strict=True):
            if outcome.lawful:
                known[place][cause] = way
    return tuple(
        replace(
            finding,
            members=tuple(_with(member, known[place][member.cause]) for member in finding.members),
        )
        for place, finding in enumerate(findings)
    )


def _with(member: Member, found: Shown) -> Member:
    return member if member.shown is Shown.NOTHING_OWED else replace(member, shown=found)


def _scope(
    inputs: PlanInputs, case: Case, only: Collection[str], requirements: Sequence[Requirement]
) -> PlanInputs:
    """Return the inputs cut down to the windows that hold these requirements."""
    rows = [row for row in requirements if row.id in only]
    first = min(row.window.first_day for row in rows)
    last = max(row.window.last_day for row in rows)
    return replace(inputs, units=tuple(sorted(case.units)), first_day=first, last_day=last)


def _relaxed(
    inputs: PlanInputs, case: Case, causes: Collection[Cause], only: frozenset[str]
) -> Trial:
    kinds = {cause.kind for cause in causes}
    county = inputs.county
    settings = relaxed_settings(county.settings, kinds)
    caps = settings.caps
    if CauseKind.WEEK_CAP in kinds:
        caps = caps.model_copy(update={"patrol_days_per_week": 7})
    if CauseKind.SPAN_CAP in kinds:
        caps = caps.model_copy(update={"patrol_days_per_28_days": 28})
    settings = settings.model_copy(update={"caps": caps})
    inputs = replace(inputs, county=replace(county, settings=settings))
    inputs = _without_absences(inputs, case, [c.index for c in causes if _is_absence(c)])
    inputs = _with_people_and_cars(inputs, case, causes)
    if CauseKind.GAP in kinds:
        inputs = replace(inputs, regulation=_without_gaps(inputs.regulation))
    off = [
        inputs_day
        for cause in causes
        if cause.kind is CauseKind.CALENDAR
        for inputs_day in _off_days(case, cause.index)
    ]
    tolerated = frozenset[str]().union(*(_TOLERATED.get(k, frozenset()) for k in kinds))
    if not off:
        return Trial(inputs, only, tolerated)
    return on_duty_days(Trial(inputs, only, tolerated), off)


def _is_absence(cause: Cause) -> bool:
    return cause.kind in {CauseKind.LEAVE, CauseKind.CERTIFICATE, CauseKind.VEHICLE}


def _off_days(case: Case, window: int) -> list[date]:
    first = case.plan.first_day
    return [first + timedelta(days=n) for n in case.problem.windows[window].off_days]


def on_duty_days(trial: Trial, days: Iterable[date]) -> Trial:
    """Return the trial with duty patrols on these days off; audited under the whole setting."""
    calendar = trial.inputs.calendar
    known = {*calendar.workdays}
    first, last = min(known), max(known)
    first, last = date(first.year, 1, 1), date(last.year, 12, 31)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    whole = replace(calendar, duty_days=tuple(day for day in every if day not in known))
    duty = tuple(sorted({*calendar.duty_days, *(set(days) - known)}))
    fewer: WorkCalendar = replace(calendar, duty_days=duty)
    return replace(trial, inputs=replace(trial.inputs, calendar=fewer), published=whole)


def _without_absences(inputs: PlanInputs, case: Case, places: Iterable[int]) -> PlanInputs:
    county = inputs.county
    leave, people, cars = list(county.leave), list(county.inspectors), list(county.vehicles)
    for away in (case.aways[place] for place in places):
        if away.kind is CauseKind.CERTIFICATE:
            people = [
                replace(p, certificate_from=None, certificate_until=None) if p.id == away.who else p
                for p in people
            ]
            continue
        rows = [row for row in leave if row.who == away.who]
        rows = [r for r in rows if max(r.first_day, case.plan.first_day) == away.first_day]
        leave = [row for row in leave if row not in rows]
        if away.kind is CauseKind.VEHICLE and not rows:
            cars = [
                replace(c, available_from=None, available_until=None) if c.id == away.who else c
                for c in cars
            ]
    county = replace(county, leave=tuple(leave), inspectors=tuple(people), vehicles=tuple(cars))
    return replace(inputs, county=county)


def _with_people_and_cars(inputs: PlanInputs, case: Case, causes: Collection[Cause]) -> PlanInputs:
    """Return inputs with as many people and cars as a unit could use at all."""
    most = max((need.needed_lower_bound for need in case.needs), default=1)
    overrides: list[Override] = []
    for cause in causes:
        if cause.kind is CauseKind.STAFF:
            count = min(50, case.problem.crew_size * max(2, most))
            overrides.append(AddStaff(do="add-staff", unit=case.units[cause.index], count=count))
        if cause.kind is CauseKind.FLEET:
            count = min(50, max(2, most))
            unit = case.units[cause.index]
            overrides.append(AddVehicle(do="add-vehicle", unit=unit, count=count))
    if CauseKind.LICENCE in {cause.kind for cause in causes}:
        county = inputs.county
        people = tuple(replace(person, licensed=True) for person in county.inspectors)
        inputs = replace(inputs, county=replace(county, inspectors=people))
    if not overrides:
        return inputs
    return apply_scenario(inputs, Scenario(name="relaxed", overrides=tuple(overrides)))


def _without_gaps(regulation: Regulation) -> Regulation:
    rules = tuple(rule.model_copy(update={"min_gap_hours": 0.0}) for rule in regulation.frequency)
    return regulation.model_copy(update={"frequency": rules})
