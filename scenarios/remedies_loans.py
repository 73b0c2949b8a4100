"""Overtime and borrowing: duty patrols, vehicles, people; narrowed to the days a plan used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from network.problems import Text
from scenarios.model import AddVehicle
from scenarios.remedies_model import (
    Candidate,
    Cost,
    Span,
    Trouble,
    applied,
    days_in,
    each_left_out,
    listed,
    span_list,
    stretches,
)
from scenarios.remedies_relax import on_duty_days
from scenarios.remedies_trial import Outcome, Trial
from scheduling.county.model import Inspector, Leave
from scheduling.inputs import PlanInputs


def duty_patrols(trouble: Trouble, days: Sequence[date] = ()) -> Candidate:
    """Return duty patrols on the weekends and holidays of the windows, or on these ``days``."""
    asked = list(days) or [day for span in trouble.spans for day in days_in(span)]
    trial = on_duty_days(Trial(trouble.inputs), asked)
    text = Text("安排周末、节假日值班巡查", "duty patrols on weekends and holidays")
    if days:
        dates = listed(days)
        text = Text(f"{text.zh}：{dates.zh}", f"{text.en}: {dates.en}")

    def narrow(outcome: Outcome) -> Candidate | None:
        work = {*trouble.inputs.calendar.patrol_days}
        used = sorted({p.day for p in outcome.plan.patrols if p.day not in work})
        return duty_patrols(trouble, used) if used else None

    def fewer() -> list[Candidate]:
        return [duty_patrols(trouble, left) for left in each_left_out(days)]

    return Candidate(
        trouble.unit, Cost.DUTY, text, trial, narrow=None if days else narrow, fewer=fewer
    )


def borrowed_cars(trouble: Trouble, count: int, days: Sequence[date] = ()) -> Candidate:
    """Return vehicles borrowed for the windows, or for these ``days`` of them only."""
    inputs = _with_cars(trouble.inputs, trouble, trouble.spans, count)
    new = {car.id for car in inputs.county.vehicles} - {
        car.id for car in trouble.inputs.county.vehicles
    }
    when = span_list(trouble.spans)
    text = Text(f"借调车辆{count}辆：{when.zh}", f"{count} borrowed vehicle(s): {when.en}")
    if days:
        when = listed(days)
        text = Text(f"借调车辆{count}辆：{when.zh}", f"{count} borrowed vehicle(s): {when.en}")
        off = [day for span in trouble.spans for day in days_in(span) if day not in days]
        rows = tuple(Leave(car, day, day) for car in sorted(new) for day in off)
        county = replace(inputs.county, leave=(*inputs.county.leave, *rows))
        inputs = replace(inputs, county=county)

    def narrow(outcome: Outcome) -> Candidate | None:
        used = sorted({p.day for p in outcome.plan.patrols if p.vehicle in new})
        return borrowed_cars(trouble, count, used) if used else None

    return Candidate(
        trouble.unit,
        Cost.BORROW_CAR,
        text,
        Trial(inputs),
        narrow=None if days else narrow,
        fewer=lambda: [borrowed_cars(trouble, count, left) for left in each_left_out(days)],
        more=lambda: borrowed_cars(trouble, count + 1),
    )


def _with_cars(
    inputs: PlanInputs, trouble: Trouble, spans: Sequence[Span], count: int
) -> PlanInputs:
    """Return inputs with vehicles of the unit on the days of these spans only."""
    first, last = spans[0][0], spans[-1][1]
    added = AddVehicle(
        do="add-vehicle", unit=trouble.unit, count=count, first_day=first, last_day=last
    )
    known = {car.id for car in inputs.county.vehicles}
    inputs = applied(inputs, added)
    new = sorted({car.id for car in inputs.county.vehicles} - known)
    rows = tuple(
        Leave(car, before[1] + timedelta(days=1), after[0] - timedelta(days=1))
        for car in new
        for before, after in pairwise(spans)
        if (after[0] - before[1]).days > 1
    )
    return replace(inputs, county=replace(inputs.county, leave=(*inputs.county.leave, *rows)))


def lent_person(trouble: Trouble, donor: Inspector, days: Sequence[date] = ()) -> Candidate:
    """Have a person of another unit help, in the windows or on these ``days`` of them only."""
    dates = list(days) or [day for span in trouble.spans for day in days_in(span)]
    helper = f"{donor.id}-借调{trouble.unit}"
    trial = Trial(_with_helper(trouble, donor, helper, dates), aliases={helper: donor.id})
    units = trouble.inputs.county.units
    home = next(unit.name for unit in units if unit.id == donor.units[0])
    when = listed(days) if days else span_list(trouble.spans)
    text = Text(
        f"由{home}{donor.name}支援：{when.zh}（{home}一并重排）",
        f"{donor.name} of {home} helps: {when.en} ({home} planned anew too)",
    )

    def narrow(outcome: Outcome) -> Candidate | None:
        used = {p.day for p in outcome.plan.patrols for m in p.crew if m.inspector == helper}
        return lent_person(trouble, donor, sorted(used)) if used else None

    def fewer() -> list[Candidate]:
        return [lent_person(trouble, donor, left) for left in each_left_out(days)]

    return Candidate(
        trouble.unit, Cost.BORROW_PEOPLE, text, trial, narrow=None if days else narrow, fewer=fewer
    )


def _with_helper(
    trouble: Trouble, donor: Inspector, helper: str, dates: Sequence[date]
) -> PlanInputs:
    """Return inputs in which the donor is here on these days, and not at home in those weeks.

    The donor's own unit is planned too: it must remain lawful without them.
    """
    inputs, county = trouble.inputs, trouble.inputs.county
    wanted = set(dates)
    absent = [
        day
        for day in days_in((inputs.first_day, inputs.last_day))
        if day not in wanted or county.away(donor.id, day)
    ]
    mondays = {day - timedelta(days=day.weekday()) for day in dates}
    weeks = sorted(monday + timedelta(days=n) for monday in mondays for n in range(7))
    rows = [Leave(helper, *stretch) for stretch in stretches(absent)]
    rows += [Leave(donor.id, *stretch, "借调") for stretch in stretches(weeks)]
    clone = replace(donor, id=helper, units=(trouble.unit,))
    people = sorted((*county.inspectors, clone), key=lambda person: person.id)
    county = replace(county, inspectors=tuple(people), leave=(*county.leave, *rows))
    units = tuple(sorted({*inputs.units, *donor.units}))
    return replace(inputs, county=county, units=units)
