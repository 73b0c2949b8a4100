"""Labels of the route sheet and of its blank ledger (art. 15, and the columns in real use)."""

from __future__ import annotations

from typing import Final

from network.problems import Language, Text

_WORDS: Final = {
    "title": Text("巡查路线单", "Patrol route sheet"),
    "number": Text("台账编号", "Ledger no."),
    "day": Text("日期", "Day"),
    "shift": Text("时段", "Shift"),
    "lunch": Text("午休", "Lunch"),
    "vehicle": Text("车辆", "Vehicle"),
    "length": Text("里程", "Distance"),
    "drive": Text("行车", "Driving"),
    "inspect": Text("检查", "Inspecting"),
    "min": Text("分钟", "min"),
    "crew": Text("巡查人员", "Crew"),
    "certificate": Text("执法证号", "Certificate"),
    "stop": Text("序", "No."),
    "arrive": Text("到达", "Arrive"),
    "zone": Text("巡查区", "Zone"),
    "id": Text("编号", "Id"),
    "level": Text("级别", "Level"),
    "kind": Text("类型", "Kind"),
    "manner": Text("方式", "Manner"),
    "checked": Text("已查", "Done"),
    "found": Text("有无违法", "Findings"),
    "home": Text("出发", "Leave"),
    "back": Text("返回", "Return"),
    "ledger": Text("巡查台账", "Ledger"),
    "drive_along": Text("沿路", "drive"),
    "walk": Text("步行", "walk"),
    "seen": Text("可见", "seen"),
    "checkpoints": Text("经检查点", "past"),
    "carry": Text(
        "出巡持证人员不少于{people}人，携带有效执法证件；无论是否发现违法行为，均应报告巡查结果。",
        "At least {people} people with valid certificates aboard; the result is reported whether "
        "or not a breach is found.",
    ),
    "sealed": Text(
        "本次为抽查。巡查区、路线与时间见密封件，出发时由带队人员启封。",
        "This is a spot check. Its zones, route and times are in the sealed file, opened by the "
        "crew's leader on departure.",
    ),
    "missing": Text("以下字符字体中没有字形，未能印出", "Not in the font, so not printed"),
}
#: Columns of the ledger in use, laid out as rows of a form.
_LEDGER: Final = (
    (
        Text("巡查时间", "Time"),
        Text("巡查人员（执法证号）", "Crew (certificates)"),
        Text("巡查区域及路线", "Zones and route"),
    ),
    (
        Text(
            "基本情况（地点、项目、主体、面积、用途、现状、进度、审批）",
            "Facts (place, project, who, area, use, state, progress, permits)",
        ),
    ),
    (Text("初步核查", "First check"), Text("制止措施及效果", "Measures and effect")),
    (
        Text("直接责任人意见", "Responsible person"),
        Text("主要责任人审核", "Head's review"),
        Text("报告情况", "Reported"),
    ),
    (Text("后续处理", "Follow-up"), Text("备注", "Remarks")),
)


def sheet_words(language: Language, people: int) -> dict[str, object]:
    """Return every label of the sheet in one language, the ledger's as rows of labels.

    ``people`` is the least number of certified people aboard under the regulation applied.
    """
    words: dict[str, object] = {key: text.in_(language) for key, text in _WORDS.items()}
    words["carry"] = _WORDS["carry"].in_(language).format(people=people)
    words["ledger_rows"] = [[text.in_(language) for text in row] for row in _LEDGER]
    return words
