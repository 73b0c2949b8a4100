"""GCJ-02 and back."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from network import gcj02_to_wgs84
from network.datum import wgs84_to_gcj02


def test_the_shift_is_undone_exactly() -> None:
    """Over China, back and forth is the same place to 1e-8 degrees."""
    lonlat = np.random.default_rng(0).uniform((75, 20), (134, 53), (500, 2))
    np.testing.assert_allclose(gcj02_to_wgs84(wgs84_to_gcj02(lonlat)), lonlat, rtol=0, atol=1e-8)


def test_known_places_are_shifted_as_published() -> None:
    """Tiananmen's coordinates in both datums, as every map library's tests have them."""
    shifted = wgs84_to_gcj02(np.array([[116.404, 39.915]]))
    np.testing.assert_allclose(shifted, [[116.41024449916938, 39.91640428150164]], atol=1e-9)


def test_over_jilin_the_shift_is_some_hundred_metres() -> None:
    """Between 480 and 690 m, as a check that the formula is the right one."""
    lonlat = np.random.default_rng(1).uniform((122, 41), (131, 46), (200, 2))
    shifted = wgs84_to_gcj02(lonlat)
    _, _, metres = Geod(ellps="WGS84").inv(*lonlat.T, *shifted.T)
    assert 450 < metres.min() < metres.max() < 720


def test_nothing_in_nothing_out() -> None:
    """An empty table stays empty."""
    assert gcj02_to_wgs84(np.empty((0, 2))).shape == (0, 2)
