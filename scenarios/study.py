"""Planning the base and every scenario: what equal groups of units need is planned once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from network.problems import InputError, Problem, Text
from scenarios.apply import APPLY, apply_scenario, steps_of
from scenarios.compare import About, Comparison, Outcome, PersonDays
from scenarios.model import Scenario
from scenarios.read import BASE_NAMES
from scenarios.words import describe
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan, PlanStatus
from scheduling.progress import Progress, ProgressCallback, silent

if TYPE_CHECKING:
    from scheduling.planning.decided import Decided
    from scheduling.planning.prepare import Prepared
    from scheduling.planning.reuse import Reuse


@dataclass(frozen=True)
class Case:
    """The base or a scenario: its name, what is said of it, its inputs, and what they change."""

    name: Text
    note: str
    inputs: PlanInputs
    changes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Planned:
    """What was decided for a case; crosses a process border."""

    case: Case
    prepared: Prepared
    decided: Sequence[Decided]


def run_scenarios(
    inputs: PlanInputs,
    scenarios: Sequence[Scenario],
    *,
    seed: int = 0,
    workers: int = 1,
    time_limit_seconds: float | None = None,
    reuse: Reuse | None = None,
    progress: ProgressCallback = silent,
) -> Comparison:
    """Plan and audit the base and every scenario.

    Groups of units are planned one by one over all scenarios, each content once; with ``reuse``
    also what earlier runs planned is taken over. The outcomes depend on inputs, scenarios and seed
    alone: spot checks are drawn from the seed too, so that scenarios differ by nothing but their
    overrides. The time limit is on the planning of all together. Raises InputError with all that
    is wrong with the scenarios (a zone out of reach, say), and KeyboardInterrupt on Ctrl-C, what
    is finished being kept in ``reuse``.
    """
    from scheduling.planning.processes import Processes, spread
    from scheduling.planning.reuse import Reuse
    from scheduling.planning.workers import get_ready, run_jobs

    cases = [Case(BASE_NAMES, "", inputs)]
    cases += [_case(inputs, scenario, scenarios) for scenario in scenarios]
    with Processes(workers) as processes:
        processes.start(get_ready)
        prepared = prepare_cases(cases, seed, progress)
        jobs = [job for one in prepared for job in one.jobs]
        decided = run_jobs(jobs, processes, time_limit_seconds, progress, reuse or Reuse())
        if any(o.status is PlanStatus.INTERRUPTED for one in decided for o in one.outcomes):
            raise KeyboardInterrupt
        rest = iter(decided)
        made = [
            _Planned(case, one, [next(rest) for _ in one.jobs])
            for case, one in zip(cases, prepared, strict=True)
        ]
        outcomes: dict[int, Outcome] = {}
        label = Text("审核各方案", "auditing")
        progress(Progress("audit", label, 0, len(cases)))
        for place, outcome in spread(_outcome, made, processes):
            outcomes[place] = outcome
            progress(Progress("audit", label, len(outcomes), len(cases)))
    return Comparison(tuple(outcomes[place] for place in range(len(cases))), _about(inputs, seed))


def _case(inputs: PlanInputs, scenario: Scenario, others: Sequence[Scenario]) -> Case:
    """Return the scenario's inputs and what it changes. Raises InputError when it does not fit."""
    changed = apply_scenario(inputs, scenario, others)
    here, told = inputs, list[Text]()
    for step in steps_of(scenario, others):
        then = APPLY[step.override.do](here, step.override)
        told.append(describe(step.override, here, then))
        here = then
    return Case(Text(scenario.name, scenario.name), scenario.note, changed, tuple(told))


def _about(inputs: PlanInputs, seed: int) -> About:
    settings, norm = inputs.county.settings, inputs.norm
    years = range(inputs.first_day.year, inputs.last_day.year + 1)
    return About(
        county=settings.name,
        bureau=settings.office.bureau or settings.name,
        norm=Text(norm.name, norm.name_en or norm.name),
        first_day=inputs.first_day,
        last_day=inputs.last_day,
        seed=seed,
        provisional=any(year in years for year in inputs.calendar.provisional_years),
    )


def prepare_cases(
    cases: Sequence[Case], seed: int, progress: ProgressCallback = silent
) -> list[Prepared]:
    """Put every case on its roads, those that have the same sharing them.

    Raises InputError with the problems of all cases, each naming its case.
    """
    from scheduling.planning.prepare import prepare
    from scheduling.planning.shared import SharedRoads

    secret = sha256(f"xuncha whatif {seed}".encode()).digest()
    shared = SharedRoads()
    prepared: list[Prepared] = []
    problems: list[Problem] = []
    for case in cases:
        try:
            prepared.append(
                prepare(case.inputs, seed=seed, secret=secret, shared=shared, progress=progress)
            )
        except InputError as error:
            problems += [
                replace(problem, where=" · ".join(filter(None, (case.name.zh, problem.where))))
                for problem in error.problems
            ]
    if problems:
        raise InputError(dict.fromkeys(problems))
    return prepared


def _outcome(planned: _Planned) -> Outcome:
    from scheduling.planning.run import plan_of

    return outcome_of(planned.case, plan_of(planned.prepared, planned.decided))


def outcome_of(case: Case, plan: Plan) -> Outcome:
    """Return what a case's plan came to, by its audit and its figures."""
    from scheduling.audit import audit_plan
    from scheduling.plan.measures import measure, shortfalls

    report = audit_plan(plan, informing=False)
    breaches = Counter(f.article for f in report.findings if f.severity == "breach")
    return Outcome(
        case.name,
        case.note,
        report.lawful,
        measure(plan),
        tuple(sorted(breaches.items())),
        shortfalls(plan),
        case.changes,
        tuple(used for used in plan.settings_used if used.basis != "law"),
        _days_of_people(plan),
    )


def _days_of_people(plan: Plan) -> tuple[PersonDays, ...]:
    days = Counter(
        member.inspector
        for patrol in plan.patrols
        for member in patrol.crew
        if member.role == "inspector"
    )
    return tuple(
        PersonDays(person.id, person.name, days[person.id])
        for person in plan.county.inspectors
        if days[person.id] or set(person.units) & set(plan.units)
    )
