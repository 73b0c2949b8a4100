"""Hostile and broken OSM: an error or a network, soon and in little memory, never a traceback."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network import InputError, RoadNetwork, load_network
from network.cache import is_sound

IDS = st.one_of(
    st.integers(-3, 12), st.sampled_from([2**31, 2**40, 2**62, 2**63 - 1, -(2**62), -(2**63) + 1])
)
PLACES = st.tuples(
    st.sampled_from([125.0, 125.001, 125.002, 179.9999999, -180.0, 0.0]),
    st.sampled_from([43.0, 43.0, 43.001, 90.0, -90.0, 0.0]),
)
TAGS = st.dictionaries(
    st.sampled_from(
        [
            "highway",
            "route",
            "oneway",
            "maxspeed",
            "maxspeed:forward",
            "access",
            "ford",
            "layer",
            "access:conditional",
            "seasonal",
            "winter_road",
            "junction",
            "bridge",
            "name",
        ]
    ),
    st.sampled_from(
        [
            "track",
            "primary",
            "ferry",
            "yes",
            "no",
            "-1",
            "40",
            "@",
            "winter",
            "roundabout",
            "a;b;;",
            "路",
            "-99999999999",
            "nan",
        ]
    )
    | st.sampled_from(["", "9" * 400, "no @ (Nov-Mar)", "no @ (", "no @ (Feb 31)"]),
    max_size=5,
)
WAYS = st.lists(st.tuples(IDS, st.lists(IDS, max_size=6), TAGS), max_size=8)
MEMBERS = st.lists(
    st.tuples(
        st.sampled_from(["node", "way", "relation"]),
        IDS,
        st.sampled_from(["from", "via", "to", "", "outer"]),
    ),
    max_size=5,
)
KINDS = st.sampled_from(
    ["no_left_turn", "only_straight_on", "no_u_turn", "no_entry", "no_exit", "only_", "", "x"]
)


def _xml(
    nodes: dict[int, tuple[float, float]],
    ways: list[tuple[int, list[int], dict[str, str]]],
    relations: list[tuple[int, list[tuple[str, int, str]], str]],
) -> str:
    parts = ['<osm version="0.6">']
    parts += [f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in nodes.items()]
    for number, refs, tags in ways:
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inside += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        parts.append(f'<way id="{number}">{inside}</way>')
    for number, members, kind in relations:
        inside = "".join(f'<member type="{t}" ref="{r}" role="{role}"/>' for t, r, role in members)
        inside += f'<tag k="type" v="restriction"/><tag k="restriction" v="{kind}"/>'
        parts.append(f'<relation id="{number}">{inside}</relation>')
    return "".join(parts) + "</osm>"


def network_or_error(path: Path) -> RoadNetwork | None:
    """Load a file; what comes of it is a sound network or an InputError in both languages."""
    try:
        network = load_network(path)
    except InputError as caught:
        problems = caught.problems
        network = None
    if network is None:
        assert all(problem.cause.zh and problem.action.en for problem in problems)
        return None
    assert is_sound(network)
    turns = network.forbidden_turns
    assert (network.edge_to[turns[:, 0]] == network.edge_from[turns[:, 1]]).all()
    assert all(said.zh and said.en for said in network.report.sentences())
    return network


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    nodes=st.dictionaries(IDS, PLACES, max_size=8),
    ways=WAYS,
    relations=st.lists(st.tuples(IDS, MEMBERS, KINDS), max_size=4),
)
def test_any_nodes_ways_and_relations_are_read(
    nodes: dict[int, tuple[float, float]],
    ways: list[tuple[int, list[int], dict[str, str]]],
    relations: list[tuple[int, list[tuple[str, int, str]], str]],
    tmp_path: Path,
) -> None:
    """Missing nodes, huge ids, zero-length and repeated ways, relations of themselves, odd tags."""
    path = tmp_path / "fuzz.osm"
    path.write_text(_xml(nodes, ways, relations), encoding="utf-8")
    network_or_error(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(0, 400), cut=st.integers(0, 40), added=st.binary(max_size=8))
def test_any_bytes_in_an_osm_file_are_read_or_refused(
    start: int, cut: int, added: bytes, tmp_path: Path
) -> None:
    """A good file with bytes changed, cut out or doubled."""
    track = {"highway": "track", "name": "路"}
    turn = (1, [("way", 1, "from"), ("node", 2, "via"), ("way", 2, "to")], "no_left_turn")
    ways = [(1, [1, 2], track), (2, [2, 3], track), (3, [3, 1], track)]
    places = {1: (125.0, 43.0), 2: (125.1, 43.0), 3: (125.1, 43.1)}
    whole = _xml(places, ways, [turn]).encode()
    path = tmp_path / "bytes.osm"
    path.write_bytes(whole[:start] + added + whole[start + cut :])
    network_or_error(path)


def test_relations_that_contain_each_other_are_read(tmp_path: Path) -> None:
    """A ring of ten thousand relations and one with ten thousand members end at once."""
    ring = [
        (number, [("relation", number % 10_000 + 1, "via"), ("way", 1, "from")], "no_left_turn")
        for number in range(1, 10_001)
    ]
    crowd = (10_001, [("way", 1, "from")] * 10_000 + [("way", 1, "to")], "no_entry")
    path = tmp_path / "ring.osm"
    places = {1: (125.0, 43.0), 2: (125.1, 43.0)}
    path.write_text(_xml(places, [(1, [1, 2], {"highway": "track"})], [*ring, crowd]))
    network = network_or_error(path)
    assert network is not None
    assert network.report.restrictions_malformed == 10_001


@pytest.mark.slow
def test_a_way_of_a_million_points_is_read(tmp_path: Path) -> None:
    """Drawn by a broken converter: one road of 10^6 points, in seconds, at a few hundred MB."""
    resource = pytest.importorskip("resource")
    count = 1_000_000
    x = 125 + np.arange(count) * 1e-7
    nodes = (f'<node id="{i}" lon="{lon:.7f}" lat="43"/>' for i, lon in enumerate(x.tolist(), 1))
    path = tmp_path / "long.osm"
    with path.open("w") as file:
        file.write('<osm version="0.6">')
        file.writelines(nodes)
        file.write('<way id="1">')
        file.writelines(f'<nd ref="{i}"/>' for i in range(1, count + 1))
        file.write('<tag k="highway" v="track"/></way></osm>')
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.process_time()
    network = network_or_error(path)
    assert network is not None
    assert len(network.edge_shape(0)) == count
    assert time.process_time() - started < 60
    grown_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before_mb
    assert grown_mb < 900 or sys.platform == "darwin"


def test_thousands_of_ways_through_one_node_are_read(
    load: Callable[..., RoadNetwork],
) -> None:
    """A star of 2,000 roads, where every pair of them is a possible turn."""
    places = {1: (125.0, 43.0)} | {ref: (125 + ref * 1e-5, 43.001) for ref in range(2, 2002)}
    network = load(places, [([1, ref], {"highway": "track"}) for ref in range(2, 2002)])
    assert network.edge_count == 4000
