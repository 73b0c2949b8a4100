"""Users' text is harmless in every format."""

import json

import pytest

from reports.escaping import cell_text, file_name, json_for_html, xml_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n=1"])
def test_a_cell_never_starts_like_a_formula(text: str) -> None:
    """Text that a spreadsheet would compute is marked as text."""
    assert cell_text(text).startswith("'")


def test_harmless_cells_stay_as_they_are() -> None:
    """Ordinary text, empty text included, is not touched."""
    assert [cell_text(text) for text in ("双河镇", "", "A=1")] == ["双河镇", "", "A=1"]


def test_xml_drops_what_xml_cannot_hold() -> None:
    """Control characters and lone surrogates become U+FFFD, everything else stays."""
    assert xml_text("a\x00b\ud800c\n镕𠮷") == "a\ufffdb\ufffdc\n镕𠮷"


def test_json_cannot_end_its_script_element() -> None:
    """No angle bracket or ampersand is left, and the data survives the round trip."""
    data = {"name": "</script><script>alert(1)</script>&\u2028\u2029", "bad": "\ud800"}
    text = json_for_html(data)
    assert not {*text} & {*"<>&\u2028\u2029\ud800"}
    assert json.loads(text)["name"] == data["name"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("双河镇/国土所", "双河镇_国土所"),
        ("a:b*c?", "a_b_c_"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        (" .. ", "_"),
        ("../../etc", "_.._etc"),
        ("x" * 200, "x" * 60),
    ],
)
def test_file_names_are_safe_on_every_system(text: str, safe: str) -> None:
    """Separators, reserved names, dots at the ends and great length are all mended."""
    assert file_name(text) == safe
