"""OSMnx graphs read back as the network they were."""

from __future__ import annotations

from pathlib import Path

import networkx
import numpy as np
import pytest
from pyproj import Transformer

from network import InputError, RoadNetwork, load_network
from network.road_network import ROAD_CLASSES


def graph(crs: str = "epsg:4326") -> networkx.MultiDiGraph:
    """Return a triangle as OSMnx makes them, lists and geometry included."""
    made = networkx.MultiDiGraph(crs=crs)
    for node, x, y in ((1, 125.0, 43.0), (2, 125.01, 43.0), (3, 125.01, 43.01)):
        made.add_node(node, x=x, y=y, street_count=2)
    made.add_edge(1, 2, 0, highway="primary_link", oneway="True", maxspeed="60", name="街")
    made.add_edge(
        2,
        3,
        0,
        highway="['residential', 'track']",
        maxspeed="['40', '30 mph', 'none']",
        name="['甲路', '乙路']",
        geometry="LINESTRING (125.01 43, 125.011 43.005, 125.01 43.01)",
    )
    made.add_edge(3, 1, 0, highway="track")
    made.add_edge(3, 1, 1, highway="corridor")
    return made


def save(made: networkx.MultiDiGraph, path: Path) -> Path:
    networkx.write_graphml(made, path)
    return path


def test_an_osmnx_graph_is_read(tmp_path: Path) -> None:
    """Classes, speeds, names and shapes arrive; ways that are no road do not."""
    network = load_network(save(graph(), tmp_path / "place.graphml"))
    assert (network.node_count, network.edge_count) == (3, 3)
    classes = [ROAD_CLASSES[number] for number in network.edge_class]
    assert classes == ["primary", "residential", "track"]
    assert network.edge_maxspeed_kmh[:2].tolist() == [60, 40]
    assert np.isnan(network.edge_maxspeed_kmh[2])
    assert [network.names[number] for number in network.edge_name] == ["街", "甲路", ""]
    assert network.edge_shape(1)[1].tolist() == [125.011, 43.005]
    assert network.edge_length_m[0] == pytest.approx(815.41, abs=0.01)


def test_a_projected_graph_is_brought_back(tmp_path: Path) -> None:
    """A graph in Gauss-Krüger metres lies where it should."""
    made = graph("epsg:4549")
    plane = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)
    for _, data in made.nodes(data=True):
        data["x"], data["y"] = plane.transform(data["x"], data["y"])
    del made[2][3][0]["geometry"]
    network = load_network(save(made, tmp_path / "place.graphml"))
    assert network.node_lonlat[0] == pytest.approx([125.0, 43.0], abs=1e-6)


def break_x(made: networkx.MultiDiGraph) -> None:
    del made.nodes[1]["x"]


def break_place(made: networkx.MultiDiGraph) -> None:
    made.nodes[1]["x"] = 4000.0


def break_number(made: networkx.MultiDiGraph) -> None:
    for node in made.nodes:
        made.nodes[node]["x"] = "east"


def break_crs(made: networkx.MultiDiGraph) -> None:
    made.graph["crs"] = "epsg:nonsense"


def break_list(made: networkx.MultiDiGraph) -> None:
    made[2][3][0]["highway"] = "[open('x')]"


def break_bracket(made: networkx.MultiDiGraph) -> None:
    made[2][3][0]["highway"] = "[["


def break_deep(made: networkx.MultiDiGraph) -> None:
    made[2][3][0]["highway"] = "[" + "-" * 100_000 + "1]"


def break_long(made: networkx.MultiDiGraph) -> None:
    made[2][3][0]["highway"] = "[" + "1+" * 100_000 + "1j]"


def break_geometry(made: networkx.MultiDiGraph) -> None:
    made[2][3][0]["geometry"] = "LINESTRING (here, there)"


@pytest.mark.parametrize(
    "damage",
    [
        break_x,
        break_place,
        break_number,
        break_crs,
        break_list,
        break_bracket,
        break_deep,
        break_long,
        break_geometry,
    ],
)
def test_damaged_graphs_are_errors(tmp_path: Path, damage: object) -> None:
    """What is missing or makes no sense is named, never run and never a traceback."""
    made = graph()
    damage(made)  # type: ignore[operator]
    with pytest.raises(InputError) as caught:
        load_network(save(made, tmp_path / "place.graphml"))
    assert caught.value.problems[0].code == "network.unreadable-graphml"


@pytest.mark.parametrize("name", ["[Privatweg]", "[ 东路", "[" + "-" * 100_000 + "1]"])
def test_a_name_in_brackets_is_a_name(tmp_path: Path, name: str) -> None:
    """Only what reads as a list of names is one; a road's name never makes a file unreadable."""
    made = graph()
    made[2][3][0]["name"] = name
    network = load_network(save(made, tmp_path / "place.graphml"))
    assert name in network.names


def test_osmnx_itself_and_we_agree(tmp_path: Path, grid: RoadNetwork) -> None:
    """A graph that OSMnx saved has the nodes and lengths that OSMnx computes."""
    osmnx = pytest.importorskip("osmnx")
    made = networkx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for node, (lon, lat) in enumerate(grid.node_lonlat):
        made.add_node(node, x=float(lon), y=float(lat))
    for start, end in zip(grid.edge_from.tolist(), grid.edge_to.tolist(), strict=True):
        made.add_edge(start, end, highway="residential", oneway=False)
    made = osmnx.distance.add_edge_lengths(made)
    osmnx.save_graphml(made, tmp_path / "grid.graphml")
    network = load_network(tmp_path / "grid.graphml")
    assert (network.node_count, network.edge_count) == (grid.node_count, grid.edge_count)
    theirs = sum(length for _, _, length in made.edges(data="length"))
    assert network.edge_length_m.sum() == pytest.approx(theirs, rel=0.005)
