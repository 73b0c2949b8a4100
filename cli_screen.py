"""What the command line shows: tables and lines for people, or one JSON document."""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.table import Table

from network.problems import Language, Problem, Text
from scheduling.progress import Progress, ProgressCallback

if TYPE_CHECKING:
    from network.load_report import LoadReport
    from scheduling.audit import AuditReport
    from scheduling.county.new_folder import NewCountyReport
    from scheduling.inputs import PlanInputs
    from scheduling.inspections import ZoneInspection
    from scheduling.plan.measures import UnitMeasures
    from scheduling.plan.model import Plan

_LAWFUL = Text("合规", "lawful")
_UNLAWFUL = Text("不符合规范", "not lawful")
_MOST_LINES = 12
_WRITING = (".cannot-write", ".file-in-use")  # problems met on writing: part may be there


def _article_order(article: str) -> tuple[int, ...]:
    """9 before 13, 11(1) before 11(2), and what no article stands behind last."""
    return tuple(map(int, re.findall(r"\d+", article))) or (sys.maxsize,)


# What stays together on a line: a word of narrow letters, or one Chinese character; with the marks
# that no line begins or ends with.
_WIDE = r"“”\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_TOGETHER = re.compile(rf"[（《“]*(?:[^\s{_WIDE}]+|\S|\s)[，。；：、）》”！？]*\s*")


def wrapped(line: str, width: int) -> list[str]:
    """Break a line to ``width`` cells, between any two Chinese characters or at spaces.

    rich breaks at spaces only, which leaves Chinese lines half empty.
    """
    lines = [""]
    for together in _TOGETHER.findall(line):
        if lines[-1] and cell_len(lines[-1] + together.rstrip()) > width:
            lines.append("")
        pieces = [together]
        if cell_len(together.rstrip()) > width:
            pieces = chop_cells(together, max(width, 2))
        lines[-1] += pieces[0]
        lines += pieces[1:]
    return [piece.rstrip() for piece in lines]


class Screen:
    """Speaks one language; with ``as_json`` everything but one document goes to stderr."""

    def __init__(self, language: Language, as_json: bool = False) -> None:
        self.language = language
        self.as_json = as_json
        # What users wrote is never read as markup.
        self._err = Console(stderr=True, markup=False, emoji=False, highlight=False)
        self._out = self._err if as_json else Console(markup=False, emoji=False, highlight=False)

    def say(self, text: Text, style: str = "") -> None:
        """Show one line."""
        self._out.print(text.in_(self.language), style=style)

    def paragraph(self, text: Text, style: str = "") -> None:
        """Show sentences, broken into lines as Chinese is."""
        for line in wrapped(text.in_(self.language), self._out.width):
            self._out.print(line, style=style, soft_wrap=True)

    def indented(self, text: Text, depth: int, style: str = "") -> None:
        """Show sentences as an item ``depth`` steps in, its later lines below its first."""
        first = "  " * depth + "· " * (depth > 0)
        width = self._out.width - len(first)
        for place, piece in enumerate(wrapped(text.in_(self.language), width)):
            self._out.print(
                " " * len(first) * (place > 0) + first * (place == 0) + piece,
                style=style,
                soft_wrap=True,
            )

    def problems(self, problems: Sequence[Problem], debug: bool, writes: bool = False) -> None:
        """Show every problem of an input in red; with ``debug`` the traceback first.

        Of a verb that ``writes`` it is said that it did not, unless writing itself went wrong.
        """
        if debug:
            self._err.print(traceback.format_exc())
        for problem in problems:
            self._err.print(f"✗ {problem.in_(self.language)}", style="red", soft_wrap=True)
        count = len(problems)
        total = Text(f"共 {count} 个问题。", f"{count} problem(s).")
        if writes and not any(problem.code.endswith(_WRITING) for problem in problems):
            total = Text(
                f"共 {count} 个问题，未写入任何文件。", f"{count} problem(s); nothing was written."
            )
        self._err.print(total.in_(self.language), style="red")
        if self.as_json:
            self.document({"problems": [self._problem(problem) for problem in problems]})

    def unexpected(self, error: Exception, debug: bool) -> None:
        """Show one red line for an error nobody foresaw, or its traceback."""
        if debug:
            self._err.print(traceback.format_exc(), soft_wrap=True)
        reason = f"{type(error).__name__}: {error}"
        text = Text(f"程序出错：{reason}（加 --debug 查看详情）", f"{reason} (see with --debug)")
        self._err.print(f"✗ {text.in_(self.language)}", style="red", soft_wrap=True)
        if self.as_json:
            self.document({"error": reason})

    @contextmanager
    def progress(self) -> Iterator[ProgressCallback]:
        """Give a callback that draws one bar per stage on stderr, with the time it has taken."""
        from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn
        from rich.progress import Progress as Bars
        from rich.progress import TimeElapsedColumn as Elapsed

        label_column = TextColumn("{task.description}", markup=False)
        columns = (label_column, BarColumn(), TaskProgressColumn(), Elapsed())
        tasks: dict[str, TaskID] = {}
        with Bars(*columns, console=self._err) as bars:

            def report(step: Progress) -> None:
                label = step.label.in_(self.language)
                if step.stage not in tasks:
                    tasks[step.stage] = bars.add_task(label)
                bars.update(
                    tasks[step.stage],
                    description=label,
                    completed=step.done,
                    total=max(step.total, 1),
                )

            yield report

    def plan(self, plan: Plan, report: AuditReport, findings: bool = True) -> None:
        """Show the plan's figures unit by unit, and why it is not lawful when it is not.

        ``findings`` false leaves the audit's breaches out: the reasons say what it comes from.
        """
        from scheduling.plan.measures import STATUS_NAMES, measure, shortfalls

        figures, short = measure(plan), shortfalls(plan)
        if self.as_json:
            self.document(
                {
                    "lawful": report.lawful,
                    "status": str(plan.status),
                    "seed": plan.seed,
                    "first_day": plan.first_day.isoformat(),
                    "last_day": plan.last_day.isoformat(),
                    "whole": asdict(figures.whole),
                    "units": [asdict(unit) for unit in figures.units],
                    "shortfalls": [
                        {
                            "unit": one.unit,
                            "status": str(one.status),
                            "reasons": [reason.in_(self.language) for reason in one.reasons],
                        }
                        for one in short
                    ],
                    "findings": self._findings(report),
                }
            )
        self._figures([*figures.units, figures.whole])
        for one in short:
            status = STATUS_NAMES[one.status]
            headline = Text(f"{one.name}：{status.zh}", f"{one.name}: {status.en}")
            self.say(headline, "bold red")
            self._lines([reason.in_(self.language) for reason in one.reasons])
        self._verdict(report.lawful)
        if findings:
            self._breaches(report)

    def places(self, folder: Path, documents: Iterable[Path]) -> None:
        """Show where the results of a demonstration are, and what to open first."""
        for name, text in (
            ("county", Text("县文件夹", "county folder")),
            ("plan-2026.gpkg", Text("计划（QGIS可直接打开）", "plan (opens in QGIS)")),
            ("documents", Text("文书", "documents")),
        ):
            self._out.print(f"{text.in_(self.language)}: {folder / name}", soft_wrap=True)
        for page in sorted(path for path in documents if path.suffix == ".html"):
            text = Text(f"请先打开 {page}", f"open this first: {page}")
            self._out.print(text.in_(self.language), style="bold green", soft_wrap=True)

    def written(self, path: Path, *, interrupted: bool = False) -> None:
        """Show where the plan was written, and how to go on with an interrupted one."""
        self.say(Text(f"计划文件：{path}", f"plan file: {path}"), "bold")
        if interrupted:
            goes_on = f"--resume --out {path}"
            self.say(Text(f"接续编制：同一命令加 {goes_on}", f"to go on: the same with {goes_on}"))

    def published(self, documents: Sequence[Path]) -> None:
        """Show the documents written."""
        for path in documents:
            self._out.print(str(path), soft_wrap=True)
        self.say(Text(f"共 {len(documents)} 份文书", f"{len(documents)} documents"), "bold")

    def new(self, report: NewCountyReport) -> None:
        """Show what a new county folder holds and what its maker has to know."""
        zones = sum(report.zones_by_level.values())
        levels = "、".join(f"{level}: {n}" for level, n in sorted(report.zones_by_level.items()))
        self.say(
            Text(
                f"单位 {report.stations + report.squads} 个，巡查区 {zones} 个（各级 {levels}）",
                f"{report.stations + report.squads} units, {zones} zones (by level {levels})",
            )
        )
        for note in report.notes:
            self.say(note, "yellow")
        self.say(
            Text(
                f"县文件夹：{report.folder}。请填写人员、车辆等表后运行 xuncha check。",
                f"county folder: {report.folder}. Fill in its tables, then run `xuncha check`.",
            ),
            "bold",
        )

    def checked(
        self, inputs: PlanInputs, roads: LoadReport, inspections: Sequence[ZoneInspection]
    ) -> None:
        """Show that a county is in order, how much was found in it, and how much roads show."""
        from scheduling.inspections import as_document, seen_summary

        county, wished = inputs.county, inputs.county.settings.visit.seen_share
        counts = {
            "zones": len(county.zones),
            "units": len(county.units),
            "inspectors": len(county.inspectors),
            "vehicles": len(county.vehicles),
        }
        if self.as_json:
            self.document(
                {
                    "county": county.settings.name,
                    **counts,
                    "roads": asdict(roads),
                    "inspections": [as_document(one) for one in inspections],
                    "problems": [],
                }
            )
        self.say(
            Text(
                "{}：巡查区 {zones} 个，单位 {units} 个，人员 {inspectors} 名，"
                "车辆 {vehicles} 辆，检查通过。".format(county.settings.name, **counts),
                "{}: {zones} zones, {units} units, {inspectors} people, {vehicles} vehicles; "
                "in order.".format(county.settings.name, **counts),
            ),
            "green",
        )
        for sentence in roads.sentences():
            self.say(sentence, "yellow")
        seen = seen_summary(inspections, wished)
        if seen.driven:
            self.say(seen.sentence(wished))
            names = {zone.id: f"{zone.id} {zone.name}" for zone in county.zones}
            sentences = [one.sentence(names[one.zone]) for one in seen.below]
            self._lines([sentence.in_(self.language) for sentence in sentences])

    def audit(self, report: AuditReport) -> None:
        """Show the findings by article, notices summed up."""
        from scheduling.audit import rule_name
        from scheduling.regulation.words import BASIS_NAMES

        if self.as_json:
            self.document({"lawful": report.lawful, "findings": self._findings(report)})
        self._breaches(report)
        notices = Counter(
            (finding.rule, finding.basis)
            for finding in report.findings
            if finding.severity != "breach"
        )
        for (rule, basis), count in sorted(notices.items()):
            name = rule_name(rule)
            why = BASIS_NAMES.get(basis, Text(basis, basis))
            self.say(
                Text(
                    f"提示 {name.zh}（{why.zh}）：{count} 条",
                    f"notice, {name.en} ({why.en}): {count}",
                )
            )
        self._verdict(report.lawful)

    def regulation(self, text: str, presets: Sequence[str]) -> None:
        """Show a regulation, and which others there are."""
        self._out.print(text, soft_wrap=True)
        names = ", ".join(presets)
        self.say(Text(f"内置规范：{names}", f"regulations that come with xuncha: {names}"))

    def _figures(self, units: Sequence[UnitMeasures]) -> None:
        from scheduling.plan.measures import STATUS_NAMES

        heading = Text(
            "单位,结果,巡查,到访,人日,公里,小时,缺",
            "unit,result,patrols,visits,person-days,km,h,unmet",
        )
        rows = [
            (
                *(unit.name, STATUS_NAMES[unit.status].in_(self.language), str(unit.patrols)),
                *(str(unit.visits), str(unit.person_days), f"{unit.length_km:.0f}"),
                *(f"{unit.hours:.0f}", str(unit.unmet)),
            )
            for unit in units
        ]
        self.table(heading.in_(self.language).split(","), rows, last_is_total=True)

    def table(
        self, heading: Sequence[str], rows: Sequence[Sequence[str]], last_is_total: bool = False
    ) -> None:
        """Show a table; the last row apart where it is a total."""
        # So narrow that ten columns fit into 80 characters; long names fold, never vanish.
        table = Table(box=SIMPLE_HEAD, show_edge=False, padding=0)
        for place, title in enumerate(heading):
            left = place < 2 or (place == len(heading) - 1 and not last_is_total)
            table.add_column(title, justify="left" if left else "right", overflow="fold")
        for place, row in enumerate(rows, 1):
            table.add_row(*row, end_section=last_is_total and place == len(rows) - 1)
        self._out.print(table)

    def _breaches(self, report: AuditReport) -> None:
        from scheduling.regulation.words import article_label

        by_article: dict[str, list[str]] = defaultdict(list)
        for finding in report.findings:
            if finding.severity == "breach":
                message = finding.message.in_(self.language)
                named = finding.subject in message
                colon = "：" if self.language == "zh" else ": "
                line = message if named else f"{finding.subject}{colon}{message}"
                by_article[finding.article].append(line)
        for article, lines in sorted(by_article.items(), key=lambda item: _article_order(item[0])):
            title = article_label(article) if article else Text("其他", "other")
            self.say(Text(*(f"{name} ({len(lines)})" for name in title)), "bold red")
            self._lines(lines)

    def _lines(self, lines: Sequence[str]) -> None:
        for line in lines[:_MOST_LINES]:
            marks = chain(["  · "], repeat("    "))
            for mark, piece in zip(marks, wrapped(line, self._out.width - 4), strict=False):
                self._out.print(mark + piece, soft_wrap=True)
        left = len(lines) - _MOST_LINES
        if left > 0:
            self.say(Text(f"  …… 另有 {left} 条", f"  ... and {left} more"))

    def _verdict(self, lawful: bool) -> None:
        self.say(_LAWFUL if lawful else _UNLAWFUL, "bold green" if lawful else "bold red")

    def _findings(self, report: AuditReport) -> list[dict[str, str]]:
        return [
            {
                "severity": finding.severity,
                "article": finding.article,
                "rule": finding.rule,
                "subject": finding.subject,
                "message": finding.message.in_(self.language),
                "basis": finding.basis,
            }
            for finding in report.findings
        ]

    def _problem(self, problem: Problem) -> dict[str, str]:
        return {
            "code": problem.code,
            "file": problem.file,
            "where": problem.where,
            "field": problem.field,
            "cause": problem.cause.in_(self.language),
            "action": problem.action.in_(self.language),
        }

    def document(self, document: dict[str, Any]) -> None:
        """Write the one JSON document to stdout."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
