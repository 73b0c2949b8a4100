"""What an OSM file says about the land."""

from __future__ import annotations

from pathlib import Path

import pytest

from network import read_features

BODY = """<osm version="0.6">
<node id="1" lon="125.00" lat="43.00"/><node id="2" lon="125.01" lat="43.00"/>
<node id="3" lon="125.01" lat="43.01"/><node id="4" lon="125.00" lat="43.01"/>
<node id="5" lon="125.005" lat="43.005">
 <tag k="place" v="village"/><tag k="name" v="榆树村"/></node>
<node id="6" lon="125.006" lat="43.005"><tag k="historic" v="tomb"/></node>
<node id="7" lon="125.007" lat="43.005"><tag k="historic" v="no"/></node>
<node id="8" lon="125.008" lat="43.005"><tag k="man_made" v="mineshaft"/></node>
<node id="9" lon="125.008" lat="43.006"><tag k="man_made" v="tower"/></node>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>
 <tag k="landuse" v="quarry"/><tag k="name" v="石场"/></way>
<way id="2"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="ref" v="G102"/></way>
<way id="3"><nd ref="2"/><nd ref="3"/><tag k="highway" v="track"/></way>
<way id="4"><nd ref="3"/><nd ref="4"/>
 <tag k="highway" v="unclassified"/><tag k="ref" v="Y008"/></way>
<way id="5"><nd ref="1"/><nd ref="99"/><tag k="highway" v="trunk"/></way>
<way id="6"><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
<way id="8"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
 <tag k="place" v="hamlet"/><tag k="name" v="小屯"/></way>
<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/></way>
<relation id="1"><member type="way" ref="6" role="outer"/><member type="way" ref="7" role="outer"/>
 <tag k="type" v="boundary"/><tag k="boundary" v="administrative"/>
 <tag k="admin_level" v="8"/><tag k="name" v="榆树镇"/></relation>
<relation id="2"><member type="relation" ref="2" role=""/><tag k="type" v="multipolygon"/>
 <tag k="landuse" v="farmland"/></relation>
</osm>"""


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """Write a small piece of land."""
    path = tmp_path / "land.osm"
    path.write_text(BODY, encoding="utf-8")
    return path


def test_places_are_points_with_name_and_kind(land: Path) -> None:
    """A village node and a hamlet drawn as an area are both places."""
    places = {place.name: place for place in read_features(land).places}
    assert places["榆树村"].kind == "village"
    assert (places["榆树村"].lon, places["榆树村"].lat) == (125.005, 43.005)
    assert places["小屯"].kind == "hamlet"
    assert 125 < places["小屯"].lon < 125.01


def test_administrative_areas_have_level_and_outline(land: Path) -> None:
    """A boundary relation of two ways becomes one polygon."""
    (township,) = read_features(land).admin_areas
    assert (township.name, township.level) == ("榆树镇", 8)
    assert township.polygon.geom_type == "Polygon"
    assert township.polygon.area == pytest.approx(1e-4)


def test_land_use_heritage_and_mines_are_features(land: Path) -> None:
    """Quarry, tomb and shaft are found; 'no', towers and cyclic relations are not."""
    found = {(thing.key, thing.value, thing.name) for thing in read_features(land).features}
    assert found == {
        ("landuse", "quarry", "石场"),
        ("historic", "tomb", ""),
        ("man_made", "mineshaft", ""),
    }


def test_main_roads_and_roads_with_a_number_are_lines(land: Path) -> None:
    """The national road and the numbered lane count; the rest, and a broken way, do not."""
    features = read_features(land)
    assert [(road.ref, road.road_class) for road in features.roads] == [
        ("G102", "primary"),
        ("Y008", "unclassified"),
    ]
    assert features.skipped == 1


@pytest.mark.shared
def test_liechtenstein_has_its_municipalities(shared_osm: Path) -> None:
    """The eleven municipalities, villages, quarries and roads of the extract are read."""
    features = read_features(shared_osm / "liechtenstein.osm.pbf")
    names = {area.name for area in features.admin_areas if area.level == 8}
    assert {"Vaduz", "Balzers", "Triesen", "Ruggell"} <= names
    assert any(thing.value == "quarry" for thing in features.features)
    assert len(features.roads) > 100
