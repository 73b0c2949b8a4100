"""Bad road files: each is one error with its code, a cause and what to do."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest

from network import InputError, load_network, read_features

NODES = '<node id="1" lat="43" lon="125"/><node id="2" lat="43.1" lon="125"/>'
WAY = '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="track"/></way>'


def xml(body: str) -> bytes:
    return f'<?xml version="1.0"?><osm version="0.6">{body}</osm>'.encode()


def bomb() -> bytes:
    """Return XML whose last entity expands to 10^9 letters."""
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 9)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE osm [{entities}]><osm version="0.6">'
        '<node id="1" lat="1" lon="1"><tag k="x" v="&a8;"/></node></osm>'
    ).encode()


BAD_FILES = {
    "empty.osm.pbf": (b"", "network.empty-file"),
    "text.osm.pbf": (b"hello world, this is no pbf" * 10, "network.unreadable-osm"),
    "zeros.osm.pbf": (b"\0" * 1000, "network.unreadable-osm"),
    "text.osm": (b"hello", "network.unreadable-osm"),
    "cut.osm": (xml(NODES + WAY)[:-20], "network.unreadable-osm"),
    "entities.osm": (bomb(), "network.unreadable-osm"),
    "latin.osm": (xml(NODES + WAY).replace(b"track", b"tr\xe9ck"), "network.unreadable-osm"),
    "id.osm": (xml(NODES.replace('"1"', '"99999999999999999999"')), "network.unreadable-osm"),
    "nan.osm": (xml(NODES.replace("43.1", "nan") + WAY), "network.unreadable-osm"),
    "cut.osm.gz": (gzip.compress(xml(NODES + WAY))[:-10], "network.unreadable-osm"),
    "text.osm.gz": (b"\x1f\x8bhello", "network.unreadable-osm"),
    "no-roads.osm": (xml(NODES), "network.no-roads"),
    "no-nodes.osm": (xml(WAY), "network.no-roads"),
    "far-away.osm": (xml(NODES.replace("43.1", "143.1") + WAY), "network.no-roads"),
    "dead-end.osm": (
        xml(NODES + WAY.replace("<tag", '<tag k="oneway" v="yes"/><tag')),
        "network.no-roads",
    ),
    "roads.xyz": (b"x", "network.unknown-format"),
    "roads.shp": (b"x", "layer.unreadable"),
    "roads.gpkg": (b"x", "layer.unreadable"),
    "roads.geojson": (b'{"type": "FeatureCollection", "features": [', "layer.unreadable"),
    "tables.geojson": (b'{"type": "FeatureCollection", "features": []}', "network.layer-column"),
    "text.graphml": (b"hello", "network.unreadable-graphml"),
    "entities.graphml": (bomb(), "network.unreadable-graphml"),
    "empty.graphml": (b"<graphml/>", "network.no-roads"),
}


def problem_of(call: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(InputError) as caught:
        call(path)
    (problem,) = caught.value.problems
    assert problem.file in {str(path), path.name}
    assert all([*problem.cause, *problem.action])
    return problem.code


@pytest.mark.parametrize("name", BAD_FILES)
def test_each_bad_file_gives_its_error(name: str, tmp_path: Path) -> None:
    """Damaged, empty, foreign and roadless files are errors in both languages, never tracebacks."""
    content, code = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert problem_of(load_network, path) == code


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    """What is not there or not a file is said so, for roads and for features."""
    folder = tmp_path / "roads.osm"
    folder.mkdir()
    for call in (load_network, read_features):
        assert problem_of(call, tmp_path / "none.osm.pbf") == "network.missing-file"
        assert problem_of(call, folder) == "network.unreadable-file"


def test_missing_nodes_are_named_as_the_cause(tmp_path: Path) -> None:
    """A file of ways without their nodes says that the nodes are missing."""
    path = tmp_path / "no-nodes.osm"
    path.write_bytes(xml(WAY))
    with pytest.raises(InputError, match="2 nodes of ways are missing"):
        load_network(path)


def test_zipped_and_plain_xml_are_the_same_network(tmp_path: Path) -> None:
    """A .osm.gz reads like .osm, and so does a plain file that is called .gz."""
    body = xml(NODES + WAY)
    for name, content in {"a.osm": body, "b.osm.gz": gzip.compress(body), "c.osm.gz": body}.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert load_network(path).edge_count == 2


def small_pbf(path: Path) -> bytes:
    writer = osmium.SimpleWriter(str(path))
    for ref in range(1, 40):
        place = (125 + ref * 0.001, 43 + (ref % 5) * 0.001)
        writer.add_node(osmium.osm.mutable.Node(id=ref, location=place))
    for ref in range(1, 38):
        tags = {"highway": "track", "landuse": "quarry"}
        nodes = [ref, ref + 1, ref + 2, ref]
        writer.add_way(osmium.osm.mutable.Way(id=ref, nodes=nodes, tags=tags))
    writer.close()
    return path.read_bytes()


def test_damaged_pbf_is_an_error_or_a_network(tmp_path: Path) -> None:
    """Whatever bytes of a PBF are changed or cut, the answer is an InputError or a network."""
    whole = small_pbf(tmp_path / "whole.osm.pbf")
    assert load_network(tmp_path / "whole.osm.pbf").node_count == 38
    rng = random.Random(0)
    path = tmp_path / "damaged.osm.pbf"
    errors = 0
    for number in range(60):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged[: rng.randrange(len(damaged))] if number % 2 else damaged)
        for call in (load_network, read_features):
            try:
                call(path)
            except InputError:
                errors += 1
    assert errors > 60


@pytest.mark.shared
def test_a_cut_extract_is_an_error(shared_osm: Path, tmp_path: Path) -> None:
    """A real PBF without its last byte, or half of it, is refused."""
    whole = (shared_osm / "liechtenstein.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    for length in (len(whole) - 1, len(whole) // 2, 20):
        path.write_bytes(whole[:length])
        assert problem_of(load_network, path) == "network.unreadable-osm"
