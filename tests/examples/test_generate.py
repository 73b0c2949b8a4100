"""Generated counties of every size."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import SampleSize, generate_county
from examples.generate import make_county
from network import load_network
from scheduling.county import read_county
from scheduling.county.model import ZoneKind
from scheduling.roads import prepare_roads

SMALL = SampleSize(townships=2, zones_per_township=6, scenery=False)


def test_what_is_written_reads_back(tmp_path):
    """The county folder reads back as the county that was made."""
    made = generate_county(tmp_path / "county", size=SMALL, seed=3).county
    read = read_county(tmp_path / "county")
    assert replace(read, input_hashes={}) == made


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    """Two counties of one size and seed are the same in every file, byte by byte."""
    for name in ("one", "two"):
        generate_county(tmp_path / name, size=SMALL, seed=3)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "roads.osm.pbf" in files
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_makes_another_county():
    """Seeds differ in land, names and people."""
    one, two = make_county(SMALL, 1).county, make_county(SMALL, 2).county
    assert one.zones != two.zones
    assert {p.name for p in one.inspectors} != {p.name for p in two.inspectors}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    townships=st.integers(1, 4),
    zones=st.integers(1, 12),
    squads=st.integers(0, 2),
    seed=st.integers(0, 10_000),
)
def test_any_small_county_is_whole(townships, zones, squads, seed):
    """Counts are exact, ids and names unique, and units and people those of the zone's unit."""
    size = SampleSize(townships=townships, zones_per_township=zones, squads=squads, scenery=False)
    county = make_county(size, seed).county
    assert len(county.zones) == townships * zones
    assert len({zone.id for zone in county.zones}) == len({z.name for z in county.zones})
    assert len(county.units) == townships + squads
    units_of = {person.id: person.units for person in county.inspectors}
    for zone in county.zones:
        assert set(zone.units) == ({"township", "county"} if squads else {"township"})
        for authority, people in zone.responsible.items():
            assert people
            assert all(zone.units[authority] in units_of[person] for person in people)


def test_zones_that_would_share_a_name_are_numbered():
    """Roads of one name, as this seed has, still give zones of different names."""
    size = SampleSize(
        townships=3, zones_per_township=20, squads=0, township_km2=20.0, scenery=False
    )
    zones = make_county(size, 629815).county.zones
    assert len({zone.name for zone in zones}) == len(zones)
    assert any("（2）" in zone.name for zone in zones)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_every_zone_lies_on_roads_that_hang_together(tmp_path, seed):
    """Nothing is cut from the network, and no zone or home is farther than 600 m from a road."""
    county = generate_county(tmp_path / "county", size=SMALL, seed=seed).county
    network = load_network(tmp_path / "county" / "roads.osm.pbf")
    assert (network.report.parts_found, network.report.nodes_cut) == (1, 0)
    tasks = prepare_roads(county, tmp_path / "county" / "roads.osm.pbf").tasks
    assert set(tasks) == {zone.id for zone in county.zones}
    assert max(task.snap_distance_m for task in tasks.values()) < 600


def test_levels_are_those_of_article_7():
    """Seats, villages, fields and main roads are level 1, county roads and mines level 2."""
    county = make_county(SampleSize(townships=3, zones_per_township=25), 5).county
    levels = {(zone.kind, zone.level) for zone in county.zones}
    one = {ZoneKind.TOWN, ZoneKind.VILLAGE, ZoneKind.FARMLAND, ZoneKind.DEVELOPMENT}
    assert {(kind, 1) for kind in one} <= levels
    assert {(ZoneKind.ROAD, 1), (ZoneKind.ROAD, 2), (ZoneKind.MINE, 2)} <= levels
    assert all((kind is ZoneKind.OTHER) == (level == 3) for kind, level in levels)
    assert all(zone.reasons for zone in county.zones)


def test_a_small_county_takes_less_than_a_second(tmp_path):
    """A property test can afford a hundred small counties."""
    generate_county(tmp_path / "warm", size=SMALL, seed=1)
    start = time.process_time()
    generate_county(tmp_path / "timed", size=SMALL, seed=2)
    assert time.process_time() - start < 1.0


def test_a_thousand_zones_can_be_made():
    """Names and land suffice for benchmarks of a thousand zones."""
    size = SampleSize(townships=40, zones_per_township=25, squads=4, scenery=False)
    assert len(make_county(size, 11).county.zones) == 1000
