"""What the verbs of the command line share: their common options, exit codes, and how they run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from network.problems import InputError, Text

if TYPE_CHECKING:
    from cli_screen import Screen

LAWFUL, UNLAWFUL, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

LanguageName = Literal["zh", "en"]
Lang = Annotated[LanguageName | None, typer.Option(help="提示语言。Language of messages.")]
Debug = Annotated[bool, typer.Option("--debug", help="显示出错详情。Show tracebacks.")]
Json = Annotated[bool, typer.Option("--json", help="只输出JSON。One JSON document on stdout.")]
Folder = Annotated[Path, typer.Argument(help="县文件夹。County folder.", metavar="DIR")]
PlanFile = Annotated[Path, typer.Argument(help="计划文件。Plan file.", metavar="PLAN.gpkg")]
Year = Annotated[int | None, typer.Option(min=2000, max=2100, help="年度。Year to plan.")]
_DAY = ["%Y-%m-%d"]
FirstDay = Annotated[
    datetime | None, typer.Option("--from", help="起始日。First day.", formats=_DAY, metavar="DAY")
]
LastDay = Annotated[
    datetime | None, typer.Option("--to", help="截止日。Last day.", formats=_DAY, metavar="DAY")
]
Units = Annotated[
    list[str] | None, typer.Option("--unit", help="只编这些单位。Only these units (repeatable).")
]
Seed = Annotated[int, typer.Option(min=0, help="随机种子。Seed.")]
TimeLimit = Annotated[
    float | None, typer.Option(min=0.001, metavar="SECONDS", help="时限（秒）。Safety net.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="进程数，不影响结果。Processes; the plan is the same.")
]
SpotSecret = Annotated[
    str | None, typer.Option(metavar="HEX", help="抽查密钥，默认随机。Secret of the spot checks.")
]


def run(
    context: typer.Context,
    verb: Callable[[Screen], int],
    lang: LanguageName | None,
    debug: bool,
    as_json: bool = False,
    writes: bool = False,
) -> None:
    """Run a verb and exit as it says; bad input and Ctrl-C are told, never thrown at the user."""
    from cli_screen import Screen

    default_language, default_debug = context.obj
    screen = Screen(lang or default_language, as_json)
    try:
        code = verb(screen)
    except InputError as error:
        screen.problems(error.problems, debug or default_debug, writes)
        code = BAD_INPUT
    except KeyboardInterrupt:
        screen.say(Text("已中断", "interrupted"))
        code = INTERRUPTED
    except Exception as error:  # the last resort: one red line, not a traceback
        screen.unexpected(error, debug or default_debug)
        code = BAD_INPUT
    raise typer.Exit(code)
