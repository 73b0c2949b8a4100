"""公文 in the manner of GB/T 9704-2012, as DOCX: fonts are named, none is embedded.

A4, margins 37/35/28/26 mm, 22 lines of 28 characters, title 22 pt 小标宋, body 16 pt 仿宋, headings
一、黑体 and （一）楷体, page number "— 1 —" 14 pt outside on odd and even pages.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from network.problems import Language
from reports.escaping import xml_text

SONG_TITLE: Final = "方正小标宋简体"
FANGSONG: Final = "仿宋"
KAITI: Final = "楷体"
HEITI: Final = "黑体"
SONG: Final = "宋体"
LATIN: Final = "Times New Roman"
LINE_PT: Final = 29.0  # 225 mm of text / 22 lines
RED: Final = RGBColor(0xC0, 0x00, 0x00)
TEXT_WIDTH_MM: Final = 156

_NUMERALS: Final = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """Return 一 to 十九 for 1 to 19."""
    return _NUMERALS[number - 1] if number <= 10 else f"十{_NUMERALS[number - 11]}"


class OfficialDocument:
    """Writes one document from top to bottom; every text given is a user's and gets escaped."""

    def __init__(self, language: Language, title: str, author: str, made_on: date) -> None:
        self.language = language
        self._document = docx.Document()
        self._made_on = datetime(made_on.year, made_on.month, made_on.day)
        self._sections = 0
        self._subsections = 0
        self._set_page()
        self._set_styles()
        self._set_page_numbers()
        properties = self._document.core_properties
        properties.title = xml_text(title)[:250]
        properties.author = xml_text(author)[:250]
        properties.created = properties.modified = self._made_on
        properties.comments = ""

    def say(self, zh: str, en: str) -> str:
        """Return the sentence in the document's language."""
        return zh if self.language == "zh" else en

    def title(self, *lines: str) -> None:
        """Write the title, centred, two lines below the top."""
        for line in lines:
            paragraph = self._document.add_paragraph(xml_text(line), style="Title")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def centred(self, text: str) -> None:
        """Write a centred line of body text, such as the document number."""
        paragraph = self._document.add_paragraph(xml_text(text))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.first_line_indent = Pt(0)

    def section(self, zh: str, en: str) -> None:
        """Write a heading of the first order: 一、黑体."""
        self._sections += 1
        self._subsections = 0
        mark = f"{numeral(self._sections)}、" if self.language == "zh" else f"{self._sections}. "
        self._document.add_paragraph(xml_text(mark + self.say(zh, en)), style="Heading 1")

    def subsection(self, text: str) -> None:
        """Write a heading of the second order: （一）楷体."""
        self._subsections += 1
        mark = f"{self._sections}.{self._subsections} "
        if self.language == "zh":
            mark = f"（{_chinese(self._subsections)}）"
        self._document.add_paragraph(xml_text(mark + text), style="Heading 2")

    def body(self, text: str, *, bold: bool = False) -> None:
        """Write a paragraph of body text, indented by two characters."""
        run = self._document.add_paragraph().add_run(xml_text(text))
        run.bold = bold or None

    def warning(self, text: str) -> None:
        """Write a boxed, red, bold paragraph: what no reader may miss."""
        paragraph = self._document.add_paragraph()
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="12" w:space="6" w:color="C00000"/>'
            for side in ("top", "left", "bottom", "right")
        )
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f"<w:pBdr {nsdecls('w')}>{borders}</w:pBdr>")
        )
        paragraph.paragraph_format.first_line_indent = Pt(0)
        run = paragraph.add_run(xml_text(text))
        run.bold = True
        run.font.color.rgb = RED
        _fonts(run._r.get_or_add_rPr(), HEITI)

    def table(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[object]],
        widths: Sequence[float],
        *,
        points: float = 10.5,
    ) -> None:
        """Write a ruled table; ``widths`` are shares of the text's width; numbers are centred.

        Built as XML in one go: a thousand rows through python-docx's cells take minutes.
        """
        total = sum(widths)
        twips = [round(share / total * TEXT_WIDTH_MM * 56.6929) for share in widths]
        body = self._document.element.body
        xml = _table_xml(headers, rows, twips, round(points * 2))
        body.insert(len(body) - 1, parse_xml(xml))
        gap = self._document.add_paragraph()
        gap.paragraph_format.line_spacing = Pt(10)

    def picture(self, image: bytes) -> None:
        """Put in a picture as wide as the text."""
        self._document.add_picture(BytesIO(image), width=Mm(TEXT_WIDTH_MM))
        form = self._document.paragraphs[-1].paragraph_format
        form.first_line_indent = Pt(0)
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE

    def signature(self, office: str) -> None:
        """Write the issuing office and an open date, right, two characters in."""
        last = self._document.paragraphs[-1]
        last.paragraph_format.keep_with_next = True  # a signature never stands alone on a page
        self._document.add_paragraph().paragraph_format.keep_with_next = True
        open_date = self.say("　　　　年　　月　　日", "Date: ____________")
        for text in (office, open_date):
            paragraph = self._document.add_paragraph(xml_text(text))
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(32)
            paragraph.paragraph_format.keep_with_next = text is office

    def save(self, path: Path) -> None:
        """Write the file; the same document gives the same bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._document.save(os.fspath(path))
        fix_zip_times(path, self._made_on)

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(28)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is not None:
            section._sectPr.remove(grid)
        section._sectPr.append(
            parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="579"/>')
        )

    def _set_styles(self) -> None:
        self._style("Normal", FANGSONG, 16)
        self._style("Title", SONG_TITLE, 22)
        self._style("Heading 1", HEITI, 16)
        self._style("Heading 2", KAITI, 16)
        normal = self._document.styles["Normal"].paragraph_format
        normal.first_line_indent = Pt(32)
        # 156 mm / 28 characters is 15.79 pt: set a quarter point closer than the 16 pt body. As
        # spacing and not as a character grid, which WPS, Word and LibreOffice each read otherwise.
        self._document.styles["Normal"].element.get_or_add_rPr().append(
            parse_xml(f'<w:spacing {nsdecls("w")} w:val="-5"/>')
        )
        normal.widow_control = False
        self._document.styles["Title"].paragraph_format.first_line_indent = Pt(0)
        self._document.styles["Title"].paragraph_format.line_spacing = Pt(36)

    def _style(self, name: str, font: str, points: float) -> None:
        style = self._document.styles[name]
        style.font.size = Pt(points)
        style.font.bold = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _fonts(style.element.get_or_add_rPr(), font)
        spacing = style.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        spacing.line_spacing = Pt(LINE_PT)
        properties = style.element.get_or_add_pPr()
        for border in properties.findall(qn("w:pBdr")):
            properties.remove(border)

    def _set_page_numbers(self) -> None:
        """Odd pages right, even pages left, one character in."""
        self._document.settings.odd_and_even_pages_header_footer = True
        section = self._document.sections[0]
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            form = paragraph.paragraph_format
            form.first_line_indent = Pt(0)
            form.left_indent = form.right_indent = Pt(14)
            for part in ("— ", "PAGE", " —"):
                run = paragraph.add_run("" if part == "PAGE" else part)
                run.font.size = Pt(14)
                _fonts(run._r.get_or_add_rPr(), SONG, SONG)
                if part == "PAGE":
                    _page_field(run._r)


def fix_zip_times(path: Path, moment: datetime) -> None:
    """Give every member of a ZIP file (DOCX, XLSX) the same time, for reproducible bytes."""
    stamp = max(moment, datetime(1980, 1, 1)).timetuple()[:6]
    with zipfile.ZipFile(path) as old:
        members = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members:
            info = zipfile.ZipInfo(
                name, (stamp[0], stamp[1], stamp[2], stamp[3], stamp[4], stamp[5])
            )
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)


def _chinese(number: int) -> str:
    """Return a Chinese numeral for 1 to 99."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return lead + (_NUMERALS[ones - 1] if ones else "")


def _fonts(properties: Any, east_asian: str, latin: str = LATIN) -> None:
    """Name the fonts of a run or style; theme fonts would win over named ones, so drop them."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    properties.insert(
        0,
        parse_xml(
            f'<w:rFonts {nsdecls("w")} w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}"'
            f' w:eastAsia="{east_asian}"/>'
        ),
    )


def _page_field(run: Any) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("end", "")):
        if kind:
            run.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        else:
            run.append(
                parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>')
            )


def _table_xml(
    headers: Sequence[str], rows: Sequence[Sequence[object]], twips: list[int], half_points: int
) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    head = _row_xml(headers, twips, half_points, header=True)
    body = "".join(_row_xml(row, twips, half_points) for row in rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row_xml(
    cells: Sequence[object], twips: list[int], half_points: int, *, header: bool = False
) -> str:
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if header else "")
    filled = "".join(
        _cell_xml(cell, width, half_points, header=header)
        for cell, width in zip(cells, twips, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{filled}</w:tr>"


def _cell_xml(cell: object, width: int, half_points: int, *, header: bool) -> str:
    centred = header or isinstance(cell, int | float)
    align = '<w:jc w:val="center"/>' if centred else '<w:jc w:val="left"/>'
    font = HEITI if header else FANGSONG
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if header else ""
    line = half_points * 10 + 60  # twentieths of a point
    text = escape(xml_text(str(cell)))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="20" w:after="20" w:line="{line}" w:lineRule="exact"/>'
        f'<w:ind w:firstLine="0"/>{align}</w:pPr><w:r><w:rPr>'
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{half_points}"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
        "</w:p></w:tc>"
    )
