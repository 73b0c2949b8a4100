"""What inspecting a site comes to, in figures and sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.inspection import InspectionTask, mode_length_m, mode_seconds
from network.metric import metric_of
from network.problems import Text
from network.road_network import RoadNetwork
from network.travel import NO_PATH


@dataclass(frozen=True)
class InspectionReport:
    """A site's shortest way of inspecting: kilometres and minutes inside (None: closed).

    ``hidden_ha`` is what no road shows; ``walk_minutes`` are those of each walk that would.
    """

    site_id: str
    seen_share: float
    length_km: float
    minutes: float | None
    hidden_ha: float
    walk_minutes: tuple[float, ...]

    def sentence(self) -> Text:
        """Say it in one sentence; obstacles to the view are not modelled, which is said too."""
        minutes = "–" if self.minutes is None else f"{self.minutes:.0f}"
        share, km = f"{self.seen_share:.0%}", f"{self.length_km:.1f}"
        zh = f"{self.site_id}：沿路可见 {share}，{km} 公里、{minutes} 分钟"
        en = f"{self.site_id}: {share} seen, {km} km, {minutes} minutes"
        if self.hidden_ha:
            zh += f"；{self.hidden_ha:.1f} 公顷从任何道路都看不到"
            en += f"; {self.hidden_ha:.1f} ha in sight of no road"
        if self.walk_minutes:
            total, count = sum(self.walk_minutes), len(self.walk_minutes)
            zh += f"，可另步行 {count} 段、共 {total:.0f} 分钟"
            en += f", {count} walks of {total:.0f} minutes in all would show most of it"
        return Text(f"{zh}（未计山体、树木等遮挡）", f"{en} (hills, woods and houses not counted)")


def inspection_report(
    network: RoadNetwork,
    task: InspectionTask,
    seconds: NDArray[np.float64],
    inspect_kmh: float,
    walk_kmh: float,
) -> InspectionReport:
    """Return the figures of a task on its network, at the edges' travel ``seconds``."""
    times = [mode_seconds(network, mode, seconds, inspect_kmh, walk_kmh) for mode in task.modes]
    lengths_m = [mode_length_m(network, mode) for mode in task.modes]
    best = min(range(len(times)), key=lambda at: (times[at] == NO_PATH, times[at], at))
    hidden_m2 = 0.0 if task.hidden is None else metric_of(network).flat(task.hidden).area
    return InspectionReport(
        site_id=task.site.id,
        seen_share=task.seen_share,
        length_km=lengths_m[best] / 1000,
        minutes=None if times[best] == NO_PATH else times[best] / 60,
        hidden_ha=hidden_m2 / 10_000,
        walk_minutes=tuple(walk.minutes(walk_kmh) for walk in task.walks),
    )
