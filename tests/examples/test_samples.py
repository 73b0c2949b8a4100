"""The bundled counties: the demo that can be done, and the one that cannot."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import shapely

from examples import scenarios_file
from examples.samples import SHORT_STATION
from scenarios.read import read_scenarios
from scheduling.county import read_county
from scheduling.inputs import load_inputs
from scheduling.roads import prepare_roads


def test_the_demo_county_is_staffed_like_a_real_one(demo):
    """12 stations of 3-5 certified people, two squads, 60-75 people, 150 and more villages."""
    county = read_county(demo.folder)
    stations = [unit.id for unit in county.units if unit.authority == "township"]
    certified = Counter(p.units[0] for p in county.inspectors if p.certificate_number)
    assert len(stations) == 12
    assert len(county.units) == 14
    assert all(3 <= certified[unit] <= 5 for unit in stations)
    assert 60 <= len(county.inspectors) <= 75
    assert 250 <= len(county.zones) <= 300
    assert demo.places >= 12 + 150
    assert all(
        15 <= sum(zone.units["township"] == unit for zone in county.zones) <= 30
        for unit in stations
    )


def test_the_demo_county_has_every_rank_of_road(demo):
    """National to track, and the lesser the rank the more of it there is, roughly."""
    km = demo.road_km
    assert set(km) == {
        *("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "track")
    }
    assert km["unclassified"] > km["tertiary"] > km["trunk"]
    assert 600 < sum(km.values()) < 1500


def test_nobody_takes_leave_in_the_tightest_half_months(demo):
    """16-28 February and 1-15 October stay free of leave, so that the year can be done."""
    for row in read_county(demo.folder).leave:
        assert row.last_day < date(2026, 2, 16) or row.first_day > date(2026, 2, 28)
        assert row.last_day < date(2026, 10, 1) or row.first_day > date(2026, 10, 15)


def test_an_evening_estimate_leaves_the_demo_county_slack(demo):
    """Service and hops fill two patrols a half-month in winter, three in the peak, never five.

    The estimate: minutes at each zone, plus 1.4 times the straight way to the next three zones at
    25 km/h (winter three quarters of it), plus half an hour from and to the station per patrol.
    """
    county = read_county(demo.folder)
    tasks = prepare_roads(county, demo.folder / "roads.osm.pbf").tasks
    for unit in (u.id for u in county.units if u.authority == "township"):
        zones = [zone for zone in county.zones if zone.units["township"] == unit]
        spots = np.array([[m.lon, m.lat] for m in (tasks[z.id].modes[0] for z in zones)])
        km = (spots - spots.mean(axis=0)) * (80.6, 111.2)
        gaps = np.sort(np.hypot(*(km[:, None] - km[None]).transpose(2, 0, 1)), axis=1)[:, 1:4]
        hop = 1.4 * gaps.mean(axis=1) / 25 * 60
        stay = np.array([zone.stop_minutes or 20 for zone in zones])
        winter = (stay + hop / 0.75).sum() / (360 - 30)
        twice = np.array([2 if zone.level == 1 else 1 for zone in zones])
        peak = ((stay + hop) * twice).sum() / (360 - 30)
        assert winter < 3
        assert 1.5 < peak < 4.5


def test_the_shortage_is_of_certified_people(shortage):
    """On 24-28 February two certified people are there on two days only; at other times three."""
    county = read_county(shortage.folder)
    people = [p for p in county.inspectors if SHORT_STATION in p.units]

    def there(day):
        return sum(p.certified_on(day) and not county.away(p.id, day) for p in people)

    workdays = [date(2026, 2, 24) + timedelta(days=n) for n in range(5)]
    assert [there(day) for day in workdays] == [1, 1, 1, 2, 2]
    assert there(date(2026, 3, 2)) == 3
    assert there(date(2026, 2, 3)) == 2


def test_the_shortage_is_proven_by_minutes_alone(shortage):
    """Even without driving, the zones of the short station fill more than two shifts."""
    county = read_county(shortage.folder)
    tasks = prepare_roads(county, shortage.folder / "roads.osm.pbf").tasks
    zones = [z for z in county.zones if z.units["township"] == SHORT_STATION]
    stops = [z for z in zones if z.stop_minutes or tasks[z.id].modes[0].edges == ()]
    assert sum(zone.stop_minutes or 20 for zone in stops) > 360 * 1.5
    assert len(zones) == 40


def test_the_scenarios_fit_the_demo_county(demo):
    """Every what-if scenario that ships applies to the county that ships."""
    inputs = load_inputs(demo.folder, year=2026)
    scenarios = read_scenarios(demo.folder / "scenarios.toml", inputs)
    assert len(scenarios) >= 6
    assert scenarios == read_scenarios(scenarios_file(), inputs)


def test_zones_lie_inside_the_county(demo):
    """No zone strays more than a kilometre over the county's border."""
    county = demo.county
    hull = shapely.union_all([zone.geometry for zone in county.zones]).bounds
    assert 125 < hull[0] < hull[2] < 127
    assert 43 < hull[1] < hull[3] < 44
