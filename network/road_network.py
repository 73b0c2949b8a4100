"""The road network as compact arrays: directed edges with class, length and shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from network.problems import Text

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


@dataclass(frozen=True)
class LoadSettings:
    """Which roads count as open to the bureau [D].

    ``closed_access`` are values of the access tags that close a way; agricultural and forestry
    roads are open unless named here. ``skipped_service`` are kinds of service road left out.
    """

    closed_access: tuple[str, ...] = ("no", "private", "military")
    skipped_service: tuple[str, ...] = ("parking_aisle", "driveway", "drive-through")


@dataclass(frozen=True)
class LoadReport:
    """What loading did to the data, so that nothing is cut silently."""

    source: str
    ways_read: int = 0
    ways_used: int = 0
    edges_with_maxspeed: int = 0
    parts_found: int = 1
    nodes_cut: int = 0
    length_cut_km: float = 0.0
    missing_nodes: int = 0

    def sentences(self) -> tuple[Text, ...]:
        """Say what was cut or missing, one sentence each; empty when nothing was."""
        said = []
        if self.nodes_cut:
            said.append(
                Text(
                    f"路网共 {self.parts_found} 个互不连通部分，仅保留最大部分；"
                    f"舍去 {self.length_cut_km:.1f} 公里、{self.nodes_cut} 个节点",
                    f"the roads fall into {self.parts_found} parts; only the largest is kept, "
                    f"{self.length_cut_km:.1f} km and {self.nodes_cut} nodes are left out",
                )
            )
        if self.missing_nodes:
            said.append(
                Text(
                    f"道路引用的 {self.missing_nodes} 个节点在文件中缺失，相应路段在此断开",
                    f"{self.missing_nodes} nodes of roads are missing from the file; "
                    "the roads are broken there",
                )
            )
        return tuple(said)


def no_turns() -> NDArray[np.int32]:
    """Return an empty (0, 2) table of forbidden turns."""
    return np.empty((0, 2), np.int32)


@dataclass(frozen=True)
class RoadNetwork:
    """Largest strongly connected drivable network; coordinates WGS-84 lon/lat degrees.

    n nodes, m directed edges, k shape points. ``edge_maxspeed_kmh`` is NaN where not tagged.
    The shape of edge ``e`` (from-node to to-node, both ends included) is
    ``shape_lonlat[shape_start[e]:shape_start[e + 1]]``. ``forbidden_turns`` are pairs of directed
    edges that meet in a node and must not be driven one right after the other, sorted, each once.
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
    report: LoadReport = field(default_factory=lambda: LoadReport(source=""))

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
class SpeedTable:
    """Speeds of one day class: km/h by road class, a factor on all of them, closed classes.

    ``maxspeed`` tags cap the class speed. ``class_factors`` multiply single classes (thaw on
    tracks). Closed classes get infinite travel time.
    """

    kmh: tuple[tuple[str, float], ...]
    factor: float = 1.0
    class_factors: tuple[tuple[str, float], ...] = ()
    closed: tuple[str, ...] = ()
