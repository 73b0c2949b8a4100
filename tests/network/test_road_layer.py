"""A bureau's own road layer: read, noded, its gaps closed, alone or over OSM."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from network import InputError, RoadNetwork, load_network
from network.road_layer import RoadLayer
from network.road_network import MARK_OWN_LAYER, ROAD_CLASSES
from network.vector_layer import LayerFrame

#: Degrees of a metre near 125 E, 43 N.
EAST, NORTH = 1 / 81_600, 1 / 111_100
Line = Sequence[tuple[float, float]]
Feature = tuple[Line, Mapping[str, object]]


def place(x: float, y: float) -> tuple[float, float]:
    """Degrees of metres east and north of 125 E, 43 N."""
    return (125 + x * EAST, 43 + y * NORTH)


@pytest.fixture
def layer_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes lines in metres with attributes as GeoJSON."""

    def write(features: Sequence[Feature], kind: str = "LineString") -> Path:
        content = [
            {
                "type": "Feature",
                "properties": {"等级": "乡道"} | dict(properties),
                "geometry": {
                    "type": kind,
                    "coordinates": [place(*point) for point in line],
                },
            }
            for line, properties in features
        ]
        path = tmp_path / "own.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": content}))
        return path

    return write


@pytest.fixture
def draw(layer_file: Callable[..., Path]) -> Callable[..., RoadNetwork]:
    """Return a function that writes lines and loads them alone, with settings of the layer."""

    def load(features: Sequence[Feature], **settings: object) -> RoadNetwork:
        path = layer_file(features)
        return load_network(path, layer=RoadLayer(path, "等级", **settings))  # type: ignore[arg-type]

    return load


def metres(network: RoadNetwork) -> set[tuple[float, float]]:
    """Nodes as rounded metres east and north."""
    xy = (network.node_lonlat - (125, 43)) / (EAST, NORTH)
    return {(round(x, 0) + 0.0, round(y, 0) + 0.0) for x, y in xy.tolist()}


CROSS: list[Feature] = [([(0, 0), (200, 0)], {}), ([(100, -100), (100, 100)], {})]


def test_lines_that_cross_meet(draw: Callable[..., RoadNetwork]) -> None:
    """A crossing without a common point becomes a node of four roads."""
    network = draw(CROSS)
    assert metres(network) == {(0, 0), (200, 0), (100, 0), (100, -100), (100, 100)}
    assert network.edge_count == 8
    assert (network.edge_marks & MARK_OWN_LAYER).all()
    assert network.report.sentences() == ()
    starts = network.shape_lonlat[network.shape_start[:-1]]
    np.testing.assert_array_equal(starts, network.node_lonlat[network.edge_from])
    assert network.edge_length_m.sum() == pytest.approx(800, rel=2e-3)


@pytest.mark.parametrize("level", ["1", "yes", "桥"])
def test_a_bridge_meets_nothing_beneath(level: str, draw: Callable[..., RoadNetwork]) -> None:
    """Lines on different levels cross without a node, but meet at the bridge's ends."""
    under, over = CROSS
    ramp: Feature = ([(100, 100), (200, 100), (200, 0)], {})
    features = [under, (over[0], {"桥": level}), ramp]
    network = draw([(line, {"桥": ""} | dict(tags)) for line, tags in features], level_column="桥")
    assert metres(network) == {(0, 0), (200, 0), (100, -100), (100, 100)}


def test_motorways_cross_nothing(draw: Callable[..., RoadNetwork]) -> None:
    """A motorway drawn across a road has no junction there; a ramp that ends on it has one."""
    motorway: Feature = (CROSS[1][0], {"等级": "高速公路"})
    ramp: Feature = ([(0, 0), (100, 50)], {})
    network = draw([CROSS[0], motorway, ramp])
    assert metres(network) == {(0, 0), (200, 0), (100, -100), (100, 100), (100, 50)}


def test_small_gaps_are_closed_and_told(draw: Callable[..., RoadNetwork]) -> None:
    """Ends within the tolerance of a side or an end are joined; the report says where, how far."""
    features: list[Feature] = [
        ([(0, 0), (200, 0)], {}),
        ([(50, 3), (50, 90)], {}),  # stops 3 m short of the first
        ([(204, 0), (300, 0)], {}),  # goes on 4 m beyond its end
        ([(150, 90), (150, 9)], {}),  # 9 m off: too far
    ]
    network = draw(features)
    assert [gap.metres for gap in network.report.gaps_closed] == [
        pytest.approx(4, abs=0.05),
        pytest.approx(3, abs=0.05),
    ]
    assert metres(network) == {(0, 0), (50, 0), (50, 90), (204, 0), (300, 0)}
    assert network.report.parts_found == 2
    assert any("2 gaps" in sentence.en for sentence in network.report.sentences())
    wider = draw(features, gap_tolerance_m=10.0)
    assert len(wider.report.gaps_closed) == 3
    assert wider.report.parts_found == 1
    assert draw(features, gap_tolerance_m=0.0).report.gaps_closed == ()


def test_a_ring_that_nearly_closes_is_closed(draw: Callable[..., RoadNetwork]) -> None:
    """The end of a line finds its own beginning, but a short stub does not bite its tail."""
    ring = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 3.0)]
    network = draw([(ring, {}), ([(0, 0), (-50, 0)], {})])
    assert network.report.parts_found == 1
    assert len(network.report.gaps_closed) == 1
    assert network.edge_count == 4
    stub = draw([([(0, 0), (4, 0)], {})])
    assert stub.edge_count == 2


def test_a_line_that_crosses_itself_has_a_node_there(draw: Callable[..., RoadNetwork]) -> None:
    """A loop of one line is three edges, each way."""
    loop = [(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]
    network = draw([(loop, {})])
    assert (50, 0) in metres(network)
    assert network.edge_count == 6


def test_lines_drawn_twice_do_no_harm(draw: Callable[..., RoadNetwork]) -> None:
    """The same line twice, and one that overlaps it in part, are parallel roads that meet."""
    network = draw([*CROSS, CROSS[0], ([(150, 0), (300, 0)], {})])
    assert network.report.parts_found == 1
    assert {(150, 0), (200, 0)} <= metres(network)


def test_classes_speeds_names_and_directions_are_mapped(draw: Callable[..., RoadNetwork]) -> None:
    """Own words first, then Chinese ones, then OSM's; the rest is left out and counted."""
    extra = {"名": "东风路", "限速": 40, "单行": "是"}
    none = {"名": "", "限速": None, "单行": ""}
    features: list[Feature] = [
        ([(0, 0), (100, 0)], extra | {"等级": "机耕路"}),
        ([(100, 0), (100, 50), (0, 50), (0, 0)], none | {"等级": "甲"}),
        ([(0, 0), (0, -50)], none | {"等级": "Tertiary_Link"}),
        ([(0, 0), (-50, 0)], none | {"等级": "小路"}),
        ([(0, 0), (-50, -50)], none | {"等级": ""}),
    ]
    columns = {"name_column": "名", "maxspeed_column": "限速", "oneway_column": "单行"}
    network = draw(features, classes=(("甲", "secondary"),), **columns)
    names = [ROAD_CLASSES[number] for number in network.edge_class]
    assert names == ["track", "secondary", "secondary", "tertiary", "tertiary"]
    assert network.edge_maxspeed_kmh[0] == 40
    assert np.isnan(network.edge_maxspeed_kmh[1:]).all()
    assert network.names[network.edge_name[0]] == "东风路"
    assert network.report.layer_classes_left_out == (("", 1), ("小路", 1))
    assert any("小路 × 1" in sentence.zh for sentence in network.report.sentences())
    others = draw(features, other_class="track", **columns)
    assert others.report.layer_classes_left_out == ()


def test_a_backward_one_way_runs_against_its_points(draw: Callable[..., RoadNetwork]) -> None:
    """-1 and 逆向 leave only the edge from the last point to the first."""
    there: Feature = ([(0, 0), (100, 0)], {"向": "逆向"})
    back: Feature = ([(0, 0), (50, 50), (100, 0)], {"向": "1"})
    network = draw([there, back], oneway_column="向")
    assert network.edge_count == 2
    assert network.node_lonlat[network.edge_from[0], 0] > 125.001


def test_points_are_told_and_coordinates_moved(
    layer_file: Callable[..., Path], draw: Callable[..., RoadNetwork]
) -> None:
    """Features without a line are counted; a layer of points alone, or of no column, is refused."""
    path = layer_file([([(0, 0), (100, 0)], {}), ([(0, 0), (0, 100)], {})])
    content = json.loads(path.read_text())
    content["features"].append(
        {"type": "Feature", "properties": {"等级": "乡道"}, "geometry": None}
    )
    path.write_text(json.dumps(content))
    frame = LayerFrame("", "gcj02")
    network = load_network(path, layer=RoadLayer(path, "等级", frame=frame))
    assert network.report.layer_without_line == 1
    assert any("have no line" in sentence.en for sentence in network.report.sentences())
    shift = (network.node_lonlat.max(axis=0) - place(100, 100)) / (EAST, NORTH)
    assert 450 < float(np.hypot(*shift)) < 720
    path = layer_file([([(0, 0), (100, 0)], {})], kind="MultiPoint")
    with pytest.raises(InputError, match="no lines") as caught:
        load_network(path, layer=RoadLayer(path, "等级"))
    assert caught.value.problems[0].code == "network.layer-lines"
    with pytest.raises(InputError, match="no column 'name'") as caught:
        load_network(path, layer=RoadLayer(path, "class", name_column="name"))
    assert [problem.code for problem in caught.value.problems] == ["network.layer-column"] * 2


def test_unusable_coordinates_are_the_layers_own_problem(layer_file: Callable[..., Path]) -> None:
    """Coordinates off the Earth are refused with the code that all layers have."""
    path = layer_file([([(0, 0), (1e9, 0)], {})])
    with pytest.raises(InputError) as caught:
        load_network(path, layer=RoadLayer(path, "等级"))
    assert caught.value.problems[0].code == "layer.bad-coordinates"


OSM_PLACES = {
    1: place(0, 0), 2: place(1000, 0), 3: place(500, -200), 4: place(500, 200), 5: place(600, 200),
}  # fmt: skip
OSM_WAYS = [
    ([1, 2], {"highway": "primary"}),
    ([3, 4], {"highway": "primary", "bridge": "yes"}),
    ([4, 5, 2], {"highway": "primary"}),
]


@pytest.fixture
def merge(
    write_osm: Callable[..., Path], layer_file: Callable[..., Path]
) -> Callable[..., RoadNetwork]:
    """Return a function that loads drawn lines merged over three OSM roads."""

    def load(features: Sequence[Feature], **settings: object) -> RoadNetwork:
        path = layer_file(features)
        roads = write_osm(OSM_PLACES, OSM_WAYS)
        return load_network(roads, layer=RoadLayer(path, "等级", **settings))  # type: ignore[arg-type]

    return load


def test_what_osm_has_is_not_added_again(merge: Callable[..., RoadNetwork]) -> None:
    """A line that follows an OSM road ten metres off adds nothing."""
    network = merge([([(0, 10), (500, -8), (1000, 10)], {})])
    assert not (network.edge_marks & MARK_OWN_LAYER).any()
    assert network.report.layer_km_added == 0
    assert network.report.layer_km_known == pytest.approx(1.0, abs=0.01)
    assert any("the road layer adds 0.0 km" in said.en for said in network.report.sentences())


def test_what_osm_lacks_is_joined_at_crossings_and_ends(
    merge: Callable[..., RoadNetwork],
) -> None:
    """A new road is joined where it crosses an OSM road and where it ends short of one."""
    network = merge([([(200, -300), (200, 300)], {}), ([(300, 4), (300, 300), (200, 300)], {})])
    own = network.edge_marks & MARK_OWN_LAYER > 0
    assert network.edge_length_m[own].sum() == pytest.approx(2 * (600 + 400), rel=0.01)
    assert {(200, 0), (300, 0), (200, 300)} <= metres(network)
    assert [gap.metres for gap in network.report.gaps_closed] == [pytest.approx(4, abs=0.05)]
    assert set(network.edge_way.tolist()) == {0, 1, 2, 3}


def test_a_road_that_leaves_an_osm_road_is_cut_and_led_onto_it(
    merge: Callable[..., RoadNetwork],
) -> None:
    """Only the stretch away from the OSM road is added, joined where it leaves."""
    network = merge([([(0, 10), (400, 10), (400, 400)], {})])
    own = network.edge_marks & MARK_OWN_LAYER > 0
    assert network.edge_length_m[own].sum() == pytest.approx(2 * 390, abs=45)
    assert network.report.parts_found == 1
    assert network.report.gaps_closed == ()


def test_a_bridge_of_osm_is_not_joined_from_beneath(merge: Callable[..., RoadNetwork]) -> None:
    """A new road under an OSM bridge crosses it without a node."""
    network = merge([([(300, 0), (300, 100), (700, 100), (700, 0)], {})])
    assert (500, 100) not in metres(network)
    assert network.report.parts_found == 1


def test_a_layer_without_usable_roads_adds_none(
    draw: Callable[..., RoadNetwork], merge: Callable[..., RoadNetwork]
) -> None:
    """Where no class has a meaning OSM stays as it is; alone there are no roads."""
    features: list[Feature] = [([(0, 100), (90, 100)], {"等级": "小路"})]
    network = merge(features)
    assert network.edge_count == 6
    assert network.report.layer_classes_left_out == (("小路", 1),)
    with pytest.raises(InputError) as caught:
        draw(features)
    assert caught.value.problems[0].code == "network.no-roads"


def test_a_layer_on_the_other_side_of_the_earth_joins_nothing(
    merge: Callable[..., RoadNetwork],
) -> None:
    """A layer of another place is read, and cut off as a part of its own."""
    far = [(-180 / EAST, -80 / NORTH), (-180 / EAST + 900, -80 / NORTH)]
    network = merge([(far, {})])
    assert network.edge_count == 6
    assert network.report.parts_found == 2


@pytest.mark.parametrize("name", ["roads.graphml", "roads.geojson"])
def test_a_layer_is_merged_over_osm_only(
    name: str, tmp_path: Path, layer_file: Callable[..., Path]
) -> None:
    """OSMnx graphs and other layers know nothing of crossings: the user is told what to use."""
    other = tmp_path / name
    other.write_text("<graphml/>")
    with pytest.raises(InputError) as caught:
        load_network(other, layer=RoadLayer(layer_file([]), "等级"))
    assert caught.value.problems[0].code == "network.layer-needs-osm"


@pytest.mark.shared
def test_a_real_network_drawn_as_a_layer_loses_nothing(shared_osm: Path, tmp_path: Path) -> None:
    """A real town's roads, exported as bare lines and noded again, lose nothing."""
    import geopandas
    import shapely

    from network import LoadSettings
    from network.osm_read import read_ways

    source = shared_osm / "guixi-jiangxi.osm"
    ways = read_ways(source, LoadSettings(), with_levels=True)
    spans = zip(ways.way_start[:-1].tolist(), ways.way_start[1:].tolist(), strict=True)
    frame = geopandas.GeoDataFrame(
        {
            "class": [ROAD_CLASSES[number] for number in ways.way_class],
            "oneway": ways.direction,
            "layer": ways.way_level,
        },
        geometry=[shapely.LineString(ways.lonlat[start:stop]) for start, stop in spans],
        crs=4326,
    )
    path = tmp_path / "own.gpkg"
    frame.to_file(path, layer="roads")
    layer = RoadLayer(
        path, "class", oneway_column="oneway", level_column="layer", gap_tolerance_m=0.0
    )
    drawn, known = load_network(path, layer=layer), load_network(source)
    assert drawn.node_count >= known.node_count  # some crossings lack their node in OSM there
    assert drawn.edge_length_m.sum() > 0.999 * known.edge_length_m.sum()
    assert drawn.report.length_cut_km <= known.report.length_cut_km
    over = load_network(source, layer=layer)
    assert over.report.layer_km_added == 0
    assert over.edge_count == known.edge_count
