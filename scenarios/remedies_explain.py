"""Explaining a plan: conflicts proven, shown minimal by audited plans, and what would cure them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import cos, hypot, radians

from network.problems import Text
from optimizer.counts import Cause, CauseKind
from scenarios.remedies_model import Trouble
from scenarios.remedies_relax import confirm, confirmations
from scenarios.remedies_search import search_remedies
from scenarios.remedies_trial import Trials
from scheduling.audit import AuditReport, audit_plan
from scheduling.county.model import Inspector
from scheduling.explain.case import Case, make_case
from scheduling.explain.conflicts import Conflict
from scheduling.explain.findings import (
    assumptions,
    breaches,
    conflict_finding,
    empty_windows,
    endings,
    reach_finding,
)
from scheduling.explain.levels import Alternatives, batch_requirements
from scheduling.explain.model import ConflictFinding, Explanation, ReachFinding, RemedyFinding
from scheduling.explain.plan_conflicts import case_conflicts, short_units
from scheduling.inputs import PlanInputs
from scheduling.plan.model import PatrolKind, Plan
from scheduling.planning.prepare import Prepared, groups_of, prepare
from scheduling.planning.processes import Processes
from scheduling.planning.run import plan_of
from scheduling.planning.workers import run_jobs

#: Units whose people are asked to help, the nearest first.
_MOST_DONORS = 2


def explain_secret(seed: int) -> bytes:
    """Return the secret of the spot checks of a plan made only to be explained."""
    return sha256(f"xuncha explain {seed}".encode()).digest()


def plan_to_explain(inputs: PlanInputs, trials: Trials) -> Plan:
    """Plan the inputs as ``xuncha plan`` does, what is needed again being kept in ``trials``."""
    ready = _prepared(inputs, trials)
    with Processes(trials.workers) as processes:
        decided = run_jobs(ready.jobs, processes, None, trials.progress, trials.reuse)
    return plan_of(ready, decided)


def inputs_of_plan(plan: Plan, county_roads: PlanInputs) -> PlanInputs:
    """Return the inputs of a plan's snapshot, with the road file of other inputs."""
    return replace(
        county_roads,
        county=plan.county,
        regulation=plan.regulation,
        norm=plan.norm,
        calendar=plan.calendar,
        first_day=plan.first_day,
        last_day=plan.last_day,
        units=plan.units,
    )


def explain(plan: Plan, inputs: PlanInputs | None, trials: Trials) -> Explanation:
    """Return why a plan is not lawful, proven where it can be, and what would cure it.

    Without ``inputs`` (no roads at hand) nothing is planned anew: conflicts stand without needs
    under other shifts and stops, their minimality is not shown, and there are no remedies.
    """
    report = audit_plan(plan, informing=False)
    if report.lawful:
        return Explanation(lawful=True)
    ready = _prepared(inputs, trials) if inputs is not None else None
    groups = [_looked_at(plan, units, ready, trials.seed) for units in _groups(plan, ready)]
    groups = [group for group in groups if group.short or group.conflicts or group.reach]
    findings = tuple(
        conflict_finding(group.case, conflict) for group in groups for conflict in group.conflicts
    )
    remedies: tuple[RemedyFinding, ...] = ()
    if ready is not None:
        findings = _confirmed(groups, findings, ready, trials)
        troubles = [trouble for group in groups for trouble in _troubles(group, ready, groups)]
        missing = {one.unit: one.unmet for one in endings(plan)}
        unmet = [sum(missing.get(u, 0) for u in one.inputs.units) for one in troubles]
        remedies = search_remedies(troubles, unmet, trials)
    reach = tuple(one for group in groups for one in group.reach)
    return Explanation(
        lawful=False,
        endings=endings(plan),
        empty=empty_windows(plan.county, plan.calendar, plan.requirements),
        conflicts=findings,
        reach=reach,
        breaches=breaches(plan, findings, reach),
        remedies=remedies,
        assumptions=assumptions(plan),
        notes=tuple(_notes(plan, report, trials.secret, roads=ready is not None)),
    )


_NO_ROADS = Text(
    "未给出县文件夹（--county DIR），没有路网：未重排，极小性未证明，未试算补救措施",
    "no county folder (--county DIR), so no roads: nothing was planned anew, minimality is not"
    " proven and no remedy was tried",
)
_OTHER_DRAW = Text(
    "计划的抽查密封文件不在旁边：重排时抽查另行抽签",
    "the plan's sealed spot checks are not beside it: plans made anew draw others",
)
_OTHER_BREACHES = Text(
    "另有与次数无关的违规，见 xuncha audit",
    "there are breaches that are not about visits: see xuncha audit",
)
_ABOUT_VISITS = {"frequency", "peak-count", "peak-day", "spot-check", "shortfall-told"}


def _notes(plan: Plan, report: AuditReport, secret: bytes, *, roads: bool) -> Iterable[Text]:
    if not roads:
        yield _NO_ROADS
    elif _drawn_otherwise(plan, secret):
        yield _OTHER_DRAW
    if {f.rule for f in report.findings if f.severity == "breach"} - _ABOUT_VISITS:
        yield _OTHER_BREACHES


def _drawn_otherwise(plan: Plan, secret: bytes) -> bool:
    spot_checks = any(need.kind is PatrolKind.SPOT_CHECK for need in plan.needs)
    return spot_checks and sha256(secret).hexdigest() != plan.secret_hash


@dataclass(frozen=True)
class _Group:
    """Units that share people or vehicles, what is proven of them, and what they fall short of."""

    case: Case
    conflicts: tuple[Conflict, ...]
    reach: tuple[ReachFinding, ...]
    short: tuple[str, ...]
    alternatives: Alternatives | None


def _prepared(inputs: PlanInputs, trials: Trials) -> Prepared:
    return prepare(
        inputs,
        seed=trials.seed,
        secret=trials.secret,
        shared=trials.shared,
        progress=trials.progress,
    )


def _groups(plan: Plan, ready: Prepared | None) -> list[tuple[str, ...]]:
    if ready is not None:
        return [job.units for job in ready.jobs]
    return list(groups_of(plan.county, plan.units))


def _looked_at(plan: Plan, units: tuple[str, ...], ready: Prepared | None, seed: int) -> _Group:
    """Find a group's conflicts: windows alone, with needs under other limits, then together."""
    short = sorted(short_units(plan) & {*units})
    case = make_case(plan, units)
    if not short:
        return _Group(case, (), (), (), None)
    alternatives = None if ready is None else Alternatives(ready)
    conflicts = case_conflicts(case, seed=seed)
    if alternatives is not None:
        windows = sorted({window for conflict in conflicts for window in conflict.windows})
        case = make_case(plan, units, alternatives.levels(case, windows))
        conflicts = case_conflicts(case, seed=seed)
    reach = [] if alternatives is None else map(alternatives.reach, case.needs)
    told = tuple(reach_finding(case, one) for one in reach if one is not None)
    return _Group(case, conflicts, told, tuple(short), alternatives)


def _confirmed(
    groups: Iterable[_Group],
    findings: Sequence[ConflictFinding],
    ready: Prepared,
    trials: Trials,
) -> tuple[ConflictFinding, ...]:
    orders, asked = [], []
    for group in groups:
        for conflict in group.conflicts:
            owed = [_owed(group, ready, window) for window in conflict.windows]
            orders.append(conflict.causes)
            asked.append(
                confirmations(ready.inputs, group.case, conflict, owed, ready.requirements)
            )
    return confirm(findings, orders, asked, trials)


def _owed(group: _Group, ready: Prepared, window: int) -> frozenset[str]:
    batch = group.alternatives and group.alternatives.batch_of(group.case.needs[window])
    return batch_requirements(batch, ready.requirements) if batch else frozenset()


def _troubles(group: _Group, ready: Prepared, groups: Sequence[_Group]) -> Iterable[Trouble]:
    """Yield each unit that falls short, with the conflicts that name its windows."""
    inputs = replace(ready.inputs, units=tuple(sorted(group.case.units)))
    for unit in group.short:
        own = tuple(
            conflict
            for conflict in group.conflicts
            if any(group.case.needs[window].unit == unit for window in conflict.windows)
        )
        far = {one.unit for one in group.reach}
        if not own or unit in far:
            own += _suspected(group.case, unit, _OF_REACH if unit in far else _OF_SEARCH)
        conflicts = own
        if conflicts:
            donors = _donors(ready.inputs, unit, {u for g in groups for u in g.case.units})
            yield Trouble(unit, group.case, conflicts, inputs, donors)


_OF_REACH = (CauseKind.SHIFT, CauseKind.STOP_TIME)
_OF_SEARCH = (CauseKind.CALENDAR, CauseKind.STAFF, CauseKind.FLEET, *_OF_REACH)


def _suspected(case: Case, unit: str, kinds: Sequence[CauseKind]) -> tuple[Conflict, ...]:
    """Return what remedies to try for where counts prove nothing."""
    pool = case.units.index(unit)
    rows = {row.id: row for row in case.plan.requirements}
    short = [rows[one.requirement] for one in case.plan.unmet]
    windows = tuple(
        place
        for place, need in enumerate(case.needs)
        if need.unit == unit
        and any(
            row.unit == unit
            and row.window.first_day <= need.last_day
            and need.first_day <= row.window.last_day
            for row in short
        )
    )
    places: dict[CauseKind, Sequence[int]] = {
        CauseKind.CALENDAR: windows,
        CauseKind.STAFF: (pool,),
        CauseKind.FLEET: (pool,),
    }
    causes = tuple(Cause(kind, place) for kind in kinds for place in places.get(kind, (-1,)))
    return (Conflict(windows, causes, minimal=False),) if windows else ()


def _donors(inputs: PlanInputs, unit: str, busy: set[str]) -> tuple[Inspector, ...]:
    """Return one certified person each of the nearest units that are not in trouble."""
    units = {one.id: one for one in inputs.county.units}
    here = units[unit]

    def away_km(person: Inspector) -> float:
        there = units[person.units[0]]
        east = (there.lon - here.lon) * cos(radians(here.lat))
        return hypot(east, there.lat - here.lat) * 111.2

    days = (inputs.first_day, inputs.last_day)
    able = [
        person
        for person in inputs.county.inspectors
        if person.licensed
        and all(person.certified_on(day) for day in days)
        and not {*person.units} & busy
    ]
    chosen: dict[str, Inspector] = {}
    for person in sorted(able, key=lambda p: (away_km(p), p.id)):
        chosen.setdefault(person.units[0], person)
    return tuple(chosen.values())[:_MOST_DONORS]
