"""The table of bad input: how a good county folder is spoilt, and what must be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import shapely

from tests.bad_input.small_county import (
    Spoil,
    add_text,
    change_cell,
    change_shape,
    drop_column,
    on_grid,
    osm_xml,
    read_features,
    remove,
    replace_text,
    together,
    write_bytes,
    write_features,
)

#: Which reading finds it: the county folder, the regulation, the calendar, or the roads.
Stage = Literal["county", "regulation", "calendar", "roads"]


@dataclass(frozen=True)
class Case:
    """One kind of bad input. ``action`` is a part of the English action; ``file`` a part too."""

    name: str
    spoil: Spoil
    code: str
    file: str
    where: str = ""
    field: str = ""
    action: str = ""
    stage: Stage = "county"


def _layer_without_crs(folder: Path) -> None:
    shapes, columns = read_features(folder / "zones.gpkg")
    (folder / "zones.gpkg").unlink()
    points = [shapely.Point(shape.representative_point()) for shape in shapes]
    write_features(folder / "zones.shp", points, columns, crs=None)
    replace_text("county.toml", 'crs = "EPSG:4326"\n', "")(folder)


def _layer_in_metres_called_degrees(folder: Path) -> None:
    shapes, columns = read_features(folder / "zones.gpkg")
    moved = [shapely.transform(shape, lambda xy: xy * 100_000) for shape in shapes]
    write_features(folder / "zones.gpkg", moved, columns)


def _geojson_beside(folder: Path) -> None:
    write_features(folder / "zones.geojson", *read_features(folder / "zones.gpkg"))


def _two_layers(folder: Path) -> None:
    shapes, columns = read_features(folder / "zones.gpkg")
    for name in ("old", "new"):
        write_features(folder / f"{name}.gpkg", shapes[:1], {k: v[:1] for k, v in columns.items()})
    import pyogrio
    from pyogrio.raw import read, write

    meta, _, geometry, values = read(folder / "old.gpkg")
    (folder / "zones.gpkg").unlink()
    for name in ("old", "new"):
        write(
            folder / "zones.gpkg", geometry, values, meta["fields"], layer=name, driver="GPKG",
            geometry_type="Point", crs="EPSG:4326", append=name == "new",
        )  # fmt: skip
        (folder / f"{name}.gpkg").unlink()
    assert len(pyogrio.list_layers(folder / "zones.gpkg")) == 2


def _xlsx_beside_csv(folder: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["编号", "姓名", "单位", "执法证号", "有效期至"])
    sheet.append(["P9", "钱九", "S1", "22000009", "2028-12-31"])
    workbook.save(folder / "inspectors.xlsx")


def _no_features(folder: Path) -> None:
    _, columns = read_features(folder / "zones.gpkg")
    shapes, _ = read_features(folder / "zones.gpkg")
    import numpy as np
    from pyogrio.raw import write

    (folder / "zones.gpkg").unlink()
    write(
        folder / "zones.gpkg", np.array([], dtype=object),
        [np.array([], dtype=object) for _ in columns], list(columns), layer="zones",
        driver="GPKG", geometry_type=shapes[0].geom_type, crs="EPSG:4326",
    )  # fmt: skip


def _pbf(folder: Path, keep: float) -> None:
    """Put the first ``keep`` share of the roads, as a PBF, in the place of the XML."""
    import osmium

    with osmium.SimpleWriter(str(folder / "roads.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(folder / "roads.osm")):
            writer.add(thing)
    content = (folder / "roads.osm.pbf").read_bytes()
    (folder / "roads.osm.pbf").write_bytes(content[: int(len(content) * keep)])
    (folder / "roads.osm").unlink()
    replace_text("county.toml", "roads.osm", "roads.osm.pbf")(folder)


def _checkpoint(zone: str, shape: shapely.Geometry | None) -> Spoil:
    """Return what adds a layer with one checkpoint."""

    def spoil(folder: Path) -> None:
        write_features(folder / "checkpoints.gpkg", [shape], {"zone": [zone], "name": ["界桩"]})

    return spoil


def _truncated_pbf(folder: Path) -> None:
    _pbf(folder, 0.6)


_BOW_TIE = shapely.Polygon([on_grid(3, 3), on_grid(3.5, 3.5), on_grid(3.5, 3), on_grid(3, 3.5)])
_NO_ROADS = '<osm version="0.6"><node id="1" version="1" lon="125" lat="43.5"/></osm>'
_CONTRADICTORY = """\
id = "contradictory"
name = "自相矛盾的规范"
[[frequency]]
id = "weekly"
basis = "user"
authority = "township"
window = "week"
count = 2
min_gap_hours = 2000
"""
_SUMMER_ONLY = '[[day_classes]]\nname = "summer"\nfirst = "04-01"\nlast = "10-31"\n'
_ALL_YEAR = '[[day_classes]]\nname = "all"\nfirst = "01-01"\nlast = "12-31"\n'
_PEAK = '[[regulation.peaks]]\nid = "p"\nkind = "land"\nfirst = "{}"\nlast = "10-31"\n'


def _regulation(text: str) -> Spoil:
    return together(
        write_bytes("norm.toml", text.encode()),
        replace_text("county.toml", 'preset = "jilin"', 'file = "norm.toml"'),
    )


CASES: tuple[Case, ...] = (
    # --- files -----------------------------------------------------------------------------
    Case("no settings", remove("county.toml"), "county.missing-file", "county.toml",
         action="xuncha new"),
    Case("no zones", remove("zones.gpkg"), "county.missing-file", "zones.gpkg",
         action="put zones.gpkg"),
    Case("no inspectors", remove("inspectors.csv"), "county.missing-file", "inspectors.csv",
         action="inspectors.xlsx"),
    Case("no road file", remove("roads.osm"), "county.missing-file", "county.toml",
         field="osm_file", action="put roads.osm there"),
    Case("road file of unknown format",
         together(write_bytes("roads.dwg", b"x"),
                  replace_text("county.toml", "roads.osm", "roads.dwg")),
         "settings.osm-format", "county.toml", field="osm_file", action="use one of: .pbf"),
    Case("road layer missing", add_text("county.toml", '[roads]\nlayer = "own.shp"\n'),
         "county.missing-file", "county.toml", field="roads.layer", action="put own.shp"),
    Case("road class unknown",
         add_text("county.toml", '[roads]\nclasses = { "一级" = "big" }\n'),
         "settings.unknown-name", "county.toml", field="roads.classes", action="motorway"),
    Case("closure of no roads",
         add_text("county.toml", '[[roads.closures]]\nfirst = "07-01"\n'),
         "settings.closure-of-nothing", "county.toml", field="roads.closures[0]", action="fords"),
    Case("closure on a day that does not exist",
         add_text("county.toml", '[[roads.closures]]\nlast = "02-30"\nfords = true\n'),
         "settings.no-such-date", "county.toml", field="roads.closures[0].last", action="04-01"),
    Case("calendar file missing", add_text("county.toml", '[calendar]\nfiles = ["2027.csv"]\n'),
         "county.missing-file", "county.toml", field="calendar.files[0]", action="put 2027.csv"),
    Case("empty table", write_bytes("vehicles.csv", b""), "table.empty-file", "vehicles.csv",
         action="restore the heading"),
    Case("heading without rows", write_bytes("vehicles.csv", b"id,plate,unit\n"),
         "table.no-rows", "vehicles.csv", action="real people or vehicles"),
    Case("empty layer file", write_bytes("zones.gpkg", b""), "layer.empty-file", "zones.gpkg",
         action="export it again"),
    Case("layer that GDAL cannot read", write_bytes("zones.gpkg", b"not a layer" * 20),
         "layer.unreadable", "zones.gpkg", action="export it again"),
    Case("layer without features", _no_features, "layer.no-features", "zones.gpkg",
         action="draw at least one"),
    Case("the layer twice", _geojson_beside, "layer.two-files", "zones.gpkg",
         action="keep only one"),
    Case("several layers in the file", _two_layers, "layer.which-layer", "zones.gpkg",
         action="name the layer to be used zones"),
    Case("CSV and XLSX both filled", _xlsx_beside_csv, "table.two-files", "inspectors.csv",
         action="delete inspectors.csv or inspectors.xlsx"),
    Case("broken XLSX",
         together(remove("inspectors.csv"), write_bytes("inspectors.xlsx", b"PK no zip")),
         "table.unreadable", "inspectors.xlsx", action="as .xlsx"),
    Case("neither UTF-8 nor GB18030", write_bytes("leave.csv", b"who,\xff\xff\xff\n\x80\xff"),
         "table.encoding", "leave.csv", action="CSV UTF-8"),
    Case("broken quotation marks",
         write_bytes("leave.csv", b'who,first_day,last_day\n"P1"x,2026-01-01,2026-01-02\n'),
         "table.unreadable", "leave.csv", action="quotation marks"),
    # --- settings --------------------------------------------------------------------------
    Case("malformed TOML", add_text("county.toml", "[visit\n"), "settings.unreadable",
         "county.toml", action="mend that line"),
    Case("unknown setting", replace_text("county.toml", "stop_minutes", "stop_minuts"),
         "settings.unknown-setting", "county.toml", field="visit.stop_minuts",
         action="'stop_minutes'"),
    Case("setting missing", replace_text("county.toml", 'name = "小县"', ""),
         "settings.missing-value", "county.toml", field="name", action="add it"),
    Case("setting out of range", replace_text("county.toml", "stop_minutes = 20",
                                              "stop_minutes = -5"),
         "settings.out-of-range", "county.toml", field="visit.stop_minutes", action="> 0"),
    Case("unknown datum", replace_text("county.toml", '"wgs84"', '"beijing54"'),
         "settings.bad-value", "county.toml", field="datum", action="'gcj02'"),
    Case("setting of the wrong type", replace_text("county.toml", "08:30:00", '"early"'),
         "settings.bad-value", "county.toml", field="shift.earliest_departure",
         action="08:30:00"),
    Case("shift ends before it starts", replace_text("county.toml", "08:30:00", "17:30:00"),
         "settings.shift", "county.toml", field="shift.latest_return",
         action="mend the departure or the return"),
    Case("day classes leave days out", add_text("county.toml", _SUMMER_ONLY),
         "settings.day-classes", "county.toml", field="day_classes",
         action="each day of the year"),
    Case("day classes overlap", add_text("county.toml", _ALL_YEAR + _SUMMER_ONLY),
         "settings.day-classes", "county.toml", field="day_classes", action="exactly one"),
    Case("date that does not exist", add_text("county.toml", _PEAK.format("02-30")),
         "settings.no-such-date", "county.toml", field="regulation.peaks[0].first",
         action="04-01"),
    Case("peak for an unknown zone",
         add_text("county.toml", _PEAK.format("04-01") + 'zones = ["Z9"]\n'),
         "settings.peak-unknown-zone", "county.toml", field="regulation.peaks[0].zones",
         action="use an id that is there: Z1"),
    Case("minutes for an unknown kind of zone",
         replace_text("county.toml", "stop_minutes = 20", "stop_minutes_by_kind = { mines = 9 }"),
         "settings.unknown-name", "county.toml", field="visit.stop_minutes_by_kind",
         action="mine"),
    # --- coordinates -----------------------------------------------------------------------
    Case("layer without CRS", _layer_without_crs, "layer.no-crs", "zones.shp", field="crs",
         action='crs = "EPSG:4490"'),
    Case("unknown CRS",
         together(_layer_without_crs,
                  replace_text("county.toml", 'datum =', 'crs = "EPSG:99999"\ndatum =')),
         "layer.unknown-crs", "county.toml", field="crs", action="write an EPSG code"),
    Case("metres taken for degrees", _layer_in_metres_called_degrees, "layer.bad-coordinates",
         "zones.gpkg", field="geometry", action="coordinate system"),
    # --- tables ----------------------------------------------------------------------------
    Case("column missing", drop_column("zones.gpkg", "level"), "table.missing-column",
         "zones.gpkg", field="level", action="add the column 'level'"),
    Case("column misspelt",
         replace_text("inspectors.csv", "certificate_until", "certificate_untill"),
         "table.missing-column", "inspectors.csv", field="certificate_until",
         action="rename the column 'certificate_untill'"),
    Case("column twice", replace_text("vehicles.csv", "seats", "plate"),
         "table.duplicate-column", "vehicles.csv", field="plate", action="keep only one"),
    Case("cell empty", replace_text("inspectors.csv", "P2,李二", "P2,"), "table.missing-value",
         "inspectors.csv", "row 3", "name", "fill in 'name'"),
    Case("no such date", replace_text("inspectors.csv", "22000003,2022-01-01",
                                      "22000003,2022-02-30"),
         "table.not-a-date", "inspectors.csv", "row 4", "certificate_from", "2026-03-15"),
    Case("no number", change_cell("zones.gpkg", 3, "stop_minutes", "半小时"),
         "table.not-a-number", "zones.gpkg", "zone Z4", "stop_minutes", "write digits"),
    Case("no whole number", replace_text("vehicles.csv", "S1,5", "S1,4.5"),
         "table.not-a-whole-number", "vehicles.csv", "row 2", "seats", "whole number"),
    Case("neither yes nor no", replace_text("inspectors.csv", "2028-12-31,no",
                                            "2028-12-31,maybe"),
         "table.not-yes-or-no", "inspectors.csv", "row 5", "licensed", "yes/no"),
    Case("error in a GB18030 file",
         write_bytes("leave.csv", "编号,开始日期,结束日期,事由\nP1,2026-05-06,五月八日,年休假\n"
                     .encode("gb18030")),
         "table.not-a-date", "leave.csv", "row 2", "last_day", "2026-03-15"),
    # --- people and vehicles ---------------------------------------------------------------
    Case("id twice", add_text("inspectors.csv", "P2,周五,S1,22000005,,2028-12-31,yes\n"),
         "county.duplicate-id", "inspectors.csv", "row 6", "id", "another id"),
    Case("vehicle with a person's id", replace_text("vehicles.csv", "V2", "P1"),
         "county.shared-id", "vehicles.csv", "row 3", "id", "another id"),
    Case("unknown station", replace_text("vehicles.csv", "吉A0002,C1", "吉A0002,C7"),
         "county.unknown-unit", "vehicles.csv", "row 3", "unit", "use an id that is there: C1"),
    Case("certificate of two people", replace_text("inspectors.csv", "22000002", "22000001"),
         "county.shared-certificate", "inspectors.csv", "row 3", "certificate_number",
         "mend one"),
    Case("plate of two vehicles", replace_text("vehicles.csv", "吉A0002", "吉A0001"),
         "county.shared-plate", "vehicles.csv", "row 3", "plate", "mend one"),
    Case("certificate ends before it begins",
         replace_text("inspectors.csv", "22000004,2022-01-01,2028-12-31",
                      "22000004,2022-01-01,2021-12-31"),
         "county.ends-before-start", "inspectors.csv", "row 5", "certificate_until",
         "one of the two dates"),
    Case("vehicle of one seat", replace_text("vehicles.csv", "S1,5", "S1,1"),
         "vehicle.seats", "vehicles.csv", "row 2", "seats", "at least 2"),
    Case("leave ends before it starts", replace_text("leave.csv", "2026-05-08", "2026-05-01"),
         "leave.ends-before-start", "leave.csv", "row 2", "last_day", "one of the two dates"),
    Case("leave of nobody", replace_text("leave.csv", "P1", "P8"), "leave.unknown-person",
         "leave.csv", "row 2", "who", "use an id that is there"),
    # --- stations and zones ----------------------------------------------------------------
    Case("station without a position", change_shape("stations.gpkg", 0, None),
         "station.no-geometry", "stations.gpkg", "station S1", "geometry", "draw a point"),
    Case("station that is no point", change_shape("stations.gpkg", 0, _BOW_TIE.envelope),
         "station.not-a-point", "stations.gpkg", "station S1", "geometry", "one point"),
    Case("unknown authority", change_cell("stations.gpkg", 1, "authority", "village"),
         "table.unknown-authority", "stations.gpkg", "station C1", "authority", "county"),
    Case("unknown level", change_cell("zones.gpkg", 1, "level", "4"), "zone.unknown-level",
         "zones.gpkg", "zone Z2", "level", "1, 2, 3"),
    Case("unknown kind", change_cell("zones.gpkg", 1, "kind", "lake"), "zone.unknown-kind",
         "zones.gpkg", "zone Z2", "kind", "heritage"),
    Case("zone id twice", change_cell("zones.gpkg", 1, "id", "Z1"), "county.duplicate-id",
         "zones.gpkg", "zone Z1", "id", "another id"),
    Case("self-intersecting polygon", change_shape("zones.gpkg", 2, _BOW_TIE),
         "zone.bad-geometry", "zones.gpkg", "zone Z3", "geometry", "Fix geometries"),
    Case("zone without a shape", change_shape("zones.gpkg", 0, None), "zone.empty-geometry",
         "zones.gpkg", "zone Z1", "geometry", "draw the zone"),
    Case("zone copied",
         together(change_shape("zones.gpkg", 3, shapely.Point(on_grid(1, 1))),
                  change_cell("zones.gpkg", 3, "kind", "village")),
         "zone.duplicate-geometry", "zones.gpkg", "zone Z4", "geometry", "delete one"),
    Case("zone of nobody",
         together(change_cell("zones.gpkg", 1, "unit_township", ""),
                  change_cell("zones.gpkg", 1, "unit_county", ""),
                  change_cell("zones.gpkg", 1, "responsible_township", ""),
                  change_cell("zones.gpkg", 1, "responsible_county", "")),
         "zone.no-unit", "zones.gpkg", "zone Z2", "unit_township", "fill in unit_township"),
    Case("zone of two stations", change_cell("zones.gpkg", 1, "unit_township", "S1;C1"),
         "zone.several-units", "zones.gpkg", "zone Z2", "unit_township", "one unit only"),
    Case("zone of an unknown unit", change_cell("zones.gpkg", 1, "unit_county", "C2"),
         "county.unknown-unit", "zones.gpkg", "zone Z2", "unit_county", "an id that is there: C1"),
    Case("squad where a station is due",
         together(change_cell("zones.gpkg", 1, "unit_township", "C1"),
                  change_cell("zones.gpkg", 1, "responsible_township", "")),
         "zone.unit-authority", "zones.gpkg", "zone Z2", "unit_township", "unit of the township"),
    Case("unknown responsible person",
         change_cell("zones.gpkg", 1, "responsible_township", "孙六"),
         "zone.unknown-person", "zones.gpkg", "zone Z2", "responsible_township", "use an id"),
    Case("responsible person of another unit",
         change_cell("zones.gpkg", 1, "responsible_township", "P3"),
         "zone.responsible-elsewhere", "zones.gpkg", "zone Z2", "responsible_township",
         "somebody of that unit"),
    Case("minutes that cannot be", change_cell("zones.gpkg", 3, "stop_minutes", "0"),
         "zone.stop-minutes", "zones.gpkg", "zone Z4", "stop_minutes", "above 0"),
    Case("history of an unknown zone", replace_text("history.csv", "Z1", "Z77"),
         "history.unknown-zone", "history.csv", "row 2", "zone", "use an id that is there: Z1"),
    # --- found by later readings -----------------------------------------------------------
    Case("checkpoint of an unknown zone", _checkpoint("Z77", shapely.Point(on_grid(1, 2))),
         "checkpoint.unknown-zone", "checkpoints.gpkg", "feature 1", "zone", "an id that is there"),
    Case("checkpoint of a point", _checkpoint("东村", shapely.Point(on_grid(1, 1))),
         "checkpoint.zone-is-a-point", "checkpoints.gpkg", "feature 1", "zone", "as a line"),
    Case("checkpoint outside its zone", _checkpoint("Z2", shapely.Point(on_grid(1, 2.5))),
         "checkpoint.outside-zone", "checkpoints.gpkg", "feature 1", "geometry", "its place"),
    Case("checkpoint without a place", _checkpoint("Z2", None),
         "checkpoint.no-geometry", "checkpoints.gpkg", "feature 1", "geometry", "draw a point"),
    Case("checkpoint that is a line",
         _checkpoint("Z2", shapely.LineString([on_grid(1, 2), on_grid(2, 2)])),
         "checkpoint.not-a-point", "checkpoints.gpkg", "feature 1", "geometry", "one point"),
    Case("checkpoint that no road shows", _checkpoint("Z3", shapely.Point(on_grid(3.4, 3.4))),
         "roads.checkpoint-too-far", "checkpoints", "zone Z3 界桩", "geometry", "a zone of its own",
         stage="roads"),
    Case("unknown preset", replace_text("county.toml", '"jilin"', '"jilim"'),
         "regulation.unknown-preset", "county.toml", field="regulation.preset",
         action="jilin", stage="regulation"),
    Case("override of an unknown rule",
         add_text("county.toml", '[[regulation.overrides]]\nrule = "x"\nset = { count = 2 }\n'),
         "regulation.unknown-rule", "county.toml", field="regulation.overrides[0].rule",
         action="township-half-monthly", stage="regulation"),
    Case("malformed regulation", _regulation("id = "), "regulation.unreadable", "norm.toml",
         stage="regulation"),
    Case("contradictory regulation", _regulation(_CONTRADICTORY), "regulation.", "norm.toml",
         "rule weekly", stage="regulation"),
    Case("calendar file of nonsense",
         together(write_bytes("2027.csv", b"day,kind\n2027-13-01,workday\n"),
                  add_text("county.toml", '[calendar]\nfiles = ["2027.csv"]\n')),
         "calendar.", "2027.csv", stage="calendar"),
    Case("truncated PBF", _truncated_pbf, "network.unreadable-osm", "roads.osm.pbf",
         action="export", stage="roads"),
    Case("empty road file", write_bytes("roads.osm", b""), "network.empty-file", "roads.osm",
         action="again", stage="roads"),
    Case("truncated OSM XML",
         write_bytes("roads.osm", osm_xml()[:3000].encode()), "network.unreadable-osm",
         "roads.osm", action="export", stage="roads"),
    Case("road file without roads", write_bytes("roads.osm", _NO_ROADS.encode()),
         "network.no-roads", "roads.osm", action="roads", stage="roads"),
    Case("zone outside the network", change_shape("zones.gpkg", 0, shapely.Point(124.5, 43.0)),
         "roads.too-far", "zones", "zone Z1", "geometry", "walk = true", stage="roads"),
    Case("station outside the network",
         change_shape("stations.gpkg", 0, shapely.Point(124.5, 43.0)),
         "roads.too-far", "stations", "unit S1", "geometry", "add the road", stage="roads"),
)  # fmt: skip
