"""The draft follows article 7: levels, reasons, units, sensible sizes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from network.features import OsmAdminArea, OsmFeature, OsmFeatures, OsmPlace, OsmRoad
from scheduling.county.model import Zone, ZoneKind
from scheduling.zones import Draft, draft_county
from scheduling.zones.roadsides import LONGEST_M, road_level

DEGREE_M = 111_000  # of latitude


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


#: A trunk road of some 33 km from south to north, a county road across, and a street grid.
TRUNK = line((125.0, 43.4), (125.0, 43.7))
COUNTY_ROAD = line((124.9, 43.5), (125.1, 43.5))
STREETS = [line((124.9, y), (125.1, y)) for y in np.arange(43.42, 43.7, 0.02)]
ROADS = shapely.MultiLineString([TRUNK, COUNTY_ROAD, *STREETS])


def box(x: float, y: float, metres: float) -> shapely.Polygon:
    """Return a square of that side around a place."""
    half = metres / 2 / DEGREE_M
    return shapely.box(x - half / 0.725, y - half, x + half / 0.725, y + half)


def features(**parts: object) -> OsmFeatures:
    defaults: dict = {
        "places": (
            OsmPlace("南镇", "town", 125.0, 43.45),
            OsmPlace("北镇", "town", 125.0, 43.65),
            OsmPlace("柳村", "village", 125.03, 43.47),
            OsmPlace("柳村", "village", 125.0301, 43.4701),
            OsmPlace("远村", "village", 124.5, 43.45),
        ),
        "admin_areas": (
            OsmAdminArea("南镇", 8, shapely.box(124.9, 43.4, 125.1, 43.55)),
            OsmAdminArea("北镇", 8, shapely.box(124.9, 43.55, 125.1, 43.7)),
            OsmAdminArea("", 8, shapely.box(124.9, 43.7, 125.1, 43.8)),
        ),
        "features": (),
        "roads": (
            OsmRoad("", "G202", "trunk", TRUNK),
            OsmRoad("柳东线", "X101", "secondary", COUNTY_ROAD),
        ),
        "skipped": 0,
    }
    return OsmFeatures(**(defaults | parts))


def draft(found: OsmFeatures | None = None, **options: object) -> Draft:
    return draft_county(found or features(), ROADS, ROADS, name="南县", **options)  # type: ignore[arg-type]


def named(drawn: Draft, name: str) -> Zone:
    (zone,) = [zone for zone in drawn.zones if zone.name == name]
    return zone


def test_townships_give_stations_and_the_squad_sits_in_the_county_town():
    """Unnamed areas are no townships; the town that bears the county's name gets the squad."""
    squad, north, south = draft().units
    assert (squad.id, squad.authority) == ("C01", "county")
    assert (north.township, south.township) == ("北镇", "南镇")
    assert (squad.lon, squad.lat) == (south.lon, south.lat) == (125.0, 43.45)
    assert squad.head == north.head == ""


def test_every_zone_has_both_units_a_reason_and_a_valid_shape():
    """Zones are whole: the township's station, the squad, article 7's words, unique ids."""
    zones = draft().zones
    assert len({zone.id for zone in zones}) == len(zones)
    for zone in zones:
        assert set(zone.units) == {"township", "county"}
        assert zone.id.startswith(zone.units["township"])
        assert zone.reasons
        assert zone.geometry.is_valid
        assert not zone.geometry.is_empty
        assert zone.responsible == {}


def test_levels_follow_article_7():
    """Main roads and villages are level 1, county roads level 2, the rest level 3."""
    drawn = draft()
    assert named(drawn, "柳村").level == 1
    assert named(drawn, "柳村").kind is ZoneKind.VILLAGE
    assert named(drawn, "北镇·G202 1段").level == 1
    assert named(drawn, "南镇·X101 1段").level == 2
    rest = [zone for zone in drawn.zones if zone.level == 3]
    assert {zone.kind for zone in rest} == {ZoneKind.OTHER}
    assert all("未划入一、二级" in zone.reasons for zone in rest)


def test_the_rest_does_not_overlap_levels_1_and_2():
    """Level 3 is what is left: no town or road lies in it."""
    zones = draft().zones
    rest = shapely.union_all([zone.geometry for zone in zones if zone.level == 3])
    for zone in zones:
        if zone.level < 3:
            assert shapely.distance(rest, zone.geometry) > 0


def test_roads_are_cut_at_townships_and_into_stretches():
    """A stretch lies in one township and is at most 15 km long."""
    stretches = [zone for zone in draft().zones if "G202" in zone.name]
    assert len(stretches) == 4
    assert all(zone.geometry.length * DEGREE_M <= LONGEST_M for zone in stretches)
    assert {zone.units["township"] for zone in stretches} == {"T01", "T02"}


def test_both_carriageways_are_one_road():
    """A second carriageway beside the first is not patrolled twice."""
    twin = shapely.affinity.translate(TRUNK, 0.0003, 0)
    roads = (OsmRoad("", "G202", "trunk", TRUNK), OsmRoad("", "G202", "trunk", twin))
    single = draft(features(roads=roads[:1]))
    double = draft(features(roads=roads))
    count = [sum("G202" in zone.name for zone in drawn.zones) for drawn in (single, double)]
    assert count[0] == count[1]


def test_short_stretches_are_gathered_into_one_road_side():
    """Streets without a number make one area of road sides, not a zone each."""
    bits = tuple(
        OsmRoad("", "", "tertiary", line((124.95, y), (124.96, y))) for y in (43.42, 43.44, 43.46)
    )
    zone = named(draft(features(roads=bits)), "南镇·其他县乡道路")
    assert zone.geometry.geom_type == "MultiPolygon"
    assert zone.level == 2


@pytest.mark.parametrize(
    ("road_class", "ref", "level"),
    [
        ("trunk", "", 1),
        ("primary", "", 1),
        ("unclassified", "S301", 1),
        ("secondary", "", 2),
        ("tertiary", "G 202", 1),
        ("unclassified", "Y012", 2),
        ("unclassified", "C012", None),
        ("motorway", "G1", None),
    ],
)
def test_road_levels(road_class: str, ref: str, level: int | None):
    """The class or the number decides; motorways are not patrolled."""
    assert road_level(OsmRoad("", ref, road_class, TRUNK)) == level


def test_mines_are_level_2_and_level_1_where_they_concentrate():
    """One quarry is 一般矿区; three within two kilometres are 矿业开发活动集中区."""
    lone = OsmFeature("landuse", "quarry", "孤山采石场", box(125.05, 43.6, 200))
    many = tuple(
        OsmFeature("man_made", "mineshaft", "", shapely.Point(125.05 + step * 0.008, 43.44))
        for step in range(3)
    )
    drawn = draft(features(features=(lone, *many)))
    assert named(drawn, "北镇·孤山采石场").level == 2
    pits = [zone for zone in drawn.zones if "矿点" in zone.name]
    assert [zone.level for zone in pits] == [1, 1, 1]
    assert all("矿业开发活动集中区" in zone.reasons for zone in pits)


def test_overlapping_layers_give_the_highest_level_and_every_reason():
    """A quarry in a protected area is level 1, and both reasons are kept."""
    park = OsmFeature("boundary", "protected_area", "", box(125.05, 43.6, 2000))
    pit = OsmFeature("landuse", "quarry", "采石场", box(125.05, 43.6, 200))
    zone = named(draft(features(features=(park, pit))), "北镇·采石场")
    assert zone.level == 1
    assert zone.reasons.split("；")[:2] == ["一般矿区", "景观、遗迹保护"]


def test_large_areas_are_drawn_and_small_ones_are_not():
    """Industry and farmland need a size worth a visit; monuments need a name."""
    found = (
        OsmFeature("landuse", "industrial", "", box(124.95, 43.6, 400)),
        OsmFeature("landuse", "industrial", "", box(125.08, 43.6, 100)),
        OsmFeature("landuse", "farmland", "", box(124.95, 43.45, 1500)),
        OsmFeature("landuse", "farmland", "", box(125.08, 43.45, 300)),
        OsmFeature("landuse", "residential", "", box(125.08, 43.45, 900)),
        OsmFeature("historic", "ruins", "古城", shapely.Point(124.96, 43.43)),
        OsmFeature("historic", "ruins", "", shapely.Point(124.97, 43.44)),
        OsmFeature("historic", "milestone", "界碑", shapely.Point(124.98, 43.44)),
    )
    zones = draft(features(features=found)).zones
    kinds = [zone.kind for zone in zones]
    assert kinds.count(ZoneKind.DEVELOPMENT) == 1
    assert kinds.count(ZoneKind.FARMLAND) == 1
    assert [zone.name for zone in zones if zone.kind is ZoneKind.HERITAGE] == ["南镇·古城"]


def test_without_boundaries_land_goes_to_the_nearest_town():
    """Towns get cells; a village's zone belongs to the nearer station."""
    drawn = draft(features(admin_areas=()))
    assert [unit.township for unit in drawn.units] == ["", "北镇", "南镇"]
    assert named(drawn, "柳村").units["township"] == "T02"


def test_without_towns_villages_get_stations_and_without_villages_there_is_one():
    """A thin map still gives a draft."""
    villages = (OsmPlace("甲村", "village", 125.03, 43.47),)
    one = draft(features(admin_areas=(), places=villages))
    assert [unit.township for unit in one.units] == ["", "甲村"]
    none = draft(features(admin_areas=(), places=()))
    assert len(none.units) == 2
    assert none.units[1].name == "南县自然资源所"
    assert none.zones


def test_a_township_without_a_place_gets_its_station_on_a_road():
    """The seat is then the road nearest to the middle."""
    drawn = draft(features(places=()))
    for unit in drawn.units:
        assert shapely.distance(ROADS, shapely.Point(unit.lon, unit.lat)) < 1e-5


def test_the_boundary_cuts_townships_and_leaves_out_those_outside():
    """Only townships lying mostly inside the county are its own."""
    drawn = draft(boundary=shapely.box(124.9, 43.4, 125.1, 43.56))
    assert [unit.township for unit in drawn.units] == ["", "南镇"]


def test_the_draft_says_what_it_is_and_what_is_not_in_it():
    """The notes name the source and the area of slivers."""
    notes = draft().notes
    assert "草案" in notes[0].zh
    assert notes[1].en.startswith("Of 539 square kilometres 0.0 are slivers")
    assert len(notes) == 2


def test_settlements_out_of_reach_are_named():
    """A village too far to walk to is no zone, and the notes name it."""
    places = (OsmPlace("南镇", "town", 125.0, 43.45), OsmPlace("远村", "village", 124.82, 43.45))
    areas = (OsmAdminArea("南镇", 8, shapely.box(124.8, 43.4, 125.1, 43.55)),)
    drawn = draft(features(places=places, admin_areas=areas))
    assert "远村" not in {zone.name for zone in drawn.zones}
    assert "远村" in drawn.notes[2].en


def test_the_draft_is_the_same_whatever_the_order_of_the_map():
    """Features in another order give the same zones."""
    found = features()
    turned = OsmFeatures(
        found.places[::-1], found.admin_areas[::-1], found.features, found.roads[::-1], 0
    )
    assert [(z.id, z.name, z.geometry.wkb) for z in draft(found).zones] == [
        (z.id, z.name, z.geometry.wkb) for z in draft(turned).zones
    ]
