"""Roads and travel shared by plannings of counties that differ in other things (what-if).

Roads depend on the layers, the road file and a few settings, not on people, vehicles or rules; a
unit's travel depends on its zones and stops besides. Each distinct one is computed once in a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from scheduling.county.model import County
from scheduling.planning.work import UnitWork, caps_seconds, unit_work
from scheduling.progress import ProgressCallback, silent
from scheduling.requirements import Requirement
from scheduling.roads import CountyRoads, prepare_roads

#: In the place of what putting a county on its roads does not read.
_UNREAD: Final[Any] = None
_UNREAD_SETTINGS: Final = (*("name", "office", "regulation", "calendar", "shift", "caps", "gaps"),)
_UNREAD_OF_ZONES: Final = ("level", "units", "responsible", "priority", "stop_minutes", "reasons")


class SharedRoads:
    """Counties on their roads, and the work of units, each distinct one made once."""

    def __init__(self) -> None:
        self._roads: dict[str, CountyRoads] = {}
        self._works: dict[tuple[object, ...], UnitWork] = {}

    def roads(
        self, county: County, roads_file: Path, progress: ProgressCallback = silent
    ) -> CountyRoads:
        """Return ``prepare_roads`` of the county; raises InputError as it does."""
        bare = _without_people(county)
        key = _roads_key(bare, roads_file)
        if key not in self._roads:
            self._roads[key] = prepare_roads(bare, roads_file, progress)
        return self._roads[key]

    def work(
        self, county: County, roads: CountyRoads, requirements: Sequence[Requirement], unit: str
    ) -> UnitWork:
        """Return ``unit_work`` of a unit, with ``roads`` one that ``self.roads`` gave.

        Of another shift only its caps are new.
        """
        settings = county.settings
        least = {(r.zone, r.min_minutes, r.min_length_km) for r in requirements if r.unit == unit}
        owing = {zone for zone, _, _ in least}
        key = (
            *(id(roads), unit, tuple(sorted(least))),
            tuple((zone.id, zone.stop_minutes) for zone in county.zones if zone.id in owing),
            repr((settings.visit, settings.day_classes)),
        )
        if key not in self._works:
            self._works[key] = unit_work(county, roads, requirements, unit)
        return replace(self._works[key], cap_seconds=caps_seconds(settings))


def _without_people(county: County) -> County:
    settings = county.settings
    # What the file states is told from what is assumed (a datum, say): that has to stay.
    stated = settings.model_fields_set
    bare = settings.model_copy(update=dict.fromkeys(_UNREAD_SETTINGS, _UNREAD))
    bare.__pydantic_fields_set__.intersection_update(stated)
    unread = dict.fromkeys(_UNREAD_OF_ZONES, _UNREAD)
    return County(
        settings=bare,
        zones=tuple(replace(zone, **unread) for zone in county.zones),
        units=county.units,
        inspectors=(),
        vehicles=(),
        checkpoints=county.checkpoints,
    )


def _roads_key(county: County, roads_file: Path) -> str:
    digest = sha256()
    settings = county.settings
    shapeless = [replace(zone, geometry=_UNREAD) for zone in county.zones]
    for part in (
        *(roads_file, settings, sorted(settings.model_fields_set)),
        *(county.units, county.checkpoints, shapeless),
    ):
        digest.update(repr(part).encode() + b"\n")
    for zone in county.zones:
        digest.update(zone.geometry.wkb)
    return digest.hexdigest()
