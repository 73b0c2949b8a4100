"""Labels of the atlas in both languages; the page switches between them."""

from __future__ import annotations

from typing import Final

from network.problems import Text

LABELS: Final = {
    "title": Text("巡查图册", "Patrol atlas"),
    "all_units": Text("全部单位", "All units"),
    "unit": Text("实施单位", "Unit"),
    "patrols": Text("巡查", "Patrols"),
    "visits": Text("到访", "Visits"),
    "km": Text("公里", "Kilometres"),
    "hours": Text("外业小时", "Hours out"),
    "people": Text("出巡人员", "People"),
    "zones": Text("巡查区", "Zones"),
    "spot_checks": Text("其中抽查", "of them spot checks"),
    "without_spots": Text("不含抽查", "without spot checks"),
    "person_days": Text("人天", "person-days"),
    "legality": Text("合规", "Legality"),
    "unmet": Text("未能满足的要求", "Requirements not met"),
    "missing": Text("缺", "missing"),
    "calendar": Text("全年日历", "Calendar"),
    "calendar_help": Text(
        "颜色越深，当天巡查越多；方向键移动", "darker: more patrols; arrow keys move"
    ),
    "day_off": Text("休息日", "day off"),
    "workday": Text("工作日", "workday"),
    "duty": Text("值班", "duty day"),
    "map": Text("地图", "Map"),
    "map_help": Text(
        "拖动平移，滚轮缩放；聚焦后用方向键、加减号，0复位",
        "drag to pan, wheel to zoom; focused: arrows, + and -, 0 resets",
    ),
    "no_patrols": Text("这一天没有巡查", "No patrols on this day"),
    "sealed": Text("抽查，见密封件", "Spot check: see the sealed file"),
    "previous": Text("前一个巡查日", "Previous patrol day"),
    "next": Text("后一个巡查日", "Next patrol day"),
    "play": Text("播放这一天", "Play the day"),
    "pause": Text("暂停", "Pause"),
    "time": Text("时刻", "Time of day"),
    "crew": Text("人员", "Crew"),
    "vehicle": Text("车辆", "Vehicle"),
    "home": Text("驻地", "Home"),
    "search": Text("查找巡查区…", "Find a zone…"),
    "close": Text("返回当日巡查", "Back to the day"),
    "visit_days": Text("到访日期", "Days visited"),
    "requirements": Text("应巡查与完成", "Owed and planned"),
    "held_by": Text("实施单位与责任人", "Unit and responsible"),
    "checkpoint": Text("检查点", "checkpoint"),
    "checkpoints": Text("检查点（必经）", "Checkpoints to pass"),
    "hidden_help": Text(
        "灰色为看不到的部分，虚线为可另步行的路段", "Grey: hidden; dashed: walks that would show it"
    ),
    "why": Text("划定依据", "Why"),
    "none": Text("无", "none"),
    "met": Text("已满足", "met"),
    "workload": Text("人员工作量", "Workload"),
    "workload_help": Text("出巡天数；括号内为最忙一周", "patrol days; busiest week in brackets"),
    "days": Text("天", "days"),
    "units": Text("各单位", "Units"),
    "print": Text("打印", "Print"),
    "theme": Text("明暗", "Light or dark"),
    "language": Text("English", "中文"),
    "fit": Text("全图", "Whole county"),
    "seed": Text("随机种子", "Seed"),
    "norm": Text("依据", "Norm"),
    "less": Text("少", "fewer"),
    "more": Text("多", "more"),
    "head": Text("负责人", "Head"),
    "spot_note": Text(
        "抽查只列次数，巡查区与日期另行密封", "Spot checks are counted only; zones are sealed"
    ),
    "routes": Text("路线", "Routes"),
    "area": Text("片状", "area"),
    "skip": Text("跳到正文", "Skip to content"),
}
