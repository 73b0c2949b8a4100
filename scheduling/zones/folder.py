"""Draft the zones of a county folder from its roads, stations and own layers, and from OSM."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from network.features import OsmFeatures
from network.problems import InputError, Text
from scheduling.county.layers import layer_files
from scheduling.county.new_folder import NO_STREETS, features_of, nothing_drawn, road_lines_of
from scheduling.county.proposal import propose_units, propose_zones
from scheduling.county.reader import read_map
from scheduling.county.road_data import load_roads
from scheduling.county.tables import table_files
from scheduling.zones.draft import Draft, draft_county
from scheduling.zones.own_layers import read_own_layers
from scheduling.zones.sizes import Drives


@dataclass(frozen=True)
class FolderDraft:
    """A draft, the kinds of the bureau's layers that went into it, and the files written."""

    draft: Draft
    own_layers: tuple[str, ...]
    files: tuple[Path, ...]


def draft_folder(
    folder: Path, *, online: OsmFeatures | None = None, apply: bool = False
) -> FolderDraft:
    """Draft the zones of a county folder and write them as a proposal, or in place (``apply``).

    ``online`` features are used instead of those of the folder's road file. The land is shared out
    among the folder's stations; without a layer of these they are drafted too. Raises InputError
    for whatever is wrong with settings, stations, roads or layers.
    """
    has_stations = bool(layer_files(folder, "stations"))
    county = read_map(folder, ("stations",) if has_stations else ())
    roads_file = folder / county.settings.osm_file
    own = read_own_layers(folder, county.settings)
    network = load_roads(county.settings, roads_file)
    features = online if online is not None else features_of(roads_file, network)
    draft = draft_county(
        own.over(features),
        road_lines_of(network),
        road_lines_of(network, NO_STREETS),
        name=county.settings.name,
        boundary=own.boundary,
        drives=Drives(network, county.settings),
        units=county.units,
    )
    if not draft.zones:
        raise InputError([nothing_drawn(roads_file.name)])
    notes = [*draft.notes, *_named_elsewhere(folder)]
    squads = [unit.id for unit in draft.units if unit.authority == "county"]
    if len(squads) > 1:
        notes.append(_several_squads(squads))
    files = [propose_zones(draft.zones, folder, apply=apply)]
    if not has_stations:
        files.append(propose_units(draft.units, folder, apply=apply))
    return FolderDraft(replace(draft, notes=tuple(notes)), tuple(sorted(own.shapes)), tuple(files))


def _several_squads(squads: list[str]) -> Text:
    free = " ".join(f"--free {squad}" for squad in squads)
    return Text(
        f"县级中队不止一个，暂归距乡镇最近者；用 xuncha zones assign {free} 均衡划分。",
        f"There are several squads, each township is with the nearest for now: share them out with "
        f"`xuncha zones assign {free}`.",
    )


def _named_elsewhere(folder: Path) -> list[Text]:
    """Return a note on the tables that name zones by ids which the draft does not have."""
    if not layer_files(folder, "zones") or not table_files(folder, "history"):
        return []
    return [
        Text(
            "草案的巡查区编号是新的：history 表中的旧编号须改正或清空，否则 check 报错。",
            "The draft's zones have new ids: mend or empty the history table, which names the old "
            "ones, or check refuses it.",
        )
    ]
