"""The parts that annual and quarterly plans share: the warning, settings, and legality."""

from __future__ import annotations

from network.problems import Language, Text
from reports.conflicts import write_conflicts
from reports.figures import Figures
from reports.legality import Legality, UnmetGroup
from reports.official_document import OfficialDocument
from reports.rule_texts import article_text
from reports.words import (
    BASES,
    CURRENT_LAW,
    PATROL_KINDS,
    STATUSES,
    UNLAWFUL,
    listed,
    window_name,
)


def write_warning(document: OfficialDocument, statement: Legality) -> None:
    """Write 不符合规范 where nobody can miss it; nothing when the plan is lawful."""
    if statement.lawful:
        return
    label, missing = UNLAWFUL.in_(document.language), statement.missing
    if not missing:
        document.warning(label + document.say("：详见“合规情况”。", ": see “Legality”."))
        return
    document.warning(
        label
        + document.say(
            f"：尚有{missing}次应巡查未能排入，详见“合规情况”。本计划为最大努力的部分方案。",
            f": {missing} visits owed could not be placed; see “Legality”. "
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
    """Write the verdict, what is unmet with article, reason and arithmetic, and how it ended."""
    language = document.language
    document.section("合规情况", "Legality")
    norm = figures.plan.norm
    title = document.say(f"《{norm.name}》", norm.name_en or norm.name)
    verdict = statement.label.in_(language)
    document.body(
        document.say(
            f"经按{title}独立审核，全部计划{verdict}（抽查的路线另行审核）。",
            f"Audited independently against {title}, the whole plan is: {verdict} "
            "(the routes of spot checks are audited apart).",
        ),
        bold=not statement.lawful,
    )
    if not statement.groups:
        document.body(
            document.say(
                "本计划应有的巡查次数均已排入。", "Every visit owed in this plan is planned."
            )
        )
    for group in statement.groups:
        document.body(group_text(figures, group, language), bold=group.breach)
    for sentence in finding_texts(statement, language):
        document.body(sentence, bold=True)
    for outcome in figures.plan.outcomes:
        if unit in ("", outcome.unit) and outcome.explanation:
            parts = [STATUSES[outcome.status], *outcome.explanation]
            text = document.say("；", "; ").join(part.in_(language) for part in parts)
            document.body(f"{figures.unit_name(outcome.unit)}{document.say('：', ': ')}{text}")
    write_conflicts(document, figures, unit)
    _write_arithmetic(document, figures, unit)
    if statement.notices:
        counts = [f"{name.in_(language)} {count}" for name, count in statement.notices]
        document.body(
            document.say("不影响合规的提示（条）：", "Notices that breach no law: ")
            + listed(counts, language)
            + document.say("。", ".")
        )
    document.body(CURRENT_LAW.in_(language))


def finding_texts(statement: Legality, language: Language, most: int = 40) -> list[str]:
    """Return the audit's breaches as sentences with their articles, cut short where very many."""
    sentences = []
    for finding in statement.breaches[:most]:
        article = article_text(finding.article, language)
        brackets = Text(f"（{article}）", f" ({article})").in_(language) if finding.article else ""
        sentences.append(finding.message.in_(language) + brackets)
    more = len(statement.breaches) - most
    if more > 0:
        sentences.append(f"……另有{more}条" if language == "zh" else f"… and {more} more")
    return sentences


def group_text(figures: Figures, group: UnmetGroup, language: Language) -> str:
    """Return one sentence: who, when, what article, how many short, which zones, why."""
    window = window_name(group.window, language)
    zones = listed([zone.name for zone in group.zones], language)
    article = article_text(group.article, language) if group.article else group.rule
    unit, reason = figures.unit_name(group.unit), group.reason.in_(language).rstrip("。.")
    if language == "zh":
        proof = "已证明无可行方案" if group.proven else "限定搜索内未找到，未证明无解"
        kind = "违反" if group.breach else "未达到默认要求："
        short = f"{kind}{article}，缺{group.missing}次（{zones}）"
        return f"{unit}，{window}：{short}。{reason}。（{proof}）"
    proof = "proven infeasible" if group.proven else "not found in the search made; not proven"
    kind = "breach of" if group.breach else "default not met:"
    short = f"{kind} {article}, {group.missing} short ({zones})"
    return f"{unit}, {window}: {short}. {reason}. ({proof})"


def _write_arithmetic(document: OfficialDocument, figures: Figures, unit: str) -> None:
    """Write need, plan and possibility of the windows that fall short."""
    rows = [
        (
            figures.unit_name(need.unit),
            f"{need.first_day:%m-%d}–{need.last_day:%m-%d} "
            + PATROL_KINDS[need.kind].in_(document.language),
            need.needed_lower_bound,
            need.planned,
            need.possible,
            need.arithmetic.in_(document.language),
        )
        for need in figures.plan.needs
        if unit in ("", need.unit) and need.needed_lower_bound > min(need.planned, need.possible)
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
