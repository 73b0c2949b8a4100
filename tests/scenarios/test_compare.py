"""Base and scenarios are planned, audited, set side by side and told in words."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

import scheduling.audit
import scheduling.planning.run
from network.problems import InputError, Text
from scenarios import study
from scenarios.model import Scenario
from scenarios.paper import comparison_paper
from scenarios.study import run_scenarios
from scenarios.verdicts import verdict
from scheduling.calendar.windows import WindowKind, window_of
from scheduling.paper import Grid, Words
from scheduling.plan.model import Plan, PlanStatus, UnitOutcome, Unmet
from scheduling.requirements import Requirement

NASTY = "<script>=1+1&"


@pytest.fixture
def planned(monkeypatch):
    """Replace planner and audit: lawful exactly when a fifth person of T1 is there."""
    seeds = []

    def prepare_cases(cases, seed, _):
        seeds.append(seed)
        return [SimpleNamespace(jobs=(), inputs=case.inputs, seed=seed) for case in cases]

    def plan_of(prepared, _):
        inputs = prepared.inputs
        enough = len(inputs.county.inspectors) > 6
        window = window_of(WindowKind.HALF_MONTH, inputs.first_day)
        owed = Requirement("R1", "township", "T1", "Z1", "r", "13", window, 2, 7, 21)
        status = PlanStatus.FEASIBLE if enough else PlanStatus.NOT_FOUND
        return Plan(
            *(inputs.county, inputs.regulation, inputs.norm, inputs.calendar),
            *(inputs.first_day, inputs.last_day, inputs.units, (owed,), (), {}),
            unmet=() if enough else (Unmet("R1", 2, False, Text(NASTY, NASTY)),),
            needs=(),
            outcomes=tuple(
                UnitOutcome(unit, status if unit == "T1" else PlanStatus.OPTIMAL)
                for unit in inputs.units
            ),
            settings_used=(),
            seed=prepared.seed,
        )

    def audit_plan(plan, *, informing):
        found = SimpleNamespace(severity="breach", article="13")
        notice = SimpleNamespace(severity="notice", article="")
        findings = (found, found, notice) if plan.unmet else (notice,)
        return SimpleNamespace(lawful=not plan.unmet, findings=findings)

    monkeypatch.setattr(study, "prepare_cases", prepare_cases)
    monkeypatch.setattr(scheduling.planning.run, "plan_of", plan_of)
    monkeypatch.setattr(scheduling.audit, "audit_plan", audit_plan, raising=False)
    return seeds


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
    """Every outcome has its own verdict, and all are planned with one seed."""
    assert [outcome.name.zh for outcome in comparison.outcomes] == ["现状", "加一人", NASTY]
    assert [outcome.lawful for outcome in comparison.outcomes] == [False, True, False]
    assert planned == [3]
    assert comparison.about.seed == 3


def test_the_table_has_a_row_for_each(comparison):
    """Heading and rows have the same columns in both languages."""
    for language in ("zh", "en"):
        heading, *rows = comparison.table(language)
        assert len(rows) == 3
        assert {len(row) for row in rows} == {len(heading)}
    assert comparison.table("en")[1][:3] == ["base", "no", "2"]


def test_the_document_holds_plain_values(comparison):
    """The JSON document names verdict, figures, changes, units and why they fall short."""
    base, more, _ = json.loads(json.dumps(comparison.document()))["scenarios"]
    assert more["lawful"] is True
    assert more["changes"] == ["1 more certified people at 东所"]
    assert more["units_changed"] == ["T1"]
    assert base["breaches_by_article"] == {"13": 2}
    assert [unit["unit"] for unit in base["units"]] == ["C1", "T1", "T2"]
    assert base["shortfalls"][0]["status"] == "not-found"


def test_each_scenario_is_answered_in_a_paragraph(comparison):
    """Lawful or not, by how much, who, and how planning ended: proven and not found told apart."""
    base, more, other = comparison.outcomes
    assert verdict(comparison, base).zh.startswith("不符合规范：违反第十三条2处")
    assert "应巡查而未能排入2次：东所2次" in verdict(comparison, base).zh
    assert "限定时间内未找到：东所" in verdict(comparison, base).zh
    told = verdict(comparison, more)
    assert told.zh.startswith("符合规范（现状不符合）")
    assert "Every visit owed is planned" in told.en
    assert "其余2个单位的巡查量与现状相同" in told.zh
    assert "as the base is" in verdict(comparison, other).en


def test_more_and_less_work_is_told_unit_by_unit(comparison):
    """Who gains and who loses hours stands in the answer, the greatest change first."""
    base, more, _ = comparison.outcomes
    units = list(base.measures.units)
    units[0] = replace(units[0], hours=30.0, person_days=8)
    units[2] = replace(units[2], hours=-12.4)
    measures = replace(
        base.measures,
        whole=replace(base.measures.whole, hours=17.6, person_days=8),
        units=tuple(units),
    )
    told = verdict(comparison, replace(more, measures=measures))
    assert "工时增加18小时" in told.zh
    assert "负担加重（小时）：一中队 +30" in told.zh
    assert "Less work (hours): 西所 -12" in told.en


def test_people_who_go_out_more_or_less_are_named(comparison):
    """Greatest changes of days first; a day or two are not told."""
    more = comparison.outcomes[1]
    days = {person.person: person.days for person in more.people}
    assert set(days) >= {"T1-1", "T1-2", "C1-1"}
    changed = {"T1-1": 12, "T1-2": 2, "T2-1": -5}
    people = tuple(replace(p, days=changed.get(p.person, 0)) for p in more.people)
    told = verdict(comparison, replace(more, people=people))
    assert "个人出勤变化较大的（天）：人1 +12、人1 -5。" in told.zh
    assert "人2" not in told.zh


def test_a_station_that_is_no_more_is_told(inputs, planned):
    """Merged stations: the one that is gone is named, and has no figures."""
    merge = {"do": "merge-stations", "stations": ["T1", "T2"], "into": "T1"}
    scenario = Scenario.model_validate({"name": "合并", "override": [merge]})
    comparison = run_scenarios(inputs, [scenario])
    assert "撤并：西所" in verdict(comparison, comparison.outcomes[1]).zh
    (units,) = (s for s in comparison_paper(comparison, "zh").sections if "单位" in s.title)
    (grid,) = (block for block in units.blocks if isinstance(block, Grid))
    assert ("合并", "西所", *("–",) * 6, "撤并") in grid.rows


def test_what_a_scenario_includes_is_among_its_changes(inputs, planned):
    """Included changes are told first, by the names the county has at that point."""
    staff = Scenario.model_validate({"name": "甲", "override": [{"do": "add-staff", "unit": "T1"}]})
    both = Scenario.model_validate(
        {"name": "乙", "includes": ["甲"], "override": [{"do": "remove-staff", "who": ["T1-2"]}]}
    )
    outcome = run_scenarios(inputs, [staff, both]).outcomes[2]
    assert [change.zh for change in outcome.changes] == [
        "东所增加持证人员1人",
        "人2（T1-2）不再参加巡查",
    ]


def test_the_paper_answers_first_and_prints_every_setting(comparison):
    """Scope, results, answers, units, settings, notes; unlawful answers are marked."""
    paper = comparison_paper(comparison, "zh")
    titles = [section.title for section in paper.sections]
    assert titles == [
        *("比较的范围和方法", "结果一览", "逐个方案的结论", "各单位的变化"),
        *("依据的参数与默认值", "说明"),
    ]
    answers = paper.sections[2].subsections
    assert [answer.title for answer in answers] == ["现状", "加一人", NASTY]
    marked = [
        any(block.marked for block in answer.blocks if isinstance(block, Words))
        for answer in answers
    ]
    assert marked == [True, False, True]
    (results,) = (block for block in paper.sections[1].blocks if isinstance(block, Grid))
    assert results.rows[1][2] == 0
    assert results.difference(1, 2) == "-2"


def test_all_that_is_wrong_with_cases_is_told(inputs, scenarios):
    """Bad input found on the roads says in which scenario it was, of all scenarios at once."""
    with pytest.raises(InputError) as caught:
        run_scenarios(inputs, scenarios)
    assert [problem.where for problem in caught.value.problems] == ["现状", "加一人", NASTY]
    assert "roads.osm.pbf" in str(caught.value)
