"""The embedded font of the PDF documents, and which characters it cannot draw."""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

import manimgx_fonts_cjk

#: Drawn by no glyph, and rightly so.
_INVISIBLE: Final = frozenset("\t\n\r\u200b\u200c\u200d\ufe0e\ufe0f")


def font_folder() -> Path:
    """Return the folder that holds the font collection."""
    return Path(manimgx_fonts_cjk.__file__).parent


def missing_characters(text: str) -> str:
    """Return the characters of ``text``, sorted, that the font has no glyph for.

    typst draws a blank for these without a word, so the caller has to say it.
    """
    return "".join(sorted(c for c in {*text} - _INVISIBLE if not _has_glyph(ord(c))))


@cache
def _has_glyph(code: int) -> bool:
    index = bisect_right(_coverage(), (code, 0x110000)) - 1
    return index >= 0 and code <= _coverage()[index][1]


@cache
def _coverage() -> tuple[tuple[int, int], ...]:
    """Return the ranges of code points in the collection's first font (they share glyphs)."""
    data = next(iter(sorted(font_folder().glob("*.ttc")))).read_bytes()
    (first,) = struct.unpack_from(">I", data, 12)
    (tables,) = struct.unpack_from(">H", data, first + 4)
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, first + 12 + 16 * index)
        if tag == b"cmap":
            return _segments(data, offset)
    return ()


def _segments(data: bytes, cmap: int) -> tuple[tuple[int, int], ...]:
    """Read the groups of the format 12 subtable (OpenType 1.9, cmap): whole Unicode range."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", data, cmap + 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", data, cmap + offset)
        if kind == 12:
            (groups,) = struct.unpack_from(">I", data, cmap + offset + 12)
            rows = struct.iter_unpack(
                ">III", data[cmap + offset + 16 : cmap + offset + 16 + 12 * groups]
            )
            return _merged([(start, end) for start, end, _ in rows])
    return ()


def _merged(groups: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join ranges that touch: glyph runs break far more often than coverage does."""
    merged: list[tuple[int, int]] = []
    for start, end in groups:
        if merged and start == merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)
