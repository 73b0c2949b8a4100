"""The annual plan's part on chance, and the workbook's sheet of team days."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from network.problems import Language
from reports import annual_chance
from reports.figures import Figures
from reports.official_document import OfficialDocument
from reports.workbook import write_workbook
from scheduling.county.settings import ReserveSettings
from scheduling.plan.model import Patrol
from scheduling.spare import spare_months
from tests.reports.test_official_documents import all_text


def text_of(figures: Figures, folder: Path, language: Language = "zh") -> str:
    document = OfficialDocument(language, "计划", "局", figures.plan.first_day)
    annual_chance.write_chance(document, figures)
    document.save(folder / "part.docx")
    return all_text(folder / "part.docx")


def keeping(figures: Figures, share: float) -> Figures:
    county = figures.plan.county
    settings = county.settings.model_copy(
        update={"reserve": ReserveSettings(bad_weather_share=share), "unpredictability": 0.5}
    )
    return Figures(replace(figures.plan, county=replace(county, settings=settings)), figures.audit)


def test_free_and_possible_team_days_stand_for_every_unit_and_month(
    figures: Figures, tmp_path: Path
) -> None:
    """Each cell is free/possible as counted; ▲ stands where the share is not kept, only there."""
    text = text_of(figures, tmp_path)
    months = spare_months(figures.plan)
    assert months
    assert all(f"{month.free}/{month.possible}" in text for month in months)
    assert text.count("▲") == 1 + sum(not month.keeps(0.1) for month in months)
    assert "每月预留10%" in text
    greedy = text_of(keeping(figures, 0.98), tmp_path)
    assert greedy.count("▲") == 1 + len(months)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_foreseeable_days_are_told_where_there_are_enough(
    figures: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    """A few months say nothing; with the limit down the table names the best way."""
    heading = {"zh": "日期可预见程度", "en": "How far days can be foreseen"}[language]
    monkeypatch.setattr(annual_chance, "_ENOUGH_BY_CHANCE", 10_000)
    assert heading not in text_of(figures, tmp_path, language)
    monkeypatch.setattr(annual_chance, "_ENOUGH_BY_CHANCE", 0.1)
    text = text_of(keeping(figures, 0.1), tmp_path, language)
    assert heading in text
    assert {"zh": "50%的巡查日期随机抽定", "en": "50% of the patrols"}[language] in text


def test_nothing_is_said_of_sealed_spot_checks(
    plan_patrols: tuple[Patrol, ...], figures: Figures, tmp_path: Path
) -> None:
    """Even from a complete plan."""
    whole = Figures(replace(figures.plan, patrols=plan_patrols), figures.audit)
    assert "spot" not in text_of(whole, tmp_path, "en").lower()


@pytest.fixture
def plan_patrols(plan: object) -> tuple[Patrol, ...]:
    """Return all patrols, unsealed."""
    return plan.patrols  # type: ignore[attr-defined, no-any-return]


def test_the_workbook_lists_every_month(figures: Figures, tmp_path: Path) -> None:
    """One row per unit and month: possible, planned, free."""
    write_workbook(figures, tmp_path, "en", lambda done, total: None)
    (path,) = tmp_path.glob("*.xlsx")
    sheet = openpyxl.load_workbook(path)["Days kept free"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    months = spare_months(figures.plan)
    assert [row[1:6] for row in rows] == [
        (one.year, one.month, one.possible, one.planned, one.free) for one in months
    ]
    assert {row[7] for row in rows} <= {"yes", "no"}
