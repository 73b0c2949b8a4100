"""Going online is asked of OSMnx once, and failing is an error; nothing here goes online."""

from __future__ import annotations

from pathlib import Path

import networkx
import osmnx
import pytest

from network import InputError, download_place, load_network


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
