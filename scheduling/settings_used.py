"""Every setting a plan relies on, so that each default the law does not fix is printed with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any

from pydantic import BaseModel

from network.problems import Text
from scheduling.county.model import County
from scheduling.county.settings import CountySettings, DayClass
from scheduling.plan.model import SettingUsed
from scheduling.regulation.describe import describe
from scheduling.regulation.model import Regulation


def settings_used(county: County, regulation: Regulation) -> tuple[SettingUsed, ...]:
    """Return the rules whose basis is not law, then every value of ``county.toml``.

    A value equal to our default has basis "default", any other "user".
    """
    return (*rules_used(regulation), *county_settings_used(county.settings))


def rules_used(regulation: Regulation) -> tuple[SettingUsed, ...]:
    """Return the rules that are not the norm's own text, each as one sentence."""
    return tuple(
        SettingUsed(f"regulation.{rule.id}", rule.id, rule.basis, rule.article, describe(rule))
        for rule in regulation.rules
        if rule.basis != "law"
    )


#: Told only where they cost time.
_TURNS = frozenset({"roads.left_turn_seconds", "roads.turn_back_seconds"})


def county_settings_used(settings: CountySettings) -> tuple[SettingUsed, ...]:
    """Return every value of the county's settings in order, keys as ``shift.lunch_minutes``.

    What turns cost is left out where they are free.
    """
    defaults = dict(_leaves(CountySettings(name="-", osm_file="-"), ""))
    return tuple(
        SettingUsed(
            key,
            value_text(value),
            "default" if key in defaults and defaults[key] == value else "user",
            "",
            setting_label(key),
        )
        for key, value in _leaves(settings, "")
        if value or key not in _TURNS
    )


def _leaves(settings: BaseModel, within: str) -> Iterator[tuple[str, Any]]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        key = f"{within}{name}"
        if isinstance(value, BaseModel):
            yield from _leaves(value, f"{key}.")
        elif isinstance(value, tuple) and value and isinstance(value[0], DayClass):
            for entry in value:
                within_class = f"{key}.{entry.name}."
                leaves = _leaves(entry, within_class)
                yield from (leaf for leaf in leaves if leaf[0] != f"{within_class}name")
        else:
            yield key, value


def value_text(value: Any) -> str:
    """Return a value as it is printed: clock times as 08:30, lists joined, nothing as "-"."""
    if value is None or value in ("", (), {}):
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, BaseModel):
        return value_text(value.model_dump(exclude_defaults=True))
    if isinstance(value, dict):
        return ", ".join(f"{key}={value_text(entry)}" for key, entry in value.items())
    if isinstance(value, tuple | list):
        return "; ".join(value_text(entry) for entry in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def setting_label(key: str) -> Text:
    """Return what a setting is called; one of a season of roads bears the season's name."""
    part, _, rest = key.partition(".")
    if part == "day_classes":
        season, _, name = rest.rpartition(".")
        label = _DAY_CLASS_LABELS[name]
        return Text(f"路况时段“{season}”：{label.zh}", f"season {season!r}: {label.en}")
    return SETTING_LABELS[key]


_DAY_CLASS_LABELS: dict[str, Text] = {
    "first": Text("起始日", "first day"),
    "last": Text("结束日", "last day"),
    "speed_factor": Text("车速系数", "factor on speeds"),
    "latest_return": Text("最晚返回时刻", "latest return"),
    "closed_road_classes": Text("不通行的道路等级", "road classes closed"),
    "road_class_factors": Text("各等级道路车速系数", "factors on speeds by road class"),
}

SETTING_LABELS: dict[str, Text] = {
    "name": Text("县名", "name of the county"),
    "osm_file": Text("道路文件", "road file"),
    "crs": Text("未注明坐标系时采用", "coordinate system assumed where none is named"),
    "datum": Text("坐标基准", "datum"),
    "layer_datum": Text("各图层坐标基准", "datum of single layers"),
    "unpredictability": Text(
        "日期随机抽定的巡查所占比例", "share of scheduled patrols on days drawn at random"
    ),
    "office.bureau": Text("局名称", "name of the bureau"),
    "office.parent_bureau": Text("上级局名称", "name of the parent bureau"),
    "office.document_prefix": Text("发文字号", "document prefix"),
    "regulation.preset": Text("内置规范", "regulation preset"),
    "regulation.file": Text("规范文件", "regulation file"),
    "regulation.overrides": Text("对规范的改动", "changes to the regulation"),
    "regulation.peaks": Text("本县高峰期", "the county's own peaks"),
    "calendar.files": Text("日历文件", "calendar files"),
    "calendar.duty_patrols": Text("节假日值班巡查", "duty patrols on weekends and holidays"),
    "shift.earliest_departure": Text("最早出发时刻", "earliest departure"),
    "shift.latest_return": Text("最晚返回时刻", "latest return"),
    "shift.max_work_minutes": Text(
        "每次行车与巡查最长分钟数", "most minutes of driving and stops a patrol"
    ),
    "shift.lunch_minutes": Text("午休分钟数", "minutes of lunch"),
    "shift.lunch_from": Text("午休起始时刻", "lunch from"),
    "visit.stop_minutes": Text("每处停留分钟数", "minutes a stop"),
    "visit.stop_minutes_by_kind": Text("各类型停留分钟数", "minutes a stop by zone kind"),
    "visit.roadside_kmh": Text("沿路巡查车速（公里/小时）", "km/h along inspected roads"),
    "visit.walk_kmh": Text("步行速度（公里/小时）", "km/h on foot"),
    "visit.max_walk_km": Text("最远步行公里数", "most km walked from the road"),
    "visit.seen_share": Text("区域须看到的比例", "share of an area to be seen"),
    "visit.sight_m": Text("视距（米）", "sight in metres"),
    "caps.patrol_days_per_week": Text("每人每周最多巡查天数", "most patrol days a week"),
    "caps.patrol_days_per_28_days": Text("每人28天最多巡查天数", "most patrol days in 28 days"),
    "gaps.half_month_min_days": Text(
        "半月规则两次间隔最少天数", "least days between visits, half-monthly rules"
    ),
    "gaps.half_month_max_days": Text(
        "半月规则两次间隔最多天数", "most days between visits, half-monthly rules"
    ),
    "reserve.bad_weather_share": Text(
        "每月为恶劣天气预留的车组日比例", "share of each month's team days kept for bad weather"
    ),
    **{
        f"speeds.{road_class}": Text(
            f"{zh}（{road_class}）车速（公里/小时）", f"km/h on {road_class} roads"
        )
        for road_class, zh in (
            ("motorway", "高速公路"),
            ("trunk", "国道干线"),
            ("primary", "国省道"),
            ("secondary", "县道"),
            ("tertiary", "乡道"),
            ("unclassified", "村道"),
            ("residential", "居民区道路"),
            ("living_street", "生活街道"),
            ("service", "内部道路"),
            ("track", "机耕路"),
        )
    },
    "roads.closed_access": Text("视为禁行的通行标记", "access values that close a road"),
    "roads.turn_restrictions": Text("遵守转向限制", "turn restrictions kept"),
    "roads.left_turn_seconds": Text(
        "途中路口左转加时（秒）；停车处与区内不计",
        "seconds a left turn adds on the way, not at stops nor within zones",
    ),
    "roads.turn_back_seconds": Text(
        "途中掉头加时（秒）；停车处与区内不计",
        "seconds turning back adds on the way, not at stops nor within zones",
    ),
    "roads.ferries": Text("使用轮渡", "ferries used"),
    "roads.ferry_kmh": Text("轮渡速度（公里/小时）", "km/h on ferries"),
    "roads.winter_roads_from": Text("冬季道路开放起始日", "winter roads open from"),
    "roads.winter_roads_until": Text("冬季道路开放结束日", "winter roads open until"),
    "roads.closed_share": Text("视为封闭的天数比例", "share of days from which a road is closed"),
    "roads.layer": Text("自有道路图层", "the bureau's road layer"),
    "roads.class_column": Text("道路图层等级字段", "road layer: column of the class"),
    "roads.classes": Text("道路图层等级对应", "road layer: what classes mean"),
    "roads.other_class": Text("道路图层其他等级", "road layer: all other classes"),
    "roads.name_column": Text("道路图层路名字段", "road layer: column of the name"),
    "roads.oneway_column": Text("道路图层单行字段", "road layer: column of the direction"),
    "roads.maxspeed_column": Text("道路图层限速字段", "road layer: column of the speed limit"),
    "roads.level_column": Text("道路图层桥隧字段", "road layer: column of bridges and levels"),
    "roads.gap_tolerance_m": Text("闭合断头距离（米）", "metres of gaps closed"),
    "roads.merge_distance_m": Text("与OSM视为同路距离（米）", "metres that are the same road"),
    "roads.cache": Text("缓存路网", "networks kept in the cache"),
    "roads.closures": Text("每年封闭的道路", "roads closed every year"),
}
