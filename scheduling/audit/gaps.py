"""Gaps between the visits of a zone by one authority [D]: soft, each deviation told in days."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from network.problems import Text
from scheduling.audit.findings import Finding, notice
from scheduling.audit.owed import Case, Owed
from scheduling.calendar.windows import NOMINAL_DAYS, WindowKind
from scheduling.county.model import Authority
from scheduling.county.settings import GapSettings
from scheduling.plan.model import PatrolKind


@dataclass(frozen=True)
class _Bounds:
    """Least and most days between two visits."""

    least: int
    most: int


@dataclass(frozen=True)
class _Deviation:
    """A gap outside its bounds, and by how many days."""

    before: date
    after: date
    bounds: _Bounds

    @property
    def days(self) -> int:
        """Days between the visits."""
        return (self.after - self.before).days

    @property
    def off(self) -> int:
        """Days outside the bounds; 0 when inside."""
        return max(self.bounds.least - self.days, self.days - self.bounds.most, 0)


def check_gaps(case: Case) -> Iterator[Finding]:
    """Find gaps off the half-month's bounds, in proportion to the days per visit owed.

    One notice per zone and authority: how many gaps deviate, and the worst.
    """
    for (authority, zone), found in _gaps(case):
        wrong = [deviation for deviation in found if deviation.off]
        if wrong:
            unit = case.unit_name(case.zones[zone].units[authority])
            yield _finding(case, zone, unit, wrong, len(found))


def gap_counts(case: Case) -> tuple[int, int]:
    """Return how many gaps are off their bounds, and how many there are in all."""
    gaps = [deviation for _, found in _gaps(case) for deviation in found]
    return sum(deviation.off > 0 for deviation in gaps), len(gaps)


def _gaps(case: Case) -> Iterator[tuple[tuple[Authority, str], list[_Deviation]]]:
    """Yield every gap by authority and zone, those kept (``off`` 0) too."""
    last_known = _history(case)
    for (authority, zone), windows in sorted(_windows(case).items()):
        made = case.visits.get((authority, zone, PatrolKind.REGULAR), ())
        days = sorted({one.day for one in made})
        known = last_known.get((authority, zone))
        if known is not None and days and known < days[0]:
            days.insert(0, known)
        bounds = _bounds_on(days, windows)
        yield (
            (authority, zone),
            [
                _Deviation(days[n], days[n + 1], between)
                for n in range(len(days) - 1)
                if (between := _looser(bounds[n], bounds[n + 1])) is not None
            ],
        )


def _finding(case: Case, zone: str, unit: str, wrong: list[_Deviation], all_gaps: int) -> Finding:
    worst = max(wrong, key=lambda deviation: deviation.off)
    bounds = worst.bounds
    settings = case.county.settings.gaps
    earlier = Text("", "")
    if any(deviation.before < case.plan.first_day for deviation in wrong):
        earlier = Text(
            "（其中1次自计划期前的上次巡查算起）", " (one of them since a visit before the plan)"
        )
    return notice(
        zone,
        Text(
            f"{case.zone_name(zone)}（{unit}）：{all_gaps}次间隔中{len(wrong)}次超出范围"
            f"{earlier.zh}；最大的为"
            f"{worst.before}至{worst.after}，{worst.days}天，应为{bounds.least}至{bounds.most}天，"
            f"偏差{worst.off}天",
            f"{case.zone_name(zone)} ({unit}): {len(wrong)} of {all_gaps} gaps deviate"
            f"{earlier.en}; the worst from {worst.before} to {worst.after} is of {worst.days} "
            f"days, not {bounds.least} to {bounds.most}: off by {worst.off}",
        ),
        "default" if settings == GapSettings() else "user",
    )


def _history(case: Case) -> Mapping[tuple[Authority, str], date]:
    latest: dict[tuple[Authority, str], date] = {}
    for past in case.county.history:
        key = (past.authority, past.zone)
        latest[key] = max(past.day, latest.get(key, past.day))
    return latest


def _windows(case: Case) -> dict[tuple[Authority, str], list[tuple[Owed, _Bounds]]]:
    """Return per authority and zone what is owed in which window, with the gap it asks for."""
    gaps = case.county.settings.gaps
    found: dict[tuple[Authority, str], list[tuple[Owed, _Bounds]]] = defaultdict(list)
    for owed in case.owed:
        if not owed.from_norm:
            days_per_visit = NOMINAL_DAYS[owed.window.kind] / owed.count
            scale = days_per_visit / NOMINAL_DAYS[WindowKind.HALF_MONTH]
            bounds = _Bounds(
                max(1, math.floor(gaps.half_month_min_days * scale)),
                max(1, math.ceil(gaps.half_month_max_days * scale)),
            )
            found[owed.rule.authority, owed.zone.id].append((owed, bounds))
    return found


def _bounds_on(days: list[date], windows: list[tuple[Owed, _Bounds]]) -> list[_Bounds | None]:
    """Return for each of the days, in order, the tightest gap of the windows around it."""
    tightest: list[_Bounds | None] = [None] * len(days)
    for owed, bounds in windows:
        low = bisect_left(days, owed.window.first_day)
        for place in range(low, bisect_right(days, owed.window.last_day)):
            known = tightest[place]
            if known is None or (bounds.most, bounds.least) < (known.most, known.least):
                tightest[place] = bounds
    return tightest


def _looser(before: _Bounds | None, after: _Bounds | None) -> _Bounds | None:
    """Return the looser of the gaps asked for around two visits; either alone where one is not."""
    if before is None or after is None:
        return before or after
    return _Bounds(min(before.least, after.least), max(before.most, after.most))
