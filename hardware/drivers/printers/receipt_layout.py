"""From blocks of a document to the bytes that an ESC/POS printer takes."""

from typing import Final

from escpos.constants import HW_INIT, PAPER_FULL_CUT
from PIL import Image

from hardware.drivers.printers.receipt_raster import inverted, line_picture, qr_picture, raster
from hardware.drivers.printers.receipt_text import (
    CODING,
    MISSING,
    clean,
    columns_of,
    is_rare,
    wrap,
)
from hardware.ports import Bars, Beside, Block, Picture, Qr, Rule, Text

COLUMN_DOTS: Final = 12
BARS_DOTS: Final = 72
"""9 mm: a scanner in the hand crosses it at once."""
MAX_SCALE: Final = 4
_ESC: Final = b"\x1b"
_GS: Final = b"\x1d"
_START: Final[bytes] = HW_INIT + b"\x1c&"
_CUT: Final[bytes] = PAPER_FULL_CUT
_LEFT: Final = _ESC + b"a\x00"
_CENTRE: Final = _ESC + b"a\x01"
_PLAIN: Final = _ESC + b"E\x00" + _GS + b"!\x00"
_FEED_TO_KNIFE: Final = _ESC + b"d\x05"
"""The knife sits some 15 mm above the head: four to five lines."""


def lay_out(blocks: tuple[Block, ...], dots: int) -> bytes:
    """The whole document, from initialising to the cut."""
    body = b"".join(_lay_out(block, dots) for block in blocks)
    return _START + body + _FEED_TO_KNIFE + _CUT


def _lay_out(block: Block, dots: int) -> bytes:
    match block:
        case Text():
            return _text(block, dots)
        case Rule():
            return b"-" * (dots // COLUMN_DOTS) + b"\n"
        case Qr():
            return raster(qr_picture(block.data, block.module_dots, dots), dots)
        case Beside():
            lines = b"".join(_text(line, dots) for line in block.lines)
            return lines + _lay_out(block.code, dots)
        case Bars():
            return _bars(block, dots)
        case Picture():
            return raster(block.image, dots)


def _bars(block: Bars, dots: int) -> bytes:
    from hardware.drivers.printers.bars import bars_picture

    row = bars_picture(block.data, dots)
    if row is None:
        return _lay_out(Qr(data=block.data), dots)
    return raster(row.resize((row.width, BARS_DOTS)), dots)


def _text(block: Text, dots: int) -> bytes:
    scale = min(max(block.scale, 1), MAX_SCALE)
    text = clean(block.text)
    if block.whole:
        scale = max(min(scale, dots // COLUMN_DOTS // max(columns_of(text), 1)), 1)
    start = _CENTRE if block.centred else _LEFT
    start += _ESC + (b"E\x01" if block.bold else b"E\x00")
    start += _GS + b"!" + bytes([(scale - 1) * 0x11])
    lines = wrap(text, dots // COLUMN_DOTS // scale)
    return start + b"".join(_line(line, block, scale, dots) for line in lines) + _PLAIN + _LEFT


def _line(line: str, block: Text, scale: int, dots: int) -> bytes:
    if block.inverted or any(is_rare(char) for char in line):
        picture = line_picture(line, scale, bold=block.bold)
        if picture is not None:
            picture = inverted(picture) if block.inverted else picture
            return raster(picture if block.centred else _flush_left(picture, dots), dots)
        line = "".join(MISSING if is_rare(char) else char for char in line)
    return line.encode(CODING) + b"\n"


def _flush_left(picture: Image.Image, dots: int) -> Image.Image:
    paper = Image.new("1", (max(dots, picture.width), picture.height), 1)
    paper.paste(picture, (0, 0))
    return paper
