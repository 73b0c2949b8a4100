"""Make a whole invented county: roads as a real ``.osm.pbf`` and its county folder."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
import shapely

from examples import landscape
from examples.names import county_name
from examples.osm_write import write_osm
from examples.people import Staff, last_visits, make_staff
from examples.roads import Roads, build_roads
from examples.settlements import Settlements, settle
from examples.sizes import SampleSize
from examples.streets import with_streets
from examples.terrain import Terrain, make_terrain, to_lonlat
from examples.zones import STOP_MINUTES, DraftZone, draft_zones, zone_mix
from scheduling.county.model import Checkpoint, County, Zone, ZoneKind
from scheduling.county.settings import CountySettings, OfficeSettings

OSM_FILE = "roads.osm.pbf"


@dataclass(frozen=True)
class SampleCounty:
    """A generated county in memory: the tables, and the land they lie on."""

    county: County
    terrain: Terrain
    settlements: Settlements
    roads: Roads
    drafts: tuple[DraftZone, ...]
    scenery: bool


@dataclass(frozen=True)
class SampleReport:
    """What was written where."""

    folder: Path
    county: County
    places: int
    road_km: dict[str, float]


def make_county(size: SampleSize, seed: int) -> SampleCounty:
    """Make a county in memory; the same size and seed give the same county."""
    streams = (np.random.default_rng([seed, stream]) for stream in count())
    zone_counts = _zone_counts(size, next(streams))
    mixes = tuple(zone_mix(zones) for zones in zone_counts)
    terrain = make_terrain(size.townships, size.township_km2, next(streams))
    name = county_name(seed)
    settlements = settle(
        terrain,
        name,
        tuple(mix.villages for mix in mixes),
        0.4 if size.scenery else 0.0,
        next(streams),
    )
    roads = build_roads(terrain, settlements, tuple(mix.mines for mix in mixes), next(streams))
    drafts = draft_zones(terrain, settlements, roads, mixes, next(streams))
    parks = tuple(
        shapely.get_coordinates(draft.shape.centroid)[0]
        for draft in drafts
        if draft.kind is ZoneKind.DEVELOPMENT
    )
    roads = with_streets(
        roads, terrain, settlements, parks=parks, lanes=size.scenery, rng=next(streams)
    )
    staff = make_staff(terrain, settlements, size, next(streams))
    zones = _zones(drafts, staff)
    county = County(
        settings=CountySettings(
            name=name,
            osm_file=OSM_FILE,
            office=OfficeSettings(bureau=f"{name}自然资源局", document_prefix=f"{name[0]}自然资"),
        ),
        zones=zones,
        units=tuple(sorted(staff.units, key=lambda unit: unit.id)),
        inspectors=tuple(sorted(staff.inspectors, key=lambda person: person.id)),
        vehicles=tuple(sorted(staff.vehicles, key=lambda vehicle: vehicle.id)),
        leave=staff.leave,
        history=last_visits(zones, next(streams)) if size.history else (),
        checkpoints=_checkpoints(zones),
    )
    return SampleCounty(county, terrain, settlements, roads, drafts, size.scenery)


def write_county_folder(sample: SampleCounty, folder: Path) -> SampleReport:
    """Write the roads and the county's tables into ``folder``, which is made if need be."""
    from scheduling.county.writer import write_county

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(len(sample.roads.pieces))
    lines = landscape.road_lines(sample.roads, rng)
    lines += landscape.land_lines(
        [(draft.kind.value, draft.name, draft.shape) for draft in sample.drafts]
    )
    if sample.scenery:
        lines += landscape.scenery_lines(sample.terrain, sample.roads)
    osm_file = folder / OSM_FILE
    write_osm(
        osm_file,
        lines,
        landscape.place_points(sample.terrain, sample.settlements),
        landscape.county_boundaries(sample.terrain, sample.settlements),
    )
    write_county(sample.county, folder, osm_file)
    return SampleReport(
        folder, sample.county, len(sample.settlements.places), _road_km(sample.roads)
    )


def generate_county(folder: Path, *, size: SampleSize, seed: int) -> SampleReport:
    """Make a county of ``size`` from ``seed`` and write it to ``folder``."""
    return write_county_folder(make_county(size, seed), folder)


def _zone_counts(size: SampleSize, rng: np.random.Generator) -> tuple[int, ...]:
    if size.zones_by_township:
        return size.zones_by_township
    spread = rng.integers(-size.zones_spread, size.zones_spread + 1, size.townships)
    return tuple(size.zones_per_township + int(extra) for extra in spread)


def _zones(drafts: tuple[DraftZone, ...], staff: Staff) -> tuple[Zone, ...]:
    """Give each zone an id, its units, and the people who answer for it, in turn."""
    squads = [unit.id for unit in staff.units if unit.authority == "county"]
    stations = [unit.id for unit in staff.units if unit.authority == "township"]
    numbers: dict[int, int] = {}
    names: dict[str, int] = {}
    zones = []
    for draft in drafts:
        again = names[draft.name] = names.get(draft.name, 0) + 1
        number = numbers[draft.township] = numbers.get(draft.township, 0) + 1
        units: dict[str, str] = {"township": stations[draft.township]}
        if squads:
            units["county"] = squads[draft.township * len(squads) // len(stations)]
        zones.append(
            Zone(
                id=f"Z{draft.township + 1:02d}{number:02d}",
                name=draft.name if again == 1 else f"{draft.name}（{again}）",
                level=draft.level,
                kind=draft.kind,
                geometry=shapely.transform(draft.shape, to_lonlat),
                units=units,
                responsible={
                    authority: (staff.people_of(unit)[number % len(staff.people_of(unit))].id,)
                    for authority, unit in units.items()
                },
                priority=4 - draft.level,
                stop_minutes=STOP_MINUTES.get(draft.kind),
                reasons=draft.reason,
            )
        )
    return tuple(sorted(zones, key=lambda zone: zone.id))


def _checkpoints(zones: tuple[Zone, ...]) -> tuple[Checkpoint, ...]:
    """Mark a place to pass in every third of the fields: they are laid along roads."""
    fields = [zone for zone in zones if zone.kind is ZoneKind.FARMLAND][::3]
    places = [zone.geometry.representative_point() for zone in fields]
    return tuple(
        Checkpoint(zone.id, round(place.x, 6), round(place.y, 6), "基本农田保护标志牌")
        for zone, place in zip(fields, places, strict=True)
    )


def _road_km(roads: Roads) -> dict[str, float]:
    km: dict[str, float] = {}
    for piece in roads.pieces:
        road_class = roads.roads[piece.road].road_class
        length = float(np.hypot(*np.diff(piece.points, axis=0).T).sum())
        km[road_class] = km.get(road_class, 0.0) + length
    return km
