"""Planning results used again: what equal content came to before, in this run or an earlier one.

>>> from scheduling.planning.reuse import Reuse
>>> reuse = Reuse()                      # in memory: for one run that plans many variants
>>> reuse.templates_made
0

``Reuse()`` keeps in memory; ``Reuse(KeptFiles(folder))`` keeps across runs too. Hand one to
``plan_group``, ``job_fits`` or ``workers.run_jobs`` (which looks up and keeps whole groups itself).
Two things are kept:

* **Templates** of a unit's windows (``templates``), by its travel, ways of inspecting, shift and
  priorities. No person or vehicle is in the key: a unit with one inspector more, another leave or
  another vehicle uses the templates it had, and only dates and crews are planned anew.
* **Whole groups** (``planned``, ``keep``), by all that a group's planning follows from
  (``content.job_key``): a group that a scenario does not touch is not planned again.

What is used again equals what would be computed (RULINGS, determinism): the keys hold the content,
the seed, the spot checks' secret and the planner's code. A result that a time limit cut short is
never kept. Spot checks drawn by a secret of their own are sealed, and so must not be kept in files:
``xuncha plan`` keeps nothing, and what-if's secret follows from the seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from scheduling.planning.content import work_key
from scheduling.planning.decided import Decided
from scheduling.planning.kept_files import KeptFiles
from scheduling.planning.templates import Template, TemplateKey
from scheduling.planning.work import UnitWork

if TYPE_CHECKING:
    from scheduling.planning.group import GroupJob

#: Templates of one unit's work, by batch, day classes and most patrols.
Shelf = dict[TemplateKey, Template]
_GROUP: Final = ".group"
_TEMPLATES: Final = ".templates"


class Reuse:
    """Results by content, in memory and, where ``files`` are given, on disk.

    ``templates_made`` and ``groups_found`` count what was made anew and what was found.
    """

    def __init__(self, files: KeptFiles | None = None) -> None:
        self._files = files
        self._groups: dict[str, Decided] = {}
        self._shelves: dict[str, Shelf] = {}
        self._stored: dict[str, int] = {}  # entries of each shelf that are on disk
        self.groups_found = 0

    @property
    def templates_made(self) -> int:
        """How many templates are at hand that were not read from disk."""
        return sum(len(s) - self._stored.get(key, 0) for key, s in self._shelves.items())

    def templates(self, work: UnitWork, seed: int, priorities: Mapping[str, int]) -> Shelf:
        """Return the shelf of a unit's templates, to be looked up and added to.

        ``priorities`` are by zone id, the unit's zones among them.
        """
        return self._shelf(work_key(work, seed, priorities), work)

    def planned(self, key: str, job: GroupJob) -> Decided | None:
        """Return what the job of this ``content.job_key`` came to, None where it is not known."""
        if key not in self._groups:
            found = self._read_group(key, job)
            if found is None:
                return None
            self._groups[key] = found
        self.groups_found += 1
        return self._groups[key]

    def keep(self, key: str, decided: Decided) -> None:
        """Keep what the job of this key came to, which no limit of time may have cut short."""
        self._groups[key] = decided
        if self._files is not None:
            self._files.write(key + _GROUP, _groups().dump_json(decided))

    def shelf_keys(self, job: GroupJob) -> list[str]:
        """Return the keys of the shelves of a job's units, in their order."""
        priorities = {zone.id: zone.priority for zone in job.inputs.county.zones}
        return [work_key(work, job.seed, priorities) for work in job.works]

    def shelves_of(self, job: GroupJob) -> dict[str, Shelf]:
        """Return the job's shelves by key, to be handed to another process with ``put``."""
        keys = self.shelf_keys(job)
        return {key: self._shelf(key, work) for key, work in zip(keys, job.works, strict=True)}

    def put(self, shelves: Mapping[str, Shelf]) -> None:
        """Add templates that another process made to those at hand."""
        for key, shelf in shelves.items():
            self._shelves.setdefault(key, {}).update(shelf)

    def save(self) -> None:
        """Write the templates made since the last time to disk, and make room there."""
        if self._files is None:
            return
        for key, shelf in self._shelves.items():
            if len(shelf) > self._stored.get(key, 0):
                self._files.write(key + _TEMPLATES, _templates().dump_json(list(shelf.items())))
                self._stored[key] = len(shelf)
        self._files.make_room()

    def _shelf(self, key: str, work: UnitWork) -> Shelf:
        if key not in self._shelves:
            self._shelves[key] = self._read_shelf(key, work)
            self._stored[key] = len(self._shelves[key])
        return self._shelves[key]

    def _read_shelf(self, key: str, work: UnitWork) -> Shelf:
        body = self._files.read(key + _TEMPLATES) if self._files else None
        try:
            entries = [] if body is None else _templates().validate_json(body)
        except ValidationError:
            return {}
        return {made_for: made for made_for, made in entries if is_sound(made, work)}

    def _read_group(self, key: str, job: GroupJob) -> Decided | None:
        body = self._files.read(key + _GROUP) if self._files else None
        try:
            found = None if body is None else _groups().validate_json(body)
        except ValidationError:
            return None
        return found if found is not None and is_of(found, job) else None


def is_sound(template: Template, work: UnitWork) -> bool:
    """Whether a template's routes can be of this unit: places that exist, times that add up."""
    in_class = range(len(work.cap_seconds))
    return all(
        _on_places(route.stops, work)
        and route.work_seconds == tuple(work.route_seconds(route.stops, c) for c in in_class)
        for route in template.routes
    )


def is_of(decided: Decided, job: GroupJob) -> bool:
    """Whether a result can be the job's: its units, places, people and vehicles exist there."""
    county = job.inputs.county
    works = {work.unit: work for work in job.works}
    people = {person.id for person in county.inspectors}
    vehicles = {"", *(vehicle.id for vehicle in county.vehicles)}
    return {outcome.unit for outcome in decided.outcomes} == set(works) and all(
        one.unit in works
        and _on_places(one.stops, works[one.unit])
        and people.issuperset(one.people)
        and (not one.driver or one.driver in people)
        and one.vehicle in vehicles
        and job.inputs.first_day <= one.day <= job.inputs.last_day
        for one in decided.patrols
    )


def _on_places(stops: tuple[tuple[int, int], ...], work: UnitWork) -> bool:
    return all(
        0 <= zone < len(work.zones) and 0 <= mode < len(work.modes[zone]) for zone, mode in stops
    )


@cache
def _groups() -> TypeAdapter[Decided]:
    return TypeAdapter(Decided)


@cache
def _templates() -> TypeAdapter[list[tuple[TemplateKey, Template]]]:
    return TypeAdapter(list[tuple[TemplateKey, Template]])
