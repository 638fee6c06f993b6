"""From blocks of a document to the one picture of a label, and to the TSPL that prints it.

A label is drawn here and sent as dots: the printers' own letters have no Chinese, or another
Chinese on each clone, and their QR commands differ.

The rule of size: text and QR codes come out as large as they were asked for where that fits. Where
not, QR codes shrink first, to 4 dots a module; then all text loses a scale, again and again, down
to scale 1; at last QR codes shrink to 3 dots. Nothing is ever cut off. What does not fit then is
too much for this label. A line that must stay whole is as wide as the label where it may be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image

from edge.kernel.errors import DeviceJammed
from firmware_bridge.label_printer import IMMEDIATE
from hardware.drivers.printers.bars import bars_picture
from hardware.drivers.printers.receipt_layout import BARS_DOTS, COLUMN_DOTS
from hardware.drivers.printers.receipt_raster import (
    CHARACTER_DOTS,
    INVERTED_RIM,
    headline,
    inverted,
    line_picture,
    qr_picture,
)
from hardware.drivers.printers.receipt_text import clean, wrap
from hardware.ports import Bars, Beside, Block, Picture, Qr, Rule, Text

MARGIN_DOTS: Final = 8
"""1 mm: no roll lies quite straight."""
SMALLEST_MODULE_DOTS: Final = 3
"""0.375 mm at 203 dpi. Hand scanners and telephones want some 0.33 mm."""
STRIPE_DOTS: Final = 16
"""A broken-off BITMAP swallows what comes next: short ones are soon filled up again."""
MAX_SCALE: Final = 8
_DOTS_A_MM: Final = 8
_GAP_DOTS: Final = 8
"""Between a headline and what is above it, and between lines and the code beside them."""
_BARS_A_SCALE: Final = 12
_LOWEST_BARS: Final = 40
"""5 mm: lower ones a hand hardly hits."""
_RULE_DOTS: Final = 2
_RULE_ROOM: Final = 10
_WHITE: Final = 1
_SAFE_MODULE_DOTS: Final = 4
_NO_FONT: Final = "no Chinese font on this machine: apt-get install fonts-noto-cjk"


class LabelTooFull(ValueError):
    """Too much for this label even at its smallest: shorten it, or take larger labels."""


def lay_out(blocks: tuple[Block, ...], dots: int, dots_down: int, gap_mm: int) -> bytes:
    """One label. Raises LabelTooFull; DeviceJammed where this machine has no Chinese font."""
    label = draw(blocks, dots, dots_down)
    head = (
        f"SIZE {dots // _DOTS_A_MM} mm,{dots_down // _DOTS_A_MM} mm\r\n"
        f"GAP {gap_mm} mm,0 mm\r\nDIRECTION 1\r\nCLS\r\n"
    )
    return head.encode("ascii") + b"".join(_stripes(label)) + b"PRINT 1,1\r\n"


def longest_picture(dots: int) -> int:
    """Bytes of the longest picture that a BITMAP of ours carries."""
    return (dots + 7) // 8 * STRIPE_DOTS


def draw(blocks: tuple[Block, ...], dots: int, dots_down: int) -> Image.Image:
    """The label as it comes out. Raises as `lay_out`."""
    room = (dots - 2 * MARGIN_DOTS, dots_down - 2 * MARGIN_DOTS)
    made = [_made(block, room[0]) for block in blocks]  # once: codes are slow
    too_full = LabelTooFull(f"{len(blocks)} blocks do not fit on {dots} x {dots_down} dots")
    for size in _sizes(blocks):
        try:
            pieces = [piece for block in made for piece in _pieces(block, room[0], size)]
        except LabelTooFull as narrow:
            too_full = narrow  # smaller codes leave more room beside them
            continue
        if sum(piece.height for piece in pieces) <= room[1]:
            return _stack(pieces, dots, dots_down)
    raise too_full


@dataclass(frozen=True, slots=True)
class _Code:
    """A QR code with its quiet zone, one dot a module."""

    modules: Image.Image
    module_dots: int


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of bars, of their final width."""

    bars: Image.Image


@dataclass(frozen=True, slots=True)
class _Pair:
    """Lines, and the code at their right."""

    lines: tuple[Text, ...]
    code: _Code


_Made = Text | Rule | Picture | _Code | _Row | _Pair


def _made(block: Block, width: int) -> _Made:
    """A block whose codes are pictures already."""
    match block:
        case Qr():
            return _as_code(block, width)
        case Beside():
            return _Pair(block.lines, _as_code(block.code, width))
        case Bars():
            row = bars_picture(block.data, width)
            return _as_code(Qr(data=block.data), width) if row is None else _Row(row)
        case _:
            return block


def _as_code(block: Qr, width: int) -> _Code:
    modules = qr_picture(block.data, 1, width)
    if modules.width * SMALLEST_MODULE_DOTS > width:
        raise LabelTooFull(f"a QR code of {modules.width} modules is too wide for {width} dots")
    return _Code(modules, block.module_dots)


@dataclass(frozen=True, slots=True)
class _Size:
    """No text is larger than `scale`, no QR module than `module_dots`."""

    scale: int
    module_dots: int


def _sizes(blocks: tuple[Block, ...]) -> Iterator[_Size]:
    """From the largest down; see the rule of size."""
    codes = [block.code if isinstance(block, Beside) else block for block in blocks]
    asked = [code.module_dots for code in codes if isinstance(code, Qr)]
    largest = max([_SAFE_MODULE_DOTS, *asked])
    for scale in range(MAX_SCALE, 0, -1):
        for module_dots in range(largest, _SAFE_MODULE_DOTS - 1, -1):
            yield _Size(scale, module_dots)
    yield _SMALLEST


_SMALLEST: Final = _Size(1, SMALLEST_MODULE_DOTS)


def _stack(pieces: list[Image.Image], dots: int, dots_down: int) -> Image.Image:
    label = Image.new("1", ((dots + 7) // 8 * 8, dots_down), _WHITE)
    y = MARGIN_DOTS
    for piece in pieces:
        label.paste(piece, (MARGIN_DOTS, y))
        y += piece.height
    return label


def _pieces(block: _Made, width: int, size: _Size) -> Iterator[Image.Image]:
    """Strips as wide as the label within its margins."""
    match block:
        case Text():
            yield from _headline(block, width, size) if block.whole else _text(block, width, size)
        case Rule():
            strip = Image.new("1", (width, _RULE_ROOM), _WHITE)
            strip.paste(0, (0, _RULE_ROOM // 2, width, _RULE_ROOM // 2 + _RULE_DOTS))
            yield strip
        case _Code():
            yield _set(_code(block, width, size), width, centred=True)
        case _Row():
            tall = min(max(_BARS_A_SCALE * size.scale, _LOWEST_BARS), BARS_DOTS)
            yield _set(block.bars.resize((block.bars.width, tall)), width, centred=True)
        case _Pair():
            yield _pair(block, width, size)
        case Picture():
            yield _set(_fit(block.image, width), width, centred=True)


def _pair(block: _Pair, width: int, size: _Size) -> Image.Image:
    code = _code(block.code, width, size)
    room = width - code.width - _GAP_DOTS
    lines = [piece for line in block.lines for piece in _pieces(line, room, size)]
    tall = sum(line.height for line in lines)
    strip = Image.new("1", (width, max(tall, code.height)), _WHITE)
    strip.paste(code, (width - code.width, (strip.height - code.height) // 2))
    y = (strip.height - tall) // 2
    for line in lines:
        strip.paste(line, (0, y))
        y += line.height
    return strip


def _headline(block: Text, width: int, size: _Size) -> Iterator[Image.Image]:
    """A line that stays whole, with a little white above and below its ink."""
    rim = INVERTED_RIM if block.inverted else 0
    dots = CHARACTER_DOTS * max(min(block.scale, size.scale), 1)
    line = headline(clean(block.text), dots, width - 2 * rim, bold=block.bold)
    if line is None:
        raise DeviceJammed(_NO_FONT)
    if not line.width:  # too long to be read in one line: rather broken than missing
        yield from _text(block, width, _SMALLEST)
        return
    line = inverted(line) if block.inverted else line
    strip = Image.new("1", (width, line.height + _GAP_DOTS), _WHITE)
    strip.paste(line, ((width - line.width) // 2 if block.centred else 0, _GAP_DOTS // 2))
    yield strip


def _code(block: _Code, width: int, size: _Size) -> Image.Image:
    wanted = max(min(block.module_dots, size.module_dots), SMALLEST_MODULE_DOTS)
    side = block.modules.width * min(wanted, width // block.modules.width)
    return block.modules.resize((side, side), Image.Resampling.NEAREST)


def _text(block: Text, width: int, size: _Size) -> Iterator[Image.Image]:
    scale = max(min(block.scale, size.scale), 1)
    text = clean(block.text)
    most = max(width // COLUMN_DOTS // scale, 2)
    for columns in range(most, 1, -1):  # Latin letters of the font are not all 12 dots wide
        lines = [_letters(line, scale, block) for line in wrap(text, columns)]
        if all(line.width <= width for line in lines):
            break
    else:
        raise LabelTooFull(f"not even one letter fits into {width} dots")
    yield from (_set(line, width, centred=block.centred) for line in lines)


def _letters(line: str, scale: int, block: Text) -> Image.Image:
    picture = line_picture(line, scale, bold=block.bold)
    if picture is None:
        raise DeviceJammed(_NO_FONT)
    return inverted(picture) if block.inverted else picture


def _fit(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))))


def _set(piece: Image.Image, width: int, *, centred: bool) -> Image.Image:
    strip = Image.new("1", (width, piece.height), _WHITE)
    strip.paste(piece, ((width - piece.width) // 2 if centred else 0, 0))
    return strip


def _stripes(label: Image.Image) -> Iterator[bytes]:
    """BITMAP commands from top to bottom: a set bit stays white."""
    for top in range(0, label.height, STRIPE_DOTS):
        bottom = min(top + STRIPE_DOTS, label.height)
        dots = label.crop((0, top, label.width, bottom)).tobytes()
        head = f"BITMAP 0,{top},{label.width // 8},{bottom - top},0,"
        yield head.encode("ascii") + _mute(dots) + b"\r\n"


def _mute(dots: bytes) -> bytes:
    """ESC ! is obeyed even among dots: one dot more stops that."""
    return dots.replace(IMMEDIATE, bytes([IMMEDIATE[0], IMMEDIATE[1] & ~0x20]))
