"""An explanation as an official document."""

from __future__ import annotations

from pathlib import Path

from network.problems import Language
from reports.explanation import sections
from reports.official_document import OfficialDocument
from reports.output import put_in_place, staging
from reports.words import period
from scheduling.explain.model import Explanation
from scheduling.plan.model import Plan


def write_explanation(
    explanation: Explanation, plan: Plan, out: Path, language: Language
) -> tuple[Path, ...]:
    """Write the explanation into the folder ``out`` and return its path.

    Raises InputError for a folder or file that cannot be written.
    """
    settings = plan.county.settings
    bureau = settings.office.bureau or settings.name
    days = period(plan.first_day, plan.last_day, language)
    name = f"{days}巡查计划不可行情况说明" if language == "zh" else f"Why {days} cannot be done"
    document = OfficialDocument(language, name, bureau, plan.first_day)
    document.title(bureau, name)
    for section in sections(explanation):
        document.section(section.title.zh, section.title.en)
        number = 0
        for line in section.lines:
            text = line.text.in_(language)
            number = number + 1 if line.depth == 2 else 0
            mark = f"（{number}）" if language == "zh" else f"({number}) "
            document.body(mark * (line.depth == 2) + text, bold=line.tone == "bad")
    document.signature(bureau)
    with staging(out) as stage:
        stem = "不可行情况说明" if language == "zh" else "explanation"
        document.save(stage / f"{stem}.docx")
        return put_in_place(stage, out)
