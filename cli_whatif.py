"""The verb that plans named scenarios beside the county as it is and sets them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cli_steps
from cli_options import (
    LAWFUL,
    Debug,
    FirstDay,
    Folder,
    Json,
    Lang,
    LastDay,
    Seed,
    TimeLimit,
    Units,
    Workers,
    Year,
    run,
)
from network.problems import Text

if TYPE_CHECKING:
    from cli_screen import Screen
    from scenarios.compare import Comparison
    from scheduling.planning.reuse import Reuse

#: What is written into a folder.
_ENDINGS = (".docx", ".xlsx", ".html")


def whatif(
    context: typer.Context,
    folder: Folder,
    scenarios_file: Annotated[
        Path | None,
        typer.Argument(metavar="[SCENARIOS.toml]", help="默认DIR/scenarios.toml。"),
    ] = None,
    year: Year = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    unit: Units = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    workers: Workers = None,
    out: Annotated[
        Path, typer.Option(metavar="FILE|DIR", help="docx、xlsx、html文件，或文件夹。")
    ] = Path(),
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="不用也不存以前的结果。Neither use nor keep results.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """方案比较：逐一编制、审核并列对照。Plan named scenarios and set them side by side."""

    def verb(screen: Screen) -> int:
        from scenarios import comparison_paper, read_scenarios, run_scenarios

        file = scenarios_file or folder / "scenarios.toml"
        inputs = cli_steps.inputs_of(folder, year, first_day, last_day, unit)
        scenarios = read_scenarios(file, inputs)
        targets = _targets(out, file.stem)
        with screen.progress() as progress:
            try:
                comparison = run_scenarios(
                    *(inputs, scenarios),
                    seed=seed,
                    workers=workers or cli_steps.all_workers(),
                    time_limit_seconds=time_limit,
                    reuse=_reuse(no_cache),
                    progress=progress,
                )
            except KeyboardInterrupt:
                if not no_cache:
                    screen.say(_KEPT)
                raise
        from reports.paper import write_paper

        paper = comparison_paper(comparison, screen.language)
        for target in targets:
            write_paper(paper, target)
        _show(screen, comparison)
        screen.published(targets)
        return LAWFUL

    run(context, verb, lang, debug, as_json, writes=True)


_KEPT = Text(
    "已编完的单位留在缓存中，再次运行即接续", "units planned so far are kept: run it again to go on"
)


def _targets(out: Path, stem: str) -> tuple[Path, ...]:
    """Return the files to write: the one named, or one of each kind in a folder; made sure of."""
    if out.suffix.lower() in _ENDINGS and not out.is_dir():
        targets: tuple[Path, ...] = (out,)
    else:
        cli_steps.make_folder(out)
        targets = tuple(out / f"{stem}{ending}" for ending in _ENDINGS)
    for target in targets:
        cli_steps.check_target(target)
    return targets


def _reuse(no_cache: bool) -> Reuse:
    from scheduling.planning.kept_files import kept_files
    from scheduling.planning.reuse import Reuse

    return Reuse(None if no_cache else kept_files())


def _show(screen: Screen, comparison: Comparison) -> None:
    """Show the table and each scenario's answer in words; one document with ``--json``."""
    from scenarios.verdicts import verdict

    if screen.as_json:
        screen.document(comparison.document())
    heading, *rows = comparison.table(screen.language)
    screen.table(heading, rows)
    for outcome in comparison.outcomes:
        screen.say(outcome.name, "bold")
        style = "" if outcome.lawful else "red"
        screen.indented(verdict(comparison, outcome), 1, style)
