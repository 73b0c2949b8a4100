"""One planning, from inputs to plan: roads, requirements, groups of units in parallel, geometry."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version

from network import road_lines
from network.problems import InputError, Problem, Text
from scheduling.inputs import PlanInputs
from scheduling.inspections import zone_inspections
from scheduling.plan.model import Plan
from scheduling.planning.assemble import assemble_patrols, visits_meeting
from scheduling.planning.decided import Decided
from scheduling.planning.group import GroupJob
from scheduling.planning.resume import finished_units, keeping
from scheduling.planning.unmet import unmet_requirements
from scheduling.planning.work import UnitWork, unit_work
from scheduling.planning.workers import interrupts_ignored, run_jobs
from scheduling.progress import Progress, ProgressCallback, silent
from scheduling.requirements import Requirement, derive_requirements
from scheduling.roads import CountyRoads, prepare_roads
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
    roads = prepare_roads(inputs.county, inputs.roads_file, progress)
    requirements = derive_requirements(
        inputs.county,
        inputs.regulation,
        inputs.calendar,
        inputs.first_day,
        inputs.last_day,
        inputs.units,
        secret=secret,
    )
    if not requirements:
        raise InputError([_nothing_owed(inputs)])
    kept = finished_units(earlier) if earlier else frozenset()
    groups = [group for group in _groups(inputs) if not kept.issuperset(group)]
    works = _unit_works(inputs, roads, requirements, [u for g in groups for u in g], progress)
    jobs = [
        GroupJob(inputs, group, tuple(works[unit] for unit in group), own, seed, secret)
        for group in groups
        if (own := tuple(r for r in requirements if r.unit in group))
    ]
    decided = run_jobs(jobs, workers, time_limit_seconds, progress)
    with interrupts_ignored():  # seconds: what has been planned is not lost at the end
        plan = _plan(inputs, roads, requirements, works, decided, seed, secret)
    return keeping(plan, earlier, {u for g in groups for u in g}) if earlier else plan


def _nothing_owed(inputs: PlanInputs) -> Problem:
    first, last = inputs.first_day, inputs.last_day
    return Problem(
        code="scope.nothing-owed",
        file="--from --to --unit",
        where=f"{first} – {last}",
        cause=Text(
            "期间内没有完整落入的应巡查窗口",
            "no window in which anything is owed lies wholly inside",
        ),
        action=Text(
            "放宽起止日期至整半月、整月或整季，或核对巡查区的实施单位",
            "widen the days to whole half-months, months or quarters, or check the zones' units",
        ),
    )


def _plan(
    inputs: PlanInputs,
    roads: CountyRoads,
    requirements: tuple[Requirement, ...],
    works: Mapping[str, UnitWork],
    decided: Sequence[Decided],
    seed: int,
    secret: bytes,
) -> Plan:
    patrols = assemble_patrols(
        inputs.county, roads, works, [patrol for d in decided for patrol in d.patrols]
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
        seed=seed,
        versions=_versions(),
        inspections=zone_inspections(inputs.county, roads),
        road_lines=road_lines(roads.network),
        secret_hash=sha256(secret).hexdigest(),
    )


def _versions() -> dict[str, str]:
    versions = {name: version(name) for name in ("xuncha", *_LIBRARIES)}
    versions["python"] = ".".join(str(part) for part in sys.version_info[:3])
    return versions


def _unit_works(
    inputs: PlanInputs,
    roads: CountyRoads,
    requirements: Sequence[Requirement],
    units: Sequence[str],
    progress: ProgressCallback,
) -> dict[str, UnitWork]:
    label = Text("计算行车时间", "travel times")
    works = {}
    for done, unit in enumerate(units):
        progress(Progress("travel", label, done, len(units)))
        works[unit] = unit_work(inputs.county, roads, requirements, unit)
    progress(Progress("travel", label, len(units), len(units)))
    return works


def _groups(inputs: PlanInputs) -> list[tuple[str, ...]]:
    """Return the units that share people or vehicles together, each group and the list sorted."""
    leader = {unit: unit for unit in inputs.units}

    def find(unit: str) -> str:
        while leader[unit] != unit:
            unit = leader[unit]
        return unit

    shared = [p.units for p in inputs.county.inspectors]
    shared += [v.units for v in inputs.county.vehicles]
    for units in shared:
        own = [unit for unit in units if unit in leader]
        for unit in own[1:]:
            leader[find(unit)] = find(own[0])
    groups: dict[str, list[str]] = defaultdict(list)
    for unit in inputs.units:
        groups[find(unit)].append(unit)
    return sorted(tuple(sorted(group)) for group in groups.values())
