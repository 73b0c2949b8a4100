"""Going online is asked of OSMnx once, and failing is an error; nothing here goes online."""

from __future__ import annotations

from pathlib import Path

import geopandas
import networkx
import osmnx
import pytest
import shapely

from network import InputError, download_place, load_network
from network.online import download_features


def test_a_place_is_saved_as_graphml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What OSMnx returns is saved where asked, tracks included in the request."""
    asked: list[str] = []

    def fetch(place: str, *, custom_filter: str, retain_all: bool) -> networkx.MultiDiGraph:
        asked.extend([place, custom_filter])
        assert not osmnx.settings.use_cache
        made = networkx.MultiDiGraph(crs="epsg:4326")
        made.add_node(1, x=125.0, y=43.0)
        made.add_node(2, x=125.01, y=43.0)
        made.add_edge(1, 2, 0, osmid=1, highway="track")
        made.add_edge(2, 1, 0, osmid=1, highway="track")
        return made

    monkeypatch.setattr(osmnx, "graph_from_place", fetch)
    download_place("榆树镇", tmp_path / "place.graphml")
    assert asked[0] == "榆树镇"
    assert "track" in asked[1]
    assert osmnx.settings.use_cache
    assert load_network(tmp_path / "place.graphml").edge_count == 2


@pytest.mark.parametrize(
    "error", [ConnectionError("no route\nto host"), ValueError(), TypeError("x")]
)
def test_failure_is_an_error_and_leaves_nothing(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connection or no such place: InputError with what to do, and no file."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(osmnx, "graph_from_place", fail)
    with pytest.raises(InputError) as caught:
        download_place("nowhere", tmp_path / "place.graphml")
    assert caught.value.problems[0].code == "network.online"
    assert list(tmp_path.iterdir()) == []
    assert osmnx.settings.use_cache


def test_features_of_a_place_are_those_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places, land use, outlines and main roads are taken; empty cells are no tags."""
    asked: list[object] = []
    square = shapely.box(125.0, 43.0, 125.01, 43.01)
    rows = [
        {"place": "village", "name": "柳村", "geometry": shapely.Point(125.0, 43.0)},
        {"landuse": "quarry", "geometry": square},
        {"boundary": "administrative", "admin_level": "8", "name": "东乡", "geometry": square},
        {"highway": "primary", "ref": "G1", "geometry": shapely.LineString([(125, 43), (126, 43)])},
        {"highway": "residential", "geometry": shapely.LineString([(125, 43), (125, 44)])},
    ]

    def fetch(place: str, tags: dict[str, object]) -> geopandas.GeoDataFrame:
        asked.extend([place, tags["landuse"]])
        assert not osmnx.settings.use_cache
        return geopandas.GeoDataFrame(rows, crs="EPSG:4326")

    monkeypatch.setattr(osmnx, "features_from_place", fetch)
    found = download_features("榆树镇")
    assert asked[0] == "榆树镇"
    assert [place.name for place in found.places] == ["柳村"]
    assert [(f.key, f.value) for f in found.features] == [("landuse", "quarry")]
    assert [(area.name, area.level) for area in found.admin_areas] == [("东乡", 8)]
    assert [(road.ref, road.road_class) for road in found.roads] == [("G1", "primary")]


def test_features_that_cannot_be_fetched_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection: the same error as for roads."""

    def fail(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(osmnx, "features_from_place", fail)
    with pytest.raises(InputError) as caught:
        download_features("nowhere")
    assert caught.value.problems[0].code == "network.online"
