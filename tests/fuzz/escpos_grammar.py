"""What may stand in the bytes of our documents, by the printers' sheets: an ear of the tests' own.

It knows the few commands that a document consists of. Anything else, wherever it came from, is
what `strange_part` finds.
"""

import re
from typing import Final

_LETTERS: Final = rb"(?:[\x20-\x7e]|[\x81-\xfe][\x40-\x7e\x80-\xfe])*\n"
_STYLE: Final = re.compile(rb"\x1b[aE][\x00\x01]|\x1d![\x00\x11\x22\x33]")
_LINE: Final = re.compile(_LETTERS)
_PICTURE: Final = re.compile(rb"\x1dv0\x00(..)(..)", re.DOTALL)
_START: Final = b"\x1b@\x1c&"
_END: Final = b"\x1bd\x05\x1dV\x00"


def strange_part(document: bytes, dots: int) -> bytes:
    """What of an ESC/POS document is none of ours; empty when all is well."""
    if not document.startswith(_START) or not document.endswith(_END):
        return document
    rest = document[len(_START) : -len(_END)]
    while rest:
        if (found := _STYLE.match(rest) or _LINE.match(rest)) is not None:
            rest = rest[found.end() :]
        elif (picture := _PICTURE.match(rest)) is not None:
            across, down = (int.from_bytes(part, "little") for part in picture.groups())
            dots_end = picture.end() + across * down
            if across != (dots + 7) // 8 or dots_end > len(rest):
                return rest
            if _obeyed_anywhere(rest[picture.end() : dots_end]):
                return rest
            rest = rest[dots_end:]
        else:
            return rest
    return b""


def _obeyed_anywhere(picture: bytes) -> bool:
    """DLE EOT, DLE ENQ and DLE DC4 are obeyed even among dots."""
    return any(bytes([0x10, second]) in picture for second in (0x04, 0x05, 0x14))


_BITMAP: Final = re.compile(rb"BITMAP 0,(\d+),(\d+),(\d+),0,")


def strange_label(label: bytes, dots: int, dots_down: int) -> bytes:
    """What of a TSPL label is none of ours; empty when all is well."""
    head = (
        f"SIZE {dots // 8} mm,{dots_down // 8} mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\nCLS\r\n"
    ).encode()
    if not label.startswith(head) or b"\x1b!" in label:
        return label
    rest = label[len(head) :]
    while (found := _BITMAP.match(rest)) is not None:
        size = int(found[2]) * int(found[3])
        rest = rest[found.end() + size :]
        if not rest.startswith(b"\r\n"):
            return rest or b"?"
        rest = rest[2:]
    return b"" if rest == b"PRINT 1,1\r\n" else rest
