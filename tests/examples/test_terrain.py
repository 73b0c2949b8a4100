"""The grid, its cheapest paths, and the curves made of them."""

import numpy as np
import pytest

from examples.curves import relaxed, smooth
from examples.names import NameBook, county_name
from examples.roads import Piece
from examples.streets import cross
from examples.terrain import CheapestPaths, climbing_cost, make_terrain, swerve, to_lonlat, within


@pytest.fixture(scope="module")
def terrain():
    return make_terrain(1, 60.0, np.random.default_rng(1))


def test_paths_go_from_the_nearest_source_and_prefer_cheap_edges(terrain):
    """A path starts at a source, ends at its target, and follows edges made cheap."""
    finder = CheapestPaths(terrain, climbing_cost(terrain))
    corner, other = 0, len(terrain.position) - 1
    [path] = finder.paths([corner], [other])
    assert (path[0], path[-1]) == (corner, other)
    edges = finder.edges_on(path)
    assert {*terrain.edges[edges].ravel().tolist()} == set(path)
    finder.cost[:] = 1000.0
    finder.cost[edges] = 0.001
    assert finder.paths([corner], [other]) == [path]


def test_a_target_past_the_limit_has_no_path(terrain):
    """What is farther than the limit gives an empty path."""
    finder = CheapestPaths(terrain, climbing_cost(terrain))
    assert finder.paths([0], [len(terrain.position) - 1], limit=0.5) == [[]]


def test_smoothing_keeps_both_ends_and_rounds_corners():
    """A right angle becomes a curve through the same ends that stays inside the angle."""
    line = smooth(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]))
    assert line[0].tolist() == [0, 0]
    assert line[-1].tolist() == [1, 1]
    assert len(line) > 4
    assert np.hypot(*(line - [1.0, 0.0]).T).min() > 0.1


def test_relaxing_moves_only_the_nodes_named():
    """A zigzag is pulled straight at its inner nodes; with none named nothing moves."""
    zigzag = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    moved = relaxed(zigzag, {1: (0, 2)}, rounds=20)
    assert moved[1, 1] < 0.01
    assert moved[[0, 2]].tolist() == zigzag[[0, 2]].tolist()
    assert relaxed(zigzag, {}, rounds=3) is zigzag


def test_lines_that_cross_get_a_point_in_common():
    """Two crossing pieces share the crossing, and a piece ending on another shares its end."""
    east = Piece(0, np.array([[-1.0, 0.0], [1.0, 0.0]]))
    north = Piece(1, np.array([[0.0, -1.0], [0.0, 1.0]]))
    stub = Piece(2, np.array([[0.5, 0.0], [0.5, 2.0]]))
    a, b, c = cross((east, north, stub))
    assert a.points.tolist() == [[-1, 0], [0, 0], [0.5, 0], [1, 0]]
    assert b.points.tolist() == [[0, -1], [0, 0], [0, 1]]
    assert c.points.tolist() == stub.points.tolist()


def test_boundaries_never_cross_themselves():
    """The swerve of boundaries is gentle: neighbouring points keep their order."""
    x = np.linspace(-60, 60, 4001)
    for y in (-20.0, 0.0, 13.0):
        points = np.stack([x, np.full_like(x, y)], axis=1)
        moved = points - swerve(points)
        assert (np.diff(moved[:, 0]) > 0).all()


def test_points_are_told_inside_from_outside(terrain):
    """The middle is inside the outline, far away is not."""
    assert within(terrain.outline, np.array([[0.1, 0.0], [500.0, 0.0]])).tolist() == [True, False]


def test_kilometres_become_degrees_of_osm_precision():
    """One kilometre north is 1/111.195 degree, rounded to OSM's seven places."""
    lon, lat = to_lonlat(np.array([[0.0, 1.0]]))[0]
    assert (lon, lat) == (126.0, round(43.5 + 1 / 111.195, 7))


def test_names_are_handed_out_once():
    """Hundreds of villages have names of their own, and the demo's county is 青岭县."""
    book = NameBook(np.random.default_rng(1))
    names = [book.village() for _ in range(900)]
    assert len(set(names)) == 900
    assert county_name(2026) == "青岭县"


def test_names_run_out_loudly():
    """When no name is left a ValueError says so."""
    book = NameBook(np.random.default_rng(1))

    def name_everything():
        return [book.township() for _ in range(5000)]

    with pytest.raises(ValueError, match="no names left"):
        name_everything()
