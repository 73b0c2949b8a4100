"""One group of units and its roads: what it needs, what counts say, and whether a plan is lawful.

fits_of(case, reuse) -> Fitted            # needs and routes, as if staff were plenty
cheap_needs(case, fits) -> tuple          # proven needs under another shift, no routes
counts_of(case, fitted, needs)            # the count model with the people there are
try_plan(case, reuse) -> Trial            # a plan with the people there are, audited
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimizer import patrol_need
from optimizer.counts import CountProblem
from scheduling.audit import audit_plan
from scheduling.inputs import PlanInputs
from scheduling.plan.measures import UnitMeasures, measure
from scheduling.planning.counting import count_problem
from scheduling.planning.dates import GroupContext
from scheduling.planning.fitting import Fit
from scheduling.planning.group import GroupJob, job_fits, plan_group
from scheduling.planning.prepare import Prepared
from scheduling.planning.resources import Resources, group_resources
from scheduling.planning.reuse import Reuse
from scheduling.planning.run import plan_of
from scheduling.planning.template_problem import need_problem
from scheduling.planning.work import UnitWork, work_cap_seconds
from scheduling.roads import CountyRoads


@dataclass(frozen=True)
class GroupCase:
    """A group's planning and the roads it is on; crosses a process border."""

    job: GroupJob
    roads: CountyRoads

    @property
    def inputs(self) -> PlanInputs:
        """Return county, law and calendar of the case; units are the group's."""
        return self.job.inputs

    def with_inputs(self, inputs: PlanInputs) -> GroupCase:
        """Return the case with other people, vehicles, leave or shift; nothing else may differ."""
        settings = inputs.county.settings
        caps = tuple(work_cap_seconds(settings, c) for c in settings.day_classes)
        works = tuple(replace(work, cap_seconds=caps) for work in self.job.works)
        return replace(self, job=replace(self.job, inputs=inputs, works=works))


@dataclass(frozen=True)
class Fitted:
    """Every window of a group with what it needs; routes are those of plenty of staff.

    ``needed`` patrols are proven, ``routes`` were found.
    """

    context: GroupContext
    fits: tuple[Fit, ...]

    @property
    def needed(self) -> tuple[int, ...]:
        """Proven least patrols of each window."""
        return tuple(fit.needed for fit in self.fits)

    @property
    def routes(self) -> tuple[int, ...]:
        """Patrols that the routes found take in each window."""
        return tuple(len(fit.template.routes) for fit in self.fits)

    @property
    def complete(self) -> bool:
        """Whether the routes do every visit."""
        return not any(fit.template.dropped for fit in self.fits)


@dataclass(frozen=True)
class Trial:
    """A plan that was made: whether the audit finds it lawful, and what it came to."""

    lawful: bool
    breaches: tuple[str, ...]  # slugs of the rules breached
    measures: UnitMeasures


def group_cases(prepared: Prepared) -> tuple[GroupCase, ...]:
    """Return the groups of a prepared county, each with a scope of its own units."""
    return tuple(
        GroupCase(replace(job, inputs=replace(job.inputs, units=job.units)), prepared.roads)
        for job in prepared.jobs
    )


def fits_of(plenty: GroupCase, reuse: Reuse) -> Fitted:
    """Return needs and routes; the case must have people and vehicles in plenty."""
    context, _, fits = job_fits(plenty.job, reuse)
    return Fitted(context, tuple(fits))


def cheap_needs(case: GroupCase, fitted: Fitted) -> tuple[int, ...]:
    """Return proven needs of the windows of ``fitted`` under the case's shift, by sums only."""
    known: dict[object, int] = {}
    needs = []
    for fit in fitted.fits:
        work = case.job.works[fit.pool]
        key = (fit.pool, fit.batch.visits, fit.classes)
        if key not in known:
            known[key] = _cheap_need(work, fit)
        needs.append(known[key])
    return tuple(needs)


def _cheap_need(work: UnitWork, fit: Fit) -> int:
    index = {zone: place for place, zone in enumerate(work.zones)}
    zones = [index[zone] for zone, _ in fit.batch.visits]
    problem = need_problem(work, zones, fit.classes)
    # One patrol is taken for known, so that no linear programme is solved.
    return patrol_need(problem, [count for _, count in fit.batch.visits], known=1).lower


def counts_of(case: GroupCase, fitted: Fitted, needs: Sequence[int]) -> CountProblem:
    """Return the count problem of the fitted windows with the people and vehicles of the case."""
    resources = resources_of(case, fitted)
    here = replace(fitted.context, county=case.inputs.county, resources=resources)
    return count_problem(here, fitted.fits, needs)


def resources_of(case: GroupCase, fitted: Fitted) -> Resources:
    """Return people and vehicles of the case in the order in which counts number them."""
    context = fitted.context
    days = sorted({day for fit in fitted.fits for day in fit.batch.days})
    county, units = case.inputs.county, case.job.units
    return group_resources(county, units, context.horizon, days, context.crew_size)


def try_plan(case: GroupCase, reuse: Reuse) -> Trial:
    """Plan the group with the people and vehicles of the case, and audit the plan."""
    job = case.job
    decided = plan_group(job, None, reuse)
    works = {work.unit: work for work in job.works}
    prepared = Prepared(
        job.inputs, case.roads, job.requirements, works, (job,), job.seed, job.secret
    )
    plan = plan_of(prepared, [decided])
    report = audit_plan(plan, informing=False)
    slugs = {finding.rule for finding in report.findings if finding.severity == "breach"}
    return Trial(report.lawful, tuple(sorted(slugs)), measure(plan).whole)
