"""A plane in metres around a network, for nearness: distances true to 1 in 10,000 within 90 km."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from network.road_network import RoadNetwork


@dataclass(frozen=True)
class LocalMetric:
    """Transverse Mercator centred on a place; x and y in metres."""

    lon: float
    lat: float

    @property
    def _transformer(self) -> Transformer:
        return _transformer(self.lon, self.lat)

    def xy(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (k, 2) metres of (k, 2) lon/lat degrees."""
        if len(lonlat) == 0:
            return np.empty((0, 2))
        x, y = self._transformer.transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([x, y])

    def lonlat(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (k, 2) lon/lat degrees of (k, 2) metres."""
        if len(xy) == 0:
            return np.empty((0, 2))
        lon, lat = self._transformer.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return np.column_stack([lon, lat])

    def flat(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a WGS-84 geometry in the plane; heights are dropped."""
        return shapely.transform(shapely.force_2d(geometry), self.xy)


@lru_cache(maxsize=256)
def _transformer(lon: float, lat: float) -> Transformer:
    """Return the projection of one place: making it takes 10 ms, and the same come again."""
    plane = f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +ellps=WGS84 +units=m"
    return Transformer.from_crs("EPSG:4326", plane, always_xy=True)


def metric_of(network: RoadNetwork) -> LocalMetric:
    """Return the plane centred on the middle of the network's extent."""
    low, high = network.node_lonlat.min(axis=0), network.node_lonlat.max(axis=0)
    lon, lat = (low + high) / 2
    return LocalMetric(round(float(lon), 3), round(float(lat), 3))
