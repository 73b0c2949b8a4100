"""Proposed layers: written beside a county's own, and put in their place only when asked to.

What was there is kept under another name: ``zones.before.gpkg``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from network.problems import InputError, Problem, Text
from network.vector_layer import files_of_layer, load_layer
from scheduling.county.layers import layer_files
from scheduling.county.model import Unit, Zone
from scheduling.county.schema import ZONE_COLUMNS, heading_key, headings
from scheduling.county.writer import unit_columns, write_layer, zone_columns

PROPOSED, BEFORE = "proposed", "before"


def propose_zones(zones: Sequence[Zone], folder: Path, *, apply: bool) -> Path:
    """Write the zones layer and return where: beside the folder's own, or in its place.

    Without a layer of its own the folder gets this one. Columns of the user's own are kept for
    zones that were there before. Raises InputError when a file cannot be written.
    """
    columns = {**zone_columns(zones), **_own_columns(zones, folder)}
    return _put(folder, "zones", [zone.geometry for zone in zones], columns, apply=apply)


def propose_units(units: Sequence[Unit], folder: Path, *, apply: bool) -> Path:
    """Write the stations layer and return where; as ``propose_zones``."""
    points = [shapely.Point(unit.lon, unit.lat) for unit in units]
    return _put(folder, "stations", points, unit_columns(units), apply=apply)


def _own_columns(zones: Sequence[Zone], folder: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return the layer's columns that are not ours, by zone; empty for zones that are new."""
    files = layer_files(folder, "zones")
    if len(files) != 1:
        return {}
    raw = load_layer(files[0], "zones")
    known = headings(ZONE_COLUMNS)
    names = {known.get(heading_key(field)): at for at, field in reversed([*enumerate(raw.fields)])}
    if "id" not in names:
        return {}
    row_of = {str(value): row for row, value in enumerate(raw.columns[names["id"]])}
    own: dict[str, np.ndarray[Any, Any]] = {}
    for field, column in zip(raw.fields, raw.columns, strict=True):
        if heading_key(field) not in known:
            rows = [row_of.get(zone.id) for zone in zones]
            values = ["" if row is None else column[row] for row in rows]
            own[field] = np.array([_text(value) for value in values], dtype=object)
    return own


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN


def _put(
    folder: Path,
    stem: str,
    shapes: Sequence[shapely.Geometry],
    columns: Mapping[str, np.ndarray[Any, Any]],
    *,
    apply: bool,
) -> Path:
    there = layer_files(folder, stem)
    new = folder / f"{stem}.{PROPOSED}.gpkg"
    try:
        write_layer(new, stem, shapes, dict(columns))
        if there and not apply:
            return new
        for layer in there:
            for part in files_of_layer(layer) if layer.is_file() else (layer,):
                part.replace(folder / f"{stem}.{BEFORE}{part.suffix}")
        return new.replace(folder / f"{stem}.gpkg")
    except OSError as error:
        raise InputError([_cannot_write(new, error)]) from error


def _cannot_write(path: Path, error: OSError) -> Problem:
    return Problem(
        code="zones.cannot-write",
        file=str(path),
        cause=Text(f"无法写入（{error}）", f"cannot be written ({error})"),
        action=Text(
            "关闭正在打开该图层的程序（QGIS），并检查文件夹权限",
            "close the program that has the layer open (QGIS), and check the folder's permissions",
        ),
    )
