"""Sites become tasks: what stopping, driving along and seeing mean on real and small roads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    Point,
    Polygon,
    box,
)

from network import (
    NO_PATH,
    InspectionMode,
    InspectionSettings,
    InspectionTask,
    RoadNetwork,
    Site,
    SpeedTable,
    edge_seconds,
    inspection_tasks,
    mode_length_m,
    mode_seconds,
    mode_shape,
)
from network.metric import metric_of

SETTINGS = InspectionSettings()


def one(
    network: RoadNetwork, geometry: shapely.Geometry, manner: str
) -> tuple[RoadNetwork, InspectionTask]:
    """Return the split network and the task of a single site, after checking its modes."""
    split, (task,) = inspection_tasks(network, [Site("z", geometry, manner)], SETTINGS)  # type: ignore[arg-type]
    assert_drivable(split, task)
    return split, task


def assert_drivable(network: RoadNetwork, task: InspectionTask) -> None:
    """Each mode's edges hang together from entry to exit, and so does its line."""
    assert task.modes
    assert len(set(task.modes)) == len(task.modes)
    assert 0 <= task.seen_share <= 1
    for mode in task.modes:
        nodes = [mode.entry_node, *network.edge_to[list(mode.edges)].tolist()]
        assert network.edge_from[list(mode.edges)].tolist() == nodes[:-1]
        assert nodes[-1] == mode.exit_node
        shape = mode_shape(network, mode)
        assert len(shape) >= 2
        np.testing.assert_array_equal(shape[0], network.node_lonlat[mode.entry_node])
        np.testing.assert_array_equal(shape[-1], network.node_lonlat[mode.exit_node])


def test_a_point_is_stopped_at_and_walked_to(grid: RoadNetwork) -> None:
    """The stop is on the nearest road, the walk a straight line, its end the point."""
    split, task = one(grid, Point(125.0018, 43.0002), "stop")
    (mode,) = task.modes
    assert mode.entry_node == mode.exit_node
    assert mode.walk_m == task.snap_distance_m == pytest.approx(22.2, abs=0.1)
    assert (mode.lon, mode.lat) == pytest.approx((125.0018, 43.0002))
    assert split.node_lonlat[mode.entry_node] == pytest.approx([125.0018, 43.0])
    assert len(mode_shape(split, mode)) == 3


def test_a_village_on_the_road_needs_no_walk(grid: RoadNetwork) -> None:
    """Where a road runs through the area, the stop is inside it."""
    split, task = one(grid, box(125.001, 42.999, 125.002, 43.0008), "stop")
    (mode,) = task.modes
    assert mode.walk_m == 0
    assert split.node_lonlat[mode.entry_node].tolist() == [mode.lon, mode.lat]


def test_an_area_off_its_middle_road_is_entered_where_a_road_reaches_it(grid: RoadNetwork) -> None:
    """When the road nearest to the middle misses the area, the road nearest to the area counts."""
    ring = box(125.0005, 43.004, 125.01, 43.01).difference(box(125.0006, 43.0041, 125.02, 43.01))
    _, task = one(grid, ring, "stop")
    assert task.modes[0].walk_m == pytest.approx(44.4, abs=0.5)


@pytest.mark.parametrize("manner", ["stop", "drive", "see"])
def test_points_are_stopped_at_whatever_is_asked(grid: RoadNetwork, manner: str) -> None:
    """A point, or several, has no length to drive and no area to see."""
    for geometry in (Point(125.002, 43.001), MultiPoint([(125.002, 43.001), (125.003, 43.001)])):
        _, task = one(grid, geometry, manner)
        assert task.modes[0].edges == ()


def test_a_road_side_is_driven_end_to_end_both_ways(grid: RoadNetwork) -> None:
    """A line beside a street becomes that street between its ends, in two modes."""
    split, task = one(grid, LineString([(125.0002, 43.00092), (125.0048, 43.00092)]), "drive")
    assert len(task.modes) == 2
    forth, back = task.modes
    assert (forth.entry_node, forth.exit_node) == (back.exit_node, back.entry_node)
    assert mode_length_m(split, forth) == pytest.approx(375.0, abs=1)
    assert task.seen_share == 1
    assert mode_shape(split, forth)[:, 1] == pytest.approx(43.0009)


def test_the_corridor_is_kept_though_it_is_longer(grid: RoadNetwork) -> None:
    """A line with corners is followed round its corners, not cut short."""
    corners = [(125.0, 43.0), (125.0, 43.0036), (125.005, 43.0036), (125.005, 43.0009)]
    split, task = one(grid, LineString(corners), "drive")
    assert mode_length_m(split, task.modes[0]) == pytest.approx(400 + 407 + 300, abs=5)


def test_a_ring_is_driven_all_the_way_round(grid: RoadNetwork) -> None:
    """A closed line is not an empty way from its start to its end."""
    ring = LineString([(125, 43), (125.005, 43), (125.005, 43.0036), (125, 43.0036), (125, 43)])
    split, task = one(grid, ring, "drive")
    assert mode_length_m(split, task.modes[0]) == pytest.approx(2 * (400 + 407), abs=5)


@pytest.mark.parametrize("lat", [43.02, 43.1])
def test_one_way_streets_are_driven_one_way(lat: float, load: Callable[..., RoadNetwork]) -> None:
    """Against the arrows there is no mode when the way round is long, however far it leads."""
    places = {1: (125.0, 43.0), 2: (125.005, 43.0), 3: (125.005, lat), 4: (125.0, lat)}
    tags = {"highway": "secondary", "oneway": "yes"}
    back = [(refs, {"highway": "secondary"}) for refs in ([2, 3], [3, 4, 1])]
    network = load(places, [([1, 2], tags), *back])
    for line in ([(125.001, 43.0), (125.004, 43.0)], [(125.004, 43.0), (125.001, 43.0)]):
        split, task = one(network, LineString(line), "drive")
        (mode,) = task.modes
        assert split.node_lonlat[mode.entry_node, 0] == pytest.approx(125.001)


def test_each_carriageway_is_driven_its_own_way(load: Callable[..., RoadNetwork]) -> None:
    """A line down the middle of a dual carriageway: forth on one side, back on the other."""
    places = {
        1: (125.0, 43.0),
        2: (125.02, 43.0),
        3: (125.02, 43.0003),
        4: (125.0, 43.0003),
        5: (125.03, 43.0),
        6: (124.99, 43.0),
    }
    trunk = {"highway": "trunk", "oneway": "yes"}
    ends = [([2, 5, 3], {"highway": "trunk"}), ([4, 6, 1], {"highway": "trunk"})]
    network = load(places, [([1, 2], trunk), ([3, 4], trunk), *ends])
    split, task = one(network, LineString([(125.001, 43.00015), (125.019, 43.00012)]), "drive")
    assert len(task.modes) == 2
    for mode in task.modes:
        assert mode_length_m(split, mode) == pytest.approx(0.018 * 81541, abs=3)
    assert task.seen_share == 1


def test_a_motorway_side_is_driven_on_the_motorway(load: Callable[..., RoadNetwork]) -> None:
    """Nobody stops on a motorway, but one drives along it."""
    places = {1: (125.0, 43.0), 2: (125.02, 43.0), 3: (125.02, 43.0003), 4: (125.0, 43.0003)}
    both = {"highway": "motorway", "oneway": "no"}
    network = load(places, [([1, 2], both), ([2, 3, 4, 1], {"highway": "service"})])
    split, task = one(network, LineString([(125.001, 43.0), (125.019, 43.0)]), "drive")
    assert set(split.edge_class[list(task.modes[0].edges)].tolist()) == {0}


def test_a_line_that_crosses_itself_is_driven_whole(grid: RoadNetwork) -> None:
    """A figure of four stays one line from end to end."""
    line = LineString(
        [
            (125.00125, 43.0),
            (125.00125, 43.0036),
            (125.005, 43.0036),
            (125.005, 43.0018),
            (125, 43.0018),
        ]
    )
    split, task = one(grid, line, "drive")
    assert task.seen_share == 1
    assert mode_length_m(split, task.modes[0]) == pytest.approx(400 + 306 + 200 + 408, abs=5)


def test_parts_of_a_line_are_joined_or_the_longest_counts(grid: RoadNetwork) -> None:
    """Parts that meet are one line; of parts that do not, the longest is driven."""
    first, second = [(125.0, 43.0), (125.002, 43.0)], [(125.002, 43.0), (125.005, 43.0)]
    split, task = one(grid, MultiLineString([first, second]), "drive")
    assert mode_length_m(split, task.modes[0]) == pytest.approx(407, abs=2)
    apart = MultiLineString(
        [[(125.0, 43.0), (125.001, 43.0)], [(125.0, 43.0036), (125.004, 43.0036)]]
    )
    split, task = one(grid, apart, "drive")
    assert mode_length_m(split, task.modes[0]) == pytest.approx(326, abs=2)


def test_a_line_far_from_all_roads_is_stopped_at(grid: RoadNetwork) -> None:
    """Where no road runs along the line, it is walked to and the distance is told."""
    _, task = one(grid, LineString([(125.0, 43.01), (125.005, 43.01)]), "drive")
    (mode,) = task.modes
    assert mode.edges == ()
    assert mode.walk_m == pytest.approx(711, abs=2)


def test_an_area_in_sight_is_seen_from_one_place(grid: RoadNetwork) -> None:
    """A field that one place overlooks is a single node without driving."""
    _, task = one(grid, box(125.0024, 43.0017, 125.0026, 43.0019), "see")
    (mode,) = task.modes
    assert (mode.edges, mode.walk_m, task.seen_share) == ((), 0.0, 1.0)
    assert task.snap_distance_m == 0


def test_a_wide_area_is_seen_from_a_circuit(load: Callable[..., RoadNetwork]) -> None:
    """The share asked for lies within sight of every way; a circuit is entered in four places."""
    places = {
        10 * row + column + 1: (125 + 0.005 * column, 43 + 0.0036 * row)
        for row in range(6)
        for column in range(6)
    }
    rows = [[10 * row + column + 1 for column in range(6)] for row in range(6)]
    columns = [[10 * row + column + 1 for row in range(6)] for column in range(6)]
    network = load(places, [(refs, {"highway": "track"}) for refs in rows + columns])
    area = box(125.0, 43.0, 125.025, 43.018)
    split, task = one(network, area, "see")
    circuits = [mode for mode in task.modes if mode.entry_node == mode.exit_node]
    through = [mode for mode in task.modes if mode.entry_node != mode.exit_node]
    assert (len(circuits), len(through)) == (4, 4)
    circuit_m = mode_length_m(split, circuits[0])
    assert [mode_length_m(split, mode) for mode in circuits] == pytest.approx([circuit_m] * 4)
    assert max(mode_length_m(split, mode) for mode in through) < circuit_m < 8000
    assert task.seen_share >= 0.8
    metric = metric_of(split)
    for mode in (circuits[0], *through):
        driven = LineString(metric.xy(mode_shape(split, mode)))
        seen = metric.flat(area).intersection(driven.buffer(300)).area / metric.flat(area).area
        assert task.seen_share - 0.03 <= seen <= 1


def test_what_roads_cannot_show_is_not_asked_for(grid: RoadNetwork) -> None:
    """Of an area that reaches far beyond the roads, what can be seen is seen, and told."""
    _, task = one(grid, box(125.0, 43.0, 125.05, 43.0036), "see")
    assert 0.1 < task.seen_share < 0.3


def test_an_area_out_of_sight_is_walked_to(grid: RoadNetwork) -> None:
    """A field 600 m from the last road is a stop with its walk."""
    _, task = one(grid, box(125.0, 43.009, 125.001, 43.01), "see")
    (mode,) = task.modes
    assert (mode.edges, mode.walk_m) == ((), pytest.approx(600, abs=1))


@pytest.mark.parametrize(
    "geometry",
    [
        LineString([(125.0, 43.0), (125.005, 43.0)]),
        MultiLineString([[(125.0, 43.0), (125.002, 43.0)], [(125.0, 43.0036), (125.004, 43.0036)]]),
        Polygon([(125, 43), (125.005, 43.0036), (125.005, 43), (125, 43.0036)]),
        GeometryCollection([Point(125, 43), box(125, 43, 125.002, 43.002)]),
        Polygon([(125, 43, 7), (125.002, 43, 7), (125.002, 43.002, 7)]),
    ],
)
def test_lines_and_crooked_areas_can_be_seen(grid: RoadNetwork, geometry: shapely.Geometry) -> None:
    """Lines, bow ties, collections and areas with heights are seen like any area."""
    _, task = one(grid, geometry, "see")
    assert task.seen_share >= 0.8


def test_areas_are_seen_rather_than_driven_along(grid: RoadNetwork) -> None:
    """A polygon whose manner is to drive becomes a circuit."""
    area = box(125.0, 43.0, 125.005, 43.0036)
    assert one(grid, area, "drive")[1].modes == one(grid, area, "see")[1].modes


def test_an_empty_geometry_is_refused(grid: RoadNetwork) -> None:
    """A site without a place is a mistake of the caller, named by its id."""
    with pytest.raises(ValueError, match="site z has an empty geometry"):
        one(grid, Point(), "stop")


@pytest.mark.parametrize("place", [(4_767_000.0, 41_500_000.0), (float("nan"), 43.0)])
def test_metres_are_not_taken_for_degrees(grid: RoadNetwork, place: tuple[float, float]) -> None:
    """Projected or missing coordinates are refused by the site's id."""
    with pytest.raises(ValueError, match="site z is not in degrees"):
        one(grid, Point(place), "stop")


def test_roads_that_meet_only_far_away_still_make_a_circuit(
    load: Callable[..., RoadNetwork],
) -> None:
    """An area seen from two roads whose only joint is 8 km off is driven by way of that joint."""
    places = {1: (125.0, 43.0), 2: (125.1, 43.0), 3: (125.1, 43.009), 4: (125.0, 43.009)}
    network = load(places, [(refs, {"highway": "track"}) for refs in ([1, 2], [2, 3, 4])])
    split, task = one(network, box(125.0, 42.999, 125.002, 43.010), "see")
    assert mode_length_m(split, task.modes[0]) > 30_000


def test_a_point_on_the_road_needs_no_walk(grid: RoadNetwork) -> None:
    """The noise of projecting is no walk."""
    _, task = one(grid, Point(125.0018, 43.0), "stop")
    assert task.modes[0].walk_m == 0


def test_seconds_are_of_driving_slowly_and_walking_both_ways(
    grid: RoadNetwork, speeds: SpeedTable
) -> None:
    """Inside, the slower of edge and inspection speed counts; the walk counts twice."""
    split, task = one(grid, LineString([(125.0, 43.0), (125.005, 43.0)]), "drive")
    mode = task.modes[0]
    seconds = edge_seconds(split, speeds)
    length_m = mode_length_m(split, mode)
    assert mode_seconds(split, mode, seconds, 18, 3) == int(np.ceil(length_m / 5))
    assert mode_seconds(split, mode, seconds, 72, 3) == int(np.ceil(length_m / 10))
    walking = InspectionMode(0, 0, (), 300.0, 125.0, 43.0)
    assert mode_seconds(split, walking, seconds, 18, 3.6) == 600
    closed = np.full(split.edge_count, np.inf)
    assert mode_seconds(split, mode, closed, 18, 3) == NO_PATH


def test_tasks_come_in_the_order_of_sites_and_twice_the_same(grid: RoadNetwork) -> None:
    """Many sites share one split network, and the same sites give the same tasks."""
    sites = [
        Site("b", Point(125.0018, 43.0002), "stop"),
        Site("a", box(125.0, 43.0, 125.005, 43.0036), "see"),
        Site("c", LineString([(125.0, 43.0009), (125.005, 43.0009)]), "drive"),
    ]
    split, tasks = inspection_tasks(grid, sites, SETTINGS)
    assert [task.site.id for task in tasks] == ["b", "a", "c"]
    for task in tasks:
        assert_drivable(split, task)
    again, same = inspection_tasks(grid, sites, SETTINGS)
    assert [task.modes for task in same] == [task.modes for task in tasks]
    np.testing.assert_array_equal(again.shape_lonlat, split.shape_lonlat)


@pytest.mark.shared
def test_real_roads_give_sound_tasks(liechtenstein: RoadNetwork) -> None:
    """Points, areas and lines strewn over Liechtenstein become drivable tasks."""
    rng = np.random.default_rng(3)
    sites = []
    for number in range(30):
        lon, lat = liechtenstein.node_lonlat[rng.integers(liechtenstein.node_count)]
        lon, lat = lon + rng.normal(0, 0.003), lat + rng.normal(0, 0.003)
        area = box(lon, lat, lon + rng.uniform(0.002, 0.015), lat + rng.uniform(0.002, 0.01))
        sites += [Site(f"p{number}", Point(lon, lat), "stop"), Site(f"a{number}", area, "see")]
    edges = rng.integers(0, liechtenstein.edge_count, 10)
    sites += [Site(f"l{e}", LineString(liechtenstein.edge_shape(e)), "drive") for e in edges]
    split, tasks = inspection_tasks(liechtenstein, sites, SETTINGS)
    for task in tasks:
        assert_drivable(split, task)
    driven = [task for task in tasks if task.site.manner == "drive"]
    assert min(task.seen_share for task in driven) > 0.95
    assert split.edge_length_m.sum() == pytest.approx(liechtenstein.edge_length_m.sum())
