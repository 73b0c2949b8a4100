"""The documents' part on why a plan cannot be done: the conflict sets that its numbers prove."""

from __future__ import annotations

from network.problems import Language
from reports.explanation import told_once
from reports.figures import Figures
from reports.official_document import OfficialDocument
from scheduling.explain.model import ConflictFinding
from scheduling.explain.plan_conflicts import plan_conflicts


def write_conflicts(document: OfficialDocument, figures: Figures, unit: str = "") -> None:
    """Write each conflict set as a paragraph; nothing where none is proven."""
    for finding, same in told_once(plan_conflicts(figures.plan, unit)):
        document.body(conflict_sentence(finding, same, document.language))


def conflict_sentence(
    finding: ConflictFinding, same: tuple[ConflictFinding, ...], language: Language
) -> str:
    """Return who, when, and what cannot all hold, and in which other windows the same does not."""
    members = [member.text.in_(language) for member in finding.members]
    windows = [window.in_(language) for other in same for window in other.windows]
    if language == "zh":
        proof = "计数模型已证明" + "，缺一则计数可行" * finding.minimal_in_counts
        text = f"{finding.unit_name}，以下各项不能同时成立（{proof}）："
        text += "；".join(members) + "。"
        if windows:
            text += f"同样的冲突还见于{'、'.join(windows)}。"
        return text + "各项放开后的重排结果和补救措施见 xuncha explain。"
    proof = "proven by counts"
    if finding.minimal_in_counts:
        proof += ", which leave a way without any one of them"
    text = f"{finding.unit_name}: these cannot all hold ({proof}): {'; '.join(members)}. "
    if windows:
        text += f"The same conflict is in {', '.join(windows)}. "
    return text + "Plans without each of them, and remedies: see xuncha explain."
