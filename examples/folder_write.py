"""Write a county's tables plainly, as its folder holds them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from scheduling.county.model import County


def write_tables(county: County, folder: Path) -> None:
    """Write ``county.toml``, zones, stations, people, vehicles, leave and history."""
    settings = county.settings
    text = (
        f'name = "{settings.name}"\nosm_file = "{settings.osm_file}"\n\n'
        f'[office]\nbureau = "{settings.office.bureau}"\n'
        f'document_prefix = "{settings.office.document_prefix}"\n\n'
        f"[caps]\npatrol_days_per_week = {settings.caps.patrol_days_per_week}\n"
    )
    (folder / "county.toml").write_text(text, encoding="utf-8")
    _layers(county, folder)
    tables: dict[str, tuple[str, list[list[Any]]]] = {
        "inspectors.csv": (
            "id,name,unit,certificate_number,certificate_from,certificate_until,licensed",
            [
                [
                    p.id,
                    p.name,
                    ";".join(p.units),
                    p.certificate_number,
                    p.certificate_from or "",
                    p.certificate_until or "",
                    "true" if p.licensed else "false",
                ]
                for p in county.inspectors
            ],
        ),
        "vehicles.csv": (
            "id,plate,unit,seats,available_from,available_until",
            [[v.id, v.plate, ";".join(v.units), v.seats, "", ""] for v in county.vehicles],
        ),
        "leave.csv": (
            "who,first_day,last_day,reason",
            [[r.who, r.first_day, r.last_day, r.reason] for r in county.leave],
        ),
        "history.csv": (
            "zone,authority,day",
            [[r.zone, r.authority, r.day] for r in county.history],
        ),
    }
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header.split(","), *rows])


def _layers(county: County, folder: Path) -> None:
    import geopandas as gpd
    import shapely

    zones = [
        {
            "id": z.id,
            "name": z.name,
            "level": z.level,
            "kind": str(z.kind),
            "priority": z.priority,
            "unit_township": z.units.get("township", ""),
            "unit_county": z.units.get("county", ""),
            "responsible_township": ";".join(z.responsible.get("township", ())),
            "responsible_county": ";".join(z.responsible.get("county", ())),
            "stop_minutes": z.stop_minutes,
            "walk": z.walk,
            "reasons": z.reasons,
            "geometry": z.geometry,
        }
        for z in county.zones
    ]
    gpd.GeoDataFrame(zones, crs="EPSG:4326").to_file(folder / "zones.gpkg", layer="zones")
    stations = [
        {
            "id": u.id,
            "name": u.name,
            "authority": u.authority,
            "head": u.head,
            "township": u.township,
            "geometry": shapely.Point(u.lon, u.lat),
        }
        for u in county.units
    ]
    gpd.GeoDataFrame(stations, crs="EPSG:4326").to_file(folder / "stations.gpkg", layer="stations")
