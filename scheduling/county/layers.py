"""Layers of a county folder: any vector format GDAL reads, any CRS, to records in WGS-84."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import shapely

from network.problems import InputError, Problem, Text
from network.vector_layer import (
    LAYER_SUFFIXES,
    LayerFrame,
    RawLayer,
    load_layer,
    to_wgs84,
    value_text,
)
from scheduling.county.records import Record, match_columns
from scheduling.county.schema import Column


def layer_files(folder: Path, stem: str) -> tuple[Path, ...]:
    """Return the layer files of that name which are there."""
    return tuple(path for suffix in LAYER_SUFFIXES if (path := folder / f"{stem}{suffix}").exists())


def read_layer(
    folder: Path,
    stem: str,
    columns: Sequence[Column],
    frame: LayerFrame,
    problems: list[Problem],
    *,
    required: bool = True,
) -> tuple[Record, ...] | None:
    """Return the features of the layer ``stem`` in WGS-84, or None when it is not usable.

    One that is not ``required`` may be missing or empty.
    """
    files = layer_files(folder, stem)
    if not files and not required:
        return ()
    if len(files) != 1:
        problems.append(_not_one(stem, files))
        return None
    path = files[0]
    try:
        raw = load_layer(path, stem)
    except InputError as error:
        problems.extend(error.problems)
        return None
    positions, wrong = match_columns(raw.fields, columns, path.name)
    problems.extend(wrong)
    if not len(raw.geometry) and not wrong:
        if not required:
            return ()
        problems.append(_no_features(path.name))
    transformed = to_wgs84(raw.geometry, raw.crs, path.name, frame, problems)
    if wrong or transformed is None or not len(transformed):
        return None
    noun = stem.removesuffix("s")
    return tuple(
        _record(path.name, noun, index, raw, positions, transformed[index])
        for index in range(len(raw.geometry))
    )


def _record(
    file: str,
    noun: str,
    index: int,
    raw: RawLayer,
    positions: dict[str, int],
    geometry: shapely.Geometry | None,
) -> Record:
    values = {name: value_text(raw.columns[at][index]) for name, at in positions.items()}
    identity = values.get("id", "")
    where = f"{noun} {identity}" if identity else f"feature {index + 1}"
    return Record(file=file, where=where, values=values, geometry=geometry)


def _not_one(stem: str, files: Sequence[Path]) -> Problem:
    if not files:
        return Problem(
            code="county.missing-file",
            file=f"{stem}.gpkg",
            cause=Text("文件不存在", "there is no such file"),
            action=Text(
                f"在县目录中放入 {stem}.gpkg(或 .geojson、.shp 等)",
                f"put {stem}.gpkg (or .geojson, .shp, ...) there",
            ),
        )
    names = "、".join(path.name for path in files)
    return Problem(
        code="layer.two-files",
        file=files[0].name,
        cause=Text(f"同名图层不止一个：{names}", f"there is more than one such layer: {names}"),
        action=Text("只保留一个", "keep only one of them"),
    )


def _no_features(file: str) -> Problem:
    return Problem(
        code="layer.no-features",
        file=file,
        cause=Text("图层没有要素", "the layer has no feature"),
        action=Text("至少绘制一个要素", "draw at least one feature"),
    )
