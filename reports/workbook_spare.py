"""The workbook's sheet of team days: possible, planned and free per unit and month."""

from __future__ import annotations

from openpyxl.workbook import Workbook

from network.problems import Language, Text
from reports.figures import Figures
from reports.sheet_table import Value, new_sheet, write_table
from scheduling.spare import spare_months

_HEADERS = (
    Text("实施单位", "Unit"),
    Text("年", "Year"),
    Text("月", "Month"),
    Text("可用车组日", "Team days"),
    Text("已安排", "Planned"),
    Text("空余", "Free"),
    Text("空余%", "Free %"),
    Text("足够应对恶劣天气", "Enough for bad weather"),
)
_WIDTHS = (34, 8, 8, 14, 12, 10, 10, 24)


def write_spare(book: Workbook, figures: Figures, language: Language) -> None:
    """Write one row per unit and month."""
    sheet = new_sheet(book, Text("机动预留", "Days kept free").in_(language))
    share = figures.plan.county.settings.reserve.bad_weather_share
    rows: list[list[Value]] = [
        [
            figures.unit_name(one.unit),
            one.year,
            one.month,
            one.possible,
            one.planned,
            one.free,
            round(100 * one.free / one.possible) if one.possible else None,
            (Text("是", "yes") if one.keeps(share) else Text("否", "no")).in_(language),
        ]
        for one in spare_months(figures.plan)
    ]
    write_table(sheet, [text.in_(language) for text in _HEADERS], rows, _WIDTHS)
