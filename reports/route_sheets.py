"""巡查路线单: one sheet per patrol, as PDF by typst, one file per unit and quarter.

All text reaches typst as JSON data and is shown as data: nothing a user typed becomes markup.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from network.problems import Language
from reports.figures import Figures, Quarter
from reports.fonts import font_folder, missing_characters
from reports.legality import legality
from reports.quarterly import unit_file_names
from reports.sheet_map import MapMaker
from reports.sheet_words import sheet_words
from reports.words import (
    CURRENT_LAW,
    PATROL_KINDS,
    ROLES,
    SEALED,
    UNLAWFUL,
    clock,
    day_text,
    kind_name,
    level_name,
    listed,
    minutes,
    quarter_name,
    weekday,
)
from scheduling.county.model import Unit
from scheduling.plan.model import Patrol, PatrolKind, Visit

#: With more, the ledger goes to a page of its own.
_MOST_STOPS = 18
_TEMPLATE = Path(__file__).with_name("route_sheets.typ")


def write_route_sheets(
    figures: Figures, folder: Path, language: Language, progress: Callable[[int, int], None]
) -> None:
    """Write one PDF per unit and quarter that has patrols."""
    place = folder / ("巡查路线单" if language == "zh" else "route sheets")
    place.mkdir(parents=True, exist_ok=True)
    jobs = [
        (unit, quarter, patrols)
        for unit in figures.units
        for quarter in figures.quarters
        if (patrols := [p for p in figures.patrols_by_unit[unit.id] if quarter.holds(p.day)])
    ]
    names, makers = unit_file_names(figures), SheetMaker(figures, language)
    compiler = typst.Compiler(
        os.fspath(_TEMPLATE),
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[font_folder()],
        ),
    )
    total = sum(len(patrols) for _, _, patrols in jobs)
    done = 0
    for unit, quarter, patrols in jobs:
        data = makers.document(unit, quarter, patrols)
        label = f"{quarter.year}年{quarter_name(quarter.number, 'zh')}"
        if language == "en":
            label = f"{quarter.year} Q{quarter.number}"
        stamp = datetime(quarter.first_day.year, quarter.first_day.month, quarter.first_day.day)
        pdf = compiler.compile(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            timestamp=stamp.replace(tzinfo=UTC),
            pdf_tags=False,
        )
        assert isinstance(pdf, bytes)  # one PDF, not pages
        (place / f"{label} {names[unit.id]}.pdf").write_bytes(pdf)
        done += len(patrols)
        progress(done, total)


class SheetMaker:
    """Turns patrols into the plain data that the template shows."""

    def __init__(self, figures: Figures, language: Language) -> None:
        self.figures = figures
        self.language = language
        self.maps = MapMaker(figures)
        team = figures.plan.regulation.team
        self.words = sheet_words(language, team.min_certified if team else 1)
        self.lawful = legality(figures).lawful
        self.numbers = ledger_numbers(figures)

    def document(self, unit: Unit, quarter: Quarter, patrols: list[Patrol]) -> dict[str, Any]:
        """Return everything one PDF shows; a map drawn for several patrols is stored once."""
        language = self.language
        maps: list[str] = []
        places: dict[tuple[bytes, ...], int] = {}
        sheets: list[dict[str, Any]] = []
        for patrol in patrols:
            key = tuple(leg.shape_lonlat.tobytes() for leg in patrol.legs)
            if key and key not in places:
                places[key] = len(maps)
                maps.append(self.maps.svg(patrol, map_height_mm(len(patrol.visits))))
            sheet = self.sheet(patrol, places.get(key, -1))
            sheets.append({**sheet, "place": f"{len(sheets) + 1} / {len(patrols)}"})
        notes = [CURRENT_LAW.in_(language)]
        if not self.lawful:
            notes.insert(0, UNLAWFUL.in_(language))
        data: dict[str, Any] = {
            "lang": language,
            "words": self.words,
            "unit": unit.name,
            "bureau": self.figures.plan.county.settings.office.bureau
            or self.figures.plan.county.settings.name,
            "period": f"{quarter.year} {quarter_name(quarter.number, language)}",
            "lawful": self.lawful,
            "notes": notes,
            "maps": maps,
            "sheets": sheets,
        }
        missing = missing_characters("".join(_strings({**data, "maps": []})))
        data["missing"] = " ".join(f"U+{ord(character):04X}" for character in missing)
        return data

    def sheet(self, patrol: Patrol, map_index: int) -> dict[str, Any]:
        """Return one patrol's sheet."""
        figures, language = self.figures, self.language
        sealed = patrol.kind == PatrolKind.SPOT_CHECK
        crew = []
        for member in patrol.crew:
            role = ROLES[member.role].in_(language) if member.role in ROLES else member.role
            number = member.certificate_number or "—"
            crew.append([figures.names((member.inspector,))[0], number, role])
        lunch = ""
        if patrol.lunch_at_seconds >= 0:
            until = patrol.lunch_at_seconds + patrol.lunch_seconds
            lunch = f"{clock(patrol.lunch_at_seconds)}–{clock(until)}"
        shift = f"{clock(patrol.depart_seconds)} – {clock(patrol.return_seconds)}"
        return {
            "number": self.numbers[patrol.id],
            "patrol": patrol.id,
            "day": day_text(patrol.day, language),
            "weekday": weekday(patrol.day, language),
            "kind": PATROL_KINDS[patrol.kind].in_(language),
            "sealed": SEALED.in_(language) if sealed else "",
            "shift": "" if sealed else shift,
            "depart": "" if sealed else clock(patrol.depart_seconds),
            "back": "" if sealed else clock(patrol.return_seconds),
            "lunch": lunch,
            "vehicle": figures.plate(patrol.vehicle),
            "km": f"{patrol.length_m / 1000:.1f}",
            "drive": minutes(patrol.drive_seconds),
            "inspect": minutes(patrol.inspect_seconds),
            "crew": crew,
            "map": map_index,
            "map_height": map_height_mm(len(patrol.visits)),
            "two_pages": len(patrol.visits) > _MOST_STOPS,
            "stops": [self.stop(i, visit) for i, visit in enumerate(patrol.visits, 1)],
        }

    def stop(self, number: int, visit: Visit) -> list[str]:
        """Return the cells of one stop's row."""
        zone = self.figures.zones.get(visit.zone)
        language = self.language
        return [
            str(number),
            clock(visit.arrive_seconds),
            str(minutes(visit.inspect_seconds)),
            visit.zone,
            self.figures.zone_name(visit.zone),
            level_name(zone.level, language) if zone else "",
            kind_name(zone.kind, language) if zone else "",
            self.manner(visit),
        ]

    def manner(self, visit: Visit) -> str:
        """Return how the zone is inspected: stop, drive along, walk, or seen in part."""
        words, parts = self.words, []
        if visit.inside_length_m >= 50:
            parts.append(f"{words['drive_along']} {visit.inside_length_m / 1000:.1f}km")
        if visit.walk_seconds:
            parts.append(f"{words['walk']} {minutes(visit.walk_seconds)} {words['min']}")
        if visit.seen_share < 0.995:
            parts.append(f"{words['seen']} {visit.seen_share:.0%}")
        names = [row.name for row in self.figures.checkpoints.get(visit.zone, ())]
        if names:
            named = listed(list(dict.fromkeys(name or "◆" for name in names)), self.language)
            parts.append(f"{words['checkpoints']} {named}")
        return " · ".join(parts)


def map_height_mm(stops: int) -> float:
    """Return the height that leaves room for the stops and the ledger on one page."""
    if stops > _MOST_STOPS:
        return 92.0
    return min(92.0, 62.0 + 4.4 * (15 - stops))


def ledger_numbers(figures: Figures) -> dict[str, str]:
    """Return XC + yyyymmdd + 5 digits per patrol: three for the unit, two for its patrol that day.

    The unit's place in the county, not in the plan, so that stations planned apart never clash.
    """
    place = {unit.id: i for i, unit in enumerate(figures.plan.county.units, 1)}
    seen: Counter[tuple[str, object]] = Counter()
    numbers = {}
    for unit, patrols in figures.patrols_by_unit.items():
        for patrol in patrols:
            seen[unit, patrol.day] += 1
            count = seen[unit, patrol.day]
            numbers[patrol.id] = f"XC{patrol.day:%Y%m%d}{place.get(unit, 0):03}{count:02}"
    return numbers


def _strings(data: object) -> Iterable[str]:
    """Yield every string inside plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
