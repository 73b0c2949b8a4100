"""GCJ-02, the shifted datum of Chinese online maps, back to WGS-84 (480-690 m over Jilin).

The shift is the published polynomial-and-sine formula found in every map library; nothing is
asked online.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SEMI_MAJOR_M = 6378245.0  # Krasovsky 1940, which the formula uses
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_TOLERANCE_DEGREES = 1e-9
_MAX_ROUNDS = 30


def wgs84_to_gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (k, 2) GCJ-02 degrees of (k, 2) WGS-84 degrees in China."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    lat = np.radians(lonlat[:, 1])
    flattening = 1 - _ECCENTRICITY_SQUARED * np.sin(lat) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / flattening**1.5
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flattening) * np.cos(lat)
    shifted: NDArray[np.float64] = lonlat + np.degrees(
        np.column_stack([east / parallel_m, north / meridian_m])
    )
    return shifted


def gcj02_to_wgs84(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (k, 2) WGS-84 degrees of (k, 2) GCJ-02 degrees in China, to 1e-9 degrees.

    The shift is subtracted again and again: it changes slowly enough for this to converge.
    """
    wgs84 = lonlat.astype(np.float64)
    for _ in range(_MAX_ROUNDS):
        off = wgs84_to_gcj02(wgs84) - lonlat
        wgs84 = wgs84 - off
        if np.abs(off).max(initial=0.0) < _TOLERANCE_DEGREES:
            break
    return wgs84
