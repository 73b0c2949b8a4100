"""From a plan to what is told of it: empty windows, conflicts in words, breaches, assumptions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from network.problems import Text
from optimizer.counts import Cause, CauseKind
from scheduling.calendar.windows import Window, window_label
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import County
from scheduling.explain.case import Case
from scheduling.explain.conflicts import OF_WINDOWS, Conflict
from scheduling.explain.levels import Reach
from scheduling.explain.model import (
    Breach,
    ConflictFinding,
    EmptyWindow,
    Member,
    ReachFinding,
    Shown,
    UnitEnding,
)
from scheduling.explain.words import cause_text, level_text, told_order, unit_name
from scheduling.plan.model import PatrolKind, Plan, PlanStatus, Unmet
from scheduling.requirements import Requirement


def empty_windows(
    county: County, calendar: WorkCalendar, requirements: Sequence[Requirement]
) -> tuple[EmptyWindow, ...]:
    """Return the windows that owe visits and hold no patrol day (no solving is needed)."""
    days = calendar.patrol_days
    names = {unit.id: unit.name for unit in county.units}
    owed: dict[tuple[str, Window], set[str]] = defaultdict(set)
    for row in requirements:
        if row.workdays_only and not any(row.window.holds(day) for day in days):
            owed[row.unit, row.window].add(row.zone)
    found = []
    for (unit, window), zones in sorted(owed.items()):
        label = window_label(window)
        text = Text(
            f"{label.zh}没有工作日，{len(zones)}个巡查区在此窗口内无法按工作日巡查（未求解即可判定）",
            f"{label.en} has no workday: {len(zones)} zones owe visits in it that no workday can "
            "hold (known before any solving)",
        )
        found.append(EmptyWindow(unit, names[unit], label, len(zones), text))
    return tuple(found)


def conflict_finding(case: Case, conflict: Conflict) -> ConflictFinding:
    """Return a conflict in words; nothing is shown of its members yet."""
    unit = case.needs[conflict.windows[0]].unit
    causes = sorted(conflict.causes, key=told_order)
    levels = [
        _of_window(case, conflict, window, [cause.kind for cause in dropped], less)
        for window in conflict.windows
        for dropped, less in case.problem.windows[window].need_without
        if len(dropped) == 1 or len(case.problem.windows[window].need_without) == 1
    ]
    members = tuple(_member(case, conflict, cause) for cause in causes)
    return ConflictFinding(
        unit=unit,
        unit_name="、".join(
            dict.fromkeys(unit_name(case, case.needs[w].unit) for w in conflict.windows)
        ),
        windows=tuple(case.label(window) for window in conflict.windows),
        days=tuple((case.needs[w].first_day, case.needs[w].last_day) for w in conflict.windows),
        arithmetic=tuple(case.needs[window].arithmetic for window in conflict.windows),
        members=members,
        minimal_in_counts=conflict.minimal,
        needs=tuple(case.needs[w].needed_lower_bound for w in conflict.windows),
        needs_without=tuple(
            tuple(
                (tuple(str(cause.kind) for cause in dropped), less)
                for dropped, less in case.problem.windows[window].need_without
            )
            for window in conflict.windows
        ),
        levels=tuple(levels),
        drawn=any(case.needs[w].kind is PatrolKind.SPOT_CHECK for w in conflict.windows),
    )


def _of_window(
    case: Case, conflict: Conflict, window: int, kinds: Sequence[CauseKind], less: int
) -> Text:
    """Return what a window would need with limits relaxed; its name too where there are several."""
    text = level_text(case, window, kinds, less)
    if len(conflict.windows) == 1:
        return text
    label = case.label(window)
    return Text(f"{label.zh}{text.zh}", f"{label.en}, {text.en}")


def _member(case: Case, conflict: Conflict, cause: Cause) -> Member:
    """Return a cause in words; a window that needs nothing needs no plan to show it."""
    alone = cause.kind is CauseKind.NEED and len(conflict.windows) == 1
    who, days = "", None
    if cause.kind in OF_WINDOWS:
        need = case.needs[cause.index]
        who, days = need.unit, (need.first_day, need.last_day)
    elif cause.kind in _ABSENCES:
        away = case.aways[cause.index]
        who, days = away.who, (away.first_day, away.last_day)
    elif cause.index >= 0:
        who = case.units[cause.index]
    shown = Shown.NOTHING_OWED if alone else Shown.NOT_SHOWN
    return Member(cause, cause_text(case, conflict, cause), shown, who, days)


_ABSENCES = frozenset({CauseKind.LEAVE, CauseKind.CERTIFICATE, CauseKind.VEHICLE})


_EASED = {
    CauseKind.SHIFT: Text("延长班次", "a longer shift"),
    CauseKind.STOP_TIME: Text("缩短停留", "shorter stops"),
    CauseKind.DAYLIGHT: Text("放宽日照时限", "no daylight limit"),
}


def reach_finding(case: Case, reach: Reach) -> ReachFinding:
    """Return zones out of reach in words, with what would bring them within it."""
    need = reach.need
    window = case.label(case.needs.index(need))
    zones = {zone.id: zone.name for zone in case.plan.county.zones}
    names = [f"{zone} {zones[zone]}" for zone in reach.zones]
    eased = [_EASED[kind] for kind in reach.kinds]
    zh = f"{window.zh}：{'、'.join(names)}单独往返并停留也超过班次或日照时限（已证明）；"
    en = f"{window.en}: {', '.join(names)}: there and back exceeds the shift even alone (proven); "
    if eased:
        zh += "、".join(text.zh for text in eased) + "任一项可使其可达"
        en += "within reach with " + " or ".join(text.en for text in eased)
    else:
        zh += "单独延长班次、缩短停留或放宽日照均不够"
        en += "no single one of longer shift, shorter stops, no daylight limit is enough"
    return ReachFinding(need.unit, unit_name(case, need.unit), window, reach.zones, Text(zh, en))


#: Unit, window, article, and whether spot checks are meant.
_Key = tuple[str, Window, str, bool]


def breaches(
    plan: Plan,
    conflicts: Sequence[ConflictFinding] = (),
    reach: Sequence[ReachFinding] = (),
) -> tuple[Breach, ...]:
    """Return what the partial plan leaves out, by unit, window and article; spot checks unnamed.

    ``conflicts`` and ``reach`` say what is proven of it.
    """
    rows = {row.id: row for row in plan.requirements}
    groups: dict[_Key, list[tuple[Requirement, Unmet]]] = defaultdict(list)
    for unmet in plan.unmet:
        row = rows[unmet.requirement]
        groups[_key(row)].append((row, unmet))
    owed: Counter[_Key] = Counter()
    for row in plan.requirements:
        owed[_key(row)] += row.count
    together = {(one.unit, days) for one in conflicts if len(one.windows) > 1 for days in one.days}
    alone = {(one.unit, *one.days) for one in conflicts if len(one.windows) == 1}
    too_far = {(one.unit, one.window, zone) for one in reach for zone in one.zones}
    found = []
    for key, members in sorted(groups.items(), key=lambda item: item[0]):
        unit, window, _, _ = key
        place = (unit, (window.first_day, window.last_day))
        made = _breach(plan, key, members, owed[key])
        far = all((unit, made.window, row.zone) in too_far for row, _ in members)
        proven = made.proven or far or place in alone
        found.append(replace(made, proven=proven, together=place in together))
    return tuple(found)


def _key(row: Requirement) -> _Key:
    return (row.unit, row.window, row.article, row.spot_check)


def _breach(
    plan: Plan, key: _Key, members: Sequence[tuple[Requirement, Unmet]], owed: int
) -> Breach:
    """Return one group of requirements not met, as the planner tells of it."""
    unit, window, article, spot_check = key
    bases = {
        rule.id: rule.basis
        for regulation in (plan.regulation, plan.norm)
        for rule in (*regulation.frequency, *regulation.spot_check)
    }
    zones = {zone.id: zone for zone in plan.county.zones}
    dropped = [zones[row.zone] for row, _ in members]
    ranked = sorted(dropped, key=lambda zone: (zone.priority, -zone.level, zone.id))
    # One reason for all; of several a proven one.
    told = max((unmet for _, unmet in members), key=lambda unmet: unmet.proven)
    law = any(bases.get(row.rule, "law") == "law" for row, _ in members)
    return Breach(
        unit=unit,
        unit_name=next(one.name for one in plan.county.units if one.id == unit),
        window=window_label(window),
        article=article,
        basis="law" if law else "default",
        owed=owed,
        missing=sum(unmet.missing for _, unmet in members),
        zones=() if spot_check else tuple(f"{zone.id} {zone.name}" for zone in ranked),
        proven=told.proven,
        together=False,
        reason=told.reason,
    )


def endings(plan: Plan) -> tuple[UnitEnding, ...]:
    """Return how each unit's planning ended that did not do all it owes."""
    names = {unit.id: unit.name for unit in plan.county.units}
    owner = {row.id: row.unit for row in plan.requirements}
    missing: dict[str, int] = defaultdict(int)
    for unmet in plan.unmet:
        missing[owner[unmet.requirement]] += unmet.missing
    complete = {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
    return tuple(
        UnitEnding(one.unit, names[one.unit], one.status, missing[one.unit])
        for one in plan.outcomes
        if one.status not in complete or missing[one.unit]
    )


#: Settings on which needs and staffing rest most.
_TOLD = frozenset(
    {
        *("shift.earliest_departure", "shift.latest_return", "shift.max_work_minutes"),
        *("shift.lunch_minutes", "visit.stop_minutes", "visit.roadside_kmh"),
        *("caps.patrol_days_per_week", "caps.patrol_days_per_28_days"),
    }
)


def assumptions(plan: Plan) -> tuple[Text, ...]:
    """Return what the proofs hang on besides the law: draws and shares of the planner."""
    told = [used for used in plan.settings_used if used.key in _TOLD]
    found = [
        Text(
            "规范未作规定、本计划所用设定："
            + "；".join(f"{used.label.zh}{used.value}" for used in told),
            "settings where the norm is silent: "
            + "; ".join(f"{used.label.en} {used.value}" for used in told),
        )
    ]
    if any(need.kind is PatrolKind.SPOT_CHECK for need in plan.needs):
        found.append(
            Text(
                "抽查所在月份按密钥抽签确定，抽查不与定期巡查合并",
                "spot checks fall into drawn months and are never part of regular patrols",
            )
        )
    kinds: dict[str, set[object]] = defaultdict(set)
    for row in plan.requirements:
        if not row.spot_check:
            kinds[row.unit].add(row.window.kind)
    if any(len(found_kinds) > 1 for found_kinds in kinds.values()):
        found.append(
            Text(
                "较长窗口应巡次数已均匀分摊到较短窗口，需趟数以此分摊为准",
                "visits owed over longer windows are shared out over shorter ones, as needs assume",
            )
        )
    return tuple(found)
