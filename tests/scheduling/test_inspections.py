"""What inspecting each zone of a county comes to, and the county's summary."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from scheduling.county import read_county
from scheduling.inspections import (
    ZoneInspection,
    as_document,
    seen_summary,
    zone_inspections,
)
from scheduling.roads import prepare_roads
from tests.bad_input.small_county import make_small_county, on_grid


@pytest.fixture(scope="module")
def inspections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ZoneInspection]:
    """Inspect the small county, its field drawn so large that roads do not show the middle."""
    folder = make_small_county(tmp_path_factory.mktemp("inspected") / "county")
    county = read_county(folder)
    field = shapely.box(*on_grid(3, 3), *on_grid(4, 4))
    zones = [replace(z, geometry=field) if z.id == "Z3" else z for z in county.zones]
    county = replace(county, zones=tuple(zones))
    found = zone_inspections(county, prepare_roads(county, folder / "roads.osm"))
    return {one.zone: one for one in found}


def test_stops_take_their_minutes(inspections: dict[str, ZoneInspection]) -> None:
    """A village takes the usual stop, a mine its own; both are seen whole, without driving."""
    for zone, minutes in (("Z1", 20), ("Z4", 30)):
        one = inspections[zone]
        assert (one.seen_share, one.length_km, one.hidden) == (1.0, 0.0, None)
        assert one.minutes == pytest.approx(minutes)


def test_roads_take_the_speed_of_inspecting(inspections: dict[str, ZoneInspection]) -> None:
    """Two stretches of road of 1.6 km each are driven at 20 km/h."""
    road = inspections["Z2"]
    assert road.length_km == pytest.approx(3.23, abs=0.05)
    assert road.minutes == pytest.approx(road.length_km * 3, abs=0.1)


def test_what_no_road_shows_is_told_with_walks(inspections: dict[str, ZoneInspection]) -> None:
    """The middle of the large field is hidden; its hectares are those of its outline."""
    field = inspections["Z3"]
    assert field.seen_share < 0.8
    assert field.hidden is not None
    assert field.hidden.contains(shapely.Point(on_grid(3.5, 3.5)))
    square_degree_ha = 111.32 * 111.1 * 100 * 0.7254  # cos 43.5 degrees
    assert field.hidden_ha == pytest.approx(field.hidden.area * square_degree_ha, rel=0.02)
    assert field.walks
    assert all(minutes == pytest.approx(2 * w.walk_m * 0.06 / 3) for w, minutes in field.walks)
    assert "公顷从任何道路都看不到" in field.sentence("田").zh


def test_the_summary_names_what_is_short(inspections: dict[str, ZoneInspection]) -> None:
    """Road and field are seen from the road, and the field is short; nothing is short of half."""
    found = seen_summary(inspections.values(), 0.8)
    assert (found.driven, [one.zone for one in found.below]) == (2, ["Z3"])
    assert "1 of them to 80%" in found.sentence(0.8).en
    assert f"{found.walks} 段" in found.sentence(0.8).zh
    enough = seen_summary([inspections["Z2"]], 0.8)
    assert enough.below == ()
    assert enough.sentence(0.8).en == "1 zones are seen from the road, 1 of them to 80%."


def test_the_document_holds_plain_figures(inspections: dict[str, ZoneInspection]) -> None:
    """Figures are rounded, walks have their places; a closed way has no minutes."""
    document = as_document(replace(inspections["Z3"], minutes=None))
    assert document["minutes"] is None
    (first, *_) = document["walks"]  # type: ignore[misc]
    assert set(first) == {
        *("road_lon", "road_lat", "lon", "lat", "walk_m", "shows_ha", "minutes")
    }  # fmt: skip
