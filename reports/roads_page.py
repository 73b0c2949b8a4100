"""The road report: one self-contained HTML page with a map, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from network.build import DirectedEdges, ranges
from network.map_lines import one_per_road
from network.metric import metric_of
from network.problems import Language, Text
from network.road_advice import advice, called, document, summary
from network.road_network import ROAD_CLASSES, RoadNetwork
from network.road_quality import RoadQuality, Spot, cut_off_edges
from reports.output import put_in_place, staging
from scheduling.road_report import RoadReport

Points = NDArray[np.float64]

NAMES: Final = Text("路网报告", "road report")
#: The map fits into that many units, wide and high.
_WIDTH: Final = 1000.0
_HEIGHT: Final = 700.0
_MOST_ROWS: Final = 15
_MAIN: Final = ROAD_CLASSES.index("tertiary")
_LEFT_OUT: Final = ROAD_CLASSES.index("service")
_WORDS: Final = {
    "title": Text("路网报告", "Road report"),
    "first": Text("先补这些", "Mend these first"),
    "fine": Text("未发现需要补的问题。", "Nothing was found that needs mending."),
    "loading": Text("载入道路时", "While loading"),
    "map": Text("地图", "Map"),
    "place": Text("地点", "place"),
    "metres": Text("米", "metres"),
    "where": Text("经度，纬度", "longitude, latitude"),
    "parts": Text("断开的道路", "Roads cut off from the rest"),
    "km": Text("公里", "km"),
    "gap": Text("缺口（米）", "gap, metres"),
    "serves": Text("服务", "serves"),
    "legend_road": Text("可用道路", "usable road"),
    "legend_part": Text("断开的道路", "cut off"),
    "legend_end": Text("临近巡查区、村屯的断头路，缺口", "dead ends near zones, gaps"),
    "legend_far": Text("远离道路的巡查区、村屯", "places far from a road"),
    "more": Text("其余见 JSON 文件。", "The rest is in the JSON file."),
    "none": Text("无", "none"),
    "crossing": Text(
        "缺口 0 米：与路网交叉而不相接，可能是立交，也可能漏画了路口。",
        "A gap of 0: it crosses the rest without a junction; a bridge, or one is missing.",
    ),
    "limits": Text(
        "只能看出数据内部的矛盾：整片未绘制的道路看不出来，只有密度和远离道路的村屯能提示。",
        "Only contradictions within the data can be seen: roads missing altogether show at most "
        "in the density and in settlements far from any road.",
    ),
}


def write_roads_report(report: RoadReport, folder: Path, language: Language) -> tuple[Path, ...]:
    """Write ``NAME.html`` and ``NAME.json`` into the folder and return where they are.

    Raises InputError when they cannot be written.
    """
    name = NAMES.in_(language)
    found = document(report.quality, language)
    with staging(folder) as stage:
        (stage / f"{name}.html").write_text(
            roads_page(report, language), encoding="utf-8", newline="\n"
        )
        text = json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False)
        (stage / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        return put_in_place(stage, folder)


def roads_page(report: RoadReport, language: Language) -> str:
    """Return the page; whatever users wrote is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    quality = report.quality
    return environment.get_template("roads_page.html.j2").render(
        language="zh-CN" if language == "zh" else "en",
        county=report.county.settings.name,
        words={key: text.in_(language) for key, text in _WORDS.items()},
        summary=[text.in_(language) for text in summary(quality)],
        advice=[text.in_(language) for text in advice(quality)],
        loading=[text.in_(language) for text in report.network.report.sentences()],
        parts=quality.cut_parts[:_MOST_ROWS],
        parts_left=len(quality.cut_parts) > _MOST_ROWS,
        tables=_tables(quality, language),
        map=_map(report, language),
    )


def _tables(quality: RoadQuality, language: Language) -> list[dict[str, Any]]:
    headed = (
        (Text("没有道路的村屯", "Settlements without a road"), quality.settled_off_road),
        (
            Text("距道路 500 米以上的巡查区、单位", "Zones and units more than 500 m from a road"),
            quality.far_sites,
        ),
        (Text("离道路最远的各处", "Farthest from a road of all places"), quality.longest_snaps),
        (
            Text("临近巡查区、村屯的断头路", "Dead ends near zones and settlements"),
            quality.dead_ends_near,
        ),
        (Text("可能漏接的断头路", "Dead ends that may lack a junction"), quality.gaps),
    )
    return [
        {
            "title": title.in_(language),
            "rows": [(called(spot).in_(language), spot) for spot in rows[:_MOST_ROWS]],
            "left": len(rows) - _MOST_ROWS,
            "count": len(rows),
        }
        for title, rows in headed
    ]


def _map(report: RoadReport, language: Language) -> dict[str, Any]:
    """Return an SVG's size, the roads as paths, and points to mark."""
    network, quality = report.network, report.quality
    metric = metric_of(network)
    away = (*quality.settled_off_road, *quality.far_sites)
    shown = np.concatenate([network.node_lonlat, *([[spot.lon, spot.lat]] for spot in away)])
    xy = metric.xy(shown)
    low, high = xy.min(axis=0), xy.max(axis=0)
    across, upward = (float(side) for side in high - low)
    scale = _WIDTH / max(across, upward * _WIDTH / _HEIGHT, 1.0)
    height = upward * scale

    def placed(lonlat: Points) -> Points:
        at = (metric.xy(lonlat) - low) * scale
        return np.column_stack([at[:, 0], height - at[:, 1]])

    main = network.edge_class <= _MAIN
    small = (network.edge_class > _MAIN) & (network.edge_class != _LEFT_OUT)
    ends = (*quality.dead_ends_near, *quality.gaps)
    parts = [Spot(f"{p.length_km:.1f} km", p.lon, p.lat, p.gap_m) for p in quality.cut_parts]
    return {
        "width": round(across * scale),
        "height": round(height),
        "main": _path(network, main, placed),
        "small": _path(network, small, placed),
        "cut": _path(report.everything, cut_off_edges(report.everything), placed),
        "ends": _marks(ends, placed, language),
        "far": _marks(away, placed, language),
        "parts": _marks(parts, placed, language),
    }


def _path(
    roads: RoadNetwork | DirectedEdges,
    chosen: NDArray[np.bool_],
    placed: Callable[[Points], Points],
) -> str:
    """Return the chosen edges as an SVG path, each road once, to about a pixel."""
    edges = np.flatnonzero(chosen & one_per_road(roads))
    counts = np.diff(roads.shape_start)[edges]
    points = roads.shape_lonlat[ranges(roads.shape_start[:-1][edges], counts)]
    if not len(points):
        return ""
    owner = np.repeat(np.arange(len(edges)), counts)
    lines = shapely.linestrings(placed(points), indices=owner)
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    pieces = []
    for line in shapely.simplify(merged, 0.7).tolist():
        corners = np.round(shapely.get_coordinates(line), 1).tolist()
        pieces.append("M" + "L".join(f"{x:g} {y:g}" for x, y in corners))
    return "".join(pieces)


def _marks(
    spots: Sequence[Spot], placed: Callable[[Points], Points], language: Language
) -> list[tuple[float, float, str]]:
    """Return where each spot is on the map, and what it is called."""
    if not spots:
        return []
    points = np.round(placed(np.array([[spot.lon, spot.lat] for spot in spots])), 1).tolist()
    return [(x, y, called(spot).in_(language)) for (x, y), spot in zip(points, spots, strict=True)]
