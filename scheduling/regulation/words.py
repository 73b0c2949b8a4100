"""Names of what rules speak of, in both languages."""

from __future__ import annotations

import re

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
    "physical": Text("实际不可能", "physically impossible"),
    "record": Text("文件自身", "the file itself"),
}

PEAK_NAMES: dict[str, Text] = {
    "land": Text("非农建设用地高峰期", "land peak"),
    "mining": Text("矿产资源需求旺盛期", "mining peak"),
    "campaign": Text("专项行动", "campaign"),
}

_DIGITS = "零一二三四五六七八九"


def article_label(article: str) -> Text:
    """Return an article for people: "9(4)" is 第九条第（四）项 and "art. 9(4)"."""
    parts = re.fullmatch(r"(\d+)(?:\((\d+)\))?", article)
    if parts is None:
        return Text(article, article)
    number, item = parts.groups()
    of_item = f"第（{chinese_number(int(item))}）项" if item else ""
    return Text(f"第{chinese_number(int(number))}条{of_item}", f"art. {article}")


def chinese_number(number: int) -> str:
    """Return a number from 0 to 99 in Chinese numerals; a greater one keeps its digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
