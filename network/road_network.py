"""The road network as compact arrays: directed edges with class, length and shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from network.load_report import LoadReport
from network.seasons import Closure, Period

#: Road classes in falling order of importance; ``RoadNetwork.edge_class`` indexes this tuple.
ROAD_CLASSES: Final = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
)


#: Bits of ``RoadNetwork.edge_marks``.
MARK_FERRY: Final = 1
MARK_FORD: Final = 2
MARK_OWN_LAYER: Final = 4
MARK_GAP_CLOSED: Final = 8


@dataclass(frozen=True)
class LoadSettings:
    """Which roads count as open to the bureau [D].

    ``closed_access`` are values of the access tags that close a way; agricultural and forestry
    roads are open unless named here. ``skipped_service`` are kinds of service road left out.
    Ferries count as service roads of ``ferry_kmh``, where they are used at all. Winter roads (over
    ice and frozen ground) are open in ``winter_roads``.
    """

    closed_access: tuple[str, ...] = ("no", "private", "military")
    skipped_service: tuple[str, ...] = ("parking_aisle", "driveway", "drive-through")
    turn_restrictions: bool = True
    ferries: bool = False
    ferry_kmh: float = 8.0
    winter_roads: Period = ("12-15", "03-10")


def no_turns() -> NDArray[np.int32]:
    """Return an empty (0, 2) table of forbidden turns."""
    return np.empty((0, 2), np.int32)


def _not_given() -> NDArray[Any]:
    return np.empty(0)


@dataclass(frozen=True)
class RoadNetwork:
    """Largest strongly connected drivable network; coordinates WGS-84 lon/lat degrees.

    n nodes, m directed edges, k shape points. ``edge_maxspeed_kmh`` is NaN where not tagged.
    The shape of edge ``e`` (from-node to to-node, both ends included) is
    ``shape_lonlat[shape_start[e]:shape_start[e + 1]]``. ``forbidden_turns`` are pairs of directed
    edges that meet in a node and must not be driven one right after the other, sorted, each once.
    ``edge_closure`` indexes ``closures``, the periods of the year in which an edge is closed; the
    first is "never". Columns of edges that are not given are zeros: no way, no mark, never closed.
    """

    node_lonlat: NDArray[np.float64]  # (n, 2)
    edge_from: NDArray[np.int32]  # (m,)
    edge_to: NDArray[np.int32]  # (m,)
    edge_length_m: NDArray[np.float64]  # (m,) geodesic
    edge_class: NDArray[np.int8]  # (m,) index into ROAD_CLASSES
    edge_maxspeed_kmh: NDArray[np.float32]  # (m,) NaN when not tagged
    edge_name: NDArray[np.int32]  # (m,) index into names, 0 = no name
    shape_start: NDArray[np.int64]  # (m + 1,)
    shape_lonlat: NDArray[np.float64]  # (k, 2)
    names: tuple[str, ...] = ("",)
    forbidden_turns: NDArray[np.int32] = field(default_factory=no_turns)  # (t, 2) edges
    edge_way: NDArray[np.int64] = field(default_factory=_not_given)  # (m,) OSM id, 0 if none
    edge_marks: NDArray[np.uint8] = field(default_factory=_not_given)  # (m,) MARK_ bits
    edge_closure: NDArray[np.int16] = field(default_factory=_not_given)  # (m,) index into closures
    closures: tuple[Closure, ...] = ((),)
    report: LoadReport = field(default_factory=lambda: LoadReport(source=""))

    def __post_init__(self) -> None:
        for name, kind in (
            ("edge_way", np.int64),
            ("edge_marks", np.uint8),
            ("edge_closure", np.int16),
        ):
            if len(getattr(self, name)) == 0:
                object.__setattr__(self, name, np.zeros(len(self.edge_from), kind))

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_lonlat)

    @property
    def edge_count(self) -> int:
        """Number of directed edges."""
        return len(self.edge_from)

    def edge_shape(self, edge: int) -> NDArray[np.float64]:
        """Return the (points, 2) lon/lat shape of ``edge`` from its start to its end."""
        return self.shape_lonlat[self.shape_start[edge] : self.shape_start[edge + 1]]


@dataclass(frozen=True)
class RoadClosure:
    """Roads closed from ``first`` to ``last`` every year ("MM-DD", both included, may wrap).

    Meant are the OSM ``ways``, all roads of these ``names``, and all fords if ``fords``.
    """

    first: str
    last: str
    ways: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    fords: bool = False


@dataclass(frozen=True)
class SpeedTable:
    """Speeds of one day class: km/h by road class, a factor on all of them, closed classes.

    ``maxspeed`` tags cap the class speed. ``class_factors`` multiply single classes (thaw on
    tracks). Closed classes get infinite travel time, and so does an edge whose closures, those of
    the network and ``closures``, hold on at least ``closed_share`` of the days of ``season``.
    """

    kmh: tuple[tuple[str, float], ...]
    factor: float = 1.0
    class_factors: tuple[tuple[str, float], ...] = ()
    closed: tuple[str, ...] = ()
    season: Period | None = None
    closures: tuple[RoadClosure, ...] = ()
    closed_share: float = 0.5
