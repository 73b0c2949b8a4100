"""The chart of a paper: lines over whole numbers, drawn as SVG, and as PNG by typst."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from reports.escaping import xml_text
from reports.fonts import font_folder
from scheduling.paper import Chart, Line

_WIDTH: Final = 640
_HEIGHT: Final = 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 140, 40, 50
_COLOURS: Final = ("#3a78b5", "#c0504d", "#4f8f4f", "#7f6084", "#b58a3a")
_MOST_TICKS: Final = 6
_FONT: Final = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
_PIXELS_PER_INCH: Final = 144.0


def chart_svg(chart: Chart) -> str:
    """Return the chart as one SVG element; lines lying on each other are moved apart a little."""
    known = [value for line in chart.lines for value in line.values if value is not None]
    top = _round_up(max(known, default=1))
    parts = [_axes(chart, top)]
    for number, line in enumerate(chart.lines):
        parts.append(_line(chart, line, number, top))
    label = escape(xml_text(chart.title), {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{label}" font-family="{_FONT}" font-size="13">{"".join(parts)}</svg>'
    )


def chart_png(chart: Chart) -> bytes:
    """Return the chart as PNG, in the embedded font."""
    import typst

    source = (
        f"#set page(width: {_WIDTH}pt, height: {_HEIGHT}pt, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()]
    )
    pages = typst.compile(
        source.encode(),
        font_paths=fonts,
        sys_inputs={"svg": chart_svg(chart)},
        format="png",
        ppi=_PIXELS_PER_INCH,
    )
    assert isinstance(pages, bytes)  # one page
    return pages


def _round_up(most: int) -> int:
    """Return the axis' end: a whole number of ticks."""
    step = _step(most)
    return step * max(1, -(-most // step))


def _step(most: int) -> int:
    for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if most / size <= _MOST_TICKS:
            return size
    return max(1, most // _MOST_TICKS)


def _x(chart: Chart, place: int) -> float:
    room = _WIDTH - _LEFT - _RIGHT
    return _LEFT + room * (place + 0.5) / max(1, len(chart.places))


def _y(value: float, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _axes(chart: Chart, top: int) -> str:
    right, base = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [_text(_LEFT, 20, chart.title, weight="bold")]
    for value in range(0, top + 1, _step(top)):
        y = _y(value, top)
        parts.append(f'<line x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#8885"/>')
        parts.append(_text(_LEFT - 8, y + 4, str(value), anchor="end"))
    for place, number in enumerate(chart.places):
        parts.append(_text(_x(chart, place), base + 20, str(number), anchor="middle"))
    parts.append(_text((_LEFT + right) / 2, base + 40, chart.across, anchor="middle"))
    parts.append(_text(_LEFT - 40, _TOP - 8, chart.up))
    return "".join(parts)


def _line(chart: Chart, line: Line, number: int, top: int) -> str:
    colour, shift = _COLOURS[number % len(_COLOURS)], 3.0 * number
    points = [
        (_x(chart, place) + shift, _y(value, top))
        for place, value in enumerate(line.values)
        if value is not None
    ]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points)
    y = _TOP + 10 + 22 * number
    x = _WIDTH - _RIGHT + 16
    key = f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{colour}"/>'
    return (
        f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f"{dots}{key}{_text(x + 12, y, line.name)}"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
        f' fill="currentColor">{escape(xml_text(text))}</text>'
    )
