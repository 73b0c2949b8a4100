"""GCJ-02 is told from how a layer lies on the roads, and nothing else is taken for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from network import InputError, RoadNetwork, load_network
from network.datum import wgs84_to_gcj02
from network.road_layer import RoadLayer
from network.shift import find_shift, roadside_points
from network.snapping import RoadIndex

TRACK = {"highway": "track"}


@pytest.fixture
def country(load: Callable[..., RoadNetwork]) -> RoadIndex:
    """Index a winding net of country roads, kilometres apart, in Jilin."""
    rng = np.random.default_rng(3)
    places, ways = {}, []
    for row in range(4):
        for column in range(4):
            east, north = rng.uniform(-0.01, 0.01, 2)
            places[10 * row + column + 1] = (125 + 0.05 * column + east, 43 + 0.04 * row + north)
    for row in range(4):
        ways.append(([10 * row + column + 1 for column in range(4)], TRACK))
        ways.append(([10 * column + row + 1 for column in range(4)], TRACK))
    return RoadIndex(load(places, ways))


def beside(country: RoadIndex, count: int, off_m: float = 40.0) -> np.ndarray:
    """Return places scattered within metres of roads."""
    rng = np.random.default_rng(1)
    lines = country.lines[rng.integers(0, len(country.lines), count)]
    points = shapely.line_interpolate_point(lines, rng.random(count), normalized=True)
    xy = shapely.get_coordinates(points) + rng.uniform(-off_m, off_m, (count, 2))
    return country.metric.lonlat(xy)


def test_shifted_points_are_told(country: RoadIndex) -> None:
    """Villages in GCJ-02 are some 500 m off, and back on the roads once converted."""
    right = beside(country, 60)
    shift = find_shift(wgs84_to_gcj02(right), country.tree, country.metric)
    assert shift is not None
    assert shift.points == 60
    assert shift.given_m > 150
    assert shift.converted_m < 50
    assert find_shift(right, country.tree, country.metric) is None


def test_points_far_from_roads_are_not_taken_for_shifted(country: RoadIndex) -> None:
    """Places anywhere, shifted another way, or far away fit no better once converted."""
    rng = np.random.default_rng(2)
    for seed in range(30):
        anywhere = np.random.default_rng(seed).uniform((125, 43), (125.15, 43.12), (40, 2))
        assert find_shift(anywhere, country.tree, country.metric) is None
    right = beside(country, 60)
    other_way = right - (wgs84_to_gcj02(right) - right)
    assert find_shift(other_way, country.tree, country.metric) is None
    elsewhere = rng.uniform((126, 44), (126.1, 44.1), (40, 2))
    assert find_shift(elsewhere, country.tree, country.metric) is None


def test_few_points_and_points_abroad_say_nothing(country: RoadIndex) -> None:
    """Below a dozen points, or outside China, where GCJ-02 is not used, nothing is said."""
    few = wgs84_to_gcj02(beside(country, 11))
    assert find_shift(few, country.tree, country.metric) is None
    assert find_shift(np.full((40, 2), 8.0), country.tree, country.metric) is None


def test_points_and_lines_belong_beside_roads_and_areas_do_not(country: RoadIndex) -> None:
    """Lines are sampled along their length; polygons are left out."""
    line = shapely.LineString([(125, 43), (125.02, 43)])
    shapes = [shapely.Point(125, 43), shapely.MultiPoint([(125, 43), (125.1, 43)]), line]
    found = roadside_points([*shapes, shapely.box(125, 43, 126, 44)], country.metric)
    assert len(found) == 1 + 2 + 6
    assert roadside_points([], country.metric).shape == (0, 2)


def test_a_shifted_road_layer_is_refused_unless_its_datum_is_stated(
    country: RoadIndex, tmp_path: Path
) -> None:
    """Over OSM the layer must say what it is in; said so, it is converted or left alone."""
    network = country.network
    content = [
        {
            "type": "Feature",
            "properties": {"highway": "track"},
            "geometry": {
                "type": "LineString",
                "coordinates": wgs84_to_gcj02(network.edge_shape(edge)).tolist(),
            },
        }
        for edge in range(0, network.edge_count, 2)
    ]
    path = tmp_path / "own.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": content}))
    osm = tmp_path / "roads.osm"
    with pytest.raises(InputError, match="GCJ-02") as caught:
        load_network(osm, layer=RoadLayer(path))
    assert caught.value.problems[0].code == "network.layer-shifted"
    stated = load_network(osm, layer=RoadLayer(path, datum_known=True))
    assert stated.report.layer_km_added > 1
