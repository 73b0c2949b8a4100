"""A county folder becomes a county, completely and in a stable order."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

from network.problems import InputError
from scheduling.county import read_county
from scheduling.county.model import County
from scheduling.county.writer import write_county
from tests.bad_input.small_county import osm_xml


def test_everything_in_the_folder_is_read(county: County):
    """Zones, units, people, vehicles, leave and history are there, sorted by id."""
    assert [zone.id for zone in county.zones] == ["Z1", "Z2", "Z3", "Z4"]
    assert [unit.id for unit in county.units] == ["C1", "S1"]
    assert county.units[1].head == "张一"
    assert county.inspectors[0].certified_on(date(2026, 5, 5))
    assert not county.inspectors[3].licensed
    assert county.vehicles[0].seats == 5
    assert county.away("P1", date(2026, 5, 8))
    assert county.history[0].zone == "Z1"
    assert county.zones[3].stop_minutes == 30
    assert [zone.priority for zone in county.zones] == [30, 20, 30, 10]


def test_every_file_read_has_its_hash(folder: Path, county: County):
    """The hashes are those of the files' bytes, the roads included."""
    assert set(county.input_hashes) == {path.name for path in folder.iterdir()}
    roads = hashlib.sha256((folder / "roads.osm").read_bytes()).hexdigest()
    assert county.input_hashes["roads.osm"] == roads


def test_leave_and_history_may_be_missing(folder: Path):
    """Both tables are optional."""
    (folder / "leave.csv").unlink()
    (folder / "history.csv").unlink()
    county = read_county(folder)
    assert county.leave == county.history == ()


def test_a_station_with_one_inspector_or_an_expired_certificate_is_read(folder: Path):
    """Too few people is an unlawful answer, not bad input."""
    people = "id,name,unit,certificate_number,certificate_until\nP1,张一,S1,1,2020-01-01\n"
    (folder / "inspectors.csv").write_text(people, encoding="utf-8")
    shapes = read_county_without_people(folder)
    assert len(shapes.inspectors) == 1


def read_county_without_people(folder: Path) -> County:
    """Read a folder after taking responsible people out of its zones."""
    from tests.bad_input.small_county import read_features, write_features

    shapes, columns = read_features(folder / "zones.gpkg")
    columns["responsible_township"] = columns["responsible_county"] = [""] * len(shapes)
    write_features(folder / "zones.gpkg", shapes, columns)
    return read_county(folder)


def test_a_missing_folder_is_an_input_error(tmp_path: Path):
    """A wrong path is reported like any other bad input."""
    with pytest.raises(InputError) as caught:
        read_county(tmp_path / "nowhere")
    assert [problem.code for problem in caught.value.problems] == ["county.no-folder"]


def test_a_name_two_people_share_is_not_guessed(folder: Path):
    """Where a name fits two people, their ids are asked for."""
    from tests.bad_input.small_county import change_cell, replace_text

    replace_text("inspectors.csv", "李二", "张一")(folder)
    change_cell("zones.gpkg", 0, "responsible_township", "张一")(folder)
    with pytest.raises(InputError) as caught:
        read_county(folder)
    assert "P1、P2" in caught.value.problems[0].action.en


def test_five_hundred_zones_are_read_in_two_seconds(county: County, tmp_path: Path):
    """A large county does not make anybody wait."""
    zones = tuple(
        replace(
            county.zones[0],
            id=f"Z{number:03}",
            geometry=shapely.Point(125 + number / 5000, 43.5).buffer(0.0005),
            responsible={},
        )
        for number in range(500)
    )
    (tmp_path / "roads.osm").write_text(osm_xml())
    large = replace(county, zones=zones, history=())
    write_county(large, tmp_path / "large", tmp_path / "roads.osm")
    start = time.perf_counter()
    assert len(read_county(tmp_path / "large").zones) == 500
    assert time.perf_counter() - start < 2.0
