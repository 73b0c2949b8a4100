"""Write roads, places and areas as a real ``.osm.pbf``, identical for identical input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from examples.terrain import Floats, to_lonlat

_STAMP = datetime(2026, 1, 1, tzinfo=UTC)
Tags = Mapping[str, str]


@dataclass(frozen=True)
class OsmLine:
    """A way: (k, 2) km points; closed when first and last are the same."""

    points: Floats
    tags: Tags


@dataclass(frozen=True)
class OsmPoint:
    """A tagged node at a point in km."""

    point: Floats
    tags: Tags


@dataclass(frozen=True)
class OsmBoundary:
    """A boundary relation around one closed ring in km."""

    ring: Floats
    tags: Tags


def write_osm(
    path: Path,
    lines: tuple[OsmLine, ...],
    points: tuple[OsmPoint, ...],
    boundaries: tuple[OsmBoundary, ...],
) -> None:
    """Write an OSM file; equal coordinates become one node, so that ways connect."""
    import osmium

    numbers: dict[tuple[float, float], int] = {}
    tagged = {tuple(to_lonlat(point.point[None])[0].tolist()): point.tags for point in points}
    for place in tagged:
        numbers.setdefault(place, len(numbers) + 1)
    ways: list[tuple[list[int], Tags]] = []
    for shape, tags in [*((line.points, line.tags) for line in lines)] + [
        (boundary.ring, {}) for boundary in boundaries
    ]:
        places = [(lon, lat) for lon, lat in to_lonlat(shape).tolist()]
        refs = [numbers.setdefault(place, len(numbers) + 1) for place in places]
        ways.append(([n for i, n in enumerate(refs) if i == 0 or n != refs[i - 1]], tags))
    header = osmium.io.Header()
    header.set("generator", "xuncha sample county (invented data)")
    mutable = osmium.osm.mutable
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for place, number in numbers.items():
            writer.add_node(
                mutable.Node(
                    id=number,
                    version=1,
                    timestamp=_STAMP,
                    location=place,
                    tags=dict(tagged.get(place, {})),
                )
            )
        for number, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(
                mutable.Way(id=number, version=1, timestamp=_STAMP, nodes=refs, tags=dict(tags))
            )
        for number, boundary in enumerate(boundaries, start=1):
            way = len(lines) + number
            writer.add_relation(
                mutable.Relation(
                    id=number,
                    version=1,
                    timestamp=_STAMP,
                    members=[("w", way, "outer")],
                    tags=dict(boundary.tags),
                )
            )
