"""What of an OSM file counts as a road, in which direction, how fast."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from network import LoadSettings, RoadNetwork, load_network
from network.osm_tags import is_road, parse_maxspeed, way_closure, way_direction, way_level
from network.road_network import MARK_FERRY, MARK_FORD, ROAD_CLASSES

LINE = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.02, 43.0)}


def is_open(tags: dict[str, str], settings: LoadSettings) -> bool:
    """Whether a way is ever open to the bureau."""
    return is_road(tags, settings) and way_closure(tags, settings)[0] is not None


@pytest.mark.parametrize(
    ("tag", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("80;60", 60),
        ("80; CN:urban", 80),
        ("5.5", 5.5),
    ],
)
def test_maxspeed_is_read_in_its_unit(tag: str, kmh: float) -> None:
    """Numbers count in km/h or miles, the lowest of several."""
    assert parse_maxspeed(tag) == pytest.approx(kmh)


@pytest.mark.parametrize(
    "tag", [None, "", "CN:urban", "walk", "none", "signals", "0", "-30", "1e9x"]
)
def test_maxspeed_without_a_number_is_not_guessed(tag: str | None) -> None:
    """Zone codes, words and zero leave the speed to the class."""
    assert math.isnan(parse_maxspeed(tag))


@pytest.mark.parametrize(
    ("tags", "is_expected_open"),
    [
        ({}, True),
        ({"access": "no"}, False),
        ({"access": "private"}, False),
        ({"access": "private", "motor_vehicle": "yes"}, True),
        ({"access": "yes", "motorcar": "no"}, False),
        ({"motor_vehicle": "agricultural;forestry"}, True),
        ({"vehicle": "forestry"}, True),
        ({"access": "no;private"}, False),
        ({"area": "yes"}, False),
        ({"smoothness": "impassable"}, False),
        ({"oneway": "reversible"}, False),
        ({"service": "driveway"}, False),
        ({"service": "alley"}, True),
    ],
)
def test_access_decides_by_the_most_specific_tag(
    tags: dict[str, str], is_expected_open: bool
) -> None:
    """Private and closed roads are out, agricultural and forestry roads are in."""
    assert is_open(tags, LoadSettings()) is is_expected_open


def test_closed_access_is_a_setting() -> None:
    """A bureau may open private roads and close agricultural ones."""
    settings = LoadSettings(closed_access=("no", "agricultural"))
    assert is_open({"access": "private"}, settings)
    assert not is_open({"motor_vehicle": "agricultural"}, settings)


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "primary"}, 0),
        ({"highway": "primary", "oneway": "yes"}, 1),
        ({"highway": "primary", "oneway": "-1"}, -1),
        ({"highway": "primary", "oneway": "no"}, 0),
        ({"highway": "primary", "junction": "roundabout"}, 1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
    ],
)
def test_one_ways_are_honoured(tags: dict[str, str], direction: int) -> None:
    """Tagged one-ways, roundabouts and motorways have one direction."""
    assert way_direction(tags) == direction


def test_links_count_as_the_class_they_lead_to(load: Callable[..., RoadNetwork]) -> None:
    """trunk_link is trunk, road is unclassified."""
    network = load(LINE, [([1, 2], {"highway": "trunk_link"}), ([2, 3], {"highway": "road"})])
    classes = [ROAD_CLASSES[number] for number in network.edge_class]
    assert classes == ["trunk", "trunk", "unclassified", "unclassified"]


def test_names_and_speeds_reach_the_edges(load: Callable[..., RoadNetwork]) -> None:
    """The name, or else the ref, and the tagged speed stand on both directions."""
    tags = {"highway": "primary", "name": "人民大街", "maxspeed": "60"}
    network = load(LINE, [([1, 2], tags), ([2, 3], {"highway": "tertiary", "ref": "X101"})])
    names = [network.names[number] for number in network.edge_name]
    assert names == ["人民大街", "人民大街", "X101", "X101"]
    assert network.edge_maxspeed_kmh[:2].tolist() == [60, 60]
    assert network.report.edges_with_maxspeed == 2


@pytest.mark.parametrize("ref", [-7, 2**62, 9_223_372_036_854_775_806])
def test_node_ids_of_any_size_are_found(load: Callable[..., RoadNetwork], ref: int) -> None:
    """Editors' negative ids and huge ids are nodes like any other."""
    network = load({1: LINE[1], ref: LINE[2]}, [([1, ref], {"highway": "track"})])
    assert network.node_count == 2
    assert network.report.missing_nodes == 0


def test_ways_may_stand_before_their_nodes(tmp_path: Path) -> None:
    """Query servers write ways first; their roads are complete all the same."""
    path = tmp_path / "late.osm"
    path.write_text(
        '<osm version="0.6"><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="track"/>'
        '</way><node id="1" lon="125" lat="43"/><node id="2" lon="125" lat="43.1"/></osm>'
    )
    assert load_network(path).edge_count == 2


def test_missing_nodes_break_the_road_and_are_counted(load: Callable[..., RoadNetwork]) -> None:
    """A road goes on beyond a node that is not in the file, but not across it."""
    places = {ref: (125 + ref / 1000, 43.0) for ref in (1, 2, 4, 5, 6)}
    ways = [([1, 2, 3, 4, 5, 6], {"highway": "track"}), ([5, 6, 4], {"highway": "road"})]
    network = load(places, ways)
    assert network.report.missing_nodes == 1
    assert network.report.parts_found == 2
    assert sorted(network.node_lonlat[:, 0].tolist()) == [125.004, 125.005, 125.006]
    assert any("missing" in sentence.en for sentence in network.report.sentences())


def test_each_direction_has_its_speed(load: Callable[..., RoadNetwork]) -> None:
    """maxspeed:forward and :backward beat maxspeed, each in its own direction."""
    slow_up = {"highway": "primary", "maxspeed": "60", "maxspeed:backward": "40"}
    split = {"highway": "primary", "maxspeed:forward": "30", "maxspeed:backward": "20"}
    network = load(LINE, [([1, 2], slow_up), ([2, 3], split)])
    assert network.edge_maxspeed_kmh.tolist() == [60, 40, 30, 20]


FERRY = {"route": "ferry", "name": "渡口", "motor_vehicle": "yes"}


def test_ferries_are_left_out_and_told(load: Callable[..., RoadNetwork]) -> None:
    """A ferry is no road unless the setting says so; its name stands in the report."""
    network = load(LINE, [([1, 2], {"highway": "track"}), ([2, 3], FERRY)])
    assert network.node_count == 2
    assert network.report.ferries_left_out == ("渡口",)
    assert any("渡口" in sentence.zh for sentence in network.report.sentences())


def test_ferries_are_taken_where_that_is_set(write_osm: Callable[..., Path]) -> None:
    """Then they are service roads of the ferry's speed, marked; those for walkers never are."""
    walkers = FERRY | {"motor_vehicle": "no", "name": "人渡"}
    path = write_osm(LINE, [([1, 2], {"highway": "track"}), ([2, 3], FERRY), ([1, 3], walkers)])
    network = load_network(path, LoadSettings(ferries=True, ferry_kmh=6))
    ferry = network.edge_marks & MARK_FERRY > 0
    assert ferry.tolist() == [False, False, True, True]
    assert network.edge_maxspeed_kmh[ferry].tolist() == [6, 6]
    assert {ROAD_CLASSES[number] for number in network.edge_class[ferry]} == {"service"}
    assert network.report.ferries_driven == ("渡口",)
    assert any("waiting not counted" in said.en for said in network.report.sentences())


def test_fords_on_ways_and_at_nodes_are_marked(write_osm: Callable[..., Path]) -> None:
    """A ford is driven through and marked, only the edges that touch it; ford=no is none."""
    places = LINE | {4: (125.03, 43.0)}
    track = {"highway": "track"}
    path = write_osm(places, [([1, 2], track), ([2, 3], track), ([3, 4], track | {"ford": "no"})])
    text = path.read_text(encoding="utf-8")
    ford = '<node id="1" version="1" lon="125.0" lat="43.0"/>'
    assert ford in text
    path.write_text(
        text.replace(ford, ford.replace("/>", '><tag k="ford" v="yes"/></node>')), encoding="utf-8"
    )
    network = load_network(path)
    assert (network.edge_marks & MARK_FORD > 0).tolist() == [True, True] + [False] * 4
    assert network.report.fords == 1
    assert any("1 fords" in sentence.en for sentence in network.report.sentences())


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ({}, 0),
        ({"layer": "2"}, 2),
        ({"layer": "-99"}, -5),
        ({"bridge": "yes"}, 1),
        ({"bridge": "no"}, 0),
        ({"tunnel": "yes"}, -1),
        ({"tunnel": "culvert"}, 0),
        ({"layer": "x", "bridge": "viaduct"}, 1),
    ],
)
def test_bridges_and_tunnels_are_on_other_levels(tags: dict[str, str], level: int) -> None:
    """The layer tag, or else bridge and tunnel."""
    assert way_level(tags) == level
