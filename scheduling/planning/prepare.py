"""What every unit's planning starts from: roads, requirements, and groups that share resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from network.problems import InputError, Problem, Text
from scheduling.county.model import County
from scheduling.inputs import PlanInputs
from scheduling.planning.group import GroupJob
from scheduling.planning.shared import SharedRoads
from scheduling.planning.work import UnitWork
from scheduling.progress import Progress, ProgressCallback, silent
from scheduling.requirements import Requirement, derive_requirements
from scheduling.roads import CountyRoads


@dataclass(frozen=True)
class Prepared:
    """A county ready to be planned. ``jobs`` are the groups of units, each planned on its own.

    ``works`` has the travel and the ways of inspecting of each unit in some job.
    """

    inputs: PlanInputs
    roads: CountyRoads
    requirements: tuple[Requirement, ...]
    works: Mapping[str, UnitWork]
    jobs: tuple[GroupJob, ...]
    seed: int
    secret: bytes


def prepare(
    inputs: PlanInputs,
    *,
    seed: int = 0,
    secret: bytes,
    finished: Collection[str] = (),
    shared: SharedRoads | None = None,
    progress: ProgressCallback = silent,
) -> Prepared:
    """Put the county on its roads, derive what is owed, and cut it into groups of units.

    Groups whose units are all ``finished`` get no job. Roads and travel that an earlier call with
    the same ``shared`` made are used again. Raises InputError for zones or units out of reach of
    roads, and for a scope in which nothing is owed.
    """
    shared = shared or SharedRoads()
    roads = shared.roads(inputs.county, inputs.roads_file, progress)
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
    groups = [
        group for group in groups_of(inputs.county, inputs.units) if not set(group) <= set(finished)
    ]
    label = Text("计算行车时间", "travel times")
    works, units = {}, [unit for group in groups for unit in group]
    for done, unit in enumerate(units):
        progress(Progress("travel", label, done, len(units)))
        works[unit] = shared.work(inputs.county, roads, requirements, unit)
    progress(Progress("travel", label, len(units), len(units)))
    jobs = tuple(
        GroupJob(inputs, group, tuple(works[unit] for unit in group), own, seed, secret)
        for group in groups
        if (own := tuple(r for r in requirements if r.unit in group))
    )
    return Prepared(inputs, roads, requirements, works, jobs, seed, secret)


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


def groups_of(county: County, planned: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the units that share people or vehicles together, each group and the list sorted."""
    leader = {unit: unit for unit in planned}

    def find(unit: str) -> str:
        while leader[unit] != unit:
            unit = leader[unit]
        return unit

    shared = [p.units for p in county.inspectors]
    shared += [v.units for v in county.vehicles]
    for together in shared:
        own = [unit for unit in together if unit in leader]
        for unit in own[1:]:
            leader[find(unit)] = find(own[0])
    groups: dict[str, list[str]] = defaultdict(list)
    for unit in planned:
        groups[find(unit)].append(unit)
    return sorted(tuple(sorted(group)) for group in groups.values())
