"""What could cure an infeasible unit: candidate remedies, the cheapest first, each as a trial.

None makes a team of one, goes below the norm, or changes what was recorded. A remedy is a scenario:
inputs in which one thing is otherwise, for the unit and all of the plan's days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from network.problems import Text
from optimizer.counts import CauseKind
from scenarios.model import AddStaff
from scenarios.remedies_loans import borrowed_cars, duty_patrols, lent_person
from scenarios.remedies_model import Candidate, Cost, Trouble, applied
from scenarios.remedies_trial import Outcome, Trial
from scheduling.calendar.windows import days_label
from scheduling.county.model import County, Leave
from scheduling.explain.case import Away
from scheduling.explain.levels import longer_shift, shorter_stops


def candidates(trouble: Trouble) -> list[Candidate]:
    """Return the remedies worth trying, by what binds."""
    kinds, found = trouble.kinds, list(_absences_undone(trouble))
    if CauseKind.CALENDAR in kinds:
        found.append(duty_patrols(trouble))
    if CauseKind.FLEET in kinds:
        found.append(borrowed_cars(trouble, 1))
    if CauseKind.STAFF in kinds:
        found += [lent_person(trouble, donor) for donor in trouble.donors]
    if kinds & {CauseKind.SHIFT, CauseKind.DAYLIGHT}:
        found.append(_shift(trouble))
    if CauseKind.STOP_TIME in kinds:
        found.append(_stops(trouble))
    if CauseKind.STAFF in kinds:
        found.append(_people(trouble, 1))
    return found


def added_to(base: Candidate, other: Candidate) -> Candidate:
    """Return two remedies as one; the second was made on the inputs of the first."""
    trial = replace(
        other.trial,
        aliases={**base.trial.aliases, **other.trial.aliases},
        published=other.trial.published or base.trial.published,
    )
    more, narrow, fewer = other.more, other.narrow, other.fewer

    def narrower(outcome: Outcome) -> Candidate | None:
        found = narrow(outcome) if narrow is not None else None
        return None if found is None else added_to(base, found)

    return replace(
        other,
        cost=Cost.TOGETHER,
        text=Text(f"{base.text.zh}，并{other.text.zh}", f"{base.text.en}, and {other.text.en}"),
        trial=trial,
        narrow=None if narrow is None else narrower,
        fewer=None if fewer is None else lambda: [added_to(base, one) for one in fewer()],
        more=None if more is None else lambda: added_to(base, more()),
    )


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
    rows = [row for place in places if (row := _row_of(trouble, trouble.case.aways[place]))]
    if len(rows) > 1:
        names = list(dict.fromkeys(_name_of(trouble, row.who) for row in rows))
        text = Text(
            f"取消{'、'.join(names)}在此期间的全部外出或停用",
            f"cancel all absences of {', '.join(names)} in these windows",
        )
        county = trouble.inputs.county
        leave = tuple(row for row in county.leave if row not in rows)
        yield _candidate(trouble, Cost.CANCEL, text, replace(county, leave=leave))


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
        Trial(applied(trouble.inputs, added)),
        more=lambda: _people(trouble, count + 1),
    )


def _candidate(trouble: Trouble, cost: Cost, text: Text, county: County) -> Candidate:
    inputs = replace(trouble.inputs, county=county)
    return Candidate(trouble.unit, cost, text, Trial(inputs))
