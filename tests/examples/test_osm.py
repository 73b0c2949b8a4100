"""The generated OSM extract, read with osmium itself."""

import numpy as np
import osmium
import pytest

from examples import SampleSize, generate_county


@pytest.fixture(scope="module")
def osm(tmp_path_factory):
    """Return (tags, coordinates) of every way, tags of places, tags of relations."""
    folder = tmp_path_factory.mktemp("osm") / "county"
    generate_county(folder, size=SampleSize(townships=3, zones_per_township=20), seed=4)
    ways, places, relations = [], [], []
    reader = osmium.FileProcessor(folder / "roads.osm.pbf").with_locations()
    for item in reader:
        tags = dict(item.tags)
        if item.is_way():
            ways.append((tags, np.array([(n.location.lon, n.location.lat) for n in item.nodes])))
        elif item.is_relation():
            relations.append(tags)
        elif "place" in tags:
            places.append(tags)
    return ways, places, relations


def test_roads_carry_the_tags_that_matter(osm):
    """Refs of national to township roads, one-ways in town, some maxspeeds, tracks."""
    ways = [tags for tags, _ in osm[0] if "highway" in tags]
    assert {"G998", "S907", "X001"} <= {tags.get("ref") for tags in ways}
    assert any(tags.get("oneway") == "yes" for tags in ways)
    limited = sum("maxspeed" in tags for tags in ways) / len(ways)
    assert 0.05 < limited < 0.6
    assert any(tags["highway"] == "track" and "surface" in tags for tags in ways)


def test_roads_wind(osm):
    """Country roads of a kilometre and more bend: the way is longer than the crow flies."""
    ratios = []
    for tags, line in osm[0]:
        if tags.get("highway") in {"tertiary", "unclassified", "track"} and len(line) > 3:
            steps = np.diff(line, axis=0) * (0.725, 1.0)
            straight = np.hypot(*((line[-1] - line[0]) * (0.725, 1.0)))
            if straight > 0.01:
                ratios.append(np.hypot(*steps.T).sum() / straight)
    assert len(ratios) > 5
    assert np.mean(ratios) > 1.02


def test_places_and_boundaries_are_there_for_drafting_zones(osm):
    """Towns, villages and hamlets with names; the county's and every township's boundary."""
    _, places, relations = osm
    assert {"town", "village", "hamlet"} <= {tags["place"] for tags in places}
    assert all(tags["name"] for tags in places)
    assert sorted(tags["admin_level"] for tags in relations) == ["6", "8", "8", "8"]


def test_the_land_is_mapped(osm):
    """Fields, quarries, water and woods are areas and lines that maps can show."""
    tags = [tags for tags, _ in osm[0]]
    assert {"farmland", "quarry", "industrial"} <= {t.get("landuse") for t in tags}
    assert any(t.get("waterway") == "river" for t in tags)
    assert any(t.get("natural") == "wood" for t in tags)
