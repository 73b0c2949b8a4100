"""A county folder from a real extract: Liechtenstein's municipalities as townships."""

from __future__ import annotations

from pathlib import Path

import pytest

from network.problems import InputError
from scheduling.county import read_county
from scheduling.county.model import County
from scheduling.county.writer import new_county

EXTRACT = Path(__file__).parents[4] / "shared/data/osm/liechtenstein.osm.pbf"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not EXTRACT.is_file(), reason="needs the shared data folder"),
]


def fill_in_people(folder: Path, units: list[str]) -> None:
    """Fill the empty tables as a bureau would: four certified people and a car for each unit."""
    people = [
        f"{unit}-P{number},人员{unit}{number},{unit},22{row:04}{number},2024-01-01,2029-12-31,yes"
        for row, unit in enumerate(units)
        for number in range(1, 5)
    ]
    cars = [f"{unit}-V1,吉A{row:04},{unit},5,," for row, unit in enumerate(units)]
    for name, rows in (("inspectors.csv", people), ("vehicles.csv", cars)):
        with (folder / name).open("a", encoding="utf-8", newline="") as stream:
            stream.write("\r\n".join([*rows, ""]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "liechtenstein"
    new_county(folder, osm_file=EXTRACT, name="列支敦士登")
    return folder


@pytest.fixture(scope="module")
def county(folder: Path) -> County:
    with pytest.raises(InputError) as caught:
        read_county(folder)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["table.no-rows", "table.no-rows"]  # people and vehicles are never invented
    fill_in_people(folder, ["C01", *(f"T{number:02}" for number in range(1, 12))])
    return read_county(folder)


def test_every_municipality_is_a_township_with_a_station(county: County):
    """Eleven municipalities give eleven stations, and there is one squad."""
    assert [unit.authority for unit in county.units] == ["county"] + ["township"] * 11
    assert {"Vaduz", "Schaan", "Planken"} <= {unit.township for unit in county.units}


def test_each_township_has_a_number_of_zones_that_can_be_patrolled(county: County):
    """Neither a handful of huge zones nor hundreds of small ones; all levels occur."""
    per_unit = [
        sum(zone.units["township"] == unit.id for zone in county.zones) for unit in county.units[1:]
    ]
    assert min(per_unit) >= 3
    assert max(per_unit) <= 30
    assert {zone.level for zone in county.zones} == {1, 2, 3}
    assert all(zone.units["county"] == "C01" and zone.reasons for zone in county.zones)


def test_every_zone_can_be_reached_on_the_roads(county: County, folder: Path):
    """No unit or zone of the draft lies too far from a usable road."""
    from scheduling.roads import prepare_roads

    roads = prepare_roads(county, folder / county.settings.osm_file)
    assert set(roads.tasks) == {zone.id for zone in county.zones}
