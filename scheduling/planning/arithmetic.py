"""The arithmetic of a window, as a bureau head reads it: days x vehicles x trips, needed, short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from network.problems import Text
from scheduling.calendar.windows import window_label
from scheduling.plan.model import PatrolKind
from scheduling.planning.owed import Batch
from scheduling.planning.resources import Horizon, Resources


@dataclass(frozen=True)
class WindowCapacity:
    """What a unit could do in a window taken alone, resource by resource, in patrols.

    ``possible`` is proven never too small with every rule together (caps per person included).
    """

    day_count: int
    vehicles: tuple[int, ...]  # vehicles at hand on each day
    certified: tuple[int, ...]  # certified people present on each day
    crew_size: int
    possible: int

    @property
    def by_vehicles(self) -> int:
        """Patrols if only vehicles were scarce: one trip per vehicle and day."""
        return sum(self.vehicles)

    @property
    def by_people(self) -> int:
        """Patrols if only people were scarce and had no caps."""
        return sum(count // self.crew_size for count in self.certified)


def window_capacity(
    batch: Batch,
    pool: int,
    resources: Resources,
    horizon: Horizon,
    crew_size: int,
) -> WindowCapacity:
    """Count what the unit (``pool``) has on the batch's days; caps are not yet in ``possible``."""
    days = [horizon.number(day) for day in batch.days]
    vehicles = [v for v in resources.vehicles if pool in v.pools]
    people = [p for p in resources.people if pool in p.pools]
    at_hand = tuple(sum(day in set(v.days) for v in vehicles) for day in days)
    certified = tuple(sum(day in set(p.certified_days) for p in people) for day in days)
    possible = sum(min(v, c // crew_size) for v, c in zip(at_hand, certified, strict=True))
    return WindowCapacity(len(days), at_hand, certified, crew_size, possible)


def arithmetic(batch: Batch, capacity: WindowCapacity, needed: int) -> Text:
    """Return one sentence: what there is, what is needed, what is missing (DOMAIN, point 2)."""
    label = _label(batch)
    if not capacity.day_count:
        return Text(
            f"{label.zh}：0个可巡查工作日，需{needed}趟，缺{needed}趟（日历所限）",
            f"{label.en}: 0 patrol days, {needed} patrols needed, {needed} short (calendar)",
        )
    days = capacity.day_count
    zh = f"{label.zh}：{days}个工作日×{_span(capacity.vehicles)}车×1趟={capacity.by_vehicles}趟"
    en = (
        f"{label.en}: {days} workdays × {_span(capacity.vehicles)} vehicle(s) × 1 trip"
        f" = {capacity.by_vehicles} patrols"
    )
    people, crew, most = capacity.certified, capacity.crew_size, capacity.possible
    if capacity.by_people < capacity.by_vehicles:
        zh += f"；持证{_span(people)}人、每趟{crew}人={capacity.by_people}趟"
        en += f"; {_span(people)} certified, {crew} a patrol = {capacity.by_people} patrols"
    if most < min(capacity.by_people, capacity.by_vehicles):
        zh += f"；计入每人每周、每28天上限和驾驶资格后最多{most}趟"
        en += f"; with weekly and 28-day caps and licences at most {most}"
    zh += f"，需{needed}趟"
    en += f"; {needed} needed"
    if needed > capacity.possible:
        zh += f"，缺{needed - capacity.possible}趟"
        en += f", {needed - capacity.possible} short"
    return Text(zh, en)


def _label(batch: Batch) -> Text:
    """Return the window's name; that of spot checks says so."""
    label = window_label(batch.window)
    if batch.kind is PatrolKind.REGULAR:
        return label
    return Text(f"{label.zh}抽查", f"spot checks in {label.en}")


def out_of_reach(zones: Sequence[str], cap_minutes: int) -> Text:
    """Say which zones cannot be done within a shift, even alone."""
    return Text(
        f"巡查区{'、'.join(zones)}单独往返并停留已超过班次上限{cap_minutes}分钟",
        f"zones {', '.join(zones)}: there and back with the stop exceeds the shift's"
        f" {cap_minutes} minutes even alone",
    )


def _span(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low}–{high}"
