"""A file of scenarios is read whole, or refused with every problem in it."""

from __future__ import annotations

import pytest

from network.problems import InputError
from scenarios.read import read_scenarios

GOOD = """
[[scenario]]
name = "加一人"
note = "东所"
[[scenario.override]]
do = "add-staff"
unit = "T1"

[[scenario]]
name = "请假"
[[scenario.override]]
do = "leave"
who = ["T1-1"]
from = 2026-05-01
to = 2026-05-31
"""


def _read(tmp_path, inputs, text):
    path = tmp_path / "scenarios.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_scenarios(path, inputs)


def test_scenarios_come_in_their_order(tmp_path, inputs):
    """Names, notes and overrides are as the file says, a byte-order mark or not."""
    scenarios = _read(tmp_path, inputs, "\ufeff" + GOOD)
    assert [(s.name, s.note, len(s.overrides)) for s in scenarios] == [
        ("加一人", "东所", 1),
        ("请假", "", 1),
    ]


BAD = {
    "no TOML": ("[[scenario", "scenario.unreadable", ""),
    "another encoding": ("name = '加'".encode("gb18030"), "scenario.unreadable", ""),
    "nothing in it": ("", "scenario.format", ""),
    "something else": ("x = 1", "scenario.format", ""),
    "more than scenarios": (GOOD + "[other]\n", "scenario.format", ""),
    "scenario is no list": ("scenario = 1", "scenario.format", ""),
    "a scenario without a table": ("scenario = [1]", "scenario.invalid", ""),
    "no name": (GOOD + "[[scenario]]\noverride = []\n", "scenario.invalid", "name"),
    "no overrides": (GOOD + "[[scenario]]\nname = 'x'\n", "scenario.invalid", "override"),
    "an unknown kind": (GOOD.replace("add-staff", "add-money"), "scenario.invalid", ""),
    "an unknown field": (GOOD.replace("unit", "station"), "scenario.invalid", "add-staff.station"),
    "a day that is not": (
        GOOD.replace("from = 2026-05-01", "from = 'May'"),
        "scenario.invalid",
        "leave.from",
    ),
    "an unknown unit": (GOOD.replace('"T1"', '"T9"'), "scenario.override", "unit"),
    "a name twice": (GOOD.replace("请假", "加一人"), "scenario.name-taken", "name"),
    "the base's name": (GOOD.replace("请假", "现状"), "scenario.name-taken", "name"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_by_code_file_and_field(tmp_path, inputs, name):
    """Each fault has its code, names the file and where it can the field."""
    text, code, field = BAD[name]
    with pytest.raises(InputError) as caught:
        _read(tmp_path, inputs, text)
    problems = [p for p in caught.value.problems if p.code == code]
    assert problems
    assert problems[0].file.endswith("scenarios.toml")
    assert field in {p.field for p in problems}


def test_a_missing_file_is_told(tmp_path, inputs):
    """A file that is not there is a problem, not a traceback."""
    with pytest.raises(InputError, match=r"none\.toml"):
        read_scenarios(tmp_path / "none.toml", inputs)


def test_problems_of_all_scenarios_come_together(tmp_path, inputs):
    """A fault of form and a fault of fact are told at once."""
    text = GOOD.replace('"T1"', '"T9"').replace("to = 2026-05-31", "to = 'x'")
    with pytest.raises(InputError) as caught:
        _read(tmp_path, inputs, text)
    assert {p.code for p in caught.value.problems} == {"scenario.override", "scenario.invalid"}
