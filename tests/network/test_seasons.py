"""Closures that come back every year: periods of days, conditional tags, seasonal roads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from network import LoadSettings, RoadNetwork, SpeedTable, edge_seconds
from network.osm_tags import way_closure
from network.road_network import ROAD_CLASSES, RoadClosure
from network.seasons import days_of, parse_condition, periods_of

PLACES = {ref: (125 + ref / 1000, 43.0) for ref in range(1, 7)}


@pytest.mark.parametrize(
    ("condition", "periods"),
    [
        ("(Nov-Mar)", (("11-01", "03-31"),)),
        ("Mar 15 - Sep 15", (("03-15", "09-15"),)),
        ("Mar 15-20", (("03-15", "03-20"),)),
        ("Feb", (("02-01", "02-29"),)),
        ("December 24", (("12-24", "12-24"),)),
        ("winter", (("12-01", "02-29"),)),
        ("Jan-Feb, Dec", (("12-01", "02-29"),)),
        ("Jan-Dec", (("01-01", "12-31"),)),
        ("May 10,Jul-Aug", (("05-10", "05-10"), ("07-01", "08-31"))),
    ],
)
def test_conditions_on_the_time_of_year_are_read(
    condition: str, periods: tuple[tuple[str, str], ...]
) -> None:
    """Months, days and seasons, alone and in lists, over the turn of the year."""
    days = parse_condition(condition)
    assert days is not None
    assert periods_of(days) == periods


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "Mo-Fr 07:00-09:00",
        "Nov-Mar 20:00-06:00",
        "2016 Apr 25 - 2016 Sep 26",
        "weight>3.5",
        "Feb 30",
        "Feb 99-Mar",
        "snow",
        "Nov-Mar AND weight>3.5",
    ],
)
def test_other_conditions_are_not_guessed(condition: str) -> None:
    """Hours, years, weights and days that do not exist name no period."""
    assert parse_condition(condition) is None


def test_periods_and_days_say_the_same() -> None:
    """Any set of days is the days of its periods again."""
    rng = np.random.default_rng(0)
    for share in (0.0, 0.1, 0.5, 0.9, 1.0):
        days = rng.random(366) < share
        np.testing.assert_array_equal(days_of(periods_of(days)), days)


@pytest.mark.parametrize(
    ("tags", "closure", "unread"),
    [
        ({}, (), 0),
        ({"motor_vehicle:conditional": "no @ (Nov-Mar)"}, (("11-01", "03-31"),), 0),
        ({"access:conditional": "no @ (Nov-Mar); yes @ (Apr)"}, (("11-01", "03-31"),), 0),
        ({"access:conditional": "private @ Jun;no @ (Jul)"}, (("06-01", "07-31"),), 0),
        ({"access": "no", "access:conditional": "yes @ (May-Oct)"}, (("11-01", "04-30"),), 0),
        ({"access": "no", "access:conditional": "yes @ (08:00-18:00)"}, None, 1),
        ({"access": "private"}, None, 0),
        ({"motor_vehicle": "yes", "access:conditional": "no @ winter"}, (), 0),
        ({"access:conditional": "no @ (Mo-Fr 07:00-09:00)"}, (), 1),
        ({"access:conditional": "destination @ (Nov-Mar)"}, (), 0),
        ({"access:conditional": "broken"}, (), 0),
        ({"winter_road": "yes"}, (("03-11", "12-14"),), 0),
        ({"ice_road": "yes"}, (("03-11", "12-14"),), 0),
        ({"seasonal": "summer"}, (("09-01", "05-31"),), 0),
        ({"seasonal": "winter;spring"}, (("06-01", "11-30"),), 0),
        ({"seasonal": "yes"}, (), 1),
        ({"seasonal": "no"}, (), 0),
        (
            {"seasonal": "summer", "access:conditional": "no @ (Jul)"},
            (("07-01", "07-31"), ("09-01", "05-31")),
            0,
        ),
    ],
)
def test_ways_are_closed_when_their_tags_say_so(
    tags: dict[str, str], closure: tuple[tuple[str, str], ...] | None, unread: int
) -> None:
    """The deciding access tag, its conditions and the season give the closed days of the year."""
    assert way_closure(tags, LoadSettings()) == (closure, unread)


def _table(season: tuple[str, str] | None, **more: object) -> SpeedTable:
    kmh = tuple((name, 36.0) for name in ROAD_CLASSES)
    return SpeedTable(kmh, season=season, **more)  # type: ignore[arg-type]


def _closed(network: RoadNetwork, table: SpeedTable) -> list[bool]:
    return np.isinf(edge_seconds(network, table)).tolist()


@pytest.fixture
def seasonal(load: Callable[..., RoadNetwork]) -> RoadNetwork:
    """Four roads in a row: one closed in winter, a ford, a named one, a plain one."""
    track = {"highway": "track"}
    return load(
        PLACES,
        [
            ([1, 2], track | {"access:conditional": "no @ (Nov-Mar)"}),
            ([2, 3], track | {"ford": "yes"}),
            ([3, 4], track | {"name": "河堤路"}),
            ([4, 5], track),
        ],
    )


def test_seasonal_roads_close_in_their_day_class(seasonal: RoadNetwork) -> None:
    """Both directions have infinite seconds where most of the class is closed, and only there."""
    winter, summer = _table(("11-15", "03-31")), _table(("04-01", "11-14"))
    assert _closed(seasonal, winter) == [True, True] + [False] * 6
    assert not any(_closed(seasonal, summer))
    assert not any(_closed(seasonal, _table(None)))
    assert seasonal.report.seasonal_ways == 1
    assert any("closed in a season" in said.en for said in seasonal.report.sentences())


def test_a_closure_of_few_days_closes_where_that_is_asked(seasonal: RoadNetwork) -> None:
    """With a share of zero any overlap closes the road for the whole class."""
    strict = _table(("04-01", "11-14"), closed_share=0.0)
    assert _closed(seasonal, strict) == [True, True] + [False] * 6


def test_the_county_closes_roads_by_way_name_and_ford(seasonal: RoadNetwork) -> None:
    """Closures of the county's own mean ways by id, roads by name, and fords."""
    season = ("07-01", "08-31")
    flood = RoadClosure("07-01", "07-31", fords=True)
    assert _closed(seasonal, _table(season, closures=(flood,))) == [
        False, False, True, True, False, False, False, False,
    ]  # fmt: skip
    works = RoadClosure("01-01", "12-31", ways=(4,), names=("河堤路",))
    assert _closed(seasonal, _table(season, closures=(works,))) == [False] * 4 + [True] * 4
    assert seasonal.report.fords == 1


def test_closures_of_one_road_add_up(seasonal: RoadNetwork) -> None:
    """Two closures that each hold on a third of the season close the road together."""
    parts = (
        RoadClosure("07-01", "07-20", names=("河堤路",)),
        RoadClosure("08-10", "08-31", names=("河堤路",)),
    )
    season = ("07-01", "08-31")
    assert not any(_closed(seasonal, _table(season, closures=parts[:1])))
    assert sum(_closed(seasonal, _table(season, closures=parts))) == 2


def test_without_anything_named_nothing_is_closed(seasonal: RoadNetwork) -> None:
    """A closure of no ways means no edge, not those without a name."""
    nothing = RoadClosure("01-01", "12-31", ways=(0,), names=("",))
    assert not any(_closed(seasonal, _table(("05-01", "05-31"), closures=(nothing,))))
