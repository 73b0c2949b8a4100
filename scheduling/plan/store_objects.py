"""The checked rows of a plan file as the objects they were written from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from network.problems import Text
from scheduling.calendar.windows import Window, WindowKind
from scheduling.calendar.workdays import WorkCalendar
from scheduling.county.model import (
    AUTHORITIES,
    Checkpoint,
    County,
    Inspector,
    Leave,
    PastVisit,
    Unit,
    Vehicle,
    Zone,
    ZoneKind,
)
from scheduling.county.settings import CountySettings
from scheduling.plan import store_tables as tables
from scheduling.plan.model import (
    CrewMember,
    Leg,
    Patrol,
    PatrolKind,
    PlanStatus,
    SettingUsed,
    UnitOutcome,
    Unmet,
    Visit,
    WindowNeed,
)
from scheduling.plan.store_geopackage import GeoPackageReader
from scheduling.plan.store_read import Decoder, Made, Rows, strings
from scheduling.regulation.model import Regulation
from scheduling.requirements import Requirement

Shape: TypeAlias = NDArray[np.float64]


def county_of(
    rows: Rows, settings: CountySettings, hashes: Mapping[str, str], decoder: Decoder
) -> County:
    """Return the county of the snapshot."""
    return County(
        settings=settings,
        zones=tuple(_zone(row, decoder) for row in rows["zones"]),
        units=tuple(
            Unit(
                *(row["id"], row["name"], row["authority"], row["geom"].x, row["geom"].y),
                *(row["head"], row["township"]),
            )
            for row in rows["units"]
        ),
        inspectors=tuple(
            Inspector(
                *(row["id"], row["name"], decoder.texts(row, tables.INSPECTORS, "units")),
                *(row["certificate_number"], row["certificate_from"]),
                *(row["certificate_until"], row["licensed"]),
            )
            for row in rows["inspectors"]
        ),
        vehicles=tuple(
            Vehicle(
                *(row["id"], row["plate"], decoder.texts(row, tables.VEHICLES, "units")),
                *(row["seats"], row["available_from"], row["available_until"]),
            )
            for row in rows["vehicles"]
        ),
        leave=tuple(
            Leave(row["who"], row["first_day"], row["last_day"], row["reason"])
            for row in rows["leave"]
        ),
        history=tuple(
            PastVisit(row["zone"], row["authority"], row["day"]) for row in rows["history"]
        ),
        checkpoints=tuple(
            Checkpoint(row["zone"], row["geom"].x, row["geom"].y, row["name"])
            for row in rows["checkpoints"]
        ),
        input_hashes=hashes,
    )


def _zone(row: dict[str, Any], decoder: Decoder) -> Zone:
    return Zone(
        id=row["id"],
        name=row["name"],
        level=row["level"],
        kind=ZoneKind(row["kind"]),
        geometry=row["geom"],
        units={a: row[f"unit_{a}"] for a in AUTHORITIES if row[f"unit_{a}"] is not None},
        responsible={
            a: decoder.texts(row, tables.ZONES, f"responsible_{a}")
            for a in AUTHORITIES
            if row[f"responsible_{a}"] is not None
        },
        priority=row["priority"],
        stop_minutes=row["stop_minutes"],
        walk=row["walk"],
        reasons=row["reasons"],
    )


_NO_CALENDAR = WorkCalendar(())
_NO_REGULATION = Regulation(id="", name="")
_NO_SETTINGS = CountySettings(name="-", osm_file="-")


def snapshot_of(
    rows: Rows, decoder: Decoder
) -> tuple[CountySettings, Regulation, Regulation, WorkCalendar]:
    """Return settings, regulation as applied, norm and calendar."""
    documents = {row["name"]: row["document"] for row in rows["snapshot"]}

    def made(name: str, make: Callable[[str], Made], instead: Made) -> Made:
        return decoder.made("snapshot", name, lambda: make(documents[name]), instead)

    return (
        made("settings", CountySettings.model_validate_json, _NO_SETTINGS),
        made("regulation", Regulation.model_validate_json, _NO_REGULATION),
        made("norm", Regulation.model_validate_json, _NO_REGULATION),
        made("calendar", lambda text: _calendar(json.loads(text)), _NO_CALENDAR),
    )


def _calendar(document: Any) -> WorkCalendar:
    days: Callable[[Iterable[str]], tuple[date, ...]] = lambda texts: tuple(  # noqa: E731
        date.fromisoformat(text) for text in texts
    )
    return WorkCalendar(
        workdays=days(document["workdays"]),
        duty_days=days(document["duty_days"]),
        holidays=tuple((date.fromisoformat(day), str(name)) for day, name in document["holidays"]),
        sources=tuple((int(year), str(source)) for year, source in document["sources"]),
        provisional_years=tuple(int(year) for year in document["provisional_years"]),
    )


def patrols_of(rows: Rows, reader: GeoPackageReader) -> tuple[Patrol, ...]:
    """Return the patrols with crews, visits and legs in their order."""
    crews, visits, legs = (
        _by_patrol(rows[table.name]) for table in (tables.CREWS, tables.VISITS, tables.LEGS)
    )
    inside_rows = rows["insides"]
    insides = dict(
        zip(
            (row["visit"] for row in inside_rows),
            _shapes(inside_rows, reader, "insides"),
            strict=True,
        )
    )
    leg_shapes = {
        row["fid"]: shape
        for row, shape in zip(rows["legs"], _shapes(rows["legs"], reader, "legs"), strict=True)
    }
    patrols = tuple(
        Patrol(
            *(row["id"], row["unit"], row["day"], PatrolKind(row["kind"]), row["vehicle"]),
            crew=tuple(
                CrewMember(member["inspector"], member["role"], member["certificate_number"])
                for member in crews[row["id"]]
            ),
            day_class=row["day_class"],
            depart_seconds=row["depart_seconds"],
            return_seconds=row["return_seconds"],
            lunch_at_seconds=row["lunch_at_seconds"],
            lunch_seconds=row["lunch_seconds"],
            visits=tuple(_visit(visit, insides) for visit in visits[row["id"]]),
            legs=tuple(
                Leg(
                    *(leg["from_zone"], leg["to_zone"], leg["drive_seconds"], leg["length_m"]),
                    leg_shapes[leg["fid"]],
                )
                for leg in legs[row["id"]]
            ),
            template=row["template"],
        )
        for row in rows["patrols"]
    )
    for patrol in patrols:
        _check_route(patrol, reader)
    return patrols


def _by_patrol(rows: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["patrol"]].append(row)
    for members in grouped.values():
        members.sort(key=lambda row: row["position"])
    return grouped


def _visit(row: dict[str, Any], insides: Mapping[str, Shape]) -> Visit:
    lon, lat = row["geom"].x, row["geom"].y
    inside = insides.get(row["id"])
    return Visit(
        *(row["id"], row["zone"], row["arrive_seconds"], row["inspect_seconds"]),
        *(row["walk_seconds"], row["mode"], row["inside_length_m"], lon, lat),
        np.array([[lon, lat]]) if inside is None else inside,
        row["seen_share"],
    )


def _check_route(patrol: Patrol, reader: GeoPackageReader) -> None:
    if (patrol.visits or patrol.legs) and len(patrol.legs) != len(patrol.visits) + 1:
        stops, legs = len(patrol.visits), len(patrol.legs)
        reader.problem(
            "plan.broken-route",
            Text(
                f"{stops} 处到访应有 {stops + 1} 段路，实有 {legs} 段",
                f"{stops} visits need {stops + 1} legs, but there are {legs}",
            ),
            where=f"patrol {patrol.id}",
        )


def _shapes(rows: Sequence[dict[str, Any]], reader: GeoPackageReader, table: str) -> list[Shape]:
    """Return each row's line as (points, 2), undoing what ``store_rows.line`` did."""
    if not rows:
        return []
    points, owner = shapely.get_coordinates([row["geom"] for row in rows], return_index=True)
    parts = np.split(points, np.searchsorted(owner, np.arange(1, len(rows))))
    shapes = []
    for row, part in zip(rows, parts, strict=True):
        wanted = row["shape_points"]
        if len(part) != (2 if wanted == 1 else wanted):
            reader.problem(
                "plan.bad-geometry",
                Text(
                    f"图形有 {len(part)} 点，应为 {wanted} 点",
                    f"the geometry has {len(part)} points instead of {wanted}",
                ),
                where=f"{table} fid {row['fid']}",
                field="geom",
            )
        shapes.append(part[:wanted].copy())
    return shapes


def road_lines_of(rows: Rows, reader: GeoPackageReader) -> tuple[tuple[str, Shape], ...]:
    """Return the road lines for maps."""
    found = rows["road_lines"]
    shapes = _shapes(found, reader, "road_lines")
    return tuple((row["class"], shape) for row, shape in zip(found, shapes, strict=True))


def requirements_of(rows: Rows, reader: GeoPackageReader) -> tuple[Requirement, ...]:
    """Return the requirements."""
    return tuple(_requirement(row, reader) for row in rows["requirements"])


def _requirement(row: dict[str, Any], reader: GeoPackageReader) -> Requirement:
    peak = (row["peak_first_day"], row["peak_last_day"], row["peak_window"])
    if any(part is None for part in peak) and any(part is not None for part in peak):
        reader.problem(
            "plan.bad-value",
            Text("高峰期起止不完整", "the peak's window is incomplete"),
            where=f"requirements fid {row['fid']}",
            field="peak_window",
        )
        peak = (None, None, None)
    return Requirement(
        *(row["id"], row["authority"], row["unit"], row["zone"], row["rule"], row["article"]),
        window=Window(row["first_day"], row["last_day"], WindowKind(row["window"])),
        count=row["count"],
        min_gap_days=row["min_gap_days"],
        max_gap_days=row["max_gap_days"],
        peak=row["peak"],
        peak_window=None if peak[0] is None else Window(peak[0], peak[1], WindowKind(peak[2])),
        spot_check=row["spot_check"],
        workdays_only=row["workdays_only"],
        min_gap_hours=row["min_gap_hours"],
        min_minutes=row["min_minutes"],
        min_length_km=row["min_length_km"],
    )


def met_of(rows: Rows) -> dict[str, tuple[str, ...]]:
    """Return which visits meet which requirement."""
    met: dict[str, tuple[str, ...]] = {}
    for row in rows["requirement_visits"]:
        visits = (row["visit"],) if row["visit"] else ()
        met[row["requirement"]] = met.get(row["requirement"], ()) + visits
    return met


def unmet_of(rows: Rows) -> tuple[Unmet, ...]:
    """Return the requirements not met."""
    return tuple(
        Unmet(
            *(row["requirement"], row["missing"], row["proven"]),
            Text(row["reason_zh"], row["reason_en"]),
        )
        for row in rows["unmet"]
    )


def needs_of(rows: Rows) -> tuple[WindowNeed, ...]:
    """Return the windows' arithmetic."""
    return tuple(
        WindowNeed(
            *(row["unit"], row["first_day"], row["last_day"], PatrolKind(row["kind"])),
            *(row["needed_lower_bound"], row["planned"], row["possible"]),
            Text(row["arithmetic_zh"], row["arithmetic_en"]),
            row["drive_seconds"],
        )
        for row in rows["needs"]
    )


def outcomes_of(rows: Rows, decoder: Decoder) -> tuple[UnitOutcome, ...]:
    """Return how each unit's planning ended."""
    return tuple(
        UnitOutcome(row["unit"], PlanStatus(row["status"]), _explanation(row, decoder))
        for row in rows["outcomes"]
    )


def _explanation(row: dict[str, Any], decoder: Decoder) -> tuple[Text, ...]:
    def pairs() -> tuple[Text, ...]:
        return tuple(Text(*strings(pair)) for pair in json.loads(row["explanation"]))

    return decoder.made(f"outcomes fid {row['fid']}", "explanation", pairs, ())


def settings_of(rows: Rows) -> tuple[SettingUsed, ...]:
    """Return the settings and defaults relied on."""
    return tuple(
        SettingUsed(
            *(row["key"], row["value"], row["basis"], row["article"]),
            Text(row["label_zh"], row["label_en"]),
        )
        for row in rows["settings"]
    )
