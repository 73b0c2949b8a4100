"""What is owed, derived here anew: rules x zones x windows x peaks, counted day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scheduling.audit.evidence import Evidence, in_season
from scheduling.calendar.windows import Window, WindowKind, days_of, windows_between
from scheduling.county.model import Zone
from scheduling.regulation.model import FrequencyRule, PeakRule


@dataclass(frozen=True)
class PeakOwed:
    """A peak that holds enough workdays of a window, and its days there."""

    peak: PeakRule
    days: frozenset[date]


@dataclass(frozen=True)
class Owed:
    """One zone's duty in one window under one rule. ``any_day``: also visits off patrol days."""

    rule: FrequencyRule
    zone: Zone
    window: Window
    peaks: tuple[PeakOwed, ...]
    any_day: bool
    from_norm: bool  # owed by the norm where the county's regulation differs from it

    @property
    def count(self) -> int:
        """Visits owed; of several peaks the one that asks most."""
        return self.rule.count + max((owed.peak.extra for owed in self.peaks), default=0)


def all_owed(evidence: Evidence) -> tuple[Owed, ...]:
    """Return what the planned units owe under the regulation, and under the norm if it differs."""
    return (*owed_now(evidence), *owed_to_norm(evidence))


def owed_now(evidence: Evidence) -> tuple[Owed, ...]:
    """Return what is owed under the regulation as the county applies it."""
    regulation = evidence.plan.regulation
    return tuple(_owed(evidence, regulation.frequency, regulation.peak, from_norm=False))


def owed_to_norm(evidence: Evidence) -> tuple[Owed, ...]:
    """Return what the norm asks for where the county's rules or peaks are not its own.

    A peak whose dates are only our default gives way to any peak of the county of that kind: the
    norm itself states no dates.
    """
    now, norm = evidence.plan.regulation, evidence.norm
    kinds = {peak.kind for peak in now.peak}
    peaks = [peak for peak in norm.peak if peak.basis == "law" or peak.kind not in kinds]
    lost_peaks = [peak for peak in peaks if peak not in now.peak]
    rules = [rule for rule in norm.frequency if lost_peaks or rule not in now.frequency]
    return tuple(_owed(evidence, rules, peaks, from_norm=True))


def _owed(
    evidence: Evidence,
    rules: Sequence[FrequencyRule],
    peaks: Sequence[PeakRule],
    *,
    from_norm: bool,
) -> Iterator[Owed]:
    now = {rule.id: rule for rule in evidence.plan.regulation.frequency}
    for rule in rules:
        any_day = not now.get(rule.id, rule).workdays_only
        windows = windows_of(rule, evidence, any_day=any_day)
        in_peak = {w: _peaks_in(evidence, peaks, w) for w in windows}
        for zone in evidence.county.zones:
            if not binds(rule, zone) or zone.units[rule.authority] not in evidence.planned_units:
                continue
            for window in windows:
                held = tuple(o for o in in_peak[window] if names(o.peak, rule, zone))
                yield Owed(rule, zone, window, held, any_day, from_norm)


def windows_of(
    rule: FrequencyRule, evidence: Evidence, *, any_day: bool = False
) -> tuple[Window, ...]:
    """Return the windows wholly inside the horizon, and inside the rule's season if it has one.

    Of a daily rule only the workdays, unless any day counts.
    """
    plan, season = evidence.plan, rule.season
    found = windows_between(rule.window, plan.first_day, plan.last_day)
    if season is not None:
        found = tuple(
            window
            for window in found
            if all(in_season(season.first, season.last, day) for day in days_of(window))
        )
    if rule.window is WindowKind.DAY and not any_day:
        workdays = set(evidence.workdays)
        found = tuple(window for window in found if window.first_day in workdays)
    return found


def binds(rule: FrequencyRule, zone: Zone) -> bool:
    """Whether a rule obliges a unit of its authority to visit the zone."""
    if rule.authority not in zone.units or (rule.sole_authority and len(zone.units) > 1):
        return False
    return covers(rule, zone)


def covers(rule: FrequencyRule, zone: Zone) -> bool:
    """Whether a rule speaks of zones of this level and kind."""
    if rule.levels and zone.level not in rule.levels:
        return False
    return not rule.zone_kinds or zone.kind.value in rule.zone_kinds


def names(peak: PeakRule, rule: FrequencyRule, zone: Zone) -> bool:
    """Whether a peak raises the counts of the zone for the rule's authority."""
    return not (
        (peak.authorities and rule.authority not in peak.authorities)
        or (peak.levels and zone.level not in peak.levels)
        or (peak.zone_kinds and zone.kind.value not in peak.zone_kinds)
        or (peak.zones and zone.id not in peak.zones)
    )


def is_peak_day(peak: PeakRule, day: date) -> bool:
    """Whether a day lies in a peak, of every year ("MM-DD") or once (ISO dates)."""
    if len(peak.first) > 5:
        return peak.first <= day.isoformat() <= peak.last
    return in_season(peak.first, peak.last, day)


def _peaks_in(
    evidence: Evidence, peaks: Sequence[PeakRule], window: Window
) -> tuple[PeakOwed, ...]:
    held = []
    for peak in peaks:
        days = frozenset(day for day in days_of(window) if is_peak_day(peak, day))
        workdays = sum(day in days for day in evidence.workdays_in(window))
        if days and workdays >= peak.min_workdays:
            held.append(PeakOwed(peak, days))
    return tuple(held)


class Case(Evidence):
    """What every rule is given: the evidence, and what is owed."""

    @cached_property
    def owed(self) -> tuple[Owed, ...]:
        """What the planned units owe under the regulation, and under the norm if it differs."""
        return all_owed(self)

    @cached_property
    def owed_and_days(self) -> tuple[tuple[Owed, tuple[date, ...]], ...]:
        """What is owed, each with the days on which regular patrols visit the zone for it."""
        return tuple(
            (o, self.days_visited(o.rule.authority, o.zone.id, o.window, any_day=o.any_day))
            for o in self.owed
        )

    @cached_property
    def rules_in_force(self) -> tuple[FrequencyRule, ...]:
        """The frequency rules as the county applies them, then the norm's that it changed."""
        now = self.plan.regulation.frequency
        return (*now, *(rule for rule in self.norm.frequency if rule not in now))
