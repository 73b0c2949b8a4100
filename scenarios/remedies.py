"""What could cure an infeasible unit: candidate remedies, the cheapest first, each as a trial.

None makes a team of one, goes below the norm, or changes what was recorded. A remedy is a scenario:
inputs in which one thing is otherwise, for the unit and all of the plan's days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise

from network.problems import Text
from optimizer.counts import CauseKind
from scenarios.apply import apply_scenario
from scenarios.model import AddStaff, AddVehicle, Override, Scenario
from scenarios.remedies_relax import on_duty_days
from scenarios.remedies_trial import Outcome, Trial
from scheduling.calendar.windows import days_label
from scheduling.county.model import Inspector, Leave
from scheduling.explain.case import Away, Case
from scheduling.explain.conflicts import Conflict
from scheduling.explain.levels import longer_shift, shorter_stops
from scheduling.inputs import PlanInputs

Span = tuple[date, date]


class Cost(IntEnum):
    """What a remedy takes, cheapest first: other days, papers, leave, overtime, loans, posts."""

    MOVE = 1
    CERTIFICATE = 2
    CANCEL = 3
    DUTY = 4
    BORROW_CAR = 5
    BORROW_PEOPLE = 6
    SHIFT = 7
    STOPS = 8
    STAFF = 9
    TOGETHER = 10


@dataclass(frozen=True)
class Candidate:
    """A remedy to be tried for a unit.

    ``narrow`` gives, from a plan that needed it, the same remedy for the days it was used only;
    ``more`` the same remedy with one more person or vehicle.
    """

    unit: str
    cost: Cost
    text: Text
    trial: Trial
    narrow: Callable[[Outcome], Candidate | None] | None = field(default=None, compare=False)
    more: Callable[[], Candidate] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Trouble:
    """A unit's conflicts, and the inputs of its group of units over the plan's days."""

    unit: str
    case: Case
    conflicts: tuple[Conflict, ...]
    inputs: PlanInputs
    donors: tuple[Inspector, ...] = ()

    @property
    def kinds(self) -> frozenset[CauseKind]:
        """Every kind of cause in some conflict."""
        return frozenset(cause.kind for c in self.conflicts for cause in c.causes)

    @property
    def spans(self) -> tuple[Span, ...]:
        """First and last day of every window in trouble, in order, those that overlap made one."""
        needs = self.case.needs
        days = sorted(
            {(needs[w].first_day, needs[w].last_day) for c in self.conflicts for w in c.windows}
        )
        merged: list[Span] = []
        for first, last in days:
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return tuple(merged)


def candidates(trouble: Trouble) -> list[Candidate]:
    """Return the remedies worth trying, by what binds."""
    kinds, found = trouble.kinds, list(_absences_undone(trouble))
    if CauseKind.CALENDAR in kinds:
        found.append(_duty(trouble))
    if CauseKind.FLEET in kinds:
        found.append(_cars(trouble, 1))
    if CauseKind.STAFF in kinds:
        found += [_lent(trouble, donor) for donor in trouble.donors]
    if kinds & {CauseKind.SHIFT, CauseKind.DAYLIGHT}:
        found.append(_shift(trouble))
    if CauseKind.STOP_TIME in kinds:
        found.append(_stops(trouble))
    if CauseKind.STAFF in kinds:
        found.append(_people(trouble, 1))
    return found


def together(trouble: Trouble) -> list[Candidate]:
    """Return people and a vehicle together, for where neither is enough."""
    if not {CauseKind.FLEET, CauseKind.STAFF} <= trouble.kinds:
        return []
    people, cars = _people(trouble, 2), _cars(trouble, 1)
    inputs = _with_cars(people.trial.inputs, trouble, trouble.spans, 1)
    text = Text(f"{people.text.zh}，并{cars.text.zh}", f"{people.text.en}, and {cars.text.en}")
    return [Candidate(trouble.unit, Cost.TOGETHER, text, Trial(inputs))]


# --- nothing new: leave, certificates, vehicles sent away -----------------------------------------


def _absences_undone(trouble: Trouble) -> Iterable[Candidate]:
    places = sorted(
        {
            cause.index
            for conflict in trouble.conflicts
            for cause in conflict.causes
            if cause.kind in {CauseKind.LEAVE, CauseKind.CERTIFICATE, CauseKind.VEHICLE}
        }
    )
    for place in places:
        away = trouble.case.aways[place]
        yield _undone(trouble, away)
        yield from _moved(trouble, away)


def _undone(trouble: Trouble, away: Away) -> Candidate:
    name = _name_of(trouble, away.who)
    days = days_label(away.first_day, away.last_day, with_year=False)
    county = trouble.inputs.county
    if away.kind is CauseKind.CERTIFICATE:
        first = trouble.spans[0][0]
        people = tuple(
            replace(p, certificate_from=None, certificate_until=None) if p.id == away.who else p
            for p in county.inspectors
        )
        text = Text(
            f"{name}提前换证，{first.month}月{first.day}日前取得有效执法证并不再中断",
            f"{name}'s certificate renewed before {first:%m-%d}, valid without a break",
        )
        return _candidate(trouble, Cost.CERTIFICATE, text, replace(county, inspectors=people))
    row = _row_of(trouble, away)
    if row is None:
        cars = tuple(
            replace(c, available_from=None, available_until=None) if c.id == away.who else c
            for c in county.vehicles
        )
        text = Text(f"车辆{name}{days.zh}可用", f"vehicle {name} available {days.en}")
        return _candidate(trouble, Cost.CANCEL, text, replace(county, vehicles=cars))
    leave = tuple(other for other in county.leave if other != row)
    reason = f"（{row.reason}）" if row.reason else ""
    text = Text(
        f"取消{name}{days.zh}的外出或停用{reason}",
        f"cancel {name}'s absence {days.en}{reason and f' ({row.reason})'}",
    )
    return _candidate(trouble, Cost.CANCEL, text, replace(county, leave=leave))


def _moved(trouble: Trouble, away: Away) -> Iterable[Candidate]:
    """Move an absence as it is out of the windows in trouble: right after them, or right before."""
    row, inputs = _row_of(trouble, away), trouble.inputs
    if row is None:
        return
    length = (row.last_day - row.first_day).days
    inside = [s for s in trouble.spans if s[0] <= row.last_day and row.first_day <= s[1]]
    if not inside:
        return
    starts = [inside[-1][1] + timedelta(days=1), inside[0][0] - timedelta(days=length + 1)]
    for first in starts:
        last = first + timedelta(days=length)
        if first < inputs.first_day or last > inputs.last_day:
            continue
        moved = replace(row, first_day=first, last_day=last)
        leave = tuple(moved if other == row else other for other in inputs.county.leave)
        name = _name_of(trouble, away.who)
        old = days_label(row.first_day, row.last_day, with_year=False)
        new = days_label(first, last, with_year=False)
        text = Text(
            f"{name}{old.zh}的外出或停用改到{new.zh}",
            f"move {name}'s absence from {old.en} to {new.en}",
        )
        yield _candidate(trouble, Cost.MOVE, text, replace(inputs.county, leave=leave))


def _row_of(trouble: Trouble, away: Away) -> Leave | None:
    inputs = trouble.inputs
    return next(
        (
            row
            for row in inputs.county.leave
            if row.who == away.who
            and max(row.first_day, inputs.first_day) == away.first_day
            and min(row.last_day, inputs.last_day) == away.last_day
            and away.kind is not CauseKind.CERTIFICATE
        ),
        None,
    )


def _name_of(trouble: Trouble, who: str) -> str:
    names = {p.id: p.name for p in trouble.case.people}
    return (names | {car.id: car.plate for car in trouble.case.cars})[who]


# --- overtime and borrowing, narrowed to the days that a plan used --------------------------------


def _duty(trouble: Trouble, days: Sequence[date] = ()) -> Candidate:
    asked = list(days) or [day for span in trouble.spans for day in _days(span)]
    trial = on_duty_days(Trial(trouble.inputs), asked)
    text = Text("安排周末、节假日值班巡查", "duty patrols on weekends and holidays")
    if days:
        dates = _listed(days)
        text = Text(f"{text.zh}：{dates.zh}", f"{text.en}: {dates.en}")

    def narrow(outcome: Outcome) -> Candidate | None:
        work = {*trouble.inputs.calendar.patrol_days}
        used = sorted({p.day for p in outcome.plan.patrols if p.day not in work})
        return _duty(trouble, used) if used else None

    return Candidate(trouble.unit, Cost.DUTY, text, trial, narrow=None if days else narrow)


def _cars(trouble: Trouble, count: int, days: Sequence[date] = ()) -> Candidate:
    inputs = _with_cars(trouble.inputs, trouble, trouble.spans, count)
    new = {car.id for car in inputs.county.vehicles} - {
        car.id for car in trouble.inputs.county.vehicles
    }
    when = _span_list(trouble.spans)
    text = Text(f"借调车辆{count}辆：{when.zh}", f"{count} borrowed vehicle(s): {when.en}")
    if days:
        when = _listed(days)
        text = Text(f"借调车辆{count}辆：{when.zh}", f"{count} borrowed vehicle(s): {when.en}")
        off = [day for span in trouble.spans for day in _days(span) if day not in days]
        rows = tuple(Leave(car, day, day) for car in sorted(new) for day in off)
        county = replace(inputs.county, leave=(*inputs.county.leave, *rows))
        inputs = replace(inputs, county=county)

    def narrow(outcome: Outcome) -> Candidate | None:
        used = sorted({p.day for p in outcome.plan.patrols if p.vehicle in new})
        return _cars(trouble, count, used) if used else None

    return Candidate(
        trouble.unit,
        Cost.BORROW_CAR,
        text,
        Trial(inputs),
        narrow=None if days else narrow,
        more=lambda: _cars(trouble, count + 1),
    )


def _with_cars(
    inputs: PlanInputs, trouble: Trouble, spans: Sequence[Span], count: int
) -> PlanInputs:
    """Return inputs with vehicles of the unit on the days of these spans only."""
    first, last = spans[0][0], spans[-1][1]
    fields = {"from": first, "to": last}
    added = AddVehicle(do="add-vehicle", unit=trouble.unit, count=count, **fields)  # type: ignore[arg-type]
    known = {car.id for car in inputs.county.vehicles}
    inputs = _applied(inputs, added)
    new = sorted({car.id for car in inputs.county.vehicles} - known)
    rows = tuple(
        Leave(car, before[1] + timedelta(days=1), after[0] - timedelta(days=1))
        for car in new
        for before, after in pairwise(spans)
        if (after[0] - before[1]).days > 1
    )
    return replace(inputs, county=replace(inputs.county, leave=(*inputs.county.leave, *rows)))


def _lent(trouble: Trouble, donor: Inspector, days: Sequence[date] = ()) -> Candidate:
    """Have a person of another unit help: away from there in the whole of those weeks."""
    county, unit = trouble.inputs.county, trouble.unit
    spans = trouble.spans
    dates = list(days) or [day for span in spans for day in _days(span)]
    helper = f"{donor.id}-借调{unit}"
    clone = replace(donor, id=helper, units=(unit,))
    horizon = _days((trouble.inputs.first_day, trouble.inputs.last_day))
    absent = {day for day in horizon if day not in dates}
    absent |= {day for day in dates if county.away(donor.id, day)}
    rows = [Leave(helper, *stretch, "") for stretch in _stretches(sorted(absent))]
    mondays = {day - timedelta(days=day.weekday()) for day in dates}
    weeks = sorted(monday + timedelta(days=n) for monday in mondays for n in range(7))
    rows += [Leave(donor.id, *stretch, "借调") for stretch in _stretches(weeks)]
    people = tuple(sorted((*county.inspectors, clone), key=lambda person: person.id))
    county = replace(county, inspectors=people, leave=(*county.leave, *rows))
    units = tuple(sorted({*trouble.inputs.units, *donor.units}))
    trial = Trial(replace(trouble.inputs, county=county, units=units), aliases={helper: donor.id})
    home = next(u.name for u in county.units if u.id == donor.units[0])
    when = _span_list(spans)
    where = _listed(days) if days else when
    text = Text(
        f"由{home}{donor.name}支援：{where.zh}（{home}同期重排，仍合规）",
        f"{donor.name} of {home} helps: {where.en} ({home} planned anew, still lawful)",
    )

    def narrow(outcome: Outcome) -> Candidate | None:
        used = sorted(
            {p.day for p in outcome.plan.patrols for m in p.crew if m.inspector == helper}
        )
        return _lent(trouble, donor, used) if used else None

    return Candidate(trouble.unit, Cost.BORROW_PEOPLE, text, trial, narrow=None if days else narrow)


# --- settings and posts ---------------------------------------------------------------------------


def _shift(trouble: Trouble) -> Candidate:
    county = trouble.inputs.county
    settings = longer_shift(county.settings)
    shift = settings.shift
    text = Text(
        f"班次延至{shift.max_work_minutes}分钟、{shift.latest_return:%H:%M}前返回（本县设定）",
        f"shifts of {shift.max_work_minutes} minutes, back by {shift.latest_return:%H:%M}"
        " (a setting)",
    )
    return _candidate(trouble, Cost.SHIFT, text, replace(county, settings=settings))


def _stops(trouble: Trouble) -> Candidate:
    county = trouble.inputs.county
    settings = shorter_stops(county.settings)
    minutes = f"{settings.visit.stop_minutes:g}"
    text = Text(f"停留减至{minutes}分钟（本县设定）", f"stops of {minutes} minutes (a setting)")
    return _candidate(trouble, Cost.STOPS, text, replace(county, settings=settings))


def _people(trouble: Trouble, count: int) -> Candidate:
    added = AddStaff(do="add-staff", unit=trouble.unit, count=count)
    text = Text(f"增加持证人员{count}人", f"{count} more certified people")
    if count == 1:
        text = Text(text.zh, "1 more certified person")
    return Candidate(
        trouble.unit,
        Cost.STAFF,
        text,
        Trial(_applied(trouble.inputs, added)),
        more=lambda: _people(trouble, count + 1),
    )


def _applied(inputs: PlanInputs, *overrides: Override) -> PlanInputs:
    return apply_scenario(inputs, Scenario(name="remedy", override=overrides))


def _candidate(trouble: Trouble, cost: Cost, text: Text, county: object) -> Candidate:
    inputs = replace(trouble.inputs, county=county)  # type: ignore[arg-type]
    return Candidate(trouble.unit, cost, text, Trial(inputs))


def _days(span: Span) -> list[date]:
    return [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]


def _stretches(days: Sequence[date]) -> list[Span]:
    """Return sorted days as stretches without a hole."""
    found: list[Span] = []
    for day in days:
        if found and day == found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _listed(days: Iterable[date]) -> Text:
    dates = [f"{day:%m-%d}" for day in days]
    return Text("、".join(dates), ", ".join(dates))


def _span_list(spans: Sequence[Span]) -> Text:
    labels = [days_label(*span, with_year=False) for span in spans]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
