"""One planning, from inputs to plan: roads, requirements, groups of units in parallel, geometry."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version

from network import road_lines
from scheduling.inputs import PlanInputs
from scheduling.inspections import zone_inspections
from scheduling.plan.model import Plan
from scheduling.planning.assemble import assemble_patrols, visits_meeting
from scheduling.planning.decided import Decided
from scheduling.planning.prepare import Prepared, prepare
from scheduling.planning.processes import Processes, interrupts_ignored
from scheduling.planning.resume import finished_units, keeping
from scheduling.planning.unmet import unmet_requirements
from scheduling.planning.workers import run_jobs
from scheduling.progress import ProgressCallback, silent
from scheduling.settings_used import settings_used

_LIBRARIES = ("numpy", "numba", "ortools", "osmium", "scipy", "shapely")


def make_plan(
    inputs: PlanInputs,
    *,
    seed: int = 0,
    secret: bytes,
    workers: int = 1,
    time_limit_seconds: float | None = None,
    earlier: Plan | None = None,
    progress: ProgressCallback = silent,
) -> Plan:
    """Plan the inputs' units over their horizon and return the complete (unsealed) plan.

    The same inputs, seed and secret give the same plan for any number of workers, unless the time
    limit is hit; the plan's status then says so. On Ctrl-C the units finished so far are kept and
    the others are marked interrupted; given back as ``earlier`` (see ``resume.check_continues``)
    such a plan is continued. Raises InputError for zones or units out of reach of roads,
    and for a scope in which nothing is owed.
    """
    kept = finished_units(earlier) if earlier else frozenset()
    prepared = prepare(inputs, seed=seed, secret=secret, finished=kept, progress=progress)
    with Processes(workers) as processes:
        decided = run_jobs(prepared.jobs, processes, time_limit_seconds, progress)
    with interrupts_ignored():  # seconds: what has been planned is not lost at the end
        plan = plan_of(prepared, decided)
    return keeping(plan, earlier, set(prepared.works)) if earlier else plan


def plan_of(prepared: Prepared, decided: Sequence[Decided]) -> Plan:
    """Return the complete plan of what was decided for the prepared groups."""
    inputs, roads, requirements = prepared.inputs, prepared.roads, prepared.requirements
    patrols = assemble_patrols(
        inputs.county, roads, prepared.works, [patrol for d in decided for patrol in d.patrols]
    )
    met = visits_meeting(requirements, patrols)
    needs = tuple(
        sorted(
            (need for d in decided for need in d.needs),
            key=lambda n: (n.unit, n.first_day, n.last_day, n.kind),
        )
    )
    outcomes = tuple(sorted((o for d in decided for o in d.outcomes), key=lambda o: o.unit))
    return Plan(
        county=inputs.county,
        regulation=inputs.regulation,
        norm=inputs.norm,
        calendar=inputs.calendar,
        first_day=inputs.first_day,
        last_day=inputs.last_day,
        units=inputs.units,
        requirements=requirements,
        patrols=patrols,
        met=met,
        unmet=unmet_requirements(requirements, patrols, met, needs, outcomes),
        needs=needs,
        outcomes=outcomes,
        settings_used=settings_used(inputs.county, inputs.regulation),
        seed=prepared.seed,
        versions=_versions(),
        inspections=zone_inspections(inputs.county, roads),
        road_lines=road_lines(roads.network),
        secret_hash=sha256(prepared.secret).hexdigest(),
    )


def _versions() -> dict[str, str]:
    versions = {name: version(name) for name in ("xuncha", *_LIBRARIES)}
    versions["python"] = ".".join(str(part) for part in sys.version_info[:3])
    return versions
