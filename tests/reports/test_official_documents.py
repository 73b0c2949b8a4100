"""Annual and quarterly plans: form after GB/T 9704-2012, contents after art. 10 and 11."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest

from network.problems import Language, Text
from reports.annual import write_annual
from reports.figures import Figures
from reports.official_document import OfficialDocument, numeral
from reports.quarterly import unit_file_names, write_quarterly
from scheduling.audit import AuditReport
from scheduling.plan.model import Plan, SettingUsed
from scheduling.plan.seal import seal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def ignore(done: int, total: int) -> None:
    """Take progress and do nothing."""


def all_text(path: Path) -> str:
    """Return every text of the document's body, tables included."""
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))
    return "".join(node.text or "" for node in root.iter(f"{W}t"))


def annual(figures: Figures, folder: Path, language: Language = "zh") -> Path:
    """Write the annual plan and return where it is."""
    write_annual(figures, folder, language, ignore)
    (path,) = folder.glob("*.docx")
    return path


def quarterly(figures: Figures, folder: Path, language: Language = "zh") -> list[Path]:
    """Write the quarterly plans and return where they are."""
    write_quarterly(figures, folder, language, ignore)
    return sorted(folder.rglob("*.docx"))


def test_the_page_follows_the_standard(figures: Figures, tmp_path: Path) -> None:
    """A4, margins 37/35/28/26 mm, 22 lines; fonts named with w:eastAsia, none embedded."""
    path = annual(figures, tmp_path)
    document = docx.Document(str(path))
    (section,) = document.sections
    page = (section.page_width, section.page_height)
    assert [round(length.mm) for length in page if length] == [210, 297]
    margins = (
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin,
    )  # fmt: skip
    assert [round(length.mm) for length in margins if length] == [37, 35, 28, 26]
    fonts = {
        name: document.styles[name].element.rPr.find(f"{W}rFonts").get(f"{W}eastAsia")
        for name in ("Title", "Normal", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Title": "方正小标宋简体",
        "Normal": "仿宋",
        "Heading 1": "黑体",
        "Heading 2": "楷体",
    }
    sizes = [document.styles[name].font.size.pt for name in ("Title", "Normal")]
    assert sizes == [22, 16]
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "fonts/" in name]
        footer = archive.read("word/footer1.xml").decode()
    assert "— " in footer
    assert "PAGE" in footer


def test_the_annual_plan_has_the_contents_of_article_10(figures: Figures, tmp_path: Path) -> None:
    """Zones, units, responsible people, frequencies with quotation, months, settings: all there."""
    text = all_text(annual(figures, tmp_path))
    for zone in figures.zones.values():
        assert zone.name in text
    for unit in figures.units:
        assert unit.name in text
        assert unit.head in text
    for rule in figures.plan.regulation.frequency:
        assert rule.quote in text
    for part in (
        "〔2026〕",
        "责任到人",
        "基本频率",
        "非农建设用地高峰期",
        "分月巡查安排",
        "每班外业上限（分钟）",
        "以现行规定为准",
        "抽查",
    ):
        assert part in text
    assert "全部计划符合规范" in text
    assert "不符合规范" not in text


def test_an_unlawful_plan_is_labelled_on_the_first_page(unlawful: Figures, tmp_path: Path) -> None:
    """不符合规范 stands in the first lines, and the reasons, arithmetic and remedy follow."""
    path = annual(unlawful, tmp_path)
    first = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs[:4]]
    assert any(text.startswith("不符合规范：尚有6次") for text in first)
    text = all_text(path)
    for part in (
        "需7趟，缺2趟",
        "已证明无可行方案",
        "再增1名持证人员即可行",
        "只有1人（第十六条）",
        "巡查间隔 2",
    ):
        assert part in text


def test_unlawful_without_unmet_points_to_the_statement(
    figures: Figures, unlawful: Figures, tmp_path: Path
) -> None:
    """A plan the audit refuses for other reasons bears the label too."""
    text = all_text(annual(Figures(figures.plan, unlawful.audit), tmp_path))
    assert "不符合规范：详见“合规情况”" in text


def test_provisional_years_are_told(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    """A calendar that is not announced yet is told in DOMAIN's words, duty days as well."""
    plan = make_plan(provisional=(2026,))
    duty = replace(plan.calendar, duty_days=(date(2026, 4, 4),))
    figures = Figures(seal(replace(plan, calendar=duty))[0], _passed())
    text = all_text(annual(figures, tmp_path))
    assert "放假调休安排未公布，暂按法定节假日编制" in text
    assert "另有可安排值班巡查的日子1天" in text


def test_a_whole_year_is_called_by_its_year(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    """A plan from 1 January to 31 December is 年度."""
    plan = make_plan(date(2026, 1, 1), date(2026, 12, 31), townships=1, zones_each=3)
    path = annual(Figures(seal(plan)[0], _passed()), tmp_path)
    assert path.name == "2026年度巡查工作计划.docx"


def test_each_station_and_quarter_has_a_plan_of_article_11(
    figures: Figures, tmp_path: Path
) -> None:
    """Zones, people with certificates, routes with days and times, frequencies: all there."""
    paths = quarterly(figures, tmp_path)
    assert [path.name for path in paths] == [
        "2026年第二季度 双河镇国土资源管理所.docx",
        "2026年第二季度 榆林镇国土资源管理所.docx",
    ]
    text = all_text(paths[0])
    unit = figures.units[1]
    for zone in figures.zones_of(unit):
        assert zone.name in text
    for person in figures.people_of(unit):
        assert person.name in text
        assert person.certificate_number in text
    for patrol in figures.patrols_by_unit[unit.id]:
        assert f"{patrol.day.month}月{patrol.day.day}日" in text
    for part in ("巡查责任区域", "巡查责任人员", "巡查路线与时段", "巡查频率", "08:30–"):
        assert part in text
    other = next(iter(figures.zones_of(figures.units[2]))).name
    assert other not in text


def test_english_documents_have_no_chinese_sentences(figures: Figures, tmp_path: Path) -> None:
    """Headings, tables' heads and the statement are English; names stay as they are."""
    text = all_text(annual(figures, tmp_path, "en"))
    for part in (
        "Overview",
        "Responsible",
        "at least 1 per half-month",
        "the whole plan is: Lawful",
    ):
        assert part in text
    for part in ("总体安排", "基本频率", "合规情况", "工作日"):
        assert part not in text
    text = all_text(quarterly(figures, tmp_path / "q", "en")[0])
    assert "Routes and times" in text
    assert "巡查责任" not in text


@pytest.mark.parametrize("write", [annual, quarterly])
def test_no_document_shows_a_spot_checks_zones(
    write: Callable[[Figures, Path], Path | list[Path]], plan: Plan, tmp_path: Path
) -> None:
    """The documents are the same whichever zones the spot check visits."""
    other = tuple(replace(p, visits=p.visits[::-1]) for p in plan.patrols if p.id[0] == "S")
    moved = replace(plan, patrols=tuple(p for p in plan.patrols if p.id[0] != "S") + other)
    made = []
    for name, version in (("a", plan), ("b", moved)):
        place = tmp_path / name
        place.mkdir()
        write(Figures(seal(version)[0], _passed()), place)
        made.append([path.read_bytes() for path in sorted(place.rglob("*.docx"))])
    assert made[0] == made[1]


def test_nasty_names_are_text(figures: Figures, tmp_path: Path) -> None:
    """Markup in a name arrives as the very characters typed."""
    text = all_text(annual(figures, tmp_path))
    for name in ("<script>alert(1)</script>村", "]]></w:t>镕堃屯", "<b>用户设置</b>"):
        assert name in text


def test_control_characters_do_not_break_the_file(figures: Figures, tmp_path: Path) -> None:
    """A character XML cannot hold is replaced, and the file opens."""
    odd = SettingUsed("k", "\x00\x0b", "user", "", Text("坏\x01字", "bad\x01"))
    plan = replace(figures.plan, settings_used=(odd,))
    assert "坏\ufffd字" in all_text(annual(Figures(plan, figures.audit), tmp_path))


def test_no_settings_no_section(figures: Figures, tmp_path: Path) -> None:
    """Where only the norm was relied on, no section of settings stands."""
    law = SettingUsed("k", "1", "law", "13", figures.plan.settings_used[0].label)
    plan = replace(figures.plan, settings_used=(law,))
    assert "参数与默认值" not in all_text(annual(Figures(plan, figures.audit), tmp_path))


def test_equal_unit_names_get_files_of_their_own(figures: Figures) -> None:
    """Two units of one name do not overwrite each other's file."""
    county = figures.plan.county
    units = tuple(replace(unit, name="同名所") for unit in county.units)
    plan = replace(figures.plan, county=replace(county, units=units))
    names = unit_file_names(Figures(plan, figures.audit))
    assert sorted(names.values()) == ["同名所 U00", "同名所 U01", "同名所 U02"]


def test_the_same_plan_gives_the_same_bytes(figures: Figures, tmp_path: Path) -> None:
    """No clock enters a document."""
    places = [tmp_path / "a", tmp_path / "b"]
    for place in places:
        place.mkdir()
    first, second = (annual(figures, place).read_bytes() for place in places)
    assert first == second


def test_headings_count_in_chinese_numerals(tmp_path: Path) -> None:
    """Beyond ten sections and twenty subsections the numerals go on."""
    assert [numeral(number) for number in (1, 10, 11, 19)] == ["一", "十", "十一", "十九"]
    document = OfficialDocument("zh", "题", "人", date(2026, 1, 1))
    document.section("甲", "A")
    for _ in range(21):
        document.subsection("乙")
    document.save(tmp_path / "x.docx")
    text = all_text(tmp_path / "x.docx")
    assert "（十）乙" in text
    assert "（二十一）乙" in text


def _passed() -> AuditReport:
    return AuditReport(lawful=True, findings=())
