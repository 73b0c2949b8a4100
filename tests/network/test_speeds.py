"""Seconds per edge from classes, tags, factors and closures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from network import RoadNetwork, SpeedTable, edge_seconds

PLACES = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.02, 43.0)}
TABLE = SpeedTable(kmh=(("primary", 60.0), ("track", 12.0)))


@pytest.fixture
def road(load: Callable[..., RoadNetwork]) -> RoadNetwork:
    """Return a primary road limited to 30 and a track tagged 100."""
    ways = [
        ([1, 2], {"highway": "primary", "maxspeed": "30"}),
        ([2, 3], {"highway": "track", "maxspeed": "100"}),
    ]
    return load(PLACES, ways)


def test_maxspeed_caps_the_class_speed(road: RoadNetwork) -> None:
    """The lower of tag and class counts."""
    expected = road.edge_length_m * 3.6 / [30, 30, 12, 12]
    np.testing.assert_allclose(edge_seconds(road, TABLE), expected, atol=0.0005)


def test_factors_apply_to_what_is_left(road: RoadNetwork) -> None:
    """The factor of the day class and that of the road class multiply."""
    slow = replace(TABLE, factor=0.5, class_factors=(("track", 0.5),))
    np.testing.assert_allclose(edge_seconds(road, slow), edge_seconds(road, TABLE) * [2, 2, 4, 4])


def test_closed_classes_take_for_ever(road: RoadNetwork) -> None:
    """A closed class has infinite seconds, the others are as before."""
    seconds = edge_seconds(road, replace(TABLE, closed=("track",)))
    assert np.isinf(seconds[2:]).all()
    assert np.isfinite(seconds[:2]).all()


def test_unknown_and_missing_classes_are_refused(road: RoadNetwork) -> None:
    """A table that names no such class, or lacks one that is driven, is a mistake of the caller."""
    with pytest.raises(ValueError, match="unknown road classes"):
        edge_seconds(road, replace(TABLE, closed=("canal",)))
    with pytest.raises(ValueError, match="no speed for road classes"):
        edge_seconds(road, SpeedTable(kmh=(("track", 12.0),)))
