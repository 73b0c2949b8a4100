"""Drafting on real extracts: what it takes, how much it covers, how long its zones take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.table import Row
from network import load_network, warm_up
from network.map_lines import one_per_road
from scheduling.county.model import County
from scheduling.county.new_folder import NO_STREETS, features_of, road_lines_of
from scheduling.county.settings import CountySettings
from scheduling.inspections import zone_inspections
from scheduling.roads import prepare_roads
from scheduling.zones.draft import draft_county
from scheduling.zones.sizes import TOO_LONG_MINUTES, Drives

EXTRACTS = ("guixi-jiangxi.osm", "liechtenstein.osm.pbf", "heidelberg-odenwald.osm.pbf")


@dataclass(frozen=True)
class DraftRow(Row):
    """A draft of a whole extract; minutes are of inspecting a zone once, its stop included."""

    road_km: float
    area_km2: float
    covered_percent: float
    units: int
    zones: int
    by_level: str
    draft_cpu_seconds: float
    minutes_median: float
    minutes_90_percent: float
    minutes_longest: float
    too_long: int
    seen_share_mean: float
    seen_less_than_80_percent: int


def run(shared: Path) -> Iterator[DraftRow]:
    """Draft every extract that is there, without a boundary or layers of a bureau."""
    warm_up()
    for name in EXTRACTS:
        path = shared / "data" / "osm" / name
        if path.exists():
            yield measure(name.partition(".")[0], path)


def measure(case: str, path: Path) -> DraftRow:
    """Draft one extract as ``xuncha new`` does, then work out what inspecting its zones takes."""
    settings = CountySettings(name=case, osm_file=path.name)
    clock = process_time()
    network = load_network(path)
    draft = draft_county(
        features_of(path, network),
        road_lines_of(network),
        road_lines_of(network, NO_STREETS),
        name=case,
        drives=Drives(network, settings),
    )
    took = process_time() - clock
    county = County(settings, draft.zones, draft.units, (), ())
    inspected = zone_inspections(county, prepare_roads(county, path))
    minutes = np.array([one.minutes for one in inspected if one.minutes is not None])
    shares = np.array([one.seen_share for one in inspected if one.length_km > 0])
    levels = Counter(zone.level for zone in draft.zones)
    return DraftRow(
        case=case,
        note=f"{int(np.count_nonzero([zone.walk for zone in draft.zones]))} zones to be walked to",
        road_km=float(network.edge_length_m[one_per_road(network)].sum()) / 1000,
        area_km2=draft.area_km2,
        covered_percent=100 * (1 - draft.undrawn_km2 / draft.area_km2),
        units=len(draft.units),
        zones=len(draft.zones),
        by_level=" / ".join(str(levels[level]) for level in (1, 2, 3)),
        draft_cpu_seconds=took,
        minutes_median=float(np.median(minutes)),
        minutes_90_percent=float(np.percentile(minutes, 90)),
        minutes_longest=float(minutes.max()),
        too_long=int((minutes > TOO_LONG_MINUTES).sum()),
        seen_share_mean=float(shares.mean()),
        seen_less_than_80_percent=int((shares < settings.visit.seen_share - 0.005).sum()),
    )
