"""``county.toml`` with every setting explained: what is set stands, defaults stand commented out.

Defaults stay comments on purpose: a setting written down counts as the county's own choice, and
every plan prints which defaults it relied on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Final

from pydantic import BaseModel

from scheduling.county.settings import CountySettings

#: What each setting means, Chinese / English, and its basis: [D] default where the norm is silent.
NOTES: Final[Mapping[str, str]] = {
    "name": "县（市、区）名称 / name of the county",
    "osm_file": "路网文件，或自有道路图层 / the road file (.osm.pbf …), or a layer of road lines",
    "crs": "图层未注明坐标系时采用，如 EPSG:4490 / assumed where a layer names no CRS",
    "datum": "wgs84、cgcs2000 或 gcj02(火星坐标，将换算)/ datum of the layers; gcj02 is converted",
    "layer_datum": '单个图层的坐标基准 / datum of single layers, e.g. { zones = "gcj02" }',
    "unpredictability": "日期随机抽定的巡查所占比例（0–1）/ share of patrols on drawn days [D]",
    "office": "单位名称，用于公文 / what the bureau is called in documents",
    "office.bureau": "本局全称 / full name of the bureau",
    "office.parent_bureau": "上级局全称 / the bureau above",
    "office.document_prefix": "发文字号机关代字 / prefix of document numbers",
    "regulation": "适用的巡查规范 / the regulation that applies",
    "regulation.preset": "预置规范名称 / name of a preset (xuncha regulation show)",
    "regulation.file": "自备规范文件，替代预置 / a regulation file of your own instead of a preset",
    "regulation.overrides": '对单条规则的调整 / changes to single rules: rule = "id", set = { … }',
    "regulation.peaks": "本县高峰期、专项行动（第十三条）/ own peaks and campaigns (art. 13)",
    "calendar": "工作日历 / work calendar",
    "calendar.files": "自备年度日历 / calendar files of your own, for years not yet published",
    "calendar.duty_patrols": "周末节假日值班巡查 / duty patrols on weekends and holidays [D]",
    "shift": "班次 / the shift",
    "shift.earliest_departure": "最早出发 / earliest departure [D]",
    "shift.latest_return": "最晚返回 / latest return [D]",
    "shift.max_work_minutes": "行车与检查合计上限（分钟）/ most driving and stops [D]",
    "shift.lunch_minutes": "午休分钟，不计入上限 / lunch, outside that cap [D]",
    "shift.lunch_from": "午休最早开始 / lunch begins at the earliest [D]",
    "visit": "检查方式 / how zones are visited",
    "visit.stop_minutes": "每处停留分钟 / minutes at a stop [D]",
    "visit.stop_minutes_by_kind": "按巡查区类型 / minutes by kind of zone, e.g. { mine = 30 } [D]",
    "visit.roadside_kmh": "沿路检查车速 / speed along road sides [D]",
    "visit.walk_kmh": "步行速度 / walking speed [D]",
    "visit.max_walk_km": "离最近道路最远步行 / farthest walk from a road [D]",
    "visit.seen_share": "面状巡查区应看到的比例 / share of an area to be seen [D]",
    "visit.sight_m": "视距（米）/ how far one sees, metres [D]",
    "caps": "每人巡查日上限 / most patrol days of one person",
    "caps.patrol_days_per_week": "每周（周一至周日）/ in an ISO week [D]",
    "caps.patrol_days_per_28_days": "每 28 天 / in 28 days [D]",
    "gaps": "两次巡查间隔（半月规则；其他窗口按比例）/ days between visits",
    "gaps.half_month_min_days": "最少天数 / least [D]",
    "gaps.half_month_max_days": "最多天数 / most [D]",
    "reserve": "预留机动 / days kept free",
    "reserve.bad_weather_share": "每月为恶劣天气预留的车组日比例 / of each month's team days [D]",
    "speeds": "规划车速（公里/小时）/ planning speeds, km/h",
    "speeds.motorway": "高速公路 / motorways [D]",
    "speeds.trunk": "国道 / trunk roads [D]",
    "speeds.primary": "省道 / primary roads [D]",
    "speeds.secondary": "县道 / secondary roads [D]",
    "speeds.tertiary": "乡道 / tertiary roads [D]",
    "speeds.unclassified": "村道 / unclassified roads [D]",
    "speeds.residential": "居住区道路 / residential roads [D]",
    "speeds.living_street": "生活街道 / living streets [D]",
    "speeds.service": "内部道路 / service roads [D]",
    "speeds.track": "机耕路 / tracks [D]",
    "roads": "道路数据 / road data",
    "roads.closed_access": "视为禁行的 access 取值 / values of access that close a road [D]",
    "roads.turn_restrictions": "遵守转向限制 / keep to turn restrictions [D]",
    "roads.left_turn_seconds": "途中路口左转加时（秒）/ seconds that a left turn adds on the way",
    "roads.turn_back_seconds": "途中掉头加时（秒）/ seconds that turning back adds on the way",
    "roads.ferries": "使用轮渡 / take ferries [D]",
    "roads.ferry_kmh": "轮渡时速 / speed of ferries, km/h [D]",
    "roads.winter_roads_from": "冬季道路、冰道开放起 / winter and ice roads are open from [D]",
    "roads.winter_roads_until": "至 / until [D]",
    "roads.closed_share": "封闭天数占日类达此比例即封闭 / closed from this share of days on [D]",
    "roads.layer": "并入路网的自有道路图层 / own road layer, merged over the road file",
    "roads.class_column": "道路等级字段 / column of the road class",
    "roads.classes": '等级对应 / what classes mean, e.g. { "四级" = "unclassified" }',
    "roads.other_class": "其他等级视为（空：不用）/ what other classes mean; empty: not used",
    "roads.name_column": "路名字段 / column of the name",
    "roads.oneway_column": "单行字段 / column of the direction: 1, -1, yes, 是 …",
    "roads.maxspeed_column": "限速字段（公里/小时）/ column of the speed limit, km/h",
    "roads.level_column": "桥隧字段 / column of bridges or levels: 0, 1, -1, 桥 …",
    "roads.gap_tolerance_m": "闭合断头的距离（米）/ gaps up to this are closed, metres [D]",
    "roads.merge_distance_m": "与 OSM 视为同一条路的距离（米）/ the same road as OSM's within [D]",
    "roads.cache": "缓存读入的路网 / keep loaded networks in the user's cache folder",
    "roads.closures": "每年封闭的道路 / roads closed every year: names, ways (OSM), fords = true",
    "day_classes": "日类（季节），全年每天恰属一类 / seasons; every day in exactly one [D]",
}


def settings_toml(settings: CountySettings) -> str:
    """Return ``county.toml``: readable back to equal settings, each setting with its note."""
    lines = [
        "# 县目录设置。去掉行首 # 即可修改默认值；[D] 为规范未规定、由本软件给出的默认值。",
        "# Settings of the county. Take the # off a line to change it; [D]: our default.",
        "",
    ]
    sections: list[str] = []
    for name in CountySettings.model_fields:
        value = getattr(settings, name)
        live = name in settings.model_fields_set
        if isinstance(value, BaseModel):
            sections += ["", f"# {NOTES[name]}", f"[{name}]", *_section(name, value)]
        elif name == "day_classes":
            sections += ["", f"# {NOTES[name]}", *_tables(name, value, live=live)]
        else:
            lines += _setting(name, name, value, live=live)
    return "\n".join([*lines, *sections, ""])


def _section(section: str, model: BaseModel) -> list[str]:
    """Return the settings of one table: plain values first, arrays of tables after them."""
    plain: list[str] = []
    tables: list[str] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        path = f"{section}.{name}"
        if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            tables += [f"# {NOTES[path]}", *_tables(path, value, live=True)]
        else:
            plain += _setting(path, name, value, live=name in model.model_fields_set)
    return plain + tables


def _setting(path: str, name: str, value: object, *, live: bool) -> list[str]:
    return [f"# {NOTES[path]}", f"{'' if live else '# '}{name} = {toml_value(value)}"]


def _tables(path: str, rows: tuple[BaseModel, ...], *, live: bool) -> list[str]:
    """Return an array of tables; commented out where it is the default."""
    lines: list[str] = []
    for row in rows:
        lines.append(f"[[{path}]]")
        lines += [
            f"{name} = {toml_value(getattr(row, name))}"
            for name in type(row).model_fields
            if name in row.model_fields_set and getattr(row, name) is not None
        ]
    if not rows:
        return [f"{'' if live else '# '}{path} = []"]
    return lines if live else [f"# {line}" for line in lines]


def toml_value(value: object) -> str:
    """Return a value as TOML; strings, numbers, booleans, dates, times, lists and tables."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_string(str(k))} = {toml_value(v)}" for k, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return _string(str(value))


def _string(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
