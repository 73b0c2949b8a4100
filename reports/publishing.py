"""A plan becomes documents."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from network.problems import InputError, Language, Problem, Text
from reports.output import put_in_place, staging
from scheduling.progress import Progress, ProgressCallback, silent

if TYPE_CHECKING:  # the command line imports this module for its names alone
    from reports.figures import Figures
    from scheduling.plan.model import Plan

DOCUMENTS: Final = ("annual", "quarterly", "route-sheets", "workbook", "atlas")

#: Writes one kind of document into a folder; the callback takes (done, total).
Writer = Callable[["Figures", Path, Language, Callable[[int, int], None]], None]

_LABELS: Final = {
    "annual": Text("年度巡查工作计划", "Annual plan"),
    "quarterly": Text("季度巡查工作计划", "Quarterly plans"),
    "route-sheets": Text("巡查路线单", "Route sheets"),
    "workbook": Text("工作簿", "Workbook"),
    "atlas": Text("巡查图册", "Atlas"),
}


def publish(
    plan: Plan,
    out: Path,
    *,
    only: Collection[str] = (),
    language: Language = "zh",
    progress: ProgressCallback = silent,
) -> tuple[Path, ...]:
    """Write the documents of a plan into the folder ``out`` and return their paths, sorted.

    ``only`` names documents out of ``DOCUMENTS``; empty means all. Every document is made from
    the open plan, and says what the audit of the open plan says: so none can show the zones of
    spot checks, even when ``plan`` holds them. Nothing is written when a document fails. Raises
    InputError for an unknown document or a folder or file that cannot be written.
    """
    from reports.figures import Figures
    from scheduling.audit import audit_plan
    from scheduling.plan.seal import seal

    chosen = _chosen(only)
    open_plan, _ = seal(plan)
    figures = Figures(open_plan, audit_plan(open_plan))
    with staging(out) as stage:
        for name in chosen:
            label = _LABELS[name]

            def report(done: int, total: int, name: str = name, label: Text = label) -> None:
                progress(Progress(f"publish.{name}", label, done, total))

            report(0, 1)
            _writer(name)(figures, stage, language, report)
            report(1, 1)
        return put_in_place(stage, out)


def _chosen(only: Collection[str]) -> tuple[str, ...]:
    unknown = sorted({*only} - {*DOCUMENTS})
    if unknown:
        raise InputError(
            Problem(
                code="publish.unknown-document",
                file="",
                field=name,
                cause=Text("没有这种文书", "no such document"),
                action=Text(
                    f"可选：{'、'.join(DOCUMENTS)}", f"choose from: {', '.join(DOCUMENTS)}"
                ),
            )
            for name in unknown
        )
    return tuple(name for name in DOCUMENTS if not only or name in only)


def _writer(name: str) -> Writer:
    """Import a document's module only when it is asked for: docx, openpyxl and typst are heavy."""
    if name == "annual":
        from reports.annual import write_annual

        return write_annual
    if name == "quarterly":
        from reports.quarterly import write_quarterly

        return write_quarterly
    if name == "route-sheets":
        from reports.route_sheets import write_route_sheets

        return write_route_sheets
    if name == "workbook":
        from reports.workbook import write_workbook

        return write_workbook
    from reports.atlas import write_atlas

    return write_atlas
