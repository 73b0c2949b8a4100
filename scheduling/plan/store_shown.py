"""What a plan file only shows to people: it must say what the plan in the file says.

Names beside ids and the drawn route of a patrol are written for QGIS and are not what a plan is
read from; edited by hand, they would tell people another plan than the one audited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from network.problems import Text
from scheduling.plan import store_read
from scheduling.plan.store_geopackage import GeoPackageReader
from scheduling.plan.store_rows import Rows
from scheduling.plan.store_tables import Table


def check_shown(
    reader: GeoPackageReader,
    wanted: Sequence[Table],
    stored: store_read.Rows,
    written: Mapping[str, Rows],
) -> None:
    """Note each shown column that is not as it would be written for the plan read."""
    for table in wanted:
        names = [column.name for column in table.columns]
        shown = [column.name for column in table.columns if column.shown]
        if table.shown_geometry:
            names.append("geom")
            shown.append("geom")
        if not shown:
            continue
        rows = (dict(zip(names, row, strict=False)) for row in written[table.name])
        right = {_key(table, row): row for row in rows}
        for row in stored[table.name]:
            for name in shown:
                if not _same(row[name], right[_key(table, row)][name]):
                    _edited(reader, table, row, name, right[_key(table, row)][name])


def check_shown_meta(
    reader: GeoPackageReader, stored: Mapping[str, str], written: Mapping[str, str]
) -> None:
    """Note the county's name or the status in ``meta`` when they are not those of the plan read."""
    for key in ("county", "status"):
        if stored.get(key) != written[key]:
            _shows_otherwise(reader, "meta", key, stored.get(key), written[key])


def _key(table: Table, row: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(row[name] for name in table.unique)


def _same(stored: object, right: object) -> bool:
    if isinstance(stored, BaseGeometry) and isinstance(right, BaseGeometry):
        return bool(shapely.equals_exact(stored, right, tolerance=0))
    return stored == right


def _edited(
    reader: GeoPackageReader, table: Table, row: Mapping[str, Any], name: str, right: object
) -> None:
    where = f"{table.name} fid {row['fid']}"
    if name == "geom":
        cause = Text(
            "图上的路线与计划的路段不一致", "the route drawn is not the one of the patrol's legs"
        )
        reader.problem("plan.edited-display", cause, where=where, field=name, action=_UNDO)
    else:
        _shows_otherwise(reader, where, name, row[name], right)


def _shows_otherwise(
    reader: GeoPackageReader, where: str, field: str, stored: object, right: object
) -> None:
    cause = Text(
        f"显示为“{stored}”，而按计划应为“{right}”", f"shows {stored!r}, but the plan says {right!r}"
    )
    reader.problem("plan.edited-display", cause, where=where, field=field, action=_UNDO)


_UNDO = Text(
    "请撤销手工改动（有意改动的，两处须一致），或重新编制计划",
    "undo the change (or, where it is meant, make it in both places), or plan again",
)
