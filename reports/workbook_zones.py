"""The workbook's sheet of zones: how much of each is seen from the road, and what walks add."""

from __future__ import annotations

from openpyxl.workbook import Workbook

from network.problems import Language, Text
from reports.figures import Figures
from reports.sheet_table import Value, new_sheet, write_table
from reports.words import kind_name, level_name, listed

_HEADERS = (
    Text("巡查区号", "Zone id"),
    Text("巡查区", "Zone"),
    Text("级别", "Level"),
    Text("类型", "Kind"),
    Text("沿路可见%", "Seen %"),
    Text("区内公里", "km inside"),
    Text("检查分钟", "Minutes"),
    Text("看不到（公顷）", "Hidden ha"),
    Text("可另步行（段）", "Walks"),
    Text("步行分钟", "Walk min"),
    Text("检查点", "Checkpoints"),
)
_WIDTHS = (11, 28, 9, 14, 11, 10, 10, 15, 15, 10, 40)


def write_zones(book: Workbook, figures: Figures, language: Language) -> None:
    """Write one row per zone: the shortest way of inspecting it, in the first season of roads."""
    sheet = new_sheet(book, Text("巡查区检查", "Zones").in_(language), landscape=True)
    rows: list[list[Value]] = []
    for one in figures.plan.inspections:
        zone = figures.zones[one.zone]
        names = [row.name or "◆" for row in figures.checkpoints.get(zone.id, ())]
        rows.append(
            [
                zone.id,
                zone.name,
                level_name(zone.level, language),
                kind_name(zone.kind, language),
                round(100 * one.seen_share),
                round(one.length_km, 1),
                None if one.minutes is None else round(one.minutes),
                round(one.hidden_ha, 1),
                len(one.walks) or None,
                round(sum(minutes for _, minutes in one.walks)) or None,
                listed(names, language),
            ]
        )
    write_table(sheet, [text.in_(language) for text in _HEADERS], rows, _WIDTHS, freeze_columns=2)
