"""What is owed: zone x rule x window x count x gap, from county, regulation and calendar."""

from __future__ import annotations

import hashlib
import hmac
import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from scheduling.calendar.windows import (
    NOMINAL_DAYS,
    Window,
    WindowKind,
    days_of,
    window_tag,
    windows_between,
)
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import Authority, County, Zone
from scheduling.county.settings import GapSettings
from scheduling.regulation.model import FrequencyRule, PeakRule, Regulation, SpotCheckRule
from scheduling.regulation.peaks import peak_stretches


@dataclass(frozen=True)
class Requirement:
    """A zone owes ``count`` visits by one authority's unit in a window under a rule.

    ``peak`` is the id of the peak that raised the count ("" when none) and ``peak_window`` the part
    of the window in it, where at least one visit must fall. Gaps are soft, in days, between
    successive visits of the zone by the authority (RULINGS, frequency counts).
    """

    id: str
    authority: Authority
    unit: str
    zone: str
    rule: str
    article: str
    window: Window
    count: int
    min_gap_days: int
    max_gap_days: int
    peak: str = ""
    peak_window: Window | None = None
    spot_check: bool = False
    workdays_only: bool = True
    min_gap_hours: float = 0.0
    min_minutes: float = 0.0
    min_length_km: float = 0.0


#: How an authority is written in the id of a requirement.
_LETTERS: dict[Authority, str] = {"township": "T", "county": "C", "city": "M"}


def derive_requirements(
    county: County,
    regulation: Regulation,
    calendar: WorkCalendar,
    first_day: date,
    last_day: date,
    units: Collection[str],
    *,
    secret: bytes,
) -> tuple[Requirement, ...]:
    """Return what the zones of ``units`` owe between two days, both included, sorted by id.

    Only windows wholly inside the days count. A zone owes to the unit it names for an authority,
    and nothing where it names none. Where several rules bind one zone, authority and window, they
    become one requirement that satisfies all of them, named after the rule with the highest count.
    Spot checks are drawn from ``secret`` over all the county's zones, so that the draw depends
    neither on ``units`` nor on any order.
    """
    horizon = _Horizon(first_day, last_day, calendar)
    owed: dict[str, Requirement] = {}
    for rule in regulation.frequency:
        windows = _windows(rule, horizon)
        duties: dict[tuple[str, ...], list[_Duty]] = {}
        for zone in county.zones:
            if _bound(rule, zone) and zone.units[rule.authority] in units:
                peaks = _peaks_for(regulation, zone, rule.authority)
                alike = tuple(peak.id for peak in peaks)
                if alike not in duties:
                    gaps = county.settings.gaps
                    duties[alike] = [_duty(rule, w, gaps, horizon, peaks) for w in windows]
                for duty in duties[alike]:
                    new = _visit_owed(rule, zone, duty)
                    old = owed.get(new.id)
                    owed[new.id] = new if old is None else _strictest(old, new)
    for check in regulation.spot_check:
        for window in windows_between(check.window, first_day, last_day):
            for zone in drawn_zones(check, window, county.zones, secret):
                if zone.units[check.authority] in units:
                    spot = _spot_check_owed(check, zone, window)
                    owed.setdefault(spot.id, spot)
    return tuple(owed[key] for key in sorted(owed))


@dataclass(frozen=True)
class _Duty:
    """What a rule asks in a window of every zone that the same peaks name, as in Requirement."""

    window: Window
    count: int
    min_gap_days: int
    max_gap_days: int
    peak: str = ""
    peak_window: Window | None = None


class _Part(NamedTuple):
    """The part of a window in a peak: how many workdays, and its longest stretch."""

    workdays: int
    stretch: Window


class _Horizon:
    """The days to be planned, and what is asked of them again and again."""

    def __init__(self, first_day: date, last_day: date, calendar: WorkCalendar) -> None:
        self.first_day, self.last_day = first_day, last_day
        self._workdays = calendar.workdays
        self._parts: dict[tuple[str, Window], _Part | None] = {}

    def workdays(self, first_day: date, last_day: date) -> int:
        """Return how many workdays lie between two days, both included."""
        return bisect_right(self._workdays, last_day) - bisect_left(self._workdays, first_day)

    def part_in(self, peak: PeakRule, window: Window) -> _Part | None:
        """Return the part of the window in the peak, None where it holds too few workdays."""
        key = (peak.id, window)
        if key not in self._parts:
            self._parts[key] = self._part(peak, window)
        return self._parts[key]

    def _part(self, peak: PeakRule, window: Window) -> _Part | None:
        stretches = peak_stretches(peak, window.first_day, window.last_day)
        counted = [(self.workdays(*stretch), stretch) for stretch in stretches]
        workdays = sum(days for days, _ in counted)
        if not counted or workdays < peak.min_workdays:
            return None
        first, last = max(counted, key=lambda entry: entry[0])[1]
        return _Part(workdays, Window(first, last, window.kind))


def _windows(rule: FrequencyRule, horizon: _Horizon) -> list[Window]:
    """Return the windows in which a rule binds; a daily rule on workdays has only workdays."""
    windows = windows_between(rule.window, horizon.first_day, horizon.last_day)
    season = rule.season
    daily = rule.window is WindowKind.DAY and rule.workdays_only
    return [
        window
        for window in windows
        if (season is None or all(season.holds(day) for day in days_of(window)))
        and (not daily or horizon.workdays(window.first_day, window.last_day))
    ]


def _bound(rule: FrequencyRule, zone: Zone) -> bool:
    if rule.authority not in zone.units or (rule.sole_authority and len(zone.units) > 1):
        return False
    level_bound = not rule.levels or zone.level in rule.levels
    return level_bound and (not rule.zone_kinds or zone.kind in rule.zone_kinds)


def _peaks_for(regulation: Regulation, zone: Zone, authority: Authority) -> list[PeakRule]:
    return [
        peak
        for peak in regulation.peak
        if (not peak.authorities or authority in peak.authorities)
        and (not peak.levels or zone.level in peak.levels)
        and (not peak.zone_kinds or zone.kind in peak.zone_kinds)
        and (not peak.zones or zone.id in peak.zones)
    ]


def _visit_owed(rule: FrequencyRule, zone: Zone, duty: _Duty) -> Requirement:
    return Requirement(
        id=requirement_id(rule.authority, zone.id, duty.window),
        authority=rule.authority,
        unit=zone.units[rule.authority],
        zone=zone.id,
        rule=rule.id,
        article=rule.article,
        window=duty.window,
        count=duty.count,
        min_gap_days=duty.min_gap_days,
        max_gap_days=duty.max_gap_days,
        peak=duty.peak,
        peak_window=duty.peak_window,
        workdays_only=rule.workdays_only,
        min_gap_hours=rule.min_gap_hours,
        min_minutes=rule.min_minutes,
        min_length_km=rule.min_length_km,
    )


def _duty(
    rule: FrequencyRule,
    window: Window,
    settings: GapSettings,
    horizon: _Horizon,
    peaks: Iterable[PeakRule],
) -> _Duty:
    parts = [
        (-peak.extra, part.workdays, peak.id, part.stretch)
        for peak in peaks
        if (part := horizon.part_in(peak, window)) is not None
    ]
    if not parts:
        gaps = gap_days(rule.window, rule.count, settings, rule.min_gap_hours)
        return _Duty(window, rule.count, *gaps)
    # Of several peaks the largest extra counts, not their sum; of equal ones the shortest part,
    # which lies in the longer ones wherever they are nested.
    less_extra, _, peak_id, stretch = min(parts)
    count = rule.count - less_extra
    gaps = gap_days(rule.window, count, settings, rule.min_gap_hours)
    return _Duty(window, count, *gaps, peak_id, stretch)


def _strictest(old: Requirement, new: Requirement) -> Requirement:
    """Return one requirement that satisfies both; the higher count, then the earlier rule, wins.

    Their peaks are the same: these depend on zone, authority and window alone.
    """
    winner = new if new.count > old.count else old
    min_gap_hours = max(old.min_gap_hours, new.min_gap_hours)
    min_gap_days = max(winner.min_gap_days, math.ceil(min_gap_hours / 24))
    return replace(
        winner,
        min_gap_days=min_gap_days,
        max_gap_days=max(min_gap_days, winner.max_gap_days),
        workdays_only=old.workdays_only or new.workdays_only,
        min_gap_hours=min_gap_hours,
        min_minutes=max(old.min_minutes, new.min_minutes),
        min_length_km=max(old.min_length_km, new.min_length_km),
    )


def _spot_check_owed(check: SpotCheckRule, zone: Zone, window: Window) -> Requirement:
    """Return one sealed visit; no gap is asked for, or its day could be foreseen."""
    return Requirement(
        id=requirement_id(check.authority, zone.id, window, spot_check=True),
        authority=check.authority,
        unit=zone.units[check.authority],
        zone=zone.id,
        rule=check.id,
        article=check.article,
        window=window,
        count=1,
        min_gap_days=1,
        max_gap_days=2 * NOMINAL_DAYS[check.window],
        spot_check=True,
    )


def requirement_id(
    authority: Authority, zone: str, window: Window, *, spot_check: bool = False
) -> str:
    """Return the id of a requirement, e.g. ``T-Z012-2026-02b``; sealed ones end in ``-spot``."""
    return f"{_LETTERS[authority]}-{zone}-{window_tag(window)}{'-spot' if spot_check else ''}"


def drawn_zones(
    check: SpotCheckRule, window: Window, zones: Iterable[Zone], secret: bytes
) -> list[Zone]:
    """Return the zones a spot-check rule draws for a window: its share, rounded up, sorted by id.

    Drawn without regard to any order: each zone has a number only the secret gives (HMAC-SHA256),
    and the lowest are drawn.
    """
    candidates = [
        zone for zone in zones if check.authority in zone.units and zone.level in check.levels
    ]
    # A hair less, so that 10 % of 30 zones is 3 in floating point too.
    drawn = math.ceil(check.share * len(candidates) - 1e-9)

    def lot(zone: Zone) -> bytes:
        return draw(secret, check.id, window_tag(window), zone.id)

    return sorted(sorted(candidates, key=lot)[:drawn], key=lambda zone: zone.id)


def draw(secret: bytes, *words: str) -> bytes:
    """Return 32 bytes that only the secret and the words decide."""
    message = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in words)
    return hmac.new(secret, message, hashlib.sha256).digest()


def gap_days(
    kind: WindowKind, count: int, settings: GapSettings, min_gap_hours: float
) -> tuple[int, int]:
    """Return the least and greatest gap: the half-month's, in proportion to days per visit owed.

    Rounded outwards, never less than a day (two visits never on one day), and never less than the
    hours the rule itself asks for.
    """
    scale = NOMINAL_DAYS[kind] / count / NOMINAL_DAYS[WindowKind.HALF_MONTH]
    least = max(1, math.floor(settings.half_month_min_days * scale), math.ceil(min_gap_hours / 24))
    return least, max(least, math.ceil(settings.half_month_max_days * scale))
