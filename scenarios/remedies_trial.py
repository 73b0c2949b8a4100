"""Trials: changed inputs planned end to end and audited, what equal content needs planned once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduling.audit import audit_plan
from scheduling.calendar.workdays import WorkCalendar
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan, PlanStatus
from scheduling.planning.prepare import Prepared, prepare
from scheduling.planning.processes import Processes
from scheduling.planning.reuse import Reuse
from scheduling.planning.run import plan_of
from scheduling.planning.shared import SharedRoads
from scheduling.planning.workers import run_jobs
from scheduling.progress import ProgressCallback, silent

#: Audit rules about visits that are missing: passed over where a trial plans a part only.
_COUNTS = frozenset({"frequency", "peak-count", "peak-day", "spot-check", "shortfall-told"})

#: Requirements from which on processes are worth their start.
_WORTH_PROCESSES = 3000


@dataclass(frozen=True)
class Trial:
    """Inputs to be planned: all their units and days, or ``only`` the requirements of these ids.

    ``tolerated`` audit rules are what the trial relaxes. ``aliases`` name the real person (or
    vehicle) behind one that stands twice in the inputs: caps hold for the two together.
    ``published`` is the calendar the plan is audited by, where it was planned on fewer days.
    """

    inputs: PlanInputs
    only: frozenset[str] | None = None
    tolerated: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    published: WorkCalendar | None = None


@dataclass(frozen=True)
class Outcome:
    """What a trial came to. ``lawful``: all it planned for is met, and the audit signed.

    ``proven``: that it cannot be met is proven. ``plan`` is what was audited.
    """

    lawful: bool
    unmet: int
    proven: bool
    plan: Plan


@dataclass(frozen=True)
class Trials:
    """Runs trials; roads, travel, templates and whole groups of equal content are used again."""

    seed: int
    secret: bytes
    workers: int = 1
    shared: SharedRoads = field(default_factory=SharedRoads)
    reuse: Reuse = field(default_factory=Reuse)
    progress: ProgressCallback = silent

    def run(self, trials: Sequence[Trial]) -> list[Outcome]:
        """Plan and audit each trial. Raises InputError where one cannot be planned at all."""
        ready = [self._prepared(trial) for trial in trials]
        jobs = [job for one in ready for job in one.jobs]
        much = sum(len(job.requirements) for job in jobs) >= _WORTH_PROCESSES
        with Processes(self.workers if much else 1) as processes:
            decided = iter(run_jobs(jobs, processes, None, self.progress, self.reuse))
        outcomes = []
        for trial, one in zip(trials, ready, strict=True):
            plan = plan_of(one, [next(decided) for _ in one.jobs])
            if any(outcome.status is PlanStatus.INTERRUPTED for outcome in plan.outcomes):
                raise KeyboardInterrupt
            outcomes.append(_judged(trial, plan))
        return outcomes

    def _prepared(self, trial: Trial) -> Prepared:
        """Prepare a trial; of a part only that part's zones and visits are in the jobs."""
        whole = prepare(trial.inputs, seed=self.seed, secret=self.secret, shared=self.shared)
        if trial.only is None:
            return whole
        wanted = tuple(row for row in whole.requirements if row.id in trial.only)
        county = trial.inputs.county
        works = {
            unit: self.shared.work(county, whole.roads, wanted, unit)
            for unit in sorted({row.unit for row in wanted})
        }
        jobs = []
        for job in whole.jobs:
            units = tuple(unit for unit in job.units if unit in works)
            own = tuple(row for row in wanted if row.unit in units)
            if own:
                parts = tuple(works[unit] for unit in units)
                jobs.append(replace(job, units=units, works=parts, requirements=own))
        return replace(whole, works=works, jobs=tuple(jobs))


def _judged(trial: Trial, plan: Plan) -> Outcome:
    if trial.published is not None:
        settings = plan.county.settings
        told = settings.calendar.model_copy(update={"duty_patrols": True})
        settings = settings.model_copy(update={"calendar": told})
        county = replace(plan.county, settings=settings)
        plan = replace(plan, county=county, calendar=trial.published)
    passed = trial.tolerated if trial.only is None else trial.tolerated | _COUNTS
    breaches = [f for f in audit_plan(plan, informing=False).findings if f.severity == "breach"]
    unmet = sum(
        one.missing for one in plan.unmet if trial.only is None or one.requirement in trial.only
    )
    lawful = (
        not unmet
        and all(finding.rule in passed for finding in breaches)
        and _caps_hold(plan, trial.aliases)
    )
    proven = any(outcome.status is PlanStatus.INFEASIBLE for outcome in plan.outcomes)
    return Outcome(lawful, unmet, proven, plan)


def _caps_hold(plan: Plan, aliases: Mapping[str, str]) -> bool:
    """Whether people lent to another unit keep their caps over both units together."""
    caps = plan.county.settings.caps
    for alias, real in aliases.items():
        days = sorted(
            patrol.day
            for patrol in plan.patrols
            for member in patrol.crew
            if member.inspector in {alias, real}
        )
        weeks = Counter(day.isocalendar()[:2] for day in days)
        spans = [sum(0 <= (b - a).days < 28 for b in days) for a in days]
        if len(set(days)) < len(days):
            return False
        if max(weeks.values(), default=0) > caps.patrol_days_per_week:
            return False
        if max(spans, default=0) > caps.patrol_days_per_28_days:
            return False
    return True
