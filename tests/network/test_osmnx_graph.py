"""OSMnx graphs in and out, tried with OSMnx's own functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx
import numpy as np
import osmnx
import pytest

from network import (
    InputError,
    RoadNetwork,
    SpeedTable,
    edge_seconds,
    from_osmnx,
    load_network,
    shortest_paths,
    to_osmnx,
)

PLACES = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.01, 43.01), 4: (125.0, 43.01)}


@pytest.fixture
def network(load: Callable[..., RoadNetwork]) -> RoadNetwork:
    """Return a ring of three roads, one of them one-way, and a road across it."""
    return load(
        PLACES,
        [
            ([1, 2, 3], {"highway": "primary", "name": "人民大街", "maxspeed": "40"}),
            ([3, 4], {"highway": "track"}),
            ([4, 1], {"highway": "service", "oneway": "yes"}),
            ([1, 3], {"highway": "tertiary"}),
        ],
    )


def assert_same(one: RoadNetwork, other: RoadNetwork) -> None:
    """Equal but for what a graph cannot hold: the order of edges."""

    def edges(network: RoadNetwork) -> list[tuple[object, ...]]:
        return sorted(
            (
                *network.node_lonlat[[network.edge_from[edge], network.edge_to[edge]]]
                .round(9)
                .ravel()
                .tolist(),
                int(network.edge_class[edge]),
                int(network.edge_way[edge]),
                str(network.edge_maxspeed_kmh[edge]),
                network.names[network.edge_name[edge]],
                network.edge_shape(edge).round(9).tolist(),
            )
            for edge in range(network.edge_count)
        )

    assert edges(one) == edges(other)
    assert one.edge_length_m.sum() == pytest.approx(other.edge_length_m.sum())


def test_a_network_goes_out_and_comes_back(network: RoadNetwork) -> None:
    """Shapes, classes, names, speeds and way ids survive, one-ways stay one-way."""
    graph = to_osmnx(network)
    assert graph.number_of_edges() == network.edge_count
    assert sum(data["oneway"] for *_, data in graph.edges(data=True)) == 1
    assert_same(from_osmnx(graph), network)


def test_osmnx_saves_it_and_the_file_loads(network: RoadNetwork, tmp_path: Path) -> None:
    """What osmnx.save_graphml writes of it is the same network again, and so is its own reading."""
    path = tmp_path / "roads.graphml"
    osmnx.save_graphml(to_osmnx(network), path)
    assert_same(load_network(path), network)
    assert_same(from_osmnx(osmnx.load_graphml(path)), network)


def test_osmnx_works_on_it(network: RoadNetwork, speeds: SpeedTable) -> None:
    """Frames, projection, statistics and shortest paths are OSMnx's own and agree with ours."""
    seconds = edge_seconds(network, speeds)
    graph = to_osmnx(network, seconds)
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert (len(nodes), len(edges)) == (network.node_count, network.edge_count)
    assert edges["length"].sum() == pytest.approx(network.edge_length_m.sum())
    assert edges["speed_kph"].to_numpy() == pytest.approx(36.0, abs=0.01)
    assert osmnx.basic_stats(graph)["n"] == network.node_count
    assert_same(from_osmnx(osmnx.project_graph(graph)), network)
    for start in range(network.node_count):
        for end in range(network.node_count):
            (ours,) = shortest_paths(network, seconds, [(start, end)])
            taken = networkx.shortest_path_length(graph, start, end, weight="travel_time")
            assert ours.seconds == int(np.ceil(taken - 1e-6))


def test_closed_edges_stay_at_home(network: RoadNetwork, speeds: SpeedTable) -> None:
    """An edge of infinite seconds is not in the graph: OSMnx would drive it."""
    seconds = edge_seconds(network, speeds)
    seconds[2] = np.inf
    assert to_osmnx(network, seconds).number_of_edges() == network.edge_count - 1


def test_graphs_of_nothing_are_refused(network: RoadNetwork) -> None:
    """No edges, no coordinates, coordinates off the Earth: an error that names the source."""
    empty = networkx.MultiDiGraph(crs="epsg:4326")
    with pytest.raises(InputError) as caught:
        from_osmnx(empty, "county graph")
    assert caught.value.problems[0].code == "network.empty-graph"
    assert caught.value.problems[0].file == "county graph"
    one_way = networkx.MultiDiGraph(crs="epsg:4326")
    one_way.add_node(1, x=125.0, y=43.0)
    one_way.add_node(2, x=125.1, y=43.0)
    one_way.add_edge(1, 2, highway="track")
    with pytest.raises(InputError, match="no drivable roads"):
        from_osmnx(one_way)
    bare = networkx.MultiDiGraph()
    bare.add_edge(1, 2, highway="track")
    with pytest.raises(InputError, match="missing 'x'") as caught:
        from_osmnx(bare)
    assert caught.value.problems[0].code == "network.bad-graph"
    one_way.nodes[1]["x"] = 1e6
    with pytest.raises(InputError, match="not on the Earth"):
        from_osmnx(one_way)
