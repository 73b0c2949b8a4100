"""The command line: verbs that parse, call and print. Heavy rooms are imported by the verbs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cli_explain
import cli_land
import cli_staffing
import cli_steps
import cli_whatif
from cli_options import (
    LAWFUL,
    UNLAWFUL,
    Debug,
    FirstDay,
    Folder,
    Json,
    Lang,
    LanguageName,
    LastDay,
    PlanFile,
    Seed,
    SpotSecret,
    TimeLimit,
    Units,
    Workers,
    Year,
    run,
)

if TYPE_CHECKING:
    from cli_screen import Screen

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="巡查：依法编制县级国土资源巡查计划。Lawful patrol plans for county bureaus.",
)
regulation_app = typer.Typer(no_args_is_help=True, help="规范。Regulations.")
app.add_typer(regulation_app, name="regulation")
app.add_typer(cli_land.zones_app, name="zones")
app.add_typer(cli_land.roads_app, name="roads")
app.command()(cli_explain.explain)
app.command()(cli_staffing.staffing)
app.command()(cli_whatif.whatif)


@app.callback()
def _globals(
    context: typer.Context,
    lang: Annotated[
        LanguageName,
        typer.Option(envvar="XUNCHA_LANG", help="提示语言。Language of messages."),
    ] = "zh",
    debug: Debug = False,
) -> None:
    context.obj = (lang, debug)


@app.command()
def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("demo"),
    workers: Workers = None,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """示例：示例县、计划、审核、文书，全程离线。Sample county, plan, audit, documents."""

    def verb(screen: Screen) -> int:
        from examples import sample_county, shortage_county
        from scheduling.inputs import load_inputs
        from scheduling.plan.model import PlanStatus

        results = []
        for place, make in ((folder, sample_county), (folder / "shortage", shortage_county)):
            make(place / "county")
            inputs = load_inputs(place / "county", year=2026)
            plan_file = place / "plan-2026.gpkg"
            plan, report, _ = cli_steps.plan_and_audit(
                screen,
                inputs,
                plan_file,
                0,
                cli_steps.demo_secret(0),
                cli_steps.Effort(workers or cli_steps.all_workers()),
            )
            if plan.status is PlanStatus.INTERRUPTED:
                screen.plan(plan, report, findings=False)
                return UNLAWFUL
            documents = cli_steps.publish_documents(
                screen, plan_file, place / "documents", (), screen.language
            )
            results.append((place, plan, report, documents))
        for _, plan, report, _ in results:
            screen.plan(plan, report, findings=False)
        for place, _, _, documents in results:
            screen.places(place, documents)
        return LAWFUL if results[0][2].lawful else UNLAWFUL

    run(context, verb, lang, debug)


@app.command()
def new(
    context: typer.Context,
    folder: Folder,
    osm: Annotated[Path | None, typer.Option(metavar="FILE", help="OSM数据。Extract.")] = None,
    boundary: Annotated[Path | None, typer.Option(metavar="FILE", help="县界。")] = None,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="联网取OSM。Online.")] = None,
    name: Annotated[str | None, typer.Option(help="县名。Name of the county.")] = None,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """由真实路网新建县文件夹。A county folder from a real extract."""
    if (osm is None) == (place is None):
        raise typer.BadParameter("请给出 --osm 或 --place 之一。Give either --osm or --place.")

    def verb(screen: Screen) -> int:
        from tempfile import TemporaryDirectory

        from scheduling.county.writer import new_county
        from scheduling.roads import compile_road_kernels

        with TemporaryDirectory() as scratch:
            roads = osm or Path(scratch) / "roads.graphml"
            if place:
                from network import download_place

                download_place(place, roads)
            with screen.progress() as progress:
                compile_road_kernels(progress)
            report = new_county(
                folder, osm_file=roads, boundary=boundary, name=name or place or folder.name
            )
        screen.new(report)
        return LAWFUL

    run(context, verb, lang, debug, writes=True)


@app.command()
def check(
    context: typer.Context,
    folder: Folder,
    year: Year = None,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """检查县文件夹，一次列出全部问题。Validate everything, all errors at once."""

    def verb(screen: Screen) -> int:
        from scheduling.inputs import load_inputs
        from scheduling.inspections import zone_inspections
        from scheduling.roads import prepare_roads

        inputs = load_inputs(folder, year=year or datetime.now().astimezone().year)
        with screen.progress() as progress:
            roads = prepare_roads(inputs.county, inputs.roads_file, progress)
        found = zone_inspections(inputs.county, roads)
        screen.checked(inputs, roads.network.report, found)
        return LAWFUL

    run(context, verb, lang, debug, as_json)


@app.command()
def plan(
    context: typer.Context,
    folder: Folder,
    year: Year = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    unit: Units = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.gpkg", help="计划文件。")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="接续中断的计划。Go on.")] = False,
    spot_secret: SpotSecret = None,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """编制计划并审核；合规退出0，不合规1。Plan and audit; exit 0 when lawful, else 1."""

    def verb(screen: Screen) -> int:
        from scheduling.plan.model import PlanStatus

        secret = cli_steps.secret_of(spot_secret)
        inputs = cli_steps.inputs_of(folder, year, first_day, last_day, unit)
        target = out or Path(f"plan-{inputs.first_day.year}.gpkg")
        cli_steps.check_target(target, ".gpkg")
        earlier = None
        if resume:
            earlier, secret = cli_steps.earlier_plan(
                target, inputs, seed, secret if spot_secret else None
            )
        effort = cli_steps.Effort(workers or cli_steps.all_workers(), time_limit, earlier)
        made, report, written = cli_steps.plan_and_audit(
            screen, inputs, target, seed, secret, effort
        )
        screen.plan(made, report)
        screen.written(written, interrupted=made.status is PlanStatus.INTERRUPTED)
        return LAWFUL if report.lawful else UNLAWFUL

    run(context, verb, lang, debug, as_json, writes=True)


@app.command()
def audit(
    context: typer.Context,
    plan_file: PlanFile,
    county: Annotated[Path | None, typer.Option(metavar="DIR", help="据路网复核路段。")] = None,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """逐条审核计划：0合规，1不合规，2无法读取。Article by article; exit 0, 1 or 2."""

    def verb(screen: Screen) -> int:
        from scheduling.audit import audit_file
        from scheduling.county import read_county

        roads = county / read_county(county).settings.osm_file if county else None
        report = audit_file(plan_file, roads=roads)
        screen.audit(report)
        return LAWFUL if report.lawful else UNLAWFUL

    run(context, verb, lang, debug, as_json)


@app.command()
def publish(
    context: typer.Context,
    plan_file: PlanFile,
    out: Annotated[Path, typer.Option(metavar="DIR", help="文书文件夹。Folder.")],
    only: Annotated[list[str] | None, typer.Option(help="只出这些文书。Only these.")] = None,
    lang: Annotated[
        LanguageName | None, typer.Option(help="文书语言。Language of the documents.")
    ] = None,
    debug: Debug = False,
) -> None:
    """由计划生成文书。Documents from a plan."""

    def verb(screen: Screen) -> int:
        names = tuple(name for names in only or () for name in names.split(",") if name)
        screen.published(
            cli_steps.publish_documents(screen, plan_file, out, names, lang or screen.language)
        )
        return LAWFUL

    run(context, verb, lang, debug, writes=True)


@regulation_app.command("show")
def regulation_show(
    context: typer.Context,
    preset: Annotated[str, typer.Argument(metavar="[PRESET]")] = "jilin",
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """显示规范各条规则及其出处。The rules of a regulation, each with its article."""

    def verb(screen: Screen) -> int:
        from scheduling.regulation import load_preset, preset_names, show

        screen.regulation(show(load_preset(preset), screen.language), preset_names())
        return LAWFUL

    run(context, verb, lang, debug)


def main() -> None:
    """Run the command line (UTF-8 also on consoles of Windows)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


if __name__ == "__main__":
    main()
