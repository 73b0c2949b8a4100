"""Territories: every zone has a unit and a person, evenly, in one piece, what was there kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from network.problems import InputError
from scheduling.county import read_county
from scheduling.county.proposal import propose_zones
from scheduling.inputs import load_inputs
from scheduling.roads import prepare_roads
from scheduling.territories import Territories, assign_territories
from scheduling.territories.shares import Evenness
from scheduling.territories.workload import adjoining, adjoining_home, workload
from tests.scheduling.territories.conftest import ZONES, write_zones


def assigned(folder: Path, **options: object) -> Territories:
    inputs = load_inputs(folder, year=2026, assigned=False)
    return assign_territories(inputs, **options)  # type: ignore[arg-type]


def test_every_zone_gets_a_unit_and_a_person_of_it(folder: Path):
    """Stations and squad alike; each person is of the unit, and the proposal is a valid county."""
    made = assigned(folder)
    home = {person.id: person.units[0] for person in made.county.inspectors}
    for zone in made.county.zones:
        assert set(zone.units) == {"township", "county"}
        for authority, people in zone.responsible.items():
            assert [home[person] for person in people] == [zone.units[authority]]
    propose_zones(made.county.zones, folder, apply=True)
    assert len(read_county(folder).zones) == ZONES


def test_stations_get_the_zones_near_them_and_as_much_to_do(folder: Path):
    """On a symmetric map each station has its side, and shares differ by little."""
    made = assigned(folder)
    sides = {zone.id: zone.units["township"] for zone in made.county.zones}
    assert {sides[f"Z{n:02}"] for n in (0, 4, 8)} == {"S1"}
    assert {sides[f"Z{n:02}"] for n in (3, 7, 11)} == {"S2"}
    stations = made.evenness[0]
    assert stations.above_mean < 0.1
    assert all(share.scattered == 0 for share in made.shares)


def test_what_is_assigned_stays_unless_freed(folder: Path):
    """A zone on the wrong side keeps unit and person; freed, it goes to the nearer station."""
    units, people = [""] * ZONES, [""] * ZONES
    units[0], people[0] = "S2", "P5"
    write_zones(folder, unit_township=units, responsible_township=people)
    kept = assigned(folder).county.zones[0]
    assert (kept.units["township"], kept.responsible["township"]) == ("S2", ("P5",))
    for free in (["Z00"], ["S2"], ["all"]):
        zone = assigned(folder, free=free).county.zones[0]
        assert zone.units["township"] == "S1"
        assert zone.responsible["township"] in {("P1",), ("P2",)}
    person = assigned(folder, free=["P5"]).county.zones[0]
    assert person.units["township"] == "S2"


def test_kept_zones_that_hang_loose_are_counted(folder: Path):
    """A zone kept far from its unit's others is scattered."""
    units = ["S1"] * ZONES
    units[0] = "S2"
    write_zones(folder, unit_township=units)
    shares = {share.unit: share for share in assigned(folder).shares if not share.person}
    assert shares["S1"].kept == ZONES - 1
    assert shares["S1"].scattered == 0


def test_zones_that_owe_spot_checks_only_are_assigned_too(folder: Path):
    """Level 3 owes the county random visits: squad and person are proposed for it (art. 12)."""
    write_zones(folder, level=["3"] * ZONES)
    made = assigned(folder)
    assert all(set(zone.responsible) == {"township", "county"} for zone in made.county.zones)
    (squad,) = [share for share in made.shares if share.unit == "C1" and not share.person]
    assert squad.minutes > 0


def test_only_the_authorities_asked_for_are_assigned(folder: Path):
    """The squad is left alone."""
    made = assigned(folder, authorities=("township",))
    assert all(set(zone.units) == {"township"} for zone in made.county.zones)


def test_a_unit_without_certificates_is_told(folder: Path):
    """It may have zones, but nobody to answer for them."""
    text = (folder / "inspectors.csv").read_text(encoding="utf-8")
    text = text.replace("22000005", "").replace("22000006", "")
    (folder / "inspectors.csv").write_text(text, encoding="utf-8")
    made = assigned(folder)
    assert "东乡所" in made.notes[0].zh
    assert any(
        "township" not in z.responsible for z in made.county.zones if z.units["township"] == "S2"
    )


def test_unknown_names_are_told_together(folder: Path):
    """What --free does not know is an error with every such name."""
    with pytest.raises(InputError) as caught:
        assigned(folder, free=["Z00", "X1", "X2"])
    assert [problem.where for problem in caught.value.problems] == ["X1", "X2"]


def test_the_same_county_gives_the_same_territories(folder: Path):
    """Nothing is left to chance."""
    assert assigned(folder) == assigned(folder)


def test_a_person_named_who_is_not_of_the_certified_stays(folder: Path):
    """A driver who answers for a zone keeps it; the others share the rest."""
    with (folder / "inspectors.csv").open("a", encoding="utf-8") as stream:
        stream.write("P9,司机,S1,,,,yes\n")
    units, people = [""] * ZONES, [""] * ZONES
    units[0], people[0] = "S1", "P9"
    write_zones(folder, unit_township=units, responsible_township=people)
    assert assigned(folder).county.zones[0].responsible["township"] == ("P9",)


def test_turns_cost_what_they_cost_in_a_plan(folder: Path):
    """With seconds for left turns the ways home and between zones are longer, none is shorter."""
    found = []
    for text in ("", "\n[roads]\nleft_turn_seconds = 300\n"):
        file = folder / "county.toml"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        inputs = load_inputs(folder, year=2026, assigned=False)
        roads = prepare_roads(inputs.county, inputs.roads_file)
        found.append(workload(inputs, roads, "township"))
    free, slow = found
    for name in ("home_minutes", "between_minutes"):
        more = getattr(slow, name) - getattr(free, name)
        assert more.min() >= 0
        assert more.max() > 1  # a turn costs 5, three right turns round a block less


def test_zones_adjoin_unless_a_third_lies_between():
    """Three in a row: the outer two do not adjoin; zones at one place do."""
    at = np.array([0.0, 1.0, 2.0, 2.0])
    between = np.abs(at[:, None] - at)
    links = {(one, other) for one, other, _ in adjoining(between)}
    assert links == {(0, 1), (1, 2), (1, 3), (2, 3)}
    assert adjoining_home(at, between) == {0: 0.0, 1: 1.0}  # it stands where the first is


def test_evenness_of_nothing_is_even():
    """No minutes, no unevenness."""
    even = Evenness("township", "", 0.0, 0.0, 0.0)
    assert (even.above_mean, even.above_bound) == (0.0, 0.0)
