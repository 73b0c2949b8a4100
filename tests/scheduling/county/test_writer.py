"""What is written reads back the same, in the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from types import MappingProxyType

from scheduling.county import read_county
from scheduling.county.model import Checkpoint, County
from scheduling.county.settings import (
    CountySettings,
    DayClass,
    OfficeSettings,
    PeakSettings,
    RegulationChoice,
    RuleOverride,
    ShiftSettings,
    SpeedSettings,
    VisitSettings,
)
from scheduling.county.settings_write import NOTES, settings_toml
from scheduling.county.writer import write_county
from tests.bad_input.small_county import on_grid

SETTINGS = CountySettings(
    name='引"号\\县',
    osm_file="roads.osm",
    crs="EPSG:4326",
    datum="wgs84",
    office=OfficeSettings(bureau="小县自然资源局\x7f"),
    shift=ShiftSettings(earliest_departure=time(9, 0), max_work_minutes=300),
    visit=VisitSettings(stop_minutes_by_kind={"mine": 30.0, "no-mining": 12.5}),
    speeds=SpeedSettings(track=9.5),
    regulation=RegulationChoice(
        peaks=(
            PeakSettings(id="p", kind="mining", first="2026-06-01", last="2026-07-01", levels=(1,)),
        ),
        overrides=(RuleOverride(rule="r", set={"n": 2, "on": True, "at": [1.5, {"a": "b"}]}),),
    ),
    day_classes=(
        DayClass(name="夏", first="04-01", last="10-31"),
        DayClass(name="冬", first="11-01", last="03-31", latest_return=time(15), speed_factor=0.8,
                 closed_road_classes=("track",), road_class_factors={"service": 0.5}),
    ),
)  # fmt: skip


def write(county: County, folder: Path, source: Path) -> dict[str, bytes]:
    write_county(county, folder, source / "roads.osm")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_county_reads_back_equal(county: County, folder: Path, tmp_path: Path):
    """Writing and reading loses nothing: zones of every shape, people, dates, all settings."""
    driver = replace(county.inspectors[1], certificate_number="", certificate_until=None)
    changed = replace(
        county,
        settings=SETTINGS,
        inspectors=(county.inspectors[0], driver, *county.inspectors[2:]),
        vehicles=(replace(county.vehicles[0], available_from=date(2026, 2, 1)), county.vehicles[1]),
        zones=(
            replace(county.zones[0], walk=True, reasons="村庄周围；主要公路两侧"),
            *county.zones[1:],
        ),
        checkpoints=(Checkpoint("Z2", *on_grid(0.5, 2)), Checkpoint("Z3", *on_grid(3, 3.2), "桩")),
        input_hashes=MappingProxyType({}),
    )
    write(changed, tmp_path / "again", folder)
    assert replace(read_county(tmp_path / "again"), input_hashes=MappingProxyType({})) == changed


def test_the_same_county_gives_the_same_bytes(county: County, folder: Path, tmp_path: Path):
    """Two writings, and a writing over an older one, differ in no byte of any file."""
    first = write(county, tmp_path / "a", folder)
    assert write(county, tmp_path / "b", folder) == first
    assert write(county, tmp_path / "a", folder) == first


def test_checkpoints_taken_out_are_gone(county: County, folder: Path, tmp_path: Path):
    """A county without checkpoints, written over one with some, has none."""
    with_some = replace(county, checkpoints=(Checkpoint("Z2", *on_grid(0.5, 2)),))
    write(with_some, tmp_path / "again", folder)
    assert read_county(tmp_path / "again").checkpoints == with_some.checkpoints
    write(county, tmp_path / "again", folder)
    assert read_county(tmp_path / "again").checkpoints == ()


def test_a_folder_can_be_written_over_itself(county: County, folder: Path):
    """The road file that is there already is kept."""
    write_county(county, folder, folder / "roads.osm")
    assert read_county(folder).zones == county.zones


def test_a_citys_units_are_kept(county: County, folder: Path, tmp_path: Path):
    """The city's columns are written where a zone has a unit of the city."""
    city = replace(county.units[0], id="M1", authority="city", name="市局")
    zone = replace(county.zones[0], units={**county.zones[0].units, "city": "M1"})
    with_city = replace(county, units=(*county.units, city), zones=(zone, *county.zones[1:]))
    write(with_city, tmp_path / "again", folder)
    assert read_county(tmp_path / "again").zones[0].units["city"] == "M1"


def test_every_setting_is_explained_and_defaults_stay_defaults():
    """Each setting has its note; what the county did not choose stands as a comment only."""
    text = settings_toml(CountySettings(name="县", osm_file="r.osm"))
    live = [line for line in text.splitlines() if line and line[0] not in "#["]
    assert live == ['name = "县"', 'osm_file = "r.osm"']
    assert all(note in text for note in NOTES.values())
    assert "# stop_minutes = 20" in text
    assert "# latest_return = 15:30:00" in text
