"""Every kind of override is told in a sentence of both languages."""

from __future__ import annotations

from datetime import date

import pytest

from scenarios.apply import APPLY
from scenarios.model import KINDS, Scenario
from scenarios.words import describe

EVERY = {
    "add-staff": ({"unit": "T1", "count": 2}, "东所增加持证人员2人"),
    "remove-staff": ({"who": ["T1-1"]}, "人1（T1-1）不再参加巡查"),
    "leave": (
        {"who": ["T-V"], "from": date(2026, 5, 1), "to": date(2026, 5, 9), "reason": "大修"},
        "吉A2（T-V）自2026-05-01至2026-05-09不能出勤（大修）",
    ),
    "cancel-leave": ({"who": ["T1-1"]}, "取消人1（T1-1）的请假或停用"),
    "add-vehicle": (
        {"unit": "T2", "from": date(2026, 5, 1)},
        "西所增加车辆1辆（2026-05-01至期末）",
    ),
    "remove-vehicle": ({"who": ["T-V"]}, "吉A2（T-V）不再使用"),
    "shift": ({"lunch_minutes": 30}, "由60改为30"),
    "add-peak": (
        {"id": "p", "kind": "land", "first": "05-01", "last": "06-01"},
        "增加规则“非农建设用地高峰期（05-01至06-01）",
    ),
    "remove-peak": ({"peak": "land-season"}, "不执行高峰期“land-season”"),
    "rule": (
        {"rule": "team", "set": {"min_certified": 3}},
        "改为“每次巡查持有效证件的人员不少于3人”",
    ),
    "add-rule": (
        {
            "kind": "frequency",
            "rule": {"id": "r", "authority": "county", "window": "week", "count": 1},
        },
        "增加规则“县级：",
    ),
    "remove-rule": ({"rule": "team"}, "不执行规则“team”"),
    "merge-stations": (
        {"stations": ["T1", "T2"], "into": "T1", "name": "东西所"},
        "东所、西所合并，驻东所，称东西所",
    ),
    "set": ({"key": "visit.stop_minutes", "value": 10}, "由20改为10"),
    "days": ({"off": [date(2026, 4, 13)]}, "2026-04-13改为休息日"),
    "change": (
        {"table": "zones", "id": ["Z1"], "set": {"level": 2}},
        "巡查区村1（Z1）级别改为2",
    ),
    "add": (
        {"table": "vehicles", "rows": [{"id": "V9", "unit": "T1"}]},
        "增加车辆1项：V9",
    ),
    "remove": ({"table": "zones", "id": "Z3"}, "去掉巡查区村3（Z3）"),
}


def test_no_kind_is_without_words():
    """The table below has every kind that a file may name."""
    assert set(EVERY) == set(KINDS)


@pytest.mark.parametrize("kind", EVERY)
def test_an_override_is_told_by_name(inputs, kind):
    """What changes, with the names of people, cars, zones and units, before and after."""
    fields, sentence = EVERY[kind]
    scenario = Scenario.model_validate({"name": "x", "override": [{"do": kind, **fields}]})
    override = scenario.overrides[0]
    told = describe(override, inputs, APPLY[kind](inputs, override))
    assert sentence in told.zh
    assert told.en
    assert told.en != told.zh
