"""Text as a Chinese receipt printer shows it: which characters, how wide, where lines break.

The printers have fonts for ASCII and for the two-byte part of GB18030, and print a two-byte
character exactly two columns wide. So the width is that of the code, not what Unicode thinks:
“ and × are "ambiguous" there and two columns here.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

CODING: Final = "gb18030"
MISSING: Final = "□"
_TWINS: Final = str.maketrans({"¥": "￥", "\u00a0": " ", "\u3000": "\u3000"})
_NEVER_FIRST: Final = frozenset("，。、；：？！）》〉」』】〕”’%,.;:?!)]}")
_TWO_BYTES: Final = 2


def clean(text: str) -> str:
    """Only what may be printed: no control codes, so no text can command the printer (F056)."""
    return "".join(_clean(text.translate(_TWINS)))


def _clean(text: str) -> Iterator[str]:
    for char in text.replace("\r\n", "\n"):
        kind = unicodedata.category(char)
        if char == "\n" or kind[0] in "LNPSM" or kind == "Zs":
            yield char
        elif char == "\t" or kind[0] == "Z":
            yield " "


def is_rare(char: str) -> bool:
    """Whether the printer's fonts lack this character."""
    return len(char.encode(CODING)) > _TWO_BYTES


def columns_of(text: str) -> int:
    """Width in columns; a rare character is drawn, or replaced, two columns wide."""
    return sum(1 if char.isascii() else _TWO_BYTES for char in text)


def wrap(text: str, columns: int) -> Iterator[str]:
    """Break clean text into lines. Latin words stay whole where they fit on a line."""
    for paragraph in text.split("\n"):
        rest = paragraph.rstrip()
        while columns_of(rest) > columns:
            end = _line_end(rest, columns)
            yield rest[:end].rstrip()
            rest = rest[end:].lstrip(" ")
        yield rest


def _line_end(text: str, columns: int) -> int:
    end = width = 0
    while width + columns_of(text[end]) <= columns:
        width += columns_of(text[end])
        end += 1
    end = max(end, 1)  # a paper narrower than one character still gets on
    for better in range(end, 0, -1):
        if _may_break(text[better - 1], text[better]):
            return better
    return end


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST:
        return False
    inside_word = before.isascii() and after.isascii()
    return not inside_word or before == " " or after == " "
