"""The command line: verbs that parse, call and print. Heavy rooms are imported by the verbs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from network.problems import InputError, Problem, Text

if TYPE_CHECKING:
    from cli_screen import Screen
    from scheduling.audit import AuditReport
    from scheduling.inputs import PlanInputs
    from scheduling.plan.model import Plan

LAWFUL, UNLAWFUL, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="巡查：依法编制县级国土资源巡查计划。Lawful patrol plans for county bureaus.",
)
regulation_app = typer.Typer(no_args_is_help=True, help="规范。Regulations.")
app.add_typer(regulation_app, name="regulation")

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

        results = []
        for place, make in ((folder, sample_county), (folder / "shortage", shortage_county)):
            make(place / "county")
            inputs = load_inputs(place / "county", year=2026)
            plan_file = place / "plan-2026.gpkg"
            plan, report = _plan_and_audit(
                screen, inputs, plan_file, 0, _demo_secret(0), _Effort(workers or _workers())
            )
            documents = _publish(screen, plan_file, place / "documents", (), screen.language)
            results.append((place, plan, report, documents))
        for _, plan, report, _ in results:
            screen.plan(plan, report, findings=False)
        for place, _, _, documents in results:
            screen.places(place, documents)
        return LAWFUL if results[0][2].lawful else UNLAWFUL

    _run(context, verb, lang, debug)


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

        with TemporaryDirectory() as scratch:
            roads = osm or Path(scratch) / "roads.graphml"
            if place:
                from network import download_place

                download_place(place, roads)
            report = new_county(
                folder, osm_file=roads, boundary=boundary, name=name or place or folder.name
            )
        screen.new(report)
        return LAWFUL

    _run(context, verb, lang, debug)


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
        from scheduling.roads import prepare_roads

        inputs = load_inputs(folder, year=year or datetime.now().astimezone().year)
        roads = prepare_roads(inputs.county, inputs.roads_file)
        screen.checked(inputs, roads.network.report)
        return LAWFUL

    _run(context, verb, lang, debug, as_json)


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
        secret = _secret(spot_secret)
        inputs = _inputs(folder, year, first_day, last_day, unit)
        target = out or Path(f"plan-{inputs.first_day.year}.gpkg")
        _check_target(target)
        earlier = None
        if resume:
            earlier, secret = _earlier(target, inputs, seed, secret if spot_secret else None)
        effort = _Effort(workers or _workers(), time_limit, earlier)
        made, report = _plan_and_audit(screen, inputs, target, seed, secret, effort)
        screen.plan(made, report)
        screen.written(target)
        return LAWFUL if report.lawful else UNLAWFUL

    _run(context, verb, lang, debug, as_json)


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
        from scheduling.audit import audit_plan
        from scheduling.county import read_county
        from scheduling.plan.store import read_plan

        roads = county / read_county(county).settings.osm_file if county else None
        report = audit_plan(read_plan(plan_file), roads=roads)
        screen.audit(report)
        return LAWFUL if report.lawful else UNLAWFUL

    _run(context, verb, lang, debug, as_json)


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
        screen.published(_publish(screen, plan_file, out, names, lang or screen.language))
        return LAWFUL

    _run(context, verb, lang, debug)


@app.command()
def whatif(
    context: typer.Context,
    folder: Folder,
    scenarios_file: Annotated[Path, typer.Argument(metavar="SCENARIOS.toml")],
    year: Year = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    unit: Units = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="结果文件夹。Folder.")] = Path(),
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """方案比较：逐一编制并列对照。Plan named scenarios and set them side by side."""

    def verb(screen: Screen) -> int:
        from scenarios import read_scenarios, run_scenarios, write_page, write_workbook

        inputs = _inputs(folder, year, first_day, last_day, unit)
        scenarios = read_scenarios(scenarios_file, inputs)
        targets = (out / f"{scenarios_file.stem}.xlsx", out / f"{scenarios_file.stem}.html")
        for target in targets:
            _check_target(target)
        with screen.progress() as progress:
            comparison = run_scenarios(
                *(inputs, scenarios),
                seed=seed,
                workers=workers or _workers(),
                time_limit_seconds=time_limit,
                progress=progress,
            )
        write_workbook(comparison, targets[0], screen.language)
        write_page(comparison, targets[1], screen.language)
        screen.comparison(comparison, targets)
        return LAWFUL

    _run(context, verb, lang, debug, as_json)


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

    _run(context, verb, lang, debug)


def _run(
    context: typer.Context,
    verb: Callable[[Screen], int],
    lang: LanguageName | None,
    debug: bool,
    as_json: bool = False,
) -> None:
    """Run a verb and exit as it says; bad input and Ctrl-C are told, never thrown at the user."""
    from cli_screen import Screen

    default_language, default_debug = context.obj
    screen = Screen(lang or default_language, as_json)
    try:
        code = verb(screen)
    except InputError as error:
        screen.problems(error.problems, debug or default_debug)
        code = BAD_INPUT
    except KeyboardInterrupt:
        screen.say(Text("已中断", "interrupted"))
        code = INTERRUPTED
    except Exception as error:  # the last resort: one red line, not a traceback
        screen.unexpected(error, debug or default_debug)
        code = BAD_INPUT
    raise typer.Exit(code)


def _inputs(
    folder: Path,
    year: int | None,
    first_day: datetime | None,
    last_day: datetime | None,
    units: list[str] | None,
) -> PlanInputs:
    from scheduling.inputs import load_inputs

    return load_inputs(
        folder,
        year=year,
        first_day=first_day.date() if first_day else None,
        last_day=last_day.date() if last_day else None,
        units=units or (),
    )


@dataclass(frozen=True)
class _Effort:
    """How to plan: with how many processes, how long, and going on from which plan."""

    workers: int
    time_limit_seconds: float | None = None
    earlier: Plan | None = None


def _earlier(
    target: Path, inputs: PlanInputs, seed: int, secret: bytes | None
) -> tuple[Plan, bytes]:
    """Return the interrupted plan at ``target`` and the secret its spot checks were drawn by."""
    from scheduling.plan.store import read_plan, read_secret
    from scheduling.planning.resume import check_continues

    earlier = read_plan(target)
    secret = secret or read_secret(target) or _secret(None)
    check_continues(earlier, inputs, seed=seed, secret=secret, file=str(target))
    return earlier, secret


def _plan_and_audit(
    screen: Screen,
    inputs: PlanInputs,
    target: Path,
    seed: int,
    secret: bytes,
    effort: _Effort,
) -> tuple[Plan, AuditReport]:
    """Plan, write, and audit what was written: the file is what is signed or refused."""
    from scheduling.audit import audit_plan
    from scheduling.plan.store import read_plan, write_plan
    from scheduling.planning import make_plan

    with screen.progress() as progress:
        made = make_plan(
            inputs,
            seed=seed,
            secret=secret,
            workers=effort.workers,
            time_limit_seconds=effort.time_limit_seconds,
            earlier=effort.earlier,
            progress=progress,
        )
    write_plan(made, target, secret=secret)
    del made  # a county's year need not be in memory twice
    written = read_plan(target)
    return written, audit_plan(written)


def _publish(
    screen: Screen, plan_file: Path, out: Path, only: tuple[str, ...], language: LanguageName
) -> tuple[Path, ...]:
    from reports import publish as publish_plan
    from scheduling.plan.store import read_plan

    with screen.progress() as progress:
        return publish_plan(
            # Documents never show spot checks, so what is sealed stays sealed.
            read_plan(plan_file, unseal=False),
            out,
            only=only,
            language=language,
            progress=progress,
        )


def _workers() -> int:
    import os

    return os.cpu_count() or 1


def _secret(given: str | None) -> bytes:
    """Return the spot checks' secret: fresh unless given. InputError when not hexadecimal."""
    import secrets

    if given is None:
        return secrets.token_bytes(32)
    try:
        secret = bytes.fromhex(given)
    except ValueError:
        secret = b""
    if len(secret) < 16:
        cause = Text("不是至少32位的十六进制数", "not a hexadecimal number of at least 32 digits")
        action = Text("省略该选项即随机生成", "leave the option out to draw one")
        raise InputError([Problem("cli.bad-secret", "", cause, action, field="--spot-secret")])
    return secret


def _demo_secret(seed: int) -> bytes:
    from hashlib import sha256

    return sha256(f"xuncha demo {seed}".encode()).digest()


def _check_target(path: Path) -> None:
    """Refuse a target in a folder that is not there before minutes of planning, not after."""
    if not path.parent.is_dir() or path.is_dir():
        cause = Text("无法写到这里", "cannot be written there")
        action = Text(
            "请先建立文件夹，并给出文件名", "make the folder first, and name a file in it"
        )
        raise InputError([Problem("cli.no-folder", str(path), cause, action, field="--out")])


def main() -> None:
    """Run the command line (UTF-8 also on consoles of Windows)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


if __name__ == "__main__":
    main()
