"""A new county folder holds a draft and empty tables, and no invented person."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from openpyxl import load_workbook

from network.problems import InputError
from scheduling.county import read_county
from scheduling.county.settings_read import read_settings
from scheduling.county.writer import new_county
from tests.bad_input.small_county import on_grid, osm_xml, write_features

PLACES = (
    '<node id="901" version="1" lon="125.02" lat="43.52">'
    '<tag k="place" v="town"/><tag k="name" v="东镇"/></node>'
    '<node id="902" version="1" lon="125.08" lat="43.58">'
    '<tag k="place" v="town"/><tag k="name" v="小镇"/></node>'
    '<node id="903" version="1" lon="125.04" lat="43.54">'
    '<tag k="place" v="village"/><tag k="name" v="柳村"/></node>'
)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "小县.osm"
    path.write_text(osm_xml().replace("<way", PLACES + "<way", 1), encoding="utf-8")
    return path


@pytest.fixture
def made(tmp_path: Path, extract: Path) -> Path:
    new_county(tmp_path / "made", osm_file=extract, name="小县")
    return tmp_path / "made"


def test_only_people_and_vehicles_are_missing(made: Path):
    """Nothing but the two empty tables keeps the draft from being a valid county."""
    with pytest.raises(InputError) as caught:
        read_county(made)
    found = [(problem.code, problem.file) for problem in caught.value.problems]
    assert found == [("table.no-rows", "inspectors.csv"), ("table.no-rows", "vehicles.csv")]


@pytest.mark.parametrize("workbooks", [False, True])
def test_filled_in_the_folder_is_valid(made: Path, workbooks: bool):
    """Either the CSV or the workbook may be filled in."""
    rows = {
        "inspectors": ["P1", "张三", "T01", "22001", "2024-01-01", "2029-01-01", "是"],
        "vehicles": ["V1", "吉A1", "T01;T02", "5", "", ""],
    }
    for stem, row in rows.items():
        if workbooks:
            workbook = load_workbook(made / f"{stem}.xlsx")
            for column, value in enumerate(row, 1):
                workbook.worksheets[0].cell(2, column, value)
            workbook.save(made / f"{stem}.xlsx")
        else:
            with (made / f"{stem}.csv").open("a", encoding="utf-8") as stream:
                stream.write(",".join(row) + "\n")
    county = read_county(made)
    assert [unit.name for unit in county.units] == [
        "小县执法中队",
        "东镇自然资源所",
        "小镇自然资源所",
    ]
    assert county.vehicles[0].units == ("T01", "T02")
    assert {zone.name for zone in county.zones} >= {"东镇", "小镇", "柳村"}
    assert all(unit.head == "" for unit in county.units)


def test_the_workbooks_check_what_is_typed(made: Path):
    """Units are chosen from a list, yes or no from another, seats and dates are bounded."""
    sheet = load_workbook(made / "inspectors.xlsx").worksheets[0]
    kinds = sorted(rule.type for rule in sheet.data_validations.dataValidation)
    assert kinds == ["date", "date", "list", "list"]
    assert sheet.max_row == 500  # formatted, but
    assert all(cell.value is None for row in sheet.iter_rows(min_row=2) for cell in row)
    vehicles = load_workbook(made / "vehicles.xlsx").worksheets[0]
    assert "whole" in {rule.type for rule in vehicles.data_validations.dataValidation}


def test_the_settings_are_defaults(made: Path):
    """Only the name, the road file and the coordinates are the county's own."""
    settings = read_settings(made, [])
    assert settings is not None
    assert (settings.name, settings.osm_file) == ("小县", "小县.osm")
    assert (made / "小县.osm").is_file()


def test_a_county_folder_is_not_overwritten(made: Path, extract: Path):
    """Making the folder again is refused, and nothing in it changes."""
    before = {path: path.read_bytes() for path in made.iterdir()}
    with pytest.raises(InputError, match="already"):
        new_county(made, osm_file=extract, name="小县")
    assert {path: path.read_bytes() for path in made.iterdir()} == before


def test_a_boundary_limits_the_draft(tmp_path: Path, extract: Path):
    """Of several outlines that of the county's name counts, and no zone lies outside it."""
    near, far = shapely.box(124.99, 43.49, 125.05, 43.61), shapely.box(126, 44, 126.1, 44.1)
    write_features(tmp_path / "outline.geojson", [far, near], {"name": ["大县", "小县"]})
    report = new_county(
        tmp_path / "made", osm_file=extract, boundary=tmp_path / "outline.geojson", name="小县"
    )
    assert report.stations == 1
    assert "stations" in str(report)
    from tests.bad_input.small_county import read_features

    shapes, _ = read_features(tmp_path / "made" / "zones.gpkg")
    assert all(shapely.distance(near, shape) == 0 for shape in shapes)


def test_bad_boundaries_are_input_errors_and_leave_nothing(tmp_path: Path, extract: Path):
    """An outline without area, of another place, or without CRS is told apart."""
    line = shapely.LineString([on_grid(0, 0), on_grid(1, 1)])
    write_features(tmp_path / "line.geojson", [line], {"name": ["小县"]})
    write_features(tmp_path / "bare.shp", [shapely.box(0, 0, 1, 1)], {"name": ["x"]}, crs=None)
    elsewhere = shapely.box(10, 10, 11, 11)
    write_features(tmp_path / "far.geojson", [elsewhere], {"name": ["小县"]})
    for name, code in (
        ("line.geojson", "layer.no-area"),
        ("bare.shp", "layer.no-crs"),
        ("far.geojson", "county.nothing-drawn"),
    ):
        with pytest.raises(InputError) as caught:
            new_county(tmp_path / "made", osm_file=extract, boundary=tmp_path / name, name="小县")
        assert [problem.code for problem in caught.value.problems] == [code]
    assert not (tmp_path / "made").exists()


def test_a_graphml_gives_a_draft_of_its_roads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A place fetched online has roads but no places or land use: roads and the rest are drawn."""
    from network import load_network
    from scheduling.county import new_folder

    (tmp_path / "r.osm").write_text(osm_xml())
    network = load_network(tmp_path / "r.osm")
    features = new_folder.features_of(tmp_path / "r.graphml", network)
    assert len(features.roads) == network.edge_count
    assert features.roads[0].road_class == "tertiary"
    assert features.places == ()
