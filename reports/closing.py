"""The parts that annual and quarterly plans share: the warning, settings, and legality."""

from __future__ import annotations

from network.problems import Language
from reports.figures import Figures
from reports.legality import Legality, UnmetGroup, zones_text
from reports.official_document import OfficialDocument
from reports.rule_texts import article_text
from reports.words import BASES, CURRENT_LAW, STATUSES, UNLAWFUL, window_name


def write_warning(document: OfficialDocument, statement: Legality) -> None:
    """Write 不符合规范 where nobody can miss it; nothing when the plan is lawful."""
    if statement.lawful:
        return
    document.warning(
        UNLAWFUL.in_(document.language)
        + document.say(
            f"：尚有{statement.missing}次应巡查未能排入，详见“合规情况”。本计划为最大努力的部分方案。",
            f": {statement.missing} visits owed could not be placed; see “Legality”. "
            "This is the best partial plan.",
        )
    )


def write_settings(document: OfficialDocument, figures: Figures) -> None:
    """Write the settings and defaults the plan relies on, those of the norm apart."""
    rows = [
        (
            used.label.in_(document.language),
            used.value,
            BASES[used.basis].in_(document.language) if used.basis in BASES else used.basis,
            article_text(used.article, document.language),
        )
        for used in figures.plan.settings_used
        if used.basis != "law"
    ]
    if not rows:
        return
    document.section("依据的参数与默认值", "Settings and defaults relied on")
    document.body(
        document.say(
            "规范未作规定之处，本计划采用下列参数：",
            "Where the norm is silent the plan relies on these:",
        )
    )
    document.table(
        (
            document.say("参数", "Setting"),
            document.say("取值", "Value"),
            document.say("来源", "Basis"),
            document.say("条文", "Article"),
        ),
        rows,
        (56, 30, 18, 14),
    )


def write_legality(
    document: OfficialDocument, figures: Figures, statement: Legality, unit: str = ""
) -> None:
    """Write what is unmet, with article, reason and arithmetic, and how planning ended."""
    language = document.language
    document.section("合规情况", "Legality")
    groups = [group for group in statement.groups if unit in ("", group.unit)]
    if not groups:
        document.body(
            document.say(
                "本计划应有的巡查次数均已排入。", "Every visit owed in this plan is planned."
            )
        )
    for group in groups:
        document.body(group_text(figures, group, language), bold=group.breach)
    for outcome in figures.plan.outcomes:
        if unit in ("", outcome.unit) and (outcome.explanation or not statement.lawful):
            parts = [STATUSES[outcome.status], *outcome.explanation]
            text = document.say("；", "; ").join(part.in_(language) for part in parts)
            document.body(f"{figures.unit_name(outcome.unit)}{document.say('：', ': ')}{text}")
    _write_arithmetic(document, figures, {group.unit for group in groups})
    document.body(CURRENT_LAW.in_(language))


def group_text(figures: Figures, group: UnmetGroup, language: Language) -> str:
    """Return one sentence: who, when, what article, how many short, which zones, why."""
    proof = "已证明无可行方案" if group.proven else "限定搜索内未找到，未证明无解"
    window = window_name(group.window, language)
    zones = zones_text(group).in_(language)
    if language == "zh":
        kind = "违反" if group.breach else "未达到默认要求，"
        article = article_text(group.article, "zh") if group.article else group.rule
        return (
            f"{figures.unit_name(group.unit)}，{window}：{kind}{article}，缺{group.missing}次"
            f"（{zones}）。{group.reason.zh.rstrip('。')}。（{proof}）"
        )
    proof = "proven infeasible" if group.proven else "not found in the search made; not proven"
    kind = "breach of" if group.breach else "default not met:"
    article = article_text(group.article, "en") if group.article else group.rule
    return (
        f"{figures.unit_name(group.unit)}, {window}: {kind} {article}, {group.missing} short "
        f"({zones}). {group.reason.en.rstrip('.')}. ({proof})"
    )


def _write_arithmetic(document: OfficialDocument, figures: Figures, units: set[str]) -> None:
    """Write need, plan and possibility of the windows that fall short."""
    rows = [
        (
            figures.unit_name(need.unit),
            f"{need.first_day:%m-%d}–{need.last_day:%m-%d}",
            need.needed_lower_bound,
            need.planned,
            need.possible,
            need.arithmetic.in_(document.language),
        )
        for need in figures.plan.needs
        if need.unit in units and need.needed_lower_bound > min(need.planned, need.possible)
    ]
    if rows:
        document.table(
            (
                document.say("单位", "Unit"),
                document.say("时段", "Window"),
                document.say("至少需", "Needed"),
                document.say("已排", "Planned"),
                document.say("最多可", "Possible"),
                document.say("算式", "Arithmetic"),
            ),
            rows,
            (26, 20, 11, 10, 11, 46),
            points=9,
        )
