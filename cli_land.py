"""Verbs about the land: draft zones, share them out, report on the roads."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cli_land_screen
import cli_steps
from cli_options import LAWFUL, Debug, Folder, Json, Lang, Seed, Year, run

if TYPE_CHECKING:
    from cli_screen import Screen

zones_app = typer.Typer(
    no_args_is_help=True, help="巡查区草案与划片包干。Draft and share out zones."
)
roads_app = typer.Typer(no_args_is_help=True, help="路网。Road data.")


class AuthorityName(StrEnum):
    """Whose units are meant."""

    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"


Apply = Annotated[
    bool, typer.Option("--apply", help="直接替换，原图层改名保留。Put it in place of the layer.")
]


@zones_app.command()
def draft(
    context: typer.Context,
    folder: Folder,
    online: Annotated[
        str | None, typer.Option("--from-osm-online", metavar="PLACE", help="联网取OSM。Online.")
    ] = None,
    apply: Apply = False,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """划定巡查区草案（第七条）。Draft zones of levels 1-3 from map and own layers."""

    def verb(screen: Screen) -> int:
        from network.online import download_features
        from scheduling.roads import compile_road_kernels
        from scheduling.zones.folder import draft_folder

        features = download_features(online) if online else None
        with screen.progress() as progress:
            compile_road_kernels(progress)
        cli_land_screen.drafted(screen, draft_folder(folder, online=features, apply=apply))
        return LAWFUL

    run(context, verb, lang, debug, as_json, writes=True)


@zones_app.command()
def assign(
    context: typer.Context,
    folder: Folder,
    year: Year = None,
    free: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="先收回这些巡查区、单位或人员的，或all。Give up first."),
    ] = None,
    authority: Annotated[
        list[AuthorityName] | None,
        typer.Option(help="只划这些层级。Only these authorities."),
    ] = None,
    apply: Apply = False,
    seed: Seed = 0,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """划片包干：提出实施单位和责任人。Propose unit and responsible person of each zone."""

    def verb(screen: Screen) -> int:
        from scheduling.county.model import AUTHORITIES
        from scheduling.county.proposal import propose_zones
        from scheduling.inputs import load_inputs
        from scheduling.roads import compile_road_kernels
        from scheduling.territories import assign_territories

        this_year = year or datetime.now().astimezone().year
        inputs = load_inputs(folder, year=this_year, assigned=False)
        with screen.progress() as progress:
            compile_road_kernels(progress)
        chosen = tuple(name for name in AUTHORITIES if name in (authority or AUTHORITIES))
        made = assign_territories(inputs, free=free or (), authorities=chosen, seed=seed)
        written = propose_zones(made.county.zones, folder, apply=apply)
        cli_land_screen.assigned(screen, inputs.county, made, written)
        return LAWFUL

    run(context, verb, lang, debug, as_json, writes=True)


@roads_app.command()
def report(
    context: typer.Context,
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="报告文件夹，默认县文件夹。Folder.")
    ] = None,
    province: Annotated[
        Path | None, typer.Option(metavar="FILE", help="全省路网，用于密度对比。Province's roads.")
    ] = None,
    counties: Annotated[
        Path | None, typer.Option(metavar="FILE", help="全省县界。Outlines of its counties.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
    debug: Debug = False,
) -> None:
    """路网质量报告：先补什么。What is wrong with the road data, and what to mend first."""
    if (province is None) != (counties is None):
        raise typer.BadParameter("--province 与 --counties 须同时给出。Give both or neither.")

    def verb(screen: Screen) -> int:
        from reports.roads_page import write_roads_report
        from scheduling.road_report import province_densities, report_roads

        target = out or folder
        cli_steps.make_folder(target)
        densities = province_densities(province, counties) if province and counties else ()
        found = report_roads(folder, densities)
        files = write_roads_report(found, target, lang or screen.language)
        cli_land_screen.roads(screen, found, files)
        return LAWFUL

    run(context, verb, lang, debug, as_json, writes=True)
