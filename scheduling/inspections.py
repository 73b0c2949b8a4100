"""What inspecting each zone comes to: share seen, kilometres, minutes, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from network import InspectionReport, WalkingLeg, inspection_report
from network.problems import Text
from scheduling.county.model import County, Zone
from scheduling.roads import CountyRoads, stop_seconds

#: Outlines of what is hidden are drawn to this many degrees, some five metres.
_OUTLINE_DEGREES = 5e-5
#: A share that is short by less than a sample point is not short.
_NOISE_SHARE = 0.005


@dataclass(frozen=True)
class ZoneInspection:
    """A zone's figures, the part of it that no road shows (WGS-84, None: nothing) and the walks.

    ``minutes`` are of the shortest way of inspecting in the county's first day class, stop and
    walk from the road included; None when the way is closed then.
    """

    zone: str
    seen_share: float
    length_km: float
    minutes: float | None
    hidden_ha: float
    hidden: BaseGeometry | None = None
    walks: tuple[tuple[WalkingLeg, float], ...] = ()  # each with its minutes

    def sentence(self, name: str) -> Text:
        """Say it in one sentence."""
        minutes = tuple(of_walk for _, of_walk in self.walks)
        figures = (self.seen_share, self.length_km, self.minutes, self.hidden_ha, minutes)
        return InspectionReport(name, *figures).sentence()


@dataclass(frozen=True)
class SeenSummary:
    """How many zones are driven through or along, and which of them show less than is wished."""

    driven: int
    below: tuple[ZoneInspection, ...]  # the least seen first
    walks: int
    walk_minutes: float

    def sentence(self, seen_share: float) -> Text:
        """Say it in one sentence; ``seen_share`` is the share wished."""
        enough = self.driven - len(self.below)
        zh = f"沿路查看的巡查区 {self.driven} 个，其中 {enough} 个可见 {seen_share:.0%} 以上"
        en = f"{self.driven} zones are seen from the road, {enough} of them to {seen_share:.0%}"
        if self.walks:
            zh += f"；看不到的部分另可步行 {self.walks} 段、共 {self.walk_minutes:.0f} 分钟"
            en += f"; {self.walks} walks of {self.walk_minutes:.0f} minutes would show the rest"
        return Text(f"{zh}。", f"{en}.")


def zone_inspections(county: County, roads: CountyRoads) -> tuple[ZoneInspection, ...]:
    """Return what inspecting each zone comes to, in the order of the zones."""
    return tuple(_inspection(county, roads, zone) for zone in county.zones)


def _inspection(county: County, roads: CountyRoads, zone: Zone) -> ZoneInspection:
    settings, task = county.settings, roads.tasks[zone.id]
    visit, seconds = settings.visit, roads.seconds[settings.day_classes[0].name]
    figures = inspection_report(roads.network, task, seconds, visit.roadside_kmh, visit.walk_kmh)
    minutes = figures.minutes
    if minutes is not None:
        minutes += stop_seconds(zone, settings, driven=figures.length_km > 0) / 60
    hidden = task.hidden
    return ZoneInspection(
        zone.id,
        task.seen_share,
        figures.length_km,
        minutes,
        figures.hidden_ha,
        None if hidden is None else shapely.simplify(hidden, _OUTLINE_DEGREES),
        tuple(zip(task.walks, figures.walk_minutes, strict=True)),
    )


def seen_summary(inspections: Iterable[ZoneInspection], seen_share: float) -> SeenSummary:
    """Sum up the zones that are seen from the road."""
    driven = [one for one in inspections if one.length_km > 0 or one.hidden_ha > 0]
    below = [one for one in driven if one.seen_share < seen_share - _NOISE_SHARE]
    walks = [minutes for one in driven for _, minutes in one.walks]
    ordered = tuple(sorted(below, key=lambda one: (one.seen_share, one.zone)))
    return SeenSummary(len(driven), ordered, len(walks), sum(walks))


def as_document(one: ZoneInspection) -> dict[str, object]:
    """Return a zone's figures as plain values; the outlines of what is hidden are left out."""
    return {
        "zone": one.zone,
        "seen_share": round(one.seen_share, 4),
        "length_km": round(one.length_km, 3),
        "minutes": None if one.minutes is None else round(one.minutes, 1),
        "hidden_ha": round(one.hidden_ha, 2),
        "walks": [{**asdict(walk), "minutes": round(minutes, 1)} for walk, minutes in one.walks],
    }
