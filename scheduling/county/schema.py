"""The tables of a county folder: their columns, the headings accepted, what each column holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from network.problems import Text
from scheduling.county.model import ZoneKind

Demand = Literal["value", "column", "optional"]


@dataclass(frozen=True)
class Column:
    """One column: English name, Chinese heading, other headings accepted, and what it holds.

    ``demand`` "value": every row has one; "column": the column is there, cells may be empty (used
    where leaving the column out by mistake would silently change what is lawful); "optional".
    """

    name: str
    zh: str
    meaning: Text
    synonyms: tuple[str, ...] = ()
    demand: Demand = "optional"


def heading_key(heading: str) -> str:
    """Return a heading without case, spaces and punctuation, for comparison."""
    return re.sub(r"[\s_\-()()【】\[\]::]+", "", heading).casefold()


def headings(columns: Sequence[Column]) -> dict[str, str]:
    """Return the column name by heading key, for every heading accepted.

    Shapefiles cut field names to ten characters; names so cut are accepted too.
    """
    found: dict[str, str] = {}
    for column in columns:
        for heading in (column.name, column.zh, *column.synonyms, column.name[:10]):
            found.setdefault(heading_key(heading), column.name)
    return found


ZONE_COLUMNS: Final = (
    Column(
        "id", "编号", Text("巡查区编号", "zone number"), ("巡查区编号", "巡查区ID", "zone"), "value"
    ),
    Column("name", "名称", Text("巡查区名称", "zone name"), ("巡查区名称", "巡查区"), "value"),
    Column(
        "level",
        "级别",
        Text("1、2 或 3(第七条)", "1, 2 or 3 (art. 7)"),
        ("巡查级别", "等级"),
        "value",
    ),
    Column("kind", "类型", Text("巡查区类型", "kind of zone"), ("类别", "巡查区类型"), "value"),
    Column(
        "unit_township",
        "所级单位",
        Text("负责巡查的国土资源（自然资源）所", "the township station that owes the visits"),
        ("乡镇单位", "所级实施单位", "实施单位", "巡查单位", "unit"),
        "column",
    ),
    Column(
        "unit_county",
        "县级单位",
        Text("负责巡查的县局中队", "the county squad that owes the visits"),
        ("县级实施单位", "中队"),
        "column",
    ),
    Column("unit_city", "市级单位", Text("市局单位", "the city's unit"), ("市级实施单位",)),
    Column(
        "responsible_township",
        "所级责任人",
        Text("所级直接责任人", "who of the station answers for the zone"),
        ("责任人", "乡镇责任人", "所级直接责任人", "responsible"),
    ),
    Column(
        "responsible_county",
        "县级责任人",
        Text("县级直接责任人", "who of the squad answers for the zone"),
        ("县级直接责任人", "responsi_1"),
    ),
    Column("responsible_city", "市级责任人", Text("市级直接责任人", "who of the city answers")),
    Column("priority", "优先级", Text("数大者后舍弃", "the higher, the later dropped"), ("优先",)),
    Column(
        "stop_minutes",
        "停留分钟",
        Text("每次检查分钟数", "minutes of one visit"),
        ("检查分钟", "停留时间"),
    ),
    Column("walk", "可步行", Text("是否允许远距离步行", "far walks allowed"), ("步行",)),
    Column(
        "reasons",
        "划定依据",
        Text("划入该级的全部理由", "every reason for the level"),
        ("依据", "理由"),
    ),
)

STATION_COLUMNS: Final = (
    Column("id", "编号", Text("单位编号", "unit number"), ("单位编号", "单位ID", "unit"), "value"),
    Column("name", "名称", Text("单位名称", "unit name"), ("单位名称", "单位"), "value"),
    Column(
        "authority",
        "层级",
        Text("township 所、county 县、city 市", "township, county or city"),
        ("单位层级", "级别", "类型"),
        "value",
    ),
    Column(
        "head",
        "主要负责人",
        Text("第一责任人（第十二条）", "first responsible person (art. 12)"),
        ("负责人", "所长", "第一责任人"),
    ),
    Column("township", "乡镇", Text("所在乡镇", "its township"), ("所在乡镇", "街道", "乡镇街道")),
)

INSPECTOR_COLUMNS: Final = (
    Column(
        "id",
        "编号",
        Text("人员编号", "person's number"),
        ("人员编号", "工号", "inspector"),
        "value",
    ),
    Column("name", "姓名", Text("姓名", "name"), ("名字", "人员姓名"), "value"),
    Column(
        "unit",
        "单位",
        Text(
            "所属单位，多个用；分隔，首个为主", "unit; several separated by ; (the first is home)"
        ),
        ("所属单位", "units", "实施单位"),
        "value",
    ),
    Column(
        "certificate_number",
        "执法证号",
        Text("执法证号，无证者留空", "certificate number; empty: a driver without one"),
        ("证号", "执法证", "执法证编号"),
        "column",
    ),
    Column(
        "certificate_from",
        "发证日期",
        Text("执法证生效日", "certificate valid from"),
        ("证件生效日期", "有效期起", "执法证有效期起"),
    ),
    Column(
        "certificate_until",
        "有效期至",
        Text("执法证失效日", "certificate valid until"),
        ("执法证有效期", "证件有效期", "有效期止", "执法证有效期至"),
        "column",
    ),
    Column(
        "licensed",
        "能驾驶",
        Text("是否有驾驶证（是/否），空为是", "may drive (yes/no); empty means yes"),
        ("驾驶证", "有驾驶证", "驾照"),
    ),
)

VEHICLE_COLUMNS: Final = (
    Column("id", "编号", Text("车辆编号", "vehicle's number"), ("车辆编号", "vehicle"), "value"),
    Column(
        "plate", "车牌号", Text("车牌号", "number plate"), ("车牌", "牌照", "车牌号码"), "column"
    ),
    Column(
        "unit",
        "单位",
        Text("使用单位，多个用；分隔", "unit; several that share it separated by ;"),
        ("使用单位", "所属单位", "units"),
        "value",
    ),
    Column("seats", "座位数", Text("含驾驶员", "driver included"), ("座位", "核载人数", "核载")),
    Column(
        "available_from",
        "启用日期",
        Text("可用首日，空为一直", "first day of use; empty: always"),
        ("可用起", "可用日期起"),
    ),
    Column(
        "available_until",
        "停用日期",
        Text("可用末日，空为一直", "last day of use; empty: always"),
        ("可用止", "可用日期止"),
    ),
)

LEAVE_COLUMNS: Final = (
    Column(
        "who",
        "编号",
        Text("人员或车辆编号", "person's or vehicle's number"),
        ("人员", "人员编号", "人员或车辆", "id", "姓名"),
        "value",
    ),
    Column(
        "first_day",
        "开始日期",
        Text("首日", "first day"),
        ("起始日期", "开始", "首日", "from"),
        "value",
    ),
    Column(
        "last_day",
        "结束日期",
        Text("末日", "last day"),
        ("截止日期", "结束", "末日", "until"),
        "value",
    ),
    Column("reason", "事由", Text("事由", "reason"), ("原因", "备注")),
)

HISTORY_COLUMNS: Final = (
    Column("zone", "巡查区", Text("巡查区编号", "zone number"), ("巡查区编号", "编号"), "value"),
    Column(
        "authority",
        "层级",
        Text("township 所、county 县、city 市", "township, county or city"),
        ("单位层级", "巡查层级"),
        "value",
    ),
    Column(
        "day",
        "日期",
        Text("最近一次巡查", "the last visit"),
        ("巡查日期", "最近巡查日期", "date"),
        "value",
    ),
)

CHECKPOINT_COLUMNS: Final = (
    Column(
        "zone",
        "巡查区",
        Text("所在巡查区编号", "number of its zone"),
        ("巡查区编号", "所在巡查区"),
        "value",
    ),
    Column("name", "名称", Text("检查点名称", "name of the place"), ("检查点", "检查点名称")),
)

KIND_WORDS: Final[Mapping[str, ZoneKind]] = {
    **{kind.value: kind for kind in ZoneKind},
    "村庄": ZoneKind.VILLAGE,
    "村": ZoneKind.VILLAGE,
    "乡镇": ZoneKind.TOWN,
    "城镇": ZoneKind.TOWN,
    "集镇": ZoneKind.TOWN,
    "道路": ZoneKind.ROAD,
    "公路": ZoneKind.ROAD,
    "基本农田": ZoneKind.FARMLAND,
    "永久基本农田": ZoneKind.FARMLAND,
    "耕地": ZoneKind.FARMLAND,
    "矿区": ZoneKind.MINE,
    "矿山": ZoneKind.MINE,
    "禁采区": ZoneKind.NO_MINING,
    "开发区": ZoneKind.DEVELOPMENT,
    "园区": ZoneKind.DEVELOPMENT,
    "规划区": ZoneKind.PLANNING_AREA,
    "景观遗迹": ZoneKind.HERITAGE,
    "遗迹": ZoneKind.HERITAGE,
    "景观": ZoneKind.HERITAGE,
    "易发区": ZoneKind.HOT_SPOT,
    "违法易发区": ZoneKind.HOT_SPOT,
    "其他": ZoneKind.OTHER,
}

LEVEL_WORDS: Final[Mapping[str, int]] = {
    **{str(level): level for level in (1, 2, 3)},
    **{f"{word}级": level for level, word in ((1, "一"), (2, "二"), (3, "三"))},
    **{f"{word}级巡查区": level for level, word in ((1, "一"), (2, "二"), (3, "三"))},
    **{f"{level}级": level for level in (1, 2, 3)},
    "一": 1,
    "二": 2,
    "三": 3,
}

AUTHORITY_WORDS: Final[Mapping[str, Literal["township", "county", "city"]]] = {
    "township": "township",
    "county": "county",
    "city": "city",
    "所": "township",
    "所级": "township",
    "乡镇": "township",
    "乡镇级": "township",
    "县": "county",
    "县级": "county",
    "中队": "county",
    "市": "city",
    "市级": "city",
}

BOOLEAN_WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "有", "能", "√"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "无", "不能", "×"), False),
}
