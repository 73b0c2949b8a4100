"""What a longer shift, shorter stops or no daylight limit would change: needs proven under each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import combinations

from optimizer import patrol_need
from optimizer.counts import CauseKind
from scheduling.county.settings import CountySettings
from scheduling.explain.case import Case
from scheduling.explain.conflicts import LEVEL_KINDS
from scheduling.plan.model import PatrolKind, WindowNeed
from scheduling.planning.owed import Batch, regular_batches, spot_check_batches
from scheduling.planning.prepare import Prepared
from scheduling.planning.template_problem import need_problem
from scheduling.planning.work import UnitWork, class_index, unit_work, work_cap_seconds
from scheduling.requirements import Requirement

_LONGER_MINUTES = 120
_LATEST = time(20, 0)
_STOPS_SHARE = 0.5


def longer_shift(settings: CountySettings) -> CountySettings:
    """Return settings with two hours more of patrol work, and as much later a return."""
    shift = settings.shift
    end = shift.latest_return
    later = min(max(_LATEST, end), end.replace(hour=min(23, end.hour + _LONGER_MINUTES // 60)))
    longer = shift.model_copy(
        update={
            "max_work_minutes": shift.max_work_minutes + _LONGER_MINUTES,
            "latest_return": later,
        }
    )
    return settings.model_copy(update={"shift": longer})


def shorter_stops(settings: CountySettings) -> CountySettings:
    """Return settings with stops of half the minutes."""
    visit = settings.visit
    by_kind = {kind: _STOPS_SHARE * m for kind, m in visit.stop_minutes_by_kind.items()}
    update = {"stop_minutes": _STOPS_SHARE * visit.stop_minutes, "stop_minutes_by_kind": by_kind}
    return settings.model_copy(update={"visit": visit.model_copy(update=update)})


def no_daylight_limit(settings: CountySettings) -> CountySettings:
    """Return settings whose seasons set no earlier return than the shift does."""
    classes = tuple(c.model_copy(update={"latest_return": None}) for c in settings.day_classes)
    return settings.model_copy(update={"day_classes": classes})


def relaxed_settings(settings: CountySettings, kinds: Collection[CauseKind]) -> CountySettings:
    """Return settings in which these limits are relaxed, as far as the alternatives go."""
    if CauseKind.SHIFT in kinds:
        settings = longer_shift(settings)
    if CauseKind.STOP_TIME in kinds:
        settings = shorter_stops(settings)
    if CauseKind.DAYLIGHT in kinds:
        settings = no_daylight_limit(settings)
    return settings


@dataclass(frozen=True)
class Reach:
    """Zones that no patrol can do in a window even alone, and the limits that make it so.

    Relaxing any one of ``kinds`` brings them within reach; empty: not even all alternatives do.
    """

    need: WindowNeed
    zones: tuple[str, ...]
    kinds: tuple[CauseKind, ...]


class Alternatives:
    """Needs and reach of a prepared county's windows with limits relaxed, each worked out once."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._works: dict[tuple[str, bool], UnitWork] = {}
        self._needs: dict[object, int] = {}
        self._batches: dict[str, tuple[Batch, ...]] = {}

    def levels(
        self, case: Case, windows: Sequence[int]
    ) -> dict[int, tuple[tuple[tuple[CauseKind, ...], int], ...]]:
        """Return what each of these windows needs with limits relaxed: singly, in pairs, all.

        Where all relaxed together change nothing, only that is told.
        """
        found = {}
        for place in windows:
            need = case.needs[place]
            batch = self.batch_of(need)
            if batch is None or not need.needed_lower_bound:
                continue
            now, relaxations = need.needed_lower_bound, self._relaxations(batch)
            least = self._need(batch, relaxations[-1], now)
            if least >= now:
                relaxations = relaxations[-1:]
            found[place] = tuple((kinds, self._need(batch, kinds, now)) for kinds in relaxations)
        return found

    def reach(self, need: WindowNeed) -> Reach | None:
        """Return the zones out of reach in a window, None when every zone can be done."""
        batch = self.batch_of(need)
        if batch is None:
            return None
        zones = self._too_far(batch, ())
        if not zones:
            return None
        binding = tuple(kind for kind in LEVEL_KINDS if not self._too_far(batch, (kind,)))
        return Reach(need, zones, binding)

    def batch_of(self, need: WindowNeed) -> Batch | None:
        """Return the visits of a window as the planner batches them."""
        if need.unit not in self._batches:
            self._batches[need.unit] = _unit_batches(self._prepared, need.unit)
        for batch in self._batches[need.unit]:
            days = (batch.window.first_day, batch.window.last_day)
            if batch.kind is need.kind and days == (need.first_day, need.last_day):
                return batch
        return None

    def _relaxations(self, batch: Batch) -> list[tuple[CauseKind, ...]]:
        """Return the sets of limits that can be relaxed in a window; daylight only where set."""
        settings = self._prepared.inputs.county.settings
        classes = [settings.day_classes[place] for place in self._classes(batch)]
        kinds = [
            kind
            for kind in LEVEL_KINDS
            if kind is not CauseKind.DAYLIGHT or any(c.latest_return for c in classes)
        ]
        sizes = range(1, len(kinds) + 1)
        return [chosen for size in sizes for chosen in combinations(kinds, size)]

    def _need(self, batch: Batch, kinds: tuple[CauseKind, ...], now: int) -> int:
        """Return the need proven with limits relaxed, at most what it is ``now``."""
        classes = self._classes(batch)
        key = (batch.unit, batch.visits, classes, kinds, now)
        if key not in self._needs:
            work = self._work(batch.unit, kinds)
            index = {zone: place for place, zone in enumerate(work.zones)}
            far = set(self._too_far(batch, kinds))
            owed = [(index[zone], count) for zone, count in batch.visits if zone not in far]
            problem = need_problem(work, [zone for zone, _ in owed], classes)
            counts = [count for _, count in owed]
            proven = patrol_need(problem, counts, known=now).lower if owed else 0
            self._needs[key] = min(proven, now)
        return self._needs[key]

    def _too_far(self, batch: Batch, kinds: tuple[CauseKind, ...]) -> tuple[str, ...]:
        work = self._work(batch.unit, kinds)
        index = {zone: place for place, zone in enumerate(work.zones)}
        return tuple(
            zone
            for zone, _ in batch.visits
            if all(
                work.shortest_trip_seconds(index[zone], c) > work.cap_seconds[c]
                for c in self._classes(batch)
            )
        )

    def _classes(self, batch: Batch) -> tuple[int, ...]:
        """Return the day classes of the window, days off included."""
        settings = self._prepared.inputs.county.settings
        first, last = batch.window.first_day, batch.window.last_day
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return tuple(sorted({class_index(settings, day) for day in days}))

    def _work(self, unit: str, kinds: Collection[CauseKind]) -> UnitWork:
        """Return a unit's work with limits relaxed; only stops change more than the caps."""
        prepared, short = self._prepared, CauseKind.STOP_TIME in kinds
        county = prepared.inputs.county
        settings = relaxed_settings(county.settings, kinds)
        if (unit, short) not in self._works:
            changed = replace(county, settings=settings)
            self._works[unit, short] = (
                unit_work(changed, prepared.roads, prepared.requirements, unit)
                if short
                else prepared.works[unit]
            )
        caps = tuple(work_cap_seconds(settings, c) for c in settings.day_classes)
        return replace(self._works[unit, short], cap_seconds=caps)


def patrol_days_of(prepared: Prepared, unit: str) -> tuple[date, ...]:
    """Return the patrol days of a unit: workdays, or every day where a rule of it allows that."""
    inputs = prepared.inputs
    first, last = inputs.first_day, inputs.last_day
    if any(r.unit == unit and not r.workdays_only for r in prepared.requirements):
        return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in inputs.calendar.patrol_days if first <= day <= last)


def _unit_batches(prepared: Prepared, unit: str) -> tuple[Batch, ...]:
    own: list[Requirement] = [r for r in prepared.requirements if r.unit == unit]
    days = patrol_days_of(prepared, unit)
    spot = spot_check_batches(unit, own, days, prepared.secret)
    return (*regular_batches(unit, own, days), *spot)


def batch_requirements(batch: Batch, requirements: Sequence[Requirement]) -> frozenset[str]:
    """Return the ids of what is owed in a batch's window: what it alone must meet."""
    spot, zones = batch.kind is PatrolKind.SPOT_CHECK, {zone for zone, _ in batch.visits}
    first, last = batch.window.first_day, batch.window.last_day
    return frozenset(
        r.id
        for r in requirements
        if r.unit == batch.unit
        and r.spot_check == spot
        and r.zone in zones
        and (spot or (first <= r.window.first_day and r.window.last_day <= last))
        and r.window.first_day <= last
        and first <= r.window.last_day
    )
