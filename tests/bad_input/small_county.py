"""A small, valid county folder, and small ways of spoiling one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

COLUMNS_AND_ROWS = 6
STEP_DEGREES = 0.02
LON, LAT = 125.0, 43.5

SETTINGS = """\
name = "小县"
osm_file = "roads.osm"
crs = "EPSG:4326"
datum = "wgs84"

[shift]
earliest_departure = 08:30:00

[visit]
stop_minutes = 20

[regulation]
preset = "jilin"
"""

INSPECTORS = """\
id,name,unit,certificate_number,certificate_from,certificate_until,licensed
P1,张一,S1,22000001,2022-01-01,2028-12-31,yes
P2,李二,S1,22000002,2022-01-01,2028-12-31,yes
P3,王三,C1,22000003,2022-01-01,2028-12-31,yes
P4,赵四,C1,22000004,2022-01-01,2028-12-31,no
"""

VEHICLES = """\
id,plate,unit,seats,available_from,available_until
V1,吉A0001,S1,5,,
V2,吉A0002,C1,5,,
"""

LEAVE = """\
who,first_day,last_day,reason
P1,2026-05-06,2026-05-08,年休假
"""

HISTORY = """\
zone,authority,day
Z1,township,2025-12-20
"""


def osm_xml() -> str:
    """Return a grid of tertiary roads, about 10 by 13 km, as OSM XML."""
    size = COLUMNS_AND_ROWS
    nodes = [
        f'<node id="{row * size + column + 1}" version="1" lon="{LON + column * STEP_DEGREES:.6f}"'
        f' lat="{LAT + row * STEP_DEGREES:.6f}"/>'
        for row in range(size)
        for column in range(size)
    ]
    lines = [[row * size + column + 1 for column in range(size)] for row in range(size)]
    lines += [[row * size + column + 1 for row in range(size)] for column in range(size)]
    ways = [
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{node}"/>' for node in line)
        + '<tag k="highway" v="tertiary"/></way>'
        for number, line in enumerate(lines, 1)
    ]
    return "\n".join(['<osm version="0.6" generator="test">', *nodes, *ways, "</osm>"])


def on_grid(column: float, row: float) -> tuple[float, float]:
    """Return lon/lat of a place on the grid of roads."""
    return LON + column * STEP_DEGREES, LAT + row * STEP_DEGREES


def make_small_county(folder: Path) -> Path:
    """Write a valid county folder with four zones, a station and a squad."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("county.toml", SETTINGS),
        ("roads.osm", osm_xml()),
        ("inspectors.csv", INSPECTORS),
        ("vehicles.csv", VEHICLES),
        ("leave.csv", LEAVE),
        ("history.csv", HISTORY),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    x, y = on_grid(3, 3)
    shapes = [
        shapely.Point(on_grid(1, 1)),
        shapely.LineString([on_grid(0, 2), on_grid(2, 2)]),
        shapely.box(x, y, x + 0.01, y + 0.01),
        shapely.Point(on_grid(4, 1)),
    ]
    write_features(
        folder / "zones.gpkg",
        shapes,
        {
            "id": ["Z1", "Z2", "Z3", "Z4"],
            "name": ["东村", "乡道", "基本农田", "采石场"],
            "level": ["1", "2", "1", "3"],
            "kind": ["village", "road", "farmland", "mine"],
            "unit_township": ["S1"] * 4,
            "unit_county": ["C1"] * 4,
            "responsible_township": ["P1;P2", "P1", "P2", "P2"],
            "responsible_county": ["P3", "P3", "P4", "P4"],
            "stop_minutes": ["", "", "", "30"],
        },
    )
    write_features(
        folder / "stations.gpkg",
        [shapely.Point(on_grid(2, 2)), shapely.Point(on_grid(3, 2))],
        {
            "id": ["S1", "C1"],
            "name": ["东乡自然资源所", "执法一中队"],
            "authority": ["township", "county"],
            "head": ["张一", "王三"],
            "township": ["东乡", ""],
        },
    )
    return folder


Columns = dict[str, list[Any]]


def write_features(
    path: Path, shapes: list[Any], columns: Columns, crs: str | None = "EPSG:4326", **options: Any
) -> None:
    """Write a layer named after the file."""
    import warnings

    from pyogrio.raw import write

    path.unlink(missing_ok=True)
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a layer without CRS is what some cases are about
        write(
            path,
            shapely.to_wkb(np.array(shapes, dtype=object)),
            [np.array(values, dtype=object) for values in columns.values()],
            list(columns),
            layer=path.stem,
            geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
            promote_to_multi=False,
            crs=crs,
            **options,
        )


def read_features(path: Path) -> tuple[list[Any], Columns]:
    """Read a layer back as shapes and columns."""
    from pyogrio.raw import read

    meta, _, geometry, columns = read(path)
    return list(shapely.from_wkb(geometry)), {
        str(name): list(values) for name, values in zip(meta["fields"], columns, strict=True)
    }


Spoil = Callable[[Path], None]


def replace_text(file: str, old: str, new: str) -> Spoil:
    """Return what replaces ``old``, which must be there, by ``new`` in a text file."""

    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def add_text(file: str, more: str) -> Spoil:
    """Return what appends text to a file."""

    def spoil(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write(more)

    return spoil


def change_cell(layer: str, row: int, column: str, value: object) -> Spoil:
    """Return what changes one attribute of one feature."""

    def spoil(folder: Path) -> None:
        shapes, columns = read_features(folder / layer)
        columns[column][row] = value
        write_features(folder / layer, shapes, columns)

    return spoil


def change_shape(layer: str, row: int, shape: Any) -> Spoil:
    """Return what changes the shape of one feature."""

    def spoil(folder: Path) -> None:
        shapes, columns = read_features(folder / layer)
        shapes[row] = shape
        write_features(folder / layer, shapes, columns)

    return spoil


def drop_column(layer: str, column: str) -> Spoil:
    """Return what takes a column out of a layer."""

    def spoil(folder: Path) -> None:
        shapes, columns = read_features(folder / layer)
        del columns[column]
        write_features(folder / layer, shapes, columns)

    return spoil


def write_bytes(file: str, content: bytes) -> Spoil:
    """Return what replaces a file's content."""

    def spoil(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return spoil


def remove(file: str) -> Spoil:
    """Return what deletes a file."""

    def spoil(folder: Path) -> None:
        (folder / file).unlink()

    return spoil


def together(*spoils: Spoil) -> Spoil:
    """Return what does several things one after the other."""

    def spoil(folder: Path) -> None:
        for one in spoils:
            one(folder)

    return spoil
