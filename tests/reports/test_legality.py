"""The statement of legality is the audit's, with the reasons the plan gives."""

from dataclasses import replace
from datetime import date

from network.problems import Text
from reports.closing import finding_texts, group_text
from reports.figures import Figures
from reports.legality import ending, legality, part_of
from scheduling.audit import AuditReport, Finding
from scheduling.plan.model import PlanStatus


def test_a_lawful_plan_says_so(figures: Figures) -> None:
    """Nothing unmet and a clean audit: lawful."""
    statement = legality(figures)
    assert statement.lawful
    assert statement.label.zh == "符合规范"
    assert (statement.groups, statement.breaches, statement.missing) == ((), (), 0)


def test_unmet_requirements_are_grouped_with_their_reason(unlawful: Figures) -> None:
    """One group per unit, window, rule and reason; zones dropped lowest risk first."""
    statement = legality(unlawful)
    assert not statement.lawful
    assert statement.missing == 6
    assert {group.unit for group in statement.groups} == {"U01"}
    for group in statement.groups:
        assert group.breach
        levels = [zone.level for zone in group.zones]
        assert levels == sorted(levels, reverse=True)
        text = group_text(unlawful, group, "zh")
        assert "缺2趟" in text
        assert "已证明无可行方案" in text
        assert "第十三条" in text
        assert "proven infeasible" in group_text(unlawful, group, "en")


def test_not_found_is_never_called_proven(unlawful: Figures) -> None:
    """A shortfall without proof says that none is proven."""
    group = replace(legality(unlawful).groups[0], proven=False, basis="default")
    assert "未证明无解" in group_text(unlawful, group, "zh")
    assert "not proven" in group_text(unlawful, group, "en")
    assert "未达到默认要求" in group_text(unlawful, group, "zh")


def test_the_audits_other_breaches_are_told_once(unlawful: Figures) -> None:
    """A shortfall already told with its reason is not repeated; anything else is."""
    statement = legality(unlawful)
    assert [finding.rule for finding in statement.breaches] == ["crew-size"]
    assert finding_texts(statement, "zh") == ["只有1人（第十六条）"]
    assert [count for _, count in statement.notices] == [2]


def test_an_unlawful_audit_makes_a_complete_plan_unlawful(figures: Figures) -> None:
    """A plan that meets every count is still unlawful when the audit refuses it."""
    finding = Finding("breach", "frequency", "13", "Z000", Text("次数不足", "too few"), "law")
    audit = AuditReport(lawful=False, findings=(finding,) * 3)
    statement = legality(Figures(figures.plan, audit))
    assert not statement.lawful
    assert len(statement.breaches) == 3
    assert finding_texts(statement, "en", most=1) == ["too few (art. 13)", "… and 2 more"]


def test_proven_and_not_found_stay_apart(unlawful: Figures) -> None:
    """Units that ended differently are told by name and number, none hidden by the worst."""
    plan, statement = unlawful.plan, legality(unlawful)
    assert ending(plan, statement).zh == "已证明无可行方案"
    outcomes = tuple(
        replace(o, status=PlanStatus.NOT_FOUND) if o.unit == "U02" else o for o in plan.outcomes
    )
    mixed = ending(replace(plan, outcomes=outcomes), statement)
    assert (
        mixed.zh == "已证明无可行方案（1个单位）；限定搜索内未找到可行方案，未证明无解（1个单位）"
    )
    assert mixed.en.startswith("proven infeasible (units: 1); no feasible plan found")


def test_a_complete_plan_the_audit_refuses_is_not_called_complete(figures: Figures) -> None:
    """Where nothing is unmet the audit is named as the reason; a lawful plan tells its status."""
    statement = legality(figures)
    assert ending(figures.plan, statement).en == "every requirement met, proven optimal"
    refused = replace(statement, lawful=False)
    assert ending(figures.plan, refused).zh == "独立审核查出违规"


def test_rules_the_regulation_does_not_know_count_as_law(unlawful: Figures) -> None:
    """A shortfall under an unknown rule is held to be a breach."""
    plan = unlawful.plan
    bare = plan.norm.model_copy(update={"frequency": ()})
    groups = legality(Figures(replace(plan, norm=bare, regulation=bare), unlawful.audit)).groups
    assert {group.basis for group in groups} == {"law"}


def test_a_stations_share_is_its_own(unlawful: Figures) -> None:
    """A station's statement holds its own shortfalls in its own quarter; the verdict is whole."""
    whole = legality(unlawful)
    spring = (date(2026, 4, 1), date(2026, 6, 30))
    assert part_of(whole, "U01", *spring).missing == 6
    assert part_of(whole, "U02", *spring).missing == 0
    assert part_of(whole, "U01", date(2026, 7, 1), date(2026, 9, 30)).groups == ()
    assert not part_of(whole, "U02", *spring).lawful
