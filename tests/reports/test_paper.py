"""A paper is written alike as page, workbook and document, and what users wrote stays text."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import docx
import openpyxl
import pytest

from network.problems import InputError
from reports.paper import PAPER_KINDS, paper_page, write_paper
from scheduling.paper import Chart, Grid, Line, Paper, Section, Words

NASTY = "=1+1<script>\x07"


@pytest.fixture
def paper():
    grid = Grid(
        "比较/一",
        ("方案", "巡查"),
        (("现状", 12), (NASTY, 9)),
        (2, 1),
        (("", ""), ("", "-3")),
    )
    return Paper(
        "zh",
        "方案比较",
        "某县局",
        (
            Section("一览", (Words("看下表。"), grid)),
            Section("结论", (), (Section(NASTY, (Words("不符合规范。", marked=True),)),)),
        ),
    )


@pytest.fixture
def chart_paper():
    lines = (Line("现状", (3, None, 1)), Line(NASTY, (None, 2, 2)))
    chart = Chart("图/一", "人数<b>", "车", "人", (1, 2, 3), lines)
    return Paper("zh", "测算", "某县局", (Section("图", (chart,)),), signed=False)


def test_a_page_escapes_and_needs_no_network(paper):
    """Nothing of a user's is markup, nothing is fetched, and differences stand in brackets."""
    page = paper_page(paper)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert "<small>(-3)</small>" in page
    assert '<p class="marked">不符合规范。</p>' in page


def test_a_workbook_holds_numbers_and_no_formula(paper, tmp_path):
    """Differences have a column of their own; a text like a formula is a text."""
    write_paper(paper, tmp_path / "p.xlsx")
    table, words = openpyxl.load_workbook(tmp_path / "p.xlsx").worksheets
    assert table.title == "比较_一"
    assert [[cell.value for cell in row] for row in table.iter_rows()] == [
        ["方案", "巡查", "Δ 巡查"],
        ["现状", 12, 0],
        ["=1+1<script>\N{REPLACEMENT CHARACTER}", 9, -3],
    ]
    assert table["A3"].data_type == "s"
    assert "不符合规范。" in [row[0].value for row in words.iter_rows()]


def test_a_document_has_headings_tables_and_bold_warnings(paper, tmp_path):
    """Headings are numbered, the table bears its differences, what is marked is bold."""
    write_paper(paper, tmp_path / "p.docx")
    document = docx.Document(str(tmp_path / "p.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "一、一览" in texts
    assert any(text.startswith("（一）=1+1") for text in texts)
    assert document.tables[0].cell(2, 1).text == "9 (-3)"
    (marked,) = (p for p in document.paragraphs if p.text == "不符合规范。")
    assert marked.runs[0].bold


def test_a_chart_is_drawn_on_a_page(chart_paper):
    """Each line has a dot for each number it has; no text of a user's is markup."""
    page = paper_page(chart_paper)
    assert page.count("<polyline") == 2
    assert page.count('r="4"') == 4
    assert "<b>" not in page
    assert "<script" not in page
    assert "人数&lt;b&gt;" in page


def test_a_chart_stands_beside_its_numbers_in_a_workbook(chart_paper, tmp_path):
    """The sheet holds the numbers, a gap where there is none, and one chart of them."""
    write_paper(chart_paper, tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["图_一"]
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        (1, 3, None),
        (2, None, 2),
        (3, 1, 2),
    ]
    assert sheet["C1"].data_type == "s"
    (drawn,) = sheet._charts
    assert [line.val.numRef.f for line in drawn.series] == [
        "'图_一'!$B$2:$B$4",
        "'图_一'!$C$2:$C$4",
    ]


def test_a_chart_is_a_picture_in_a_document_and_only_what_is_signed_bears_the_office(
    chart_paper, paper, tmp_path
):
    """The document holds one picture; the office stands below a signed paper only."""
    texts = []
    for name, one in (("chart", chart_paper), ("signed", paper)):
        write_paper(one, tmp_path / f"{name}.docx")
        document = docx.Document(str(tmp_path / f"{name}.docx"))
        texts.append([paragraph.text for paragraph in document.paragraphs])
    assert "word/media/image1.png" in zipfile.ZipFile(tmp_path / "chart.docx").namelist()
    assert "某县局" not in texts[0]
    assert "某县局" in texts[1]


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_the_same_paper_gives_the_same_bytes(paper, chart_paper, tmp_path, kind):
    """Written twice, the files are equal to the last byte."""
    both = replace(paper, sections=(*paper.sections, *chart_paper.sections))
    for name in ("a", "b"):
        write_paper(both, tmp_path / f"{name}{kind}")
    assert (tmp_path / f"a{kind}").read_bytes() == (tmp_path / f"b{kind}").read_bytes()


def test_what_cannot_be_written_is_told(paper, tmp_path):
    """A folder in the file's place is a problem, another ending a mistake of the caller."""
    (tmp_path / "p.html").mkdir()
    (tmp_path / "p.html" / "x").write_text("")
    with pytest.raises(InputError):
        write_paper(paper, tmp_path / "p.html")
    with pytest.raises(ValueError, match=r"\.pdf"):
        write_paper(paper, tmp_path / "p.pdf")
