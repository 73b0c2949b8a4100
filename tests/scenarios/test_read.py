"""A file of scenarios is read whole, or refused with every problem in it."""

from __future__ import annotations

import pytest

from network.problems import InputError
from scenarios.apply import apply_scenario, steps_of
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
    "a scenario without a table": ("scenario = [1]", "scenario.bad-value", ""),
    "no name": (GOOD + "[[scenario]]\noverride = []\n", "scenario.missing-value", "name"),
    "no overrides": (GOOD + "[[scenario]]\nname = 'x'\n", "scenario.changes-nothing", "override"),
    "an unknown kind": (GOOD.replace("add-staff", "add-money"), "scenario.unknown-kind", "do"),
    "an unknown field": (GOOD.replace("unit", "station"), "scenario.unknown-setting", "station"),
    "a day that is not": (
        GOOD.replace("from = 2026-05-01", "from = 'May'"),
        "scenario.bad-value",
        "from",
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
    assert {p.code for p in caught.value.problems} == {"scenario.override", "scenario.bad-value"}


def test_wrong_types_are_told_in_both_languages(tmp_path, inputs):
    """No sentence of a library stands in the Chinese, and the override and its kind are named."""
    text = GOOD.replace("to = 2026-05-31", "to = 'x'") + "[[scenario]]\nname = 5\n"
    with pytest.raises(InputError) as caught:
        _read(tmp_path, inputs, text)
    first, second = caught.value.problems
    assert first.where == "请假 · override 1 (leave)"
    assert (first.cause.zh, first.action.zh) == ("“x”类型或格式不对", "写日期，例如 2026-03-15")
    assert (second.where, second.field) == ("5", "name")
    assert "valid string" not in second.in_("zh")


INCLUDING = """
[[scenario]]
name = "两样"
includes = ["请假", "加一人"]
[[scenario.override]]
do = "shift"
lunch_minutes = 30
"""


def test_what_is_included_is_applied_first_and_once(tmp_path, inputs):
    """Included overrides come before the scenario's own; one included twice counts once."""
    text = GOOD + INCLUDING + INCLUDING.replace("两样", "再").replace('"加一人"', '"两样"')
    scenarios = _read(tmp_path, inputs, text)
    again = scenarios[-1]
    assert [step.origin for step in steps_of(again, scenarios)] == ["请假", "加一人", "两样", "再"]
    county = apply_scenario(inputs, again, scenarios).county
    assert len(county.inspectors) == len(inputs.county.inspectors) + 1
    assert county.settings.shift.lunch_minutes == 30


def test_a_fault_in_an_included_scenario_names_both(tmp_path, inputs):
    """The place tells the scenario that fails and the one its override stands in."""
    text = (
        GOOD
        + INCLUDING
        + INCLUDING.replace("两样", "少人")
        .replace(
            "[[scenario.override]]", "[[scenario.override]]\ndo = 'remove-staff'\nwho = ['T1-9']\n#"
        )
        .replace('do = "shift"\nlunch_minutes = 30\n', "")
    )
    text += INCLUDING.replace("两样", "又").replace('"请假", "加一人"', '"少人"')
    with pytest.raises(InputError) as caught:
        _read(tmp_path, inputs, text)
    assert {problem.where for problem in caught.value.problems} == {
        "少人 · override 1 (remove-staff)",
        "又 · 少人 · override 1 (remove-staff)",
    }


@pytest.mark.parametrize(
    ("includes", "code"),
    [
        ('["没有"]', "scenario.unknown-include"),
        ('["两样"]', "scenario.include-circle"),
        ('["丙"]', "scenario.include-circle"),
    ],
)
def test_includes_of_nothing_and_in_circles_are_told(tmp_path, inputs, includes, code):
    """A name that is not there, a scenario that includes itself, or two that include each other."""
    text = GOOD + INCLUDING.replace('["请假", "加一人"]', includes)
    text += INCLUDING.replace("两样", "丙").replace('["请假", "加一人"]', '["两样"]')
    with pytest.raises(InputError) as caught:
        _read(tmp_path, inputs, text)
    assert {problem.code for problem in caught.value.problems} == {code}
    assert {problem.field for problem in caught.value.problems} == {"includes"}


def test_rows_may_be_written_as_tables_of_their_own(tmp_path, inputs):
    """A row with many columns need not stand on one line."""
    text = """
[[scenario]]
name = "新车"
[[scenario.override]]
do = "add"
table = "vehicles"
[[scenario.override.rows]]
id = "V7"
plate = "吉A7"
"单位" = "东所"
[[scenario.override.rows]]
id = "V8"
plate = ""
unit = "T2"
"""
    (scenario,) = _read(tmp_path, inputs, text)
    county = apply_scenario(inputs, scenario).county
    added = [v for v in county.vehicles if v not in inputs.county.vehicles]
    assert [(v.id, v.units) for v in added] == [("V7", ("T1",)), ("V8", ("T2",))]
