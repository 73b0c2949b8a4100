"""GeoPackage in the least that QGIS and GDAL need, written and read through ``sqlite3``.

GDAL would stamp the time of writing and is slower; here the same rows give the same bytes.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from network.problems import InputError, Problem, Text
from scheduling.plan.store_rows import Row, Rows
from scheduling.plan.store_tables import Column, Table

_APPLICATION_ID: Final = 0x47504B47  # "GPKG"
_USER_VERSION: Final = 10300  # GeoPackage 1.3
_FIXED_TIME: Final = "2000-01-01T00:00:00.000Z"  # so that equal plans are equal files
_ENVELOPE_BYTES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_SQL_TYPES: Final = {
    "text": "TEXT",
    "int": "INTEGER",
    "real": "REAL",
    "day": "DATE",
    "flag": "BOOLEAN",
    "json": "TEXT",
}
_WGS84_WKT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SCHEMA: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT,
  f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME);
"""


def write_geopackage(
    path: Path,
    tables: Sequence[Table],
    encoded: Mapping[str, Encoded],
    styles: Mapping[str, str],
) -> None:
    """Write a new GeoPackage at ``path`` (which must not exist); ``styles`` are QML by table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # The caller writes to a temporary name and renames: no journal is needed.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {_USER_VERSION}")
        connection.executescript("BEGIN;" + _SCHEMA)
        connection.executemany(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
            [
                ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined"),
                ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
                ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84_WKT),
            ],
        )
        for table in tables:
            _write_table(connection, table, encoded[table.name])
        _write_styles(connection, styles)
        connection.execute("COMMIT")


@dataclass(frozen=True)
class Encoded:
    """The rows of one table as SQLite stores them, and the bounds of their geometries."""

    rows: list[Row]
    bounds: tuple[float | None, ...] = (None,) * 4


def encode(table: Table, rows: Rows) -> Encoded:
    """Return the rows as they are stored: dates as texts, geometries as GeoPackage blobs."""
    stored = [tuple(map(_stored, row)) for row in rows]
    if not table.geometry:
        return Encoded(stored)
    geometries = [row[-1] for row in rows]
    with_blobs = [(*row[:-1], blob) for row, blob in zip(stored, _blobs(geometries), strict=True)]
    return Encoded(with_blobs, _bounds(geometries))


def digest_of(tables: Mapping[str, Encoded]) -> str:
    """Return the SHA-256 over the tables' rows as they would be written."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        for row in tables[name].rows:
            *values, last = row
            digest.update(repr(values).encode("utf-8", "surrogatepass"))
            digest.update(last if isinstance(last, bytes) else repr(last).encode())
    return digest.hexdigest()


def _write_table(connection: sqlite3.Connection, table: Table, encoded: Encoded) -> None:
    columns = [
        f'"{column.name}" {_SQL_TYPES[column.kind]}{"" if column.nullable else " NOT NULL"}'
        for column in table.columns
    ]
    if table.geometry:
        columns.append(f"geom {table.geometry}")
    connection.execute(
        f'CREATE TABLE "{table.name}" '
        f"(fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {', '.join(columns)})"
    )
    marks = ", ".join("?" * len(columns))
    connection.executemany(
        f'INSERT INTO "{table.name}" VALUES ({marks}, ?)',  # noqa: S608 (our own names)
        [(fid, *row) for fid, row in enumerate(encoded.rows, 1)],
    )
    kind = "features" if table.geometry else "attributes"
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(table.name, kind, table.name, table.title, _FIXED_TIME),
            *(*encoded.bounds, 4326 if table.geometry else None),
        ),
    )
    if table.geometry:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)",
            (table.name, table.geometry),
        )


def _write_styles(connection: sqlite3.Connection, styles: Mapping[str, str]) -> None:
    connection.executemany(
        "INSERT INTO layer_styles VALUES (?, '', '', ?, 'geom', ?, ?, '', 1, ?, '', NULL, ?)",
        [
            (number, name, name, qml, "xuncha", _FIXED_TIME)
            for number, (name, qml) in enumerate(sorted(styles.items()), 1)
        ],
    )
    connection.execute(
        "INSERT INTO gpkg_contents VALUES "
        "('layer_styles', 'attributes', 'layer_styles', '', ?, NULL, NULL, NULL, NULL, NULL)",
        (_FIXED_TIME,),
    )


def _stored(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return None if isinstance(value, BaseGeometry) else value


def _bounds(geometries: Iterable[object]) -> tuple[float | None, ...]:
    present = [geometry for geometry in geometries if isinstance(geometry, BaseGeometry)]
    box: Sequence[float] = shapely.total_bounds(present) if present else ()
    return tuple(float(x) for x in box) if len(box) and not math.isnan(box[0]) else (None,) * 4


def _blobs(geometries: Sequence[object]) -> list[bytes | None]:
    texts = shapely.to_wkb(geometries, byte_order=1, flavor="iso")
    empty = shapely.is_empty(geometries)
    # Flags: little-endian, no envelope, and bit 4 for an empty geometry.
    return [
        None
        if wkb is None
        else struct.pack("<2sBBi", b"GP", 0, 0x11 if hollow else 0x01, 4326) + wkb
        for wkb, hollow in zip(texts, empty, strict=True)
    ]


class GeoPackageReader:
    """Reads checked rows of a plan file, and gathers every problem met on the way."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._connection = connection

    def problem(
        self,
        code: str,
        cause: Text,
        where: str = "",
        field: str = "",
        action: Text | None = None,
    ) -> None:
        """Note one problem of the file."""
        noted = file_problem(self.path, code, cause, where=where, field=field, action=action)
        self.problems.append(noted)

    def rows(self, table: Table) -> list[dict[str, object]]:
        """Return the table's good rows by column name, in file order; ``geom`` is a geometry."""
        columns = table.columns
        names = ["fid", *(c.name for c in columns), *(["geom"] if table.geometry else [])]
        if not self._has_columns(table, names):
            return []
        quoted = ", ".join(f'"{name}"' for name in names)
        found = self._connection.execute(
            f'SELECT {quoted} FROM "{table.name}" ORDER BY fid'  # noqa: S608 (our own names)
        ).fetchall()
        shapes = self._geometries(table, found) if table.geometry else [None] * len(found)
        good: list[dict[str, object]] = []
        for row, shape in zip(found, shapes, strict=True):
            values = [
                self._value(table, row[0], c, v) for c, v in zip(columns, row[1:], strict=False)
            ]
            if _BAD not in values and shape is not _BAD:
                good.append(dict(zip(names, [row[0], *values, shape], strict=False)))
        return good

    def _has_columns(self, table: Table, names: Sequence[str]) -> bool:
        present = {row[1] for row in self._connection.execute(f'PRAGMA table_info("{table.name}")')}
        if not present:
            self.problem(
                "plan.missing-table",
                Text(f"缺少数据表 {table.name}", f"the table {table.name} is missing"),
            )
            return False
        missing = [name for name in names if name not in present]
        for name in missing:
            self.problem(
                "plan.missing-column",
                Text(f"数据表缺少列 {name}", f"the table lacks the column {name}"),
                where=table.name,
                field=name,
            )
        return not missing

    def _value(self, table: Table, fid: int, column: Column, value: object) -> object:
        if value is None and column.nullable:
            return None
        checked = _checked(column, value)
        if checked is _BAD:
            self.problem(
                "plan.bad-value",
                Text(f"值 {value!r} 无效", f"the value {value!r} is not valid here"),
                where=f"{table.name} fid {fid}",
                field=column.name,
            )
        return checked

    def _geometries(self, table: Table, rows: Sequence[Sequence[Any]]) -> list[object]:
        blobs = [_wkb(row[-1]) for row in rows]
        shapes = list(
            shapely.from_wkb(
                [blob if isinstance(blob, bytes) else None for blob in blobs], "ignore"
            )
        )
        for place, (blob, shape) in enumerate(zip(blobs, shapes, strict=True)):
            allowed_empty = blob is None and table.geometry == "MULTILINESTRING"
            right_type = table.geometry in (
                "GEOMETRY",
                str(getattr(shape, "geom_type", "")).upper(),
            )
            if not allowed_empty and not right_type:
                self.problem(
                    "plan.bad-geometry",
                    Text("图形无法读取或类型不符", "the geometry is unreadable or of another type"),
                    where=f"{table.name} fid {rows[place][0]}",
                    field="geom",
                )
                shapes[place] = _BAD
        return shapes


def file_problem(
    path: Path,
    code: str,
    cause: Text,
    *,
    where: str = "",
    field: str = "",
    action: Text | None = None,
) -> Problem:
    """Return a problem of a plan file; the usual remedy is to plan again."""
    usual = Text("请用 xuncha plan 重新生成计划文件", "make the plan file again with `xuncha plan`")
    return Problem(code, str(path), cause, action or usual, where=where, field=field)


def open_geopackage(path: Path) -> sqlite3.Connection:
    """Open an existing, undamaged SQLite file read-only.

    Raises InputError ``plan.missing-file`` or ``plan.unreadable``.
    """
    if not path.is_file():
        action = Text("请检查文件路径", "check the path")
        cause = Text("文件不存在", "there is no such file")
        if path.is_dir():
            cause = Text("这是文件夹，不是计划文件", "this is a folder, not a plan file")
            action = Text(
                "请给出 xuncha plan 生成的 .gpkg 文件", "name a .gpkg file made by `xuncha plan`"
            )
        raise InputError([file_problem(path, "plan.missing-file", cause, action=action)])
    try:
        connection = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
        try:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.Error as error:
        cause = Text(
            f"文件已损坏或不是计划文件（{error}）", f"damaged, or not a plan file ({error})"
        )
        raise InputError([file_problem(path, "plan.unreadable", cause)]) from error
    return connection


_BAD: Final = object()


def _checked(column: Column, value: object) -> object:
    """Return the value as its Python type, or ``_BAD``."""
    match column.kind, value:
        case (("text" | "json"), str()):
            return value if not column.choices or value in column.choices else _BAD
        case "int", int():
            return value
        case "real", (int() | float()):
            return float(value) if math.isfinite(value) else _BAD
        case "flag", 0 | 1:
            return bool(value)
        case "day", str():
            try:
                return date.fromisoformat(value)
            except ValueError:
                return _BAD
        case _:
            return _BAD


def _wkb(blob: object) -> bytes | None:
    """Return the WKB of a GeoPackage geometry; broken blobs give bytes that no reader accepts."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return b""
    return blob[8 + _ENVELOPE_BYTES.get(blob[3] >> 1 & 7, 0) :]
