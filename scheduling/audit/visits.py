"""Rules on visits: how often (art. 13), in peaks, by spot check, and what a visit must be."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from network.problems import Text
from scheduling.audit.evidence import Made, in_season
from scheduling.audit.findings import Finding, FindingBasis, listed, notice, weighed
from scheduling.audit.owed import Case, Owed, PeakOwed, binds
from scheduling.calendar.windows import Window, window_label, windows_between
from scheduling.county.model import Zone
from scheduling.plan.model import PatrolKind
from scheduling.regulation.model import FrequencyRule, SpotCheckRule


def check_frequency(case: Case) -> Iterator[Finding]:
    """Find zones short of visits in a window that lies wholly inside the horizon."""
    for owed, days in case.owed_and_days:
        done = len(days)
        if done < owed.rule.count:
            basis = case.basis_of(owed.rule)
            message = _short(case, owed, done, owed.count)
            yield weighed(owed.zone.id, message, basis, owed.rule.article)


def check_peak_count(case: Case) -> Iterator[Finding]:
    """Find windows in a peak whose visits are not strictly more than the base.

    Beyond that one, what a peak adds is weighed by the peak's own basis.
    """
    for owed, days in case.owed_and_days:
        done = len(days)
        for peak in owed.peaks if done >= owed.rule.count else ():
            wanted = owed.rule.count + peak.peak.extra
            if done >= wanted:
                continue
            article, basis = _peak_source(case, owed, peak, beyond_law=done > owed.rule.count)
            message = _short(case, owed, done, wanted, peak.peak.id)
            yield weighed(owed.zone.id, message, basis, article)


def check_peak_day(case: Case) -> Iterator[Finding]:
    """Find windows in a peak with no visit on a day of the peak."""
    for owed, days in case.owed_and_days:
        for peak in owed.peaks:
            if days and not peak.days.intersection(days):
                article, basis = _peak_source(case, owed, peak, beyond_law=False)
                label = window_label(owed.window)
                message = Text(
                    f"{case.zone_name(owed.zone.id)}：{label.zh}高峰期 {peak.peak.id} "
                    f"的{len(peak.days)}天内没有巡查",
                    f"{case.zone_name(owed.zone.id)}, {label.en}: none of the visits falls on the "
                    f"{len(peak.days)} days of peak {peak.peak.id}",
                )
                yield weighed(owed.zone.id, message, basis, article)


def check_levels_without_peak(case: Case) -> Iterator[Finding]:
    """Find levels that no peak names: their counts never rise, which is a notice."""
    regulation = case.plan.regulation
    if not regulation.peak and not case.norm.peak:  # a norm that knows no peaks
        return
    named: set[int] = set()
    for peak in regulation.peak:
        if peak.levels or not (peak.zone_kinds or peak.zones):
            named.update(peak.levels or regulation.levels)
    for level in sorted({zone.level for zone in case.county.zones} - named):
        name = regulation.levels.get(level, str(level))
        message = Text(
            f"没有高峰期涉及{name}巡查区，其巡查次数全年不增加",
            f"no peak names level {level}: its counts never rise",
        )
        yield notice(f"L{level}", message, "default")


def check_spot_checks(case: Case) -> Iterator[Finding]:
    """Find windows in which too few zones are visited on spot-check patrols."""
    if case.has_sealed_part:
        return
    now = case.plan.regulation.spot_check
    for rule in (*now, *(rule for rule in case.norm.spot_check if rule not in now)):
        for window in windows_between(rule.window, case.plan.first_day, case.plan.last_day):
            yield from _spot_checks_of(case, rule, window)


def check_sealed(case: Case) -> Iterator[Finding]:
    """Say that spot checks can only be audited with the sealed file."""
    if case.has_sealed_part and (case.plan.regulation.spot_check or case.norm.spot_check):
        count = sum(patrol.kind is PatrolKind.SPOT_CHECK for patrol in case.patrols)
        message = Text(
            f"{count}次抽查的内容已密封，未予审核；审核须有密封文件",
            f"the contents of {count} spot-check patrols are sealed and were not audited; "
            "the sealed file is needed",
        )
        yield notice(case.county.settings.name, message, "record")


def check_twice_a_day(case: Case) -> Iterator[Finding]:
    """Find zones visited twice a day by one authority: the second is for nothing."""
    for (_, zone, _), made in sorted(case.visits.items()):
        times = Counter(one.day for one in made)
        twice = sorted(day for day, count in times.items() if count > 1)
        if twice:
            dates = listed([day.isoformat() for day in twice])
            message = Text(
                f"{case.zone_name(zone)}：同一天巡查两次以上（{dates.zh}），只计一次",
                f"{case.zone_name(zone)}: visited more than once on {dates.en}; it counts once",
            )
            yield notice(zone, message, "default")


def check_gap_hours(case: Case) -> Iterator[Finding]:
    """Find visits with fewer hours between them than the norm asks for."""
    for rule, zone, made in _visits_under(case, "min_gap_hours"):
        for before, after in pairwise(made):
            left = before.visit.arrive_seconds + before.visit.inspect_seconds
            days = (after.day - before.day).days
            hours = days * 24 + (after.visit.arrive_seconds - left) / 3600
            if hours < rule.min_gap_hours:
                message = Text(
                    f"{case.zone_name(zone.id)}：{before.day}与{after.day}两次巡查间隔"
                    f"{hours:.1f}小时，少于{rule.min_gap_hours:g}小时",
                    f"{case.zone_name(zone.id)}: {hours:.1f} hours between the visits of "
                    f"{before.day} and {after.day}, {rule.min_gap_hours:g} are owed",
                )
                yield weighed(zone.id, message, case.basis_of(rule), rule.article)


def check_minutes(case: Case) -> Iterator[Finding]:
    """Find visits shorter than the norm asks for."""
    for rule, zone, made in _visits_under(case, "min_minutes"):
        for one in made:
            minutes = one.visit.inspect_seconds / 60
            if minutes < rule.min_minutes:
                message = Text(
                    f"{case.zone_name(zone.id)}：{one.day}巡查{minutes:.0f}分钟，"
                    f"少于{rule.min_minutes:g}分钟",
                    f"{case.zone_name(zone.id)}: the visit of {one.day} lasts {minutes:.0f} "
                    f"minutes, {rule.min_minutes:g} are owed",
                )
                yield weighed(zone.id, message, case.basis_of(rule), rule.article)


def check_length(case: Case) -> Iterator[Finding]:
    """Find visits of too few kilometres, driven inside the zone or walked."""
    walk_m_per_s = case.county.settings.visit.walk_kmh / 3.6
    for rule, zone, made in _visits_under(case, "min_length_km"):
        for one in made:
            walked = one.visit.walk_seconds * walk_m_per_s
            km = (one.visit.inside_length_m + walked) / 1000
            if km < rule.min_length_km:
                message = Text(
                    f"{case.zone_name(zone.id)}：{one.day}巡查{km:.1f}公里，"
                    f"少于{rule.min_length_km:g}公里",
                    f"{case.zone_name(zone.id)}: the visit of {one.day} covers {km:.1f} km, "
                    f"{rule.min_length_km:g} are owed",
                )
                yield weighed(zone.id, message, case.basis_of(rule), rule.article)


def _short(case: Case, owed: Owed, done: int, wanted: int, peak: str = "") -> Text:
    label, rule = window_label(owed.window), owed.rule
    unit = case.unit_name(owed.zone.units[rule.authority])
    zone, missing = case.zone_name(owed.zone.id), wanted - done
    source = Text("，按规范原文", ", by the norm as it stands") if owed.from_norm else Text("", "")
    why = Text(f"，高峰期 {peak}", f" in peak {peak}") if peak else Text("", "")
    return Text(
        f"{zone}（{unit}）：{label.zh}应巡查{wanted}次{why.zh}，计划{done}次，缺{missing}次"
        f"（规则 {rule.id}{source.zh}）",
        f"{zone} ({unit}), {label.en}: owed {wanted}{why.en}, planned {done}, "
        f"missing {missing} (rule {rule.id}{source.en})",
    )


def _peak_source(
    case: Case, owed: Owed, peak: PeakOwed, *, beyond_law: bool
) -> tuple[str, FindingBasis]:
    """Return article and basis of a peak's duty.

    That visits increase in a peak is the frequency article's; campaigns, and any visit beyond the
    one that makes the count strictly greater, rest on the peak rule itself.
    """
    if peak.peak.kind == "campaign" or beyond_law:
        return peak.peak.article, case.basis_of(peak.peak)
    return owed.rule.article, case.basis_of(owed.rule)


def _spot_checks_of(case: Case, rule: SpotCheckRule, window: Window) -> Iterator[Finding]:
    """Compare zones checked with zones owed: each where all are, else how many different ones."""
    candidates = [
        zone
        for zone in case.county.zones
        if rule.authority in zone.units and zone.level in rule.levels
    ]
    ours = [zone for zone in candidates if zone.units[rule.authority] in case.planned_units]
    unseen = unchecked(case, rule, window)
    label, basis = window_label(window), case.basis_of(rule)
    if rule.share == 1:
        for zone in unseen:
            message = Text(
                f"{case.zone_name(zone.id)}：{label.zh}没有抽查（规则 {rule.id}）",
                f"{case.zone_name(zone.id)}, {label.en}: no spot check (rule {rule.id})",
            )
            yield weighed(zone.id, message, basis, rule.article)
        return
    wanted = math.ceil(rule.share * len(candidates) - 1e-9)
    done = len(ours) - len(unseen)
    if len(ours) < len(candidates):  # which of the drawn zones are ours, only the secret tells
        wanted -= len(candidates) - len(ours)
    if done < wanted:
        message = Text(
            f"{label.zh}应抽查{wanted}个巡查区，计划{done}个（规则 {rule.id}）",
            f"{label.en}: {wanted} zones to be spot-checked, {done} planned (rule {rule.id})",
        )
        yield weighed(rule.id, message, basis, rule.article)


def unchecked(case: Case, rule: SpotCheckRule, window: Window) -> list[Zone]:
    """Return the planned units' zones that a rule speaks of and no spot check visits."""
    kind = PatrolKind.SPOT_CHECK
    return [
        zone
        for zone in case.county.zones
        if zone.level in rule.levels
        and zone.units.get(rule.authority) in case.planned_units
        and not case.days_visited(rule.authority, zone.id, window, any_day=False, kind=kind)
    ]


def _visits_under(
    case: Case, minimum: str
) -> Iterator[tuple[FrequencyRule, Zone, tuple[Made, ...]]]:
    """Yield each rule that asks for ``minimum``, with each zone it binds and the visits made."""
    for rule in case.rules_in_force:
        if not getattr(rule, minimum):
            continue
        season = rule.season
        for zone in case.county.zones:
            if binds(rule, zone) and zone.units[rule.authority] in case.planned_units:
                made = case.visits.get((rule.authority, zone.id, PatrolKind.REGULAR), ())
                yield (
                    rule,
                    zone,
                    tuple(
                        one
                        for one in made
                        if season is None or in_season(season.first, season.last, one.day)
                    ),
                )
