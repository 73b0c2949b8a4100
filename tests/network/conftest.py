"""Small road data written by the tests, and the extracts that are used when they are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest

from network import ROAD_CLASSES, RoadNetwork, SpeedTable, load_network

SHARED_OSM = Path(__file__).parents[3] / "shared" / "data" / "osm"

Places = Mapping[int, tuple[float, float]]
Ways = Sequence[tuple[Sequence[int], Mapping[str, str]]]


def osm_xml(places: Places, ways: Ways) -> str:
    """Return OSM XML of nodes (id -> lon, lat) and ways (refs, tags)."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">']
    for ref, (lon, lat) in places.items():
        parts.append(f'<node id="{ref}" version="1" lon="{lon}" lat="{lat}"/>')
    for number, (refs, tags) in enumerate(ways, 1):
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        marks = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
        parts.append(f'<way id="{number}" version="1">{nodes}{marks}</way>')
    return "".join(parts) + "</osm>"


@pytest.fixture
def write_osm(tmp_path: Path) -> Callable[[Places, Ways], Path]:
    """Return a function that writes nodes and ways as an .osm file."""

    def write(places: Places, ways: Ways) -> Path:
        path = tmp_path / "roads.osm"
        path.write_text(osm_xml(places, ways), encoding="utf-8")
        return path

    return write


@pytest.fixture
def load(write_osm: Callable[[Places, Ways], Path]) -> Callable[[Places, Ways], RoadNetwork]:
    """Return a function that writes nodes and ways and loads them."""
    return lambda places, ways: load_network(write_osm(places, ways))


@pytest.fixture
def grid(load: Callable[[Places, Ways], RoadNetwork]) -> RoadNetwork:
    """Return a 5 × 5 grid of residential streets some 100 m apart near 125 E, 43 N."""
    places = {
        10 * row + column + 1: (125 + 0.00125 * column, 43 + 0.0009 * row)
        for row in range(5)
        for column in range(5)
    }
    rows = [[10 * row + column + 1 for column in range(5)] for row in range(5)]
    columns = [[10 * row + column + 1 for row in range(5)] for column in range(5)]
    return load(places, [(refs, {"highway": "residential"}) for refs in rows + columns])


@pytest.fixture(scope="session")
def speeds() -> SpeedTable:
    """Thirty-six km/h everywhere: ten metres a second."""
    return SpeedTable(kmh=tuple((name, 36.0) for name in ROAD_CLASSES))


def _extract(name: str) -> RoadNetwork:
    path = SHARED_OSM / name
    if not path.exists():
        pytest.skip(f"the shared extract {name} is not here")
    return load_network(path)


@pytest.fixture(scope="session")
def liechtenstein() -> RoadNetwork:
    """Return the roads of Liechtenstein."""
    return _extract("liechtenstein.osm.pbf")


@pytest.fixture(scope="session")
def heidelberg() -> RoadNetwork:
    """Return the roads of Heidelberg and the Odenwald, of county size."""
    return _extract("heidelberg-odenwald.osm.pbf")


@pytest.fixture(scope="session")
def shared_osm() -> Path:
    """Return the folder of shared extracts."""
    if not SHARED_OSM.exists():
        pytest.skip("the shared extracts are not here")
    return SHARED_OSM


@pytest.fixture
def random_network() -> Callable[[int], RoadNetwork]:
    """Return a function of a seed: a random network of 40 nodes with parallel edges and loops."""

    def make(seed: int) -> RoadNetwork:
        rng = np.random.default_rng(seed)
        places = rng.uniform((125, 43), (125.1, 43.1), (40, 2))
        start, end = rng.integers(0, 40, (2, 130)).astype(np.int32)
        shape = np.column_stack([places[start], places[end]]).reshape(-1, 2)
        return RoadNetwork(
            node_lonlat=places,
            edge_from=start,
            edge_to=end,
            edge_length_m=np.round(rng.uniform(0, 900, 130), 1) * (rng.random(130) > 0.05),
            edge_class=rng.integers(0, len(ROAD_CLASSES), 130).astype(np.int8),
            edge_maxspeed_kmh=np.where(rng.random(130) > 0.5, 30, np.nan).astype(np.float32),
            edge_name=np.zeros(130, np.int32),
            shape_start=np.arange(0, 261, 2),
            shape_lonlat=shape,
        )

    return make
