"""Words and number formats of the documents, in Chinese and English, in one place."""

from __future__ import annotations

from datetime import date
from typing import Final

from network.problems import Language, Text
from scheduling.calendar.windows import Window, WindowKind
from scheduling.plan.model import PatrolKind, PlanStatus
from scheduling.regulation.words import AUTHORITY_NAMES

LEVELS: Final = {
    1: Text("一级", "Level 1"),
    2: Text("二级", "Level 2"),
    3: Text("三级", "Level 3"),
}
KINDS: Final = {
    "village": Text("村屯", "village"),
    "town": Text("集镇", "town"),
    "road": Text("道路沿线", "roadside"),
    "farmland": Text("基本农田", "farmland"),
    "mine": Text("矿区", "mine"),
    "no-mining": Text("禁采区", "no-mining area"),
    "development": Text("开发园区", "development zone"),
    "planning-area": Text("规划区", "planning area"),
    "heritage": Text("景观遗迹", "heritage"),
    "hot-spot": Text("违法易发区", "hot spot"),
    "other": Text("其他", "other"),
}
#: As the regulation's rules name them; a document names the township's body, which acts.
AUTHORITIES: Final = {
    **AUTHORITY_NAMES,
    "township": Text("乡镇（街道）所", "township station"),
}
WINDOWS: Final = {
    WindowKind.DAY: Text("每日", "day"),
    WindowKind.WEEK: Text("每周", "week"),
    WindowKind.TEN_DAYS: Text("每旬", "ten days"),
    WindowKind.HALF_MONTH: Text("每半月", "half-month"),
    WindowKind.MONTH: Text("每月", "month"),
    WindowKind.QUARTER: Text("每季度", "quarter"),
    WindowKind.HALF_YEAR: Text("每半年", "half-year"),
    WindowKind.YEAR: Text("每年", "year"),
}
BASES: Final = {
    "law": Text("规范条文", "the norm"),
    "default": Text("系统默认", "default"),
    "practice": Text("实践参考", "practice"),
    "user": Text("本地设定", "county's own"),
}
STATUSES: Final = {
    PlanStatus.OPTIMAL: Text(
        "全部要求已排入，目标已证最优", "every requirement met, proven optimal"
    ),
    PlanStatus.FEASIBLE: Text("全部要求已排入", "every requirement met"),
    PlanStatus.INFEASIBLE: Text("已证明无可行方案", "proven infeasible"),
    PlanStatus.NOT_FOUND: Text(
        "限定搜索内未找到可行方案，未证明无解", "no feasible plan found; none proven impossible"
    ),
    PlanStatus.TIME_LIMIT: Text("达到时间上限后停止", "stopped by the time limit"),
    PlanStatus.INTERRUPTED: Text("由用户中断", "stopped by the user"),
}
PATROL_KINDS: Final = {
    PatrolKind.REGULAR: Text("定期巡查", "regular"),
    PatrolKind.SPOT_CHECK: Text("抽查", "spot check"),
}
ROLES: Final = {"inspector": Text("巡查人员", "inspector"), "driver": Text("驾驶员", "driver")}

LAWFUL: Final = Text("符合规范", "Lawful")
UNLAWFUL: Final = Text("不符合规范", "NOT LAWFUL")
REFUSED: Final = Text("独立审核查出违规", "the independent audit finds breaches")
CURRENT_LAW: Final = Text(
    "本计划依据所载规范编制，以现行规定为准。",
    "Prepared from the norm named here; the rules now in force prevail.",
)
PROVISIONAL: Final = Text(
    "放假调休安排未公布，暂按法定节假日编制",
    "holiday arrangement not yet announced; drafted on statutory holidays only",
)
SEALED: Final = Text("抽查，见密封件", "spot check: see the sealed file")

_WEEKDAYS_ZH: Final = "一二三四五六日"
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_DIGITS_ZH: Final = "零一二三四五六七八九"


def _month_en(month: int) -> str:
    return _MONTHS_EN[3 * month - 3 : 3 * month]


def kind_name(kind: str, language: Language) -> str:
    """Return the name of a zone kind."""
    return KINDS[kind].in_(language) if kind in KINDS else kind


def level_name(level: int, language: Language) -> str:
    """Return the name of a zone level."""
    return LEVELS[level].in_(language) if level in LEVELS else str(level)


def clock(seconds: int) -> str:
    """Return seconds since midnight as "08:05"."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def minutes(seconds: float) -> int:
    """Return whole minutes, rounded up: a minute begun is a minute planned."""
    return int(-(-seconds // 60))


def weekday(day: date, language: Language) -> str:
    """Return "周一" or "Mon"."""
    index = day.weekday()
    return f"周{_WEEKDAYS_ZH[index]}" if language == "zh" else _WEEKDAYS_EN[index]


def day_text(day: date, language: Language) -> str:
    """Return "2026年4月1日" or "1 Apr 2026"."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_month_en(day.month)} {day.year}"


def short_day(day: date, language: Language) -> str:
    """Return "4月1日" or "1 Apr"."""
    return f"{day.month}月{day.day}日" if language == "zh" else day_text(day, "en")[:-5]


def month_name(month: int, language: Language) -> str:
    """Return "4月" or "Apr"."""
    return f"{month}月" if language == "zh" else _month_en(month)


def period(first: date, last: date, language: Language) -> str:
    """Return "2026年4月1日至6月30日", the second year only where it differs."""
    end = (day_text if first.year != last.year else short_day)(last, language)
    if language == "zh":
        return f"{day_text(first, 'zh')}至{end}"
    start = short_day(first, "en") if first.year == last.year else day_text(first, "en")
    return f"{start} to {day_text(last, 'en')}"


def window_name(window: Window, language: Language) -> str:
    """Return "4月上半月", "4月", "第二季度" or the days of the window."""
    first = window.first_day
    if window.kind == WindowKind.HALF_MONTH:
        half = first.day > 15
        if language == "zh":
            return f"{first.month}月{'下' if half else '上'}半月"
        return f"{_month_en(first.month)}, {'2nd' if half else '1st'} half"
    if window.kind == WindowKind.MONTH:
        return month_name(first.month, language)
    if window.kind == WindowKind.QUARTER:
        return quarter_name((first.month + 2) // 3, language)
    return period(first, window.last_day, language)


def quarter_name(number: int, language: Language) -> str:
    """Return "第二季度" or "Q2"."""
    return f"第{_DIGITS_ZH[number]}季度" if language == "zh" else f"Q{number}"


def year_mark(year: int) -> str:
    """Return the year as GB/T 9704 sets it in a document number: 〔2026〕."""
    return f"〔{year}〕"


def counted(number: int, language: Language, zh: str, en: str) -> str:
    """Return "3次" or "3 visits"."""
    return f"{number}{zh}" if language == "zh" else f"{number} {en}"


def listed(items: list[str], language: Language) -> str:
    """Join with 、 or a comma."""
    return ("、" if language == "zh" else ", ").join(items)
