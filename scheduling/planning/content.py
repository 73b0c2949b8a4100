"""What a group's planning follows from, and its hash: two jobs of one key have one result.

A job is first cut down to what the stages read (``reduced``). What is cut out is made unreadable,
not merely left out of the hash: a stage that came to need more of the county would fail at once
instead of being given a result of another county.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import County, Unit, Zone
from scheduling.inputs import PlanInputs
from scheduling.regulation.model import Regulation

if TYPE_CHECKING:
    from scheduling.planning.group import GroupJob
    from scheduling.planning.work import UnitWork

#: In the place of what no stage reads.
_UNREAD: Final[Any] = None
#: Settings that reach the stages through travel, requirements and calendar, or not at all.
_UNREAD_SETTINGS: Final = (
    *("name", "osm_file", "crs", "datum", "layer_datum", "office"),
    *("regulation", "calendar", "visit", "gaps", "speeds", "roads"),
)
_LIBRARIES: Final = ("numpy", "numba", "ortools", "scipy")


def job_key(job: GroupJob) -> str:
    """Return the hash of everything the job's result follows from, the planner's code included."""
    small = reduced(job)
    inputs = small.inputs
    digest = sha256(code_hash().encode())
    for work in small.works:
        _put_work(digest, work)
    for part in (
        *(inputs.county, inputs.regulation.team, inputs.calendar),
        *(inputs.first_day, inputs.last_day, small.units, small.requirements),
        *(small.seed, small.secret),
    ):
        digest.update(repr(part).encode() + b"\n")
    return digest.hexdigest()


def work_key(work: UnitWork, seed: int, priorities: Mapping[str, int]) -> str:
    """Return the hash of everything the route templates of a unit follow from: no people in it."""
    digest = sha256(code_hash().encode())
    _put_work(digest, work)
    digest.update(repr((seed, [priorities[zone] for zone in work.zones])).encode())
    return digest.hexdigest()


def reduced(job: GroupJob) -> GroupJob:
    """Return the job with nothing in it but what planning its group reads."""
    inputs = job.inputs
    first, last = inputs.first_day, inputs.last_day
    calendar = WorkCalendar(
        workdays=tuple(day for day in inputs.calendar.workdays if first <= day <= last),
        duty_days=tuple(day for day in inputs.calendar.duty_days if first <= day <= last),
    )
    law = Regulation.model_construct(
        **dict.fromkeys(Regulation.model_fields, _UNREAD) | {"team": inputs.regulation.team}
    )
    works = tuple(replace(work, location_nodes=()) for work in job.works)
    county = _own_part(inputs.county, job)
    small = PlanInputs(county, law, law, calendar, Path(), first, last, job.units)
    return replace(job, inputs=small, works=works)


def _own_part(county: County, job: GroupJob) -> County:
    units, zones = set(job.units), {r.zone for r in job.requirements}
    inspectors = tuple(p for p in county.inspectors if units & set(p.units))
    vehicles = tuple(v for v in county.vehicles if units & set(v.units))
    there = {p.id for p in inspectors} | {v.id for v in vehicles}
    return County(
        settings=county.settings.model_copy(update=dict.fromkeys(_UNREAD_SETTINGS, _UNREAD)),
        zones=tuple(_bare_zone(zone, units) for zone in county.zones if zone.id in zones),
        units=tuple(_bare_unit(unit) for unit in county.units if unit.id in units),
        inspectors=inspectors,
        vehicles=vehicles,
        leave=tuple(row for row in county.leave if row.who in there),
        history=tuple(row for row in county.history if row.zone in zones),
    )


def _bare_zone(zone: Zone, units: Collection[str]) -> Zone:
    """Return the zone as its own units see it, without its shape: modes and travel stand for it."""
    own = [authority for authority, unit in zone.units.items() if unit in units]
    return replace(
        zone,
        units={authority: zone.units[authority] for authority in own},
        responsible={authority: zone.responsible.get(authority, ()) for authority in own},
        **dict.fromkeys(("name", "geometry", "stop_minutes", "reasons"), _UNREAD),
    )


def _bare_unit(unit: Unit) -> Unit:
    return replace(unit, lon=_UNREAD, lat=_UNREAD, head=_UNREAD, name=_UNREAD, township=_UNREAD)


def _put_work(digest: Any, work: UnitWork) -> None:
    """Add a unit's work without its nodes: they only number places on the network."""
    travel = work.travel
    about = (work.unit, work.zones, work.modes, work.cap_seconds, travel.shape, travel.dtype.str)
    digest.update(repr(about).encode() + travel.tobytes())


@cache
def code_hash() -> str:
    """Return a hash of the planner's source, its libraries' versions and the kind of machine.

    Where the source cannot be read (packed into one file) it is the versions' alone.
    """
    from importlib.metadata import PackageNotFoundError, version

    digest = sha256(f"{sys.version} {platform.machine()}".encode())
    here = Path(__file__).parents[1]
    for folder in (here, here.with_name("optimizer")):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(here.parent).as_posix().encode() + path.read_bytes())
    for library in ("xuncha", *_LIBRARIES):
        try:
            digest.update(version(library).encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()
