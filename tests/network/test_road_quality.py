"""The road report: each weakness of the data is found, and the worst is to be mended first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from network.load import load_edges, load_network
from network.road_advice import advice, called, document, summary
from network.road_quality import QualitySite, RoadQuality, Spot, densities, road_quality

Places = Mapping[int, tuple[float, float]]
Ways = Sequence[tuple[Sequence[int], Mapping[str, str]]]

#: Some 81 m of longitude and 111 m of latitude at 43 N.
STEP = 0.001
PLACES = {
    1: (125.0, 43.0),
    2: (125.0 + 10 * STEP, 43.0),
    3: (125.0 + 10 * STEP, 43.0 + 10 * STEP),
    4: (125.0, 43.0 + 10 * STEP),
    5: (125.0 + 20 * STEP, 43.0),  # a dead end of a tertiary road
    6: (125.0 + 4.9 * STEP, 43.0 + 9.9 * STEP),  # a dead end some 11 m short of 3-4
    7: (125.0 + 5 * STEP, 43.0 + 5 * STEP),
    20: (125.0 + 40 * STEP, 43.0),  # cut off, some 1.6 km east of 5
    21: (125.0 + 45 * STEP, 43.0),
}
WAYS: Ways = [
    ([1, 2, 3, 4, 1], {"highway": "residential", "maxspeed": "30"}),
    ([2, 5], {"highway": "tertiary", "name": "东路"}),
    ([1, 7, 6], {"highway": "track"}),
    ([20, 21], {"highway": "unclassified"}),
]
SITES = (
    QualitySite("Z1", "东村", shapely.Point(125.0 + 21 * STEP, 43.0), settled=True),
    QualitySite("Z2", "岛村", shapely.Point(125.0 + 46 * STEP, 43.0), settled=True),
    QualitySite("Z3", "", shapely.Point(125.0 + 5 * STEP, 43.0 + 16 * STEP)),
)


@pytest.fixture
def judged(write_osm: Callable[[Places, Ways], Path]) -> RoadQuality:
    path = write_osm(PLACES, WAYS)
    return road_quality(load_network(path), load_edges(path), SITES)


def test_parts_cut_off_are_told_with_what_they_serve(judged: RoadQuality):
    """The island has its kilometres, its gap, and the village it would serve."""
    assert judged.parts_found == 2
    (part,) = judged.cut_parts
    assert part.length_km == pytest.approx(0.407, rel=0.02)
    assert part.gap_m == pytest.approx(20 * 81.5, rel=0.02)
    assert part.sites == ("岛村",)


def test_dead_ends_near_places_and_gaps_are_told(judged: RoadQuality):
    """The tertiary road ends by a village; the track ends just short of a street."""
    assert judged.dead_ends == 2
    assert [spot.name for spot in judged.dead_ends_near] == ["东路"]
    (gap,) = judged.gaps
    assert gap.name == "track"
    assert gap.metres == pytest.approx(11, abs=1)


def test_places_far_from_roads_are_told_farthest_first(judged: RoadQuality):
    """A village without a road, and whatever is beyond half a kilometre; nameless ones by id."""
    assert [spot.name for spot in judged.settled_off_road] == ["岛村"]
    assert [spot.name for spot in judged.far_sites] == ["岛村", "Z3"]
    assert [spot.name for spot in judged.longest_snaps] == ["岛村", "Z3", "东村"]


def test_kilometres_count_once_and_speeds_by_length(judged: RoadQuality):
    """A street of two directions is one; only the ring has a speed of its own."""
    ring, east, track = 2 * 0.815 + 2 * 1.111, 0.815, 1.16
    assert judged.length_km == pytest.approx(ring + east + track, rel=0.02)
    assert judged.street_km == pytest.approx(ring + east, rel=0.02)
    assert judged.imputed_share == pytest.approx((east + track) / (ring + east + track), abs=0.02)


def test_what_keeps_places_from_being_reached_comes_first(judged: RoadQuality):
    """Refused places, then cut-off roads, villages, walks, gaps, density and speeds."""
    thin = replace(judged, too_far_m=1000.0, province_densities=(50.0, 60.0, 70.0))
    said = [text.en for text in advice(replace(thin, imputed_share=0.9))]
    words = ("refused by check", "that are cut off", "No road within", "of walking a round",
             "Dead ends with", "below half", "speeds by class")  # fmt: skip
    assert len(said) == len(words)
    assert all(word in text for word, text in zip(words, said, strict=True))
    assert thin.province_median == 60.0
    assert "median of 3 counties" in summary(thin)[2].en


def test_good_data_need_no_advice(judged: RoadQuality):
    """Nothing found, nothing said."""
    good = replace(judged, cut_parts=(), gaps=(), settled_off_road=(), far_sites=(),
                   imputed_share=0.1)  # fmt: skip
    assert advice(good) == ()
    assert "nothing was given to compare" in summary(good)[2].en
    assert "hull of the roads" in summary(good)[2].en
    assert "hull" not in summary(replace(good, area_is_hull=False))[2].en
    assert summary(replace(good, parts_found=1))[1].zh.startswith("道路全部连通")
    assert replace(good, area_km2=0.0).density == 0.0


def test_the_document_is_plain_data(judged: RoadQuality):
    """Figures, places and sentences of one language."""
    plain = document(judged, "zh")
    assert plain["far_sites"][0]["name"] == "岛村"
    assert plain["advice"] == [text.zh for text in advice(judged)]
    assert plain["density"] == judged.density


def test_densities_are_those_of_counties_that_the_roads_reach(
    write_osm: Callable[[Places, Ways], Path],
):
    """A county without any road in the file is left out, not counted as empty."""
    network = load_network(write_osm(PLACES, WAYS))
    west = shapely.box(124.99, 42.99, 125.0 + 25 * STEP, 43.02)
    elsewhere = shapely.box(120, 40, 121, 41)
    (found,) = densities(network, [west, elsewhere])
    assert found == pytest.approx((2 * 0.815 + 2 * 1.111 + 0.815) / (35 * 30 * 0.0815 * 0.1111),
                                  rel=0.05)  # fmt: skip


def test_roads_without_any_place_are_judged_too(write_osm: Callable[[Places, Ways], Path]):
    """Before there are zones, parts and speeds are still told."""
    path = write_osm(PLACES, WAYS)
    judged = road_quality(load_network(path), load_edges(path), ())
    assert judged.dead_ends_near == ()
    assert judged.longest_snaps == ()
    assert isinstance(judged.gaps[0], Spot)


def test_what_is_only_on_the_map_is_not_walked_to(write_osm: Callable[[Places, Ways], Path]):
    """A far village that is no zone is without a road, but no zone far from one."""
    path = write_osm(PLACES, WAYS)
    sites = [replace(SITES[1], visited=False)]
    judged = road_quality(load_network(path), load_edges(path), sites, too_far_m=1000.0)
    assert [spot.name for spot in judged.settled_off_road] == ["岛村"]
    assert judged.far_sites == ()
    assert not any("refused" in text.en or "walking" in text.en for text in advice(judged))


def test_two_dead_ends_that_face_each_other_are_one_gap(
    write_osm: Callable[[Places, Ways], Path],
):
    """Two tracks stop eight metres short of each other: one junction is missing, not two."""
    places = {**PLACES, 8: (125.0 + 2 * STEP, 43.005), 9: (125.0 + 2.1 * STEP, 43.005)}
    ways = [*WAYS, ([1, 8], {"highway": "track"}), ([4, 9], {"highway": "track"})]
    path = write_osm(places, ways)
    judged = road_quality(load_network(path), load_edges(path), ())
    assert judged.dead_ends == 4
    assert len(judged.gaps) == 2  # this one, and the one of the other tests


def test_roads_without_a_name_go_by_their_class(judged: RoadQuality):
    """In the reader's language."""
    assert called(judged.gaps[0]) == ("无名机耕路", "unnamed track")
    assert called(judged.dead_ends_near[0]) == ("东路", "东路")
    assert "unnamed track (" in advice(judged)[-1].en


def test_a_crossing_without_a_junction_is_not_a_gap_to_be_closed(judged: RoadQuality):
    """Roads of two levels may cross: that is said, and no zero metres."""
    crossing = replace(judged, cut_parts=(replace(judged.cut_parts[0], gap_m=0.0),))
    assert "without a junction" in advice(crossing)[1].en
    assert "smallest gap is 16" in advice(judged)[1].en


def test_roads_outside_of_the_county_do_not_make_it_denser(
    write_osm: Callable[[Places, Ways], Path],
):
    """Of an extract larger than the county only the roads inside count."""
    path = write_osm(PLACES, WAYS)
    west = shapely.box(124.99, 42.99, 125.0 + 11 * STEP, 43.02)
    judged = road_quality(load_network(path), load_edges(path), SITES, area=west)
    assert judged.street_km == pytest.approx(2 * 0.815 + 2 * 1.111, rel=0.02)
    assert judged.length_km > judged.street_km + 0.8
    assert not judged.area_is_hull


def test_a_place_on_the_map_may_bear_the_name_of_a_zone(write_osm: Callable[[Places, Ways], Path]):
    """Each is judged by itself: the far one is no zone, and is not told as one."""
    path = write_osm(PLACES, WAYS)
    far = replace(SITES[1], id="map", name="东村", visited=False)
    judged = road_quality(load_network(path), load_edges(path), [SITES[0], far])
    assert [spot.name for spot in judged.settled_off_road] == ["东村"]
    assert judged.far_sites == ()
