"""A county's road settings on its roads: closures, own layer, cache, layers in GCJ-02."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from network import InputError, mode_shape
from network.datum import wgs84_to_gcj02
from scheduling.county import read_county
from scheduling.county.model import Checkpoint, County
from scheduling.county.road_data import load_roads
from scheduling.county.settings import CountySettings
from scheduling.county.writer import write_settings_and_layers
from scheduling.road_checks import partial_closures, shifted_layers
from scheduling.roads import prepare_roads
from tests.bad_input.small_county import make_small_county, on_grid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_small_county(tmp_path / "county")


def with_roads(folder: Path, text: str) -> County:
    """Add settings to county.toml and read the county."""
    path = folder / "county.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return read_county(folder)


def roads_file(folder: Path, county: County) -> Path:
    return folder / county.settings.osm_file


def test_named_roads_are_closed_in_their_season(folder: Path) -> None:
    """A way closed from December to March has no travel time in winter and one in summer."""
    county = with_roads(folder, '[[roads.closures]]\nfirst = "11-15"\nlast = "03-31"\nways = [1]\n')
    roads = prepare_roads(county, roads_file(folder, county))
    closed = {name: np.isinf(seconds) for name, seconds in roads.seconds.items()}
    assert closed["winter"].any()
    assert (roads.network.edge_way[closed["winter"]] == 1).all()
    assert not closed["summer"].any()
    assert roads.network.report.notices == ()


def test_a_class_closed_on_some_days_is_told(folder: Path) -> None:
    """Roads closed on part of a class's days count one way for all of them, and check says so."""
    county = with_roads(folder, '[[roads.closures]]\nfirst = "11-01"\nways = [1]\n')
    roads = prepare_roads(county, roads_file(folder, county))
    (summer, winter) = roads.network.report.notices
    assert "summer" in summer.en
    assert "open" in summer.en
    assert "winter" in winter.en
    assert "6%" in summer.zh
    strict = county.settings.model_copy(
        update={"roads": county.settings.roads.model_copy(update={"closed_share": 0.0})}
    )
    assert all("count as closed" in said.en for said in partial_closures(strict, roads.network))


def write_layer(path: Path) -> None:
    line = [on_grid(0, 0), on_grid(4, 4)]
    feature = {
        "type": "Feature",
        "properties": {"等级": "乡道", "名": "新路"},
        "geometry": {"type": "LineString", "coordinates": line},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_the_bureaus_layer_is_merged_over_the_road_file(folder: Path) -> None:
    """Its roads are in the network, and the file is among those hashed."""
    write_layer(folder / "own.geojson")
    county = with_roads(
        folder, '[roads]\nlayer = "own.geojson"\nclass_column = "等级"\nname_column = "名"\n'
    )
    network = load_roads(county.settings, roads_file(folder, county))
    assert "新路" in network.names
    assert network.report.layer_km_added > 1
    assert "own.geojson" in county.input_hashes


def test_a_layer_alone_is_a_road_file(folder: Path) -> None:
    """osm_file may name a layer of lines."""
    write_layer(folder / "own.geojson")
    path = folder / "county.toml"
    text = path.read_text(encoding="utf-8").replace("roads.osm", "own.geojson")
    path.write_text(text, encoding="utf-8")
    county = with_roads(folder, '[roads]\nclass_column = "等级"\n')
    network = load_roads(county.settings, roads_file(folder, county))
    assert network.edge_count == 2


def test_the_cache_is_used_where_it_is_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default networks are kept; the setting, or whoever asks for a fresh one, says no."""
    kept = tmp_path / "kept"
    monkeypatch.setenv("XUNCHA_CACHE", str(kept))
    county = read_county(folder)
    load_roads(county.settings, roads_file(folder, county), cached=False)
    off = with_roads(folder, "[roads]\ncache = false\n")
    load_roads(off.settings, roads_file(folder, county))
    assert not kept.exists()
    load_roads(county.settings, roads_file(folder, county))
    assert len(list(kept.iterdir())) == 1


def shifted(county: County) -> County:
    """Add two dozen villages beside roads, drawn in GCJ-02."""
    rng = np.random.default_rng(0)
    places = np.array([on_grid(c, r) for r in range(5) for c in range(5)]) + rng.uniform(
        -2e-4, 2e-4, (25, 2)
    )
    village = county.zones[0]
    zones = tuple(
        replace(village, id=f"V{number}", geometry=shapely.Point(place))
        for number, place in enumerate(wgs84_to_gcj02(places).tolist())
    )
    return replace(county, zones=zones)


def test_zones_in_gcj02_are_an_error_that_asks(folder: Path) -> None:
    """The layer, how far it is off and what to write; silent once its datum is stated."""
    county = shifted(read_county(folder))
    with pytest.raises(InputError, match="GCJ-02") as caught:
        prepare_roads(county, roads_file(folder, county))
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("roads.shifted-layer", "zones")
    assert 'layer_datum = { zones = "gcj02" }' in problem.action.zh
    network = load_roads(county.settings, roads_file(folder, county))
    values = county.settings.model_dump(exclude_unset=True)
    for stated in ({"datum": "cgcs2000"}, {"layer_datum": {"zones": "wgs84"}}):
        settings = CountySettings.model_validate(values | stated)
        assert shifted_layers(replace(county, settings=settings), network) == []


def test_a_single_layer_is_converted_when_asked(folder: Path) -> None:
    """layer_datum moves the zones and leaves the stations where they are."""
    before = read_county(folder)
    path = folder / "county.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text('layer_datum = { zones = "gcj02" }\n' + text, encoding="utf-8")
    after = read_county(folder)
    assert after.zones[0].geometry.distance(before.zones[0].geometry) > 0.003
    assert (after.units[0].lon, after.units[0].lat) == (before.units[0].lon, before.units[0].lat)
    write_settings_and_layers(after, folder)  # in WGS-84, and not to be converted again
    again = read_county(folder)
    assert again.zones[0].geometry.equals_exact(after.zones[0].geometry, 1e-9)
    assert again.settings.layer_datum == {"roads": "wgs84"}


def test_visits_pass_the_checkpoints_of_their_zone(folder: Path) -> None:
    """A field with a mark on its far side is driven past the mark, whichever way one comes."""
    county = with_roads(folder, "")
    mark = on_grid(3.45, 3.0)
    county = replace(county, checkpoints=(Checkpoint("Z3", *mark, "界桩"),))
    roads = prepare_roads(county, roads_file(folder, county))
    task = roads.tasks["Z3"]
    assert task.site.checkpoints == (mark,)
    for mode in task.modes:
        line = shapely.LineString(mode_shape(roads.network, mode))
        assert shapely.distance(line, shapely.Point(mark)) < 1e-6


def test_left_turns_take_their_seconds(folder: Path) -> None:
    """With 50 s a left turn no trip is faster, and trips that cannot do without take 50 s more."""
    free, slow = (
        prepare_roads(county, roads_file(folder, county))
        for county in (
            with_roads(folder, ""),
            with_roads(folder, "[roads]\nleft_turn_seconds = 50\n"),
        )
    )
    nodes = range(free.network.node_count)
    more = slow.travel.seconds(slow.seconds["summer"], nodes, nodes)
    more -= free.travel.seconds(free.seconds["summer"], nodes, nodes)
    assert more.min() == 0
    assert set(np.unique(more)) >= {0, 50}
