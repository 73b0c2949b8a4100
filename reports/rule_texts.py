"""Rules of the regulation as sentences and table rows, in both languages."""

from __future__ import annotations

from collections.abc import Collection

from network.problems import Language, Text
from reports.words import AUTHORITIES, BASES, WINDOWS, kind_name, level_name, listed
from scheduling.regulation.model import FrequencyRule, PeakRule, Regulation, SpotCheckRule
from scheduling.regulation.words import PEAK_NAMES, article_label


def scope_text(levels: tuple[int, ...], kinds: tuple[str, ...], language: Language) -> str:
    """Return "一级、二级 · 矿区" or "all"."""
    parts = [level_name(level, language) for level in levels]
    parts += [kind_name(kind, language) for kind in kinds]
    return listed(parts, language) if parts else Text("全部", "all").in_(language)


def article_text(article: str, language: Language) -> str:
    """Return the article as the regulation names it, or a dash where none stands behind it."""
    return article_label(article).in_(language) if article else "—"


def frequency_text(rule: FrequencyRule | SpotCheckRule, language: Language) -> str:
    """Return "每半月不少于1次" or what a spot check samples."""
    window = WINDOWS[rule.window].in_(language)
    if isinstance(rule, SpotCheckRule):
        share = f"{rule.share:.0%}"
        return f"{window}随机抽查{share}" if language == "zh" else f"{share} at random per {window}"
    text = f"{window}不少于{rule.count}次"
    if language == "en":
        text = f"at least {rule.count} per {window}"
    if rule.season:
        season = f"{rule.season.first}–{rule.season.last}"
        text += f"（{season}）" if language == "zh" else f" ({season})"
    return text


def frequency_rows(
    regulation: Regulation, language: Language, authorities: Collection[str]
) -> list[tuple[str, ...]]:
    """Return rows (who, zones, frequency, article, quotation or basis) of these authorities."""
    rules: list[FrequencyRule | SpotCheckRule] = [*regulation.frequency, *regulation.spot_check]
    return [
        (
            AUTHORITIES[rule.authority].in_(language),
            _zones(rule, language),
            frequency_text(rule, language),
            article_text(rule.article, language),
            _source(rule.quote, rule.basis, language),
        )
        for rule in rules
        if rule.authority in authorities
    ]


def peak_rows(regulation: Regulation, language: Language) -> list[tuple[str, ...]]:
    """Return rows (peak, days, zones, visits more, article and quotation)."""
    return [
        (
            PEAK_NAMES[peak.kind].in_(language),
            f"{peak.first} – {peak.last}",
            _peak_scope(peak, language),
            f"+{peak.extra}",
            article_text(peak.article, language) + " " + _source(peak.quote, peak.basis, language),
        )
        for peak in regulation.peak
    ]


def note_rows(regulation: Regulation, language: Language) -> list[tuple[str, ...]]:
    """Return rows (article, quotation, how it is read) of sentences that bind without a figure."""
    return [
        (
            article_text(note.article, language),
            _source(note.quote, note.basis, language),
            note.text if language == "zh" else note.text_en,
        )
        for note in regulation.notes
    ]


def _zones(rule: FrequencyRule | SpotCheckRule, language: Language) -> str:
    if isinstance(rule, SpotCheckRule):
        return scope_text(rule.levels, (), language)
    scope = scope_text(rule.levels, rule.zone_kinds, language)
    if rule.sole_authority:
        scope += "（本级直接管理）" if language == "zh" else " (managed by it alone)"
    return scope


def _peak_scope(peak: PeakRule, language: Language) -> str:
    if not peak.zones:
        return scope_text(peak.levels, peak.zone_kinds, language)
    count = (
        f"{len(peak.zones)}个指定巡查区" if language == "zh" else f"{len(peak.zones)} named zones"
    )
    if peak.levels or peak.zone_kinds:
        count = f"{scope_text(peak.levels, peak.zone_kinds, language)} · {count}"
    return count


def _source(quote: str, basis: str, language: Language) -> str:
    """Return the quotation; where our default fills a gap, say so beside it."""
    parts = [f"“{quote}”"] if quote else []
    if basis != "law":
        parts.append(f"[{BASES[basis].in_(language)}]")
    return " ".join(parts)
