"""Names of what rules speak of, in both languages."""

from __future__ import annotations

from network.problems import Text
from scheduling.calendar.windows import WindowKind

WINDOW_NAMES: dict[WindowKind, Text] = {
    WindowKind.DAY: Text("日", "day"),
    WindowKind.WEEK: Text("周", "week"),
    WindowKind.TEN_DAYS: Text("旬", "ten days"),
    WindowKind.HALF_MONTH: Text("半月", "half-month"),
    WindowKind.MONTH: Text("月", "month"),
    WindowKind.QUARTER: Text("季度", "quarter"),
    WindowKind.HALF_YEAR: Text("半年", "half-year"),
    WindowKind.YEAR: Text("年", "year"),
}

AUTHORITY_NAMES: dict[str, Text] = {
    "township": Text("乡镇", "township"),
    "county": Text("县级", "county"),
    "city": Text("市级", "city"),
}

BASIS_NAMES: dict[str, Text] = {
    "law": Text("规范原文", "the norm's text"),
    "default": Text("本软件默认", "our default"),
    "practice": Text("公开做法", "published practice"),
    "user": Text("本县设定", "the county's own"),
}

PEAK_NAMES: dict[str, Text] = {
    "land": Text("非农建设用地高峰期", "land peak"),
    "mining": Text("矿产资源需求旺盛期", "mining peak"),
    "campaign": Text("专项行动", "campaign"),
}
