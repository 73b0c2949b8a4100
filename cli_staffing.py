"""The verb about staff: the least inspectors and vehicles for which the year is lawful, proven."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cli_steps
from cli_options import (
    LAWFUL,
    Debug,
    Folder,
    Json,
    Lang,
    Seed,
    Units,
    Workers,
    Year,
    run,
)
from network.problems import InputError, Problem, Text

if TYPE_CHECKING:
    from cli_screen import Screen
    from scenarios.staffing_model import Staffing
    from scheduling.paper import Paper


Shifts = Annotated[str, typer.Option(metavar="MINUTES,…", help="班次分钟。Shifts compared.")]
Named = Annotated[
    bool | None,
    typer.Option("--named/--anonymous", help="只按在册人员或只按同等人员。Only one of both."),
]
Merges = Annotated[list[str] | None, typer.Option(metavar="A+B", help="并站测算。Stations merged.")]
LeaveWeeks = Annotated[
    int, typer.Option(min=0, max=6, help="同等人员年休假周数[D]。Weeks off of each.")
]
Replans = Annotated[
    int, typer.Option(min=0, max=24, help="每单位重排最紧的缺勤数。Absences replanned.")
]
Document = Annotated[
    Path | None, typer.Option(metavar="FILE", help="另存xlsx、html或docx。Document.")
]


def staffing(
    context: typer.Context,
    folder: Folder,
    year: Year = None,
    unit: Units = None,
    shift: Shifts = "300,360,420",
    named: Named = None,
    merge: Merges = None,
    leave_weeks: LeaveWeeks = 1,
    replans: Replans = 1,
    seed: Seed = 0,
    workers: Workers = None,
    out: Document = None,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """最少人车：再少一人就不合规，逐一证明。The least staff that is lawful, proven."""

    def verb(screen: Screen) -> int:
        from scenarios.staffing import least_staff
        from scenarios.staffing_model import StaffingOptions
        from scheduling.planning.kept_files import kept_files

        options = StaffingOptions(
            shifts=_minutes(shift),
            leave_weeks=leave_weeks,
            anonymous=named is not True,
            named=named is not False,
            replans=replans,
            seed=seed,
        )
        if out is not None:
            _check_out(out)
        this_year = year or datetime.now().astimezone().year
        inputs = cli_steps.inputs_of(folder, this_year, None, None, unit)
        with screen.progress() as progress:
            found = least_staff(
                *(inputs, options),
                merges=merge or (),
                workers=workers or cli_steps.all_workers(),
                files=kept_files(),
                progress=progress,
            )
        _tell(screen, found, out)
        return LAWFUL

    run(context, verb, lang, debug, as_json, writes=out is not None)


def _tell(screen: Screen, found: Staffing, out: Path | None) -> None:
    """Print what was found, and write it where a file is named."""
    from scenarios.staffing_paper import staffing_paper

    paper = staffing_paper(found, screen.language)
    if screen.as_json:
        screen.document(found.document(screen.language))
    _show(screen, paper)
    if out is not None:
        from reports.paper import write_paper

        write_paper(paper, out)
        screen.published([out])


def _minutes(given: str) -> tuple[int, ...]:
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not parts or not all(part.isdigit() and 0 < int(part) <= 1440 for part in parts):
        cause = Text(f"“{given}”不是以逗号分隔的分钟数", f"{given!r} is not a list of minutes")
        action = Text("写作 --shift 300,360,420", "write it as --shift 300,360,420")
        raise InputError([Problem("staffing.shift", "--shift", cause, action)])
    return tuple(sorted({int(part) for part in parts}))


def _check_out(out: Path) -> None:
    """Refuse before minutes of work a document that cannot be written."""
    from reports.paper import PAPER_KINDS

    if out.suffix.lower() not in PAPER_KINDS:
        cause = Text("只能写 .xlsx、.html 或 .docx", "only .xlsx, .html or .docx can be written")
        action = Text("请改文件名后缀", "change the ending of its name")
        raise InputError([Problem("staffing.out", str(out), cause, action, field="--out")])
    cli_steps.check_target(out)


def _show(screen: Screen, paper: Paper) -> None:
    from scheduling.paper import Grid, Words

    screen.say(Text(paper.title, paper.title), "bold")
    for section in paper.sections:
        screen.say(Text(f"\n{section.title}", f"\n{section.title}"), "bold")
        for block in section.blocks:
            match block:
                case Grid():
                    rows = [[str(value) for value in row] for row in block.rows]
                    screen.table(block.heading, rows, last_is_total=block.has_total)
                case Words():
                    screen.paragraph(Text(block.text, block.text))
