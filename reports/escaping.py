"""Users' text made safe for each format; nothing a user typed is ever markup or a formula."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

#: Characters XML 1.0 cannot hold (the surrogates as well).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def xml_text(text: str) -> str:
    """Return ``text`` with characters that XML 1.0 forbids replaced by U+FFFD."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def cell_text(text: str) -> str:
    """Return ``text`` as a spreadsheet cell that no program takes for a formula.

    A leading formula character is preceded by an apostrophe, which spreadsheets read as "text"
    when the sheet is saved as CSV and opened again (OWASP, CSV injection).
    """
    clean = xml_text(text)
    return f"'{clean}" if clean.lstrip(" ").startswith(_FORMULA) or clean[:1] in _FORMULA else clean


def json_for_html(data: Any) -> str:
    """Return compact JSON that may stand inside an HTML ``script`` element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = xml_text(text)  # lone surrogates cannot be written as UTF-8
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def file_name(text: str, *, most: int = 60) -> str:
    """Return ``text`` as part of a file name that Windows, macOS and Linux accept."""
    clean = _NOT_IN_FILE_NAMES.sub("_", unicodedata.normalize("NFC", xml_text(text))).strip(" .")
    clean = clean[:most].strip(" .") or "_"
    return f"_{clean}" if _RESERVED.match(clean) else clean
