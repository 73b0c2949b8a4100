"""A county to a county folder: layers as GeoPackage, tables as CSV, the same bytes every time."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from scheduling.county.model import (
    AUTHORITIES,
    County,
    Inspector,
    Leave,
    PastVisit,
    Unit,
    Vehicle,
    Zone,
)
from scheduling.county.schema import (
    HISTORY_COLUMNS,
    INSPECTOR_COLUMNS,
    LEAVE_COLUMNS,
    VEHICLE_COLUMNS,
    Column,
)
from scheduling.county.settings_read import SETTINGS_FILE
from scheduling.county.settings_write import settings_toml

if TYPE_CHECKING:
    from scheduling.county.new_folder import NewCountyReport

#: GeoPackages carry the time they were written, which would make equal folders differ.
_LAYER_DATE: Final = "2000-01-01T00:00:00.000Z"


def write_county(county: County, folder: Path, osm_file: Path) -> None:
    """Write a county folder that reads back as an equal county (input hashes apart).

    ``osm_file`` is copied in under the name that the settings give. Files are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / county.settings.osm_file
    if not (target.exists() and target.samefile(osm_file)):
        shutil.copyfile(osm_file, target)
    write_settings_and_layers(county, folder)
    for stem, columns, rows in (
        ("inspectors", INSPECTOR_COLUMNS, [_inspector_row(row) for row in county.inspectors]),
        ("vehicles", VEHICLE_COLUMNS, [_vehicle_row(row) for row in county.vehicles]),
        ("leave", LEAVE_COLUMNS, [_leave_row(row) for row in county.leave]),
        ("history", HISTORY_COLUMNS, [_past_visit_row(row) for row in county.history]),
    ):
        (folder / f"{stem}.csv").write_text(
            csv_text(columns, rows), encoding="utf-8-sig", newline=""
        )


def new_county(
    folder: Path, *, osm_file: Path, boundary: Path | None = None, name: str
) -> NewCountyReport:
    """Make a county folder from a road file (``xuncha new``) and return what was made.

    The folder gets a copy of the roads, ``county.toml`` with every setting explained, draft zones
    and stations, and empty tables of people and vehicles. ``boundary`` is a vector file; without
    it the whole extract is the county. Raises InputError, with nothing written, when the folder
    holds a county already or a file cannot be used.
    """
    from scheduling.county.new_folder import make_new_county

    return make_new_county(folder, osm_file=osm_file, boundary=boundary, name=name)


def write_settings_and_layers(county: County, folder: Path) -> None:
    """Write ``county.toml``, the layers of zones and stations, and of checkpoints if any."""
    # The layers are written in WGS-84, whatever they were read in; the road layer is not written.
    update: dict[str, object] = {"crs": "EPSG:4326", "datum": "wgs84"}
    roads = county.settings.layer_datum.get("roads", county.settings.datum)
    if county.settings.layer_datum or roads != "wgs84":
        update["layer_datum"] = {"roads": roads}
    settings = county.settings.model_copy(update=update)
    (folder / SETTINGS_FILE).write_text(settings_toml(settings), encoding="utf-8", newline="\n")
    write_layer(
        folder / "zones.gpkg",
        "zones",
        [zone.geometry for zone in county.zones],
        zone_columns(county.zones),
    )
    write_layer(
        folder / "stations.gpkg",
        "stations",
        [shapely.Point(unit.lon, unit.lat) for unit in county.units],
        unit_columns(county.units),
    )
    if county.checkpoints:
        write_layer(
            folder / "checkpoints.gpkg",
            "checkpoints",
            [shapely.Point(row.lon, row.lat) for row in county.checkpoints],
            {
                "zone": _texts(row.zone for row in county.checkpoints),
                "name": _texts(row.name for row in county.checkpoints),
            },
        )
    else:
        (folder / "checkpoints.gpkg").unlink(missing_ok=True)


def write_layer(
    path: Path,
    layer: str,
    geometry: Sequence[shapely.Geometry],
    columns: dict[str, np.ndarray[Any, Any]],
) -> None:
    """Write WGS-84 features as a GeoPackage with the same bytes for the same content."""
    import pyogrio
    from pyogrio.raw import write

    path.unlink(missing_ok=True)
    kinds = {shape.geom_type for shape in geometry}
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _LAYER_DATE})
    try:
        write(
            path,
            shapely.to_wkb(np.array(geometry, dtype=object)),
            list(columns.values()),
            list(columns),
            layer=layer,
            driver="GPKG",
            geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
            promote_to_multi=False,
            crs="EPSG:4326",
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _texts(values: Iterable[str]) -> np.ndarray[Any, Any]:
    return np.array(list(values), dtype=object)


def zone_columns(zones: Sequence[Zone]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the columns of the zones layer."""
    minutes = [np.nan if z.stop_minutes is None else z.stop_minutes for z in zones]
    columns: dict[str, np.ndarray[Any, Any]] = {
        "id": _texts(zone.id for zone in zones),
        "name": _texts(zone.name for zone in zones),
        "level": np.array([zone.level for zone in zones], dtype=np.int32),
        "kind": _texts(zone.kind.value for zone in zones),
        "priority": np.array([zone.priority for zone in zones], dtype=np.int32),
    }
    for authority in AUTHORITIES:
        if authority != "city" or any("city" in zone.units for zone in zones):
            units = _texts(zone.units.get(authority, "") for zone in zones)
            people = _texts(";".join(zone.responsible.get(authority, ())) for zone in zones)
            columns |= {f"unit_{authority}": units, f"responsible_{authority}": people}
    return columns | {
        "stop_minutes": np.array(minutes, dtype=np.float64),
        "walk": np.array([zone.walk for zone in zones], dtype=np.bool_),
        "reasons": _texts(zone.reasons for zone in zones),
    }


def unit_columns(units: Sequence[Unit]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the columns of the stations layer."""
    return {
        name: _texts(getattr(unit, name) for unit in units)
        for name in ("id", "name", "authority", "head", "township")
    }


def csv_text(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV table with the columns' English headings (lines end as RFC 4180 says)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([column.name for column in columns])
    writer.writerows(rows)
    return stream.getvalue()


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _inspector_row(row: Inspector) -> tuple[str, ...]:
    return (
        row.id,
        row.name,
        ";".join(row.units),
        row.certificate_number,
        _day(row.certificate_from),
        _day(row.certificate_until),
        "true" if row.licensed else "false",
    )


def _vehicle_row(row: Vehicle) -> tuple[str, ...]:
    return (
        row.id,
        row.plate,
        ";".join(row.units),
        str(row.seats),
        _day(row.available_from),
        _day(row.available_until),
    )


def _leave_row(row: Leave) -> tuple[str, ...]:
    return (row.who, row.first_day.isoformat(), row.last_day.isoformat(), row.reason)


def _past_visit_row(row: PastVisit) -> tuple[str, ...]:
    return (row.zone, row.authority, row.day.isoformat())
