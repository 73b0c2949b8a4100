"""The page of the road report stands alone, escapes users' words and says what its data say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from network.problems import InputError
from network.road_advice import advice
from reports.roads_page import roads_page, write_roads_report
from scheduling.road_report import RoadReport, province_densities, report_roads
from tests.bad_input.small_county import change_cell, make_small_county, on_grid, osm_xml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_small_county(tmp_path / "county")
    change_cell("zones.gpkg", 0, "name", "<b>东村</b>")(folder)
    lon, lat = on_grid(9, 9)
    island = (
        f'<node id="900" version="1" lon="{lon}" lat="{lat}"/>'
        f'<node id="901" version="1" lon="{lon + 0.02}" lat="{lat}"/>'
        f'<node id="902" version="1" lon="{lon}" lat="{lat + 0.001}">'
        '<tag k="place" v="village"/><tag k="name" v="岛村"/></node><way id="1"'
    )
    way = (
        '<way id="99" version="1"><nd ref="900"/><nd ref="901"/><tag k="highway" v="track"/></way>'
    )
    text = osm_xml().replace('<way id="1"', island, 1).replace("</osm>", way + "</osm>")
    (folder / "roads.osm").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def report(folder: Path) -> RoadReport:
    return report_roads(folder, (0.5, 0.7))


def test_page_and_data_say_the_same(report: RoadReport, tmp_path: Path):
    """The advice of the JSON file stands in the page, in either language."""
    for language in ("zh", "en"):
        page, data = write_roads_report(report, tmp_path / language, language)
        text = page.read_text(encoding="utf-8")
        found = json.loads(data.read_text(encoding="utf-8"))
        assert found["cut_parts"][0]["sites"] == ["岛村"]
        for sentence in (*found["summary"], *found["advice"]):
            assert sentence in text
        assert (page.suffix, data.suffix) == (".html", ".json")


def test_the_page_needs_nothing_from_outside_and_escapes(report: RoadReport):
    """No address to fetch, and a zone's name is text."""
    page = roads_page(report, "en")
    assert "://" not in page
    assert "<b>东村" not in page
    assert "&lt;b&gt;东村" in page
    assert page.count('class="dot') >= 2
    assert 'class="cut" d="M' in page  # the island's track is drawn, as cut off


def test_a_folder_before_zones_and_people_is_judged(folder: Path):
    """Only settings and roads are needed; without findings the page says none."""
    for name in ("zones.gpkg", "stations.gpkg", "inspectors.csv", "vehicles.csv"):
        (folder / name).unlink()
    (folder / "roads.osm").write_text(
        osm_xml().replace('v="tertiary"/>', 'v="tertiary"/><tag k="maxspeed" v="40"/>'),
        encoding="utf-8",
    )
    report = report_roads(folder)
    assert advice(report.quality) == ()
    assert "Nothing was found" in roads_page(report, "en")


def test_densities_of_a_province_come_from_its_roads_and_outlines(folder: Path):
    """Each county with roads has a density; outlines without CRS are an error."""
    from shapely.geometry import box

    from tests.bad_input.small_county import write_features

    counties = [box(*on_grid(-1, -1), *on_grid(2.5, 6)), box(*on_grid(2.5, -1), *on_grid(6, 6))]
    write_features(folder / "counties.geojson", counties, {"name": ["甲县", "乙县"]})
    found = province_densities(folder / "roads.osm", folder / "counties.geojson")
    assert len(found) == 2
    assert found[0] == pytest.approx(found[1], rel=0.2)  # the middle roads are whole in one
    write_features(folder / "bare.shp", counties, {"name": ["甲县", "乙县"]}, crs=None)
    with pytest.raises(InputError) as caught:
        province_densities(folder / "roads.osm", folder / "bare.shp")
    assert caught.value.problems[0].code == "layer.no-crs"
