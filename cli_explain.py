"""The verb that says why a plan cannot be lawful, proven, and what would cure it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cli_steps
from cli_options import (
    LAWFUL,
    UNLAWFUL,
    Debug,
    FirstDay,
    Json,
    Lang,
    LastDay,
    Seed,
    Units,
    Workers,
    Year,
    run,
)
from network.problems import Text

if TYPE_CHECKING:
    from cli_screen import Screen
    from scheduling.explain.model import Explanation
    from scheduling.inputs import PlanInputs
    from scheduling.plan.model import Plan

_STYLES = {"": "", "bad": "bold red", "good": "green"}


def explain(
    context: typer.Context,
    source: Annotated[
        Path, typer.Argument(metavar="DIR|PLAN.gpkg", help="县文件夹或计划。County or plan.")
    ],
    year: Year = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    unit: Units = None,
    county: Annotated[
        Path | None, typer.Option(metavar="DIR", help="计划所用路网。Roads of the plan.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="另存说明文书。Write a document too.")
    ] = None,
    seed: Seed = 0,
    workers: Workers = None,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """说明为何不能依规完成及如何补救；合规0，否则1。Why it cannot be lawful, what cures it."""
    if source.is_file() and any((year, first_day, last_day, unit)):
        raise typer.BadParameter(
            "计划已定日期与单位。A plan has its own days and units: no --year, --from, --unit."
        )

    def verb(screen: Screen) -> int:
        from scenarios.remedies_explain import explain as explained
        from scenarios.remedies_explain import explain_secret, plan_to_explain
        from scenarios.remedies_trial import Trials

        with screen.progress() as progress:
            trials = Trials(
                seed, explain_secret(seed), workers or cli_steps.all_workers(), progress=progress
            )
            if source.is_file():
                plan, inputs, secret = _of_plan(source, county)
                trials = replace(trials, secret=secret or trials.secret)
            else:
                inputs = cli_steps.inputs_of(source, year, first_day, last_day, unit)
                plan = plan_to_explain(inputs, trials)
            found = explained(plan, inputs, trials)
        _show(screen, found)
        if out is not None and not found.lawful:
            from reports.explanation_document import write_explanation

            screen.published(write_explanation(found, plan, out, screen.language))
        return LAWFUL if found.lawful else UNLAWFUL

    run(context, verb, lang, debug, as_json, writes=out is not None)


def _of_plan(file: Path, county: Path | None) -> tuple[Plan, PlanInputs | None, bytes | None]:
    """Return a plan, its inputs where the roads are at hand, and its spot checks' secret."""
    from scheduling.plan.store import read_plan, read_secret

    plan, secret = read_plan(file), read_secret(file)
    if county is None:
        return plan, None, secret
    from scenarios.remedies_explain import inputs_of_plan
    from scheduling.inputs import load_inputs

    at_hand = load_inputs(county, year=plan.first_day.year)
    return plan, inputs_of_plan(plan, at_hand), secret


def _show(screen: Screen, found: Explanation) -> None:
    from reports.explanation import document, sections

    if screen.as_json:
        screen.document(document(found, screen.language))
    if found.lawful:
        screen.say(Text("计划合规，没有需要说明的。", "Lawful: nothing to explain."), "bold green")
        return
    for number, section in enumerate(sections(found), 1):
        title = section.title
        screen.say(Text(f"\n{number}. {title.zh}", f"\n{number}. {title.en}"), "bold")
        for line in section.lines:
            screen.indented(line.text, line.depth, _STYLES[line.tone])
