"""Each cause of a conflict as a bureau head reads it: people, cars, days and minutes by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from network.problems import Text
from optimizer.counts import Cause, CauseKind
from scheduling.calendar.windows import days_label
from scheduling.county.seasons import day_class_on
from scheduling.explain.case import Away, Case
from scheduling.explain.conflicts import Conflict
from scheduling.explain.levels import longer_shift, shorter_stops
from scheduling.plan.model import PatrolKind

#: Kinds in the order in which they are told.
ORDER: Final = (
    CauseKind.NEED,
    CauseKind.CALENDAR,
    CauseKind.PEAK,
    CauseKind.GAP,
    CauseKind.FLEET,
    CauseKind.VEHICLE,
    CauseKind.STAFF,
    CauseKind.LEAVE,
    CauseKind.CERTIFICATE,
    CauseKind.LICENCE,
    CauseKind.WEEK_CAP,
    CauseKind.SPAN_CAP,
    CauseKind.SHIFT,
    CauseKind.DAYLIGHT,
    CauseKind.STOP_TIME,
)


def told_order(cause: Cause) -> tuple[int, int]:
    """Sort causes as they are told."""
    return ORDER.index(cause.kind), cause.index


def cause_text(case: Case, conflict: Conflict, cause: Cause) -> Text:
    """Return one cause of a conflict in words and numbers."""
    return _WORDS[cause.kind](case, conflict, cause)


def level_text(case: Case, window: int, kinds: Sequence[CauseKind], needed: int) -> Text:
    """Return what a window would need with limits relaxed: 若停留减至10分钟，至少2趟."""
    parts = [_eased_level(case, kind) for kind in kinds]
    zh = "、".join(part.zh for part in parts)
    en = " and ".join(part.en for part in parts)
    now = case.needs[window].needed_lower_bound
    if needed == now:
        return Text(f"若{zh}，仍至少需{needed}趟", f"with {en}: still at least {needed} patrols")
    return Text(
        f"若{zh}，至少需{needed}趟（现为{now}趟）",
        f"with {en}: at least {needed} patrols (now {now})",
    )


def _eased_level(case: Case, kind: CauseKind) -> Text:
    settings = case.plan.county.settings
    if kind is CauseKind.STOP_TIME:
        minutes = f"{shorter_stops(settings).visit.stop_minutes:g}"
        return Text(f"停留减至{minutes}分钟", f"stops of {minutes} minutes")
    if kind is CauseKind.SHIFT:
        minutes = f"{longer_shift(settings).shift.max_work_minutes}"
        return Text(f"班次延至{minutes}分钟", f"shifts of {minutes} minutes")
    return Text("不受日照时限", "no daylight limit")


def _need(case: Case, _: Conflict, cause: Cause) -> Text:
    need = case.needs[cause.index]
    zones = _zones_owing(case, cause.index)
    label = need_label_short(case, cause.index)
    patrols = need.needed_lower_bound
    zh, en = f"{label.zh}：至少需{patrols}趟", f"{label.en}: at least {patrols} patrols"
    if zones:
        zh, en = f"{zh}，应巡{zones}个巡查区", f"{en} for {zones} zones"
    return Text(
        f"{zh}（已证明下界，路线再优也不能少）", f"{en} (a proven bound, whatever the routes)"
    )


def _zones_owing(case: Case, window: int) -> int:
    """Return how many zones owe visits in just this window; none are told of spot checks."""
    need = case.needs[window]
    if need.kind is not PatrolKind.REGULAR:
        return 0
    days = (need.first_day, need.last_day)
    return len(
        {
            row.zone
            for row in case.plan.requirements
            if row.unit == need.unit
            and not row.spot_check
            and (row.window.first_day, row.window.last_day) == days
        }
    )


def need_label_short(case: Case, window: int) -> Text:
    """Return the window's name, with its unit's where the case has several."""
    label = case.label(window)
    if len(case.units) == 1:
        return label
    name = unit_name(case, case.needs[window].unit)
    return Text(f"{name}{label.zh}", f"{name}, {label.en}")


def unit_name(case: Case, unit: str) -> str:
    """Return a unit's name."""
    return next((u.name for u in case.plan.county.units if u.id == unit), unit)


def _calendar(case: Case, _: Conflict, cause: Cause) -> Text:
    window = case.problem.windows[cause.index]
    days = case.workdays(cause.index)
    label = need_label_short(case, cause.index)
    if not days:
        return Text(f"{label.zh}：没有可巡查的工作日", f"{label.en}: not a single patrol day")
    dates = _dates(days)
    off = len(window.off_days)
    return Text(
        f"{label.zh}：可巡查工作日{len(days)}个（{dates.zh}），另{off}天为周末或节假日",
        f"{label.en}: {len(days)} patrol days ({dates.en}); {off} days are weekend or holiday",
    )


def _dates(days: Sequence[date], most: int = 6) -> Text:
    if len(days) > most:
        return days_label(days[0], days[-1], with_year=False)
    zh, month = [], 0
    for day in days:
        zh.append(f"{day.day}日" if day.month == month else f"{day.month}月{day.day}日")
        month = day.month
    return Text("、".join(zh), ", ".join(f"{day:%m-%d}" for day in days))


def _fleet(case: Case, conflict: Conflict, cause: Cause) -> Text:
    unit = case.units[cause.index]
    cars = [car.plate for car in case.cars if unit in car.units]
    name = unit_name(case, unit)
    if not cars:
        return Text(f"{name}没有可用车辆", f"{name} has no vehicle")
    trips = _trips(case, conflict, len(cars))
    plates = "、".join(cars)
    return Text(
        f"车辆{len(cars)}辆（{plates}），每车每日1趟{trips.zh}",
        f"{len(cars)} vehicle(s) ({', '.join(cars)}), one trip a day each{trips.en}",
    )


def _trips(case: Case, conflict: Conflict, cars: int) -> Text:
    """Return days x vehicles x trips where the conflict is about one window's calendar."""
    if len(conflict.windows) != 1 or Cause(CauseKind.CALENDAR, conflict.windows[0]) not in (
        conflict.causes
    ):
        return Text("", "")
    days = len(case.workdays(conflict.windows[0]))
    product = days * cars
    return Text(
        f"：{days}个工作日×{cars}车×1趟={product}趟",
        f": {days} workdays × {cars} × 1 = {product} patrols",
    )


def _vehicle(case: Case, _: Conflict, cause: Cause) -> Text:
    away = case.aways[cause.index]
    plate = next(car.plate for car in case.cars if car.id == away.who)
    return _missing(away, plate, Text("不可用", "not available"))


def _staff(case: Case, _: Conflict, cause: Cause) -> Text:
    unit = case.units[cause.index]
    people = [p for p in case.people if unit in p.units and p.certificate_number]
    names, size = [p.name for p in people], case.problem.crew_size
    listed = Text("、".join(names[:8]), ", ".join(names[:8]))
    if len(names) > 8:
        listed = Text(f"{listed.zh}等", f"{listed.en}, …")
    return Text(
        f"持证人员{len(people)}人（{listed.zh or '无'}），每趟不少于{size}人",
        f"{len(people)} certified people ({listed.en or 'none'}), at least {size} a patrol",
    )


def _leave(case: Case, _: Conflict, cause: Cause) -> Text:
    away = case.aways[cause.index]
    return _missing(away, _person(case, away.who), Text("请假或外出", "away"))


def _certificate(case: Case, _: Conflict, cause: Cause) -> Text:
    away = case.aways[cause.index]
    person = next(p for p in case.people if p.id == away.who)
    since, until = person.certificate_from, person.certificate_until
    if since is not None and away.last_day < since:
        return Text(
            f"{person.name}执法证自{since}起有效，此前不能计入",
            f"{person.name}'s certificate is valid from {since} only",
        )
    return Text(
        f"{person.name}执法证{until}到期，此后不能计入",
        f"{person.name}'s certificate expires on {until}",
    )


def _missing(away: Away, name: str, what: Text) -> Text:
    days = days_label(away.first_day, away.last_day, with_year=False)
    reason = (f"（{away.reason}）", f" ({away.reason})") if away.reason else ("", "")
    return Text(f"{name}{days.zh}{what.zh}{reason[0]}", f"{name} {what.en} {days.en}{reason[1]}")


def _person(case: Case, who: str) -> str:
    return next(person.name for person in case.people if person.id == who)


def _licence(case: Case, _: Conflict, cause: Cause) -> Text:
    unit = case.units[cause.index]
    drivers = [p.name for p in case.people if unit in p.units and p.licensed]
    return Text(
        f"有驾驶资格{len(drivers)}人（{'、'.join(drivers) or '无'}）",
        f"{len(drivers)} may drive ({', '.join(drivers) or 'none'})",
    )


def _week_cap(case: Case, _: Conflict, __: Cause) -> Text:
    most = case.problem.week_cap
    return Text(f"每人每周最多出巡{most}天", f"at most {most} patrol days a week per person")


def _span_cap(case: Case, _: Conflict, __: Cause) -> Text:
    most, days = case.problem.span_cap, case.problem.span_days
    return Text(
        f"每人任意{days}天内最多出巡{most}天",
        f"at most {most} patrol days in any {days} days per person",
    )


def _shift(case: Case, _: Conflict, __: Cause) -> Text:
    shift = case.plan.county.settings.shift
    clock = f"{shift.earliest_departure:%H:%M}–{shift.latest_return:%H:%M}"
    return Text(
        f"班次{clock}，行车与停留不超过{shift.max_work_minutes}分钟",
        f"shift {clock}, at most {shift.max_work_minutes} minutes of driving and stops",
    )


def _daylight(case: Case, conflict: Conflict, _: Cause) -> Text:
    settings = case.plan.county.settings
    limits = set()
    for window in conflict.windows:
        for day in case.workdays(window):
            limits.add(day_class_on(settings, day).latest_return)
    times = sorted(limit for limit in limits if limit is not None)
    clock = f"{times[0]:%H:%M}" if times else ""
    return Text(f"日照时限：须{clock}前返回", f"daylight: back by {clock}")


def _stop_time(case: Case, _: Conflict, __: Cause) -> Text:
    minutes = f"{case.plan.county.settings.visit.stop_minutes:g}"
    return Text(f"每处停留{minutes}分钟", f"{minutes} minutes a stop")


def _gap(case: Case, _: Conflict, cause: Cause) -> Text:
    spacings = case.problem.windows[cause.index].spacings
    worst = max(spacings, key=lambda s: s.count * s.days)
    label = need_label_short(case, cause.index)
    return Text(
        f"{label.zh}：同一巡查区{worst.count}次，两次至少相隔{worst.days}天",
        f"{label.en}: {worst.count} visits to a zone, at least {worst.days} days apart",
    )


def _peak(case: Case, _: Conflict, cause: Cause) -> Text:
    label = need_label_short(case, cause.index)
    return Text(
        f"{label.zh}：高峰期内须至少巡查1次（第十三条）",
        f"{label.en}: at least one visit on days of the peak (art. 13)",
    )


_WORDS: Final[dict[CauseKind, Callable[[Case, Conflict, Cause], Text]]] = {
    CauseKind.NEED: _need,
    CauseKind.CALENDAR: _calendar,
    CauseKind.PEAK: _peak,
    CauseKind.GAP: _gap,
    CauseKind.FLEET: _fleet,
    CauseKind.VEHICLE: _vehicle,
    CauseKind.STAFF: _staff,
    CauseKind.LEAVE: _leave,
    CauseKind.CERTIFICATE: _certificate,
    CauseKind.LICENCE: _licence,
    CauseKind.WEEK_CAP: _week_cap,
    CauseKind.SPAN_CAP: _span_cap,
    CauseKind.SHIFT: _shift,
    CauseKind.DAYLIGHT: _daylight,
    CauseKind.STOP_TIME: _stop_time,
}
