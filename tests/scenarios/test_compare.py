"""Base and scenarios are planned, audited and set side by side."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import openpyxl
import pytest

import scheduling.audit
import scheduling.planning
from network.problems import InputError, Problem, Text
from scenarios.compare import run_scenarios
from scenarios.model import Scenario
from scenarios.page import page, write_page
from scenarios.workbook import write_workbook
from scheduling.calendar.windows import WindowKind, window_of
from scheduling.plan.model import Plan, PlanStatus, UnitOutcome, Unmet
from scheduling.requirements import Requirement

NASTY = "<script>=1+1&"


@pytest.fixture
def planned(monkeypatch):
    """Replace planner and audit: lawful exactly when a fifth person of T1 is there."""
    asked = []

    def make_plan(inputs, **options):
        asked.append((inputs, options))
        enough = len(inputs.county.inspectors) > 6
        window = window_of(WindowKind.HALF_MONTH, inputs.first_day)
        owed = Requirement("R1", "township", "T1", "Z1", "r", "13", window, 2, 7, 21)
        status = PlanStatus.FEASIBLE if enough else PlanStatus.NOT_FOUND
        return Plan(
            *(inputs.county, inputs.regulation, inputs.norm, inputs.calendar),
            *(inputs.first_day, inputs.last_day, inputs.units, (owed,), (), {}),
            unmet=() if enough else (Unmet("R1", 2, False, Text(NASTY, NASTY)),),
            needs=(),
            outcomes=tuple(UnitOutcome(unit, status) for unit in inputs.units),
            settings_used=(),
            seed=options["seed"],
        )

    def audit_plan(plan):
        found = SimpleNamespace(severity="breach", article="13")
        notice = SimpleNamespace(severity="notice", article="")
        findings = (found, found, notice) if plan.unmet else (notice,)
        return SimpleNamespace(lawful=not plan.unmet, findings=findings)

    monkeypatch.setattr(scheduling.planning, "make_plan", make_plan, raising=False)
    monkeypatch.setattr(scheduling.audit, "audit_plan", audit_plan, raising=False)
    return asked


@pytest.fixture
def scenarios():
    return tuple(
        Scenario.model_validate({"name": name, "note": note, "override": [override]})
        for name, note, override in (
            ("加一人", "", {"do": "add-staff", "unit": "T1"}),
            (NASTY, NASTY, {"do": "shift", "lunch_minutes": 30}),
        )
    )


@pytest.fixture
def comparison(inputs, scenarios, planned):
    return run_scenarios(inputs, scenarios, seed=3)


def test_the_base_comes_first_and_scenarios_in_order(comparison, planned):
    """Every outcome has its own verdict, and all are planned with one seed and one secret."""
    assert [outcome.name.zh for outcome in comparison.outcomes] == ["现状", "加一人", NASTY]
    assert [outcome.lawful for outcome in comparison.outcomes] == [False, True, False]
    assert comparison.outcomes[0].breaches == (("13", 2),)
    assert {options["seed"] for _, options in planned} == {3}
    assert len({options["secret"] for _, options in planned}) == 1


def test_progress_counts_the_scenarios(inputs, scenarios, planned):
    """The callback sees the kernels made ready, then every plan that is done."""
    steps = []
    run_scenarios(inputs, scenarios, progress=steps.append)
    assert list(dict.fromkeys(step.stage for step in steps)) == [
        *("road-kernels", "kernels", "scenarios")
    ]
    plans = [(step.done, step.total) for step in steps if step.stage == "scenarios"]
    assert plans == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_the_table_has_a_row_for_each(comparison):
    """Heading and rows have the same columns in both languages."""
    for language in ("zh", "en"):
        heading, *rows = comparison.table(language)
        assert len(rows) == 3
        assert {len(row) for row in rows} == {len(heading)}
    assert comparison.table("en")[1][:3] == ["base", "no", "2"]


def test_the_document_holds_plain_values(comparison):
    """The JSON document names verdict, figures and units."""
    import json

    document = json.loads(json.dumps(comparison.document()))
    assert document["scenarios"][1]["lawful"] is True
    assert document["scenarios"][0]["breaches_by_article"] == {"13": 2}
    assert [unit["unit"] for unit in document["scenarios"][0]["units"]] == ["C1", "T1", "T2"]


def test_the_workbook_holds_numbers_and_no_formula(comparison, tmp_path):
    """A name that begins like a formula is a text; figures are numbers."""
    path = tmp_path / "c.xlsx"
    named = replace(comparison.outcomes[1], name=Text("=1+1\x07", "=1+1"))
    write_workbook(replace(comparison, outcomes=(comparison.outcomes[0], named)), path, "zh")
    first, units = openpyxl.load_workbook(path).worksheets
    assert first["A3"].value == "=1+1"
    assert first["A3"].data_type == "s"
    assert first["C2"].value == 2
    assert units.max_row == 1 + 2 * 3


def test_the_page_is_escaped_and_needs_no_network(comparison, tmp_path):
    """Names, notes and reasons of users cannot become markup; nothing is fetched."""
    path = tmp_path / "c.html"
    write_page(comparison, path, "en")
    text = path.read_text(encoding="utf-8")
    assert text == page(comparison, "en")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "(-2)" in text


def test_a_page_of_lawful_plans_gives_no_reasons(comparison):
    """Where every plan is lawful there is nothing to explain."""
    lawful = replace(comparison, outcomes=comparison.outcomes[1:2])
    assert "不符合规范的原因" not in page(lawful, "zh")
    assert "不符合规范的原因" in page(comparison, "zh")
    assert "违反条款 第十三条: 2 处" in page(comparison, "zh")


def test_a_file_in_use_is_a_problem(comparison, tmp_path):
    """What cannot be written is told, and nothing is left behind."""
    (tmp_path / "c.html").mkdir()
    with pytest.raises(InputError) as caught:
        write_page(comparison, tmp_path / "c.html", "zh")
    assert caught.value.problems[0].code == "scenario.cannot-write"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == []


def test_a_scenario_that_cannot_be_planned_is_named(inputs, scenarios, monkeypatch):
    """Bad input found while planning says in which scenario it was."""
    problem = Problem("roads.far", "zones.gpkg", Text("太远", "too far"), Text("改", "mend"), "Z1")

    def fail(*_, **__):
        raise InputError([problem])

    monkeypatch.setattr(scheduling.planning, "make_plan", fail, raising=False)
    monkeypatch.setattr(scheduling.audit, "audit_plan", None, raising=False)
    with pytest.raises(InputError) as caught:
        run_scenarios(inputs, scenarios)
    assert caught.value.problems[0].where == "现状 · Z1"


def test_a_failing_process_passes_its_problems_on(inputs, scenarios):
    """In processes of their own, too, what is wrong with the inputs comes back as problems."""
    with pytest.raises(InputError) as caught:
        run_scenarios(inputs, scenarios[:1], workers=2)
    assert "roads.osm.pbf" in str(caught.value)
