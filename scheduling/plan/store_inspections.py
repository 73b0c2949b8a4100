"""What inspecting each zone comes to, read back from a plan file."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import shapely

from network import WalkingLeg
from network.problems import Text
from scheduling.inspections import ZoneInspection
from scheduling.plan import store_tables as tables
from scheduling.plan.store_geopackage import GeoPackageReader
from scheduling.plan.store_read import Rows


def inspections_of(rows: Rows, reader: GeoPackageReader) -> tuple[ZoneInspection, ...]:
    """Return the zones' figures, with what no road shows and the walks."""
    hidden = {row["zone"]: row["geom"] for row in rows[tables.HIDDEN.name]}
    walks: dict[str, list[tuple[WalkingLeg, float]]] = defaultdict(list)
    for row in rows[tables.WALKS.name]:
        walk = _walk(row, reader)
        if walk is not None:
            walks[row["zone"]].append((walk, row["minutes"]))
    return tuple(
        ZoneInspection(
            *(row["zone"], row["seen_share"], row["length_km"], row["minutes"], row["hidden_ha"]),
            hidden.get(row["zone"]),
            tuple(walks[row["zone"]]),
        )
        for row in rows[tables.INSPECTIONS.name]
    )


def _walk(row: dict[str, Any], reader: GeoPackageReader) -> WalkingLeg | None:
    points = shapely.get_coordinates(row["geom"]).tolist()
    if len(points) == 2:
        (road_lon, road_lat), (lon, lat) = points
        return WalkingLeg(road_lon, road_lat, lon, lat, row["walk_m"], row["shows_ha"])
    reader.problem(
        "plan.bad-geometry",
        Text(f"步行段有 {len(points)} 点，应为 2 点", f"a walk has {len(points)} points, not 2"),
        where=f"{tables.WALKS.name} fid {row['fid']}",
        field="geom",
    )
    return None
