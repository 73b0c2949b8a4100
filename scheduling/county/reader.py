"""A county folder to a :class:`County`, or all that is wrong with the folder at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from network.problems import InputError, Problem, Text
from network.vector_layer import LayerFrame, files_of_layer
from scheduling.county.build import (
    build_all,
    checkpoint_of,
    inspector_of,
    leave_of,
    past_visit_of,
    unit_of,
    vehicle_of,
    zone_of,
)
from scheduling.county.checks import run_checks
from scheduling.county.checks_zones import a_unit_is_named
from scheduling.county.gathered import Directory, Gathered, Placed
from scheduling.county.layers import layer_files, read_layer
from scheduling.county.model import County, Inspector, Unit, Vehicle, Zone
from scheduling.county.records import Record
from scheduling.county.schema import (
    CHECKPOINT_COLUMNS,
    HISTORY_COLUMNS,
    INSPECTOR_COLUMNS,
    LEAVE_COLUMNS,
    STATION_COLUMNS,
    VEHICLE_COLUMNS,
    ZONE_COLUMNS,
    Column,
)
from scheduling.county.settings import CountySettings
from scheduling.county.settings_read import SETTINGS_FILE, read_settings
from scheduling.county.tables import read_table, table_files

#: Layers of lines that do as road files, too.
ROAD_LAYER_SUFFIXES = (".gpkg", ".shp", ".geojson", ".json", ".fgb", ".gml", ".kml", ".tab")
LAYERS = ("zones", "stations")
CHECKPOINTS = "checkpoints"  # a layer, too, that may be missing
TABLES = ("inspectors", "vehicles", "leave", "history")
OSM_SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".graphml", *ROAD_LAYER_SUFFIXES)
Identified = TypeVar("Identified", Zone, Unit, Inspector, Vehicle)


def read_county(folder: Path, *, assigned: bool = True) -> County:
    """Read and check a county folder; InputError carries every problem found in it.

    With ``assigned`` false zones may name no unit yet.
    """
    problems: list[Problem] = []
    if not folder.is_dir():
        raise InputError([_no_folder(folder)])
    gathered = _gather(folder, problems)
    return _county(folder, gathered, problems, assigned=assigned)


def read_map(folder: Path, layers: Collection[str] = LAYERS) -> County:
    """Read the settings and these layers of a county folder, which may lack people and units.

    InputError carries every problem found in them.
    """
    problems: list[Problem] = []
    if not folder.is_dir():
        raise InputError([_no_folder(folder)])
    gathered = _gather(folder, problems, layers, tables=False)
    return _county(folder, gathered, problems, assigned=False)


def _county(folder: Path, gathered: Gathered, problems: list[Problem], *, assigned: bool) -> County:
    problems.extend(_file_problems(folder, gathered.settings))
    problems.extend(run_checks(gathered, () if assigned else (a_unit_is_named,)))
    if problems or gathered.settings is None:
        raise InputError(problems)
    return County(
        settings=gathered.settings,
        zones=_by_id(gathered.zones),
        units=_by_id(gathered.units),
        inspectors=_by_id(gathered.inspectors),
        vehicles=_by_id(gathered.vehicles),
        leave=tuple(
            sorted(_values(gathered.leave), key=lambda row: (row.who, row.first_day, row.last_day))
        ),
        history=tuple(
            sorted(_values(gathered.history), key=lambda row: (row.zone, row.authority, row.day))
        ),
        checkpoints=tuple(
            sorted(
                _values(gathered.checkpoints),
                key=lambda row: (row.zone, row.name, row.lon, row.lat),
            )
        ),
        input_hashes=_hashes(folder, gathered.settings),
    )


T = TypeVar("T")


def _values(placed: tuple[Placed[T], ...] | None) -> list[T]:
    return [item.value for item in placed or ()]


def _by_id(placed: tuple[Placed[Identified], ...] | None) -> tuple[Identified, ...]:
    return tuple(sorted(_values(placed), key=lambda value: value.id))


def _gather(
    folder: Path, problems: list[Problem], layers: Collection[str] = LAYERS, *, tables: bool = True
) -> Gathered:
    """Read tables and layers; references are resolved where a name stands for an id."""
    settings = read_settings(folder, problems)

    def layer(
        stem: Literal["zones", "stations"], columns: Sequence[Column]
    ) -> tuple[Record, ...] | None:
        if stem not in layers:
            return None
        return read_layer(folder, stem, columns, _frame(settings, stem), problems)

    def table(
        stem: str, columns: Sequence[Column], *, required: bool = True
    ) -> tuple[Record, ...] | None:
        if not tables:
            return None
        return read_table(folder, stem, columns, problems, required=required)

    stations = layer("stations", STATION_COLUMNS)
    zones = layer("zones", ZONE_COLUMNS)
    inspectors = table("inspectors", INSPECTOR_COLUMNS)
    vehicles = table("vehicles", VEHICLE_COLUMNS)
    leave = table("leave", LEAVE_COLUMNS, required=False)
    history = table("history", HISTORY_COLUMNS, required=False)
    checkpoints = read_layer(
        *(folder, CHECKPOINTS, CHECKPOINT_COLUMNS, _frame(settings, "zones"), problems),
        required=False,
    )
    known = {
        noun: Directory.of(records, name)
        for noun, records, name in (
            ("unit", stations, "name"),
            ("inspector", inspectors, "name"),
            ("vehicle", vehicles, "plate"),
            ("zone", zones, "name"),
        )
        if records is not None
    }
    return Gathered(
        settings=settings,
        zones=build_all(zones, zone_of, known, problems),
        units=build_all(stations, unit_of, known, problems),
        inspectors=build_all(inspectors, inspector_of, known, problems),
        vehicles=build_all(vehicles, vehicle_of, known, problems),
        leave=build_all(leave or (), leave_of, known, problems),
        history=build_all(history or (), past_visit_of, known, problems),
        checkpoints=build_all(checkpoints or (), checkpoint_of, known, problems),
        known=known,
    )


def _frame(settings: CountySettings | None, stem: Literal["zones", "stations"]) -> LayerFrame:
    """Return how to read coordinates; lenient where county.toml itself could not be read."""
    if settings is None:
        return LayerFrame(crs="EPSG:4326")
    stated = "crs" in settings.model_fields_set
    datum = settings.layer_datum.get(stem, settings.datum)
    return LayerFrame(crs=settings.crs if stated else "", datum=datum)


def _named_files(settings: CountySettings) -> tuple[tuple[str, str], ...]:
    """Return (field, file name) of every file that county.toml names."""
    regulation, layer = settings.regulation.file, settings.roads.layer
    return (
        ("osm_file", settings.osm_file),
        *((("roads.layer", layer),) if layer else ()),
        *((("regulation.file", regulation),) if regulation else ()),
        *((f"calendar.files[{i}]", name) for i, name in enumerate(settings.calendar.files)),
    )


def _file_problems(folder: Path, settings: CountySettings | None) -> list[Problem]:
    if settings is None:
        return []
    problems = [
        Problem(
            code="county.missing-file",
            file=SETTINGS_FILE,
            field=field,
            cause=Text(f"文件 {name} 不存在", f"there is no file {name}"),
            action=Text(
                f"将 {name} 放入县目录，或改正文件名", f"put {name} there, or mend its name"
            ),
        )
        for field, name in _named_files(settings)
        if not (folder / name).is_file()
    ]
    if not settings.osm_file.endswith(OSM_SUFFIXES):
        listed = "、".join(OSM_SUFFIXES)
        problems.append(
            Problem(
                code="settings.osm-format",
                file=SETTINGS_FILE,
                field="osm_file",
                cause=Text(
                    f"{settings.osm_file} 不是可读的路网格式",
                    f"{settings.osm_file} is not in a road format that can be read",
                ),
                action=Text(f"使用以下格式之一：{listed}", f"use one of: {listed}"),
            )
        )
    return problems


def _hashes(folder: Path, settings: CountySettings) -> dict[str, str]:
    """Return the SHA-256 of every file of the folder that counts, by name relative to it."""
    paths: list[Path] = [folder / SETTINGS_FILE]
    paths.extend(
        part
        for stem in (*LAYERS, CHECKPOINTS)
        for path in layer_files(folder, stem)
        for part in files_of_layer(path)
    )
    paths.extend(path for stem in TABLES for path in table_files(folder, stem))
    paths.extend(
        part for _, name in _named_files(settings) for part in files_of_layer(folder / name)
    )
    return {_relative(path, folder): _sha256(path) for path in _unique(paths)}


def _unique(paths: Iterable[Path]) -> list[Path]:
    return sorted(set(paths))


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _no_folder(folder: Path) -> Problem:
    return Problem(
        code="county.no-folder",
        file=str(folder),
        cause=Text("县目录不存在", "there is no such county folder"),
        action=Text(
            "检查路径，或用 xuncha new 新建", "check the path, or make a folder with xuncha new"
        ),
    )
