"""Rules on checkpoints: each lies in, or in sight of, a zone that is driven through or along."""

from __future__ import annotations

from collections.abc import Iterator

import shapely

from network.metric import LocalMetric
from network.problems import Problem, Text
from scheduling.county.checks_people import at
from scheduling.county.checks_zones import unknown_zones
from scheduling.county.gathered import Gathered, Placed
from scheduling.county.model import Checkpoint, Zone
from scheduling.county.settings import VisitSettings


def zones_exist(county: Gathered) -> list[Problem]:
    """Find checkpoints whose zone is not in the layer."""
    return unknown_zones(county, county.checkpoints, "checkpoint.unknown-zone")


def _with_zones(county: Gathered) -> Iterator[tuple[Placed[Checkpoint], Zone]]:
    """Yield the checkpoints whose zone has a sound shape."""
    zones = {row.value.id: row.value for row in county.zones or ()}
    for row in county.checkpoints or ():
        zone = zones.get(row.value.zone)
        if zone is not None and zone.geometry.is_valid:
            yield row, zone


def zones_are_not_points(county: Gathered) -> list[Problem]:
    """Find checkpoints of zones that are one place already."""
    return [
        at(
            row,
            "checkpoint.zone-is-a-point",
            "zone",
            Text(
                f"巡查区“{zone.id}”是点，停车检查，不能另设检查点",
                f"the zone '{zone.id}' is a point, which is stopped at, and has no checkpoints",
            ),
            Text(
                "将该巡查区改画为线或面，或删除检查点",
                "draw the zone as a line or an area, or delete the checkpoint",
            ),
        )
        for row, zone in _with_zones(county)
        if shapely.get_dimensions(zone.geometry) == 0
    ]


def checkpoints_are_near_their_zones(county: Gathered) -> list[Problem]:
    """Find checkpoints out of sight of their zone: of another zone, or misplaced."""
    visit = VisitSettings() if county.settings is None else county.settings.visit
    problems = []
    for row, zone in _with_zones(county):
        metric = LocalMetric(row.value.lon, row.value.lat)
        place = shapely.Point(row.value.lon, row.value.lat)
        away_m = float(shapely.distance(metric.flat(zone.geometry), metric.flat(place)))
        if shapely.get_dimensions(zone.geometry) > 0 and away_m > visit.sight_m:
            problems.append(
                at(
                    row,
                    "checkpoint.outside-zone",
                    "geometry",
                    Text(
                        f"距巡查区“{zone.id}”{away_m:.0f} 米，超过视距 {visit.sight_m:g} 米",
                        f"{away_m:.0f} m from the zone '{zone.id}', beyond the sight of "
                        f"{visit.sight_m:g} m",
                    ),
                    Text("更正位置或所在巡查区", "correct its place, or name the zone it is in"),
                )
            )
    return problems
