"""Vector layers: any format GDAL reads, any encoding, any coordinate system, to WGS-84."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from network.datum import gcj02_to_wgs84
from network.problems import InputError, Problem, Text

#: File name endings taken for a layer, in the order in which they are offered in messages.
LAYER_SUFFIXES: Final = (
    ".gpkg", ".geojson", ".json", ".shp", ".fgb", ".gml", ".kml", ".tab", ".mif", ".gdb", ".sqlite",
)  # fmt: skip
#: Code page bytes of a .dbf that say nothing of use: none, and Windows "ANSI".
_NO_CODE_PAGE: Final = (0x00, 0x57)
_SHAPEFILE_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class LayerFrame:
    """How coordinates of a county's layers are to be understood (county.toml).

    ``crs`` is assumed where a layer names none; empty means that such a layer is a problem.
    """

    crs: str = ""
    datum: str = "wgs84"


def files_of_layer(path: Path) -> tuple[Path, ...]:
    """Return every file a layer consists of (a shapefile has several)."""
    if path.suffix == ".shp":
        return tuple(p for s in _SHAPEFILE_PARTS if (p := path.with_suffix(s)).is_file())
    if path.is_dir():
        return tuple(sorted(p for p in path.rglob("*") if p.is_file()))
    return (path,)


@dataclass(frozen=True)
class RawLayer:
    """A layer as read: field names, a column per field, geometries in the layer's own CRS."""

    fields: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]
    geometry: NDArray[np.object_]
    crs: str  # empty when the layer names none


def load_layer(path: Path, stem: str) -> RawLayer:
    """Read the layer ``stem``, or the only one; InputError when GDAL cannot read the file."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    if path.is_file() and path.stat().st_size == 0:
        raise InputError(
            [_unreadable(path.name, "文件是空的", "the file is empty", "layer.empty-file")]
        )
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        layer = stem if stem in layers else layers[0]
        if stem not in layers and len(layers) > 1:
            raise InputError([_which_layer(path.name, stem, layers)])
        meta, geometry, columns = _read_raw(path, layer)
    except (DataSourceError, DataLayerError, IndexError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            [
                _unreadable(
                    path.name, f"GDAL 无法读取（{reason}）", f"GDAL cannot read it ({reason})"
                )
            ]
        ) from error
    if geometry is None:
        raise InputError([_unreadable(path.name, "图层没有几何", "the layer has no geometry")])
    shapes = np.array(shapely.from_wkb(geometry, on_invalid="ignore"), dtype=object)
    return RawLayer(
        fields=tuple(str(name) for name in meta["fields"]),
        columns=tuple(columns),
        geometry=shapes,
        crs="" if _undefined(meta["crs"]) else str(meta["crs"]),
    )


def _undefined(crs: str | None) -> bool:
    """Whether a layer's CRS says only that it is not known (GeoPackage's srs_id 0 and -1)."""
    return crs is None or not crs or "undefined" in crs.casefold() or crs.startswith("LOCAL_CS")


def _read_raw(path: Path, layer: str) -> tuple[dict[str, Any], Any, Any]:
    from pyogrio.raw import read

    encoding = _unstated_encoding(path)
    try:
        meta, _, geometry, columns = read(
            path, layer=layer, force_2d=True, datetime_as_string=True, encoding=encoding
        )
    except UnicodeDecodeError:  # a .cpg that says UTF-8 beside a table that is not
        meta, _, geometry, columns = read(
            path, layer=layer, force_2d=True, datetime_as_string=True, encoding="GB18030"
        )
    return meta, geometry, columns


def _unstated_encoding(path: Path) -> str | None:
    """Return the encoding of a shapefile that states none (GDAL would take Latin-1), else None."""
    table = path.with_suffix(".dbf")
    if path.suffix != ".shp" or path.with_suffix(".cpg").is_file() or not table.is_file():
        return None
    content = table.read_bytes()
    if len(content) < 32 or content[29] not in _NO_CODE_PAGE:
        return None
    records = content[int.from_bytes(content[8:10], "little") :]
    try:
        records.decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"


def value_text(value: object) -> str:
    """Return an attribute as text: empty for none, whole numbers without a point."""
    if value is None or (isinstance(value, (float, np.floating)) and math.isnan(value)):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def to_wgs84(
    geometry: NDArray[np.object_],
    layer_crs: str,
    file: str,
    frame: LayerFrame,
    problems: list[Problem],
) -> NDArray[np.object_] | None:
    """Return geometries (any CRS) as WGS-84 lon/lat; None after noting a problem.

    The layer's own CRS wins over county.toml. CGCS2000 is taken as WGS-84 (DOMAIN); the datum
    GCJ-02 is taken off afterwards, since it is a distortion of geographic coordinates.
    """
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    crs = layer_crs or frame.crs
    if not crs:
        problems.append(_no_crs(file))
        return None
    try:
        transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except CRSError:
        problems.append(_unknown_crs(crs, file if layer_crs else "county.toml"))
        return None

    def transform(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(lonlat[:, 0], lonlat[:, 1])
        moved = np.column_stack([lon, lat])
        if frame.datum == "gcj02":
            moved = gcj02_to_wgs84(moved)
        return moved

    moved = np.array(shapely.transform(geometry, transform), dtype=object)
    if not _on_earth(moved):
        problems.append(_off_earth(file, crs))
        return None
    return moved


def _on_earth(geometry: NDArray[np.object_]) -> bool:
    points = shapely.get_coordinates(geometry)
    return bool(np.all(np.abs(points) <= np.array([180.0, 90.0])))  # false for inf and NaN too


def _unreadable(file: str, zh: str, en: str, code: str = "layer.unreadable") -> Problem:
    return Problem(
        code=code,
        file=file,
        cause=Text(zh, en),
        action=Text("用 QGIS 重新导出为 GeoPackage", "export it again from QGIS as GeoPackage"),
    )


def _which_layer(file: str, stem: str, layers: Sequence[str]) -> Problem:
    names = "、".join(layers)
    return Problem(
        code="layer.which-layer",
        file=file,
        cause=Text(
            f"文件有多个图层（{names}），没有名为 {stem} 的",
            f"the file has several layers ({names}), none of them named {stem}",
        ),
        action=Text(f"将所用图层命名为 {stem}", f"name the layer to be used {stem}"),
    )


def _no_crs(file: str) -> Problem:
    return Problem(
        code="layer.no-crs",
        file=file,
        field="crs",
        cause=Text("图层没有坐标系", "the layer does not say its coordinate system"),
        action=Text(
            '在 county.toml 中写明，例如 crs = "EPSG:4490"',
            'say it in county.toml, for example crs = "EPSG:4490"',
        ),
    )


def _unknown_crs(crs: str, file: str) -> Problem:
    return Problem(
        code="layer.unknown-crs",
        file=file,
        field="crs",
        cause=Text(f"坐标系“{crs}”不可识别", f"the coordinate system '{crs}' is not known"),
        action=Text(
            "写 EPSG 代码，例如 EPSG:4490（国家 2000）或 EPSG:4526（3 度带）",
            "write an EPSG code, for example EPSG:4490 (CGCS2000) or EPSG:4526 (3-degree zone)",
        ),
    )


def _off_earth(file: str, crs: str) -> Problem:
    return Problem(
        code="layer.bad-coordinates",
        file=file,
        field="geometry",
        cause=Text(
            f"坐标按 {crs} 换算后不在地球上", f"read as {crs}, the coordinates are not on Earth"
        ),
        action=Text(
            "核对图层坐标系（投影坐标与经纬度是否弄混）",
            "check the layer's coordinate system (projected metres taken for degrees?)",
        ),
    )
