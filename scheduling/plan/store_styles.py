"""How QGIS draws a plan file at first: zones by level, patrols by unit.

Styles travel in the table ``layer_styles``, which QGIS looks up when a layer is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import Final

from scheduling.plan.model import Plan

_LEVEL_COLOURS: Final = ("200,60,50", "230,150,40", "90,150,90", "90,120,170", "120,120,120")
_UNIT_COLOURS: Final = (
    *("31,119,180", "214,95,14", "44,140,60", "190,40,50", "120,90,170"),
    *("130,85,75", "205,100,170", "90,90,90", "150,150,30", "20,160,180"),
)


def styles_of(plan: Plan) -> dict[str, str]:
    """Return QML by layer. Zones of mixed geometry are styled as most of them are drawn."""
    kinds = Counter(_symbol_kind(zone.geometry.geom_type) for zone in plan.county.zones)
    zone_kind = min(kinds, key=lambda kind: (-kinds[kind], kind), default="fill")
    levels = sorted({zone.level for zone in plan.county.zones})
    level_names = plan.regulation.levels
    unit_names = {unit.id: unit.name for unit in plan.county.units}
    units = sorted({patrol.unit for patrol in plan.patrols})
    return {
        "zones": _categorised(
            "level",
            zone_kind,
            [
                (str(level), level_names.get(level, str(level)), colour)
                for level, colour in zip(levels, _cycle(_LEVEL_COLOURS, len(levels)), strict=True)
            ],
        ),
        "patrols": _categorised(
            "unit",
            "line",
            [
                (unit, unit_names.get(unit, unit), colour)
                for unit, colour in zip(units, _cycle(_UNIT_COLOURS, len(units)), strict=True)
            ],
        ),
    }


def _symbol_kind(geometry_type: str) -> str:
    if "Polygon" in geometry_type:
        return "fill"
    return "line" if "Line" in geometry_type else "marker"


def _cycle(colours: tuple[str, ...], count: int) -> Iterable[str]:
    return (colours[place % len(colours)] for place in range(count))


def _categorised(field: str, kind: str, categories: list[tuple[str, str, str]]) -> str:
    """Return the QML of one symbol per (value, label, colour)."""
    entries = "".join(
        f'<category render="true" type="string" symbol="{place}" value="{escape(value)}"'
        f' label="{escape(label)}"/>'
        for place, (value, label, _) in enumerate(categories)
    )
    symbols = "".join(
        f'<symbol type="{kind}" name="{place}" alpha="{0.5 if kind == "fill" else 1}">'
        f"{_symbol_layer(kind, colour)}</symbol>"
        for place, (_, _, colour) in enumerate(categories)
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28.0" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="{field}">'
        f"<categories>{entries}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol_layer(kind: str, colour: str) -> str:
    options = {
        "fill": ("SimpleFill", {"color": f"{colour},255", "outline_color": f"{colour},255"}),
        "line": ("SimpleLine", {"line_color": f"{colour},255", "line_width": "0.6"}),
        "marker": ("SimpleMarker", {"color": f"{colour},255", "name": "circle", "size": "2.4"}),
    }
    name, values = options[kind]
    properties = "".join(
        f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in values.items()
    )
    return f'<layer class="{name}" enabled="1"><Option type="Map">{properties}</Option></layer>'
